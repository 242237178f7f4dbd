"""Checks that a product uses only the past, and that an event acts when it occurs."""

from collections.abc import Sequence

import numpy as np

from stakingmodels._types import BoolArray, IntArray
from stakingmodels.ledger import Group, Line, Outcome
from stakingmodels.market import Event, Market, TimeGrid
from stakingmodels.products import Product
from stakingmodels.testing.replay import is_cash
from stakingmodels.testing.trial import Numbers, Trial, difference, entered, numbers, until


def check_no_look_ahead(product: Product, market: Market, *, capital: float) -> None:
    """Another future leaves everything up to now the same, bit by bit.

    For several grid times k, levels after k and rates and events from step k on are changed, upwards and downwards:
    the entries of the steps before k and the values up to k must stay.
    """
    trial = Trial.of("no-look-ahead", product, market, capital)
    outcome = trial.run()
    for time in _times(trial.snapshot.grid, 0, trial.snapshot.grid.n_steps - 1):
        past = until(outcome, time)
        for rising in (True, False):
            other = trial.run(trial.snapshot.changed_after(time, rising=rising))
            trial.same(until(other, time), past, f"when the market changes after time {time}")


def check_truncation(product: Product, market: Market, *, capital: float) -> None:
    """A grid that ends earlier gives the same results up to its end: nothing depends on the last row.

    Where the grid ends before the exit, its last step holds the exit and is left out.
    """
    trial = Trial.of("truncation", product, market, capital)
    outcome = trial.run()
    grid = trial.snapshot.grid
    for time in _times(grid, 1, grid.n_steps - 1):
        last = time if time >= grid.exit else time - 1
        trial.same(
            until(trial.run(trial.snapshot.cut(time)), last),
            until(outcome, last),
            f"when the grid ends at time {time}",
        )


def check_event_timing(product: Product, market: Market, *, capital: float) -> None:
    """An event in step k changes nothing before the interval k closes, nothing on other paths, and acts in step k.

    Every event that the product reads occurs on half of the paths in one step, and the run is compared with one in
    which it never occurs. An event without any effect, such as one after everything is sold, passes; one that takes no
    loss may act later, where the product books nothing but losses in its step, as a pause of pay before any is due, or
    a claim for what another failure of the step takes anyway. The event of a failure or halt in the product's terms
    must be among its factors, since it never occurs otherwise.
    """
    trial = Trial.of("event-timing", product, market, capital)
    for failure in getattr(product, "failures", ()):
        if failure.event not in product.factors:
            trial.fail(f"{failure.event} of its failures is not among its factors, so that it never occurs")
    for halt in getattr(product, "halts", ()):
        if halt.event is not None and halt.event not in product.factors:
            trial.fail(f"{halt.event} of its halts is not among its factors, so that it never occurs")
    grid, n = trial.snapshot.grid, trial.snapshot.n_paths
    for event in sorted(trial.snapshot.strikes, key=str):
        never = np.zeros((grid.n_steps, n), dtype=np.bool_)
        quiet = trial.run(trial.snapshot.struck(event, never))
        for step in _times(grid, 0, grid.n_steps - 1):
            mask = never.copy()
            mask[step, ::2] = True
            struck = trial.run(trial.snapshot.struck(event, mask))
            _check_strike(trial, event, mask, struck, quiet)


def _check_strike(trial: Trial, event: Event, mask: BoolArray, struck: Outcome, quiet: Outcome) -> None:
    step = int(np.argmax(mask.any(axis=1)))
    when = f"when {event} strikes in step {step}"
    trial.same(until(struck, step), until(quiet, step), when)
    spared = np.nonzero(~mask[step])[0]
    trial.same(_some(numbers(struck), spared), _some(numbers(quiet), spared), f"{when} on other paths")
    for later in range(step, trial.snapshot.grid.n_steps):
        if difference(entered(struck, later, later), entered(quiet, later, later)) is not None:
            paths = np.flatnonzero(mask[step])
            if later > step and not _only_stops_pay(struck, quiet, step, paths, trial.snapshot.numeraire):
                trial.fail(f"{event} in step {step} acts in step {later} only")
            return


def _only_stops_pay(struck: Outcome, quiet: Outcome, step: int, paths: IntArray, money: str) -> bool:
    """Whether an event takes nothing that is held, and finds no pay in its step: what it stops comes later.

    A balance that is forfeited in the end is of what came later; interest on cash is none of the product's pay.
    """
    for entry in quiet.entries or ():
        other = entry.step == step and entry.line is not None and entry.line.group is not Group.LOSS
        if other and not (entry.line is Line.INTEREST and is_cash(entry, money)) and entry.units[paths].any():
            return False
    losses = [line for line in struck.lines if line.group is Group.LOSS and line is not Line.FORFEIT]
    return all(np.array_equal(struck.lines[line], quiet.lines.get(line, 0.0 * quiet.closing)) for line in losses)


def _times(grid: TimeGrid, first: int, last: int) -> Sequence[int]:
    """A few grid times in [first, last]: its ends, around the exit, and in between."""
    chosen = {first, first + 1, grid.exit // 2, grid.exit - 1, grid.exit, grid.exit + 1, (grid.exit + last) // 2, last}
    return sorted(time for time in chosen if first <= time <= last)


def _some(found: Numbers, paths: IntArray) -> Numbers:
    return {name: array[..., paths] for name, array in found.items()}
