"""Steps of a reversion to a mean, by its definition."""

import numpy as np
import pytest

from stakingmodels import Price, TimeGrid
from stakingmodels.scenarios import Drivers, Streams
from stakingmodels.scenarios.processes.reverting import ReversionSteps

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=5)


def test_half_of_a_gap_is_left_after_a_half_life():
    steps = ReversionSteps.settling(0.0, 1.0, GRID)
    rows = np.zeros((4, 3))
    steps.pull(1, np.array([8.0, 4.0, -8.0]), rows, np.empty(3))
    assert rows.tolist() == [[4.0, 2.0, -4.0], [2.0, 1.0, -2.0], [1.0, 0.5, -1.0], [0.5, 0.25, -0.5]]


def test_a_level_comes_half_way_to_its_target_in_a_half_life():
    row = np.array([0.25, 0.0])
    ReversionSteps.settling(0.0, 1.0, GRID).pull_to(np.array([10.0, 10.0]), 2, np.array([2.0, 10.0]), row)
    assert row.tolist() == [6.25, 10.0]


def test_noise_keeps_the_deviation_that_it_settles_at():
    steps = ReversionSteps.settling(0.3, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), GRID)
    assert steps.kept**2 * 0.3**2 + steps.standard_deviation**2 == pytest.approx(0.3**2, rel=1e-15)


def test_without_a_pull_noise_diffuses():
    steps = ReversionSteps.diffusing(0.5, 1e7, GRID)
    assert steps.standard_deviation == pytest.approx(0.5 * np.sqrt(1.0 / 365.0), rel=1e-6)


def test_noise_is_none_or_as_deviant_as_it_is_said_to_be():
    noise = Drivers((ETH,)).noise(Streams(1), 8_192)
    rows = np.full((5, 8_192), 7.0)
    ReversionSteps.settling(0.0, 1.0, GRID).fill_noise(noise, ETH, 0, rows)
    assert not rows.any()
    steps = ReversionSteps.settling(0.3, 2.0, GRID)
    steps.fill_noise(noise, ETH, 0, rows)
    assert rows.std(axis=1) == pytest.approx(steps.standard_deviation, rel=0.05)
