"""Checks of a book in every run: it closes, lines have their signs, and no account is overdrawn."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels._types import BoolArray, FloatArray, PathValue
from stakingmodels.errors import NumericalError
from stakingmodels.ledger.account import OWING
from stakingmodels.ledger.book import Book
from stakingmodels.ledger.guards import OWN_LINES, refuse_books
from stakingmodels.ledger.lines import Group, Line
from stakingmodels.ledger.sums import LineSums

ROUNDING = 1e-9
"""Overdraft that rounding may leave in an account, as a fraction of the units that went through it."""
_SUM = 1e-12  # of the amounts at work: rounding left in a sum that should be 0
_EPS = 16.0 * float(np.finfo(np.float64).eps)  # the same a step, for long grids


def refuse_overdrawn(who: str, book: Book, steps: str, first: int) -> None:
    """Raise `BookError` where an account is negative by more than rounding.

    Parameters
    ----------
    who, steps
        Name of the product, and steps done so far, for the message.
    book
        Its book.
    first
        Number of the first path.
    """
    for each in book.family():
        posted = each.journal.posted()
        for account in each.valuation.accounts():
            if not account.active or account.place in OWING or not account.raw_units.min() < 0.0:
                continue
            turned = account.slack + sum((np.abs(sums.units) for sums in posted if sums.asset == account.asset), 0.0)
            below = account.raw_units < -ROUNDING * turned
            if below.any():
                path = int(np.argmax(below))
                where = f"{who}: {account.asset} in {account.place!r} on path {first + path} after {steps}"
                hint = f"only {' and '.join(OWING)} may be"
                refuse_books(where, "must not be below 0", float(account.raw_units[path]), hint)


@attrs.frozen(eq=False, kw_only=True)
class Accounts:
    """Final amounts of a run, to be verified.

    Attributes
    ----------
    who
        The product.
    first
        Number of its first path.
    capital
        Money put in.
    closing, peak
        Value of all holdings at the end, and its highest value, within steps too, ``(n_paths,)``.
    lines
        Money under each line.
    n_steps
        Steps of the grid.
    """

    who: str
    first: int
    capital: PathValue
    closing: FloatArray
    peak: FloatArray
    lines: Mapping[Line, FloatArray]
    n_steps: int

    @property
    def slack(self) -> FloatArray:
        """Tolerance for rounding, in money, ``(n_paths,)``: a fraction of all amounts that were at work."""
        at_work = self.capital + self.peak + np.abs(self.closing)
        for amount in self.lines.values():
            at_work = at_work + np.abs(amount)
        return at_work * max(_SUM, _EPS * (self.n_steps + 1))

    def refuse_overflow(self) -> None:
        """Raise `NumericalError` where the closing value or a line is not a finite number."""
        wrong = ~np.isfinite(self.closing)
        lines = {line: ~np.isfinite(amount) for line, amount in self.lines.items()}
        named = next((line for line, bad in lines.items() if bad.any()), None)
        if not wrong.any() and named is None:
            return
        path = int(np.argmax(wrong if wrong.any() or named is None else lines[named]))
        text = f"{self.who}: overflow: the closing value is {self.closing[path]} on path {self.first + path}"
        raise NumericalError(text if named is None else f"{text}, and {named!r} {self.lines[named][path]}")

    def verify(self, book: Book, *, rates_fell: bool) -> None:
        """Raise `BookError` unless the books close, every line has its sign, and nothing is owed without a debt.

        Parameters
        ----------
        book
            The book that these amounts come from.
        rates_fell
            Whether a market rate was below 0, which allows negative rewards.
        """
        slack = self.slack
        self._verify_closing(slack)
        in_debt = np.zeros(self.closing.shape, dtype=np.bool_)
        for each in book.family():
            for sums in each.journal.posted():
                self._verify_signs(sums, slack, rates_fell=rates_fell)
            for account in each.valuation.accounts():
                if account.place in OWING:
                    in_debt |= account.raw_units < 0.0
                if not account.active:
                    where = f"{account.asset} in {account.place!r} must be empty, as the book has it"
                    self._refuse_where(account.raw_units != 0.0, where, account.raw_units)
        owing = (self.closing < -slack) & ~in_debt
        self._refuse_where(owing, "closing must not be below 0 without a debt", self.closing)

    def _verify_signs(self, sums: LineSums, slack: FloatArray, *, rates_fell: bool) -> None:
        """Refuse positive costs, fees and losses, and negative rewards unless a rate is below 0."""
        for line, share in sums.shares:
            if line not in OWN_LINES and not (line.group is Group.REWARD and rates_fell):
                money = sums.in_money() * share
                word = "give" if line.sign < 0 else "take"
                self._refuse_where(money * line.sign < -slack, f"{line!r} must not {word}", money)

    def _verify_closing(self, slack: FloatArray) -> None:
        """``closing = capital + sum of lines``."""
        total = np.array(np.broadcast_to(self.capital, self.closing.shape))
        for amount in self.lines.values():
            total += amount
        off = self.closing - total
        bad = ~(np.abs(off) <= slack)
        if bad.any():
            path = int(np.argmax(bad))
            rule = f"closing must be capital and lines, {float(total[path])!r} ({float(off[path]):.3g} off)"
            self._refuse_where(bad, rule, self.closing)

    def _refuse_where(self, bad: BoolArray, rule: str, amount: FloatArray) -> None:
        if bad.any():
            path = int(np.argmax(bad))
            refuse_books(f"{self.who}: the books on path {self.first + path}", rule, float(amount[path]))
