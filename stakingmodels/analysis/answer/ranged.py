"""`Ranged`: ranges over assumptions, verdicts and flip points of a comparison, as its methods."""

from typing import TYPE_CHECKING

from stakingmodels import checks
from stakingmodels.analysis.answer.flips import FLIP_PATHS, FlipPoints
from stakingmodels.analysis.answer.held import is_held
from stakingmodels.analysis.answer.ranges import Ranges
from stakingmodels.analysis.answer.reruns import Reruns
from stakingmodels.analysis.answer.verdicts import Verdicts
from stakingmodels.analysis.row import ComparisonRow
from stakingmodels.engine import Results


class Ranged:
    """Ranges, verdicts and flip points, of anything with rows and their results."""

    __slots__ = ()

    if TYPE_CHECKING:
        rows: tuple[ComparisonRow, ...]
        results: Results
        reruns: Reruns

    @property
    def compared(self) -> tuple[str, ...]:
        """Names of the rows that the capital opened and that are not just held, in their order."""
        rows = (row.product for row in self.rows if row.opened)
        return tuple(name for name in rows if not is_held(self.results, name))

    @property
    def ranges(self) -> Ranges:
        """Average a year in coins of every row over the ranges of its assumed numbers.

        By two more runs of the rows that rest on assumptions, on the same paths, when it is first asked for.
        """
        return self.reruns.ranges()

    @property
    def verdicts(self) -> Verdicts:
        """For every pair of `compared` rows the one that is above under all assumptions, where there is one."""
        return self.reruns.verdicts(self.compared)

    def flip_points(
        self, first: str | None = None, second: str | None = None, *, n_paths: int | None = FLIP_PATHS
    ) -> FlipPoints:
        """Value of each assumed number at which the better of two rows changes, all others as assumed.

        Parameters
        ----------
        first, second
            Names of two `compared` rows; of one row, for its pairs with all others and with holding its coin; none, for
            all pairs. `second` may be the empty name, for holding.
        n_paths
            Paths of the run to search on, the first ones; None for all. A record is searched on all of its windows.

        Raises
        ------
        InputError, InputTypeError
            For a name that is no such row, and a number of paths below 1.
        """
        if n_paths is not None:
            n_paths = checks.integer("Comparison.flip_points: n_paths", n_paths, 1, checks.PATHS_LIMIT)
        return self.reruns.flip_points(self.compared, first, second, n_paths)
