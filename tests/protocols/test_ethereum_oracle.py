"""Random cases through the official specification, where it is installed: pip install eth-consensus-specs."""

import importlib
import random
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.protocols.chains.ethereum import (
    BELLATRIX,
    DENEB,
    ELECTRA,
    FAR_FUTURE_EPOCH,
    FULU,
    GLOAS,
    GWEI_PER_ETH,
    ChurnQueue,
    EpochState,
    Finality,
    Registry,
    Ruleset,
    Slashings,
    get_correlation_penalty,
    max_effective_balance_for,
    process_effective_balance_updates,
    process_epoch,
    process_slashing,
    slash_validator,
)

pytest.importorskip("eth_consensus_specs", reason="needs the specification: pip install eth-consensus-specs")
pytestmark = pytest.mark.slow

RULESETS = {each.name: each for each in (BELLATRIX, DENEB, ELECTRA, FULU, GLOAS)}
EPOCH = 20_000
SUFFIXES = ("", "_ALTAIR", "_BELLATRIX", "_ELECTRA", "_GLOAS")
WITHOUT_SPECIFIED_NAME = {
    "name",
    "live_from",
    "fork_epoch",
    "target_timely_in_next_epoch",
    "correlation_penalty_per_increment",
    "max_random_value",
}
IN_VALIDATORS = {"min_per_epoch_churn_limit", "max_per_epoch_activation_churn_limit"}
"""Names that later forks gave to limits in Gwei, with a suffix."""
ABSENT_BEFORE_ELECTRA = {"min_activation_balance", "max_effective_balance_electra"}
KINDS = ("balances", "effective_balances", "inactivity_scores", "exit_epochs", "withdrawable_epochs")


def specification(name: str) -> Any:
    signatures: Any = importlib.import_module("eth_consensus_specs.utils.bls")
    signatures.bls_active = False
    return importlib.import_module(f"eth_consensus_specs.{name}.mainnet")


@pytest.mark.parametrize("name", RULESETS)
def test_constants_are_those_of_the_specification(name):
    spec, rules = specification(name), attrs.asdict(RULESETS[name])
    checked = 0
    for field in set(rules) - WITHOUT_SPECIFIED_NAME:
        names = [field.upper() + suffix for suffix in (("",) if field in IN_VALIDATORS else reversed(SUFFIXES))]
        found = [getattr(place, each) for each in names for place in (spec, spec.config) if hasattr(place, each)]
        if rules[field] in (None, 0) or (not found and field in ABSENT_BEFORE_ELECTRA):
            continue
        assert found, field
        assert int(found[0]) == rules[field], field
        checked += 1
    assert checked > 30


def validators(rng: random.Random, spec: Any) -> tuple[list[dict[str, Any]], Any]:
    """Small, large and aggregate validators, some slashed, leaving, gone or poor; and the same as a state."""
    rows: list[dict[str, Any]] = []
    for _ in range(rng.randint(4, 14)):
        compounding = rng.random() < 0.5
        eb = rng.choice([32, 31, 17, 16, rng.randint(1, 32)]) if not compounding else rng.randint(1, 2048)
        row = {
            "effective_balance": eb * GWEI_PER_ETH,
            "balance": max(0, eb * GWEI_PER_ETH + rng.randint(-(10**9), 3 * 10**9))
            if rng.random() < 0.9
            else rng.randint(0, 50_000),
            "compounding": compounding,
            "score": rng.choice([0, 0, rng.randint(0, 40), rng.randint(0, 20_000)]),
            "previous": rng.randint(0, 7),
            "current": rng.randint(0, 7),
            "slashed": rng.random() < 0.3,
            "exit_epoch": FAR_FUTURE_EPOCH,
            "withdrawable_epoch": FAR_FUTURE_EPOCH,
        }
        if row["slashed"] or rng.random() < 0.2:
            row["exit_epoch"] = EPOCH + rng.randint(-3, 6)
            row["withdrawable_epoch"] = EPOCH + rng.choice([-1, 0, 1, 2, 3, 4096, 4097, 4098, 8192])
        rows.append(row)
    rows += [aggregate(rng.randint(2_000, 140_000), rng.choice([0, 1, 3, 7, 7])) for _ in range(rng.randint(1, 3))]
    rows.append(aggregate(5_000, 7))  # always there, so that someone attests
    return rows, beacon_state(spec, rows)


def aggregate(eth: int, flags: int) -> dict[str, Any]:
    """A validator that stands for many others."""
    return {
        "effective_balance": eth * GWEI_PER_ETH,
        "balance": eth * GWEI_PER_ETH + 600_000_000,
        "compounding": False,
        "score": 0,
        "previous": flags,
        "current": flags,
        "slashed": False,
        "exit_epoch": FAR_FUTURE_EPOCH,
        "withdrawable_epoch": FAR_FUTURE_EPOCH,
    }


def far(epoch: int, spec: Any) -> Any:
    return spec.FAR_FUTURE_EPOCH if epoch == FAR_FUTURE_EPOCH else epoch


def beacon_state(spec: Any, rows: list[dict[str, Any]]) -> Any:
    state = spec.BeaconState()
    for number, row in enumerate(rows):
        state.validators.append(
            spec.Validator(
                pubkey=number.to_bytes(48, "big"),
                withdrawal_credentials=bytes([2 if row["compounding"] else 1]) + bytes(31),
                effective_balance=row["effective_balance"],
                slashed=row["slashed"],
                activation_eligibility_epoch=0,
                activation_epoch=0,
                exit_epoch=far(row["exit_epoch"], spec),
                withdrawable_epoch=far(row["withdrawable_epoch"], spec),
            )
        )
        state.balances.append(row["balance"])
        state.previous_epoch_participation.append(row["previous"])
        state.current_epoch_participation.append(row["current"])
        state.inactivity_scores.append(row["score"])
    state.slot = EPOCH * 32 + 31
    return state


def column(rows: list[dict[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows]


def ours(rows: list[dict[str, Any]], finality: Finality, slashed: int, ruleset: Ruleset) -> EpochState:
    effective = column(rows, "effective_balance")
    return EpochState(
        epoch=EPOCH,
        registry=Registry.of(
            column(rows, "balance"),
            effective,
            max_effective_balance_for(np.array(column(rows, "compounding")), ruleset),
            inactivity_scores=column(rows, "score"),
            slashed=column(rows, "slashed"),
            exit_epochs=column(rows, "exit_epoch"),
            withdrawable_epochs=column(rows, "withdrawable_epoch"),
        ),
        previous_participation=np.array(column(rows, "previous")),
        current_participation=np.array(column(rows, "current")),
        finality=finality,
        exits=ChurnQueue(),
        slashings=Slashings.empty(ruleset).add(EPOCH - 5, slashed),
    )


def finality_of(rng: random.Random, state: Any, spec: Any) -> Finality:
    current = EPOCH - rng.choice([1, 1, 2, 3, 7])
    previous = current - rng.choice([0, 1, 1, 2])
    finalized = previous - rng.choice([0, 0, 1, 4])
    bits = tuple(rng.random() < 0.7 for _ in range(4))
    state.current_justified_checkpoint = spec.Checkpoint(epoch=current)
    state.previous_justified_checkpoint = spec.Checkpoint(epoch=previous)
    state.finalized_checkpoint = spec.Checkpoint(epoch=finalized)
    for place, bit in enumerate(bits):
        state.justification_bits[place] = bit
    return Finality((bits[0], bits[1], bits[2], bits[3]), previous, current, finalized)


def of_specification(state: Any, spec: Any) -> dict[str, list[int]]:
    def epoch(value: Any) -> int:
        return FAR_FUTURE_EPOCH if value == spec.FAR_FUTURE_EPOCH else int(value)

    return {
        "balances": [int(balance) for balance in state.balances],
        "effective_balances": [int(each.effective_balance) for each in state.validators],
        "inactivity_scores": [int(score) for score in state.inactivity_scores],
        "exit_epochs": [epoch(each.exit_epoch) for each in state.validators],
        "withdrawable_epochs": [epoch(each.withdrawable_epoch) for each in state.validators],
    }


def of_ours(state: EpochState) -> dict[str, list[int]]:
    return {kind: getattr(state.registry, kind).tolist() for kind in KINDS}


def finality_in(state: Any) -> Finality:
    bits = [bool(bit) for bit in state.justification_bits]
    return Finality(
        (bits[0], bits[1], bits[2], bits[3]),
        int(state.previous_justified_checkpoint.epoch),
        int(state.current_justified_checkpoint.epoch),
        int(state.finalized_checkpoint.epoch),
    )


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_whole_epochs(seed, gone):
    rng, spec = random.Random(seed), specification("fulu")  # noqa: S311 -- cases, not secrets
    rows, state = validators(rng, spec)
    if gone:
        for _ in range(rng.randint(1, 3)):  # who has left may have had more than all who are there
            leaver = aggregate(rng.choice([160_000, 400_000]), rng.randint(0, 7))
            leaver |= {"slashed": rng.random() < 0.6, "exit_epoch": EPOCH + rng.randint(-3, 1)}
            leaver |= {"withdrawable_epoch": EPOCH + rng.choice([0, 1, 2, 4096, 4097, 4098, 8192])}
            rows.insert(rng.randrange(len(rows) - 1), leaver | {"score": rng.choice([0, 30, 20_000])})
        state = beacon_state(spec, rows)
    slashed = rng.choice([0, 32, 2_000, 60_000]) * GWEI_PER_ETH
    state.slashings[(EPOCH - 5) % 8192] = slashed
    mine = ours(rows, finality_of(rng, state, spec), slashed, FULU)
    for _ in range(4):
        victim = rng.randrange(len(rows) - 1)
        if rng.random() < 0.4 and spec.is_slashable_validator(state.validators[victim], spec.get_current_epoch(state)):
            before = sum(int(balance) for place, balance in enumerate(state.balances) if place)
            spec.slash_validator(state, victim)
            mine = process_slashing(mine, victim, FULU)
            assert before >= sum(int(balance) for place, balance in enumerate(state.balances) if place)
            # The proposer, validator 0 here, is rewarded in the block, which is no part of our transition.
            mine.registry.balances[0] = int(state.balances[0])
        for step in (
            spec.process_justification_and_finalization,
            spec.process_inactivity_updates,
            spec.process_rewards_and_penalties,
            spec.process_registry_updates,
            spec.process_slashings,
            spec.process_effective_balance_updates,
            spec.process_slashings_reset,
            spec.process_participation_flag_updates,
        ):
            step(state)
        mine = process_epoch(mine, FULU)
        assert of_ours(mine) == of_specification(state, spec)
        assert mine.finality == finality_in(state)
        assert mine.slashings.total() == sum(int(each) for each in state.slashings)
        assert mine.exits == ChurnQueue(int(state.earliest_exit_epoch), int(state.exit_balance_to_consume))
        state.slot += 32
        flags = [*(rng.randint(0, 7) for _ in rows[1:]), 7]
        for place, each in enumerate(flags):
            state.current_epoch_participation[place] = each
        mine = attrs.evolve(mine, current_participation=np.array(flags))


@pytest.mark.parametrize("name", ["bellatrix", "deneb", "electra", "fulu"])
@pytest.mark.parametrize("seed", range(20))
def test_slashings_of_each_fork(name, seed):
    rng, spec, rules = random.Random(seed), specification(name), RULESETS[name]  # noqa: S311 -- cases, not secrets
    most = 32 if name in ("bellatrix", "deneb") else 2048
    eb = rng.randint(1, most) * GWEI_PER_ETH
    balance = rng.choice([eb, eb + rng.randint(0, 10**9), rng.randint(0, 10**6)])
    rows = [aggregate(32, 7), aggregate(eb // GWEI_PER_ETH, 7) | {"balance": balance}]
    rows += [aggregate(rng.randint(1_000, 200_000), 7) for _ in range(3)]
    state = beacon_state(spec, rows)
    whistleblower = rng.choice([0, 2])
    proposer = int(spec.get_beacon_proposer_index(state))
    before = [int(each) for each in state.balances]
    spec.slash_validator(state, 1, whistleblower)
    victim = state.validators[1]
    exits = int(victim.exit_epoch) + 256
    effects = slash_validator(eb, balance, EPOCH, exits, rules)
    change = [int(now) - then for now, then in zip(state.balances, before, strict=True)]
    expected = [0] * len(rows)
    expected[1] -= effects.penalty
    expected[proposer] += effects.proposer_reward
    expected[whistleblower] += effects.whistleblower_reward
    assert change == expected
    assert int(victim.withdrawable_epoch) == effects.withdrawable_epoch
    assert int(state.slashings[EPOCH % 8192]) == effects.slashed_balance
    state.slashings[0] = rng.choice([0, 1_000, 10**6]) * GWEI_PER_ETH
    state.slot += 4096 * 32
    slashed, total = sum(int(each) for each in state.slashings), int(spec.get_total_active_balance(state))
    left = int(state.balances[1])
    spec.process_slashings(state)
    if effects.withdrawable_epoch == EPOCH + 8192:
        assert left - int(state.balances[1]) == min(left, get_correlation_penalty(eb, slashed, total, rules))


@pytest.mark.parametrize("seed", range(30))
def test_hysteresis(seed):
    rng, spec = random.Random(seed), specification("electra")  # noqa: S311 -- cases, not secrets
    rows, state = validators(rng, spec)
    for place, row in enumerate(rows):
        row["balance"] = row["effective_balance"] + rng.choice(
            [-250_000_001, -250_000_000, 1_250_000_000, 1_250_000_001]
        )
        row["balance"] = max(row["balance"], 0)
        state.balances[place] = row["balance"]
    spec.process_effective_balance_updates(state)
    found = process_effective_balance_updates(
        np.array(column(rows, "balance")),
        np.array(column(rows, "effective_balance")),
        max_effective_balance_for(np.array(column(rows, "compounding")), ELECTRA),
        ELECTRA,
    )
    assert found.tolist() == of_specification(state, spec)["effective_balances"]
