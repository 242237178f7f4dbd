"""Functions of other forms than the three of the table: what they return, in which units, and how time is told."""

import math
from typing import Any

import numpy as np
import pytest

from stakingmodels import ConformanceError, InputError
from stakingmodels.testing import RewardFunction, check_reward, parametrize_with_checks
from stakingmodels.testing.rewards.cases import RewardCase
from stakingmodels.testing.rewards.integers import check_rounding


def shared(pot, stakes, cut):
    whole = sum(stakes) or 1
    return [pot * (1.0 - cut) * each / whole for each in stakes], pot * cut


def shared_units(pot, stakes):
    whole = sum(stakes) or 1
    return [pot * each // whole for each in stakes]


def shared_up(pot, stakes):
    whole = sum(stakes) or 1
    return [-(-pot * each // whole) for each in stakes]


def three(coins, percent, years, cut):
    gross = coins * percent / 100.0 * years
    return gross - gross * cut, gross * cut, gross


def cents(coins, apr, days):
    return math.floor(coins * apr * days / 365 * 100.0) / 100.0


def by_the_second(coins, apr, seconds):
    return coins * math.exp(apr * seconds / 31_536_000.0)


def epochs(coins, rate, n):
    for _ in range(n):
        coins += coins * rate // 10_000
    return coins


def monthly(coins, apr, years):
    return coins * (1.0 + apr / 12.0) ** (12.0 * years)


def french_year(coins, apr, days):
    return coins * apr * days / 360.0


def whole_epochs(coins, apy, n):
    return coins * ((1.0 + apy) ** (n / 73.0) - 1.0)


def rows(coins, rates):
    return [coins * rate for rate in rates]


def columns(coins, rates):
    return coins * np.cumprod(1.0 + rates)


LINEAR: dict[str, Any] = {"homogeneous": True, "additive": True}
FORMS: list[tuple[Any, dict[str, Any], set[str]]] = [
    (
        shared,
        {**LINEAR, "pot": "pot", "shares": "stakes", "fee": "cut", "returns": ("parts", "fee")},
        {"conservation", "within-pot", "homogeneous", "additive", "monotone-in-fee"},
    ),
    (
        shared_units,
        {**LINEAR, "pot": "pot", "shares": "stakes", "returns": "parts", "integers": True, "rounds": "down"},
        {"conservation", "within-pot", "rounding", "integers", "inputs-unchanged"},
    ),
    (
        shared_up,
        {"additive": True, "pot": "pot", "shares": "stakes", "returns": "parts", "integers": True, "rounds": "up"}
        | {"expected_failures": dict.fromkeys(("conservation", "within-pot"), "rounded up, it is more than the pot")},
        {"rounding", "additive"},
    ),
    (
        three,
        {**LINEAR, "amount": "coins", "apr": "percent", "rate_scale": 100, "years": "years", "fee": "cut"}
        | {"returns": ("reward", "fee", "gross"), "compounds": "never"},
        {"conservation", "apr-apy", "split"},
    ),
    (
        cents,
        {**LINEAR, "amount": "coins", "apr": "apr", "days": "days", "unit": 0.01, "rounds": "down"}
        | {"compounds": "never"},
        {"rounding", "split", "apr-apy", "additive"},
    ),
    (
        by_the_second,
        {**LINEAR, "amount": "coins", "apr": "apr", "seconds": "seconds", "returns": "balance", "compounds": "always"},
        {"apr-apy", "split"},
    ),
    (
        epochs,
        {"amount": "coins", "period_rate": "rate", "rate_scale": 10_000, "periods": "n", "returns": "balance"}
        | {"integers": True, "compounds": "always", "dust": 50, "domain": {"n": (0, 20), "coins": (0, 2**70)}},
        {"apr-apy", "split", "integers"},
    ),
    (
        monthly,
        {**LINEAR, "amount": "coins", "apr": "apr", "years": "years", "returns": "balance", "compounds": 12},
        {"apr-apy", "split"},
    ),
    (
        french_year,
        {**LINEAR, "amount": "coins", "apr": "apr", "days": "days", "year_days": 360, "compounds": "never"},
        {"apr-apy"},
    ),
    (
        whole_epochs,
        {**LINEAR, "amount": "coins", "apy": "apy", "periods": "n", "compounds": 73},
        {"apr-apy", "split"},
    ),
    (
        rows,
        {**LINEAR, "amount": "coins", "rate_path": "rates", "by_step": True, "compounds": "never"},
        {"no-look-ahead", "split", "inputs-unchanged"},
    ),
    (
        columns,
        {**LINEAR, "amount": "coins", "rate_path": "rates", "by_step": True, "returns": "balance"}
        | {"compounds": "always", "takes": "both", "expected_failures": {"scalar-vector": "one delegator at a time"}},
        {"no-look-ahead", "split"},
    ),
]


@pytest.mark.parametrize(("function", "promises", "checks"), FORMS, ids=[each.__name__ for each, _, _ in FORMS])
def test_a_sound_function_of_another_form_passes(function, promises, checks):
    assert checks <= {*check_reward(function, **promises).passed}


def lost_cent(pot, stakes, cut):
    parts, fee = shared(pot, stakes, cut)
    return parts, fee * 0.999


def negative_part(pot, stakes, cut):
    parts, fee = shared(pot, stakes, cut)
    return [parts[0] - pot, *parts[1:]], fee + pot


def equal_parts(pot, stakes, cut):
    return [pot * (1.0 - cut) / len(stakes)] * len(stakes), pot * cut


def gross_after_the_fee(coins, percent, years, cut):
    reward, fee, gross = three(coins, percent, years, cut)
    return reward, fee, gross - fee


def view_of_its_argument(coins, rates):
    return coins if rates.sum() < 0.0 else coins + 0.0 if np.ndim(coins) == 0 else coins


def wrong_shape(coins, apr):
    return np.atleast_2d(coins * apr).T if np.ndim(coins) else coins * apr


def refuses_arrays(coins, apr):
    return float(coins) * apr


def appends_to_a_constant(coins, apr, paid):
    paid.append(coins)
    return coins * apr


def floats_for_integers(coins, bps):
    return coins * bps / 10_000


def rounds_up(coins, bps):
    return -(-coins * bps // 10_000)


def of_cents_up(coins, apr, days):
    return math.ceil(coins * apr * days / 365 * 100.0) / 100.0


POT: dict[str, Any] = FORMS[0][1]
BPS: dict[str, Any] = {"amount": "coins", "period_rate": "bps", "rate_scale": 10_000, "integers": True}
FAULTS: list[tuple[Any, dict[str, Any], str, str]] = [
    (lost_cent, POT, "conservation", r"holders \+ fee .*, want"),
    (negative_part, POT, "within-pot", r"parts of holder 0 -.*, want at least 0"),
    (equal_parts, POT, "zero", "parts .*, want 0 .*: stakes are all 0"),
    (gross_after_the_fee, FORMS[3][1], "conservation", "reward and fee are the gross reward"),
    (
        view_of_its_argument,
        {"amount": "coins", "rate_path": "rates", "takes": "both"},
        "inputs-unchanged",
        "answers with its own argument coins, or a view of it; return a copy",
    ),
    (wrong_shape, {"amount": "coins", "apr": "apr", "takes": "both"}, "scalar-vector", r"of shape \(\d, 1\), want"),
    (refuses_arrays, {"amount": "coins", "apr": "apr", "takes": "both"}, "scalar-vector", "raised TypeError.*alone"),
    (
        appends_to_a_constant,
        {"amount": "coins", "apr": "apr", "constants": {"paid": []}},
        "inputs-unchanged",
        r"paid=\[\]\) changes its argument paid",
    ),
    (floats_for_integers, BPS, "integers", "gives reward .*, a float, want an int"),
    (rounds_up, {**BPS, "rounds": "down", "homogeneous": True}, "rounding", "want at least .*: rounded down, 2 times"),
    (of_cents_up, FORMS[4][1], "rounding", "want at most .*: rounded down, it is no more than the rate earns exactly"),
    (of_cents_up, {**FORMS[4][1], "compounds": None}, "rounding", "rounded down, .* is no more than this"),
]


@pytest.mark.parametrize(("function", "promises", "check", "words"), FAULTS, ids=[each[0].__name__ for each in FAULTS])
def test_a_fault_of_another_form_is_named(function, promises, check, words):
    spec = RewardFunction(function, **promises)
    with pytest.raises(ConformanceError, match=rf"^{check}: {spec.name}\(.*{words}"):
        check_reward(spec, only=[check])


CANNOT: list[tuple[dict[str, Any], str, str]] = [
    ({"days": None, "periods": "n", "compounds": "always"}, "apr-apy", "periods have no length"),
    ({"apr": None, "period_rate": "rate", "compounds": "always"}, "apr-apy", "needs a duration in periods"),
    ({"integers": True, "rounds": "down"}, "rounding", "needs homogeneous=True, or compounds with a rate"),
    ({"days": None, "constants": {"n": 3}, "compounds": 365}, "split", "names neither a duration nor a rate path"),
    ({"days": None, "constants": {"n": 3}, "compounds": 365}, "apr-apy", "names no single rate with a duration"),
    ({"amount": None, "pot": "principal", "compounds": 365}, "split", "needs an amount, and a reward or a balance"),
]


@pytest.mark.parametrize(("changed", "check", "why"), CANNOT)
def test_a_check_without_its_promise_says_what_is_missing(changed, check, why):
    def earn(principal, rate, n, fee=0.0):
        return principal * rate * n / 365 * (1 - fee)

    spec = RewardFunction(earn, **{"amount": "principal", "apr": "rate", "days": "n", **changed})
    with pytest.raises(InputError, match=f"^{check}: cannot be run on earn: .*{why}"):
        check_reward(spec, only=[check])


UNCHECKED: list[tuple[dict[str, Any], str]] = [
    ({"unit": 0.01, "rounds": "down"}, r"rounds='down' is promised .* on earn: needs homogeneous=True, or comp"),
    ({"integers": True}, r"integers=True is promised .* on earn: nothing tells what is right beyond 2\*\*53; promise"),
    (
        {"days": None, "constants": {"n": 365}, "compounds": 365},
        "compounds=365 is promised .* names neither a duration",
    ),
]


@pytest.mark.parametrize(("changed", "why"), UNCHECKED)
def test_a_promise_that_nothing_can_check_is_refused(changed, why):
    def earn(principal, rate, n):
        return int(principal * rate * n // 365)

    spec = RewardFunction(earn, **{"amount": "principal", "apr": "rate", "days": "n", **changed})
    for where, call in {
        "check_reward": lambda: check_reward(spec),
        "parametrize_with_checks": lambda: parametrize_with_checks([spec]),
    }.items():
        with pytest.raises(InputError, match=f"^{where}: {why}"):
            call()
    if spec.integers and spec.rounds is None:
        check_reward(spec.replace(domain={"principal": (0, 2**53)}))


@pytest.mark.parametrize("coins", [89_940_000.0, 89_940_000_000.0])
@pytest.mark.parametrize(("function", "rounds"), [(cents, "down"), (of_cents_up, "up")])
def test_cents_of_a_large_amount_are_as_fine_as_floats_are(function, rounds, coins):
    # 3 times 79,924,528.01 lies between two floats, 3e-8 apart: more than a millionth of a cent
    spec = RewardFunction(function, **{**FORMS[4][1], "rounds": rounds})
    case = {"amount": coins, "apr": 0.8838, "days": 367}
    check_rounding(spec, [RewardCase(case, case, factor=factor) for factor in range(2, 10)])


def test_rewards_of_all_steps_so_far_are_told_to_be_of_each_alone():
    def so_far(coins, rates):
        return coins * (np.cumprod(1.0 + np.asarray(rates)) - 1.0)

    how: dict[str, Any] = {"amount": "coins", "rate_path": "rates", "by_step": True, "compounds": "always"}
    with pytest.raises(ConformanceError, match=r"^split: .* where it is of all so far, give its differences$"):
        check_reward(so_far, **how)
    check_reward(lambda coins, rates: np.diff(so_far(coins, rates), prepend=0.0), **how)
