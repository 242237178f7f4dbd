"""What a run does with capital in coins, capital by path, and products that are not as they should be."""

from concurrent.futures import Executor, Future
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import Units, simulate
from stakingmodels.engine.run import run_block
from stakingmodels.errors import BookError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.ledger.flows import FEW
from stakingmodels.market import Market, Price, TimeGrid
from stakingmodels.products import Holding, Position, Product
from stakingmodels.scenarios import Constants

ETH, BTC = Price("ETH"), Price("BTC")
GRID = TimeGrid.daily("2026-01-01", days=3)
MARKET = Market(GRID, {ETH: np.array([10.0, 20.0, 30.0, 40.0]), BTC: 100.0})


def test_coins_of_its_own_asset_enter_a_product_unsold():
    outcome = Holding("ETH", buy_fee=0.5).run(MARKET, capital=Units(3.0, "ETH"))
    assert outcome.capital.tolist() == [30.0]
    assert outcome.closing.tolist() == [120.0]  # no fee for coins that are there
    assert Line.TRADING not in outcome.lines or not outcome.lines[Line.TRADING].any()


def test_other_coins_enter_as_their_money():
    outcome = Holding("ETH").run(MARKET, capital=Units(2.0, "BTC"))
    assert outcome.capital.tolist() == [200.0]
    assert outcome.closing.tolist() == [800.0]


def test_each_path_of_a_market_of_one_has_its_own_capital():
    outcome = Holding("ETH").run(MARKET, capital=np.array([10.0, 50.0]))
    assert outcome.capital.tolist() == [10.0, 50.0]
    assert outcome.closing.tolist() == [40.0, 200.0]


@attrs.frozen
class Opens(Product):
    """A product that opens whatever it is given."""

    position: object

    @property
    def asset(self):
        return "USD"

    @property
    def factors(self):
        return frozenset()

    def open(self, book, now):
        del now
        if callable(self.position):
            return self.position(book)
        return self.position


@pytest.mark.parametrize("missing", ["step", "exit"])
def test_a_product_has_to_open_a_position(missing):
    class Part:
        pass

    for name in {"step", "exit"} - {missing}:
        setattr(Part, name, lambda *_: None)
    with pytest.raises(InputTypeError, match=rf"^Opens\.open: must return a Position, which has `{missing}`, got"):
        Opens(Part()).run(MARKET, capital=10.0)


class Paying(Position):
    """Pays a coin of money out at each step."""

    def __init__(self, book):
        self._book = book

    def step(self, now):
        del now
        self._book.pay_out(self._book.cash, 1.0)

    def exit(self, now, share=1.0, how=None, paths=None):
        del now, share, how, paths


@pytest.mark.parametrize(("steps", "kept"), [(FEW - 1, True), (FEW + 5, False)])
def test_dated_flows_are_kept_while_they_are_few(steps, kept):
    market = Market(TimeGrid.daily("2026-01-01", days=steps), {})
    found = run_block({"paying": Opens(Paying)}, market, 1000.0, "totals")["paying"]
    assert (found.flows is not None) == kept
    assert found.closing.tolist() == [1000.0]


class Minting(Position):
    """Has a coin more at each step than its book has booked."""

    def __init__(self, book):
        self._cash = book.cash

    def step(self, now):
        del now
        self._cash.raw_units += 1.0

    def exit(self, now, share=1.0, how=None, paths=None):
        del now, share, how, paths


def test_books_are_verified_unless_a_check_does_so_itself():
    with pytest.raises(BookError, match=r"^Opens: the books on path 0: closing must be capital and lines"):
        run_block({"odd": Opens(Minting)}, MARKET, 10.0, "totals")
    assert run_block({"odd": Opens(Minting)}, MARKET, 10.0, "totals", verified=False)["odd"].closing.tolist() == [13.0]


class Stopped(Executor):
    """An executor in which somebody presses Ctrl-C before the first part is done."""

    def submit(self, *_, **__):
        future: Future[Any] = Future()
        future.set_exception(KeyboardInterrupt())
        return future


def test_a_run_that_is_stopped_before_its_first_part_has_no_results():
    with pytest.raises(KeyboardInterrupt):
        simulate(
            {"hold": Holding("ETH")}, Constants({ETH: 10.0}), GRID, capital=1.0, n_paths=2, rng=1, executor=Stopped()
        )
