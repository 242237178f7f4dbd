"""`Replay`: a run recomputed from its entries and the market's prices, without the book that made them."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.ledger import Entry, Line, Outcome
from stakingmodels.ledger.account import PAID_OUT, WALLET
from stakingmodels.market import Factor
from stakingmodels.testing.snapshot import Snapshot


def is_cash(slot: "Slot | Entry", numeraire: str) -> bool:
    """Whether an account is money in the holder's hand: in the wallet, or paid out."""
    return slot.place in (WALLET, PAID_OUT) and slot.asset == numeraire and slot.mark is None


DEBTS = frozenset({"debt", "owed"})
"""Places whose units may be negative."""


@attrs.frozen
class Slot:
    """One account of one book."""

    book: str
    asset: str
    place: str
    mark: Factor | None

    @classmethod
    def of(cls, entry: Entry) -> "Slot":
        """Account of an entry."""
        return cls(entry.book, entry.asset, entry.place, entry.mark)

    def __str__(self) -> str:
        mark = "" if self.mark is None else f" marked {self.mark}"
        return f"{self.asset} in {self.book}/{self.place}{mark}"


class Replay:
    """Holdings, values and lines of a run, recomputed from its step ledger.

    Attributes
    ----------
    held
        Units by account at every time, ``(n_times, n_paths)``, after the entries of the step that ends there.
    turnover
        Sum of the absolute units entered by account, ``(n_paths,)``.
    values
        Sum of units times price (and mark), ``(n_times, n_paths)``.
    booked
        Capital plus everything booked under a line so far, ``(n_times, n_paths)``.
    scale
        Scale of roundings, ``(n_times, n_paths)``: the sum of the absolute values of all terms so far, plus the largest
        later value of all units that went through the accounts, since a rounding of units counts at their present
        price.
    unexplained
        Value gained or lost by moves, trades and transfers of the step, without the deposit, ``(n_times, n_paths)``.
    lines
        Money by line, ``(n_paths,)``; the price line from units and price moves.
    native
        Units by (line, asset), ``(n_paths,)``.
    """

    def __init__(self, outcome: Outcome, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        shape = (snapshot.grid.n_times, snapshot.n_paths)
        self.held: dict[Slot, FloatArray] = {}
        self.turnover: dict[Slot, FloatArray] = {}
        self._turned: dict[Slot, FloatArray] = {}
        self.lines: dict[Line, FloatArray] = {}
        self.native: dict[tuple[Line, str], FloatArray] = {}
        self.unexplained = np.zeros(shape)
        self.unexplained[0] = -outcome.capital
        self._gained = np.zeros(shape)
        self._moved = np.zeros(shape)
        self._worth: dict[Slot, FloatArray] = {}
        self._enter(outcome)
        self.values, turned = np.zeros(shape), np.zeros(shape)
        for slot, units in self.held.items():
            self.values += units * self._worth[slot]
            turned += np.cumsum(self._turned[slot], axis=0) * self._worth[slot]
            self._reprice(slot, units)
        at_work = outcome.capital + np.cumsum(self._moved, axis=0) + np.abs(self.values)
        self.scale = at_work + np.maximum.accumulate(turned, axis=0)
        self.booked = outcome.capital + np.cumsum(self._gained, axis=0)
        self._add(Line.DISCOUNT, self.unexplained.sum(axis=0))

    @property
    def has_marks(self) -> bool:
        """Whether a market ratio is on any account, so that moves between marks are booked as a discount."""
        return any(slot.mark is not None for slot in self.held)

    @property
    def units(self) -> Mapping[tuple[str, str], FloatArray]:
        """Units at the end by asset and place, over all books."""
        found: dict[tuple[str, str], FloatArray] = {}
        for slot, units in self.held.items():
            key = (slot.asset, slot.place)
            found[key] = found[key] + units[-1] if key in found else units[-1]
        return found

    def market_value(self, entry: Entry) -> FloatArray:
        """Value of an entry in money, at the prices of its step, ``(n_paths,)``."""
        value: FloatArray = self._worth[Slot.of(entry)][entry.step + 1]
        return entry.units * value

    def _enter(self, outcome: Outcome) -> None:
        """Add up the entries in their order, for the same roundings as the run."""
        time = 0
        for entry in outcome.entries or ():
            slot = Slot.of(entry)
            if slot not in self.held:
                self.held[slot] = np.zeros(self.unexplained.shape)
                self.turnover[slot] = np.zeros(self._snapshot.n_paths)
                self._turned[slot] = np.zeros(self.unexplained.shape)
                self._worth[slot] = self._snapshot.unit_value(slot.asset, slot.mark)
            while time < entry.step + 1:
                self._carry(time)
                time += 1
            self.held[slot][time] += entry.units
            self.turnover[slot] += np.abs(entry.units)
            self._turned[slot][time] += np.abs(entry.units)
            worth = self.market_value(entry)
            self._moved[time] += np.abs(worth)
            if entry.line is None:
                self.unexplained[time] += worth
            else:
                self._gained[time] += worth
                self._add(entry.line, worth)
                key = (entry.line, entry.asset)
                self.native[key] = self.native.get(key, 0.0) + entry.units
        for rest in range(time, self._snapshot.grid.n_times - 1):
            self._carry(rest)

    def _carry(self, time: int) -> None:
        for units in self.held.values():
            units[time + 1] = units[time]

    def _reprice(self, slot: Slot, units: FloatArray) -> None:
        """Gains of holdings over each step: units x old mark x price move, and units x new price x mark move."""
        if slot.asset == self._snapshot.numeraire and slot.mark is None:
            return
        price = self._snapshot.unit_value(slot.asset, None)
        mark = np.ones_like(price) if slot.mark is None else self._snapshot.level(slot.mark)
        by_price = units[:-1] * np.diff(price, axis=0) * mark[:-1]
        by_mark = units[:-1] * price[1:] * np.diff(mark, axis=0)
        for line, gains in ((Line.PRICE, by_price), (Line.DISCOUNT, by_mark)):
            self._add(line, gains.sum(axis=0))
            self._gained[1:] += gains
            self._moved[1:] += np.abs(gains)

    def _add(self, line: Line, money: FloatArray) -> None:
        self.lines[line] = self.lines.get(line, 0.0) + money
