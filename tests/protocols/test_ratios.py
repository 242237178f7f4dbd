"""Exact ratios."""

from fractions import Fraction

import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.ratios import ratio


@pytest.mark.parametrize("number", [Fraction(0), Fraction(1, 3), Fraction(1)])
def test_a_ratio_is_kept_exactly(number):
    assert ratio("f: x", number) is number


def test_a_higher_limit_may_be_given():
    assert ratio("f: x", Fraction(7), 7) == 7


@pytest.mark.parametrize(
    ("number", "high"), [(Fraction(-1, 10**30), 1), (1 + Fraction(1, 10**30), 1), (Fraction(8), 7)]
)
def test_ratios_out_of_range_are_refused_however_little(number, high):
    with pytest.raises(InputError, match=rf"^f: x: must be a ratio in \[0, {high}\], got '"):
        ratio("f: x", number, high)


@pytest.mark.parametrize("number", [0.5, 1, "1/2", True, None])
def test_nothing_else_is_a_ratio(number):
    with pytest.raises(InputTypeError, match=r'^f: x: must be Fraction; write Fraction\("0\.05"\)'):
        ratio("f: x", number)
