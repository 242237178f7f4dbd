from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import ethereum
from stakingmodels.protocols.chains.ethereum import (
    BELLATRIX,
    DENEB,
    ELECTRA,
    FAR_FUTURE_EPOCH,
    FULU,
    GLOAS,
    GWEI_PER_ETH,
    Ruleset,
    ruleset,
)
from stakingmodels.protocols.chains.ethereum.rulesets import as_epoch

BELLATRIX_VALUES: dict[str, Any] = {
    "name": "bellatrix",
    "live_from": "2022-09-06",
    "fork_epoch": 144_896,
    "slots_per_epoch": 32,
    "slot_duration_ms": 12_000,
    "effective_balance_increment": 1_000_000_000,
    "base_reward_factor": 64,
    "hysteresis_quotient": 4,
    "hysteresis_downward_multiplier": 1,
    "hysteresis_upward_multiplier": 5,
    "min_attestation_inclusion_delay": 1,
    "min_epochs_to_inactivity_penalty": 4,
    "min_seed_lookahead": 1,
    "max_seed_lookahead": 4,
    "epochs_per_slashings_vector": 8_192,
    "ejection_balance": 16_000_000_000,
    "min_validator_withdrawability_delay": 256,
    "shard_committee_period": 256,
    "timely_source_weight": 14,
    "timely_target_weight": 26,
    "timely_head_weight": 14,
    "sync_reward_weight": 2,
    "proposer_weight": 8,
    "weight_denominator": 64,
    "target_timely_in_next_epoch": False,
    "sync_committee_size": 512,
    "epochs_per_sync_committee_period": 256,
    "inactivity_score_bias": 4,
    "inactivity_score_recovery_rate": 16,
    "inactivity_penalty_quotient": 16_777_216,
    "min_slashing_penalty_quotient": 32,
    "whistleblower_reward_quotient": 512,
    "proportional_slashing_multiplier": 3,
    "correlation_penalty_per_increment": False,
    "min_activation_balance": 32_000_000_000,
    "max_effective_balance_electra": 32_000_000_000,
    "max_random_value": 255,
    "max_withdrawals_per_payload": 0,
    "max_validators_per_withdrawals_sweep": 0,
    "max_pending_deposits_per_epoch": 0,
    "max_pending_partials_per_withdrawals_sweep": 0,
    "max_withdrawal_requests_per_payload": 0,
    "pending_partial_withdrawals_limit": 0,
    "min_per_epoch_churn_limit": 4,
    "max_per_epoch_activation_churn_limit": None,
    "churn_limit_quotient": 65_536,
    "min_per_epoch_churn_limit_electra": None,
    "max_per_epoch_activation_exit_churn_limit": None,
    "max_per_epoch_activation_churn_limit_gloas": None,
    "consolidation_churn_limit_quotient": None,
}
CHANGES: dict[Ruleset, dict[str, Any]] = {
    DENEB: {
        "name": "deneb",
        "live_from": "2024-03-13",
        "fork_epoch": 269_568,
        "target_timely_in_next_epoch": True,
        "max_withdrawals_per_payload": 16,
        "max_validators_per_withdrawals_sweep": 16_384,
        "max_per_epoch_activation_churn_limit": 8,
    },
    ELECTRA: {
        "name": "electra",
        "live_from": "2025-05-07",
        "fork_epoch": 364_032,
        "min_slashing_penalty_quotient": 4_096,
        "whistleblower_reward_quotient": 4_096,
        "correlation_penalty_per_increment": True,
        "max_effective_balance_electra": 2_048_000_000_000,
        "max_random_value": 65_535,
        "max_pending_deposits_per_epoch": 16,
        "max_pending_partials_per_withdrawals_sweep": 8,
        "max_withdrawal_requests_per_payload": 16,
        "pending_partial_withdrawals_limit": 2**27,
        "min_per_epoch_churn_limit_electra": 128_000_000_000,
        "max_per_epoch_activation_exit_churn_limit": 256_000_000_000,
    },
    FULU: {"name": "fulu", "live_from": "2025-12-03", "fork_epoch": 411_392},
    GLOAS: {
        "name": "gloas",
        "live_from": "not scheduled",
        "fork_epoch": None,
        "churn_limit_quotient": 32_768,
        "max_per_epoch_activation_exit_churn_limit": None,
        "max_per_epoch_activation_churn_limit_gloas": 256_000_000_000,
        "consolidation_churn_limit_quotient": 65_536,
    },
}
COUNTS = [
    "hysteresis_downward_multiplier",
    "hysteresis_upward_multiplier",
    "min_seed_lookahead",
    "max_seed_lookahead",
    "ejection_balance",
    "min_validator_withdrawability_delay",
    "shard_committee_period",
    "timely_source_weight",
    "timely_target_weight",
    "timely_head_weight",
    "sync_reward_weight",
    "max_withdrawals_per_payload",
    "max_validators_per_withdrawals_sweep",
    "max_pending_deposits_per_epoch",
    "max_pending_partials_per_withdrawals_sweep",
    "max_withdrawal_requests_per_payload",
    "pending_partial_withdrawals_limit",
]
NOT_NUMBERS = {"name", "live_from", "target_timely_in_next_epoch", "correlation_penalty_per_increment"}
evolve: Any = attrs.evolve
"""Without types: here it is given wrong ones."""
POSITIVE = sorted(set(BELLATRIX_VALUES) - set(COUNTS) - NOT_NUMBERS)


def test_every_constant_of_the_oldest_rule_set():
    assert attrs.asdict(BELLATRIX) == BELLATRIX_VALUES


@pytest.mark.parametrize("later", CHANGES, ids=lambda rules: rules.name)
def test_each_fork_changes_only_what_it_changes(later):
    forks = list(CHANGES)
    before = [BELLATRIX, *forks][forks.index(later)]
    assert attrs.asdict(later) == attrs.asdict(before) | CHANGES[later]


@pytest.mark.parametrize("rules", [BELLATRIX, *CHANGES], ids=lambda rules: rules.name)
def test_a_name_finds_its_rule_set(rules):
    assert ruleset(rules.name) is rules


@pytest.mark.parametrize("name", ["Fulu", "phase0", "", " fulu", None, 7])
def test_unknown_forks_are_refused_with_the_list(name):
    with pytest.raises(InputError, match=r"ruleset: name: .*'bellatrix', 'deneb', 'electra', 'fulu', 'gloas'"):
        ruleset(name)


def test_weights_add_up():
    rules = FULU
    assert rules.participation_flag_weights == (14, 26, 14)
    parts = (*rules.participation_flag_weights, rules.sync_reward_weight, rules.proposer_weight)
    assert sum(parts) == rules.weight_denominator


def test_lengths_of_time():
    assert FULU.epochs_per_day == 225.0
    assert evolve(FULU, slot_duration_ms=10_000).epochs_per_day == 270.0
    assert GWEI_PER_ETH == 10**9
    assert FAR_FUTURE_EPOCH == 2**63 - 1


@pytest.mark.parametrize("field", POSITIVE)
def test_positive_constants(field):
    assert getattr(evolve(FULU, **{field: 1}), field) == 1
    with pytest.raises(InputError, match=rf"Ruleset\.{field}: must be an integer in \[1, {2**53}\]"):
        evolve(FULU, **{field: 0})


@pytest.mark.parametrize("field", COUNTS)
def test_counts(field):
    assert getattr(evolve(FULU, **{field: 0}), field) == 0
    with pytest.raises(InputError, match=rf"Ruleset\.{field}: must be an integer in \[0, {2**53}\]"):
        evolve(FULU, **{field: -1})


def test_wrong_types():
    with pytest.raises(InputTypeError, match=r"Ruleset\.slots_per_epoch: must be an integer"):
        evolve(FULU, slots_per_epoch=32.0)
    with pytest.raises(InputTypeError, match=r"Ruleset\.target_timely_in_next_epoch: must be True or False"):
        evolve(FULU, target_timely_in_next_epoch=1)


@pytest.mark.parametrize(
    "call",
    [
        lambda fork: ethereum.issuance(10**17, ruleset=fork),
        lambda fork: ethereum.slashing_loss(32 * 10**9, 10**17, ruleset=fork),
        lambda fork: ethereum.reward_law(1, 32 * 10**9, 10**17, fork),
        lambda fork: ethereum.pooling_benefit(2, 10**17, fork),
        lambda fork: ethereum.simulate_validators(32 * 10**9, 10**17, np.random.default_rng(1), epochs=1, ruleset=fork),
        lambda fork: ethereum.exit_wait(10**17, 0, 32 * 10**9, fork),
        lambda fork: ethereum.activation_wait(10**17, 0, 32 * 10**9, fork),
        lambda fork: ethereum.daily_reward(32 * 10**9, 10**17, ruleset=fork),
        lambda fork: ethereum.daily_downtime_penalty(32 * 10**9, 10**17, ruleset=fork),
    ],
)
def test_the_name_of_a_fork_is_no_rule_set(call):
    with pytest.raises(
        InputTypeError, match=r'^\w+: ruleset: must be Ruleset; write FULU, or ruleset\("fulu"\), got str'
    ):
        call("fulu")


def test_epochs_of_whole_numbers_are_taken_as_they_are():
    never = 2**64 - 1
    for given in (np.array([5, FAR_FUTURE_EPOCH]), np.array([5, never], dtype=np.uint64), [5, never]):
        assert np.array_equal(as_epoch("x", given), [5, FAR_FUTURE_EPOCH])
    assert as_epoch("x", never) == FAR_FUTURE_EPOCH
