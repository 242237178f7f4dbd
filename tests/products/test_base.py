"""What a product may leave to its base class, and what it may not."""

import attrs
import pytest

from stakingmodels.errors import InputError
from stakingmodels.ledger import Book
from stakingmodels.market import Now
from stakingmodels.products import Holding, Position, Product


@attrs.frozen
class Basket(Product):
    """A product without a coin of its own."""

    factors = frozenset()
    asset = None

    def open(self, book: Book, now: Now) -> Position:
        raise NotImplementedError


def test_the_benchmark_is_the_own_coin_unless_a_product_has_none():
    assert Holding("ETH").benchmark == {"ETH": 1.0}
    with pytest.raises(InputError, match=r"^Basket\.benchmark: must be given, since the product has no own coin"):
        _ = Basket().benchmark
