"""The ratio that jumps when prices crash: its law against closed forms and a plain loop, and what it refuses."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import Constants, Factor, InputError, InputTypeError, Joint, MarketRatio, Price, TimeGrid
from stakingmodels.scenarios import (
    GBM,
    Crash,
    GeometricBrownianMotion,
    JumpingPeg,
    MeanRevertingPeg,
    RedemptionHalt,
    Shock,
    Shocked,
    Streams,
)

STETH, ETH = MarketRatio("stETH"), Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=60)
CRASH = Crash(ETH, fall=0.25, within_days=7.0)
PRICES = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.9)})
TERMS: dict[str, Any] = {
    "mean": 0.998,
    "standard_deviation": 0.002,
    "half_life_days": 10.0,
    "jump_intensity": 20.0,
    "log_jump_mean": -0.02,
    "log_jump_volatility": 0.01,
}
CRASHING = {"crash": CRASH, "crash_jumps_a_year": 100.0, "jump_intensity": 0.5}


def peg(**terms):
    return JumpingPeg(STETH, **(TERMS | terms))


def rows(world, *factors, paths=8_192, grid=GRID, seed=1):
    asked = factors or (STETH,)
    market = world.market(grid, frozenset(asked), streams=Streams(seed), n_paths=paths)
    found: dict[Factor, list[np.ndarray]] = {f: [] for f in asked}
    for chunk in market.chunks():
        for f in asked:
            found[f].append(chunk.rows[f][: chunk.stop - chunk.start + (chunk.stop == grid.n_steps)].copy())
    table = {f: np.concatenate(parts) for f, parts in found.items()}
    return table if factors else table[STETH]


def law(steps, rate, depth=1.0, half_life=10.0):
    """Mean and variance of the gap after some daily steps from 0."""
    kept = 0.5 ** (np.arange(steps) / half_life)
    mean = rate / 365.0 * depth * -0.02 * kept.sum()
    jumps = rate / 365.0 * depth**2 * (0.02**2 + 0.01**2) * (kept**2).sum()
    return mean, jumps + 0.002**2 * (1.0 - 0.25 ** (steps / half_life))


@pytest.mark.parametrize("steps", [1, 10, 60])
def test_mean_and_variance_are_those_of_the_law(steps):
    gap = np.log(rows(peg())[steps] / 0.998)
    mean, variance = law(steps, 20.0)
    assert abs(gap.mean() - mean) < 4.0 * np.sqrt(variance / gap.size)
    fourth = ((gap - gap.mean()) ** 4).mean()
    assert abs(gap.var() - variance) < 4.0 * np.sqrt((fourth - variance**2) / gap.size)


def test_without_jumps_it_is_the_mean_reverting_ratio():
    plain = MeanRevertingPeg(STETH, mean=0.998, standard_deviation=0.002, half_life_days=10.0, initial_level=0.95)
    np.testing.assert_allclose(rows(peg(jump_intensity=0.0, initial_level=0.95)), rows(plain), rtol=1e-14)


def test_jumps_come_where_the_price_has_crashed():
    table = rows(Joint([PRICES, peg(**CRASHING, standard_deviation=0.0, log_jump_volatility=0.0)]), STETH, ETH)
    price, gaps = table[ETH], np.log(table[STETH] / 0.998)
    moves = gaps[1:] - gaps[:-1] * 0.5 ** (1 / 10)
    jumps = np.round(moves / -0.02)
    np.testing.assert_allclose(moves, -0.02 * jumps, atol=1e-9)
    high = np.array([price[max(0, k - 7) : k + 1].max(axis=0) for k in range(61)])
    crashed = (price < 0.75 * high)[1:]
    for mask, rate in ((crashed, 100.0 / 365.0), (~crashed, 0.5 / 365.0)):
        assert mask.sum() > 1_000
        assert abs(jumps[mask].mean() - rate) < 4.0 * np.sqrt(rate / mask.sum())


def test_a_crash_on_a_day_breaks_the_peg_on_that_day():
    world = Shocked(Joint([Constants({ETH: 3000.0}), peg(**CRASHING)]), Shock(ETH, day=30, change=-0.5))
    found = rows(world)
    calm, broken = (found[29] < 0.985).mean(), (found[30:38] < 0.985).mean(axis=1)
    assert calm < 0.01
    # the first day: a chance of 24 % of a jump, three in four of which are deep enough
    assert 0.15 < broken[0] < 0.24
    assert (broken[1:] > 0.3).all()
    assert (np.diff(found[37:].mean(axis=1)) > 0.0).all()  # the high of day 29 is past: it recovers


@pytest.mark.parametrize("steps", [10, 60])
def test_while_redemption_is_closed_jumps_are_deeper_and_stay(steps):
    closed = peg(closed=RedemptionHalt(depth=3.0, half_life_days=40.0))
    gap = np.log(rows(closed)[steps] / 0.998)
    mean, variance = law(steps, 20.0, 3.0, 40.0)
    assert abs(gap.mean() - mean) < 4.0 * np.sqrt(variance / gap.size)
    assert abs(gap.std() / np.sqrt(variance) - 1.0) < 0.1


def test_redemption_opens_on_its_day():
    calm = {"standard_deviation": 0.0, "jump_intensity": 0.0, "initial_level": 0.9, "mean": 1.0}
    found = np.log(
        rows(peg(**calm, closed=RedemptionHalt(depth=1.0, half_life_days=30.0, reopens_on="2026-01-31")), paths=2)
    )[:, 0]
    np.testing.assert_allclose(found[[0, 30, 40, 50]] / np.log(0.9), [1.0, 0.5, 0.25, 0.125])


WORLD = Joint(
    [PRICES, peg(**CRASHING, closed=RedemptionHalt(depth=2.0, half_life_days=40.0))], correlation={(ETH, STETH): 0.3}
)


def test_it_must_come_after_the_price():
    with pytest.raises(InputError, match=r'must have the part that gives Price\("ETH"\) before JumpingPeg'):
        Joint([peg(**CRASHING), PRICES])
    assert peg().depends_on == frozenset()


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"half_life_days": 0.0}, InputError, r"JumpingPeg\.half_life_days: must be in \(0"),
        ({"mean": 0.0}, InputError, r"\.mean"),
        ({"jump_intensity": -1.0}, InputError, r"\.jump_intensity"),
        ({"log_jump_volatility": -0.1}, InputError, r"\.log_jump_volatility"),
        ({"log_jump_mean": -20.0}, InputError, r"\.log_jump_mean"),
        ({"standard_deviation": -0.1}, InputError, r"\.standard_deviation"),
        ({"crash": CRASH}, InputError, r"\.crash_jumps_a_year: must be given together with crash"),
        ({"crash_jumps_a_year": 5.0}, InputError, "together with crash"),
        ({"crash": 0.25, "crash_jumps_a_year": 5.0}, InputTypeError, r"\.crash: must be Crash"),
        ({"closed": True}, InputTypeError, r"\.closed: must be RedemptionHalt"),
    ],
)
def test_what_is_refused(terms, error, words):
    with pytest.raises(error, match=words):
        peg(**terms)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"half_life_days": 0.0}, r"RedemptionHalt\.half_life_days"),
        ({"depth": 0.0}, r"RedemptionHalt\.depth"),
        ({"reopens_on": "soon"}, r"RedemptionHalt\.reopens_on: must be a date"),
    ],
)
def test_a_closed_time_that_is_refused(terms, words):
    with pytest.raises(InputError, match=words):
        RedemptionHalt(**({"depth": 2.0, "half_life_days": 40.0} | terms))


def test_notes_say_when_it_jumps():
    assert "while Price" in WORLD.describe()[2]
    assert "redemption closed" in WORLD.describe()[3]
