"""The mean-reverting ratio: its law, step by step and in the long run, and what it refuses."""

import itertools

import numpy as np
import pytest

from stakingmodels import InputError, InputTypeError, Joint, MarketRatio, Price, TimeGrid
from stakingmodels.scenarios import MeanRevertingPeg, Streams

STETH = MarketRatio("stETH")


def ratio(**terms):
    return MeanRevertingPeg(STETH, **({"mean": 0.998, "standard_deviation": 0.01, "half_life_days": 10.0} | terms))


def rows(world, days=60, paths=8_192, seed=1, block=0, step=1):
    """The ratio at every time of a grid, ``(n_times, n_paths)``."""
    times = np.datetime64("2026-01-01") + step * np.arange(days // step + 1)
    market = world.market(
        TimeGrid(times), frozenset({STETH}), streams=Streams(seed, first_path=8_192 * block), n_paths=paths
    )
    parts = [chunk.rows[STETH].copy() for chunk in market.chunks()]
    for before, after in itertools.pairwise(parts):
        np.testing.assert_array_equal(before[-1], after[0])
    return np.concatenate([parts[0][:1], *(part[1:] for part in parts)])


def test_it_opens_at_its_start():
    assert set(rows(ratio())[0]) == {0.998}
    assert set(rows(ratio(initial_level=0.95))[0]) == {0.95}


def test_without_deviation_half_of_a_gap_closes_in_each_half_life():
    found = rows(ratio(mean=1.0, initial_level=0.96, standard_deviation=0.0), paths=3)
    assert found.shape == (61, 1)
    np.testing.assert_allclose(np.log(found[[0, 10, 20, 60], 0]), np.log(0.96) * np.array([1, 1 / 2, 1 / 4, 1 / 64]))


@pytest.mark.parametrize("day", [1, 10, 60])
def test_mean_and_deviation_of_the_logarithm_are_those_of_the_law(day):
    gap = np.log(rows(ratio(initial_level=0.95))[day] / 0.998)
    kept = 0.5 ** (day / 10.0)
    deviation = 0.01 * np.sqrt(1.0 - kept**2)
    assert abs(gap.mean() - np.log(0.95 / 0.998) * kept) < 4.0 * deviation / np.sqrt(gap.size)
    assert abs(gap.std() / deviation - 1.0) < 4.0 / np.sqrt(2.0 * gap.size)


def test_neighbouring_days_correlate_as_the_half_life_says():
    gap = np.log(rows(ratio(), days=200) / 0.998)
    found = np.corrcoef(gap[190], gap[195])[0, 1]
    expected = 0.5 ** (5.0 / 10.0)
    assert abs(found - expected) < 4.0 * (1.0 - expected**2) / np.sqrt(gap.shape[1])


def test_long_steps_have_the_same_law_as_short_ones():
    daily, weekly = (np.log(rows(ratio(initial_level=0.95), days=28, step=step)[-1]) for step in (1, 7))
    assert abs(daily.mean() - weekly.mean()) < 4.0 * np.sqrt(2.0) * 0.01 / np.sqrt(daily.size)
    assert abs(daily.std() / weekly.std() - 1.0) < 4.0 / np.sqrt(daily.size)


def test_another_ratio_has_other_noise():
    other = MarketRatio("rETH")
    world = Joint([ratio(), MeanRevertingPeg(other, mean=0.998, standard_deviation=0.01, half_life_days=10.0)])
    grid = TimeGrid.daily("2026-01-01", days=5)
    market = world.market(grid, frozenset({STETH, other}), streams=Streams(1), n_paths=4)
    (chunk,) = market.chunks()
    assert (chunk.rows[STETH][1:] != chunk.rows[other][1:]).all()


REFUSED = {
    "mean of zero": ({"mean": 0.0}, "MeanRevertingPeg.mean: must be in (0, "),
    "deviation in percent": (
        {"standard_deviation": 14.0},
        "must be a fraction in [0, 10], got 14.0 (percent? write 0.14)",
    ),
    "negative deviation": ({"standard_deviation": -0.1}, "MeanRevertingPeg.standard_deviation: must be in [0, "),
    "no half-life": ({"half_life_days": 0.0}, "MeanRevertingPeg.half_life_days: must be in (0, "),
    "start below zero": ({"initial_level": -1.0}, "MeanRevertingPeg.initial_level: must be in (0, "),
    "NaN": ({"initial_level": np.nan}, "MeanRevertingPeg.initial_level: must be finite"),
}


@pytest.mark.parametrize(("terms", "sentence"), REFUSED.values(), ids=REFUSED)
def test_bad_terms_are_refused(terms, sentence):
    with pytest.raises(InputError) as told:
        ratio(**terms)
    assert sentence in str(told.value)


def test_a_price_is_no_ratio():
    with pytest.raises(
        InputTypeError, match=r'MeanRevertingPeg\.ratio: must be MarketRatio; write MarketRatio\("stETH"\)'
    ):
        MeanRevertingPeg(Price("ETH"), mean=1.0, standard_deviation=0.0, half_life_days=1.0)  # type: ignore[arg-type]
