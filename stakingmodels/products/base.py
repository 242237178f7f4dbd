"""`Product`, a term sheet, and `Position`, a product opened in a market."""

from abc import ABC, abstractmethod
from typing import final

from stakingmodels import checks
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.display import shorten
from stakingmodels.engine.keep import Keep
from stakingmodels.engine.run import run_market
from stakingmodels.errors import InputError
from stakingmodels.ledger import Book, Outcome
from stakingmodels.market import Factor, Market, Now
from stakingmodels.products.quote import Quote
from stakingmodels.replacing import Replaceable


class Position(ABC):
    """One product held on a block of paths, from its opening to its settlement.

    A subclass keeps small arrays ``(n_paths,)`` as its state, sees only `Now`, and changes holdings only through its
    book. Money in the book's wallet counts as paid out.

    Attributes
    ----------
    capital_shortfall
        Money by which the capital falls short of the product's minimum, ``(n_paths,)``, 0 where it is enough; None if
        any capital will do.
    earns_until_day
        Days from the opening to the end of earning, if later than the exit: yields in coins are per year of earning. A
        number, or one per path; None for the exit.
    """

    capital_shortfall: FloatArray | None = None
    earns_until_day: PathValue | None = None

    @abstractmethod
    def step(self, now: Now) -> None:
        """Book the interval that closes: rewards, costs and losses; the price move is booked already."""

    @abstractmethod
    def exit(self, now: Now, share: float = 1.0, how: str | None = None) -> None:
        """Leave, wholly or in part, at the interval's end: sell, queue or forfeit, as the terms say.

        Parameters
        ----------
        now
            The interval that closes.
        share
            Fraction of the position to leave with, in [0, 1].
        how
            Way out, if the terms offer several; None for their default.
        """

    @final
    def check_exit(self, share: float, how: str | None, ways: tuple[str, ...] = ()) -> None:
        """Refuse a share outside [0, 1], and a way out that the terms do not offer."""
        where = f"{type(self).__name__}.exit"
        checks.fraction(f"{where}: share", share)
        if how is not None:
            checks.choice(f"{where}: how", how, ways)

    def add(self, now: Now) -> None:
        """Invest the money and coins in the wallet."""
        del now
        raise InputError(f"{type(self).__name__}.add: this product takes no further money; open another position")


class Product(Replaceable, ABC):
    """Term sheet of a product: a frozen class without any number of a run, made by `terms.sheet`.

    A subclass has an `asset`, lists in `factors` the factors that it reads, and opens a `Position`. It then works in
    `run`, `quote`, `simulate` and `compare` without being registered anywhere.
    """

    asset: str
    """Product's own coin; holding it is the benchmark."""

    @property
    def can_leave_early(self) -> bool:
        """Whether the holder can take the money out before the term ends; True for terms without an end.

        If False, `Position.exit` only prevents a renewal: the contract continues, and pays, until its term ends, and
        days to cash count until then.
        """
        return True

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        shorten(cls)

    @property
    @abstractmethod
    def factors(self) -> frozenset[Factor]:
        """Factors that the product reads from a market."""

    @abstractmethod
    def open(self, book: Book, now: Now) -> Position:
        """Put the wallet's money to work at the opening."""

    @final
    def run(self, market: Market, *, capital: float, keep: Keep = "totals") -> Outcome:
        """Outcome of the product in a market: opened with `capital`, left at the grid's exit, read at the grid's end.

        Parameters
        ----------
        market
            The market, which must give every factor in `factors`.
        capital
            Money put in at the opening, in the numeraire, in [1e-9, 1e15].
        keep
            ``"totals"``; ``"flows"`` adds all dated flows of money, of which a large run otherwise keeps only a few per
            path; ``"values"`` adds the value at every time; ``"ledger"`` adds every entry of every step too.
            ``"summary"`` leaves out `native`, `coins`, `units`, `unpaid_by_day` and `flows` of the `Outcome`.

        Raises
        ------
        InputError
            Where the market lacks a factor, or no path can open the product with this capital.
        NumericalError
            Where a result overflows.
        """
        return run_market(self, market, capital=capital, keep=keep)

    @final
    def quote(self, market: Market, *, capital: float) -> Quote:
        """Gross to net, line by line, if the market were frozen at its opening and nothing failed.

        Events never occur in it, so expected losses are not in the figures.
        """
        how = 'Market(grid, {Price("ETH"): 3000.0})'
        if hasattr(market, "generate"):  # a scenario
            how = "scenario.market(grid, product.factors, streams=Streams(1), n_paths=1)"
        checks.instance(f"{type(self).__name__}.quote: market", market, Market, how)
        return Quote(self.run(market.frozen_at_open(), capital=capital))
