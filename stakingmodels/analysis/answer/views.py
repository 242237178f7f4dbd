"""`PriceViews`: money at the end of each product, if the price of its coin goes to a given end."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.analysis.answer.pinning import Opening, by_coins, coins_of, opened, paths_of, pinned_run
from stakingmodels.analysis.row import SEVERAL, mean_of, number, unstruck
from stakingmodels.analysis.windows import windows_of
from stakingmodels.display import Summary
from stakingmodels.engine import Results
from stakingmodels.equality import ByValue
from stakingmodels.frames import frame_of_rows
from stakingmodels.market import TimeGrid
from stakingmodels.measures import Distribution
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.events.pinned import as_change
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Notes, Shown, Table
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd

PriceView = float | Mapping[str, float]
"""Change of a price from the opening to the exit: of each row's own coin, or by coin."""
HALVES_STAYS_DOUBLES = (-0.5, 0.0, 1.0)
"""Usual views: the coin halves, stays where it opened, doubles."""
LONG_DAYS = 730
"""Days until the exit above which views say more than the median of prices without a trend."""
VIEW_PATHS = 2_048
"""Paths of a view: without the price's own spread, few paths give a mean to about 0.2 % of the money."""
_LARGEST = 9.0
_WHOLE = 1_000.0  # amounts from this on are shown without decimals
_HUNDREDS = 100.0  # and those below this with all of their four digits, as coins are


def is_long(grid: TimeGrid) -> bool:
    """Whether a run is so long that the median of its prices is no reading of what to expect."""
    return float(grid.elapsed_days[grid.exit]) > LONG_DAYS


def amount(money: float) -> str:
    """Money as text: whole from 1,000 on, otherwise in four digits; a dash where there is none."""
    if not math.isfinite(money):
        return "-"
    if abs(money) >= _WHOLE:
        return f"{money:,.0f}"
    return f"{money:.4g}" if abs(money) >= _HUNDREDS or money == 0.0 else f"{money:#.4g}"


@attrs.frozen(eq=False, kw_only=True)
class PriceViewRow(ByValue):
    """Money of one product at the end of the grid, in one view of prices. A number that does not exist is NaN.

    Attributes
    ----------
    product, coin
        Name in the results, and its own coin.
    view
        The view: a change of the own coin, or changes by coin.
    opening, price
        Price of the coin at the opening, mean over the paths, and on the day of the exit in this view; NaN for products
        of several coins and for money itself.
    money, error
        Value of all holdings at the grid's end, mean over the paths, and its standard error.
    money_no_event
        The same mean over the paths without a loss event.
    money_q05
        Value that 5 % of the paths stay below.
    put_in
        Capital and contributions, mean over the paths.
    """

    product: str
    coin: str
    view: PriceView
    opening: float
    price: float
    money: float
    error: float
    money_no_event: float
    money_q05: float
    put_in: float


PRICE_VIEW_COLUMNS = tuple(field.name for field in attrs.fields(PriceViewRow))
"""Columns of `PriceViews.to_frame`, in order; only ever added to at the end."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class PriceViews(ByValue, Shown):
    """Money at the end by product and view of prices. Print it, or show it in a notebook.

    Attributes
    ----------
    views
        The views, in order.
    products
        Products that a view concerns, in the order of the comparison.
    rows
        One `PriceViewRow` for each product and view that concerns it, view by view.
    numeraire
        The asset in which money is counted.
    capital
        Money put in at the opening, mean over the paths of the views.
    days
        Days from the opening to the exit.
    n_paths
        Number of paths of each view.
    openings_differ
        Whether a coin opens at different prices on different paths, as in windows of a record.
    """

    views: tuple[PriceView, ...]
    products: tuple[str, ...]
    rows: tuple[PriceViewRow, ...]
    numeraire: str
    capital: float
    days: float
    n_paths: int
    openings_differ: bool

    def table(self) -> Table:
        """Table of the average money at the end: one line a product, one column a view."""
        return self._table(Note("views.title", money=self.numeraire, capital=amount(self.capital)), "money")

    def _table(self, title: str, figure: str) -> Table:
        headers = [
            Note("column.product"),
            Note("column.coin"),
            Note("views.column.opening"),
            *map(in_words, self.views),
        ]
        found = {(row.product, key_of(row.view)): row for row in self.rows}
        cells: list[list[str]] = []
        for name in self.products:
            of_views = [found.get((name, key_of(view))) for view in self.views]
            one = next(row for row in of_views if row is not None)
            money = ["-" if row is None else amount(getattr(row, figure)) for row in of_views]
            cells.append([name, one.coin, amount(one.opening), *money])
        return Table(title, headers, cells, left=2)

    def notes(self) -> Notes:
        """Notes on how the views are made and read."""
        extra = [row for row in self.rows if row.put_in > self.capital * (1.0 + 1e-9)]
        most = {row.product: amount(row.put_in - self.capital) for row in extra}
        told = [Note("views.note.path"), Note("views.note.rest", n=self.n_paths), Note("views.note.end")]
        if self.days > LONG_DAYS:
            told.insert(0, Note("views.note.long", years=self.days / DAYS_PER_YEAR))
        if self.openings_differ:
            told.append(Note("views.note.record"))
        told += [Note("views.note.paid_in", product=name, money=money) for name, money in most.items()]
        return Notes(Note("views.caption"), told)

    def parts(self) -> Iterator[Table | Notes]:
        """Tables of the average, of the average without a loss event and of the 5 % quantile, and the notes."""
        yield self.table()
        yield self._table(Note("views.title.no_event"), "money_no_event")
        yield self._table(Note("views.title.q05"), "money_q05")
        yield self.notes()

    def _parts(self) -> Iterator[Table | Notes]:
        return self.parts()

    def _shown(self) -> Summary:
        return Summary.of(attrs.evolve(self.table(), notes=self.notes().notes))

    def _repr_html_(self) -> str:
        return self._shown().html()

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text; None for missing numbers."""
        rows = [{name: _plain(getattr(row, name)) for name in PRICE_VIEW_COLUMNS} for row in self.rows]
        return {
            "views": [_plain(view) for view in self.views],
            "numeraire": self.numeraire,
            "capital": self.capital,
            "days": self.days,
            "n_paths": self.n_paths,
            "rows": rows,
        }

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product and view, by product; the view as text.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        rows = [{**row, "view": str(in_words(each.view))} for row, each in zip(self._dicts(), self.rows, strict=True)]
        return frame_of_rows("PriceViews.to_frame", rows, PRICE_VIEW_COLUMNS)

    def _dicts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.to_dict()["rows"]
        return found


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else number(value)


def key_of(view: PriceView) -> object:
    """A view as a key of dictionaries."""
    return tuple(sorted(view.items())) if isinstance(view, Mapping) else view


def in_words(view: PriceView) -> str:
    """A view as the header of a column."""
    if isinstance(view, Mapping):
        return Note(
            "cell.several", parts=tuple(Note("views.column.coin", coin=c, change=percent(x)) for c, x in view.items())
        )
    return percent(view) if view else Note("views.column.stays")


def percent(change: float) -> str:
    """A change as percent, in as few digits as it has up to four."""
    return f"{100.0 * change:+.4g}%" if change else "0%"


def as_views(where: str, value: object) -> tuple[PriceView, ...]:
    """Views as given: a number, a mapping by coin, or several of these.

    Raises
    ------
    InputError, InputTypeError
        For changes of -1 or less, above 9, or not finite, and for anything else.
    """
    several = value if isinstance(value, (tuple, list, np.ndarray)) else (value,)
    if not len(several):
        _refuse_kind(where, value)
    return tuple(_as_view(where, each) for each in several)


def _as_view(where: str, value: object) -> PriceView:
    if isinstance(value, Mapping):
        if not value:
            _refuse_kind(where, value)
        return FrozenMap(
            {checks.text(f"{where}: coin", c): as_change(f"{where}[{c!r}]", x, _LARGEST) for c, x in value.items()}
        )
    if isinstance(value, str) or value is None:
        _refuse_kind(where, value)
    return as_change(where, value, _LARGEST)


def _refuse_kind(where: str, value: object) -> NoReturn:
    rule = 'must be changes such as (-0.5, 0.0, 1.0) of each row\'s own coin, or {"ETH": -0.5} of one'
    checks.refuse_type(where, rule, value)


def check_coins(where: str, views: Iterable[PriceView], results: Results, names: Iterable[str]) -> None:
    """Refuse a view on a coin that no row has."""
    coins = sorted({coin for name in names for coin in coins_of(results, name)})
    for view in views:
        for coin in view if isinstance(view, Mapping) else ():
            if coin not in coins:
                rule = (
                    f"must be the coin of a row, of which there are {', '.join(coins)}"
                    if coins
                    else "no row has a coin"
                )
                checks.refuse(f"{where}: coin", rule, coin, checks.nearest_hint(coin, coins))


def views_of(
    results: Results, names: Sequence[str], views: tuple[PriceView, ...], n_paths: int | None = VIEW_PATHS
) -> PriceViews:
    """Views of some rows of a run.

    Parameters
    ----------
    results
        The run, with outcomes.
    names
        Rows, in order.
    views
        As `as_views` gives them.
    n_paths
        Number of paths, the first of the run; None for all. Of a record all are run.
    """
    n = paths_of(results, n_paths)
    rows = [row for view in views for row in _rows(results, names, view, n)]
    openings = [Opening.of(results, name).varies for name in names if coins_of(results, name)]
    grid = results.grid
    return PriceViews(
        views=views,
        products=tuple(name for name in names if any(row.product == name for row in rows)),
        rows=tuple(rows),
        numeraire=results.scenario.numeraire,
        capital=float(np.mean(next(iter(results.values())).capital[:n])),
        days=float(grid.elapsed_days[grid.exit]),
        n_paths=n,
        openings_differ=any(openings),
    )


def _rows(results: Results, names: Sequence[str], view: PriceView, n: int) -> Iterator[PriceViewRow]:
    """Rows of one view, in the order of the names."""
    found: dict[str, PriceViewRow] = {}
    for group, changes in _groups(results, names, view):
        open_here = opened(results, group)
        again = pinned_run(results, open_here, changes, n) if open_here else results
        found |= {name: _row(results, name, view, changes, again, n) for name in open_here}
        found |= {name: _blank(results, name, view) for name in group if name not in open_here}
    if not isinstance(view, Mapping):
        of_money = [name for name in names if not coins_of(results, name)]
        found |= {name: _row(results, name, view, {}, results, n) for name in of_money}
    yield from (found[name] for name in names if name in found)


def _groups(
    results: Results, names: Sequence[str], view: PriceView
) -> Iterator[tuple[tuple[str, ...], Mapping[str, float]]]:
    """Rows that run together, with the changes of coins in their run."""
    if isinstance(view, Mapping):
        yield tuple(name for name in names if not view.keys().isdisjoint(coins_of(results, name))), view
        return
    for coins, group in by_coins(results, names).items():
        yield group, dict.fromkeys(coins, view)


def _row(
    results: Results, name: str, view: PriceView, changes: Mapping[str, float], again: Results, n: int
) -> PriceViewRow:
    outcome, coins = again[name], coins_of(results, name)
    closing = outcome.closing[:n]  # rows of money are those of the run itself
    opening, change = math.nan, math.nan
    if len(coins) == 1:
        opening, change = Opening.of(results, name).price, changes[coins[0]]
    return PriceViewRow(
        product=name,
        coin=outcome.asset or SEVERAL,
        view=view,
        opening=opening,
        price=opening * (1.0 + change),
        money=float(np.mean(closing)),
        error=windows_of(again).mean(closing)[1],
        money_no_event=mean_of(closing[unstruck(outcome)[:n]]),
        money_q05=Distribution(closing).lower_end(0.05),
        put_in=float(np.mean(outcome.invested[:n])),
    )


def _blank(results: Results, name: str, view: PriceView) -> PriceViewRow:
    """Row of a product that was never opened: the money held idle is not the product's."""
    figures = dict.fromkeys(("opening", "price", "money", "error", "money_no_event", "money_q05", "put_in"), math.nan)
    return PriceViewRow(product=name, coin=results[name].asset or SEVERAL, view=view, **figures)
