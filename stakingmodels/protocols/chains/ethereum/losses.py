"""The whole loss of a slashed validator, until what is left of it can be withdrawn."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.balances import decrease_balance
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue, compute_exit_epoch_and_update_churn
from stakingmodels.protocols.chains.ethereum.effective_balance import (
    max_effective_balance_for,
    process_effective_balance_updates,
)
from stakingmodels.protocols.chains.ethereum.issuance import issuance
from stakingmodels.protocols.chains.ethereum.rewards import PARTICIPATION_FLAGS, get_flag_index_deltas
from stakingmodels.protocols.chains.ethereum.rulesets import FULU, Ruleset, as_ruleset
from stakingmodels.protocols.chains.ethereum.slashing import (
    counts_in_correlation_penalty,
    get_correlation_epoch,
    get_correlation_penalty,
    slash_validator,
)
from stakingmodels.protocols.integers import INT64_MAX

_EPOCH = 2**32
"""Epoch of the slashing; any will do, since only differences count."""


@attrs.frozen
class SlashingLoss:
    """Loss of a slashed validator. Amounts in Gwei, losses positive.

    Parameters
    ----------
    initial_penalty
        Taken at once.
    attestation_penalties
        For source and target, in every epoch until it is withdrawable.
    correlation_penalty
        Taken half way, by how much was slashed around the same time.
    forgone_reward
        Expected reward forgone for its duties meanwhile; no part of `total`.
    exit_epochs, withdrawable_epochs
        Epochs from the slashing until it leaves the active set, and until it can be withdrawn.
    """

    initial_penalty: int
    attestation_penalties: int
    correlation_penalty: int
    forgone_reward: float
    exit_epochs: int
    withdrawable_epochs: int

    @property
    def total(self) -> int:
        """Total fall of the balance: the three penalties."""
        return self.initial_penalty + self.attestation_penalties + self.correlation_penalty


def slashing_loss(
    effective_balance: int,
    total_active_balance: int,
    *,
    balance: int | None = None,
    other_slashed: int = 0,
    exit_queue_ahead: int = 0,
    compounding: bool | None = None,
    ruleset: Ruleset = FULU,
) -> SlashingLoss:
    """Loss of one slashed validator, epoch by epoch, in a network that finalises and is otherwise constant.

    Parameters
    ----------
    effective_balance, total_active_balance
        Gwei, when it is slashed; the total includes it and all others slashed, and is twice its balance at least.
    balance
        Gwei; default the effective balance.
    other_slashed
        Effective balance of others slashed in the same epoch, Gwei. They stay in the total throughout.
    exit_queue_ahead
        Effective balance that is in the exit queue already, Gwei. Behind more than about 3.08 M ETH the slashings are
        forgotten before the correlation penalty comes, and it is 0.
    compounding
        Whether credentials are 0x02; default: if the effective balance is above 32 ETH.
    ruleset
        Constants of a fork, Electra or later (the exit queue is by balance).

    Raises
    ------
    InputError
        For amounts outside their range, or a total below what was slashed.

    Examples
    --------
    >>> alone = slashing_loss(32 * 10**9, 35_600_000 * 10**9)
    >>> alone.total / 10**9, round(alone.forgone_reward / 10**9, 3)
    (0.063440532, 0.089)
    """
    as_ruleset("slashing_loss", ruleset)
    where = "slashing_loss"
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 1, INT64_MAX)
    least = ruleset.effective_balance_increment
    eb = checks.integer(f"{where}: effective_balance", effective_balance, least, max(total // 2, least))
    held = checks.integer(f"{where}: balance", eb if balance is None else balance, 0, INT64_MAX // 2)
    others = checks.integer(f"{where}: other_slashed", other_slashed, 0, total - eb)
    ahead = checks.integer(f"{where}: exit_queue_ahead", exit_queue_ahead, 0, 2**53)
    above = eb > ruleset.min_activation_balance
    most = max_effective_balance_for(above if compounding is None else compounding, ruleset)
    queue = compute_exit_epoch_and_update_churn(ChurnQueue(), ahead, _EPOCH, total, ruleset) if ahead else ChurnQueue()
    leaves = compute_exit_epoch_and_update_churn(queue, eb, _EPOCH, total, ruleset).earliest_epoch
    effects = slash_validator(eb, held, _EPOCH, leaves + ruleset.min_validator_withdrawability_delay, ruleset)
    walk = _Walk(held - effects.penalty, eb, most, total - eb, others + eb, leaves, effects.withdrawable_epoch, ruleset)
    attestation, correlation = walk.run()
    epochs = effects.withdrawable_epoch - _EPOCH
    forgone = issuance(total, effective_balance=eb, ruleset=ruleset).per_epoch.total * eb * epochs
    return SlashingLoss(effects.penalty, attestation, correlation, float(forgone), leaves - _EPOCH, epochs)


@attrs.define
class _Walk:
    """A slashed validator on its way to withdrawal, in stretches of epochs with the same penalty."""

    balance: int
    effective_balance: int
    max_effective_balance: int
    rest_of_total: int
    slashed_balance: int
    exit_epoch: int
    withdrawable_epoch: int
    ruleset: Ruleset

    def run(self) -> tuple[int, int]:
        """Sum of the attestation penalties, and the correlation penalty."""
        attestation, correlation, epoch = 0, 0, _EPOCH
        due = get_correlation_epoch(self.withdrawable_epoch, self.ruleset)
        stops = (self.exit_epoch, due, due + 1, self.withdrawable_epoch)
        while epoch < self.withdrawable_epoch:
            total = self.rest_of_total + (self.effective_balance if epoch < self.exit_epoch else 0)
            epochs = min(stop for stop in stops if stop > epoch) - epoch
            path = decrease_balance(self.balance, self._penalty(total) * np.arange(1, epochs + 1))
            taken = min(self._correlation_penalty(total, epoch), int(path[0])) if epoch == due else 0
            after = path - taken
            effective = process_effective_balance_updates(
                after, self.effective_balance, self.max_effective_balance, self.ruleset
            )
            moved = np.flatnonzero(effective != self.effective_balance)
            last = int(moved[0]) if moved.size else epochs - 1
            attestation += self.balance - int(path[last])
            correlation += taken
            self.balance, self.effective_balance = int(after[last]), int(effective[last])
            epoch += last + 1
        return attestation, correlation

    def _penalty(self, total: int) -> int:
        """Penalty of one epoch for an attestation that counts as missed."""
        deltas = (
            get_flag_index_deltas(self.effective_balance, flag, total, total, leak=False, ruleset=self.ruleset)
            for flag in range(PARTICIPATION_FLAGS)
        )
        return sum(int(penalty) for _, penalty in deltas)

    def _correlation_penalty(self, total: int, epoch: int) -> int:
        slashed = self.slashed_balance if counts_in_correlation_penalty(_EPOCH, epoch, self.ruleset) else 0
        return int(get_correlation_penalty(self.effective_balance, slashed, total, self.ruleset))
