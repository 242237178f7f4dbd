"""Fees that return to a mean: their law, and that nothing else changes them."""

import numpy as np
import pytest

from stakingmodels import BlockFees, InputError, InputTypeError, Price, TimeGrid
from stakingmodels.scenarios import LogOrnsteinUhlenbeck, MeanRevertingFees, Streams

FEES = BlockFees("BTC")
GRID = TimeGrid.daily("2026-01-01", days=61)


def world(**terms):
    return MeanRevertingFees(
        FEES, LogOrnsteinUhlenbeck(**({"mean": 0.02, "standard_deviation": 0.8, "half_life_days": 10.0} | terms))
    )


def rows(scenario, paths=8_192, grid=GRID):
    market = scenario.market(grid, frozenset({FEES}), streams=Streams(1), n_paths=paths)
    found = np.concatenate([chunk.rows[FEES].copy() for chunk in market.chunks()])
    again = np.concatenate([chunk.rows[FEES].copy() for chunk in market.chunks()])
    np.testing.assert_array_equal(found, again)
    return found


def test_rows_hold_for_intervals_and_open_at_the_start():
    found = rows(world(initial_level=0.05))
    assert found.shape == (61, 8_192)
    np.testing.assert_allclose(found[0], 0.05, rtol=1e-14)
    np.testing.assert_allclose(rows(world())[0], 0.02, rtol=1e-14)


@pytest.mark.parametrize("step", [1, 10, 60])
def test_mean_and_deviation_of_the_logarithm(step):
    logs = np.log(rows(world(initial_level=0.05))[step])
    centre, kept = np.log(0.02) - 0.32, 0.5 ** (step / 10.0)
    deviation = 0.8 * np.sqrt(1.0 - kept**2)
    assert abs(logs.mean() - centre - kept * (np.log(0.05) - centre)) < 4.0 * deviation / np.sqrt(logs.size)
    assert abs(logs.std() / deviation - 1.0) < 4.0 / np.sqrt(2.0 * logs.size)


def test_the_mean_in_the_long_run_is_the_mean():
    last = rows(world(half_life_days=1.0))[-1]
    error = 0.02 * np.sqrt(np.expm1(0.64) / last.size)
    assert abs(last.mean() - 0.02) < 4.0 * error
    assert last.max() > 0.02 * 8.0  # heavy-tailed: the largest of 8,192 is 3.7 deviations out


def test_without_deviation_half_of_a_gap_closes_in_each_half_life():
    found = rows(world(standard_deviation=0.0, initial_level=0.08))
    assert found.shape == (61, 1)
    np.testing.assert_allclose(found[[0, 10, 20], 0], [0.08, 0.04, 0.02 * 2.0**0.5], rtol=1e-12)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"half_life_days": 0.0}, r"LogOrnsteinUhlenbeck\.half_life_days: must be in \(0"),
        ({"mean": 0.0}, r"LogOrnsteinUhlenbeck\.mean"),
        ({"initial_level": -1.0}, r"LogOrnsteinUhlenbeck\.initial_level"),
        ({"standard_deviation": -0.1}, r"LogOrnsteinUhlenbeck\.standard_deviation"),
        ({"standard_deviation": 80}, r"LogOrnsteinUhlenbeck\.standard_deviation.*percent"),
    ],
)
def test_what_is_refused(terms, words):
    with pytest.raises(InputError, match=words):
        world(**terms)


def test_wrong_types_are_refused():
    with pytest.raises(InputTypeError, match=r"MeanRevertingFees\.fees"):
        MeanRevertingFees(Price("BTC"), LogOrnsteinUhlenbeck(1.0, standard_deviation=0.1, half_life_days=1.0))  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"MeanRevertingFees\.terms"):
        MeanRevertingFees(FEES, 0.02)  # type: ignore[arg-type]
