"""Every check catches a fault that is planted for it, by name, and passes a sound product."""

import sys
import warnings
from collections.abc import Callable, Iterable

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    Book,
    BookError,
    ConformanceError,
    Event,
    Factor,
    InputTypeError,
    Line,
    Market,
    Now,
    NumericalError,
    Position,
    Price,
    Product,
    StakingModelsError,
    StakingReward,
    TimeGrid,
    checks,
)
from stakingmodels._types import IntArray, PathValue
from stakingmodels.engine.run import run_market
from stakingmodels.testing import CHECKS, check_product, trial

pytestmark = pytest.mark.once

CAPITAL = 100_000.0
FIRE = Event("fire")
REWARD = StakingReward("ETH")


def market() -> Market:
    """20 days and a tail on 6 paths, with an event in a few places."""
    grid = TimeGrid.daily("2026-01-01", days=16, settlement_days=4)
    random = np.random.default_rng(7)
    shape = (grid.n_times, 6)
    strikes = np.zeros(shape, dtype=bool)
    strikes[[3, 5, 8, 9, 15], [0, 1, 0, 4, 5]] = True
    prices = 3_000.0 * np.exp(np.cumsum(0.05 * random.standard_normal(shape), axis=0))
    rates = APR(random.uniform(0.1, 0.9, shape))
    return Market(grid, {Price("ETH"): prices, REWARD: rates, FIRE: strikes})


def none(_held: "Held", _now: Now) -> None:
    """No fault."""


def sell(held: "Held", share: float, how: str | None) -> None:
    """The sound way out."""
    del share
    shares, paths = held.check_exit(held.now, held.share, how, paths=held.paths)
    held.book.trade(held.coins, held.book.cash, held.coins.part(shares, paths), paths=paths)


@attrs.frozen(kw_only=True)
class Plain(Product):
    """Coins that earn, less a commission, and lose a tenth when there is a fire.

    `fault` runs at the end of a step, `leave` when the holder wants out.
    """

    asset: str = attrs.field(default="ETH", validator=checks.TEXT)
    commission: float = attrs.field(default=0.10, validator=checks.FRACTION)
    fault: Callable[["Held", Now], None] = none
    leave: Callable[["Held", float, str | None], None] = sell

    @property
    def factors(self) -> frozenset[Factor]:
        return frozenset({Price("ETH"), REWARD, FIRE})

    def open(self, book: Book, now: Now) -> "Held":
        return Held(self, book, now)


class Held(Position):
    def __init__(self, terms: Plain, book: Book, now: Now) -> None:
        self.terms = terms
        self.book = book
        self.coins = book.account("ETH", "staked")
        self.fee = np.zeros(now.n_paths)
        self.last = np.empty(0, dtype=np.int64)
        self.gone = 0.0
        book.trade(book.cash, self.coins)

    def step(self, now: Now) -> None:
        self.scratch = now.scratch.copy()
        if not self.coins.active:
            return
        reward = self.coins.units * now[REWARD]
        self.fee = self.terms.commission * np.maximum(reward, 0.0)
        self.book.post(Line.CONSENSUS, self.coins, reward)
        self.book.post(Line.COMMISSION, self.coins, -self.fee)
        if self.terms.fault not in (fire_read_early, fire_read_late):
            self.burn(now.paths_with(FIRE))
        self.terms.fault(self, now)

    def burn(self, struck: np.ndarray) -> None:
        if struck.size:
            self.book.post(Line.CREDIT, self.coins, -0.1 * self.coins.units[struck], struck)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        self.now, self.share, self.paths = now, share, paths
        self.terms.leave(self, float(np.max(share)), how)


# The four faults that the library promises to find


def fee_booked_twice(held: Held, _now: Now) -> None:
    held.book.post(Line.COMMISSION, held.coins, -held.fee)


def fee_taken_twice_and_booked_once(held: Held, _now: Now) -> None:
    held.coins.raw_units[:] -= held.fee


def fee_booked_twice_and_taken_once(held: Held, _now: Now) -> None:
    held.book.journal.add_money(Line.COMMISSION, -held.fee * held.coins.value)


def price_of_the_next_row(held: Held, now: Now) -> None:
    rows = now._chunk.rows[Price("ETH")]
    tomorrow = rows[min(now.step + 2 - now._chunk.start, len(rows) - 1)]
    held.book.post(Line.EXECUTION, held.book.cash, 1.0 * (tomorrow > now[Price("ETH")]))


def coin_outside_a_line(held: Held, _now: Now) -> None:
    held.coins.raw_units[:] += 1e-6


def fire_read_early(held: Held, now: Now) -> None:
    held.burn(now._hits.get(FIRE, {}).get(now.step + 1, np.empty(0, dtype=np.int64)))


# Others


def fire_read_late(held: Held, now: Now) -> None:
    held.burn(held.last)
    held.last = now.paths_with(FIRE)


def coins_moved_in_from_nowhere(held: Held, _now: Now) -> None:
    held.book.journal.shift(held.coins, 1e-6, None)


def money_under_the_wrong_line(held: Held, _now: Now) -> None:
    held.book.journal.add_money(Line.COMMISSION, -1.0)
    held.book.journal.add_money(Line.EXECUTION, 1.0)


def price_line_as_a_plug(held: Held, _now: Now) -> None:
    held.coins.raw_units[:] -= held.fee
    held.book.journal.add_money(Line.PRICE, -held.fee * held.coins.value)


def contribution_by_hand(held: Held, _now: Now) -> None:
    held.book.post(Line.CONTRIBUTION, held.book.cash, 1.0)


def price_that_is_posted(held: Held, _now: Now) -> None:
    held.book.post(Line.PRICE, held.coins, 1.0)


def discount_that_is_posted(held: Held, _now: Now) -> None:
    held.book.post(Line.DISCOUNT, held.coins, 1e-6)


def cost_above_all_that_is_traded(held: Held, _now: Now) -> None:
    held.book.trade(held.coins, held.book.cash, 1e-6, cost=1.5)


def cost_that_pays(held: Held, _now: Now) -> None:
    held.book.trade(held.coins, held.book.cash, 1e-6, cost=-0.5)


def charge_that_pays(held: Held, _now: Now) -> None:
    held.book.charge(Line.OPERATING, -1.0)


def units_of_another_shape(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, np.full((1, now.n_paths), -1e-6))


def cost_that_gives_once(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, 1e-6 if now.step == 7 else -1e-3)


def cost_that_gives(held: Held, _now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, 1e-6)


def reward_that_takes(held: Held, _now: Now) -> None:
    held.book.post(Line.MINING, held.coins, -1e-9)


def commission_beyond_the_reward(held: Held, _now: Now) -> None:
    held.book.post(Line.COMMISSION, held.coins, -20.0 * held.fee)


def overdraft(held: Held, _now: Now) -> None:
    held.book.post(Line.OPERATING, held.book.account("ETH", "empty"), -1e-6)


def not_a_number_in_a_sum(held: Held, _now: Now) -> None:
    held.book.journal._coins[Line.OPERATING] = np.full(held.coins.units.shape, np.nan)


def not_a_number_in_the_books(held: Held, _now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, np.full(held.fee.shape, np.nan))


def number_of_the_path(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, -1e-6 * np.arange(now.n_paths, dtype=np.float64))


def best_of_all_paths(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, -1e-9 * float(np.max(now[Price("ETH")])))


def length_of_the_grid(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, -1e-6 * now._grid.n_steps)


def unseeded_numbers(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, -1e-6 * np.random.default_rng().random(now.n_paths))


def numbers_of_the_process(held: Held, now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, -1e-6 * np.random.random(now.n_paths))  # noqa: NPY002


def rows_written_to(_held: Held, now: Now) -> None:
    prices = now._chunk.rows[Price("ETH")]
    base = prices if prices.base is None else prices.base
    if isinstance(base, np.ndarray) and base.flags.writeable:
        base *= 1.0 + 1e-9


def scratch_of_the_step_before_read(held: Held, _now: Now) -> None:
    held.book.post(Line.OPERATING, held.coins, -1e-6 * held.scratch)


def warning_filters_changed(_held: Held, _now: Now) -> None:
    warnings.simplefilter("ignore")


def something_printed(_held: Held, _now: Now) -> None:
    sys.stdout.write("step\n")


def crash(_held: Held, now: Now) -> None:
    raise KeyError(now.step)


# On the way out


def nothing_is_paid(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)


def half_is_paid(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.trade(held.coins, held.book.cash, 0.5 * share * held.coins.units)


def paid_into_a_drawer(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.trade(held.coins, held.book.account("USD", "drawer"), share * held.coins.units)


def all_is_sold_whatever_the_share(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.trade(held.coins, held.book.cash)


def nothing_is_sold_unless_it_is_all(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    if share == 1.0:
        held.book.trade(held.coins, held.book.cash)


def the_square_of_the_share_is_sold(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.trade(held.coins, held.book.cash, share**2 * held.coins.units)


def only_the_first_part_leaves(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.trade(held.coins, held.book.cash, (share - held.gone) * held.coins.units)
    held.gone += share


def any_share_and_way(held: Held, share: float, _how: str | None) -> None:
    held.book.trade(held.coins, held.book.cash, np.clip(np.nan_to_num(share), 0.0, 1.0) * held.coins.units)


def any_way(held: Held, share: float, _how: str | None) -> None:
    sell(held, share, None)


def a_reward_of_half(held: Held, share: float, how: str | None) -> None:
    held.book.post(Line.CONSENSUS, held.coins, 0.5 * share * held.coins.units)
    sell(held, share, how)


def a_small_bonus(held: Held, share: float, how: str | None) -> None:
    sell(held, share, how)
    held.book.post(Line.EXECUTION, held.book.cash, 0.01 * share)


LEAVING = {
    nothing_is_paid: {"exit-pays", "exit-share"},
    half_is_paid: {"exit-pays", "exit-share"},
    paid_into_a_drawer: {"exit-pays", "exit-share"},
    all_is_sold_whatever_the_share: {"exit-share"},
    nothing_is_sold_unless_it_is_all: {"exit-share"},
    the_square_of_the_share_is_sold: {"exit-share"},
    only_the_first_part_leaves: {"exit-share"},
    any_share_and_way: {"exit-share"},
    any_way: {"exit-share"},
    a_reward_of_half: {"exit-adds-nothing", "exit-share"},
    a_small_bonus: {"exit-adds-nothing"},
}

TO_THE_BOOKS = {"books-close", "replay"}
TO_THE_WALLET = {"books-close", "replay", "summary"}
TO_THE_REST = {*TO_THE_WALLET, "exit-pays", "exit-share"}
"""Units that went without an entry seem, by the entries, to be there after all is sold."""
TO_TWO_RUNS = {
    "adding-a-product",
    "as-run",
    "deterministic",
    "event-timing",
    "exit-adds-nothing",
    "exit-share",
    "frozen",
    "no-look-ahead",
    "path-independence",
    "permutation",
    "prefix-blocks",
    "step-length",
    "truncation",
}
TO_ALL_RUNS = {*CHECKS} - {"refuses-nan", "exit-paths"}
# A cost that differs between two runs leaves other coins to earn: seldom by enough for a reward that looks like a gain.
BY_CHANCE = {"exit-adds-nothing"}
BY_STEP = {"step-length"}
"""Many faults book the same in a step, however long it is."""
PLANTED = {
    fee_booked_twice: {"booked-once"},
    fee_taken_twice_and_booked_once: TO_THE_REST,
    fee_booked_twice_and_taken_once: TO_THE_BOOKS,
    price_of_the_next_row: {"no-look-ahead", "truncation"},
    coin_outside_a_line: {*TO_THE_WALLET, "non-negative"},
    fire_read_early: {"event-timing", "no-look-ahead"},
}
OTHERS = {
    fire_read_late: {"event-timing"},
    coins_moved_in_from_nowhere: TO_THE_BOOKS,
    money_under_the_wrong_line: {"replay", *BY_STEP},
    price_line_as_a_plug: TO_THE_REST,
    contribution_by_hand: TO_ALL_RUNS,
    price_that_is_posted: TO_ALL_RUNS,
    discount_that_is_posted: TO_ALL_RUNS,
    cost_above_all_that_is_traded: TO_ALL_RUNS,
    cost_that_pays: TO_ALL_RUNS,
    charge_that_pays: TO_ALL_RUNS,
    units_of_another_shape: TO_ALL_RUNS,
    cost_that_gives: {"sign", *BY_STEP},
    cost_that_gives_once: {"sign", *BY_STEP},
    reward_that_takes: {"sign", *BY_STEP},
    commission_beyond_the_reward: {"commission-bounded"},
    overdraft: {"non-negative", *BY_STEP},
    not_a_number_in_a_sum: {"finite", "summary"},
    not_a_number_in_the_books: TO_ALL_RUNS,
    number_of_the_path: {"path-independence", "permutation", "prefix-blocks", *BY_STEP},
    best_of_all_paths: {"path-independence", "prefix-blocks", *BY_STEP},
    length_of_the_grid: {"truncation", *BY_STEP},
    unseeded_numbers: TO_TWO_RUNS,
    numbers_of_the_process: {*TO_TWO_RUNS, "global-state"},
    rows_written_to: {"inputs-unchanged"},
    scratch_of_the_step_before_read: {"adding-a-product", *BY_STEP},
    warning_filters_changed: {"global-state"},
    something_printed: {"quiet"},
    crash: TO_ALL_RUNS,
}


def the_paths_are_ignored(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.pay_out(held.coins, held.coins.part(share))


def all_leave_with_the_mean_share(held: Held, share: float, how: str | None) -> None:
    held.check_exit(held.now, share, how)
    held.book.pay_out(held.coins, held.coins.part(float(np.mean(held.share)), held.paths), paths=held.paths)


def a_fee_for_each_exit(held: Held, share: float, how: str | None) -> None:
    del share
    shares, paths = held.check_exit(held.now, held.share, how, paths=held.paths)
    fee = np.zeros(held.now.n_paths)
    fee[slice(None) if paths is None else paths] = 1.0
    held.book.charge(Line.OPERATING, fee)
    held.book.pay_out(held.coins, held.coins.part(shares, paths), paths=paths)


def earning_that_begins_again(held: Held, share: float, how: str | None) -> None:
    sell(held, share, how)
    held.earns_until_day = held.now.elapsed_days + 2.0


BY_PATH = [the_paths_are_ignored, all_leave_with_the_mean_share, a_fee_for_each_exit, earning_that_begins_again]


def caught(product: Product, world: Market) -> set[str]:
    """The checks that a product fails.

    Without that of exits on some paths, which has faults of its own (`BY_PATH`): the faults above stop where no path
    holds any coins, and the faulty ways out know no paths.
    """
    found = set()
    for name, check in CHECKS.items():
        if name == "exit-paths":
            continue
        try:
            check(product, world, capital=CAPITAL)
        except StakingModelsError:
            found.add(name)
    return found


@pytest.mark.slow
def test_a_sound_product_passes_every_check():
    check_product(Plain(), market(), capital=CAPITAL)
    check_product(Plain())


def by_name(table: Iterable[Callable]) -> list[str]:
    return [fault.__name__ for fault in table]


@pytest.mark.parametrize(("fault", "names"), PLANTED.items(), ids=by_name(PLANTED))
@pytest.mark.few(3)
def test_the_promised_faults_are_caught_by_these_checks_and_no_others(fault, names):
    assert caught(Plain(fault=fault), market()) == names


@pytest.mark.parametrize(("fault", "names"), OTHERS.items(), ids=by_name(OTHERS))
def test_other_faults_are_caught_by_these_checks(fault, names):
    by_chance = BY_CHANCE if fault in {unseeded_numbers, numbers_of_the_process} else set()
    with warnings.catch_warnings():
        for name in names - by_chance:
            with pytest.raises(ConformanceError, match=f"^{name}: Plain"):
                CHECKS[name](Plain(fault=fault), market(), capital=CAPITAL)


@pytest.mark.parametrize(("leave", "names"), LEAVING.items(), ids=by_name(LEAVING))
@pytest.mark.few(4)
def test_they_are_caught_on_the_default_markets(leave, names):
    for name in names:
        with pytest.raises(ConformanceError, match=f"^{name}: Plain"):
            check_product(Plain(leave=leave), only=[name])


@pytest.mark.parametrize("leave", BY_PATH, ids=by_name(BY_PATH))
def test_faults_of_exits_on_some_paths_are_caught(leave):
    for world in (market(), None):
        with pytest.raises(ConformanceError, match=r"^exit-paths: Plain"):
            check_product(Plain(leave=leave), world, capital=CAPITAL, only=["exit-paths"])


def test_a_call_on_a_default_market_names_no_variable():
    product = Plain(leave=next(iter(BY_PATH)))
    with pytest.raises(ConformanceError) as caught_on:
        check_product(product, capital=CAPITAL, only=["exit-paths"])
    call = str(caught_on.value).partition("check_product(")[2]
    assert "default_markets(product)" not in call
    assert call.count("Plain(") == 2 or "Market(" in call


@attrs.frozen(kw_only=True)
class Odd(Plain):
    """The same with a position of another class."""

    kind: Callable = Held

    def open(self, book: Book, now: Now) -> "Held":
        return self.kind(self, book, now)


class TakesNoShare(Held):
    def exit(self, now: Now) -> None:  # type: ignore[override]
        self.book.trade(self.coins, self.book.cash)


class TakesNoWay(Held):
    def exit(self, now: Now, share: float = 1.0) -> None:  # type: ignore[override]
        self.now, self.share, self.paths = now, share, None
        sell(self, share, None)


class NoExit:
    step = Held.step
    burn = Held.burn
    __init__ = Held.__init__


@pytest.mark.parametrize("kind", [TakesNoShare, TakesNoWay])
def test_an_exit_that_takes_no_share_or_way_is_caught(kind):
    Odd(kind=kind).run(market(), capital=CAPITAL)
    assert caught(Odd(kind=kind), market()) == {"exit-share", "exit-adds-nothing"}


def test_a_position_that_cannot_be_left_is_refused_at_the_opening():
    with pytest.raises(InputTypeError, match=r"^Odd\.open: must return a Position, which has `exit`"):
        Odd(kind=NoExit).run(market(), capital=CAPITAL)
    assert caught(Odd(kind=NoExit), market()) == TO_ALL_RUNS


@attrs.frozen(kw_only=True)
class Locked(Plain):
    """The same, which its terms do not let go."""

    can_leave_early = False


def test_what_cannot_be_left_early_need_not_be_left_in_part():
    assert caught(Locked(leave=the_square_of_the_share_is_sold), market()) == set()
    assert caught(Locked(leave=any_way), market()) == {"exit-share"}


@pytest.mark.parametrize(("fault", "names"), PLANTED.items(), ids=by_name(PLANTED))
def test_the_message_names_the_check_and_the_product(fault, names):
    for name in names:
        with pytest.raises(ConformanceError, match=f"^{name}: Plain\\(.* path \\d"):
            CHECKS[name](Plain(fault=fault), market(), capital=CAPITAL)


@pytest.mark.parametrize(("fault", "names"), PLANTED.items(), ids=by_name(PLANTED))
@pytest.mark.few(2)
def test_they_are_caught_on_the_default_markets_too(fault, names):
    with pytest.raises(ConformanceError) as error:
        check_product(Plain(fault=fault))
    assert str(error.value).partition(":")[0] in names


IN_ANY_RUN = {
    fee_taken_twice_and_booked_once,
    fee_booked_twice_and_taken_once,
    coin_outside_a_line,
    coins_moved_in_from_nowhere,
    contribution_by_hand,
    price_that_is_posted,
    discount_that_is_posted,
    cost_above_all_that_is_traded,
    cost_that_pays,
    charge_that_pays,
    units_of_another_shape,
    cost_that_gives,
    reward_that_takes,
    overdraft,
    not_a_number_in_the_books,
    crash,
}


@pytest.mark.parametrize("fault", [none, *PLANTED, *OTHERS], ids=by_name([none, *PLANTED, *OTHERS]))
def test_what_breaks_the_books_is_caught_in_any_run_and_other_faults_need_a_check(fault):
    with warnings.catch_warnings():
        try:
            Plain(fault=fault).run(market(), capital=CAPITAL)
        except (BookError, NumericalError, InputTypeError, KeyError):
            assert fault in IN_ANY_RUN
        else:
            assert fault not in IN_ANY_RUN


def test_a_run_that_breaks_off_is_told_as_such():
    told = r"the run raised KeyError: 0 \(in crash, line \d+ of test_sharp.py\)"
    with pytest.raises(ConformanceError, match=rf"^quiet: Plain\(.*: {told}\n"):
        CHECKS["quiet"](Plain(fault=crash), market(), capital=CAPITAL)


def test_a_result_that_is_not_finite_is_told_as_such():
    with pytest.raises(ConformanceError, match=r"^finite: .* the market is finite, but: .* nan on path 0"):
        CHECKS["finite"](Plain(fault=not_a_number_in_the_books), market(), capital=CAPITAL)


@pytest.mark.parametrize("spoilt", [np.array, lambda a: a.astype(np.float32)], ids=["writeable", "narrow"])
def test_outputs_that_can_be_written_to_are_caught(monkeypatch, spoilt):
    def spoilt_run(product: Product, world: Market, **how):
        outcome = run_market(product, world, **how)
        return attrs.evolve(outcome, max_drawdown=spoilt(outcome.max_drawdown))

    monkeypatch.setattr(trial, "run_market", spoilt_run)
    others = {"summary", "adding-a-product", "as-run"}
    assert "outputs-read-only" in caught(Plain(), market()) <= {"outputs-read-only", *others}


OWN = {"outputs-read-only", "refuses-nan", "exit-paths", "add", "exit-ends", "rewards-in-coins", "as-run"}


def test_every_check_is_seen_to_fail():
    """But for those of terms, the engine, more money, fees after the end, prices and own runs: they have own tests."""
    by_faults = [names for names in (*PLANTED.values(), *OTHERS.values(), *LEAVING.values()) if names != TO_ALL_RUNS]
    assert set().union(*by_faults, OWN) == {*CHECKS}
