"""`Beside`: rows of a comparison beside the sheets that they come from, and those that could not be run."""

import math
from collections.abc import Mapping
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.analysis import Comparison
from stakingmodels.catalogue.listing import Catalogue, fee_text
from stakingmodels.catalogue.networks import has_rules
from stakingmodels.catalogue.paid import PAID, Paid
from stakingmodels.catalogue.sheet import FEES, Sheet, missing_words
from stakingmodels.catalogue.shipped import get
from stakingmodels.catalogue.stated import Stated
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.market import Factor
from stakingmodels.rates import APR, APY, DAYS_PER_YEAR
from stakingmodels.scenarios.networks.coin_rewards import real_rate, supply_growth
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note, all_words

_UNKNOWN = "?"
_SHARES = ("commission", "protocol_fee")
"""Fees that are a share of the reward; others are money."""
_EXPLAINED = frozenset(key.removeprefix("catalogue.gap.") for key in all_words() if key.startswith("catalogue.gap."))
"""Sheets whose gap has a reason among the words."""
_SHOWN_GAP = 0.5e-4  # below which it is shown as 0.00 %
_DAILY = int(DAYS_PER_YEAR)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Beside(ByValue, Shown):
    """Rows of a comparison, each beside the rate that is published for it, then those that lack something.

    Attributes
    ----------
    comparison
        The comparison.
    sheets
        Sheets by the name of the row, those that were not run too.
    remarks
        Notes below: what the scenario assumes of coins that it has no record of.
    """

    comparison: Comparison
    sheets: Mapping[str, Sheet]
    remarks: tuple[str, ...] = ()

    def records(self) -> list[dict[str, Any]]:
        """Rows as plain values: row, coin, the rate here, the published one after the fee, the gap, what is missing.

        Rates are fractions a year in coins, with what compounds within the year; None where one is not known. `growth`
        is that of the coin's supply by the chain's rule, and `real` the rate here net of it: the growth of the holder's
        share of all coins, ``(1 + here) / (1 + growth) - 1``. `paid` lists what records say was paid, on the same basis
        as `published`, each with its first and last day and its gap; an empty list where there is no record.
        """
        here = {row.product: row.net_coin_return_no_event for row in self.comparison.rows}
        return [_record(name, sheet, here.get(name, math.nan)) for name, sheet in self.sheets.items()]

    def table(self) -> Table:
        """Table of the rows: coins a year here and by the provider, the gap in points, new coins, and the real rate."""
        names = ("row", "coin", "fee", "here", "says", "gap", "dated", "growth", "real")
        columns = [Note(f"catalogue.column.{each}") for each in names]
        rows = [self._row(record) for record in self.records()]
        notes = [*self.remarks, *self.reasons(), Note("catalogue.beside_note")]
        return Table(Note("catalogue.beside"), columns, rows, notes, left=2)

    def paid(self) -> Table:
        """Table of what records say was paid for these rows: coins a year here and in the record, gap, days, reasons.

        Without rows where no row has a record.
        """
        names = ("row", "record", "here", "paid", "gap", "first", "last")
        columns = [Note(f"catalogue.column.{each}") for each in names]
        records = [(each, paid) for each in self.records() for paid in each["paid"]]
        rows = [
            (
                each["row"],
                Note(f"catalogue.record.{paid['record']}"),
                _percent(each["here"]) if paid["is_all"] else "",
                _percent(paid["rate"]),
                _percent(paid["gap"]) if paid["is_all"] else "",
                paid["first"],
                paid["last"],
            )
            for each, paid in records
        ]
        return Table(
            Note("catalogue.paid"), columns, rows, [*self._paid_reasons(), Note("catalogue.paid_note")], left=2
        )

    def reasons(self) -> tuple[Note, ...]:
        """Why rows are not at the rate that is published for them, where the catalogue knows it.

        Reasons are of the built-in scenario and of the rates of the sheets: of a recorded one, and of rates of products
        and coins that were put in their place, there are none.
        """
        gaps = [each["row"] for each in self.records() if each["gap"] is not None and abs(each["gap"]) >= _SHOWN_GAP]
        told = [row for row in gaps if self.sheets[row].key in _EXPLAINED and self._is_as_shipped(row)]
        return tuple(_reason("gap", row, self.sheets[row]) for row in told)

    def _paid_reasons(self) -> list[Note]:
        """Why rows are not at what records say was paid."""
        gaps = [each["row"] for each in self.records() if any(paid["gap"] is not None for paid in each["paid"])]
        return [_reason("paid_gap", row, self.sheets[row]) for row in gaps if self._is_as_shipped(row)]

    def _is_as_shipped(self, row: str) -> bool:
        """Whether neither the rate of a row's sheet nor the reward of its coin was given."""
        sheet = self.sheets[row]
        published = {(each.published.document.title, each.coin) for each in self.sheets.values() if each.published}
        by_word = [note for note in self.remarks if isinstance(note, Note) and note.key == "catalogue.by_word"]
        titles = [note.values["title"] for note in by_word if note.values["coin"] == sheet.coin]
        is_given = any(has_rules(sheet.coin) or (title, sheet.coin) not in published for title in titles)
        return not is_given and not self.comparison.results.scenario.is_recorded and sheet == get(sheet.key)

    def attributes(self) -> Table:
        """Table of the attributes, as `Catalogue.attributes`."""
        return Catalogue.of(self.sheets).attributes()

    def _row(self, record: Mapping[str, Any]) -> tuple[str, ...]:
        sheet = self.sheets[record["row"]]
        if record["missing"]:
            return (record["row"], sheet.coin, Note("catalogue.missing", what=missing_words(sheet.missing)))
        dated = "" if sheet.published is None else sheet.published.document.date
        growth = _UNKNOWN if record["growth"] is None else f"{record['growth']:.2%}"
        cells = (*map(_percent, (record["here"], record["published"], record["gap"])), dated, growth)
        return (record["row"], sheet.coin, fee_text(sheet), *cells, _percent(record["real"]))

    def _parts(self) -> tuple[Table, ...]:
        paid = self.paid()
        return (self.table(), *([paid] if paid.rows else []), self.attributes())

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def beside(comparison: Comparison, sheets: Mapping[str, Sheet]) -> Beside:
    """Rows of a comparison beside what is published for them, and the sheets that lack something.

    Parameters
    ----------
    comparison
        Comparison of products of sheets, in a scenario of `world`.
    sheets
        Sheets by the name of the row; those that could not be run may be among them.
    """
    checks.instance("catalogue.beside: comparison", comparison, Comparison, "compare(results)")
    told = [note for note in comparison.results.scenario.describe() if isinstance(note, Note) and note.key in _TOLD]
    given = {_coin_of(note) for note in told if note.key == "catalogue.by_word"}
    coins = {None, *(sheet.coin for sheet in sheets.values())}
    # a rate that is given takes the place of the rule's
    remarks = [n for n in told if _coin_of(n) in (coins - given if n.key == "note.reward_by_rule" else coins)]
    return Beside(comparison=comparison, sheets=FrozenMap(dict(sheets)), remarks=tuple(remarks))


_TOLD = (
    "note.reward_by_rule",
    "note.opens_at_last",
    "catalogue.by_word",
    "catalogue.no_price",
    "catalogue.no_ratio",
)


def _reason(of: str, row: str, sheet: Sheet) -> Note:
    """Why a row is not at a rate."""
    return Note("catalogue.gap", row=row, reason=Note(f"catalogue.{of}.{sheet.key}"))


def _coin_of(note: Note) -> str | None:
    """Coin that a note is on; None for one on several."""
    factor = note.values.get("factor")
    return factor.name if isinstance(factor, Factor) else note.values.get("coin")


def _record(name: str, sheet: Sheet, here: float) -> dict[str, Any]:
    published = None if sheet.published is None else _after_fee(sheet, sheet.published)
    known, growth = math.isfinite(here), supply_growth(sheet.coin)
    return {
        "row": name,
        "sheet": sheet.key,
        "coin": sheet.coin,
        "here": here if known else None,
        "published": published,
        "gap": here - published if known and published is not None else None,
        "growth": growth,
        "real": real_rate(here, sheet.coin) if known and growth is not None else None,
        "missing": list(sheet.missing),
        "paid": [_paid_record(sheet, paid, here) for paid in PAID.get(sheet.key, ())],
    }


def _paid_record(sheet: Sheet, paid: Paid, here: float) -> dict[str, Any]:
    rate = _net_of_fee(sheet, paid.rate, paid.basis)
    is_known = rate is not None and paid.is_all and math.isfinite(here)
    return {
        "record": paid.record,
        "rate": rate,
        "gap": here - rate if is_known and rate is not None else None,
        "is_all": paid.is_all,
        "first": paid.first,
        "last": paid.last,
    }


def _after_fee(sheet: Sheet, stated: Stated) -> float | None:
    """Published rate after the fee, with what compounds within a year; None where it is before an unknown fee."""
    return _net_of_fee(sheet, stated.rate, stated.basis)


def _net_of_fee(sheet: Sheet, rate: APR | APY, basis: str) -> float | None:
    fee = sheet.terms.get(FEES[sheet.kind])
    compounds = "compounding" not in sheet.terms or sheet.terms["compounding"].value is True
    if sheet.kind == "SoloValidator":  # its rewards are not staked, and its cost is in money
        return float(rate.value)
    if isinstance(rate, APR) and compounds:
        rate = rate.to_apy(compounding=_DAILY)
    number = float(rate.value)
    if basis == "net":
        return number
    is_share = FEES[sheet.kind] in _SHARES
    return number * (1.0 - float(fee.value)) if is_share and fee is not None else None  # type: ignore[arg-type]


def _percent(number: float | None) -> str:
    return _UNKNOWN if number is None else f"{100.0 * number:+z.2f}%"
