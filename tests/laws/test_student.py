"""The tail of Student's t."""

import numpy as np
import pytest
from scipy import stats

from stakingmodels.laws.student import t_tail

VALUES = np.linspace(-8.0, 8.0, 1_001)


@pytest.mark.parametrize("degrees_of_freedom", [1, 2, 3, 4, 7, 30])
def test_it_is_scipys(degrees_of_freedom):
    expected = stats.t.sf(np.abs(VALUES), degrees_of_freedom)
    assert np.abs(t_tail(VALUES, degrees_of_freedom) - expected).max() < 1e-14


def test_it_is_above_0_however_far_the_value():
    assert t_tail(np.array([1e300]), 30)[0] > 0.0
