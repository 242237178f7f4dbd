"""`Viewed`: views of prices and break-even prices of a comparison, run again on the same paths."""

from collections.abc import Sequence
from typing import Any

from stakingmodels import checks
from stakingmodels.analysis.answer.break_even import BreakEvenPrices, break_evens_of
from stakingmodels.analysis.answer.views import (
    HALVES_STAYS_DOUBLES,
    VIEW_PATHS,
    PriceView,
    PriceViews,
    as_views,
    check_coins,
    views_of,
)
from stakingmodels.analysis.row import ComparisonRow
from stakingmodels.engine import Results


class Viewed:
    """Views of prices and break-even prices, of anything with rows and their results."""

    __slots__ = ()

    rows: tuple[ComparisonRow, ...]
    results: Results
    views_asked: tuple[PriceView, ...]
    _kept: dict[str, Any]

    def price_views(
        self,
        views: PriceView | Sequence[PriceView] = HALVES_STAYS_DOUBLES,
        *,
        n_paths: int | None = VIEW_PATHS,
    ) -> PriceViews:
        """Money at the end of each product, if the price of its coin halves, stays where it opened, or doubles.

        The price goes in a straight line of its logarithm to that end on the day of the exit, and stays there; all else
        is drawn as in the run (`scenarios.Pinned`).

        Parameters
        ----------
        views
            Changes of the price from the opening to the exit, fractions above -1 and at most 9: of each row's own coin,
            such as ``(-0.5, 0.0, 1.0)``, the default; or by coin, such as ``{"ETH": -0.5}``, for the rows in that coin.
            A mapping of several coins is one view, in which all of them change.
        n_paths
            Number of paths, the first of the run; None for all. Of a record all are run.

        Raises
        ------
        InputError, InputTypeError
            For changes out of range, and a coin that no row has.

        Examples
        --------
        >>> from stakingmodels import Constants, Holding, Price, TimeGrid, compare, simulate
        >>> grid = TimeGrid.daily("2026-01-01", days=30)
        >>> scenario = Constants({Price("ETH"): 3000.0})
        >>> results = simulate({"hold": Holding("ETH")}, scenario, grid, capital=900.0, n_paths=1)
        >>> [row.money for row in compare(results).price_views().rows]
        [450.0, 900.0, 1800.0]
        """
        where = "Comparison.price_views: views"
        given = as_views(where, views)
        check_coins(where, given, self.results, self._names)
        if n_paths is not None:
            checks.integer("Comparison.price_views: n_paths", n_paths, 1, checks.PATHS_LIMIT)
        return views_of(self.results, self._names, given, n_paths)

    @property
    def views(self) -> PriceViews | None:
        """Views of prices given to `compare`, computed when first read; None where none were given."""
        if self.views_asked and "views" not in self._kept:
            self._kept["views"] = views_of(self.results, self._names, self.views_asked)
        return self._kept.get("views")

    @property
    def break_even_prices(self) -> BreakEvenPrices:
        """Price of its coin at the exit at which each row gets back the money put in, computed when first read."""
        if "break_even" not in self._kept:
            self._kept["break_even"] = break_evens_of(self.results, self._names)
        found: BreakEvenPrices = self._kept["break_even"]
        return found

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(row.product for row in self.rows)
