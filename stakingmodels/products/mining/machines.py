"""`Machines`: mining machines at their resale value, which falls with age, and their sale."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.ledger.account import PREPAID
from stakingmodels.market import Now, Price
from stakingmodels.products.mining.machine_terms import MachineTerms
from stakingmodels.products.parts.per_path import put
from stakingmodels.tolerances import REL_TOL
from stakingmodels.values import any_of, at, is_zero

_YEAR = 365.0


def resale_share(terms: MachineTerms, days: float) -> float:
    """Share of the price of new machines that they bring some days after the purchase, before BTC's own move."""
    if terms.resale_loss_per_year is None:
        left = 1.0 - min(days / (terms.useful_life_days or np.inf), 1.0)
    else:
        left = (1.0 - terms.resale_loss_per_year) ** (days / _YEAR)
    return terms.salvage_share + (1.0 - terms.salvage_share) * left


class Machines:
    """Machines on each path, carried at what they bring second-hand.

    Parameters
    ----------
    terms
        Terms of the machines.
    book, now
        The position's book, whose cash buys them, and the opening.

    Attributes
    ----------
    count
        Machines bought, ``(n_paths,)``; 0 where the money does not suffice.
    shortfall
        Money by which the capital falls short, ``(n_paths,)``.
    accounts
        Accounts of machines not put up for sale: in US dollars, and the share that moves with BTC.
    kept
        Share of the machines that was not sold for bills, one number or one per path.
    """

    def __init__(self, terms: MachineTerms, book: Book, now: Now) -> None:
        self._terms, self._book = terms, book
        self._dollar = Price("USD")
        names = (("USD", PREPAID, "selling"), ("BTC", "machines", "selling"))
        share = terms.resale_btc_share
        self._parts = [part for part in zip(names, (1.0 - share, share), strict=True) if part[1] > 0.0]
        self.accounts: list[Account] = [book.account(asset, place) for (asset, place, _), _ in self._parts]
        self._for_sale = [book.queue(place, asset) for (asset, _, place), _ in self._parts]
        self._aged = 0.0
        self.kept: PathValue = 1.0
        self.count, self.shortfall = self._buy(now)

    def _buy(self, now: Now) -> tuple[FloatArray, FloatArray]:
        """Buy machines for the cash, as many as the terms say or as it pays for."""
        terms, cash, dollar = self._terms, self._book.cash, now[self._dollar]
        price = np.asarray(terms.usd_per_machine * dollar)
        extra = (terms.usd_to_begin - terms.usd_per_machine) * dollar
        fixed = terms.machines
        count = cash.units / (price + extra) if fixed is None else np.full(now.n_paths, fixed)
        due = count * (price + extra)
        missing = due - cash.units
        shortfall = np.where(missing > REL_TOL * due, missing, 0.0)
        opened = shortfall == 0.0
        count = count * opened
        if not is_zero(extra):
            self._book.post(((Line.OPERATING, -1.0),), cash, np.minimum(count * extra, cash.units))
        all_of_it = fixed is None and bool(opened.all())  # to the last rounding
        for number, (account, (_, share)) in enumerate(zip(self.accounts, self._parts, strict=True)):
            is_last = number == len(self._parts) - 1
            paid = None if all_of_it and is_last else np.minimum(count * price * share, cash.units)
            self._book.trade(cash, account, paid)
        return np.asarray(count), shortfall

    def age(self, now: Now) -> None:
        """Write machines down to their resale value at the interval's end, those for sale as well."""
        old, new = (resale_share(self._terms, day) for day in (self._aged, now.elapsed_days))
        self._aged = now.elapsed_days
        if old == new:
            return
        for account in (*self.accounts, *(queue.account for queue in self._for_sale)):
            self._book.lose(Line.DEPRECIATION, account, 1.0 - new / old)

    def put_up(self, now: Now, share: PathValue, paths: IntArray | None) -> None:
        """Put a share of the machines up for sale on some paths (None for all), less the cost of selling."""
        for account, queue in zip(self.accounts, self._for_sale, strict=True):
            units = account.part(share, paths)
            gone = at(account.units, paths) if units is None else units
            if not account.active or not any_of(np.asarray(gone)):
                continue
            fee = self._terms.resale_fee
            if fee:
                self._book.post(((Line.TRADING, -1.0),), account, gone * fee, paths)
                units = None if units is None else np.minimum(gone * (1.0 - fee), at(account.units, paths))
            if self._terms.resale_days:
                queue.enter(now, account, units, due_day=now.elapsed_days + self._terms.resale_days, paths=paths)
            else:
                self._book.pay_out(account, units, paths=paths)

    def deliver(self, now: Now) -> None:
        """Pay out what buyers pay."""
        for queue in self._for_sale:
            if queue:
                queue.deliver(now, self._book.paid_out)

    def sell_for(self, line: Line, due: FloatArray) -> tuple[FloatArray, IntArray]:
        """Sell as many machines as pay for a bill; returns the shares sold and their paths.

        Parameters
        ----------
        line
            The line of the bill.
        due
            Money, ``(n_paths,)``. What the last machine does not pay is not asked for.
        """
        worth = sum((account.units * account.value for account in self.accounts), np.zeros(due.size))
        net = worth * (1.0 - self._terms.resale_fee)
        paths = np.flatnonzero((due > 0.0) & (worth > 0.0))
        share = np.ones(paths.size)
        np.divide(due[paths], net[paths], out=share, where=net[paths] > due[paths])
        for account in self.accounts:
            units = account.units[paths] * share
            if not any_of(units):
                continue
            fee = self._terms.resale_fee
            if fee:
                self._book.post(((Line.TRADING, -1.0),), account, units * fee, paths)
                left = account.units[paths]
                units = np.where(share == 1.0, left, np.minimum(units * (1.0 - fee), left))
            self._book.trade(account, self._book.cash, units, paths=paths)
        if paths.size:
            self._book.post(((line, -1.0),), self._book.cash, np.minimum(due, self._book.cash.units)[paths], paths)
            self.kept = put(self.kept, at(self.kept, paths) * (1.0 - share), paths, due.size)
        return share, paths
