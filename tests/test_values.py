"""One number for all paths, or an array with one per path."""

import numpy as np
import pytest

from stakingmodels.values import at, fixed, highest, is_zero, lowest

EACH = np.array([2.0, -1.0, 0.0])
SOME = np.array([2, 0])


@pytest.mark.parametrize(
    ("value", "low", "high", "zero"),
    [(3.0, 3.0, 3.0, False), (0.0, 0.0, 0.0, True), (EACH, -1.0, 2.0, False), (np.zeros(3), 0.0, 0.0, True)],
)
def test_over_all_paths(value, low, high, zero):
    assert (lowest(value), highest(value), is_zero(value)) == (low, high, zero)


def test_on_some_paths():
    assert np.asarray(at(EACH, SOME)).tolist() == [0.0, 2.0]
    assert at(EACH, None) is EACH
    assert at(3.0, SOME) == 3.0


def test_what_is_fixed_cannot_be_written_to():
    values = fixed(EACH.copy())
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1.0
