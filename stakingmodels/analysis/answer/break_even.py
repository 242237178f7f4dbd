"""`BreakEvenPrices`: price of its coin at which each product, on average, gets back the money put in."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.analysis.answer.pinning import Opening, by_coins, coins_of, opened, paths_of, pinned_run
from stakingmodels.analysis.answer.roots import Bracket, closed
from stakingmodels.analysis.answer.views import amount
from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.row import SEVERAL, number
from stakingmodels.analysis.windows import windows_of
from stakingmodels.display import Summary
from stakingmodels.engine import Results
from stakingmodels.equality import ByValue
from stakingmodels.frames import frame_of_rows
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd

Against = Literal["capital", "holding"]
"""Goal of a product: the money put in, or the money that holding its coin free of cost comes to."""
BREAK_EVEN_PATHS = 1_024
"""Paths of a search: without the price's own spread, few paths give a mean to about 0.3 % of the money."""
_OUTWARD = (2.0, 8.0, 64.0, 1_024.0)
FURTHEST = _OUTWARD[-1]
"""Largest multiple of the opening price, and its inverse the smallest, within which is searched."""
_DIGITS = 4
_SMALL = 1e-9  # of the money put in
_NARROW = 1e-7  # of the multiple
_APART = 1e-3  # of the multiple, beyond which two points give the slope
_ROUNDS = 60  # of a search


@attrs.frozen(eq=False, kw_only=True)
class BreakEven(ByValue):
    """Price of its coin on the day of the exit at which a product breaks even on average.

    Attributes
    ----------
    product, coin
        Name in the results, and its own coin.
    opening
        Price of the coin at the opening; NaN where paths open at different prices, for products of several coins, and
        for money itself.
    price
        Price on the day of the exit; infinite if no price is enough, 0 if any is. NaN where there is no one price:
        where paths open at different prices or the product has several coins, for which `change` says it, for money
        itself, and for products that the capital did not open.
    change
        Price over the opening price, less 1; of all coins of a product of several. Infinite and -1 as above.
    error
        Standard error of `change` over the paths; NaN where there is none.
    or_more
        Whether the product breaks even at that price and above, as all products do that hold or earn their coin; False
        where it does at that price and below.
    against
        ``"capital"``: the money put in, contributions included; ``"holding"``: the coin held free of cost.
    """

    product: str
    coin: str
    opening: float
    price: float
    change: float
    error: float
    or_more: bool
    against: Against

    @property
    def found(self) -> bool:
        """Whether there is a change of the price at which the product breaks even."""
        return math.isfinite(self.change) and self.change > -1.0

    def sentence(self) -> Note:
        """The finding as a sentence, such as "cloud mining gets its money back if BTC ends at 113,000 or more"."""
        given = {"product": self.product, "coin": self.coin}
        if math.isnan(self.change):
            return Note("break_even.none", product=self.product)
        if not self.found and self.change < 0.0:
            return Note(f"break_even.{self.against}.always", **given)
        if not self.found:
            return Note(f"break_even.{self.against}.never", **given, most=FURTHEST)
        side = Note("break_even.or_more" if self.or_more else "break_even.or_less")
        if math.isnan(self.price):
            return Note(f"break_even.{self.against}.change", **given, change=signed(self.change), side=side)
        now = amount(self.opening)
        return Note(f"break_even.{self.against}.price", **given, price=_shown_price(self), now=now, side=side)


BREAK_EVEN_COLUMNS = tuple(field.name for field in attrs.fields(BreakEven))
"""Columns of `BreakEvenPrices.to_frame`, in order; only ever added to at the end."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class BreakEvenPrices(ByValue, Shown, Mapping[str, BreakEven]):
    """Break-even prices by product. Print it, or show it in a notebook.

    Attributes
    ----------
    prices
        `BreakEven` by product, in the order of the comparison.
    numeraire
        The asset in which money is counted.
    n_paths
        Number of paths of the search.
    against
        What the products must reach: the money put in, or holding the coin.
    """

    prices: Mapping[str, BreakEven]
    numeraire: str
    n_paths: int
    against: Against

    def __getitem__(self, name: str) -> BreakEven:
        return self.prices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.prices)

    def __len__(self) -> int:
        return len(self.prices)

    def sentences(self) -> tuple[Note, ...]:
        """The findings as sentences, one a product that follows the price of a coin."""
        return tuple(each.sentence() for each in self.values() if not math.isnan(each.change))

    def table(self) -> Table:
        """Table of the prices, which is shown as text, HTML or Markdown."""
        names = ("opening", "price", "change", "error")
        headers = [Note("column.product"), Note("column.coin"), *(Note(f"break_even.column.{name}") for name in names)]
        title = Note(f"break_even.{self.against}.title", money=self.numeraire)
        notes = [Note("views.note.path"), Note("views.note.rest", n=self.n_paths)]
        return Table(title, headers, [_cells(each) for each in self.values()], notes, left=2)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())

    def _repr_html_(self) -> str:
        return self._shown().html()

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text; None for missing numbers, infinite stays infinite."""
        rows = [{name: number(getattr(each, name)) for name in BREAK_EVEN_COLUMNS} for each in self.values()]
        return {"against": self.against, "numeraire": self.numeraire, "n_paths": self.n_paths, "rows": rows}

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product, by name, and the other `BREAK_EVEN_COLUMNS`.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return frame_of_rows("BreakEvenPrices.to_frame", self.to_dict()["rows"], BREAK_EVEN_COLUMNS)


def _cells(each: BreakEven) -> list[str]:
    price, change = _shown_price(each), signed(each.change)
    if math.isinf(each.change):
        price, change = Note("break_even.cell.never"), "-"
    elif each.change == -1.0:
        price, change = Note("break_even.cell.always"), "-"
    elif each.found and not each.or_more:
        price = Note("break_even.cell.or_less", price=price)
    return [each.product, each.coin, amount(each.opening), price, change, share(each.error)]


def _shown_price(each: BreakEven) -> str:
    """Price in as many digits as its standard error supports, four at most."""
    if not math.isfinite(each.price) or each.price == 0.0:
        return "-"
    error = 0.0 if math.isnan(each.error) else each.error * each.opening
    digits = math.floor(math.log10(each.price)) - math.floor(math.log10(error)) + 1 if error > 0.0 else _DIGITS
    return amount(float(f"{each.price:.{min(max(digits, 1), _DIGITS)}g}"))


def break_even_prices(
    results: Results, *, against: Against = "capital", n_paths: int | None = BREAK_EVEN_PATHS
) -> BreakEvenPrices:
    """Price of its coin on the day of the exit at which each product of a run breaks even on average.

    The coin's price goes in a straight line of its logarithm from the opening to that price (`scenarios.Pinned`), all
    else is drawn as in the run, and the price is found by root search with the same random numbers throughout.

    Parameters
    ----------
    results
        Results of `simulate`, with its outcomes.
    against
        ``"capital"`` (default): the average money at the grid's end equals the capital and contributions put in.
        ``"holding"``: it equals that of holding the coin free of cost until the product's money is in hand.
    n_paths
        Number of paths of the search, the first of the run; None for all. Of a record all are run.

    Returns
    -------
    BreakEvenPrices

    Raises
    ------
    InputError, InputTypeError
        For another word, results without outcomes, and anything that is no result of a run.

    Notes
    -----
    It is searched from the opening price outward, up to 1,024 times that price and down to its 1,024th part, first to
    the side where a product that holds its coin breaks even; then by regula falsi with the Illinois rule. A product
    that breaks even at several prices gets one of them. Money that is out early earns the cash rate until the grid's
    end, so that even holding a coin may break even slightly below its opening price.

    Examples
    --------
    >>> from stakingmodels import Constants, Holding, Price, TimeGrid, simulate
    >>> from stakingmodels.analysis import break_even_prices
    >>> grid = TimeGrid.daily("2026-01-01", days=30)
    >>> products = {"hold": Holding("ETH", buy_fee=0.2, sell_fee=0.0)}
    >>> results = simulate(products, Constants({Price("ETH"): 3000.0}), grid, capital=1000.0, n_paths=1)
    >>> round(break_even_prices(results)["hold"].price, 3)
    3600.0
    """
    checks.instance("break_even_prices: results", results, Results, "break_even_prices(simulate(...))")
    if not results:
        how = 'keep="none" keeps none; write keep="summary"'
        checks.refuse("break_even_prices: results", "must have kept outcomes", 0, how)
    if n_paths is not None:
        checks.integer("break_even_prices: n_paths", n_paths, 1, checks.PATHS_LIMIT)
    return break_evens_of(results, tuple(results), against, n_paths)


def break_evens_of(
    results: Results, names: Sequence[str], against: Against = "capital", n_paths: int | None = BREAK_EVEN_PATHS
) -> BreakEvenPrices:
    """Break-even prices of some rows of a run; see `break_even_prices`."""
    checks.choice("break_even_prices: against", against, get_args(Against))
    n = paths_of(results, n_paths)
    found: dict[str, _Found] = {}
    for coins, group in by_coins(results, names).items():
        search = _Search(results, coins, against, n)
        found |= search.roots(opened(results, group))
    return BreakEvenPrices(
        prices=FrozenMap({name: _break_even(results, name, found.get(name), against) for name in names}),
        numeraire=results.scenario.numeraire,
        n_paths=n,
        against=against,
    )


@attrs.frozen
class _Gap:
    """Average money above what a product must reach, over the money put in, and its standard error."""

    mean: float
    error: float


@attrs.frozen
class _Found:
    """Multiple of the opening price at which a product breaks even: 0 for any, infinite for none."""

    multiple: float
    error: float = math.nan
    or_more: bool = True


class _Search:
    """Search for the break-evens of rows of the same coins."""

    def __init__(self, results: Results, coins: Sequence[str], against: Against, n_paths: int) -> None:
        self._results, self._coins, self._n = results, coins, n_paths
        self._against = against

    def gaps(self, names: Sequence[str], multiple: float) -> dict[str, _Gap]:
        """Gaps of some rows if the coins end at a multiple of their opening."""
        again = pinned_run(self._results, names, dict.fromkeys(self._coins, multiple - 1.0), self._n)
        windows, found = windows_of(again), {}
        for name, outcome in again.items():
            goal = outcome.invested if self._against == "capital" else outcome.invested * outcome.asset_growth
            mean, error = windows.mean((outcome.closing - goal) / float(np.mean(outcome.invested)))
            found[name] = _Gap(0.0 if abs(mean) <= _SMALL else mean, error)
        return found

    def roots(self, names: Sequence[str]) -> dict[str, _Found]:
        """Break-even of each row; rows share the runs of the way out from the opening."""
        if not names:
            return {}
        here = {name: gap.mean for name, gap in self.gaps(names, 1.0).items()}
        brackets: dict[str, Bracket] = {}
        for turned in (False, True):  # first to where a product that holds its coin breaks even
            for up in (True, False):
                wanted = {n: gap for n, gap in here.items() if n not in brackets and ((gap < 0.0) == up) != turned}
                brackets |= self._scanned(wanted, _OUTWARD if up else tuple(1.0 / x for x in _OUTWARD))
        anywhere = {name: _Found(math.inf if gap < 0.0 else 0.0) for name, gap in here.items()}
        return {n: self._root(n, brackets[n]) if n in brackets else anywhere[n] for n in names}

    def _scanned(self, gaps: dict[str, float], multiples: tuple[float, ...]) -> dict[str, Bracket]:
        """Brackets on the way out from the opening; rows without a change of sign are left out."""
        found: dict[str, Bracket] = {}
        for before, multiple in pairwise((1.0, *multiples)):
            if not gaps:
                break
            after = {name: gap.mean for name, gap in self.gaps(tuple(gaps), multiple).items()}
            for name, gap in after.items():
                if (gap < 0.0) != (gaps[name] < 0.0):
                    found[name] = Bracket(before, gaps[name], multiple, gap, _NARROW * min(before, multiple))
            gaps = {name: gap for name, gap in after.items() if name not in found}
        return found

    def _root(self, name: str, bracket: Bracket) -> _Found:
        return narrowed(bracket, lambda multiple: self.gaps((name,), multiple)[name])


def narrowed(bracket: Bracket, gap_at: Callable[[float], _Gap]) -> _Found:
    """Multiple within a bracket at which the gap is 0."""
    points = {bracket.x0: bracket.f0, bracket.x1: bracket.f1}
    last = gap_at(bracket.root) if closed(bracket) else _Gap(math.nan, math.nan)
    for _ in range(_ROUNDS):
        if closed(bracket):
            break
        multiple = bracket.next()
        last = gap_at(multiple)
        points[multiple] = last.mean
        bracket = bracket.narrowed(multiple, last.mean)
    root = bracket.root
    near = min((x for x in points if abs(x / root - 1.0) > _APART), key=lambda x: abs(math.log(x / root)))
    slope = points[near] / (near - root)
    return _Found(root, last.error / abs(slope) if slope else math.nan, or_more=slope > 0.0)


def _break_even(results: Results, name: str, found: _Found | None, against: Against) -> BreakEven:
    one = len(coins_of(results, name)) == 1
    opening = Opening.of(results, name) if one else Opening(math.nan, varies=False)
    price = math.nan if opening.varies else opening.price
    multiple = math.nan if found is None else found.multiple
    return BreakEven(
        product=name,
        coin=results[name].asset or SEVERAL,
        opening=price,
        price=multiple * price,
        change=multiple - 1.0,
        error=math.nan if found is None else found.error,
        or_more=found is None or found.or_more,
        against=against,
    )
