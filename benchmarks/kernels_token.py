"""The kernel of a liquid staking token, sold at the exit or redeemed, whichever is cheaper."""

from typing import NamedTuple

from benchmarks.kernels_common import ETH, EXPLOIT, RATIO, SLASHING, FloatArray, IntArray, World, compiled


class TokenTerms(NamedTuple):
    """`reward` is that of one step; tokens are sold where the market's ratio is at least `sell_from`."""

    capital: float
    buy_fee: float
    sell_fee: float
    reward: float
    fee: float
    slashing_severity: float
    exploit_severity: float
    queue_steps: int
    sell_from: float


class TokenSums(NamedTuple):
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
    discount: float
    discount_coins: float
    consensus: float
    consensus_eth: float
    protocol: float
    protocol_eth: float
    slashing: float
    slashing_eth: float
    exploit: float
    exploit_eth: float


@compiled
def liquid(  # noqa: PLR0915  # one loop over scalars is what makes a kernel fast
    rows: FloatArray, strikes: IntArray, world: World, terms: TokenTerms
) -> TokenSums:
    row, ratio = rows[ETH], rows[RATIO]
    slashings, exploits, hit, theft = strikes[SLASHING], strikes[EXPLOIT], 0, 0
    struck, exploited = slashings[0], exploits[0]
    spent = terms.capital / (1.0 + terms.buy_fee)
    trading = spent - terms.capital
    trading_coins = trading / row[0]
    units, growth = spent / row[0], 1.0 + terms.reward * (1.0 - terms.fee)
    mark = ratio[0]
    discount_coins = units * (mark - 1.0)
    discount = discount_coins * row[0]
    peak, worst = terms.capital, min(1.0, units * row[0] * mark / terms.capital)
    price = consensus = consensus_eth = protocol = protocol_eth = 0.0
    slashing = slashing_eth = exploit = exploit_eth = 0.0
    last = world.exit + (0 if ratio[world.exit] >= terms.sell_from else terms.queue_steps)
    for k in range(last):
        end = row[k + 1]
        price += units * (end - row[k]) * mark
        if k < world.exit:
            moved = units * (ratio[k + 1] - mark)
            discount_coins += moved
            discount += moved * end
            mark = ratio[k + 1]
            worth = end * mark
            earned = units * terms.reward
            taken = terms.fee * earned
            units *= growth
            consensus_eth += earned
            consensus += earned * worth
            protocol_eth -= taken
            protocol -= taken * worth
        worth = end * mark
        if k == struck:
            hit += 1
            struck = slashings[hit]
            lost = units * terms.slashing_severity
            units -= lost
            slashing_eth -= lost
            slashing -= lost * worth
        if k == exploited:
            theft += 1
            exploited = exploits[theft]
            lost = units * terms.exploit_severity
            units -= lost
            exploit_eth -= lost
            exploit -= lost * worth
        if k + 1 == world.exit and last > world.exit:
            moved = units * (1.0 - mark)
            discount_coins += moved
            discount += moved * end
            mark, worth = 1.0, end
        value = units * worth
        if k + 1 == last:
            fee = -value * terms.sell_fee
            value += fee
            trading += fee
            trading_coins += fee / end
        peak = max(peak, value)
        worst = min(worst, value / peak)
    return TokenSums(
        value, value, float(last - world.exit), 1.0 - worst, row[last] / row[0], row[world.exit] / row[0],
        price, trading, trading_coins, discount, discount_coins,
        consensus, consensus_eth, protocol, protocol_eth, slashing, slashing_eth, exploit, exploit_eth,
    )  # fmt: skip
