"""`Product`, a term sheet, and `Position`, a product opened in a market."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, final

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.capital import CapitalLike
from stakingmodels.display import shorten
from stakingmodels.engine.keep import Keep
from stakingmodels.engine.run import run_market
from stakingmodels.errors import InputError
from stakingmodels.ledger import Book, Outcome
from stakingmodels.ledger.guards import check_paths
from stakingmodels.market import Factor, Market, Now
from stakingmodels.market.now import NO_PATHS
from stakingmodels.products.quote import Quote
from stakingmodels.replacing import Replaceable


class Position(ABC):
    """One product held on a block of paths, from its opening to its settlement.

    A subclass keeps small arrays ``(n_paths,)`` as its state, sees only `Now`, and changes holdings only through its
    book. Money in the book's wallet pays costs; from the day on which the holder asks to leave it is paid out.

    Attributes
    ----------
    capital_shortfall
        Money by which the capital falls short of the product's minimum, ``(n_paths,)``, 0 where it is enough; None if
        any capital will do.
    earns_until_day
        Days from the opening to the end of earning, if later than the exit: yields in coins are per year of earning. A
        number, or one per path; None for the exit.
    committed
        Share of the opening commitment that is still at work: 1.0, unless the product leaves by itself before the
        holder asks to; then one number per path in a new array each time, 0 where nothing is left. A run makes the
        array read-only.
    ended_on_day
        Day from the opening on which the product has ended by itself, also within an interval, one number or one per
        path; infinite (default) where it has not. Earning ends with it, before or after the exit.
    rests_when_paid_out
        Whether the position does nothing more once all paths have left and its books hold nothing but money paid out.
        Then `step` is not called any more. Each class says it of itself; default False.
    """

    rests_when_paid_out: bool = False
    capital_shortfall: FloatArray | None = None
    earns_until_day: PathValue | None = None
    committed: PathValue = 1.0
    ended_on_day: PathValue = np.inf

    @abstractmethod
    def step(self, now: Now) -> None:
        """Book the interval that closes: rewards, costs and losses; the price move is booked already."""

    @abstractmethod
    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Leave, wholly or in part, at the interval's end: sell, queue or forfeit, as the terms say.

        It may be called in any step, several times, and after everything has left. Where the share is 0 nothing
        changes. Proceeds go to ``book.paid_out``.

        Parameters
        ----------
        now
            The interval that closes.
        share
            Fraction of the position to leave with, in [0, 1]: one number, or one for each of the paths.
        how
            Way out, if the terms offer several; None for their default.
        paths
            Indices of the paths that leave, if not all.
        """

    @final
    def check_exit(
        self,
        now: Now,
        share: PathValue,
        how: str | None,
        ways: tuple[str, ...] = (),
        paths: IntArray | None = None,
    ) -> tuple[PathValue, IntArray | None]:
        """Share and paths of an exit, checked: the paths with a share of 0 are left out.

        Refuses a share outside [0, 1] on any path, paths that do not exist, and a way out that the terms do not offer.

        Returns
        -------
        share
            1.0 where all leave wholly; otherwise one number, or one for each of the paths.
        paths
            Indices of the paths; None for all.
        """
        where = f"{type(self).__name__}.exit"
        if how is not None:
            checks.choice(f"{where}: how", how, ways)
        if paths is not None:
            check_paths(where, paths, now.n_paths)
        if not isinstance(share, np.ndarray):
            part = checks.fraction(f"{where}: share", share)
            return part, paths if part > 0.0 else NO_PATHS
        size = now.n_paths if paths is None else paths.size
        wrong = share.shape != (size,) or not bool(((share >= 0.0) & (share <= 1.0)).all())
        if wrong:
            checks.refuse(f"{where}: share", f"must be in [0, 1] on each of the {size} paths", share)
        some = np.flatnonzero(share)
        if some.size < size:
            share, paths = share[some], some if paths is None else paths[some]
        return (1.0 if (share == 1.0).all() else share), paths

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Invest money of the wallet at the interval's end.

        Parameters
        ----------
        now
            The interval that closes.
        money
            Amount, 0 or more and at most the wallet's cash: one number, or one for each of the paths.
        paths
            Indices of the paths that invest, if not all.

        Raises
        ------
        InputError
            Where the product takes no further money.
        """
        del now, money, paths
        raise InputError(f"{type(self).__name__}.add: this product takes no further money; open another position")


class Product(Replaceable, ABC):
    """Term sheet of a product: a frozen class without any number of a run, made by `terms.sheet`.

    A subclass has an `asset`, lists in `factors` the factors that it reads, and opens a `Position`. It then works in
    `run`, `quote`, `simulate` and `compare` without being registered anywhere.
    """

    asset: Any  # `str | None` could not be narrowed to `str` by a product that always has a coin
    """Product's own coin, a text; None for a product of several, which has no yields in coins."""

    @property
    def benchmark(self) -> Mapping[str, float]:
        """Weight of each coin in the benchmark, which is bought at the opening and held; all in the own coin.

        A product without an own coin must say it.
        """
        if self.asset is None:
            where = f"{type(self).__name__}.benchmark"
            checks.refuse(where, "must be given, since the product has no own coin", None, '{"ETH": 0.6, "BTC": 0.4}')
        return {self.asset: 1.0}

    @property
    def can_leave_early(self) -> bool:
        """Whether the holder can take the money out before the term ends; True for terms without an end.

        If False, `Position.exit` only prevents a renewal: the contract continues, and pays, until its term ends, and
        days to cash count until then.
        """
        return True

    @property
    def ways_out(self) -> tuple[str, ...]:
        """Ways out that `Position.exit` knows by name; empty for a product with one way out."""
        return ()

    @property
    def n_lots(self) -> int | None:
        """Number of equal lots that a share of an exit is rounded up to, such as validators; None for any share."""
        return None

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
    def run(self, market: Market, *, capital: CapitalLike, keep: Keep = "totals") -> Outcome:
        """Outcome of the product in a market: opened with `capital`, left at the grid's exit, read at the grid's end.

        Parameters
        ----------
        market
            The market, which must give every factor in `factors`.
        capital
            Money put in at the opening, in the numeraire, in [1e-9, 1e15]: one number, or one for each path,
            ``(n_paths,)``; or coins, such as ``Units(3.2, "ETH")``. A given market of one path serves as many holders
            as there are amounts.
        keep
            ``"totals"``; ``"flows"`` adds all dated flows of money, of which a large run otherwise keeps only a few per
            path; ``"values"`` adds the value at every time; ``"ledger"`` adds every entry of every step too.
            ``"summary"`` leaves out `native`, `coins`, `units`, `unpaid_by_day` and `flows` of the `Outcome`.

        Raises
        ------
        InputError
            Where the market lacks a factor, capital is given for another number of paths, or no path can open the
            product with it.
        NumericalError
            Where a result overflows.
        """
        return run_market(self, market, capital=capital, keep=keep)

    @final
    def quote(self, market: Market, *, capital: CapitalLike) -> Quote:
        """Gross to net, line by line, if the market were frozen at its opening and nothing failed.

        Events never occur in it, so expected losses are not in the figures.
        """
        how = 'Market(grid, {Price("ETH"): 3000.0})'
        if hasattr(market, "generate"):  # a scenario
            how = "scenario.market(grid, product.factors, streams=Streams(1), n_paths=1)"
        checks.instance(f"{type(self).__name__}.quote: market", market, Market, how)
        return Quote(self.run(market.frozen_at_open(), capital=capital))
