"""StakingPool, by hand."""

from stakingmodels import Line, StakingPool
from tests.oracles.hand_book import HandBook, World


def staking_pool(terms: StakingPool, world: World) -> HandBook:
    book = HandBook(world, terms.asset)
    wallet, staked, idle, unbonding = ((terms.asset, place) for place in ("wallet", "staked", "rewards", "unbonding"))
    book.buy(wallet, world.capital, terms.buy_fee)
    book.shift(wallet, staked, book.held(wallet))
    book.opened()
    at_work = 1.0 - terms.buffer
    out_on = None  # the day on which what was asked for is out of the queue
    for step in range(len(world.days) - 1):
        book.begin(step)
        if out_on is None:
            reward = book.held(staked) * at_work * world.rate("reward", step)
            target = staked if terms.compounding or reward < 0.0 else idle
            book.reward(Line.CONSENSUS, Line.COMMISSION, target, reward, terms.commission)
        if world.strikes_in(terms.slashing, step):
            for account, share in ((staked, at_work), (unbonding, 1.0)):
                book.enter(Line.SLASHING, account, -terms.slashing_severity * share * book.held(account))
        if book.time == world.exit:
            out_on = world.days[book.time] + terms.unbonding_days
            book.shift(staked, unbonding, book.held(staked))
            book.sell(idle, book.held(idle), terms.sell_fee)
        if world.passed(out_on, book.time):
            book.sell(unbonding, book.held(unbonding), terms.sell_fee)
        book.end()
    return book
