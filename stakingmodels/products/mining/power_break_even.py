"""Prices of power at which owned machines are switched off, and at which they recover their cost."""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import PathValue
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Factor, Market, Price
from stakingmodels.market.grid import day_end
from stakingmodels.products.mining.electricity import KWH_A_DAY
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.tolerances import DAY_TOL, REL_TOL


def _opening(where: str, market: Market) -> dict[Factor, PathValue]:
    """Levels at the opening of a market, one number each or one per path; `where` begins the messages."""
    checks.instance(where, market, Market, "Market(grid, {...})")
    return {factor: row[0] for factor, row in next(market.frozen_at_open().chunks()).rows.items()}


def shutdown_power(where: str, machines: Any, market: Market) -> float:
    """Price of power in USD per kWh at which the output after the pool's fee just pays power and hosting by the kWh."""
    rows = _opening(where, market)
    coins = (bitcoin.subsidy_at(day_end(market.grid.times[0])) + rows[BlockFees("BTC")]) * bitcoin.blocks_per_day(1, 1)
    usd = coins / rows[Difficulty("BTC")] * rows.get(Price("BTC"), 1.0) / rows.get(Price("USD"), 1.0)
    earned = usd * (1.0 - machines.pool_fee) / (KWH_A_DAY * machines.joules_per_th)
    return float(np.mean(earned - machines.hosting_usd_per_kwh))


def break_even_power(where: str, machines: Any, market: Market) -> float:
    """Price of power in USD per kWh at which machines held to the grid's exit just recover their cost."""
    rows, grid = _opening(where, market), market.grid
    dollar = rows.get(Price("USD"), 1.0)
    days = float(grid.elapsed_days[grid.exit]) - machines.delivery_days
    kwh = KWH_A_DAY * machines.joules_per_th * machines.hashrate_th_s * machines.uptime * days
    kwh *= 1.0 - machines.demand_response_share
    if days <= DAY_TOL or kwh == 0.0:
        rule = "must have its exit after the machines have run"
        checks.refuse(where, rule, float(grid.elapsed_days[grid.exit]), "a longer grid")
    one = machines.replace(
        machines=1.0, power_usd_per_kwh=0.0, curtails=False, minimum_payout_btc=0.0, failures=(), halts=()
    )
    capital = one.usd_to_begin * dollar * (1.0 + REL_TOL)
    outcome = one.run(market.frozen_at_open(), capital=float(np.max(capital)))
    profit = outcome.profit - outcome.lines.get(Line.INTEREST, 0.0)
    return float(np.mean(profit / (kwh * np.asarray(dollar))))
