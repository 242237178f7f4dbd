"""`assumption_changes`: what changed, why, and what each average moved by; nothing else moves it."""

import json
import re

import attrs
import pytest

from stakingmodels import TimeGrid, compare, products, scenarios, simulate
from stakingmodels.analysis import assumption_changes
from stakingmodels.assumptions import AssumptionSet, assumption_set
from stakingmodels.errors import InputError, UnknownNameError

OURS = assumption_set()
MINE = OURS.changed(
    "mine",
    {"exploit.hazard": 0.02, "exchange_commission": 0.25, "mining.price_usd_per_th_s": 13.6},
    evidence="our reading",
    source="us",
)
GRID = TimeGrid.daily(scenarios.REFERENCE_START, days=120, settlement_days=60)


@pytest.fixture(scope="module")
def moved():
    return assumption_changes("2026.11", MINE, n_paths=1_000, rng=7, grid=GRID)


def average(numbers: AssumptionSet) -> dict[str, float]:
    rows, world = products.reference(assumptions=numbers), scenarios.reference(assumptions=numbers)
    results = simulate(rows, world, GRID, capital=100_000.0, n_paths=1_000, rng=7, event_sampling="stratified")
    return {row.product: row.net_coin_return for row in compare(results, assumptions=numbers).rows}


def test_three_changed_numbers_are_told_in_the_order_of_the_sets(moved):
    assert [change.key for change in moved.changes] == [
        "exploit.hazard",
        "exchange_commission",
        "mining.price_usd_per_th_s",
    ]
    assert all((each.before, each.after) == (OURS[each.key], MINE[each.key]) for each in moved.changes)


def test_averages_are_those_of_two_runs(moved):
    assert {row.product: row.before for row in moved.rows} == average(OURS)
    assert {row.product: row.after for row in moved.rows} == average(MINE)


def test_ranges_are_those_of_the_comparison_with_each_set(moved):
    rows, world = products.reference(assumptions=MINE), scenarios.reference(assumptions=MINE)
    results = simulate(rows, world, GRID, capital=100_000.0, n_paths=1_000, rng=7, event_sampling="stratified")
    ranges = compare(results, assumptions=MINE).ranges
    assert {row.product: row.range_after for row in moved.rows} == {name: (x.low, x.high) for name, x in ranges.items()}
    (token,) = (row for row in moved.rows if row.product == "liquid token")
    assert token.range_after[0] < token.after < token.range_after[1]


def test_only_rows_that_rest_on_a_changed_number_move(moved):
    by = {row.product: row.moved_by for row in moved.rows}
    assert {name for name, change in by.items() if change != 0.0} == {
        "staking pool",
        "liquid token",
        "exchange earn",
        "cloud mining",
    }
    assert by["liquid token"] < 0.0 < by["exchange earn"]
    assert by["cloud mining"] > 0.0


def test_the_text_tells_what_why_and_by_how_much(moved):
    text = moved.to_text()
    assert text.startswith(f"From {OURS.label} to {MINE.label}: what changed, and why\n")
    assert "exploit.hazard             0.01 (0 to 0.102185)   0.02 (0 to 0.102185)" in text
    assert "our reading; us, 2026-11-30" in text
    (row,) = (row for row in moved.rows if row.product == "exchange earn")
    (line,) = (line for line in text.splitlines() if line.startswith("exchange earn"))
    ends = [f"{100.0 * low:+.2f} to {100.0 * high:+.2f}" for low, high in (row.range_before, row.range_after)]
    averages = [f"{row.before:+.2%}", f"{row.after:+.2%}", f"{100 * row.moved_by:+.2f}"]
    assert re.split(r"  +", line) == ["exchange earn", averages[0], ends[0], averages[1], ends[1], averages[2]]
    assert "1,000 paths, seed 7" in text
    assert "範圍為所有假設" in moved.to_text(language="zh-TW")
    assert max(map(len, text.splitlines())) <= 118
    assert "- exploit.hazard: our reading; us, 2026-11-30" in repr(moved)


def test_no_difference_is_a_sentence_and_no_run():
    found = assumption_changes(OURS, "2026.11", n_paths=10_000_000)
    assert (found.changes, found.rows) == ((), ())
    assert found.to_text() == f"No number differs between {OURS.label} and {OURS.label}."


def test_a_number_that_only_one_set_has_is_told():
    own = AssumptionSet(name="more", date="2026-11-30", numbers={**OURS.numbers, "own.number": OURS["provider.hazard"]})
    added, removed = (assumption_changes(*pair, n_paths=5, grid=GRID) for pair in ((OURS, own), (own, OURS)))
    assert [(x.key, x.before, x.after) for x in added.changes] == [("own.number", None, OURS["provider.hazard"])]
    assert "own.number  not in it  0.1 (0.02 to 0.5)" in added.to_text()
    assert "own.number  0.1 (0.02 to 0.5)  not in it" in removed.to_text()
    assert {row.moved_by for row in added.rows} == {0.0}


def test_another_range_or_source_alone_is_a_change():
    mine = OURS.changed("mine", {"uptime": attrs.evolve(OURS["uptime"], source="another")})
    found = assumption_changes(OURS, mine, n_paths=5, grid=GRID)
    assert [change.key for change in found.changes] == ["uptime"]
    assert {row.moved_by for row in found.rows} == {0.0}


def test_as_plain_values(moved):
    plain = moved.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["before"], plain["after"], plain["n_paths"], plain["seed"]) == (OURS.label, MINE.label, 1_000, 7)
    assert plain["changes"][0]["after"]["base"] == 0.02
    assert plain["rows"][0] == {
        "product": "hold ETH",
        "before": 0.0,
        "after": 0.0,
        "moved_by": 0.0,
        "range_before": [0.0, 0.0],
        "range_after": [0.0, 0.0],
    }


def test_bad_input_is_told_in_a_sentence():
    with pytest.raises(UnknownNameError, match=r"^assumption_set: which: must be one of"):
        assumption_changes("2026.11", "2026.12")
    with pytest.raises(InputError, match=r"^assumption_changes: n_paths: must be an integer in \[1, "):
        assumption_changes("2026.11", MINE, n_paths=0)
