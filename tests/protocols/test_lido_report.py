"""One report of the oracle: fee in shares, LIP-12, limit, withdrawals, external shares and bad debt."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.lido import (
    UNLIMITED_REBASE,
    V3,
    Prefinalized,
    PreReportState,
    Rebase,
    Report,
    ShareRate,
    calculate_fee_distribution,
    calculate_total_protocol_fee_shares,
    simulate_oracle_report,
)

ETH = 10**18
POOL = ShareRate(9_600_000 * ETH, 8_000_000 * ETH)
PRE = PreReportState(rate=POOL, cl_balance=9_500_000 * ETH)
QUIET = Report(cl_balance=9_500_000 * ETH)
FEE = {
    "report_cl_balance": 1_200,
    "principal_cl_balance": 1_000,
    "withdrawals_vault_transfer": 50,
    "el_rewards_vault_transfer": 30,
    "internal_shares_before_fees": 900,
    "post_internal_ether": 2_000,
    "total_fee": 10,
    "fee_precision": 100,
}


def fee_shares(**changes: int) -> int:
    return calculate_total_protocol_fee_shares(**(FEE | changes))


def test_the_fee_in_shares():
    # rewards 1,200 + 50 - 1,000 + 30 = 280, fee 28, shares 28 * 900 / 1,972 = 12.8
    assert fee_shares() == 12
    assert fee_shares(total_fee=0) == 0
    assert fee_shares(total_fee=1, fee_precision=1, post_internal_ether=281) == 280 * 900
    assert fee_shares(el_rewards_vault_transfer=29) == 27 * 900 // 1973
    assert fee_shares(total_fee=100, post_internal_ether=281) == 280 * 900


def test_no_fee_without_a_profit_on_the_consensus_layer():
    assert fee_shares(report_cl_balance=950, el_rewards_vault_transfer=500) == 0
    assert fee_shares(report_cl_balance=951, el_rewards_vault_transfer=500) == 50 * 900 // 1950
    assert fee_shares(report_cl_balance=0) == 0


def test_the_fee_shares_are_worth_the_fee():
    minted = fee_shares(internal_shares_before_fees=10**30)
    worth = Fraction(2_000 * minted, 10**30 + minted)
    assert 28 - Fraction(1, 10**20) < worth <= 28


def test_a_fee_as_great_as_the_pool_is_refused():
    where = "calculate_total_protocol_fee_shares: post_internal_ether"
    with pytest.raises(InputError, match=rf"^{where}: must be above the fee, 280, got 280$"):
        fee_shares(total_fee=100, post_internal_ether=280)


@pytest.mark.parametrize("name", FEE)
@pytest.mark.parametrize("value", [-1, 1.0, 2**128])
def test_a_fee_on_what_cannot_be(name, value):
    where = f"calculate_total_protocol_fee_shares: {name}"
    with pytest.raises((InputError, InputTypeError), match=rf"^{where}: must be an integer"):
        fee_shares(**{name: value})


@pytest.mark.parametrize(("name", "value"), [("fee_precision", 0), ("total_fee", 101)])
def test_a_fee_is_a_part(name, value):
    with pytest.raises(InputError, match=rf"^calculate_total_protocol_fee_shares: {name}: must be an integer in"):
        fee_shares(**{name: value})


def test_modules_get_their_parts_and_the_treasury_the_rest():
    assert calculate_fee_distribution(100, (50, 30), 100) == ((50, 30), 20)
    assert calculate_fee_distribution(101, (1, 1, 1), 3) == ((33, 33, 33), 2)
    assert calculate_fee_distribution(7, (), 1) == ((), 7)
    assert calculate_fee_distribution(7, (0, 1), 1) == ((0, 7), 0)


@given(st.integers(0, 10**27), st.lists(st.integers(0, 10**19), max_size=6), st.integers(1, 10**19))
def test_the_fee_adds_up(shares, fees, more):
    modules, treasury = calculate_fee_distribution(shares, tuple(fees), sum(fees) + more)
    assert sum(modules) + treasury == shares
    assert all(part * (sum(fees) + more) <= shares * fee for part, fee in zip(modules, fees, strict=True))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, (1,), 1), "shares_to_mint_as_fees: must be an integer"),
        ((1.0, (1,), 1), "shares_to_mint_as_fees: must be an integer"),
        ((1, (1,), 0), "total_fee: must be an integer"),
        ((1, (2,), 1), "module_fees: must be an integer in"),
        ((1, (-1,), 1), "module_fees: must be an integer in"),
        ((1, (1, 1), 1), r"module_fees: must add up to at most total_fee, 1, got \(1, 1\)$"),
    ],
)
def test_a_distribution_that_cannot_be(arguments, message):
    with pytest.raises((InputError, InputTypeError), match=rf"^calculate_fee_distribution: {message}"):
        calculate_fee_distribution(*arguments)


def test_a_report_without_news_changes_nothing():
    rebase = simulate_oracle_report(PRE, QUIET)
    assert rebase.post == rebase.pre == POOL
    assert rebase.principal_cl_balance == 9_500_000 * ETH
    assert (rebase.shares_to_mint_as_fees, rebase.module_shares_to_mint, rebase.treasury_shares_to_mint) == (0, (0,), 0)
    assert rebase.finalized == Prefinalized(eth_to_lock=0, shares_to_burn=0)


def test_a_day_of_rewards():
    report = attrs.evolve(
        QUIET, cl_balance=9_500_600 * ETH, withdrawal_vault_balance=100 * ETH, el_rewards_vault_balance=50 * ETH
    )
    rebase = simulate_oracle_report(PRE, report)
    assert rebase.post.ether == POOL.ether + 750 * ETH
    fee = 75 * ETH
    assert rebase.shares_to_mint_as_fees == fee * POOL.shares // (POOL.ether + 675 * ETH)
    assert rebase.post.shares == POOL.shares + rebase.shares_to_mint_as_fees
    assert sum(rebase.module_shares_to_mint) == rebase.shares_to_mint_as_fees // 2
    assert rebase.treasury_shares_to_mint == rebase.shares_to_mint_as_fees - rebase.shares_to_mint_as_fees // 2
    # holders keep 90 %
    growth = Fraction(rebase.post.ether * POOL.shares, rebase.post.shares * POOL.ether) - 1
    assert float(growth) == pytest.approx(675 / 9_600_000, rel=1e-12)


def test_new_validators_are_no_reward():
    pre = attrs.evolve(PRE, cl_validators=1000)
    report = Report(cl_balance=9_500_320 * ETH, cl_validators=1010)
    rebase = simulate_oracle_report(pre, report, settings=V3)
    assert rebase.principal_cl_balance == 9_500_320 * ETH
    assert rebase.post == POOL
    with_reward = simulate_oracle_report(pre, attrs.evolve(report, cl_balance=9_500_321 * ETH), settings=V3)
    assert with_reward.post.ether == POOL.ether + ETH


def test_deposits_are_no_reward_whatever_their_size():
    pre = attrs.evolve(PRE, deposited_since_last_report=2_048 * ETH + 7)
    rebase = simulate_oracle_report(pre, Report(cl_balance=9_502_048 * ETH + 7))
    assert rebase.principal_cl_balance == 9_502_048 * ETH + 7
    assert rebase.post == POOL
    with_reward = simulate_oracle_report(pre, Report(cl_balance=9_502_049 * ETH + 7))
    assert with_reward.post.ether == POOL.ether + ETH


def test_validators_are_counted_or_balances_but_not_both():
    message = (
        r"^simulate_oracle_report: cl_validators: must be 0, since V3 with Staking Router v3 counts balances, got 9"
    )
    for pre, report in (
        (PRE, attrs.evolve(QUIET, cl_validators=9)),
        (attrs.evolve(PRE, cl_validators=9), attrs.evolve(QUIET, cl_validators=9)),
    ):
        with pytest.raises(InputError, match=message):
            simulate_oracle_report(pre, report)
    message = r"^simulate_oracle_report: deposited_since_last_report: must be 0, since V3 counts validators, got 5"
    with pytest.raises(InputError, match=message):
        simulate_oracle_report(attrs.evolve(PRE, deposited_since_last_report=5), QUIET, settings=V3)
    assert simulate_oracle_report(PRE, QUIET, settings=V3) == simulate_oracle_report(PRE, QUIET)


def test_withdrawn_stake_is_no_loss():
    report = attrs.evolve(QUIET, cl_balance=9_499_000 * ETH, withdrawal_vault_balance=1_000 * ETH)
    assert simulate_oracle_report(PRE, report).post == POOL


def test_a_loss_falls_on_all_and_costs_no_fee():
    rebase = simulate_oracle_report(
        PRE, attrs.evolve(QUIET, cl_balance=9_499_000 * ETH, el_rewards_vault_balance=60 * ETH)
    )
    assert rebase.post == ShareRate(POOL.ether - 940 * ETH, POOL.shares)


def test_what_is_above_the_limit_stays_in_the_vaults():
    report = attrs.evolve(QUIET, withdrawal_vault_balance=7_000 * ETH, el_rewards_vault_balance=900 * ETH)
    rebase = simulate_oracle_report(PRE, report)
    assert (rebase.smoothened.withdrawals, rebase.smoothened.el_rewards) == (7_000 * ETH, 200 * ETH)
    unlimited = attrs.evolve(V3, max_positive_token_rebase=UNLIMITED_REBASE)
    assert simulate_oracle_report(PRE, report, settings=unlimited).smoothened.el_rewards == 900 * ETH


def test_finalised_withdrawals_leave_the_rate_alone():
    out = Prefinalized(eth_to_lock=1_200 * ETH, shares_to_burn=1_000 * ETH)
    rebase = simulate_oracle_report(PRE, QUIET, out)
    assert rebase.post == ShareRate(POOL.ether - 1_200 * ETH, POOL.shares - 1_000 * ETH)
    assert rebase.post.e27() == POOL.e27()
    assert rebase.finalized == out
    # with the limit used up, the ether that leaves makes room for shares to burn
    full = simulate_oracle_report(PRE, attrs.evolve(QUIET, withdrawal_vault_balance=9_000 * ETH), out)
    assert full.smoothened.withdrawals == 7_200 * ETH
    assert full.smoothened.shares_to_burn > 999 * ETH


def test_shares_that_wait_to_be_burnt_lift_the_rate():
    rebase = simulate_oracle_report(PRE, attrs.evolve(QUIET, shares_requested_to_burn=ETH))
    assert rebase.post == ShareRate(POOL.ether, POOL.shares - ETH)


def test_external_shares_follow_the_rate_and_bad_debt_falls_on_all():
    pre = attrs.evolve(PRE, external_shares=1_000 * ETH)
    rebase = simulate_oracle_report(pre, QUIET)
    assert rebase.post_external_shares == 1_000 * ETH
    assert rebase.post_total_shares == POOL.shares + 1_000 * ETH
    assert rebase.post_total_pooled_ether == POOL.ether + 1_200 * ETH
    bad = simulate_oracle_report(attrs.evolve(pre, bad_debt_to_internalize=400 * ETH), QUIET)
    assert bad.post == ShareRate(POOL.ether, POOL.shares + 400 * ETH)
    assert bad.post_external_shares == 600 * ETH
    assert bad.post_total_shares == rebase.post_total_shares


def test_the_fee_of_another_version():
    settings = attrs.evolve(V3, total_fee=20, fee_precision=100, module_fees=(5, 5))
    rebase = simulate_oracle_report(PRE, attrs.evolve(QUIET, cl_balance=9_500_100 * ETH), settings=settings)
    assert rebase.shares_to_mint_as_fees == 20 * ETH * POOL.shares // (POOL.ether + 80 * ETH)
    assert rebase.module_shares_to_mint == (rebase.shares_to_mint_as_fees // 4,) * 2


def test_two_modules_without_a_fee_get_nothing_each():
    settings = attrs.evolve(V3, module_fees=(1, 1))
    assert simulate_oracle_report(PRE, QUIET, settings=settings).module_shares_to_mint == (0, 0)


def test_fewer_validators_than_seen_are_refused():
    with pytest.raises(InputError) as error:
        simulate_oracle_report(
            attrs.evolve(PRE, cl_validators=1000), attrs.evolve(QUIET, cl_validators=999), settings=V3
        )
    rule = "must be at least those of the last report, 1000"
    assert str(error.value) == f"simulate_oracle_report: report.cl_validators: {rule}, got 999"


def test_a_pool_must_be_left():
    pre = PreReportState(rate=ShareRate(10, 10), cl_balance=10)
    assert simulate_oracle_report(pre, Report(cl_balance=0)).post == ShareRate(0, 10)
    loose = attrs.evolve(V3, max_positive_token_rebase=UNLIMITED_REBASE)
    message = r"^simulate_oracle_report: report: must leave some of the pool's ether and shares, got Report\("
    with pytest.raises(InputError, match=message):
        simulate_oracle_report(pre, Report(cl_balance=10, shares_requested_to_burn=10), settings=loose)
    with pytest.raises(InputError, match=message):
        simulate_oracle_report(
            pre, Report(cl_balance=10), Prefinalized(eth_to_lock=11, shares_to_burn=1), settings=loose
        )
    left = simulate_oracle_report(
        pre, Report(cl_balance=10), Prefinalized(eth_to_lock=10, shares_to_burn=9), settings=loose
    )
    assert left.post == ShareRate(0, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"cl_balance": POOL.ether + 1},
            f"cl_balance: must be at most the pool's internal ether, {POOL.ether}, got {POOL.ether + 1}$",
        ),
        ({"bad_debt_to_internalize": 1}, "bad_debt_to_internalize: must be at most external_shares, 0, got 1$"),
        ({"cl_balance": -1}, "cl_balance: must be an integer"),
        ({"cl_validators": 1.0}, "cl_validators: must be an integer"),
        ({"external_shares": -1}, "external_shares: must be an integer"),
    ],
)
def test_a_state_that_cannot_be(changes, message):
    with pytest.raises((InputError, InputTypeError), match=rf"^PreReportState\.{message}"):
        attrs.evolve(PRE, **changes)


def test_a_state_at_its_bounds():
    assert attrs.evolve(PRE, cl_balance=POOL.ether, external_shares=1, bad_debt_to_internalize=1)


@pytest.mark.parametrize("name", [each.name for each in attrs.fields(Report)])
@pytest.mark.parametrize("value", [-1, 1.0, 2**128])
def test_a_report_that_cannot_be(name, value):
    with pytest.raises((InputError, InputTypeError), match=rf"^Report\.{name}: must be an integer"):
        attrs.evolve(QUIET, **{name: value})


def year(daily: int, days: int) -> Rebase:
    pre, rebase = PRE, simulate_oracle_report(PRE, QUIET)
    for _ in range(days):
        rebase = simulate_oracle_report(pre, attrs.evolve(QUIET, cl_balance=pre.cl_balance + daily))
        pre = attrs.evolve(pre, rate=rebase.post, cl_balance=pre.cl_balance + daily)
    return rebase


def test_a_year_of_reports_compounds_what_is_left_after_the_fee():
    rebase = year(700 * ETH, 365)
    assert rebase.post.ether == POOL.ether + 365 * 700 * ETH
    factor = 1.0
    for day in range(365):
        factor *= 1 + 0.9 * 700 / (9_600_000 + 700 * day)
    assert rebase.post.ether / rebase.post.shares * POOL.shares / POOL.ether == pytest.approx(factor, rel=1e-12)
