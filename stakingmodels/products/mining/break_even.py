"""Break-even price of a mining contract in a market that stands still."""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels.ledger.yields import contract_payout
from stakingmodels.market import Market, Price
from stakingmodels.products.mining.electricity import electricity_usd
from stakingmodels.tolerances import DAY_TOL, REL_TOL


def break_even_price(where: str, contract: Any, market: Market) -> float:
    """Price in USD per TH/s at which a contract just recovers its cost; `where` begins the messages."""
    checks.instance(where, market, Market, "Market(grid, {...})")
    last = contract.start_days + contract.term_days
    if market.grid.elapsed_days[-1] < last - DAY_TOL:
        before = f" and the {contract.start_days:g} days before it" if contract.start_days else ""
        rule = f"must last for the term of {contract.term_days:g} days{before}"
        checks.refuse(where, rule, float(market.grid.elapsed_days[-1]))
    flat = market.frozen_at_open()
    rows = {factor: row[0] if row.shape[1] > 1 else row[0, 0] for factor, row in next(flat.chunks()).rows.items()}
    power = 0.0
    if contract.electricity_prepaid:
        power = electricity_usd(contract, rows) * contract.uptime * contract.term_days
    paid = contract.usd_per_th_s + power
    one = contract.replace(
        hashrate_th_s=1.0,
        price_usd=None,
        price_usd_per_th_day=None,
        guaranteed_per_day=None,
        price_usd_per_th_s=contract.usd_per_th_s,
        minimum_payout_btc=0.0,
        stop_after_days=None,
        early_exit_loss=None,
        failures=(),
        halts=(),
    )
    paid_out = contract_payout(one.run(flat, capital=paid * rows.get(Price("USD"), 1.0) * (1.0 + REL_TOL)))
    return float(np.mean(paid * paid_out - power))
