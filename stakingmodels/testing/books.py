"""Checks that the books close, and that what an outcome says follows from its entries and the market."""

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.ledger import Line, Outcome
from stakingmodels.market import Market, Price
from stakingmodels.products import Product
from stakingmodels.testing.replay import Replay
from stakingmodels.testing.trial import Trial

SUM = 1e-12
"""Rounding allowed in a cancelling sum, as a fraction of the sum of the absolute values of its terms."""
SETTLED = 1e-12  # of the capital: what may be left outside the wallet's money


def check_books_close(product: Product, market: Market, *, capital: float) -> None:
    """``closing = opening + sum of lines`` on every path, and so at every grid time.

    The price line is worked out once more, as the sum of units times price moves, so that it cannot be a plug. Moves,
    trades and transfers neither make nor lose value, but for the discount between two marks.
    """
    trial = Trial.of("books-close", product, market, capital)
    outcome = trial.run()
    replay = Replay(outcome, trial.snapshot)
    allowed = SUM * replay.scale
    total = sum(outcome.lines.values(), np.full(outcome.n_paths, outcome.capital))
    trial.close("the closing value against capital and lines", outcome.closing, total, allowed[-1])
    nothing = np.zeros(outcome.n_paths)
    price = outcome.lines.get(Line.PRICE, nothing)
    trial.close("the price line", price, replay.lines.get(Line.PRICE, nothing), allowed[-1])
    booked = replay.booked
    if replay.has_marks:
        booked = booked + np.cumsum(replay.unexplained, axis=0)
    else:
        trial.close("value made by moves and trades", replay.unexplained, np.zeros(booked.shape), allowed)
    trial.close("the value against what is booked so far", _values(outcome), booked, allowed)


def check_replay(product: Product, market: Market, *, capital: float) -> None:
    """Entries alone, valued at the market's own prices, give the values, lines and units of the outcome.

    So every change of units is an entry, and the money of a line is the sum of its units times their prices.
    """
    trial = Trial.of("replay", product, market, capital)
    outcome = trial.run()
    replay = Replay(outcome, trial.snapshot)
    allowed = SUM * replay.scale
    trial.close("the value", _values(outcome), replay.values, allowed)
    trial.close("the closing value", outcome.closing, replay.values[-1], allowed[-1])
    nothing = np.zeros(outcome.n_paths)
    for line in {**outcome.lines, **replay.lines}:
        money, again = outcome.lines.get(line, nothing), replay.lines.get(line, nothing)
        trial.close(f"money under {line!r}", money, again, allowed[-1])
    for line, asset in {**outcome.native, **replay.native}:
        units, again = (each.get((line, asset), nothing) for each in (outcome.native, replay.native))
        turned = sum((t for slot, t in replay.turnover.items() if slot.asset == asset), nothing)
        trial.close(f"{asset} under {line!r}", units, again, SUM * turned)
    for asset, place in {**outcome.units, **replay.units}:
        units, again = (each.get((asset, place), nothing) for each in (outcome.units, replay.units))
        turned = sum((t for s, t in replay.turnover.items() if (s.asset, s.place) == (asset, place)), nothing)
        trial.close(f"{asset} in {place}", units, again, SUM * turned)


def check_summary(product: Product, market: Market, *, capital: float) -> None:
    """Drawdown, settlement, money in hand, days of contributions and amounts in coins follow from the entries."""
    trial = Trial.of("summary", product, market, capital)
    outcome = trial.run()
    replay = Replay(outcome, trial.snapshot)
    _check_drawdown(trial, outcome)
    _check_settlement(trial, outcome, replay)
    days = trial.snapshot.grid.days
    paid_in = [entry for entry in outcome.record or () if entry.line is Line.CONTRIBUTION]
    weighted = sum((days[e.step + 1] * replay.worth(e) for e in paid_in), np.zeros(outcome.n_paths))
    trial.close("contributions times days", outcome.contribution_days, weighted, SUM * weighted)
    _check_coins(trial, outcome, replay)


def _check_drawdown(trial: Trial, outcome: Outcome) -> None:
    values = _values(outcome)
    peak = np.maximum(np.maximum.accumulate(values, axis=0), outcome.capital)
    deepest = 1.0 - np.clip((values / peak).min(axis=0), 0.0, 1.0)
    trial.close("the drawdown", outcome.drawdown, deepest, np.full(outcome.n_paths, SUM))


def _check_settlement(trial: Trial, outcome: Outcome, replay: Replay) -> None:
    """All is money in a wallet for the first time from the exit on; coins that are worth nothing wait like others."""
    snapshot, grid = trial.snapshot, trial.snapshot.grid
    outside = np.zeros((grid.n_times, outcome.n_paths))
    for slot, units in replay.held.items():
        if (slot.asset, slot.place, slot.mark) != (snapshot.numeraire, "wallet", None):
            value = snapshot.unit_value(slot.asset, slot.mark)
            held = np.where(np.abs(units) > SUM * replay.turnover[slot], np.abs(units), 0.0)  # without the roundings
            outside += np.where((value == 0.0) & (held > 0.0), np.inf, held * value)
    out = outside[grid.exit :] <= SETTLED * outcome.capital
    settled = np.asarray(out.any(axis=0))
    time = np.where(settled, grid.exit + np.argmax(out, axis=0), grid.n_steps)
    days = np.where(settled, grid.days[time] - grid.days[grid.exit], np.inf)
    in_hand = _values(outcome)[time, np.arange(outcome.n_paths)]
    found = {"settled": outcome.settled, "days to cash": outcome.days_to_cash, "money in hand": outcome.returned}
    trial.same(found, {"settled": settled, "days to cash": days, "money in hand": in_hand}, "by the entries")


def _check_coins(trial: Trial, outcome: Outcome, replay: Replay) -> None:
    """What was booked in other assets, in the product's coin at the prices of the moment; interest on cash left out.

    Where the coin is worth nothing, no number of coins is worth the money, and it counts as none.
    """
    price = trial.snapshot.level(Price(outcome.asset))
    coins: dict[Line, FloatArray] = {}
    scale: dict[Line, FloatArray] = {}
    for entry in outcome.record or ():
        on_cash = entry.line is Line.INTEREST and (entry.asset, entry.place) == (outcome.numeraire, "wallet")
        if entry.line is not None and entry.asset != outcome.asset and not on_cash:
            then = price[entry.step + 1]
            amount = np.divide(replay.worth(entry), then, out=np.zeros(then.shape), where=then > 0.0)
            coins[entry.line] = coins.get(entry.line, 0.0) + amount
            scale[entry.line] = scale.get(entry.line, 0.0) + np.abs(amount)
    nothing = np.zeros(outcome.n_paths)
    for line in {**outcome.coins, **coins}:
        if line is not Line.DISCOUNT:  # a discount may come from a mark's move, which is no entry
            again, moved = coins.get(line, nothing), scale.get(line, nothing)
            trial.close(f"{line!r} in coins", outcome.coins.get(line, nothing), again, SUM * moved)


def _values(outcome: Outcome) -> FloatArray:
    return np.empty((0, 0)) if outcome.values is None else outcome.values
