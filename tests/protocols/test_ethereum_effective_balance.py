import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    BELLATRIX,
    FULU,
    GWEI_PER_ETH,
    max_effective_balance_for,
    process_effective_balance_updates,
)

ETH32, ETH2048 = 32 * GWEI_PER_ETH, 2_048 * GWEI_PER_ETH


def moved(balance, effective, most=ETH2048):
    return process_effective_balance_updates(balance, effective, most, FULU)


def test_maxima():
    assert max_effective_balance_for(True, FULU) == ETH2048
    assert max_effective_balance_for(False, FULU) == ETH32
    assert max_effective_balance_for(True, BELLATRIX) == ETH32
    assert type(max_effective_balance_for(True, FULU)) is int
    assert max_effective_balance_for(np.array([True, False]), FULU).tolist() == [ETH2048, ETH32]


@pytest.mark.parametrize(
    ("balance", "after"),
    [
        (32_000_000_000, 32),
        (31_750_000_000, 32),
        (31_749_999_999, 31),
        (33_250_000_000, 32),
        (33_250_000_001, 33),
        (40_999_999_999, 40),
        (0, 0),
        (999_999_999, 0),
    ],
)
def test_thresholds(balance, after):
    assert moved(balance, ETH32) == after * GWEI_PER_ETH
    assert type(moved(balance, ETH32)) is int
    assert moved(np.array([balance, ETH32]), np.array([ETH32, ETH32])).tolist() == [after * GWEI_PER_ETH, ETH32]


def test_the_maximum_holds():
    assert moved(50 * GWEI_PER_ETH, ETH32, ETH32) == ETH32
    assert moved(3_000 * GWEI_PER_ETH, 2_000 * GWEI_PER_ETH) == ETH2048
    assert moved(50 * GWEI_PER_ETH, 31 * GWEI_PER_ETH, ETH32) == ETH32


def test_hysteresis_comes_from_the_rule_set():
    wide = attrs.evolve(FULU, hysteresis_quotient=2, hysteresis_downward_multiplier=3, hysteresis_upward_multiplier=4)
    assert process_effective_balance_updates(30_500_000_000, ETH32, ETH32, wide) == ETH32
    assert process_effective_balance_updates(30_499_999_999, ETH32, ETH32, wide) == 30 * GWEI_PER_ETH
    assert process_effective_balance_updates(34_000_000_000, ETH32, ETH2048, wide) == ETH32
    assert process_effective_balance_updates(34_000_000_001, ETH32, ETH2048, wide) == 34 * GWEI_PER_ETH


@given(st.integers(0, 3_000 * 10**9), st.integers(0, 2_048))
def test_what_has_moved_stays_put(balance, effective):
    after = moved(balance, effective * GWEI_PER_ETH)
    assert after % GWEI_PER_ETH == 0
    assert moved(balance, after) == after
    assert after == effective * GWEI_PER_ETH or after <= balance


def test_bad_input():
    with pytest.raises(InputError, match="balance: must be an integer"):
        moved(-1, ETH32)
    with pytest.raises(InputError, match="effective_balance"):
        moved(ETH32, -1)
    with pytest.raises(InputError, match="max_effective_balance"):
        moved(ETH32, ETH32, -1)
    with pytest.raises(InputTypeError, match="balance: must hold integers"):
        moved(np.array([32e9]), ETH32)
    limit = 2**63 - 1 - 10**12
    assert moved(limit, ETH32) == ETH2048
    assert moved(0, limit) == 0
    for balance, effective in ((limit + 1, ETH32), (0, limit + 1)):
        with pytest.raises(InputError, match="must be an integer"):
            moved(balance, effective)
