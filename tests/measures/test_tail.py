import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import Distribution

VALUES = st.floats(-1e6, 1e6, width=32) | st.integers(-3, 3).map(float)
RESULTS = hnp.arrays(np.float64, st.integers(1, 60), elements=VALUES)
LEVELS = st.floats(0.001, 0.999) | st.sampled_from([0.01, 0.05, 0.07, 0.29, 0.5, 0.9, 0.95, 0.975, 0.99])
MEASURES = {
    "quantile": lambda results, level: Distribution(results).quantile(level),
    "value_at_risk": lambda results, level: Distribution(results).value_at_risk(level),
    "expected_shortfall": lambda results, level: Distribution(results).expected_shortfall(level),
    "standard_error": lambda results, level: Distribution(results).standard_error_of_expected_shortfall(level),
    "probability_of_loss": lambda results, _: Distribution(results).probability_of_loss(),
    "mean": lambda results, _: Distribution(results).mean(),
    "standard_deviation": lambda results, _: Distribution(results).standard_deviation(),
}
SUM = 1e-12


def shuffled(results, seed):
    return np.random.default_rng(seed).permutation(results.size)


def exact_expected_shortfall(results, level):
    """The mean of the worst losses with a fractional weight on the last, in rational numbers."""
    size = len(results) * (1 - Fraction(level))
    left, total = size, Fraction(0)
    for result in sorted(map(Fraction, map(float, results))):
        weight = min(left, Fraction(1))
        total -= weight * result
        left -= weight
    return float(total / size)


# Oracles


@given(RESULTS, st.integers(0, 64).map(lambda k: k / 64))
def test_quantile_is_numpys_inverted_cdf(results, share):
    assert Distribution(results).quantile(share) == np.quantile(results, share, method="inverted_cdf")


@given(RESULTS, st.integers(1, 63).map(lambda k: k / 64))
def test_value_at_risk_is_the_quantile_of_losses(results, level):
    assert Distribution(results).value_at_risk(level) == np.quantile(-results, level, method="inverted_cdf")


@given(RESULTS, LEVELS)
def test_expected_shortfall_is_the_exact_mean_of_the_tail(results, level):
    expected = exact_expected_shortfall(results, level)
    # a level such as 0.95 is taken for the decimal it was written as, which moves the tail by an ulp
    assert Distribution(results).expected_shortfall(level) == pytest.approx(
        expected, rel=0, abs=1e-10 * np.abs(results).max() + 1e-300
    )


@pytest.mark.parametrize(("level", "worst"), [(0.95, 5), (0.9, 10), (0.71, 29), (0.93, 7), (0.07, 93)])
def test_whole_tails_are_whole_for_decimal_levels(level, worst):
    losses = np.arange(100.0)
    tail = Distribution(-losses)
    assert tail.expected_shortfall(level) == pytest.approx(losses[-worst:].mean(), rel=1e-15)
    assert tail.value_at_risk(level) == losses[-worst - 1]
    assert np.count_nonzero(tail.tail_weights(level)) == worst


def test_a_level_next_to_one_takes_the_worst_path():
    tail = Distribution(np.array([3.0, -7.0, 1.0]))
    level = math.nextafter(1.0, 0.0)
    assert tail.value_at_risk(level) == tail.expected_shortfall(level) == 7.0
    assert tail.tail_weights(level).tolist() == [0.0, 1.0, 0.0]
    assert tail.expected_shortfall_split({"all": tail.values}, level) == {"all": 7.0}


def test_a_level_next_to_zero_takes_all_paths():
    tail = Distribution(np.array([3.0, -7.0, 1.0]))
    assert tail.value_at_risk(5e-324) == -3.0
    assert tail.expected_shortfall(5e-324) == pytest.approx(1.0, rel=1e-15)
    assert tail.tail_weights(5e-324) == pytest.approx([1 / 3] * 3, rel=1e-15)


@given(RESULTS, st.integers(0, 2**32))
def test_mean_and_standard_deviation_are_numpys(results, seed):
    tail = Distribution(results[shuffled(results, seed)])
    assert tail.mean() == pytest.approx(results.mean(), rel=0, abs=SUM * np.abs(results).sum() + 1e-300)
    if results.size > 1:
        assert tail.standard_deviation() == pytest.approx(results.std(ddof=1), rel=1e-9, abs=1e-9)


def test_standard_deviation_is_exact_for_a_spread_far_from_zero():
    assert Distribution(1e15 + np.array([-1.0, 0.0, 1.0])).standard_deviation() == 1.0


# Properties of risk measures


@given(RESULTS, LEVELS)
def test_expected_shortfall_is_not_below_value_at_risk(results, level):
    tail = Distribution(results)
    assert tail.expected_shortfall(level) >= tail.value_at_risk(level)


@given(RESULTS, LEVELS, LEVELS)
def test_measures_rise_with_the_level(results, one, other):
    low, high = sorted([one, other])
    tail = Distribution(results)
    slack = SUM * np.abs(results).sum()
    assert tail.value_at_risk(low) <= tail.value_at_risk(high)
    assert tail.expected_shortfall(low) <= tail.expected_shortfall(high) + slack


@given(RESULTS, LEVELS, st.floats(-1e6, 1e6))
def test_a_sure_gain_takes_as_much_off_the_risk(results, level, gain):
    before, after = Distribution(results), Distribution(results + gain)
    slack = SUM * (np.abs(results).max() + abs(gain)) * results.size
    assert after.value_at_risk(level) == pytest.approx(before.value_at_risk(level) - gain, rel=0, abs=slack)
    assert after.expected_shortfall(level) == pytest.approx(before.expected_shortfall(level) - gain, rel=0, abs=slack)


@given(
    hnp.arrays(np.float64, st.integers(1, 60), elements=st.integers(-(10**9), 10**9).map(lambda k: k / 1024)),
    LEVELS,
    st.integers(-20, 20),
)
@pytest.mark.parametrize("name", [each for each in MEASURES if each != "probability_of_loss"])
def test_measures_scale_with_the_results(name, results, level, power):
    before, after = MEASURES[name](results, level), MEASURES[name](results * 2.0**power, level)
    assert after == before * 2.0**power or (math.isnan(after) and math.isnan(before))


@given(st.data(), LEVELS)
def test_expected_shortfall_is_subadditive(data, level):
    n = data.draw(st.integers(1, 40))
    one, other = (data.draw(hnp.arrays(np.float64, n, elements=VALUES)) for _ in range(2))
    parts = Distribution(one).expected_shortfall(level) + Distribution(other).expected_shortfall(level)
    slack = SUM * (np.abs(one).sum() + np.abs(other).sum())
    assert Distribution(one + other).expected_shortfall(level) <= parts + slack


@given(RESULTS, LEVELS, st.integers(0, 2**32))
@pytest.mark.parametrize("name", MEASURES)
def test_no_measure_depends_on_the_order_of_paths(name, results, level, seed):
    one, other = MEASURES[name](results, level), MEASURES[name](results[shuffled(results, seed)], level)
    assert np.float64(one).tobytes() == np.float64(other).tobytes()


@given(st.data(), LEVELS)
def test_more_on_every_path_is_no_more_risk(data, level):
    worse = data.draw(RESULTS)
    better = worse + data.draw(hnp.arrays(np.float64, worse.size, elements=st.floats(0.0, 1e6)))
    slack = SUM * (np.abs(worse).sum() + np.abs(better).sum())
    low, high = Distribution(worse), Distribution(better)
    assert low.value_at_risk(level) >= high.value_at_risk(level)
    assert low.expected_shortfall(level) >= high.expected_shortfall(level) - slack
    assert low.probability_of_loss() >= high.probability_of_loss()


@given(st.floats(-1e100, 1e100), st.integers(2, 70), LEVELS)
def test_equal_results_have_no_spread(result, n, level):
    tail = Distribution(np.full(n, result))
    assert tail.standard_deviation() == 0.0
    assert tail.mean() == result
    assert tail.value_at_risk(level) == tail.expected_shortfall(level) == -result
    assert tail.standard_error_of_expected_shortfall(level) == 0.0 or n * (1.0 - level) < 2.0 + 1e-9


@given(RESULTS, LEVELS, st.integers(2, 5))
def test_every_path_repeated_changes_nothing(results, level, times):
    one, many = Distribution(results), Distribution(np.tile(results, times))
    slack = 1e-13 * np.abs(results).sum()
    assert many.value_at_risk(level) == one.value_at_risk(level)
    assert many.quantile(level) == one.quantile(level)
    assert many.probability_of_loss() == one.probability_of_loss()
    assert many.mean() == pytest.approx(one.mean(), rel=0, abs=slack)
    assert many.expected_shortfall(level) == pytest.approx(one.expected_shortfall(level), rel=0, abs=10 * slack)


@given(RESULTS, LEVELS, st.integers(0, 2**32))
def test_whole_weights_are_repeated_paths(results, level, seed):
    """Results weighted by whole numbers, some of them 0, by an independent weighted tail."""
    weights = np.random.default_rng(seed).integers(0, 4, results.size)
    weights[0] = 1
    repeated = Distribution(np.repeat(results, weights))
    left = size = weights.sum() * (1.0 - level)
    total = 0.0
    for k in np.argsort(results):
        total -= min(left, weights[k]) * results[k]
        left -= min(left, weights[k])
    slack = 1e-10 * np.abs(results).max()
    assert repeated.expected_shortfall(level) == pytest.approx(total / size, rel=0, abs=slack)


# The tail of single paths, and of lines


@given(RESULTS, LEVELS)
def test_tail_weights_make_the_expected_shortfall(results, level):
    tail = Distribution(results)
    weights = tail.tail_weights(level)
    assert weights.shape == results.shape
    assert weights.min() >= 0.0
    assert weights.sum() == pytest.approx(1.0, rel=1e-13)
    slack = 1e-11 * np.abs(results).max()
    assert -(weights * results).sum() == pytest.approx(tail.expected_shortfall(level), rel=0, abs=slack)


@given(RESULTS, LEVELS, st.integers(0, 2**32))
def test_tail_weights_move_with_their_paths(results, level, seed):
    order = shuffled(results, seed)
    moved = Distribution(results[order]).tail_weights(level)
    assert moved.tobytes() == Distribution(results).tail_weights(level)[order].tobytes()


def test_paths_tied_on_the_boundary_share_its_weight():
    tail = Distribution(np.array([-2.0, 5.0, -1.0, -1.0, -1.0, 5.0, 5.0, 5.0]))
    assert tail.tail_weights(0.75).tolist() == [0.5, 0.0, 1 / 6, 1 / 6, 1 / 6, 0.0, 0.0, 0.0]


@given(st.data(), LEVELS, st.integers(1, 6))
def test_contributions_of_lines_add_up_to_the_expected_shortfall(data, level, n_lines):
    n = data.draw(st.integers(1, 40))
    lines = {k: data.draw(hnp.arrays(np.float64, n, elements=VALUES)) for k in range(n_lines)}
    total = Distribution(sum(lines.values(), np.zeros(n)))
    split = total.expected_shortfall_split(lines, level)
    terms = sum(np.abs(line).sum() for line in lines.values())
    assert list(split) == list(lines)
    assert sum(split.values()) == pytest.approx(
        total.expected_shortfall(level), rel=0, abs=SUM * terms / min(1.0, n * (1 - level)) + 1e-300
    )


@given(st.data(), LEVELS, st.integers(0, 2**32))
def test_contributions_do_not_depend_on_the_order_of_paths(data, level, seed):
    results = data.draw(RESULTS)
    line = data.draw(hnp.arrays(np.float64, results.size, elements=VALUES))
    order = shuffled(results, seed)
    here = Distribution(results).expected_shortfall_split({"line": line}, level)["line"]
    there = Distribution(results[order]).expected_shortfall_split({"line": line[order]}, level)["line"]
    assert np.float64(here).tobytes() == np.float64(there).tobytes()


def test_a_contribution_is_the_change_when_the_line_grows():
    """Euler: the slope of the expected shortfall in the size of a line, where no path changes rank."""
    rng = np.random.default_rng(7)
    price, reward = rng.normal(0.0, 10.0, 500), rng.normal(1.0, 0.5, 500)
    split = Distribution(price + reward).expected_shortfall_split({"price": price, "reward": reward}, 0.95)
    h = 1e-7
    up, down = (Distribution(price + reward * (1 + s)).expected_shortfall(0.95) for s in (h, -h))
    assert (up - down) / (2 * h) == pytest.approx(split["reward"], rel=1e-6)
    assert split["reward"] < 0.0 < split["price"]


# How far off a measure may be


@given(RESULTS, st.integers(1, 63).map(lambda k: k / 64))
def test_standard_error_is_that_of_the_mean_excess(results, level):
    """The same formula by another route: the expected shortfall is v plus a mean of losses beyond v."""
    tail = Distribution(results)
    if results.size * (1.0 - level) < 2.0:
        assert math.isnan(tail.standard_error_of_expected_shortfall(level))
        return
    beyond = np.maximum(-results - tail.value_at_risk(level), 0.0) / (1.0 - level)
    assert tail.standard_error_of_expected_shortfall(level) == pytest.approx(
        beyond.std() / math.sqrt(results.size), rel=1e-6, abs=1e-9
    )


def test_standard_error_is_the_spread_over_repeated_runs():
    rng = np.random.default_rng(20240607)
    runs = [Distribution(rng.normal(size=4_000)) for _ in range(600)]
    spread = np.std([run.expected_shortfall(0.95) for run in runs], ddof=1)
    stated = np.mean([run.standard_error_of_expected_shortfall(0.95) for run in runs])
    assert stated == pytest.approx(spread, rel=5 / math.sqrt(2 * 600))


def test_expected_shortfall_of_a_normal_sample_is_the_known_one():
    """phi(z) / (1 - level) at z = 1.6448536: 2.0627128, within five standard errors."""
    tail = Distribution(np.random.default_rng(1).normal(size=1_000_000))
    error = tail.standard_error_of_expected_shortfall(0.95)
    assert error < 0.005
    assert tail.expected_shortfall(0.95) == pytest.approx(2.0627128, abs=5 * error)


def test_one_path_shows_no_spread():
    tail = Distribution(np.array([-4.0]))
    assert math.isnan(tail.standard_deviation())
    assert math.isnan(tail.standard_error_of_expected_shortfall(0.95))
    assert tail.mean() == -4.0
    assert tail.value_at_risk(0.95) == tail.expected_shortfall(0.95) == 4.0


# Losses


def test_a_zero_has_no_sign_that_tells_the_order_of_paths():
    one, other = Distribution(np.array([-0.0, 0.0])), Distribution(np.array([0.0, -0.0]))
    assert math.copysign(1.0, one.quantile(0.0)) == math.copysign(1.0, other.quantile(0.0)) == 1.0


def test_a_loss_is_below_the_threshold():
    tail = Distribution(np.array([-1.0, 0.0, 0.0, 2.0]))
    assert tail.probability_of_loss() == 0.25
    assert tail.probability_of_loss(2.0) == 0.75
    assert tail.probability_of_loss(threshold=2.5) == 1.0
    assert tail.probability_of_loss(-1.0) == 0.0


def test_a_measure_of_nothing_lost_has_no_negative_zero():
    tail = Distribution(np.zeros(4))
    measures = [tail.value_at_risk(0.9), tail.expected_shortfall(0.9), tail.mean(), tail.quantile(0.5)]
    measures += tail.expected_shortfall_split({"all": np.zeros(4)}, 0.9).values()
    assert [math.copysign(1.0, each) for each in measures] == [1.0] * 5


# What is refused


@pytest.mark.parametrize("level", [95, 0.0, 1.0, -0.1, math.nan])
@pytest.mark.parametrize(
    "method",
    ["value_at_risk", "expected_shortfall", "standard_error_of_expected_shortfall", "tail_weights"],
)
def test_a_level_is_a_fraction_between_0_and_1(method, level):
    with pytest.raises(InputError, match=rf"^{method}: confidence_level: must be (a fraction in \(0, 1\)|finite), got"):
        getattr(Distribution(np.ones(3)), method)(level)


def test_a_level_in_percent_is_told_the_fraction():
    with pytest.raises(InputError, match=r"fraction in \(0, 1\), got 95 \(percent\? write 0.95\)"):
        Distribution(np.ones(3)).value_at_risk(95)


def test_a_share_may_be_0_or_1_but_no_more():
    tail = Distribution(np.array([2.0, 1.0, 3.0]))
    assert (tail.quantile(0), tail.quantile(1)) == (1.0, 3.0)
    with pytest.raises(InputError, match=r"quantile: q: must be a fraction in \[0, 1\]"):
        tail.quantile(1.5)


def test_a_threshold_is_finite():
    with pytest.raises(InputError, match="probability_of_loss: threshold: must be finite"):
        Distribution(np.ones(3)).probability_of_loss(math.inf)


def test_lines_are_a_mapping():
    with pytest.raises(InputTypeError, match="expected_shortfall_split: lines: must map names to arrays"):
        Distribution(np.ones(3)).expected_shortfall_split([np.ones(3)], 0.9)  # type: ignore[arg-type]


def test_a_line_has_one_value_per_path():
    with pytest.raises(InputError, match=r"lines\['fee'\]: must have one value per path, 3, got an array"):
        Distribution(np.ones(3)).expected_shortfall_split({"fee": np.ones(2)}, 0.9)


def test_a_line_is_finite_outside_the_tail_too():
    with pytest.raises(InputError, match=r"lines\['fee'\]: must be finite; 1 of 3 are not, .* index \(2,\)"):
        Distribution(np.array([-9.0, 1.0, 2.0])).expected_shortfall_split({"fee": np.array([0, 0, np.nan])}, 0.9)


# The object


def test_results_are_copied_and_cannot_be_changed():
    results = np.array([3.0, 1.0, 2.0])
    tail = Distribution(results)
    results[:] = 0.0
    assert tail.values.tolist() == [3.0, 1.0, 2.0]
    with pytest.raises(ValueError, match="WRITEABLE"):
        tail.values.setflags(write=True)


def test_a_pickled_distribution_gives_the_same_measures():
    tail = Distribution(np.random.default_rng(5).normal(size=100))
    back = pickle.loads(pickle.dumps(tail))  # noqa: S301
    assert back.expected_shortfall(0.9) == tail.expected_shortfall(0.9)
    assert back.tail_weights(0.9).tobytes() == tail.tail_weights(0.9).tobytes()


def test_a_distribution_is_shown_by_its_size():
    assert repr(Distribution(np.ones(3))) == "Distribution(values=<3 paths>)"


# Standard error of the value at risk


def test_the_error_of_a_value_at_risk_is_its_spread_over_many_runs():
    """Normal results: the quantile's error is ``sqrt(p (1 - p) / n)`` over the density there."""
    rng = np.random.default_rng(5)
    n, level = 4_000, 0.95
    runs = [Distribution(rng.standard_normal(n)) for _ in range(400)]
    spread = np.std([run.value_at_risk(level) for run in runs], ddof=1)
    told = np.mean([run.standard_error_of_value_at_risk(level) for run in runs])
    density = np.exp(-0.5 * 1.6448536**2) / np.sqrt(2.0 * np.pi)
    assert told == pytest.approx(np.sqrt(level * (1.0 - level) / n) / density, rel=0.05)
    assert told == pytest.approx(spread, rel=0.15)  # 400 runs know a deviation to 3.5 %


def test_the_error_of_a_value_at_risk_by_hand():
    """Of 100 results the 20 worst: four paths to either side, results 16 and 24 steps from the worst."""
    results = Distribution(np.arange(100.0) ** 2)
    assert results.standard_error_of_value_at_risk(0.8) == 0.5 * (24.0**2 - 16.0**2)


@pytest.mark.parametrize(("n", "level"), [(1, 0.5), (10, 0.99), (10, 0.01)])
def test_too_few_paths_have_no_error_of_a_value_at_risk(n, level):
    assert np.isnan(Distribution(np.arange(float(n))).standard_error_of_value_at_risk(level))


def test_equal_results_have_no_error():
    assert Distribution(np.ones(100)).standard_error_of_value_at_risk(0.9) == 0.0


@pytest.mark.parametrize(
    ("results", "median"),
    [
        ([7.0], 7.0),
        ([1.0, 2.0], 1.5),
        ([9.0, 1.0, 2.0], 2.0),
        ([4.0, 1.0, 2.0, 9.0], 3.0),
        ([5.0, 4.0, 3.0, 1.0, 2.0], 3.0),
    ],
)
def test_the_median_is_the_middle_result_or_the_mean_of_two(results, median):
    assert Distribution(np.array(results)).median() == median


@pytest.mark.parametrize(
    ("share", "result"), [(0.049, 1.0), (0.05, 2.0), (0.1, 3.0), (0.94, 19.0), (0.95, 20.0), (0.999, 20.0)]
)
def test_no_more_than_a_share_end_below_the_lower_end(share, result):
    found = Distribution(np.arange(20.0, 0.0, -1.0))
    assert found.lower_end(share) == result
    assert np.mean(found.values < result) <= share


def test_three_paths_are_enough_for_the_error_of_their_median():
    assert Distribution(np.array([1.0, 4.0, 9.0])).standard_error_of_value_at_risk(0.5) == 4.0


def test_two_paths_in_the_tail_are_enough_for_the_error_of_its_mean():
    # losses of the tail 4 and 1, value at risk -2: excesses 3 and 6 about their mean 4.5
    tail = Distribution(np.array([-4.0, -1.0, 2.0, 3.0]))
    assert tail.standard_error_of_expected_shortfall(0.5) == pytest.approx(math.sqrt((1.5**2 + 0.5 * 4.5**2) / 2))
    assert math.isnan(tail.standard_error_of_expected_shortfall(0.51))


def test_the_mean_of_a_few_results_by_hand():
    assert Distribution(np.array([0.0, 9.0, 0.0])).mean() == 3.0
    assert Distribution(np.array([5.0, 1.0])).mean() == 3.0
    assert Distribution(np.array([-4.0, 2.0, 2.0, 8.0])).mean() == 2.0
