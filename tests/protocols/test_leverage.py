"""Leveraged staking loops."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.leverage import Loop
from stakingmodels.rates import APR

ltvs = st.floats(0.01, 0.95)


def loop(**changes):
    return Loop(**({"ltv": 0.9, "liquidation_threshold": 0.93, "loops": 3} | changes))


def test_a_loop_worked_by_hand():
    position = loop()
    assert position.debt == pytest.approx(0.9 + 0.81 + 0.729, rel=1e-15)
    assert position.leverage == pytest.approx(3.439, rel=1e-15)
    assert position.leverage_limit == pytest.approx(10.0, rel=1e-15)
    assert position.health_factor == pytest.approx(3.439 * 0.93 / 2.439, rel=1e-15)
    assert position.liquidation_price_ratio == pytest.approx(2.439 / (3.439 * 0.93), rel=1e-15)


def test_what_own_capital_earns():
    position = loop()
    assert position.net_apr(staking_apr=APR(0.03), borrow_apr=APR(0.025)).value == pytest.approx(0.042195, rel=1e-12)
    assert position.net_apr(staking_apr=APR(0.03), borrow_apr=APR(0.05)).value == pytest.approx(-0.01878, rel=1e-12)


@pytest.mark.parametrize("changes", [{"loops": 0}, {"ltv": 0.0}])
def test_without_debt_nothing_is_liquidated(changes):
    position = loop(**changes)
    assert (position.leverage, position.debt) == (1.0, 0.0)
    assert position.health_factor == math.inf
    assert position.liquidation_price_ratio == 0.0
    assert position.net_apr(staking_apr=APR(0.03), borrow_apr=APR(0.9)) == APR(0.03)


@given(ltvs, st.integers(1, 50))
def test_the_health_factor_is_one_at_the_price_of_liquidation(ltv, loops):
    position = loop(ltv=ltv, liquidation_threshold=0.96, loops=loops)
    worth = position.leverage * position.liquidation_price_ratio
    assert worth * position.liquidation_threshold / position.debt == pytest.approx(1.0)
    assert position.health_factor * position.liquidation_price_ratio == pytest.approx(1.0)


@given(st.floats(0.5, 0.95), st.integers(0, 40))
def test_each_loop_adds_leverage_and_takes_health(ltv, loops):
    before, after = (loop(ltv=ltv, liquidation_threshold=0.96, loops=number) for number in (loops, loops + 1))
    assert before.leverage < after.leverage <= after.leverage_limit * (1 + 1e-12)
    assert before.health_factor > after.health_factor
    assert after.leverage == pytest.approx((1 - ltv ** (loops + 2)) / (1 - ltv))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ltv": -0.1}, r"Loop.ltv: must be a fraction in \[0, 1\]"),
        ({"ltv": 90}, r"Loop.ltv: must be a fraction in \[0, 1\], got 90 \(percent\? write 0.90\)"),
        ({"ltv": 0.931}, "Loop.ltv: must be below 1 and at most the liquidation threshold 0.93, got 0.931"),
        ({"ltv": 1.0, "liquidation_threshold": 1.0}, "Loop.ltv: must be below 1"),
        ({"ltv": 0.0, "liquidation_threshold": 0.0}, r"Loop.liquidation_threshold: must be a fraction in \(0, 1\]"),
        ({"liquidation_threshold": 1.1}, "Loop.liquidation_threshold: must be a fraction"),
        ({"loops": -1}, r"Loop.loops: must be an integer in \[0, 1000\]"),
        ({"loops": 1_001}, "Loop.loops"),
    ],
)
def test_loops_that_no_market_allows(changes, message):
    with pytest.raises(InputError, match=f"^{message}"):
        loop(**changes)


def test_loops_at_the_limits():
    assert loop(ltv=0.93).leverage > 1
    assert loop(liquidation_threshold=1.0).liquidation_price_ratio < loop().liquidation_price_ratio
    assert loop(loops=1_000).leverage == pytest.approx(10.0)


def test_rates_are_typed():
    with pytest.raises(InputTypeError, match=r"^Loop.net_apr: staking_apr: must be APR; write APR\(0\.03\)"):
        loop().net_apr(staking_apr=0.03, borrow_apr=APR(0.02))
    with pytest.raises(InputTypeError, match=r"^Loop.net_apr: borrow_apr: must be APR; write APR\(0\.025\)"):
        loop().net_apr(staking_apr=APR(0.03), borrow_apr=0.02)
    with pytest.raises(InputTypeError, match=r"^Loop.loops: must be an integer"):
        loop(loops=3.0)


def test_terms_are_given_by_name():
    with pytest.raises(TypeError, match="positional"):
        Loop(0.9, 0.93, 3)  # type: ignore[call-arg]
