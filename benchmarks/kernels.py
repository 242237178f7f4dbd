"""The products once more, as numba kernels: the path outside, scalar state, the sums that an `Outcome` keeps.

A kernel is a yardstick, so it is as fast as its author could make it: one core, float64, no fast-math; the rows of one
path stay in the innermost cache, and only sums are stored. It knows the terms of `benchmarks.worlds` and no others.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ETH, BTC, WORK = 0, 1, 2
"""Rows of the levels."""
SLASHING, PROVIDER = 0, 1
"""Rows of the events."""

compiled = numba.njit(error_model="numpy")  # division as in C, without a test for zero


class World(NamedTuple):
    """What drives a path; arrays have one entry a level or an event, and all is per step."""

    start: FloatArray
    scale: FloatArray
    drift: FloatArray
    rho: float
    hazard: FloatArray
    exit: int


class HoldingTerms(NamedTuple):
    """A coin held; `level` is the row of its price."""

    level: int
    capital: float
    buy_fee: float
    sell_fee: float


class PoolTerms(NamedTuple):
    """A compounding staking pool with an exit queue; `reward` is that of one step."""

    capital: float
    buy_fee: float
    sell_fee: float
    reward: float
    commission: float
    severity: float
    unbonding_steps: int


class MiningTerms(NamedTuple):
    """A contract that sells what it mines; `coins` is coins x difficulty per TH/s and step, by step."""

    capital: float
    price: float
    term_steps: int
    coins: FloatArray
    pool_fee: float
    electricity: float
    minimum: float
    stop_after: int
    sell_fee: float


class HoldingSums(NamedTuple):
    """Results of one path, in the order of its kernel's row of sums.

    A bare name of a line is its money; with the suffix of an asset it is units of that asset; with `_coins` it is what
    entries in cash came to in the product's coin.
    """

    closing: float
    returned: float
    days_to_cash: float
    drawdown: float
    asset_growth: float
    price: float
    trading_usd: float
    trading_coins: float


class PoolSums(NamedTuple):
    """As `HoldingSums`."""

    closing: float
    returned: float
    days_to_cash: float
    drawdown: float
    asset_growth: float
    price: float
    trading_usd: float
    trading_coins: float
    consensus: float
    consensus_eth: float
    commission: float
    commission_eth: float
    slashing: float
    slashing_eth: float


class MiningSums(NamedTuple):
    """As `HoldingSums`."""

    closing: float
    returned: float
    days_to_cash: float
    drawdown: float
    asset_growth: float
    contribution_days: float
    price: float
    trading_usd: float
    trading_coins: float
    mining: float
    mining_btc: float
    commission: float
    commission_btc: float
    electricity: float
    electricity_btc: float
    electricity_usd: float
    electricity_coins: float
    contribution_usd: float
    contribution_coins: float
    contract_usd: float
    contract_coins: float
    credit: float
    credit_btc: float
    credit_usd: float
    credit_coins: float
    forfeit: float
    forfeit_btc: float


@compiled
def hold(rows: FloatArray, strikes: IntArray, world: World, terms: HoldingTerms) -> HoldingSums:  # noqa: ARG001  # called like the others
    row = rows[terms.level]
    spent = terms.capital / (1.0 + terms.buy_fee)
    trading = spent - terms.capital
    trading_coins = trading / row[0]
    units = spent / row[0]
    value = units * row[0]
    peak, worst, price = terms.capital, min(1.0, value / terms.capital), 0.0
    for k in range(world.exit):
        price += units * (row[k + 1] - row[k])
        value = units * row[k + 1]
        if k + 1 == world.exit:
            fee = -value * terms.sell_fee
            trading += fee
            trading_coins += fee / row[k + 1]
            value += fee
        peak = max(peak, value)
        worst = min(worst, value / peak)
    grown = row[world.exit] / row[0]
    return HoldingSums(value, value, 0.0, 1.0 - worst, grown, price, trading, trading_coins)


@compiled
def stake(rows: FloatArray, strikes: IntArray, world: World, terms: PoolTerms) -> PoolSums:
    row = rows[ETH]
    n_steps = row.size - 1
    hits, next_hit = strikes[SLASHING], 0
    spent = terms.capital / (1.0 + terms.buy_fee)
    trading = spent - terms.capital
    trading_coins = trading / row[0]
    staked, unbonding, cash = spent / row[0], 0.0, 0.0
    value = staked * row[0]
    peak, worst = terms.capital, min(1.0, value / terms.capital)
    price = consensus = consensus_eth = commission = commission_eth = slashing = slashing_eth = 0.0
    returned, days_to_cash = 0.0, np.inf
    for k in range(n_steps):
        end = row[k + 1]
        price += (staked + unbonding) * (end - row[k])
        if k < world.exit:
            earned = staked * terms.reward
            staked += earned
            consensus_eth += earned
            consensus += earned * end
            taken = -terms.commission * earned
            staked += taken
            commission_eth += taken
            commission += taken * end
        if k == hits[next_hit]:
            next_hit += 1
            lost = (staked + unbonding) * terms.severity
            slashing_eth -= lost
            slashing -= lost * end
            staked -= staked * terms.severity
            unbonding -= unbonding * terms.severity
        if k + 1 == world.exit + terms.unbonding_steps:
            bought = unbonding * end
            fee = -bought * terms.sell_fee
            unbonding = 0.0
            cash += bought + fee
            trading += fee
            trading_coins += fee / end
        if k + 1 == world.exit:
            unbonding, staked = staked, 0.0
        value = cash + (staked + unbonding) * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if k + 1 >= world.exit and staked + unbonding == 0.0:
            returned, days_to_cash = value, float(k + 1 - world.exit)
            break
    grown = row[world.exit] / row[0]
    return PoolSums(
        value, returned, days_to_cash, 1.0 - worst, grown, price, trading, trading_coins,
        consensus, consensus_eth, commission, commission_eth, slashing, slashing_eth,
    )  # fmt: skip


@compiled
def mine(  # noqa: PLR0915  # one loop over scalars is what makes a kernel fast
    rows: FloatArray, strikes: IntArray, world: World, terms: MiningTerms
) -> MiningSums:
    btc, work = rows[BTC], rows[WORK]
    vanishing = strikes[PROVIDER][0]
    th_s = terms.capital / terms.price
    prepaid, cash, unpaid = terms.capital, 0.0, 0.0
    write_down = prepaid / terms.term_steps
    losing = 0
    peak, worst, value = terms.capital, 1.0, 0.0
    contribution_days = price = trading = trading_coins = 0.0
    mining = mining_btc = commission = commission_btc = 0.0
    electricity = electricity_btc = electricity_usd = electricity_coins = 0.0
    contribution = contribution_coins = contract = contract_coins = 0.0
    credit = credit_btc = credit_usd = credit_coins = forfeit = forfeit_btc = 0.0
    for k in range(world.exit):
        end = btc[k + 1]
        price += unpaid * (end - btc[k])
        if k == vanishing and th_s > 0.0:
            credit_usd -= prepaid
            credit_coins -= prepaid / end
            credit_btc -= unpaid
            credit -= unpaid * end
            prepaid = unpaid = th_s = 0.0
        if th_s > 0.0:
            mined = th_s * terms.coins[k] / work[k + 1]
            unpaid += mined
            mining_btc += mined
            mining += mined * end
            taken = -terms.pool_fee * mined
            unpaid += taken
            commission_btc += taken
            commission += taken * end

            due = th_s * terms.electricity
            need = due / end
            if need <= unpaid:
                unpaid -= need
                electricity_btc -= need
                electricity -= need * end
            else:
                due = (need - unpaid) * end
                electricity_btc -= unpaid
                electricity -= unpaid * end
                unpaid = 0.0
                electricity_usd -= due
                electricity_coins -= due / end
                short = max(0.0, due - cash)
                cash = max(0.0, cash - due)
                if short > 0.0:
                    contribution += short
                    contribution_coins += short / end
                    contribution_days += short * (k + 1)

            if unpaid >= terms.minimum:
                bought = unpaid * end
                fee = -bought * terms.sell_fee
                unpaid = 0.0
                cash += bought + fee
                trading += fee
                trading_coins += fee / end

            prepaid -= write_down
            contract -= write_down
            contract_coins -= write_down / end
            losing = losing + 1 if mined * end < th_s * terms.electricity / (1.0 - terms.pool_fee) else 0
            if losing >= terms.stop_after or k + 1 == terms.term_steps or k + 1 == world.exit:
                contract -= prepaid
                contract_coins -= prepaid / end
                forfeit_btc -= unpaid
                forfeit -= unpaid * end
                prepaid = unpaid = th_s = 0.0
        value = cash + prepaid + unpaid * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
    grown = btc[world.exit] / btc[0]
    return MiningSums(
        value, value, 0.0, 1.0 - worst, grown, contribution_days, price, trading, trading_coins,
        mining, mining_btc, commission, commission_btc,
        electricity + electricity_usd, electricity_btc, electricity_usd, electricity_coins,
        contribution, contribution_coins, contract, contract_coins,
        credit + credit_usd, credit_btc, credit_usd, credit_coins, forfeit, forfeit_btc,
    )  # fmt: skip
