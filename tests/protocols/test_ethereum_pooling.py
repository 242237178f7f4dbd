"""The law of a year's reward against simulated years, and what pooling does to luck."""

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.life import simulate_validators
from stakingmodels.protocols.chains.ethereum.pooling import PoolingBenefit, RewardLaw, pooling_benefit, reward_law
from stakingmodels.protocols.chains.ethereum.selection_laws import Binomial

pytestmark = pytest.mark.once

ETH = GWEI_PER_ETH
TODAY = 35_600_000 * ETH
NETWORK = 1_112_500
"""Validators of 32 ETH that make 35.6 M ETH."""
SLOTS = 2_628_000
"""Slots of 365 days."""
WHOLE_PERIODS = 321 * 256 / 225
"""365.23 days: a year of whole periods of the sync committee, for which the law is exact."""
BLOCK = 45_458_537 + 1_683_456
SEAT = 23_018
LEVELS = (0.02, 0.25, 0.5, 0.75, 0.98)


def test_the_parts_of_a_year():
    law = reward_law(1, 32 * ETH, TODAY, FULU)
    assert law.per_block == BLOCK
    assert law.blocks == Binomial(SLOTS, 32 / 35_600_000)
    # 82,125 epochs are 320 periods of 256 and 205 epochs more
    assert (law.seats, law.last_seats) == (Binomial(320, 512 * 32 / 35_600_000), Binomial(1, 512 * 32 / 35_600_000))
    assert (law.per_seat, law.per_last_seat) == (SEAT * 8192, SEAT * 205 * 32)
    apr = law.mean / (32 * ETH)
    assert apr == pytest.approx(0.027840, abs=5e-7)
    assert law.certain / (32 * ETH) == pytest.approx(0.023490, abs=5e-7)
    assert law.per_block * law.blocks.mean / (32 * ETH) == pytest.approx(0.003480, abs=5e-7)
    by_seats = law.per_seat * law.seats.mean + law.per_last_seat * law.last_seats.mean
    assert by_seats / (32 * ETH) == pytest.approx(0.000870, abs=5e-7)


def test_a_year_of_365_and_a_quarter_days():
    law = reward_law(1, 32 * ETH, TODAY, FULU, days=365.25)
    assert law.mean / (32 * ETH) == pytest.approx(0.027859, abs=5e-7)


def test_a_group_earns_what_its_members_earn():
    one, many = reward_law(1, 32 * ETH, TODAY, FULU), reward_law(700, 32 * ETH, TODAY, FULU)
    assert many.mean / 700 == pytest.approx(one.mean, rel=1e-12)
    assert many.certain == 700 * one.certain
    assert many.blocks == Binomial(SLOTS, 700 * 32 / 35_600_000)
    assert (many.seats.trials, many.last_seats.trials) == (320 * 512, 512)


def test_tips_come_with_blocks():
    law = reward_law(1, 32 * ETH, TODAY, FULU, execution_per_block=30_000_000)
    assert law.per_block == BLOCK + 30_000_000


def test_short_times_have_one_epoch_and_no_whole_period():
    law = reward_law(1, 32 * ETH, TODAY, FULU, days=1e-6)
    assert (law.blocks.trials, law.seats.trials) == (32, 0)
    assert (law.last_seats.trials, law.per_last_seat) == (1, SEAT * 32)
    whole = reward_law(1, 32 * ETH, TODAY, FULU, days=512 / 225)
    assert (whole.seats.trials, whole.last_seats.trials, whole.per_last_seat) == (2, 0, 0)
    assert reward_law(1, 32 * ETH, TODAY, FULU, days=1).blocks.trials == 7200


def simulated_years(rng, years, validators):
    """Rewards of the first validators, drawn slot by slot and period by period; the whole network is equal.

    Of the law it takes only what is certain: who proposes is drawn for each slot, who sits is drawn for each period,
    without putting back, and seats pay by the slot.
    """
    certain = reward_law(1, 32 * ETH, TODAY, FULU, days=WHOLE_PERIODS).certain
    rewards = []
    for _ in range(years):
        blocks = np.bincount(rng.integers(NETWORK, size=321 * 8192), minlength=NETWORK)[:validators]
        seat_slots = np.zeros(NETWORK, dtype=np.int64)
        for _ in range(321):
            seat_slots[rng.choice(NETWORK, 512, replace=False)] += 8192
        rewards.append(certain + BLOCK * blocks + SEAT * seat_slots[:validators])
    return np.concatenate(rewards).astype(np.float64)


@pytest.fixture(scope="module")
def years():
    return simulated_years(np.random.default_rng(20_261_122), years=8, validators=40_000)


@pytest.mark.parametrize("size", [1, 10, 100, 1000])
def test_a_year_by_simulation_agrees_with_the_law(years, size):
    law = reward_law(size, 32 * ETH, TODAY, FULU, days=WHOLE_PERIODS)
    groups = years.reshape(-1, size).sum(axis=1)
    count = groups.size
    deviations = groups - groups.mean()
    variance = deviations.var()
    kurtosis = (deviations**4).mean() / variance**2
    assert abs(groups.mean() - law.mean) < 4 * law.standard_deviation / count**0.5
    spread_error = law.standard_deviation * ((kurtosis - 1) / (4 * count)) ** 0.5
    assert abs(variance**0.5 - law.standard_deviation) < 4 * spread_error
    for level in LEVELS:
        quantile = law.quantile(level)
        reached = law.cdf(quantile)
        assert abs((groups <= quantile).mean() - reached) < 4 * (reached * (1 - reached) / count) ** 0.5


@pytest.mark.once
def test_a_life_epoch_by_epoch_agrees_with_the_law():
    law = reward_law(1, 32 * ETH, TODAY, FULU, days=WHOLE_PERIODS)
    lives = simulate_validators(32 * ETH, TODAY, np.random.default_rng(4), lives=1000, epochs=321 * 256, ruleset=FULU)
    rewards = lives.reward.astype(np.float64)
    assert abs(rewards.mean() - law.mean) < 4 * law.standard_deviation / 1000**0.5
    for level in LEVELS:
        reached = law.cdf(law.quantile(level))
        error = (reached * (1 - reached) / 1000) ** 0.5
        assert abs((rewards <= law.quantile(level)).mean() - reached) < 4 * error


@given(
    certain=st.integers(0, 10**9),
    per_block=st.integers(1, 10**6),
    per_seat=st.integers(1, 10**6),
    blocks=st.tuples(st.integers(0, 6), st.floats(0, 1)),
    seats=st.tuples(st.integers(0, 6), st.floats(0, 1)),
    level=st.floats(0.001, 0.999),
)
def test_the_law_is_that_of_all_pairs(certain, per_block, per_seat, blocks, seats, level):
    law = RewardLaw(certain, per_block, Binomial(*blocks), per_seat, Binomial(*seats))
    pairs = [
        (certain + per_block * int(b) + per_seat * int(s), p * q)
        for b, p in zip(*law.blocks.masses(), strict=True)
        for s, q in zip(*law.seats.masses(), strict=True)
    ]
    mean = sum(reward * mass for reward, mass in pairs)
    assert law.mean == pytest.approx(mean)
    assert law.standard_deviation**2 == pytest.approx(
        sum((reward - mean) ** 2 * mass for reward, mass in pairs), abs=1e-6 * per_block * per_seat
    )
    quantile = law.quantile(level)
    assert quantile in {reward for reward, _ in pairs}
    assert sum(mass for reward, mass in pairs if reward <= quantile) >= level - 1e-9
    assert sum(mass for reward, mass in pairs if reward < quantile) < level + 1e-9
    for reward, _ in pairs[:5]:
        assert law.cdf(reward) == pytest.approx(sum(mass for other, mass in pairs if other <= reward), abs=1e-12)
        assert law.cdf(reward - 0.5) == pytest.approx(sum(mass for other, mass in pairs if other < reward), abs=1e-12)


def test_a_level_that_is_just_reached_counts():
    law = RewardLaw(10, 5, Binomial(1, 0.5), 1, Binomial(0, 0.5))
    assert (law.quantile(0.5), law.quantile(0.51), law.cdf(10)) == (10, 15, 0.5)


def test_certain_rewards():
    law = RewardLaw(100, 1, Binomial(0, 0.5), 1, Binomial(3, 1.0))
    assert (law.mean, law.spread, law.quantile(0.001), law.quantile(0.999)) == (103, 0, 103, 103)
    assert (law.cdf(102), law.cdf(103)) == (0.0, 1.0)


def test_pooling_narrows_the_spread_by_the_root_of_the_number():
    spreads = [pooling_benefit(n, TODAY, FULU) for n in (1, 4, 100, 10_000)]
    assert [each.spread_ratio for each in spreads] == pytest.approx([1, 0.5, 0.1, 0.01], rel=0.02)
    assert spreads[0].spread_ratio == 1.0
    assert spreads[0].alone.spread == pytest.approx(0.115, abs=5e-4)
    assert [each.validators for each in spreads] == [1, 4, 100, 10_000]


def test_pooling_raises_the_worst_and_lowers_the_best():
    benefit = pooling_benefit(100, TODAY, FULU)
    low_alone, low_together = benefit.quantiles(0.05)
    high_alone, high_together = benefit.quantiles(0.95)
    assert low_alone < low_together < benefit.alone.mean < high_together < high_alone
    assert low_together == benefit.together.quantile(0.05) / 100
    assert low_alone == benefit.alone.quantile(0.05)


def test_one_large_validator_is_as_lucky_as_many_small_ones():
    large = pooling_benefit(1, TODAY, FULU, effective_balance=2048 * ETH)
    small = pooling_benefit(64, TODAY, FULU)
    assert large.alone.mean == pytest.approx(small.together.mean, rel=1e-12)
    assert large.alone.spread == pytest.approx(small.together.spread, rel=0.02)


def test_arguments_are_handed_on():
    benefit = pooling_benefit(3, TODAY, FULU, effective_balance=64 * ETH, days=30, execution_per_block=7)
    assert benefit == PoolingBenefit(
        3,
        reward_law(1, 64 * ETH, TODAY, FULU, days=30, execution_per_block=7),
        reward_law(3, 64 * ETH, TODAY, FULU, days=30, execution_per_block=7),
    )
    assert pooling_benefit(3, TODAY, FULU) == pooling_benefit(
        3, TODAY, FULU, effective_balance=32 * ETH, days=365, execution_per_block=0
    )


@pytest.mark.parametrize(
    ("changed", "error", "named"),
    [
        ({"validators": 0}, InputError, "pooling_benefit: validators"),
        ({"validators": 2**32 + 1}, InputError, "pooling_benefit: validators"),
        ({"validators": 1.0}, InputTypeError, "pooling_benefit: validators"),
        ({"validators": NETWORK + 1}, InputError, "total_active_balance: must not be below"),
        ({"effective_balance": 0}, InputError, "reward_law: effective_balance"),
        ({"effective_balance": 2**63}, InputError, "reward_law: effective_balance"),
        ({"total_active_balance": 0}, InputError, "reward_law: total_active_balance"),
        ({"total_active_balance": 2**63}, InputError, "reward_law: total_active_balance"),
        ({"days": 0}, InputError, "reward_law: days"),
        ({"days": 36_501}, InputError, "reward_law: days"),
        ({"execution_per_block": -1}, InputError, "reward_law: execution_per_block"),
        ({"execution_per_block": 0.1}, InputTypeError, "reward_law: execution_per_block"),
    ],
)
def test_bad_arguments_are_refused(changed, error, named):
    arguments = {"validators": 2, "total_active_balance": TODAY, "ruleset": FULU} | changed
    with pytest.raises(error, match=named):
        pooling_benefit(**arguments)


def test_the_smallest_balance_earns_nothing_from_attesting():
    assert reward_law(1, 1, TODAY, FULU).certain == 0
    with pytest.raises(InputError, match="reward_law: validators"):
        reward_law(2**32 + 1, 1, TODAY, FULU)
    assert reward_law(2**32, 1, TODAY, FULU).blocks.probability == 2**32 / TODAY


def test_the_whole_network_has_no_luck_with_blocks():
    assert reward_law(NETWORK, 32 * ETH, TODAY, FULU).standard_deviation == 0.0


def test_bad_laws_are_refused():
    law = reward_law(1, 32 * ETH, TODAY, FULU)
    for name, value in (("certain", -1), ("per_block", 0), ("per_seat", 0)):
        with pytest.raises(InputError, match=f"RewardLaw.{name}"):
            attrs.evolve(law, **{name: value})  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"RewardLaw\.quantile: level"):
        law.quantile(1.0)
    with pytest.raises(InputError, match=r"RewardLaw\.cdf: reward"):
        law.cdf(float("inf"))
    with pytest.raises(InputError, match="reward_law: validators"):
        reward_law(0, 32 * ETH, TODAY, FULU)
