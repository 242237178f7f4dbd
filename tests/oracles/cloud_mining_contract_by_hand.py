"""CloudMiningContract, by hand: a balance that fills with coins, bills that empty it, a price written down."""

import datetime as dt
import math

from stakingmodels import CloudMiningContract, Line
from tests.oracles.hand_book import ROUNDING, SECOND, Halted, HandBook, World

HALVINGS = ("2012-11-28T15:24:38", "2016-07-09T16:46:13", "2020-05-11T19:23:43", "2024-04-20T00:09:27")
BLOCKS_BETWEEN, BLOCK_SECONDS = 210_000, 600


def subsidy(moment: str) -> float:
    """New coins of a block: 50, halved at each halving; those to come lie 210,000 blocks of 600 s apart."""
    time = dt.datetime.fromisoformat(moment)
    if time == dt.datetime.combine(time.date(), dt.time()):
        time += dt.timedelta(days=1)  # a bar dated d is the close of d
    halvings = [dt.datetime.fromisoformat(halving) for halving in HALVINGS]
    while halvings[-1] <= time:
        halvings.append(halvings[-1] + dt.timedelta(seconds=BLOCKS_BETWEEN * BLOCK_SECONDS))
    return 50.0 * 0.5 ** sum(halving <= time for halving in halvings)


def cloud_mining_contract(terms: CloudMiningContract, world: World) -> HandBook:
    return Contract(terms, world).run()


class Contract:
    def __init__(self, terms: CloudMiningContract, world: World) -> None:
        self.terms, self.world = terms, world
        self.book = HandBook(world, terms.asset)
        self.balance, self.wallet = (terms.asset, "balance"), (terms.asset, "wallet")
        self.prepaid = (world.numeraire, "contract")
        power = self.power_of_a_th_s(0) * terms.term_days if terms.electricity_prepaid else 0.0
        self.daily = terms.price_usd_per_th_day
        if self.daily is not None:
            whole = self.book.dollars(self.daily * terms.term_days)
            self.th_s = world.capital / whole if terms.hashrate_th_s is None else terms.hashrate_th_s
            price = min(world.capital, self.th_s * whole)
        elif terms.price_usd is None:
            per_th_s = self.book.dollars((terms.price_usd_per_th_s or math.nan) + power)
            price = world.capital if terms.hashrate_th_s is None else terms.hashrate_th_s * per_th_s
            self.th_s = price / per_th_s
        else:
            self.th_s = terms.hashrate_th_s or math.nan
            price = self.book.dollars(terms.price_usd + self.th_s * power)
        self.alive = price <= world.capital * (1.0 + ROUNDING)
        self.book.missing = 0.0 if self.alive else price - world.capital
        self.price = price if self.alive else 0.0
        self.losing_days = 0.0
        self.halts = Halted(terms.halts, world)
        self.days_left = terms.term_days
        self.subsidy = math.inf

    def power_of_a_th_s(self, time: int) -> float:
        """Dollars of electricity for 1 TH/s and a day of the clock, at the power price of a time of the grid."""
        terms = self.terms
        usd = terms.electricity_usd_per_th_day
        price = terms.power_usd_per_kwh
        if price is not None:
            price = price if isinstance(price, float) else self.world.levels["PowerPrice"][time]
            usd = terms.joules_per_th * 86_400.0 / 3.6e6 * price
        return usd * terms.uptime

    def run(self) -> HandBook:
        book, world = self.book, self.world
        book.units[self.balance] = 0.0
        book.units.setdefault(self.wallet, 0.0)
        book.shift(book.cash, self.prepaid, self.price)
        book.paid_at[self.prepaid] = book.price("BTC")
        book.opened()
        for step in range(len(world.days) - 1):
            book.begin(step)
            paid = self.halts.paid(step)
            for failure in book.strike(self.terms.failures, step, {}, (self.prepaid, self.balance)):
                self.th_s *= 1.0 - failure.severity
                self.price *= 1.0 - failure.severity
            self.alive = self.alive and self.th_s > 0.0
            book.pay_claims(self.terms.sell_fee)
            if self.alive:
                self.mine(step, paid)
            for _ in self.halts.strike(book, step, (self.prepaid, self.balance)):
                self.th_s, self.alive = 0.0, False
            book.pay_claims(self.terms.sell_fee)
            if book.time == world.exit:
                self.leave()
            if book.time >= world.exit:
                book.sell(self.wallet, book.held(self.wallet), self.terms.sell_fee)
            book.end()
        return book

    def mine(self, step: int, paid: float) -> None:
        """One interval, or as much of it as is left of the term."""
        book, terms, world = self.book, self.terms, self.world
        begun, ended = max(world.days[step], terms.start_days), world.days[step + 1]
        if ended - begun <= SECOND / 2:
            return
        used = min((ended - begun) * (paid if terms.pause_extends_term else 1.0), self.days_left)
        days = used if terms.pause_extends_term else used * paid
        self.days_left -= used
        if terms.guaranteed_per_day is not None:
            self.pay_promise(days, used)
            return
        is_spent = False
        if self.daily is not None:
            due, money = self.th_s * book.dollars(self.daily) * days, book.held(self.prepaid)
            is_spent = due > money * (1.0 + ROUNDING)
            days *= money / due if is_spent else 1.0
            book.enter(Line.CONTRACT, self.prepaid, -min(due, money))
        self.subsidy = min(self.subsidy, subsidy(world.moments[book.time]))  # what was halved stays halved
        reward = self.subsidy + world.levels["BlockFees"][step]
        hashes = self.th_s * 1e12 * 86_400.0 * days * terms.uptime
        mined = hashes * reward / (world.levels["Difficulty"][book.time] * 2.0**32)
        book.reward(Line.MINING, Line.COMMISSION, self.balance, mined, terms.pool_fee)
        paid = mined * (1.0 - terms.pool_fee)
        upkeep_coins = terms.maintenance_share * paid
        platform = terms.platform_fee * (paid - upkeep_coins)
        book.enter(Line.MAINTENANCE, self.balance, -upkeep_coins)
        book.enter(Line.PLATFORM, self.balance, -platform)
        left = paid - upkeep_coins - platform
        revenue = left * book.price(terms.asset)
        bill = 0.0 if terms.electricity_prepaid else self.power_of_a_th_s(book.time)
        power = book.dollars(self.th_s * bill * days)
        upkeep = book.dollars(self.th_s * terms.maintenance_usd_per_th_day * days)
        if terms.costs_beyond_output == "waived":
            self.bill_no_more(left, power, upkeep)
        else:
            payers = [self.balance, book.cash, self.wallet]
            book.bill(Line.ELECTRICITY, power, payers)
            book.bill(Line.MAINTENANCE, upkeep, payers)
        if self.daily is None:
            book.enter(Line.CONTRACT, self.prepaid, -self.price * used / terms.term_days)
        if book.held(self.balance) >= terms.minimum_payout_btc:
            self.pay_out()
        if days > 0.0:  # a pause is neither a gain nor a loss
            self.losing_days = self.losing_days + days if power + upkeep > revenue else 0.0
        stopped = terms.stop_after_days is not None and self.losing_days >= terms.stop_after_days - SECOND / 2
        if stopped or is_spent or self.days_left <= SECOND / 2:
            self.end()

    def pay_promise(self, days: float, used: float) -> None:
        """A fraction of the price of the hash rate that is left, in dollars, whatever was mined."""
        book, terms = self.book, self.terms
        assert terms.guaranteed_per_day is not None
        due = self.th_s * book.dollars(terms.usd_per_th_s) * terms.guaranteed_per_day * days
        book.enter(Line.GUARANTEED, book.paid, due)
        book.enter(Line.CONTRACT, self.prepaid, -self.price * used / terms.term_days)
        if self.days_left <= SECOND / 2:
            self.end()

    def bill_no_more(self, left: float, power: float, upkeep: float) -> None:
        """Take bills from the coins of the interval, and no more than these."""
        price = self.book.price(self.terms.asset)
        for line, bill in ((Line.ELECTRICITY, power), (Line.MAINTENANCE, upkeep)):
            due = bill / price if price > 0.0 else math.inf if bill > 0.0 else 0.0
            self.book.enter(line, self.balance, -min(due, left))
            left -= min(due, left)

    def pay_out(self) -> None:
        book, terms = self.book, self.terms
        if terms.payout == "sell":
            book.sell(self.balance, book.held(self.balance), terms.sell_fee)
        else:
            book.shift(self.balance, self.wallet, book.held(self.balance))

    def end(self) -> None:
        """What is left of the price is written off, or paid back if by the day; what is left of the balance is lost."""
        book = self.book
        if self.daily is not None:
            book.shift(self.prepaid, book.paid, book.held(self.prepaid))
        book.enter(Line.FORFEIT, self.balance, -book.held(self.balance))
        book.enter(Line.CONTRACT, self.prepaid, -book.held(self.prepaid))
        self.alive = False

    def leave(self) -> None:
        """Have what is left of the price back but for a share, where the terms let one; else wait for the term."""
        book, terms = self.book, self.terms
        if self.alive and self.daily is not None:
            self.end()
        elif self.alive and terms.early_exit_loss is not None:
            back = book.held(self.prepaid) * (1.0 - terms.early_exit_loss)
            book.shift(self.prepaid, book.paid, back)
            self.end()
