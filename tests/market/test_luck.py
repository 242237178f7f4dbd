"""Uniform draws by name and step, and the few high ones of them."""

import numpy as np
import pytest
from scipy import stats

from stakingmodels.market.luck import BLOCK, RARE, Luck
from stakingmodels.scenarios import Streams


def luck(*sizes, entropy=1):
    return Luck([(Streams(entropy, block), size) for block, size in enumerate(sizes)])


def test_all_draws_are_uniform():
    drawn = np.concatenate([luck(BLOCK).uniforms("a", step) for step in range(20)])
    assert stats.kstest(drawn, "uniform").pvalue > 0.01
    assert (drawn.min() >= 0.0, drawn.max() < 1.0) == (True, True)


def test_high_draws_are_uniform_and_fall_independently():
    drawn, counts, places = [], [], []
    source = luck(BLOCK)
    for step in range(300):
        paths, high = source.high("a", step, RARE)
        drawn.append(high)
        counts.append(paths.size)
        places.append(paths)
    assert stats.kstest((np.concatenate(drawn) - (1.0 - RARE)) / RARE, "uniform").pvalue > 0.01
    assert stats.kstest(np.concatenate(places) / BLOCK, "uniform").pvalue > 0.01
    expected = BLOCK * RARE
    assert abs(np.mean(counts) - expected) < 4.0 * np.sqrt(expected / 300)
    assert np.var(counts) == pytest.approx(expected * (1.0 - RARE), rel=0.3)


@pytest.mark.parametrize("share", [RARE, RARE / 3.0, 1e-6, 0.0])
def test_high_draws_are_those_of_all(share):
    source = luck(BLOCK, 700)
    for step in (0, 63, 64, 200):
        drawn = source.uniforms("a", step)
        paths, high = source.high("a", step, share)
        assert paths.tolist() == np.nonzero(drawn >= 1.0 - share)[0].tolist()
        assert high.tolist() == drawn[paths].tolist()


def test_any_order_of_names_and_steps_gives_the_same():
    asked = [("a", 70), ("b", 3), ("a", 3), ("a", 70), ("a", 4)]
    one, other = luck(BLOCK), luck(BLOCK)
    forward = {key: one.high(*key, RARE)[1].tolist() for key in asked}
    backward = {key: other.high(*key, RARE)[1].tolist() for key in reversed(asked)}
    assert forward == backward
    assert len({tuple(values) for values in forward.values()}) == 4


def test_blocks_lie_side_by_side_and_fewer_paths_are_a_prefix():
    both, first, second = luck(BLOCK, 500), luck(BLOCK), Luck([(Streams(1, 1), BLOCK)])
    for step in range(3):
        drawn = both.uniforms("a", step)
        assert drawn[:BLOCK].tolist() == first.uniforms("a", step).tolist()
        assert drawn[BLOCK:].tolist() == second.uniforms("a", step)[:500].tolist()
