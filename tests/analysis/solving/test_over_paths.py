"""`solve` over paths: against the exact value of each path, in few runs, with its errors, and "never" as an answer."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Constants,
    ExchangeStaking,
    GeometricBrownianMotion,
    Holding,
    Joint,
    Market,
    Price,
    StakingReward,
    TimeGrid,
    scenarios,
    simulate,
)
from stakingmodels.analysis import Target, solve
from stakingmodels.analysis.solving.inverse import Curves
from stakingmodels.products import with_term
from stakingmodels.scenarios import GBM

GRID = TimeGrid(np.datetime64("2026-01-01") + 73 * np.arange(6))
ETH = Price("ETH")
GBMS = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.5)})
WORLD = Joint([GBMS, Constants({StakingReward("ETH"): APR(0.03)})])
HELD = Holding("ETH", buy_fee=0.0)
RUN: dict[str, Any] = {"capital": 1e4, "rng": 3}


def growth(n):
    return simulate({"held": HELD.replace(sell_fee=0.0)}, WORLD, GRID, n_paths=n, **RUN)["held"].closing / 1e4


def test_the_fee_that_each_path_bears_is_known_by_hand():
    """A fee at the end leaves g (1 - f): f = 1 - 1/g where the price has risen; a path that fell never meets it."""
    n = 2_000
    found = solve("sell_fee", HELD, WORLD, GRID, target=Target.money_back(), n_paths=n, **RUN)
    grown = growth(n)
    paths = found.paths
    assert paths is not None
    exact = np.where(grown >= 1.0, 1.0 - 1.0 / grown, -np.inf)
    inside = np.isfinite(exact)
    assert (np.isfinite(paths.values) == inside).all()
    assert paths.values[inside] == pytest.approx(exact[inside], abs=1e-9)  # straight lines are interpolated exactly
    assert paths.never == pytest.approx((grown < 1.0).mean())
    assert paths.always == 0.0
    assert paths.several == paths.not_monotone == 0.0
    assert paths.mean == pytest.approx(exact[inside].mean(), abs=1e-9)
    assert paths.quantile(0.05) == -np.inf
    assert paths.quantile(0.95) == pytest.approx(np.quantile(exact, 0.95, method="inverted_cdf"), abs=1e-9)
    assert found.n_runs <= 9


def test_the_mean_is_that_of_the_paths_and_its_error_by_hand():
    """E[g] (1 - f) = 1; the error of f is that of the mean of g over its square."""
    n = 2_000
    found = solve("sell_fee", HELD, WORLD, GRID, target=Target.total_return(-0.1), n_paths=n, **RUN)
    grown = growth(n)
    assert found.value == pytest.approx(1.0 - 0.9 / grown.mean(), abs=1e-9)
    error = np.std(grown, ddof=1) / np.sqrt(n) * 0.9 / grown.mean() ** 2
    assert found.standard_error == pytest.approx(error, rel=0.02)
    assert found.interpolation_error == pytest.approx(0.0, abs=1e-9)


@pytest.mark.few(1)
def test_a_contract_over_paths_is_as_near_to_the_exact_values_as_is_told():
    """The price of a contract: each path's own root by fifty halvings of all paths at once."""
    world, grid = scenarios.reference(), TimeGrid(np.datetime64("2026-01-01") + 10 * np.arange(38))
    mine = CloudMiningContract(term_days=365.0, stop_after_days=None, minimum_payout_btc=0.0)
    found = solve("price_usd_per_th_s", mine, world, grid, target=Target.annual_return(APY(0.075)), n_paths=32,
                  between=(1.0, 100.0), **RUN)  # fmt: skip
    paths = found.paths
    assert paths is not None
    tried = np.geomspace(1.0, 100.0, 120)
    rows = {str(k): with_term(mine, "price_usd_per_th_s", float(x)) for k, x in enumerate(tried)}
    runs = simulate(rows, world, grid, n_paths=32, keep="summary", **RUN)
    gaps = np.stack([runs[name].returns for name in rows]) - 1.075**grid.years + 1.0
    exact = np.exp(Curves(np.log(tried), gaps).first_roots())
    inside = np.isfinite(paths.values)
    assert (inside == np.isfinite(exact)).all()
    apart = np.abs(paths.values - exact)[inside]
    assert apart.max() < 0.05 * exact[inside].max()
    assert apart.mean() < paths.interpolation_error < 20.0 * apart.mean()
    mean = np.exp(Curves(np.log(tried), gaps.mean(axis=1, keepdims=True)).first_roots()[0])
    assert abs(found.value - mean) < max(found.interpolation_error, 1e-4)
    assert found.n_runs <= 9


def test_a_factor_over_paths_and_words_in_both_languages():
    earn = ExchangeStaking(posted_rate=APY(0.20), commission=0.0, failures=())
    world = Joint([GBMS])
    found = solve(ETH, earn, world, GRID, target=Target.cash(), n_paths=50, **RUN)
    assert found.value == pytest.approx(1 / 1.2 - 1, abs=1e-12)  # pinned: all paths are one
    assert found.paths is None
    fee = solve("sell_fee", HELD, WORLD, GRID, target=Target.money_back(), n_paths=200, **RUN)
    text = fee.to_text()
    assert "Standard error" in text
    assert "below 0" in text
    assert "never meet the target" in text
    assert "永遠達不到目標" in fee.to_text(language="zh-TW")
    assert fee.to_dict()["paths"]["never"] > 0.0
    assert fee.paths is not None
    assert list(fee.paths.to_frame().columns) == ["value", "error"]


def test_paths_that_turn_are_named():
    """A token whose fee is a fraction pays twice: by hand made curves."""
    at = np.array([0.0, 1.0, 2.0, 3.0])
    curves = Curves(at, np.array([[-1.0, 1.0, 1.0], [1.0, 0.5, 2.0], [-1.0, -0.5, 3.0], [-2.0, -1.0, 3.0]]))
    assert curves.turns.sum(axis=0).tolist() == [2, 1, 0]
    assert curves.is_monotone.tolist() == [False, True, True]
    roots = curves.first_roots()
    assert 0.2 < roots[0] < 0.5
    assert roots[1] == pytest.approx(1.5)
    assert np.isinf(roots[2])


def test_monotone_cubics_are_those_of_scipy():
    interpolate = pytest.importorskip("scipy.interpolate")
    at = np.array([0.0, 0.3, 1.0, 2.5, 4.0])
    values = np.array([3.0, 2.0, 0.4, -1.0, -1.2])
    root = interpolate.PchipInterpolator(at, values).roots(extrapolate=False)
    assert Curves(at, values[:, None]).first_roots() == pytest.approx(root, abs=1e-12)
    two = Curves(np.array([0.0, 2.0]), np.array([[1.0], [-1.0]]))
    assert two.first_roots() == pytest.approx([1.0])
    assert two.moved_without(np.array([1.0])).tolist() == [0.0]


def test_a_given_market_of_several_paths():
    prices = np.linspace([3000.0] * 3, [3300.0, 3600.0, 2700.0], 366)
    market = Market(TimeGrid.daily("2026-01-01", days=365), {ETH: prices})
    found = solve("sell_fee", HELD, market, target=Target.money_back(), capital=1e4)
    assert found.paths is not None
    assert found.paths.values == pytest.approx([1 - 1 / 1.1, 1 - 1 / 1.2, -np.inf])
    assert found.value == pytest.approx(1 - 1 / (1.0 + 0.2 / 3), abs=1e-9)
    assert found.paths.found == pytest.approx(2 / 3)
    assert found.paths.never == pytest.approx(1 / 3)


def test_a_target_that_no_path_meets():
    never = solve("sell_fee", HELD, WORLD, GRID, target=Target.total_return(50.0), n_paths=200, **RUN)
    assert never.status == "never"
    assert never.paths is not None
    assert never.paths.never == 1.0
    assert np.isnan(never.paths.mean)
    assert "never returns 5000% in all on average at any sell_fee from 0 to 1" in never.sentence()
