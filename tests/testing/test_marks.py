"""The checks on coins that are marked at a market ratio, by a product and its faults made for it."""

from collections.abc import Callable

import attrs
import numpy as np
import pytest

from stakingmodels import (
    Book,
    Factor,
    Line,
    Market,
    MarketRatio,
    Now,
    Position,
    Price,
    Product,
    StakingModelsError,
    TimeGrid,
    checks,
)
from stakingmodels._types import IntArray, PathValue
from stakingmodels.testing import CHECKS, check_product

RATIO = MarketRatio("stETH")


def none(_held: "Held") -> None:
    """No fault."""


@attrs.frozen(kw_only=True)
class Token(Product):
    """Coins turned into a token at the opening, redeemed one to one at the exit for half of it, the rest sold."""

    asset: str = attrs.field(default="ETH", validator=checks.TEXT)
    fault: Callable[["Held"], None] = none

    @property
    def factors(self) -> frozenset[Factor]:
        return frozenset({Price("ETH"), RATIO})

    def open(self, book: Book, now: Now) -> "Held":
        return Held(self, book)


class Held(Position):
    def __init__(self, terms: Token, book: Book) -> None:
        self.terms = terms
        self.book = book
        self.coins = book.account("ETH")
        self.token = book.account("ETH", "token", RATIO)
        book.trade(book.cash, self.coins)
        book.move(self.coins, self.token)

    def step(self, now: Now) -> None:
        self.terms.fault(self)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        share, paths = self.check_exit(now, share, how, paths=paths)
        there = self.token.units if paths is None else self.token.units[paths]
        redeemed = 0.5 * share * there
        self.book.move(self.token, self.coins, redeemed, paths)
        rest = None if not isinstance(share, np.ndarray) and share == 1.0 else redeemed
        self.book.pay_out(self.token, rest, 0.001, paths)
        self.book.pay_out(self.coins, paths=paths)


def discount_of_nothing(held: Held) -> None:
    held.book.journal.add_money(Line.DISCOUNT, -1.0)


def discount_left_out(held: Held) -> None:
    held.book.journal.add_money(Line.DISCOUNT, 1e-9 * held.token.units)
    held.token.raw_units[:] += 1e-9


def market() -> Market:
    grid = TimeGrid.daily("2026-01-01", days=9)
    random = np.random.default_rng(4)
    shape = (grid.n_times, 4)
    prices = 100.0 * np.exp(np.cumsum(0.1 * random.standard_normal(shape), axis=0))
    return Market(grid, {Price("ETH"): prices, RATIO: random.uniform(0.9, 1.05, shape)})


def caught(product: Product) -> set[str]:
    found = set()
    for name, check in CHECKS.items():
        try:
            check(product, market(), capital=1_000.0)
        except StakingModelsError:
            found.add(name)
    return found


@pytest.mark.once
def test_a_marked_product_conforms():
    check_product(Token(), market())
    check_product(Token())


def test_its_discount_is_what_the_moves_of_the_ratio_came_to():
    grid = TimeGrid.daily("2026-01-01", days=2)
    world = Market(grid, {Price("ETH"): np.array([100.0, 110.0, 120.0]), RATIO: np.array([1.0, 0.9, 0.95])})
    outcome = Token().run(world, capital=1_000.0)
    assert outcome.lines[Line.PRICE] == pytest.approx([10.0 * (10.0 * 1.0 + 10.0 * 0.9)])
    moved = 10.0 * (110.0 * -0.1 + 120.0 * 0.05)
    assert outcome.lines[Line.DISCOUNT] == pytest.approx([moved + 5.0 * 120.0 * 0.05])


@pytest.mark.parametrize("fault", [discount_of_nothing, discount_left_out])
def test_a_faulty_discount_is_caught(fault):
    assert (
        {"books-close", "replay"}
        <= caught(Token(fault=fault))
        <= {"books-close", "replay", "non-negative", "step-length", "summary"}
    )
