"""The products without a ledger: closing value, drawdown and three sums of a path, in one pass over it.

This is what one writes who wants these five numbers and no others: nothing says afterwards where the money went. The
rows of one path lie in the innermost cache; drawing level by level inside these loops was no faster.
"""

from typing import NamedTuple

import numpy as np

from benchmarks.kernels_common import (
    BTC,
    CUSTODIAN,
    ETH,
    EXPLOIT,
    PROPOSALS,
    PROVIDER,
    RATIO,
    SEATS,
    SLASHING,
    SOLO,
    WORK,
    FloatArray,
    IntArray,
    World,
    compiled,
)
from benchmarks.kernels_exchange import ExchangeTerms
from benchmarks.kernels_mining import MiningTerms
from benchmarks.kernels_pool import PoolTerms
from benchmarks.kernels_solo import SoloTerms
from benchmarks.kernels_token import TokenTerms


class Figures(NamedTuple):
    """`kept` is the closing value less what the holder had to add; rewards in coins, running costs in money."""

    kept: float
    drawdown: float
    rewards: float
    costs: float
    days_to_cash: float


@compiled
def solo(  # noqa: C901, PLR0912, PLR0915  # loops over scalars are what makes a kernel fast
    rows: FloatArray, strikes: IntArray, world: World, terms: SoloTerms
) -> Figures:
    row = rows[ETH]
    slashings, proposals, seats = strikes[SOLO], strikes[PROPOSALS], strikes[SEATS]
    hit = 0
    while slashings[hit] < terms.entered:
        hit += 1
    struck, block, proposes, seat, sits = slashings[hit], 0, proposals[0], 0, seats[0]
    locked, cash = terms.stake, 0.0
    coins = terms.capital / (1.0 + terms.buy_fee) / row[0] - locked
    works, back = True, terms.withdrawn
    value = (coins + locked) * row[0]
    peak, worst = terms.capital, min(1.0, value / terms.capital)
    sure, one = terms.sure + terms.sure_execution, terms.proposal + terms.proposal_execution
    share = 1.0 - terms.sell_fee
    rewards = costs = added = 0.0
    days_to_cash = np.inf
    first = min(struck, world.exit - 1)
    for k in range(first):  # nothing is sold and nobody leaves: the bulk of the days
        end = row[k + 1]
        days, due = terms.days[k], terms.cost[k]
        earned, fined = sure * days, terms.fine * days
        while k == proposes:
            earned += one
            block += 1
            proposes = proposals[block]
        if k == sits:
            earned += terms.seat
            fined += terms.seat_fine
            seat += 1
            sits = seats[seat]
        rewards += earned
        costs += due
        coins += earned - fined - due / end
        if coins < 0.0:
            added -= coins * end
            coins = 0.0
        value = (coins + locked) * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
    for k in range(first, len(row) - 1):
        end = row[k + 1]
        if works:
            days, due = terms.days[k], terms.cost[k]
            earned, fined = sure * days, terms.fine * days
            while k == proposes:
                earned += one
                block += 1
                proposes = proposals[block]
            if k == sits:
                earned += terms.seat
                fined += terms.seat_fine
                seat += 1
                sits = seats[seat]
            rewards += earned
            costs += due
            coins += earned - fined - due / end
            if coins < 0.0:
                added -= coins * end
                coins = 0.0
            if k == struck:
                locked -= locked * terms.severity
                works, back = False, k + 1 + terms.slashed_steps
            elif k + 1 == terms.left:
                works = False
        if k + 1 == back:
            coins += locked
            locked = 0.0
        if k + 1 >= world.exit:
            cash += coins * end * share
            coins = 0.0
        value = cash + (coins + locked) * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if k + 1 >= world.exit and locked == 0.0:
            days_to_cash = float(k + 1 - world.exit)
            break
    return Figures(value - added, 1.0 - worst, rewards, costs, days_to_cash)


@compiled
def stake(rows: FloatArray, strikes: IntArray, world: World, terms: PoolTerms) -> Figures:
    row = rows[ETH]
    hits, hit = strikes[SLASHING], 0
    struck = hits[0]
    units = terms.capital / (1.0 + terms.buy_fee) / row[0]
    growth = 1.0 + terms.reward * (1.0 - terms.commission)
    peak, worst = terms.capital, min(1.0, units * row[0] / terms.capital)
    rewards = costs = 0.0
    last = world.exit + terms.unbonding_steps
    for k in range(last):
        end = row[k + 1]
        if k < world.exit:
            earned = units * terms.reward
            units *= growth
            rewards += earned
            costs += terms.commission * earned * end
        if k == struck:
            units -= units * terms.severity
            hit += 1
            struck = hits[hit]
        value = units * end
        if k + 1 == last:
            value -= value * terms.sell_fee
        peak = max(peak, value)
        worst = min(worst, value / peak)
    return Figures(value, 1.0 - worst, rewards, costs, float(terms.unbonding_steps))


@compiled
def liquid(rows: FloatArray, strikes: IntArray, world: World, terms: TokenTerms) -> Figures:
    row, ratio = rows[ETH], rows[RATIO]
    slashings, exploits, hit, theft = strikes[SLASHING], strikes[EXPLOIT], 0, 0
    struck, exploited = slashings[0], exploits[0]
    units = terms.capital / (1.0 + terms.buy_fee) / row[0]
    growth = 1.0 + terms.reward * (1.0 - terms.fee)
    peak, worst = terms.capital, min(1.0, units * row[0] * ratio[0] / terms.capital)
    rewards = costs = 0.0
    last = world.exit + (0 if ratio[world.exit] >= terms.sell_from else terms.queue_steps)
    for k in range(last):
        worth = row[k + 1]
        if k < world.exit:
            marked = worth * ratio[k + 1]
            earned = units * terms.reward
            units *= growth
            rewards += earned
            costs += terms.fee * earned * marked
            if k + 1 < world.exit or last == world.exit:
                worth = marked
        if k == struck:
            units -= units * terms.slashing_severity
            hit += 1
            struck = slashings[hit]
        if k == exploited:
            units -= units * terms.exploit_severity
            theft += 1
            exploited = exploits[theft]
        value = units * worth
        if k + 1 == last:
            value -= value * terms.sell_fee
        peak = max(peak, value)
        worst = min(worst, value / peak)
    return Figures(value, 1.0 - worst, rewards, costs, float(last - world.exit))


@compiled
def entrust(rows: FloatArray, strikes: IntArray, world: World, terms: ExchangeTerms) -> Figures:
    row, fails = rows[ETH], strikes[CUSTODIAN][0]
    units = terms.capital / (1.0 + terms.buy_fee) / row[0]
    growth = 1.0 + terms.reward * (1.0 - terms.commission)
    peak, worst = terms.capital, min(1.0, units * row[0] / terms.capital)
    rewards = costs = 0.0
    days_to_cash = np.inf
    last = world.exit + terms.redemption_steps
    for k in range(last):
        end = row[k + 1]
        if k < world.exit:
            earned = units * terms.reward
            units *= growth
            rewards += earned
            costs += terms.commission * earned * end
        value = units * end
        if k == fails:
            value *= terms.recovery
        elif k + 1 == last:
            value -= value * terms.sell_fee
            days_to_cash = float(terms.redemption_steps)
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if k == fails:
            break
    return Figures(value, 1.0 - worst, rewards, costs, days_to_cash)


@compiled
def mine(rows: FloatArray, strikes: IntArray, world: World, terms: MiningTerms) -> Figures:
    btc, work = rows[BTC], rows[WORK]
    vanishing = strikes[PROVIDER][0]
    th_s, share = terms.capital / terms.price, 1.0 - terms.sell_fee
    power = th_s * terms.electricity
    least = power / (1.0 - terms.pool_fee)
    prepaid, cash, unpaid, added = terms.capital, 0.0, 0.0, 0.0
    write_down = prepaid / terms.term_steps
    losing, runs = 0, True
    peak, worst, value = terms.capital, 1.0, 0.0
    rewards = costs = 0.0
    for k in range(world.exit):
        end = btc[k + 1]
        coins_per_usd = 1.0 / end
        if k == vanishing:
            prepaid, unpaid, runs = 0.0, 0.0, False
        else:
            mined = th_s * terms.coins[k] / work[k + 1]
            revenue = mined * end
            rewards += mined
            costs += terms.pool_fee * revenue + power
            unpaid += mined - terms.pool_fee * mined
            need = power * coins_per_usd
            if need <= unpaid:
                unpaid -= need
            else:
                added += power - unpaid * end  # by the holder: money that was paid out is never charged
                unpaid = 0.0
            if unpaid >= terms.minimum:
                cash += unpaid * end * share
                unpaid = 0.0
            prepaid -= write_down
            losing = losing + 1 if revenue < least else 0
            if losing >= terms.stop_after or k + 1 == terms.term_steps or k + 1 == world.exit:
                prepaid, unpaid, runs = 0.0, 0.0, False
        value = cash + prepaid + unpaid * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if not runs:
            break
    return Figures(value - added, 1.0 - worst, rewards, costs, 0.0)
