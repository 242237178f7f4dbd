"""A drawdown is the fall below the highest value so far, and its deepest point that of the outcome."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels.errors import InputError

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
