"""Waits of stake in the queues in closed form, for products.

Each answer agrees with running the queue itself (`churn`, `deposits`, `withdrawals`) epoch by epoch.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.churn import (
    compute_activation_exit_epoch,
    get_activation_churn_limit,
    get_exit_churn_limit,
)
from stakingmodels.protocols.chains.ethereum.deposits import activation
from stakingmodels.protocols.chains.ethereum.rulesets import GWEI_PER_ETH, Ruleset, as_ruleset
from stakingmodels.protocols.chains.ethereum.withdrawals import sweep_slots
from stakingmodels.protocols.integers import whole

_LIMIT = 2**53
STAKED_ETH = 42_228_608
"""ETH staked on 2026-08-22. Source: etheralpha/validatorqueue-com, commit f6a337c, historical_data.json (upstream
beaconcha.in), staked_amount."""
VALIDATORS = 901_697
"""Number of validators that held it: 46.83 ETH each.

More stake has come with fewer of them since 0x02 credentials may hold 2,048 ETH. Same row, validators.
"""


@attrs.frozen(eq=False)
class ExitWait:
    """The way out of a validator that asks to exit now. Integers and floats, or arrays of them.

    Parameters
    ----------
    exit_epochs
        Epochs until it has no more duties and rewards.
    withdrawable_epochs
        Epochs until its balance can be paid.
    sweep_epochs
        Epochs more until the sweep comes by.
    days
        All of it, in days.
    """

    exit_epochs: Any
    withdrawable_epochs: Any
    sweep_epochs: Any
    days: Any


@attrs.frozen(eq=False)
class ActivationWait:
    """The way in of a deposit made now, in epochs after its own. Integers and floats, or arrays of them.

    Parameters
    ----------
    applied_at_end_of_epoch, activation_eligibility_epoch, activation_epoch
        As for `deposits.Activation`.
    days
        Until `activation_epoch`, in days.
    """

    applied_at_end_of_epoch: Any
    activation_eligibility_epoch: Any
    activation_epoch: Any
    days: Any


def exit_wait(
    total_active_balance: Any,
    queued_ahead: Any,
    effective_balance: Any,
    ruleset: Ruleset,
    *,
    payable_validators: Any = None,
    sweep_share: Any = 0.5,
) -> ExitWait:
    """Wait of an exit behind a queue: the queue, 256 epochs, and the sweep.

    ``exit = 5 + ceil((ahead + own) / churn) - 1`` epochs.

    Parameters
    ----------
    total_active_balance
        Gwei.
    queued_ahead
        Gwei in the exit queue, none of which has left yet.
    effective_balance
        The validator's own, Gwei; or that of several that ask at once, the last of which is answered for.
    payable_validators
        Number of validators that the sweep pays in a round. Default: one for every 46.83 ETH of the total, as on
        2026-08-22 (`VALIDATORS`). One for every 32 ETH is the most there can be.
    sweep_share
        Part of a round left when the balance becomes withdrawable, in [0, 1]; default half, the mean.

    Returns
    -------
    ExitWait

    Raises
    ------
    InputError
        For negative amounts, a total below the own balance, rule sets before Electra.
    """
    as_ruleset("exit_wait", ruleset)
    total = whole("exit_wait: total_active_balance", total_active_balance)
    ahead = whole("exit_wait: queued_ahead", queued_ahead, high=2**60)
    own = whole("exit_wait: effective_balance", effective_balance, 1, 2**60)
    if np.any(own > total):
        checks.refuse("exit_wait: effective_balance", "must not be above total_active_balance", effective_balance)
    churn = get_exit_churn_limit(total, ruleset)
    exits = compute_activation_exit_epoch(0, ruleset) + _ceil(ahead + own, churn) - 1
    withdrawable = exits + ruleset.min_validator_withdrawability_delay
    payable = usual_validators(total) if payable_validators is None else payable_validators
    sweep = _share("exit_wait: sweep_share", sweep_share) * sweep_slots(payable, ruleset) / ruleset.slots_per_epoch
    return ExitWait(exits, withdrawable, sweep, (withdrawable + sweep) / ruleset.epochs_per_day)


def usual_validators(total_active_balance: Any) -> Any:
    """Validators that hold a stake if each has what one had on 2026-08-22, at least 1; the stake in Gwei."""
    # whole ETH first: the product with Gwei would pass int64
    count = total_active_balance // GWEI_PER_ETH * VALIDATORS // STAKED_ETH
    return np.maximum(count, 1) if isinstance(count, np.ndarray) else max(int(count), 1)


def activation_wait(
    total_active_balance: Any,
    queued_ahead: Any,
    deposit: Any,
    ruleset: Ruleset,
    *,
    deposit_size: Any = None,
    finality_lag: int = 1,
) -> ActivationWait:
    """Wait of a deposit for a new validator until its activation, behind a queue of deposits of one size.

    Above a size of a 16th of the churn the churn binds, ``ceil((ahead + own) / churn)`` epochs; below it the count,
    16 deposits an epoch; just above it both in turn, since an epoch that takes 16 carries nothing over.

    Parameters
    ----------
    total_active_balance
        Gwei.
    queued_ahead
        Gwei of deposits ahead, all final; made of deposits of `deposit_size`, rounded up to whole ones.
    deposit
        Gwei, at least 32 ETH: less does not activate. Made in any slot of its epoch but the first.
    deposit_size
        Gwei; default ``ruleset.min_activation_balance``, 32 ETH. [assumption: the protocol's own figure; top-ups and
        compounding validators make others]
    finality_lag
        As for `deposits.process_until_empty`.

    Returns
    -------
    ActivationWait

    Raises
    ------
    InputError
        For deposits below 32 ETH, negative amounts, rule sets before Electra.
    """
    as_ruleset("activation_wait", ruleset)
    least = ruleset.min_activation_balance
    own = whole("activation_wait: deposit", deposit, least, _LIMIT)
    size = whole("activation_wait: deposit_size", least if deposit_size is None else deposit_size, 1, _LIMIT)
    ahead = _ceil(whole("activation_wait: queued_ahead", queued_ahead, high=2**60), size)
    lag = checks.integer("activation_wait: finality_lag", finality_lag, 1, _LIMIT)
    churn = get_activation_churn_limit(total_active_balance, ruleset)
    limit = ruleset.max_pending_deposits_per_epoch
    in_line = _applied(ahead, size, own, churn, limit)
    last_ahead = _applied(np.maximum(ahead - 1, 0), size, size, churn, limit)
    final = lag + 1
    # Until it is final the deposit stops the queue, and no churn is carried over to it.
    not_held_up = (ahead > 0) & (last_ahead >= final)
    applied = np.where(not_held_up, in_line, final + _ceil(own, churn) - 1)
    return _timeline(applied if np.ndim(applied) else int(applied), lag, ruleset)


def _applied(ahead: Any, size: Any, own: Any, churn: Any, limit: int) -> Any:
    """Transitions before the one that takes a deposit, counted from 0, were all final and nothing carried over."""
    # What 15 deposits leave of the churn adds up to a 16th every `turn` epochs. That epoch takes 16, and the carry
    # starts over. Where they leave nothing, nothing is lost, and the turn comes out longer than any queue.
    turn = _ceil(size, np.maximum(churn - (limit - 1) * size, 1))
    rounds, rest = np.divmod(ahead, (limit - 1) * turn + 1)
    return rounds * turn + _ceil(rest * size + own, churn) - 1


def _timeline(applied: Any, finality_lag: int, ruleset: Ruleset) -> ActivationWait:
    first = activation(0, ruleset, finality_lag=finality_lag)
    active = applied + first.activation_epoch
    return ActivationWait(
        applied, applied + first.activation_eligibility_epoch, active, active / ruleset.epochs_per_day
    )


def _ceil(amount: Any, part: Any) -> Any:
    return -(-amount // part)


def _share(where: str, value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.array([checks.fraction(where, each) for each in value.ravel().tolist()]).reshape(value.shape)
    return checks.fraction(where, value)
