"""The products that are compared by default."""

import json
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import CloudMiningContract, Event, Holding, StakingPool, TimeGrid, simulate
from stakingmodels.assumptions import assumption_set
from stakingmodels.market import EntryWait, ExitWait
from stakingmodels.products import ExchangeStaking, LiquidStakingToken, SoloValidator, assumptions, reference, value_of
from stakingmodels.products.parts.assumed_keys import NUMBERS
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
    grid = TimeGrid.daily(REFERENCE_START, days=30, settlement_days=60)
    results = simulate(reference(), world(), grid, capital=100_000.0, n_paths=64, rng=1)
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


def test_the_pool_is_another_firm_than_the_token_and_can_fail_alike():
    pool, token = terms("staking pool"), terms("liquid token")
    assert (pool.commission, token.protocol_fee) == (0.15, 0.10)
    for one, other in zip(pool.failures, token.failures, strict=True):
        assert one.event.name != other.event.name
        assert one.event.hazard == other.event.hazard
        assert (one.line, one.severity, one.recovery) == (other.line, other.severity, other.recovery)
    assert [(one.line, one.severity) for one in pool.failures] == [("slashing", 0.05), ("exploit", 0.5)]


def test_all_who_stake_wait_as_the_market_says():
    entry, leave = EntryWait("ETH"), ExitWait("ETH")
    solo, pool, token, exchange = (
        terms(x) for x in ("solo validator", "staking pool", "liquid token", "exchange earn")
    )
    assert (solo.entry_days, solo.exit_days) == (entry, leave)
    assert (pool.entry_days, pool.unbonding_days) == (entry, leave)
    assert (exchange.entry_days, exchange.redemption_days) == (entry, leave)
    assert token.queue_days == leave  # minted at once
    assert solo.withdrawal_days == pytest.approx(pool.withdrawal_days, abs=0.01)
    assert pool.withdrawal_days == exchange.withdrawal_days


def test_the_mining_contract_costs_what_it_earned_and_a_little_more():
    contract = terms("cloud mining")
    assert contract.price_usd_per_th_s == pytest.approx(360 * 0.03744 * 53.4 / 51.2, abs=0.01)
    assert not contract.can_leave_early
    grid = TimeGrid.daily(REFERENCE_START, days=360)
    market = world().market(grid, contract.factors, streams=Streams(1), n_paths=1)
    even = contract.break_even_price_usd_per_th_s(market)
    assert 13.5 < even < contract.price_usd_per_th_s
    quote = attrs.evolve(contract, price_usd_per_th_s=even, minimum_payout_btc=0.0).quote(market, capital=1e5)
    assert quote.net == pytest.approx(0.0, abs=1e-3)


HAZARDS = {
    "solo validator": {"slashing:solo validator": 0.0002},
    "staking pool": {"slashing:staking pool": 0.01, "exploit:staking pool": 0.01},
    "liquid token": {"slashing:liquid token": 0.01, "exploit:liquid token": 0.01},
    "exchange earn": {"custodian:exchange": 0.02},
    "cloud mining": {"provider:cloud mining": 0.10},
}


@pytest.mark.parametrize("name", HAZARDS)
def test_hazards_come_with_the_products(name):
    events = [factor for factor in reference()[name].factors if isinstance(factor, Event)]
    assert {event.name: event.hazard for event in events} == HAZARDS[name]


def test_the_exchange_passes_the_rewards_on_and_pays_while_one_waits():
    exchange = terms("exchange earn")
    assert (exchange.posted_rate, exchange.commission, exchange.earns_while_redeeming) == (None, 0.35, True)


def test_before_costs_the_validator_earns_more_than_the_pool_and_the_pool_more_than_the_exchange():
    market = world().market(TimeGrid.daily(REFERENCE_START, days=365), READ, streams=Streams(1), n_paths=1)
    rows = {
        "solo validator": SoloValidator(entry_days=0.0, uptime=1.0, running_cost_usd_per_day=0.0, compounding=True),
        "staking pool": terms("staking pool"),
        "liquid token": terms("liquid token"),
        "exchange earn": terms("exchange earn"),
    }
    capital = 32.0 * ETH_PRICE_USD
    net = {name: row.quote(market, capital=capital).net / capital for name, row in rows.items()}
    assert 0.0294 > net["solo validator"] > net["staking pool"] > net["exchange earn"] > 0.015
    assert net["solo validator"] > net["liquid token"] > net["staking pool"]  # a lower fee, and no wait to begin


def test_the_waits_are_those_of_the_record(shared_data):
    days = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    year = [day for day in days if "2025-08-23" <= day["date"] <= "2026-08-22"]
    assert len(year) == 357
    for term, column in (("entry_days", "entry_wait"), ("exit_days", "exit_wait")):
        number = NUMBERS[term]
        waits = [day[column] for day in year]
        assert (number.low, number.base, number.high) == (min(waits), np.median(waits), max(waits))


# What is assumed

STATED = {
    "asset", "token", "accounting", "opening_rate", "mint", "exit_route", "random_duties", "compounding",
    "early_redemption",
    "payout", "earns_while_redeeming", "block_values", "commission_on", "costs_beyond_output",  # what kind it is
    "protocol_fee", "commission of staking pool", "term_days", "redeemable_from",
    "stop_after_days",  # terms that a firm has published
    "network_validators", "slashing_wait_days", "joules_per_th",  # measured, the protocol's, and a data sheet's
    "entry_days", "exit_days", "unbonding_days", "queue_days", "redemption_days",  # the market's on each path
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in reference() if not isinstance(reference()[name], Holding)])
def test_every_number_in_use_is_assumed_with_a_range_or_stated_by_somebody(name):
    product = terms(name)
    assumed = {row.term for row in assumptions() if row.product == name}
    for field in attrs.fields(type(product)):
        if field.name in {"failures", "halts"}:
            continue
        in_use = getattr(product, field.name) not in (None, 0.0, False)
        stated = {field.name, f"{field.name} of {name}"} & STATED
        # an all-in price leaves no pool's fee, no power and no time lost
        all_in = name == "cloud mining" and field.name == "uptime"
        assert not in_use or stated or all_in or field.name in assumed, field.name
    for number, failure in enumerate(product.failures):
        assert f"failures[{number}].event" in assumed
        for term, without in (("severity", 1.0), ("recovery", 0.0), ("delay_days", 0.0)):
            assert (getattr(failure, term) != without) == (f"failures[{number}].{term}" in assumed)


def test_what_is_in_use_is_the_base_of_its_assumption():
    for row in assumptions():
        assert value_of(terms(row.product), row.term) == row.assumption.base


def test_rows_of_assumptions_as_plain_values():
    rows = [row.to_dict() for row in assumptions()]
    assert len(rows) == 24
    assert list(rows[0])[:5] == ["product", "term", "key", "low", "base"]
    assert json.loads(json.dumps(rows)) == rows


def test_every_term_of_the_compared_products_is_of_the_set():
    numbers = {
        "withdrawal_days": 1.25, "uptime": 0.5, "network_validators": 5_000.0, "solo_slashing.hazard": 0.125,
        "solo_slashing.severity": 0.25, "running_cost_usd_per_day": 7.0, "pool_commission": 0.375,
        "service_withdrawal_days": 2.5, "token_fee": 0.0625, "token_withdrawal_days": 3.5,
        "waiting_cost_per_year": 0.75, "exchange_commission": 0.875, "mining.price_usd_per_th_s": 50.0,
        "mining.term_days": 100.0, "mining.minimum_payout_btc": 0.5, "mining.stop_after_days": 9.0,
    }  # fmt: skip
    rows: Any = reference(assumptions=assumption_set().changed("mine", numbers))
    solo, token, mining = rows["solo validator"], rows["liquid token"], rows["cloud mining"]
    assert (solo.withdrawal_days, solo.uptime, solo.network_validators) == (1.25, 0.5, 5_000.0)
    assert (solo.slashing.hazard, solo.slashing_severity, solo.running_cost_usd_per_day) == (0.125, 0.25, 7.0)
    assert (rows["staking pool"].commission, rows["staking pool"].withdrawal_days) == (0.375, 2.5)
    assert (token.protocol_fee, token.withdrawal_days, token.waiting_cost_per_year) == (0.0625, 3.5, 0.75)
    assert (rows["exchange earn"].commission, rows["exchange earn"].withdrawal_days) == (0.875, 2.5)
    assert (mining.price_usd_per_th_s, mining.term_days) == (50.0, 100.0)
    assert (mining.minimum_payout_btc, mining.stop_after_days) == (0.5, 9)
    for name in ("staking pool", "liquid token", "exchange earn", "cloud mining"):
        assert {failure.recovery_in for failure in rows[name].failures} == {"money"}
    at_once: Any = reference(assumptions=assumption_set().changed("mine", {"mining.stop_after_days": 0.25}))
    assert at_once["cloud mining"].stop_after_days == 1


def test_there_is_no_cash_where_the_money_is_a_coin():
    usual = [*reference()]
    assert [*reference(currency="EUR")] == usual
    assert [*reference(currency="ETH")] == [*reference(currency="BTC")] == usual[:-1]
    cash: Any = reference(currency="EUR")["cash"]
    assert cash.asset == "EUR"
