"""`Exposure`: a position's accounts as its failures find them, and the claims that follow."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from stakingmodels import checks
from stakingmodels._types import IntArray, PathValue
from stakingmodels.errors import InputError
from stakingmodels.ledger import Account, Book, Line, Queue
from stakingmodels.market import Event, Now, Price
from stakingmodels.products.parts.failures import Failure, RecoveryIn
from stakingmodels.products.parts.per_path import put
from stakingmodels.values import any_of, at

Struck = Callable[[Now, Failure, IntArray], None]
"""Told of each failure that has struck, with its paths."""
LINES: Mapping[str, Line] = {"credit": Line.CREDIT, "slashing": Line.SLASHING, "exploit": Line.EXPLOIT}
"""Lines of losses by the word of a failure's `line`."""


def _money(now: Now) -> str:
    """Unit of claims in money: the US dollar where the market has its price, else the numeraire."""
    try:
        now[Price("USD")]
    except InputError:
        return now.numeraire
    return "USD"


class Exposure:
    """Accounts of a position that its failures strike, and the claims on what was lost.

    Parameters
    ----------
    book, failures
        The position's book, and the failures of its terms.
    n_paths
        Number of paths.
    staked
        Accounts struck by failures of the line ``"slashing"``, with the part of each that they reach: one number, or
        ``(n_paths,)``, which may change from step to step.
    others
        Further accounts, struck by all others.
    sell_fee
        Fee of selling recovered coins, a fraction.
    """

    def __init__(
        self,
        book: Book,
        failures: tuple[Failure, ...],
        n_paths: int,
        *,
        staked: Mapping[Account, PathValue],
        others: Iterable[Account] = (),
        sell_fee: float = 0.0,
    ) -> None:
        if not isinstance(staked, Mapping):
            how = "{self._deposit: 1.0}"
            checks.refuse_type("Exposure: staked", "must map accounts to the part of each at stake", staked, how)
        for account in (*staked, *(others := tuple(others))):
            checks.instance("Exposure: an account", account, Account, 'book.account("ETH", "deposit")')
        for account, part in staked.items():
            if not isinstance(part, np.ndarray):
                checks.fraction(f"Exposure: staked: part of {account}", part)
        self._book = book
        self._failures = failures
        self._n = n_paths
        self._staked = dict(staked)
        self._all: dict[Account, PathValue] = dict.fromkeys([*staked, *others], 1.0)
        self._sell_fee = sell_fee
        self._coins = {account.asset for account in self._all}
        self._claims: dict[str, Queue] = {}
        self._money = ""  # unit of claims in money, once a market is known
        self._insolvent: list[IntArray] = []  # paths of failures of severity 1

    @property
    def solvent(self) -> PathValue:
        """1 where the product takes money, 0 after a failure of severity 1: a number, or ``(n_paths,)``."""
        return put(1.0, 0.0, np.concatenate(self._insolvent), self._n) if self._insolvent else 1.0

    def step(
        self,
        now: Now,
        struck: Struck | None = None,
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
        if not self._money:
            self._open_claims(now)
        for failure in self._failures:
            paths = now.paths_with(failure.event)
            if paths.size and reached is not None:
                paths = reached(now, failure, paths)
            if paths.size:
                self._strike(now, failure, paths)
                if struck is not None:
                    struck(now, failure, paths)
        self._pay_claims(now)

    def hand_back(
        self, now: Now, returned: float, due_day: PathValue, paths: IntArray, struck: Struck | None = None
    ) -> None:
        """Hand all coins back on some paths, since the product ends; coins that are due are sold.

        Parameters
        ----------
        now, paths
            The interval that closes, and indices of the paths.
        returned
            Fraction of the coins that is handed back; the rest is booked under `Line.CREDIT`.
        due_day
            Day after the opening on which it is, one number or one for each of the paths.
        struck
            Called as by a failure that takes everything.
        """
        ended = Failure(Event("wind-up"), recovery=returned, recovery_in="coin")
        self._strike(now, ended, paths, due_day)
        if struck is not None:
            struck(now, ended, paths)
        self._pay_claims(now)

    def _pay_claims(self, now: Now) -> None:
        for asset, queue in self._claims.items():
            if queue:
                queue.deliver(now, self._book.paid_out, self._sell_fee if asset in self._coins else 0.0)

    def _open_claims(self, now: Now) -> None:
        """Settle the unit of claims in money; a place for them from the start, whatever occurs on any path."""
        self._money = _money(now)
        if self._money != now.numeraire and any(
            each.recovery and each.recovery_in == "money" for each in self._failures
        ):
            self._claims[self._money] = self._book.queue("claim", self._money)

    def _strike(self, now: Now, failure: Failure, paths: IntArray, due_day: PathValue | None = None) -> None:
        due = now.elapsed_days + failure.delay_days if due_day is None else due_day
        accounts = self._staked if failure.line == "slashing" else self._all
        for account, part in accounts.items():
            if not account.active:
                continue
            held = account.units[paths]
            if any_of(held):  # else it has left, or was lost before
                fraction = failure.severity * at(part, paths)
                self._book.post(LINES[failure.line], account, held * -(fraction * (1.0 - failure.recovery)), paths)
                if failure.recovery:
                    back: PathValue | None = None
                    if isinstance(fraction, np.ndarray):
                        back = np.where(fraction == 1.0, account.units[paths], held * fraction * failure.recovery)
                    elif fraction != 1.0:
                        back = held * fraction * failure.recovery
                    self._claim(now, failure.recovery_in, account, back, due, paths)
        if failure.severity == 1.0:
            self._insolvent.append(paths)

    def _claim(
        self,
        now: Now,
        unit: RecoveryIn,
        account: Account,
        units: PathValue | None,
        due_day: PathValue,
        paths: IntArray,
    ) -> None:
        """Enter a claim on units of an account (None: all that is left), which go from there."""
        asset = account.asset if unit == "coin" else self._money
        if asset not in self._claims:
            self._claims[asset] = self._book.queue("claim", asset)
        before = account.units[paths]
        if account.asset == asset:  # a token's claim is one on the coins behind it, whatever the market's ratio
            self._claims[asset].enter(now, account, units, due_day=due_day, paths=paths)
        else:
            lost = self._book.account(asset, "lost")
            self._book.trade(account, lost, units, paths=paths)
            self._claims[asset].enter(now, lost, due_day=due_day, paths=paths)
        if account.tickets is not None:
            account.tickets.scale(paths, before)
