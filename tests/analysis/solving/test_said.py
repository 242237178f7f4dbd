"""What people say of mining and yields, turned around: the value at which it is true."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import APR, APY, BlockFees, CloudMiningContract, Constants, Difficulty, Market, Price, TimeGrid
from stakingmodels.analysis import Target, breakeven, solve
from stakingmodels.market import Factor

GRID = TimeGrid(np.datetime64("2026-01-01") + 10 * np.arange(38))
BTC: dict[Factor, Any] = {Price("BTC"): 90_000.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0}
MINE = CloudMiningContract(term_days=370.0, minimum_payout_btc=0.0, stop_after_days=None)


def test_honest_contracts_pay_five_to_ten_percent_at_a_price():
    """The lower the price the higher the rate; the price of 10 % is what a contract of 5 % costs, times 1.05/1.10."""
    terms: dict[str, Any] = {"capital": 1e4, "between": (1.0, 20.0)}
    five, ten = (
        solve("price_usd_per_th_s", MINE, Market(GRID, BTC), target=Target.total_return(x), **terms).value
        for x in (0.05, 0.10)
    )
    assert ten == pytest.approx(five * 1.05 / 1.10, rel=1e-9)
    rate = solve("price_usd_per_th_s", MINE, Market(GRID, BTC), target=Target.coin_rate(APR(0.05)), **terms)
    assert rate.status == "found"


def test_bills_in_dollars_are_what_leverages_mining_to_its_coin():
    """Bills in dollars weigh as a price in dollars: the fall that takes the profit away is the same for both."""
    cheap = MINE.replace(price_usd_per_th_s=5.0)
    fall = breakeven(cheap, Constants(BTC), GRID, capital=1e4, n_paths=1).value
    gain = float(cheap.run(Market(GRID, BTC), capital=1e4).returns[0])
    assert gain > 0.0
    free = cheap.replace(electricity_usd_per_th_day=0.0, price_usd_per_th_s=5.0 + 0.021 * 370 * 0.98)
    alone = breakeven(free, Constants(BTC), GRID, capital=1e4, n_paths=1).value
    assert -1.0 < fall < 0.0
    assert fall == pytest.approx(alone, abs=0.02)


def test_after_the_halving_profit_is_thin_in_price_difficulty_and_power():
    """A rise of difficulty counts from the first day, a fall of the price only by the last: it may be deeper."""
    cheap = MINE.replace(price_usd_per_th_s=5.0)
    target = Target.annual_return(APY(0.0))
    market = Market(GRID, BTC)
    harder = solve(Difficulty("BTC"), cheap, market, target=target, capital=1e4).value
    fall = breakeven(cheap, market, capital=1e4).value
    assert harder > 0.0 > fall
    assert fall < 1.0 / (1.0 + harder) - 1.0  # the price goes there in a year, the difficulty at once
    power = solve("power_usd_per_kwh", cheap, market, target=target, capital=1e4).value
    assert power > 0.05
