"""`CloudMiningContract`: hash rate rented for a term and paid in advance."""

from typing import Literal

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.errors import UnitWarning
from stakingmodels.ledger import Book, Line
from stakingmodels.ledger.lines import net_of_fee
from stakingmodels.ledger.yields import contract_payout
from stakingmodels.market import BlockFees, Difficulty, Factor, Market, Now, Price
from stakingmodels.market.grid import day_end
from stakingmodels.products.base import Position, Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.tolerances import DAY_TOL, REL_TOL

_BITDEER = "Bitdeer help centre, article 360023619511, undated: 500 TH/s for 360 days at 4,625 USD, as read"
_MOST_COST = 5.0
_MOST_PRICE = 5_000.0
_LEAST_PRICE_A_DAY = 1e-3  # a TH/s earned 0.028 USD or more on every day from 2020-01-01 to 2026-06-01
_YEAR_OF_TERM = 365.0  # a term without an end is checked by its first year
Payout = Literal["sell", "hold"]
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
    payout: Payout = terms.choice(Payout, default="sell")
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    failures: tuple[Failure, ...] = failures(is_staked=False)

    def __attrs_post_init__(self) -> None:
        cost = self.electricity_usd_per_th_day + self.maintenance_usd_per_th_day
        for what, value, most in (
            ("electricity and maintenance of {:g} USD per TH/s and day", cost, _MOST_COST),
            ("a price of {:g} USD per TH/s", self.price_usd_per_th_s, _MOST_PRICE),
        ):
            if value > most:
                text = f"CloudMiningContract: {what.format(value)}: is it per PH/s? Write a thousandth of it"
                checks.warn(text, UnitWarning)
        days = min(self.term_days, _YEAR_OF_TERM)
        if self.price_usd_per_th_s < _LEAST_PRICE_A_DAY * days:
            text = f"CloudMiningContract: a price of {self.price_usd_per_th_s:g} USD per TH/s for {days:g} days: "
            checks.warn(text + "is it per GH/s, or for a day? It is that of a TH/s for the whole term", UnitWarning)

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
        where = "CloudMiningContract.break_even_price_usd_per_th_s: market"
        checks.instance(where, market, Market, "Market(grid, {...})")
        if market.grid.elapsed_days[-1] < self.term_days - DAY_TOL:
            checks.refuse(
                where, f"must last for the term of {self.term_days:g} days", float(market.grid.elapsed_days[-1])
            )
        flat = market.frozen_at_open()
        dollar = next(flat.chunks()).rows.get(Price("USD"))
        price = self.price_usd_per_th_s * (1.0 if dollar is None else float(np.mean(dollar[0])))
        one = self.replace(
            hashrate_th_s=1.0, minimum_payout_btc=0.0, stop_after_days=None, early_exit_loss=None, failures=()
        )
        paid_out = contract_payout(one.run(flat, capital=price * (1.0 + REL_TOL)))
        return self.price_usd_per_th_s * float(np.mean(paid_out))

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: prices of the coin and the US dollar, difficulty, fees per block, and the events."""
        return frozenset({Price("BTC"), Price("USD"), Difficulty("BTC"), BlockFees("BTC"), *events_of(self)})

    def open(self, book: Book, now: Now) -> "CloudMiningPosition":
        """Pay the contract's price in advance."""
        return CloudMiningPosition(self, book, now)


class CloudMiningPosition(Position):
    """Position of a prepaid term, of hash rate that may have stopped, and of coins mined but not paid out."""

    def __init__(self, terms: CloudMiningContract, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._unpaid = book.account("BTC", "unpaid")
        self._wallet = book.account("BTC")
        self._prepaid = book.account(now.numeraire, "prepaid")
        self._losing_days = np.zeros(now.n_paths)
        self._days_left = terms.term_days
        self._shares = net_of_fee(Line.MINING, Line.COMMISSION, terms.pool_fee)
        self._bills: dict[Line, tuple[float, FloatArray]] = {}
        self._running = True
        self._sold_at_once = 1.0 if terms.payout == "sell" else 0.0  # share of coins that are paid out
        self._ended = np.full(now.n_paths, terms.term_days)
        self._price, self._dollar = Price("BTC"), Price("USD")
        self._difficulty, self._fees = Difficulty("BTC"), BlockFees("BTC")
        self._look_up_subsidy(now)
        price = terms.price_usd_per_th_s * now[self._dollar]
        cash = book.cash.units
        self._th_s: FloatArray = (
            cash / price if terms.hashrate_th_s is None else np.full(now.n_paths, terms.hashrate_th_s)
        )
        paid = self._th_s * price
        missing = paid - cash
        self.capital_shortfall = np.where(missing > REL_TOL * paid, missing, 0.0)
        opened = self.capital_shortfall == 0.0
        self._th_s *= opened
        self._works = self._th_s > 0.0
        book.move(book.cash, self._prepaid, np.minimum(paid, cash) * opened)
        self._write_down = self._prepaid.units / terms.term_days
        self._exposure = Exposure(
            book,
            terms.failures,
            now.n_paths,
            staked={},
            others=(self._prepaid, self._unpaid),
            sell_fee=terms.sell_fee,
        )

    def step(self, now: Now) -> None:
        """Mine, pay the running costs, write the contract down, and end it when due."""
        was_running = self._running
        self._exposure.step(now, self._fail)
        if not was_running:
            return
        days = min(now.days, self._days_left)
        self._mine(now, days)
        cost_usd = self._pay_costs(now, days)
        self._pay_out(now)
        self._days_left -= days
        written_down = self._write_down if days == 1.0 else np.multiply(self._write_down, days, out=now.scratch)
        self._book.post(((Line.CONTRACT, -1.0),), self._prepaid, written_down)
        if self._terms.stop_after_days is not None:
            self._stop_if_losing(now, cost_usd)
        if self._days_left <= DAY_TOL:
            self._end(now, np.arange(now.n_paths))

    def _mine(self, now: Now, days: float) -> None:
        terms = self._terms
        if now.elapsed_days >= self._watch:
            self._look_up_subsidy(now)
        per_block = self._subsidy + now[self._fees]
        # coins of c TH/s are those of 1 TH/s at c coins a block; a market's fees are not limited as a caller's are
        self._yield = bitcoin.blocks_per_day(per_block * (terms.uptime * days), now[self._difficulty])
        self._book.post(self._shares, self._unpaid, np.multiply(self._th_s, self._yield, out=now.scratch))

    def _look_up_subsidy(self, now: Now) -> None:
        """Read the subsidy at the interval's end, and the day from which it must be read again."""
        close = day_end(now.time)
        self._subsidy = bitcoin.subsidy_at(close)
        watch = bitcoin.next_halving(close) - np.timedelta64(1, "D")  # a bar dated d is the end of d
        self._watch = now.elapsed_days + float(np.min((watch - now.time) / np.timedelta64(1, "D"))) - DAY_TOL

    def _pay_costs(self, now: Now, days: float) -> float:
        """Charge the cost of the running machines; returns USD per TH/s over the interval."""
        terms, dollar = self._terms, now[self._dollar]
        electricity = terms.electricity_usd_per_th_day * terms.uptime * days
        maintenance = terms.maintenance_usd_per_th_day * days
        for line, per_th_s in ((Line.ELECTRICITY, electricity), (Line.MAINTENANCE, maintenance)):
            if per_th_s:
                self._book.charge(line, self._bill(line, per_th_s * dollar), first=self._unpaid)
        return electricity + maintenance

    def _bill(self, line: Line, per_th_s: PathValue) -> FloatArray:
        """Bill of the running hash rate in money; cached while neither hash rate nor price changes."""
        if isinstance(per_th_s, np.ndarray):
            return self._th_s * per_th_s
        last = self._bills.get(line)
        if last is None or last[0] != per_th_s:
            last = self._bills[line] = (per_th_s, self._th_s * per_th_s)
        return last[1]

    def _pay_out(self, now: Now) -> None:
        """Pay out the balance where it has reached the minimum."""
        unpaid, minimum = self._unpaid.units, self._terms.minimum_payout_btc
        due = unpaid >= minimum
        count = np.count_nonzero(due)
        if not count:
            return
        paid = None if count == due.size else np.multiply(unpaid, due, out=now.scratch)
        if self._sold_at_once == 0.0:
            self._book.move(self._unpaid, self._wallet, paid)
            return
        if self._sold_at_once < 1.0:
            kept = unpaid * due * (1.0 - self._sold_at_once)
            self._book.move(self._unpaid, self._wallet, kept)
            paid = unpaid * due
        self._book.trade(self._unpaid, self._book.cash, paid, cost=self._terms.sell_fee)

    def _stop_if_losing(self, now: Now, cost_usd: float) -> None:
        """End the contract where cost has been above revenue for too many days in a row."""
        revenue = np.multiply(self._yield, now[self._price], out=now.scratch)  # of 1 TH/s, before the pool's fee
        is_losing = revenue < np.divide(cost_usd * now[self._dollar], 1.0 - self._terms.pool_fee)
        self._losing_days += now.days
        self._losing_days *= is_losing & self._works
        limit = float(self._terms.stop_after_days or 0) - DAY_TOL
        if self._losing_days.max() >= limit:
            self._end(now, np.nonzero(self._losing_days >= limit)[0])

    def _fail(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Cut the hash rate, or stop it, after a failure of the provider."""
        if failure.severity == 1.0:
            self._stop(now, paths)
            return
        for amount in (self._th_s, self._write_down, *(bill for _, bill in self._bills.values())):
            amount[paths] *= 1.0 - failure.severity

    def _end(self, now: Now, paths: IntArray) -> None:
        """End the contract: the prepaid rest is written off, the balance forfeited."""
        for line, account in ((Line.CONTRACT, self._prepaid), (Line.FORFEIT, self._unpaid)):
            units = account.units[paths]
            if units.any():
                self._book.post(line, account, -units, paths)
        self._stop(now, paths)

    def _stop(self, now: Now, paths: IntArray) -> None:
        self._ended[paths] = np.minimum(self._ended[paths], now.elapsed_days)
        self._th_s[paths] = 0.0
        for _, bill in self._bills.values():
            bill[paths] = 0.0
        self._write_down[paths] = 0.0
        self._losing_days[paths] = 0.0
        self._works = self._th_s > 0.0
        self._running = bool(self._works.any())

    def exit(self, now: Now, share: float = 1.0, how: str | None = None) -> None:
        """Sell the coins in the wallet; end the contract, or let it run to the end of its term, by the terms."""
        self.check_exit(share, how)
        loss = self._terms.early_exit_loss
        if not self._running:
            pass
        elif loss is None:
            self._sold_at_once = 1.0 - (1.0 - self._sold_at_once) * (1.0 - share)
            if share == 1.0:
                self.earns_until_day = self._ended
        else:
            self._end_early(now, share, loss)
        units = None if share == 1.0 else self._wallet.units * share
        self._book.trade(self._wallet, self._book.cash, units, cost=self._terms.sell_fee)

    def _end_early(self, now: Now, share: float, loss: float) -> None:
        """End a share of the contract for its refund."""
        if loss < 1.0:
            self._book.move(self._prepaid, self._book.cash, self._prepaid.units * (share * (1.0 - loss)))
        if share == 1.0:
            self._end(now, np.arange(now.n_paths))
            return
        left = 1.0 - share * (1.0 - loss)  # of the prepaid price, the refund is gone already
        lost = 0.0 if left == 0.0 else share * loss / left
        for line, account, part in ((Line.CONTRACT, self._prepaid, lost), (Line.FORFEIT, self._unpaid, share)):
            self._book.post(line, account, account.units * -part)
        self._th_s *= 1.0 - share
        self._bills.clear()
        self._write_down *= 1.0 - share
