"""The queue of pending deposits: first in, first out, at the pace of the activation churn.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/fulu/beacon-chain.md
(process_pending_deposits) and specs/electra/beacon-chain.md (process_registry_updates). Electra's last deposits from
the bridge of 2020, all applied long ago, are left out. Amounts are Gwei.
"""

from collections.abc import Iterator, Mapping

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.churn import compute_activation_exit_epoch, get_activation_churn_limit
from stakingmodels.protocols.chains.ethereum.rulesets import FAR_FUTURE_EPOCH, Ruleset, as_epoch
from stakingmodels.protocols.integers import INT64_MAX

_LIMIT = 2**53
_DRAIN_EPOCHS = 1_000_000
_WHOLE = checks.field(checks.integer, 0, _LIMIT)
_GWEI = checks.field(checks.integer, 0, INT64_MAX)
_NO_EXITS: Mapping[int, int] = {}


def _tuple(where: str, value: object) -> tuple[object, ...]:
    # What is in it is checked when its turn comes: queues are long, and made anew every epoch.
    if not isinstance(value, tuple | list):
        checks.refuse_type(where, "must be a tuple of PendingDeposit", value)
    return tuple(value)


@attrs.frozen
class PendingDeposit:
    """A deposit that waits.

    Parameters
    ----------
    slot
        The slot of the block that brought it; 0 for a validator's own excess, which is always final.
    amount
        Gwei.
    validator
        Index of the validator that it tops up; None: a new validator.
    """

    slot: int = attrs.field(validator=_WHOLE)
    amount: int = attrs.field(validator=checks.field(checks.integer, 1, INT64_MAX))
    validator: int | None = attrs.field(default=None, validator=checks.field(checks.integer, 0, _LIMIT, optional=True))


@attrs.frozen
class DepositQueue:
    """All deposits that wait, first the oldest, and the churn carried over.

    Parameters
    ----------
    deposits
        In the order in which they will be applied.
    balance_to_consume
        Gwei of churn that earlier epochs left because the first deposit did not fit.
    """

    deposits: tuple[PendingDeposit, ...] = attrs.field(default=(), validator=checks.field(_tuple))
    balance_to_consume: int = attrs.field(default=0, validator=_GWEI)


@attrs.frozen
class AppliedDeposits:
    """Result of an epoch's transition: the epoch, the deposits applied, and the queue afterwards."""

    epoch: int
    applied: tuple[PendingDeposit, ...]
    queue: DepositQueue


@attrs.frozen
class Activation:
    """The way of a new validator, in epochs counted as the deposit's own is.

    Parameters
    ----------
    applied_at_end_of_epoch
        The epoch whose last transition takes the deposit from the queue.
    activation_eligibility_epoch
        The epoch that must be final before the validator is given its activation epoch.
    activation_epoch
        The first epoch of duties and rewards.
    """

    applied_at_end_of_epoch: int
    activation_eligibility_epoch: int
    activation_epoch: int


def process_pending_deposits(
    queue: DepositQueue,
    current_epoch: int,
    finalized_epoch: int,
    total_active_balance: int,
    ruleset: Ruleset,
    withdrawable_epochs: Mapping[int, int] = _NO_EXITS,
) -> AppliedDeposits:
    """Apply the deposits that are due at the end of an epoch.

    Deposits are taken from the head until one is not final (its slot is after the first slot of the finalised epoch),
    16 are taken, or one does not fit into ``carry + get_activation_churn_limit``. Only in the last case is what is
    left carried over. Top-ups of a validator that exits go to the end of the queue; once it is withdrawable they are
    credited and take up no churn.

    Parameters
    ----------
    queue
        The queue before.
    current_epoch, finalized_epoch
        The epoch that ends, and the one that is final by then.
    total_active_balance
        Gwei.
    withdrawable_epochs
        For each validator that is exiting or has exited, the epoch it is withdrawable in; `FAR_FUTURE_EPOCH`, or none,
        for others.

    Raises
    ------
    InputError
        For a finalised epoch after the current one, rule sets before Electra, or numbers outside their range.
    """
    where = "process_pending_deposits"
    epoch = checks.integer(f"{where}: current_epoch", current_epoch, 0, _LIMIT)
    if checks.integer(f"{where}: finalized_epoch", finalized_epoch, 0, _LIMIT) > epoch:
        checks.refuse(f"{where}: finalized_epoch", f"must not be after current_epoch, {epoch}", finalized_epoch)
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 0, INT64_MAX)
    available = queue.balance_to_consume + get_activation_churn_limit(total, ruleset)
    finalized_slot = finalized_epoch * ruleset.slots_per_epoch
    applied: list[PendingDeposit] = []
    postponed: list[PendingDeposit] = []
    carried = 0
    for deposit in queue.deposits[: ruleset.max_pending_deposits_per_epoch]:
        checks.instance(f"{where}: deposits", deposit, PendingDeposit, "PendingDeposit(slot=..., amount=...)")
        if deposit.slot > finalized_slot:
            break
        withdrawable = _withdrawable(deposit, withdrawable_epochs)
        if withdrawable is None:
            if deposit.amount > available:
                carried = available
                break
            available -= deposit.amount
            applied.append(deposit)
        elif withdrawable <= epoch:
            applied.append(deposit)
        else:
            postponed.append(deposit)
    taken = len(applied) + len(postponed)
    return AppliedDeposits(epoch, tuple(applied), DepositQueue((*queue.deposits[taken:], *postponed), carried))


def _withdrawable(deposit: PendingDeposit, withdrawable_epochs: Mapping[int, int]) -> int | None:
    """The epoch in which the validator topped up is withdrawable; None for a new one, and for one that stays."""
    found = None if deposit.validator is None else withdrawable_epochs.get(deposit.validator)
    if found is None:
        return None
    epoch = int(as_epoch("process_pending_deposits: withdrawable_epochs", found))
    return None if epoch == FAR_FUTURE_EPOCH else epoch


def process_until_empty(
    queue: DepositQueue, first_epoch: int, total_active_balance: int, ruleset: Ruleset, *, finality_lag: int = 1
) -> Iterator[AppliedDeposits]:
    """Apply the queue epoch by epoch until it is empty, without new deposits and with a constant total.

    Parameters
    ----------
    queue
        The queue before the transition at the end of `first_epoch`.
    total_active_balance
        Gwei.
    finality_lag
        At the end of epoch e, epoch ``e - finality_lag`` is final; 1 is the least there is.

    Yields
    ------
    AppliedDeposits
        One for each epoch, from `first_epoch` on.

    Raises
    ------
    InputError
        Where it would take more than 1,000,000 epochs, twelve years: for a slot far ahead, or amounts that are no Gwei.
    """
    lag = checks.integer("process_until_empty: finality_lag", finality_lag, 1, _LIMIT)
    epoch = checks.integer("process_until_empty: first_epoch", first_epoch, 0, _LIMIT)
    _refuse_endless_queues(queue, epoch, lag, total_active_balance, ruleset)
    while queue.deposits:
        step = process_pending_deposits(queue, epoch, max(epoch - lag, 0), total_active_balance, ruleset)
        yield step
        queue, epoch = step.queue, epoch + 1


def _refuse_endless_queues(
    queue: DepositQueue, first_epoch: int, lag: int, total_active_balance: int, ruleset: Ruleset
) -> None:
    where = "process_pending_deposits: deposits"
    for deposit in queue.deposits:
        checks.instance(where, deposit, PendingDeposit, "PendingDeposit(slot=..., amount=...)")
    latest = max((deposit.slot for deposit in queue.deposits), default=0)
    if latest // ruleset.slots_per_epoch + lag - first_epoch > _DRAIN_EPOCHS:
        rule = f"must hold slots that are final within {_DRAIN_EPOCHS} epochs of first_epoch {first_epoch}"
        checks.refuse("process_until_empty: queue", rule, latest)
    amount = sum(deposit.amount for deposit in queue.deposits)
    if amount // get_activation_churn_limit(total_active_balance, ruleset) > _DRAIN_EPOCHS:
        rule = f"must hold so few Gwei that they fit into the churn of {_DRAIN_EPOCHS} epochs"
        checks.refuse("process_until_empty: queue", rule, amount)


def activation(applied_at_end_of_epoch: int, ruleset: Ruleset, *, finality_lag: int = 1) -> Activation:
    """Activation of a validator of at least 32 ETH, after its deposit was applied.

    The next transition sees the new validator and makes it eligible from the epoch after; once that epoch is final,
    the transition gives it the first epoch that is still open. Eight epochs after `applied_at_end_of_epoch` where
    finality keeps up.

    Parameters
    ----------
    applied_at_end_of_epoch
        See `Activation`.
    finality_lag
        As for `process_until_empty`.
    """
    lag = checks.integer("activation: finality_lag", finality_lag, 1, _LIMIT)
    applied = checks.integer("activation: applied_at_end_of_epoch", applied_at_end_of_epoch, 0, _LIMIT)
    eligibility = applied + 2
    return Activation(applied, eligibility, compute_activation_exit_epoch(eligibility + lag, ruleset))
