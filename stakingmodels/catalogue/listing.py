"""`Catalogue`: several sheets as tables."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import frames
from stakingmodels._types import DateLike
from stakingmodels.catalogue.days import day_text
from stakingmodels.catalogue.sheet import ATTRIBUTES, FEES, WAITS, Sheet, attribute_words, kind_words, missing_words
from stakingmodels.catalogue.stated import Stated, in_words
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd

_UNKNOWN = "?"
_POWER = "power_usd_per_kwh"
_IN_MONEY: Mapping[str, str] = {
    "running_cost_usd_per_day": "catalogue.a_day",
    "electricity_usd_per_th_day": "catalogue.a_th_day",
    _POWER: "catalogue.a_kwh",
}
"""Words for fees that are money, and no share of the reward, by term."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Catalogue(ByValue, Shown):
    """Sheets of real products as tables: those that can be run, and those that lack something, with what it is.

    Attributes
    ----------
    sheets
        Sheets by name.
    as_of
        Day on which old ones are said to be old; empty for none.
    """

    sheets: Mapping[str, Sheet]
    as_of: str

    @classmethod
    def of(cls, sheets: Mapping[str, Sheet], as_of: DateLike | None = None) -> "Catalogue":
        """Sheets, and the day on which old ones are said to be old."""
        return cls(sheets=sheets, as_of="" if as_of is None else day_text("catalogue: as_of", as_of))

    @property
    def complete(self) -> tuple[str, ...]:
        """Names of the sheets that can be run."""
        return tuple(key for key, sheet in self.sheets.items() if not sheet.missing)

    @property
    def incomplete(self) -> Mapping[str, tuple[str, ...]]:
        """Terms missing of the others, by name."""
        return {key: sheet.missing for key, sheet in self.sheets.items() if sheet.missing}

    def records(self) -> list[dict[str, Any]]:
        """A row for each sheet as plain values: names, fee, wait and rate with their figures, attributes, missing."""
        return [_record(sheet) for sheet in self.sheets.values()]

    def to_frame(self) -> "pd.DataFrame":
        """The rows of `records` as a pandas data frame, by name.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        rows = self.records()
        columns = list(_record_keys())
        return frames.frame_of_rows("Catalogue.to_frame", rows, columns, index="sheet")

    def table(self) -> Table:
        """Table of all sheets: coin, fee, days to leave, published rate, the date of the oldest document."""
        names = ("sheet", "coin", "kind", "fee", "wait", "rate", "oldest", "lacks")
        columns = [Note(f"catalogue.column.{each}") for each in names]
        rows = [self._row(sheet) for sheet in self.sheets.values()]
        notes = [Note("catalogue.how")]
        old = tuple(key for key, sheet in self.sheets.items() if self.as_of and sheet.is_old(self.as_of))
        with_old = [key for key, sheet in self.sheets.items() if self.as_of and sheet.older_terms(self.as_of)]
        notes += [Note("catalogue.old", what=old)] if old else []
        notes += [Note("catalogue.old_terms", n=len(with_old), day=self.as_of)] if with_old else []
        title = Note("catalogue.title", n=len(self.sheets), complete=len(self.complete))
        return Table(title, columns, rows, notes, left=3, left_last=1)

    def attributes(self) -> Table:
        """Table of the attributes: + yes, - no, ? not known; the minimum in coins."""
        columns = [Note("catalogue.column.sheet"), *map(attribute_words, ATTRIBUTES)]
        rows = [(key, *(_mark(sheet, name) for name in ATTRIBUTES)) for key, sheet in self.sheets.items()]
        return Table(Note("catalogue.attributes"), columns, rows, [Note("catalogue.marks")], left=len(columns))

    def _row(self, sheet: Sheet) -> tuple[str, ...]:
        old = self.as_of and sheet.older_terms(self.as_of)
        lacks = Note("catalogue.lacking", what=missing_words(sheet.missing)) if sheet.missing else ""
        return (
            sheet.key,
            sheet.coin,
            kind_words(sheet.kind),
            fee_text(sheet),
            _wait(sheet),
            _UNKNOWN if sheet.published is None else sheet.published.text,
            Note("catalogue.is_old", day=sheet.oldest) if old else sheet.oldest,
            lacks,
        )

    def _parts(self) -> tuple[Table, Table]:
        return (self.table(), self.attributes())

    def _shown(self) -> Summary:
        """Summary without the kind and the date of the oldest document, so that the names have room."""
        table = self.table()
        kept = (0, 1, 3, 4, 5, 7)
        columns = [table.columns[k] for k in kept]
        return Summary(table.title, columns, [[row[k] for k in kept] for row in table.rows], table.notes, left=2)


def fee_text(sheet: Sheet) -> str:
    """Fee of a sheet as tables show it."""
    term = FEES[sheet.kind] if FEES[sheet.kind] in sheet.terms else _POWER
    stated = sheet.terms.get(term)
    if stated is None:
        return _UNKNOWN if "fee" in sheet.missing else Note("catalogue.in_rate")
    if term in _IN_MONEY:
        return Note(_IN_MONEY[term], cost=_number(stated))
    return in_words(stated, f"{100.0 * _number(stated):.4g}%")


def _wait(sheet: Sheet) -> str:
    stated = sheet.terms.get(WAITS[sheet.kind])
    if stated is None:
        return _UNKNOWN if "wait" in sheet.missing else Note("catalogue.sold")
    return in_words(stated)


def _number(stated: Stated) -> float:
    return float(stated.value)  # type: ignore[arg-type]


def _mark(sheet: Sheet, name: str) -> str:
    value = sheet.attribute(name)
    if value is None:
        return _UNKNOWN
    return {True: "+", False: "-"}[value] if isinstance(value, bool) else f"{value:.3g}"


def _record_keys() -> tuple[str, ...]:
    return (
        *("sheet", "name", "provider", "chain", "coin", "kind", "held_by", "native"),
        *("fee", "wait", "published_rate", "published_basis", "as_of", "oldest", "missing"),
        *ATTRIBUTES,
    )


def _record(sheet: Sheet) -> dict[str, Any]:
    fee, wait, rate = sheet.terms.get(FEES[sheet.kind]), sheet.terms.get(WAITS[sheet.kind]), sheet.published
    return {
        "sheet": sheet.key,
        **{name: getattr(sheet, name) for name in ("name", "provider", "chain", "coin", "kind", "held_by", "native")},
        "fee": None if fee is None else fee.value,
        "wait": None if wait is None else wait.value,
        "published_rate": None if rate is None else rate.value,
        "published_basis": None if rate is None else rate.basis,
        "as_of": sheet.as_of,
        "oldest": sheet.oldest,
        "missing": list(sheet.missing),
        **{name: sheet.attribute(name) for name in ATTRIBUTES},
    }
