"""A product that is left, and gets more money, on planned days and paths: a wrapper for tests."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import Book, Factor, Now, Position, Product
from stakingmodels._types import IntArray, PathValue

Step = tuple[PathValue, list[int] | None]
"""A share or an amount, and the paths (None: all)."""


@attrs.frozen(eq=False)
class Planned(Product):
    """A product of which shares leave, and into which money comes, at the ends of steps and on paths of a plan.

    `kept` is money that is not invested at the opening, and from which later investments are made.
    """

    part: Product
    leave: Mapping[int, Step] = attrs.field(factory=dict)
    add: Mapping[int, Step] = attrs.field(factory=dict)
    kept: float = 0.0
    how: str | None = None

    @property
    def asset(self) -> str | None:
        return self.part.asset

    @property
    def can_leave_early(self) -> bool:
        return self.part.can_leave_early

    @property
    def factors(self) -> frozenset[Factor]:
        return self.part.factors

    def open(self, book: Book, now: Now) -> "PlannedPosition":
        return PlannedPosition(self, book, now)


class PlannedPosition(Position):
    def __init__(self, plan: Planned, book: Book, now: Now) -> None:
        self._plan, self._book = plan, book
        self._reserve = book.account(now.numeraire, "reserve")
        book.move(book.cash, self._reserve, plan.kept)
        self.inner = plan.part.open(book, now)
        self._read()

    def step(self, now: Now) -> None:
        self.inner.step(now)
        if now.step in self._plan.leave:
            share, some = self._plan.leave[now.step]
            self.inner.exit(now, share, self._plan.how, _paths(some))
        if now.step in self._plan.add:
            money, some = self._plan.add[now.step]
            self._book.move(self._reserve, self._book.cash, money, _paths(some))
            self.inner.add(now, money, _paths(some))
        self._read()

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        self.inner.exit(now, share, how, paths)
        self._book.move(self._reserve, self._book.paid_out)
        self._read()

    def _read(self) -> None:
        self.capital_shortfall = self.inner.capital_shortfall
        self.earns_until_day = self.inner.earns_until_day


def _paths(some: list[int] | None) -> IntArray | None:
    return None if some is None else np.array(some)
