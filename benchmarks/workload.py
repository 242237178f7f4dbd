"""The fixed workload of `workload.toml`, for this version of the library and for that of commit 0ebcfe6.

It imports nothing of the benchmarks, so that a child process can load it beside another version of the library.
"""

import importlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import attrs

FILE = Path(__file__).with_name("workload.toml")
Run = Callable[..., object]
"""Runs the products named (all by default) on so many paths."""


class Workload(NamedTuple):
    """The workload as objects of the library that is imported."""

    products: dict[str, Any]
    scenario: Any
    grid: Any
    capital: float
    seed: int


def read() -> dict[str, Any]:
    """The terms as written."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def build(version: str) -> Workload:
    """The workload for the library that is imported, which is of the version ``"new"`` or ``"old"``."""
    given = read()
    capital, seed = given["run"]["capital"], given["run"]["seed"]
    return Workload(*(_new if version == "new" else _old)(given), capital, seed)


def load(version: str) -> Run:
    """A function that simulates the workload with the library that is imported."""
    work = build(version)
    simulate = importlib.import_module("stakingmodels").simulate
    counted = "n_paths" if version == "new" else "paths"

    def run(n_paths: int, names: tuple[str, ...] = (), **options: object) -> object:
        asked = {name: work.products[name] for name in names or work.products}
        how = {counted: n_paths, **options}
        return simulate(asked, work.scenario, work.grid, capital=work.capital, rng=work.seed, **how)

    return run


def with_queues() -> Workload:
    """The workload of this version with waits drawn for each path in place of fixed ones."""
    from stakingmodels.market import EntryWait, ExitWait
    from stakingmodels.scenarios import Joint, QueueWaits, WaitCell

    given, work = read(), build("new")
    waits = {"entry": EntryWait("ETH"), "exit": ExitWait("ETH")}
    products = dict(work.products)
    for name, terms in given["queues"]["products"].items():
        products[name] = attrs.evolve(products[name], **{term: waits[which] for term, which in terms.items()})
    cells = [WaitCell(**cell) for cell in given["queues"]["cells"]]
    return work._replace(products=products, scenario=Joint([work.scenario, QueueWaits(cells)]))


def factors(given: dict[str, Any]) -> tuple[dict[str, Any], dict[Any, Any]]:
    """Levels by their names, and constants, both of which every version writes alike."""
    market, rates = importlib.import_module("stakingmodels.market"), given["rates"]
    APR = importlib.import_module("stakingmodels").APR  # noqa: N806  # a class
    levels = {
        name: market.Price(name) if level["kind"] == "price" else market.Difficulty("BTC")
        for name, level in given["levels"].items()
    }
    constants = {
        market.StakingReward("ETH"): APR(rates["staking_reward"]),
        market.ExecutionReward("ETH"): APR(rates["execution_reward"]),
        market.CashRate("USD"): APR(rates["cash"]),
        market.BlockFees("BTC"): given["bitcoin"]["block_fees"],
    }
    return levels, constants


def _event(given: dict[str, Any], name: str) -> Any:
    return importlib.import_module("stakingmodels.market").Event(name, hazard=given["hazards"][name])


def _fees(terms: dict[str, Any]) -> dict[str, float]:
    fee = terms.pop("trading_fee")
    return {"buy_fee": fee, "sell_fee": fee}


def _new(given: dict[str, Any]) -> tuple[dict[str, Any], Any, Any]:
    """Products, scenario and grid of this version."""
    from stakingmodels import scenarios as s  # of whichever version is on the path
    from stakingmodels.market import MarketRatio, TimeGrid

    p: Any = importlib.import_module("stakingmodels.products")
    levels, constants = factors(given)
    terms, peg, grid = given["products"], dict(given["ratio"]), given["grid"]
    solo, pool, token, exchange, mine = (terms[name] | given["new_terms"].get(name, {}) for name in terms)
    slashing = p.Failure(_event(given, "pool_slashing"), pool.pop("slashing_severity"), line="slashing")
    exploit = p.Failure(_event(given, "token_exploit"), token.pop("exploit_severity"), line="exploit")
    default = p.Failure(
        _event(given, "exchange_default"),
        recovery=exchange.pop("recovery"),
        delay_days=exchange.pop("recovery_days"),
    )
    token.pop("slashing_severity")
    found = {
        "hold ETH": p.Holding("ETH"),
        "hold BTC": p.Holding("BTC"),
        "solo validator": p.SoloValidator(slashing=_event(given, "solo_slashing"), **_fees(solo), **solo),
        "staking pool": p.StakingPool("ETH", failures=(slashing,), **_fees(pool), **pool),
        "liquid token": p.LiquidStakingToken(
            failures=(slashing, exploit), protocol_fee=token.pop("fee"), **_fees(token), **token
        ),
        "exchange earn": p.ExchangeStaking(failures=(default,), **_fees(exchange), **exchange),
        "cloud mining": p.CloudMiningContract(
            failures=(p.Failure(_event(given, "provider")),), sell_fee=mine.pop("trading_fee"), **mine
        ),
        "cash": p.Holding("USD"),
    }
    diffusions = {
        levels[n]: s.GBM(t["initial_level"], volatility=t["volatility"], drift=t["drift"])
        for n, t in given["levels"].items()
    }
    correlation = {(levels["ETH"], levels["BTC"]): given["correlation"]["ETH_BTC"]}
    world = s.Joint(
        [
            s.GeometricBrownianMotion(diffusions, correlation=correlation),
            s.MeanRevertingPeg(MarketRatio(peg.pop("token")), **peg),
            s.Constants(constants),
        ]
    )
    return found, world, TimeGrid.daily(grid["start"], days=grid["days"], settlement_days=grid["settlement_days"])


def _old(given: dict[str, Any]) -> tuple[dict[str, Any], Any, Any]:
    """The same under the names of commit 0ebcfe6."""
    p: Any = importlib.import_module("stakingmodels.products")
    s: Any = importlib.import_module("stakingmodels.scenarios")
    market: Any = importlib.import_module("stakingmodels.market")
    levels, constants = factors(given)
    terms, peg, grid = given["products"], given["ratio"], given["grid"]
    solo, pool, token, exchange, mine = (terms[name] for name in terms)
    slashing = _event(given, "pool_slashing")
    found = {
        "hold ETH": p.Holding(asset="ETH"),
        "hold BTC": p.Holding(asset="BTC"),
        "solo validator": p.SoloValidator(slashing=_event(given, "solo_slashing"), **_fees(solo), **solo),
        "staking pool": p.StakingPool(asset="ETH", slashing=slashing, **_fees(pool), **pool),
        "liquid token": p.LiquidStakingToken(
            slashing=slashing,
            exploit=_event(given, "token_exploit"),
            protocol_fee=token.pop("fee"),
            **_fees(token),
            **token,
        ),
        "exchange earn": p.ExchangeStaking(custodian=_event(given, "exchange_default"), **_fees(exchange), **exchange),
        "cloud mining": p.CloudMiningContract(
            provider=_event(given, "provider"), sell_fee=mine.pop("trading_fee"), **mine
        ),
        "cash": p.Holding(asset="USD"),
    }
    diffusions = {
        levels[n]: s.Diffusion(start=t["initial_level"], volatility=t["volatility"], drift=t["drift"])
        for n, t in given["levels"].items()
    }
    correlation = {(levels["ETH"], levels["BTC"]): given["correlation"]["ETH_BTC"]}
    ratio = s.MeanReverting(
        market.MarketRatio(peg["token"]),
        mean=peg["mean"],
        deviation=peg["standard_deviation"],
        half_life_days=peg["half_life_days"],
    )
    world = s.Joint([s.Lognormal(diffusions, correlation), ratio, s.Constants(constants)])
    return found, world, market.TimeGrid.daily(grid["start"], days=grid["days"], tail=grid["settlement_days"])
