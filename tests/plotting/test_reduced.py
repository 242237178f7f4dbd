"""Counted returns and values of a run that keeps no paths give the picture of one that keeps them."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import Holding, TimeGrid, products, scenarios, simulate
from stakingmodels.errors import InputError
from stakingmodels.plotting.bands import bands_of
from stakingmodels.plotting.counted import SHARES

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds
ROWS = {name: products.reference()[name] for name in ("liquid token", "cloud mining")}
GRID = TimeGrid.daily("2026-01-01", days=16, settlement_days=4)
PATHS = 8_192 + 500  # two groups


@pytest.fixture(scope="module")
def kept():
    return simulate(ROWS, scenarios.reference(), GRID, capital=1e5, n_paths=PATHS, rng=3, keep="values")


@pytest.fixture(scope="module")
def reduced():
    reducers = {"returns": plotting.Histogram(PATHS), "fan": plotting.Fan(n_times=500)}
    world = scenarios.reference()
    return simulate(ROWS, world, GRID, capital=1e5, n_paths=PATHS, rng=3, keep="none", reducers=reducers).reduced


@pytest.mark.once
def test_counts_are_those_of_the_paths(kept, reduced):
    whole, counted = (plotting.distribution(each) for each in (kept, reduced["returns"]))
    for one, other in zip(whole.patches, counted.patches, strict=True):
        np.testing.assert_array_equal(one.get_data()[0], other.get_data()[0])
        np.testing.assert_array_equal(one.get_data()[1], other.get_data()[1])
    assert plotting.alt(whole) == plotting.alt(counted)
    for name, outcome in kept.items():
        risk, found = outcome.risk(), reduced["returns"][name]
        assert (found.value_at_risk, found.expected_shortfall) == (risk.value_at_risk, risk.expected_shortfall)
        assert found.mean == pytest.approx(float(np.mean(outcome.returns)), rel=1e-12)
        assert (found.least, found.most) == (outcome.returns.min(), outcome.returns.max())


def test_counts_of_another_level_are_refused(reduced):
    with pytest.raises(InputError, match=r"^distribution: confidence_level: must be the 0\.95 of the counts, got 0\.9"):
        plotting.distribution(reduced["returns"], confidence_level=0.9)


def test_bands_are_within_a_bin_of_the_quantiles(kept, reduced):
    for name, outcome in kept.items():
        exact, counted = bands_of("fan", outcome), reduced["fan"][name]
        np.testing.assert_array_equal(exact.days, counted.days)
        for share in SHARES:
            np.testing.assert_allclose(counted.quantiles[share], exact.quantiles[share], rtol=2.1e-3)


def test_a_fan_of_a_reducer_is_drawn(reduced):
    ax = plotting.fan(reduced["fan"]["liquid token"])
    assert f"{PATHS:,} paths" in ax.get_title(loc="left").replace("\n", " ")
    assert len(ax.collections) == 2


def test_few_times_hold_the_exit_and_the_end():
    fan = {"fan": plotting.Fan(n_times=5)}
    found = simulate(ROWS, scenarios.reference(), GRID, capital=1e5, n_paths=20, rng=3, keep="none", reducers=fan)
    days = found.reduced["fan"]["liquid token"].days
    assert [*days] == [0.0, 5.0, 10.0, 15.0, 16.0, 20.0]


def test_values_of_nothing_are_counted_as_nothing():
    gone = simulate(ROWS, scenarios.reference(), GRID, capital=1e5, n_paths=20, rng=3, keep="values")["cloud mining"]
    lost = np.array(gone.values)
    lost[-1, :15] = 0.0
    import attrs

    counted = plotting.Fan().result(plotting.Fan().summarize({"x": attrs.evolve(gone, values=lost)}))["x"]
    assert [counted.quantiles[q][-1] for q in (0.05, 0.5, 0.75)] == [0.0, 0.0, 0.0]
    assert counted.quantiles[0.95][-1] > 0.0


def test_a_reducer_says_what_it_lacks():
    fan, few = {"fan": plotting.Fan()}, {"returns": plotting.Histogram(3)}
    given: dict[str, Any] = {"capital": 1e5, "n_paths": 20, "rng": 3}
    with pytest.raises(InputError, match=r"^Fan: needs the value of each day"):
        simulate(ROWS, scenarios.reference(), GRID, reducers=fan, **given)
    with pytest.raises(InputError, match=r"^Histogram\.n_paths: must be at least the 20 of the run, got 3"):
        simulate(ROWS, scenarios.reference(), GRID, reducers=few, **given)


def test_the_middle_of_an_even_number_of_paths_lies_between_two():
    def made(**how):
        grid = TimeGrid.daily("2026-01-01", days=90)
        return simulate({"hold": Holding("ETH")}, scenarios.reference(), grid, capital=1e3, n_paths=2, rng=1, **how)

    bands = made(keep="none", reducers={"fan": plotting.Fan()}).reduced["fan"]["hold"]
    low, high = sorted(made(keep="values")["hold"].values[-1])
    assert high > 1.1 * low
    assert bands.quantiles[0.5][-1] == pytest.approx(0.5 * (low + high), rel=0.002)
