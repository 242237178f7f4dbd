"""LiquidStakingToken, by hand: coins behind tokens, worth their price times the token's ratio."""

import datetime as dt

from stakingmodels import Line, LiquidStakingToken
from tests.oracles.hand_book import Halted, HandBook, World, overlap, rewards


def liquid_staking_token(terms: LiquidStakingToken, world: World) -> HandBook:
    book = HandBook(world, terms.asset)
    coins, tokens, queue = ((terms.asset, place) for place in ("wallet", "token", "queue"))
    book.marks[tokens] = terms.token
    money = book.money_for(terms.entry, terms.buy_fee, None if terms.mint else book.ratio(tokens))
    if terms.mint:
        book.buy(coins, money, terms.buy_fee)
        book.shift(coins, tokens, money if coins == book.cash else book.held(coins))
    else:
        book.buy(tokens, money, terms.buy_fee)
    book.opened()
    out_on, halts = None, Halted(terms.halts, world)
    for step in range(len(world.days) - 1):
        book.begin(step)
        paid = halts.paid(step)
        if out_on is None:
            begun, ended = world.days[step], world.days[step + 1]
            held = book.held(tokens) * paid * overlap(begun, ended, world.wait(terms.entry_days, 0), ended)
            for line, rate, fee in rewards(terms.execution, terms.protocol_fee, world, step):
                book.reward(line, Line.PROTOCOL, tokens, held * rate, fee)
        list(book.strike(terms.failures, step, {tokens: 1.0, queue: 1.0}, ()))
        list(halts.strike(book, step, (tokens, queue)))
        book.pay_claims(terms.sell_fee)
        if book.time == world.exit:
            opens_in = days_until(terms.redeemable_from, world.moments[book.time])
            paused = halts.left(world.days[book.time])
            queue_days = world.wait(terms.queue_days, book.time) + terms.withdrawal_days
            out_on = world.days[book.time] + max(opens_in, paused) + queue_days
            wait = queue_days + paused
            discount = 1.0 - world.ratios[terms.token][book.time]
            worth_it = discount <= terms.waiting_cost_per_year * wait / 365.0 or opens_in > 0.0
            if terms.exit_route == "sale" or (terms.exit_route == "cheaper" and worth_it):
                book.sell(tokens, book.held(tokens), terms.sell_fee)
            else:
                book.shift(tokens, queue, book.held(tokens))
        if world.passed(out_on, book.time) and not halts.holds(step):
            book.sell(queue, book.held(queue), terms.sell_fee)
        book.end()
    return book


def days_until(date: object, moment: str) -> float:
    """Days from a moment to a date, 0 where it is past."""
    if date is None:
        return 0.0
    left = dt.datetime.fromisoformat(str(date)[:19]) - dt.datetime.fromisoformat(moment)
    return max(0.0, left.total_seconds() / 86_400.0)
