"""`Holding`: buy a coin, keep it, sell it."""

from stakingmodels import terms
from stakingmodels._types import IntArray, PathValue
from stakingmodels.ledger import Book
from stakingmodels.market import Factor, Now, Price
from stakingmodels.products.base import Position, Product
from stakingmodels.products.parts.buying import Buying
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, events_of, failures


@terms.sheet
class Holding(Product):
    """Buy a coin at the opening and sell it at the exit; for the numeraire itself, just keep the money.

    Parameters
    ----------
    asset
        The coin.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded, in [0, 1]; default 0. Spot venues took about 0.1 % in 2026.
    failures
        Failures of whoever keeps the coins (a `Failure` each), which strike them until they are sold; none by default.

    Examples
    --------
    >>> from stakingmodels import Holding, Market, Price, TimeGrid
    >>> import numpy as np
    >>> grid = TimeGrid.daily("2026-01-01", days=1)
    >>> market = Market(grid, {Price("ETH"): np.array([3000.0, 3500.0])})
    >>> outcome = Holding("ETH", buy_fee=0.001, sell_fee=0.001).run(market, capital=1501.5)
    >>> round(float(outcome.profit[0]), 6)
    246.75
    """

    asset: str = terms.coin(kw_only=False)
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    failures: tuple[Failure, ...] = failures(is_staked=False)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: the coin's price, and the events of failures."""
        return frozenset({Price(self.asset), *events_of(self)})

    def open(self, book: Book, now: Now) -> "HoldingPosition":
        """Buy with all the money in the wallet."""
        return HoldingPosition(self, book, now)


class HoldingPosition(Position):
    """Position of coins in the wallet."""

    rests_when_paid_out = True

    def __init__(self, terms: Holding, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._buying = Buying(type(self).__name__, book, terms.asset, terms.buy_fee)
        self._coins = self._buying.all_money()
        self._exposure = Exposure(
            book, terms.failures, now.n_paths, staked={}, others=(self._coins,), sell_fee=terms.sell_fee
        )

    def step(self, now: Now) -> None:
        """Bear failures; the price move is booked already."""
        self._exposure.step(now)

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Buy with money of the wallet."""
        del now
        money, paths = self._buying.allowed(money, paths, self._exposure.solvent)
        if self._buying.trades:
            self._book.trade(self._book.cash, self._coins, money, cost=self._terms.buy_fee, paths=paths)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Sell at market."""
        share, paths = self.check_exit(now, share, how, paths=paths)
        self._book.pay_out(self._coins, self._coins.part(share, paths), self._terms.sell_fee, paths)
