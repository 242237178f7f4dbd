"""Checks that the books close, and that an outcome follows from its entries and the market."""

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.ledger import Entry, Line, Outcome
from stakingmodels.ledger.account import PAID_OUT, PREPAID
from stakingmodels.market import CashRate, Market, Price
from stakingmodels.products import Product
from stakingmodels.testing.replay import Replay, Slot, is_cash
from stakingmodels.testing.trial import Trial

SUM = 1e-12
"""Rounding allowed in a cancelling sum, as a fraction of the sum of the absolute values of its terms."""
SETTLED = 1e-12  # of the capital: rounding allowed outside the wallet's money


def check_books_close(product: Product, market: Market, *, capital: float) -> None:
    """``closing = opening + sum of lines`` on every path, and so at every grid time.

    The price line is recomputed as the sum of units times price moves, so that it cannot be a plug. Moves, trades and
    transfers neither gain nor lose value, except the discount between two marks.
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
    """Drawdown, settlement, money in hand, dated flows and amounts in coins follow from the entries."""
    trial = Trial.of("summary", product, market, capital)
    outcome = trial.run()
    replay = Replay(outcome, trial.snapshot)
    _check_drawdown(trial, outcome)
    _check_settlement(trial, outcome, replay)
    _check_flows(trial, outcome, replay)
    _check_coins(trial, outcome, replay)


def _check_drawdown(trial: Trial, outcome: Outcome) -> None:
    values = _values(outcome)
    peak = np.maximum(np.maximum.accumulate(values, axis=0), outcome.capital)
    deepest = 1.0 - np.clip((values / peak).min(axis=0), 0.0, 1.0)
    trial.close("the drawdown", outcome.max_drawdown, deepest, np.full(outcome.n_paths, SUM))


def _check_settlement(trial: Trial, outcome: Outcome, replay: Replay) -> None:
    """Settlement is the first time from the day asked on with all value as money in hand.

    Coins without a price count too.
    """
    snapshot, grid = trial.snapshot, trial.snapshot.grid
    outside = np.zeros((grid.n_times, outcome.n_paths))
    for slot, units in replay.held.items():
        if not is_cash(slot, snapshot.numeraire):
            value = snapshot.unit_value(slot.asset, slot.mark)
            held = np.where(np.abs(units) > SUM * replay.turnover[slot], np.abs(units), 0.0)  # roundings left out
            outside += np.where((value == 0.0) & (held > 0.0), np.inf, held * value)
    if not (outcome.day_asked <= grid.elapsed_days[grid.exit]).all():
        trial.fail("the day asked is after the grid's exit")
    out = (outside <= SETTLED * outcome.capital) & (grid.elapsed_days[:, None] >= outcome.day_asked)
    settled = np.asarray(out.any(axis=0))
    time = np.where(settled, np.argmax(out, axis=0), grid.n_steps)
    days = np.where(settled, grid.elapsed_days[time] - outcome.day_asked, np.inf)
    in_hand = _values(outcome)[time, np.arange(outcome.n_paths)]
    found = {"settled": outcome.settled, "days to cash": outcome.days_to_cash, "money in hand": outcome.proceeds}
    trial.same(found, {"settled": settled, "days to cash": days, "money in hand": in_hand}, "by the entries")


def _check_flows(trial: Trial, outcome: Outcome, replay: Replay) -> None:
    """Flows recomputed from the entries: money paid out, without the interest on it, less contributions.

    Holdings not paid out by the end count at their value there.
    """
    snapshot, grid = trial.snapshot, trial.snapshot.grid
    paid, expected = np.zeros((2, grid.n_times, outcome.n_paths))
    for entry in outcome.entries or ():
        if entry.place == PAID_OUT:
            paid[entry.step + 1] += entry.units
        if entry.line is Line.CONTRIBUTION:
            expected[entry.step + 1] -= entry.units
    held = np.cumsum(paid, axis=0)
    expected += paid
    expected[1:] -= held[:-1] * snapshot.rows.get(CashRate(snapshot.numeraire), np.zeros((grid.n_steps, 1)))
    expected[-1] += _values(outcome)[-1] - held[-1]
    if outcome.flows is None:
        trial.fail("a run that kept its ledger has no dated flows")
    found = np.zeros(expected.shape)
    found[outcome.flows.time, outcome.flows.path] = outcome.flows.money
    allowed = 4.0 * SUM * np.broadcast_to(replay.scale[-1], expected.shape)
    trial.close("the dated flows", found, expected, allowed)


def _check_coins(trial: Trial, outcome: Outcome, replay: Replay) -> None:
    """Entries in other assets, converted to the product's coin at current prices; interest on cash is left out.

    Prepaid money counts at the prices of the days on which it was paid. Where the coin's price is 0, money converts to
    0 coins.
    """
    if outcome.asset is None:
        return
    price = trial.snapshot.level(Price(outcome.asset))
    prepaid: dict[Slot, _Prepaid] = {}
    coins: dict[Line, FloatArray] = {}
    scale: dict[Line, FloatArray] = {}
    for entry in outcome.entries or ():
        slot, then = Slot.of(entry), price[entry.step + 1]
        amount = np.divide(replay.market_value(entry), then, out=np.zeros(then.shape), where=then > 0.0)
        moved = np.abs(amount)
        if slot.place == PREPAID:
            account = prepaid.setdefault(slot, _Prepaid(outcome.n_paths))
            amount = account.enter(entry, amount)
            moved = account.turnover  # the average of a last rest has the roundings of all that went through
        on_cash = entry.line is Line.INTEREST and is_cash(entry, outcome.numeraire)
        if entry.line is not None and entry.asset != outcome.asset and not on_cash:
            coins[entry.line] = coins.get(entry.line, 0.0) + amount
            scale[entry.line] = scale.get(entry.line, 0.0) + moved
    nothing = np.zeros(outcome.n_paths)
    for line in {**outcome.coins, **coins}:
        if line is not Line.DISCOUNT:  # a discount may come from a change of a mark, which is no entry
            again, size = coins.get(line, nothing), scale.get(line, nothing)
            trial.close(f"{line!r} in coins", outcome.coins.get(line, nothing), again, SUM * size)


class _Prepaid:
    """Units in a prepaid place, and their coins at the prices of the days on which they were paid."""

    def __init__(self, n_paths: int) -> None:
        self._units, self._coins, self.turnover = np.zeros((3, n_paths))

    def enter(self, entry: Entry, at_market: FloatArray) -> FloatArray:
        """Add an entry, given its coins at the prices of its step; returns the coins that it counts as."""
        average = np.divide(self._coins, self._units, out=np.zeros(at_market.shape), where=self._units > 0.0)
        comes_in = (entry.units > 0.0) & (entry.line is None)
        counted = np.where(comes_in, at_market, entry.units * average)
        self._units, self._coins = self._units + entry.units, self._coins + counted
        self.turnover = self.turnover + np.abs(counted)
        return counted


def _values(outcome: Outcome) -> FloatArray:
    return np.empty((0, 0)) if outcome.values is None else outcome.values
