"""`OfferReason`: one bound, what is promised against it, and what would have to be true."""

import math
from collections.abc import Mapping
from typing import Literal

import attrs

from stakingmodels.words import Note

OfferGrade = Literal["impossible", "only if", "possible", "untestable"]
"""Answer to whether an offer can be kept out of what it says that it earns by."""
ORDER: tuple[OfferGrade, ...] = ("untestable", "possible", "only if", "impossible")
"""Grades from the weakest: that of an offer is the strongest of its reasons'."""
_ROUNDING = 1e-9
_GRADES: Mapping[OfferGrade, str] = {
    "impossible": "offers.grade.impossible",
    "only if": "offers.grade.only_if",
    "possible": "offers.grade.possible",
    "untestable": "offers.grade.untestable",
}
_BOUNDS = {
    "hash rate": "offers.bound.hash_rate",
    "machine": "offers.bound.machine",
    "rented": "offers.bound.rented",
    "price": "offers.bound.price",
    "network": "offers.bound.network",
    "coin": "offers.bound.coin",
    "staking": "offers.bound.staking",
    "stake": "offers.bound.stake",
    "promises": "offers.bound.promises",
    "tiers": "offers.bound.tiers",
    "source": "offers.bound.source",
}
_SENTENCES: Mapping[tuple[str, OfferGrade], str] = {
    ("hash rate", "impossible"): "offers.reason.hash_rate.impossible",
    ("hash rate", "only if"): "offers.reason.hash_rate.only_if",
    ("hash rate", "possible"): "offers.reason.hash_rate.possible",
    ("machine", "impossible"): "offers.reason.machine.impossible",
    ("machine", "only if"): "offers.reason.machine.only_if",
    ("machine", "possible"): "offers.reason.machine.possible",
    ("rented", "impossible"): "offers.reason.rented.impossible",
    ("rented", "only if"): "offers.reason.rented.only_if",
    ("rented", "possible"): "offers.reason.rented.possible",
    ("price", "impossible"): "offers.reason.price.impossible",
    ("price", "only if"): "offers.reason.price.only_if",
    ("price", "possible"): "offers.reason.price.possible",
    ("network", "impossible"): "offers.reason.network",
    ("coin", "impossible"): "offers.reason.coin",
    ("staking", "impossible"): "offers.reason.staking.impossible",
    ("staking", "only if"): "offers.reason.staking.only_if",
    ("staking", "possible"): "offers.reason.staking.possible",
    ("stake", "impossible"): "offers.reason.stake",
    ("promises", "impossible"): "offers.reason.promises",
    ("tiers", "only if"): "offers.reason.tiers",
    ("source", "only if"): "offers.reason.source.only_if",
    ("source", "untestable"): "offers.reason.source.untestable",
}
_CONDITIONS = {
    "hashprice": "offers.if.hashprice",
    "hashprice_of_machine": "offers.if.hashprice_of_machine",
    "btc": "offers.if.btc",
    "machine": "offers.if.machine",
    "size": "offers.if.size",
    "average": "offers.if.average",
    "falls": "offers.if.falls",
    "rate": "offers.if.rate",
    "staked": "offers.if.staked",
    "earns": "offers.if.earns",
    "grows": "offers.if.grows",
}
_UNITS = {
    "USD a day": "offers.unit.usd_a_day",
    "days": "offers.unit.days",
    "TH/s": "offers.unit.th_s",
    "coins": "offers.unit.coins",
    "of the price a day": "offers.unit.of_the_price_a_day",
    "of the price": "offers.unit.of_the_price",
    "of the stake": "offers.unit.of_the_stake",
    "a year": "offers.unit.a_year",
}
_SHARES = ("of the price a day", "of the price", "of the stake", "a year")
"""Units of fractions, shown in percent."""
_THOUSAND = 1_000.0


def figure(value: float, digits: int = 4) -> str:
    """Number in so many digits, with separators from a thousand on; a dash for NaN."""
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "∞"
    return f"{value:,.0f}" if abs(value) >= _THOUSAND else f"{value:.{digits}g}"


def grade_note(grade: OfferGrade) -> Note:
    """A grade in words."""
    return Note(_GRADES[grade])


@attrs.frozen(kw_only=True)
class OfferCondition:
    """Figure that would have to be true for an offer to be kept.

    Attributes
    ----------
    name
        What it is: a mean hash price of the hash rate claimed (``"hashprice"``) or of the cheapest machine
        (``"hashprice_of_machine"``), or at most which (``"falls"``), a price of BTC at the difficulty of the date
        (``"btc"``), a price of machines (``"machine"``), the hash rate bought for the price (``"size"``), a rise of the
        hash price (``"average"``), a reward rate (``"rate"``), coins staked at most (``"staked"``), what the source
        earns a year (``"earns"``), growth of deposits a day without it (``"grows"``).
    value
        The figure: USD per TH/s and day, USD, USD per TH/s, TH/s, times, or a fraction.
    times
        The figure over that of the date; NaN where there is none.
    """

    name: str
    value: float
    times: float = math.nan

    def sentence(self) -> Note:
        """The condition in words."""
        shown, times = figure(self.value), figure(self.times, 3)
        return Note(_CONDITIONS[self.name], value=shown, percent=f"{100.0 * self.value:,.4g}%", times=times)


@attrs.frozen(kw_only=True)
class OfferReason:
    """One bound on an offer, with the arithmetic.

    Attributes
    ----------
    bound
        ``"hash rate"``, ``"machine"``, ``"rented"``, ``"price"``, ``"network"``, ``"coin"``, ``"staking"``,
        ``"stake"``, ``"promises"``, ``"tiers"`` or ``"source"``.
    grade
        What it says.
    promised, limit
        What is promised, and the most that the bound allows, in one unit; NaN where the bound has no figure.
    unit
        ``"USD a day"``, ``"of the price a day"``, ``"of the price"``, ``"of the stake"``, ``"a year"``, ``"days"``,
        ``"TH/s"`` or ``"coins"``.
    formula
        How `limit` is made, in names of fields of the offer and the yardsticks.
    source
        Source of the yardsticks, with a date; empty where the offer's own figures are enough.
    conditions
        What would have to be true, where that is more than is so.
    """

    bound: str
    grade: OfferGrade
    promised: float = math.nan
    limit: float = math.nan
    unit: str = ""
    formula: str = ""
    source: str = ""
    conditions: tuple[OfferCondition, ...] = ()

    @property
    def ratio(self) -> float:
        """Promise over the most that the bound allows; NaN where the bound has no figure."""
        return self.promised / self.limit if self.limit > 0.0 else math.nan

    def sentence(self) -> Note:
        """The reason in words."""
        key = _SENTENCES[self.bound, self.grade]
        if key == "offers.reason.price.possible" and math.isinf(self.promised):
            key = "offers.reason.price.never"
        elif key == "offers.reason.price.possible" and self.promised > self.limit:
            key = "offers.reason.price.loses"
        values = {"promised": self.shown(self.promised), "limit": self.shown(self.limit)}
        return Note(key, **values, ratio=figure(self.ratio, 3), part=f"{100.0 / self.ratio:,.0f}%", day=self.source)

    def label(self) -> Note:
        """The bound in words."""
        return Note(_BOUNDS[self.bound])

    def shown(self, value: float) -> str:
        """A figure of the reason with its unit; a dash for NaN."""
        if math.isnan(value):
            return "-"
        percent = self.unit in _SHARES
        return Note(_UNITS[self.unit], value=f"{100.0 * value:,.4g}%" if percent else figure(value))


def graded(promised: float, ordinary: float, limit: float) -> OfferGrade:
    """Possible up to what is ordinary, only-if up to the limit, impossible beyond it."""
    if promised <= ordinary * (1.0 + _ROUNDING):
        return "possible"
    return "only if" if promised <= limit * (1.0 + _ROUNDING) else "impossible"


def strongest(reasons: "tuple[OfferReason, ...]") -> OfferGrade:
    """Grade of an offer with these reasons: the strongest of theirs."""
    return ORDER[max((ORDER.index(reason.grade) for reason in reasons), default=0)]
