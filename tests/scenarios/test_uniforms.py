"""Uniform draws by name and step, and the few high ones of them."""

import numpy as np
import pytest
from scipy import stats

from stakingmodels.scenarios import Streams
from stakingmodels.scenarios.uniforms import RARE, Uniforms

MANY = 8_192


def uniforms(n_paths=MANY, entropy=1, first_path=0):
    return Uniforms(Streams(entropy, first_path=first_path), n_paths)


def test_all_draws_are_uniform():
    drawn = np.concatenate([uniforms(MANY).uniforms("a", step) for step in range(20)])
    assert stats.kstest(drawn, "uniform").pvalue > 0.01
    assert (drawn.min() >= 0.0, drawn.max() < 1.0) == (True, True)


def test_high_draws_are_uniform_and_fall_independently():
    drawn, counts, places = [], [], []
    source = uniforms(MANY)
    for step in range(300):
        paths, high = source.high("a", step)
        drawn.append(high)
        counts.append(paths.size)
        places.append(paths)
    assert stats.kstest((np.concatenate(drawn) - (1.0 - RARE)) / RARE, "uniform").pvalue > 0.01
    assert stats.kstest(np.concatenate(places) / MANY, "uniform").pvalue > 0.01
    expected = MANY * RARE
    assert abs(np.mean(counts) - expected) < 4.0 * np.sqrt(expected / 300)
    assert np.var(counts) == pytest.approx(expected * (1.0 - RARE), rel=0.3)


def test_high_draws_are_those_of_all():
    source = uniforms(MANY + 700)
    for step in (0, 63, 64, 200):
        drawn = source.uniforms("a", step)
        paths, high = source.high("a", step)
        assert paths.tolist() == np.nonzero(drawn >= 1.0 - RARE)[0].tolist()
        assert high.tolist() == drawn[paths].tolist()


def test_successes_of_many_steps_at_once_are_those_of_each():
    chance = np.linspace(0.0, 1e-6, MANY + 700)
    fixed = chance.copy()
    fixed.flags.writeable = False
    one, other = uniforms(MANY + 700), uniforms(MANY + 700)
    for step in (0, 1, 63, 64, 65, 2):
        at_once, each = one.successes("a", step, 7_200.0, fixed), other.successes("a", step, 7_200.0, chance)
        assert [part.tolist() for part in at_once] == [part.tolist() for part in each]
    assert each[0].size > 10


def test_a_chance_that_is_written_to_is_looked_at_anew():
    source, chance = uniforms(MANY), np.full(MANY, 1e-6)
    before = source.successes("a", 5, 7_200.0, chance)[0].size
    chance[:] = 0.0
    assert before > 0
    assert source.successes("a", 5, 7_200.0, chance)[0].size == 0


def test_any_order_of_names_and_steps_gives_the_same():
    asked = [("a", 70), ("b", 3), ("a", 3), ("a", 70), ("a", 4)]
    one, other = uniforms(MANY), uniforms(MANY)
    forward = {key: one.high(*key)[1].tolist() for key in asked}
    backward = {key: other.high(*key)[1].tolist() for key in reversed(asked)}
    assert forward == backward
    assert len({tuple(values) for values in forward.values()}) == 4


@pytest.mark.parametrize("few", [1, 500, 512, 513, MANY])
def test_fewer_paths_are_a_prefix(few):
    wide, part = uniforms(MANY + 500), uniforms(few)
    for step in (0, 1, 64):
        assert part.uniforms("a", step).tolist() == wide.uniforms("a", step)[:few].tolist()
        (paths, high), (all_paths, all_high) = part.high("a", step), wide.high("a", step)
        assert paths.tolist() == all_paths[all_paths < few].tolist()
        assert high.tolist() == all_high[all_paths < few].tolist()


def test_later_paths_are_those_of_a_wider_run():
    wide, later = uniforms(MANY + 500), uniforms(500, first_path=MANY)
    assert later.uniforms("a", 3).tolist() == wide.uniforms("a", 3)[MANY:].tolist()
    paths, high = wide.high("a", 3)
    assert later.high("a", 3)[0].tolist() == (paths[paths >= MANY] - MANY).tolist()
    assert later.high("a", 3)[1].tolist() == high[paths >= MANY].tolist()


def test_a_view_of_what_changes_is_looked_at_anew():
    source, held = uniforms(MANY), np.full(MANY, 7_200.0)
    view = held.view()
    view.flags.writeable = False
    before = source.successes("a", 5, view, 1e-6)[0].size
    held[:] = 0.0
    assert before > 0
    assert source.successes("a", 5, view, 1e-6)[0].size == 0
