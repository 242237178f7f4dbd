"""Flip points against brute force, and as sentences in both languages."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    InputError,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.analysis.answer.bench import mean_opened, yearly_coin_return
from stakingmodels.analysis.answer.numbers import number_name
from stakingmodels.errors import UnknownNameError
from stakingmodels.products.assumed_terms import assumed_terms
from stakingmodels.products.term_paths import with_term
from stakingmodels.words import Note

pytestmark = pytest.mark.once

GRID = TimeGrid.daily("2026-01-01", days=90, settlement_days=60)
RUN: dict[str, Any] = {"capital": 100_000.0, "n_paths": 1_024, "rng": 4, "event_sampling": "stratified"}
NAMES = ("solo validator", "staking pool", "liquid token", "exchange earn", "cloud mining")


@pytest.fixture(scope="module")
def comparison():
    rows = {name: products.reference()[name] for name in NAMES}
    return compare(simulate(rows, scenarios.reference(), GRID, **RUN))


@pytest.fixture(scope="module")
def flips(comparison):
    return comparison.flip_points()


def average(name, term, value):
    changed = with_term(products.reference()[name], term, value)
    return mean_opened(yearly_coin_return(simulate({"x": changed}, scenarios.reference(), GRID, **RUN)["x"]))


@pytest.mark.slow
def test_at_a_flip_point_the_two_averages_are_equal(comparison, flips):
    base = {row.product: row.net_coin_return for row in comparison.rows}
    found = [point for point in flips if not point.is_never]
    assert len(found) > 5
    for point in found:
        a = point.number.assumption
        means = [
            average(row, terms[0].term, point.value)
            if (terms := [t for t in comparison.ranges[row].terms if t.key == point.number.key])
            else base[row]
            for row in (point.first, point.second)
            if row
        ]
        apart = means[0] - (means[1] if len(means) > 1 else 0.0)
        # a path more or less that is struck is a step of the average: a loss in a part of a year, as a yearly one
        assert abs(apart) < 5.0 / RUN["n_paths"], point.sentence
        assert a.low <= point.value <= a.high


@pytest.mark.slow
def test_against_a_fine_grid_by_brute_force(flips):
    point = next(p for p in flips.of("exchange earn") if p.number.key == "custodian.hazard")
    grid = np.linspace(point.number.assumption.low, point.number.assumption.high, 41)
    means = np.array([average("exchange earn", "failures[0].event", x) for x in grid])
    above = np.nonzero(means > 0.0)[0]
    assert (np.diff(means) <= 1e-12).all()  # a hazard that is larger is never better
    last = above[-1]
    assert grid[last] - 0.002 <= point.value <= grid[last + 1] + 0.002


@pytest.mark.once
def test_every_number_that_has_no_flip_point_keeps_the_better_row(comparison, flips):
    base = {row.product: row.net_coin_return for row in comparison.rows}
    points = [p for p in flips if p.is_never and {p.first, p.second} == {"staking pool", "solo validator"}]
    assert points
    for point in points:
        sign = base[point.first] - base[point.second] > 0.0
        for value in np.linspace(point.number.assumption.low, point.number.assumption.high, 3):
            means = [
                average(row, terms[0].term, value)
                if (terms := [t for t in comparison.ranges[row].terms if t.key == point.number.key])
                else base[row]
                for row in (point.first, point.second)
            ]
            assert (means[0] - means[1] > 0.0) == sign


def test_a_flip_point_by_hand():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    rows = {"a": StakingPool(commission=0.10), "b": StakingPool(commission=0.12)}
    results = simulate(rows, world, GRID, capital=1e5, n_paths=1)
    found = compare(results, ranges={"a": {"commission": (0.05, 0.20)}, "b": {"commission": (0.11, 0.5)}})
    points = {(p.first, p.second, p.number.product): p for p in found.flip_points("a", "b")}
    assert points["a", "b", "a"].value == pytest.approx(0.12, abs=1e-6)
    assert points["a", "b", "b"].is_never
    holds = found.flip_points("a", "")
    assert [p.is_never for p in holds] == [True]
    assert holds[0].sentence == "a stays above holding its coin at a: commission anywhere from 5% to 20%."


def test_a_row_that_is_level_everywhere_changes_nowhere():
    grid = TimeGrid.daily("2026-01-01", days=2)  # all coins still wait to be put to work
    rows = {"pool": products.reference()["staking pool"]}
    found = compare(simulate(rows, scenarios.reference(), grid, capital=1e3, n_paths=9, rng=1)).flip_points()
    assert len(found) == 5
    assert all(point.is_never and point.difference == 0.0 for point in found)
    text = "pool is level with holding its coin at a loss per exploit anywhere from 16.7% to 83.3%."
    assert found[0].sentence == text
    assert attrs.evolve(found[0], second="b").sentence == text.replace("holding its coin", "b")


def test_rows_that_are_equal_as_assumed_only_change_there():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    results = simulate(dict.fromkeys("ab", StakingPool(commission=0.10)), world, GRID, capital=1e5, n_paths=1)
    found = compare(results, ranges={"a": {"commission": (0.05, 0.20)}, "b": {}}).flip_points("a", "b")
    assert [point.value for point in found] == [0.10]


def test_sentences_in_both_languages(flips):
    point = next(p for p in flips.of("exchange earn") if p.number.key == "custodian.hazard")
    assert point.sentence.startswith("exchange earn earns nothing over holding its coin at ")
    assert "% a year" in point.sentence
    assert point.sentence.say("zh-TW").endswith("）。")
    assert "exchange earn" in point.sentence.say("zh-TW")


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_assumed_number_of_the_reference_rows_has_a_name(language):
    for name, product in products.reference().items():
        for number in assumed_terms(name, product):
            said = number_name(number)
            assert isinstance(said, Note)
            assert said.say(language)


def test_only_the_pairs_that_are_asked_for(comparison, flips):
    asked = comparison.flip_points("staking pool", "exchange earn")
    assert {(p.first, p.second) for p in asked} == {("staking pool", "exchange earn")}
    assert len(asked) == len(flips.of("exchange earn", "staking pool"))
    one = comparison.flip_points("liquid token")
    assert {p.second for p in one if p.first == "liquid token"} >= {"", "exchange earn"}


def test_the_table_lists_those_that_exist_and_counts_the_others(flips):
    text = flips.to_text()
    never = sum(point.is_never for point in flips)
    assert f"{never:,} other numbers of these pairs never change" in text
    assert "never within its range" not in text
    assert flips.to_dict()[-1]["value"] is None


def test_bad_input(comparison):
    with pytest.raises(UnknownNameError, match="did you mean 'staking pool'"):
        comparison.flip_points("stakin pool")
    with pytest.raises(UnknownNameError, match="second"):
        comparison.flip_points("staking pool", "cash")
    with pytest.raises(InputError, match="n_paths"):
        comparison.flip_points(n_paths=0)
    with pytest.raises(UnknownNameError, match="got 3"):
        comparison.flip_points(3)


def test_one_path_is_not_taken_for_all_of_them():
    rows = {name: products.reference()[name] for name in ("staking pool", "exchange earn")}
    found = compare(simulate(rows, scenarios.reference(), GRID, **{**RUN, "n_paths": 64}))
    assert found.flip_points("staking pool", "exchange earn", n_paths=None).n_paths == 64
    assert found.flip_points("staking pool", "exchange earn", n_paths=1).n_paths == 1
