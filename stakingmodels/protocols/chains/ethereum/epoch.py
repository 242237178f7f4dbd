"""The transition at the end of an epoch, exact, for a few validators.

Balances, scores, finality, ejections, correlation penalties and effective balances, in the specification's order. The
queues of deposits, withdrawals and consolidations are elsewhere in this package: validators here are active from the
start, and nothing is paid in or out. What many others do is put in by a few validators that stand for all of them.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/electra/beacon-chain.md
(process_epoch, process_registry_updates), specs/altair/beacon-chain.md, specs/phase0/beacon-chain.md.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, IntArray
from stakingmodels.protocols.chains.ethereum.balances import (
    EpochTotals,
    decrease_balance,
    get_total_balance,
    process_rewards_and_penalties,
)
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue, compute_exit_epoch_and_update_churn
from stakingmodels.protocols.chains.ethereum.effective_balance import process_effective_balance_updates
from stakingmodels.protocols.chains.ethereum.finality import Finality, weigh_justification_and_finalization
from stakingmodels.protocols.chains.ethereum.inactivity import (
    get_finality_delay,
    is_in_inactivity_leak,
    process_inactivity_updates,
)
from stakingmodels.protocols.chains.ethereum.rewards import TIMELY_TARGET_FLAG_INDEX
from stakingmodels.protocols.chains.ethereum.rulesets import FAR_FUTURE_EPOCH, Ruleset, as_epoch
from stakingmodels.protocols.chains.ethereum.slashing import (
    Slashings,
    correlation_penalties,
    slash_validator,
)
from stakingmodels.protocols.integers import INT64_MAX, whole
from stakingmodels.series import Sealed


@attrs.frozen(eq=False)
class Registry(Sealed):
    """Validators, one entry each in every array; made by `Registry.of`. Amounts in Gwei.

    Parameters
    ----------
    balances, effective_balances, max_effective_balances
        The last from `max_effective_balance_for`.
    inactivity_scores
        At least 0.
    slashed
        bool.
    exit_epochs, withdrawable_epochs
        `FAR_FUTURE_EPOCH` where there is none yet, as which the specification's 2**64 - 1 is taken. All are active
        until their exit epoch.
    """

    balances: IntArray
    effective_balances: IntArray
    max_effective_balances: IntArray
    inactivity_scores: IntArray
    slashed: BoolArray
    exit_epochs: IntArray
    withdrawable_epochs: IntArray

    @classmethod
    def of(
        cls,
        balances: Any,
        effective_balances: Any,
        max_effective_balances: Any,
        *,
        inactivity_scores: Any = 0,
        slashed: Any = False,
        exit_epochs: Any = FAR_FUTURE_EPOCH,
        withdrawable_epochs: Any = FAR_FUTURE_EPOCH,
    ) -> "Registry":
        """Validators from arrays or lists, or from single values that hold for all.

        Raises
        ------
        InputError, InputTypeError
            For arrays of other lengths than `balances`, numbers outside their range, or no integers.
        """
        if np.ndim(balances) != 1:
            checks.refuse("Registry.of: balances", "must be a list or array of one number for each validator", balances)
        size = len(balances)
        if np.shape(slashed) not in {(), (size,)}:
            checks.refuse("Registry.of: slashed", f"must be one flag, or one of each of {size} validators", slashed)
        if not np.isin(slashed, (False, True)).all():
            checks.refuse("Registry.of: slashed", "must be True or False", slashed)
        flags = np.broadcast_to(np.asarray(slashed, dtype=np.bool_), (size,)).copy()
        return cls(
            _column("balances", balances, size, INT64_MAX // 2),
            _column("effective_balances", effective_balances, size, INT64_MAX // 2),
            _column("max_effective_balances", max_effective_balances, size, INT64_MAX // 2),
            _column("inactivity_scores", inactivity_scores, size, INT64_MAX),
            flags,
            _column("exit_epochs", as_epoch("Registry.of: exit_epochs", exit_epochs), size, FAR_FUTURE_EPOCH),
            _column(
                "withdrawable_epochs",
                as_epoch("Registry.of: withdrawable_epochs", withdrawable_epochs),
                size,
                FAR_FUTURE_EPOCH,
            ),
        )

    def active(self, epoch: int) -> BoolArray:
        """Validators with duties in an epoch."""
        return epoch < self.exit_epochs

    def eligible(self, previous_epoch: int) -> BoolArray:
        """Validators rewarded or penalised for an epoch: the active, and the slashed until they are withdrawable."""
        return self.active(previous_epoch) | (self.slashed & (previous_epoch + 1 < self.withdrawable_epochs))


@attrs.frozen(eq=False, kw_only=True)
class EpochState(Sealed):
    """Everything that the transition at the end of an epoch looks at.

    Parameters
    ----------
    epoch
        The epoch that is about to end; at least 2 (the first two have rules of their own).
    registry
        The validators.
    previous_participation, current_participation
        Their flags for the previous and for this epoch, as bits, integers ``(n_validators,)``.
    finality
        Justified and finalised epochs.
    exits
        The exit queue.
    slashings
        Amounts slashed in the last 8,192 epochs.
    """

    epoch: int = attrs.field(validator=checks.field(checks.integer, 2, 2**53))
    registry: Registry
    previous_participation: IntArray
    current_participation: IntArray
    finality: Finality
    exits: ChurnQueue
    slashings: Slashings

    def total_active_balance(self, ruleset: Ruleset) -> int:
        """Effective balance of the validators active in this epoch, Gwei."""
        return self._total(self.registry.active(self.epoch), ruleset)

    def unslashed_participating_balance(self, flag_index: int, epoch: int, ruleset: Ruleset) -> int:
        """Effective balance of the unslashed validators with a flag for this or the previous epoch, Gwei."""
        participation = self.current_participation if epoch == self.epoch else self.previous_participation
        has = participation >> flag_index & 1 == 1
        return self._total(self.registry.active(epoch) & ~self.registry.slashed & has, ruleset)

    def totals(self, ruleset: Ruleset) -> EpochTotals:
        """The sums that this epoch's rewards depend on."""
        before = self.epoch - 1
        source, target, head = (self.unslashed_participating_balance(flag, before, ruleset) for flag in range(3))
        delay = get_finality_delay(self.epoch, self.finality.finalized_epoch)
        return EpochTotals(
            self.total_active_balance(ruleset), (source, target, head), is_in_inactivity_leak(delay, ruleset)
        )

    def _total(self, members: BoolArray, ruleset: Ruleset) -> int:
        return get_total_balance(self.registry.effective_balances[members], ruleset)


def process_epoch(state: EpochState, ruleset: Ruleset, *, justify: bool = True) -> EpochState:
    """The state in the next epoch, before anyone has attested in it.

    Parameters
    ----------
    justify
        False leaves `finality` as it is, for a leak or a health that is given.
    """
    if justify:
        state = _justified(state, ruleset)
    totals = state.totals(ruleset)
    state = _with(state, inactivity_scores=_scores(state, totals, ruleset))
    state = _with(state, balances=_rewarded(state, totals, ruleset))
    state = _ejected(state, ruleset)
    state = _with(state, balances=_correlated(state, totals.total_active_balance, ruleset))
    registry = state.registry
    effective = process_effective_balance_updates(
        registry.balances, registry.effective_balances, registry.max_effective_balances, ruleset
    )
    return attrs.evolve(
        _with(state, effective_balances=effective),
        epoch=state.epoch + 1,
        slashings=state.slashings.reset(state.epoch),
        previous_participation=state.current_participation,
        current_participation=np.zeros_like(state.current_participation),
    )


def process_slashing(state: EpochState, index: int, ruleset: Ruleset) -> EpochState:
    """The state after a validator was slashed in this epoch; rewards to proposer and whistleblower are not booked.

    Raises
    ------
    InputError
        For a validator that was slashed already, or is withdrawable.
    """
    where = checks.integer("process_slashing: index", index, 0, state.registry.balances.size - 1)
    if state.registry.slashed[where] or state.registry.withdrawable_epochs[where] <= state.epoch:
        checks.refuse("process_slashing: index", "must be of a validator that can be slashed", where)
    state = _in_exit_queue(state, where, ruleset)
    registry = state.registry
    effects = slash_validator(
        int(registry.effective_balances[where]),
        int(registry.balances[where]),
        state.epoch,
        int(registry.withdrawable_epochs[where]),
        ruleset,
    )
    slashed, balances, withdrawable = (
        each.copy() for each in (registry.slashed, registry.balances, registry.withdrawable_epochs)
    )
    slashed[where] = True
    balances[where] -= effects.penalty
    withdrawable[where] = effects.withdrawable_epoch
    return attrs.evolve(
        _with(state, slashed=slashed, balances=balances, withdrawable_epochs=withdrawable),
        slashings=state.slashings.add(state.epoch, effects.slashed_balance),
    )


def _in_exit_queue(state: EpochState, index: int, ruleset: Ruleset) -> EpochState:
    """The state with a validator in the exit queue (initiate_validator_exit); unchanged if it is there already."""
    registry = state.registry
    if registry.exit_epochs[index] != FAR_FUTURE_EPOCH:
        return state
    leaving, total = int(registry.effective_balances[index]), state.total_active_balance(ruleset)
    exits = compute_exit_epoch_and_update_churn(state.exits, leaving, state.epoch, total, ruleset)
    exit_epochs, withdrawable = registry.exit_epochs.copy(), registry.withdrawable_epochs.copy()
    exit_epochs[index] = exits.earliest_epoch
    withdrawable[index] = exits.earliest_epoch + ruleset.min_validator_withdrawability_delay
    return attrs.evolve(_with(state, exit_epochs=exit_epochs, withdrawable_epochs=withdrawable), exits=exits)


def _with(state: EpochState, **columns: Any) -> EpochState:
    return attrs.evolve(state, registry=attrs.evolve(state.registry, **columns))


def _justified(state: EpochState, ruleset: Ruleset) -> EpochState:
    previous, current = (
        state.unslashed_participating_balance(TIMELY_TARGET_FLAG_INDEX, epoch, ruleset)
        for epoch in (state.epoch - 1, state.epoch)
    )
    total = state.total_active_balance(ruleset)
    finality = weigh_justification_and_finalization(state.finality, state.epoch, total, previous, current)
    return attrs.evolve(state, finality=finality)


def _scores(state: EpochState, totals: EpochTotals, ruleset: Ruleset) -> IntArray:
    registry = state.registry
    hit = (state.previous_participation >> TIMELY_TARGET_FLAG_INDEX & 1 == 1) & ~registry.slashed
    updated = process_inactivity_updates(registry.inactivity_scores, hit, leak=totals.leak, ruleset=ruleset)
    return np.where(registry.eligible(state.epoch - 1), updated, registry.inactivity_scores)


def _rewarded(state: EpochState, totals: EpochTotals, ruleset: Ruleset) -> IntArray:
    registry = state.registry
    return process_rewards_and_penalties(
        registry.balances,
        registry.effective_balances,
        state.previous_participation,
        registry.inactivity_scores,
        totals,
        ruleset,
        slashed=registry.slashed,
        eligible=registry.eligible(state.epoch - 1),
    )


def _ejected(state: EpochState, ruleset: Ruleset) -> EpochState:
    registry = state.registry
    poor = registry.active(state.epoch) & (registry.effective_balances <= ruleset.ejection_balance)
    for index in np.flatnonzero(poor & (registry.exit_epochs == FAR_FUTURE_EPOCH)).tolist():
        state = _in_exit_queue(state, index, ruleset)
    return state


def _correlated(state: EpochState, total_active_balance: int, ruleset: Ruleset) -> IntArray:
    registry = state.registry
    half = ruleset.epochs_per_slashings_vector // 2
    due = np.flatnonzero(registry.slashed & (registry.withdrawable_epochs == state.epoch + half))
    if not due.size:
        return registry.balances
    penalty = correlation_penalties(
        registry.effective_balances[due], state.slashings.total(), total_active_balance, ruleset
    )
    balances = registry.balances.copy()
    balances[due] = decrease_balance(balances[due], penalty)
    return balances


def _column(name: str, values: Any, size: int, high: int) -> IntArray:
    where = f"Registry.of: {name}"
    column = np.asarray(whole(where, values, 0, high))
    if column.ndim and column.shape != (size,):
        checks.refuse(where, f"must have one entry for each of {size} validators", values)
    return np.broadcast_to(column, (size,)).copy()
