"""What is sure under all assumptions, in words and against brute force."""

import itertools
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
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
from stakingmodels.analysis.answer.verdicts import Verdict, Verdicts, _error
from stakingmodels.analysis.windows import windows_of
from stakingmodels.market import Factor
from stakingmodels.products import Halt
from stakingmodels.products.reference import POOL_FAILURES
from stakingmodels.products.term_paths import with_term
from stakingmodels.scenarios import History, daily_series

pytestmark = pytest.mark.once

GRID = TimeGrid.daily("2026-01-01", days=120, settlement_days=60)


def verdicts(names, above):
    pairs = [
        Verdict(
            first=a, second=b, low=0.0, base=0.0, high=0.0,
            above=a if (a, b) in above else b if (b, a) in above else None,
        )
        for a, b in itertools.combinations(names, 2)
    ]  # fmt: skip
    return Verdicts(tuple(pairs))


@pytest.mark.parametrize(
    ("names", "above", "sure", "unsure"),
    [
        ("abcd", {"ad", "bd", "cd"}, ["all above d"], ["a, b, c among themselves"]),
        ("abcd", {"ad", "bd", "cd", "ca"}, ["all above d", "c above a"], ["a against b", "b against c"]),
        ("abc", {"ab", "ac"}, ["a above all"], ["b against c"]),
        ("abc", {"ab", "ac", "bc"}, ["all above c", "a above b"], []),
        ("ab", {"ba"}, ["b above a"], []),
        ("ab", set(), [], ["a against b"]),
        ("abc", set(), [], ["a, b, c among themselves"]),
        ("abcd", {"ac", "bc", "ad", "bd"}, ["a, b above c, d"], ["a against b", "c against d"]),
        ("a", set(), [], []),
    ],
)
def test_clauses_say_each_pair_once(names, above, sure, unsure):
    found = verdicts(names, {tuple(pair) for pair in above})
    assert [str(clause) for clause in found.sure] == sure
    assert [str(clause) for clause in found.unsure] == unsure


def test_clauses_in_chinese():
    found = verdicts("abcd", {("a", "d"), ("b", "d"), ("c", "d"), ("c", "a")})
    assert [clause.say("zh-TW") for clause in found.sure] == ["各列都高於 d", "c 高於 a"]


def test_a_verdict_is_found_in_either_order():
    found = verdicts("ab", {("b", "a")})
    assert found.of("b", "a") is found.of("a", "b")
    assert found.of("a", "b").below == "a"
    with pytest.raises(KeyError):
        found.of("a", "c")


def test_the_error_of_a_stratified_mean_is_that_of_its_groups():
    rng = np.random.default_rng(1)
    even = np.concatenate([rng.permutation(np.repeat([0.0, 1.0], [248, 8])) for _ in range(16)])
    assert _error(even, 16) == 0.0  # each group has the same share
    assert _error(even, 1) == pytest.approx(np.std(even, ddof=1) / 64.0)
    assert _error(even[:100], 16) == pytest.approx(np.std(even[:100], ddof=1) / 10.0)  # too few for groups
    assert _error(even[:1], 1) == 0.0


@pytest.mark.slow
def test_corners_against_all_corners_by_brute_force():
    rows = {name: products.reference()[name] for name in ("staking pool", "liquid token", "exchange earn")}
    run: dict[str, Any] = {"capital": 100_000.0, "n_paths": 512, "rng": 4, "event_sampling": "stratified"}
    comparison = compare(simulate(rows, scenarios.reference(), GRID, **run))
    terms = comparison.reruns.terms

    def average(name, values):
        product = rows[name]
        for each in terms[name]:
            product = with_term(product, each.term, values[each.key])
        return mean_opened(yearly_coin_return(simulate({"x": product}, scenarios.reference(), GRID, **run)["x"]))

    for first, second in itertools.combinations(rows, 2):
        numbers = {each.key: each.assumption for name in (first, second) for each in terms[name]}
        keys = [key for key in numbers if "withdrawal" not in key]  # 2**7 runs are enough
        found = []
        for ends in itertools.product(("worst", "best"), repeat=3):
            # numbers of one kind move together, which leaves eight corners a pair
            groups = {"exploit": ends[0], "custodian": ends[1], "pool_slashing": ends[2]}
            values = {key: number.base for key, number in numbers.items()}
            for key in keys:
                group = next((g for g in groups if key.startswith(g)), None)
                values[key] = getattr(numbers[key], groups[group]) if group else numbers[key].base
            found.append(average(first, values) - average(second, values))
        verdict = comparison.verdicts.of(first, second)
        assert verdict.low <= min(found) + 3e-4
        assert verdict.high >= max(found) - 3e-4


def recorded(n_days, window=30):
    rng = np.random.default_rng(0)
    days = np.datetime64("2022-01-01") + np.arange(n_days)
    lead = np.repeat(rng.choice([-0.04, 0.05], size=n_days // window + 1), window)[:n_days]  # months of one sign
    series: dict[Factor, Any] = {Price(coin): np.full(n_days, 3000.0) for coin in "AB"}
    series |= {StakingReward("A"): 0.05 + lead, StakingReward("B"): np.full(n_days, 0.05)}
    history = History({factor: daily_series(days, values, name="made up") for factor, values in series.items()})
    rows = {"a": StakingPool("A", commission=0.0), "b": StakingPool("B", commission=0.0)}
    return compare(simulate(rows, history, history.grid(days=window), capital=1e5, rng=1))


def test_overlapping_windows_of_a_record_are_not_independent():
    comparison = recorded(400)
    one, other = (yearly_coin_return(comparison.results[name]) for name in "ab")
    mean, error = windows_of(comparison.results).mean(one - other)
    assert abs(mean) < 2.0 * error
    assert abs(mean) > 2.0 * _error(one - other, 1)  # as if they were
    assert comparison.verdicts.of("a", "b").above is None


def test_few_windows_of_a_record_settle_nothing():
    assert recorded(120).verdicts.of("a", "b").above is None


def test_one_path_settles_nothing_unless_nothing_is_drawn():
    rows = {"a": StakingPool(commission=0.10), "b": StakingPool(commission=0.12)}
    constants = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    for world, rows_of, above in (
        (constants, rows, "a"),
        (scenarios.reference(), rows, None),
        (constants, {**rows, "c": StakingPool(failures=POOL_FAILURES)}, None),
    ):
        comparison = compare(simulate(rows_of, world, GRID, capital=1e5, n_paths=1, rng=1))
        assert comparison.verdicts.of("a", "b").above == above


@pytest.mark.parametrize(("on", "sure"), [("2026-02-01", False), ("2026-04-25", True)])
def test_a_yearly_rate_of_a_month_is_not_set_beside_that_of_all_the_time(on, sure):
    """A pool wound up after 31 of 120 days has paid its gas once, the other too: 4 % for a month, 2 % for all."""
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.04)})
    ended = StakingPool(halts=(Halt("wind-up", on=on),), commission=0.0, failures=POOL_FAILURES)
    rows = {"ended": ended, "whole": StakingPool(commission=0.5, failures=POOL_FAILURES)}
    run = simulate(rows, world, GRID, capital=1e4, n_paths=200, rng=1)
    found = compare(run).verdicts.of("ended", "whole")
    assert (found.above, found.times_differ) == (("ended", False) if sure else (None, True))
    said = compare(run).to_text()
    assert ("Not compared, since they pay for different times: ended against whole." in said) is not sure
    assert "Not compared" in compare(run).details().to_text() or sure
