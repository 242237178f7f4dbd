"""Bars of the answer are the ranges of the comparison, and its flip points stand at 0."""

from typing import Any

import attrs
import pytest

import stakingmodels
from stakingmodels import Holding, StakingPool, compare, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.plotting import answers
from stakingmodels.scenarios import reference

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def drawn(ax):
    """Ends and base of each bar."""
    (bars,) = ax.containers
    base = ax.lines[0].get_xdata()
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    return {name: (*each, mid) for name, each, mid in zip(names(ax), ends, base, strict=True)}


def test_bars_are_the_ranges(comparison):
    ax = plotting.answer_ranges(comparison, n_paths=64)
    ranges = comparison.ranges
    assert names(ax) == list(comparison.compared)
    for name, (low, high, base) in drawn(ax).items():
        assert low == ranges[name].low
        assert base == ranges[name].base
        assert high == pytest.approx(ranges[name].high, rel=1e-14)


def test_flip_points_are_those_against_holding(comparison):
    ax = plotting.answer_ranges(comparison, n_paths=64)
    flips = {name: comparison.flip_points(name, "", n_paths=64) for name in comparison.compared}
    found = [name for name, points in flips.items() if any(not point.is_never for point in points)]
    assert found
    (points,) = (line for line in ax.lines if line.get_marker() == "D")
    assert [*points.get_xdata()] == [0.0] * len(found)
    assert [names(ax)[int(y)] for y in points.get_ydata()] == found
    told = "\n".join(text.get_text() for text in ax.texts)
    assert told.count("level at") == sum(not p.is_never for each in flips.values() for p in each)


class Searched:
    """A comparison that tells which searches on all paths were asked of it."""

    def __init__(self, points):
        self.points, self.asked = points, []

    def flip_points(self, first, second, *, n_paths):
        self.asked.append((first, second, n_paths))
        return self.points


def test_flip_points_of_few_paths_do_not_contradict_the_bars(comparison):
    """Where the average of few paths lies on the other side of 0, or the bar ends before it, all paths are asked."""
    searched = {name: comparison.flip_points(name, "", n_paths=64) for name in comparison.compared}
    name, found = next((name, each) for name, each in searched.items() if not each[0].is_never)
    there = tuple(point for point in found if not point.is_never)
    base = 0.01 if there[0].difference > 0.0 else -0.01
    bar = answers._Row(name, -0.1, base, 0.1)
    agreeing: Any = Searched(())
    turned: Any = Searched(there[:1])
    assert answers._agreeing(agreeing, bar, found, "") == there
    assert agreeing.asked == []
    assert answers._agreeing(turned, attrs.evolve(bar, base=-base), found, "") == there[:1]
    assert turned.asked == [(name, "", None)]
    for low, high in ((0.001, 0.1), (-0.1, -0.001)):  # a bar that does not reach 0 has none
        assert answers._agreeing(turned, attrs.evolve(bar, low=low, high=high), found, "") == ()


def test_against_a_row_bars_are_the_verdicts(comparison):
    ax = plotting.answer_ranges(comparison, versus="liquid token", n_paths=64)
    assert "liquid token" not in names(ax)
    assert "liquid token" in ax.get_title(loc="left").replace("\n", " ")
    for name, (low, high, base) in drawn(ax).items():
        verdict = comparison.verdicts.of(name, "liquid token")
        sign = 1.0 if verdict.first == name else -1.0
        assert sorted([sign * verdict.low, sign * verdict.high]) == pytest.approx([low, high], rel=1e-14)
        assert base == sign * verdict.base


def test_figures_stand_beside_the_bars_and_in_the_sentence(comparison):
    ax = plotting.answer_ranges(comparison, n_paths=64)
    row = comparison.ranges["liquid token"]
    cell = f"{row.low:+.2%} … {row.base:+.2%} … {row.high:+.2%}".replace("-", "\N{MINUS SIGN}")
    assert cell in [text.get_text() for text in ax.texts]
    assert f"as assumed {row.base:+.2%}" in plotting.alt(ax)


def test_what_has_no_ranges_is_refused(comparison, results):
    with pytest.raises(InputTypeError, match=r"^answer_ranges: comparison: must be Comparison"):
        plotting.answer_ranges(results)
    with pytest.raises(InputError, match=r"^answer_ranges: versus: must be one of .*did you mean 'staking pool'"):
        plotting.answer_ranges(comparison, versus="staking pol")
    alone = compare(simulate({"pool": StakingPool("ETH")}, reference(), results.grid, capital=1.0, n_paths=2, rng=1))
    with pytest.raises(InputError, match=r"^answer_ranges: versus: has no other row .*, got 'pool'"):
        plotting.answer_ranges(alone, versus="pool")
    held = compare(simulate({"hold": Holding("ETH")}, reference(), results.grid, capital=1.0, n_paths=2, rng=1))
    with pytest.raises(InputError, match=r"^answer_ranges: comparison: has no product that is not just held"):
        plotting.answer_ranges(held)
