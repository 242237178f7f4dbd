"""Parts of the beacon state for the queues of withdrawals and consolidations, as frozen values.

Names are those of the specification's containers `Validator` and `BeaconState`; what no queue reads is left out, and
the total active balance is given, since few validators of interest stand for a million others. Amounts are Gwei.
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue
from stakingmodels.protocols.chains.ethereum.deposits import DepositQueue
from stakingmodels.protocols.chains.ethereum.effective_balance import max_effective_balance_for
from stakingmodels.protocols.chains.ethereum.rulesets import FAR_FUTURE_EPOCH, Ruleset, as_epoch
from stakingmodels.protocols.integers import INT64_MAX

ETH1_ADDRESS_WITHDRAWAL_PREFIX = 0x01
COMPOUNDING_WITHDRAWAL_PREFIX = 0x02

_LIMIT = 2**53
_WHOLE = checks.field(checks.integer, 0, _LIMIT)
_EPOCH = checks.field(as_epoch)
_GWEI = checks.field(checks.integer, 0, INT64_MAX)


def _tuple_of(where: str, value: object, kind: type) -> tuple[object, ...]:
    if not isinstance(value, tuple | list):
        checks.refuse_type(where, f"must be a tuple of {kind.__name__}", value)
    return tuple(checks.instance(where, each, kind, f"{kind.__name__}(...)") for each in value)


@attrs.frozen
class Validator:
    """One validator.

    Parameters
    ----------
    effective_balance, balance
        Gwei.
    withdrawal_prefix
        First byte of the withdrawal credentials: 0x01 pays out what exceeds 32 ETH, 0x02 compounds to 2,048 ETH, any
        other cannot withdraw.
    activation_epoch, exit_epoch, withdrawable_epoch
        Epochs; `FAR_FUTURE_EPOCH` where there is none yet, as which the specification's 2**64 - 1 is taken.
    slashed
        Whether it was slashed.
    """

    effective_balance: int = attrs.field(validator=_GWEI)
    balance: int = attrs.field(validator=_GWEI)
    withdrawal_prefix: int = attrs.field(validator=checks.field(checks.integer, 0, 255))
    activation_epoch: int = attrs.field(default=0, validator=_EPOCH)
    exit_epoch: int = attrs.field(default=FAR_FUTURE_EPOCH, validator=_EPOCH)
    withdrawable_epoch: int = attrs.field(default=FAR_FUTURE_EPOCH, validator=_EPOCH)
    slashed: bool = attrs.field(default=False, validator=checks.FLAG)


@attrs.frozen
class PendingPartialWithdrawal:
    """A partial withdrawal that was asked for (EIP-7002): of whom, Gwei, and the epoch it can be paid in."""

    validator_index: int = attrs.field(validator=_WHOLE)
    amount: int = attrs.field(validator=_GWEI)
    withdrawable_epoch: int = attrs.field(validator=_WHOLE)


@attrs.frozen
class PendingConsolidation:
    """A consolidation that was accepted (EIP-7251): the index that goes, and the one that takes its balance."""

    source_index: int = attrs.field(validator=_WHOLE)
    target_index: int = attrs.field(validator=_WHOLE)


@attrs.frozen(kw_only=True)
class BeaconState:
    """The queues and their members at one moment; functions return a new one.

    Parameters
    ----------
    current_epoch
        The epoch that it is.
    total_active_balance
        Gwei, of all validators, not only those held here.
    validators
        Validators needed, by index.
    next_withdrawal_validator_index
        Whom the withdrawal sweep looks at next.
    pending_partial_withdrawals, pending_consolidations, pending_deposits
        Queues, first the oldest.
    exits, consolidations
        Where the ends of the exit and the consolidation queue stand.
    """

    current_epoch: int = attrs.field(validator=_WHOLE)
    total_active_balance: int = attrs.field(validator=_GWEI)
    validators: tuple[Validator, ...] = attrs.field(validator=checks.field(_tuple_of, Validator))
    next_withdrawal_validator_index: int = attrs.field(default=0, validator=_WHOLE)
    pending_partial_withdrawals: tuple[PendingPartialWithdrawal, ...] = attrs.field(
        default=(), validator=checks.field(_tuple_of, PendingPartialWithdrawal)
    )
    pending_consolidations: tuple[PendingConsolidation, ...] = attrs.field(
        default=(), validator=checks.field(_tuple_of, PendingConsolidation)
    )
    pending_deposits: DepositQueue = attrs.field(factory=DepositQueue)
    exits: ChurnQueue = attrs.field(factory=ChurnQueue)
    consolidations: ChurnQueue = attrs.field(factory=ChurnQueue)

    def __attrs_post_init__(self) -> None:
        """Every index must be of a validator that is there, and the total hold every active one."""
        last = len(self.validators) - 1
        for validator in self.validators:
            if is_active_validator(validator, self.current_epoch):
                least = validator.effective_balance
                if least > self.total_active_balance:
                    rule = f"must not be below the balance of an active validator, {least} Gwei"
                    checks.refuse("BeaconState.total_active_balance", rule, self.total_active_balance)
        if last < 0:
            checks.refuse("BeaconState.validators", "must hold at least one", self.validators)
        checks.integer("BeaconState.next_withdrawal_validator_index", self.next_withdrawal_validator_index, 0, last)
        for withdrawal in self.pending_partial_withdrawals:
            checks.integer("PendingPartialWithdrawal.validator_index", withdrawal.validator_index, 0, last)
        for consolidation in self.pending_consolidations:
            checks.integer("PendingConsolidation.source_index", consolidation.source_index, 0, last)
            checks.integer("PendingConsolidation.target_index", consolidation.target_index, 0, last)

    def validator(self, where: str, index: int) -> Validator:
        """The validator of an index; refused as `where` if there is none."""
        return self.validators[checks.integer(where, index, 0, len(self.validators) - 1)]

    def with_validator(self, index: int, validator: Validator) -> "BeaconState":
        """The state with another validator at an index."""
        return attrs.evolve(self, validators=(*self.validators[:index], validator, *self.validators[index + 1 :]))


def is_active_validator(validator: Validator, epoch: int) -> bool:
    """Whether the validator has duties in an epoch."""
    return validator.activation_epoch <= epoch < validator.exit_epoch


def has_compounding_withdrawal_credential(validator: Validator) -> bool:
    """Whether the credentials are 0x02."""
    return validator.withdrawal_prefix == COMPOUNDING_WITHDRAWAL_PREFIX


def has_execution_withdrawal_credential(validator: Validator) -> bool:
    """Whether the credentials are 0x01 or 0x02, so that the validator can be paid out."""
    return validator.withdrawal_prefix in (ETH1_ADDRESS_WITHDRAWAL_PREFIX, COMPOUNDING_WITHDRAWAL_PREFIX)


def get_max_effective_balance(validator: Validator, ruleset: Ruleset) -> int:
    """Gwei that earn at most: 2,048 ETH for 0x02 credentials, 32 ETH for others."""
    return int(max_effective_balance_for(has_compounding_withdrawal_credential(validator), ruleset))
