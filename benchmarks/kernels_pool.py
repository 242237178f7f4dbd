"""The kernel of a compounding staking pool with an exit queue."""

from typing import NamedTuple

from benchmarks.kernels_common import ETH, SLASHING, FloatArray, IntArray, World, compiled


class PoolTerms(NamedTuple):
    """`reward` is that of one step."""

    capital: float
    buy_fee: float
    sell_fee: float
    reward: float
    commission: float
    severity: float
    unbonding_steps: int


class PoolSums(NamedTuple):
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
    slashing: float
    slashing_eth: float


@compiled
def stake(rows: FloatArray, strikes: IntArray, world: World, terms: PoolTerms) -> PoolSums:
    row = rows[ETH]
    hits, hit = strikes[SLASHING], 0
    struck = hits[0]
    spent = terms.capital / (1.0 + terms.buy_fee)
    trading = spent - terms.capital
    trading_coins = trading / row[0]
    units, growth = spent / row[0], 1.0 + terms.reward * (1.0 - terms.commission)
    peak, worst = terms.capital, min(1.0, units * row[0] / terms.capital)
    price = consensus = consensus_eth = commission = commission_eth = slashing = slashing_eth = 0.0
    for k in range(world.exit + terms.unbonding_steps):
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
        if k == struck:
            hit += 1
            struck = hits[hit]
            lost = units * terms.severity
            units -= lost
            slashing_eth -= lost
            slashing -= lost * end
        value = units * end
        if k + 1 == world.exit + terms.unbonding_steps:
            fee = -value * terms.sell_fee
            value += fee
            trading += fee
            trading_coins += fee / end
        peak = max(peak, value)
        worst = min(worst, value / peak)
    return PoolSums(
        value, value, float(terms.unbonding_steps), 1.0 - worst, end / row[0], row[world.exit] / row[0],
        price, trading, trading_coins, consensus, consensus_eth, commission, commission_eth, slashing, slashing_eth,
    )  # fmt: skip
