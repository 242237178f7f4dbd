"""Hash rate that follows hashprice, and the retarget: against the protocol's integers, closed forms and plain loops."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import BlockFees, Constants, Difficulty, Factor, Hashrate, InputError, Joint, Price, TimeGrid
from stakingmodels.protocols.chains.bitcoin import (
    bits_of_target,
    calculate_next_work_required,
    difficulty_of_hashrate,
    difficulty_of_target,
    hashprice_per_ph_s_day,
    next_difficulty,
    target_of_bits,
    target_of_difficulty,
)
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, HashrateResponse, Shock, Shocked, Streams
from stakingmodels.scenarios.networks.retarget import BlockClock

BTC, FEES, HASHRATE, DIFFICULTY = Price("BTC"), BlockFees("BTC"), Hashrate("BTC"), Difficulty("BTC")
GRID = TimeGrid.daily("2026-01-01", days=400)
START = 1.5e14
TH_S = START / difficulty_of_hashrate(1.0)
CALM = Constants({BTC: 90_000.0, FEES: 0.025})
DRAWN = GeometricBrownianMotion({BTC: GBM(90_000.0, volatility=0.5)})
FLAT = Constants({FEES: 0.025})
OPENING = hashprice_per_ph_s_day(START, 3.15, 90_000.0)
TERMS: dict[str, Any] = {
    "difficulty": START,
    "height": 924_336 - 924_336 % 2016,
    "elasticity": 0.5,
    "half_life_days": 30.0,
    "breakeven": OPENING,
    "breakeven_growth": 0.0,
    "volatility": 0.0,
}


def miners(**terms):
    return HashrateResponse(**(TERMS | terms))


def rows(world, factors=(HASHRATE, DIFFICULTY), paths=4, grid=GRID):
    market = world.market(grid, frozenset(factors), streams=Streams(1), n_paths=paths)
    found: dict[Factor, list[np.ndarray]] = {f: [] for f in factors}
    for chunk in market.chunks():
        for f in factors:
            found[f].append(chunk.rows[f][: chunk.stop - chunk.start + (chunk.stop == grid.n_steps)].copy())
    return {f: np.concatenate(parts) for f, parts in found.items()}


# The rule


@pytest.mark.parametrize("seconds", [1, 302_399, 302_400, 600_000, 1_209_600, 2_000_000, 4_838_400, 9_000_000])
def test_the_retarget_is_that_of_the_protocol(seconds):
    bits = bits_of_target(target_of_difficulty(START))
    exact = difficulty_of_target(target_of_bits(calculate_next_work_required(bits, 10**9, 10**9 + seconds)))
    old = difficulty_of_target(target_of_bits(bits))
    np.testing.assert_allclose(next_difficulty(np.array([old]), np.array([float(seconds)])), exact, rtol=2.0**-15)


def test_the_difficulty_does_not_fall_below_the_limit():
    assert next_difficulty(np.array([1.1]), np.array([1e9])) == pytest.approx(1.0, rel=2e-5)


@pytest.mark.parametrize("days", [1.0, 0.25, 30.0])
@pytest.mark.parametrize("height", [840_000 - 840_000 % 2016, 841_000])
def test_the_clock_of_blocks_is_that_of_a_plain_loop(days, height):
    shifts = np.random.default_rng(3).uniform(-3.0, 3.0, size=(40, 6))
    hashrates = TH_S * np.exp(shifts)
    clock = BlockClock(height, START, TH_S, 6)
    found = []
    for row in hashrates:
        clock.run(row, days)
        found.append(clock.difficulty.copy())
    for path in range(6):
        loop = BlockLoop(START, TH_S, height % 2016)
        np.testing.assert_allclose(np.array(found)[:, path], loop.run(hashrates[:, path], days), rtol=1e-9)


class BlockLoop:
    """The same in plain Python, one path and one period at a time."""

    def __init__(self, difficulty, th_s, done):
        self.difficulty, self.done = difficulty, float(done)
        self.seconds = done * difficulty * 2**32 / (th_s * 1e12)

    def run(self, hashrates, days):
        found = []
        for th_s in hashrates:
            left = days * 86_400.0
            while left > 0.0:
                spacing = self.difficulty * 2**32 / (th_s * 1e12)
                needed = (2016 - self.done) * spacing
                if needed > left:
                    self.done, self.seconds, left = self.done + left / spacing, self.seconds + left, 0.0
                    continue
                left -= needed
                actual = min(max((self.seconds + needed) * 2015 / 2016, 302_400), 4_838_400)
                self.difficulty, self.done, self.seconds = self.difficulty * 1_209_600 / actual, 0.0, 0.0
            found.append(self.difficulty)
        return np.array(found)


def test_the_subsidy_is_that_of_the_height_path_by_path():
    clock = BlockClock(1_049_900, START, TH_S, 3)
    assert clock.subsidy() == 3.125
    clock.run(TH_S * np.array([0.1, 1.0, 2.0]), 1.0)
    np.testing.assert_array_equal(clock.subsidy(), [3.125, 1.5625, 1.5625])
    clock.run(TH_S * np.array([30.0, 1.0, 1.0]), 1.0)
    assert clock.subsidy() == 1.5625
    assert BlockClock(0, 1.0, 1.0, 1).subsidy() == 50.0


# The response


def test_a_network_at_rest_stays_there_at_a_block_every_600_298_seconds():
    found = rows(Joint([CALM, miners(elasticity=0.0)]))
    np.testing.assert_allclose(found[HASHRATE], TH_S, rtol=1e-12)
    np.testing.assert_allclose(found[DIFFICULTY][-1], START * 2016 / 2015, rtol=1e-12)
    assert (found[DIFFICULTY][0] == START).all()


def test_without_feedback_half_of_the_gap_closes_in_a_half_life():
    found = rows(Joint([CALM, miners(elasticity=0.0, fleet_th_s=4.0 * TH_S)]))[HASHRATE][:, 0] / TH_S
    np.testing.assert_allclose(np.log2(found[[0, 30, 60, 90]]), [0.0, 1.0, 1.5, 1.75], rtol=1e-12)


def test_the_fleet_grows():
    found = rows(Joint([CALM, miners(elasticity=0.0, half_life_days=0.01, fleet_growth=0.4)]))[HASHRATE][:, 0]
    np.testing.assert_allclose(np.log(found[[1, 366]] / TH_S), [0.0, 0.4], atol=1e-12)


@pytest.mark.parametrize("elasticity", [0.25, 1.0, 2.0])
def test_at_rest_hash_rate_follows_revenue_by_the_elasticity_over_one_more(elasticity):
    grid = TimeGrid.daily("2026-01-01", days=1500)
    terms = {"elasticity": elasticity, "height": 840_000, "half_life_days": 10.0}
    low, high = (
        rows(Joint([Constants({BTC: price, FEES: 0.025}), miners(**terms)]), grid=grid)
        for price in (90_000.0, 180_000.0)
    )
    before = slice(900, 1300)
    ratio = (high[HASHRATE][before, 0] / low[HASHRATE][before, 0]).mean()
    assert np.log2(ratio) == pytest.approx(elasticity / (1.0 + elasticity), abs=2e-3)
    # supply = fleet (hashprice / breakeven) ** elasticity holds by itself
    offered = TH_S * (hashprice_per_ph_s_day(high[DIFFICULTY][1200, 0], 3.15, 180_000.0) / OPENING) ** elasticity
    assert high[HASHRATE][1200, 0] == pytest.approx(offered, rel=2e-3)


def test_a_more_efficient_fleet_brings_hash_rate_at_the_same_price():
    found = rows(Joint([CALM, miners(breakeven_growth=-0.3, half_life_days=1.0)]))[HASHRATE][:, 0]
    # d log H = elasticity / (1 + elasticity) * 0.3 a year, behind by the lag of the retarget
    assert np.log(found[400] / found[35]) == pytest.approx(0.1, abs=5e-3)


def test_a_fall_of_the_price_takes_hash_rate_and_then_difficulty_down():
    world = Shocked(Joint([CALM, miners()]), Shock(BTC, day=30, change=-0.5))
    found = rows(world)
    assert found[HASHRATE][30, 0] == pytest.approx(TH_S, rel=1e-2)
    assert found[HASHRATE][90, 0] < 0.85 * TH_S
    assert found[DIFFICULTY][44, 0] > found[DIFFICULTY][90, 0]


def test_a_halving_by_height_takes_hash_rate_down():
    found = rows(Joint([CALM, miners(height=1_050_000 - 144 * 30, elasticity=1.0)]))[HASHRATE][:, 0] / TH_S
    assert found[29] == pytest.approx(1.0, abs=2e-3)
    assert found[34] < 0.96
    assert np.log2(found[-1]) == pytest.approx(-0.5, abs=0.02)


def test_the_noise_has_its_volatility():
    grid = TimeGrid.daily("2026-01-01", days=50)
    terms = miners(elasticity=0.0, half_life_days=20.0, volatility=0.3)
    found = np.log(rows(Joint([CALM, terms]), paths=8_192, grid=grid)[HASHRATE] / TH_S)
    speed = np.log(2.0) * 365.0 / 20.0
    for day in (1, 20, 50):
        deviation = 0.3 * np.sqrt((1.0 - 0.25 ** (day / 20.0)) / (2.0 * speed))
        assert abs(found[day].mean()) < 4.0 * deviation / np.sqrt(8_192)
        assert abs(found[day].std() / deviation - 1.0) < 4.0 / np.sqrt(2.0 * 8_192)


def test_a_price_of_nothing_leaves_a_positive_hash_rate():
    world = Shocked(Joint([Constants({BTC: 1.0, FEES: 0.0}), miners(elasticity=3.0)]), Shock(BTC, day=5, change=-1.0))
    found = rows(world)
    assert (found[HASHRATE] > 0.0).all()
    assert np.isfinite(found[DIFFICULTY]).all()


# What is refused


def test_it_must_come_after_what_it_follows():
    with pytest.raises(InputError, match=r"must have the part that gives .* before HashrateResponse"):
        Joint([miners(), CALM])
    with pytest.raises(InputError, match=r"^Joint: follows BlockFees.*, which no part gives"):
        Joint([DRAWN, miners()]).market(GRID, frozenset({DIFFICULTY}), streams=Streams(1), n_paths=1)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"half_life_days": 0.0}, r"HashrateResponse\.half_life_days: must be in \(0"),
        ({"difficulty": 0.0}, r"\.difficulty"),
        ({"height": -1}, r"\.height"),
        ({"elasticity": -0.5}, r"\.elasticity"),
        ({"breakeven": 0.0}, r"\.breakeven"),
        ({"breakeven_growth": 20.0}, r"\.breakeven_growth"),
        ({"volatility": 30}, r"\.volatility.*percent"),
        ({"fleet_th_s": 0.0}, r"\.fleet_th_s"),
        ({"hashrate_th_s": -1.0}, r"\.hashrate_th_s"),
        ({"fleet_growth": -11.0}, r"\.fleet_growth"),
    ],
)
def test_what_is_refused(terms, words):
    with pytest.raises(InputError, match=words):
        miners(**terms)


def test_notes_say_what_it_does():
    assert "at height 923,328" in miners().describe()[1]
