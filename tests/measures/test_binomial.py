"""`clopper_pearson` against scipy, and its promise by enumeration."""

import numpy as np
import pytest
from scipy import stats

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import clopper_pearson


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("n", [1, 2, 4, 59, 1000])
@pytest.mark.few(5)
def test_scipy_has_the_same_ends(n, level):
    for k in sorted({0, 1, n // 3, n // 2, n - 1, n}):
        exact = stats.binomtest(k, n).proportion_ci(confidence_level=level, method="exact")
        assert clopper_pearson(k, n, confidence_level=level) == pytest.approx((exact.low, exact.high), abs=1e-11)


def test_many_trials():
    exact = stats.binomtest(900_321, 1_000_000).proportion_ci(method="exact")
    assert clopper_pearson(900_321, 1_000_000) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_the_ends_where_nothing_or_everything_succeeded():
    # (1 - p)**n = 0.025
    assert clopper_pearson(0, 10) == pytest.approx((0.0, 1.0 - 0.025**0.1), abs=1e-12)
    assert clopper_pearson(10, 10) == pytest.approx((0.025**0.1, 1.0), abs=1e-12)


@pytest.mark.once
def test_it_holds_the_truth_at_least_as_often_as_it_says():
    n = 40
    ranges = [clopper_pearson(k, n, confidence_level=0.9) for k in range(n + 1)]
    for p in (0.02, 0.3, 0.9):
        held = [low <= p <= high for low, high in ranges]
        assert stats.binom.pmf(np.arange(n + 1), n, p)[held].sum() >= 0.9


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((3, 2), r"successes: must be an integer in \[0, 2\]"),
        ((-1, 2), "successes"),
        ((0, 0), "trials: must be an integer in"),
        ((1, 10**7), "trials"),
    ],
)
def test_counts_that_are_none(given, words):
    with pytest.raises(InputError, match=words):
        clopper_pearson(*given)
    with pytest.raises(InputTypeError, match="must be an integer"):
        clopper_pearson(1.0, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_a_level_that_is_none(level):
    with pytest.raises(InputError, match="clopper_pearson: confidence_level: must be a fraction in"):
        clopper_pearson(1, 2, confidence_level=level)
