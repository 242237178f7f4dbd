"""`RunningCosts`: shares of the output and running costs of a contract, taken in order."""

import numpy as np

from stakingmodels._types import FloatArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Factor, Now, Price
from stakingmodels.products.mining.electricity import electricity_usd
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.products.mining.mining_terms import MiningTerms
from stakingmodels.values import any_of, is_zero

Costs = list[tuple[Line, PathValue]]
"""US dollars of 1 TH/s and day, by line."""


class RunningCosts:
    """Running costs of a contract: the pool's fee, shares of the output after it, and bills in US dollars.

    Parameters
    ----------
    book, balance
        The position's book, and the account that the coins are mined into.
    terms
        Terms of the contract.
    hash_rate
        Machines, for which the bills are.

    Attributes
    ----------
    kept
        Fraction of the output that is left after the pool's fee and the shares.
    """

    def __init__(self, book: Book, balance: Account, terms: MiningTerms, hash_rate: HashRate) -> None:
        self._book, self._balance, self._hash_rate = book, balance, hash_rate
        self._pool_fee = terms.pool_fee
        after_maintenance = 1.0 - terms.maintenance_share
        shares = (
            (Line.MAINTENANCE, terms.maintenance_share),
            (Line.PLATFORM, after_maintenance * terms.platform_fee),
        )
        self._shares = [(line, share) for line, share in shares if share]
        self._after_shares = after_maintenance * (1.0 - terms.platform_fee)
        self.kept = np.float64((1.0 - terms.pool_fee) * self._after_shares)  # by which even its 0 divides
        self._terms = terms
        self._power_moves = isinstance(terms.power_usd_per_kwh, Factor) and not terms.electricity_prepaid
        self._costs: Costs | None = None
        self._waives = terms.costs_beyond_output == "waived"
        self._price, self._dollar = Price("BTC"), Price("USD")

    def earn(self, now: Now, mined: FloatArray, days: PathValue) -> PathValue:
        """Book the coins of an interval less all that is taken; returns the bills of 1 TH/s, in money.

        Parameters
        ----------
        mined
            Coins, ``(n_paths,)``; may be the interval's scratch array.
        days
            Days of mining, one number or one per path.
        """
        bare = not (self._shares or self._waives)
        paid = None if bare else mined * (1.0 - self._pool_fee)
        self._book.earn(Line.MINING, self._balance, mined, fee_line=Line.COMMISSION, fee=self._pool_fee)
        dollar, costs = now[self._dollar], self._costs_of(now)
        if paid is not None:
            for line, share in self._shares:
                self._book.post(((line, -share),), self._balance, paid)
        if paid is not None and self._waives:
            self._take_no_more(now, costs, paid * self._after_shares, days * dollar)
        else:
            for line, usd in costs:
                self._book.charge(line, self._hash_rate.bill(line, usd * days * dollar), first=self._balance)
        return sum(usd for _, usd in costs) * days * dollar

    def _costs_of(self, now: Now) -> Costs:
        """Bills of 1 TH/s and day in US dollars by line, those of 0 left out; read once where power does not move."""
        if self._costs is None or self._power_moves:
            terms = self._terms
            power = 0.0 if terms.electricity_prepaid else electricity_usd(terms, now) * terms.uptime
            both = (Line.ELECTRICITY, power), (Line.MAINTENANCE, terms.maintenance_usd_per_th_day)
            self._costs = [cost for cost in both if not is_zero(cost[1])]
        return self._costs

    def _take_no_more(self, now: Now, costs: Costs, left: FloatArray, dollar_days: PathValue) -> None:
        """Take the bills from what is left of the interval's coins; what these do not cover is waived."""
        price = now[self._price]
        for line, usd in costs:
            bill = self._hash_rate.bill(line, usd * dollar_days)
            due = np.where(bill > 0.0, left, 0.0)  # where coins are worth nothing, all of them
            np.divide(bill, price, out=due, where=np.greater(price, 0.0))
            taken = np.minimum(np.minimum(due, left), self._balance.units)
            if any_of(taken):
                self._book.post(line, self._balance, -taken)
            left = left - taken
