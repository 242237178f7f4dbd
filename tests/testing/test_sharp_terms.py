"""Faults of the term sheet itself are caught by name."""

from collections.abc import Callable

import attrs
import numpy as np
import pytest

from stakingmodels import (
    Book,
    ConformanceError,
    Factor,
    Holding,
    Market,
    Now,
    Position,
    Price,
    Product,
    StakingModelsError,
    TimeGrid,
    checks,
)
from stakingmodels.testing import CHECKS, check_product

pytestmark = pytest.mark.once

GRID = TimeGrid.daily("2026-01-01", days=5)
MARKET = Market(GRID, {Price("ETH"): np.linspace(3_000.0, 3_500.0, 6)})


@property  # type: ignore[misc]
def price_of_eth(_product: Product) -> frozenset[Factor]:
    return frozenset({Price("ETH")})


def held(book: Book, now: Now, fee: float = 0.0) -> Position:
    return Holding(asset="ETH", buy_fee=fee).open(book, now)


@attrs.define(kw_only=True, eq=False)
class Changeable(Product):
    asset: str = "ETH"
    factors = price_of_eth

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now)


class Plain(Product):
    """No attrs class."""

    asset = "ETH"
    factors = price_of_eth

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now)


@attrs.frozen(kw_only=True)
class Unhashed(Product):
    asset: str = "ETH"
    factors = price_of_eth
    __hash__ = None  # type: ignore[assignment]

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now)


@attrs.frozen(kw_only=True)
class Forgetful(Product):
    """Its fee is lost when it is copied or pickled, and is no part of what makes two of them equal."""

    asset: str = "ETH"
    fee: float = attrs.field(default=0.0, validator=checks.FRACTION, eq=False)
    factors = price_of_eth

    def __reduce__(self) -> tuple:
        return Forgetful, ()

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now, self.fee)


@attrs.frozen(kw_only=True)
class Strange(Forgetful):
    """Equal to nothing, not even to its copy."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = Product.__hash__


@attrs.frozen(kw_only=True)
class Credulous(Product):
    asset: str = "ETH"
    fee: float = 0.0
    factors = price_of_eth

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now, self.fee)


def bare_error(_instance: object, _field: object, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError("fee")


def unnamed_error(_instance: object, _field: object, value: float) -> None:
    checks.fraction("the number", value)


@attrs.frozen(kw_only=True)
class Gruff(Credulous):
    fee: float = attrs.field(default=0.0, validator=bare_error)


@attrs.frozen(kw_only=True)
class Vague(Credulous):
    fee: float = attrs.field(default=0.0, validator=unnamed_error)


@attrs.frozen(kw_only=True)
class WithAFunction(Product):
    asset: str = "ETH"
    fee_of: Callable[[], float] = attrs.field(default=float)
    factors = price_of_eth

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now, self.fee_of())


@attrs.frozen(kw_only=True)
class Uncapped(Credulous):
    """A fee that is checked, and a cap that may be left out and is not."""

    fee: float = attrs.field(default=0.0, validator=checks.FRACTION)
    cap_usd: float | None = None
    weights: tuple[float, ...] | None = None  # no number
    note: str | None = None


def caught(product: Product) -> set[str]:
    """The checks that a product fails."""
    found = set()
    for name, check in CHECKS.items():
        try:
            check(product, MARKET, capital=1_000.0)
        except StakingModelsError:
            found.add(name)
    return found


FAULTS: list[tuple[Product, str, str]] = [
    (Changeable(), "frozen", "asset can be set"),
    (Unhashed(), "frozen", "copy raises TypeError: unhashable"),
    (Forgetful(fee=0.5), "frozen", "when it is run after a copy"),
    (Strange(), "frozen", "copy gives one that is not equal to it"),
    (WithAFunction(fee_of=lambda: 0.1), "frozen", "pickle of protocol 2 raises"),
    (Credulous(), "refuses-nan", "fee: NaN is taken"),
    (Gruff(), "refuses-nan", "fee: NaN is refused with ValueError"),
    (Vague(), "refuses-nan", "fee: the refusal of NaN does not name the field"),
]


@pytest.mark.parametrize(
    ("product", "name", "words"),
    FAULTS,
    ids=lambda value: type(value).__name__ if isinstance(value, Product) else "",
)
def test_a_faulty_term_sheet_is_caught(product, name, words):
    with pytest.raises(ConformanceError, match=f"^{name}: .*{words}"):
        check_product(product, MARKET)


def test_a_number_that_may_be_left_out_refuses_nan_too():
    with pytest.raises(ConformanceError, match=r"^refuses-nan: .*cap_usd: NaN is taken; use a check"):
        check_product(Uncapped(), MARKET, only=["refuses-nan"])


@attrs.frozen(kw_only=True)
class OneOrTheOther(Product):
    """A fee, as a fraction or in basis points."""

    asset: str = "ETH"
    fee: float | None = 0.01
    fee_bps: float | None = None
    factors = price_of_eth

    def __attrs_post_init__(self) -> None:
        if (self.fee is None) == (self.fee_bps is None):
            checks.refuse("fee", "must stand alone", self.fee)
        checks.fraction("OneOrTheOther.fee", self.fee)

    def open(self, book: Book, now: Now) -> Position:
        return held(book, now)


def test_a_number_that_another_excludes_may_be_refused_in_its_name():
    check_product(OneOrTheOther(), MARKET, only=["refuses-nan"])


def test_a_plain_class_can_neither_be_frozen_nor_checked():
    with pytest.raises(ConformanceError, match=r"^frozen: .* can be set; write @terms\.sheet"):
        check_product(Plain(), MARKET)
    assert caught(Plain()) == {"frozen", "refuses-nan"}


@pytest.mark.parametrize("product", [Forgetful(), WithAFunction()], ids=repr)
def test_their_sound_twins_pass(product):
    check_product(product, MARKET)
