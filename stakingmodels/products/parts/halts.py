"""`Halt`: a stop of a product by its operator or a regulator, as a term, and `Stops`, which carries them out."""

import datetime as dt
from typing import Any, Literal, cast

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import IntArray, PathValue
from stakingmodels.display import shorten
from stakingmodels.market import Event, Now
from stakingmodels.market.grid import as_time
from stakingmodels.products.parts.exposure import Exposure, Struck
from stakingmodels.products.parts.failures import check_hazards
from stakingmodels.products.parts.per_path import put
from stakingmodels.replacing import Replaceable
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import at, is_zero

HaltEffect = Literal["pause", "wind-up"]
"""Effect of a halt: pay and exits stop and go on later, or the product ends and hands the coins back."""
_HOW = 'halts=(Halt("pause", event=Event("regulator:x", hazard=0.05), days=30.0),)'


@terms.sheet
class Halt(Replaceable):
    """A stop of a product by its operator or a regulator, at random or on a stated date.

    Parameters
    ----------
    effect
        ``"pause"``: for `days` days nothing is earned, and no coins leave; what is due meanwhile leaves when the pause
        ends, and a wait that begins in a pause counts from its end. ``"wind-up"``: the product ends; nothing is earned
        any more, all that is still with it is handed back after `days` days and sold on arrival, and no further money
        can be invested.
    event
        Event of the halt, such as ``Event("regulator:x", hazard=0.05)``. Of the interval in which it occurs a pause
        takes the pay, from its start; a wind-up comes at its end. None (default) for a halt on a stated date.
    on
        Date on which it begins, within an interval too. Of a pause that has begun at the opening or before it, the days
        that are left count; a wind-up must come after the opening, since nothing can be invested in a product that has
        ended. None (default) for a halt by an event.
    days
        Days of the pause, above 0; or days until the coins are handed back, 0 or more, by default 0.
    returned
        Fraction of the coins handed back by a wind-up, in [0, 1]; default 1. The rest is booked under `Line.CREDIT`.

    Notes
    -----
    A pause takes its part of an interval from the pay of all coins in it. Pauses that overlap are one, and terms of a
    deposit go on. Money can be invested in a pause. A liquid token can be sold in one, since its market is not the
    product's; only redemptions wait.

    Coin yields count the time to a wind-up's own day, and the time of pauses, in which nothing is paid.

    Coins in the holder's wallet, money paid out and claims of failures are beyond a halt. In an interval failures
    strike before it.

    Examples
    --------
    >>> from stakingmodels import APR, ExchangeStaking, Market, Price, TimeGrid
    >>> from stakingmodels.products import Halt
    >>> ended = Halt("wind-up", on="2026-01-03", days=5.0, returned=0.9)
    >>> earn = ExchangeStaking(posted_rate=APR(0.0365), compounding=False, halts=(ended,))
    >>> market = Market(TimeGrid.daily("2026-01-01", days=10), {Price("ETH"): 3000.0})
    >>> outcome = earn.run(market, capital=30_000.0)  # 10 ETH earn 0.001 a day on two days
    >>> round(float(outcome.lines["interest"][0]), 6), round(float(outcome.closing[0]), 6)
    (6.0, 27005.4)
    """

    effect: HaltEffect = terms.choice(HaltEffect, kw_only=False)
    event: Event | None = terms.event(default=None)
    on: np.datetime64 | dt.date | str | None = terms.day(default=None, optional=True)
    days: float = terms.days(default=0.0)
    returned: float = terms.fraction(default=1.0, needs=("effect", "wind-up"))

    def __attrs_post_init__(self) -> None:
        """Refuse a halt with two beginnings or none, and a share that nothing returns."""
        if (self.event is None) == (self.on is None):
            rule = "must be given, or the date `on`, and not both"
            checks.refuse("Halt.event", rule, self.event, 'event=Event("regulator:x", hazard=0.05) or on="2026-07-01"')
        if self.effect == "pause" and self.returned != 1.0:
            checks.refuse("Halt.returned", "must be 1 in a pause, which takes no coins", self.returned, "'wind-up'")
        if self.effect == "pause" and self.days == 0.0:
            checks.refuse("Halt.days", "must be above 0 in a pause, which else is never felt", self.days, "days=30.0")


shorten(Halt)


def _as_tuple(value: object) -> object:
    """Halts as a tuple: one alone, or in a list."""
    if isinstance(value, Halt):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _check(where: str, value: object) -> tuple[Halt, ...]:
    if not isinstance(value, tuple):
        checks.refuse_type(where, f"must be halts; write {_HOW}", value)
    for each in value:
        checks.instance(where, each, Halt, _HOW)
    found = cast("tuple[Halt, ...]", value)
    check_hazards(where, [halt.event for halt in found if halt.event is not None])
    return found


def halts() -> Any:
    """A term for the halts of a product: none by default; one alone or a list becomes a tuple."""
    return attrs.field(default=(), kw_only=True, converter=_as_tuple, **terms.rules("halts", _check, default=()))


class Stops:
    """Halts of a position: the part of each interval that is paid, the days that exits wait, and the end of it all.

    Parameters
    ----------
    who
        Name of the product, for messages.
    halts, now
        The halts of its terms, and the opening.

    Raises
    ------
    InputError
        For a wind-up dated at the opening of a path or before it.

    Attributes
    ----------
    ended_on
        Day after the opening on which a wind-up has ended the product, infinite without one; as of `Position`.
    """

    def __init__(self, who: str, halts: tuple[Halt, ...], now: Now) -> None:
        self._by_event = [halt for halt in halts if halt.event is not None]
        self._by_date = [halt for halt in halts if halt.event is None]
        self._n = now.n_paths
        self._any = bool(halts)
        self._until: PathValue = 0.0  # day on which the pause ends, one number or one per path
        self._committed: PathValue = 1.0
        self.ended_on: PathValue = np.inf
        for halt in self._by_date:
            self._begin(who, halt, now)

    def _begin(self, who: str, halt: Halt, now: Now) -> None:
        """Begin a pause that is in force at the opening; refuse a wind-up that is."""
        day = _day_of(halt, now)
        past = day <= now.elapsed_days + DAY_TOL
        if halt.effect == "pause":
            self._until = np.maximum(self._until, np.where(past, day + halt.days, 0.0))
        elif np.any(past):
            rule = "must have each wind-up after the opening, since a product that has ended takes no money"
            checks.refuse(f"{who}.halts", rule, str(halt.on), "a later date, or a market that opens earlier")

    def paid(self, now: Now) -> PathValue:
        """Fraction of the interval in which the product pays, one number or one per path; begins its pauses.

        To be asked once in each interval, before all else.
        """
        if not self._any:
            return 1.0
        begin, end = now.elapsed_days - now.days, now.elapsed_days
        for halt in self._by_event:
            paths = now.paths_with(cast("Event", halt.event))
            if halt.effect == "pause" and paths.size:
                later = np.maximum(at(self._until, paths), begin + halt.days)
                self._until = put(self._until, later, paths, self._n)
        covered = np.maximum(self._until, begin)  # day until which all has been counted
        stopped: PathValue = np.minimum(covered, end) - begin
        for halt, day, ended in self._begun(now):
            stopped = stopped + np.maximum(np.minimum(ended, end) - np.maximum(day, covered), 0.0)
            covered = np.maximum(covered, ended)
            if halt.effect == "pause":
                self._until = np.maximum(self._until, ended)
        if is_zero(stopped):
            return 1.0
        left = 1.0 - stopped / now.days
        found: PathValue = np.where(np.greater(left, DAY_TOL), left, 0.0)[()]  # a pause of all of it leaves a rounding
        return found

    def step(self, now: Now, exposure: Exposure, struck: Struck | None = None) -> PathValue:
        """End the product by wind-ups of the interval, after its failures; returns `Position.committed`: 0 after one.

        `struck` is called as by a failure, see `Exposure.step`.
        """
        for halt in self._by_event:
            paths = now.paths_with(cast("Event", halt.event))
            if halt.effect == "wind-up" and paths.size:
                self._wind_up(now, exposure, halt, now.elapsed_days, paths, struck)
        for halt, day, _ in self._begun(now):
            if halt.effect == "wind-up":
                paths = np.flatnonzero(np.broadcast_to(np.isfinite(day), (self._n,)))
                self._wind_up(now, exposure, halt, at(day, paths), paths, struck)
        return self._committed

    def _wind_up(
        self, now: Now, exposure: Exposure, halt: Halt, day: PathValue, paths: IntArray, struck: Struck | None
    ) -> None:
        exposure.hand_back(now, halt.returned, np.add(day, halt.days), paths, struck)
        self._committed = put(self._committed, 0.0, paths, self._n)
        self.ended_on = put(self.ended_on, np.minimum(at(self.ended_on, paths), day), paths, self._n)

    def _begun(self, now: Now) -> list[tuple[Halt, PathValue, PathValue]]:
        """Halts by date that begin in the interval, with the days after the opening on which they begin and end.

        They begin after all time, and end before it, on paths on which they do not.
        """
        found: list[tuple[Halt, PathValue, PathValue]] = []
        for halt in self._by_date:
            day = _day_of(halt, now)
            begins = (day > now.elapsed_days - now.days + DAY_TOL) & (day <= now.elapsed_days + DAY_TOL)
            if np.any(begins):
                ended = np.inf if halt.effect == "wind-up" else day + halt.days
                found.append((halt, *_where(begins, day, ended)))
        return sorted(found, key=lambda each: as_time("Halt.on", each[0].on))

    @property
    def paused_until(self) -> PathValue:
        """Day on which the last pause that has begun ends: one number, or one per path; 0 before any."""
        return self._until

    def wait(self, since: PathValue, paths: IntArray | None = None) -> PathValue:
        """Days of a pause that are left from a day on, on some paths (None for all)."""
        if not isinstance(self._until, np.ndarray) and np.all(np.greater_equal(since, self._until)):
            return 0.0
        return np.maximum(np.subtract(at(self._until, paths), since), 0.0)

    def leaves_until(self, now: Now) -> PathValue:
        """Day by which what is due leaves: infinite, and on paths in a pause the day before all others."""
        paused = np.greater(self._until, now.elapsed_days + DAY_TOL)
        if not np.any(paused):
            return np.inf
        return np.where(np.broadcast_to(paused, (self._n,)), -np.inf, np.inf)


def _day_of(halt: Halt, now: Now) -> Any:
    """Day after the opening of a halt's date, one number or one per path."""
    return now.elapsed_days + (as_time("Halt.on", halt.on) - now.time) / np.timedelta64(1, "D")


def _where(begins: Any, day: Any, ended: Any) -> tuple[PathValue, PathValue]:
    """Days of beginning and end where a halt begins, and none elsewhere."""
    if not np.ndim(day):
        return float(day), float(ended)
    return np.where(begins, day, np.inf), np.where(begins, ended, -np.inf)
