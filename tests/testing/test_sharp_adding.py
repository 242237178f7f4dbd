"""Products that take more money, or go on after the holder has left, or remember: sound ones pass, faults are named."""

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import APR, Book, ConformanceError, InputError, LeaveWhen, Line, Now, Price
from stakingmodels.products import Above, Quote, Wrapper, WrapperPosition
from stakingmodels.testing import CHECKS, check_product
from tests.testing import broken_wrappers
from tests.testing.broken_wrappers import Around, AroundPosition
from tests.testing.test_sharp import CAPITAL, REWARD, Held, Plain, market

pytestmark = pytest.mark.once

Take = Callable[["Taker", Any, Any], None]
FEE = 0.01


def take(held: "Taker", money: Any, paths: Any) -> None:
    """The sound way in."""
    held.book.trade(held.book.cash, held.coins, money, cost=FEE, paths=paths)


@attrs.frozen(kw_only=True)
class Taking(Plain):
    """The plain product, which takes more money for a fee of 1 %, as at the opening."""

    take: Take = take

    def open(self, book: Book, now: Now) -> "Taker":
        return Taker(self, book, now)


class Taker(Held):
    terms: Taking

    def __init__(self, terms: Taking, book: Book, now: Now) -> None:
        super().__init__(terms, book, now)
        book.post(Line.TRADING, self.coins, -FEE * self.coins.units)

    def add(self, now: Now, money: Any, paths: Any = None) -> None:
        self.now = now
        self.terms.take(self, money, paths)


def the_paths_are_ignored(held: Taker, money: Any, _paths: Any) -> None:
    held.book.trade(held.book.cash, held.coins, money, cost=FEE)


def nothing_is_done(_held: Taker, _money: Any, _paths: Any) -> None:
    pass


def half_on_every_path(held: Taker, _money: Any, paths: Any) -> None:
    """Half of what the wallets of all paths have on average."""
    each = 0.5 * np.minimum(float(np.mean(held.book.cash.units)), held.book.cash.units)
    held.book.trade(held.book.cash, held.coins, each if paths is None else each[paths], cost=FEE, paths=paths)


def charged_twice(held: Taker, money: Any, paths: Any) -> None:
    take(held, money, paths)
    fee = np.zeros(held.now.n_paths)
    fee[slice(None) if paths is None else paths] = FEE * money
    held.book.charge(Line.OPERATING, fee)


def kept_in_a_drawer(held: Taker, money: Any, paths: Any) -> None:
    held.book.trade(held.book.cash, held.book.account("ETH", "drawer"), money, cost=FEE, paths=paths)


TAKES = [the_paths_are_ignored, nothing_is_done, half_on_every_path, charged_twice, kept_in_a_drawer]


@attrs.frozen
class Dropping(Wrapper):
    """A wrapper that forgets on which paths more money is put in."""

    def open(self, book: Book, now: Now) -> "DroppingPosition":
        return DroppingPosition(self, book, now)


class DroppingPosition(WrapperPosition):
    def step(self, now: Now) -> None:
        self.held.step(now)

    def add(self, now: Now, money: Any, paths: Any = None) -> None:
        self.book.pay_to(self.child, self.book.cash, money, paths)
        self.held.add(now, money)


@attrs.frozen
class Forever(Around):
    """A wrapper whose fee goes on when the holder has left."""

    def open(self, book: Book, now: Now) -> "ForeverPosition":
        return ForeverPosition(self, book, now)


class ForeverPosition(AroundPosition):
    def step(self, now: Now) -> None:
        self.held.step(now)
        self.book.charge(Line.OPERATING, now.days)


def a_coin_a_step(held: Held, _now: Now) -> None:
    held.book.post(Line.EXECUTION, held.book.cash, (held.coins.units > 0.0).astype(np.float64))


def a_reward_by_the_price(held: Held, now: Now) -> None:
    held.book.post(Line.EXECUTION, held.coins, 1e-9 * held.coins.units * now[Price("ETH")] * now.days)


class Flattering(Plain):
    """A quote of twice the capital."""

    def quote(self, market, *, capital):  # type: ignore[misc]
        return super().quote(market, capital=2.0 * capital)


class Embellished(Plain):
    """A run of twice the capital."""

    def run(self, market, *, capital, keep="totals"):  # type: ignore[misc]
        return super().run(market, capital=2.0 * capital, keep=keep)


class Hiding(Plain):
    """A quote that does not show its rewards."""

    def quote(self, market, *, capital):  # type: ignore[misc]
        found = super().quote(market, capital=capital).outcome
        shown = {line: money for line, money in found.lines.items() if line is not Line.CONSENSUS}
        return Quote(attrs.evolve(found, lines=type(found.lines)(shown)))


class Unquoted(Plain):
    """A quote of nothing."""

    def quote(self, market, *, capital):  # type: ignore[misc]
        return attrs.make_class("Nothing", {"outcome": attrs.field(default=None)})()


class Refusing(Plain):
    """A run that refuses what the engine runs."""

    def run(self, market, *, capital, keep="totals"):  # type: ignore[misc]
        raise InputError("Refusing.run: not today")


def highest() -> Plain:
    """A product that pays a little by the most coins that any run before has held."""
    seen = [0.0]

    def by_the_highest(held: Held, _now: Now) -> None:
        seen[0] = max(seen[0], float(held.coins.units.max()))
        held.book.post(Line.EXECUTION, held.book.cash, 1e-6 * seen[0])

    return Plain(fault=by_the_highest)


AROUND: Any = Forever
DROPS: Any = Dropping
BROKEN = {
    **{way.__name__: (Taking(take=way), {"add"}) for way in TAKES},
    "a wrapper that drops paths": (DROPS(Taking()), {"add"}),
    "paid by the step": (Plain(fault=a_coin_a_step), {"step-length"}),
    "paid by the price": (Plain(fault=a_reward_by_the_price), {"rewards-in-coins"}),
    "another quote": (Flattering(), {"as-run"}),
    "another run": (Embellished(), {"as-run"}),
    "a quote that hides its rewards": (Hiding(), {"as-run"}),
    "a quote of nothing": (Unquoted(), {"as-run"}),
    "a run that refuses": (Refusing(), {"as-run"}),
    "a fee that goes on": (AROUND(Plain()), {"exit-ends"}),
}
"""Broken product, and the checks that fail, by name."""
SOUND = {"taking": Taking(), "around": broken_wrappers.SOUND, "by a rule": LeaveWhen(Taking(), Above(REWARD, APR(0.8)))}


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_named_by_the_check_meant_for_it(name):
    thing, checks = BROKEN[name]
    for check in checks:
        with pytest.raises(ConformanceError, match=f"^{check}: "):
            CHECKS[check](thing, market(), capital=CAPITAL)
        with pytest.raises(ConformanceError, match=f"^{check}: "):
            check_product(thing, only=[check])


@pytest.mark.parametrize("name", SOUND)
def test_sound_ones_pass(name):
    check_product(SOUND[name], market(), capital=CAPITAL, only=["add", "exit-ends", "step-length", "deterministic"])


def test_a_product_that_remembers_is_found_when_it_is_run_again():
    with pytest.raises(ConformanceError, match=r"^deterministic: .* when it is run again"):
        check_product(highest(), only=["deterministic"])
