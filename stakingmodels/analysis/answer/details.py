"""`ComparisonDetails`: everything else that a comparison tells, in tables and notes."""

from collections.abc import Callable, Iterator

import attrs

from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.comparison_summary import summary_of
from stakingmodels.analysis.comparison_text import parts_of
from stakingmodels.display import Summary
from stakingmodels.tables import Notes, Shown, Table


@attrs.frozen(eq=False, repr=False)
class ComparisonDetails(Shown):
    """Details of a comparison, returned by `Comparison.details`: print them, or show them in a notebook.

    Returns against benchmarks with standard errors, rewards, costs and risks, the money that is back in time, how to
    read it all, and what it rests on; then ranges over the assumptions, what is sure under all of them, flip points,
    and the views of prices that were asked for. `to_text`, `to_html` and `to_markdown` have all of it; its display has
    the beginning.
    """

    _report: Report
    _more: Callable[[], Iterator[Table | Notes]]

    def _parts(self) -> Iterator[Table | Notes]:
        yield from parts_of(self._report)
        yield from self._more()

    def __str__(self) -> str:
        return self.to_text()

    def _shown(self) -> Summary:
        return summary_of(self._report)

    def _repr_html_(self) -> str:
        return self.to_html()
