"""`CashFlows`: every change of wealth on one path, in units and money; and `PriceLog`, the prices behind it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.display import LINES, Summary
from stakingmodels.frames import data_frame
from stakingmodels.ledger.book import Book
from stakingmodels.ledger.lines import Line
from stakingmodels.ledger.record import Entry
from stakingmodels.market import Factor, Now, Price, TimeGrid
from stakingmodels.series import FrozenMap, frozen

if TYPE_CHECKING:
    import pandas as pd

Prices = Mapping[Factor, FloatArray]
_Slot = tuple[str, str, str, Factor | None]  # book, asset, place, mark


class PriceLog:
    """Prices and ratios by which accounts are valued, at every grid time.

    Parameters
    ----------
    n_times, n_paths
        Grid times, and paths of the block.
    """

    def __init__(self, n_times: int, n_paths: int) -> None:
        self._shape = (n_times, n_paths)
        self._levels: dict[Factor, FloatArray] = {}

    def note(self, time: int, book: Book, now: Now) -> None:
        """Keep the prices and ratios of all accounts at a grid time, whatever they hold."""
        for each in book.family():
            for account in each.valuation.accounts():
                for factor in () if account.priced_group.is_money else (account.priced_group.price, account.mark):
                    if factor is not None:
                        self._levels.setdefault(factor, np.zeros(self._shape))[time] = now[factor]

    def levels(self) -> Prices:
        """Factor -> levels, ``(n_times, n_paths)``; 0 before there was an account with that price."""
        return FrozenMap({factor: frozen(levels) for factor, levels in self._levels.items()})


@attrs.frozen(kw_only=True)
class CashFlow:
    """One change of wealth, or one side of a move or trade.

    Attributes
    ----------
    date, step
        The day on which it happens, and the interval; -1 at the opening.
    book, asset, place
        The account; the book's name is empty except for the parts of a wrapper.
    line, group
        Labels of the cause and of its group; empty for a side of a move or trade, whose other side is the row before or
        after.
    units, price
        Change in units, and money a unit. Where a price moved, no units change, and the price is the new one.
    money
        Change in the holder's wealth.
    balance
        Wealth after it.
    """

    date: str
    step: int
    book: str
    asset: str
    place: str
    line: str
    group: str
    units: float
    price: float
    money: float
    balance: float


COLUMNS = tuple(field.name for field in attrs.fields(CashFlow))


@attrs.frozen(eq=False, kw_only=True)
class CashFlows(Sequence[CashFlow]):
    """The cash-flow table of one path, returned by `Outcome.cashflows`. Money sums to closing less capital.

    Moves of prices are rows of their own, at the beginning of each step: first the gain from the coin's price, under
    ``price``, then the gain from a market ratio, under ``discount``. A move or trade has two sides, whose money
    cancels. A move between accounts of different marks is valued at the old one; the difference to the new one is a row
    of ``discount``. The capital itself is no row: the balance begins with it.

    Attributes
    ----------
    rows
        `CashFlow`, in time order.
    product, numeraire
        Class of the product, and the asset in which money is counted.
    capital
        Money put in at the opening.
    path
        Index of the path.
    """

    rows: tuple[CashFlow, ...]
    product: str
    numeraire: str
    capital: float
    path: int

    @overload
    def __getitem__(self, index: int) -> CashFlow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[CashFlow, ...]: ...
    def __getitem__(self, index: int | slice) -> CashFlow | tuple[CashFlow, ...]:
        return self.rows[index]

    def __iter__(self) -> Iterator[CashFlow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def closing(self) -> float:
        """Wealth at the grid's end."""
        return self.rows[-1].balance if self.rows else self.capital

    @property
    def totals(self) -> dict[str, float]:
        """Money by label of its line, in the order in which lines first appear."""
        found: dict[str, float] = {}
        for row in self.rows:
            if row.line:
                found[row.line] = found.get(row.line, 0.0) + row.money
        return found

    def to_dict(self) -> list[dict[str, Any]]:
        """The rows as plain numbers and text, fit for JSON."""
        return [{name: getattr(row, name) for name in COLUMNS} for row in self.rows]

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame of the rows, dates as datetime64.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        columns: dict[str, Any] = {name: [getattr(row, name) for row in self.rows] for name in COLUMNS}
        columns["date"] = np.array(columns["date"], dtype="datetime64[s]")
        return data_frame("CashFlows.to_frame", columns, index="row")

    def _shown(self) -> Summary:
        lines = "; ".join(f"{label} {money:+z,.2f}" for label, money in self.totals.items())
        columns = ("date", "account", "line", "units", "price", "money", "balance")
        return Summary(
            title=f"Cash flows of {self.product}, path {self.path}: {self.capital:,.2f} {self.numeraire} became "
            f"{self.closing:,.2f}",
            columns=columns,
            rows=[_cells(row) for row in self.rows[:LINES]],
            notes=[f"By line: {lines or 'nothing'}.", "All rows: .to_frame(), or iterate."],
            left=3,
            n_rows=len(self.rows),
        )


def _cells(row: CashFlow) -> tuple[str, ...]:
    account = f"{row.book}/{row.asset} {row.place}" if row.book else f"{row.asset} {row.place}"
    return (
        row.date,
        account,
        row.line or "-",
        f"{row.units:+,.6g}" if row.units else "",
        f"{row.price:,.6g}",
        f"{row.money:+z,.2f}",
        f"{row.balance:z,.2f}",
    )


class _Teller:
    """Writes the rows of one path from its ledger."""

    def __init__(self, grid: TimeGrid, numeraire: str, capital: float, prices: Prices, path: int, start: Any) -> None:
        self._dates = np.datetime_as_string((grid.times + start).astype("datetime64[D]"))
        self._levels = {factor: levels[:, path] for factor, levels in prices.items()}
        self._numeraire = numeraire
        self._path = path
        self._balance = capital
        self._held: dict[_Slot, float] = {}
        self._step = -1
        self.rows: list[CashFlow] = []

    def advance(self, step: int) -> None:
        """Write the gains from price moves of the steps up to `step`, on the units held at the start of each."""
        while self._step < step:
            self._step += 1
            for slot, units in self._held.items():
                self._reprice(slot, units)

    def _reprice(self, slot: _Slot, units: float) -> None:
        _, asset, _, mark = slot
        if units == 0.0 or asset == self._numeraire:
            return
        (old, old_mark), (new, new_mark) = (
            self._level(asset, mark, self._step),
            self._level(asset, mark, self._step + 1),
        )
        self._write(slot, Line.PRICE, 0.0, new * new_mark, units * old_mark * (new - old))
        self._write(slot, Line.DISCOUNT, 0.0, new * new_mark, units * new * (new_mark - old_mark))

    def _level(self, asset: str, mark: Factor | None, time: int) -> tuple[float, float]:
        """The price of an asset and the factor by which it is multiplied, at a grid time."""
        price = 1.0 if asset == self._numeraire else float(self._levels[Price(asset)][time])
        return price, 1.0 if mark is None else float(self._levels[mark][time])

    def enter(self, entry: Entry, partner: Entry | None) -> None:
        """Write an entry of the step; `partner` is the first side of a move, if this entry is the second."""
        units = float(entry.units[self._path])
        slot = (entry.book, entry.asset, entry.place, entry.mark)
        self._held[slot] = self._held.get(slot, 0.0) + units
        value = float(np.prod(self._level(entry.asset, entry.mark, self._step + 1)))
        if partner is None or partner.asset != entry.asset or partner.mark == entry.mark:
            self._write(slot, entry.line, units, value, units * value)
            return
        before = float(np.prod(self._level(entry.asset, partner.mark, self._step + 1)))
        self._write(slot, None, units, before, units * before)
        self._write(slot, Line.DISCOUNT, 0.0, value, units * (value - before))

    def deposit(self, entry: Entry) -> None:
        """Begin the balance with the capital."""
        self._held[entry.book, entry.asset, entry.place, entry.mark] = float(entry.units[self._path])

    def _write(self, slot: _Slot, line: Line | None, units: float, price: float, money: float) -> None:
        if units == 0.0 and money == 0.0:
            return
        self._balance += money
        book, asset, place, _ = slot
        self.rows.append(
            CashFlow(
                date=str(self._dates[self._step + 1]),
                step=self._step,
                book=book,
                asset=asset,
                place=place,
                line="" if line is None else line.label,
                group="" if line is None else line.group.value,
                units=units,
                price=price,
                money=money,
                balance=self._balance,
            )
        )


def rows_of(
    record: Sequence[Entry], prices: Prices, grid: TimeGrid, *, numeraire: str, capital: float, path: int, start: Any
) -> tuple[CashFlow, ...]:
    """The rows of one path.

    Parameters
    ----------
    record
        The step ledger; its first entry is the deposit of the capital.
    prices
        Levels of the factors by which its accounts are valued.
    grid, numeraire, capital, path
        Of the run.
    start
        Offset added to the grid's times on this path.
    """
    teller = _Teller(grid, numeraire, capital, prices, path, start)
    teller.deposit(record[0])
    partner: Entry | None = None
    for entry in record[1:]:
        teller.advance(entry.step)
        teller.enter(entry, partner)
        partner = entry if entry.line is None and partner is None else None
    teller.advance(grid.n_steps - 1)
    return tuple(teller.rows)
