"""Slashing: what signing two conflicting messages costs. Being offline is never slashed.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/electra/beacon-chain.md
(slash_validator, process_slashings; EIP-7251), specs/phase0/beacon-chain.md (process_slashings before Electra,
process_slashings_reset), specs/altair/beacon-chain.md (the proposer's part). Amounts are Gwei.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, IntArray, whole
from stakingmodels.series import Sealed

_EPOCHS = 2**53


@attrs.frozen
class SlashingEffects:
    """Immediate effects of a slashing.

    Parameters
    ----------
    penalty
        Taken from the validator: a 4096th of its effective balance, or its whole balance if that is less, Gwei.
    proposer_reward, whistleblower_reward
        To the proposer of the including block, and to whoever reported (normally the same, who then gets both), Gwei.
    withdrawable_epoch
        The first epoch in which what is left may be paid out.
    slashed_balance
        Increase of this epoch's slashings, Gwei: the effective balance.
    """

    penalty: int
    proposer_reward: int
    whistleblower_reward: int
    withdrawable_epoch: int
    slashed_balance: int


def slash_validator(
    effective_balance: int, balance: int, epoch: int, withdrawable_epoch: int, ruleset: Ruleset
) -> SlashingEffects:
    """Immediate effects of slashing a validator in an epoch.

    Parameters
    ----------
    effective_balance, balance
        Gwei.
    epoch
        The epoch of the block that includes the proof.
    withdrawable_epoch
        As the exit queue gives it: the exit epoch plus 256. Slashed validators queue up for their exit as all do.
    """
    where = "slash_validator"
    effective = checks.integer(f"{where}: effective_balance", effective_balance, 0, INT64_MAX)
    held = checks.integer(f"{where}: balance", balance, 0, INT64_MAX)
    now = checks.integer(f"{where}: epoch", epoch, 0, _EPOCHS)
    exits = checks.integer(f"{where}: withdrawable_epoch", withdrawable_epoch, 0, _EPOCHS)
    if exits <= now:
        checks.refuse(f"{where}: withdrawable_epoch", f"must be after epoch {now}", exits)
    reward = effective // ruleset.whistleblower_reward_quotient
    proposer_reward = reward * ruleset.proposer_weight // ruleset.weight_denominator
    return SlashingEffects(
        penalty=min(effective // ruleset.min_slashing_penalty_quotient, held),
        proposer_reward=proposer_reward,
        whistleblower_reward=reward - proposer_reward,
        withdrawable_epoch=max(exits, now + ruleset.epochs_per_slashings_vector),
        slashed_balance=effective,
    )


def get_correlation_penalty(
    effective_balance: Any, slashed_balance: Any, total_active_balance: Any, ruleset: Ruleset
) -> Any:
    """Correlation penalty of a slashed validator half way to its withdrawal, by the stake slashed around the same time.

    Since Electra ``min(3 * slashed, total) // (total // 10**9) * (effective // 10**9)``. Before, with each product
    rounded down to whole ETH of penalty, ``effective // 10**9 * min(3 * slashed, total) // total * 10**9``, so that a
    lone validator lost nothing. A third of the stake slashed: all of it is lost. At most the balance can be taken.

    Parameters
    ----------
    effective_balance
        At that time, Gwei; integer or int64 array.
    slashed_balance
        Sum of the slashings still remembered, Gwei.
    total_active_balance
        At that time, Gwei; slashed validators count until they have exited.

    Raises
    ------
    InputError
        For balances outside their range, an effective balance above the total, or products past int64.
    """
    where = "get_correlation_penalty"
    effective = whole(f"{where}: effective_balance", effective_balance)
    total = whole(f"{where}: total_active_balance", total_active_balance, ruleset.effective_balance_increment)
    if np.any(effective > total):
        checks.refuse(f"{where}: effective_balance", "must not be above total_active_balance", effective_balance)
    return correlation_penalties(effective, slashed_balance, total, ruleset)


def correlation_penalties(
    effective_balance: Any, slashed_balance: Any, total_active_balance: Any, ruleset: Ruleset
) -> Any:
    """`get_correlation_penalty` also for validators that have left: those may have had more than who is left."""
    where = "get_correlation_penalty"
    increment, multiplier = ruleset.effective_balance_increment, ruleset.proportional_slashing_multiplier
    effective = whole(f"{where}: effective_balance", effective_balance)
    slashed = whole(f"{where}: slashed_balance", slashed_balance, 0, INT64_MAX // multiplier)
    total = whole(f"{where}: total_active_balance", total_active_balance, increment)
    adjusted = np.minimum(slashed * multiplier, total)
    adjusted = adjusted if adjusted.ndim else int(adjusted)
    increments = effective // increment
    if ruleset.correlation_penalty_per_increment:
        return adjusted // (total // increment) * increments
    most = int(np.max(increments, initial=0)) * int(np.max(adjusted, initial=0))
    if most > INT64_MAX:
        checks.refuse(f"{where}: effective_balance", f"too large: a product passes int64, {INT64_MAX}", most)
    return increments * adjusted // total * increment


def get_correlation_epoch(withdrawable_epoch: Any, ruleset: Ruleset) -> Any:
    """The epoch whose transition takes the correlation penalty: 4,096 before the withdrawable one."""
    half = ruleset.epochs_per_slashings_vector // 2
    return whole("get_correlation_epoch: withdrawable_epoch", withdrawable_epoch, half) - half


def counts_in_correlation_penalty(slashed_epoch: int, epoch: int, ruleset: Ruleset) -> bool:
    """Whether a slashing still counts in the correlation penalties of an epoch.

    Its entry is cleared at the end of the 8,191st epoch after it, after that epoch's penalties. A slashed validator
    that waits for its exit for more than 12,031 epochs (behind about 3.08 M ETH at 256 ETH an epoch) comes to its
    correlation penalty when its own slashing, and those of the same event, are forgotten.

    Raises
    ------
    InputError
        Where the epoch lies before the slashing.
    """
    slashed = checks.integer("counts_in_correlation_penalty: slashed_epoch", slashed_epoch, 0, _EPOCHS)
    now = checks.integer("counts_in_correlation_penalty: epoch", epoch, 0, _EPOCHS)
    if now < slashed:
        checks.refuse("counts_in_correlation_penalty: epoch", f"must not be before slashed_epoch {slashed}", now)
    return now < slashed + ruleset.epochs_per_slashings_vector


@attrs.frozen(eq=False)
class Slashings(Sealed):
    """Effective balance slashed in each of the last 8,192 epochs; entries stand at ``epoch % 8192``.

    Parameters
    ----------
    by_epoch
        Gwei, ``(8192,)``.
    """

    by_epoch: IntArray

    @classmethod
    def empty(cls, ruleset: Ruleset) -> "Slashings":
        """No slashing in living memory."""
        return cls(np.zeros(ruleset.epochs_per_slashings_vector, dtype=np.int64))

    def total(self) -> int:
        """All that is remembered, Gwei."""
        return sum(self.by_epoch[self.by_epoch.nonzero()].tolist())

    def add(self, epoch: int, slashed_balance: int) -> "Slashings":
        """With one more slashing in an epoch."""
        now = checks.integer("Slashings.add: epoch", epoch, 0, _EPOCHS)
        amount = checks.integer("Slashings.add: slashed_balance", slashed_balance, 0, INT64_MAX - self.total())
        by_epoch = self.by_epoch.copy()
        by_epoch[now % by_epoch.size] += amount
        return Slashings(by_epoch)

    def reset(self, epoch: int) -> "Slashings":
        """At the end of an epoch: makes room for the next one (process_slashings_reset)."""
        entry = (checks.integer("Slashings.reset: epoch", epoch, 0, _EPOCHS) + 1) % self.by_epoch.size
        if not self.by_epoch[entry]:
            return self
        by_epoch = self.by_epoch.copy()
        by_epoch[entry] = 0
        return Slashings(by_epoch)
