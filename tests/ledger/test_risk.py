"""`Risk`: read off returns that are known path by path."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.ledger.lines import LineMap
from stakingmodels.market import BlockFees, CashRate, Difficulty, Factor, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import CloudMiningContract, Holding, StakingPool
from stakingmodels.rates import APR
from stakingmodels.tolerances import REL_TOL

ETH = Price("ETH")
RETURNS = np.array([0.5, -0.1, 0.0, 0.2, -0.6, 0.1, -0.3, 0.3, 0.05, 1.0])
YEARS = 2
GRID = TimeGrid((np.datetime64("2026-01-01", "s") + np.arange(3) * np.timedelta64(365, "D")).astype("M8[s]"))


def market(returns=RETURNS):
    ends = 10.0 * (1.0 + returns)
    return Market(GRID, {ETH: np.stack([np.full(returns.size, 10.0), np.full(returns.size, 10.0), ends])})


@pytest.fixture
def risk():
    return Holding(asset="ETH").run(market(), capital=1000.0).risk(confidence_level=0.8)


def test_value_at_risk_and_expected_shortfall(risk):
    assert risk.confidence_level == 0.8
    assert risk.value_at_risk == pytest.approx(0.1)  # the two worst of ten lose more
    assert risk.expected_shortfall == pytest.approx((0.6 + 0.3) / 2)


@pytest.mark.parametrize(
    ("level", "shortfall"), [(0.9, 0.6), (0.7, 1.0 / 3), (0.5, 0.95 / 5), (0.85, (0.6 + 0.15) / 1.5)]
)
def test_expected_shortfall_at_other_levels(level, shortfall):
    found = Holding(asset="ETH").run(market(), capital=1000.0).risk(confidence_level=level)
    assert found.expected_shortfall == pytest.approx(shortfall)
    assert found.expected_shortfall >= found.value_at_risk


def test_probability_of_loss_counts_paths_below_what_was_put_in(risk):
    assert risk.probability_of_loss == pytest.approx(0.3)


def test_holding_is_never_below_holding(risk):
    assert risk.probability_below_holding == 0.0


def test_a_fee_makes_every_path_worse_than_holding():
    risk = Holding(asset="ETH", sell_fee=1e-6).run(market(), capital=1000.0).risk()
    assert risk.probability_below_holding == 1.0


def test_volatility_is_a_year(risk):
    assert risk.annual_volatility == pytest.approx(RETURNS.std(ddof=1) / np.sqrt(YEARS))


def test_ratios_are_over_cash():
    risk = Holding(asset="ETH").run(market(), capital=1000.0).risk()
    assert risk.sharpe_ratio == pytest.approx(RETURNS.mean() / YEARS / risk.annual_volatility)
    downside = np.sqrt(np.mean(np.minimum(RETURNS, 0.0) ** 2) / YEARS)
    assert risk.sortino_ratio == pytest.approx(RETURNS.mean() / YEARS / downside)


def test_a_cash_rate_lowers_the_ratios():
    prices = np.stack([np.full(10, 10.0)] * 2 + [10.0 * (1.0 + RETURNS)])
    series: dict[Factor, Any] = {ETH: prices, CashRate("USD"): APR(0.05)}
    risk = Holding(asset="ETH").run(Market(GRID, series), capital=1000.0).risk()
    excess = RETURNS - (1.05**2 - 1)
    assert risk.sharpe_ratio == pytest.approx(excess.mean() / YEARS / (RETURNS.std(ddof=1) / np.sqrt(YEARS)))
    assert risk.sortino_ratio == pytest.approx(
        excess.mean() / YEARS / np.sqrt(np.mean(np.minimum(excess, 0.0) ** 2) / YEARS)
    )


def test_the_drawdown_is_the_quantile_over_paths(risk):
    falls = np.sort(np.maximum(-RETURNS, 0.0))
    assert risk.max_drawdown == pytest.approx(falls[7])


def test_without_spread_there_is_no_ratio():
    risk = Holding(asset="ETH").run(market(np.zeros(4)), capital=1000.0).risk()
    assert (risk.value_at_risk, risk.expected_shortfall, risk.annual_volatility, risk.max_drawdown) == (
        0.0,
        0.0,
        0.0,
        0.0,
    )
    assert np.isnan(risk.sharpe_ratio)
    assert np.isnan(risk.sortino_ratio)


def test_one_path_has_no_volatility():
    risk = Holding(asset="ETH").run(market(np.array([-0.25])), capital=1000.0).risk()
    assert risk.expected_shortfall == risk.value_at_risk == pytest.approx(0.25)
    assert risk.annual_volatility == 0.0


def test_the_shortfall_is_split_over_the_lines_of_the_worst_paths():
    prices = np.stack([np.full(10, 10.0)] * 2 + [10.0 * (1.0 + RETURNS)])
    series: dict[Factor, Any] = {ETH: prices, StakingReward("ETH"): APR(0.1)}
    outcome = StakingPool(commission=0.5, sell_fee=0.01).run(Market(GRID, series), capital=1000.0)
    risk = outcome.risk(confidence_level=0.8)
    worst = [4, 6]
    assert list(risk.shortfall_by_line) == list(outcome.lines)
    for line, amount in outcome.lines.items():
        assert risk.shortfall_by_line[line] == pytest.approx(-amount[worst].mean() / 1000)
    assert sum(risk.shortfall_by_line.values()) == pytest.approx(risk.expected_shortfall, rel=1e-12)


def test_contributions_are_no_loss_line(script):
    def pay(book, _now):
        book.charge(Line.OPERATING, np.full(10, 1300.0))

    risk = script(market(), {0: pay}, capital=1000.0).risk()
    assert Line.CONTRIBUTION not in risk.shortfall_by_line
    assert risk.expected_shortfall == pytest.approx(1.0)  # all of the 1,300 paid in
    assert risk.probability_of_loss == 1.0


def test_returns_are_on_all_money_put_in(script):
    amounts = np.linspace(100.0, 1900.0, 10)

    def pay(book, _now):
        book.charge(Line.OPERATING, amounts)

    risk = script(market(np.zeros(10)), {0: pay}, capital=1000.0).risk()
    returns = -amounts / np.maximum(amounts, 1000.0)
    assert risk.annual_volatility == pytest.approx(returns.std(ddof=1) / np.sqrt(YEARS))
    assert risk.sharpe_ratio == pytest.approx(returns.mean() / YEARS / risk.annual_volatility)
    assert risk.value_at_risk == -returns.min() == pytest.approx(1.0)  # 1,900 lost of 1,900 paid in
    assert sum(risk.shortfall_by_line.values()) == pytest.approx(risk.expected_shortfall, rel=1e-12)


def test_days_to_cash_and_unsettled():
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=5)
    calm = Market(grid, {ETH: np.full((1, 3), 10.0), StakingReward("ETH"): APR(0.0)})
    assert StakingPool(unbonding_days=4.0).run(calm, capital=1.0).risk().days_to_cash == 4.0
    late = StakingPool(unbonding_days=6.0).run(calm, capital=1.0).risk()
    assert late.days_to_cash == np.inf
    assert late.unsettled == 1.0


@pytest.mark.parametrize(("level", "days"), [(0.5, 2.0), (0.75, 3.0), (0.9, np.inf)])
def test_days_to_cash_are_a_quantile_over_paths(script, level, days):
    due = np.array([2.0, 3.0, 1.0, 99.0])

    def leave(book, now):
        book.post(Line.EXECUTION, book.account("ETH", "unpaid_by_day"), (now.elapsed_days - 2.0 < due) * 1.0)

    def settle(book, now):
        left = book.account("ETH", "unpaid_by_day").units
        book.trade(book.account("ETH", "unpaid_by_day"), book.cash, left * (now.elapsed_days - 2.0 >= due))

    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=4)
    acts: dict[Any, Any] = {"exit": leave, **dict.fromkeys(range(2, 6), settle)}
    outcome = script(Market(grid, {ETH: np.full((1, 4), 10.0)}), acts)
    assert outcome.days_to_cash.tolist() == [2.0, 3.0, 1.0, np.inf]
    risk = outcome.risk(confidence_level=level)
    assert risk.days_to_cash == days
    assert risk.unsettled == 0.25


def test_paths_that_cannot_open_are_counted():
    grid = TimeGrid.daily("2026-01-01", days=2)
    dear = Market(
        grid,
        {
            Price("BTC"): 9e4,
            Difficulty("BTC"): 1e14,
            BlockFees("BTC"): 0.0,
            Price("USD"): np.array([[1.0, 1.0, 1.0, 2.0]]),
        },
        "EUR",
    )
    contract = CloudMiningContract(hashrate_th_s=10.0, price_usd_per_th_s=10.0, term_days=2.0)
    assert contract.run(dear, capital=150.0).risk().infeasible == 0.25


@pytest.mark.parametrize("level", [95, 0.0, 1.0, -0.1, float("nan")])
def test_levels_out_of_range(level):
    with pytest.raises(InputError, match=r"^Outcome\.risk: confidence_level: must be"):
        Holding(asset="ETH").run(market(), capital=1.0).risk(confidence_level=level)


@pytest.mark.parametrize("level", ["0.95", None, True, np.array([0.95])])
def test_levels_of_other_types(level):
    with pytest.raises(InputTypeError, match=r"^Outcome\.risk: confidence_level: must be"):
        Holding(asset="ETH").run(market(), capital=1.0).risk(confidence_level=level)


def test_cells_of_a_table_of_risk(risk):
    lines = {" ".join(line.split()[:-1]): line.split()[-1] for line in repr(risk).splitlines() if line.split()}
    assert "10.00%" in repr(risk)
    assert "45.00%" in repr(risk)
    assert lines
    frame = risk.to_frame()
    assert frame.index.name == "measure"
    assert frame.loc["value_at_risk", "value"] == pytest.approx(0.1)


def test_the_usual_level_is_95_percent():
    outcome = Holding(asset="ETH").run(market(), capital=1000.0)
    assert outcome.risk().confidence_level == 0.95
    assert outcome.risk() == outcome.risk(confidence_level=0.95)


def test_splits_over_lines_stand_over_one_dimension(risk):
    pytest.importorskip("xarray")
    split: dict[str, Any] = {
        "shortfall_by_line": LineMap({Line.PRICE: 0.25}),
        "expected_shortfall_vs_holding_by_line": LineMap({Line.TRADING: 0.5}),
    }
    data = attrs.evolve(risk, **split).to_xarray()
    assert data["shortfall_by_line"].dims == data["line"].dims == ("line",)
    assert data["shortfall_by_line"].sel(line="price") == 0.25
    assert data["shortfall_by_line"].sel(line="trading") == 0.0
    assert data["expected_shortfall_vs_holding_by_line"].sel(line=["price", "trading"]).values.tolist() == [0.0, 0.5]


def test_a_ratio_is_a_number_a_loss_a_percentage_and_what_is_unknown_a_dash(risk):
    changed: dict[str, Any] = {"sharpe_ratio": 1.23456, "sortino_ratio": np.nan, "value_at_risk": 0.1234}
    cells = {row[0]: row[1] for row in attrs.evolve(risk, **changed)._shown().rows}
    assert [cells[name] for name in changed] == ["1.235", "-", "12.34%"]


def test_two_paths_have_a_volatility():
    risk = Holding(asset="ETH").run(market(np.array([0.5, -0.1])), capital=1000.0).risk()
    assert risk.annual_volatility == pytest.approx(0.6 / np.sqrt(2) / np.sqrt(YEARS))


def test_a_difference_of_just_the_tolerance_counts_in_the_shortfall_and_not_in_the_share():
    paid = 4504 * 2.0**-52 / REL_TOL  # a loss of 4504 units of the last place is the tolerance itself
    outcome = Holding(asset="ETH").run(market(np.zeros(1)), capital=1.0)
    changed: dict[str, Any] = {"capital": np.array([paid]), "closing": np.array([paid - 4504 * 2.0**-52])}
    outcome = attrs.evolve(outcome, asset_growth=np.ones(1), **changed)
    assert outcome.returns.tolist() == [-REL_TOL]
    risk = outcome.risk()
    assert risk.expected_shortfall_vs_holding == REL_TOL
    assert risk.probability_below_holding == 0.0
