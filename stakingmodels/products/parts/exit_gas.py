"""Gas of leaving as a term: what the network takes for each transaction of an exit."""

from typing import Any

import numpy as np

from stakingmodels import terms
from stakingmodels._types import IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Factor, Now, Price
from stakingmodels.values import at


def exit_gas() -> Any:
    """A term for the network fee of a transaction of leaving, in US dollars; by default 0."""
    return terms.money(default=0.0, usual=(0.0, 100.0))


def exit_gas_factors(product: Any) -> frozenset[Factor]:
    """Factors that the gas of leaving reads: the dollar's price, if it costs."""
    return frozenset({Price("USD")} if product.exit_gas_usd else ())


def transactions(wait: PathValue, missed: int = 0) -> PathValue:
    """Transactions of an exit: a request, one more for each that lapses, and a claim where there is a wait."""
    return np.add(np.greater(wait, 0.0), 1.0 + missed)[()]


def less_gas(
    book: Book, now: Now, account: Account, cost: PathValue, units: PathValue | None, paths: IntArray | None
) -> PathValue | None:
    """Take gas from units that leave an account, no more than they are; returns those that are left (None: all).

    Parameters
    ----------
    book, now, account
        The position's book, the interval that closes, and the account.
    cost
        Gas in US dollars, one number or one for each of the paths.
    units, paths
        Units that leave (None: all), and indices of the paths, if not all.
    """
    if not np.any(cost):
        return units
    there = np.asarray(at(account.units, paths))
    ratio = 1.0 if account.mark is None else now[account.mark]
    price = np.broadcast_to(at(now[Price(account.asset)], paths) * at(ratio, paths), there.shape)
    leaving = np.broadcast_to(there if units is None else units, there.shape)
    money = np.broadcast_to(cost * at(now[Price("USD")], paths), there.shape)
    taken = np.minimum(np.divide(money, price, out=np.zeros(price.shape), where=price > 0.0), np.maximum(leaving, 0.0))
    book.post(Line.NETWORK_FEE, account, -taken, paths)
    return None if units is None else leaving - taken
