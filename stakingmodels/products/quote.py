"""`Quote`: gross to net, line by line, in a frozen market."""

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.frames import data_frame
from stakingmodels.ledger import Group, Line, Outcome
from stakingmodels.products.parts.payout import never_paid_out
from stakingmodels.tables import Shown, Table
from stakingmodels.tolerances import REL_TOL
from stakingmodels.words import Note, class_name

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = tuple(Note(f"quote.column.{name}") for name in ("line", "money", "share", "year"))


@attrs.frozen(eq=False, repr=False)
class Quote(ByValue, Shown):
    """Result of a product's terms if prices, rates and difficulty stay constant and no event occurs.

    Printing it shows each line in money, as a share of the capital, and as that share per earning year. Over several
    paths these are means.

    Attributes
    ----------
    outcome
        The outcome on the flat market.
    """

    outcome: Outcome

    @property
    def lines(self) -> dict[Line, float]:
        """Money under each line that is not zero on all paths."""
        return {line: float(np.mean(a)) for line, a in self.outcome.lines.items() if np.any(a)}

    @property
    def gross(self) -> float:
        """Rewards, in money."""
        return sum(amount for line, amount in self.lines.items() if line.group is Group.REWARD)

    @property
    def net(self) -> float:
        """Profit, in money."""
        return float(np.mean(self.outcome.profit))

    @property
    def earning_years(self) -> float:
        """Years of 365 days for which the product pays; see `Outcome.earning_years`."""
        return float(np.mean(self.outcome.earning_years))

    @property
    def coin_rate(self) -> float:
        """Net rate a year in the product's own coin, after fees and costs and before loss events (APR).

        It is the mean over paths that open differently. Compare it with the mean of `Outcome.yields` ``.net_apr`` in a
        run with events, which is the rate after events: the difference is their expected cost.
        """
        return float(np.mean(self.outcome.yields().net_apr))

    @property
    def rows(self) -> list[tuple[str, float]]:
        """Rows of label and money: rewards, gross, deductions, net."""
        rewards = [(_label(line), a) for line, a in self.lines.items() if line.group is Group.REWARD]
        others = [
            (_label(line), a)
            for line, a in self.lines.items()
            if line.group is not Group.REWARD and line is not Line.CONTRIBUTION
        ]
        return [*rewards, (Note("quote.gross"), self.gross), *others, (Note("quote.net"), self.net)]

    @property
    def capital(self) -> float:
        """Capital in money, mean over the paths."""
        return float(np.mean(self.outcome.capital))

    def to_dict(self) -> dict[str, Any]:
        """The rows and their assumptions, as plain numbers and text."""
        return {
            "product": self.outcome.product,
            "capital": self.capital,
            "numeraire": self.outcome.numeraire,
            "years_held": self.outcome.grid.years_held,
            "earning_years": self.earning_years,
            "unsettled": float(np.mean(~self.outcome.settled)),
            "rows": dict(self.rows),
        }

    def _cells(self) -> list[tuple[str, str, str, str]]:
        capital, years = self.capital, self.earning_years
        return [(label, f"{a:z,.2f}", f"{a / capital:+z.3%}", f"{a / capital / years:+z.3%}") for label, a in self.rows]

    def _waiting(self) -> tuple[str, ...]:
        """Notes on money that a contract leaves over, is not paid out on the last day, or never is; empty for none."""
        outcome = self.outcome
        never = (Note("quote.never_paid_out"),) if never_paid_out(outcome).all() else ()
        left = float(np.mean(outcome.capital * (1.0 - outcome.deployed)))
        if Line.CONTRACT in self.lines and left > REL_TOL * self.capital:
            never = (Note("quote.left_over", left=left, money=outcome.numeraire), *never)
        if outcome.settled.all():
            return never
        tail = float(outcome.grid.elapsed_days[-1] - outcome.grid.elapsed_days[outcome.grid.exit])
        return (*never, Note("quote.waiting", days=tail))

    def _title(self) -> str:
        outcome = self.outcome
        return Note("quote.title", product=class_name(outcome.product), capital=self.capital, money=outcome.numeraire)

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a line, with money, its share of the capital, and that share a year.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        labels, money = zip(*self.rows, strict=True)
        of_capital = np.array(money) / self.capital
        columns = {"money": money, "of_capital": of_capital, "a_year": of_capital / self.earning_years}
        return data_frame("Quote.to_frame", columns, index="line", labels=labels)

    def table(self) -> Table:
        """Table of the rows, which is shown as text, HTML or Markdown."""
        return Table(self._title(), _COLUMNS, self._cells(), self._waiting())

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())

    def _repr_html_(self) -> str:
        return self._shown().html()


def _label(line: Line) -> str:
    return Note(f"line.{line.label}")
