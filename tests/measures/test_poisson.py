"""`garwood` against chi-square quantiles, and against the chances that define it."""

import math

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import garwood

scipy_stats = pytest.importorskip("scipy.stats")


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("events", [0, 1, 2, 3, 10, 35, 226, 5_000])
def test_the_ends_are_quantiles_of_chi_square(events, level):
    tail = (1.0 - level) / 2.0
    lower = 0.0 if events == 0 else scipy_stats.chi2.ppf(tail, 2 * events) / 2.0
    upper = scipy_stats.chi2.ppf(1.0 - tail, 2 * events + 2) / 2.0
    assert garwood(events, 7.0, confidence_level=level) == pytest.approx((lower / 7.0, upper / 7.0), rel=1e-9)


def test_without_events_the_upper_end_is_the_rule_of_three():
    assert garwood(0, 10.0) == pytest.approx((0.0, -math.log(0.025) / 10.0), rel=1e-12)


def test_it_holds_the_true_rate_as_often_as_it_says():
    counts = np.random.default_rng(3).poisson(4.0, 4_000)
    ends = {count: garwood(int(count), 1.0) for count in set(counts.tolist())}
    held = np.mean([ends[count][0] <= 4.0 <= ends[count][1] for count in counts.tolist()])
    assert held >= 0.95 - 4 * math.sqrt(0.05 * 0.95 / 4_000)


@pytest.mark.parametrize(("events", "exposure", "level"), [(-1, 1.0, 0.95), (1, 0.0, 0.95), (1, 1.0, 1.0)])
def test_what_is_no_count_is_refused(events, exposure, level):
    with pytest.raises(InputError, match=r"^garwood: "):
        garwood(events, exposure, confidence_level=level)


def test_events_are_counted_in_integers():
    with pytest.raises(InputTypeError, match=r"^garwood: count"):
        garwood(1.0, 1.0)  # type: ignore[arg-type]
