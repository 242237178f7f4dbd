"""The other libraries that benchmarks/ measures do the same work as ours."""

import importlib

import numpy as np
import pytest

pytest.importorskip("numba", reason="needs numba: pip install stakingmodels[dev]")
pytestmark = pytest.mark.slow

books, coins, machine, measures, prices, scale, timing = (
    importlib.import_module(f"benchmarks.{name}")
    for name in ("books", "coins", "machine", "measures", "prices", "scale", "timing")
)


def of_numba(paths):
    last = np.empty((len(prices.LEVELS), paths))
    prices.kernel(np.random.Generator(np.random.SFC64(3)), prices.numbers(), prices.STEPS, last)
    return last


def of_numpy(paths):
    return prices.naive(np.random.default_rng(3), prices.numbers(), paths)[:, -1]


def of_a_loop(paths):
    return prices.naive_by_path(np.random.default_rng(3), prices.numbers(), paths)


def of_quantlib(paths):
    pytest.importorskip("QuantLib")
    rows = np.empty((paths, len(prices.LEVELS), prices.STEPS + 1))
    prices.QuantLibPaths().fill(rows)
    starts = [diffusion.initial_level for diffusion in prices.LEVELS.values()]
    assert (rows[:, :, 0] == starts).all()
    return rows[:, :, -1].T


@pytest.mark.parametrize("peer", [of_numba, of_numpy, of_a_loop, of_quantlib])
def test_all_draw_the_same_law_of_prices(peer):
    paths = 4096
    logs = np.log(peer(paths) / np.array([[d.initial_level] for d in prices.LEVELS.values()]))
    for sample, diffusion in zip(logs, prices.LEVELS.values(), strict=True):
        mean, deviation = diffusion.drift - 0.5 * diffusion.volatility**2, diffusion.volatility
        assert sample.mean() == pytest.approx(mean, abs=5.0 * deviation / np.sqrt(paths))
        assert sample.std() == pytest.approx(deviation, rel=5.0 / np.sqrt(2.0 * paths))
    np.testing.assert_allclose(np.corrcoef(logs), prices.correlation(), atol=0.08)


def test_empyrical_measures_the_same():
    pytest.importorskip("empyrical")
    values = measures.values_of(50)
    returns = values[1:] / values[:-1] - 1.0
    ours = measures.library(values)
    for theirs in (measures.empyrical_at_once(returns), measures.empyrical_by_path(returns)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_a_run_of_any_size_is_measured_in_a_process_of_its_own():
    found = scale.run(60, scale.REDUCED, 1)
    assert (found.paths, found.kept, found.allowed) == (60, 0, 0)
    found = scale.run(60, scale.KEEP, 1)
    assert found.kept > 0
    assert found.seconds > 0.0
    assert found.peak > 2**20


def test_a_limit_may_be_the_most_or_the_least():
    held = [timing.Held("a", 2.0, 2.5), timing.Held("b", 2.0, 2.5, least=True)]
    assert [each.verdict for each in held] == ["within", "missed"]


def test_limits_over_kernels_are_of_machines_without_avx_512():
    times = {column: timing.Ratio(2.2, 2.0, 2.5) for column in ("same lines", "no ledger")}
    python = timing.Ratio(30.0, 29.0, 31.0)
    rows = {
        "staking pool": books.Row(1.0, times, timing.Ratio(20.0, 19.0, 21.0)),
        books.WHOLE: books.Row(1.0, times, python),
        books.DRAWING: books.Row(1.0, {"same lines": timing.Ratio(1.2, 1.1, 1.3)}),
    }
    held = {each.what: each.verdict for each in books._held(rows, machine.WITHOUT)}
    loops = {"plain Python over ours: whole": "within", "plain Python over ours: staking pool": "missed"}
    assert (
        held
        == {
            "same lines: whole": "missed",
            "no ledger: whole": "within",
            "drawing the levels only": "within",
        }
        | loops
    )
    assert {each.what: each.verdict for each in books._held(rows, machine.WITH)} == loops


def test_ten_coins_are_held_against_their_limit():
    text = coins.report(blocks=1, rounds=1)
    assert "prices drawn, 10 coins" in text
    assert text.count("at most 3.7") == 2
