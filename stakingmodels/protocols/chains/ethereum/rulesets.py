"""The constants of Ethereum's consensus specification, one frozen value a fork.

Names are the specification's, in lower case and without the suffix of the fork that last changed them (the rule set
itself says which fork it is), except where two constants of different units would then share one name.

Source: ethereum/consensus-specs, commit a08d8a6e2b45f0b8c0d379abc15583427c643689 (2026-08-07), presets/mainnet/*.yaml
and configs/mainnet.yaml; weights and flags from specs/altair/beacon-chain.md. Read on 2026-11-22.
"""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.integers import INT64_MAX, IntArray, whole

GWEI_PER_ETH = 10**9
FAR_FUTURE_EPOCH = INT64_MAX
"""The epoch that never comes. The specification's is 2**64 - 1, which int64 does not hold; both lie past any date, and
where an epoch of a validator is asked for, the specification's is taken as this one."""
_FAR_FUTURE_EPOCH_OF_UINT64 = 2**64 - 1
_LIMIT = 2**53

_POSITIVE = checks.field(checks.integer, 1, _LIMIT)
_COUNT = checks.field(checks.integer, 0, _LIMIT)
_OPTIONAL = checks.field(checks.integer, 1, _LIMIT, optional=True)


@attrs.frozen(kw_only=True)
class Ruleset:
    """The constants of one fork; `attrs.evolve` makes a variant. Amounts in Gwei, times in epochs unless named.

    Parameters
    ----------
    name, live_from, fork_epoch
        The fork; the day it went live ("not scheduled" before that) and its first epoch (None: not scheduled).
    slots_per_epoch, slot_duration_ms
        32 slots of 12,000 ms: 6.4 minutes an epoch, 225 epochs a day.
    effective_balance_increment, base_reward_factor
        The step of effective balances, and the factor of the base reward.
    hysteresis_quotient, hysteresis_downward_multiplier, hysteresis_upward_multiplier
        Effective balances move once the balance is 1/4 increment below or 5/4 above.
    min_attestation_inclusion_delay, min_epochs_to_inactivity_penalty, min_seed_lookahead, max_seed_lookahead
        In slots the first, in epochs the others.
    epochs_per_slashings_vector
        Epochs that a slashing counts, and least epochs that a slashed validator waits.
    ejection_balance
        Effective balance at or below which an active validator is made to exit.
    min_validator_withdrawability_delay, shard_committee_period
        Epochs between exit and withdrawal; epochs a validator must have been active before it may ask to exit.
    timely_source_weight, timely_target_weight, timely_head_weight, sync_reward_weight, proposer_weight, \
    weight_denominator
        Weights by which the base reward is divided.
    target_timely_in_next_epoch
        Whether the target flag may be earned until the end of the next epoch (EIP-7045, since Deneb); before, within
        `slots_per_epoch` slots.
    sync_committee_size, epochs_per_sync_committee_period
        Seats, and how long they are held.
    inactivity_score_bias, inactivity_score_recovery_rate, inactivity_penalty_quotient
        The inactivity leak (since Altair; the quotient is Bellatrix's).
    min_slashing_penalty_quotient, whistleblower_reward_quotient, proportional_slashing_multiplier
        Slashing: initial penalty, the finder's reward, and the multiplier of the correlation penalty.
    correlation_penalty_per_increment
        Whether the correlation penalty is rounded per increment of effective balance (since Electra); before, down to
        whole increments of the total.
    min_activation_balance, max_effective_balance_electra
        32 ETH; and the most that compounding (0x02) credentials may have (before Electra there are none: 32 ETH).
    max_random_value
        Largest random number that a candidate's effective balance is held against (one byte before Electra, now two).
    max_withdrawals_per_payload, max_validators_per_withdrawals_sweep
        The sweep of a block (Capella; 0 before: nothing can be withdrawn).
    max_pending_deposits_per_epoch, max_pending_partials_per_withdrawals_sweep, \
    max_withdrawal_requests_per_payload, pending_partial_withdrawals_limit
        Electra's queues; 0 before.
    min_per_epoch_churn_limit, max_per_epoch_activation_churn_limit
        Churn in VALIDATORS, before Electra; the second since Deneb (EIP-7514), None: no cap.
    churn_limit_quotient
        Divides the total active balance (before Electra: the number of active validators).
    min_per_epoch_churn_limit_electra
        Least churn in Gwei; None before Electra.
    max_per_epoch_activation_exit_churn_limit
        Cap of activations and exits in Gwei; None before Electra and since Gloas.
    max_per_epoch_activation_churn_limit_gloas
        Cap of activations alone in Gwei, exits having none (EIP-8061); None before Gloas.
    consolidation_churn_limit_quotient
        Divides the total active balance for consolidations of their own (EIP-8061); None before Gloas.
    """

    name: str
    live_from: str
    fork_epoch: int | None = attrs.field(validator=_OPTIONAL)
    slots_per_epoch: int = attrs.field(validator=_POSITIVE)
    slot_duration_ms: int = attrs.field(validator=_POSITIVE)
    effective_balance_increment: int = attrs.field(validator=_POSITIVE)
    base_reward_factor: int = attrs.field(validator=_POSITIVE)
    hysteresis_quotient: int = attrs.field(validator=_POSITIVE)
    hysteresis_downward_multiplier: int = attrs.field(validator=_COUNT)
    hysteresis_upward_multiplier: int = attrs.field(validator=_COUNT)
    min_attestation_inclusion_delay: int = attrs.field(validator=_POSITIVE)
    min_epochs_to_inactivity_penalty: int = attrs.field(validator=_POSITIVE)
    min_seed_lookahead: int = attrs.field(validator=_COUNT)
    max_seed_lookahead: int = attrs.field(validator=_COUNT)
    epochs_per_slashings_vector: int = attrs.field(validator=_POSITIVE)
    ejection_balance: int = attrs.field(validator=_COUNT)
    min_validator_withdrawability_delay: int = attrs.field(validator=_COUNT)
    shard_committee_period: int = attrs.field(validator=_COUNT)
    timely_source_weight: int = attrs.field(validator=_COUNT)
    timely_target_weight: int = attrs.field(validator=_COUNT)
    timely_head_weight: int = attrs.field(validator=_COUNT)
    sync_reward_weight: int = attrs.field(validator=_COUNT)
    proposer_weight: int = attrs.field(validator=_POSITIVE)
    weight_denominator: int = attrs.field(validator=_POSITIVE)
    target_timely_in_next_epoch: bool = attrs.field(validator=checks.FLAG)
    sync_committee_size: int = attrs.field(validator=_POSITIVE)
    epochs_per_sync_committee_period: int = attrs.field(validator=_POSITIVE)
    inactivity_score_bias: int = attrs.field(validator=_POSITIVE)
    inactivity_score_recovery_rate: int = attrs.field(validator=_POSITIVE)
    inactivity_penalty_quotient: int = attrs.field(validator=_POSITIVE)
    min_slashing_penalty_quotient: int = attrs.field(validator=_POSITIVE)
    whistleblower_reward_quotient: int = attrs.field(validator=_POSITIVE)
    proportional_slashing_multiplier: int = attrs.field(validator=_POSITIVE)
    correlation_penalty_per_increment: bool = attrs.field(validator=checks.FLAG)
    min_activation_balance: int = attrs.field(validator=_POSITIVE)
    max_effective_balance_electra: int = attrs.field(validator=_POSITIVE)
    max_random_value: int = attrs.field(validator=_POSITIVE)
    max_withdrawals_per_payload: int = attrs.field(validator=_COUNT)
    max_validators_per_withdrawals_sweep: int = attrs.field(validator=_COUNT)
    max_pending_deposits_per_epoch: int = attrs.field(validator=_COUNT)
    max_pending_partials_per_withdrawals_sweep: int = attrs.field(validator=_COUNT)
    max_withdrawal_requests_per_payload: int = attrs.field(validator=_COUNT)
    pending_partial_withdrawals_limit: int = attrs.field(validator=_COUNT)
    min_per_epoch_churn_limit: int = attrs.field(validator=_POSITIVE)
    max_per_epoch_activation_churn_limit: int | None = attrs.field(validator=_OPTIONAL)
    churn_limit_quotient: int = attrs.field(validator=_POSITIVE)
    min_per_epoch_churn_limit_electra: int | None = attrs.field(validator=_OPTIONAL)
    max_per_epoch_activation_exit_churn_limit: int | None = attrs.field(validator=_OPTIONAL)
    max_per_epoch_activation_churn_limit_gloas: int | None = attrs.field(validator=_OPTIONAL)
    consolidation_churn_limit_quotient: int | None = attrs.field(validator=_OPTIONAL)

    @property
    def participation_flag_weights(self) -> tuple[int, int, int]:
        """Weights of the flags source, target, head, in the order of their bits."""
        return self.timely_source_weight, self.timely_target_weight, self.timely_head_weight

    @property
    def epochs_per_day(self) -> float:
        """225 with slots of 12 seconds."""
        return 86_400_000 / (self.slots_per_epoch * self.slot_duration_ms)


BELLATRIX = Ruleset(
    name="bellatrix",
    live_from="2022-09-06",
    fork_epoch=144_896,
    slots_per_epoch=32,
    slot_duration_ms=12_000,
    effective_balance_increment=GWEI_PER_ETH,
    base_reward_factor=64,
    hysteresis_quotient=4,
    hysteresis_downward_multiplier=1,
    hysteresis_upward_multiplier=5,
    min_attestation_inclusion_delay=1,
    min_epochs_to_inactivity_penalty=4,
    min_seed_lookahead=1,
    max_seed_lookahead=4,
    epochs_per_slashings_vector=8_192,
    ejection_balance=16 * GWEI_PER_ETH,
    min_validator_withdrawability_delay=256,
    shard_committee_period=256,
    timely_source_weight=14,
    timely_target_weight=26,
    timely_head_weight=14,
    sync_reward_weight=2,
    proposer_weight=8,
    weight_denominator=64,
    target_timely_in_next_epoch=False,
    sync_committee_size=512,
    epochs_per_sync_committee_period=256,
    inactivity_score_bias=4,
    inactivity_score_recovery_rate=16,
    inactivity_penalty_quotient=2**24,
    min_slashing_penalty_quotient=32,
    whistleblower_reward_quotient=512,
    proportional_slashing_multiplier=3,
    correlation_penalty_per_increment=False,
    min_activation_balance=32 * GWEI_PER_ETH,
    max_effective_balance_electra=32 * GWEI_PER_ETH,
    max_random_value=2**8 - 1,
    max_withdrawals_per_payload=0,
    max_validators_per_withdrawals_sweep=0,
    max_pending_deposits_per_epoch=0,
    max_pending_partials_per_withdrawals_sweep=0,
    max_withdrawal_requests_per_payload=0,
    pending_partial_withdrawals_limit=0,
    min_per_epoch_churn_limit=4,
    max_per_epoch_activation_churn_limit=None,
    churn_limit_quotient=65_536,
    min_per_epoch_churn_limit_electra=None,
    max_per_epoch_activation_exit_churn_limit=None,
    max_per_epoch_activation_churn_limit_gloas=None,
    consolidation_churn_limit_quotient=None,
)
"""The Merge's fork: slashing 1/32, inactivity quotient 2**24."""

DENEB = attrs.evolve(
    BELLATRIX,
    name="deneb",
    live_from="2024-03-13",
    fork_epoch=269_568,
    target_timely_in_next_epoch=True,
    max_withdrawals_per_payload=16,
    max_validators_per_withdrawals_sweep=16_384,
    max_per_epoch_activation_churn_limit=8,
)
"""With Capella's withdrawals, EIP-7045 (late targets) and EIP-7514 (activations capped at 8 validators an epoch)."""

ELECTRA = attrs.evolve(
    DENEB,
    name="electra",
    live_from="2025-05-07",
    fork_epoch=364_032,
    min_slashing_penalty_quotient=4_096,
    whistleblower_reward_quotient=4_096,
    correlation_penalty_per_increment=True,
    max_effective_balance_electra=2_048 * GWEI_PER_ETH,
    max_random_value=2**16 - 1,
    max_pending_deposits_per_epoch=16,
    max_pending_partials_per_withdrawals_sweep=8,
    max_withdrawal_requests_per_payload=16,
    pending_partial_withdrawals_limit=134_217_728,
    min_per_epoch_churn_limit_electra=128 * GWEI_PER_ETH,
    max_per_epoch_activation_exit_churn_limit=256 * GWEI_PER_ETH,
)
"""EIP-7251: effective balances to 2,048 ETH, slashing 1/4096, churn in balance instead of validators; EIP-7002."""

FULU = attrs.evolve(ELECTRA, name="fulu", live_from="2025-12-03", fork_epoch=411_392)
"""Live. The economics are Electra's; only how the proposer is looked up has changed (EIP-7917)."""

GLOAS = attrs.evolve(
    FULU,
    name="gloas",
    live_from="not scheduled",
    fork_epoch=None,
    churn_limit_quotient=32_768,
    max_per_epoch_activation_exit_churn_limit=None,
    max_per_epoch_activation_churn_limit_gloas=256 * GWEI_PER_ETH,
    consolidation_churn_limit_quotient=65_536,
)
"""Not scheduled. EIP-8061's churn only; builder payments (EIP-7732) are no part of this library's rules."""


def ruleset(name: str) -> Ruleset:
    """The rule set of a fork by its name in lower case: ``ruleset("fulu")``.

    Raises
    ------
    InputError
        For any other name; the message lists those there are.
    """
    known = {each.name: each for each in (BELLATRIX, DENEB, ELECTRA, FULU, GLOAS)}
    return known[checks.choice("ruleset: name", name, tuple(known))]


def as_epoch(where: str, value: object) -> int | IntArray:
    """An epoch of a validator, or an array of them as int64; the specification's 2**64 - 1 is `FAR_FUTURE_EPOCH`.

    Raises
    ------
    InputTypeError
        For anything but integers.
    InputError
        For numbers outside [0, 2**63 - 1] that are not 2**64 - 1.
    """
    if not isinstance(value, np.ndarray | list | tuple):
        return FAR_FUTURE_EPOCH if value == _FAR_FUTURE_EPOCH_OF_UINT64 else whole(where, value, 0, FAR_FUTURE_EPOCH)
    never = _FAR_FUTURE_EPOCH_OF_UINT64
    if not isinstance(value, np.ndarray):  # numpy makes floats of a list that holds both small and such large integers
        return whole(where, [FAR_FUTURE_EPOCH if each == never else each for each in value], 0, FAR_FUTURE_EPOCH)
    if value.dtype.kind in "uO":
        value = np.where(value == never, FAR_FUTURE_EPOCH, value)
    return whole(where, value, 0, FAR_FUTURE_EPOCH)


def as_ruleset(where: str, value: Ruleset) -> Ruleset:
    """The value if it is a `Ruleset`, or the sentence that says where to get one."""
    return checks.instance(f"{where}: ruleset", value, Ruleset, 'FULU, or ruleset("fulu")')
