"""Checks of what a run pays: rewards come from no price, and `run` and `quote` are those of the library."""

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.errors import BookError, ConformanceError
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
    engine = numbers(trial.run())
    flat = fields(trial.run(trial.snapshot.market().frozen_at_open()))
    try:
        own = trial.attempt(lambda: product.run(trial.snapshot.market(), capital=capital, keep="ledger"), "its own run")
        quoted = trial.attempt(lambda: product.quote(trial.snapshot.market(), capital=capital).outcome, "its quote")
    except ConformanceError as error:
        if isinstance(error.__cause__, BookError):  # books that do not close are found by checks of the books
            return
        raise
    trial.same(numbers(own), engine, "by its own run, and by the engine")
    found = fields(quoted)  # a quote keeps the totals alone
    trial.same(found, {name: flat[name] for name in found.keys() & flat.keys()}, "in its quote, and in a flat market")
