"""What the engine asks of products: no base class, but its members."""

import attrs
import pytest

from stakingmodels.analysis import compare
from stakingmodels.engine import simulate
from stakingmodels.engine.protocols import as_product
from stakingmodels.engine.run import run_block
from stakingmodels.errors import InputTypeError
from stakingmodels.market import Market, Price, TimeGrid
from stakingmodels.products import Holding, Position
from stakingmodels.scenarios import Constants

GRID = TimeGrid.daily("2026-01-01", days=3)
WORLD = Constants({Price("ETH"): 10.0})


class Stranger:
    """A product of other people's that derives from nothing."""

    asset = "ETH"
    can_leave_early = True
    factors = frozenset({Price("ETH")})

    def open(self, book, now):
        return Held(book)


class Held:
    capital_shortfall = None
    earns_until_day = None

    def __init__(self, book):
        self.book, self.coins = book, book.account("ETH")
        book.trade(book.cash, self.coins)

    def step(self, now):
        pass

    def exit(self, now):
        self.book.trade(self.coins, self.book.cash)


def test_a_product_need_not_derive_from_anything():
    market = Market(GRID, {Price("ETH"): 10.0})
    found = run_block({"mine": Stranger(), "ours": Holding("ETH")}, market, 100.0, "totals")
    assert found["mine"].product == "Stranger"
    assert found["mine"].closing.tobytes() == found["ours"].closing.tobytes()
    assert simulate({"mine": Stranger()}, WORLD, GRID, capital=100.0, n_paths=2)["mine"].closing.tolist() == [100.0] * 2


def test_what_derives_from_nothing_is_compared_too():
    found = compare(simulate({"mine": Stranger()}, WORLD, GRID, capital=100.0, n_paths=2))
    assert found.to_dict()["products"] == {"mine": {"kind": "Stranger"}}
    assert "mine" in str(found.details())  # in the short table it is "just held", as what moves like its coin is


@pytest.mark.parametrize("given", [None, 3, "ETH", Holding, Price("ETH"), {"asset": "ETH"}], ids=repr)
def test_what_is_no_product_is_refused(given):
    with pytest.raises(InputTypeError, match=r"^simulate: products\['x'\]: must be Product.*write Holding\("):
        simulate({"x": given}, WORLD, GRID, capital=100.0, n_paths=1)


def test_a_position_is_no_product():
    class Odd(Position):
        def step(self, now):
            pass

        def exit(self, now, share=1.0, how=None, paths=None):
            pass

    with pytest.raises(InputTypeError, match=r"^it: must be Product; write "):
        as_product("it", Odd())


@pytest.mark.parametrize("name", ["asset", "factors", "can_leave_early", "open"])
def test_what_is_missing_is_named(name):
    rest = {key: value for key, value in vars(Stranger).items() if key[0] != "_" and key != name}
    with pytest.raises(InputTypeError, match=rf"^it: must be Product, which has `{name}`; write "):
        as_product("it", type("Odd", (), rest)())


def test_members_are_found_in_fields_and_not_read():
    @attrs.frozen
    class Terms:
        asset: str = "ETH"
        can_leave_early: bool = True

        @property
        def factors(self):
            raise ZeroDivisionError

        def open(self, book, now):
            return Held(book)

    assert as_product("it", Terms()).asset == "ETH"
