"""`solve` on one path: against roots known by hand, a root search by hand, and what it refuses."""

import re
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    BlockFees,
    CloudMiningContract,
    Constants,
    Difficulty,
    ExchangeStaking,
    Holding,
    InputError,
    InputTypeError,
    LeaveWhen,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.analysis import Solution, Target, solve
from stakingmodels.errors import UnknownNameError
from stakingmodels.market import Event, Factor
from stakingmodels.products import After, Failure

YEAR = TimeGrid.daily("2026-01-01", days=365)
MONTH = TimeGrid.daily("2026-01-01", days=30)
TWO = TimeGrid(np.datetime64("2026-01-01") + 10 * np.arange(74))
"""Two years in steps of ten days, which take a tenth of the time."""
BTC: dict[Factor, Any] = {Price("BTC"): 90_000.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0}
ETH: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)}
EARN = ExchangeStaking(posted_rate=APY(0.20), commission=0.0, failures=())
HELD = Holding("ETH", buy_fee=0.0, sell_fee=0.0)
MINE = CloudMiningContract(term_days=730.0)


def by_hand(result, low, high):
    """Bisection, for a result that falls."""
    while high - low > 1e-13 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if result(middle) > 0.0 else (low, middle)
    return low


def test_the_fall_of_the_price_that_a_yield_of_a_fifth_pays_for():
    found = solve(Price("ETH"), EARN, Constants({Price("ETH"): 3000.0}), YEAR, target=Target.money_back(), capital=1e4)
    assert found.value == pytest.approx(1 / 1.2 - 1, abs=1e-12)
    assert (found.status, found.or_less, found.is_jump, found.n_paths) == ("found", False, False, 1)
    assert found.sentence() == (
        'ExchangeStaking gets back the money put in at change of Price("ETH") -16.6667% or more'
    )


@pytest.mark.parametrize("rate", [APY(0.075), APR(0.075)])
def test_the_price_at_which_a_contract_of_two_years_returns_a_rate(rate):
    market = Market(TWO, BTC)
    needed = 1.075**2 - 1 if isinstance(rate, APY) else 0.15

    def result(price):
        return float(MINE.replace(price_usd_per_th_s=price).run(market, capital=1e4).returns[0]) - needed

    found = solve("price_usd_per_th_s", MINE, market, target=Target.annual_return(rate), capital=1e4, between=(5, 20))
    assert found.value == pytest.approx(by_hand(result, 5.0, 20.0), rel=1e-9)
    assert found.or_less


def test_the_power_price_that_kills_a_contract():
    world = Constants(BTC)
    market = Market(TWO, BTC)

    def result(price):
        mine = CloudMiningContract(term_days=730.0, price_usd_per_th_s=5.0, power_usd_per_kwh=price)
        return float(mine.run(market, capital=1e4).returns[0])

    mine = MINE.replace(price_usd_per_th_s=5.0)
    found = solve("power_usd_per_kwh", mine, world, TWO, target=Target.money_back(), capital=1e4)
    assert found.value == pytest.approx(by_hand(result, 0.03, 0.15), rel=1e-9)


def test_a_fee_by_hand_within_a_wrapper_and_in_a_market():
    """1.1 of the price, less 10 % at the end: 0.99; what is left of 1.1 is 1 at a fee of 1 - 1/1.1."""
    prices = np.linspace(3000.0, 3300.0, 366)
    market = Market(YEAR, {Price("ETH"): prices})
    wrapped = LeaveWhen(Holding("ETH", buy_fee=0.0), After("2026-12-31"))
    for product, of in ((Holding("ETH", buy_fee=0.0), "sell_fee"), (wrapped, "product.sell_fee")):
        found = solve(of, product, market, target=Target.money_back(), capital=1e4)
        assert found.value == pytest.approx(1 - 1 / 1.1, abs=3e-4 if "." in of else 1e-12)


def test_the_rate_that_equals_another_product_cash_and_the_coin():
    other = ExchangeStaking(posted_rate=APR(0.05), commission=0.0, failures=(), compounding=False)
    earn = ExchangeStaking(posted_rate=APR(0.02), commission=0.2, failures=(), compounding=False)
    market = Market(YEAR, ETH)
    terms: dict[str, Any] = {"capital": 1e4, "between": (0.0, 0.2)}
    assert solve("posted_rate", earn, market, target=Target.product(other), **terms).value == pytest.approx(0.0625)
    assert solve("posted_rate", earn, market, target=Target.coin_rate(APR(0.04)), **terms).value == pytest.approx(0.05)
    fee = solve("sell_fee", StakingPool(commission=0.0, compounding=False, failures=()), market,
                target=Target.holding(), capital=1e4)  # fmt: skip
    assert fee.value == pytest.approx(0.03 / 1.03, rel=1e-9)
    assert solve("sell_fee", HELD, market, target=Target.cash(), capital=1e4).value == pytest.approx(0.0, abs=1e-12)


def test_the_difficulty_and_the_ratio_at_which_a_product_meets_its_target():
    mine = MINE.replace(price_usd_per_th_s=5.0, electricity_usd_per_th_day=0.0, minimum_payout_btc=0.0)
    found = solve(Difficulty("BTC"), mine, Constants(BTC), TWO, target=Target.money_back(), capital=1e4)
    gain = float(mine.run(Market(TWO, BTC), capital=1e4).returns[0])
    assert found.value == pytest.approx(gain, rel=1e-9)  # output is in inverse proportion to it
    token = LiquidStakingToken(protocol_fee=0.0, exit_route="sale", sell_fee=0.0, failures=())
    ratio = MarketRatio("stETH")
    world = Constants({**ETH, ratio: 1.0})
    found = solve(ratio, token, world, YEAR, target=Target.holding(), capital=1e4)
    gain = float(token.run(Market(YEAR, {**ETH, ratio: 1.0}), capital=1e4).returns[0])
    assert found.value == pytest.approx(1 / (1 + gain) - 1, rel=1e-9)


def test_never_and_always_are_answers():
    world = Constants({Price("ETH"): 3000.0})
    never = solve("sell_fee", HELD, world, YEAR, target=Target.total_return(0.1), capital=1e4)
    assert (never.status, never.values) == ("never", ())
    assert never.sentence() == (
        "Holding never returns 10% in all at any sell_fee from 0 to 1: nearest at 0, where the result is +0.0000%"
    )
    with pytest.raises(
        InputError, match=r"^Solution.value: Holding never returns .* \(look at Solution.status first\)"
    ):
        _ = never.value
    always = solve("sell_fee", HELD, world, YEAR, target=Target.total_return(-1.0), capital=1e4)
    assert (always.status, always.values) == ("always", ())
    assert "lowest at 1, where the result is -100.0000%" in always.sentence()


def test_a_result_that_turns_has_several_values():
    """The price rises to the 100th day and falls again: holding to day x pays twice."""
    prices = 3000.0 * (1.0 + 0.1 * np.sin(np.pi * np.arange(366) / 365))
    market = Market(YEAR, {Price("ETH"): prices})
    product = LeaveWhen(HELD, After(100.0))
    found = solve("rule.when", product, market, target=Target.total_return(0.05), capital=1e4, between=(5.0, 360.0))
    assert len(found.values) == 2
    assert not found.or_less
    assert "on one side of each of several values" in found.sentence()
    with pytest.raises(InputError, match=r"take one of Solution.values"):
        _ = found.value


def test_a_whole_number_and_a_jump():
    """Days of losses that a contract bears: more of them, and it never ends early."""
    fallen = Market(YEAR, {**BTC, Price("BTC"): np.where((np.arange(366) > 50) & (np.arange(366) < 80), 100.0, 9e4)})
    mine = CloudMiningContract(term_days=365.0, price_usd_per_th_s=2.0)
    kept = mine.replace(stop_after_days=100).run(fallen, capital=1e4).returns[0]
    found = solve("stop_after_days", mine, fallen, target=Target.total_return(float(kept) - 0.01), capital=1e4,
                  between=(1, 60))  # fmt: skip
    assert found.value == 30.0
    assert not found.is_jump


def test_the_curve_is_that_of_runs_by_hand():
    market = Market(TWO, BTC)
    found = solve("pool_fee", MINE, market, target=Target.annual_return(APY(0.05)), capital=1e4)
    tried, reached = found.curve()
    run = MINE.replace(pool_fee=float(tried[3])).run(market, capital=1e4)
    assert reached[3] == pytest.approx(float(run.yields().annualized_return[0]))
    assert (np.diff(reached) <= 1e-15).all()
    assert found.to_dict()["status"] == found.status
    assert list(found.to_frame().columns) == ["value", "reached"]
    assert "每年" in found.to_text(language="zh-TW")


CALL: dict[str, Any] = {
    "of": "price_usd_per_th_s",
    "product": CloudMiningContract(term_days=30.0),
    "world": Constants(BTC),
    "grid": MONTH,
    "target": Target.money_back(),
    "capital": 1e4,
    "between": (1.0, 100.0),
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"of": "price_usd_per_th"}, ("solve: of: price_usd_per_th: must be one of 25 names, got 'price_usd_per_th' "
         "(did you mean 'price_usd_per_th_s'?)")),
        ({"of": "payout"}, "solve: of: payout: must be a number, got 'sell'"),
        ({"of": 3}, 'solve: of: must be a term such as "commission", or a factor such as Price("ETH"), got int 3'),
        ({"of": Event("x")}, "solve: of: must be a level or a rate, not an event, got 'Event(\"x\")'"),
        ({"of": "joules_per_th"}, ("solve: of: must have an effect on the result of CloudMiningContract in this world, "
         "got 'joules_per_th' (it counts with power_usd_per_kwh)")),
        ({"between": (100.0, 1.0)}, "solve: between: must begin with the lower value, got (100.0, 1.0) (write"),
        ({"between": (1.0, 1.0)}, "solve: between: must hold more than one value, got (1.0, 1.0)"),
        ({"between": 5.0}, "solve: between: must be the lowest and the highest value, such as (1.0, 100.0), got"),
        ({"between": (-1.0, 5.0)}, "solve: between: CloudMiningContract.price_usd_per_th_s: must be in (0,"),
        ({"of": Price("BTC"), "between": (-2.0, 1.0)}, "solve: between: must be changes of the factor above -1"),
        ({"of": "term_days", "between": None}, None),
        ({"target": 0.075}, "solve: target: must be Target; write Target.annual_return(APY(0.075))"),
        ({"grid": None}, "solve: grid: must be TimeGrid; write TimeGrid.daily"),
        ({"world": 3}, "solve: world: must be a Market, or a Scenario with a grid, got int 3"),
        ({"world": Market(MONTH, BTC)}, "solve: grid: must be left out with a market"),
        (
            {"world": Market(MONTH, BTC), "grid": None, "of": Price("ETH")},
            'solve: of: Price("ETH"): must be in the market, which has, got',
        ),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(changed, message):
    call: dict[str, Any] = CALL | changed
    if message is None:
        assert isinstance(solve(**call), Solution)
        return
    with pytest.raises((InputError, InputTypeError), match="^" + re.escape(message)) as caught:
        solve(**call)
    assert "\n" not in str(caught.value)


def test_targets_refuse_what_they_cannot_be():
    with pytest.raises(InputTypeError, match=r"Target.annual_return: rate: must be a rate; write APR\(0.075\)"):
        Target.annual_return(0.075)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^Target.total_return: share: must be in \[-1, "):
        Target.total_return(-2.0)
    with pytest.raises(InputTypeError, match=r"^Target.product: other: must be Product"):
        Target.product("pool")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError):
        solve("nothing_like_it", MINE, Market(MONTH, BTC), target=Target.cash(), capital=1e4)


@pytest.mark.parametrize("of", [Price("BTC"), Difficulty("BTC"), MarketRatio("stETH")])
def test_a_factor_of_a_given_market_is_changed_as_that_of_a_scenario(of):
    token = LiquidStakingToken(protocol_fee=0.0, exit_route="sale", sell_fee=0.0, failures=())
    product = token if isinstance(of, MarketRatio) else MINE.replace(price_usd_per_th_s=5.0)
    rows: dict[Factor, Any] = {**BTC, **ETH, MarketRatio("stETH"): 1.0}
    terms: dict[str, Any] = {"target": Target.money_back(), "capital": 1e4}
    found = solve(of, product, Market.flat(TWO, rows), **terms).value
    assert found == pytest.approx(solve(of, product, Constants(rows), TWO, n_paths=1, **terms).value, abs=1e-9)


def test_events_that_a_market_does_not_give_never_occur():
    pool = StakingPool(failures=(Failure(Event("x", hazard=50.0), severity=0.5),))
    found = solve(Price("ETH"), pool, Market.flat(YEAR, ETH), target=Target.money_back(), capital=1e4)
    gain = float(pool.run(Market.flat(YEAR, ETH), capital=1e4).returns[0])
    assert found.value == pytest.approx(1 / (1 + gain) - 1, rel=1e-4)


def test_what_is_no_product_is_refused_for_a_factor_too():
    market = Market(TimeGrid.daily("2026-01-01", days=1), {Price("ETH"): 3_000.0})
    pool: Any = "pool"
    with pytest.raises(InputTypeError, match=r"^solve: product: must be Product; write Holding"):
        solve(Price("ETH"), pool, market, target=Target.money_back(), capital=1e4)
