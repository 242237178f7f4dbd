"""Checks of single entries: no fee twice, signs, bounds, no overdraft, finite numbers."""

import numpy as np

from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.errors import NumericalError
from stakingmodels.ledger import Entry, Group, Line
from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.testing.books import SUM
from stakingmodels.testing.replay import DEBTS, Replay, Slot
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import Trial, numbers

BOUND = 4.0 * float(np.finfo(np.float64).eps)
"""Slack of an inequality, as a fraction of the sum of the absolute values of its terms."""


def check_booked_once(product: Product, market: Market, *, capital: float) -> None:
    """No fee or cost is booked twice in one step: no two entries with the same line, account and amount.

    An entry that empties the account is left out: the write-off of the second half equals that of the first. A product
    that takes two equal fees under one line on purpose declares it as an exception.
    """
    trial = Trial.of("booked-once", product, market, capital)
    seen: dict[tuple[int, Line, Slot], list[FloatArray]] = {}
    held: dict[Slot, FloatArray] = {}
    for entry in trial.run().entries or ():
        slot = Slot.of(entry)
        held[slot] = held.get(slot, 0.0) + entry.units
        if entry.line is None or entry.line.group not in {Group.FEE, Group.COST}:
            continue
        others = seen.setdefault((entry.step, entry.line, slot), [])
        rests = np.abs(held[slot]) > SUM * np.abs(entry.units)
        for other in others:
            twice = np.nonzero((entry.units == other) & (other != 0.0) & rests)[0]
            if twice.size:
                amount = f"{float(other[twice[0]])!r} {entry.asset} on path {twice[0]}"
                text = f"{entry.line!r} is booked twice in step {entry.step}: {amount}"
                trial.fail(text, int(twice[0]), entry.step)
        others.append(entry.units)


def check_sign(product: Product, market: Market, *, capital: float) -> None:
    """Every entry has the sign of its line: fees, costs and losses are negative, rewards positive.

    Rewards are left out where a rate of the market is below 0.
    """
    trial = Trial.of("sign", product, market, capital)
    outcome = trial.run()
    replay = Replay(outcome, trial.snapshot)
    paying = _paying(trial.snapshot)
    for entry in outcome.entries or ():
        sign = 0 if entry.line is None else entry.line.sign
        if entry.line is not None and entry.line.group is Group.REWARD and entry.step >= 0:
            sign = sign * paying[entry.step]
        slack = SUM * replay.turnover[Slot.of(entry)]
        trial.at_least(f"{_name(entry)} times its sign", sign * entry.units, -slack, entry.step)


def check_commission_bounded(product: Product, market: Market, *, capital: float) -> None:
    """``0 <= -commission <= max(rewards, 0)`` in every step: a commission is part of a reward, and never a gain."""
    trial = Trial.of("commission-bounded", product, market, capital)
    outcome = trial.run()
    replay = Replay(outcome, trial.snapshot)
    taken, rewards = np.zeros(replay.values.shape), np.zeros(replay.values.shape)
    for entry in outcome.entries or ():
        if entry.line is Line.COMMISSION:
            taken[entry.step + 1] -= replay.market_value(entry)
        elif entry.line is not None and entry.line.group is Group.REWARD:
            rewards[entry.step + 1] += np.maximum(replay.market_value(entry), 0.0)
    slack = BOUND * (rewards + np.abs(taken))
    trial.at_least("the commission", taken, -slack)
    trial.at_least("rewards left after the commission", rewards - taken, -slack)


def check_non_negative(product: Product, market: Market, *, capital: float) -> None:
    """No account is overdrawn at a grid time, except in the places ``"debt"`` and ``"owed"``."""
    trial = Trial.of("non-negative", product, market, capital)
    replay = Replay(trial.run(), trial.snapshot)
    for slot, units in replay.held.items():
        if slot.place not in DEBTS:
            trial.at_least(str(slot), units, -SUM * replay.turnover[slot])


def check_finite(product: Product, market: Market, *, capital: float) -> None:
    """Finite input gives finite results.

    Exceptions are the days to cash of unsettled paths, the capital shortfall where the coin's price is 0, and the sums
    in coins of a product without a coin of its own.
    """
    trial = Trial.of("finite", product, market, capital)
    try:
        found = numbers(trial.run())
    except NumericalError:  # of inputs so large that they may overflow
        return
    waiting = ~found["settled"]
    for name, array in found.items():
        wrong = ~np.isfinite(array)
        if name == "days_to_cash":
            wrong &= ~waiting | np.isnan(array)
        elif name == "capital_shortfall":
            wrong &= (found["opening_price"] > 0.0) | np.isnan(array)
        elif name in {"coins_gross", "coins_net"} and product.asset is None:
            continue
        if wrong.any():
            at = tuple(int(i) for i in np.argwhere(wrong)[0])
            trial.fail(f"{name} is {float(array[at])!r} at index {at}")


def _paying(snapshot: Snapshot) -> BoolArray:
    """Whether no rate is below 0, for each step and path: ``(n_steps, n_paths)``."""
    paying = np.ones((snapshot.grid.n_steps, snapshot.n_paths), dtype=np.bool_)
    for factor, rows in snapshot.rows.items():
        if factor.is_rate:
            paying &= rows >= 0.0
    return paying


def _name(entry: Entry) -> str:
    return f"step {entry.step}: {entry.line!r} of {Slot.of(entry)}"
