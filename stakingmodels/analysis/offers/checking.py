"""`check_offer`: whether an offer can be kept, by its own figures and those of the market."""

import math
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.analysis.offers.alternatives import OfferAlternative, alternatives_of
from stakingmodels.analysis.offers.bounds import reasons_of
from stakingmodels.analysis.offers.flags import OfferFlag, flags_of
from stakingmodels.analysis.offers.offer import Offer
from stakingmodels.analysis.offers.promises import Promise
from stakingmodels.analysis.offers.reasons import (
    ORDER,
    OfferCondition,
    OfferGrade,
    OfferReason,
    figure,
    grade_note,
    strongest,
)
from stakingmodels.analysis.offers.yardsticks import MINED, NOT_STAKED, OfferYardsticks, known_coins
from stakingmodels.analysis.row import number
from stakingmodels.display import Summary
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.tables import Notes, Shown, Table
from stakingmodels.words import Note

_THOUSAND = 1_000.0
_LARGEST_POWER = 300.0  # of ten, beyond which no figure of compounding is shown


@attrs.frozen(eq=False, repr=False, kw_only=True)
class OfferCheck(Shown):
    """Answer about an offer: a grade, its reasons, facts to be wary of, and what the money buys elsewhere. Print it.

    Attributes
    ----------
    offer, yardsticks
        What was checked, and against which figures.
    grade
        ``"impossible"``: a figure of the offer is beyond a bound, or two cannot both be true; ``"only if"``: it needs
        what `conditions` say; ``"possible"``: no figure is beyond what is ordinary, which does not mean that it
        pays, or that it is true; ``"untestable"``: the figures say nothing that could be tested.
    reasons
        Each bound with what is promised against it, the strongest first.
    flags
        Facts about the offer that frauds have in common. They are no proof, and change no grade.
    money, days
        USD and days that `elsewhere` compares.
    elsewhere
        What comes back of the money by the offer and by other ways, prices and difficulty as they are.
    """

    offer: Offer
    yardsticks: OfferYardsticks
    grade: OfferGrade
    reasons: tuple[OfferReason, ...]
    flags: tuple[OfferFlag, ...]
    money: float
    days: float
    elsewhere: tuple[OfferAlternative, ...]

    @property
    def conditions(self) -> tuple[OfferCondition, ...]:
        """Conditions of the reasons of the grade, each once."""
        found = (each for reason in self.reasons if reason.grade == self.grade for each in reason.conditions)
        return tuple(dict.fromkeys(found))

    @property
    def a_year(self) -> float:
        """Simple rate a year that is promised, at most; NaN without a promise."""
        return max((each.a_year for each in self.offer.promises), default=math.nan)

    @property
    def compounded_a_year(self) -> float:
        """Rate a year if every pay-out were put in again, by the largest promise; NaN without one.

        ``(1 + fraction) ** (365 / per_days) - 1``; infinite beyond 1e300.
        """
        return max(map(_compounded, self.offer.promises), default=math.nan)

    def sentences(self) -> tuple[Note, ...]:
        """Reasons and conditions in words, the strongest first."""
        if not self.reasons:
            return (Note("offers.reason.none"),)
        told = [reason.sentence() for reason in self.reasons]
        if self.conditions:
            head = "offers.if.wanted" if self.grade == "impossible" else "offers.if.needed"
            told.append(Note(head, conditions=tuple(each.sentence() for each in self.conditions)))
        if self.offer.promises:
            told.append(self._compounding())
        return tuple(dict.fromkeys(told))

    def _compounding(self) -> Note:
        most = self.compounded_a_year
        shown = f"{most:,.0%}" if most < _THOUSAND else f"{100.0 * most:.2g}%"
        return Note("offers.compounds", simple=f"{self.a_year:,.1%}", compounded=shown)

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text; None for missing numbers."""
        return {
            "grade": self.grade,
            "reasons": [
                {
                    "bound": each.bound,
                    "grade": each.grade,
                    "promised": number(each.promised),
                    "limit": number(each.limit),
                    "ratio": number(each.ratio),
                    "unit": each.unit,
                    "formula": each.formula,
                    "as_of": each.source,
                    "text": str(each.sentence()),
                    "conditions": [_plain(condition) for condition in each.conditions],
                }
                for each in self.reasons
            ],
            "flags": [
                {"name": each.name, "value": number(each.value), "text": str(each.sentence())} for each in self.flags
            ],
            "a_year": number(self.a_year),
            "compounded_a_year": number(self.compounded_a_year),
            "money": self.money,
            "days": self.days,
            "elsewhere": [{"name": e.name, "coin": e.coin, "money": number(e.money)} for e in self.elsewhere],
        }

    @property
    def grade_note(self) -> Note:
        """Grade in words."""
        return grade_note(self.grade)

    def table(self) -> Table:
        """Table of the bounds, with the reasons below it."""
        columns = [Note(f"offers.column.{name}") for name in ("bound", "promised", "limit", "ratio", "grade")]
        rows = [
            [
                each.label(),
                each.shown(each.promised),
                each.shown(each.limit),
                figure(each.ratio, 3),
                grade_note(each.grade),
            ]
            for each in self.reasons
        ]
        return Table(self._title(), columns, rows, self.sentences(), left_last=1)

    def _title(self) -> Note:
        promises = tuple(each.note() for each in self.offer.promises) or (Note("offers.promise.none"),)
        return Note("offers.title", grade=self.grade_note, promises=promises)

    def flag_notes(self) -> Notes:
        """The flags as sentences, with what they are worth."""
        return Notes(Note("offers.flags.title"), [*(each.sentence() for each in self.flags), Note("offers.flags.note")])

    def elsewhere_table(self) -> Table:
        """Table of what comes back of the money by the offer and elsewhere."""
        rows = [
            [each.label(), f"{each.money:,.2f}", f"{each.money / self.money - 1.0:+z,.1%}"] for each in self.elsewhere
        ]
        columns = [Note("offers.column.way"), Note("offers.column.back"), Note("offers.column.gain")]
        title = Note("offers.elsewhere.title", money=f"{self.money:,.2f}", days=f"{self.days:g}")
        notes = [Note("offers.elsewhere.note", day=self.yardsticks.as_of), Note("offers.unseen")]
        return Table(title, columns, rows, notes)

    def _parts(self) -> tuple[Table | Notes, ...]:
        first = self.table() if self.reasons else Notes(self._title(), self.sentences())
        return (first, *([self.flag_notes()] if self.flags else []), self.elsewhere_table())

    def _shown(self) -> Summary:
        table = self.table()
        flags = tuple(each.short() for each in self.flags)
        told = [Note("offers.flags.short", flags=flags)] if flags else []
        return Summary(table.title, table.columns, table.rows, [*self.sentences(), *told, Note("offers.unseen")])


def _plain(condition: OfferCondition) -> dict[str, object]:
    return {"name": condition.name, "value": number(condition.value), "times": number(condition.times)}


def _weight(reason: OfferReason) -> tuple[float, str, float]:
    """Place among the reasons, whatever the order of the promises: the strongest first."""
    most = 0.0 if math.isnan(reason.promised) else reason.promised
    return -ORDER.index(reason.grade), reason.bound, -most


def _compounded(promise: Promise) -> float:
    if promise.total:
        growth = math.log(promise.fraction) / promise.per_days
    else:
        growth = math.log1p(promise.fraction) / promise.per_days
    exponent = growth * DAYS_PER_YEAR
    return math.expm1(exponent) if exponent < _LARGEST_POWER * math.log(10.0) else math.inf


def check_offer(offer: Offer, *, yardsticks: OfferYardsticks | None = None) -> OfferCheck:
    """Grade of an offer: impossible, only if, possible, or untestable, with every figure that it rests on.

    The figures are read in favour of the offer: power is free, machines are the cheapest, the hash price is the highest
    at which it may have been made, and rises within one pay-out as much as it ever has, unless the pay-out is
    guaranteed. What a seller is plays no part. A grade of "possible" is no advice: hash rate can be sold that does not
    exist, and an honest contract can lose.

    Parameters
    ----------
    offer
        The terms as stated.
    yardsticks
        Figures of the date of the offer; by default those of May 2026, with a range from July 2025 to then.

    Raises
    ------
    InputTypeError
        For arguments of other types.
    InputError
        For a coin that is not known to be mined or staked, or to be neither.

    Examples
    --------
    >>> from stakingmodels.analysis import Offer, check_offer
    >>> found = check_offer(
    ...     Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0, term_days=730.0, guaranteed=True)
    ... )
    >>> found.grade, round(found.reasons[0].ratio, 2)
    ('impossible', 7.58)
    """
    checks.instance("check_offer: offer", offer, Offer, 'Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0)')
    y = OfferYardsticks() if yardsticks is None else yardsticks
    checks.instance("check_offer: yardsticks", y, OfferYardsticks, "OfferYardsticks(hashprice_usd=0.0366)")
    coins = known_coins(y)
    if offer.asset is not None and offer.asset not in coins:
        hint = checks.nearest_hint(offer.asset, coins)
        rate = f"give its reward rate, OfferYardsticks(staking_aprs={{{offer.asset!r}: 0.05}})"
        checks.refuse("Offer.coin", "must be a coin that is known to be mined or staked", offer.coin, hint or rate)
    found = sorted(reasons_of(offer, y), key=_weight)
    not_mined = offer.kind == "mining" and offer.asset not in MINED
    not_staked = offer.kind == "staking" and offer.asset in NOT_STAKED
    money, days, elsewhere = alternatives_of(offer, y)
    return OfferCheck(
        offer=offer,
        yardsticks=y,
        grade=strongest(tuple(found)),
        reasons=tuple(found),
        flags=flags_of(offer, not_mined=not_mined, not_staked=not_staked),
        money=money,
        days=days,
        elsewhere=elsewhere,
    )
