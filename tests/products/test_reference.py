"""The products that are compared by default."""

import json
from typing import Any

import numpy as np
import pytest

from stakingmodels import CloudMiningContract, Event, Holding, StakingPool, TimeGrid, simulate
from stakingmodels.products import reference
from stakingmodels.scenarios import REFERENCE_START
from stakingmodels.scenarios import reference as world


def test_rows_and_their_order():
    assert {name: type(product) for name, product in reference().items()} == {
        "hold ETH": Holding,
        "hold BTC": Holding,
        "staking pool": StakingPool,
        "cloud mining": CloudMiningContract,
        "cash": Holding,
    }


def test_every_call_makes_a_new_dict():
    reference().clear()
    assert len(reference()) == 5


def test_all_run_in_the_reference_world_and_their_books_close():
    grid = TimeGrid.daily(REFERENCE_START, days=30, tail=60)
    results = simulate(reference(), world(), grid, capital=1_000.0, paths=64, rng=1)
    assert list(results) == list(reference())
    for outcome in results.values():
        np.testing.assert_allclose(outcome.closing, 1_000.0 + sum(outcome.lines.values()), rtol=1e-12, atol=1e-9)
        assert outcome.settled.all()


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


@pytest.mark.parametrize(("name", "hazard"), [("staking pool", 0.01), ("cloud mining", 0.10)])
def test_hazards_come_with_the_products(name, hazard):
    (event,) = [factor for factor in reference()[name].factors if isinstance(factor, Event)]
    assert event.hazard == hazard


def test_the_exit_queue_is_that_of_the_week_before_the_start(shared_data):
    days = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    waits = [day["exit_wait"] for day in days if "2025-11-13" <= day["date"] <= "2025-11-19"]
    assert terms("staking pool").unbonding_days == pytest.approx(np.mean(waits), abs=0.05)
