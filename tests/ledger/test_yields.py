"""`Yields`: rates of return of an outcome, by hand."""

import math

import attrs
import numpy as np
import pytest
from scipy.optimize import brentq

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.ledger.yields import yields_of
from stakingmodels.market import CashRate, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import Holding, StakingPool
from stakingmodels.rates import APR, APY

ETH = Price("ETH")
YEAR = TimeGrid.daily("2026-01-01", days=365)


def yearly(n):
    """A grid of n steps of one year of 365 days."""
    return TimeGrid((np.datetime64("2026-01-01", "s") + np.arange(n + 1) * np.timedelta64(365, "D")).astype("M8[s]"))


# In coins


def test_gross_and_net_of_a_pool():
    market = Market(yearly(1), {ETH: np.array([10.0, 5.0]), StakingReward("ETH"): APR(0.10)})
    yields = StakingPool(commission=0.2).run(market, capital=1000.0).yields()
    assert yields.gross_apr.tolist() == pytest.approx([0.10])
    assert yields.net_apr.tolist() == pytest.approx([0.08])
    assert yields.gross_apy.tolist() == pytest.approx([0.10])
    assert yields.net_apy.tolist() == pytest.approx([0.08])
    assert yields.total_return.tolist() == pytest.approx([0.54 - 1])


def test_apr_is_simple_and_apy_effective_over_the_time_held():
    market = Market(yearly(2), {ETH: 10.0, StakingReward("ETH"): APY(0.10)})
    yields = StakingPool(commission=0.0).run(market, capital=1000.0).yields()
    assert yields.net_apr.tolist() == pytest.approx([0.105])
    assert yields.net_apy.tolist() == pytest.approx([0.10])


def test_the_tail_earns_nothing_and_is_not_time_held():
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=100)
    market = Market(grid, {ETH: 10.0, StakingReward("ETH"): APY(0.10)})
    yields = StakingPool(commission=0.0).run(market, capital=1000.0).yields()
    assert yields.net_apy.tolist() == pytest.approx([0.10])
    assert yields.annualized_return.tolist() == pytest.approx([1.1 ** (365 / 465) - 1])
    assert yields.irr.tolist() == pytest.approx([0.10])


def test_what_is_paid_in_money_counts_in_coins_at_the_price_of_its_day(script):
    prices = np.array([10.0, 20.0, 40.0])

    def pay(book, _now):
        book.post(Line.OPERATING, book.cash, -8.0)

    yields = script(Market(yearly(2), {ETH: prices}), {0: pay, 1: pay}).yields()
    assert yields.net_apr.tolist() == pytest.approx([-(8 / 20 + 8 / 40) / 10 / 2])
    assert yields.gross_apr.tolist() == [0.0]


def test_price_and_contributions_are_no_yield(script):
    def buy(book, _now):
        book.trade(book.cash, book.account("ETH", "staked"))

    def pay(book, _now):
        book.charge(Line.OPERATING, 5.0)

    yields = script(Market(yearly(2), {ETH: np.array([10.0, 20.0, 40.0])}), {-1: buy, 0: pay}).yields()
    assert yields.net_apr.tolist() == pytest.approx([-5 / 20 / 10 / 2])


@pytest.mark.parametrize(("growth", "real"), [(0.0, 0.10), (0.01, 1.10 / 1.01 - 1), (-0.02, 1.10 / 0.98 - 1)])
def test_the_real_yield_is_after_the_growth_of_supply(growth, real):
    market = Market(yearly(1), {ETH: 10.0, StakingReward("ETH"): APR(0.10)})
    outcome = StakingPool(commission=0.0).run(market, capital=1000.0)
    assert outcome.yields(supply_growth=growth).real_apy.tolist() == pytest.approx([real])


@pytest.mark.parametrize(("growth", "error"), [(-1.0, InputError), (float("nan"), InputError), ("1%", InputTypeError)])
def test_supply_growth_out_of_range(growth, error):
    outcome = Holding(asset="ETH").run(Market(yearly(1), {ETH: 10.0}), capital=1.0)
    with pytest.raises(error, match=r"^Outcome\.yields: supply_growth: "):
        outcome.yields(supply_growth=growth)


# In money


def test_total_and_annual_return():
    market = Market(yearly(2), {ETH: np.array([[10.0, 10.0], [10.0, 10.0], [12.1, 0.0]])})
    yields = Holding(asset="ETH").run(market, capital=100.0).yields()
    assert yields.total_return.tolist() == pytest.approx([0.21, -1.0])
    assert yields.annualized_return.tolist() == pytest.approx([0.10, -1.0])
    assert yields.irr.tolist() == pytest.approx([0.10, -1.0])


def test_excess_over_holding_and_over_cash():
    market = Market(
        yearly(1),
        {ETH: np.array([10.0, 15.0]), StakingReward("ETH"): APR(0.10), CashRate("USD"): APR(0.04)},
    )
    yields = StakingPool(commission=0.0).run(market, capital=100.0).yields()
    assert yields.total_return.tolist() == pytest.approx([0.65])
    assert yields.excess_over_holding.tolist() == pytest.approx([0.15])
    assert yields.excess_over_cash.tolist() == pytest.approx([0.61])


def test_holding_the_numeraire_is_cash():
    market = Market(yearly(2), {CashRate("USD"): APY(0.04)})
    yields = Holding(asset="USD").run(market, capital=100.0).yields()
    assert yields.total_return.tolist() == pytest.approx([0.0816])
    assert yields.excess_over_cash.tolist() == pytest.approx([0.0], abs=1e-15)
    assert yields.excess_over_holding.tolist() == pytest.approx([0.0], abs=1e-15)
    assert yields.net_apy.tolist() == pytest.approx([0.04])


# Internal rate of return


def test_the_irr_of_a_queue_is_dated_on_the_day_the_money_is_in_hand():
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=400)
    market = Market(grid, {ETH: 10.0, StakingReward("ETH"): APY(0.21)})
    yields = StakingPool(commission=0.0, unbonding_days=365.0).run(market, capital=100.0).yields()
    assert yields.irr.tolist() == pytest.approx([0.10])


def test_the_irr_of_contributions_is_that_of_the_dated_flows(script):
    def pay(book, _now):
        book.trade(book.cash, book.account("ETH", "staked"))

    market = Market(yearly(4), {ETH: np.array([10.0, 10.0, 10.0, 10.0, 20.0])})
    outcome = script(
        market,
        {
            -1: pay,
            0: lambda book, _now: book.charge(Line.OPERATING, 30.0),
            2: lambda book, _now: book.charge(Line.OPERATING, 10.0),
            "exit": lambda book, _now: book.trade(book.account("ETH", "staked"), book.cash),
        },
    )
    assert outcome.contributions.tolist() == [40.0]
    flows = [(0, -100), (1, -30), (3, -10), (4, 200)]
    expected = brentq(lambda r: sum(money / (1 + r) ** year for year, money in flows), -0.5, 2.0, xtol=1e-14)
    assert outcome.yields().irr.tolist() == pytest.approx([expected], rel=1e-9)
    assert outcome.yields().total_return.tolist() == pytest.approx([(200 - 140) / 140])


@pytest.mark.parametrize("step", [-1, 3])
def test_contributions_on_the_first_or_the_last_day(script, step):
    def pay(book, _now):
        book.post(Line.MAINTENANCE, book.cash, -book.cash.units)
        book.charge(Line.OPERATING, np.array([0.0, 50.0]))
        book.post(Line.EXECUTION, book.cash, 150.0)

    outcome = script(Market(yearly(4), {ETH: np.full((1, 2), 10.0)}), {step: pay})
    assert outcome.contributions.tolist() == [0.0, 50.0]
    expected = 0.0 if step == -1 else (100 / 100) ** 0.25 - 1  # 150 for 150, or 100 net for 100
    assert outcome.yields().irr.tolist() == pytest.approx([1.5**0.25 - 1, expected], abs=1e-12)


def test_money_that_is_not_back_is_valued_at_the_end():
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=365)
    market = Market(grid, {ETH: np.concatenate([np.full(730, 10.0), [14.4]]), StakingReward("ETH"): APR(0.0)})
    outcome = StakingPool(unbonding_days=9999.0).run(market, capital=100.0)
    assert outcome.yields().irr.tolist() == pytest.approx([0.2])


def test_losses_beyond_the_capital_are_minus_one(script):
    def pay(book, _now):
        book.charge(Line.OPERATING, 300.0)

    yields = script(Market(YEAR, {ETH: 10.0}), {5: pay}).yields()
    assert yields.total_return.tolist() == [-1.0]
    assert yields.net_apy.tolist() == [-1.0]
    assert yields.net_apr.tolist() == [-3.0]
    assert yields.irr.tolist() == [-1.0]


@pytest.mark.parametrize("rate", [0.01, 0.20, 1.0])
def test_daily_compounding_reaches_the_apy_of_the_apr(rate):
    market = Market(YEAR, {ETH: 10.0, StakingReward("ETH"): APR(rate)})
    yields = StakingPool(commission=0.0).run(market, capital=1000.0).yields()
    assert yields.net_apy.tolist() == pytest.approx([math.expm1(365 * math.log1p(rate / 365))], rel=1e-11)


def test_every_rate_of_two_years_by_hand(script):
    """A coin of 10 that is worth 20 and 40: 10 coins earn 2 and pay 1, and half of them are at work."""

    def work(book, _now):
        book.trade(book.cash, book.account("ETH"))
        book.move(book.account("ETH"), book.account("ETH", "staked"), 5.0)

    def earn(book, _now):
        book.post(Line.CONSENSUS, book.account("ETH"), 2.0)
        book.post(Line.COMMISSION, book.account("ETH"), -1.0)

    outcome = script(Market(yearly(2), {ETH: np.array([10.0, 20.0, 40.0])}), {-1: work, 0: earn})
    yields = outcome.yields(supply_growth=0.05)
    assert yields.gross_apr.tolist() == pytest.approx([0.1])
    assert yields.net_apr.tolist() == pytest.approx([0.05])
    assert yields.gross_apy.tolist() == pytest.approx([1.2**0.5 - 1.0])
    assert yields.net_apy.tolist() == pytest.approx([1.1**0.5 - 1.0])
    assert yields.real_apy.tolist() == pytest.approx([1.1**0.5 / 1.05 - 1.0])
    assert outcome.yields().real_apy.tolist() == pytest.approx([1.1**0.5 - 1.0])
    assert yields.gross_apr_deployed.tolist() == pytest.approx([0.2])
    assert yields.net_apr_deployed.tolist() == pytest.approx([0.1])
    assert yields.total_return.tolist() == pytest.approx([3.4])
    assert yields.annualized_return.tolist() == pytest.approx([4.4**0.5 - 1.0])
    assert yields.excess_over_holding.tolist() == pytest.approx([0.4])
    assert np.isnan(yields.payout_ratio).all()


def test_what_waiting_to_get_out_has_cost_is_the_growth_of_the_coin_after_the_exit(script):
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=2)

    def work(book, _now):
        book.trade(book.cash, book.account("ETH"))

    def leave(book, _now):
        book.pay_out(book.account("ETH"))

    outcome = script(Market(grid, {ETH: np.array([10.0, 20.0, 20.0, 25.0, 25.0])}), {-1: work, 2: leave})
    assert outcome.yields().exit_delay.tolist() == pytest.approx([0.5])


def test_the_shape_of_a_dataset_of_rates():
    xarray = pytest.importorskip("xarray")
    data = Holding(asset="ETH").run(Market(yearly(1), {ETH: np.full((2, 3), 10.0)}), capital=1.0).yields().to_xarray()
    assert isinstance(data, xarray.Dataset)
    assert dict(data.sizes) == {"path": 3}
    assert data["path"].values.tolist() == [0, 1, 2]


def test_a_rate_on_the_capital_at_work_needs_more_than_a_rounding():
    outcome = Holding(asset="ETH").run(Market(yearly(1), {ETH: np.full((2, 2), 10.0)}), capital=1000.0)
    some = attrs.evolve(outcome, deployed=np.array([1e-9, 0.5]), coins_net=np.array([10.0, 10.0]))
    assert some.yields().net_apr_deployed.tolist() == pytest.approx([np.nan, 0.2], nan_ok=True)


def test_supply_does_not_grow_by_default():
    outcome = Holding(asset="ETH").run(Market(yearly(1), {ETH: 10.0}), capital=1000.0)
    outcome = attrs.evolve(outcome, coins_net=np.array([10.0]))
    assert yields_of(outcome).real_apy.tolist() == outcome.yields().real_apy.tolist() == pytest.approx([0.1])


def test_a_summary_has_no_internal_rate_of_return():
    outcome = Holding(asset="ETH").run(Market(yearly(1), {ETH: 10.0}), capital=1000.0, keep="summary")
    with pytest.raises(InputError, match=r"^Yields\.irr: needs dated flows"):
        _ = outcome.yields().irr
