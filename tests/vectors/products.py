"""Vectors of products: terms, a market that stands still, days and capital; gross, net and coins of the quote."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from stakingmodels import serialize
from stakingmodels._version import VERSION
from stakingmodels.market import (
    BlockFees,
    Difficulty,
    ExecutionReward,
    Factor,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import (
    CloudMiningContract,
    ExchangeStaking,
    Holding,
    LiquidStakingToken,
    MiningMachines,
    Product,
    SoloValidator,
    StakingPool,
)
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants, Streams
from tests.vectors.seeded import Case
from tests.vectors.vector import Inputs, Vector

PRICE = {"ETH": (200.0, 8_000.0), "BTC": (10_000.0, 200_000.0)}
RELATIVE = 1e-9
"""Of the capital: what the order of sums may change, far below what a wrong rule changes."""


def _holding(case: Case) -> Product:
    return Holding(
        case.choice("asset", ("ETH", "BTC")), **_fees(case) | {"buy_fee": case.number_of("fee", 0.001, 0.01)}
    )


def _pool(case: Case) -> Product:
    waits = case.choice("waits", (False, True))
    return StakingPool(
        commission=case.number_of("commission", 0.0, 0.25),
        buffer=case.choice("buffer", (0.0, 0.0, 0.05)),
        compounding=case.choice("compounding", (True, False)),
        entry_days=float(case.integer("entry_days", 0, 20)) if waits else 0.0,
        unbonding_days=float(case.integer("unbonding_days", 0, 28)) if waits else 0.0,
        earns_while_unbonding=case.choice("earns_while_unbonding", (False, True)),
        withdrawal_days=float(case.integer("withdrawal_days", 0, 3)) if waits else 0.0,
        failures=(),
        **_fees(case),
    )


def _token(case: Case) -> Product:
    return LiquidStakingToken(
        accounting=case.choice("accounting", ("rebasing", "accruing")),
        protocol_fee=case.number_of("protocol_fee", 0.0, 0.15),
        mint=case.choice("mint", (True, False)),
        exit_route=case.choice("exit_route", ("cheaper", "sale", "queue")),
        queue_days=case.number_of("queue_days", 0.0, 20.0, 1),
        failures=(),
        **_fees(case),
    )


def _exchange(case: Case) -> Product:
    return ExchangeStaking(
        posted_rate=case.choice("posted", (None, APR(case.number_of("posted_rate", 0.0, 0.08)))),
        commission=case.number_of("commission", 0.0, 0.4),
        compounding=case.choice("compounding", (True, False)),
        entry_days=float(case.integer("entry_days", 0, 5)),
        redemption_days=float(case.integer("redemption_days", 0, 14)),
        earns_while_redeeming=case.choice("earns_while_redeeming", (False, True)),
        failures=(),
        **_fees(case),
    )


def _validator(case: Case) -> Product:
    return SoloValidator(
        compounding=case.choice("compounding", (True, False)),
        entry_days=case.number_of("entry_days", 0.0, 60.0, 2),
        exit_days=case.number_of("exit_days", 0.0, 10.0, 2),
        uptime=case.number_of("uptime", 0.9, 1.0),
        running_cost_usd_per_day=case.number_of("running_cost_usd_per_day", 0.0, 2.0, 3),
        hardware_usd=case.choice("hardware_usd", (0.0, 900.0)),
        failures=(),
        **_fees(case),
    )


def _contract(case: Case) -> Product:
    return CloudMiningContract(
        price_usd_per_th_s=case.number_of("price_usd_per_th_s", 4.0, 20.0, 2),
        term_days=float(case.choice("term_days", (90, 180, 360))),
        pool_fee=case.number_of("pool_fee", 0.0, 0.04),
        electricity_usd_per_th_day=case.number_of("electricity_usd_per_th_day", 0.005, 0.06),
        uptime=case.number_of("uptime", 0.9, 1.0),
        sell_fee=case.choice("sell_fee", (0.0, 0.001)),
        failures=(),
    )


def _machines(case: Case) -> Product:
    age: dict[str, Any] = {"useful_life_days": float(case.choice("useful_life_days", (730, 1095, 1825)))}
    by_year = {"resale_loss_per_year": case.number_of("resale_loss_per_year", 0.1, 0.6)}
    return MiningMachines(
        price_usd_per_th_s=case.number_of("price_usd_per_th_s", 8.0, 30.0, 2),
        hashrate_th_s=float(case.choice("hashrate_th_s", (110, 188, 200, 270))),
        joules_per_th=case.number_of("joules_per_th", 12.0, 30.0, 1),
        shipping_usd=float(case.choice("shipping_usd", (0, 40))),
        import_duty=case.choice("import_duty", (0.0, 0.0, 0.1)),
        delivery_days=float(case.choice("delivery_days", (0, 10))),
        **case.choice("ages", (age, by_year)),
        salvage_share=case.choice("salvage_share", (0.0, 0.1)),
        resale_fee=case.choice("resale_fee", (0.0, 0.05)),
        resale_days=float(case.choice("resale_days", (0, 14))),
        pool_fee=case.number_of("pool_fee", 0.0, 0.04),
        uptime=case.number_of("uptime", 0.9, 1.0),
        power_usd_per_kwh=case.number_of("power_usd_per_kwh", 0.02, 0.08),
        hosting_usd_per_kwh=case.choice("hosting_usd_per_kwh", (0.0, 0.01)),
        hosting_usd_per_month=float(case.choice("hosting_usd_per_month", (0, 0, 5, 90))),
        curtails=case.choice("curtails", (False, False, True)),
        demand_response_share=case.choice("off", (0.0, 0.05)),
        minimum_payout_btc=0.0,
        failures=(),
    )


def _fees(case: Case) -> dict[str, Any]:
    return {"buy_fee": case.choice("buy_fee", (0.0, 0.001, 0.005)), "sell_fee": case.choice("sell_fee", (0.0, 0.002))}


def _level(case: Case, factor: Factor) -> float | APR:
    if isinstance(factor, Price):
        return case.number_of(str(factor), *PRICE[factor.name], places=2)
    if isinstance(factor, StakingReward):
        return APR(case.number_of(str(factor), 0.01, 0.08))
    if isinstance(factor, ExecutionReward):
        return APR(case.number_of(str(factor), 0.0, 0.01))
    if isinstance(factor, MarketRatio):
        return case.number_of(str(factor), 0.98, 1.0)
    if isinstance(factor, Difficulty):
        return case.number_of(str(factor), 0.8e14, 2e14, places=-9)
    if isinstance(factor, BlockFees):
        return case.number_of(str(factor), 0.01, 0.4, places=3)
    raise ValueError(f"{factor} has no level here")


def _json(thing: Any) -> Any:
    """As `serialize` writes it, without the version, which the file says once."""
    written = json.loads(serialize.dumps(thing))
    return {key: value for key, value in written.items() if key not in {"stakingmodels", "schema"}}


def read(written: Mapping[str, Any]) -> Any:
    """The thing that a case holds."""
    return serialize.loads(json.dumps({"stakingmodels": VERSION, "schema": serialize.SCHEMA, **written}))


def _draws(product_of: Callable[[Case], Product], low: float, high: float) -> Callable[[Case], Inputs]:
    def draw(case: Case) -> Inputs:
        product = product_of(case)
        levels = {factor: _level(case, factor) for factor in sorted(product.factors, key=str) if str(factor) != _USD}
        days = 7 + (case.integer("days", 0, 255) * 353 // 255)
        return {
            "product": _json(product),
            "market": _json(Constants(levels)),
            "grid": _json(TimeGrid.daily("2026-01-01", days=days, settlement_days=90)),
            "capital": case.number_of("capital", low, high, 2),
        }

    return draw


_USD = str(Price("USD"))


def _ask(at: Inputs) -> tuple[float, float, float]:
    product, world = read(at["product"]), read(at["market"])
    market = world.market(read(at["grid"]), product.factors, streams=Streams(0), n_paths=1)
    quote = product.quote(market, capital=at["capital"])
    return quote.gross, quote.net, float(quote.outcome.coins_net[0])


def _tolerance(at: Inputs, _: object) -> tuple[float, float, float]:
    price = next(value for name, value in at["market"]["values"].items() if name.startswith("Price("))
    return at["capital"] * RELATIVE, at["capital"] * RELATIVE, at["capital"] / price * RELATIVE


def _quote(name: str, product_of: Callable[[Case], Product], low: float, high: float, n_cases: int = 50) -> Vector:
    return Vector(
        name=f"quote_{name}",
        about="Gain before costs and net of them, in money, and net in coins, of a product in a market that stands"
        " still: bought on the first day, a step a day, left on the day `exit` of the grid.",
        source="stakingmodels, Product.quote",
        arguments={"product": "object", "market": "object", "grid": "object", "capital": "number"},
        answers={"gross": "number", "net": "number", "coins": "number"},
        draw=_draws(product_of, low, high),
        ask=_ask,
        tolerance=_tolerance,
        n_cases=n_cases,
    )


PRODUCTS = [
    _quote("holding", _holding, 100.0, 100_000.0, 30),
    _quote("staking_pool", _pool, 100.0, 100_000.0, 60),
    _quote("liquid_staking_token", _token, 100.0, 100_000.0, 60),
    _quote("exchange_staking", _exchange, 100.0, 100_000.0),
    _quote("solo_validator", _validator, 300_000.0, 1_000_000.0),
    _quote("cloud_mining_contract", _contract, 1_000.0, 100_000.0),
    _quote("mining_machines", _machines, 1_000.0, 100_000.0, 24),
]
