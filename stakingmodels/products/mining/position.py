"""`CloudMiningPosition`: a prepaid term of mining, step by step."""

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book, Line
from stakingmodels.market import Now, Price
from stakingmodels.market.now import NO_PATHS
from stakingmodels.products.base import Position
from stakingmodels.products.mining.electricity import electricity_usd
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.products.mining.losing_days import LosingDays
from stakingmodels.products.mining.mining_terms import MiningTerms
from stakingmodels.products.mining.pricing import DailyPrice
from stakingmodels.products.mining.running_costs import RunningCosts
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Stops
from stakingmodels.products.parts.payout import Payout
from stakingmodels.products.parts.per_path import whole_paths
from stakingmodels.tolerances import DAY_TOL, REL_TOL
from stakingmodels.values import any_of, at, is_zero


class CloudMiningPosition(Position):
    """Position of a prepaid term, of hash rate that may have stopped, and of coins mined but not paid out."""

    rests_when_paid_out = True

    def __init__(self, terms: MiningTerms, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._unpaid = book.account("BTC", "unpaid")
        self._wallet = book.account("BTC")
        self._prepaid = book.account(now.numeraire, "prepaid")
        self._price, self._dollar = Price("BTC"), Price("USD")
        self._losing_days = LosingDays(now.n_paths, terms.stop_after_days)
        self._stops = Stops(type(terms).__name__, terms.halts, now)
        self._days_left: PathValue = terms.term_days
        self._ended = np.full(now.n_paths, terms.start_days + terms.term_days)
        self._left: BoolArray | None = None  # paths whose holder has left wholly
        self._hash_rate = HashRate(now, self._rent(now), terms.uptime)
        self._running_costs = RunningCosts(book, self._unpaid, terms, self._hash_rate)
        self._write_down = self._prepaid.units / terms.term_days
        daily = terms.price_usd_per_th_day
        self._daily = None if daily is None else DailyPrice(book, self._prepaid, self._hash_rate, daily)
        self._payout = Payout(
            book, self._unpaid, minimum=terms.minimum_payout_btc, sells=terms.payout == "sell", sell_fee=terms.sell_fee
        )
        others = self._prepaid, self._unpaid  # at the provider
        self._exposure = Exposure(book, terms.failures, now.n_paths, staked={}, others=others, sell_fee=terms.sell_fee)

    def _rent(self, now: Now) -> FloatArray:
        """Pay the price in advance where the wallet's money suffices, by the day as far as it goes; the hash rate."""
        terms, cash = self._terms, self._book.cash
        if self._wallet is not cash:
            self._book.trade(self._wallet, cash, cost=terms.sell_fee)  # capital that came in coins
        power = electricity_usd(terms, now) * terms.uptime * terms.term_days if terms.electricity_prepaid else 0.0
        price = (terms.usd_per_th_s + power) * now[self._dollar]
        fixed = terms.hashrate_th_s
        th_s: FloatArray = cash.units / price if fixed is None else np.full(now.n_paths, fixed)
        paid = th_s * price
        missing = paid - cash.units if terms.price_usd_per_th_day is None else np.zeros(now.n_paths)
        self.capital_shortfall = np.where(missing > REL_TOL * paid, missing, 0.0)
        opened = self.capital_shortfall == 0.0
        all_of_it = fixed is None and bool(opened.all())  # to the last rounding
        self._book.move(cash, self._prepaid, None if all_of_it else np.minimum(paid, cash.units) * opened)
        return np.asarray(th_s * opened)

    def step(self, now: Now) -> None:
        """Mine or pay what is promised, write the contract down, and end it when due."""
        was_running = self._hash_rate.any_works
        paid = self._stops.paid(now)
        self._exposure.step(now, self._fail, self._running)
        days = self._days_of_term(now, paid)
        if was_running and not is_zero(days):
            self._run(now, days, days if self._terms.pause_extends_term else days * paid)
        self.committed, self.ended_on_day = self._stops.step(now, self._exposure, self._fail), self._stops.ended_on

    def _run(self, now: Now, days: PathValue, mining: PathValue) -> None:
        """Let so many days of the term pass, on some of which the machines run."""
        promised = self._terms.guaranteed_per_day is not None
        ended = NO_PATHS
        if self._daily is not None:
            mining, ended = self._daily.pay(now, mining)
        losing = self._pay_promise(now, mining) if promised else self._mine(now, mining)
        self._days_left = self._days_left - days
        if self._daily is None:
            is_day = not isinstance(days, np.ndarray) and days == 1.0
            written_down = self._write_down if is_day else np.multiply(self._write_down, days, out=now.scratch)
            self._book.post(((Line.CONTRACT, -1.0),), self._prepaid, written_down)
        for paths in (losing, ended):
            if paths.size:
                self._end(now, paths)
        over = np.flatnonzero(np.broadcast_to(np.less_equal(self._days_left, DAY_TOL), (now.n_paths,)))
        if over.size:
            self._end(now, over)

    def _mine(self, now: Now, days: PathValue) -> IntArray:
        """Mine, pay the running costs and pay out; returns the paths on which too many days in a row have lost."""
        one = self._hash_rate.mined_by_one(now, days)
        mined = self._hash_rate.times(one, out=now.scratch)
        cost = self._running_costs.earn(now, mined, days)
        self._payout.step(now)
        if self._terms.stop_after_days is None:
            return NO_PATHS
        revenue = one * now[self._price]  # of 1 TH/s, before fees and shares
        return self._losing_days.over_limit(revenue, cost / self._running_costs.kept, self._hash_rate.works, days)

    def _pay_promise(self, now: Now, days: PathValue) -> IntArray:
        """Pay the guaranteed fraction of the price to the holder, whatever is mined; no path ends by it."""
        rate = self._terms.guaranteed_per_day or 0.0
        due = rate * self._terms.usd_per_th_s * days * now[self._dollar]
        self._book.post(Line.GUARANTEED, self._book.paid_out, self._hash_rate.times(due, out=now.scratch))
        return NO_PATHS

    def _days_of_term(self, now: Now, paid: PathValue) -> PathValue:
        """Days of the interval that the term counts: after the start, until it ends; without pauses that extend it."""
        begun = now.elapsed_days - self._terms.start_days
        days: PathValue = min(now.days, begun if begun > DAY_TOL else 0.0)
        if self._terms.pause_extends_term and np.any(np.less(paid, 1.0)):
            self._ended += self._hash_rate.works * (days * (1.0 - paid))
            self._note_end()
            days = days * paid
        return np.minimum(days, np.maximum(self._days_left, 0.0))

    def _running(self, _now: Now, _failure: Failure, paths: IntArray) -> IntArray:
        """Paths on which a failure of the provider finds anything: where it has ended, nothing is left."""
        return paths[self._hash_rate.works[paths]]

    def _fail(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Cut the hash rate, or stop it, after a failure of the provider."""
        self._cut(now, failure.severity, paths)

    def _end(self, now: Now, paths: IntArray) -> None:
        """End the contract: the prepaid rest is written off, or paid back if by the day; the balance is forfeited."""
        if self._daily is not None:
            self._book.move(self._prepaid, self._book.paid_out, self._prepaid.units[paths], paths)
        for line, account in ((Line.CONTRACT, self._prepaid), (Line.FORFEIT, self._unpaid)):
            units = account.units[paths]
            if any_of(units):
                self._book.post(line, account, -units, paths)
        self._cut(now, 1.0, paths)

    def _cut(self, now: Now, share: PathValue, paths: IntArray | None) -> None:
        """Cut what runs by a share on some paths (None for all); where that is all, the contract has ended."""
        some = slice(None) if paths is None else paths
        self._hash_rate.cut(share, paths)
        self._write_down[some] *= 1.0 - share
        gone = whole_paths(share, paths, now.n_paths)
        self._ended[gone] = np.minimum(self._ended[gone], now.elapsed_days)
        self._note_end()

    def _note_end(self) -> None:
        """Tell the last day of earning of the paths that have left: their contracts run on."""
        if self._left is not None:
            self.earns_until_day = np.where(self._left, self._ended, 0.0)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Sell the coins in the wallet; end the contract, or let it run to the end of its term, by the terms."""
        share, paths = self.check_exit(now, share, how, paths=paths)
        loss = self._terms.early_exit_loss if self._daily is None else 0.0
        if loss is not None:
            self._end_early(now, share, loss, paths)
        else:
            self._payout.sell_share(share, paths)
            gone = np.zeros(now.n_paths, dtype=np.bool_)
            gone[whole_paths(share, paths, now.n_paths)] = True
            self._left = gone if self._left is None else self._left | gone
            self._note_end()
        self._book.pay_out(self._wallet, self._wallet.part(share, paths), self._terms.sell_fee, paths)

    def _end_early(self, now: Now, share: PathValue, loss: float, paths: IntArray | None) -> None:
        """End a share of the contract for its refund."""
        if not self._hash_rate.any_works:
            return
        if loss < 1.0:
            back = at(self._prepaid.units, paths) * (share * (1.0 - loss))
            self._book.move(self._prepaid, self._book.paid_out, back, paths)
        left = np.asarray(1.0 - share * (1.0 - loss))  # of the prepaid price, the refund is gone already
        lost = np.divide(share * loss, left, out=np.zeros(left.shape), where=left > 0.0)
        lost = np.where(share == 1.0, 1.0, np.minimum(lost, 1.0))  # exactly all of it, or no more
        self._book.lose(Line.CONTRACT, self._prepaid, lost, paths)
        self._book.lose(Line.FORFEIT, self._unpaid, share, paths)
        self._cut(now, share, paths)
