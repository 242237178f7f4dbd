"""`Viewed`: views of prices and break-even prices of a comparison, run again on the same paths."""

from collections.abc import Callable, Sequence
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
    key_of,
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
    _kept: dict[object, Any]

    def price_views(
        self,
        views: PriceView | Sequence[PriceView] = HALVES_STAYS_DOUBLES,
        *,
        n_paths: int | None = VIEW_PATHS,
    ) -> PriceViews:
        """Money at the end of each product, if the price of its coin halves, stays where it opened, or doubles.

        The price goes in a straight line of its logarithm to that end on the day of the exit, and stays there; all else
        is drawn as in the run (`scenarios.Pinned`). It is run when it is first asked for, and kept.

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
        return self._run_again(given, n_paths)

    @property
    def views(self) -> PriceViews | None:
        """Views of prices given to `compare`, computed when first read; None where none were given."""
        return self._run_again(self.views_asked, VIEW_PATHS) if self.views_asked else None

    @property
    def break_even_prices(self) -> BreakEvenPrices:
        """Price of its coin at the exit at which each row gets back the money put in, computed when first read."""
        found: BreakEvenPrices = self._once("break even", lambda: break_evens_of(self.results, self._names))
        return found

    def _run_again(self, views: tuple[PriceView, ...], n_paths: int | None) -> PriceViews:
        key = (n_paths, *map(key_of, views))
        found: PriceViews = self._once(key, lambda: views_of(self.results, self._names, views, n_paths))
        return found

    def _once(self, key: object, make: Callable[[], Any]) -> Any:
        """Result of a run that is made once."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(row.product for row in self.rows)
