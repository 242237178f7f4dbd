"""Averages over the ranges of assumptions, against runs by hand; a caller's own ranges; bad input."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    Holding,
    InputError,
    InputTypeError,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.assumptions import Assumption, assumption_set
from stakingmodels.errors import UnknownNameError
from stakingmodels.market import Event
from stakingmodels.products.reference import POOL_FAILURES
from stakingmodels.products.term_paths import with_term

GRID = TimeGrid.daily("2026-01-01", days=60, settlement_days=60)
RUN: dict[str, Any] = {"capital": 100_000.0, "n_paths": 512, "rng": 4, "event_sampling": "stratified"}
WORLD = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})


@pytest.fixture(scope="module")
def comparison():
    return compare(simulate(products.reference(), scenarios.reference(), GRID, **RUN))


def pool_at(**terms):
    results = simulate({"pool": StakingPool(**terms)}, WORLD, GRID, capital=1e5, n_paths=1)["pool"]
    return float(results.yields().net_apr[0])


def test_ends_are_runs_with_every_number_at_its_worse_and_better_end(comparison):
    for name in ("solo validator", "exchange earn", "cloud mining"):
        found = comparison.ranges[name]
        means = {}
        for end in ("worst", "best"):
            product = products.reference()[name]
            for each in found.terms:
                product = with_term(product, each.term, getattr(each.assumption, end))
            outcome = simulate({"x": product}, scenarios.reference(), GRID, **RUN)["x"]
            opened = outcome.feasible
            coins = outcome.coins_net * outcome.opening_price / outcome.capital / outcome.earning_years
            means[end] = np.mean(coins[opened])
        assert found.low == pytest.approx(means["worst"], abs=1e-12)
        assert found.high == pytest.approx(means["best"], abs=1e-12)
        assert found.low < found.base < found.high


def test_the_base_is_the_average_of_the_comparison(comparison):
    for row in comparison.rows:
        assert comparison.ranges[row.product].base == pytest.approx(row.net_coin_return, abs=1e-15)


def test_rows_without_assumptions_have_one_number(comparison):
    for name in ("hold ETH", "hold BTC", "cash"):
        found = comparison.ranges[name]
        assert found.terms == ()
        assert found.low == found.base == found.high


def test_it_is_computed_once_and_kept_by_a_ranking(comparison):
    assert comparison.ranges is comparison.ranges
    assert comparison.rank("net_coin_return").ranges is comparison.ranges


def test_no_more_runs_than_two_and_none_for_rows_without_assumptions(monkeypatch):
    from stakingmodels.analysis.answer import again

    asked = []

    def counted(rows, *args, **kwargs):
        asked.append(len(rows))
        return simulate(rows, *args, **kwargs)

    monkeypatch.setattr(again, "simulate", counted)
    results = simulate(products.reference(), scenarios.reference(), GRID, **RUN)
    compare(results).ranges  # noqa: B018  # computed when read
    assert sum(asked) == 2 * 5
    assert len(asked) == 1


def test_a_number_that_the_user_set_is_the_users_own():
    rows = {"pool": StakingPool(withdrawal_days=2.0), "solo": SoloValidator(uptime=0.97)}
    found = compare(simulate(rows, scenarios.reference(), GRID, **RUN)).ranges
    assert found["pool"].terms == ()
    assert "uptime" not in [each.term for each in found["solo"].terms]


def test_a_callers_range_by_hand():
    results = simulate({"pool": StakingPool(commission=0.10)}, WORLD, GRID, capital=1e5, n_paths=1)
    found = compare(results, ranges={"pool": {"commission": (0.05, 0.20)}}).ranges["pool"]
    assert found.low == pytest.approx(pool_at(commission=0.20), abs=1e-15)
    assert found.high == pytest.approx(pool_at(commission=0.05), abs=1e-15)
    assert [(each.term, each.assumption.worse) for each in found.terms] == [("commission", "high")]


def test_the_worse_end_of_a_callers_range_is_found_by_trial():
    results = simulate({"solo": SoloValidator(uptime=0.97)}, scenarios.reference(), GRID, **RUN)
    found = compare(results, ranges={"solo": {"uptime": [0.9, 1.0]}}).ranges["solo"]
    assert next(each.assumption.worse for each in found.terms if each.term == "uptime") == "low"


def test_a_callers_assumption_replaces_the_sets():
    wide = Assumption(
        low=0.5, base=0.99, high=1.0, worse="low", basis="assumed", evidence="mine", source="me", date="2026-12-01"
    )
    results = simulate({"solo": products.reference()["solo validator"]}, scenarios.reference(), GRID, **RUN)
    usual, mine = compare(results), compare(results, ranges={"solo": {"uptime": wide}})
    assert len(usual.ranges["solo"].terms) == len(mine.ranges["solo"].terms)
    assert mine.ranges["solo"].low < usual.ranges["solo"].low


def test_a_row_that_was_not_opened_has_no_numbers():
    results = simulate({"solo": SoloValidator()}, scenarios.reference(), GRID, capital=1e3, n_paths=5, rng=1)
    found = compare(results).ranges["solo"]
    assert np.isnan([found.low, found.base, found.high]).all()
    assert compare(results).ranges.to_dict()["solo"]["low"] is None


def test_shown_in_both_languages(comparison):
    text = comparison.ranges.to_text()
    assert "exchange earn" in text
    assert "all at worse ends" in text
    assert "全部取壞端" in comparison.ranges.to_text(language="zh-TW")
    assert len(repr(comparison.ranges).splitlines()) <= 25
    assert "<table" in comparison.ranges._repr_html_()


@pytest.mark.parametrize(
    ("ranges", "error", "words"),
    [
        ({"pool": {"commission": (0.2, 0.05)}}, InputError, r"\['commission'\]: must have its low end first.*\(0.05"),
        ({"pool": {"commission": (0.2, 0.3)}}, InputError, r"must contain the 0.1 of the row"),
        ({"pool": {"commission": (0.05, 1.5)}}, InputError, r"commission: must be a fraction in \[0, 1\]"),
        ({"pool": {"comission": (0.05, 0.2)}}, UnknownNameError, r"did you mean 'commission'"),
        ({"pol": {"commission": (0.05, 0.2)}}, UnknownNameError, r"did you mean 'pool'"),
        ({"pool": {"commission": 0.2}}, InputTypeError, r"must be a low and a high end"),
        ({"pool": {"commission": (0.05, "x")}}, InputTypeError, r"must be a number"),
        ({"pool": {"commission": (0.05, float("nan"))}}, InputError, r"ranges"),
        ({"pool": {3: (0.05, 0.2)}}, InputTypeError, r"must be named by terms"),
        ({"pool": (0.05, 0.2)}, InputTypeError, r"must be ranges by row and term"),
        ([("pool", 1)], InputTypeError, r"must be ranges by row and term"),
        ({"pool": {"asset": (0.05, 0.2)}}, InputError, r"must be a number"),
    ],
)  # fmt: skip
def test_bad_ranges_are_one_clear_sentence(ranges, error, words):
    results = simulate({"pool": StakingPool(commission=0.10)}, WORLD, GRID, capital=1e5, n_paths=1)
    with pytest.raises(error, match=words) as caught:
        compare(results, ranges=ranges)
    assert "\n" not in str(caught.value)


def test_an_unknown_set_is_one_clear_sentence():
    results = simulate({"hold": Holding("ETH")}, WORLD, GRID, capital=1e5, n_paths=1)
    with pytest.raises(InputError, match=r"2026\.11") as caught:
        compare(results, assumptions="2026.12x")
    assert "\n" not in str(caught.value)


def mine(low, base, high):
    return Assumption(
        low=low, base=base, high=high, worse="high", basis="assumed", evidence="mine", source="me", date="2026-12-01"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (mine(0.2, 0.3, 0.4), r"\['commission'\]: base: must be the 0.1 of the row, got 0.3"),
        (mine(0.05, 0.1, 1.5), r"commission: must be a fraction in \[0, 1\]"),
    ],
)
def test_a_callers_assumption_must_be_of_the_row(number, words):
    results = simulate({"pool": StakingPool(commission=0.10)}, WORLD, GRID, capital=1e5, n_paths=1)
    with pytest.raises(InputError, match=words):
        compare(results, ranges={"pool": {"commission": number}})


def test_a_hazard_moves_where_the_scenario_strikes_its_event_on_a_day_too():
    rows = {"pool": products.reference()["staking pool"]}
    event = POOL_FAILURES[1].event
    struck = scenarios.Shocked(scenarios.reference(), [scenarios.EventShock(event, day=30.0)])
    for world, moves in (
        (struck, True),
        (scenarios.Joint([scenarios.Hazards({Event(event.name): 0.3}), struck.scenario]), False),
    ):
        terms = compare(simulate(rows, world, GRID, **RUN)).ranges["pool"].terms
        assert ("exploit.hazard" in [each.key for each in terms]) == moves


def test_ranges_of_another_set_than_the_scenarios_are_pointed_out():
    mine = assumption_set().changed("mine", {"exploit.hazard": 0.02})
    rows = {"token": products.reference(assumptions=mine)["liquid token"]}
    results = simulate(rows, scenarios.reference(assumptions=mine), GRID, **RUN)
    with pytest.warns(UserWarning, match=r"the ranges are of 2026.11 \(\w+\), the scenario is of mine \(\w+\)"):
        compare(results)
    found = compare(results, assumptions=mine)
    assert "exploit.hazard" in [each.key for each in found.ranges["token"].terms]
    assert compare(results, assumptions="2026.11").results is results  # as asked for
