"""`Exposure`: a position's accounts as its failures find them, and the claims that follow."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.ledger import Account, Book, Line, Queue
from stakingmodels.market import Now
from stakingmodels.products.parts.failures import Failure

LINES: Mapping[str, Line] = {"credit": Line.CREDIT, "slashing": Line.SLASHING, "exploit": Line.EXPLOIT}
"""Lines of losses by the word of a failure's `line`."""
Held = Account | Queue
"""An account, or a queue, whose tickets are cut with its account."""


class Exposure:
    """Holdings of a position that its failures strike, and the claims on what was lost.

    Parameters
    ----------
    book, failures
        The position's book, and the failures of its terms.
    n_paths
        Number of paths.
    staked
        Holdings struck by failures of the line ``"slashing"``, with the part of each that they reach.
    others
        Further holdings, struck by all others.
    sell_fee
        Fee of selling recovered coins, a fraction.

    Attributes
    ----------
    solvent
        1 where the product takes money, 0 after a failure of severity 1: a number, or ``(n_paths,)``.
    """

    def __init__(
        self,
        book: Book,
        failures: tuple[Failure, ...],
        n_paths: int,
        *,
        staked: Mapping[Held, float],
        others: Iterable[Held] = (),
        sell_fee: float = 0.0,
    ) -> None:
        self._book = book
        self._failures = failures
        self._staked = dict(staked)
        self._all = dict.fromkeys([*staked, *others], 1.0)
        self._sell_fee = sell_fee
        self._claims: dict[str, Queue] = {}
        self.solvent: float | FloatArray = np.ones(n_paths) if failures else 1.0

    def step(
        self,
        now: Now,
        struck: Callable[[Now, Failure, IntArray], None] | None = None,
        reached: Callable[[Now, Failure, IntArray], IntArray] | None = None,
    ) -> None:
        """Strike with the failures of the interval, and pay claims that are due.

        Parameters
        ----------
        now
            The interval that closes.
        struck
            Called after each failure, with its paths, for state that is not in the book: a token's coins per share,
            rewards that may be forfeited, a hash rate. (Kept here, it would make a circle of references.)
        reached
            Paths on which a failure finds anything, of those on which its event occurs; None for all of them.
        """
        for failure in self._failures:
            paths = now.paths_with(failure.event)
            if paths.size and reached is not None:
                paths = reached(now, failure, paths)
            if paths.size:
                self._strike(now, failure, paths)
                if struck is not None:
                    struck(now, failure, paths)
        for queue in self._claims.values():
            due = queue.release(now)
            if due is not None:
                self._book.trade(queue.account, self._book.cash, due, cost=self._sell_fee)

    def _strike(self, now: Now, failure: Failure, paths: IntArray) -> None:
        holdings = self._staked if failure.line == "slashing" else self._all
        for holding, part in holdings.items():
            self._lose(now, failure, holding, failure.severity * part, paths)
        if failure.severity == 1.0 and isinstance(self.solvent, np.ndarray):
            self.solvent[paths] = 0.0

    def _lose(self, now: Now, failure: Failure, holding: Held, fraction: float, paths: IntArray) -> None:
        """Book the loss of a fraction of a holding, and enter what will come back of it as a claim."""
        account = holding.account if isinstance(holding, Queue) else holding
        if not account.active:
            return
        held = account.units[paths]
        if isinstance(holding, Queue):
            holding.shrink(paths, fraction)
        lost = held if fraction == 1.0 else held * fraction
        if not lost.any():
            return
        self._book.post(LINES[failure.line], account, lost * (failure.recovery - 1.0), paths)
        if failure.recovery > 0.0:
            back = np.zeros(now.n_paths)
            back[paths] = held - held * (1.0 - failure.recovery) if fraction == 1.0 else lost * failure.recovery
            self._claim(now, failure, account, back)

    def _claim(self, now: Now, failure: Failure, account: Account, units: FloatArray) -> None:
        asset = account.asset if failure.recovery_in == "coin" else now.numeraire
        if asset not in self._claims:
            self._claims[asset] = Queue(self._book, self._book.account(asset, "claim"))
        lost = self._book.account(asset, "lost")
        if account.asset == asset:  # a token's claim is one on the coins behind it, whatever the market's ratio
            self._book.move(account, lost, units)
        else:
            self._book.trade(account, lost, units)
        self._claims[asset].enter(lost, None, now.elapsed_days + failure.delay_days)
