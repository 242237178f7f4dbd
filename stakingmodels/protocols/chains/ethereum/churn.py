"""Churn limits of stake in an epoch, and the two queues that follow: exits and consolidations.

Source of all rules: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689,
specs/electra/beacon-chain.md (EIP-7251), specs/gloas/beacon-chain.md (EIP-8061), and for the limits that count
validators specs/phase0/beacon-chain.md and specs/deneb/beacon-chain.md (EIP-7514). Amounts are Gwei.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, whole

_EPOCHS = 2**53
_GWEI = INT64_MAX


@attrs.frozen
class ChurnQueue:
    """A queue of exits or of consolidations, given by the position of its end.

    Parameters
    ----------
    earliest_epoch
        The epoch that the last in the queue leaves in; the next one leaves then or later. 0: no one ever queued.
    balance_to_consume
        Gwei that may still leave in that epoch.
    """

    earliest_epoch: int = attrs.field(default=0, validator=checks.field(checks.integer, 0, _EPOCHS))
    balance_to_consume: int = attrs.field(default=0, validator=checks.field(checks.integer, 0, _GWEI))


def get_validator_churn_limit(active_validators: Any, ruleset: Ruleset) -> Any:
    """Validators that may exit in an epoch: ``max(4, active // 65536)``; before Electra.

    Parameters
    ----------
    active_validators
        Number of active validators, an integer or an array of them.

    Returns
    -------
    int, or an int64 array

    Raises
    ------
    InputError
        For rule sets that limit balance instead, or a negative number.
    """
    count = whole("get_validator_churn_limit: active_validators", active_validators)
    if ruleset.min_per_epoch_churn_limit_electra is not None:
        checks.refuse("get_validator_churn_limit: ruleset", "must be of a fork before Electra", ruleset.name)
    return _at_least(count // ruleset.churn_limit_quotient, ruleset.min_per_epoch_churn_limit)


def get_validator_activation_churn_limit(active_validators: Any, ruleset: Ruleset) -> Any:
    """Validators that may become active in an epoch: the exit limit, since Deneb 8 at most (EIP-7514)."""
    limit = get_validator_churn_limit(active_validators, ruleset)
    return _at_most(limit, ruleset.max_per_epoch_activation_churn_limit)


def get_balance_churn_limit(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Churn limit of an epoch in Gwei, consolidations included: ``max(128 ETH, total // 65536)``, whole ETH.

    Electra and Fulu; Gloas has three limits that stand side by side instead.

    Parameters
    ----------
    total_active_balance
        Sum of the effective balances of active validators, Gwei, an integer or an array.

    Returns
    -------
    int, or an int64 array

    Raises
    ------
    InputError
        For other rule sets, or negative totals.
    """
    if ruleset.max_per_epoch_activation_exit_churn_limit is None:
        checks.refuse("get_balance_churn_limit: ruleset", "must be electra or fulu", ruleset.name)
    return _churn("get_balance_churn_limit", total_active_balance, ruleset)


def get_activation_exit_churn_limit(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Churn limit of activations and of exits, each, in an epoch in Gwei: the churn, 256 ETH at most.

    Electra and Fulu. Arguments and errors as for `get_balance_churn_limit`.
    """
    churn = get_balance_churn_limit(total_active_balance, ruleset)
    return _at_most(churn, ruleset.max_per_epoch_activation_exit_churn_limit)


def get_activation_churn_limit(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Gwei of deposits that may be applied in an epoch, by the rule set: Electra's shared limit, or Gloas's own.

    Arguments as for `get_balance_churn_limit`; refuses rule sets before Electra.
    """
    if ruleset.max_per_epoch_activation_exit_churn_limit is not None:
        return get_activation_exit_churn_limit(total_active_balance, ruleset)
    churn = _churn("get_activation_churn_limit", total_active_balance, ruleset)
    return _at_most(churn, ruleset.max_per_epoch_activation_churn_limit_gloas)


def get_exit_churn_limit(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Gwei that may exit in an epoch, by the rule set: Electra's shared limit; since Gloas uncapped.

    Arguments as for `get_balance_churn_limit`; refuses rule sets before Electra.
    """
    if ruleset.max_per_epoch_activation_exit_churn_limit is not None:
        return get_activation_exit_churn_limit(total_active_balance, ruleset)
    return _churn("get_exit_churn_limit", total_active_balance, ruleset)


def get_consolidation_churn_limit(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Consolidation limit of an epoch in Gwei: the churn left by activations and exits; since Gloas ``total // 65536``.

    Arguments as for `get_balance_churn_limit`; refuses rule sets before Electra.
    """
    if ruleset.consolidation_churn_limit_quotient is None:
        churn = get_balance_churn_limit(total_active_balance, ruleset)
        return churn - get_activation_exit_churn_limit(total_active_balance, ruleset)
    total = whole("get_consolidation_churn_limit: total_active_balance", total_active_balance)
    return _whole_increments(total // ruleset.consolidation_churn_limit_quotient, ruleset)


def consolidations_enabled(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Whether consolidation requests are looked at: their churn must exceed 32 ETH. A bool, or an array.

    Source: specs/electra/beacon-chain.md, process_consolidation_request.
    """
    return get_consolidation_churn_limit(total_active_balance, ruleset) > ruleset.min_activation_balance


def compute_activation_exit_epoch(epoch: Any, ruleset: Ruleset) -> Any:
    """First epoch in which decisions of this one can take effect: ``epoch + 1 + 4``."""
    return whole("compute_activation_exit_epoch: epoch", epoch, high=_EPOCHS) + 1 + ruleset.max_seed_lookahead


def compute_exit_epoch_and_update_churn(
    queue: ChurnQueue, exit_balance: int, current_epoch: int, total_active_balance: int, ruleset: Ruleset
) -> ChurnQueue:
    """The exit queue after one more exit; its `earliest_epoch` is that exit's epoch.

    An exit takes up effective balance, a partial withdrawal its amount. Order and splitting do not matter: one lump
    takes as long as its parts. The limit is that of the total at the time of the call; what was queued before keeps
    its epoch.

    Parameters
    ----------
    queue
        The queue so far; ``ChurnQueue()`` is an empty one.
    exit_balance, total_active_balance
        Gwei.
    current_epoch
        The epoch of the call.

    Raises
    ------
    InputError
        For rule sets before Electra, or numbers outside their range.
    """
    where = "compute_exit_epoch_and_update_churn"
    balance = checks.integer(f"{where}: exit_balance", exit_balance, 0, _GWEI)
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 0, _GWEI)
    return _join(queue, balance, current_epoch, get_exit_churn_limit(total, ruleset), ruleset)


def compute_consolidation_epoch_and_update_churn(
    queue: ChurnQueue, consolidation_balance: int, current_epoch: int, total_active_balance: int, ruleset: Ruleset
) -> ChurnQueue:
    """The consolidation queue after one more source; its `earliest_epoch` is the epoch that source exits in.

    Parameters and errors as for `compute_exit_epoch_and_update_churn`; refused too where the limit is 0 (the protocol
    never comes here then, see `consolidations_enabled`).
    """
    where = "compute_consolidation_epoch_and_update_churn"
    balance = checks.integer(f"{where}: consolidation_balance", consolidation_balance, 0, _GWEI)
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 0, _GWEI)
    churn = get_consolidation_churn_limit(total, ruleset)
    if churn == 0:
        checks.refuse(f"{where}: total_active_balance", "must leave churn for consolidations", total)
    return _join(queue, balance, current_epoch, churn, ruleset)


def _join(queue: ChurnQueue, balance: int, current_epoch: int, per_epoch_churn: int, ruleset: Ruleset) -> ChurnQueue:
    earliest = max(queue.earliest_epoch, compute_activation_exit_epoch(current_epoch, ruleset))
    left = per_epoch_churn if queue.earliest_epoch < earliest else queue.balance_to_consume
    additional_epochs = max(-((left - balance) // per_epoch_churn), 0)
    return ChurnQueue(earliest + additional_epochs, left + additional_epochs * per_epoch_churn - balance)


def _churn(where: str, total_active_balance: Any, ruleset: Ruleset) -> Any:
    total = whole(f"{where}: total_active_balance", total_active_balance)
    least = ruleset.min_per_epoch_churn_limit_electra
    if least is None:
        checks.refuse(f"{where}: ruleset", "must be of Electra or a later fork", ruleset.name)
    return _whole_increments(_at_least(total // ruleset.churn_limit_quotient, least), ruleset)


def _whole_increments(churn: Any, ruleset: Ruleset) -> Any:
    return churn - churn % ruleset.effective_balance_increment


def _at_least(value: Any, least: int) -> Any:
    return max(value, least) if isinstance(value, int) else np.maximum(value, least)


def _at_most(value: Any, most: int | None) -> Any:
    if most is None:
        return value
    return min(value, most) if isinstance(value, int) else np.minimum(value, most)
