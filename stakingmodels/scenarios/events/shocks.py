"""`Shock`, `SetTo` and `EventShock`: changes of a scenario on a given day, applied by `Shocked`."""

from typing import Self

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray
from stakingmodels.errors import UnitWarning
from stakingmodels.market import Event, Factor, MarketRatio, Price, TimeGrid
from stakingmodels.market.factors import as_event, as_factor
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.levels import as_half_life
from stakingmodels.series import frozen, refuse_below
from stakingmodels.words import Note

_CHANGE_LIMIT = 1e6
_LIKE_PERCENT = 10.0  # fees do rise this much, prices and ratios hardly ever


def _several(value: object) -> tuple[object, ...]:
    """One item or several, as a tuple; an empty collection is kept as an item, to be refused."""
    return tuple(value) if isinstance(value, (tuple, list)) and value else (value,)


def _factors(value: object) -> tuple[Factor, ...]:
    how = 'Price("ETH") or (Price("ETH"), Price("BTC"))'
    factors = tuple(as_factor("Shock.factors", factor, how) for factor in _several(value))
    for factor in factors:
        if isinstance(factor, Event):
            checks.refuse(
                "Shock.factors", "must be levels, rates or fees", str(factor), f"EventShock({factor}, day=30)"
            )
    return factors


def _change(where: str, value: object) -> float:
    number = checks.real(where, value)
    if not -1.0 <= number <= _CHANGE_LIMIT:
        rule = f"must be in [-1, {_CHANGE_LIMIT:g}], or the factor falls below 0"
        checks.refuse(where, rule, value, f"percent? write {number / 100:g}" if -100.0 <= number < -1.0 else "")
    return number


@attrs.frozen
class Shock(Replaceable):
    """Change of levels, rates or fees by a fraction: at once or gradual, permanent or passing.

    Parameters
    ----------
    factors
        Factors that change, one or several, such as ``Price("ETH")``, ``MarketRatio("stETH")``, ``Difficulty("BTC")``
        or ``StakingReward("ETH")``.
    day
        Day on which it begins, from the opening of the grid, 0 or more. A level is changed at the grid's times from
        `day` on; a rate or fee in the intervals that begin on `day` or later.
    change
        Fraction of the change, from -1: -0.5 halves, 1.0 doubles.
    until
        Day on which the change is complete, after `day`; up to it, it grows in a straight line. By default at once.
    half_life_days
        Half-life of the change in days, counted from its completion; above 0. By default it stays.

    Examples
    --------
    >>> from stakingmodels import MarketRatio, Price
    >>> from stakingmodels.scenarios import Shock
    >>> crash = Shock((Price("ETH"), Price("BTC")), day=30, change=-0.5)
    >>> depeg = Shock(MarketRatio("stETH"), day=30, change=-0.06, until=38, half_life_days=30)
    >>> depeg.multiplier(np.array([30.0, 34.0, 38.0, 68.0]))
    array([1.  , 0.97, 0.94, 0.97])
    """

    factors: tuple[Factor, ...] = attrs.field(converter=_factors)
    day: float = attrs.field(kw_only=True, **terms.rules("days", checks.non_negative, unit="days", low=0.0))
    change: float = attrs.field(kw_only=True, **terms.rules("number", _change, low=-1.0, high=_CHANGE_LIMIT))
    until: float | None = attrs.field(
        default=None, kw_only=True, **terms.rules("days", checks.non_negative, optional=True, unit="days", low=0.0)
    )
    half_life_days: float | None = attrs.field(
        default=None, kw_only=True, **terms.rules("days", as_half_life, optional=True, unit="days")
    )

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.day:
            checks.refuse("Shock.until", f"must be after the day of {self.day:g}", self.until)
        self._warn_of_percent()
        for factor in self.factors:
            if self.change == -1.0 and factor.minimum == 0.0 and not factor.zero_allowed:
                checks.refuse(f"Shock.change: {factor}", "must be above -1: the factor must stay above 0", self.change)

    def _warn_of_percent(self) -> None:
        for factor in self.factors:
            if self.change > _LIKE_PERCENT and isinstance(factor, (Price, MarketRatio)):
                text = f"Shock.change: {self.change:g} multiplies {factor} by {1.0 + self.change:g}"
                hint = f"percent? write {self.change / 100:g}"
                checks.warn(f"{text} ({hint})", UnitWarning)

    @property
    def last_day(self) -> float:
        """Day on which the change is complete."""
        return self.day if self.until is None else self.until

    def later(self, days: float) -> Self:
        """A copy that happens some days later."""
        until = None if self.until is None else self.until + days
        return self.replace(day=self.day + days, until=until)

    def multiplier(self, days: FloatArray) -> FloatArray:
        """Multiplier of the factors at some times, in days from the opening."""
        complete = self.last_day
        days = np.asarray(days, dtype=np.float64)
        if self.until is None:
            part = (days >= self.day).astype(np.float64)
        else:
            part = np.clip((days - self.day) / (self.until - self.day), 0.0, 1.0)
        if self.half_life_days is not None:
            part *= 0.5 ** (np.maximum(days - complete, 0.0) / self.half_life_days)
        return frozen(np.asarray(1.0 + self.change * part))

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """Sentence with the factors, the size and the day of the change."""
        when = Note("note.on_day", day=self.day)
        if self.until is not None:
            when = Note("note.from_day_to", day=self.day, until=self.until)
        gone = () if self.half_life_days is None else (Note("note.half_gone", days=self.half_life_days),)
        return Note("note.shock", factors=self.factors, change=self.change, when=(when, *gone))


def _events(value: object) -> tuple[Event, ...]:
    return tuple(as_event("EventShock.events", event, 'Event("custodian:x")') for event in _several(value))


@attrs.frozen
class EventShock(Replaceable):
    """Named events that occur on all paths on a given day, in addition to their random occurrences.

    Parameters
    ----------
    events
        One event or several, such as ``Event("custodian:x")``.
    day
        Days from the opening of the grid, above 0. The events occur in the step that contains `day`; if `day` is a grid
        time, in the step that ends there, as a `Shock` of that day changes a level.
    """

    events: tuple[Event, ...] = attrs.field(converter=_events)
    day: float = attrs.field(
        kw_only=True,
        **terms.rules("days", checks.positive, unit="days", low=checks.SMALLEST, high=checks.CAPITAL_LIMIT),
    )

    @property
    def last_day(self) -> float:
        """Day on which the events occur."""
        return self.day

    def later(self, days: float) -> Self:
        """A copy that happens some days later."""
        return self.replace(day=self.day + days)

    def step(self, grid: TimeGrid) -> int:
        """Index of the step in which the events occur."""
        return int(np.searchsorted(grid.elapsed_days, self.day, side="left")) - 1

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """Sentence with the events and the day."""
        return Note("note.struck", events=self.events, day=self.day)


def _level(where: str, value: object) -> Factor:
    factor = as_factor(where, value, 'ExitWait("ETH")')
    if factor.kind != "level":
        checks.refuse(where, "must be a level such as a price or a wait", str(factor), "Shock changes rates and fees")
    return factor


@terms.sheet
class SetTo(Replaceable):
    """A level that is held at a number from a day on, whatever the scenario makes of it.

    Parameters
    ----------
    factor
        Factor of the level, such as ``ExitWait("ETH")``.
    level
        Value at the grid's times from `day` on.
    day
        Days from the opening of the grid, 0 or more. Default 0.
    until
        Day from which it is the scenario's again, after `day`. By default it stays.

    Examples
    --------
    >>> from stakingmodels import ExitWait
    >>> from stakingmodels.scenarios import SetTo
    >>> str(SetTo(ExitWait("ETH"), level=46.4))
    'ExitWait("ETH") at 46.4 from day 0'
    """

    factor: Factor = terms.field("factor", _level, kw_only=False)
    level: float = terms.number(check=checks.real)
    day: float = terms.days(default=0.0)
    until: float | None = terms.days(default=None, optional=True)

    def __attrs_post_init__(self) -> None:
        refuse_below(
            f"SetTo.level: {self.factor}",
            np.array([self.level]),
            self.factor.minimum,
            strict=not self.factor.zero_allowed,
        )
        if self.until is not None and self.until <= self.day:
            checks.refuse("SetTo.until", f"must be after the day of {self.day:g}", self.until)

    @property
    def last_day(self) -> float:
        """Day from which the level is held."""
        return self.day

    def later(self, days: float) -> Self:
        """A copy that happens some days later."""
        until = None if self.until is None else self.until + days
        return self.replace(day=self.day + days, until=until)

    def levels(self, days: FloatArray) -> FloatArray:
        """Level at some times, in days from the opening; NaN where it is the scenario's."""
        days = np.asarray(days, dtype=np.float64)
        held = (days >= self.day) & (days < (np.inf if self.until is None else self.until))
        return frozen(np.where(held, float(self.level), np.nan))

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """Sentence with the factor, the level and the day."""
        terms = {"factor": self.factor, "level": self.level, "day": self.day}
        return Note("note.set", **terms) if self.until is None else Note("note.set_until", until=self.until, **terms)
