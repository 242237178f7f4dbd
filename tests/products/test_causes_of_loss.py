"""Several causes on one product: hack, insolvency, a regulator, layers and slashings, each with its own recovery."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    BlockFees,
    CloudMiningContract,
    Difficulty,
    ExchangeStaking,
    Holding,
    InputError,
    Market,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market import Event, MarketRatio
from stakingmodels.products import After, Failure, LeaveWhen, LiquidStakingToken

GRID = TimeGrid.daily("2026-01-01", days=12, settlement_days=40)
CAPITAL = 96_000.0
STAKED: dict[str, Any] = {
    "pool": StakingPool(commission=0.0),
    "token": LiquidStakingToken(protocol_fee=0.0),
    "solo": SoloValidator(running_cost_usd_per_day=0.0, random_duties=False, entry_days=0.0),
    "exchange": ExchangeStaking(posted_rate=APR(0.0)),
}
UNSTAKED: dict[str, Any] = {"holding": Holding("ETH"), "mining": CloudMiningContract()}
EVERY = {**STAKED, **UNSTAKED}
COINS = {name: EVERY[name] for name in EVERY if name != "mining"}

HACK = Failure(Event("hack"), 0.3, line="exploit")
INSOLVENCY = Failure(Event("insolvency"), 0.5, recovery=0.4, delay_days=3.0)
REGULATOR = Failure(Event("regulator"), recovery=0.9, recovery_in="coin", delay_days=5.0)
FAULT = Failure(Event("fault"), 0.1, line="slashing")


def market(price: Any = 3_000.0, **days: int) -> Market:
    """A world without rewards, with events in the interval after a day."""
    series: dict[Any, Any] = {
        Price("ETH"): price,
        Price("BTC"): 90_000.0,
        StakingReward("ETH"): APR(0.0),
        MarketRatio("stETH"): 1.0,
        Difficulty("BTC"): 1.5e14,
        BlockFees("BTC"): 0.0,
    }
    for name in ("hack", "insolvency", "regulator", "fault", "layer"):
        strikes = np.zeros(GRID.n_times, dtype=bool)
        if name in days:
            strikes[days[name]] = True
        series[Event(name)] = strikes
    return Market(GRID, series)


def lost(product: Any, world: Market) -> dict[str, float]:
    lines = product.run(world, capital=CAPITAL).lines
    return {line: float(lines[line][0]) for line in ("exploit", "credit", "slashing") if line in lines}


@pytest.mark.parametrize("name", COINS)
def test_three_causes_have_recoveries_of_their_own(name):
    product = COINS[name].replace(failures=(HACK, INSOLVENCY, REGULATOR))
    found = lost(product, market(hack=1, insolvency=2, regulator=4))
    assert found["exploit"] == pytest.approx(-0.3 * CAPITAL)
    of_insolvency, of_regulator = 0.7 * 0.5 * 0.6, 0.7 * 0.5 * 0.1
    assert found["credit"] == pytest.approx(-(of_insolvency + of_regulator) * CAPITAL)
    for cause, part in (("hack", 0.3), ("insolvency", 0.3), ("regulator", 0.1)):
        alone = product.run(market(**{cause: 2}), capital=CAPITAL)
        assert float(alone.profit[0]) == pytest.approx(-part * CAPITAL), cause


@pytest.mark.parametrize("name", COINS)
def test_a_claim_in_coins_moves_with_the_price_and_one_in_money_does_not(name):
    price = np.where(np.arange(GRID.n_times) < 4, 3_000.0, 6_000.0)
    product = COINS[name].replace(failures=(INSOLVENCY.replace(severity=1.0), REGULATOR))
    for cause, back in (("insolvency", 0.4), ("regulator", 0.9 * 2.0)):
        outcome = product.run(market(price, **{cause: 2}), capital=CAPITAL)
        assert float(outcome.closing[0]) == pytest.approx(back * CAPITAL), cause


@pytest.mark.parametrize("name", EVERY)
def test_causes_of_one_interval_strike_in_their_order(name):
    product = EVERY[name].replace(failures=(HACK, INSOLVENCY, REGULATOR))
    found = lost(product, market(hack=1, insolvency=1, regulator=1))
    assert found["exploit"] < 0.0
    assert found["credit"] / found["exploit"] == pytest.approx((0.7 * 0.5 * 0.6 + 0.7 * 0.5 * 0.1) / 0.3)


@pytest.mark.parametrize("name", STAKED)
def test_hack_default_and_slashing_are_three_lines_of_one_product(name):
    product = STAKED[name].replace(failures=(HACK.replace(severity=0.05), INSOLVENCY, FAULT))
    found = lost(product, market(hack=1, insolvency=2, fault=4))
    expected = {"exploit": -0.05, "credit": -0.95 * 0.5 * 0.6, "slashing": -0.95 * 0.5 * 0.1}
    assert found == pytest.approx({line: part * CAPITAL for line, part in expected.items()})


@pytest.mark.parametrize("name", COINS)
def test_two_layers_of_contracts_have_severities_of_their_own(name):
    layers = (HACK.replace(severity=0.05), Failure(Event("layer"), 0.5, line="exploit"))
    product = COINS[name].replace(failures=layers)
    assert lost(product, market(hack=1))["exploit"] == pytest.approx(-0.05 * CAPITAL)
    assert lost(product, market(layer=1))["exploit"] == pytest.approx(-0.5 * CAPITAL)
    assert lost(product, market(hack=1, layer=3))["exploit"] == pytest.approx(-(0.05 + 0.95 * 0.5) * CAPITAL)
    wrapped = LeaveWhen(product, After(10.0))
    assert lost(wrapped, market(hack=1, layer=3))["exploit"] == pytest.approx(-(0.05 + 0.95 * 0.5) * CAPITAL)


@pytest.mark.parametrize("name", UNSTAKED)
def test_what_stakes_nothing_cannot_be_slashed(name):
    with pytest.raises(InputError, match=r"failures: must not be of the line 'slashing', since nothing is staked"):
        UNSTAKED[name].replace(failures=(FAULT,))
