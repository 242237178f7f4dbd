"""`ExchangeStaking`: rates, terms, early redemption, and defaults at a known day, by hand."""

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels._types import IntArray, PathValue
from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.ledger import Book, Line, Outcome
from stakingmodels.market import (
    CashRate,
    EntryWait,
    Event,
    ExitWait,
    Factor,
    Market,
    Now,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import ExchangeStaking, Failure, Holding, Position, Product, StakingPool
from stakingmodels.rates import APR, APY
from tests.examples import examples
from tests.products.conform import conform
from tests.products.plans import Planned

ETH, REWARD, FAILED = Price("ETH"), StakingReward("ETH"), Event("custodian:x")
DAILY = APR(0.365)
"""0.1 % a day."""


def market(days, tail=0, *, price=10.0, **more):
    """A market of one path without events; capital of 100 buys 10 coins."""
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    series: dict[Factor, Any] = {ETH: price, REWARD: more.get("reward", DAILY)}
    if "cash" in more:
        series[CashRate("USD")] = more["cash"]
    return Market(grid, series)


def posted(**terms):
    """Terms with a posted rate of 0.1 % a day, paid out, so that a day's reward is 0.01 coins."""
    return ExchangeStaking(**{"posted_rate": DAILY, "compounding": False, **terms})


def money(outcome: Outcome, path: int = 0) -> dict[str, float]:
    """The lines that are not 0, of one path, by label."""
    return {line.label: float(amount[path]) for line, amount in outcome.lines.items() if amount[path] != 0.0}


# Rates


def test_the_protocols_reward_is_passed_on_less_a_commission():
    outcome = ExchangeStaking(commission=0.25).run(market(2), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 1.00075**2)
    assert money(outcome) == pytest.approx({"consensus": 0.1 + 0.100075, "commission": -0.25 * 0.200075})


def test_a_protocols_reward_pays_the_usual_commission():
    assert ExchangeStaking().commission == 0.35
    assert ExchangeStaking().run(market(1), capital=100.0).profit[0] == pytest.approx(0.065)


def test_a_posted_rate_is_what_is_paid_out():
    terms = ExchangeStaking(posted_rate=APR(0.73))
    assert terms.commission == 0.0
    assert money(terms.run(market(1), capital=100.0)) == pytest.approx({"interest": 0.2})


def test_a_posted_rate_may_be_before_commission():
    outcome = ExchangeStaking(posted_rate=APR(0.73), commission=0.5).run(market(1), capital=100.0)
    assert money(outcome) == pytest.approx({"interest": 0.2, "commission": -0.1})


@pytest.mark.parametrize(
    ("posted_rate", "compounding", "closing"),
    [
        (APR(0.04), False, 104.0),
        (APR(0.04), True, 100 * (1 + 0.04 / 365) ** 365),
        (APY(0.04), True, 104.0),
        (APY(0.04), False, 100 + 365 * 100 * (1.04 ** (1 / 365) - 1)),
    ],
)
def test_a_year_at_a_posted_rate(posted_rate, compounding, closing):
    outcome = ExchangeStaking(posted_rate=posted_rate, compounding=compounding).run(market(365), capital=100.0)
    assert outcome.closing[0] == pytest.approx(closing, rel=1e-12)


def test_a_posted_rate_reads_no_reward_of_the_chain():
    assert ExchangeStaking(posted_rate=DAILY).factors == {ETH}
    assert ExchangeStaking(asset="SOL").factors == {Price("SOL"), StakingReward("SOL")}
    assert posted(failures=(Failure(FAILED),)).factors == {ETH, FAILED}


def test_a_negative_reward_burns_coins_and_pays_no_commission():
    outcome = ExchangeStaking().run(market(2, reward=APR(-0.365)), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 0.999**2)
    assert outcome.lines[Line.COMMISSION].tolist() == [0.0]


def test_money_can_be_lent_too():
    lent = ExchangeStaking(asset="USD", posted_rate=DAILY, redemption_days=2.0, buy_fee=0.5, sell_fee=0.5)
    outcome = lent.run(Market(TimeGrid.daily("2026-01-01", days=2, settlement_days=3), {}), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 1.001**2)
    assert outcome.days_to_cash.tolist() == [2.0]


def test_fees_of_buying_and_selling():
    outcome = posted(buy_fee=0.25, sell_fee=0.1).run(market(1), capital=125.0)
    assert outcome.closing[0] == pytest.approx(10.01 * 9)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-25 - 10.01)


@given(st.floats(0.0, 1.0), st.floats(0.0, 5.0), st.booleans())
@examples(20)
def test_without_a_term_it_is_a_pool(commission, wait, compounding):
    """Over a whole year."""
    prices = np.random.default_rng(4).lognormal(3.0, 0.2, (366, 3))
    world = market(360, 5, price=prices, reward=APR(0.1))
    exchange = ExchangeStaking(commission=commission, compounding=compounding, redemption_days=wait)
    pool = StakingPool(commission=commission, compounding=compounding, unbonding_days=wait)
    assert exchange.run(world, capital=1.0).closing.tolist() == pool.run(world, capital=1.0).closing.tolist()


def test_at_a_rate_of_nothing_it_is_holding():
    prices = np.random.default_rng(5).lognormal(3.0, 0.2, (31, 4))
    world = market(30, price=prices)
    left = ExchangeStaking(posted_rate=APR(0.0), buy_fee=0.01, sell_fee=0.02).run(world, capital=100.0)
    held = Holding(asset="ETH", buy_fee=0.01, sell_fee=0.02).run(world, capital=100.0)
    assert left.closing.tolist() == held.closing.tolist()


# Redemption


@pytest.mark.parametrize(("wait", "days"), [(0.0, 0.0), (1.0, 1.0), (2.5, 3.0), (14.0, 14.0)])
def test_the_money_is_in_hand_when_the_redemption_ends(wait, days):
    outcome = posted(redemption_days=wait).run(market(3, 20), capital=100.0)
    assert outcome.days_to_cash.tolist() == [days]


def test_what_is_redeemed_earns_nothing_and_bears_the_price():
    price = np.array([10.0, 10.0, 10.0, 11.0, 12.0, 99.0])
    outcome = ExchangeStaking(posted_rate=DAILY, redemption_days=2.0, sell_fee=0.1).run(
        market(2, 3, price=price), capital=100.0, keep="values"
    )
    coins = 10 * 1.001**2
    assert outcome.values is not None
    assert outcome.values[2:, 0].tolist() == pytest.approx([coins * 10, coins * 11, coins * 12 * 0.9, coins * 12 * 0.9])


def test_paid_out_rewards_are_sold_at_the_exit_while_the_rest_is_redeemed():
    price = np.array([10.0, 10.0, 10.0, 10.0, 40.0])
    outcome = posted(redemption_days=2.0).run(market(2, 2, price=price), capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([100, 100.1, 100.2, 100.2, 0.2 + 400])


# Leaving a term early: ten days in terms of four leave two days of the third


def left(rule, days=10, **terms):
    return posted(term_days=4.0, early_redemption=rule, **terms).run(market(days), capital=100.0)


@pytest.mark.parametrize(
    ("rule", "terms", "forfeit"),
    [
        ("free", {}, 0.0),
        ("forfeit_all", {}, -1.0),  # ten days at 0.1 coins' worth
        ("forfeit_period", {}, -0.2),  # two days
        ("penalty", {"penalty": 0.05}, -5.0),  # of the 10 coins; rewards paid out are not touched
        ("penalty", {"penalty": 1.0}, -100.0),
        ("penalty", {}, 0.0),
    ],
)
def test_leaving_in_the_middle_of_a_term(rule, terms, forfeit):
    outcome = left(rule, **terms)
    assert money(outcome).get("forfeit", 0.0) == pytest.approx(forfeit)
    assert outcome.closing[0] == pytest.approx(101.0 + forfeit)
    assert outcome.settled.all()


@pytest.mark.parametrize("rule", ["forfeit_all", "forfeit_period", "penalty"])
@pytest.mark.parametrize("days", [4, 8, 12])
def test_on_the_last_day_of_a_term_nothing_is_forfeited(rule, days):
    outcome = left(rule, days, penalty=0.5 if rule == "penalty" else 0.0)
    assert outcome.closing[0] == pytest.approx(100 + 0.1 * days)


@pytest.mark.parametrize("rule", ["forfeit_all", "forfeit_period"])
@pytest.mark.parametrize("days", [1, 2, 3])
def test_in_the_first_term_all_rewards_are_those_of_the_period(rule, days):
    assert left(rule, days).closing[0] == pytest.approx(100.0, rel=1e-14)


@pytest.mark.parametrize(
    ("rule", "closing"),
    [
        ("free", 100 * 1.001**10),
        ("forfeit_all", 100.0),
        ("forfeit_period", 100 * 1.001**8),
        ("penalty", 100 * 1.001**10 * 0.9),
    ],
)
def test_leaving_early_while_compounding(rule, closing):
    outcome = left(rule, compounding=True, penalty=0.1 if rule == "penalty" else 0.0)
    assert outcome.closing[0] == pytest.approx(closing, rel=1e-13)


def test_rewards_are_forfeited_as_the_holder_got_them_and_at_the_price_of_the_exit():
    price = np.array([10.0, 10.0, 10.0, 20.0])
    terms = posted(commission=0.5, term_days=2.0, early_redemption="forfeit_period")
    outcome = terms.run(market(3, price=price), capital=100.0)
    assert outcome.native[Line.FORFEIT, "ETH"][0] == pytest.approx(-0.005)
    assert outcome.lines[Line.FORFEIT][0] == pytest.approx(-0.1)


def test_a_forfeit_comes_before_the_redemption():
    outcome = posted(term_days=4.0, early_redemption="penalty", penalty=0.1, redemption_days=2.0).run(
        market(1, 2, price=np.array([10.0, 10.0, 10.0, 30.0])), capital=100.0
    )
    assert outcome.lines[Line.FORFEIT][0] == pytest.approx(-10.0)
    assert outcome.closing[0] == pytest.approx(0.1 + 9 * 30)


def test_a_term_may_end_within_a_step():
    """Steps of 3 days and a term of 4: on day 9 the third term is a day old, on day 6 the second is two."""
    times = np.datetime64("2026-01-01") + 3 * np.arange(4)
    terms = posted(term_days=4.0, early_redemption="forfeit_period")
    for exit_step, days_in in ((2, 2), (3, 1)):
        grid = TimeGrid(times, exit_step)
        outcome = terms.run(Market(grid, {ETH: 10.0}), capital=100.0)
        assert outcome.lines[Line.FORFEIT][0] == pytest.approx(-0.1 * days_in)


@pytest.mark.parametrize("term", [0.1, 0.25, 1 / 3, 1e-30])
def test_a_term_that_divides_a_step_is_never_left_early(term):
    outcome = posted(term_days=term, early_redemption="forfeit_all").run(market(7), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.7)


def test_a_term_longer_than_the_run_is_left_early():
    outcome = posted(term_days=1e15, early_redemption="forfeit_all").run(market(7), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.0)


def test_negative_rewards_are_not_given_back():
    terms = ExchangeStaking(term_days=10.0, early_redemption="forfeit_all")
    outcome = terms.run(market(2, reward=APR(-0.365)), capital=100.0)
    assert outcome.lines[Line.FORFEIT].tolist() == [0.0]


# Defaults: two paths, of which the second is struck


def failing(days, tail, *steps, price=10.0, reward=APR(0.0), cash=APR(0.0)):
    events = np.zeros((days + tail + 1, 2), dtype=bool)
    events[list(steps), 1] = True
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    return Market(grid, {ETH: price, REWARD: reward, FAILED: events, CashRate("USD"): cash})


def test_without_recovery_all_is_lost_on_the_day_of_default():
    outcome = posted(failures=(Failure(FAILED),)).run(failing(4, 0, 1), capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.values.T.tolist() == [
        pytest.approx([100, 100.1, 100.2, 100.3, 100.4]),
        pytest.approx([100, 100.1, 0, 0, 0]),
    ]
    assert money(outcome, 1) == pytest.approx({"interest": 0.2, "credit": -100.2})
    assert outcome.days_to_cash.tolist() == [0.0, 0.0]
    assert outcome.units["ETH", "staked"].tolist() == [0.0, 0.0]


PRICES = np.array([10.0, 10.0, 8.0, 16.0, 20.0, 5.0, 4.0, 2.0])
"""Default in step 1, at 8."""


def run_default(recovery_in, recovery_days, **terms):
    product = ExchangeStaking(
        posted_rate=APR(0.0),
        failures=(Failure(FAILED, recovery=0.25, delay_days=recovery_days, recovery_in=recovery_in),),
        **terms,
    )
    return product.run(failing(5, 2, 1, price=PRICES), capital=100.0, keep="values")


@pytest.mark.parametrize(
    ("recovery_in", "recovery_days", "values", "days_to_cash"),
    [
        # 2.5 coins at 8 are a claim of 20, whatever happens to the price
        ("money", 0.0, [20, 20, 20, 20, 20, 20], 0.0),
        ("money", 2.0, [20, 20, 20, 20, 20, 20], 0.0),
        ("money", 4.0, [20, 20, 20, 20, 20, 20], 1.0),
        ("money", 9.0, [20, 20, 20, 20, 20, 20], np.inf),
        # 2.5 coins stay so until they come, at once at 8, at 20, a day after the exit at 4, or at the end
        ("coin", 0.0, [20, 20, 20, 20, 20, 20], 0.0),
        ("coin", 2.0, [20, 40, 50, 50, 50, 50], 0.0),
        ("coin", 4.0, [20, 40, 50, 12.5, 10, 10], 1.0),
        ("coin", 5.0, [20, 40, 50, 12.5, 10, 5], 2.0),
        ("coin", 9.0, [20, 40, 50, 12.5, 10, 5], np.inf),
    ],
)
def test_recovery(recovery_in, recovery_days, values, days_to_cash):
    outcome = run_default(recovery_in, recovery_days)
    assert outcome.values is not None
    assert outcome.values[2:, 1].tolist() == pytest.approx(values)
    assert outcome.native[Line.CREDIT, "ETH"].tolist() == pytest.approx([0.0, -7.5])
    assert outcome.lines[Line.CREDIT].tolist() == pytest.approx([0.0, -60.0])
    assert outcome.days_to_cash.tolist() == [0.0, days_to_cash]
    assert outcome.settled.tolist() == [True, np.isfinite(days_to_cash)]


@pytest.mark.parametrize(("recovery_in", "asset", "units"), [("money", "USD", 20.0), ("coin", "ETH", 2.5)])
def test_an_open_claim_stands_in_its_own_account(recovery_in, asset, units):
    assert run_default(recovery_in, 9.0).units[asset, "claim"].tolist() == pytest.approx([0.0, units])


@pytest.mark.parametrize(
    ("recovery_in", "recovery_days", "fee"),
    [("money", 0.0, 0.0), ("money", 4.0, 0.0), ("coin", 0.0, -2.0), ("coin", 4.0, -1.0)],
)
def test_recovered_coins_pay_the_fee_of_selling_once_and_money_none(recovery_in, recovery_days, fee):
    outcome = run_default(recovery_in, recovery_days, sell_fee=0.1)
    assert outcome.lines[Line.TRADING].tolist() == pytest.approx([-5.0, fee])


def test_recovered_money_earns_as_cash_from_its_arrival_on_and_a_claim_does_not():
    terms = posted(failures=(Failure(FAILED, recovery=0.5, delay_days=2.0),))
    outcome = terms.run(failing(5, 0, 0, cash=DAILY), capital=100.0)
    # back at the end of day 3, so that days 4 and 5 pay
    assert outcome.closing[1] == pytest.approx(0.5 * 100.1 * 1.001**2)


def test_a_recovery_of_everything_loses_nothing_but_time():
    outcome = posted(failures=(Failure(FAILED, recovery=1.0, delay_days=1.0),)).run(failing(3, 1, 2), capital=100.0)
    assert outcome.closing.tolist() == pytest.approx([100.3, 100.3])
    assert outcome.lines[Line.CREDIT].tolist() == [0.0, 0.0]
    assert outcome.days_to_cash.tolist() == [0.0, 1.0]


def test_after_a_default_nothing_earns():
    outcome = ExchangeStaking(failures=(Failure(FAILED, recovery=1.0, recovery_in="coin"),), commission=0.0).run(
        failing(9, 0, 2, reward=DAILY), capital=100.0
    )
    assert outcome.closing.tolist() == pytest.approx([100 * 1.001**9, 100 * 1.001**3])


def test_an_exchange_fails_once():
    terms = posted(failures=(Failure(FAILED, recovery=0.5, delay_days=3.0),))
    once, again = (terms.run(failing(6, 0, *steps), capital=100.0) for steps in ((1,), (1, 2, 3, 4)))
    assert again.closing.tolist() == once.closing.tolist()
    assert again.lines[Line.CREDIT].tolist() == once.lines[Line.CREDIT].tolist()


def test_claims_of_two_days_are_paid_on_two_days():
    events = np.zeros((8, 3), dtype=bool)
    events[1, 0] = events[2, 1] = True
    world = Market(TimeGrid.daily("2026-01-01", days=3, settlement_days=4), {ETH: 10.0, FAILED: events})
    outcome = ExchangeStaking(posted_rate=APR(0.0), failures=(Failure(FAILED, recovery=0.5, delay_days=3.0),)).run(
        world, capital=100.0
    )
    assert outcome.days_to_cash.tolist() == [2.0, 3.0, 0.0]
    assert outcome.closing.tolist() == [50.0, 50.0, 100.0]


@pytest.mark.parametrize(("step", "closing"), [(1, 50.0), (2, 50.0), (4, 50.0), (5, 100.0)])
def test_what_is_being_redeemed_is_lost_too_until_it_is_out(step, closing):
    terms = ExchangeStaking(posted_rate=APR(0.0), failures=(Failure(FAILED, recovery=0.5),), redemption_days=3.0)
    outcome = terms.run(failing(2, 4, step), capital=100.0)
    assert outcome.closing.tolist() == [100.0, closing]
    assert outcome.days_to_cash[1] == {1: 0.0, 2: 1.0, 4: 3.0, 5: 3.0}[step]


@pytest.mark.parametrize("rule", ["forfeit_all", "forfeit_period", "penalty"])
def test_a_claim_forfeits_nothing(rule):
    penalty = 0.5 if rule == "penalty" else 0.0
    terms = posted(failures=(Failure(FAILED, recovery=0.5),), term_days=30.0, early_redemption=rule, penalty=penalty)
    outcome = terms.run(failing(5, 0, 3), capital=100.0)
    assert outcome.closing[1] == pytest.approx(0.5 * 100.4)
    assert outcome.lines[Line.FORFEIT][1] == 0.0


def test_money_at_an_exchange_can_be_lost():
    lent = ExchangeStaking(
        asset="USD", posted_rate=DAILY, failures=(Failure(FAILED, recovery=0.5, delay_days=2.0, recovery_in="coin"),)
    )
    outcome = lent.run(failing(2, 3, 0), capital=100.0)
    assert outcome.closing.tolist() == pytest.approx([100 * 1.001**2, 50.05])
    assert outcome.days_to_cash.tolist() == [0.0, 1.0]


def test_two_products_at_one_exchange_fail_together():
    world = failing(5, 0, 2)
    flexible, locked = (
        posted(failures=(Failure(FAILED),)),
        posted(failures=(Failure(FAILED),), term_days=2.0, redemption_days=1.0),
    )
    hit = [terms.run(world, capital=100.0).lines[Line.CREDIT] < 0.0 for terms in (flexible, locked)]
    assert [each.tolist() for each in hit] == [[False, True], [False, True]]


def test_a_quote_has_no_default_in_it():
    quote = posted(failures=(Failure(FAILED),)).quote(failing(10, 0, 0, 1), capital=100.0)
    assert {line.label: amount for line, amount in quote.lines.items()} == pytest.approx({"interest": 1.0})


# Terms


@pytest.mark.parametrize("field", ["commission", "penalty", "buy_fee", "sell_fee"])
@pytest.mark.parametrize("value", [2.0, -1e-18, 1.0000000000000002, float("nan")])
def test_fractions(field, value):
    with pytest.raises(InputError, match=rf"^ExchangeStaking\.{field}: must be (a fraction in \[0, 1\]|finite)"):
        ExchangeStaking(**{field: value})


@pytest.mark.parametrize("hazard", [-0.1, float("inf"), float("nan")])
def test_hazards(hazard):
    with pytest.raises(InputError, match=r"^Event\.hazard: must be"):
        ExchangeStaking(failures=(Failure(Event("custodian:x", hazard=hazard)),))


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"posted_rate": 0.04}, InputTypeError),
        ({"posted_rate": "4%"}, InputTypeError),
        ({"posted_rate": APR(-0.01)}, InputError),
        ({"posted_rate": APR(np.array([0.01, 0.02]))}, InputTypeError),
        ({"commission": None}, InputTypeError),
        ({"commission": False}, InputTypeError),
        ({"commission": np.full(3, 0.1)}, InputTypeError),
        ({"compounding": 1}, InputTypeError),
        ({"term_days": 0.0}, InputError),
        ({"term_days": float("inf")}, InputError),
        ({"term_days": "30"}, InputTypeError),
        ({"early_redemption": "forfeit", "term_days": 30.0}, InputError),
        ({"early_redemption": None, "term_days": 30.0}, InputError),
        ({"early_redemption": "forfeit_all"}, InputError),
        ({"penalty": 0.1}, InputError),
        ({"penalty": 0.1, "early_redemption": "forfeit_all", "term_days": 30.0}, InputError),
        ({"redemption_days": -1.0}, InputError),
        ({"redemption_days": np.timedelta64(1, "D")}, InputTypeError),
        ({"failures": "custodian:x"}, InputTypeError),
        ({"asset": ""}, InputError),
    ],
)
def test_terms_are_refused(terms, error):
    with pytest.raises(error, match=rf"^ExchangeStaking\.{next(iter(terms))}: "):
        ExchangeStaking(**terms)


def test_a_bare_rate_is_refused_with_what_to_write():
    with pytest.raises(InputTypeError, match=r"write APR\(0\.04\) or APY\(0\.04\)"):
        ExchangeStaking(posted_rate=0.04)  # type: ignore[arg-type]


def test_a_rate_that_looks_like_percent_is_warned_of():
    with pytest.warns(UnitWarning, match=r"^ExchangeStaking\.posted_rate: the median rate is 4\.2"):
        ExchangeStaking(posted_rate=APR(4.2))


def test_missing_and_unknown_terms():
    with pytest.raises(TypeError, match="positional"):
        ExchangeStaking("ETH", APR(0.1))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="comission"):
        ExchangeStaking(comission=0.1)  # type: ignore[call-arg]


def test_terms_that_were_given_are_kept():
    terms = ExchangeStaking(commission=0.25)
    assert terms.replace(posted_rate=APR(0.02)).commission == 0.25
    assert terms.replace(term_days=30).term_days == 30.0


# Leaving in part, and coming back, through a wrapper


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        # half of ten coins, with what two days paid on them; then two days on five coins, in a term of three
        ("free", 50.1, 50.1 + 0.1),
        ("forfeit_all", 50.0, 50.0),
        ("forfeit_period", 50.0, 50.15 - 0.05 + 0.05),
        ("penalty", 50.1 - 5.0, 50.2 - 5.0),
    ],
)
def test_half_leaves_early_and_the_rest_on_day_four(rule, first, second):
    penalty = 0.1 if rule == "penalty" else 0.0
    terms = posted(term_days=3.0, early_redemption=rule, penalty=penalty)
    outcome = Planned(terms, {1: (0.5, None)}).run(market(4), capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.units["USD", "paid_out"][0] == pytest.approx(first + second)


def test_half_leaves_while_compounding():
    terms = posted(compounding=True, term_days=10.0, early_redemption="forfeit_all")
    outcome = Planned(terms, {1: (0.5, None)}).run(market(4), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.0, rel=1e-14)


def test_half_comes_back():
    terms = posted(redemption_days=1.0, sell_fee=0.1, buy_fee=0.25)
    half = (5 + 0.005) * 9  # of the coins and of the first day's reward; the same amount comes back on day 3
    outcome = Planned(terms, {0: (0.5, None)}, {2: (half, None)}, kept=half).run(market(4, 1), capital=125.0 + half)
    bought = half / 12.5
    rewards = 3 * 0.005 + (5 + bought) * 0.001
    assert outcome.closing[0] == pytest.approx(half + (5 + bought + rewards) * 9)
    assert outcome.days_to_cash.tolist() == [1.0]


def test_there_is_one_way_out():
    class Asking(Position):
        def __init__(self, part: Position) -> None:
            self.part = part

        def step(self, now: Now) -> None:
            self.part.step(now)

        def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
            self.part.exit(now, share, "sale")

    @attrs.frozen
    class Asked(Product):
        asset: str = "ETH"

        @property
        def factors(self) -> frozenset[Factor]:
            return posted().factors

        def open(self, book: Book, now: Now) -> Position:
            return Asking(posted().open(book, now))

    with pytest.raises(InputError, match=r"^ExchangeStakingPosition\.exit: how: must be one of"):
        Asked().run(market(1), capital=100.0)


@pytest.mark.parametrize(("recovery_in", "closing"), [("money", 50.05), ("coin", 50.05)])
def test_an_exchange_that_has_failed_gets_no_more_money(recovery_in, closing):
    terms = posted(failures=(Failure(FAILED, recovery=0.5, recovery_in=recovery_in),))
    world = failing(5, 0, 0, price=np.array([10.0, 10.0, 10.0, 10.0, 20.0, 20.0]))
    outcome = Planned(terms, {}, {2: (50.0, None)}, kept=50.0).run(world, capital=150.0)
    assert outcome.closing.tolist() == pytest.approx([201.0 + 100.2, closing + 50.0])


def test_a_default_takes_two_redemptions_on_their_way():
    terms = ExchangeStaking(posted_rate=APR(0.0), failures=(Failure(FAILED),), redemption_days=3.0)
    outcome = Planned(terms, {1: (0.5, None)}).run(failing(3, 4, 3), capital=100.0, keep="values")
    assert outcome.closing.tolist() == [100.0, 0.0]
    assert outcome.values is not None
    assert outcome.values[4:, 1].tolist() == [0.0] * 4


@attrs.frozen
class Later(Product):
    """Opens its part at the end of the second step."""

    part: Product
    asset: str = "ETH"

    @property
    def factors(self) -> frozenset[Factor]:
        return self.part.factors

    def open(self, book: Book, now: Now) -> Position:
        part = self.part

        class Waiting(Position):
            opened: Position

            def step(self, now: Now) -> None:
                if now.step == 1:
                    self.opened = part.open(book, now)
                elif now.step > 1:
                    self.opened.step(now)

            def exit(
                self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None
            ) -> None:
                self.opened.exit(now, share, how)

        return Waiting()


@pytest.mark.parametrize(("days", "closing"), [(5, 100.0), (6, 100.4), (7, 100.4), (10, 100.8)])
def test_a_term_runs_from_the_opening_of_the_position(days, closing):
    terms = posted(term_days=4.0, early_redemption="forfeit_period")
    assert Later(terms).run(market(days), capital=100.0).closing[0] == pytest.approx(closing)


# The named checks of the library


REAL = [
    ExchangeStaking(),
    ExchangeStaking(
        failures=(Failure(FAILED, recovery=0.4, delay_days=5.0, recovery_in="coin"),), buy_fee=0.01, sell_fee=0.02
    ),
    posted(
        term_days=7.0, early_redemption="forfeit_period", redemption_days=2.5, failures=(Failure(FAILED, recovery=0.5),)
    ),
    ExchangeStaking(
        term_days=7.0, early_redemption="forfeit_all", failures=(Failure(FAILED, recovery=0.4, delay_days=50.0),)
    ),
    posted(term_days=4.3, early_redemption="penalty", penalty=0.1, failures=(Failure(FAILED),)),
]


@pytest.mark.parametrize("product", REAL, ids=str)
@conform
@pytest.mark.few(2)
def test_it_conforms(product, check):
    check(product)


def test_expected_units_under_a_hazard():
    """P(default) = 1 - exp(-h t), within four standard errors."""
    from stakingmodels.engine import simulate
    from stakingmodels.scenarios import Constants

    hazard, n = 0.7, 20_000
    terms: dict[str, Any] = {"failures": (Failure(Event("custodian:x", hazard=hazard), recovery=0.25),)}
    products = {"one": posted(**terms), "other": ExchangeStaking(**terms, term_days=30.0)}
    scenario = Constants({ETH: 10.0, REWARD: APR(0.0)})
    results = simulate(products, scenario, TimeGrid.daily("2026-01-01", days=365), capital=100.0, n_paths=n, rng=1)
    failed = {name: outcome.lines[Line.CREDIT] < 0.0 for name, outcome in results.items()}
    chance = -np.expm1(-hazard)
    assert failed["one"].tolist() == failed["other"].tolist()
    assert abs(failed["one"].mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / n)
    assert results["other"].closing.mean() == pytest.approx(100 * (1 - 0.75 * failed["other"].mean()))


# Negative rewards: no forfeit is a gain, and nothing is worth less than nothing


@pytest.mark.parametrize("compounding", [False, True])
@pytest.mark.parametrize("rule", ["forfeit_all", "forfeit_period"])
def test_negative_rewards_that_are_paid_out_come_out_of_the_stake(rule, compounding):
    terms = ExchangeStaking(compounding=compounding, term_days=10.0, early_redemption=rule)
    outcome = terms.run(market(2, reward=APR(-0.365)), capital=100.0, keep="values")
    left = 100 * 0.999 * 0.999
    assert outcome.lines[Line.FORFEIT].tolist() == [0.0]
    assert outcome.closing[0] == pytest.approx(left)


def test_after_a_default_nothing_is_owed_for_negative_rewards():
    terms = ExchangeStaking(compounding=False, failures=(Failure(FAILED),))
    outcome = terms.run(failing(4, 0, 1, reward=APR(-0.365)), capital=100.0, keep="values")
    assert outcome.values is not None
    assert (outcome.values >= 0.0).all()
    assert outcome.closing[1] == 0.0


@pytest.mark.parametrize("rule", ["forfeit_all", "forfeit_period"])
def test_what_was_earned_before_a_negative_reward_is_all_that_is_forfeited(rule):
    terms = ExchangeStaking(compounding=False, commission=0.0, term_days=10.0, early_redemption=rule)
    rates = APR(np.array([0.365, -0.365, 0.365, 0.365]))
    outcome = terms.run(market(3, reward=rates), capital=100.0)
    earned = 0.1 + 0.1 * 0.999
    assert outcome.lines[Line.FORFEIT][0] == pytest.approx(-earned)
    assert outcome.closing[0] == pytest.approx(100 - 0.1)


# Waits, and terms that nobody can leave


def test_what_waits_to_be_let_in_earns_from_that_very_day():
    terms = posted(entry_days=1.25)
    outcome = terms.run(market(3), capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([100, 100, 100.075, 100.175])


def test_each_path_waits_as_the_market_says():
    waits = {
        EntryWait("ETH"): np.array([[0.0, 2.0, 9.0]] * 9),
        ExitWait("ETH"): np.array([[3.0, 0.0, 1.0]] * 9),
    }
    terms = ExchangeStaking(commission=0.0, entry_days=EntryWait("ETH"), redemption_days=ExitWait("ETH"))
    grid = TimeGrid.daily("2026-01-01", days=5, settlement_days=3)
    outcome = terms.run(Market(grid, {ETH: 10.0, REWARD: DAILY, **waits}), capital=100.0)
    assert outcome.closing.tolist() == pytest.approx([100 * 1.001**5, 100 * 1.001**3, 100.0])
    assert outcome.days_to_cash.tolist() == [3.0, 0.0, np.inf]  # nine days in, and one out


@pytest.mark.parametrize(("pays", "closing"), [(False, 100.1), (True, 100.3)])
def test_pay_while_one_waits_to_leave_is_a_term(pays, closing):
    terms = posted(redemption_days=2.0, withdrawal_days=1.0, earns_while_redeeming=pays)
    outcome = terms.run(market(1, 4, reward=APR(0.0)), capital=100.0)
    assert outcome.closing[0] == pytest.approx(closing)
    assert outcome.days_to_cash.tolist() == [3.0]
    assert outcome.earning_years[0] == pytest.approx((3.0 if pays else 1.0) / 365)


@pytest.mark.parametrize(("compounding", "closing"), [(True, 100 * 1.001**4), (False, 100.4)])
def test_a_term_that_nobody_can_leave_pays_to_its_end(compounding, closing):
    terms = posted(term_days=4.0, early_redemption="refused", redemption_days=1.0, compounding=compounding)
    outcome = terms.run(market(2, 5), capital=100.0)
    assert not terms.can_leave_early
    assert ExchangeStaking(term_days=4.0).can_leave_early
    assert outcome.closing[0] == pytest.approx(closing)
    assert outcome.days_to_cash.tolist() == [3.0]  # two days to the end of the term, and one to redeem
    assert outcome.earning_years[0] == pytest.approx(4 / 365)
    assert Line.FORFEIT not in outcome.lines


def test_on_the_day_on_which_a_term_ends_one_can_leave():
    outcome = posted(term_days=2.0, early_redemption="refused").run(market(4, 2), capital=100.0)
    assert outcome.days_to_cash.tolist() == [0.0]


@pytest.mark.parametrize(("entry_days", "paid_days", "days_to_cash"), [(3.0, 1.0, 10.0), (5.0, 0.0, np.inf)])
def test_a_deposit_let_in_in_the_step_in_which_the_running_term_ends_earns_until_then(
    entry_days, paid_days, days_to_cash
):
    """The step of days 1 to 11: the term ends on day 4, and a deposit of day 5 waits for its seven days from then."""
    times = np.datetime64("2026-01-01", "s") + np.array([0, 1, 11]) * np.timedelta64(86_400, "s")
    terms = ExchangeStaking(
        posted_rate=DAILY, term_days=4.0, early_redemption="refused", entry_days=entry_days, redemption_days=7.0
    )
    outcome = terms.run(Market(TimeGrid(times, 1), {ETH: 10.0}), capital=100.0)
    assert outcome.profit[0] == pytest.approx(100.0 * 0.001 * paid_days)
    assert outcome.days_to_cash.tolist() == [days_to_cash]


# The position by hand


def opened(terms, paths=2):
    """A position of 10 coins on each path, its book, and the moments of five days after the opening."""
    grid = TimeGrid.daily("2026-01-01", days=5)
    world = Market(grid, {ETH: np.full((6, paths), 10.0), REWARD: DAILY, FAILED: False})
    chunk = next(world.chunks())
    now = world.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 100.0)
    return terms.open(book, now), book, (now.at(chunk, step) for step in range(5))


def test_rewards_that_are_paid_out_are_in_a_place_of_their_own():
    position, book, moments = opened(posted())
    position.step(next(moments))
    assert book.account("ETH", "rewards").units.tolist() == pytest.approx([0.01, 0.01])
    assert book.account("ETH", "staked").units.tolist() == [10.0, 10.0]


def test_coins_that_came_into_the_wallet_are_sold_at_the_exit():
    position, book, moments = opened(posted())
    book.receive(book.account("ETH"), np.array([1.0, 3.0]))
    position.exit(next(moments), 0.5, paths=np.array([1]))
    assert book.account("ETH").units.tolist() == [1.0, 1.5]
    assert book.paid_out.units.tolist() == pytest.approx([0.0, 15.0 + 50.0])


def test_a_share_that_waits_for_the_end_of_its_term_earns_until_then_and_while_it_redeems():
    """Half leaves within a day, also of a deposit that becomes active later on that day; its rest then stands there."""
    terms = posted(
        term_days=1.5, early_redemption="refused", redemption_days=2.0, earns_while_redeeming=True, entry_days=0.0
    )
    position, book, moments = opened(terms)
    now = next(moments)
    position.step(now)
    position.exit(now, 0.5)
    assert position.earns_until_day == 1.5
    book.receive(book.account("ETH", "new"), 4.0)
    position._passage.bring_in(now, book.account("ETH", "new"), None, 0.75)
    position.step(next(moments))
    assert position.earns_until_day == 3.5
    assert book.account("ETH", "staked").units.tolist() == [5.0 + 2.0] * 2
    assert book.account("ETH", "entering").units.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("line", "compounding", "left"),
    [("credit", False, 0.5), ("exploit", False, 0.5), ("slashing", False, 1.0), ("slashing", True, 0.5)],
)
def test_a_failure_cuts_the_rewards_that_it_strikes(line, compounding, left):
    terms = posted(
        term_days=4.0,
        early_redemption="forfeit_all",
        compounding=compounding,
        failures=(Failure(FAILED, 0.5, line=line),),
    )
    position, _, moments = opened(terms)
    now = next(moments)
    position.step(now)
    position._cut(now, terms.failures[0], np.array([1]))
    assert position._term._forfeitable.tolist() == pytest.approx([0.01, 0.01 * left])
