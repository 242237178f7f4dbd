"""Money back is what was paid out by then, on so many of the paths."""

import math
from typing import Any

import attrs
import numpy as np
import pytest

import stakingmodels
from stakingmodels import APR, Constants, Holding, Price, StakingPool, StakingReward, TimeGrid, products, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import reference

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


GRID = TimeGrid.daily("2026-01-01", days=10, settlement_days=5)
WORLD = Constants({Price("ETH"): 3_000.0, StakingReward("ETH"): APR(0.0)})


def course(ax, place=0):
    line = ax.lines[place]
    return dict(zip(line.get_xdata(), line.get_ydata(), strict=True))


def test_money_is_back_on_the_day_on_which_it_is_paid_out():
    rows = {"hold": Holding("ETH"), "pool": StakingPool(unbonding_days=3.0), "slow": StakingPool(unbonding_days=9.0)}
    results = simulate(rows, WORLD, GRID, capital=1_000.0, n_paths=2, rng=1)
    ax = plotting.money_back(results)
    held, pool, slow = (course(ax, place) for place in range(3))
    assert [held[day] for day in (0.0, 9.0)] == [0.0, 0.0]
    assert [held[day] for day in (10.0, 15.0)] == pytest.approx([results["hold"].closing[0] / 1_000.0] * 2)
    assert pool[12.0] == 0.0
    assert pool[13.0] == pytest.approx(results["pool"].proceeds[0] / 1_000.0)
    assert set(slow.values()) == {0.0}  # not paid out by the grid's end, though it has a value there


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_a_share_is_what_so_many_paths_have_reached(results, level):
    ax = plotting.money_back(results, confidence_level=level)
    for place, outcome in enumerate(results.values()):
        flows, days = outcome.flows, outcome.grid.elapsed_days
        is_out = (flows.money > 0.0) & ((flows.time < outcome.grid.n_times - 1) | outcome.settled[flows.path])
        for day in (31.0, 50.0, 70.0):
            counted = is_out & (days[flows.time] <= day)
            paid = np.bincount(flows.path[counted], flows.money[counted], outcome.n_paths)
            shares = np.sort(paid / outcome.invested)
            reached = shares[math.floor(outcome.n_paths * (1.0 - level) + 1e-9)]
            assert course(ax, place)[day] == pytest.approx(reached, rel=1e-12)
            assert np.mean(shares >= reached) >= level


def test_half_of_an_even_number_of_paths_have_reached_what_is_told():
    rows, grid = {"hold": Holding("ETH")}, TimeGrid.daily("2026-01-01", days=90)
    results = simulate(rows, reference(), grid, capital=1e3, n_paths=2, rng=1)
    low, high = np.sort(results["hold"].proceeds / 1e3)
    assert high > 1.1 * low
    assert course(plotting.money_back(results))[90.0] == pytest.approx(high)


def test_products_without_flows_are_named_or_refused(results):
    bare = attrs.evolve(results["hold ETH"], flows=None)
    ax = plotting.money_back({"bare": bare, "cash": results["cash"]})
    assert [text.get_text() for text in ax.get_legend().get_texts()][-1].startswith("Without: bare")
    with pytest.raises(InputError, match=r'^money_back: needs dated flows, .* \(keep="flows"\)$'):
        plotting.money_back(bare)


@pytest.mark.filterwarnings("ignore:plotting. no font:UserWarning")
def test_one_outcome_is_named_in_the_language_of_the_picture(results):
    legend = plotting.money_back(results["cloud mining"], language="zh-TW").get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["雲端挖礦合約"]


def test_a_reducer_gives_the_shares_of_the_paths():
    rows = {name: products.reference()[name] for name in ("liquid token", "cloud mining")}
    grid, told = TimeGrid.daily("2026-01-01", days=8, settlement_days=4), {"back": plotting.MoneyBack(n_times=500)}
    given: dict[str, Any] = {"capital": 1e5, "n_paths": 8_192 + 1_100, "rng": 3}
    kept = plotting.money_back(simulate(rows, reference(), grid, keep="flows", **given))
    reduced = simulate(rows, reference(), grid, keep="none", reducers=told, **given).reduced["back"]
    ax = plotting.money_back(reduced)
    for place, name in enumerate(rows):
        exact, counted = (np.array([*course(each, place).values()]) for each in (kept, ax))
        assert exact.size == counted.size == reduced[name].days.size
        assert ((exact - counted > -2e-6) & (exact - counted < 1.001e-3)).all()  # rounded down to a thousandth
    assert reduced["liquid token"].at_exit == course(ax)[8.0]


def test_shares_of_another_level_and_beside_outcomes_are_refused(results):
    told = {"back": plotting.MoneyBack(confidence_level=0.9)}
    rows, grid = {"hold": Holding("ETH")}, TimeGrid.daily("2026-01-01", days=5)
    made = simulate(rows, reference(), grid, capital=1e3, n_paths=4, rng=1, keep="none", reducers=told).reduced["back"]
    assert "90%" in plotting.money_back(made, confidence_level=0.9).get_title(loc="left")
    with pytest.raises(InputError, match=r"^money_back: confidence_level: must be the 0\.9 of the reducer, got 0\.5"):
        plotting.money_back(made)
    with pytest.raises(InputTypeError, match=r"^money_back\['cash'\]: must be BackShares.*without outcomes beside it"):
        plotting.money_back({**made, "cash": results["cash"]}, confidence_level=0.9)
    with pytest.raises(InputError, match=r"^MoneyBack\.confidence_level: must be"):
        plotting.MoneyBack(confidence_level=1.0)


def test_flows_of_a_part_of_the_paths_count_them_from_its_first(results):
    whole, part = results["cloud mining"].flows, results["cloud mining"].slice_paths(20, 40).flows
    chosen = (whole.path >= 20) & (whole.path < 40)
    np.testing.assert_array_equal(part.path, whole.path[chosen] - 20)
    np.testing.assert_array_equal(part.money, whole.money[chosen])
