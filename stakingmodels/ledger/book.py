"""`Book`: the only place where holdings change, and the sums of why they changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Self, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import WALLET, Account, Holdings, at, divide, is_zero
from stakingmodels.ledger.lines import Line
from stakingmodels.ledger.record import Entry
from stakingmodels.market import CashRate, Factor, Now, Price
from stakingmodels.series import frozen

K = TypeVar("K")


class Book:
    """Accounts, and under each `Line` the sum of what was posted, in coins and in money; for a block of paths.

    A position gets its book when it is opened. Everything it earns, pays and loses goes through `post`, `charge`,
    `move`, `trade` and `pay_to`; then ``closing = opening + sum of lines`` on every path.
    """

    def __init__(self, now: Now, coin: str, *, name: str = "", record: list[Entry] | None = None) -> None:
        self.name = name
        self.children: list[Book] = []
        self.received: PathValue = 0.0
        """Value paid in by related books, less what was paid to them."""
        self._now = now
        self._coin = Price(coin)
        self._n = now.n_paths
        self._holdings: dict[tuple[str, Factor | None], Holdings] = {}
        self._members: dict[tuple[str, Factor | None], list[Account]] = {}
        self._accounts: dict[tuple[str, str, Factor | None], Account] = {}
        self._native: dict[tuple[Line, str], FloatArray] = {}
        self._plain: dict[Line, FloatArray] = {}  # of accounts whose units are money
        self._money: dict[Line, FloatArray] = {}  # of all others, at the prices of their moments
        self._coins: dict[Line, FloatArray] = {}
        self._contribution_days: PathValue = 0.0
        self._tmp = np.empty(self._n)
        self._record = record
        self._cash_rate = CashRate(now.numeraire)
        self.cash = self.account(now.numeraire)

    # Accounts

    def account(self, asset: str, place: str = WALLET, mark: Factor | None = None) -> Account:
        """The account of an asset in a place; opened empty when first asked for.

        Parameters
        ----------
        asset
            Name of the coin or money.
        place
            Where it is: ``"wallet"``, ``"staked"``, ``"unbonding"``, ... Only ``"debt"`` and ``"owed"`` go negative.
        mark
            A factor by which the asset's price is multiplied, such as ``MarketRatio("stETH")``.
        """
        key = (asset, place, mark)
        found = self._accounts.get(key)
        if found is None:
            holdings = self._holdings.get((asset, mark))
            if holdings is None:
                holdings = self._holdings[asset, mark] = Holdings(asset, mark, self._now)
            found = self._accounts[key] = Account(holdings, place, self._n)
            # not on the holdings, which the account knows: a ring of references would keep dead books alive
            self._members.setdefault((asset, mark), []).append(found)
        return found

    def child(self, name: str, coin: str | None = None) -> "Book":
        """A book of its own for a part of this position, with its own coin; this book's totals include it."""
        book = Book(self._now, coin or self._coin.name, name=f"{self.name}/{name}", record=self._record)
        self.children.append(book)
        return book

    # What changes holdings

    def post(self, line: Line, account: Account, units: PathValue, paths: IntArray | None = None) -> None:
        """Book a gain (positive units) or a loss (negative) of an account, with its cause.

        Parameters
        ----------
        line
            The cause.
        account
            The account that changes.
        units
            Change in units, for all paths or one per path.
        paths
            Indices of the paths that change, where they are few; `units` then has one value for each of them.
        """
        units = account.detached(units)
        native, money = account.sums.get(line) or self._sums(line, account)
        value = account.holdings.value
        if paths is None:
            np.add(account.held, units, out=account.held)
            np.add(native, units, out=native)
            worth = units
            if money is not None:
                worth = np.multiply(units, value, out=self._tmp)
                np.add(money, worth, out=money)
        else:
            account.held[paths] += units
            native[paths] += units
            worth = units * at(value, paths)
            if money is not None:
                money[paths] += worth
        account.active = True
        if account.asset != self._coin.name and not (line is Line.INTEREST and account is self.cash):
            self._add_coins(line, worth, paths)
        self._note(line, account, units, paths)

    def move(self, source: Account, target: Account, units: PathValue | None = None) -> None:
        """Move units of one asset between places; all of them by default. A different mark books a `DISCOUNT`."""
        if source.asset != target.asset:
            checks.refuse("Book.move", f"must be between accounts of one asset; {target} is not", source, "Book.trade")
        if units is not None or source.active:
            moved = source.units.copy() if units is None else target.detached(source.detached(units))
            if source.holdings is not target.holdings:
                self._add_discount(moved * (target.holdings.value - source.holdings.value))
            self._shift(source, moved, all_of_it=units is None, sign=-1.0)
            self._shift(target, moved)

    def trade(
        self,
        source: Account,
        target: Account,
        units: PathValue | None = None,
        cost: PathValue = 0.0,
        line: Line = Line.TRADING,
    ) -> None:
        """Give `units` of one asset for another at market; all of them by default.

        Parameters
        ----------
        units
            Units of `source` given up in all, the cost of a purchase included.
        cost
            Fraction of the amount traded: on top of a purchase with the wallet's money (``units / (1 + cost)`` is
            spent on coins), out of the proceeds of any other trade.
        line
            The line of the cost.

        Notes
        -----
        Where the price of `target` is 0 nothing is traded on that path. Between places of one asset this is a
        `move`, free of cost.
        """
        if source.asset == target.asset and source.mark == target.mark:
            self.move(source, target, units)
            return
        given = source.units.copy() if units is None else target.detached(source.detached(units))
        price = target.holdings.value
        whole = units is None
        if not target.holdings.positive:
            given = given * np.greater(price, 0.0)
            whole = False
        has_fee = not is_zero(cost)
        if source is self.cash:
            spent = given / (1.0 + cost) if has_fee else given
            if has_fee:
                self.post(line, source, spent - given)
        else:
            spent = given
        self._shift(source, spent, all_of_it=whole, sign=-1.0)
        bought = spent * source.holdings.value
        if target is not self.cash:
            bought = divide(bought, price, np.empty(self._n), positive=target.holdings.positive)
        self._shift(target, bought)
        if source is not self.cash and has_fee:
            self.post(line, target, -bought * cost)

    def charge(self, line: Line, amount: PathValue, first: Account | None = None) -> None:
        """Pay a cost in money: from cash, then from wallet coins, then from the holder's pocket (`CONTRIBUTION`).

        Parameters
        ----------
        line
            A line of cost or fee.
        amount
            Money, 0 or more, for all paths or one per path.
        first
            An account that pays before all others, such as the balance a contract deducts its fees from.
        """
        due: PathValue = amount
        paths: IntArray | None = None
        wallet = [a for a in self._accounts.values() if a.place == WALLET and a is not self.cash and a.mark is None]
        for purse in [self.cash, *wallet] if first is None else [first, self.cash, *wallet]:
            if not purse.active:
                continue
            due, paths = self._pay(line, purse, due, paths)
            if paths is not None and not paths.size:
                return
        if is_zero(due):
            return
        self._contribution_days = self._contribution_days + self._wide(due, paths) * self._now.elapsed_days
        self.post(Line.CONTRIBUTION, self.cash, due, paths)
        self.post(line, self.cash, -due, paths)

    def _pay(
        self, line: Line, purse: Account, due: PathValue, paths: IntArray | None
    ) -> tuple[PathValue, IntArray | None]:
        """Pay what a purse can of the money due on some paths (None for all); returns what is left, and where."""
        value = at(purse.holdings.value, paths)
        units = purse.units if paths is None else purse.units[paths]
        positive = purse.holdings.positive
        paid = divide(due, value, np.empty(units.shape), positive=positive, where_zero=np.inf)
        short = np.nonzero(paid > units)[0]
        if short.size:
            np.minimum(paid, units, out=paid)
        if not positive:
            paid *= np.greater(value, 0.0)  # coins that are worth nothing pay nothing
        left = at(due, short) - paid[short] * at(value, short)
        self.post(line, purse, np.negative(paid, out=paid), paths)
        return left, short if paths is None else paths[short]

    def pay_to(self, book: "Book", account: Account, units: PathValue | None = None) -> None:
        """Hand units to the same kind of account of a related book: not a line, and both books still close."""
        moved = account.units.copy() if units is None else account.detached(units)
        paid = np.array(np.broadcast_to(moved * account.holdings.value, (self._n,)))
        self._shift(account, moved, all_of_it=units is None, sign=-1.0)
        self.received = self.received - paid
        book.receive(book.account(account.asset, WALLET, account.mark), moved, paid)

    def receive(self, account: Account, units: PathValue, value: PathValue) -> None:
        """The other side of `pay_to`: take units that a related book has handed over."""
        self._shift(account, units)
        self.received = self.received + value

    # What the engine does

    def deposit(self, capital: float) -> Self:
        """Put the opening capital into the wallet; it is not a line."""
        self._shift(self.cash, capital)
        return self

    def advance(self, now: Now) -> None:
        """Book the interval's price moves on what was held at its start, and the interest on cash."""
        for holdings in self._holdings.values():
            if not holdings.is_money:
                if holdings.total is not None:
                    self._reprice(holdings, holdings.total, now)
                holdings.revalue(now)
        interest = now[self._cash_rate]
        if self.cash.active and not is_zero(interest):
            self.post(Line.INTEREST, self.cash, self.cash.units * interest)
        for book in self.children:
            book.advance(now)

    def add_value(self, out: FloatArray) -> None:
        """Add the value of everything held in this book and those below to `out`, ``(n_paths,)``."""
        for key, holdings in self._holdings.items():
            total = holdings.add_up(self._members[key])
            if total is None:
                continue
            if holdings.is_money:
                np.add(out, total, out=out)
            else:
                np.add(out, np.multiply(total, holdings.value, out=self._tmp), out=out)
        for book in self.children:
            book.add_value(out)

    def worth(self, counts: Callable[[Account], bool]) -> FloatArray:
        """Value of the accounts that count, in this book and those below, ``(n_paths,)``."""
        out = np.zeros(self._n)
        for account in self._accounts.values():
            if account.active and counts(account):
                out += account.units * account.holdings.value
        for book in self.children:
            out += book.worth(counts)
        return out

    def outside_cash(self) -> FloatArray:
        """Absolute value of everything that is not money in a wallet, in this book and those below, ``(n_paths,)``.

        Infinite where coins are held that are worth nothing just now: they are not out either.
        """
        out = np.zeros(self._n)
        for account in self._accounts.values():
            if account.active and account is not self.cash:
                out += np.abs(account.units * account.holdings.value)
                if not account.holdings.positive:
                    out[(account.units != 0.0) & np.equal(account.holdings.value, 0.0)] = np.inf
        for book in self.children:
            out += book.outside_cash()
        return out

    # What was booked, in this book and those below; ``(n_paths,)`` each

    def lines(self) -> dict[Line, FloatArray]:
        """Money under each line."""
        found = _joined([self._plain, self._money, *(book.lines() for book in self.children)])
        return {line: found[line] for line in Line if line in found}

    def native(self) -> dict[tuple[Line, str], FloatArray]:
        """Units under each line and asset."""
        plain = {(line, self._now.numeraire): amount for line, amount in self._plain.items()}
        found = _joined([plain, self._native, *(book.native() for book in self.children)])
        order = list(Line)
        return {key: found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), key[1]))}

    def coins(self) -> dict[Line, FloatArray]:
        """What entries in other assets came to in the product's coin, at the prices of their moments."""
        return _joined([self._coins, *(book.coins() for book in self.children)])

    def units(self) -> dict[tuple[str, str], FloatArray]:
        """Units now held, by asset and place."""
        own = [{(account.asset, account.place): account.units} for account in self._accounts.values()]
        return _joined([*own, *(book.units() for book in self.children)])

    def contribution_days(self) -> FloatArray:
        """Sum of amount x day over all contributions."""
        total = np.zeros(self._n) + self._contribution_days
        for book in self.children:
            total += book.contribution_days()
        return total

    # Inside

    def _sums(self, line: Line, account: Account) -> tuple[FloatArray, FloatArray | None]:
        """Where a line of an account is added up: in units, and in money unless that is the same."""
        if account.holdings.is_money:
            sums: tuple[FloatArray, FloatArray | None] = (self._plain.setdefault(line, np.zeros(self._n)), None)
        else:
            native = self._native.setdefault((line, account.asset), np.zeros(self._n))
            sums = (native, self._money.setdefault(line, np.zeros(self._n)))
        account.sums[line] = sums
        return sums

    def _add_coins(self, line: Line, money: PathValue, paths: IntArray | None = None) -> None:
        coins = self._coins.get(line)
        if coins is None:
            coins = self._coins[line] = np.zeros(self._n)
        price, positive = self._now[self._coin], self._now.positive(self._coin)
        if paths is None:
            np.add(coins, divide(money, price, self._tmp, positive=positive), out=coins)
        else:
            coins[paths] += divide(money, at(price, paths), np.empty(paths.shape), positive=positive)

    def _add_discount(self, money: PathValue) -> None:
        self._add_money(Line.DISCOUNT, money)
        self._add_coins(Line.DISCOUNT, money)

    def _add_money(self, line: Line, amount: PathValue) -> None:
        money = self._money.setdefault(line, np.zeros(self._n))
        np.add(money, amount, out=money)

    def _shift(self, account: Account, units: PathValue, *, all_of_it: bool = False, sign: float = 1.0) -> None:
        if all_of_it:
            account.held.fill(0.0)  # exactly zero, where a subtraction might leave dust
            account.active = False
        else:
            np.add(account.held, units if sign > 0.0 else np.negative(units), out=account.held)
            account.active = True
        self._note(None, account, sign * np.asarray(units))

    def _reprice(self, holdings: Holdings, total: FloatArray, now: Now) -> None:
        """Book the interval's price and mark moves on what was held at its start."""
        tmp = self._tmp
        if holdings.mark is None:
            np.multiply(total, now.move(holdings.price), out=tmp)
            self._add_money(Line.PRICE, tmp)
            return
        old = now.opening(holdings.mark)
        np.multiply(total, now.move(holdings.price) * old, out=tmp)
        self._add_money(Line.PRICE, tmp)
        np.multiply(total, now[holdings.price] * (now[holdings.mark] - old), out=tmp)
        self._add_discount(tmp)

    def _wide(self, units: PathValue, paths: IntArray | None) -> FloatArray:
        """Units of some paths (None for all) as an array over all paths."""
        if paths is None:
            return np.array(np.broadcast_to(units, (self._n,)))
        wide = np.zeros(self._n)
        wide[paths] = units
        return wide

    def _note(self, line: Line | None, account: Account, units: PathValue, paths: IntArray | None = None) -> None:
        """Keep an entry of the step ledger, where the run asked for one."""
        if self._record is not None:
            amount = self._wide(units, paths)
            where = (self.name, account.asset, account.place, account.mark)
            self._record.append(Entry(self._now.step, line, *where, frozen(amount)))


def _joined(parts: Iterable[Mapping[K, FloatArray]]) -> dict[K, FloatArray]:
    """The sums of several tables, key by key."""
    found: dict[K, FloatArray] = {}
    for part in parts:
        for key, amount in part.items():
            found[key] = found[key] + amount if key in found else amount
    return found
