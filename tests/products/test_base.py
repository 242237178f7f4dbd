"""What a product may leave to its base class, and what it may not."""

import attrs
import numpy as np
import pytest

from stakingmodels.errors import BookError, InputError
from stakingmodels.ledger import Book
from stakingmodels.market import Market, Now, Price, TimeGrid
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


def test_a_product_with_one_way_out_has_no_names_for_it():
    assert Holding("ETH").ways_out == ()
    assert Basket().ways_out == ()


def test_the_class_of_another_author_is_shown_briefly():
    @attrs.frozen
    class Made(Basket):
        fee: float = 0.25
        cap: float = 1.0

    assert repr(Made()) == "Made()"
    assert repr(Made(fee=0.5)) == "Made(fee=0.5)"


class Left(Position):
    def step(self, now):
        del now

    def exit(self, now, share=1.0, how=None, paths=None):
        raise NotImplementedError


NOW = Market(TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): np.full((3, 3), 10.0)}).now()


@pytest.mark.parametrize(
    ("share", "paths", "share_left", "paths_left"),
    [
        (1.0, None, 1.0, None),
        (0.25, [2], 0.25, [2]),
        (0.0, None, 0.0, []),
        (np.array([1.0, 1.0, 1.0]), None, 1.0, None),
        (np.array([0.0, 0.5, 1.0]), None, [0.5, 1.0], [1, 2]),
        (np.array([0.0, 1.0]), [0, 2], 1.0, [2]),
        (np.array([0.0, 0.0, 0.0]), None, 1.0, []),
    ],
)
def test_an_exit_leaves_out_the_paths_that_stay(share, paths, share_left, paths_left):
    some = None if paths is None else np.array(paths)
    found = Left().check_exit(NOW, share, None, (), some)
    assert np.asarray(found[0]).tolist() == share_left
    assert (None if found[1] is None else found[1].tolist()) == paths_left


@pytest.mark.parametrize(
    "share", [np.array([0.5, 0.5]), np.array([0.5, -0.1, 0.5]), np.array([1.1, 0.5, 0.5]), np.array([np.nan, 0.5, 0.5])]
)
def test_a_share_of_an_exit_is_a_fraction_on_each_path(share):
    with pytest.raises(InputError, match=r"^Left\.exit: share: must be in \[0, 1\] on each of the 3 paths, got "):
        Left().check_exit(NOW, share, None)


def test_paths_and_ways_out_of_an_exit_are_checked():
    with pytest.raises(BookError, match=r"^Left\.exit: paths must be in \[0, 2\]"):
        Left().check_exit(NOW, 1.0, None, (), np.array([3]))
    with pytest.raises(InputError, match=r"^Left\.exit: how: "):
        Left().check_exit(NOW, 1.0, "queue", ("market",))
    assert Left().check_exit(NOW, 1.0, "market", ("market",)) == (1.0, None)
