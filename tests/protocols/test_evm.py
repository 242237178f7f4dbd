"""Amounts of 256 bits."""

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.evm import UINT256_MAX, uint256


@pytest.mark.parametrize("amount", [0, 1, 2**63, 32 * 10**18, 2**256 - 1])
def test_amounts_are_kept_to_the_last_unit(amount):
    assert uint256("f: x", amount) == amount


def test_a_numpy_integer_becomes_an_int():
    assert type(uint256("f: x", np.int64(7))) is int


@pytest.mark.parametrize(("amount", "low"), [(-1, 0), (2**256, 0), (0, 1), (4, 5)])
def test_amounts_out_of_range_are_refused(amount, low):
    with pytest.raises(InputError, match=rf"^f: x: must be an integer in \[{low}, 2\*\*256 - 1\] \(base units\), got "):
        uint256("f: x", amount, low)


def test_the_limits_themselves_are_in():
    assert uint256("f: x", 5, 5) == 5
    assert uint256("f: x", UINT256_MAX) == 2**256 - 1


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_only_integers_are_amounts(amount):
    with pytest.raises(InputTypeError, match=r"^f: x: must be an integer"):
        uint256("f: x", amount)
