"""The kernel of a flexible product of an exchange that may fail; claims are in money, due after the end."""

from typing import NamedTuple

import numpy as np

from benchmarks.kernels_common import CUSTODIAN, ETH, FloatArray, IntArray, World, compiled


class ExchangeTerms(NamedTuple):
    """`reward` is that of one step."""

    capital: float
    buy_fee: float
    sell_fee: float
    reward: float
    commission: float
    recovery: float
    redemption_steps: int


class ExchangeSums(NamedTuple):
    """Results of one path, in the order of its kernel's row of sums."""

    closing: float
    returned: float
    days_to_cash: float
    drawdown: float
    asset_growth: float
    asset_growth_at_exit: float
    price: float
    trading_usd: float
    trading_coins: float
    consensus: float
    consensus_eth: float
    commission: float
    commission_eth: float
    credit: float
    credit_eth: float


@compiled
def entrust(rows: FloatArray, strikes: IntArray, world: World, terms: ExchangeTerms) -> ExchangeSums:
    row, fails = rows[ETH], strikes[CUSTODIAN][0]
    spent = terms.capital / (1.0 + terms.buy_fee)
    trading = spent - terms.capital
    trading_coins = trading / row[0]
    units, growth = spent / row[0], 1.0 + terms.reward * (1.0 - terms.commission)
    peak, worst = terms.capital, min(1.0, units * row[0] / terms.capital)
    price = consensus = consensus_eth = commission = commission_eth = credit = credit_eth = 0.0
    days_to_cash, held = np.inf, row[-1]
    for k in range(world.exit + terms.redemption_steps):
        end = row[k + 1]
        price += units * (end - row[k])
        if k < world.exit:
            earned = units * terms.reward
            taken = terms.commission * earned
            units *= growth
            consensus_eth += earned
            consensus += earned * end
            commission_eth -= taken
            commission -= taken * end
        value = units * end
        if k == fails:  # what is left is a claim of fixed money
            credit_eth = units * (terms.recovery - 1.0)
            credit = credit_eth * end
            value *= terms.recovery
        elif k + 1 == world.exit + terms.redemption_steps:
            fee = -value * terms.sell_fee
            value += fee
            trading += fee
            trading_coins += fee / end
            days_to_cash, held = float(terms.redemption_steps), end
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if k == fails:
            break
    return ExchangeSums(
        value, value, days_to_cash, 1.0 - worst, held / row[0], row[world.exit] / row[0],
        price, trading, trading_coins, consensus, consensus_eth, commission, commission_eth, credit, credit_eth,
    )  # fmt: skip
