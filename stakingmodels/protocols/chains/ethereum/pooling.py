"""Law of a group's reward over some time, and its variance by the number of validators pooled."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rewards import (
    attestation_reward,
    block_reward,
    get_sync_participant_reward,
)
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset, as_ruleset
from stakingmodels.protocols.chains.ethereum.selection_laws import Binomial, proposals, sync_seats
from stakingmodels.protocols.integers import INT64_MAX

_GWEI = checks.field(checks.integer, 0, INT64_MAX)
_POSITIVE_GWEI = checks.field(checks.integer, 1, INT64_MAX)


@attrs.frozen
class RewardLaw:
    """A reward of which a part is certain and the rest comes by blocks and seats.

    ``certain + per_block * blocks + per_seat * seats + per_last_seat * last_seats``

    Parameters
    ----------
    certain
        Gwei.
    per_block, per_seat, per_last_seat
        Gwei for one block proposed, for one seat held for a whole period, and for one in the last, shorter one.
    blocks, seats, last_seats
        Their laws, independent of one another.
    """

    certain: int = attrs.field(validator=_GWEI)
    per_block: int = attrs.field(validator=_POSITIVE_GWEI)
    blocks: Binomial
    per_seat: int = attrs.field(validator=_POSITIVE_GWEI)
    seats: Binomial
    per_last_seat: int = attrs.field(default=0, validator=_GWEI)
    last_seats: Binomial = attrs.field(default=Binomial(0, 0.0))

    @property
    def mean(self) -> float:
        """Gwei."""
        return self.certain + sum(gwei * law.mean for gwei, law in self._parts())

    @property
    def standard_deviation(self) -> float:
        """Gwei."""
        return float(sum(gwei**2 * law.variance for gwei, law in self._parts()) ** 0.5)

    def _parts(self) -> tuple[tuple[int, Binomial], ...]:
        return (self.per_block, self.blocks), (self.per_seat, self.seats), (self.per_last_seat, self.last_seats)

    @property
    def spread(self) -> float:
        """Standard deviation over mean."""
        return self.standard_deviation / self.mean

    def cdf(self, reward: float) -> float:
        """Probability of a reward of at most that many Gwei."""
        return _Sum(self).cdf(checks.real("RewardLaw.cdf: reward", reward))

    def quantile(self, level: float) -> int:
        """The least reward, in whole Gwei, whose `cdf` reaches a level in (0, 1)."""
        wanted = checks.open_fraction("RewardLaw.quantile: level", level)
        law = _Sum(self)
        low, high = self.certain - 1, law.highest
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if law.cdf(middle) >= wanted else (middle, high)
        return high


class _Sum:
    """The exact distribution of a reward: for each amount that seats pay, the blocks that still fit under it."""

    def __init__(self, law: RewardLaw) -> None:
        self._law = law
        blocks, block_masses = law.blocks.masses()
        seats, seat_masses = law.seats.masses()
        last_seats, last_masses = law.last_seats.masses()
        self._paid = np.add.outer(law.per_seat * seats, law.per_last_seat * last_seats)
        self._paid_masses = np.multiply.outer(seat_masses, last_masses)
        self._least_blocks = int(blocks[0])
        self._block_cdf = np.concatenate([np.zeros(1), np.minimum(np.cumsum(block_masses), 1.0)])
        self.highest = law.certain + law.per_block * int(blocks[-1]) + int(self._paid[-1, -1])

    def cdf(self, reward: float) -> float:
        left = reward - self._law.certain - self._paid
        fitting = np.floor_divide(left, self._law.per_block) - self._least_blocks + 1
        index = np.clip(fitting, 0, self._block_cdf.size - 1).astype(np.int64)
        return float((self._paid_masses * self._block_cdf[index]).sum())


def reward_law(
    validators: int,
    effective_balance: int,
    total_active_balance: int,
    ruleset: Ruleset,
    *,
    days: float = 365.0,
    execution_per_block: int = 0,
) -> RewardLaw:
    """The law of what a group of equal validators is paid when everybody does every duty in time.

    Attestations are certain, blocks binomial, seats of the sync committee Bernoulli for one validator and binomial for
    a group (`selection_laws.sync_seats`). Nothing compounds, and the total is constant.

    Parameters
    ----------
    validators
        Number of validators, at least 1.
    effective_balance
        Of each, Gwei.
    total_active_balance
        Gwei.
    days
        Length of the time, default a year of 365 days, rounded to whole epochs. It begins with a period of the sync
        committee; what is left after whole periods is a shorter one.
    execution_per_block
        Mean tips and MEV of a block, Gwei. Their own spread, which is large, is not in the law.

    Raises
    ------
    InputError
        For a total below the group's balance, days outside (0, 36,500], and the like.
    """
    as_ruleset("reward_law", ruleset)
    where = "reward_law"
    count = checks.integer(f"{where}: validators", validators, 1, 2**32)
    balance = checks.integer(f"{where}: effective_balance", effective_balance, 1, INT64_MAX)
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 1, INT64_MAX)
    execution = checks.integer(f"{where}: execution_per_block", execution_per_block, 0, INT64_MAX)
    epochs = max(round(checks.positive(f"{where}: days", days, 36_500.0) * ruleset.epochs_per_day), 1)
    slots = epochs * ruleset.slots_per_epoch
    periods, rest = divmod(epochs, ruleset.epochs_per_sync_committee_period)
    participant = get_sync_participant_reward(total, ruleset)
    whole_period = ruleset.epochs_per_sync_committee_period * ruleset.slots_per_epoch
    blocks = proposals(balance * count, total, slots)
    return RewardLaw(
        certain=count * epochs * int(attestation_reward(balance, total, ruleset)),
        per_block=block_reward(total, ruleset) + execution,
        blocks=blocks,
        per_seat=participant * whole_period,
        seats=sync_seats(balance, total, periods, ruleset, validators=count),
        per_last_seat=participant * rest * ruleset.slots_per_epoch,
        last_seats=sync_seats(balance, total, min(rest, 1), ruleset, validators=count),
    )


@attrs.frozen
class PoolingBenefit:
    """Benefit of pooling n validators over one alone: the same mean for each, and less variance.

    Parameters
    ----------
    validators
        Number of validators pooled.
    alone, together
        Law of one validator's reward, and of all validators' together.
    """

    validators: int
    alone: RewardLaw
    together: RewardLaw

    @property
    def spread_ratio(self) -> float:
        """Spread (standard deviation over mean) together over alone: about ``1 / sqrt(validators)``."""
        return self.together.spread / self.alone.spread

    def quantiles(self, level: float) -> tuple[int, float]:
        """The reward of one alone, and of each in the pool, that is not exceeded with probability `level`; Gwei."""
        return self.alone.quantile(level), self.together.quantile(level) / self.validators


def pooling_benefit(
    validators: int,
    total_active_balance: int,
    ruleset: Ruleset,
    *,
    effective_balance: int | None = None,
    days: float = 365.0,
    execution_per_block: int = 0,
) -> PoolingBenefit:
    """Reduction of the variance of a period's reward with the number of validators that share it.

    Parameters
    ----------
    validators
        Number of validators pooled.
    effective_balance
        Of each, Gwei; default ``ruleset.min_activation_balance``, 32 ETH.
    total_active_balance, ruleset, days, execution_per_block
        As for `reward_law`.

    Examples
    --------
    >>> from stakingmodels.protocols.chains.ethereum.pooling import pooling_benefit
    >>> from stakingmodels.protocols.chains.ethereum.rulesets import FULU
    >>> benefit = pooling_benefit(100, 35_600_000 * 10**9, FULU)
    >>> round(benefit.alone.spread, 3), round(benefit.together.spread, 3)
    (0.115, 0.011)
    """
    as_ruleset("pooling_benefit", ruleset)
    balance = ruleset.min_activation_balance if effective_balance is None else effective_balance
    count = checks.integer("pooling_benefit: validators", validators, 1, 2**32)
    alone, together = (
        reward_law(n, balance, total_active_balance, ruleset, days=days, execution_per_block=execution_per_block)
        for n in (1, count)
    )
    return PoolingBenefit(count, alone, together)
