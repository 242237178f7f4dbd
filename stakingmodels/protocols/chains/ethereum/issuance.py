"""Issuance of the protocol in a year, as a rate on the stake, by duty.

All duties done by everybody in time: the most that the protocol pays. Tips and MEV of the execution layer are not
issuance.
"""

from fractions import Fraction

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rewards import (
    attestation_reward,
    block_reward,
    get_sync_participant_reward,
)
from stakingmodels.protocols.chains.ethereum.rulesets import FULU, Ruleset, as_ruleset
from stakingmodels.protocols.integers import INT64_MAX
from stakingmodels.rates import APR

JULIAN_YEAR_DAYS = Fraction(1461, 4)
"""365.25 days, 82,181.25 epochs: the year of most published figures."""
YEAR_DAYS = Fraction(365)
"""The library's year, 82,125 epochs."""
_MS_PER_DAY = 86_400_000


@attrs.frozen
class ByDuty:
    """A rate or an amount by duty, exact.

    Parameters
    ----------
    attester, proposer, sync
        The parts.
    """

    attester: Fraction
    proposer: Fraction
    sync: Fraction

    @property
    def total(self) -> Fraction:
        """The sum of the parts."""
        return self.attester + self.proposer + self.sync

    def times(self, factor: Fraction | int) -> "ByDuty":
        """Each part multiplied."""
        return ByDuty(self.attester * factor, self.proposer * factor, self.sync * factor)

    def apr(self) -> "tuple[APR, APR, APR]":
        """The parts as simple rates, for a split that is one of the library's year: attester, proposer, sync."""
        return APR(float(self.attester)), APR(float(self.proposer)), APR(float(self.sync))


@attrs.frozen
class Issuance:
    """Issuance as a rate on effective balance; made by `issuance`.

    Parameters
    ----------
    total_active_balance
        Gwei.
    per_epoch
        Gwei a Gwei of effective balance and epoch: an attester's reward, and the expectations of the two random duties.
    epochs_per_day
        225 with slots of 12 seconds.
    """

    total_active_balance: int
    per_epoch: ByDuty
    epochs_per_day: Fraction

    @property
    def per_julian_year(self) -> ByDuty:
        """Simple rate of 365.25 days (82,181.25 epochs), without compounding: 2.7859 % at 35.6 M ETH."""
        return self.per_epoch.times(self.epochs_per_day * JULIAN_YEAR_DAYS)

    @property
    def per_year(self) -> ByDuty:
        """Simple rate of the library's 365 days (82,125 epochs), without compounding: 2.7840 % at 35.6 M ETH."""
        return self.per_epoch.times(self.epochs_per_day * YEAR_DAYS)

    def apr(self) -> APR:
        """The whole as the library's rate, of 365 days."""
        return APR(float(self.per_year.total))

    def issued_per_julian_year(self) -> Fraction:
        """New Gwei in 365.25 days on the whole stake."""
        return self.per_julian_year.total * self.total_active_balance


def issuance(total_active_balance: int, *, effective_balance: int | None = None, ruleset: Ruleset = FULU) -> Issuance:
    """The most that the protocol pays on a stake, by duty.

    ``attester = rewards of the three flags / balance`` an epoch, ``proposer = block reward / total`` and ``sync = 512 *
    participant reward / total`` a slot: chances are in proportion to effective balance. About
    ``166.32 / sqrt(total in ETH)`` in 365.25 days, 54 : 8 : 2 of 64 by duty.

    Parameters
    ----------
    total_active_balance
        Sum of the effective balances of active validators, Gwei, at least 32 ETH.
    effective_balance
        Gwei of the validator whose attester's reward is taken; its rounding is the only thing that depends on it.
        Default ``ruleset.min_activation_balance``, 32 ETH.
    ruleset
        Constants of a fork.

    Raises
    ------
    InputError
        For a total below the effective balance or past int64.

    Examples
    --------
    >>> rates = issuance(35_600_000 * 10**9)
    >>> [f"{float(part):.4%}" for part in attrs.astuple(rates.per_julian_year)]
    ['2.3506%', '0.3482%', '0.0871%']
    >>> f"{float(rates.per_julian_year.total):.4%} of 365.25 days, {rates.apr().value:.4%} of 365"
    '2.7859% of 365.25 days, 2.7840% of 365'
    """
    as_ruleset("issuance", ruleset)
    own = ruleset.min_activation_balance if effective_balance is None else effective_balance
    increment = ruleset.effective_balance_increment
    total = checks.integer("issuance: total_active_balance", total_active_balance, increment, INT64_MAX)
    balance = checks.integer("issuance: effective_balance", own, increment, total)
    slots = ruleset.slots_per_epoch
    seats = ruleset.sync_committee_size * get_sync_participant_reward(total, ruleset)
    per_epoch = ByDuty(
        attester=Fraction(int(attestation_reward(balance, total, ruleset)), balance),
        proposer=Fraction(block_reward(total, ruleset) * slots, total),
        sync=Fraction(int(seats) * slots, total),
    )
    return Issuance(total, per_epoch, Fraction(_MS_PER_DAY, slots * ruleset.slot_duration_ms))
