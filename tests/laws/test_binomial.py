"""The binomial law."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stakingmodels import InputError
from stakingmodels.laws.binomial import binomial_masses, binomial_probability, binomial_quantile, chance_of_at_most

LUCK = np.linspace(0.0, 1.0, 2001, endpoint=False)[1:]


@pytest.mark.parametrize("p", [1e-12, 1e-4, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9])
@pytest.mark.parametrize("n", [1, 2, 7, 32, 500])
def test_it_is_the_quantile_of_scipy(n, p):
    drawn = binomial_quantile(LUCK, n, p)
    expected = stats.binom.ppf(LUCK, n, p)
    near = np.abs(stats.binom.cdf(expected, n, p) - LUCK) < 1e-12  # on the edge of a step roundings decide
    assert (drawn[~near] == expected[~near]).all()
    assert (np.abs(drawn - expected) <= 1).all()


@pytest.mark.parametrize(("n", "p"), [(10_000, 0.1), (10_000, 0.93), (100_000, 0.02), (10**6, 1e-3), (3000, 0.5)])
def test_many_trials_do_not_underflow(n, p):
    luck = LUCK[::20]
    assert (np.abs(binomial_quantile(luck, n, p) - stats.binom.ppf(luck, n, p)) <= 1).all()


@given(st.floats(0.0, 1.0 - 2.0**-53), st.integers(0, 60), st.floats(0.0, 1.0))
def test_draws_are_whole_and_within_range(luck, n, p):
    drawn = binomial_quantile(np.array([luck]), n, p)[0]
    assert drawn == int(drawn)
    assert 0 <= drawn <= n


@pytest.mark.parametrize(("n", "p", "expected"), [(5, 0.0, 0), (5, 1.0, 5), (0, 0.5, 0), (0, 0.0, 0), (0, 1.0, 0)])
def test_what_is_certain(n, p, expected):
    assert (binomial_quantile(LUCK, n, p) == expected).all()


def test_more_luck_is_never_fewer_successes():
    assert (np.diff(binomial_quantile(LUCK, 40, 0.3)) >= 0).all()
    assert (np.diff(binomial_quantile(LUCK, 40, 0.8)) >= 0).all()


def test_each_path_may_have_its_own_trials_and_chance():
    n, p = np.array([0.0, 3.0, 10.0, 10.0]), np.array([0.5, 0.2, 0.0, 0.9])
    together = binomial_quantile(np.full(4, 0.6), n, p)
    alone = [binomial_quantile(np.array([0.6]), float(a), float(b))[0] for a, b in zip(n, p, strict=True)]
    assert together.tolist() == alone


def test_a_path_does_not_depend_on_its_neighbours():
    alone = binomial_quantile(LUCK[:5], 20, 0.1)
    assert binomial_quantile(LUCK, 20, 0.1)[:5].tobytes() == alone.tobytes()


def test_arguments_are_left_alone():
    luck, n, p = np.array([0.3, 0.9]), np.array([4.0, 5.0]), np.array([0.6, 0.2])
    before = [each.tobytes() for each in (luck, n, p)]
    binomial_quantile(luck, n, p)
    assert [each.tobytes() for each in (luck, n, p)] == before


@pytest.mark.parametrize("p", [0.02, 0.6])
def test_mean_and_variance(p):
    n, size = 400, 200_000
    drawn = binomial_quantile(np.random.default_rng(1).random(size), n, p)
    deviation = np.sqrt(n * p * (1 - p))
    assert abs(drawn.mean() - n * p) < 4 * deviation / np.sqrt(size)
    assert drawn.var() == pytest.approx(deviation**2, rel=4 * np.sqrt(2 / size))


MANY = [
    (10**9, 1e-6),
    (10**12, 1e-9),
    (10**13, 1e-11),
    (10**14, 1e-15),
    (10**15, 1e-12),
    (10**18, 1e-15),
    (10**12, 2.4e-9),
    (10**12, 1.0 - 1e-9),
]


@pytest.mark.parametrize(("n", "p"), MANY)
def test_any_number_of_trials_gives_the_law_of_rare_events(n, p):
    """As many trials of so small a chance are a Poisson law, to 1e-9; the sum of probabilities keeps its digits."""
    rare = min(p, 1.0 - p)
    chance = LUCK[::20] if p == rare else 1.0 - LUCK[::20]
    drawn = binomial_quantile(LUCK[::20], float(n), p)
    expected = stats.poisson.ppf(chance, n * rare)
    found = drawn if p == rare else n - drawn
    near = np.abs(stats.poisson.cdf(expected, n * rare) - chance) < 1e-7
    near |= np.abs(stats.poisson.cdf(expected - 1, n * rare) - chance) < 1e-7
    assert (found[~near] == expected[~near]).all()
    assert near.mean() < 0.05


def test_a_case_that_was_wrong():
    """The 99.9 % quantile of a million millions of trials, a thousand of which succeed on average."""
    assert binomial_quantile(np.array([0.999]), 1e12, 1e-9)[0] == stats.binom.ppf(0.999, 10**12, 1e-9) == 1099.0


@pytest.mark.parametrize(
    ("n", "p", "draws"), [(10_100, 0.5, 20_000), (10**6, 0.9, 20_000), (10**6, 0.003, 20_000), (10**8, 0.3, 2_000)]
)
def test_many_successes_follow_the_normal_law(n, p, draws):
    luck = np.random.default_rng(5).random(draws)
    drawn, expected = binomial_quantile(luck, n, p), stats.binom.ppf(luck, n, p)
    assert np.count_nonzero(drawn != expected) <= 2
    assert np.abs(drawn - expected).max() <= 1


@pytest.mark.parametrize(("n", "p"), [(1e12, 0.5), (1e15, 0.1), (1e18, 0.999), (1e300, 0.5)])
def test_any_number_of_trials_ends_at_once(n, p):
    drawn = binomial_quantile(LUCK, n, p)
    deviations = (drawn - n * p) / np.sqrt(n * p * (1.0 - p))
    assert deviations == pytest.approx(stats.norm.ppf(LUCK), abs=1e-5 if n < 1e300 else 1e140)
    assert (np.diff(drawn) >= 0.0).all()


@pytest.mark.parametrize(("n", "p"), [(10_100, 0.5), (10**6, 0.01), (10**9, 0.5)])
def test_the_normal_law_holds_in_the_tails(n, p):
    luck = np.concatenate([10.0 ** -np.arange(3.0, 13.0), 1.0 - 10.0 ** -np.arange(3.0, 13.0)])
    assert np.abs(binomial_quantile(luck, n, p) - stats.binom.ppf(luck, n, p)).max() <= 2


@pytest.mark.parametrize(("n", "p"), [(10**14, 1e-15), (10**15, 4e-16), (10**9, 1e-10), (10**12, 1e-9), (10**4, 0.02)])
def test_the_highest_luck_ends_too(n, p):
    last = float(np.nextafter(1.0, 0.0))
    drawn = binomial_quantile(np.array([last, 0.0, 0.5]), n, p)
    assert n * p <= drawn[0] <= n * p + 20.0 + 12.0 * np.sqrt(n * p)
    assert drawn[1] == 0.0 or n * p > 100.0


def test_no_luck_at_all_is_a_number_too():
    found = binomial_quantile(np.array([0.0, 2.0**-53, 0.5]), 1e6, 0.5)
    assert np.isfinite(found).all()
    assert 0.0 <= found[0] <= found[1] < found[2] == 500_000.0


def test_a_path_among_others_by_either_law_is_what_it_is_alone():
    n = np.array([10.0, 1e6, 1e12, 0.0, 2e5])
    together = binomial_quantile(np.full(5, 0.7), n, 0.3)
    assert together.tolist() == [binomial_quantile(np.array([0.7]), float(each), 0.3)[0] for each in n]


@pytest.mark.parametrize(("n", "p"), [(-1.0, 0.5), (np.inf, 0.5), (np.nan, 0.5), (np.array([1.0, -2.0]), 0.5)])
def test_trials_that_there_cannot_be_are_refused(n, p):
    with pytest.raises(InputError, match=r"^binomial: n: must be finite and 0 or more, got (-1|inf|nan|-2)"):
        binomial_quantile(np.array([0.1, 0.2]), n, p)


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan, np.array([0.5, 2.0])])
def test_chances_that_there_cannot_be_are_refused(p):
    with pytest.raises(InputError, match=r"^binomial: p: must be in \[0, 1\], got (-0\.1|1\.1|nan|2)"):
        binomial_quantile(np.array([0.1, 0.2]), 10, p)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (40, 0.9), (7_200_000, 1e-6)])
def test_masses_are_those_of_scipy(n, p):
    low, high = 0, min(n, 120)
    counts, masses = binomial_masses(n, p, low, high)
    assert counts.tolist() == list(range(low, high + 1))
    assert masses == pytest.approx(stats.binom.pmf(counts, n, p), rel=1e-9, abs=1e-30)


@pytest.mark.parametrize("share", [1e-6, 0.025, 0.5])
@pytest.mark.parametrize(("k", "n"), [(0, 1), (3, 40), (900, 1_000)])
def test_at_the_chance_found_few_succeed_that_often(k, n, share):
    assert stats.binom.cdf(k, n, chance_of_at_most(k, n, share)) == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("p", [1e-12, 0.01, 0.3, 0.5, 0.97])
@pytest.mark.parametrize("n", [1, 7, 1_000])
def test_probabilities_are_those_of_exact_numbers(n, p):
    counts = np.unique(np.clip(np.array([0, 1, 2, n // 3, round(n * p) - 2, round(n * p), n - 1, n]), 0, n))
    found = binomial_probability(counts.astype(float), float(n), p)
    chance = Fraction(p)
    exact = [math.comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in counts.tolist()]
    assert found == pytest.approx([float(each) for each in exact], rel=2e-12, abs=1e-300)


def test_the_least_chances_have_their_probabilities():
    assert binomial_probability(np.array([0.0, 1.0, 2.0]), 2.0, 1e-308).tolist() == pytest.approx([1.0, 2e-308, 0.0])


def test_the_three_uses_agree():
    n, p = 3_000, 0.013
    counts, masses = binomial_masses(n, p, 0, 120)
    below = np.cumsum(masses)
    middle = 0.5 * (below[1:] + below[:-1])[10:80]
    assert binomial_quantile(middle, n, p).tolist() == counts[11:81].tolist()
    assert chance_of_at_most(30, n, float(below[30])) == pytest.approx(p, rel=1e-12)
