"""Points of risk and return are those of the rows, and points of price views those of the views."""

from typing import Any

import pytest

import stakingmodels
from stakingmodels.errors import InputTypeError

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def test_points_are_the_rows(comparison):
    ax = plotting.risk_return(comparison)
    found = {
        p.get_label(): (p.get_xdata()[0], p.get_ydata()[0]) for p in ax.lines if p.get_marker() not in {"", "None"}
    }
    assert found == {row.product: (row.expected_shortfall, row.return_mean) for row in comparison.rows if row.opened}


def test_points_are_the_views(comparison):
    views = comparison.price_views((-0.5, 1.0), n_paths=16)
    ax = plotting.price_views(views)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == list(views.products)
    points = [line for line in ax.lines if line.get_marker() not in {"", "None"}]
    for view, line in zip(views.views, points, strict=True):
        drawn = {names[round(y)]: x for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)}
        assert drawn == {row.product: row.money for row in views.rows if row.view == view}


def test_other_things_are_refused(results):
    with pytest.raises(InputTypeError, match=r"^risk_return: comparison: must be Comparison"):
        plotting.risk_return(results)
    with pytest.raises(InputTypeError, match=r"^price_views: must be PriceViews"):
        plotting.price_views(results)
