"""Laws of random selection: number of blocks and sync committee seats of a validator, or of a group.

Chances are in proportion to effective balance, anew in every slot and every period of the sync committee (`selection`
is the rule). So counts are binomial, and no law here has a time of joining in it: longer holding does not raise the
chance of selection, it only means more draws.
"""

import math
from collections.abc import Sequence

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.laws.binomial import binomial_masses
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, IntArray
from stakingmodels.protocols.numbers import number
from stakingmodels.series import frozen

_TRIALS = 2**53
_DEVIATIONS, _EXTRA = 12.0, 40.0
_TIE = 1e-12
_COUNTS = 10_000_000
"""Masses of more counts than this would not fit into memory beside what they are made from."""


@attrs.frozen
class Binomial:
    """Number of successes in independent trials of one probability.

    Parameters
    ----------
    trials
        At least 0.
    probability
        Of a success, in [0, 1].
    """

    trials: int = attrs.field(validator=checks.field(checks.integer, 0, _TRIALS))
    probability: float = attrs.field(validator=checks.FRACTION)

    @property
    def mean(self) -> float:
        """``n * p``."""
        return self.trials * self.probability

    @property
    def variance(self) -> float:
        """``n * p * (1 - p)``."""
        return self.trials * self.probability * (1.0 - self.probability)

    @property
    def standard_deviation(self) -> float:
        """Square root of the variance."""
        return math.sqrt(self.variance)

    def masses(self) -> tuple[IntArray, FloatArray]:
        """Counts and their probabilities, leaving out tails of less than 1e-30 in all.

        They are good to about 1e-12 for millions of trials.

        Raises
        ------
        InputError
            For so many trials that more than 10,000,000 counts matter (a standard deviation of some 400,000).
        """
        if self.probability in (0.0, 1.0) or self.trials == 0:
            return frozen(np.array([round(self.mean)], dtype=np.int64)), frozen(np.ones(1))
        reach = _DEVIATIONS * self.standard_deviation + _EXTRA
        low, high = max(0, math.floor(self.mean - reach)), min(self.trials, math.ceil(self.mean + reach))
        if high - low >= _COUNTS:
            rule = f"must leave at most {_COUNTS} counts that matter; `mean` and `standard_deviation` have no limit"
            checks.refuse("Binomial.trials", rule, self.trials)
        counts, masses = binomial_masses(self.trials, self.probability, low, high)
        return frozen(counts), frozen(masses)

    def cdf(self, count: float) -> float:
        """Probability of at most that many successes."""
        counts, masses = self.masses()
        return float(masses[counts <= checks.real("Binomial.cdf: count", count)].sum())

    def quantile(self, level: float) -> int:
        """The least count whose `cdf` reaches a level in (0, 1); a miss by less than 1e-12 of the level counts too."""
        wanted = checks.open_fraction("Binomial.quantile: level", level) * (1.0 - _TIE)
        counts, masses = self.masses()
        return int(counts[np.searchsorted(np.cumsum(masses), wanted)])


def _shares(where: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, tuple | list):
        checks.refuse_type(where, "must be a tuple of fractions", value)
    shares = tuple(checks.fraction(where, each) for each in value)
    if math.fsum(shares) > 1.0 + _TIE:
        checks.refuse(where, "must not exceed 1 in all", math.fsum(shares))
    return shares


@attrs.frozen
class Multinomial:
    """Multinomial law of trials over the members of a group; each trial goes to one member or to none.

    Parameters
    ----------
    trials
        At least 0.
    shares
        Each member's probability, at most 1 in all; what is missing falls to those outside.
    """

    trials: int = attrs.field(validator=checks.field(checks.integer, 0, _TRIALS))
    shares: tuple[float, ...] = attrs.field(validator=checks.field(_shares))

    @property
    def mean(self) -> FloatArray:
        """``n * p_i``, one for each member."""
        return frozen(self.trials * np.array(self.shares))

    @property
    def covariance(self) -> FloatArray:
        """``n * p_i * (1 - p_i)`` on the diagonal, ``-n * p_i * p_j`` off it: what one is given the others are not."""
        shares = np.array(self.shares)
        return frozen(self.trials * (np.diag(shares) - np.outer(shares, shares)))

    def member(self, index: int) -> Binomial:
        """Law of one member's count."""
        return Binomial(self.trials, self.shares[index])

    def total(self) -> Binomial:
        """Law of the group's total count."""
        return Binomial(self.trials, min(math.fsum(self.shares), 1.0))


def proposals(effective_balance: int, total_active_balance: int, slots: int) -> Binomial:
    """Blocks that a validator, or a group with this balance in all, may propose: ``Binomial(slots, balance / total)``.

    Parameters
    ----------
    effective_balance, total_active_balance
        Gwei. In networks of a few validators the walk favours the large ones a little over this, see `selection`.
    slots
        Slots of the time looked at: 7,200 a day.

    Raises
    ------
    InputError
        For negative amounts, or a total below the balance.
    """
    return Binomial(slots, _share("proposals", effective_balance, total_active_balance))


def proposals_of_members(effective_balances: Sequence[int], total_active_balance: int, slots: int) -> Multinomial:
    """Blocks that each member of a group may propose; arguments as for `proposals`."""
    shares = [_share("proposals_of_members", each, total_active_balance) for each in effective_balances]
    return Multinomial(slots, tuple(shares))


def proposal_draws(stake: FloatArray, total_stake: float, slots: float) -> tuple[float, FloatArray]:
    """Trials and chance of a group's proposals, as `proposals` has them, for models in steps: floats, many paths.

    Parameters
    ----------
    stake, total_stake
        Effective balance of the group and of the whole network, which has it in it, in one unit.
    slots
        Above 0; a part of a slot counts as a chance in proportion.

    Returns
    -------
    tuple
        Whole trials, and the chance in each: their product is ``slots * stake / total_stake``.
    """
    where = "proposal_draws"
    width = checks.positive(f"{where}: slots", slots)
    trials = math.ceil(width)
    total = number(f"{where}: total_stake", total_stake)
    own = number(f"{where}: stake", stake)
    if not np.all((np.asarray(total) > 0.0) & (np.asarray(total) >= own)):
        checks.refuse(f"{where}: total_stake", "must be above 0 and at least the stake", total_stake)
    share = own / total
    return float(trials), share * (width / trials)


def sync_seats(
    effective_balance: int, total_active_balance: int, periods: int, ruleset: Ruleset, *, validators: int = 1
) -> Binomial:
    """Seats in sync committees for validators of one balance.

    A period has 512 seats, of which a validator has one at most. So one validator is in with probability
    ``512 * eb / total`` (Bernoulli, each period anew), and n of them have about ``Binomial(n, 512 * eb / total)``
    seats or, being more than the seats, ``Binomial(512, n * eb / total)``. The law of seats drawn without putting back
    is narrower than either by a factor of about ``1 - n * eb / total`` or ``1 - 512 * eb / total`` in its variance.

    Parameters
    ----------
    effective_balance, total_active_balance
        Gwei, the first of one validator.
    periods
        Periods of 256 epochs.
    validators
        Number of validators of that balance.

    Raises
    ------
    InputError
        For negative amounts; a total below the group's balance; networks so small that one validator could have
        several seats (``512 * eb > total``), where only the exact walk of `selection` tells.
    """
    where = "sync_seats"
    count = checks.integer(f"{where}: validators", validators, 1, _TRIALS)
    rounds = checks.integer(f"{where}: periods", periods, 0, 2**32)
    balance = checks.integer(f"{where}: effective_balance", effective_balance, 0, INT64_MAX)
    share = _share(where, balance * count, total_active_balance)
    seats = ruleset.sync_committee_size
    if seats * balance > total_active_balance:
        checks.refuse(f"{where}: total_active_balance", f"must be at least {seats} times effective_balance", share)
    if count <= seats:
        return Binomial(rounds * count, seats * balance / total_active_balance)
    return Binomial(rounds * seats, share)


def _share(where: str, effective_balance: int, total_active_balance: int) -> float:
    balance = checks.integer(f"{where}: effective_balance", effective_balance, 0, INT64_MAX)
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 1, INT64_MAX)
    if balance > total:
        checks.refuse(f"{where}: total_active_balance", f"must not be below the balance of {balance} Gwei", total)
    return balance / total
