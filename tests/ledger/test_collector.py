"""What parts of a run have in common is kept once, and lines can be kept alone."""

from collections.abc import Mapping

import attrs
import numpy as np
import pytest

from stakingmodels import Holding, Outcome, TimeGrid, compare, products, scenarios, simulate
from stakingmodels.engine.simulation import PART
from stakingmodels.errors import InputError
from stakingmodels.ledger.collector import PathColumn

GRID = TimeGrid.daily(scenarios.REFERENCE_START, days=10, settlement_days=15)
PATHS = PART + 500
LEFT_OUT = ("native", "coins", "units", "unpaid_by_day")


def run(keep, **options):
    return simulate(
        products.reference(), scenarios.reference(), GRID, capital=100_000.0, n_paths=PATHS, rng=2, keep=keep, **options
    )


@pytest.fixture(scope="module")
def lines():
    return run("summary")


@pytest.fixture(scope="module")
def totals():
    return run("totals")


def arrays(outcome):
    """Its own arrays, and those in its mappings."""
    found: list = []
    for field in attrs.fields(Outcome):
        value = getattr(outcome, field.name)
        found += value.values() if hasattr(value, "values") else [value]
    return [array for array in found if isinstance(array, np.ndarray)]


def test_lines_alone_change_no_yield_and_no_risk(lines, totals):
    for name in totals:
        for one, other in ((lines[name].yields(), totals[name].yields()), (lines[name].risk(), totals[name].risk())):
            for field in attrs.fields(type(other)):
                if field.name == "_outcome":  # what the rates are read off
                    continue
                a, b = getattr(one, field.name), getattr(other, field.name)
                if isinstance(b, Mapping):
                    assert dict(a) == dict(b), field
                    continue
                assert np.array_equal(np.asarray(a), np.asarray(b), equal_nan=isinstance(b, np.ndarray | float)), field


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_was_not_kept_is_refused_by_name(lines, totals, name):
    assert lines["staking pool"].is_summary
    assert not totals["staking pool"].is_summary
    with pytest.raises(InputError, match=rf"^Outcome\.{name}: is not in a run that kept lines only.*keep=\"totals\""):
        getattr(lines["staking pool"], name)


@pytest.mark.once
def test_a_comparison_of_lines_has_no_ladder(lines):
    comparison = compare(lines)
    assert all(np.isnan(row.paid_by_1d) for row in comparison.liquidity.rows)
    assert "staking pool" in comparison.to_text()
    assert "Share" not in comparison.to_text()


def test_lines_and_eight_figures_a_path(lines):
    seen = {}
    for outcome in lines.values():
        for array in arrays(outcome):
            size = array.itemsize if array.strides == (0,) else array.nbytes
            seen[array.__array_interface__["data"][0]] = size
    assert sum(seen.values()) <= sum(8 * (len(outcome.lines) + 8) * PATHS for outcome in lines.values())


def test_products_of_one_coin_share_its_growth(lines):
    pool, exchange = lines["staking pool"], lines["exchange earn"]
    assert np.shares_memory(pool.asset_growth_at_exit, exchange.asset_growth_at_exit)
    assert lines["staking pool"].opening_price.strides == (0,)


def test_a_first_part_does_not_stay_alive():
    outcome = simulate({"hold": Holding(asset="ETH")}, scenarios.reference(), GRID, capital=1.0, n_paths=5, rng=1)[
        "hold"
    ]
    assert all(array.size == 5 for array in arrays(outcome))


# Columns


def column(value=0.0, dedup=None, n=6):
    return PathColumn(n, np.array(value), dedup)


def test_one_number_stays_one_number():
    found = column(7.0)
    found.put(0, np.full(4, 7.0))
    found.put(4, np.full(2, 7.0))
    assert (found.freeze(6).tolist(), found.freeze(6).strides) == ([7.0] * 6, (0,))


def test_a_number_that_changes_later_is_spread():
    found = column(7.0)
    found.put(0, np.full(4, 7.0))
    found.put(4, np.array([7.0, 8.0]))
    assert found.freeze(6).tolist() == [7.0, 7.0, 7.0, 7.0, 7.0, 8.0]


def test_what_is_alike_is_one_array_until_it_differs():
    dedup: dict = {}
    first, same, other = (column(dedup=dedup) for _ in range(3))
    for each in (first, same, other):
        each.put(0, np.arange(4.0))
    first.put(4, np.array([8.0, 9.0]))
    same.put(4, np.array([8.0, 9.0]))
    other.put(4, np.array([8.0, -9.0]))
    assert np.shares_memory(first.freeze(6), same.freeze(6))
    assert first.freeze(6).tolist() == [0.0, 1.0, 2.0, 3.0, 8.0, 9.0]
    assert other.freeze(6).tolist() == [0.0, 1.0, 2.0, 3.0, 8.0, -9.0]


def test_the_original_may_be_frozen_first_and_cannot_be_changed():
    dedup: dict = {}
    first, same = column(dedup=dedup), column(dedup=dedup)
    first.put(0, np.arange(6.0))
    same.put(0, np.arange(6.0))
    frozen = first.freeze(6)
    assert same.freeze(6) is frozen
    with pytest.raises(ValueError, match="WRITEABLE"):
        frozen.flags.writeable = True
