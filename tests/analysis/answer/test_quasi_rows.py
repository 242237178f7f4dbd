"""Rows of quasi-random paths: differences with paths that were not opened, and runs that were interrupted."""

import numpy as np
import pytest

from stakingmodels import compare, simulate
from stakingmodels.analysis.answer.again import first_paths
from stakingmodels.analysis.answer.bench import Bench
from stakingmodels.analysis.answer.verdicts import _difference
from stakingmodels.market import Price, TimeGrid
from stakingmodels.products import Holding, StakingPool
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, QuasiRandom, reference

GRID = TimeGrid.daily("2026-01-01", days=20, settlement_days=5)
PRICE = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)})


def quasi(n_paths=1024):
    sampling = QuasiRandom(n_replicates=64)
    return simulate({"hold": Holding("ETH")}, PRICE, GRID, capital=1.0, n_paths=n_paths, rng=1, sampling=sampling)


def test_the_error_of_a_difference_counts_the_paths_on_which_both_were_opened():
    bench = Bench(quasi(), {"hold": ()})
    draws = np.random.default_rng(1)
    one, other = draws.normal(1.0, 1.0, 1024), draws.normal(0.0, 1.0, 1024)
    some = draws.random(1024) < 0.25
    _, error = _difference(np.where(some, one, np.nan), other, bench)
    assert error == pytest.approx(np.sqrt(2.0 / some.sum()), rel=0.3)  # of independent paths, which these are


@pytest.mark.parametrize(("asked", "found"), [(None, 512), (300, 256), (10, 64), (4096, 512)])
def test_paths_that_are_run_again_are_a_power_of_two(asked, found):
    assert first_paths(quasi(512), asked) == found


def test_an_interrupted_run_is_compared():
    def stop(done, _):
        if done == 3:
            raise KeyboardInterrupt

    products = {"pool": StakingPool("ETH"), "dear": StakingPool("ETH", commission=0.2)}
    results = simulate(
        products, reference(), GRID, capital=1e4, n_paths=65_536, rng=1, sampling="quasi", progress=stop, keep="summary"
    )
    assert results.partial
    assert results.n_paths & (results.n_paths - 1)
    assert "pool" in str(compare(results).verdicts.to_text())


@pytest.mark.parametrize("n_paths", [256, 1024])
def test_value_at_risk_is_not_known_exactly_where_all_replicates_have_as_many_paths_beyond(n_paths):
    results = quasi(n_paths)
    beyond = results["hold"].returns < -results["hold"].risk(confidence_level=0.75).value_at_risk
    counts = beyond.reshape(-1, 64).sum(axis=0)
    assert counts.max() - counts.min() <= 1
    error = results["hold"].risk(confidence_level=0.75).value_at_risk_error
    values = [
        simulate({"hold": Holding("ETH")}, PRICE, GRID, capital=1.0, n_paths=n_paths, rng=seed, sampling="quasi")[
            "hold"
        ]
        .risk(confidence_level=0.75)
        .value_at_risk
        for seed in range(16)
    ]
    assert 0.4 * np.std(values, ddof=1) < error < 2.5 * np.std(values, ddof=1)
