"""The expected grades of collected offers are complete, and the figures of their reasons add up."""

from collections import Counter

import pytest

from tests.analysis.offers.expected import CASES, GRADES

MONTH = 365.0 / 12.0
NEEDED = {  # part of the money paid a day, times 10 USD per TH/s, the cheapest machine
    "1-low": 0.005,
    "1-high": 0.01,
    "5-output": 100.0 / 3000.0 / MONTH,
    "5-advert": 1.0 / MONTH,
    "13": 2.5 / 365.0,
    "15": 0.2 / MONTH,
    "17": 1.05 / 365.0,
    "text-800": 8.0 / 365.0,
    "text-100": 1.0 / 365.0,
    "41": 1.0 / (4.0 * MONTH),
}


def test_every_case_has_a_grade_and_a_reason():
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert all(case["expected"] in GRADES and case["reason"] and case["kind"] for case in CASES)


def test_the_counts():
    counts = {"only if": 11, "untestable": 10, "possible": 10, "impossible": 8}
    assert Counter(case["expected"] for case in CASES) == counts


@pytest.mark.parametrize("case", [case for case in CASES if case["id"] in NEEDED], ids=lambda case: case["id"])
def test_the_hash_price_needed_is_that_of_the_cheapest_machine(case):
    part = NEEDED[case["id"]]
    assert case["usd_per_th_day"] == pytest.approx(10.0 * part, rel=1e-6)
    if "machine_usd_per_th" in case:
        assert case["machine_usd_per_th"] == pytest.approx(0.0366 / part, rel=1e-4)
