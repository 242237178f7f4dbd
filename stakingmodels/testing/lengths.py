"""Check that a product reads how long a step is."""

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.ledger import Line, Outcome
from stakingmodels.market import Factor, Market, TimeGrid
from stakingmodels.products import Product
from stakingmodels.series import frozen
from stakingmodels.testing.books import SUM
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import Trial

_WEEKS = 13
_DAYS_PER_WEEK = 7
_LONGEST_WAIT = 26  # weeks in which a wait should end
_WAITS = 3  # waits one after another, each of which may end within a step
_FACTOR = 3.0
"""Most by which the totals of a line may differ: interest on interest and waits, but no booking once a step."""


def check_step_length(product: Product, market: Market, *, capital: float) -> None:
    """A quarter of weeks books what the same quarter of days does: nothing is booked once a step, however long.

    In a market frozen at its opening, without events. The totals of a line may differ threefold, by interest on it and
    by waits that end within a step; where they differ more, so must those of two quarters. What is forfeited is left
    out. Who leaves then waits as many days, but for three weeks, since each of several waits may end within a step.
    """
    trial = Trial.of("step-length", product, market, capital)
    able = np.argsort(~trial.run().feasible, kind="stable")  # paths first on which the capital opens the product
    few = trial.snapshot.paths(able[:2])
    still = Snapshot.of(few.market().frozen_at_open(), product.factors).quiet()
    quarter = _runs(trial, still, _WEEKS)
    found = _unlike(trial, quarter)
    if found and _unlike(trial, _runs(trial, still, 2 * _WEEKS), quarter):
        trial.fail(f"{found}; multiply what is booked by now.days or by what accrued")
    _check_waits(trial, _runs(trial, still, _WEEKS, _LONGEST_WAIT))


def _runs(trial: Trial, still: Snapshot, weeks: int, later: int = 0) -> tuple[Outcome, Outcome]:
    """So many weeks in steps of days, and of weeks, and some after the exit."""
    by_day = stretched(still, weeks * _DAYS_PER_WEEK, 1, later * _DAYS_PER_WEEK)
    return trial.run(by_day), trial.run(stretched(still, weeks, _DAYS_PER_WEEK, later))


def _check_waits(trial: Trial, runs: tuple[Outcome, Outcome]) -> None:
    """Days to cash are those of the other run, as far as the waits end in both or should."""
    (by_day, asked), (by_week, also) = ((run.days_to_cash, run.day_asked) for run in runs)
    slack = float(_WAITS * _DAYS_PER_WEEK)
    shorter = np.minimum(by_day, by_week)
    ends = (asked == also) & (shorter + slack < _LONGEST_WAIT * _DAYS_PER_WEEK)
    bad = ends & (np.maximum(by_day, by_week) > shorter + slack)
    if bad.any():
        path = int(np.argmax(bad))
        one, other = (f"{days:g}" if np.isfinite(days) else "no" for days in (by_day[path], by_week[path]))
        text = f"money is in hand {one} days after the exit in steps of days, {other} days in steps of weeks"
        trial.fail(f"{text}, on path {path}; count waits in now.elapsed_days, not in steps")


def _unlike(trial: Trial, runs: tuple[Outcome, Outcome], before: tuple[Outcome, Outcome] | None = None) -> str:
    """A line whose totals differ by the length of a step; empty if there is none.

    Where shorter runs are given, it is what the lines have grown by since: nothing of what ends by itself within a
    step, such as a contract after a week of losses, or of what changes but once, such as a commission by a schedule.
    """
    last = runs[0].grid.elapsed_days[-1]
    stays = np.all([run.day_asked >= last for run in runs], axis=0)  # a rule waits for a step's end
    daily, weekly = (run.lines for run in runs)
    for line in {**daily}.keys() & {**weekly}.keys() - {Line.FORFEIT}:  # the rest below a minimum is of the last step
        by_day, by_week = np.abs(daily[line]), np.abs(weekly[line])
        both = stays & (by_day > SUM * trial.capital) & (by_week > SUM * trial.capital)
        if before is not None:
            totals = (by_day, by_week)
            earlier = (abs(run.lines.get(line, 0.0)) for run in before)
            by_day, by_week = (abs(now - then) for now, then in zip(totals, earlier, strict=True))
            both &= (by_day > SUM * totals[0]) & (by_week > SUM * totals[1])
        for one, other, which in ((by_day, by_week, "days"), (by_week, by_day, "weeks")):
            bad = both & (one > _FACTOR * other)
            if bad.any():
                path = int(np.argmax(bad))
                times = f"{float(one[path] / other[path]):.3g} times"
                return f"{line!r} of a quarter in steps of {which} is {times} that in other steps on path {path}"
    return ""


def stretched(still: Snapshot, n_exit: int, days: int, later: int = 0) -> Snapshot:
    """The first row of a market, for so many steps of some days to the exit, and after it."""
    n_steps = n_exit + later
    times = still.grid.times[0] + np.arange(n_steps + 1) * np.timedelta64(86_400 * days, "s")
    length = days / float(still.grid.step_days[0])
    rows: dict[Factor, FloatArray] = {}
    for factor, old in still.rows.items():
        first = old[:1] * (length if factor.is_rate else 1.0)
        rows[factor] = frozen(np.repeat(first, n_steps + (factor.kind == "level"), axis=0))
    never = np.zeros((n_steps, still.n_paths), dtype=np.bool_)
    return attrs.evolve(still, grid=TimeGrid(times, n_exit), rows=rows, strikes=dict.fromkeys(still.strikes, never))
