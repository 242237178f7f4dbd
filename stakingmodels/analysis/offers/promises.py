"""`Promise`: what an offer promises to pay, as a part of the money put in, and over which period."""

import re
from collections.abc import Mapping

import attrs

from stakingmodels import checks
from stakingmodels.errors import InputError
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.words import Note

PERIODS: Mapping[str, float] = {
    "hour": 1.0 / 24.0,
    "day": 1.0,
    "week": 7.0,
    "month": DAYS_PER_YEAR / 12.0,
    "quarter": DAYS_PER_YEAR / 4.0,
    "year": DAYS_PER_YEAR,
}
"""Days of the periods that a text may name; a month is a twelfth of 365 days."""
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_HOW = 'write "1%/day", "20%/month", "2x in 600 days", "100 USD/month", or Promise(0.01, per_days=1)'
_NUMBER = r"(\d+(?:\.\d*)?|\.\d+)"
_RANGE = rf"{_NUMBER}(?:\s*(?:-|to|–)\s*{_NUMBER})?"  # noqa: RUF001  # people write that dash
_PERIOD = r"(?:(\d+(?:\.\d*)?)\s*)?(hour|day|week|month|quarter|year)s?"
_RATE = re.compile(
    rf"{_RANGE}\s*%\s*(?:(?:/|an?|per|every|each|in|after|within)\s*{_PERIOD}|({'|'.join(_ADVERBS)}))", re.ASCII
)
_AMOUNT = re.compile(
    rf"{_RANGE}\s*usd\s*(?:(?:/|an?|per|every|each|in|after|within)\s*{_PERIOD}|({'|'.join(_ADVERBS)}))", re.ASCII
)
_MULTIPLE = re.compile(
    rf"{_RANGE}\s*x\s*(?:in|after|within)\s*{_RANGE}\s*(hour|day|week|month|quarter|year)s?", re.ASCII
)
_WITHOUT = re.compile(rf"{_RANGE}\s*(%|x|usd)", re.ASCII)
_MOST_A_DAY = 1.0  # of a rate: more is a percent by its look
_MOST_TIMES_A_DAY = 100.0
_APART = 0.10  # by which two promises of the same may differ: they are rounded


@attrs.frozen
class Promise:
    """Promised pay-out: a part of the money put in, for each period, or once over all.

    Parameters
    ----------
    fraction
        Part of the money put in that is paid for the period, at most, such as 0.01 of 1 % a day; below 1 a day.
    per_days
        Days of the period, more than 0; the shortest where a range of them is promised.
    least
        The lower end of a promised range, in the same period; None if one figure is promised.
    longest_days
        The longest period promised; None if one is.
    total
        Whether `fraction` is all that the money becomes, the money itself included: 2.0 for "doubles". A rate (the
        default) is paid each period.

    Examples
    --------
    >>> from stakingmodels.analysis import Promise
    >>> Promise.of("1%/day")
    Promise(fraction=0.01, per_days=1.0)
    >>> round(Promise.of("0.9-2.8%/day").doubling_days, 1)
    111.1
    >>> Promise.of("2x in 600 days").per_day
    0.0033333333333333335
    """

    fraction: float = attrs.field(validator=checks.POSITIVE)
    per_days: float = attrs.field(validator=checks.POSITIVE)
    least: float | None = attrs.field(
        default=None, validator=checks.field(checks.positive, optional=True), kw_only=True
    )
    longest_days: float | None = attrs.field(
        default=None, validator=checks.field(checks.positive, optional=True), kw_only=True
    )
    total: bool = attrs.field(default=False, validator=checks.FLAG, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.total and self.per_day >= _MOST_A_DAY:
            hint = f"percent? write {self.fraction / 100.0:g}"
            checks.refuse("Promise.fraction", "must be below 1 a day, all of the money", self.fraction, hint)
        if self.per_day > _MOST_TIMES_A_DAY:
            checks.refuse("Promise.fraction", f"must be at most {_MOST_TIMES_A_DAY:g} times a day", self.fraction)
        if self.least is not None and self.least > self.fraction:
            checks.refuse("Promise.least", f"must not be above fraction, {self.fraction:g}", self.least)
        if self.longest_days is not None and self.longest_days < self.per_days:
            checks.refuse("Promise.longest_days", f"must not be below per_days, {self.per_days:g}", self.longest_days)

    @classmethod
    def of(
        cls, promised: "str | Promise", *, price_usd: float | None = None, term_days: float | None = None
    ) -> "Promise":
        """Promise from its text.

        Parameters
        ----------
        promised
            Such as ``"1%/day"``, ``"0.5-1% a day"``, ``"20% monthly"``, ``"7%/30 days"``, ``"8% in 24 hours"``,
            ``"2x in 600 days"``, ``"1x in 4-6 months"``, or ``"100 USD/month"`` of a price; or a `Promise`, which is
            returned.
        price_usd
            Money put in, of which an amount in USD is a part.
        term_days
            Term of the offer, in which a multiple without a period, ``"2x"``, is paid.

        Raises
        ------
        InputError
            Where the text is no promise, or has no period.
        """
        if isinstance(promised, Promise):
            return promised
        if not isinstance(promised, str):
            checks.refuse_type("promised", "must be a rate with its period", promised, _HOW)
        text = promised.strip().lower().replace("percent", "%").replace("％", "%")
        text = re.sub(r"^(?:doubles?|doubled) ", "2x ", text)
        if term_days is not None and _WITHOUT.fullmatch(text) and text.endswith("x"):
            text = f"{text} in {checks.positive('promised: term_days', term_days):f} days"
        for pattern, make in ((_RATE, _rate), (_MULTIPLE, _multiple), (_AMOUNT, _amount)):
            found = pattern.fullmatch(text)
            if found:
                return make(promised, found, price_usd)
        rule = "must say for which period" if _WITHOUT.fullmatch(text) else "must be a rate with its period"
        checks.refuse("promised", rule, promised, _HOW)

    @property
    def per_day(self) -> float:
        """Largest part of the money paid a day, ``fraction / per_days``."""
        return self.fraction / self.per_days

    @property
    def least_per_day(self) -> float:
        """Smallest part of the money paid a day; `per_day` where one figure is promised."""
        fraction = self.fraction if self.least is None else self.least
        return fraction / (self.per_days if self.longest_days is None else self.longest_days)

    @property
    def gain_per_day(self) -> float:
        """Largest gain a day over the money put in, which `total` includes: ``(fraction - total) / per_days``."""
        return (self.fraction - self.total) / self.per_days

    @property
    def doubling_days(self) -> float:
        """Days after which as much as was put in has been paid, without compounding, by the lower end of a rate.

        Where `total`, days in which the gain comes to it. Infinite without a gain.
        """
        paid = _ends(self, kept=True)[0]
        return 1.0 / paid if paid > 0.0 else float("inf")

    @property
    def a_year(self) -> float:
        """Simple rate a year, ``365 * gain_per_day``."""
        return DAYS_PER_YEAR * self.gain_per_day

    def agrees(self, other: "Promise", *, kept: bool) -> bool:
        """Whether both can describe the same pay-out: ends of ranges within a tenth, a single figure in the range.

        Parameters
        ----------
        other
            Another promise of the same offer.
        kept
            Whether the money put in stays the holder's and `total` includes it; otherwise it is spent at the start.
        """
        mine, theirs = _ends(self, kept=kept), _ends(other, kept=kept)
        if min(*mine, *theirs) <= 0.0:
            return mine == theirs
        if mine[0] < mine[1] and theirs[0] < theirs[1]:
            return all(
                abs(a / b - 1.0) <= _APART or abs(b / a - 1.0) <= _APART for a, b in zip(mine, theirs, strict=True)
            )
        low, high = max(mine[0], theirs[0]), min(mine[1], theirs[1])
        return low <= high * (1.0 + _APART)

    def note(self) -> Note:
        """The promise in words."""
        most, least = self.fraction, self.least
        if self.total:
            times = f"{most:g}" if least is None else f"{least:g}-{most:g}"
            days = f"{self.per_days:g}" if self.longest_days is None else f"{self.per_days:g}-{self.longest_days:g}"
            return Note("offers.promise.total", times=times, days=days)
        share = f"{100.0 * most:.4g}%" if least is None else f"{100.0 * least:.4g}-{100.0 * most:.4g}%"
        for name, days_of in PERIODS.items():
            if self.per_days == days_of:
                return Note(f"offers.promise.{name}", share=share)
        return Note("offers.promise.days", share=share, n=f"{self.per_days:g}")


def _ends(promise: Promise, *, kept: bool) -> tuple[float, float]:
    """Smallest and largest part a day that is paid on top of the money put in, or in all where that is spent."""
    own = 1.0 if promise.total and kept else 0.0
    least = promise.fraction if promise.least is None else promise.least
    longest = promise.per_days if promise.longest_days is None else promise.longest_days
    return (least - own) / longest, (promise.fraction - own) / promise.per_days


def _ordered(first: str, second: str | None) -> tuple[float, float | None]:
    """The largest of one or two numbers, and the smallest if there are two."""
    if second is None:
        return float(first), None
    low, high = sorted((float(first), float(second)))
    return high, low


def _days(text: str, count: str | None, period: str | None, adverb: str | None) -> float:
    days = PERIODS[_ADVERBS[adverb] if adverb else str(period)] * (1.0 if count is None else float(count))
    if not days > 0.0:
        checks.refuse("promised", "must be for a period longer than 0", text, _HOW)
    return days


def _rate(text: str, found: "re.Match[str]", price_usd: float | None) -> Promise:
    del price_usd
    most, least = _ordered(found[1], found[2])
    days = _days(text, found[3], found[4], found[5])
    return _made(text, most / 100.0, days, least=None if least is None else least / 100.0)


def _multiple(text: str, found: "re.Match[str]", price_usd: float | None) -> Promise:
    del price_usd
    most, least = _ordered(found[1], found[2])
    longest, shortest = _ordered(found[3], found[4])
    days = PERIODS[found[5]]
    short = days * (longest if shortest is None else shortest)
    if not short > 0.0:
        checks.refuse("promised", "must be for a period longer than 0", text, _HOW)
    return _made(text, most, short, least=least, longest_days=None if shortest is None else days * longest, total=True)


def _amount(text: str, found: "re.Match[str]", price_usd: float | None) -> Promise:
    if price_usd is None:
        how = f"write Promise.of({text!r}, price_usd=3000.0)"
        raise InputError(f"promised: an amount needs the price that it is paid for, got {checks.show(text)} ({how})")
    most, least = _ordered(found[1], found[2])
    days = _days(text, found[3], found[4], found[5])
    return _made(text, most / price_usd, days, least=None if least is None else least / price_usd)


def _made(text: str, fraction: float, per_days: float, **more: "float | bool | None") -> Promise:
    if not fraction > 0.0:
        checks.refuse("promised", "must be more than 0", text, _HOW)
    if not more.get("total") and fraction / per_days >= _MOST_A_DAY:
        checks.refuse("promised", "must be below 100% a day", text, 'write a multiple, such as "2x in 1 day"')
    return Promise(fraction, per_days, **more)  # type: ignore[arg-type]  # each by its name
