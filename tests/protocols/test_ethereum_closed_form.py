"""The closed forms of daily-step models, held against the epoch-by-epoch truth."""

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    BELLATRIX,
    FULU,
    GWEI_PER_ETH,
    ChurnQueue,
    DailyReward,
    EpochState,
    Finality,
    Registry,
    Slashings,
    compounding_effective_balance,
    daily_downtime_penalty,
    daily_reward,
    downtime_penalty_share,
    issuance,
    leak_balance,
    max_effective_balance_for,
    process_effective_balance_updates,
    process_epoch,
    proposer_share,
    simulate_validators,
)

T = 35_600_000 * GWEI_PER_ETH
ETH32 = 32 * GWEI_PER_ETH


def test_a_day_is_a_365th_of_the_year():
    day = daily_reward(ETH32, T)
    parts = [float(part) * 32 / 365 for part in attrs.astuple(issuance(T).per_year)]
    assert attrs.astuple(day) == pytest.approx(parts, rel=1e-12)
    assert day.total == pytest.approx(sum(parts), rel=1e-12)
    assert DailyReward(1.0, 2.0, 4.0).total == 7.0


def test_a_day_of_attesting_is_that_of_the_simulation():
    for participation in (1.0, 0.9):
        lives = simulate_validators(ETH32, T, np.random.default_rng(1), epochs=225, participation=participation)
        day = daily_reward(ETH32, T, participation=participation)
        assert day.attester * 10**9 == pytest.approx(int(lives.attester[0]), abs=1e-3)


def test_participation_scales_attester_and_proposer():
    full, part = daily_reward(ETH32, T), daily_reward(ETH32, T, participation=0.75)
    assert part.attester / full.attester == pytest.approx(0.75, rel=3e-4)
    assert part.proposer / full.proposer == pytest.approx(0.75, rel=1e-6)
    assert part.sync == full.sync
    assert daily_reward(ETH32, T, participation=0.0).proposer == 0.0
    assert daily_reward(0, T).total == daily_downtime_penalty(0, T) == 0.0


def test_an_offline_day_is_that_of_the_simulation():
    lives = simulate_validators(ETH32, T, np.random.default_rng(1), epochs=225, uptime=0.0, lives=1)
    assert lives.seats[0] == 0
    seat = daily_reward(ETH32, T).sync
    assert (daily_downtime_penalty(ETH32, T) - seat) * 10**9 == pytest.approx(int(lives.penalties[0]), abs=1e-3)
    assert daily_downtime_penalty(ETH32, T) == pytest.approx(225 * (32 * 339 * 40 // 64) / 10**9 + seat, abs=1e-12)


def test_days_follow_the_rule_set():
    slower = attrs.evolve(FULU, slot_duration_ms=24_000)
    assert daily_reward(ETH32, T, ruleset=slower).total == pytest.approx(daily_reward(ETH32, T).total / 2)
    half = daily_downtime_penalty(ETH32, T, ruleset=slower)
    assert half == pytest.approx(daily_downtime_penalty(ETH32, T) / 2)


@pytest.mark.parametrize("function", [daily_reward, daily_downtime_penalty])
def test_bad_days(function):
    name = function.__name__
    with pytest.raises(InputError, match=f"{name}: effective_balance"):
        function(T + 1, T)
    with pytest.raises(InputError, match=f"{name}: effective_balance"):
        function(-1, T)
    with pytest.raises(InputError, match=f"{name}: total_active_balance"):
        function(0, GWEI_PER_ETH - 1)
    with pytest.raises(InputTypeError, match=f"{name}: effective_balance"):
        function(32.0, T)
    assert function(T, T) is not None


def test_bad_participation():
    for share in (-0.1, 1.1):
        with pytest.raises(InputError, match="daily_reward: participation"):
            daily_reward(ETH32, T, participation=share)


def leaked(epochs, kinds=(32, 2_048)):
    """Balances after each epoch of a leak, and whether the validator is still active; the truth."""
    own = [eth * GWEI_PER_ETH for eth in kinds]
    rest = [150_000 * GWEI_PER_ETH] * 200
    size = len(own) + len(rest)
    most = [max_effective_balance_for(eth > 32, FULU) for eth in kinds] + rest
    registry = Registry.of(own + rest, own + rest, most)
    flags = np.array([0] * len(own) + [7] * len(rest))
    state = EpochState(
        epoch=1_000,
        registry=registry,
        previous_participation=flags,
        current_participation=flags,
        finality=Finality((False, False, False, False), 990, 990, 990),
        exits=ChurnQueue(),
        slashings=Slashings.empty(FULU),
    )
    assert size == flags.size
    path = []
    for _ in range(epochs):
        state = attrs.evolve(process_epoch(state, FULU, justify=False), current_participation=flags)
        path.append(state.registry.balances[: len(own)] / GWEI_PER_ETH)
    return np.array(path), state


@pytest.mark.slow
def test_a_leak_within_its_bound_until_ejection():
    path, state = leaked(4_650)
    assert state.registry.exit_epochs[0] == 2**63 - 1
    epochs = np.arange(1, 4_651)
    for place, eth in enumerate((32.0, 2_048.0)):
        error = leak_balance(eth, epochs) / path[:, place] - 1.0
        assert np.abs(error).max() < 0.015


def test_a_short_leak():
    path, _ = leaked(300)
    assert leak_balance(32.0, 300) == pytest.approx(path[-1, 0], rel=2e-4)
    assert leak_balance(2_048.0, 300) == pytest.approx(path[-1, 1], rel=2e-4)


def test_leak_values():
    assert leak_balance(32.0, 4_096) == pytest.approx(32.0 * np.exp(-0.5))
    assert isinstance(leak_balance(32, 10), float)
    assert leak_balance(32.0, 0) == 32.0
    assert leak_balance(0.0, 10) == 0.0
    found = leak_balance(np.array([32.0, 64.0]), np.array([1_000, 4_096]))
    assert found == pytest.approx([32.0 * np.exp(-(10**6) / 2**25), 64.0 * np.exp(-0.5)])
    gentle = attrs.evolve(BELLATRIX, inactivity_penalty_quotient=2**26)
    assert leak_balance(32.0, 4_096, ruleset=gentle) == pytest.approx(32.0 * np.exp(-0.125))


@pytest.mark.parametrize(
    ("balance", "start", "effective"),
    [
        (32.0, 32.0, 32.0),
        (33.25, 32.0, 32.0),
        (33.250001, 32.0, 33.0),
        (34.25, 32.0, 33.0),
        (34.26, 32.0, 34.0),
        (40.0, 39.0, 39.0),
        (3_000.0, 2_000.0, 2_048.0),
        (2_049.5, 2_048.0, 2_048.0),
    ],
)
def test_compounding_values(balance, start, effective):
    assert compounding_effective_balance(balance, start) == effective
    assert isinstance(compounding_effective_balance(balance, start), float)
    assert compounding_effective_balance(np.array([balance]), start).tolist() == [effective]


def test_compounding_is_what_hysteresis_leaves_of_a_growing_balance():
    effective, most = ETH32, 2_048 * GWEI_PER_ETH
    for balance in range(ETH32, 60 * GWEI_PER_ETH, 700_000_000):
        effective = process_effective_balance_updates(balance, effective, most, FULU)
        assert compounding_effective_balance(balance / GWEI_PER_ETH, 32.0) == effective / GWEI_PER_ETH


def test_a_compounding_year_is_that_of_the_simulation():
    lives = simulate_validators(1_000 * GWEI_PER_ETH, T, np.random.default_rng(3), compounding=True, lives=5)
    found = compounding_effective_balance(lives.balance / GWEI_PER_ETH, 1_000.0)
    assert (found * GWEI_PER_ETH == lives.effective_balance).all()
    assert (lives.effective_balance > 1_020 * GWEI_PER_ETH).all()


@pytest.mark.parametrize("start", [100, 1_000])
def test_a_year_of_days_is_within_its_bound(start):
    lives = simulate_validators(start * GWEI_PER_ETH, T, np.random.default_rng(4), lives=200, compounding=True)
    balance, attester = float(start), 0.0
    for _ in range(365):
        effective = compounding_effective_balance(balance, float(start))
        day = daily_reward(int(effective) * GWEI_PER_ETH, T)
        balance += day.total
        attester += day.attester
    assert attester == pytest.approx(lives.attester.mean() / GWEI_PER_ETH, rel=2e-4)


def test_compounding_follows_the_rule_set():
    lazy = attrs.evolve(FULU, hysteresis_upward_multiplier=9, max_effective_balance_electra=64 * GWEI_PER_ETH)
    assert compounding_effective_balance(34.25, 32.0, ruleset=lazy) == 32.0
    assert compounding_effective_balance(34.26, 32.0, ruleset=lazy) == 33.0
    assert compounding_effective_balance(100.0, 32.0, ruleset=lazy) == 64.0


def test_bad_amounts():
    for call in (lambda x: leak_balance(x, 1), lambda x: leak_balance(1.0, x)):
        with pytest.raises(InputError, match="leak_balance: "):
            call(-1.0)
        with pytest.raises(InputError, match=r"leak_balance: .* must be in \[0, .*\] everywhere, got -1.0"):
            call(np.array([1.0, -1.0]))
        with pytest.raises(InputError, match="everywhere, got nan"):
            call(np.array([1.0, np.nan]))
    with pytest.raises(InputError, match="leak_balance: epochs"):
        leak_balance(1.0, 1e9 + 1)
    with pytest.raises(InputError, match=r"leak_balance: epochs: must be in \[0, 1e\+09\] everywhere"):
        leak_balance(1.0, np.array([2e9]))
    assert leak_balance(1.0, np.array([1e9])).tolist() == [0.0]
    assert leak_balance(np.array([0.0, 0.5]), np.array([0.0, 0.0])).tolist() == [0.0, 0.5]
    with pytest.raises(InputError, match="compounding_effective_balance: balance"):
        compounding_effective_balance(-1.0, 32.0)
    with pytest.raises(InputError, match="compounding_effective_balance: start"):
        compounding_effective_balance(32.0, -1.0)


def test_shares_of_the_reward_are_those_of_the_daily_forms():
    """8/64 and 42/64: what the closed forms give, but for the rounding to whole Gwei."""
    balance, total = 2_048 * GWEI_PER_ETH, 35_600_000 * GWEI_PER_ETH
    day = daily_reward(balance, total)
    assert proposer_share() == 0.125
    assert day.proposer / day.total == pytest.approx(proposer_share(), rel=1e-4)
    assert downtime_penalty_share() == 42 / 64
    assert daily_downtime_penalty(balance, total) / day.total == pytest.approx(downtime_penalty_share(), rel=1e-4)
