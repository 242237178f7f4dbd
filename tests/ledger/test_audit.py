"""What every run verifies: books close, lines have their signs, nothing is overdrawn, nothing owed without a debt."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    BookError,
    Line,
    LiquidStakingToken,
    Market,
    MarketRatio,
    NumericalError,
    Position,
    Price,
    Product,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.engine.run import run_block
from stakingmodels.ledger.audit import Accounts, refuse_overdrawn
from stakingmodels.ledger.sums import LineSums
from stakingmodels.scenarios import Constants

ETH, REWARD = Price("ETH"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=25, settlement_days=5)
PRICES = np.linspace([10.0, 20.0, 5.0], [20.0, 10.0, 50.0], GRID.n_times)
MOVING = Market(GRID, {ETH: PRICES})


def buy(book, _now):
    book.trade(book.cash, book.account("ETH"))


def acts(act, step=12):
    return {-1: buy, step: act}


def wrong(change):
    """Change an account or a sum behind the back of the book."""
    return acts(lambda book, _now: change(book, book.account("ETH")))


def units_from_nowhere(book, coins):
    coins.raw_units[1] += 1e-9
    book.journal.is_dirty = True


def units_lost_without_a_line(_book, coins):
    coins.raw_units[2] -= 1e-9


def money_booked_twice(book, _coins):
    book.journal._money[Line.PRICE][0] += 1e-8


def capital_twice(book, _coins):
    book.receive(book.cash, 1e-8)


def received_from_nobody(book, coins):
    book.receive(coins, 1e-9)


def units_in_an_account_that_counts_as_empty(book, _coins):
    book.account("ETH", "staked").raw_units[1] = 1e-9


def prices_moved_twice(book, _coins):
    book.advance(book._now, 0.0)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (units_from_nowhere, 1),
        (units_lost_without_a_line, 2),
        (money_booked_twice, 0),
        (capital_twice, 0),
        (received_from_nobody, 0),
        (prices_moved_twice, 0),
    ],
)
def test_books_that_do_not_close_end_the_run_with_product_and_path(script, change, path):
    with pytest.raises(
        BookError, match=rf"^Script: the books on path {path}: closing must be capital and lines, .* off\)"
    ):
        script(MOVING, wrong(change))


def test_an_account_that_counts_as_empty_is(script):
    with pytest.raises(BookError, match="on path 1: ETH in 'staked' must be empty, as the book has it, got 1e-09"):
        script(MOVING, wrong(units_in_an_account_that_counts_as_empty))


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e9])
def test_the_slack_scales_with_the_amounts(script, factor):
    """A millionth of a millionth of what is at work is rounding, a billionth is not."""

    def change(share):
        return wrong(lambda _book, coins: np.copyto(coins.raw_units, coins.raw_units * (1.0 + share)))

    script(MOVING, change(1e-13), capital=100.0 * factor)
    with pytest.raises(BookError, match="closing must be"):
        script(MOVING, change(1e-9), capital=100.0 * factor)


def test_the_path_is_that_of_the_whole_run():
    class Sloppy(Product):
        asset = "ETH"
        factors = frozenset({ETH})

        def open(self, book, now):
            class Held(Position):
                def step(self, now):
                    cheap = np.nonzero(np.broadcast_to(now[ETH], now.n_paths) < 1.5)[0]
                    book.cash.raw_units[cheap] += 1.0

                def exit(self, now, share=1.0, how=None, paths=None):
                    pass

            return Held()

    rows = np.full((1, 20_000), 2.0)
    rows[0, 12_345] = 1.0
    with pytest.raises(BookError, match=r"^Sloppy: the books on path 12345: "):
        Sloppy().run(Market(GRID, {ETH: rows}), capital=100.0)
    world = Constants({ETH: 1.0})
    for keep in ("summary", "values"):
        with pytest.raises(BookError, match=r"^Sloppy: the books on path 12345: "):
            Sloppy().run(Market(GRID, {ETH: rows}), capital=100.0, keep=keep)
    with pytest.raises(BookError, match=r"^Sloppy: the books on path 0: "):
        simulate({"it": Sloppy()}, world, GRID, capital=100.0, n_paths=3, rng=1)


COSTS = [line for line in Line if line.sign < 0]
GAINS = [line for line in Line if line.sign > 0 and line is not Line.CONTRIBUTION]


@pytest.mark.parametrize("line", COSTS, ids=repr)
def test_fees_costs_and_losses_never_give(script, line):
    units = np.array([0.0, 1e-6, 0.0])
    with pytest.raises(BookError, match=rf"^Script: the books on path 1: {line!r} must not give, got"):
        script(MOVING, acts(lambda book, _now: book.post(line, book.account("ETH"), units)))
    script(MOVING, acts(lambda book, _now: book.post(line, book.account("ETH"), -units)))


@pytest.mark.parametrize("line", GAINS, ids=repr)
def test_gains_never_take(script, line):
    units = np.array([0.0, 0.0, -1e-6])
    with pytest.raises(BookError, match=rf"^Script: the books on path 2: {line!r} must not take, got"):
        script(MOVING, acts(lambda book, _now: book.post(line, book.account("ETH"), units)))
    script(MOVING, acts(lambda book, _now: book.post(line, book.account("ETH"), -units)))


def test_rewards_may_take_where_a_rate_is_below_zero(script):
    market = Market(GRID, {ETH: PRICES, REWARD: APR(np.where(np.arange(GRID.n_times) == 20, -0.1, 0.1))})
    script(market, acts(lambda book, _now: book.post(Line.CONSENSUS, book.account("ETH"), -0.1)))
    with pytest.raises(BookError, match="COMMISSION must not give"):
        script(market, acts(lambda book, _now: book.post(Line.COMMISSION, book.account("ETH"), 0.1)))


def test_a_share_of_a_cause_is_looked_at_too(script):
    cause = ((Line.CONSENSUS, 1.0), (Line.COMMISSION, -0.1))
    with pytest.raises(BookError, match="must not take"):
        script(MOVING, acts(lambda book, _now: book.post(cause, book.account("ETH"), -0.1)))


@pytest.mark.parametrize("place", ["staked", "wallet"])
def test_no_account_is_overdrawn_but_debts(script, place):
    def act(book, _now):
        book.move(book.account("ETH", place), book.account("ETH", "elsewhere"), np.array([0.0, 0.0, 11.0 + 1e-6]))

    with pytest.raises(
        BookError, match=rf"^Script: ETH in '{place}' on path 2 after steps 0 to 29: must not be below 0"
    ):
        script(Market(GRID, {ETH: np.full((1, 3), 10.0)}), acts(act), capital=110.0)


@pytest.mark.usefixtures("ten_rows")
def test_an_overdraft_is_found_by_the_chunk(script):
    class Source:
        factors = frozenset({ETH})

        def rows(self, bounds, filled):
            for start, stop in bounds:
                yield {ETH: PRICES[start : stop + 1]}

    market = Market.from_sources(GRID, 3, [Source()])
    with pytest.raises(BookError, match=r"on path 0 after steps 10 to 19: must not be below 0, got -1\.0 "):
        script(market, acts(lambda book, _now: book.post(Line.SLASHING, book.account("ETH", "bond"), -1.0)))


@pytest.mark.parametrize("place", ["debt", "owed"])
def test_debts_may_be_below_zero_and_so_may_what_is_left(script, place):
    def act(book, _now):
        book.post(Line.EXPLOIT, book.account("USD", place), -1_000.0)

    assert script(MOVING, acts(act)).closing.tolist() == [-800.0, -950.0, 0.0]


def test_less_than_nothing_without_a_debt_is_refused(script):
    """Found at the end even where the account is left out of the chunk's look, since it was never switched on."""

    def change(book, coins):
        book.journal.add_money(Line.MAINTENANCE, -1_000.0)
        book.cash.raw_units[:] = -1_000.0
        book.cash.active = coins.active = True

    with pytest.raises(BookError, match="must not be below 0"):
        script(MOVING, wrong(change))


def test_roundings_of_what_went_through_an_account_are_no_overdraft(script):
    """A third of 10 coins, three times over, may leave less than nothing by some 1e-16."""

    def act(book, _now):
        coins, out = book.account("ETH"), book.account("ETH", "out")
        for share in (0.1, 0.2, 0.7):
            book.move(coins, out, coins_before * share * (1.0 + 1e-15))

    coins_before = 100.0 / PRICES[0]
    script(MOVING, acts(act))


def test_an_overflow_names_the_line(script):
    with pytest.raises(
        NumericalError, match=r"^Script: overflow: the closing value is nan on path 1, and Line\.MAINTENANCE nan$"
    ):
        script(MOVING, acts(lambda book, _now: book.post(Line.MAINTENANCE, book.cash, np.array([0.0, np.nan, 0.0]))))


def test_a_block_may_be_run_without():
    """Checks of `testing` work that out for themselves, so that each fault shows under its own name."""
    from tests.ledger.conftest import Script

    product = Script(wrong(units_from_nowhere), "ETH")
    outcome = run_block({"it": product}, MOVING, 100.0, "summary", verified=False)["it"]
    assert outcome.closing[1] > 0.0


@pytest.mark.parametrize("mint", [True, False])
@pytest.mark.parametrize("exit_by", ["sale", "queue"])
def test_a_ratio_that_rises_a_millionfold_is_no_fault(mint, exit_by):
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=1)
    ratio = np.array([1e-3, 1e-3, 1e3])
    market = Market(grid, {ETH: 7.3, REWARD: APR(0.05), MarketRatio("stETH"): ratio})
    assert LiquidStakingToken(mint=mint, exit_route=exit_by).run(market, capital=1_000.0).closing[0] > 0.0


def test_a_ratio_that_is_left_behind_within_the_step_in_which_it_rose_is_no_fault():
    """The token is worth some million times its coin for a moment; redeemed for one coin it no longer is."""
    grid = TimeGrid.daily("2026-01-01", days=1)
    random = np.random.default_rng(1)
    low, high = 10.0 ** random.uniform([[-3.0], [6.0]], [[-2.0], [7.0]], (2, 50))
    market = Market(grid, {ETH: np.array([7.3, 8.1]), REWARD: APR(0.0), MarketRatio("stETH"): np.array([low, high])})
    token = LiquidStakingToken(mint=False, exit_route="queue", queue_days=5.0, redeemable_from=None)
    outcome = token.run(market, capital=1_000.0)
    assert outcome.closing == pytest.approx(8.1 / 7.3 * 1_000.0 / low, rel=1e-9)


def test_a_ratio_that_rises_and_is_left_in_one_step_is_no_fault():
    """The rise and the move out of the ratio undo each other, to the digits of what was worth a million times."""
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=6)
    ratio = np.array([1.0, 1.0, 1.0, *[1e6] * 7])
    market = Market(grid, {ETH: 0.07, REWARD: APR(0.05), MarketRatio("stETH"): ratio})
    outcome = LiquidStakingToken(exit_route="queue", queue_days=2.0).run(market, capital=12_345.6)
    assert outcome.closing[0] == pytest.approx(12_345.6, rel=1e-3)


def amounts(**given: Any) -> Accounts:
    """Final amounts of a run of three paths, of which the first has the number 4."""
    zero = np.zeros(3)
    fields: dict[str, Any] = {"capital": 100.0, "closing": zero + 100.0, "peak": zero, "lines": {}, "n_steps": 1}
    return Accounts(who="Script", first=4, **fields | given)


def test_the_tolerance_is_a_fraction_of_all_amounts_at_work():
    some = {"closing": np.array([60.0, -20.0, 100.0]), "peak": np.array([100.0, 130.0, 0.0])}
    lines = {Line.PRICE: np.array([-40.0, 0.0, 0.0]), Line.CONSENSUS: np.array([0.0, 50.0, 0.0])}
    at_work = np.array([300.0, 300.0, 200.0])
    assert amounts(**some, lines=lines).slack == pytest.approx(1e-12 * at_work, rel=1e-15)
    a_step = 16.0 * 2.0**-52
    assert amounts(**some, lines=lines, n_steps=999_999).slack == pytest.approx(1e6 * a_step * at_work, rel=1e-12)


@pytest.mark.parametrize(
    ("closing", "line", "said"),
    [
        ([1.0, 1.0, np.inf], [0.0, 0.0, 0.0], "the closing value is inf on path 6"),
        ([1.0, np.inf, 1.0], [np.nan, np.inf, 0.0], "the closing value is inf on path 5, and Line.PRICE inf"),
        ([1.0, 2.0, 1.0], [0.0, np.nan, 0.0], "the closing value is 2.0 on path 5, and Line.PRICE nan"),
    ],
)
def test_an_overflow_is_told_with_its_path_and_line(closing, line, said):
    lines = {Line.CONSENSUS: np.zeros(3), Line.PRICE: np.array(line)}
    with pytest.raises(NumericalError) as told:
        amounts(closing=np.array(closing), lines=lines).refuse_overflow()
    assert str(told.value) == f"Script: overflow: {said}"
    amounts(lines={Line.PRICE: np.zeros(3)}).refuse_overflow()


class Read:
    """A book by what the checks read of it."""

    def __init__(self, accounts=(), posted=()):
        self.journal = self.valuation = self
        self.accounts, self.posted = lambda: accounts, lambda: posted

    def family(self):
        return [self]


def family_of(accounts: Any = (), posted: Any = ()) -> Any:
    return Read(accounts, posted)


def held(units, place="wallet", *, active=True, slack=0.0, asset="ETH"):
    return SimpleNamespace(raw_units=np.array(units), place=place, active=active, slack=slack, asset=asset)


def summed(line, share, money, asset="ETH", units=(0.0, 0.0, 0.0)):
    return SimpleNamespace(
        shares=((line, share),), in_money=lambda: np.array(money), asset=asset, units=np.array(units)
    )


def refused(of, book, *, rates_fell=False):
    with pytest.raises(BookError) as told:
        of.verify(book, rates_fell=rates_fell)
    return str(told.value)


def test_the_first_path_whose_books_do_not_close_is_named():
    said = refused(amounts(closing=np.array([100.0, 101.0, 102.0])), family_of())
    assert "books on path 5: closing must be capital and lines, 100.0 (1 off), got 101" in said
    amounts(closing=np.array([100.0, 90.0, 110.0]), lines={Line.PRICE: np.array([0.0, -10.0, 10.0])}).verify(
        family_of(), rates_fell=False
    )


def test_less_than_nothing_needs_a_debt():
    lost = amounts(capital=1.0, closing=np.array([1.0, -1.0, 1.0]), lines={Line.PRICE: np.array([0.0, -2.0, 0.0])})
    assert "books on path 5: closing must not be below 0 without a debt, got -1" in refused(lost, family_of())
    for units in ([0.0, 0.0, 0.0], [0.0, 0.5, 0.0], [-1.0, 0.0, -1.0]):
        assert "without a debt" in refused(lost, family_of([held(units, "debt")]))
    assert "without a debt" in refused(lost, family_of([held([0.0, -1.0, 0.0])]))
    lost.verify(family_of([held([0.0, -1.0, 0.0], "debt")]), rates_fell=False)


def test_lines_keep_their_signs():
    of = amounts()
    costs = summed(Line.SLASHING, 0.5, [0.0, 0.0, 4.0])
    assert "books on path 6: Line.SLASHING must not give, got 2" in refused(of, family_of(posted=[costs]))
    reward = summed(Line.CONSENSUS, 0.5, [0.0, -4.0, 0.0])
    assert "books on path 5: Line.CONSENSUS must not take, got -2" in refused(of, family_of(posted=[reward]))
    of.verify(family_of(posted=[reward]), rates_fell=True)
    assert "must not give" in refused(of, family_of(posted=[costs]), rates_fell=True)
    right = [summed(Line.SLASHING, 0.5, [0.0, 0.0, -4.0]), summed(Line.CONSENSUS, 0.5, [0.0, 4.0, 0.0])]
    of.verify(family_of(posted=right), rates_fell=False)


def test_an_overdraft_may_be_a_rounding_of_what_went_through_the_account():
    posted = [summed(Line.CONSENSUS, 1.0, [], units=[-3.0, 3.0, 0.0]), summed(Line.PRICE, 1.0, [], "BTC", [9.0] * 3)]

    def looked_at(units, place="wallet", *, active=True):
        account = held(np.multiply(units, 1e-9), place, slack=2.0, active=active)
        refuse_overdrawn("Script", family_of([account], posted), "step 3", 4)

    looked_at([-4.9, 0.0, 0.0])
    looked_at([0.0, -4.9, -1.9])
    looked_at([-9.0, -9.0, -9.0], "owed")
    looked_at([-9.0, -9.0, -9.0], active=False)
    for units, path in (([0.0, -5.1, 0.0], 5), ([0.0, 0.0, -2.1], 6), ([-5.1, -5.1, 0.0], 4)):
        with pytest.raises(
            BookError, match=rf"^Script: ETH in 'wallet' on path {path} after step 3: must not be below 0"
        ):
            looked_at(units)


def test_nothing_is_put_in_and_nothing_comes_out(script):
    def look(book, _now):
        of: dict[str, Any] = {"closing": np.zeros(3), "peak": np.zeros(3), "lines": {}}
        nothing = Accounts(who="here", first=0, capital=0.0, n_steps=1, **of)
        assert nothing.slack.tolist() == [0.0] * 3
        nothing._verify_closing(nothing.slack)
        cost = LineSums(Line.OPERATING, "USD", 3, has_money=False, has_coins=False)
        nothing._verify_signs(cost, nothing.slack, rates_fell=False)
        nothing.verify(book, rates_fell=False)

    script(Market(GRID, {ETH: PRICES}), {-1: look})
