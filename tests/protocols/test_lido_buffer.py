"""The buffer in its three parts, and the fall that reports may bring unasked."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError
from stakingmodels.protocols.contracts import lido

ETH = 10**18


@pytest.mark.parametrize(
    ("buffered", "waiting", "parts"),
    [  # the three examples of LIP-35
        (1_000, 5_000, (1_000, 0, 0)),
        (4_000, 5_000, (1_500, 2_500, 0)),
        (9_000, 5_000, (1_500, 5_000, 2_500)),
        (0, 5_000, (0, 0, 0)),
    ],
)
def test_deposits_come_before_withdrawals(buffered, waiting, parts):
    found = lido.allocate_buffered_ether(buffered * ETH, waiting * ETH)
    assert attrs.astuple(found) == tuple(part * ETH for part in parts)
    assert found.depositable == (parts[0] + parts[2]) * ETH


def test_before_the_staking_router_v3_withdrawals_came_first():
    found = lido.allocate_buffered_ether(4_000 * ETH, 5_000 * ETH, lido.V3)
    assert (found.withdrawals_reserve, found.depositable) == (4_000 * ETH, 0)


@given(st.integers(0, 10**25), st.integers(0, 10**25), st.integers(0, 10**25))
def test_the_parts_are_the_buffer(buffered, waiting, reserve):
    found = lido.allocate_buffered_ether(buffered, waiting, deposits_reserve=reserve)
    assert found.deposits_reserve + found.withdrawals_reserve + found.unreserved == buffered
    assert found.depositable == buffered - found.withdrawals_reserve
    assert found.withdrawals_reserve <= waiting
    assert found.deposits_reserve <= reserve


def test_the_fall_that_reports_may_bring():
    balance = 9_000_000 * ETH
    assert lido.max_cl_balance_decrease(balance) == 324_000 * ETH
    before = lido.max_cl_balance_decrease(balance, balance // (32 * ETH), lido.V3)
    assert before / balance == pytest.approx(0.0034, abs=1e-5)
    assert lido.max_cl_balance_decrease(0, 1, lido.V3) == 109 * 10**15


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: lido.allocate_buffered_ether(-1, 0), "allocate_buffered_ether: buffered_ether"),
        (lambda: lido.allocate_buffered_ether(0, -1), "allocate_buffered_ether: unfinalized_steth"),
        (lambda: lido.allocate_buffered_ether(0, 0, deposits_reserve=-1), "allocate_buffered_ether: deposits_reserve"),
        (lambda: lido.max_cl_balance_decrease(-1), "max_cl_balance_decrease: cl_balance"),
        (lambda: lido.max_cl_balance_decrease(0, -1), "max_cl_balance_decrease: cl_validators"),
    ],
)
def test_amounts_are_checked(call, name):
    with pytest.raises(InputError, match=f"^{name}: must be an integer"):
        call()


def test_the_fall_is_rounded_down_and_nobody_is_counted_unasked():
    assert lido.max_cl_balance_decrease(10_001) == 360
    assert lido.max_cl_balance_decrease(10_001, settings=lido.V3) == 0
