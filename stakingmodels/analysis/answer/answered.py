"""`Answered`: the short table of a comparison as text, HTML and Markdown, and its details."""

from abc import abstractmethod
from collections.abc import Iterator

import attrs

from stakingmodels import checks
from stakingmodels.analysis.answer.contents import answer_of
from stakingmodels.analysis.answer.details import ComparisonDetails
from stakingmodels.analysis.answer.layout import FULL, Layout
from stakingmodels.analysis.answer.views import PriceViews
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.tables import Notes, Shown, Table
from stakingmodels.words import Language

NARROWEST, WIDEST = 80, 1_000
"""Fewest and most columns of a text."""


class Answered(Shown):
    """The short table and the details of a comparison, which gives their contents and the views asked for."""

    __slots__ = ()

    @abstractmethod
    def _report(self) -> Report:
        """Contents of the details."""

    @abstractmethod
    def _short_report(self) -> Report:
        """Contents of the short table, for which more may have to be run."""

    @abstractmethod
    def _more_parts(self) -> Iterator[Table | Notes]:
        """Tables of the details for which more may have to be run."""

    @abstractmethod
    def _views(self) -> PriceViews | None:
        """Views of prices that were asked for; None for none."""

    def to_text(self, *, language: Language = "en", width: int = FULL, every_row: bool = False) -> str:
        """Plain text, as printed: the short table, in 14 lines at most where the width is 100 or more.

        Price views stand below it where they were asked for, and in it, as further lines, where the run is longer than
        two years.

        Parameters
        ----------
        language
            ``"en"`` (default) or ``"zh-TW"``, Traditional Chinese. Names that a user gave stay as they are.
        width
            Most terminal columns of a line, in [80, 1000]; below 100 the worst failures stand below the table.
        every_row
            Whether rows that do not fit into those lines are shown too; default False: the last line tells how many.

        Raises
        ------
        InputError
            For another language, or a width out of range.
        """
        chosen = self._language("to_text", language)
        columns = checks.integer("Comparison.to_text: width", width, NARROWEST, WIDEST)
        views = (table.to_text(language=chosen, width=columns) for table in self._views_asked())
        layout = attrs.evolve(self._layout(chosen, columns), has_every_row=every_row)
        return "\n\n".join([layout.text(), *views])

    def to_html(self, *, language: Language = "en") -> str:
        """HTML of the short table, with everything escaped; `language` as in `to_text`."""
        chosen = self._language("to_html", language)
        return "".join(part.to_html(language=chosen) for part in self._in(chosen))

    def to_markdown(self, *, language: Language = "en") -> str:
        """Markdown of the short table for GitHub and MkDocs; `language` as in `to_text`."""
        chosen = self._language("to_markdown", language)
        return "\n\n".join(part.to_markdown(language=chosen) for part in self._in(chosen))

    def details(self) -> ComparisonDetails:
        """Everything else: returns, costs, risks, liquidity, notes, ranges over assumptions, flip points, price views.

        Returns
        -------
        ComparisonDetails
            Print it, or take its `to_text`, `to_html` or `to_markdown`.
        """
        return ComparisonDetails(self._report(), self._more_parts)

    def _layout(self, language: Language, width: int = FULL) -> Layout:
        return Layout(answer=answer_of(self._short_report()), language=language, columns=width)

    def _views_asked(self) -> Iterator[Table]:
        views = self._views()
        if views is not None:
            yield views.table()

    def _in(self, language: Language) -> Iterator[Table | Notes]:
        yield from self._layout(language).parts()
        yield from self._views_asked()

    def _parts(self) -> Iterator[Table | Notes]:
        return self._in("en")

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()
