"""Interface of products and positions for the engine; `products.Product` and `Position` have it."""

import inspect
from collections.abc import Mapping
from typing import Any, Protocol, cast

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.ledger import Book
from stakingmodels.market import Factor, Now
from stakingmodels.tolerances import WEIGHT_TOL

_HERE = __name__.partition(".")[0]


class OpenPosition(Protocol):
    """One product held on a block of paths, driven by the engine. See `products.Position`."""

    @property
    def capital_shortfall(self) -> FloatArray | None:
        """Money by which the capital falls short of the product's minimum, ``(n_paths,)``.

        None if any capital will do.
        """
        ...

    @property
    def earns_until_day(self) -> PathValue | None:
        """Days from the opening to the end of earning; None for the exit."""
        ...

    def step(self, now: Now) -> None:
        """Book the interval that closes."""
        ...

    def exit(self, now: Now) -> None:
        """Leave wholly at the interval's end."""
        ...


class RunnableProduct(Protocol):
    """Product that can be run in a market: a term sheet that opens a position. See `products.Product`."""

    @property
    def asset(self) -> str | None:
        """The product's own coin; None for a product of several."""
        ...

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors that the product reads from a market."""
        ...

    @property
    def can_leave_early(self) -> bool:
        """Whether the terms let the holder out before their end."""
        ...

    def open(self, book: Book, now: Now) -> OpenPosition:
        """Put the wallet's money to work."""
        ...


def is_own(value: object) -> bool:
    """Whether a product or scenario is the library's with all that is in it, so that nobody else sees how it is run."""
    if isinstance(value, Mapping):
        return all(map(is_own, value.values()))
    if isinstance(value, tuple):
        return all(map(is_own, value))
    home = type(value).__module__.partition(".")[0]
    if home == _HERE:
        return all(is_own(getattr(value, field.name)) for field in getattr(type(value), "__attrs_attrs__", ()))
    return home in {"builtins", "numpy", "datetime"} and not callable(value)


def committed_of(position: OpenPosition) -> PathValue:
    """Share of the opening commitment that is still at work: 1.0 for a position that does not tell."""
    share: PathValue = getattr(position, "committed", 1.0)
    if isinstance(share, np.ndarray):
        share.flags.writeable = False  # a change in place would go unseen
    return share


def rests_when_paid_out(position: OpenPosition) -> bool:
    """Whether nothing can happen to a position once all is paid out on all paths.

    False where its class does not tell it of itself: what derives from a class that rests may do more.
    """
    return bool(vars(type(position)).get("rests_when_paid_out", False))


def basket_of(product: RunnableProduct) -> Mapping[str, float]:
    """Benchmark of a product: weight of each coin at the opening, by default all in its own."""
    basket: Any = getattr(product, "benchmark", None)
    if basket is None:
        basket = {product.asset: 1.0}
    where = f"{type(product).__name__}.benchmark"
    checks.instance(where, basket, Mapping, '{"ETH": 1.0}')
    total = 0.0
    for coin, weight in basket.items():
        checks.text(f"{where}: coin", coin)
        total += checks.fraction(f"{where}: weight of {coin}", weight)
    if abs(total - 1.0) > WEIGHT_TOL:
        checks.refuse(where, "weights must have the sum 1", total, '{"ETH": 0.6, "BTC": 0.4}')
    return dict(basket)


_NEEDED = ("asset", "factors", "can_leave_early", "open")


def as_product(where: str, value: object) -> RunnableProduct:
    """The product if it can be run, otherwise `InputTypeError`.

    Members are looked up without reading them: a property of a product may raise an error of its own.
    """
    missing = [name for name in _NEEDED if inspect.getattr_static(value, name, None) is None]
    if isinstance(value, type) or missing:
        which = f", which has `{missing[0]}`" if 0 < len(missing) < len(_NEEDED) else ""
        checks.refuse_type(where, f'must be Product{which}; write Holding("ETH")', value)
    return cast("RunnableProduct", value)
