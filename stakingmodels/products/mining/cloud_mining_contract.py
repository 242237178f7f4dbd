"""`CloudMiningContract`: hash rate rented for a term and paid in advance."""

from typing import Literal

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book, Line
from stakingmodels.market import BlockFees, Difficulty, Factor, Market, Now, Price
from stakingmodels.products.base import Position, Product
from stakingmodels.products.mining.break_even import break_even_price
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.products.mining.losing_days import LosingDays
from stakingmodels.products.mining.units import warn_of_units
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.payout import Payout
from stakingmodels.products.parts.per_path import whole_paths
from stakingmodels.tolerances import DAY_TOL, REL_TOL
from stakingmodels.values import any_of, at

_BITDEER = "Bitdeer help centre, article 360023619511, undated: 500 TH/s for 360 days at 4,625 USD, as read"
PayoutAs = Literal["sell", "hold"]
"""Use of coins when they are paid out."""


@terms.sheet
class CloudMiningContract(Product):
    """Bitcoin hash rate rented for a term: the price is paid at the opening, running costs from the mined coins.

    Expected coins a day are ``TH/s * 1e12 * 86400 * (subsidy + fees) / (difficulty * 2**32)``: the contract pays the
    expectation (FPPS), without random variation. Costs are taken from the mined balance, then cash, then coins in the
    wallet, then from the holder. The contract cannot be sold, and by default cannot be ended early either: after the
    exit it still pays out until its term is over, and the coins are sold as they come.

    Parameters
    ----------
    hashrate_th_s
        Hash rate in TH/s; None (default) rents as much as the capital pays for. Money left over stays cash.
    price_usd_per_th_s
        Price for the whole term, USD per TH/s. Default 9.25 (Bitdeer, 500 TH/s for 360 days at 4,625 USD; a worked
        example without a date). `break_even_price_usd_per_th_s` gives the value of a contract in a frozen market.
    term_days
        Days of mining. Default 360 (the same plan).
    early_exit_loss
        Fraction of the unexpired price lost if the holder ends the contract early, in [0, 1]; a balance below the
        minimum is lost too, and the rest of the price is paid back. None (default): it cannot be ended early.
    pool_fee
        Fraction of the mined coins, in [0, 1]. Default 0.02 (Braiins FPPS in early 2026).
    electricity_usd_per_th_day
        USD per TH/s and day while machines run. Default 0.021: 17.5 J/TH (Antminer S21) at 0.05 USD/kWh.
    maintenance_usd_per_th_day
        USD per TH/s and day, always. Default 0.
    uptime
        Fraction of the time that machines run, in [0, 1]. Default 0.98.
    minimum_payout_btc
        Balance at which coins are paid out; a smaller balance at the end is lost. Default 0.001.
    stop_after_days
        Consecutive days of cost above revenue (after the pool's fee) that end the contract; a balance that has reached
        the minimum is paid out first. None: it runs to its term. Default 21 (HashFlare's terms of 2018).
    payout
        ``"sell"`` (default) sells coins when they are paid out; ``"hold"`` keeps them to the exit.
    sell_fee
        Trading fee as a fraction of the amount sold; default 0.
    failures
        Failures of the provider, a `Failure` each; none by default. They take the unexpired price, the balance and the
        hash rate; after one of severity 1 nothing is mined or billed, in its interval neither.

    Notes
    -----
    The prepaid price is carried at cost and written down evenly over the term under `Line.CONTRACT`; the rest is
    written off when the contract ends early, and the balance is lost under `Line.FORFEIT`. The subsidy follows the
    protocol by date: an interval has the subsidy of its end, and a halving is final.

    Firms quote hash prices and costs per PH/s; here all is per TH/s, a thousandth. There is a warning for costs above 5
    USD per TH/s and day, ten times the highest revenue of a TH/s on any day since 2020, for prices above 5,000 USD per
    TH/s, and for prices below 0.001 USD for each day of the term, up to a year of it.
    """

    asset: str = attrs.field(default="BTC", init=False)
    hashrate_th_s: float | None = terms.positive(default=None, unit="TH/s", optional=True, usual=(0.1, 10_000.0))
    price_usd_per_th_s: float = terms.positive(
        default=9.25,
        kind="money",
        unit="USD/(TH/s)",
        assumption=assumed.MINING_PRICE_USD_PER_TH_S,
        source=_BITDEER,
        date="2026-11",
    )
    term_days: float = terms.days(default=360.0, check=checks.positive, source=_BITDEER, date="2026-11")
    early_exit_loss: float | None = terms.fraction(
        default=None,
        optional=True,
        source="no cancelling and no refund: Bitdeer, BitFuFu and Binance, as read",
        date="2026-11",
    )
    pool_fee: float = terms.fraction(default=0.02, source="Braiins pool, FPPS fee; press", date="2026")
    electricity_usd_per_th_day: float = terms.money(
        default=0.021,
        unit="USD/(TH/s)/day",
        usual=(0.0, 0.5),
        source="Antminer S21, 17.5 J/TH, at 0.05 USD/kWh",
        date="2023",
    )
    maintenance_usd_per_th_day: float = terms.money(default=0.0, unit="USD/(TH/s)/day", usual=(0.0, 0.5))
    uptime: float = terms.fraction(default=0.98, source="assumption of the library", date="2026-11")
    minimum_payout_btc: float = terms.money(
        default=0.001, unit="BTC", usual=(0.0, 0.1), source="pools' minimum of 0.001 to 0.01; press", date="2026"
    )
    stop_after_days: int | None = terms.count(
        1,
        100_000,
        default=21,
        unit="days",
        optional=True,
        usual=(1, 60),
        source="HashFlare terms of service",
        date="2018",
    )
    payout: PayoutAs = terms.choice(PayoutAs, default="sell")
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    failures: tuple[Failure, ...] = failures(is_staked=False)

    def __attrs_post_init__(self) -> None:
        cost = self.electricity_usd_per_th_day + self.maintenance_usd_per_th_day
        warn_of_units(type(self).__name__, self.price_usd_per_th_s, cost, self.term_days)

    @property
    def can_leave_early(self) -> bool:
        """Whether the contract can be ended before its term."""
        return self.early_exit_loss is not None

    def break_even_price_usd_per_th_s(self, market: Market) -> float:
        """Price at which the contract just recovers its cost, if the market were frozen and nothing failed.

        It is held until its term ends, whatever the day of the grid's exit; interest on money paid out is not included.

        Parameters
        ----------
        market
            A market whose grid holds the whole term; its opening counts.

        Returns
        -------
        float
            USD per TH/s for the whole term, the mean over paths that open differently; below 0 if running costs exceed
            the value of the coins mined.

        Raises
        ------
        InputError
            For a grid that ends before the term does.
        """
        return break_even_price("CloudMiningContract.break_even_price_usd_per_th_s: market", self, market)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: prices of the coin and the US dollar, difficulty, fees per block, and the events."""
        return frozenset({Price("BTC"), Price("USD"), Difficulty("BTC"), BlockFees("BTC"), *events_of(self)})

    def open(self, book: Book, now: Now) -> "CloudMiningPosition":
        """Pay the contract's price in advance."""
        return CloudMiningPosition(self, book, now)


class CloudMiningPosition(Position):
    """Position of a prepaid term, of hash rate that may have stopped, and of coins mined but not paid out."""

    rests_when_paid_out = True

    def __init__(self, terms: CloudMiningContract, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._unpaid = book.account("BTC", "unpaid")
        self._wallet = book.account("BTC")
        self._prepaid = book.account(now.numeraire, "prepaid")
        self._price, self._dollar = Price("BTC"), Price("USD")
        self._after_fee = np.float64(1.0 - terms.pool_fee)  # by which even its 0 divides
        electricity = Line.ELECTRICITY, terms.electricity_usd_per_th_day * terms.uptime
        maintenance = Line.MAINTENANCE, terms.maintenance_usd_per_th_day
        self._costs = [cost for cost in (electricity, maintenance) if cost[1]]
        self._losing_days = LosingDays(now.n_paths, terms.stop_after_days)
        self._days_left = terms.term_days
        self._ended = np.full(now.n_paths, terms.term_days)
        self._left: BoolArray | None = None  # paths whose holder has left wholly
        self._hash_rate = HashRate(now, self._rent(now), terms.uptime)
        self._write_down = self._prepaid.units / terms.term_days
        self._payout = Payout(
            book, self._unpaid, minimum=terms.minimum_payout_btc, sells=terms.payout == "sell", sell_fee=terms.sell_fee
        )
        others = self._prepaid, self._unpaid  # at the provider
        self._exposure = Exposure(book, terms.failures, now.n_paths, staked={}, others=others, sell_fee=terms.sell_fee)

    def _rent(self, now: Now) -> FloatArray:
        """Pay the price in advance where the wallet's money suffices; returns the hash rate."""
        terms, cash = self._terms, self._book.cash
        if self._wallet is not cash:
            self._book.trade(self._wallet, cash, cost=terms.sell_fee)  # capital that came in coins
        price = terms.price_usd_per_th_s * now[self._dollar]
        fixed = terms.hashrate_th_s
        th_s: FloatArray = cash.units / price if fixed is None else np.full(now.n_paths, fixed)
        paid = th_s * price
        missing = paid - cash.units
        self.capital_shortfall = np.where(missing > REL_TOL * paid, missing, 0.0)
        opened = self.capital_shortfall == 0.0
        all_of_it = fixed is None and bool(opened.all())  # to the last rounding
        self._book.move(cash, self._prepaid, None if all_of_it else np.minimum(paid, cash.units) * opened)
        return np.asarray(th_s * opened)

    def step(self, now: Now) -> None:
        """Mine, pay the running costs, write the contract down, and end it when due."""
        was_running = self._hash_rate.any_works
        self._exposure.step(now, self._fail, self._running)
        if not was_running:
            return
        terms = self._terms
        days = min(now.days, self._days_left)
        one = self._hash_rate.mined_by_one(now, days)
        mined = self._hash_rate.times(one, out=now.scratch)
        self._book.earn(Line.MINING, self._unpaid, mined, fee_line=Line.COMMISSION, fee=terms.pool_fee)
        cost = self._pay_costs(now, days)
        self._payout.step(now)
        self._days_left -= days
        written_down = self._write_down if days == 1.0 else np.multiply(self._write_down, days, out=now.scratch)
        self._book.post(((Line.CONTRACT, -1.0),), self._prepaid, written_down)
        if terms.stop_after_days is not None:
            revenue = one * now[self._price]  # of 1 TH/s, before the pool's fee
            losing = self._losing_days.over_limit(revenue, cost / self._after_fee, self._hash_rate.works, now.days)
            if losing.size:
                self._end(now, losing)
        if self._days_left <= DAY_TOL:
            self._end(now, np.arange(now.n_paths))

    def _pay_costs(self, now: Now, days: float) -> PathValue:
        """Charge the cost of the running machines; returns the money for each TH/s over the interval."""
        dollar = now[self._dollar]
        for line, usd in self._costs:
            self._book.charge(line, self._hash_rate.bill(line, usd * days * dollar), first=self._unpaid)
        return sum(usd for _, usd in self._costs) * days * dollar

    def _running(self, _now: Now, _failure: Failure, paths: IntArray) -> IntArray:
        """Paths on which a failure of the provider finds anything: where it has ended, nothing is left."""
        return paths[self._hash_rate.works[paths]]

    def _fail(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Cut the hash rate, or stop it, after a failure of the provider."""
        self._cut(now, failure.severity, paths)

    def _end(self, now: Now, paths: IntArray) -> None:
        """End the contract: the prepaid rest is written off, the balance forfeited."""
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
        loss = self._terms.early_exit_loss
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
