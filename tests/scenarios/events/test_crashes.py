"""When a price has crashed: the rolling high by plain loops, and what it refuses."""

import numpy as np
import pytest

from stakingmodels import Event, InputError, InputTypeError, Price, TimeGrid
from stakingmodels.scenarios import Crash
from stakingmodels.scenarios.events.crashes import CrashDetector

ETH = Price("ETH")


def seen(crash, grid, prices):
    watch = CrashDetector(crash, grid)
    return np.array([watch.update(time, row).copy() for time, row in enumerate(prices)])


@pytest.mark.parametrize("days", [1.0, 2.5, 7.0, 90.0])
@pytest.mark.parametrize("gaps", [np.ones(40), np.tile([1.0, 3.0, 0.5, 7.0], 10)])
def test_a_crash_is_a_fall_below_the_highest_of_the_window(days, gaps):
    seconds = np.concatenate([[0], np.cumsum(gaps * 86_400)]).astype("timedelta64[s]")
    grid = TimeGrid(np.datetime64("2026-01-01", "s") + seconds)
    prices = np.exp(np.cumsum(0.1 * np.random.default_rng(1).standard_normal((grid.n_times, 20)), axis=0))
    found = seen(Crash(ETH, fall=0.2, within_days=days), grid, prices)
    for time in range(grid.n_times):
        window = (grid.elapsed_days >= grid.elapsed_days[time] - days) & (np.arange(grid.n_times) <= time)
        np.testing.assert_array_equal(found[time], prices[time] < 0.8 * prices[window].max(axis=0))
    assert found.any()


def test_a_crash_ends_when_the_high_is_past_or_the_price_has_recovered():
    grid = TimeGrid.daily("2026-01-01", days=6)
    prices = np.array(
        [[100.0, 100.0], [70.0, 70.0], [70.0, 90.0], [70.0, 90.0], [70.0, 90.0], [70.0, 90.0], [70.0, 60.0]]
    )
    found = seen(Crash(ETH, fall=0.25, within_days=2.0), grid, prices)
    np.testing.assert_array_equal(found[:, 0], [False, True, True, False, False, False, False])
    np.testing.assert_array_equal(found[:, 1], [False, True, False, False, False, False, True])


def test_a_watch_can_begin_anew():
    grid = TimeGrid.daily("2026-01-01", days=1)
    watch = CrashDetector(Crash(ETH, fall=0.25, within_days=7.0), grid)
    for _ in range(2):
        assert not watch.update(0, np.array([100.0]))[0]
        assert watch.update(1, np.array([70.0]))[0]


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"fall": 0.0}, InputError, r"Crash\.fall: must be a fraction in \(0, 1\)"),
        ({"fall": 1.0}, InputError, r"Crash\.fall"),
        ({"fall": 30}, InputError, "percent"),
        ({"within_days": 0}, InputError, r"Crash\.within_days"),
        ({"within_days": 91.0}, InputError, r"Crash\.within_days: too large"),
        ({"price": Event("x")}, InputTypeError, r"Crash\.price"),
    ],
)
def test_what_is_refused(terms, error, words):
    with pytest.raises(error, match=words):
        Crash(**({"price": ETH, "fall": 0.2, "within_days": 7.0} | terms))
