"""`Wrapper`: whatever a wrapper does not change is that of the product it holds, through any number of wrappers."""

import re

import numpy as np
import pytest

from stakingmodels import (
    APR,
    After,
    Book,
    Factor,
    Falls,
    Holding,
    InputError,
    InputTypeError,
    LeaveWhen,
    Line,
    Market,
    Now,
    Position,
    Price,
    Product,
    StakingReward,
    TimeGrid,
    terms,
)
from stakingmodels._types import IntArray, PathValue
from stakingmodels.products import Wrapper, WrapperPosition
from stakingmodels.products.wrappers.base import hand_over
from stakingmodels.testing import CHECKS, check_product
from tests.oracles.pot import Pot
from tests.products.conform import conform
from tests.products.plans import Planned

ETH, BTC, REWARD = Price("ETH"), Price("BTC"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=4, settlement_days=3)
WORLD = Market(GRID, {ETH: np.linspace(100.0, 170.0, 8), BTC: 50.0, REWARD: APR(0.365)})


@terms.sheet
class Advised(Wrapper):
    """Any product, with an adviser who is paid by the day."""

    fee_usd_per_day: float = terms.money(default=0.0)

    def open(self, book: Book, now: Now) -> "AdvisedPosition":
        return AdvisedPosition(self, book, now)


class AdvisedPosition(WrapperPosition):
    def __init__(self, terms: Advised, book: Book, now: Now) -> None:
        super().__init__(terms, book, now)
        self._fee = terms.fee_usd_per_day
        self._advised = np.ones(now.n_paths)

    def step(self, now: Now) -> None:
        self.held.step(now)
        self.book.charge(Line.OPERATING, self._fee * now.days * self._advised)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        super().exit(now, share, how, paths)
        self._advised[slice(None) if paths is None else paths] *= 1.0 - np.asarray(share)


@terms.sheet
class Mixed(Product):
    """Half of each of two coins: a product without a coin of its own."""

    asset: str | None = terms.field("other", lambda _, value: value, default=None)

    @property
    def benchmark(self) -> dict[str, float]:
        return {"ETH": 0.5, "BTC": 0.5}

    @property
    def factors(self) -> frozenset[Factor]:
        return frozenset({ETH, BTC})

    def open(self, book: Book, now: Now) -> "MixedPosition":
        return MixedPosition(book)


class MixedPosition(Position):
    def __init__(self, book: Book) -> None:
        self._book, self._coins = book, [book.account("ETH"), book.account("BTC")]
        half = book.cash.units * 0.5
        for coin in self._coins:
            book.trade(book.cash, coin, half)

    def step(self, now: Now) -> None:
        """Do nothing."""

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        share, paths = self.check_exit(now, share, how, paths=paths)
        for coin in self._coins:
            self._book.pay_out(coin, coin.part(share, paths), paths=paths)


def deep(product: Product, depth: int) -> Product:
    for _ in range(depth):
        product = Advised(product)
    return product


@pytest.mark.parametrize("depth", [1, 2, 7])
def test_a_wrapper_that_does_nothing_is_the_product(depth):
    pot = Pot("ETH", wait_days=2.0, sale_fee=0.03)
    plain, wrapped = pot.run(WORLD, capital=1_000.0), deep(pot, depth).run(WORLD, capital=1_000.0)
    for name in (
        "closing",
        "days_to_cash",
        "earning_years",
        "coins_net",
        "asset_growth",
        "capital_shortfall",
        "deployed",
    ):
        assert getattr(wrapped, name).tolist() == getattr(plain, name).tolist(), name
    assert wrapped.asset == "ETH"


def test_terms_are_those_of_the_product():
    pot = Pot("ETH", sale_fee=0.03, locked=True)
    for product in (Advised(pot), deep(pot, 3)):
        assert product.asset == "ETH"
        assert product.factors == pot.factors
        assert product.ways_out == pot.ways_out == ("sale", "queue", "cheaper")
        assert product.benchmark == {"ETH": 1.0}
        assert not product.can_leave_early


def test_what_a_product_says_of_each_path_is_passed_on():
    small = Pot("ETH", minimum=1_500.0)
    outcome = deep(small, 2).run(WORLD, capital=np.array([1_000.0, 2_000.0]))
    assert outcome.capital_shortfall.tolist() == [500.0, 0.0]
    with pytest.raises(InputError, match="is too little for Advised"):
        Advised(small).run(WORLD, capital=100.0)


def test_a_product_of_several_coins_keeps_its_basket():
    plain, wrapped = (
        Mixed().run(WORLD, capital=1_000.0),
        LeaveWhen(Mixed(), Falls(BTC, 0.2)).run(WORLD, capital=1_000.0),
    )
    assert wrapped.asset is None
    assert LeaveWhen(Mixed(), Falls(BTC, 0.2)).benchmark == {"ETH": 0.5, "BTC": 0.5}
    assert wrapped.closing.tolist() == plain.closing.tolist()
    assert wrapped.asset_growth.tolist() == plain.asset_growth.tolist()


@pytest.mark.parametrize("product", [Mixed(), LeaveWhen(Mixed(), Falls(ETH, 0.1))], ids=["alone", "left by a rule"])
@conform
def test_a_product_of_several_coins_conforms(product, check):
    check(product)


@pytest.mark.parametrize(
    ("money", "rule"),
    [
        (41.0, "must be in the wallet, which has 40, got 41"),
        (-1.0, "must be in [0, 1e+15], got -1"),
        (np.array([1.0, 2.0]), "must be 0 or more on each of the 1 paths, got an array"),
    ],
)
def test_money_that_is_not_in_the_wallet_is_refused_before_it_moves(money, rule):
    class Later(Advised):
        def open(self, book: Book, now: Now) -> AdvisedPosition:
            saved = book.account("USD", "saved")
            book.move(book.cash, saved, 40.0)
            held = super().open(book, now)
            book.move(saved, book.cash)
            held.add(now, money)
            return held

    with pytest.raises(InputError, match=f"^{re.escape('AdvisedPosition.add: money: ' + rule)}"):
        Later(Pot("ETH")).run(WORLD, capital=1_000.0)


def test_a_wrapper_charges_its_own_book():
    outcome = Advised(Pot("ETH"), fee_usd_per_day=2.0).run(WORLD, capital=1_000.0, keep="ledger")
    assert outcome.lines[Line.OPERATING].tolist() == [-2.0 * 4]
    assert {(entry.line, entry.book) for entry in outcome.entries or () if entry.line is Line.OPERATING} == {
        (Line.OPERATING, "")
    }
    assert {entry.book for entry in outcome.entries or ()} == {"", "/held"}


@pytest.mark.parametrize(("asset", "given"), [("ETH", 2.0), (None, 0.0)])
def test_all_money_and_the_coins_of_the_product_are_handed_over(asset, given):
    now = WORLD.now().at(next(WORLD.chunks()), -1)
    book = Book(now, "ETH")
    child = book.child("held", "ETH")
    book.receive(book.cash, 5.0)
    book.receive(book.account("ETH"), 2.0)
    hand_over(book, child, asset)
    assert (child.cash.units.tolist(), child.account("ETH").units.tolist()) == ([5.0], [given])
    assert (book.cash.units.tolist(), book.account("ETH").units.tolist()) == ([0.0], [2.0 - given])


def test_an_empty_purse_hands_nothing_over():
    now = WORLD.now().at(next(WORLD.chunks()), -1)
    book = Book(now, "ETH")
    child = book.child("held", "ETH")
    seen: list[object] = []
    book.observe(lambda *entry: seen.append(entry))
    hand_over(book, child, "ETH")
    assert seen == []


def test_a_wrapper_inside_is_left_on_the_day_of_the_rule():
    product = LeaveWhen(Advised(Pot("ETH"), fee_usd_per_day=2.0), {After(1): 0.5, After(3): 1.0})
    assert product.run(WORLD, capital=1_000.0).lines[Line.OPERATING].tolist() == [-2.0 * (1 + 2 * 0.5)]


@pytest.mark.parametrize("value", ["ETH", Pot, None, 3.0, Falls(ETH, 0.2)])
def test_a_wrapper_of_no_product_is_refused(value):
    rule = r'^Advised\.product: must be Product; write Holding\("ETH"\)(, not the class Pot)?, got '
    with pytest.raises(InputTypeError, match=rule):
        Advised(value)


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.few(8)
def test_it_conforms(name):
    check_product(Advised(Pot("ETH", wait_days=2.0), fee_usd_per_day=1.0), only=[name])


@pytest.mark.parametrize("wrap", [Advised, lambda held: LeaveWhen(held, {After(1): 0.5, Falls(ETH, 0.99): 1.0})])
def test_money_that_comes_later_goes_into_the_product_held(wrap):
    planned = Planned(wrap(Holding("ETH")), add={1: (np.array([500.0]), None)}, kept=500.0)
    outcome = planned.run(WORLD, capital=1_000.0, keep="ledger")
    bought = [e.units.tolist() for e in outcome.entries or () if e.book == "/held" and e.asset == "ETH" and e.step == 1]
    assert bought[-1] == [pytest.approx(500.0 / 120.0)]
    assert outcome.closing == pytest.approx(outcome.capital + sum(outcome.lines.values()))
