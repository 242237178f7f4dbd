"""A product that does what a test tells it to, so that books are tried through the engine."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.ledger import Book, Outcome
from stakingmodels.market import Market, Now, Price
from stakingmodels.products import Position, Product

Act = Callable[[Book, Now], object]


@attrs.frozen(eq=False)
class Script(Product):
    """Acts by step: -1 at the opening, "exit" when the holder leaves."""

    acts: Mapping[Any, Act]
    asset: str
    factors = frozenset()

    def open(self, book: Book, now: Now) -> Position:
        acts = self.acts
        acts.get(-1, _nothing)(book, now)

        class Actor(Position):
            def step(self, now: Now) -> None:
                acts.get(now.step, _nothing)(book, now)

            def exit(self, now: Now, share: Any = 1.0, how: str | None = None, paths: Any = None) -> None:
                del share, how, paths
                acts.get("exit", _nothing)(book, now)

        return Actor()


def _nothing(book: Book, now: Now) -> None:
    del book, now


@pytest.fixture
def script():
    """`script(market, {step: act}, capital=100.0)`: the outcome, after a look at whether its books close."""

    def run(
        market: Market, acts: Mapping[Any, Act], *, capital: float = 100.0, asset: str = "ETH", keep: Any = "ledger"
    ):
        outcome = Script(acts, asset).run(market, capital=capital, keep=keep)
        check_closed(outcome)
        return outcome

    return run


def check_closed(outcome: Outcome) -> None:
    """The closing value is the capital and all lines, to the class SUM."""
    terms = [outcome.capital, *outcome.lines.values()]
    size = np.sum(np.abs(terms), axis=0)
    assert (np.abs(outcome.closing - np.sum(terms, axis=0)) <= 1e-12 * size).all()


@pytest.fixture
def eth():
    return Price("ETH")
