"""`MiningMachinesPosition`: owned machines that mine, pay for their power and are sold, step by step."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book, Line
from stakingmodels.market import Factor, Now, Price
from stakingmodels.products.base import Position
from stakingmodels.products.mining.electricity import KWH_A_DAY
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.products.mining.machine_terms import MachineTerms
from stakingmodels.products.mining.machines import Machines
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Stops
from stakingmodels.products.parts.payout import Payout
from stakingmodels.products.parts.per_path import whole_paths
from stakingmodels.products.parts.schedules import Schedule, Scheduled
from stakingmodels.tolerances import DAY_TOL, REL_TOL
from stakingmodels.values import any_of, is_zero

_MONTHS_A_DAY = 12.0 / 365.0


class MiningMachinesPosition(Position):
    """Position of machines at their resale value, and of coins mined but not paid out."""

    rests_when_paid_out = True

    def __init__(self, terms: MachineTerms, book: Book, now: Now) -> None:
        self._terms, self._book = terms, book
        self._unpaid, self._wallet = book.account("BTC", "unpaid"), book.account("BTC")
        self._price, self._dollar = Price("BTC"), Price("USD")
        if self._wallet is not book.cash:
            book.trade(self._wallet, book.cash, cost=terms.sell_fee)  # capital that came in coins
        self._machines = Machines(terms, book, now)
        self.capital_shortfall = self._machines.shortfall
        self._hash_rate = HashRate(now, self._machines.count * terms.hashrate_th_s, terms.uptime)
        power = terms.power_usd_per_kwh
        self._scheduled = Scheduled(power, now) if isinstance(power, Schedule) else None
        self._stops = Stops(type(terms).__name__, terms.halts, now)
        self._payout = Payout(
            book, self._unpaid, minimum=terms.minimum_payout_btc, sells=terms.payout == "sell", sell_fee=terms.sell_fee
        )
        others = *self._machines.accounts, self._unpaid  # at the host, and at the pool
        self._exposure = Exposure(book, terms.failures, now.n_paths, staked={}, others=others, sell_fee=terms.sell_fee)
        self._purses = [self._unpaid, *dict.fromkeys((book.cash, self._wallet))]
        self._shares: tuple[PathValue, PathValue] = (1.0, 1.0)  # left by wind-ups, and by sales for bills

    def step(self, now: Now) -> None:
        """Mine, pay the bills, and write the machines down to their resale value."""
        paid = self._stops.paid(now)
        self._exposure.step(now, self._fail)
        self._machines.age(now)
        begun = now.elapsed_days - self._terms.delivery_days
        days = min(now.days, begun if begun > DAY_TOL else 0.0) * paid
        if self._hash_rate.any_works and not is_zero(days):
            self._run(now, days)
        self._machines.deliver(now)
        self._payout.step(now)
        stays, kept = self._stops.step(now, self._exposure, self._fail), self._machines.kept
        if not (stays is self._shares[0] and kept is self._shares[1]):
            self._shares, self.committed = (stays, kept), np.multiply(stays, kept)
        self.ended_on_day = self._stops.ended_on

    def _run(self, now: Now, days: PathValue) -> None:
        """Let the machines run for so many days, where it pays, and pay for it."""
        terms, dollar = self._terms, now[self._dollar]
        kwh = KWH_A_DAY * terms.joules_per_th * terms.uptime * days  # of 1 TH/s, if it never rests
        runs: PathValue = 1.0 - terms.demand_response_share
        one = self._hash_rate.mined_by_one(now, days * runs)
        power, hosting = self._power(now) * dollar, terms.hosting_usd_per_kwh * dollar
        if terms.curtails:
            earns = one * now[self._price] * (1.0 - terms.pool_fee)
            runs = runs * np.greater_equal(earns, kwh * runs * (power + hosting))
            one = one * np.greater(runs, 0.0)
        mined = self._hash_rate.times(one, out=now.scratch)
        self._book.earn(Line.MINING, self._unpaid, mined, fee_line=Line.COMMISSION, fee=terms.pool_fee)
        credit = kwh * terms.demand_response_share * terms.demand_response_usd_per_kwh * dollar
        if not is_zero(credit):
            self._book.post(Line.CURTAILMENT, self._book.cash, self._of_all(credit))
        rent = terms.hosting_usd_per_month * _MONTHS_A_DAY / terms.hashrate_th_s * days * dollar
        bills = self._of_all(kwh * runs * power), self._of_all(kwh * runs * hosting + rent)
        for line, due in zip((Line.ELECTRICITY, Line.OPERATING), bills, strict=True):
            self._pay(line, due)

    def _of_all(self, one: PathValue) -> FloatArray:
        """An amount of 1 TH/s, times the hash rate."""
        return self._hash_rate.times(one, out=np.empty(self._unpaid.units.size))

    def _power(self, now: Now) -> PathValue:
        """Price of power in the interval, USD per kWh."""
        power = self._terms.power_usd_per_kwh
        if self._scheduled is not None:
            return self._scheduled.fraction(now)
        return now[power] if isinstance(power, Factor) else power  # type: ignore[return-value] # a schedule is none

    def _pay(self, line: Line, due: FloatArray) -> None:
        """Pay a bill in money: from mined coins, cash and coins in the wallet, then by selling machines."""
        least = REL_TOL * due  # no machine is sold for a rounding
        for purse in self._purses:
            if not any_of(due):
                return
            if purse.active:
                paid, short = purse.affords(due, None, np.empty(due.size))
                left = np.zeros(due.size)
                left[short] = (due - paid * purse.value)[short]
                left[left <= least] = 0.0
                self._book.post(((line, -1.0),), purse, paid)
                due = left
        if any_of(due):
            self._hash_rate.cut(*self._machines.sell_for(line, due))

    def _fail(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Take the machines that a failure of the host has taken out of the hash rate."""
        del now
        self._hash_rate.cut(failure.severity, paths)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Put machines up for sale, and sell the coins in the wallet."""
        share, paths = self.check_exit(now, share, how, paths=paths)
        self._machines.put_up(now, share, paths)
        self._hash_rate.cut(share, paths)
        left = whole_paths(share, paths, now.n_paths)
        if left.size and self._unpaid.active:
            self._book.post(((Line.FORFEIT, -1.0),), self._unpaid, self._unpaid.units[left], left)
        self._book.pay_out(self._wallet, self._wallet.part(share, paths), self._terms.sell_fee, paths)
