"""`Assumption`: a number that is unpublished or varies, with its range, its worse end and its evidence."""

from typing import Literal, get_args

import attrs

from stakingmodels import checks
from stakingmodels.measures import clopper_pearson, garwood
from stakingmodels.words import Note

Basis = Literal["protocol", "measured", "provider", "assumed"]
"""Ground of a number: a protocol's rule, a measurement, a provider's word, or an assumption of the library."""
End = Literal["low", "high"]
"""An end of a range."""
Judged = Literal["hazard", "fraction"]
"""Kinds of numbers with a rule for their judged range."""

JUDGED_FACTOR = 5.0
"""Factor of the judged ranges: a fifth to five times of a hazard, or of a fraction's odds. A judgement of the library,
2026-11-30; docs/explanation/decisions/0034."""
NO_RECORD = "no record; judged: a fifth to five times"
"""Evidence of a hazard without any record."""
NO_RECORD_ODDS = "no record; judged: odds from a fifth to five times"
"""Evidence of a fraction without any record."""
OURS = "assumption of the library"
"""Source of the library's own assumptions."""
_TEXT_LIMIT = 500


def _text(where: str, value: object) -> str:
    """A printable, non-empty text in one line."""
    if not isinstance(value, str):
        checks.refuse_type(where, "must be a text (str)", value)
    if not value or len(value) > _TEXT_LIMIT or not value.isprintable() or value != value.strip():
        checks.refuse(where, f"must be 1 to {_TEXT_LIMIT} printable characters without space at the ends", value)
    return value


def _word(where: str, value: object, words: tuple[str, ...]) -> str:
    return checks.choice(where, value, words)


_REAL = checks.field(checks.real)
_LINE = checks.field(_text)
_COUNT = checks.field(checks.integer, 0, 2**53, optional=True)
_YEARS = checks.field(checks.positive, optional=True)


@attrs.frozen(kw_only=True)
class Assumption:
    """Lowest, usual and highest value of a term, and which end is bad for the holder.

    For events counted over an exposure, the range is their exact 95 % interval by `garwood`; for events in a number of
    trials, by `clopper_pearson`. For a measurement it is the 95 % band of its error. For a rule, a record or an offer,
    it is the range of that. Without any evidence it is `judged`.

    Parameters
    ----------
    low, base, high
        Values in the unit of the term, in this order; `reference` uses `base`.
    worse
        End that is worse for the holder of a product that has the term: ``"low"`` or ``"high"``.
    basis
        ``"protocol"`` for a protocol's rule, ``"measured"`` for a count or a record, ``"provider"`` for a provider's
        word, ``"assumed"`` for an assumption of the library.
    evidence
        Evidence for the range, in a sentence or less.
    source, date
        Source and its date; for assumptions of the library, the date on which they were made.
    n_events, exposure_years
        Number of events counted, and exposure in years.
    trials
        Number of trials, in place of years.

    Raises
    ------
    InputError
        For a range out of order, and a count whose interval is not the range.
    """

    low: float = attrs.field(validator=_REAL)
    base: float = attrs.field(validator=_REAL)
    high: float = attrs.field(validator=_REAL)
    worse: End = attrs.field(validator=checks.field(_word, get_args(End)))
    basis: Basis = attrs.field(validator=checks.field(_word, get_args(Basis)))
    evidence: str = attrs.field(validator=_LINE)
    source: str = attrs.field(validator=_LINE)
    date: str = attrs.field(validator=_LINE)
    n_events: int | None = attrs.field(default=None, validator=_COUNT)
    exposure_years: float | None = attrs.field(default=None, validator=_YEARS)
    trials: int | None = attrs.field(default=None, validator=_COUNT)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            checks.refuse("Assumption.low", f"must not be above high, which is {self.high:g}", self.low)
        if not self.low <= self.base <= self.high:
            checks.refuse("Assumption.base", f"must be in [{self.low:g}, {self.high:g}]", self.base)
        if (self.n_events is None) != (self.exposure_years is None and self.trials is None):
            checks.refuse("Assumption.n_events", "must come with exposure_years or trials", self.n_events)
        if self.exposure_years is not None and self.trials is not None:
            checks.refuse("Assumption.trials", "must be left out beside exposure_years", self.trials)
        if self.n_events is not None:
            interval = _interval(self.n_events, self.exposure_years, self.trials)
            if (self.low, self.high) != interval:
                checks.refuse("Assumption.low", f"must be the interval of the count, {interval}", (self.low, self.high))

    @property
    def worst(self) -> float:
        """Value at the end that is worse for the holder."""
        return self.low if self.worse == "low" else self.high

    @property
    def best(self) -> float:
        """Value at the other end."""
        return self.high if self.worse == "low" else self.low


def basis_note(basis: Basis) -> str:
    """Words for a basis."""
    return Note(f"assumptions.basis.{basis}")


def _interval(n_events: int, exposure_years: float | None, trials: int | None) -> tuple[float, float]:
    if exposure_years is not None:
        return garwood(n_events, exposure_years)
    return clopper_pearson(n_events, trials or 0)


def counted(
    base: float,
    n_events: int,
    *,
    exposure_years: float | None = None,
    trials: int | None = None,
    worse: End,
    evidence: str,
    source: str,
    date: str,
) -> Assumption:
    """Assumption on a hazard or a fraction whose range is the exact interval of a count.

    Examples
    --------
    >>> found = counted(0.01, 3, exposure_years=400.0, worse="high", evidence="three", source="x", date="2026-11")
    >>> round(found.low, 5), round(found.high, 5)
    (0.00155, 0.02192)
    """
    low, high = _interval(n_events, exposure_years, trials)
    return Assumption(
        low=low,
        base=base,
        high=high,
        worse=worse,
        basis="measured",
        evidence=evidence,
        source=source,
        date=date,
        n_events=n_events,
        exposure_years=exposure_years,
        trials=trials,
    )


def judged_range(base: float, kind: Judged = "hazard") -> tuple[float, float]:
    """Judged range of a number without record: a fifth to five times of a hazard, or of the odds of a fraction.

    Parameters
    ----------
    base
        The number: a hazard a year, or a fraction in [0, 1].
    kind
        ``"hazard"`` (default): ``base / 5`` to ``5 base``. ``"fraction"``: the odds ``base / (1 - base)`` from a fifth
        to five times, so that the ends stay fractions and a fraction is as far from 1 as its rest is from 0.

    Examples
    --------
    >>> judged_range(0.01), [round(x, 4) for x in judged_range(0.05, "fraction")]
    ((0.002, 0.05), [0.0104, 0.2083])
    """
    where = "judged: base"
    if checks.choice("judged: kind", kind, get_args(Judged)) == "hazard":
        hazard = checks.non_negative(where, base)
        return hazard / JUDGED_FACTOR, hazard * JUDGED_FACTOR
    part = checks.fraction(where, base)
    low = part / (part + JUDGED_FACTOR * (1.0 - part))
    return low, JUDGED_FACTOR * part / (JUDGED_FACTOR * part + (1.0 - part))


def judged(
    base: float,
    *,
    worse: End,
    kind: Judged = "hazard",
    evidence: str = "",
    source: str = OURS,
    date: str,
) -> Assumption:
    """Assumption on a number of which nothing was counted, with the range of `judged_range`.

    Parameters
    ----------
    base, kind
        As in `judged_range`.
    worse
        End that is worse for the holder.
    evidence
        Anything that is known beside; the rule is added.
    source, date
        Source of what is known, by default the library; date of the judgement or of the source.

    Examples
    --------
    >>> found = judged(0.5, worse="high", kind="fraction", date="2026-11")
    >>> round(found.low, 3), found.base, round(found.high, 3), found.evidence
    (0.167, 0.5, 0.833, 'no record; judged: odds from a fifth to five times')
    """
    low, high = judged_range(base, kind)
    rule = NO_RECORD if kind == "hazard" else NO_RECORD_ODDS
    text = f"{rule}; {evidence}" if evidence else rule
    return Assumption(
        low=low, base=base, high=high, worse=worse, basis="assumed", evidence=text, source=source, date=date
    )
