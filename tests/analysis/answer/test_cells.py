"""Cells of the short table."""

import math
from typing import Any

import attrs
import pytest

from stakingmodels.analysis.answer.cells import average_text, failure_text, money_text, price_text, range_text
from stakingmodels.analysis.answer.failures import WorstFailure


@pytest.mark.parametrize(
    ("money", "capital", "text"),
    [
        (26_234.5, 100_000.0, "26,200"),
        (265_540.0, 100_000.0, "265,500"),
        (965.4, 1_000.0, "965"),
        (0.26234, 1.0, "0.262"),
        (8_671.0, 10_000.0, "8,670"),
        (2.5e15, 1e15, "2.5e+15"),
        (math.nan, 1.0, "-"),
    ],
)
def test_money_is_rounded_to_a_thousandth_of_the_capital(money, capital, text):
    assert money_text(money, capital) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [(88_684.2, "88,684"), (3004.19, "3,004"), (126.9, "126.9"), (0.0123456, "0.01235"), (0.0, "0"), (math.nan, "-")],
)
def test_prices_have_four_digits_at_least(price, text):
    assert price_text(price) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.02245, "+2.25%"),
        (-0.185, "-18.50%"),
        (0.0, "0.00%"),
        (-1.2561, "-125.6%"),
        (-12.5, "-1,250%"),
        (0.00004, "0.00%"),
        (math.nan, "-"),
    ],
)
def test_averages_have_fewer_decimals_where_they_are_large(fraction, text):
    assert average_text(fraction) == text


@attrs.frozen
class Range:
    """A range of a row."""

    low: float
    high: float
    terms: tuple[str, ...] = ("commission",)


@attrs.frozen
class Contents:
    """As much of a report as is read."""

    ranges: dict[str, Range]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.0855, 0.0218, "-8.55…+2.18"),
        (-0.511, -0.158, "-51.1…-15.8"),
        (-2.093, -0.256, "-209…-26"),
        (math.nan, math.nan, "-"),
    ],
)
def test_both_ends_of_a_range_have_as_many_decimals(low, high, text):
    contents: Any = Contents({"pool": Range(low, high)})
    assert range_text("pool", contents) == text


def test_a_row_without_assumptions_says_so():
    bare: Any = Contents({"pool": Range(0.01, 0.01, ())})
    unknown: Any = Contents({})
    assert range_text("pool", bare) == "no range"
    assert range_text("pool", unknown) == "-"


@pytest.mark.parametrize(
    ("event", "hazard", "loss", "text"),
    [
        ("exploit:x", 0.01, 0.5, "exploit 1%, -50%"),
        ("slashing:x", 0.0002, 0.00198, "slashing 0.02%, -0.2%"),
        ("custodian:x", 0.02, 0.5, "bankruptcy 2%, -50%"),
        ("provider:x", 0.1, 1.0, "vanishes 10%, -100%"),
        ("flood:a house by the river", 1.5, 1.0, "flood:a house... 150%, -100%"),
        ("exploit:x", math.nan, 0.5, "exploit, -50%"),
        ("exploit:x", 0.01, math.nan, "exploit 1%"),
        ("exploit:x", math.nan, math.nan, "exploit"),
    ],
)
def test_failures_in_words(event, hazard, loss, text):
    assert failure_text(WorstFailure(event=event, hazard=hazard, loss=loss)) == text


def test_no_failure():
    assert failure_text(None) == "none modelled"
