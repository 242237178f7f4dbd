"""The kernel of a solo validator: one, of 32 coins, whose rewards go to the wallet."""

from typing import NamedTuple

import numpy as np

from benchmarks.kernels_common import ETH, PROPOSALS, SEATS, SOLO, FloatArray, IntArray, World, compiled


class SoloTerms(NamedTuple):
    """One validator.

    `days` is the part of each step in which it works, `cost` the money that each step costs. `sure` and
    `sure_execution` are the coins of a day that do not hang on luck, `proposal` and `proposal_execution` those of a
    block, `seat` and `seat_fine` those of a seat in a sync committee. Queues are in steps, `left` and `withdrawn` at
    the steps' ends.
    """

    capital: float
    buy_fee: float
    sell_fee: float
    stake: float
    days: FloatArray
    cost: FloatArray
    sure: float
    sure_execution: float
    proposal: float
    proposal_execution: float
    seat: float
    seat_fine: float
    fine: float
    severity: float
    entered: int
    left: int
    withdrawn: int
    slashed_steps: int


class SoloSums(NamedTuple):
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
    downtime: float
    downtime_eth: float
    execution: float
    execution_eth: float
    operating: float
    operating_eth: float
    operating_usd: float
    operating_coins: float
    contribution_usd: float
    contribution_coins: float
    slashing: float
    slashing_eth: float


@compiled
def solo(  # noqa: C901, PLR0912, PLR0915  # loops over scalars are what makes a kernel fast
    rows: FloatArray, strikes: IntArray, world: World, terms: SoloTerms
) -> SoloSums:
    row = rows[ETH]
    slashings, proposals, seats = strikes[SOLO], strikes[PROPOSALS], strikes[SEATS]
    hit = 0
    while slashings[hit] < terms.entered:
        hit += 1
    struck, block, proposes, seat, sits = slashings[hit], 0, proposals[0], 0, seats[0]
    spent = terms.capital / (1.0 + terms.buy_fee)
    trading = spent - terms.capital
    trading_coins = trading / row[0]
    locked, cash = terms.stake, 0.0
    coins = spent / row[0] - locked
    works, back = True, terms.withdrawn
    value = (coins + locked) * row[0]
    peak, worst = terms.capital, min(1.0, value / terms.capital)
    price = consensus = consensus_eth = downtime = downtime_eth = execution = execution_eth = 0.0
    operating = operating_eth = short = short_coins = slashing = slashing_eth = 0.0
    days_to_cash = np.inf
    first = min(struck, world.exit - 1)
    for k in range(first):  # nothing is sold and nobody leaves: the bulk of the days
        end = row[k + 1]
        price += (coins + locked) * (end - row[k])
        days = terms.days[k]
        earned, executed, fined, due = terms.sure * days, terms.sure_execution * days, terms.fine * days, terms.cost[k]
        while k == proposes:
            earned += terms.proposal
            executed += terms.proposal_execution
            block += 1
            proposes = proposals[block]
        if k == sits:
            earned += terms.seat
            fined += terms.seat_fine
            seat += 1
            sits = seats[seat]
        consensus_eth += earned
        consensus += earned * end
        downtime_eth -= fined
        downtime -= fined * end
        if executed > 0.0:
            execution_eth += executed
            execution += executed * end
        need = due / end
        coins += earned + executed - fined - need
        operating_eth -= need
        operating -= due
        if coins < 0.0:  # the holder pays what the coins did not
            operating_eth -= coins
            short -= coins * end
            short_coins -= coins
            coins = 0.0
        value = (coins + locked) * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
    for k in range(first, len(row) - 1):
        end = row[k + 1]
        price += (coins + locked) * (end - row[k])
        if works:
            days = terms.days[k]
            earned, executed, fined = terms.sure * days, terms.sure_execution * days, terms.fine * days
            while k == proposes:
                earned += terms.proposal
                executed += terms.proposal_execution
                block += 1
                proposes = proposals[block]
            if k == sits:
                earned += terms.seat
                fined += terms.seat_fine
                seat += 1
                sits = seats[seat]
            consensus_eth += earned
            consensus += earned * end
            downtime_eth -= fined
            downtime -= fined * end
            execution_eth += executed
            execution += executed * end
            need = terms.cost[k] / end  # money that was paid out at the exit is never charged
            coins += earned + executed - fined - need
            operating_eth -= need
            operating -= terms.cost[k]
            if coins < 0.0:
                operating_eth -= coins
                short -= coins * end
                short_coins -= coins
                coins = 0.0
            if k == struck:
                lost = locked * terms.severity
                locked -= lost
                slashing_eth -= lost
                slashing -= lost * end
                works, back = False, k + 1 + terms.slashed_steps
            elif k + 1 == terms.left:
                works = False
        if k + 1 == back:
            coins += locked
            locked = 0.0
        if k + 1 >= world.exit and coins > 0.0:
            bought = coins * end
            fee = -bought * terms.sell_fee
            coins = 0.0
            cash += bought + fee
            trading += fee
            trading_coins += fee / end
        value = cash + (coins + locked) * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if k + 1 >= world.exit and locked == 0.0:
            days_to_cash = float(k + 1 - world.exit)
            break
    return SoloSums(
        value, value, days_to_cash, 1.0 - worst, end / row[0], row[world.exit] / row[0],
        price, trading, trading_coins, consensus, consensus_eth, downtime, downtime_eth, execution, execution_eth,
        operating, operating_eth, -short, -short_coins, short, short_coins, slashing, slashing_eth,
    )  # fmt: skip
