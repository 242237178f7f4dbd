"""`Results`: what is read off a run, and what a run without outcomes says."""

import numpy as np
import pytest

from stakingmodels import Units, simulate
from stakingmodels.engine import Moments
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from stakingmodels.ledger import Line
from stakingmodels.market import Price, TimeGrid
from stakingmodels.products import Holding
from stakingmodels.scenarios import Constants

GRID = TimeGrid.daily("2026-01-01", days=2)
WORLD = Constants({Price("ETH"): 2000.0})
HOLD = {"hold": Holding("ETH", buy_fee=0.01, sell_fee=0.0)}


def results(capital=1000.0, keep="totals"):
    reducers = {"moments": Moments()} if keep == "none" else None
    return simulate(HOLD, WORLD, GRID, capital=capital, n_paths=2, rng=7, keep=keep, reducers=reducers)


def test_one_number_a_path_makes_a_data_frame():
    pytest.importorskip("pandas")
    frame = results().to_frame(Line.TRADING)
    assert frame["hold"].to_numpy() == pytest.approx([-1000.0 + 1000.0 / 1.01] * 2)


def test_all_results_make_a_dataset():
    pytest.importorskip("xarray")
    dataset = results().to_xarray()
    assert dataset["closing"].sel(product="hold").to_numpy() == pytest.approx([1000.0 / 1.01] * 2)
    assert (dataset.attrs["seed"], dataset.attrs["capital"]) == ("7", 1000.0)
    assert dataset.attrs["exit"].startswith("2026-01-03")


def test_results_are_no_array():
    with pytest.raises(InputTypeError, match=r"^Results: is no array and no table \(write results\.to_frame\(\)\)$"):
        np.asarray(results())


def test_a_run_that_kept_no_outcomes_says_how_to_keep_them():
    empty = results(keep="none")
    with pytest.raises(UnknownNameError, match=r'^Results: must have kept outcomes.*write keep="summary"'):
        empty["hold"]
    with pytest.raises(InputError, match=r"^Results\.to_frame: must have kept outcomes, got 'none'"):
        empty.to_frame()
    [row] = [line for line in repr(empty).splitlines() if line.startswith("hold")]
    assert row.split() == ["hold", "Holding", "-", "-", "-"]


def test_coins_are_worth_their_money_on_the_mean():
    assert results().mean_capital == 1000.0
    assert results(np.array([500.0, 1500.0])).mean_capital == 1000.0
    assert results(Units(2.0, "ETH")).mean_capital == 4000.0
