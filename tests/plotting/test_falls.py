"""A drawdown is the fall below the highest value so far, and its deepest point that of the outcome."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import TimeGrid, products, simulate
from stakingmodels.errors import InputError
from stakingmodels.scenarios import reference

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def test_lines_are_quantiles_of_the_fall_below_the_peak(valued):
    outcome = valued["liquid token"]
    ax = plotting.drawdown(outcome)
    peak = np.maximum(np.maximum.accumulate(outcome.values, axis=0), outcome.capital)
    falls = outcome.values / peak - 1.0
    np.testing.assert_allclose(ax.lines[0].get_ydata(), np.median(falls, axis=1), atol=1e-14)
    deepest = np.quantile(falls, 0.05, axis=1, method="inverted_cdf")
    np.testing.assert_allclose(ax.lines[1].get_ydata(), deepest, atol=1e-14)


def test_the_deepest_point_of_one_path_is_its_maximum_drawdown(valued):
    one = valued["staking pool"].slice_paths(3, 4)
    assert -plotting.drawdown(one).lines[0].get_ydata().min() == pytest.approx(one.max_drawdown[0], rel=1e-12)


def test_it_needs_values(results):
    with pytest.raises(InputError, match=r'^drawdown: needs the value of each day, .* \(run it with keep="values"\)$'):
        plotting.drawdown(results["liquid token"])


def test_the_day_of_asking_to_leave_is_marked_and_told(valued):
    ax = plotting.drawdown(valued["liquid token"])
    assert "the holder asks to leave on day 30" in plotting.alt(ax)
    assert "asks to leave" in [text.get_text() for text in ax.texts]
    assert [30.0, 30.0] in [[*line.get_xdata()] for line in ax.lines]


def test_a_reducer_gives_the_falls_of_the_paths():
    rows = {name: products.reference()[name] for name in ("staking pool", "cloud mining")}
    grid, told = TimeGrid.daily("2026-01-01", days=8, settlement_days=4), {"falls": plotting.Drawdown()}
    given: dict[str, Any] = {"capital": 1e5, "n_paths": 8_192 + 500, "rng": 3}
    kept = simulate(rows, reference(), grid, keep="values", **given)
    reduced = simulate(rows, reference(), grid, keep="none", reducers=told, **given).reduced["falls"]
    for name in rows:
        exact, counted = (plotting.drawdown(each[name]) for each in (kept, reduced))
        for line, other in zip(exact.lines[:2], counted.lines[:2], strict=True):
            np.testing.assert_array_equal(line.get_xdata(), other.get_xdata())
            np.testing.assert_allclose(line.get_ydata(), other.get_ydata(), atol=5.001e-4)
        assert counted.get_title("left") == exact.get_title("left")


def test_few_times_see_the_peak_of_all():
    rows, grid = {"pool": products.reference()["staking pool"]}, TimeGrid.daily("2026-01-01", days=30)
    few, all_of_them = (
        simulate(
            rows,
            reference(),
            grid,
            capital=1e5,
            n_paths=50,
            rng=3,
            keep="none",
            reducers={"x": plotting.Drawdown(n_times=n)},
        ).reduced["x"]["pool"]
        for n in (3, 31)
    )
    assert [*few.days] == [0.0, 15.0, 30.0]
    assert [*few.deep] == [*all_of_them.deep[[0, 15, 30]]]
