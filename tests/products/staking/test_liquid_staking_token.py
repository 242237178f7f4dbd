"""`LiquidStakingToken`: accounting, market ratio, ways out, exploit and slashing, by hand."""

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
    MarketRatio,
    Now,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure, LiquidStakingToken, Position, Product, StakingPool
from stakingmodels.products.parts.per_path import chosen_of
from stakingmodels.products.staking.token_position import LiquidStakingTokenPosition
from stakingmodels.rates import APR, APY
from stakingmodels.testing.strategies import markets, products
from tests.examples import examples
from tests.products.conform import conform

ETH, REWARD, RATIO = Price("ETH"), StakingReward("ETH"), MarketRatio("stETH")
EXPLOITED, SLASHED = Event("exploit:x"), Event("slashing:x")
DAILY = APR(0.365)
"""0.1 % a day."""
SALE = LiquidStakingToken(protocol_fee=0.0, exit_route="sale")
QUEUE = LiquidStakingToken(protocol_fee=0.0, exit_route="queue", queue_days=2.0, waiting_cost_per_year=0.0)


def market(days, tail=0, *, price=10.0, ratio=1.0, reward=DAILY, cash=APR(0.0), wait=None, **events):
    """A market; capital of 100 mints 10 tokens where the price opens at 10."""
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    series: dict[Factor, Any] = {ETH: price, REWARD: reward, RATIO: ratio, CashRate("USD"): cash}
    if wait is not None:
        series[ExitWait("ETH")] = wait
    return Market(grid, {**series, **{Event(f"{name}:x"): rows for name, rows in events.items()}})


def struck(days, tail, *steps):
    """Two paths, of which the second is struck in these steps."""
    rows = np.zeros((days + tail + 1, 2), dtype=bool)
    rows[list(steps), 1] = True
    return rows


def money(outcome: Outcome, path: int = 0) -> dict[str, float]:
    """The lines that are not 0, of one path, by label."""
    return {line.label: float(amount[path]) for line, amount in outcome.lines.items() if amount[path] != 0.0}


# Rewards


def test_the_protocol_keeps_its_fee():
    outcome = LiquidStakingToken(exit_route="sale").run(market(2), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 1.0009**2)
    assert money(outcome) == pytest.approx({"consensus": 0.1 + 0.10009, "protocol": -0.020009})


def test_a_fee_of_everything_leaves_the_coins():
    outcome = SALE.replace(protocol_fee=1.0).run(market(5), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.0, rel=1e-14)


def test_a_negative_reward_burns_coins_and_pays_no_fee():
    outcome = LiquidStakingToken(exit_route="sale").run(market(2, reward=APR(-0.365)), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 0.999**2)
    assert outcome.lines[Line.PROTOCOL].tolist() == [0.0]


@given(st.floats(0.0, 1.0), st.booleans())
@examples(20)
def test_at_par_it_is_a_pool(fee, queues):
    prices = np.random.default_rng(1).lognormal(3.0, 0.2, (366, 3))
    world = market(360, 5, price=prices, reward=APY(0.1))
    token = LiquidStakingToken(protocol_fee=fee, exit_route="queue" if queues else "sale", queue_days=3.0)
    pool = StakingPool(commission=fee, unbonding_days=3.0 if queues else 0.0)
    assert token.run(world, capital=1.0).closing.tolist() == pytest.approx(
        pool.run(world, capital=1.0).closing.tolist(), rel=1e-13
    )


# Price and discount


def test_price_and_ratio_move_on_their_own_lines():
    """10 coins, no reward: (10, 1.0), (20, 0.9), (15, 0.8), (30, 0.95)."""
    world = market(3, price=np.array([10.0, 20.0, 15.0, 30.0]), ratio=np.array([1.0, 0.9, 0.8, 0.95]), reward=APR(0.0))
    outcome = SALE.run(world, capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([100, 180, 120, 285])
    price = 10 * (10 * 1.0 - 5 * 0.9 + 15 * 0.8)
    discount = 10 * (20 * -0.1 + 15 * -0.1 + 30 * 0.15)
    assert money(outcome) == pytest.approx({"price": price, "discount": discount})
    assert outcome.closing[0] == pytest.approx(100 + price + discount)


def test_rewards_are_booked_at_what_the_tokens_fetch():
    outcome = SALE.run(market(1, ratio=0.5), capital=100.0)
    assert money(outcome) == pytest.approx({"consensus": 0.01 * 5, "discount": -50.0})
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(0.01)


@pytest.mark.parametrize(("mint", "coins", "discount"), [(True, 10.0, -20.0), (False, 12.5, 0.0)])
def test_minting_pays_the_discount_and_buying_does_not(mint, coins, discount):
    outcome = SALE.replace(mint=mint).run(market(1, ratio=0.8, reward=APR(0.0)), capital=100.0, keep="values")
    assert money(outcome).get("discount", 0.0) == pytest.approx(discount)
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([8 * coins, 8 * coins])


def test_a_premium_is_legal():
    outcome = SALE.run(market(1, ratio=1.25, reward=APR(0.0)), capital=100.0)
    assert money(outcome) == pytest.approx({"discount": 25.0})


@pytest.mark.parametrize("mint", [True, False])
def test_fees_of_buying_and_selling(mint):
    terms = SALE.replace(mint=mint, buy_fee=0.25, sell_fee=0.1)
    outcome = terms.run(market(1), capital=125.0)
    assert outcome.closing[0] == pytest.approx(100 * 1.001 * 0.9)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-25 - 10.01)


def test_a_token_that_costs_nothing_cannot_be_bought():
    outcome = SALE.replace(mint=False).run(market(2, ratio=0.0), capital=100.0)
    assert outcome.closing.tolist() == [100.0]


# Ways out


def test_a_sale_takes_the_ratio_of_the_day_less_the_fee():
    ratio = np.array([1.0, 1.0, 0.9, 0.1])
    outcome = SALE.replace(sell_fee=0.1).run(market(2, 1, ratio=ratio), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 1.001**2 * 0.9 * 0.9)
    assert outcome.days_to_cash.tolist() == [0.0]


def test_the_queue_redeems_one_for_one_and_bears_the_price():
    """Two days at par, the ratio at 0.9 on the day of asking; then the price alone."""
    price = np.array([10.0, 10.0, 10.0, 11.0, 12.0, 99.0])
    ratio = np.array([1.0, 1.0, 0.9, 0.5, 0.4, 0.3])
    terms = QUEUE.replace(sell_fee=0.1)
    outcome = terms.run(market(2, 3, price=price, ratio=ratio), capital=100.0, keep="values")
    coins = 10 * 1.001**2
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx(
        [100, 100.1, coins * 10, coins * 11, coins * 12 * 0.9, coins * 12 * 0.9]
    )
    # down with the ratio on day 2, up again on leaving the market behind; rewards of that day come at 0.9
    before = 10 * 1.001
    discount = before * 10 * -0.1 + coins * 10 * 0.1
    assert outcome.lines[Line.DISCOUNT][0] == pytest.approx(discount)
    assert outcome.lines[Line.PRICE][0] == pytest.approx(coins * 2)
    assert outcome.lines[Line.CONSENSUS][0] == pytest.approx(0.1 + 0.01001 * 9)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-coins * 1.2)
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(coins - 10)
    assert outcome.days_to_cash.tolist() == [2.0]


@pytest.mark.parametrize(("wait", "days"), [(0.0, 0.0), (1.0, 1.0), (2.5, 3.0), (34.7, 35.0)])
def test_the_money_is_in_hand_when_the_queue_ends(wait, days):
    outcome = QUEUE.replace(queue_days=wait).run(market(3, 40, ratio=0.9), capital=100.0)
    assert outcome.days_to_cash.tolist() == [days]
    assert outcome.closing[0] == pytest.approx(100 * 1.001**3)


def test_a_queue_that_has_not_ended_is_said_so():
    outcome = QUEUE.replace(queue_days=5.0).run(market(1, 2, reward=APR(0.0)), capital=100.0)
    assert outcome.settled.tolist() == [False]
    assert outcome.units["ETH", "unbonding"].tolist() == [10.0]


@pytest.mark.parametrize(
    ("ratio", "days"), [(1.0, 0.0), (1.1, 0.0), (1.0 - 1e-12, 2.0), (0.5, 2.0), (1.0 + 1e-12, 0.0)]
)
@pytest.mark.parametrize("reward", [APR(0.0), DAILY, APR(-0.365)])
@pytest.mark.parametrize("cash", [APR(0.0), DAILY])
def test_the_cheaper_way(ratio, reward, cash, days):
    """What staying would pay is lost on both ways, and what cash would pay is what prices drift at."""
    terms = QUEUE.replace(exit_route="cheaper", sell_fee=0.1)
    world = market(3, 3, ratio=ratio, reward=reward, cash=cash)
    outcome = terms.run(world, capital=100.0)
    assert outcome.days_to_cash.tolist() == [days]
    by_hand = terms.replace(exit_route="queue" if days else "sale").run(world, capital=100.0)
    assert outcome.closing.tolist() == by_hand.closing.tolist()


@pytest.mark.parametrize(
    ("ratio", "wait", "days"),
    [(1.0 - 0.25 * 2 / 365, 2.0, 0.0), (0.999, 2.0, 0.0), (0.998, 2.0, 2.0), (0.998, 35.0, 0.0), (0.97, 35.0, 35.0)],
)
def test_a_discount_is_taken_that_costs_less_than_the_wait_is_worth(ratio, wait, days):
    """At a quarter of the value a year, two days are worth 0.14 %, and 35 days 2.4 %."""
    terms = QUEUE.replace(exit_route="cheaper", queue_days=wait, waiting_cost_per_year=0.25)
    outcome = terms.run(market(3, 40, ratio=ratio, reward=APR(0.0)), capital=100.0)
    assert outcome.days_to_cash.tolist() == [days]
    assert LiquidStakingToken().waiting_cost_per_year == 0.25


def test_each_path_reads_its_own_queue_on_the_day_of_asking():
    waits = np.array([[9.0, 9.0, 9.0, 9.0], [9.0, 9.0, 9.0, 9.0], [0.0, 0.5, 3.0, 30.0], *[[7.0] * 4] * 4])
    terms = QUEUE.replace(queue_days=ExitWait("ETH"), withdrawal_days=0.5)
    outcome = terms.run(market(2, 4, reward=APR(0.0), wait=waits), capital=100.0)
    assert outcome.days_to_cash.tolist() == [1.0, 1.0, 4.0, np.inf]
    nothing = terms.replace(withdrawal_days=0.0).run(market(2, 4, reward=APR(0.0), wait=waits), capital=100.0)
    assert nothing.days_to_cash.tolist() == [0.0, 1.0, 3.0, np.inf]


def test_where_the_wait_differs_so_may_the_way():
    waits = np.array([[2.0, 40.0]] * 48)
    terms = QUEUE.replace(exit_route="cheaper", queue_days=ExitWait("ETH"), waiting_cost_per_year=0.25)
    outcome = terms.run(market(2, 45, ratio=0.99, reward=APR(0.0), wait=waits), capital=100.0)
    assert outcome.days_to_cash.tolist() == [2.0, 0.0]


def test_before_redemptions_open_tokens_are_sold():
    terms = QUEUE.replace(exit_route="cheaper", redeemable_from="2026-01-06")
    world = market(2, 10, ratio=0.5, reward=APR(0.0))
    assert terms.run(world, capital=100.0).closing.tolist() == [50.0]
    waits = terms.replace(exit_route="queue").run(world, capital=100.0)  # three days shut, and two in the queue
    assert waits.closing.tolist() == [100.0]
    assert waits.days_to_cash.tolist() == [5.0]


def test_lido_opened_withdrawals_in_may_2023():
    grid = TimeGrid.daily("2022-06-14", days=1, settlement_days=60)
    crash = Market(grid, {ETH: 1_200.0, REWARD: APR(0.0), RATIO: 0.94})
    outcome = LiquidStakingToken(queue_days=34.7).run(crash, capital=1_200.0)
    assert outcome.days_to_cash.tolist() == [0.0]
    assert outcome.closing.tolist() == pytest.approx([1_200 * 0.94])
    assert LiquidStakingToken(token="rETH").redeemable_from is None  # noqa: S106


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({}, "token"),
        ({"token": "JitoSOL"}, "protocol_fee"),
        ({"token": "JitoSOL", "protocol_fee": 0.04}, "queue_days"),
    ],
)
def test_a_token_of_another_chain_has_none_of_ethereums_terms(terms, field):
    with pytest.raises(InputError, match=rf"^LiquidStakingToken\.{field}: must be given for a token of SOL, since"):
        LiquidStakingToken(asset="SOL", **terms)


def test_another_chains_queue_is_refused():
    with pytest.raises(InputError, match=r'^LiquidStakingToken\.queue_days: must be ExitWait\("ETH"\)'):
        LiquidStakingToken(queue_days=ExitWait("SOL"))
    with pytest.raises(InputTypeError, match=r"^LiquidStakingToken\.queue_days: must be ExitWait"):
        LiquidStakingToken(queue_days=EntryWait("ETH"))  # type: ignore[arg-type]


@given(ratio=st.floats(0.5, 1.5), drift=st.floats(-0.5, 0.5), wait=st.integers(0, 5))
def test_where_the_price_drifts_at_the_cash_rate_the_cheaper_way_leaves_the_more_money(ratio, drift, wait):
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=6)
    rate = APY(np.expm1(drift))
    price = 10.0 * np.exp(drift * grid.elapsed_days / 365.0)
    world = Market(grid, {ETH: price, REWARD: DAILY, RATIO: ratio, CashRate("USD"): rate})
    terms = QUEUE.replace(queue_days=float(wait), sell_fee=0.01)
    best, *others = (terms.replace(exit_route=way).run(world, capital=100.0) for way in ("cheaper", "sale", "queue"))
    assert best.closing[0] >= max(other.closing[0] for other in others) * (1.0 - 1e-12)


def test_each_path_takes_its_own_way():
    ratio = np.array([[1.0, 0.9, 1.2, 0.0]] * 6)
    outcome = QUEUE.replace(exit_route="cheaper").run(market(2, 3, ratio=ratio, reward=APR(0.0)), capital=100.0)
    assert outcome.days_to_cash.tolist() == [0.0, 2.0, 0.0, 2.0]
    assert outcome.closing.tolist() == pytest.approx([100, 100, 120, 100])


def test_the_choice_sees_the_day_of_askingchosen_of():
    """At 1.001 the sale is cheaper; that the ratio was below one, and doubles on the next day, does not change that."""
    ratio = np.array([1.0, 0.9, 1.001, 2.0, 2.0])
    terms = QUEUE.replace(exit_route="cheaper")
    assert terms.run(market(2, 2, ratio=ratio, reward=APR(0.0)), capital=100.0).days_to_cash.tolist() == [0.0]


def test_without_a_queue_redeeming_is_free():
    terms = QUEUE.replace(exit_route="cheaper", queue_days=0.0, sell_fee=0.1)
    ratio = np.array([[0.9, 1.1]] * 3)
    outcome = terms.run(market(2, ratio=ratio, reward=APR(0.0)), capital=100.0)
    assert outcome.closing.tolist() == pytest.approx([90.0, 99.0])
    assert outcome.days_to_cash.tolist() == [0.0, 0.0]


# Exploit and slashing


@pytest.mark.parametrize(("name", "line"), [("exploit", Line.EXPLOIT), ("slashing", Line.SLASHING)])
@pytest.mark.parametrize(
    ("step", "left"), [(0, 75.0), (1, 75.0), (2, 75.0), (3, 75.0), (4, 100.0)], ids=lambda value: f"{value:g}"
)
def test_losses_reach_tokens_and_queue_until_it_is_out(name, line, step, left):
    """The queue is entered at the end of step 1 and left at the end of step 3."""
    terms = QUEUE.replace(failures=(Failure(Event(f"{name}:x"), 0.25, line=name),))
    outcome = terms.run(market(2, 3, reward=APR(0.0), **{name: struck(2, 3, step)}), capital=100.0)
    assert outcome.closing.tolist() == pytest.approx([100.0, left])
    assert outcome.lines.get(line, np.zeros(2)).tolist() == pytest.approx([0.0, left - 100.0])


def test_a_loss_of_tokens_counts_at_their_ratio_and_one_in_the_queue_at_the_price():
    ratio = np.array([1.0, 0.8, 0.8, 0.8, 0.8])
    terms = QUEUE.replace(failures=(Failure(EXPLOITED, 0.5, line="exploit"),))
    world = market(2, 2, ratio=ratio, reward=APR(0.0), exploit=np.array([True, False, True, False, False]))
    outcome = terms.run(world, capital=100.0)
    assert outcome.lines[Line.EXPLOIT][0] == pytest.approx(-5 * 8 - 2.5 * 10)
    assert outcome.closing[0] == pytest.approx(25.0)


def test_slashing_and_exploit_on_one_day_multiply():
    terms = SALE.replace(
        failures=(Failure(SLASHED, 0.1, line="slashing"), Failure(EXPLOITED, 0.5, line="exploit")),
        accounting="accruing",
    )
    both = struck(2, 0, 1)
    outcome = terms.run(market(2, reward=APR(0.0), exploit=both, slashing=both), capital=100.0)
    assert money(outcome, 1) == pytest.approx({"slashing": -10.0, "exploit": -45.0})


@pytest.mark.parametrize("accounting", ["rebasing", "accruing"])
def test_an_exploit_of_everything_leaves_nothing(accounting):
    terms = QUEUE.replace(accounting=accounting, failures=(Failure(EXPLOITED, 1.0, line="exploit"),))
    outcome = terms.run(market(4, 3, exploit=struck(4, 3, 1)), capital=100.0)
    assert outcome.closing.tolist() == [pytest.approx(100 * 1.001**4), 0.0]


def test_what_it_reads():
    assert LiquidStakingToken().factors == {ETH, REWARD, RATIO}
    own: dict[str, Any] = {"token": "JitoSOL", "protocol_fee": 0.04, "queue_days": 2.0}
    other = LiquidStakingToken(
        asset="SOL",
        failures=(Failure(SLASHED, 0.1, line="slashing"), Failure(EXPLOITED, 0.5, line="exploit")),
        **own,
    )
    expected = {Price("SOL"), StakingReward("SOL"), MarketRatio("JitoSOL"), SLASHED, EXPLOITED}
    assert other.factors == expected


# Rebasing and accruing


@attrs.frozen
class Script(Product):
    """Leaves in part, and invests again what is in the wallet, at given steps; notes tokens and rate after each."""

    part: LiquidStakingToken
    leave: tuple[int, ...] = ()
    again: tuple[int, ...] = ()
    how: str | None = None
    kept: float = 0.0
    notes: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = attrs.field(factory=list)
    asset: str = "ETH"

    @property
    def factors(self) -> frozenset[Factor]:
        return self.part.factors

    def open(self, book: Book, now: Now) -> Position:
        script, kept = self, book.account(now.numeraire, "kept")
        book.move(book.cash, kept, script.kept)
        position = self.part.open(book, now)
        staked = book.account("ETH", self.part.token, MarketRatio(self.part.token))

        class Scripted(Position):
            def step(self, now: Now) -> None:
                position.step(now)
                if now.step in script.leave:
                    position.exit(now, 0.25, script.how)
                if now.step in script.again:
                    book.move(kept, book.cash)
                    position.add(now, script.kept)
                script.note(position, staked.units)

            def exit(
                self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None
            ) -> None:
                position.exit(now, share, how, paths)
                script.note(position, staked.units)

        self.note(position, staked.units)
        return Scripted()

    def note(self, position: LiquidStakingTokenPosition, coins: np.ndarray) -> None:
        self.notes.append((position.tokens, position.rate, coins.copy()))


def test_a_rebasing_token_stays_a_coin_and_an_accruing_one_a_share():
    both = {kind: Script(SALE.replace(accounting=kind, opening_rate=1.25)) for kind in ("rebasing", "accruing")}
    for script in both.values():
        script.run(market(3), capital=100.0)
    coins = [10 * 1.001**k for k in range(4)]
    rebasing = [(float(tokens[0]), float(rate[0])) for tokens, rate, _ in both["rebasing"].notes[:4]]
    accruing = [(float(tokens[0]), float(rate[0])) for tokens, rate, _ in both["accruing"].notes[:4]]
    assert rebasing == [pytest.approx((each, 1.0)) for each in coins]
    assert accruing == [pytest.approx((8.0, 1.25 * each / 10)) for each in coins]
    assert both["rebasing"].notes[-1][0].tolist() == both["accruing"].notes[-1][0].tolist() == [0.0]


def test_what_a_position_shows_cannot_be_written_to():
    script = Script(SALE)
    script.run(market(1), capital=100.0)
    for shown in script.notes[0][:2]:
        assert not shown.flags.writeable


def random_world(seed):
    """A year and a tail of rough days on 50 paths: prices, ratios, rewards, exploits and slashings."""
    random = np.random.default_rng(seed)
    shape = (401, 50)
    walk = np.exp(0.05 * np.cumsum(random.standard_normal(shape), axis=0))
    rows = {name: random.random(shape) < 0.005 for name in ("exploit", "slashing")}
    reward = APR(random.uniform(-0.1, 0.5, shape))
    return market(365, 35, price=3000 * walk, ratio=random.uniform(0.5, 1.1, shape), reward=reward, **rows)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mint", [True, False])
@pytest.mark.parametrize("way", ["sale", "queue", "cheaper"])
def test_both_kinds_have_equal_value_on_every_path(seed, mint, way):
    rebasing = LiquidStakingToken(
        mint=mint,
        exit_route=way,
        buy_fee=0.01,
        sell_fee=0.02,
        failures=(Failure(SLASHED, 0.05, line="slashing"), Failure(EXPLOITED, 0.4, line="exploit")),
    )
    accruing = rebasing.replace(accounting="accruing", opening_rate=1.2345)
    world = random_world(seed)
    one, other = (
        Script(terms, leave=(50, 100), again=(150,), kept=3e4).run(world, capital=1e5, keep="values")
        for terms in (rebasing, accruing)
    )
    assert one.values is not None
    assert other.values is not None
    np.testing.assert_allclose(one.values, other.values, rtol=1e-12, atol=0.0)
    assert one.days_to_cash.tolist() == other.days_to_cash.tolist()
    for line, amount in one.lines.items():
        np.testing.assert_allclose(amount, other.lines[line], rtol=1e-11, atol=1e-7)


@pytest.mark.parametrize("accounting", ["rebasing", "accruing"])
def test_tokens_times_rate_are_the_coins_in_the_book(accounting):
    terms = LiquidStakingToken(
        accounting=accounting,
        opening_rate=1.2345,
        failures=(Failure(SLASHED, 0.05, line="slashing"), Failure(EXPLOITED, 0.4, line="exploit")),
    )
    script = Script(terms, leave=(50, 100), again=(150,), how="sale", kept=3e4)
    script.run(random_world(9), capital=1e5)
    assert len(script.notes) > 400
    for tokens, rate, coins in script.notes:
        np.testing.assert_allclose(tokens * rate, coins, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize("accounting", ["rebasing", "accruing"])
def test_a_token_of_which_nothing_was_left_takes_no_more_money(accounting):
    terms = SALE.replace(
        accounting=accounting, opening_rate=2.0, failures=(Failure(EXPLOITED, 1.0, line="exploit"),), protocol_fee=0.1
    )
    script = Script(terms, leave=(0,), again=(2,), kept=25.0)
    outcome = script.run(market(4, reward=APR(0.0), exploit=struck(4, 0, 1)), capital=125.0)
    assert outcome.closing.tolist() == pytest.approx([125.0, 50.0])  # 25 sold before, and 25 that stay in the wallet
    tokens, rate, coins = script.notes[-2]
    assert coins.tolist() == pytest.approx([10.0, 0.0])
    assert tokens.tolist() == pytest.approx([5.0, 3.75] if accounting == "accruing" else [10.0, 0.0])
    assert rate.tolist() == ([2.0, 0.0] if accounting == "accruing" else [1.0, 1.0])


def test_a_part_can_leave_by_another_way():
    script = Script(SALE, leave=(0,), how="queue")
    outcome = script.run(market(2, 40, ratio=0.5, reward=APR(0.0)), capital=100.0)
    assert outcome.closing[0] == pytest.approx(25 + 37.5)
    with pytest.raises(
        InputError, match=r"^LiquidStakingTokenPosition\.exit: how: must be one of 'sale', 'queue', 'cheaper'"
    ):
        Script(SALE, leave=(0,), how="swap").run(market(2), capital=100.0)


# Other money


def test_another_numeraire():
    world = Market(TimeGrid.daily("2026-01-01", days=1), {ETH: 2500.0, REWARD: DAILY, RATIO: 1.0}, "EUR")
    assert SALE.run(world, capital=25_000.0).closing[0] == pytest.approx(25_025.0)


@pytest.mark.parametrize("mint", [True, False])
@pytest.mark.parametrize(("terms", "closing"), [(SALE, 8.0), (QUEUE, 10.0)], ids=["sale", "queue"])
def test_the_coin_itself_as_numeraire(terms, closing, mint):
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=2)
    world = Market(grid, {REWARD: APR(0.0), RATIO: np.array([1.0, 0.9, 0.8, 0.8, 0.8])}, "ETH")
    outcome = attrs.evolve(terms, mint=mint).run(world, capital=10.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([10.0, 9.0, closing, closing, closing])
    assert outcome.settled.all()


def test_price_scaled_scales_money_and_leaves_coins():
    prices = np.random.default_rng(2).lognormal(3.0, 0.2, (31, 4))
    ratio = np.random.default_rng(3).uniform(0.9, 1.01, (31, 4))
    terms = LiquidStakingToken(queue_days=3.0, buy_fee=0.01)
    one = terms.run(market(25, 5, price=prices, ratio=ratio), capital=64.0)
    double = terms.run(market(25, 5, price=8 * prices, ratio=ratio), capital=512.0)
    assert double.closing.tolist() == (8 * one.closing).tolist()
    assert double.native[Line.CONSENSUS, "ETH"].tolist() == one.native[Line.CONSENSUS, "ETH"].tolist()


# Terms


@pytest.mark.parametrize("field", ["protocol_fee", "buy_fee", "sell_fee"])
@pytest.mark.parametrize("value", [1.5, -0.01, float("nan")])
def test_fractions(field, value):
    with pytest.raises(InputError, match=rf"^LiquidStakingToken\.{field}: must be (a fraction in \[0, 1\]|finite)"):
        LiquidStakingToken(**{field: value})


def test_a_fee_in_percent_is_told_so():
    with pytest.raises(
        InputError, match=r"protocol_fee: must be a fraction in \[0, 1\], got 10 \(percent\? write 0\.10"
    ):
        LiquidStakingToken(protocol_fee=10)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_opening_rates(rate):
    with pytest.raises(InputError, match=r"^LiquidStakingToken\.opening_rate: must be"):
        LiquidStakingToken(opening_rate=rate)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"accounting": "wrapped"}, InputError),
        ({"accounting": None}, InputError),
        ({"mint": 1}, InputTypeError),
        ({"exit_route": "swap"}, InputError),
        ({"queue_days": -1.0}, InputError),
        ({"queue_days": np.timedelta64(1, "D")}, InputTypeError),
        ({"failures": EXPLOITED}, InputTypeError),
        ({"failures": (True,)}, InputTypeError),
        ({"token": ""}, InputError),
        ({"token": RATIO}, InputTypeError),
        ({"asset": "ETH "}, InputError),
        ({"protocol_fee": "10%"}, InputTypeError),
        ({"opening_rate": True}, InputTypeError),
    ],
)
def test_terms_are_refused(terms, error):
    with pytest.raises(error, match=rf"^LiquidStakingToken\.{next(iter(terms))}: "):
        LiquidStakingToken(**terms)


def test_a_market_without_the_ratio_is_told_what_to_add():
    world = Market(TimeGrid.daily("2026-01-01", days=1), {ETH: 10.0, REWARD: DAILY})
    with pytest.raises(InputError, match=r'reads MarketRatio\("stETH"\)'):
        LiquidStakingToken().run(world, capital=100.0)


# The named checks of the library


REAL = [
    LiquidStakingToken(),
    LiquidStakingToken(
        exit_route="queue", queue_days=3.0, failures=(Failure(SLASHED, 0.1, line="slashing"),), sell_fee=0.02
    ),
    LiquidStakingToken(
        accounting="accruing", opening_rate=1.2, mint=False, failures=(Failure(EXPLOITED, 0.5, line="exploit"),)
    ),
    LiquidStakingToken(exit_route="sale", failures=(Failure(EXPLOITED, 1.0, line="exploit"),), buy_fee=0.01),
]


@pytest.mark.parametrize("product", REAL, ids=str)
@conform
@pytest.mark.few(2)
def test_it_conforms(product, check):
    check(product)


@examples(60)
@given(data=st.data())
def test_any_two_kinds_have_equal_value(data):
    one = data.draw(products(LiquidStakingToken)).replace(entry=None)  # of which the capital may fall short
    other = attrs.evolve(one, accounting="accruing" if one.accounting == "rebasing" else "rebasing")
    world = data.draw(markets(one.factors))
    values = [each.run(world, capital=1_000.0, keep="values").values for each in (one, other)]
    assert values[0] is not None
    assert values[1] is not None
    scale = np.maximum.accumulate(values[0], axis=0)  # what an exit at a worthless ratio leaves is rounding
    assert (np.abs(values[0] - values[1]) <= 1e-12 * scale).all()


# The position by hand


def opened(terms, reward=DAILY):
    """A position of two paths with 10 coins behind its tokens, its book, and the end of the first day."""
    world = market(2, price=np.full((3, 2), 10.0), ratio=0.5, reward=reward)
    chunk = next(world.chunks())
    now = world.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 100.0)
    return terms.open(book, now), book, now.at(chunk, 0)


def test_money_that_comes_later_buys_tokens_at_the_markets_ratio_and_pays_the_fee():
    position, book, now = opened(SALE.replace(mint=False, buy_fee=0.25))
    tokens = book.account("ETH", "stETH", RATIO)
    first = 100.0 * 0.8 / (10.0 * 0.5)  # a fee of a quarter on the price of what is bought
    assert tokens.units.tolist() == pytest.approx([first, first])
    book.receive(book.cash, 10.0)
    position.add(now, 10.0, np.array([1]))
    assert tokens.units.tolist() == pytest.approx([first, first * 1.1])
    assert position.tokens.tolist() == pytest.approx([first, first * 1.1])
    assert book.cash.units.tolist() == pytest.approx([10.0, 0.0])


def test_redemptions_that_have_no_day_of_opening_are_open():
    position, _, now = opened(QUEUE.replace(redeemable_from=None))
    assert position._closed_days(now) == 0.0
    assert opened(QUEUE.replace(redeemable_from="2026-01-05"))[0]._closed_days(now) == 3.0


def test_where_all_leave_one_way_the_paths_are_those_that_were_given():
    every, some = np.array([True, True]), np.array([3, 5])
    assert chosen_of(every, 0.5, None) == (None, 0.5, None)
    assert chosen_of(every, 0.5, some) == (some, 0.5, None)
    paths, share, there = chosen_of(~every | np.array([False, True]), np.array([0.25, 0.75]), some)
    assert (np.asarray(paths).tolist(), np.asarray(share).tolist(), np.asarray(there).tolist()) == ([5], [0.75], [1])


def test_a_reward_of_all_that_there_is_doubles_the_rate():
    with pytest.warns(UnitWarning, match="percent"):
        position, book, now = opened(SALE.replace(accounting="accruing"), APR(365.0))
    position.step(now)
    assert position.rate.tolist() == pytest.approx([2.0, 2.0])
    assert book.account("ETH", "stETH", RATIO).units.tolist() == pytest.approx([20.0, 20.0])


def test_nothing_is_booked_where_there_are_no_tokens():
    position, book, now = opened(SALE)
    position._staked = book.account("ETH", "none")
    booked: list[Any] = []
    book.observe(lambda _step, line, _account, _units, _paths: booked.append(line))
    position.step(now)
    assert booked == []


def test_a_share_leaves_on_the_paths_that_are_given():
    position, book, now = opened(SALE)
    tokens = book.account("ETH", "stETH", RATIO)
    position.exit(now, 0.5, paths=np.array([1]))
    assert tokens.units.tolist() == [10.0, 5.0]
    assert position.tokens.tolist() == [10.0, 5.0]
    assert book.paid_out.units.tolist() == [0.0, 25.0]
    position.exit(now, np.array([0.25, 0.5]))
    assert position.tokens.tolist() == [7.5, 2.5]
    position.exit(now)
    assert position.tokens.tolist() == [0.0, 0.0]
    assert position._terms.ways_out == ("sale", "queue", "cheaper")


def test_money_that_comes_later_is_minted():
    position, book, now = opened(SALE)
    book.receive(book.cash, 10.0)
    position.add(now, 10.0, np.array([1]))
    assert position.tokens.tolist() == [10.0, 11.0]
    assert (
        opened(SALE.replace(redeemable_from="2026-01-02"))[0]._is_sold(now, "cheaper", 0.5, 0.0).tolist() == [True] * 2
    )


def test_an_exit_through_the_queue_sells_nothing_on_its_day():
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=3)
    market = Market(grid, {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 0.9})
    token = LiquidStakingToken(exit_route="queue", queue_days=2.0)
    entries = token.run(market, capital=100.0, keep="ledger").entries or ()
    assert [each.step for each in entries if each.place == "paid_out"] == [3]


def test_redemptions_open_on_the_date_of_each_path():
    """Of two paths whose dates differ by ten days, left after two days, one waits for the opening."""
    era = np.array([0, 10], dtype="timedelta64[D]").astype("timedelta64[s]")
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=15)
    series: Any = {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 0.9}
    market = Market.from_sources(grid, 2, [], series=series, time_offsets=era)
    token = LiquidStakingToken(
        exit_route="queue", queue_days=1.0, withdrawal_days=0.0, redeemable_from="2026-01-08", protocol_fee=0.0
    )
    assert token.run(market, capital=100.0).days_to_cash.tolist() == [6.0, 1.0]
