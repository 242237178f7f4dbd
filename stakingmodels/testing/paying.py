"""Checks of what a run pays: rewards come from no price, and `run` and `quote` are those of the library."""

from collections.abc import Callable

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.errors import BookError, ConformanceError, StakingModelsError
from stakingmodels.ledger import Group, Line, Outcome
from stakingmodels.market import Factor, Market, Price
from stakingmodels.products import Product
from stakingmodels.series import frozen
from stakingmodels.testing.books import SUM
from stakingmodels.testing.replay import is_cash
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import Trial, fields, numbers

_RISES = 1.5, 2.0  # both upwards, so that what is switched off at low prices runs in both


def check_rewards_in_coins(product: Product, market: Market, *, capital: float) -> None:
    """Rewards in coins of the first step do not follow the price of that step: no price move is booked as a reward.

    The market is run with prices that rise half, and twofold, by the end of the first step. A product that pays in
    coins what it owes in money declares it as an exception.
    """
    trial = Trial.of("rewards-in-coins", product, market, capital)
    quiet = trial.snapshot.quiet()
    less, more = (_first_rewards(trial.run(_risen(quiet, rise)), market.numeraire) for rise in _RISES)
    nothing = np.zeros(market.n_paths)
    for line, asset in {**less, **more}:
        one, other = (each.get((line, asset), nothing) for each in (less, more))
        bad = ~(np.abs(one - other) <= SUM * np.maximum(np.abs(one), np.abs(other)))
        if bad.any():
            path = int(np.argmax(bad))
            rises = f"{float(one[path])!r} where the price rises by half, {float(other[path])!r} where twofold"
            trial.fail(f"{asset} under {line!r} in step 0 on path {path}: {rises}", path, 0)


def _risen(snapshot: Snapshot, rise: float) -> Snapshot:
    """The market whose prices rise by a factor in the first step, and go on from there."""
    rows: dict[Factor, FloatArray] = dict(snapshot.rows)
    for factor, old in snapshot.rows.items():
        if isinstance(factor, Price):
            rows[factor] = frozen(np.concatenate([old[:1], old[:1] * rise, old[2:] * rise]))
    return attrs.evolve(snapshot, rows=rows)


def _first_rewards(outcome: Outcome, numeraire: str) -> dict[tuple[Line, str], FloatArray]:
    """Units of each reward line in each asset but money, in step 0."""
    found: dict[tuple[Line, str], FloatArray] = {}
    for entry in outcome.entries or ():
        if entry.step == 0 and entry.line is not None and entry.line.group is Group.REWARD:
            key = entry.line, entry.asset
            known = found.get(key, np.zeros_like(entry.units))
            found[key] = known if is_cash(entry, numeraire) else known + entry.units
    return found


def check_as_run(product: Product, market: Market, *, capital: float) -> None:
    """The product's own `run` gives what the engine gives for its terms, and `quote` what a run of a flat market does.

    Both are final: a class that replaces them would show a buyer another product than the one that is simulated.
    """
    trial = Trial.of("as-run", product, market, capital)
    made = trial.snapshot.market()
    engine, flat = trial.run(), trial.run(made.frozen_at_open(), keep="totals")
    own = _own(trial, "its own run", lambda: product.run(made, capital=capital, keep="ledger"))
    if own is not None:
        trial.same(numbers(own), numbers(engine), "by its own run, and by the engine")
    quoted = _own(trial, "its quote", lambda: product.quote(made, capital=capital).outcome)
    if quoted is not None:
        trial.same(fields(quoted), fields(flat), "in its quote, and in a flat market")


def _own(trial: Trial, what: str, make: Callable[[], Outcome]) -> Outcome | None:
    """Outcome of the product's own method; None where its books do not close, which checks of the books find.

    The engine has run the same market and capital, so whatever else is refused or raised is a fault.
    """
    try:
        found = trial.attempt(make, what)
    except ConformanceError as error:
        if isinstance(error.__cause__, BookError):
            return None
        raise
    except StakingModelsError as error:
        trial.fail(f"{what} refuses what the engine runs: {error}")
    if not isinstance(found, Outcome):
        trial.fail(f"{what} gives {checks.show(found)}, not an Outcome")
    return found
