"""A year of a validator, epoch by epoch, against its rules and against the laws of luck."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    SWEEP_EPOCHS,
    YEAR_EPOCHS,
    ValidatorRuns,
    block_reward,
    get_sync_participant_reward,
    proposals,
    reward_law,
    simulate_validators,
    sweep_slots,
)
from stakingmodels.protocols.chains.ethereum.life import _Life, _stretches

T = 35_600_000 * GWEI_PER_ETH
ETH32, ETH2048 = 32 * GWEI_PER_ETH, 2_048 * GWEI_PER_ETH
GAIN = 32 * 339 * 14 // 64 * 2 + 32 * 339 * 26 // 64
LOSS = 32 * 339 * 14 // 64 + 32 * 339 * 26 // 64
lived: Any = simulate_validators


def rng(seed=1):
    return np.random.default_rng(seed)


def books_close(lives, start):
    return (lives.balance + lives.withdrawn == start + lives.reward).all()


def test_constants():
    assert YEAR_EPOCHS == 365 * 225
    assert sweep_slots(1_000_000, FULU) // 32 == SWEEP_EPOCHS


def test_a_month_online():
    lives = simulate_validators(ETH32, T, rng(), lives=50, epochs=6_750)
    assert (lives.attester == GAIN * 6_750).all()
    assert (lives.penalties == 0).all()
    assert (lives.proposer == lives.proposals * block_reward(T, FULU)).all()
    assert lives.proposals.sum() > 0
    assert (lives.effective_balance == ETH32).all()
    assert books_close(lives, ETH32)
    # Three visits of the sweep: what has come since the last is still there.
    assert (lives.withdrawn > 0).all()
    assert (lives.balance - ETH32 >= GAIN * (6_750 - 3 * SWEEP_EPOCHS)).all()


def test_a_month_offline():
    lives = simulate_validators(ETH32, T, rng(), lives=1_000, epochs=6_750, uptime=0.0)
    for none in (lives.attester, lives.proposer, lives.sync, lives.withdrawn):
        assert (none == 0).all()
    seat = get_sync_participant_reward(T, FULU) * 32
    sat = lives.penalties - LOSS * 6_750
    # Whole periods of 256 epochs, or the 94 that are left of the last.
    assert {int(each) % seat for each in sat} == {0}
    assert (sat > 0).sum() == (lives.seats > 0).sum() > 0
    assert books_close(lives, ETH32)
    assert lives.proposals.sum() > 0


def test_seats_pay_by_the_slot():
    lives = simulate_validators(ETH2048, T, rng(), lives=100, epochs=2_560, compounding=True)
    assert (lives.sync == lives.seats * 256 * 32 * get_sync_participant_reward(T, FULU)).all()
    assert lives.seats.max() >= 1


def test_half_of_the_time_online():
    lives = simulate_validators(ETH32, T, rng(), lives=400, epochs=1_000, uptime=0.5)
    ups = lives.attester / GAIN
    assert (ups == ups.astype(int)).all()
    assert ups.mean() == pytest.approx(500, abs=4 * np.sqrt(250 / 400))
    assert ups.std() == pytest.approx(np.sqrt(250), rel=0.2)
    seats = np.where(lives.seats == 0)[0]
    assert (lives.penalties[seats] == (1_000 - ups[seats]) * LOSS).all()
    assert books_close(lives, ETH32)


def test_participation_of_the_others():
    lives = simulate_validators(ETH32, T, rng(), epochs=100, participation=0.5)
    n = [32 * 339 * weight * 17_800_000 // (35_600_000 * 64) for weight in (14, 26, 14)]
    assert lives.attester.tolist() == [100 * sum(n)]
    many = simulate_validators(ETH2048, T, rng(), lives=50, epochs=1_000, compounding=True, participation=0.5)
    assert (many.proposer == many.proposals * block_reward(T, FULU, T // 2)).all()
    assert many.proposals.sum() > 0


def test_compounding_lifts_the_effective_balance():
    lives = simulate_validators(1_000 * GWEI_PER_ETH, T, rng(2), lives=20, epochs=20_000, compounding=True)
    grown = lives.effective_balance // GWEI_PER_ETH - 1_000
    assert (grown >= 5).all()
    assert (lives.balance > lives.effective_balance).all()
    assert (lives.balance <= lives.effective_balance + 1_250_000_000 + 50_000_000).all()
    assert (lives.withdrawn == 0).all()
    assert books_close(lives, 1_000 * GWEI_PER_ETH)
    assert (lives.attester > 20_000 * (1_000 * 339 * 54 // 64 - 3)).all()


@pytest.mark.parametrize("uptime", [0.0, 0.1, 0.5, 1.0])
def test_effective_balances_move_in_the_right_epochs(uptime):
    # A hundred times the reward, so that balances cross several thresholds in a period.
    rich = attrs.evolve(FULU, base_reward_factor=6_400)
    total, start = 60_000 * GWEI_PER_ETH, 110 * GWEI_PER_ETH
    found = simulate_validators(
        start, total, rng(5), lives=3, epochs=256, compounding=True, uptime=uptime, ruleset=rich
    )
    n = [int(found.attester[i]) for i in range(3)]
    assert books_close(found, start)
    # Replay: the draws of one period are blocks, then seats, then who is online.
    g = rng(5)
    counts = g.binomial(8_192, np.full(3, 110 / 60_000))
    who = np.repeat(np.arange(3), counts)
    blocks = np.zeros((256, 3), dtype=np.int64)
    np.add.at(blocks, (g.integers(256, size=who.size), who), 1)
    seated = g.binomial(1, np.full(3, 512 * 110 / 60_000))
    online = g.random((256, 3)) < uptime
    brpi = 6_400 * 10**9 // int(np.sqrt(total))
    balance, effective, attester = [start] * 3, [start] * 3, [0] * 3
    block, seat = block_reward(total, rich), get_sync_participant_reward(total, rich) * 32
    for epoch in range(256):
        for i in range(3):
            base = effective[i] // GWEI_PER_ETH * brpi
            if online[epoch, i]:
                gain = sum(base * w * 60_000 // (60_000 * 64) for w in (14, 26, 14))
                attester[i] += gain
                balance[i] += gain + int(blocks[epoch, i]) * block + int(seated[i]) * seat
            else:
                balance[i] -= base * 14 // 64 + base * 26 // 64 + int(seated[i]) * seat
            if balance[i] + 250_000_000 < effective[i] or effective[i] + 1_250_000_000 < balance[i]:
                effective[i] = min(balance[i] // GWEI_PER_ETH * GWEI_PER_ETH, ETH2048)
    assert found.balance.tolist() == balance
    assert found.effective_balance.tolist() == effective
    assert n == attester
    assert found.proposals.tolist() == counts.tolist()
    assert all(abs(each - start) > 2 * GWEI_PER_ETH for each in effective)


def test_the_sweep_pays_only_at_the_maximum():
    lives = simulate_validators(31 * GWEI_PER_ETH, T, rng(), epochs=2_000, sweep_epochs=100)
    assert lives.withdrawn.tolist() == [0]
    capped = simulate_validators(ETH32, T, rng(), epochs=100, sweep_epochs=100)
    assert capped.balance.tolist() == [ETH32]
    assert capped.withdrawn.tolist() == capped.reward.tolist()
    just_before = simulate_validators(ETH32, T, rng(), epochs=99, sweep_epochs=100)
    assert just_before.withdrawn.tolist() == [0]
    large = simulate_validators(ETH2048, T, rng(), epochs=100, sweep_epochs=100, compounding=True)
    assert large.balance.tolist() == [ETH2048]
    assert (large.withdrawn > 0).all()


def test_stretches():
    assert list(_stretches(600, 1_000, 256)) == [(256, False, True), (256, False, True), (88, False, True)]
    assert list(_stretches(300, 100, 256)) == [
        (100, True, True),
        (100, True, False),
        (56, False, False),
        (44, True, True),
    ]
    assert list(_stretches(512, 256, 256)) == [(256, True, True), (256, True, True)]


def test_the_same_draws_for_the_same_generator():
    one, other = (simulate_validators(ETH32, T, rng(7), lives=3, epochs=1_000, uptime=0.9) for _ in range(2))
    assert all((a == b).all() for a, b in zip(attrs.astuple(one), attrs.astuple(other), strict=True))
    assert isinstance(one, ValidatorRuns)
    assert one == other


@pytest.mark.slow
def test_a_year_agrees_with_its_law():
    """Mean, spread and quantiles within 4 standard errors."""
    n = 2_000
    lives = simulate_validators(ETH32, T, rng(11), lives=n)
    law = reward_law(1, ETH32, T, FULU)
    reward = lives.reward
    assert abs(reward.mean() - law.mean) < 4 * law.standard_deviation / np.sqrt(n)
    kurtosis = ((reward - reward.mean()) ** 4).mean() / reward.var() ** 2
    assert abs(reward.var() / law.standard_deviation**2 - 1.0) < 4 * np.sqrt((kurtosis - 1) / n)
    blocks = proposals(ETH32, T, YEAR_EPOCHS * 32)
    for count in range(7):
        chance = blocks.cdf(count)
        assert abs((lives.proposals <= count).mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / n)
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        # The law is discrete: the share below and up to its quantile must enclose the level.
        at = law.quantile(level)
        chance = law.cdf(at)
        assert abs((reward <= at).mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / n)


@pytest.mark.slow
def test_a_group_agrees_with_its_law():
    groups, size = 100, 20
    lives = simulate_validators(ETH32, T, rng(12), lives=groups * size)
    sums = lives.reward.reshape(groups, size).sum(axis=1)
    law = reward_law(size, ETH32, T, FULU)
    assert abs(sums.mean() - law.mean) < 4 * law.standard_deviation / np.sqrt(groups)
    assert abs(sums.std() / law.standard_deviation - 1.0) < 4 / np.sqrt(2 * groups)


def test_bad_input():
    good: dict[str, Any] = {"effective_balance": ETH32, "total_active_balance": T, "rng": rng(), "epochs": 1}
    for name, value, rule in (
        ("effective_balance", 33 * GWEI_PER_ETH, "effective_balance: must be an integer in"),
        ("effective_balance", 0, "effective_balance: must be an integer in"),
        ("effective_balance", ETH32 - 1, "effective_balance: must be a multiple of 1000000000 Gwei"),
        ("total_active_balance", 0, "total_active_balance: must be an integer in"),
        ("total_active_balance", 31 * GWEI_PER_ETH, "effective_balance: must be an integer in"),
        ("lives", 0, r"lives: must be an integer in \[1, 10000\]"),
        ("lives", 10_001, r"lives: must be an integer in \[1, 10000\]"),
        ("epochs", 0, r"epochs: must be an integer in \[1, 10000000\]"),
        ("epochs", 10_000_001, "epochs: must be an integer"),
        ("sweep_epochs", 0, r"sweep_epochs: must be an integer in \[1, 10000000\]"),
        ("uptime", 1.1, "uptime: must be a fraction"),
        ("participation", -0.1, "participation: must be a fraction"),
    ):
        with pytest.raises(InputError, match=f"simulate_validators: {rule}"):
            lived(**(good | {name: value}))
    with pytest.raises(InputTypeError, match="simulate_validators: compounding: must be True or False"):
        lived(**(good | {"compounding": 1}))
    with pytest.raises(InputTypeError, match="simulate_validators: rng: must be an integer"):
        lived(**(good | {"rng": "1"}))
    with pytest.raises(InputError, match="sync_seats: total_active_balance: must be at least 512 times"):
        simulate_validators(ETH32, 100 * ETH32, rng(), epochs=1)
    assert simulate_validators(ETH32, T, rng(), epochs=1, lives=1).attester.tolist() == [GAIN]


def test_the_sweep_leaves_an_excess_while_the_effective_balance_is_below_the_maximum():
    life = _Life.of(32 * GWEI_PER_ETH, T, 2, False, 1.0, FULU)
    life.tally.balance[:] = 33 * GWEI_PER_ETH
    life.tally.effective_balance[1] = 31 * GWEI_PER_ETH
    life.sweep()
    assert life.tally.withdrawn.tolist() == [GWEI_PER_ETH, 0]
    assert life.tally.balance.tolist() == [32 * GWEI_PER_ETH, 33 * GWEI_PER_ETH]
