"""`Benchmark`: growth of a product's own coins and of cash since the opening, on the paths of one market."""

from collections.abc import Mapping

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import divide
from stakingmodels.market import Market, Now, Price
from stakingmodels.values import at, lowest


class Benchmark:
    """Growth of a basket of coins bought at the opening, and of cash.

    Parameters
    ----------
    basket
        Weight of each coin in money at the opening; the sum is 1.
    market, now
        The market, and its opening.

    Attributes
    ----------
    cash_growth
        Growth of one unit of cash so far, one number or one per path.
    first_price
        Opening price of the first coin, one number or one per path.
    """

    def __init__(self, basket: Mapping[str, float], market: Market, now: Now) -> None:
        self._now = now
        self._n = now.n_paths
        self._basket = [(now.known(Price(coin)), weight, _kept(now[Price(coin)])) for coin, weight in basket.items()]
        self._positive = all(lowest(first) > 0.0 for *_, first in self._basket)
        self.cash_growth: PathValue = 1.0
        self.first_price = self._basket[0][2]
        self.is_cash = all(price == Price(market.numeraire) for price, *_ in self._basket)
        expected = [(weight, market.expected_growth(price)) for price, weight, _ in self._basket]
        known = [weight * growth for weight, growth in expected if growth is not None]
        self.expected: FloatArray | None = sum(known[1:], known[0]) if len(known) == len(expected) else None
        self._at_exit, self._then = np.ones(self._n), np.ones(self._n)
        self._cash_at_exit, self._cash_then = np.ones(self._n), np.ones(self._n)
        self._control = np.ones(self._n)

    def accrue(self, interest: PathValue) -> None:
        """Add the interest of an interval to the growth of cash."""
        self.cash_growth = self.cash_growth * (interest + 1.0)

    def grown(self, paths: IntArray | None) -> FloatArray:
        """Growth of the basket since the opening on some paths (None: all); 1 for a coin whose opening price was 0."""
        total: FloatArray | None = None
        for price, weight, first in self._basket:
            now, before = at(self._now[price], paths), at(first, paths)
            grown = np.empty(self._n if paths is None else paths.size)
            divide(now, before, grown, positive=self._positive, where_zero=1.0)
            grown = grown if weight == 1.0 else grown * weight
            total = grown if total is None else total + grown
        return np.ones(self._n if paths is None else paths.size) if total is None else total

    def ask(self, paths: IntArray | None) -> None:
        """Keep the growth at the day on which paths ask to leave."""
        some = slice(None) if paths is None else paths
        self._at_exit[some] = self.grown(paths)
        self._cash_at_exit[some] = at(self.cash_growth, paths)

    def settle(self, time: int, paths: IntArray | None) -> None:
        """Keep the growth at the day on which paths have their money, and its ratio to the expected one."""
        some, grown = (slice(None) if paths is None else paths), self.grown(paths)
        self._then[some] = grown
        self._cash_then[some] = at(self.cash_growth, paths)
        if self.expected is not None:
            self._control[some] = grown / self.expected[time]

    @property
    def control_variate(self) -> FloatArray | None:
        """Growth over its expectation, ``(n_paths,)``; None where that is not known."""
        return None if self.expected is None else self._control

    def growth(self) -> tuple[FloatArray, FloatArray]:
        """Final value of a unit of money held in the basket, then cash: until all is in hand, and until the exit."""
        if self.is_cash:
            cash = np.array(np.broadcast_to(self.cash_growth, (self._n,)))
            return cash, cash
        held, held_to_exit = self.cash_growth / self._cash_then, self.cash_growth / self._cash_at_exit
        return self._then * held, self._at_exit * held_to_exit


def _kept(value: PathValue) -> PathValue:
    """A value of the market, whose rows are reused."""
    return value.copy() if isinstance(value, np.ndarray) else value
