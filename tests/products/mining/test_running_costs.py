"""`RunningCosts` that are waived beyond the output: what is taken where coins are worth little or nothing."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure

GRID = TimeGrid.daily("2026-01-01", days=4)
GONE = Event("seller")
MINED = 3.125  # coins of 1 TH/s and day at this difficulty
DIFFICULTY = 1e12 * 86_400 / 2**32
WAIVED = CloudMiningContract(
    hashrate_th_s=1.0,
    price_usd_per_th_s=4.0,
    term_days=4.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.5,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
    costs_beyond_output="waived",
)


def run(terms: CloudMiningContract, price: Any, **more: Any) -> Any:
    series: dict[Any, Any] = {Price("BTC"): price, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0}
    return terms.run(Market(GRID, series | more), capital=4.0, keep="ledger")


@pytest.mark.parametrize(("price", "taken"), [(4.0, 0.125), (0.5, 1.0), (0.1, MINED), (0.0, MINED)])
def test_a_small_bill_takes_its_worth_in_coins_and_at_most_the_output(price, taken):
    outcome = run(WAIVED, np.array([4.0, price, price, price, price]))
    assert outcome.native[Line.ELECTRICITY, "BTC"].tolist() == pytest.approx([-4 * taken])
    assert outcome.contributions.tolist() == [0.0]


def test_where_a_contract_has_ended_worthless_coins_pay_no_bill():
    gone = np.zeros((5, 2), dtype=np.bool_)
    gone[1, 0] = True
    prices = np.repeat([[4.0], [0.0], [0.0], [0.0], [0.0]], 2, axis=1)
    series: dict[Any, Any] = {Price("BTC"): prices, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0, GONE: gone}
    outcome = WAIVED.replace(failures=(Failure(GONE),)).run(Market(GRID, series), capital=4.0)
    assert outcome.native[Line.ELECTRICITY, "BTC"].tolist() == pytest.approx([-MINED, -4 * MINED])


def test_where_the_first_bill_takes_all_the_second_enters_nothing():
    both = run(WAIVED.replace(maintenance_usd_per_th_day=0.1), 0.1)
    lines = [each.line for each in both.entries]
    assert lines.count(Line.ELECTRICITY) == 4
    assert Line.MAINTENANCE not in lines
