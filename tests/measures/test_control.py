"""`ControlVariateMean`: against a regression of another library, joined as at once, its limits, and its coverage."""

import math

import attrs
import numpy as np
import pytest
from scipy import stats

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import ControlVariateMean

N = 500


def drawn(seed=1, n=N, noise=0.2):
    """A skewed control of mean 1, and results that follow it with beta 1.5 and mean 0.3."""
    rng = np.random.default_rng(seed)
    control = rng.lognormal(-0.125, 0.5, n)
    return 0.3 + 1.5 * (control - 1.0) + noise * rng.standard_normal(n), control


def test_it_is_a_regression_line_read_at_1():
    results, control = drawn()
    line = stats.linregress(control - 1.0, results)
    found = ControlVariateMean.of(results, control)
    assert found.beta == pytest.approx(line.slope, rel=1e-12)
    assert found.mean == pytest.approx(line.intercept, rel=1e-12)
    assert found.standard_error == pytest.approx(line.intercept_stderr, rel=1e-10)
    assert found.plain_mean == pytest.approx(results.mean())
    assert found.plain_error == pytest.approx(stats.sem(results))
    assert found.error_ratio == pytest.approx(found.plain_error / found.standard_error)
    assert found.error_ratio == pytest.approx(1.0 / math.sqrt(1.0 - line.rvalue**2), rel=0.02)


@pytest.mark.parametrize("cuts", [(1,), (250,), (3, 4, 499)])
def test_joined_it_is_as_at_once(cuts):
    results, control = drawn()
    parts = [ControlVariateMean.of(r, c) for r, c in zip(np.split(results, cuts), np.split(control, cuts), strict=True)]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.merge(part)
    whole = ControlVariateMean.of(results, control)
    for name in ("n_paths", "mean", "standard_error", "beta", "plain_mean", "plain_error", "control_mean"):
        assert getattr(joined, name) == pytest.approx(getattr(whole, name), rel=1e-10), name


def test_a_large_level_costs_no_digits():
    results, control = drawn()
    far = ControlVariateMean.of(results + 1e6, control)
    assert far.standard_error == pytest.approx(ControlVariateMean.of(results, control).standard_error, rel=1e-6)


@pytest.mark.parametrize("control", [None, np.ones(N), np.full(N, 1.0 + 1e-16), np.full(N, 0.1) + 0.9])
def test_without_a_control_it_is_the_plain_mean(control):
    results, _ = drawn()
    found = ControlVariateMean.of(results, control)
    assert (found.has_control, found.beta, found.error_ratio) == (False, 0.0, 1.0)
    assert found.mean == found.plain_mean
    assert found.standard_error == found.plain_error


def test_a_control_that_explains_all_leaves_no_error():
    _, control = drawn()
    found = ControlVariateMean.of(1.7 * control - 1.7, control)
    assert found.mean == pytest.approx(0.0, abs=1e-14)
    assert (found.standard_error, found.error_ratio) == (0.0, math.inf)


def test_results_that_do_not_move_have_no_error():
    found = ControlVariateMean.of(np.zeros(N), drawn()[1])
    assert (found.mean, found.standard_error, found.error_ratio) == (0.0, 0.0, 1.0)


def replicated(seed, n_replicates=4):
    """An estimate from replicates of quasi-random paths, and the estimates of each."""
    parts = tuple(ControlVariateMean.of(*drawn(seed + k, n=50)) for k in range(n_replicates))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.merge(part)
    return attrs.evolve(whole, replicates=parts), parts


def test_the_error_of_replicates_is_that_of_the_mean_of_their_means():
    found, parts = replicated(1)
    moved = [part.plain_mean - found.beta * part.control_mean for part in parts]
    assert found.standard_error == pytest.approx(stats.sem(moved), rel=1e-12)
    assert found.plain_error == pytest.approx(stats.sem([part.plain_mean for part in parts]), rel=1e-12)
    assert found.standard_error < 0.5 * found.plain_error
    two, _ = replicated(1, n_replicates=2)
    assert two.plain_error > 0.0
    one, _ = replicated(1, n_replicates=1)
    assert math.isnan(one.standard_error)
    assert math.isnan(one.plain_error)


def test_joined_replicates_are_joined_one_by_one():
    (found, ours), (other, theirs) = replicated(1), replicated(10)
    assert found.merge(other).replicates == tuple(a.merge(b) for a, b in zip(ours, theirs, strict=True))


def test_without_a_control_its_mean_is_1():
    assert ControlVariateMean.of(np.arange(3.0), None).control_mean == 1.0


def test_two_paths_tell_a_plain_error_and_one_tells_none():
    assert ControlVariateMean.of(np.array([1.0, 3.0]), None).plain_error == 1.0
    assert math.isnan(ControlVariateMean.of(np.array([1.0]), None).plain_error)


def test_two_paths_tell_no_error():
    results, control = drawn(n=2)
    assert math.isnan(ControlVariateMean.of(results, control).standard_error)
    assert math.isnan(ControlVariateMean.of(results[:1], None).standard_error)


def test_it_is_unbiased_and_its_interval_covers():
    found = [ControlVariateMean.of(*drawn(seed, n=100)) for seed in range(2_000)]
    means = np.array([f.mean for f in found])
    errors = np.array([f.standard_error for f in found])
    assert abs(means.mean() - 0.3) < 4 * means.std() / np.sqrt(means.size)
    covered = np.mean(np.abs(means - 0.3) < stats.t.ppf(0.975, 98) * errors)
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / means.size)
    plain = np.array([f.plain_mean for f in found])
    assert plain.std() / means.std() == pytest.approx(math.sqrt(1.0 + (1.5**2 * (math.e**0.25 - 1.0)) / 0.04), rel=0.1)


@pytest.mark.parametrize(
    ("results", "control", "error", "words"),
    [
        ({1.0, 2.0}, None, InputTypeError, r"^ControlVariateMean\.of: results: must be a plain numpy ndarray"),
        (np.ones(3), np.ones(2), InputError, r"^ControlVariateMean\.of: control: must have one value per path, 3"),
        (np.ones(3), np.full(3, np.nan), InputError, r"^ControlVariateMean\.of: control: must be finite"),
        (np.ones(0), None, InputError, r"^ControlVariateMean\.of: results: must not be empty"),
    ],
)
def test_what_is_refused(results, control, error, words):
    with pytest.raises(error, match=words):
        ControlVariateMean.of(results, control)
