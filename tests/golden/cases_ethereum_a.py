"""Ethereum's vectors, first half: rewards, penalties, leaks, slashing, effective balances, whole epochs."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

import attrs
import numpy as np

from stakingmodels.protocols.chains.ethereum import FAR_FUTURE_EPOCH, FULU, GWEI_PER_ETH, rewards, slashing
from stakingmodels.protocols.chains.ethereum.balances import EpochTotals, process_rewards_and_penalties
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue, compute_exit_epoch_and_update_churn
from stakingmodels.protocols.chains.ethereum.effective_balance import (
    max_effective_balance_for,
    process_effective_balance_updates,
)
from stakingmodels.protocols.chains.ethereum.epoch import EpochState, process_epoch, process_slashing
from stakingmodels.protocols.chains.ethereum.finality import Finality
from stakingmodels.protocols.chains.ethereum.inactivity import (
    get_inactivity_penalty,
    is_in_inactivity_leak,
    process_inactivity_updates,
)
from stakingmodels.protocols.chains.ethereum.issuance import JULIAN_YEAR_DAYS, issuance
from tests.golden.ethereum_states import (
    COMPOUNDING,
    Member,
    Rest,
    aggregates,
    frozen_finality,
    joined,
    leading,
    member,
    new_state,
    participating,
    shown,
)
from tests.golden.runner import Answer, Inputs

_ALL, _NONE = rewards.ALL_FLAGS, 0
_FLAGS = range(rewards.PARTICIPATION_FLAGS)


def _text(inputs: Inputs, key: str, *patterns: str) -> re.Match[str]:
    """A condition told in words: one of those that a case was written for."""
    for pattern in patterns:
        found = re.fullmatch(pattern, inputs[key])
        if found:
            return found
    raise ValueError(f"{key}: a condition that no case knows: {inputs[key]}")


def _flag_deltas(balance: int, participating: Iterable[int], total: int, *, leak: bool) -> list[tuple[int, int]]:
    return [
        rewards.get_flag_index_deltas(balance, flag, having, total, leak=leak, ruleset=FULU)
        for flag, having in zip(_FLAGS, participating, strict=True)
    ]


def ideal_rewards(inputs: Inputs) -> object:
    total, balance = inputs["total_active_balance"], inputs["effective_balance"]
    _text(inputs, "participation", "all flags timely, 100% of active balance, not in leak")
    if inputs["total_active_balance_eth"] * GWEI_PER_ETH != total:
        raise ValueError("total_active_balance_eth: not the total")
    source, target, head = (reward for reward, _ in _flag_deltas(balance, [total] * 3, total, leak=False))
    seat = rewards.get_sync_participant_reward(total, FULU)
    return {
        "base_reward_per_increment": rewards.get_base_reward_per_increment(total, FULU),
        "base_reward": rewards.get_base_reward(balance, total, FULU),
        "source_reward": source,
        "target_reward": target,
        "head_reward": head,
        "attestation_reward_per_epoch": rewards.attestation_reward(balance, total, FULU),
        "sync_participant_reward_per_slot": seat,
        "sync_absent_delta_per_slot": -seat,
        "sync_proposer_reward_full_aggregate": rewards.get_sync_proposer_reward(total, FULU, 512),
        "sync_proposer_reward_256_of_512": rewards.get_sync_proposer_reward(total, FULU, 256),
    }


def _ratio(value: Fraction) -> object:
    return {"num": value.numerator, "den": value.denominator, "float": float(value)}


def annual_rates(inputs: Inputs) -> object:
    total = inputs["total_active_balance_eth"] * GWEI_PER_ETH
    rates = issuance(total, effective_balance=inputs["effective_balance_eth"] * GWEI_PER_ETH)
    epochs = rates.epochs_per_day * JULIAN_YEAR_DAYS
    if (Fraction(inputs["epochs_per_year"]), inputs["slots_per_year"]) != (epochs, epochs * FULU.slots_per_epoch):
        raise ValueError("epochs_per_year, slots_per_year: not those of 365.25 days")
    sync_block = rewards.get_sync_proposer_reward(total, FULU, FULU.sync_committee_size)
    return {
        "attester_apr": _ratio(rates.per_julian_year.attester),
        "sync_apr_expected": _ratio(rates.per_julian_year.sync),
        "proposer_apr_expected": _ratio(rates.per_julian_year.proposer),
        "total_apr_expected": _ratio(rates.per_julian_year.total),
        "attestation_proposer_reward_per_block_at_exactly_T_over_32": rewards.block_reward(total, FULU) - sync_block,
        "sync_proposer_reward_per_block": sync_block,
        "sync_participant_reward_per_slot": rewards.get_sync_participant_reward(total, FULU),
        "network_annual_issuance_gwei_expected": float(rates.issued_per_julian_year()),
    }


def proposer_reward(inputs: Inputs) -> object:
    total, attesting = inputs["total_active_balance"], inputs["attesting_balance"]
    if inputs["n_attesters"] * inputs["attester_effective_balance"] != attesting or not inputs["all_roots_match"]:
        raise ValueError("attesters that no case knows")
    flags = rewards.get_attestation_participation_flags(inputs["inclusion_delay_slots"], FULU)
    return {
        "flags_set": flags,
        "proposer_reward": rewards.get_attestation_proposer_reward(attesting, flags, total, FULU),
        "proposer_reward_if_repeated": rewards.get_attestation_proposer_reward(attesting, _NONE, total, FULU),
    }


def one_epoch(inputs: Inputs) -> object:
    _text(inputs, "flag_bits", "1=source 2=target 4=head")
    _text(inputs, "scenario", ".*")
    total, balance = inputs["total_active_balance"], inputs["effective_balance"]
    participating = inputs["unslashed_participating_balance_source_target_head"]
    flags = inputs["participation_flags"]
    leak = is_in_inactivity_leak(inputs["finality_delay_epochs"], FULU)
    if leak is not inputs["is_in_inactivity_leak"]:
        raise ValueError("is_in_inactivity_leak: not by finality_delay_epochs")
    hit = bool(flags >> rewards.TIMELY_TARGET_FLAG_INDEX & 1)
    score = process_inactivity_updates(inputs["inactivity_score_before"], hit, leak=leak, ruleset=FULU)
    deltas = _flag_deltas(balance, participating, total, leak=leak)
    has = [flags >> flag & 1 for flag in _FLAGS]
    held = np.array([balance])
    totals = EpochTotals(total, tuple(participating), leak)
    after = process_rewards_and_penalties(held, held, np.array([flags]), np.array([score]), totals, FULU)
    return {
        "inactivity_score_after": score,
        "rewards_source_target_head": [reward * h for (reward, _), h in zip(deltas, has, strict=True)],
        "penalties_source_target_head": [penalty * (1 - h) for (_, penalty), h in zip(deltas, has, strict=True)],
        "inactivity_penalty": 0 if hit else get_inactivity_penalty(balance, score, FULU),
        "net_balance_delta": int(after[0]) - balance,
    }


_FULL = ("balance", "effective_balance", "inactivity_score", "exit_epoch")


def _leak_flags(name: str) -> int | Callable[[int], int]:
    by_start: Mapping[str, int | Callable[[int], int]] = {
        "off": _NONE,
        "intermittent": lambda k: _NONE if k % 2 else _ALL,
        "srcOnly": 1,
        "sourceTargetOnly": 3,
        "online": _ALL,
    }
    return next(flags for start, flags in by_start.items() if name.startswith(start))


def scripted_leak(inputs: Inputs) -> object:
    _text(
        inputs, "whales", r"\d+ online aggregates, flags 7 every epoch, EB frozen \(balance never decreases in a leak\)"
    )
    _text(
        inputs,
        "participation",
        "off[*]: flags 0 always; intermittent: flags 7 when k even else 0; srcOnly: flags 1; "
        "sourceTargetOnly: flags 3; online: 7",
    )
    _text(inputs, "order", "for k=1..N: slot=last slot of epoch E0[+]k-1; previous_epoch_participation set; .*")
    _text(inputs, "leak_rule", r"previous_epoch - finalized > 4, i\.e\. k >= \d+")
    first, final, initial = inputs["E0"], inputs["finalized_epoch_frozen_at"], inputs["initial"]
    members = [member(initial[name], _leak_flags(name)) for name in initial]
    rest = inputs["total_active_balance_start"] - sum(each.effective_balance for each in members)
    members += aggregates(rest)
    places = {name: list(initial).index(name) for name in inputs["names"]}
    state = new_state(first, members, frozen_finality(final), slashing.Slashings.empty(FULU))
    series = []
    for k in range(1, max(inputs["moments"]) + 1):
        state = attrs.evolve(state, previous_participation=np.array([each.flags_at(k) for each in members]))
        leak = state.totals(FULU).leak
        state = attrs.evolve(process_epoch(state, FULU, justify=False), epoch=state.epoch)
        if k in inputs["moments"]:
            series.append(
                {
                    "k": k,
                    "current_epoch": state.epoch,
                    "leak": leak,
                    "total_active_balance_after": state.total_active_balance(FULU),
                    "validators": shown(state, places, *_FULL),
                }
            )
        state = attrs.evolve(state, epoch=state.epoch + 1)
    return {"series": series}


def closed_leak(inputs: Inputs) -> object:
    _text(
        inputs,
        "participation",
        "names starting 'on' have flags 7 each epoch, 'off' have 0; epoch E0-1 had everyone flags 7",
    )
    _text(inputs, "no_blocks", "no proposer/sync rewards, no withdrawals; block_roots all zero")
    first, final, named = inputs["E0"], inputs["finalized_epoch_initial"], inputs["validators"]
    members = [member(named[name], _ALL if name.startswith("on") else _NONE) for name in named]
    places = {name: list(named).index(name) for name in inputs["names"]}
    bits = [bool(bit) for bit in inputs["justification_bits_initial"]]
    finality = Finality((bits[0], bits[1], bits[2], bits[3]), final, final + 1, final)
    state = new_state(first, members, finality, slashing.Slashings.empty(FULU))
    flags = np.array([each.flags_at(0) for each in members])
    state = attrs.evolve(state, previous_participation=np.full(len(members), _ALL), current_participation=flags)
    series, resumed = [], None
    for k in range(1, max(inputs["moments"]) + 1):
        epoch, before = state.epoch, state.finality.finalized_epoch
        state = process_epoch(state, FULU)
        after = state.finality.finalized_epoch
        if after != before and epoch > first + 10 and resumed is None:
            resumed = k
        if k in inputs["moments"]:
            series.append(
                {
                    "k": k,
                    "current_epoch": epoch,
                    "finalized_epoch_after": after,
                    "total_active_balance_after": attrs.evolve(state, epoch=epoch).total_active_balance(FULU),
                    "validators": shown(state, places, *_FULL),
                }
            )
        state = attrs.evolve(state, current_participation=flags)
    return {"finality_resumed_at_k": resumed, "series": series}


def slash(inputs: Inputs) -> object:
    _text(inputs, "exit_queue", "empty")
    epoch, balance = inputs["current_epoch"], inputs["effective_balance"]
    total = inputs["total_active_balance"]
    leaves = compute_exit_epoch_and_update_churn(ChurnQueue(), balance, epoch, total, FULU).earliest_epoch
    exits = leaves + FULU.min_validator_withdrawability_delay
    effects = slashing.slash_validator(balance, inputs["balance"], epoch, exits, FULU)
    same = inputs["whistleblower"] == "proposer"
    return {
        "initial_penalty": effects.penalty,
        "proposer_gain": effects.proposer_reward + effects.whistleblower_reward * same,
        "other_whistleblower_gain": effects.whistleblower_reward * (not same),
        "exit_epoch_minus_current": leaves - epoch,
        "withdrawable_epoch_minus_current": effects.withdrawable_epoch - epoch,
        "slashings_vector_added": effects.slashed_balance,
    }


def correlation(inputs: Inputs) -> object:
    balance = inputs["balance"]
    penalty = slashing.get_correlation_penalty(
        inputs["own_effective_balance"], inputs["sum_slashings"], inputs["total_active_balance"], FULU
    )
    taken = min(penalty, balance)
    return {"correlation_penalty": taken, "balance_after": balance - taken}


@attrs.define
class _Toll:
    """What a slashed validator has lost so far, by kind."""

    place: int
    before: int
    initial: int = 0
    attestation: int = 0
    epochs: int = 0
    correlation: int = 0
    at: tuple[int, int, int] = (0, 0, 0)

    def book(self, before: EpochState, after: EpochState, since: int) -> None:
        registry = before.registry
        lost = int(registry.balances[self.place] - after.registry.balances[self.place])
        withdrawable = int(registry.withdrawable_epochs[self.place])
        if before.epoch < withdrawable:
            self.epochs += 1
        if before.epoch == slashing.get_correlation_epoch(withdrawable, FULU):
            total, slashed = before.total_active_balance(FULU), before.slashings.total()
            own = int(registry.effective_balances[self.place])
            penalty = slashing.get_correlation_penalty(own, slashed, total, FULU)
            self.correlation = min(penalty, lost)
            self.at = (since, slashed, total)
        self.attestation = self.attestation + lost - (self.correlation if self.at[0] == since else 0)

    def summary(self, state: EpochState, first: int) -> object:
        final = int(state.registry.balances[self.place])
        return {
            "balance_before": self.before,
            "initial_penalty": self.initial,
            "attestation_penalties_total": self.attestation,
            "epochs_penalised": self.epochs,
            "correlation_penalty": self.correlation,
            "correlation_epochs_since_slashing": self.at[0],
            "sum_slashings_at_correlation": self.at[1],
            "total_active_balance_at_correlation": self.at[2],
            "exit_epoch_minus_E0": int(state.registry.exit_epochs[self.place]) - first,
            "withdrawable_epoch_minus_E0": int(state.registry.withdrawable_epochs[self.place]) - first,
            "final_balance": final,
            "total_loss": self.before - final,
        }


def slashed_lives(inputs: Inputs) -> object:
    _text(inputs, "network", r"everyone else flags 7 every epoch .*, finality normal \(finalized = epoch-2\); .*")
    first, initial, total = inputs["E0"], inputs["initial"], inputs["total_active_balance"]
    others = inputs["others"]
    if sum(others) != inputs["other_slashed_effective_balance"]:
        raise AssertionError(f"others: {others} are not the sum of the inputs")
    names = [name for name in inputs["order_of_slashing"] if name != "others"]
    members = [member(initial[name]) for name in names]
    members += [Member(each, each, each) for each in others]
    slashed = len(members)
    members += aggregates(total - sum(each.effective_balance for each in members))
    state = new_state(inputs["slashed_in_epoch"], members, Finality.finalizing(first), slashing.Slashings.empty(FULU))
    ahead = inputs["exit_queue_ahead_eth"] * GWEI_PER_ETH
    if ahead:
        state = attrs.evolve(state, exits=compute_exit_epoch_and_update_churn(ChurnQueue(), ahead, first, total, FULU))
    for place in range(slashed):
        state = process_slashing(state, place, FULU)
    tolls = [
        _Toll(place, members[place].balance, members[place].balance - int(state.registry.balances[place]))
        for place in range(len(names))
    ]
    places = {name: names.index(name) for name in inputs["names"]}
    series = []
    for before, after in _epochs(state, max(inputs["moments"])):
        since = before.epoch - first
        for toll in tolls:
            toll.book(before, after, since)
        if since in inputs["moments"]:
            series.append(
                {
                    "epochs_since_slashing": since,
                    "total_active_balance": before.total_active_balance(FULU),
                    "validators": shown(after, places, "balance", "effective_balance"),
                }
            )
        state = after
    registry = state.registry
    return {
        "summary": {name: toll.summary(state, first) for name, toll in zip(names, tolls, strict=True)},
        "others": [
            {
                "exit_epoch": int(registry.exit_epochs[place]) - first,
                "withdrawable_epoch": int(registry.withdrawable_epochs[place]) - first,
                "effective_balance": members[place].effective_balance,
            }
            for place in range(len(names), slashed)
        ],
        "series": series,
    }


def _epochs(state: EpochState, last: int) -> Iterator[tuple[EpochState, EpochState]]:
    everybody = np.full(state.registry.balances.size, _ALL)
    for _ in range(last + 1):
        before = attrs.evolve(state, previous_participation=everybody, finality=Finality.finalizing(state.epoch))
        state = process_epoch(before, FULU, justify=False)
        yield before, state


def hysteresis(inputs: Inputs) -> object:
    most = max_effective_balance_for(COMPOUNDING[inputs["credential_prefix"]], FULU)
    effective, found = inputs["initial_effective_balance"], []
    for balance in inputs["balances"]:
        effective = process_effective_balance_updates(balance, effective, most, FULU)
        found.append(effective)
    return {"effective_balances": found}


def _focus(of: Inputs) -> Member:
    epochs = [FAR_FUTURE_EPOCH if of[key] is None else of[key] for key in ("exit", "wd")]
    most = max_effective_balance_for(COMPOUNDING[of["prefix"]], FULU)
    return Member(of["bal"], of["eb"], most, of["flags"], of["score"], of["slashed"], *epochs)


def random_epochs(inputs: Inputs) -> object:
    if not inputs["flags_constant_over_steps"]:
        raise ValueError("flags_constant_over_steps: no case knows others")
    start = inputs["first_epoch"]
    focus = [_focus(each) for each in inputs["focus"]]
    flags = np.array([each.flags_at(0) for each in focus])
    sums = inputs["rest_of_network_balance_by_flags"]
    rest = Rest.of({int(each): sums[each] for each in sums})
    slashings = slashing.Slashings.empty(FULU).add(start, inputs["sum_slashings"])
    state = new_state(start, focus, frozen_finality(start - inputs["finality_lag"]), slashings)
    steps = []
    for epoch, given in zip(inputs["moments"], inputs["totals"], strict=True):
        own = participating(state.registry, flags, state.epoch)
        if epoch != start:  # the first are determined by the inputs, the others by how the rest is split
            rest.become([total - mine for total, mine in zip(given, own, strict=True)])
        members = rest.members()
        everyone = attrs.evolve(
            state,
            registry=joined(state.registry, new_state(start, members, state.finality, slashings).registry),
            previous_participation=np.array([*flags.tolist(), *(each.flags_at(0) for each in members)]),
            current_participation=np.zeros(len(focus) + len(members), dtype=np.int64),
        )
        totals = everyone.totals(FULU)
        after = process_epoch(everyone, FULU, justify=False)
        rest.note(members, everyone.registry, after.registry)
        registry = leading(after.registry, len(focus))
        state = attrs.evolve(after, registry=registry)
        columns = (registry.balances, registry.effective_balances, registry.inactivity_scores)
        steps.append(
            {
                "epoch": epoch,
                "total_active_balance": totals.total_active_balance,
                "unslashed_participating_source_target_head": list(totals.unslashed_participating_balances),
                "leak": totals.leak,
                "after": [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)],
            }
        )
    return {"after_fields": "[balance, effective_balance, inactivity_score]", "steps": steps}


CASES: Mapping[str, Answer] = {
    "ethereum_01_ideal_rewards": ideal_rewards,
    "ethereum_01b_apr": annual_rates,
    "ethereum_01c_proposer_attestation_reward": proposer_reward,
    "ethereum_02_penalties_partial_participation": one_epoch,
    "ethereum_03a_inactivity_leak_scripted": scripted_leak,
    "ethereum_03b_inactivity_leak_full_process_epoch": closed_leak,
    "ethereum_04a_slash_validator": slash,
    "ethereum_04b_correlation_penalty": correlation,
    "ethereum_04c_slashing_full": slashed_lives,
    "ethereum_06_effective_balance_hysteresis": hysteresis,
    "ethereum_09a_random_epochs": random_epochs,
}
