"""StakingPool, by hand."""

import math

from stakingmodels import Line, StakingPool
from tests.oracles.hand_book import HandBook, World


def staking_pool(terms: StakingPool, world: World) -> HandBook:
    book = HandBook(world, terms.asset)
    wallet, entering, staked, idle, unbonding, returning = (
        (terms.asset, place) for place in ("wallet", "entering", "staked", "rewards", "unbonding", "returning")
    )
    book.buy(wallet, world.capital, terms.buy_fee)
    in_on = world.wait(terms.entry_days, 0)
    book.shift(wallet, entering if in_on > 0.0 else staked, book.held(wallet))
    book.opened()
    at_work = 1.0 - terms.buffer
    out_on = None  # the day on which what was asked for is out of the queue
    for step in range(len(world.days) - 1):
        book.begin(step)
        rate = at_work * world.rate("reward", step)
        if out_on is not None:
            part = terms.earns_while_unbonding * world.part(-math.inf, out_on - terms.withdrawal_days, step)
            book.reward(
                Line.CONSENSUS, Line.COMMISSION, wallet, max(rate, 0.0) * part * book.held(unbonding), terms.commission
            )
            book.sell(wallet, book.held(wallet), terms.sell_fee)
        reward = rate * (book.held(staked) + book.held(entering) * world.part(in_on, math.inf, step))
        if world.passed(in_on, book.time):
            book.shift(entering, staked, book.held(entering))
        target = staked if terms.compounding or reward < 0.0 else idle
        book.reward(Line.CONSENSUS, Line.COMMISSION, target, reward, terms.commission)
        if world.strikes_in(terms.slashing, step):
            for account, share in ((staked, at_work), (unbonding, 1.0)):
                book.enter(Line.SLASHING, account, -terms.slashing_severity * share * book.held(account))
        for account in (entering, staked, idle, unbonding, returning):
            taken = terms.exploit_severity * world.strikes_in(terms.exploit, step)
            book.enter(Line.EXPLOIT, account, -taken * book.held(account))
        if book.time == world.exit:
            wait = world.wait(terms.unbonding_days, book.time) + terms.withdrawal_days
            out_on = world.days[book.time] + wait
            book.shift(staked, unbonding, book.held(staked))
            book.shift(entering, returning, book.held(entering))
            book.sell(idle, book.held(idle), terms.sell_fee)
        if world.passed(out_on, book.time):
            book.sell(unbonding, book.held(unbonding), terms.sell_fee)
        if out_on is not None and world.passed(in_on + wait, book.time):
            book.sell(returning, book.held(returning), terms.sell_fee)
        book.end()
    return book
