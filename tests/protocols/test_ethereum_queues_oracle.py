"""Random states and requests through the official specification, where `eth-consensus-specs` is installed."""

import importlib
import random
from typing import Any

import pytest

from stakingmodels.protocols.chains.ethereum import DENEB, FAR_FUTURE_EPOCH, FULU, GLOAS, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.churn import (
    ChurnQueue,
    compute_consolidation_epoch_and_update_churn,
    compute_exit_epoch_and_update_churn,
    get_activation_churn_limit,
    get_activation_exit_churn_limit,
    get_balance_churn_limit,
    get_consolidation_churn_limit,
    get_exit_churn_limit,
    get_validator_activation_churn_limit,
    get_validator_churn_limit,
)
from stakingmodels.protocols.chains.ethereum.deposits import DepositQueue, PendingDeposit, process_pending_deposits
from stakingmodels.protocols.chains.ethereum.requests import (
    initiate_validator_exit,
    process_consolidation_request,
    process_pending_consolidations,
    process_withdrawal_request,
)
from stakingmodels.protocols.chains.ethereum.selection import (
    compute_proposer_index,
    compute_shuffled_index,
    get_next_sync_committee_indices,
    proposer_seed,
)
from stakingmodels.protocols.chains.ethereum.state import (
    BeaconState,
    PendingConsolidation,
    PendingPartialWithdrawal,
    Validator,
)
from stakingmodels.protocols.chains.ethereum.withdrawals import process_withdrawals

pytest.importorskip("eth_consensus_specs")
pytestmark = pytest.mark.slow

ETH = GWEI_PER_ETH
NOW = 2000
RULESETS = {"fulu": FULU, "gloas": GLOAS}
CASES = 40


def _spec(fork: str) -> Any:
    signatures: Any = importlib.import_module("eth_consensus_specs.utils.bls")
    signatures.bls_active = False
    return importlib.import_module(f"eth_consensus_specs.{fork}.mainnet")


def _spec_validator(spec: Any, index: int, validator: Validator) -> Any:
    def epoch(ours: int) -> Any:
        return spec.FAR_FUTURE_EPOCH if ours == FAR_FUTURE_EPOCH else ours

    return spec.Validator(
        pubkey=_pubkey(index),
        withdrawal_credentials=bytes([validator.withdrawal_prefix]) + bytes(11) + _address(index),
        effective_balance=validator.effective_balance,
        slashed=validator.slashed,
        activation_eligibility_epoch=0,
        activation_epoch=epoch(validator.activation_epoch),
        exit_epoch=epoch(validator.exit_epoch),
        withdrawable_epoch=epoch(validator.withdrawable_epoch),
    )


def _drawer(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- cases of tests are no secrets


def _pubkey(index: int) -> bytes:
    return index.to_bytes(48, "big")


def _address(index: int) -> bytes:
    return (index + 1).to_bytes(20, "big")


def _random_validator(draw: random.Random) -> Validator:
    prefix = draw.choice([0, 1, 1, 2, 2, 2])
    most = 2048 if prefix == 2 else 32
    effective = draw.choice([32, most, most, draw.randint(16, most)])
    balance = max(
        0, effective * ETH + draw.choice([0, 0, 1, -1, draw.randint(-ETH, 2 * ETH), draw.randint(0, 60 * ETH)])
    )
    exit_epoch = draw.choice([FAR_FUTURE_EPOCH] * 5 + [NOW + draw.randint(-300, 40)])
    withdrawable = FAR_FUTURE_EPOCH if exit_epoch == FAR_FUTURE_EPOCH else exit_epoch + 256
    started = draw.choice([0, 0, 0, NOW - draw.randint(254, 258), NOW + draw.randint(-2, 2), FAR_FUTURE_EPOCH])
    return Validator(effective * ETH, balance, prefix, started, exit_epoch, withdrawable, draw.random() < 0.1)


def _random_state(spec: Any, draw: random.Random) -> Any:
    """A few validators of interest, and one that no validator can be, which stands for all others."""
    crowd = Validator(draw.choice([5, 16, 17, 19, 22, 35, 60]) * 10**6 * ETH + draw.randint(0, 10**6) * ETH, 0, 15)
    validators = [_random_validator(draw) for _ in range(draw.randint(2, 30))] + [crowd]
    count = len(validators)
    state = spec.BeaconState(slot=NOW * 32 + draw.randint(0, 31))
    for index, validator in enumerate(validators):
        state.validators.append(_spec_validator(spec, index, validator))
        state.balances.append(validator.balance)
    state.next_withdrawal_validator_index = draw.randrange(count)
    state.earliest_exit_epoch = NOW + draw.randint(-10, 60)
    state.exit_balance_to_consume = draw.randint(0, 256) * ETH
    state.earliest_consolidation_epoch = NOW + draw.randint(-10, 60)
    state.consolidation_balance_to_consume = draw.randint(0, 200) * ETH
    state.deposit_balance_to_consume = draw.choice([0, draw.randint(0, 500) * ETH])
    state.finalized_checkpoint.epoch = NOW - draw.randint(1, 3)
    for _ in range(draw.randint(0, 12)):
        state.pending_partial_withdrawals.append(
            spec.PendingPartialWithdrawal(
                validator_index=draw.randrange(count - 1),
                amount=draw.choice([1, ETH, draw.randint(1, 2000 * ETH)]),
                withdrawable_epoch=NOW + draw.choice([-5, -1, 0, 0, 0, 1]),
            )
        )
    for _ in range(draw.randint(0, 3)):
        source, target = draw.sample(range(count - 1), 2)
        state.pending_consolidations.append(spec.PendingConsolidation(source_index=source, target_index=target))
    for _ in range(draw.randint(0, 25)):
        index = draw.randrange(count - 1)
        state.pending_deposits.append(
            spec.PendingDeposit(
                pubkey=_pubkey(index),
                amount=draw.choice([1, ETH, 32 * ETH, draw.randint(1, 300 * ETH)]),
                slot=draw.choice([0, 0, 0, (NOW - 1) * 32, (NOW - 1) * 32 + 1, NOW * 32]) if draw.random() < 0.5 else 0,
            )
        )
    return state


def _ours(spec: Any, state: Any) -> BeaconState:
    def epoch(theirs: Any) -> int:
        return FAR_FUTURE_EPOCH if theirs == spec.FAR_FUTURE_EPOCH else int(theirs)

    index_of = {bytes(each.pubkey): index for index, each in enumerate(state.validators)}
    return BeaconState(
        current_epoch=int(spec.get_current_epoch(state)),
        total_active_balance=int(spec.get_total_active_balance(state)),
        validators=tuple(
            Validator(
                int(each.effective_balance),
                int(balance),
                each.withdrawal_credentials[0],
                epoch(each.activation_epoch),
                epoch(each.exit_epoch),
                epoch(each.withdrawable_epoch),
                bool(each.slashed),
            )
            for each, balance in zip(state.validators, state.balances, strict=True)
        ),
        next_withdrawal_validator_index=int(state.next_withdrawal_validator_index),
        pending_partial_withdrawals=tuple(
            PendingPartialWithdrawal(int(each.validator_index), int(each.amount), int(each.withdrawable_epoch))
            for each in state.pending_partial_withdrawals
        ),
        pending_consolidations=tuple(
            PendingConsolidation(int(each.source_index), int(each.target_index))
            for each in state.pending_consolidations
        ),
        pending_deposits=DepositQueue(
            tuple(
                PendingDeposit(int(each.slot), int(each.amount), index_of[bytes(each.pubkey)])
                for each in state.pending_deposits
            ),
            int(state.deposit_balance_to_consume),
        ),
        exits=ChurnQueue(int(state.earliest_exit_epoch), int(state.exit_balance_to_consume)),
        consolidations=ChurnQueue(int(state.earliest_consolidation_epoch), int(state.consolidation_balance_to_consume)),
    )


@pytest.fixture(params=sorted(RULESETS))
def fork(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    return _spec(request.param), RULESETS[request.param]


@pytest.mark.parametrize("seed", range(CASES))
def test_withdrawal_requests(fork, seed):
    spec, ruleset = fork
    draw = _drawer(seed)
    state = _random_state(spec, draw)
    for _ in range(10):
        index = draw.randrange(len(state.validators) - 1)
        amount = draw.choice([0, 0, 1, ETH, draw.randint(1, 3000 * ETH), 2**64 - 1])
        ours = process_withdrawal_request(_ours(spec, state), index, amount, ruleset)
        spec.process_withdrawal_request(
            state,
            spec.WithdrawalRequest(source_address=_address(index), validator_pubkey=_pubkey(index), amount=amount),
        )
        assert ours == _ours(spec, state)


@pytest.mark.parametrize("seed", range(CASES))
def test_exits(fork, seed):
    spec, ruleset = fork
    draw = _drawer(seed)
    state = _random_state(spec, draw)
    for _ in range(5):
        index = draw.randrange(len(state.validators) - 1)
        ours = initiate_validator_exit(_ours(spec, state), index, ruleset)
        spec.initiate_validator_exit(state, index)
        assert ours == _ours(spec, state)


@pytest.mark.parametrize("seed", range(CASES))
def test_consolidation_requests(fork, seed):
    spec, ruleset = fork
    draw = _drawer(seed)
    state = _random_state(spec, draw)
    for _ in range(10):
        source, target = (draw.randrange(len(state.validators) - 1) for _ in range(2))
        target = source if draw.random() < 0.3 else target
        ours = process_consolidation_request(_ours(spec, state), source, target, ruleset)
        spec.process_consolidation_request(
            state,
            spec.ConsolidationRequest(
                source_address=_address(source), source_pubkey=_pubkey(source), target_pubkey=_pubkey(target)
            ),
        )
        assert ours == _ours(spec, state)


@pytest.mark.parametrize("seed", range(CASES))
def test_pending_consolidations(fork, seed):
    spec, _ = fork
    state = _random_state(spec, _drawer(seed))
    ours = process_pending_consolidations(_ours(spec, state))
    spec.process_pending_consolidations(state)
    assert ours == _ours(spec, state)


@pytest.mark.parametrize("seed", range(CASES))
def test_withdrawals(seed):
    spec = _spec("fulu")
    state = _random_state(spec, _drawer(seed))
    for _ in range(3):
        ours, paid = process_withdrawals(_ours(spec, state), FULU)
        expected = spec.get_expected_withdrawals(state).withdrawals
        assert [(each.validator_index, each.amount) for each in paid] == [
            (int(each.validator_index), int(each.amount)) for each in expected
        ]
        spec.process_withdrawals(state, spec.ExecutionPayload(withdrawals=expected))
        assert ours == _ours(spec, state)


@pytest.mark.parametrize("seed", range(CASES))
def test_pending_deposits(fork, seed):
    spec, ruleset = fork
    state = _random_state(spec, _drawer(seed))
    ours = _ours(spec, state)
    exits = {
        index: each.withdrawable_epoch
        for index, each in enumerate(ours.validators)
        if each.exit_epoch != FAR_FUTURE_EPOCH
    }
    step = process_pending_deposits(
        ours.pending_deposits,
        ours.current_epoch,
        int(state.finalized_checkpoint.epoch),
        ours.total_active_balance,
        ruleset,
        exits,
    )
    spec.process_pending_deposits(state)
    after = _ours(spec, state)
    assert step.queue == after.pending_deposits
    credited = [each.balance for each in ours.validators]
    for deposit in step.applied:
        assert deposit.validator is not None
        credited[deposit.validator] += deposit.amount
    assert credited == [each.balance for each in after.validators]


@pytest.mark.parametrize("seed", range(CASES))
def test_churn_limits_and_queues(fork, seed):
    spec, ruleset = fork
    draw = _drawer(seed)
    state = _random_state(spec, draw)
    total = int(spec.get_total_active_balance(state))
    limits = {
        FULU: [get_balance_churn_limit, get_activation_exit_churn_limit, get_consolidation_churn_limit],
        GLOAS: [get_activation_churn_limit, get_exit_churn_limit, get_consolidation_churn_limit],
    }
    for limit in limits[ruleset]:
        assert limit(total, ruleset) == int(getattr(spec, limit.__name__)(state))
    for _ in range(10):
        state.slot += 32 * draw.choice([0, 0, 1, 20])
        ours, balance = _ours(spec, state), draw.randint(0, 5000 * ETH)
        total = ours.total_active_balance
        exits = compute_exit_epoch_and_update_churn(ours.exits, balance, ours.current_epoch, total, ruleset)
        assert exits.earliest_epoch == spec.compute_exit_epoch_and_update_churn(state, balance)
        if get_consolidation_churn_limit(total, ruleset) > 0:
            queue = compute_consolidation_epoch_and_update_churn(
                ours.consolidations, balance, ours.current_epoch, total, ruleset
            )
            assert queue.earliest_epoch == spec.compute_consolidation_epoch_and_update_churn(state, balance)
            assert queue == _ours(spec, state).consolidations
        assert exits == _ours(spec, state).exits


@pytest.mark.parametrize("count", [0, 1000, 327_680, 524_288, 589_824, 1_050_000])
def test_churn_limits_of_deneb(count, monkeypatch):
    spec = _spec("deneb")
    monkeypatch.setattr(spec, "get_active_validator_indices", lambda *_: range(count))
    state = spec.BeaconState()
    assert get_validator_churn_limit(count, DENEB) == int(spec.get_validator_churn_limit(state))
    assert get_validator_activation_churn_limit(count, DENEB) == int(spec.get_validator_activation_churn_limit(state))


@pytest.mark.parametrize(("name", "ruleset"), [("deneb", DENEB), ("fulu", FULU), ("gloas", GLOAS)])
@pytest.mark.parametrize("seed", range(4))
def test_selection(name, ruleset, seed):
    spec, draw = _spec(name), _drawer(seed)
    most = ruleset.max_effective_balance_electra // ETH
    state = spec.BeaconState(slot=NOW * 32)
    balances = [draw.randint(most // 16, most) * ETH for _ in range((3, 40, 3, 300)[seed])]
    for index, balance in enumerate(balances):
        state.validators.append(_spec_validator(spec, index, Validator(balance, balance, 1)))
    state.randao_mixes = [draw.randbytes(32)] * len(state.randao_mixes)
    mix = bytes(state.randao_mixes[0])
    for index in range(0, len(balances), 7):
        assert compute_shuffled_index(index, len(balances), mix) == spec.compute_shuffled_index(
            index, len(balances), mix
        )
    assert get_next_sync_committee_indices(balances, NOW, mix, ruleset) == [
        int(each) for each in spec.get_next_sync_committee_indices(state)
    ]
    for slot in range(NOW * 32, NOW * 32 + 32, 4):
        drawn = compute_proposer_index(balances, proposer_seed(NOW, slot, mix), ruleset)
        if name == "deneb":
            state.slot = slot
            assert drawn == spec.get_beacon_proposer_index(state)
        else:
            assert drawn == spec.get_beacon_proposer_indices(state, spec.Epoch(NOW))[slot % 32]
