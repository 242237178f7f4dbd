"""Bands of a fan are quantiles of the values."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import Distribution

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def band(area):
    """Lower and upper edge of a filled band, by day."""
    points = area.get_paths()[0].vertices
    days = np.unique(points[:, 0])
    low = np.array([points[points[:, 0] == day, 1].min() for day in days])
    high = np.array([points[points[:, 0] == day, 1].max() for day in days])
    return days, low, high


def test_bands_are_quantiles_of_the_values(valued):
    outcome = valued["liquid token"]
    ax = plotting.fan(outcome)
    for area, (low, high) in zip(ax.collections, ((0.05, 0.95), (0.25, 0.75)), strict=True):
        days, below, above = band(area)
        rows = [Distribution(row.copy()) for row in outcome.values]
        np.testing.assert_array_equal(days, outcome.grid.elapsed_days)
        np.testing.assert_array_equal(below, [row.quantile(low) for row in rows])
        np.testing.assert_array_equal(above, [row.quantile(high) for row in rows])
    (middle,) = (line for line in ax.lines if len(line.get_xdata()) == days.size)
    np.testing.assert_array_equal(middle.get_ydata(), np.median(outcome.values, axis=1))


def test_quantiles_are_those_of_numpy_by_the_rule_of_the_library(valued):
    outcome = valued["staking pool"]
    _, below, _ = band(plotting.fan(outcome).collections[0])
    np.testing.assert_array_equal(below, np.quantile(outcome.values, 0.05, axis=1, method="inverted_cdf"))


def test_a_recorded_path_is_drawn_as_it_is(valued):
    one = valued["liquid token"].slice_paths(7, 8)
    ax = plotting.fan(valued["liquid token"], recorded=one)
    lines = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == one.grid.n_times]
    assert any(np.array_equal(line, one.values[:, 0]) for line in lines)
    with pytest.raises(InputError, match=r"^fan: recorded: must be the outcome of one path, got 101"):
        plotting.fan(valued["liquid token"], recorded=valued["liquid token"])
    other = next(name for name in valued if valued[name].product != valued["liquid token"].product)
    with pytest.raises(InputError, match=r"^fan: recorded: must be of LiquidStakingToken, in USD, as the fan is, got"):
        plotting.fan(valued["liquid token"], recorded=valued[other].slice_paths(0, 1))


def test_a_fan_needs_values(results):
    with pytest.raises(InputError, match=r'^fan: needs the value of each day, .* \(run it with keep="values"\)$'):
        plotting.fan(results["liquid token"])
    with pytest.raises(InputTypeError, match=r"^fan: must be ValueBands"):
        plotting.fan(results)


def test_one_path_is_a_line(valued):
    ax = plotting.fan(valued["liquid token"].slice_paths(0, 1))
    assert list(ax.collections) == []


@pytest.mark.parametrize(("top", "corner"), [(120.0, "lower left"), (300.0, "upper left")])
def test_the_legend_of_a_fan_hides_no_opening(top, corner):
    days = np.array([0.0, 10.0])
    ends = {0.05: 90.0, 0.25: 95.0, 0.5: 100.0, 0.75: 0.9 * top, 0.95: top}
    bands = plotting.ValueBands(
        product="Holding",
        numeraire="USD",
        n_paths=9,
        capital=100.0,
        days=days,
        exit_day=10.0,
        quantiles={share: np.array([100.0, end]) for share, end in ends.items()},
    )
    legend = plotting.fan(bands).get_legend()
    assert legend._get_loc() == legend.codes[corner]


def test_results_instead_of_an_outcome_are_refused_with_what_to_write(valued):
    for picture in (plotting.fan, plotting.drawdown):
        with pytest.raises(InputTypeError, match=r'write results\["staking pool"\] of a run with keep="values"'):
            picture(valued)
