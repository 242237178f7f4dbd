"""The Safety Module's and Umbrella's cooldown, slashing and emission."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import aave_safety
from stakingmodels.rates import APR

evolve: Any = attrs.evolve
DAY = 86_400
ONE = 10**18
START = 1_750_000_000


RULES = (aave_safety.STKAAVE_V1, aave_safety.STKAAVE_20_DAYS, aave_safety.STKAAVE, aave_safety.UMBRELLA)


def test_cooldowns():
    assert [rules.cooldown_seconds // DAY for rules in RULES] == [10, 20, 7, 20]
    assert {rules.unstake_window_seconds for rules in RULES} == {172_800}
    assert [rules.max_slashable_percentage for rules in RULES] == [3_000, 3_000, 0, 10_000]


def test_the_safety_module_opens_after_a_week_and_cannot_be_slashed():
    days = [aave_safety.max_redeemable(7, START, START + day * DAY, rules=aave_safety.STKAAVE) for day in (6, 7, 8, 9)]
    assert days == [0, 7, 7, 7]
    assert aave_safety.max_redeemable(7, START, START + 8 * DAY, rules=aave_safety.STKAAVE_20_DAYS) == 0
    assert aave_safety.slash_safety_module(10**20, 10**22, ONE) == (0, ONE)
    before = aave_safety.STKAAVE_20_DAYS.max_slashable_percentage
    assert aave_safety.slash_safety_module(10**22, 10**22, ONE, max_slashable_percentage=before)[0] == 3 * 10**21


def test_only_umbrella_can_be_paused():
    assert aave_safety.max_redeemable(7, START, START + 21 * DAY) == 7
    assert aave_safety.max_redeemable(7, START, START + 21 * DAY, paused=True) == 0
    with pytest.raises(InputError, match=r"^max_redeemable: paused: must be False under rules that know no pause"):
        aave_safety.max_redeemable(7, START, START + 8 * DAY, rules=aave_safety.STKAAVE, paused=True)


@pytest.mark.parametrize(
    ("seconds", "redeemable"),
    [(0, 0), (20 * DAY - 1, 0), (20 * DAY, 7), (22 * DAY, 7), (22 * DAY + 1, 0), (40 * DAY, 0)],
)
def test_the_window_opens_and_closes_to_the_second(seconds, redeemable):
    assert aave_safety.max_redeemable(7, START, START + seconds) == redeemable


def test_the_first_safety_module_opened_earlier():
    assert aave_safety.max_redeemable(7, START, START + 10 * DAY, rules=aave_safety.STKAAVE_V1) == 7
    assert aave_safety.max_redeemable(7, START, START + 10 * DAY) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 0, 0), "shares_in_cooldown: must be an integer"),
        ((1, -1, 0), r"cooldown_started: must be an integer in \[0, "),
        ((1, 0, 2**40), "now: must be an integer"),
        ((1, 2**40, 2**40), "cooldown_started: must be an integer"),
        ((1, 5, 4), r"now: must be an integer in \[5, "),
    ],
)
def test_times_are_checked(arguments, message):
    with pytest.raises(InputError, match=f"^max_redeemable: {message}"):
        aave_safety.max_redeemable(*arguments)


def test_the_last_second_of_time():
    assert aave_safety.max_redeemable(1, 2**40 - 1, 2**40 - 1) == 0


@pytest.mark.parametrize("name", ["cooldown_seconds", "unstake_window_seconds"])
def test_cooldown_rules_are_checked(name):
    for seconds in (-1, 2**40):
        with pytest.raises(InputError, match=f"^CooldownRules.{name}: must be an integer"):
            evolve(aave_safety.UMBRELLA, **{name: seconds})
    assert evolve(aave_safety.UMBRELLA, **{name: 0})


def test_shares_at_an_exchange_rate():
    assert aave_safety.get_exchange_rate(100, 100) == ONE
    assert aave_safety.get_exchange_rate(3, 1) == 333_333_333_333_333_334
    assert aave_safety.get_exchange_rate(3, 2) == 666_666_666_666_666_667
    assert aave_safety.get_exchange_rate(1, 0) == 0
    assert aave_safety.preview_stake(10, 1_500_000_000_000_000_000) == 15
    assert aave_safety.preview_stake(1, 1_999_999_999_999_999_999) == 1
    assert aave_safety.preview_redeem(15, 1_500_000_000_000_000_000) == 10
    assert aave_safety.preview_redeem(1, 1_000_000_000_000_000_001) == 0


@given(st.integers(1, 10**26), st.integers(1, 10**26))
def test_shares_never_claim_more_than_there_is(assets, shares):
    assert aave_safety.preview_redeem(shares, aave_safety.get_exchange_rate(assets, shares)) <= assets


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: aave_safety.get_exchange_rate(0, 1), r"get_exchange_rate: total_assets: must be an integer in \[1, "),
        (lambda: aave_safety.get_exchange_rate(1, -1), "get_exchange_rate: total_shares"),
        (lambda: aave_safety.preview_stake(-1, 1), "preview_stake: assets"),
        (lambda: aave_safety.preview_stake(1, 0), r"preview_stake: exchange_rate: must be an integer in \[1, "),
        (lambda: aave_safety.preview_redeem(-1, 1), "preview_redeem: shares"),
        (lambda: aave_safety.preview_redeem(1, 0), r"preview_redeem: exchange_rate: must be an integer in \[1, "),
        (lambda: aave_safety.slash_umbrella(0, 1), r"slash_umbrella: amount: must be an integer in \[1, "),
        (lambda: aave_safety.slash_umbrella(1, -1), "slash_umbrella: total_assets"),
    ],
)
def test_amounts_are_checked(call, message):
    with pytest.raises(InputError, match=f"^{message}"):
        call()


def slashed(amount, *, most=3_000, shares=1_000 * ONE, **lower_bound):
    return aave_safety.slash_safety_module(amount, shares, ONE, max_slashable_percentage=most, **lower_bound)


def test_a_slashing_raises_the_exchange_rate():
    assert slashed(200 * ONE) == (200 * ONE, 1_250_000_000_000_000_000)
    assert slashed(300 * ONE)[0] == 300 * ONE
    assert slashed(300 * ONE + 1)[0] == 300 * ONE
    assert slashed(10**30) == (300 * ONE, aave_safety.get_exchange_rate(700 * ONE, 1_000 * ONE))
    assert slashed(1, most=0) == (0, ONE)


def test_the_slashed_lose_their_share():
    taken, rate = slashed(200 * ONE)
    assert aave_safety.preview_redeem(500 * ONE, rate) == 400 * ONE == 500 * ONE - taken // 2


def test_a_slashing_must_leave_one_token():
    assert slashed(ONE, shares=2 * ONE, most=9_999)[0] == ONE
    with pytest.raises(
        InputError, match=r"^slash_safety_module: amount: must leave at least 10{18} of 20{18}, got 10{17}1$"
    ):
        slashed(ONE + 1, shares=2 * ONE, most=9_999)
    assert slashed(8, shares=10, most=9_999, lower_bound=2) == (8, 5 * ONE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": 0}, r"amount: must be an integer in \[1, "),
        ({"most": -1}, r"max_slashable_percentage: must be an integer in \[0, 9999\]"),
        ({"most": 10_000}, "max_slashable_percentage"),
        ({"lower_bound": 0}, r"lower_bound: must be an integer in \[1, "),
    ],
)
def test_slashings_are_checked(changes, message):
    with pytest.raises(InputError, match=f"^slash_safety_module: {message}"):
        slashed(**({"amount": 1} | changes))


@pytest.mark.parametrize(
    ("amount", "assets", "taken"),
    [(5, 10**9, 5), (10**9, 10**9, 10**9 - 10**6), (5, 10**6, 0), (5, 10**6 + 1, 1), (5, 10**6 - 1, 0), (5, 0, 0)],
)
def test_umbrella_may_lose_nearly_all(amount, assets, taken):
    assert aave_safety.slash_umbrella(amount, assets) == taken


PEAK, TARGET = 10**16, 10**24


def emission(assets, **rules):
    return aave_safety.get_emission_per_second_scaled(PEAK, TARGET, assets, **rules)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 0), (10, 19), (50, 75), (100, 100), (105, 95), (110, 90), (115, 85), (120, 80), (121, 80), (1_000, 80)],
)
def test_the_curve_of_emission(percent, expected):
    assert emission(TARGET * percent // 100) == PEAK * ONE * expected // 100


def test_each_part_of_the_curve_rounds_down():
    assert aave_safety.get_emission_per_second_scaled(1, 3, 1) == (2 * ONE - 333333333333333333) // 3
    # bound 12 of target 10, flat 5 of 7: 7 - 2 * 1 // 2 = 6
    assert aave_safety.get_emission_per_second_scaled(7, 10, 11) == 6 * ONE
    assert aave_safety.get_emission_per_second_scaled(7, 10, 12) == 5 * ONE
    assert aave_safety.get_emission_per_second_scaled(6, 10, 11) == 5 * ONE
    assert aave_safety.get_emission_per_second_scaled(9, 4, 5) == 7 * ONE


@given(st.integers(0, 10**25), st.integers(0, 10**24))
def test_more_stake_never_raises_a_stakers_rate(assets, more):
    if assets:
        assert emission(assets) * (assets + more) + 3 * (assets + more) >= emission(assets + more) * assets


def test_the_flat_end_is_a_parameter():
    rules = aave_safety.EmissionRules(flat_emission_liquidity_bound=10_000, flat_emission_bps=5_000)
    assert emission(TARGET, rules=rules) == PEAK * ONE
    assert emission(TARGET + 1, rules=rules) == PEAK * ONE // 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"flat_emission_liquidity_bound": 9_999},
            r"flat_emission_liquidity_bound: must be an integer in \[10000, 1000000\]",
        ),
        ({"flat_emission_liquidity_bound": 1_000_001}, "flat_emission_liquidity_bound"),
        ({"flat_emission_bps": 10_001}, r"flat_emission_bps: must be an integer in \[0, 10000\]"),
        ({"flat_emission_bps": -1}, "flat_emission_bps"),
    ],
)
def test_emission_rules_are_checked(changes, message):
    with pytest.raises(InputError, match=f"^EmissionRules.{message}"):
        attrs.evolve(aave_safety.EMISSION_2025, **changes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1, 1), "max_emission_per_second"),
        ((1, 0, 1), r"target_liquidity: must be an integer in \[1, "),
        ((1, 1, -1), "total_assets"),
    ],
)
def test_emissions_are_checked(arguments, message):
    with pytest.raises(InputError, match=f"^get_emission_per_second_scaled: {message}"):
        aave_safety.get_emission_per_second_scaled(*arguments)


def test_what_an_emission_is_a_year():
    # 0.01 tokens a second on a million coins: 315,360 a year
    assert aave_safety.emission_apr(emission(TARGET), TARGET) == APR(0.31536)
    assert aave_safety.emission_apr(emission(TARGET), TARGET, reward_price=0.5) == APR(0.15768)
    assert aave_safety.emission_apr(emission(TARGET), 10**12, decimals=6) == APR(0.31536)
    assert aave_safety.emission_apr(0, 1) == APR(0.0)
    assert aave_safety.emission_apr(1, 10, decimals=0).value == pytest.approx(31_536_000 / 10 / 1e36, rel=1e-14)
    assert aave_safety.emission_apr(ONE, 10**36, decimals=36).value == pytest.approx(31_536_000 / 1e18, rel=1e-14)


@pytest.mark.parametrize(
    ("arguments", "changes", "message"),
    [
        ((-1, 1), {}, "emission_per_second_scaled"),
        ((1, 0), {}, r"total_assets: must be an integer in \[1, "),
        ((1, 1), {"decimals": -1}, "decimals"),
        ((1, 1), {"decimals": 37}, r"decimals: must be an integer in \[0, 36\]"),
        ((1, 1), {"reward_price": -0.1}, "reward_price"),
    ],
)
def test_the_rate_of_an_emission_is_checked(arguments, changes, message):
    with pytest.raises(InputError, match=f"^emission_apr: {message}"):
        aave_safety.emission_apr(*arguments, **changes)


def test_a_float_is_no_amount():
    with pytest.raises(InputTypeError, match=r"^slash_umbrella: amount: must be an integer"):
        aave_safety.slash_umbrella(1.0, 10**9)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [aave_safety.CooldownRules, aave_safety.EmissionRules])
def test_parameters_are_given_by_name(kind):
    with pytest.raises(TypeError, match="positional"):
        kind(10_000, 10_000)
