"""LiquidStakingToken, by hand: coins behind tokens, worth their price times the token's ratio."""

import datetime as dt

from stakingmodels import Line, LiquidStakingToken
from tests.oracles.hand_book import HandBook, World


def liquid_staking_token(terms: LiquidStakingToken, world: World) -> HandBook:
    book = HandBook(world, terms.asset)
    coins, tokens, queue = ((terms.asset, place) for place in ("wallet", "token", "queue"))
    book.marks[tokens] = terms.token
    if terms.mint:
        book.buy(coins, world.capital, terms.buy_fee)
        book.shift(coins, tokens, book.held(coins))
    else:
        book.buy(tokens, world.capital, terms.buy_fee)
    book.opened()
    out_on = None
    for step in range(len(world.days) - 1):
        book.begin(step)
        if out_on is None:
            reward = book.held(tokens) * world.rate("reward", step)
            book.reward(Line.CONSENSUS, Line.PROTOCOL, tokens, reward, terms.protocol_fee)
        for event, severity, line in (
            (terms.slashing, terms.slashing_severity, Line.SLASHING),
            (terms.exploit, terms.exploit_severity, Line.EXPLOIT),
        ):
            if world.strikes_in(event, step):
                for account in (tokens, queue):
                    book.enter(line, account, -severity * book.held(account))
        if book.time == world.exit:
            wait = world.wait(terms.queue_days, book.time) + terms.withdrawal_days
            shut = days_shut(terms, world.moments[book.time])
            out_on = world.days[book.time] + shut + wait
            discount = 1.0 - world.ratios[terms.token][book.time]
            dear = discount <= terms.waiting_cost_per_year * wait / 365.0 or shut > 0.0
            if terms.exit == "sale" or (terms.exit == "cheaper" and dear):
                book.sell(tokens, book.held(tokens), terms.sell_fee)
            else:
                book.shift(tokens, queue, book.held(tokens))
        if world.passed(out_on, book.time):
            book.sell(queue, book.held(queue), terms.sell_fee)
        book.end()
    return book


def days_shut(terms: LiquidStakingToken, moment: str) -> float:
    """Days until tokens can be redeemed at all."""
    if terms.redeemable_from is None:
        return 0.0
    opening = dt.datetime.fromisoformat(str(terms.redeemable_from))
    return max((opening - dt.datetime.fromisoformat(moment)).total_seconds() / 86_400.0, 0.0)
