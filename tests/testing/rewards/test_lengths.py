"""Day counts that are right for a year or two, and wrong for other lengths, are found and named."""

from typing import Any

import pytest

from stakingmodels import ConformanceError
from stakingmodels.testing import check_reward

SIMPLE: dict[str, Any] = {"amount": "coins", "apr": "apr", "days": "days", "compounds": "never", "only": ["apr-apy"]}


def without_leap_days(coins, apr, days):
    return coins * apr * (days - days // 1_461) / 365


def leap_year_after_two(coins, apr, days):
    return coins * apr * days / (365 if days <= 730 else 366)


def whole_years(coins, apr, days):
    return coins * apr * (days // 365)


def bank_days_within_a_year(coins, apr, days):
    return coins * apr * days / (360 if days < 365 else 365)


def compounded_with_leap_years(coins, apr, days):
    return coins * (1.0 + apr / 365) ** (days - days // 1_461)


def growth_of_leap_years(coins, apy, years):
    return coins * (1.0 + apy) ** (years if years <= 2.0 else years * 365.25 / 365)


@pytest.mark.parametrize(
    ("function", "promises", "told"),
    [
        (without_leap_days, {}, r"days=\d{4}\)"),
        (leap_year_after_two, {}, "; it is what a year of 366 days would give$"),
        (whole_years, {}, "want"),
        (bank_days_within_a_year, {}, "; it is what a year of 360 days would give$"),
        (compounded_with_leap_years, {"returns": "balance", "compounds": 365}, r"days=\d{4}\)"),
        (
            growth_of_leap_years,
            {"apr": None, "apy": "apy", "days": None, "years": "years", "returns": "balance", "compounds": "always"},
            "want",
        ),
    ],
)
def test_a_mistaken_day_count_is_named(function, promises, told):
    with pytest.raises(ConformanceError, match=rf"^apr-apy: {function.__name__}\(.*{told}"):
        check_reward(function, **{**SIMPLE, **promises})


@pytest.mark.parametrize("compounds", ["never", 365])
def test_a_domain_without_a_year_does_not_leave_the_promise_unchecked(compounds):
    def simple(coins, apr, days):
        return coins * apr * days / 365

    promises = {**SIMPLE, "domain": {"days": (1, 30)}, "compounds": compounds}
    if compounds == "never":
        assert check_reward(simple, **promises).passed == ("apr-apy",)
    else:
        with pytest.raises(ConformanceError, match=r"^apr-apy: .* compounded 365 times a year$"):
            check_reward(simple, **promises)


def test_a_promise_of_compounding_that_the_domain_does_not_let_be_checked_is_told():
    def monthly(coins, apr, days):
        return coins * ((1.0 + apr / 12) ** (12 * days / 365) - 1.0)

    report = check_reward(monthly, amount="coins", apr="apr", days="days", compounds=12, domain={"days": (1, 30)})
    for name, ends in {"apr-apy": "a duration", "split": "two durations and their sum,"}.items():
        assert report.not_run[name] == (
            "compounds=12 cannot be checked: no case of its domain lets it compare two answers;"
            f" it needs {ends} at whose end interest is paid, and days is in [1, 30]"
        )
