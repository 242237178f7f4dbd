"""`Valuation`: accounts of one book, their value, and the gains from moves of prices and marks."""

from collections.abc import Callable, Iterable

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.ledger.account import WALLET, Account, PricedGroup
from stakingmodels.ledger.journal import Journal
from stakingmodels.ledger.lines import Line
from stakingmodels.market import Factor, Now
from stakingmodels.values import at


class Valuation:
    """Accounts of one book by asset, place and mark; those of one asset and mark share a value and a price line.

    Parameters
    ----------
    now
        The opening.
    name
        Name of the book.
    """

    def __init__(self, now: Now, name: str) -> None:
        self._now, self._n = now, now.n_paths
        self._name, self._tmp = name, now.book_scratch[0]
        self._groups: dict[tuple[str, Factor | None], tuple[PricedGroup, list[Account]]] = {}
        self._members: list[tuple[PricedGroup, list[Account]]] = []  # the same, in a list
        self._priced: list[PricedGroup] = []  # those that are no money
        self._accounts: dict[tuple[str, str, Factor | None], Account] = {}
        self.payers: list[Account] = []
        """Accounts that pay costs: money in the wallet, then coins in it."""

    def account(self, asset: str, place: str, mark: Factor | None) -> Account:
        """The account of an asset in a place; opened empty when first asked for."""
        key = (asset, place, mark)
        found = self._accounts.get(key)
        if found is None:
            if (asset, mark) not in self._groups:
                self._open(asset, mark)
            # not on the group, which the account knows: a reference cycle would keep dead books alive
            group, accounts = self._groups[asset, mark]
            found = self._accounts[key] = Account(group, place, self._n, self._name)
            accounts.append(found)
            if place == WALLET and mark is None:
                self.payers.append(found)
        return found

    def _open(self, asset: str, mark: Factor | None) -> None:
        group = PricedGroup(asset, mark, self._now)
        self._members.append((group, []))
        self._groups[asset, mark] = self._members[-1]
        if not group.is_money:
            self._priced.append(group)

    def accounts(self) -> Iterable[Account]:
        """All accounts, in the order of their opening."""
        return self._accounts.values()

    def reprice(self, journal: Journal, now: Now) -> bool:
        """Book the interval's moves of prices and marks on the opening holdings; returns whether there were any."""
        moved = False
        for group in self._priced:
            if group.total is not None:
                moved = True
                self._gain(journal, group, group.total, now)
            group.revalue(now)
        return moved

    def _gain(self, journal: Journal, group: PricedGroup, total: FloatArray, now: Now) -> None:
        tmp = np.multiply(total, now.move(group.price), out=self._tmp)
        if group.mark is not None:
            np.multiply(tmp, now.opening(group.mark), out=tmp)
        journal.add_money(Line.PRICE, tmp)
        if group.mark is not None:
            journal.discount_of(now, group.price, np.multiply(total, now.move(group.mark), out=tmp))

    def value_into(self, out: FloatArray, *, begun: bool) -> bool:
        """Write the value of all holdings into `out`, or add it if `out` has `begun`; returns whether it has then."""
        for group, accounts in self._members:
            total = group.add_up(accounts)
            if total is None:
                continue
            if not begun:
                np.multiply(total, group.value, out=out)
            elif group.is_money:
                np.add(out, total, out=out)
            else:
                np.add(out, np.multiply(total, group.value, out=self._tmp), out=out)
            begun = True
        return begun

    def add_value(self, out: FloatArray, counts: Callable[[Account], bool], paths: IntArray | None) -> None:
        """Add the value of the accounts chosen by `counts` to `out`, one for each of the paths (None: all)."""
        for account in self._accounts.values():
            if account.active and counts(account):
                units = account.units if paths is None else account.units[paths]
                out += units * at(account.priced_group.value, paths)

    def add_uncashed(self, out: FloatArray, paths: IntArray | None) -> None:
        """Add the absolute value of all holdings but money in the wallet or paid out."""
        for group, accounts in self._members:
            held = [account.units for account in accounts if account.active and not account.is_cash]
            if held:
                units = [each if paths is None else each[paths] for each in held]
                out += group.worth(sum(map(np.abs, units[1:]), np.abs(units[0])), paths)
