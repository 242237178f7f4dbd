"""Stake that answers to yield: its rewards against the protocol, its law, its queues, and what it refuses."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import ExecutionReward, Factor, InputError, InputTypeError, Price, StakingReward, TimeGrid
from stakingmodels.market import ActiveStake, StakingQueue
from stakingmodels.protocols.chains.ethereum import (
    DENEB,
    FULU,
    GLOAS,
    GWEI_PER_ETH,
    activation_wait,
    daily_reward,
    exit_wait,
    issuance,
)
from stakingmodels.scenarios import LogOrnsteinUhlenbeck, StakedSupply, Streams
from stakingmodels.scenarios.networks.staked_supply import ConsensusTable

REWARD, EXECUTION, STAKED, QUEUE = StakingReward("ETH"), ExecutionReward("ETH"), ActiveStake("ETH"), StakingQueue("ETH")
ALL = (REWARD, EXECUTION, STAKED, QUEUE)
ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=50)
START = 35.4e6
TERMS: dict[str, Any] = {
    "start_eth": START,
    "supply_eth": 120.7e6,
    "elasticity": 0.5,
    "half_life_days": 50.0,
    "volatility": 0.0,
    "execution": LogOrnsteinUhlenbeck(100.0, standard_deviation=0.0, half_life_days=4.0),
}
NOISY: dict[str, Any] = {
    "volatility": 0.05,
    "execution": LogOrnsteinUhlenbeck(100.0, standard_deviation=0.6, half_life_days=4.0),
}


def supply(**terms):
    return StakedSupply(**(TERMS | terms))


def rows(world, factors=ALL, paths=3, grid=GRID):
    market = world.market(grid, frozenset(factors), streams=Streams(1), n_paths=paths)
    found: dict[Factor, list[np.ndarray]] = {f: [] for f in factors}
    for chunk in market.chunks():
        for f in factors:
            last = f.kind == "level" and chunk.stop == grid.n_steps
            found[f].append(chunk.rows[f][: chunk.stop - chunk.start + last].copy())
    return {f: np.concatenate(parts) for f, parts in found.items()}


# Rewards by the protocol


@pytest.mark.parametrize("ruleset", [FULU, GLOAS])
@pytest.mark.parametrize(("participation", "worst"), [(1.0, 5e-6), (0.97, 4e-4)])
def test_the_table_is_the_exact_rule(ruleset, participation, worst):
    stakes = np.random.default_rng(1).uniform(20e6, 60e6, size=200)
    terms = {"participation": participation, "ruleset": ruleset}
    table = ConsensusTable(supply(**terms))
    exact = [daily_reward(32 * GWEI_PER_ETH, int(eth) * GWEI_PER_ETH, **terms).total / 32 for eth in stakes]
    found = np.array([table.at(eth) for eth in stakes[:100]] + list(table.fill(stakes[100:], np.empty(100))))
    error = np.abs(found / exact - 1.0)
    assert error.max() < worst
    assert np.median(error) < 2e-6


@pytest.mark.parametrize("eth", [1e6, 35.6e6, 1e9])
def test_at_best_it_is_issuance(eth):
    exact = issuance(int(eth) * GWEI_PER_ETH).apr().value
    assert 365.0 * ConsensusTable(supply()).at(eth) == pytest.approx(exact, rel=3e-5)


def test_rewards_are_those_of_the_stake_at_the_start_of_each_step():
    found = rows(supply(**NOISY, performance=0.99))
    stake = found[STAKED][:-1]
    table = ConsensusTable(supply())
    consensus = np.array([[table.at(eth) for eth in row] for row in stake]) * 0.99
    np.testing.assert_allclose(found[REWARD] - found[EXECUTION], consensus, rtol=1e-12)
    np.testing.assert_allclose(found[EXECUTION][0], 100.0 / START, rtol=1e-12)
    assert len(np.unique(found[EXECUTION][-1])) == 3


def test_tips_are_shared_by_the_stake_of_the_step():
    found = rows(supply(elasticity=0.0, growth=1.0, half_life_days=0.01))
    np.testing.assert_allclose(found[EXECUTION], 100.0 / found[STAKED][:-1], rtol=1e-12)
    assert found[STAKED][-1, 0] > 1.05 * START


def test_rewards_accrue_over_longer_steps():
    weekly = TimeGrid(np.datetime64("2026-01-01") + 7 * np.arange(5))
    daily, longer = rows(supply()), rows(supply(), grid=weekly)
    np.testing.assert_allclose(longer[REWARD][0], 7.0 * daily[REWARD][0])
    np.testing.assert_allclose(longer[EXECUTION][0], 7.0 * daily[EXECUTION][0])


# Stake


def test_at_rest_the_stake_stays():
    found = rows(supply())
    np.testing.assert_allclose(found[STAKED], START, rtol=1e-9)
    np.testing.assert_allclose(found[QUEUE], 0.0, atol=1e-3)
    assert 365.0 * found[REWARD][0, 0] == pytest.approx(supply().opening_yield)


def test_without_elasticity_the_noise_has_its_law():
    # a churn of 57,600 ETH a day must not bind: 2 % a year are 37,000 ETH a day at one deviation, so long steps serve
    grid = TimeGrid(np.datetime64("2026-01-01") + 30 * np.arange(4))
    found = rows(supply(elasticity=0.0, volatility=0.02), (STAKED, QUEUE), paths=8_192, grid=grid)
    logs = np.log((found[STAKED] + found[QUEUE]) / START)
    speed = np.log(2.0) * 365.0 / 50.0
    for step in (1, 3):
        deviation = 0.02 * np.sqrt((1.0 - 0.25 ** (30.0 * step / 50.0)) / (2.0 * speed))
        assert abs(logs[step].mean()) < 4.0 * deviation / np.sqrt(8_192)
        assert abs(logs[step].std() / deviation - 1.0) < 4.0 / np.sqrt(2.0 * 8_192)
    assert not found[QUEUE].any()


def test_higher_tips_bring_stake_by_the_elasticity():
    grid = TimeGrid(np.datetime64("2026-01-01") + 10 * np.arange(100))
    tips = LogOrnsteinUhlenbeck(400.0, standard_deviation=0.0, half_life_days=1.0, initial_level=100.0)
    found = rows(supply(elasticity=0.3, execution=tips), grid=grid)
    gained = np.log(found[STAKED][-1] / START)
    earned = np.log(365.0 * found[REWARD][-1] / 10.0 / supply(execution=tips).opening_yield)
    # the base reward is a whole number of Gwei, so the yield has steps of 0.3 %
    np.testing.assert_allclose(gained, 0.3 * earned, atol=1e-3)
    assert gained[0] > 0.01


def test_wanted_stake_grows_at_a_constant_yield():
    grid = TimeGrid.daily("2026-01-01", days=366)
    found = rows(supply(elasticity=0.0, growth=0.05, half_life_days=0.01), grid=grid)
    np.testing.assert_allclose(np.log(found[STAKED][366] / START), 0.05, rtol=1e-9)


@pytest.mark.parametrize(("growth", "sign"), [(2.0, 1.0), (-2.0, -1.0)])
def test_the_churn_makes_a_queue(growth, sign):
    found = rows(supply(elasticity=0.0, growth=growth, half_life_days=0.01))
    moved = np.diff(found[STAKED][1:], axis=0)
    np.testing.assert_allclose(moved[5:], sign * 256.0 * 225.0)  # FULU: 256 ETH an epoch each way
    wanted = START * np.exp(growth * 49.0 / 365.0)
    np.testing.assert_allclose(found[STAKED][-1] + found[QUEUE][-1], wanted, rtol=1e-9)
    assert (sign * found[QUEUE][5:] > 0.0).all()


def test_the_churn_follows_the_stake_where_it_is_not_capped():
    terms = {"start_eth": 12e6, "elasticity": 0.0, "volatility": 2.0, "half_life_days": 400.0}
    found = rows(supply(**terms), paths=50)
    moved = np.abs(np.diff(found[STAKED], axis=0))
    epoch = np.maximum(128.0, np.floor(np.floor(found[STAKED][:-1]) / 65_536))
    limit = np.minimum(256.0, epoch) * 225.0
    assert (moved <= limit * (1.0 + 1e-9)).all()
    assert len(np.unique(np.round(moved[np.isclose(moved, limit)]))) > 3


def test_the_queue_says_how_long_a_validator_waits():
    stake, queue = np.full(4, START), np.array([0.0, 57_600.0, -57_600.0, -576_000.0])
    come, leave = supply().waits(stake, queue)
    # 256 ETH an epoch are 57,600 ETH a day; a validator that leaves waits 256 epochs and for the sweep besides
    np.testing.assert_allclose(leave.days - leave.days[0], [0.0, 0.0, 1.0, 10.0], rtol=1e-12)
    empty = activation_wait(int(START) * GWEI_PER_ETH, 0, 32 * GWEI_PER_ETH, FULU).days
    np.testing.assert_allclose(come.days[[0, 2, 3]], empty)
    assert come.days[1] - empty == pytest.approx(1.0, abs=0.05)
    assert leave.days[0] == pytest.approx(exit_wait(int(START) * GWEI_PER_ETH, 0, 32 * GWEI_PER_ETH, FULU).days)


def test_an_uncapped_exit_since_gloas():
    terms = {"elasticity": 0.0, "growth": -8.0, "half_life_days": 0.01, "ruleset": GLOAS}
    moved = -np.diff(rows(supply(**terms))[STAKED][:, 0])
    assert moved[5] > 256.0 * 225.0


def test_nobody_can_stake_more_than_there_is():
    terms = {"supply_eth": 36e6, "elasticity": 0.0, "growth": 5.0, "half_life_days": 1.0}
    found = rows(supply(**terms))
    np.testing.assert_allclose((found[STAKED] + found[QUEUE])[-1], 36e6, rtol=1e-9)
    assert (found[STAKED] <= 36e6 * (1.0 + 1e-12)).all()


def test_a_quote_reads_the_opening():
    flat = supply(**NOISY).market(GRID, frozenset(ALL), streams=Streams(1), n_paths=3).frozen_at_open()
    chunk = next(flat.chunks())
    assert 365.0 * chunk.rows[REWARD][0, 0] == pytest.approx(supply(**NOISY).opening_yield)


# What is refused


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"half_life_days": 0.0}, r"StakedSupply\.half_life_days: must be in \(0"),
        ({"participation": 1.5}, r"\.participation: must be a fraction in \[0, 1\]"),
        ({"performance": 99}, r"\.performance.*percent"),
        ({"supply_eth": 30e6}, r"\.supply_eth: must be at least start_eth"),
        ({"start_eth": 32.0}, r"\.start_eth: must be in \[1e\+06"),
        ({"elasticity": -1.0}, r"\.elasticity"),
        ({"volatility": -1.0}, r"\.volatility"),
        ({"growth": 11.0}, r"\.growth"),
        ({"ruleset": DENEB}, "before|Electra"),
    ],
)
def test_what_is_refused(terms, words):
    with pytest.raises(InputError, match=words):
        supply(**terms)


def test_wrong_types_are_refused():
    with pytest.raises(InputTypeError, match=r"\.execution: must be LogOrnsteinUhlenbeck"):
        supply(execution=100.0)
    with pytest.raises(InputTypeError, match=r"\.ruleset: must be Ruleset"):
        supply(ruleset="fulu")


def test_notes_say_what_it_does():
    assert "by the rules of fulu" in supply().describe()[1]
