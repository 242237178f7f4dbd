"""Holding, by hand: bought at the opening, sold at the exit."""

from stakingmodels import Holding
from tests.oracles.hand_book import HandBook, World


def holding(terms: Holding, world: World) -> HandBook:
    book = HandBook(world, terms.asset)
    coins = (terms.asset, "wallet")
    if terms.asset != world.numeraire:
        book.buy(coins, world.capital, terms.buy_fee)
    book.opened()
    for step in range(len(world.days) - 1):
        book.begin(step)
        list(book.strike(terms.failures, step, {}, (coins,)))
        book.pay_claims(terms.sell_fee)
        if book.time == world.exit:
            book.sell(coins, book.held(coins), terms.sell_fee)
        book.end()
    return book
