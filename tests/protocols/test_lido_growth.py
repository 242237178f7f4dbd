"""The share rate in real numbers, held against the exact report; and published yields."""

from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import lido
from stakingmodels.protocols.contracts.lido import V3, PreReportState, Report, ShareRate

ETH = 10**18
YEAR = 31_557_600
UNLIMITED = attrs.evolve(V3, max_positive_token_rebase=lido.UNLIMITED_REBASE)


def test_the_fee_is_a_part_of_the_profit():
    assert lido.protocol_fee(2.0, total_fee=0.1) == 0.2
    assert lido.protocol_fee(2.0, 1.0, total_fee=0.1) == pytest.approx(0.3, rel=1e-15)
    assert type(lido.protocol_fee(2.0, total_fee=0.1)) is float


def test_no_fee_without_a_profit_on_the_consensus_layer():
    assert lido.protocol_fee(-1.0, total_fee=0.1) == 0.0
    assert lido.protocol_fee(0.0, 5.0, total_fee=0.1) == 0.0
    assert lido.share_rate_growth(0.0, 0.5, total_fee=0.1) == 1.5
    assert lido.share_rate_growth(-0.25, 0.5, total_fee=0.1) == 1.25


def test_paths_are_taken_together():
    rewards, tips = np.array([0.01, -0.01, 0.0]), np.array([[0.0], [0.02]])
    fee = lido.protocol_fee(rewards, tips, total_fee=0.5)
    np.testing.assert_allclose(fee, [[0.005, 0.0, 0.0], [0.015, 0.0, 0.0]], rtol=1e-15)
    growth = lido.share_rate_growth(rewards, tips, total_fee=0.5)
    np.testing.assert_allclose(growth, [[1.005, 0.99, 1.0], [1.015, 1.01, 1.02]], rtol=1e-15)


@pytest.mark.parametrize("fee", [-0.1, 1.1, 10, np.nan, "0.1", None])
def test_a_fee_that_is_no_fraction(fee):
    with pytest.raises((InputError, InputTypeError), match=r"^protocol_fee: total_fee: must be"):
        lido.share_rate_growth(0.01, total_fee=fee)


@given(
    st.integers(10**24, 10**26),
    st.integers(10**24, 10**26),
    st.floats(-0.5, 0.5),
    st.floats(0.0, 0.5),
    st.integers(0, 10_000),
)
def test_real_numbers_agree_with_the_exact_report(ether, shares, consensus, execution, fee_bp):
    pre = PreReportState(rate=ShareRate(ether, shares), cl_balance=ether)
    settings = attrs.evolve(UNLIMITED, total_fee=fee_bp, module_fees=(), fee_precision=10_000)
    cl_rewards, el_rewards = int(ether * Fraction(consensus)), int(ether * Fraction(execution))
    report = Report(cl_balance=ether + cl_rewards, el_rewards_vault_balance=el_rewards)
    post = lido.simulate_oracle_report(pre, report, settings=settings).post
    exact = Fraction(post.ether * shares, post.shares * ether)
    growth = lido.share_rate_growth(cl_rewards / ether, el_rewards / ether, total_fee=fee_bp / 10_000)
    assert growth == pytest.approx(float(exact), rel=1e-12)


def test_a_year_of_steps_agrees_with_a_year_of_exact_reports():
    pre = PreReportState(rate=ShareRate(9_600_000 * ETH, 8_000_000 * ETH), cl_balance=9_600_000 * ETH)
    real, rng = 1.0, np.random.default_rng(7)
    start = pre.rate
    for reward in rng.normal(0.00007, 0.00005, 365):
        rewards = int(pre.rate.ether * Fraction(reward))
        report = Report(cl_balance=pre.rate.ether + rewards)
        post = lido.simulate_oracle_report(pre, report, settings=UNLIMITED).post
        pre = PreReportState(rate=post, cl_balance=post.ether)
        real *= lido.share_rate_growth(reward, total_fee=0.1)
    exact = Fraction(pre.rate.ether * start.shares, pre.rate.shares * start.ether)
    assert real == pytest.approx(float(exact), rel=1e-12)


def test_published_gross_yields():
    def apr(ether: int, seconds: int = YEAR) -> Fraction:
        return lido.calculate_gross_core_apr(ShareRate(1000, 1000), ShareRate(ether, 1000), 0, seconds)

    assert apr(1100) == Fraction(1, 10)
    assert apr(1000) == 0
    assert apr(900) == 0
    assert apr(1100, YEAR // 2) == Fraction(1, 5)


def test_the_gross_yield_leaves_the_fee_out():
    pre, post = ShareRate(1000, 1000), ShareRate(1100, 1010)
    assert lido.calculate_gross_core_apr(pre, post, 10, YEAR) == Fraction(1, 10)
    assert lido.user_apr(pre, post, YEAR) == Fraction(1100, 1010) - 1
    assert lido.calculate_gross_core_apr(pre, post, 0, YEAR) == lido.user_apr(pre, post, YEAR)
    longer = attrs.evolve(V3, seconds_in_year=2 * YEAR)
    assert lido.calculate_gross_core_apr(pre, post, 10, YEAR, longer) == Fraction(1, 5)


def test_the_users_yield_may_be_negative():
    assert lido.user_apr(ShareRate(1000, 1000), ShareRate(900, 1000), YEAR) == Fraction(-1, 10)


def test_a_pool_that_shrinks_is_no_yield():
    """Withdrawals of a day make the pool smaller; by its size the yield would be -50 %, by its rate nothing is lost."""
    before, after = 6_721_680_547593 * 10**12, 6_711_436_779127 * 10**12
    by_size = lido.user_apr(ShareRate(before, ETH), ShareRate(after, ETH), 86_388)
    assert float(by_size) == pytest.approx(-0.5567, abs=1e-4)
    shares_after = after * 6_000_000 // 6_721_680
    by_rate = lido.user_apr(ShareRate(before, before * 6_000_000 // 6_721_680), ShareRate(after, shares_after), 86_388)
    assert abs(by_rate) < Fraction(1, 10**15)


@pytest.mark.parametrize("seconds", [0, -1, 1.0])
def test_no_yield_without_time(seconds):
    with pytest.raises((InputError, InputTypeError), match=r"^user_apr: time_elapsed: must be an integer"):
        lido.user_apr(ShareRate(1, 1), ShareRate(1, 1), seconds)
    assert lido.user_apr(ShareRate(1, 1), ShareRate(2, 1), 1) == YEAR


def test_no_yield_on_nothing():
    with pytest.raises(InputError, match=r"^user_apr: pre.ether: must be above 0, got 0$"):
        lido.user_apr(ShareRate(0, 1), ShareRate(1, 1), 1)


@pytest.mark.parametrize("fees", [-1, 5, 1.0])
def test_fees_are_some_of_the_shares(fees):
    with pytest.raises(
        (InputError, InputTypeError), match=r"^calculate_gross_core_apr: shares_minted_as_fees: must be an integer"
    ):
        lido.calculate_gross_core_apr(ShareRate(1, 1), ShareRate(1, 5), fees, 1)
    assert lido.calculate_gross_core_apr(ShareRate(1, 1), ShareRate(1, 5), 4, 1) == 0
