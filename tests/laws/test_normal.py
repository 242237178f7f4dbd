"""The standard normal law."""

import numpy as np
import pytest
from scipy import special

from stakingmodels.laws.normal import normal_quantile, normal_tail


def test_it_is_scipys():
    level = np.concatenate(
        [np.linspace(0.0, 1.0, 10_001)[1:-1], 10.0 ** -np.arange(3.0, 300.0), 1.0 - 2.0 ** -np.arange(2.0, 54.0)]
    )
    assert normal_quantile(level) == pytest.approx(special.ndtri(level), rel=2e-15, abs=1e-15)


def test_its_ends_are_infinite():
    assert normal_quantile(np.array([0.0, 0.5, 1.0])).tolist() == [-np.inf, 0.0, np.inf]


def test_the_tail_is_scipys_on_either_side():
    values = np.linspace(-37.0, 37.0, 999)
    assert normal_tail(values) == pytest.approx(special.ndtr(-np.abs(values)), rel=1e-13)
