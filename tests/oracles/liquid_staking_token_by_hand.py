"""LiquidStakingToken, by hand: coins behind tokens, worth their price times the token's ratio."""

import datetime as dt

from stakingmodels import Line, LiquidStakingToken
from tests.oracles.hand_book import SECOND, Halted, HandBook, World, overlap, rewards


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
    window, cooled_on = terms.redemption_window_days or 0.0, 0.0
    after = terms.withdrawal_days + terms.missed_windows * window
    for step in range(len(world.days) - 1):
        book.begin(step)
        paid = halts.paid(step)
        begun, ended = world.days[step], world.days[step + 1]
        for account, until in ((queue, cooled_on * terms.earns_while_redeeming), (tokens, out_on or ended)):
            since = world.wait(terms.entry_days, 0) if account == tokens else 0.0
            held = book.held(account) * paid * overlap(begun, ended, since, until)
            for line, rate, fee in rewards(terms.execution, terms.protocol_fee, world, step):
                book.reward(line, Line.PROTOCOL, account, held * rate, fee)
        list(book.strike(terms.failures, step, {tokens: 1.0, queue: 1.0}, ()))
        list(halts.strike(book, step, (tokens, queue)))
        book.pay_claims(terms.sell_fee)
        if book.time == world.exit:
            opens_in = days_until(terms.redeemable_from, world.moments[book.time])
            paused = halts.left(world.days[book.time])
            queue_days = world.wait(terms.queue_days, book.time) * (1 + terms.missed_windows) + after
            out_on = world.days[book.time] + max(opens_in, paused) + queue_days
            wait, cooled_on = queue_days + paused, out_on - after
            discount = 1.0 - world.ratios[terms.token][book.time]
            worth_it = discount <= terms.waiting_cost_per_year * wait / 365.0 or opens_in > 0.0
            if terms.exit_route == "sale" or (terms.exit_route == "cheaper" and worth_it):
                book.burn(tokens, terms.exit_gas_usd)
                book.sell(tokens, book.held(tokens), terms.sell_fee)
            else:
                book.burn(tokens, terms.exit_gas_usd * (1 + terms.missed_windows + (queue_days > 0.0)))
                book.shift(tokens, queue, book.held(tokens))
        if world.passed(out_on, book.time) and lapses(terms, halts, out_on):
            again = world.wait(terms.queue_days, book.time) * (1 + terms.missed_windows) + after
            out_on = resumes(halts) + again
            cooled_on = out_on - after
        if world.passed(out_on, book.time) and not halts.holds(step):
            book.sell(queue, book.held(queue), terms.sell_fee)
        book.end()
    return book


def resumes(halts: Halted) -> float:
    """The day on which the last pause that has begun ends."""
    return max((last for _, last in halts.pauses), default=0.0)


def lapses(terms: LiquidStakingToken, halts: Halted, due: float | None) -> bool:
    """Whether a pause keeps a request from its window."""
    window = terms.redemption_window_days
    return window is not None and due is not None and due + window < resumes(halts) - SECOND


def days_until(date: object, moment: str) -> float:
    """Days from a moment to a date, 0 where it is past."""
    if date is None:
        return 0.0
    left = dt.datetime.fromisoformat(str(date)[:19]) - dt.datetime.fromisoformat(moment)
    return max(0.0, left.total_seconds() / 86_400.0)
