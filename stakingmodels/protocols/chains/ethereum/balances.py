"""The rewards and penalties of an epoch, for all validators in one call.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/altair/beacon-chain.md
(process_rewards_and_penalties), specs/phase0/beacon-chain.md (get_total_balance, decrease_balance). Amounts are Gwei.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, IntArray
from stakingmodels.protocols.chains.ethereum.inactivity import SCORE_LIMIT, get_inactivity_penalty
from stakingmodels.protocols.chains.ethereum.rewards import (
    ALL_FLAGS,
    PARTICIPATION_FLAGS,
    TIMELY_TARGET_FLAG_INDEX,
    flag_index_deltas,
)
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, whole

_BLOCK = 16_384
"""Validators worked on at once: their arrays stay in the cache."""


@attrs.frozen
class EpochTotals:
    """The sums over all validators that an epoch's rewards depend on.

    Parameters
    ----------
    total_active_balance
        Effective balance of the validators active in the current epoch, Gwei.
    unslashed_participating_balances
        Of the unslashed validators active in the previous epoch that have the flag: source, target, head, Gwei.
    leak
        Whether finality fails, see `is_in_inactivity_leak`.
    """

    total_active_balance: int = attrs.field(validator=checks.field(checks.integer, 1, INT64_MAX))
    unslashed_participating_balances: tuple[int, int, int]
    leak: bool = attrs.field(default=False, validator=checks.FLAG)

    def __attrs_post_init__(self) -> None:
        """One balance for each flag."""
        where = "EpochTotals.unslashed_participating_balances"
        if len(self.unslashed_participating_balances) != PARTICIPATION_FLAGS:
            checks.refuse(where, "must be three: source, target, head", self.unslashed_participating_balances)
        for balance in self.unslashed_participating_balances:
            checks.integer(where, balance, 0, INT64_MAX)


def get_total_balance(effective_balances: IntArray, ruleset: Ruleset) -> int:
    """The sum of effective balances, at least one increment (so that nothing is divided by zero), Gwei.

    Raises
    ------
    InputError
        Where the sum passes int64.
    """
    balances = whole("get_total_balance: effective_balances", effective_balances)
    largest = int(np.max(balances, initial=0))
    # A plain sum of int64 would wrap silently.
    fits = largest * np.size(balances) <= INT64_MAX
    total = int(np.sum(balances)) if fits else sum(np.ravel(balances).tolist())
    if total > INT64_MAX:
        checks.refuse("get_total_balance: effective_balances", f"their sum must not be above {INT64_MAX}", total)
    return max(total, ruleset.effective_balance_increment)


def decrease_balance(balance: Any, delta: Any) -> Any:
    """A balance less an amount, but not below 0."""
    held = whole("decrease_balance: balance", balance)
    left = np.maximum(held - whole("decrease_balance: delta", delta), 0)
    return left if left.ndim else int(left)


def process_rewards_and_penalties(
    balances: IntArray,
    effective_balances: IntArray,
    participation: Any,
    inactivity_scores: IntArray,
    totals: EpochTotals,
    ruleset: Ruleset,
    *,
    slashed: BoolArray | None = None,
    eligible: BoolArray | None = None,
    out: IntArray | None = None,
) -> IntArray:
    """Balances after the rewards and penalties of an epoch.

    Source, target, head and inactivity in turn, the reward before the penalty, and no balance below 0.

    Parameters
    ----------
    balances, effective_balances
        Gwei, ``(n_validators,)``. No effective balance may be above the total, unless `eligible` tells who has left: of
        those the specification asks nothing.
    participation
        Flags of the previous epoch as bits 1 source, 2 target, 4 head, ``(n_validators,)``, any type of integers.
    inactivity_scores
        After `process_inactivity_updates`, ``(n_validators,)``.
    totals
        Of all validators, whether given here or not.
    slashed
        Validators that count as if they had no flag. None: nobody.
    eligible
        Active in the previous epoch, or slashed and not yet withdrawable; others keep what they have. None: all.
    out
        int64 array for the result; it may be `balances`.

    Returns
    -------
    IntArray
        `out`, or a new array.

    Raises
    ------
    InputError, InputTypeError
        For arrays of other lengths than `balances`, numbers outside their range, or no integers.
    """
    size = np.size(balances)
    paid = _mask("eligible", eligible, size)
    columns = _Columns(
        _column("balances", balances, size, INT64_MAX // 2),
        _effective(effective_balances, paid, size, totals.total_active_balance),
        _column("participation", participation, size, ALL_FLAGS),
        _column("inactivity_scores", inactivity_scores, size, SCORE_LIMIT),
        _mask("slashed", slashed, size),
        paid,
    )
    result = np.empty(size, dtype=np.int64) if out is None else _output(out, size)
    table = _DeltaTable.of(columns.effective_balances, totals, ruleset)
    for first in range(0, size, _BLOCK):
        part = slice(first, first + _BLOCK)
        result[part] = table.applied(columns.part(part), ruleset)
    return result


@attrs.frozen(eq=False)
class _Columns:
    """State of some validators, in columns."""

    balances: IntArray
    effective_balances: IntArray
    participation: IntArray
    scores: IntArray
    slashed: BoolArray | None
    eligible: BoolArray | None

    def part(self, part: slice) -> "_Columns":
        return _Columns(
            self.balances[part],
            self.effective_balances[part],
            self.participation[part],
            self.scores[part],
            None if self.slashed is None else self.slashed[part],
            None if self.eligible is None else self.eligible[part],
        )


@attrs.frozen(eq=False)
class _DeltaTable:
    """Rewards and penalties by effective balance: validators are many, effective balances few.

    `balances` are those that stand in the table, ascending: every whole number of ETH up to the highest, or where there
    are fewer validators than that, theirs. `rewards` and `penalties` are ``(3 flags, n)``; `net` is ``(8
    participations, n)`` put in one row. `deepest` is the largest sum of penalties.
    """

    balances: IntArray
    every_increment: bool
    rewards: IntArray
    penalties: IntArray
    net: IntArray
    deepest: int

    @classmethod
    def of(cls, effective_balances: IntArray, totals: EpochTotals, ruleset: Ruleset) -> "_DeltaTable":
        increment = ruleset.effective_balance_increment
        kinds = int(np.max(effective_balances, initial=0)) // increment + 1
        every = kinds <= effective_balances.size
        balances = np.arange(kinds) * increment if every else np.unique(effective_balances)
        total = totals.total_active_balance
        deltas = [
            flag_index_deltas(balances, index, having, total, leak=totals.leak, ruleset=ruleset)
            for index, having in enumerate(totals.unslashed_participating_balances)
        ]
        rewards, penalties = (np.stack(column) for column in zip(*deltas, strict=True))
        has = (np.arange(ALL_FLAGS + 1) >> np.arange(PARTICIPATION_FLAGS)[:, np.newaxis] & 1)[:, :, np.newaxis] == 1
        net = np.where(has, rewards[:, np.newaxis, :], -penalties[:, np.newaxis, :]).sum(axis=0)
        deepest = int(penalties.sum(axis=0).max(initial=0))
        return cls(balances, every, rewards, penalties, net.ravel(), deepest)

    def applied(self, of: _Columns, ruleset: Ruleset) -> IntArray:
        """New balances."""
        flags = of.participation if of.slashed is None else of.participation * ~of.slashed
        kinds = self._kinds(of.effective_balances, ruleset)
        index = np.multiply(flags, self.balances.size, dtype=np.int64)
        index += kinds
        result: IntArray = self.net.take(index)
        result += of.balances
        scored = np.flatnonzero(of.scores)
        leaking = scored[flags[scored] >> TIMELY_TARGET_FLAG_INDEX & 1 == 0]
        inactivity = get_inactivity_penalty(of.effective_balances[leaking], of.scores[leaking], ruleset)
        result[leaking] -= inactivity
        # Where a balance could run dry on the way, the order of rewards and penalties matters.
        enough = self.deepest + int(np.max(inactivity, initial=0))
        if of.balances.min() < enough:
            low = np.flatnonzero(of.balances < enough)
            all_inactivity = np.zeros_like(of.balances)
            all_inactivity[leaking] = inactivity
            result[low] = self._in_turn(of.balances[low], kinds[low], flags[low], all_inactivity[low])
        return result if of.eligible is None else np.where(of.eligible, result, of.balances)

    def _kinds(self, effective_balances: IntArray, ruleset: Ruleset) -> IntArray:
        """Position of each effective balance in the table."""
        if self.every_increment:
            return effective_balances // ruleset.effective_balance_increment
        return np.searchsorted(self.balances, effective_balances)

    def _in_turn(self, balances: IntArray, kinds: IntArray, flags: IntArray, inactivity: IntArray) -> IntArray:
        for index in range(PARTICIPATION_FLAGS):
            has = flags >> index & 1 == 1
            rewarded = balances + self.rewards[index, kinds] * has
            balances = decrease_balance(rewarded, self.penalties[index, kinds] * ~has)
        left: IntArray = decrease_balance(balances, inactivity)
        return left


def _column(name: str, values: Any, size: int, high: int) -> IntArray:
    where = f"process_rewards_and_penalties: {name}"
    column = np.asarray(values)
    if column.ndim != 1 or column.size != size:
        checks.refuse(where, f"must be an array of shape ({size},), one entry a validator", column)
    # As uint64 a negative number is larger than any limit: one look at a million numbers instead of four.
    if column.dtype == np.int64 and column.size and int(column.view(np.uint64).max()) <= high:
        return column
    return whole(where, column, 0, high)  # type: ignore[return-value]


def _effective(values: Any, paid: BoolArray | None, size: int, total_active_balance: int) -> IntArray:
    """Effective balances; those of exited validators may exceed the total of the active ones."""
    effective = _column("effective_balances", values, size, total_active_balance if paid is None else INT64_MAX // 2)
    if paid is None or int(np.max(effective, initial=0)) <= total_active_balance:
        return effective
    return effective * paid  # what is not paid for must not enlarge the table, nor pass int64 in it


def _mask(name: str, values: BoolArray | None, size: int) -> BoolArray | None:
    if values is None:
        return None
    if not isinstance(values, np.ndarray) or values.dtype != np.bool_ or values.shape != (size,):
        checks.refuse(f"process_rewards_and_penalties: {name}", f"must be a bool array of shape ({size},)", values)
    return values


def _output(out: IntArray, size: int) -> IntArray:
    if not isinstance(out, np.ndarray) or out.dtype != np.int64 or out.shape != (size,) or not out.flags.writeable:
        checks.refuse("process_rewards_and_penalties: out", f"must be a writeable int64 array of shape ({size},)", out)
    return out
