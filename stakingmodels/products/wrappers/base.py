"""`Wrapper`: a product that holds another, in a child book, and passes on everything that it does not change."""

from collections.abc import Mapping
from typing import Any, final

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book
from stakingmodels.market import Factor, Now
from stakingmodels.market.factors import union
from stakingmodels.products.base import Position, Product
from stakingmodels.products.parts.buying import wallet_money

CHILD = "held"
"""Name of the child book."""


def _product(where: str, value: object) -> Product:
    return checks.instance(where, value, Product, 'Holding("ETH")')


@terms.sheet
class Wrapper(Product):
    """Product that holds another product, which may be a wrapper itself: the abstract base of wrappers.

    A wrapper adds terms of its own, and a position that derives from `WrapperPosition`. All else follows one rule: what
    it does not change is that of the product it holds. These are its coin, its benchmark, its ways out, whether it can
    be left early, and the factors, to which `own_factors` are added.

    Parameters
    ----------
    product
        The product held.
    """

    product: Product = terms.field("other", _product, kw_only=False)

    @property
    def own_factors(self) -> frozenset[Factor]:
        """Factors that the wrapper itself reads; none by default."""
        return frozenset()

    @final
    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: those of the product held, and the wrapper's own."""
        return union([self.product.factors, self.own_factors])

    @property
    def asset(self) -> str | None:
        """Coin of the product held."""
        coin: str | None = self.product.asset
        return coin

    @property
    def benchmark(self) -> Mapping[str, float]:
        """Benchmark of the product held."""
        return self.product.benchmark

    @property
    def can_leave_early(self) -> bool:
        """Whether the product held can be left early."""
        return self.product.can_leave_early

    @property
    def ways_out(self) -> tuple[str, ...]:
        """Ways out of the product held."""
        return self.product.ways_out

    @property
    def n_lots(self) -> int | None:
        """Lots of the product held."""
        return self.product.n_lots


class WrapperPosition(Position):
    """Position of a wrapper: opens the product with all money and coins of the wallet, and passes on every call.

    A subclass says in `step` what the wrapper does, beginning or ending with ``self.held.step(now)``. It changes
    holdings through the verbs of `book` and `child` only, and asks `held` for nothing but what every `Position` has.

    Attributes
    ----------
    book
        The wrapper's own book: its costs, debts and claims.
    child
        Book of the product held; its totals are part of the wrapper's. What the product pays out is in
        ``child.paid_out``.
    held
        Position of the product held.
    """

    def __init__(self, terms: Wrapper, book: Book, now: Now) -> None:
        self.book = book
        self.child = book.child(CHILD, terms.product.asset)
        hand_over(book, self.child, terms.product.asset)
        self.held = terms.product.open(self.child, now)

    @property
    def capital_shortfall(self) -> FloatArray | None:  # type: ignore[override]
        """Money by which the capital falls short of the minimum of the product held."""
        return self.held.capital_shortfall

    @property
    def earns_until_day(self) -> PathValue | None:  # type: ignore[override]
        """Days from the opening to the end of earning of the product held."""
        return self.held.earns_until_day

    @property
    def committed(self) -> PathValue:  # type: ignore[override]
        """Share of the opening commitment that is still at work in the product held."""
        return self.held.committed

    @property
    def ended_on_day(self) -> PathValue:  # type: ignore[override]
        """Day from the opening on which the product held has ended by itself; infinite where it has not."""
        return self.held.ended_on_day

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Leave the product held."""
        self.held.exit(now, share, how, paths)

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Invest money of the wallet in the product held."""
        money = wallet_money(type(self).__name__, self.book, money, paths)
        self.book.pay_to(self.child, self.book.cash, money, paths)
        self.held.add(now, money, paths)


def hand_over(book: Book, child: Book, asset: str | None) -> None:
    """Pay all the money in the wallet, and all coins of an asset, into the wallet of a child book."""
    purses: dict[Any, None] = {book.cash: None}
    if asset is not None:
        purses[book.account(asset)] = None
    for purse in purses:
        if purse.active:
            book.pay_to(child, purse)
