"""Expected daily amounts of a validator: closed forms for models with daily steps.

Floats, in ETH. Everything is made of the exact rules of one epoch; what is left out is said, and how far that takes a
result from the epoch-by-epoch truth of `life` and `epoch`.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.protocols.chains.ethereum.rewards import (
    PARTICIPATION_FLAGS,
    block_reward,
    get_flag_index_deltas,
    get_sync_participant_reward,
)
from stakingmodels.protocols.chains.ethereum.rulesets import FULU, GWEI_PER_ETH, Ruleset, as_ruleset
from stakingmodels.protocols.integers import INT64_MAX

_EPOCHS = 1e9


@attrs.frozen
class DailyReward:
    """ETH a day, by duty.

    Parameters
    ----------
    attester, proposer, sync
        The parts; the last two are expectations of random duties.
    """

    attester: float
    proposer: float
    sync: float

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return self.attester + self.proposer + self.sync


def daily_reward(
    effective_balance: int, total_active_balance: int, *, participation: float = 1.0, ruleset: Ruleset = FULU
) -> DailyReward:
    """Expected reward of a validator that is online all day.

    Exact in expectation while the effective balance is constant. Where it compounds, with one look at the effective
    balance a day, a year's attester's reward is within 2e-4 of the epoch-by-epoch truth.

    Parameters
    ----------
    effective_balance, total_active_balance
        Gwei.
    participation
        Share of the stake that attests in time and votes in the sync committee. It scales the attester's reward and
        the proposer's; blocks that are missing altogether are not modelled.
    ruleset
        Constants of a fork.

    Raises
    ------
    InputError
        For a total below the effective balance, and shares outside [0, 1].

    Examples
    --------
    >>> day = daily_reward(32 * 10**9, 35_600_000 * 10**9)
    >>> f"{day.total:.6f} ETH, {day.total * 365 / 32:.4%} a year of 365 days"
    '0.002441 ETH, 2.7840% a year of 365 days'
    """
    as_ruleset("daily_reward", ruleset)
    where = "daily_reward"
    increment = ruleset.effective_balance_increment
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, increment, INT64_MAX)
    own = checks.integer(f"{where}: effective_balance", effective_balance, 0, total)
    having = round(checks.fraction(f"{where}: participation", participation) * (total // increment)) * increment
    attester = sum(
        int(get_flag_index_deltas(own, flag, having, total, leak=False, ruleset=ruleset)[0])
        for flag in range(PARTICIPATION_FLAGS)
    )
    slots = ruleset.epochs_per_day * ruleset.slots_per_epoch
    seats = ruleset.sync_committee_size * own / total
    return DailyReward(
        attester=attester * ruleset.epochs_per_day / GWEI_PER_ETH,
        proposer=block_reward(total, ruleset, having) * slots * own / total / GWEI_PER_ETH,
        sync=int(get_sync_participant_reward(total, ruleset)) * slots * seats / GWEI_PER_ETH,
    )


def proposer_share(ruleset: Ruleset = FULU) -> float:
    """Share of the consensus reward that comes with proposals of blocks: 8/64."""
    return ruleset.proposer_weight / ruleset.weight_denominator


def downtime_penalty_share(ruleset: Ruleset = FULU) -> float:
    """Penalty of an offline validator, as a share of the whole consensus reward that it misses: 42/64.

    The weights of source, target and the sync committee. A missed head vote and a missed proposal cost no fine. It is
    `daily_downtime_penalty` over `daily_reward`, but for the rounding of a few Gwei.
    """
    fined = ruleset.timely_source_weight + ruleset.timely_target_weight + ruleset.sync_reward_weight
    return fined / ruleset.weight_denominator


def daily_downtime_penalty(effective_balance: int, total_active_balance: int, *, ruleset: Ruleset = FULU) -> float:
    """Expected penalty of a validator that is offline all day, ETH, positive; while finality holds.

    Source and target in every epoch, and the votes of a seat in the sync committee if it has one. It forgoes
    `daily_reward` besides. Being offline is not slashed.

    Parameters
    ----------
    effective_balance, total_active_balance, ruleset
        As for `daily_reward`.
    """
    as_ruleset("daily_downtime_penalty", ruleset)
    where = "daily_downtime_penalty"
    increment = ruleset.effective_balance_increment
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, increment, INT64_MAX)
    own = checks.integer(f"{where}: effective_balance", effective_balance, 0, total)
    missed = sum(
        int(get_flag_index_deltas(own, flag, total, total, leak=False, ruleset=ruleset)[1])
        for flag in range(PARTICIPATION_FLAGS)
    )
    absent = daily_reward(own, total, ruleset=ruleset).sync
    return missed * ruleset.epochs_per_day / GWEI_PER_ETH + absent


def leak_balance(balance: Any, epochs: Any, *, ruleset: Ruleset = FULU) -> Any:
    """Balance left after being offline from the start of an inactivity leak: ``b * exp(-n**2 / 2**25)``.

    The score grows by 4 an epoch, so that the penalty grows in proportion to time. Attestation penalties (0.02 % of
    the balance in 1,000 epochs at 35.6 M ETH) and the steps of the effective balance are left out: within 1.5 % of
    the truth until the validator is ejected, about 4,700 epochs in for 32 ETH; 31.07 after 1,000, 19.5 after 4,096.

    Parameters
    ----------
    balance
        ETH, number or array.
    epochs
        Epochs of leak (the first four without finality are not), number or array, at least 0.
    ruleset
        Constants of a fork.
    """
    held = _real("leak_balance: balance", balance, checks.CAPITAL_LIMIT)
    n = _real("leak_balance: epochs", epochs, _EPOCHS)
    # score n * bias over quotient bias * q: the bias cancels, and the sum over n epochs gives n**2 / 2.
    left = held * np.exp(-(n**2) / (2.0 * ruleset.inactivity_penalty_quotient))
    return left if np.ndim(left) else float(left)


def compounding_effective_balance(balance: Any, start: Any, *, ruleset: Ruleset = FULU) -> Any:
    """The effective balance of compounding (0x02) credentials whose balance has grown to this without a fall, ETH.

    It lags: it rises, by 1 ETH, when the balance is more than 1.25 ETH above; between 0.25 and 1.25 ETH earn nothing,
    0.75 on average. Exact wherever no epoch brings more than 0.75 ETH.

    Parameters
    ----------
    balance
        ETH, number or array.
    start
        Effective balance at the start, ETH; the answer is never below it.
    ruleset
        Constants of a fork.
    """
    held = _real("compounding_effective_balance: balance", balance, checks.CAPITAL_LIMIT)
    first = _real("compounding_effective_balance: start", start, checks.CAPITAL_LIMIT)
    lag = ruleset.hysteresis_upward_multiplier / ruleset.hysteresis_quotient
    most = ruleset.max_effective_balance_electra / ruleset.effective_balance_increment
    effective = np.minimum(np.maximum(np.ceil(held - lag), first), most)
    return effective if np.ndim(effective) else float(effective)


def _real(where: str, value: Any, most: float) -> "float | FloatArray":
    if not isinstance(value, np.ndarray):
        return checks.non_negative(where, value, most)
    numbers = value.astype(np.float64)
    outside = ~((numbers >= 0.0) & (numbers <= most))
    if outside.any():
        checks.refuse(where, f"must be in [0, {most:g}] everywhere", float(numbers[outside][0]))
    return numbers
