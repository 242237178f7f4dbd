"""The products that are compared by default."""

import json
from typing import Any

import numpy as np
import pytest

from stakingmodels import CloudMiningContract, Event, Holding, StakingPool, TimeGrid, simulate
from stakingmodels.products import ExchangeStaking, LiquidStakingToken, SoloValidator, reference
from stakingmodels.scenarios import REFERENCE_START, Streams
from stakingmodels.scenarios import reference as world
from stakingmodels.scenarios.recorded import ETH_PRICE_USD

READ = frozenset(factor for product in reference().values() for factor in product.factors)


def test_rows_and_their_order():
    assert {name: type(product) for name, product in reference().items()} == {
        "hold ETH": Holding,
        "hold BTC": Holding,
        "solo validator": SoloValidator,
        "staking pool": StakingPool,
        "liquid token": LiquidStakingToken,
        "exchange earn": ExchangeStaking,
        "cloud mining": CloudMiningContract,
        "cash": Holding,
    }


def test_every_call_makes_a_new_dict():
    reference().clear()
    assert len(reference()) == 8


def test_all_run_in_the_reference_world_and_their_books_close():
    grid = TimeGrid.daily(REFERENCE_START, days=30, tail=60)
    results = simulate(reference(), world(), grid, capital=100_000.0, paths=64, rng=1)
    assert list(results) == list(reference())
    for name, outcome in results.items():
        np.testing.assert_allclose(outcome.closing, 100_000.0 + sum(outcome.lines.values()), rtol=1e-12, atol=1e-9)
        # a contract of 360 days runs on, a claim against an exchange stays open for two years
        assert outcome.settled.mean() > 0.9 or name == "cloud mining"


def terms(name) -> Any:
    return reference()[name]


def test_holding_is_free_of_cost():
    for name in ("hold ETH", "hold BTC", "cash"):
        holding = terms(name)
        assert (holding.buy_fee, holding.sell_fee) == (0.0, 0.0)


def test_the_pool_has_the_terms_of_lido():
    pool = terms("staking pool")
    assert (pool.asset, pool.commission, pool.unbonding_days, pool.slashing_severity) == ("ETH", 0.10, 34.7, 0.05)


def test_the_mining_contract_has_its_defaults_and_a_provider():
    contract = terms("cloud mining")
    assert contract == CloudMiningContract(provider=contract.provider)


HAZARDS = {
    "solo validator": {"slashing:solo validator": 0.0002},
    "staking pool": {"slashing:staking pool": 0.01},
    "liquid token": {"slashing:staking pool": 0.01, "exploit:liquid token": 0.01},
    "exchange earn": {"custodian:exchange": 0.02},
    "cloud mining": {"provider:cloud mining": 0.10},
}


@pytest.mark.parametrize("name", HAZARDS)
def test_hazards_come_with_the_products(name):
    events = [factor for factor in reference()[name].factors if isinstance(factor, Event)]
    assert {event.name: event.hazard for event in events} == HAZARDS[name]


def test_the_liquid_token_has_the_terms_of_lido_like_the_pool():
    token, pool = terms("liquid token"), terms("staking pool")
    assert (token.token, token.protocol_fee, token.queue_days) == ("stETH", pool.commission, pool.unbonding_days)
    assert (token.slashing, token.slashing_severity) == (pool.slashing, pool.slashing_severity)


def test_the_exchange_passes_rewards_and_the_queue_on():
    exchange = terms("exchange earn")
    assert (exchange.apr, exchange.commission, exchange.redemption_days) == (None, 0.35, 34.7)


def test_the_validator_has_its_defaults_and_can_be_slashed():
    validator = terms("solo validator")
    assert validator == SoloValidator(slashing=validator.slashing)


def test_before_costs_the_validator_earns_more_than_the_pool_and_the_pool_more_than_the_exchange():
    market = world().market(TimeGrid.daily(REFERENCE_START, days=365), READ, streams=Streams(1), paths=1)
    rows = {
        "solo validator": SoloValidator(entry_days=0.0, uptime=1.0, running_cost_usd_per_day=0.0, compounding=True),
        "staking pool": terms("staking pool"),
        "liquid token": terms("liquid token"),
        "exchange earn": terms("exchange earn"),
    }
    capital = 32.0 * ETH_PRICE_USD
    net = {name: row.quote(market, capital=capital).net / capital for name, row in rows.items()}
    assert 0.0294 > net["solo validator"] > net["staking pool"] > net["exchange earn"] > 0.018
    assert net["liquid token"] == pytest.approx(net["staking pool"])  # the same fee and queue, and nothing fails


def test_the_exit_queue_is_that_of_the_week_before_the_start(shared_data):
    days = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    waits = [day["exit_wait"] for day in days if "2025-11-13" <= day["date"] <= "2025-11-19"]
    assert terms("staking pool").unbonding_days == pytest.approx(np.mean(waits), abs=0.05)
