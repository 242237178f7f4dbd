"""MiningMachines, by hand: machines that grow old, bills that eat the coins, then the cash, then the machines."""

from stakingmodels import Failure, Line, MiningMachines, PowerPrice
from tests.oracles.cloud_mining_contract_by_hand import subsidy
from tests.oracles.hand_book import ROUNDING, SECOND, Account, Halted, HandBook, World, over_time

CLAIM: Account = ("USD", "claim")


def mining_machines(terms: MiningMachines, world: World) -> HandBook:
    return Owned(terms, world).run()


class Owned:
    def __init__(self, terms: MiningMachines, world: World) -> None:
        self.terms, self.world = terms, world
        self.book = HandBook(world, terms.asset)
        if terms.resale_btc_share < 1.0:
            self.book.exchanged_at_a_fee.add("USD")
        self.balance, self.wallet = (terms.asset, "balance"), (terms.asset, "wallet")
        self.plain, self.linked = ("USD", "machines"), (terms.asset, "machines")
        self.offered = {self.plain: ("USD", "offered"), self.linked: (terms.asset, "offered")}
        self.owned = [
            account
            for account, share in ((self.plain, 1.0 - terms.resale_btc_share), (self.linked, terms.resale_btc_share))
            if share > 0.0
        ]
        self.offers: list[tuple[float, Account, float]] = []
        self.halts = Halted(terms.halts, world)
        self.subsidy = float("inf")
        self.th_s = 0.0

    def run(self) -> HandBook:
        book, world = self.book, self.world
        for account in (self.balance, *self.owned, *(self.offered[each] for each in self.owned)):
            book.units[account] = 0.0
        book.units.setdefault(self.wallet, 0.0)
        self.buy()
        book.opened()
        for step in range(len(world.days) - 1):
            book.begin(step)
            paid = self.halts.paid(step)
            for failure in book.strike(self.terms.failures, step, {}, (*self.owned, self.balance)):
                self.cut(failure)
            book.pay_claims(self.terms.sell_fee)
            self.grow_old(step)
            self.mine(step, paid)
            self.deliver()
            self.pay_out()
            for _ in self.halts.strike(book, step, (*self.owned, self.balance)):
                self.th_s = 0.0
            book.pay_claims(self.terms.sell_fee)
            if book.time == world.exit:
                self.leave()
            if book.time >= world.exit:
                book.sell(self.wallet, book.held(self.wallet), self.terms.sell_fee)
            book.end()
        return book

    def cut(self, failure: Failure) -> None:
        self.th_s *= 1.0 - failure.severity

    def buy(self) -> None:
        """Duty, shipping and installation are gone at once; the price of a machine is what it is worth."""
        book, terms = self.book, self.terms
        each = terms.price_usd or (terms.price_usd_per_th_s or 0.0) * terms.hashrate_th_s
        gone = book.dollars(terms.import_duty * each + terms.shipping_usd + terms.setup_usd)
        price = book.dollars(each)
        count = self.world.capital / (price + gone) if terms.machines is None else terms.machines
        due = count * (price + gone)
        if due > self.world.capital * (1.0 + 1e-12):
            book.missing = due - self.world.capital
            return
        book.enter(Line.OPERATING, book.cash, -count * gone)
        self.th_s = count * terms.hashrate_th_s
        linked = terms.resale_btc_share
        for account, share in ((self.plain, 1.0 - linked), (self.linked, linked)):
            if share > 0.0:
                book.buy(account, count * price * share, 0.0)
        book.paid_at[self.plain] = book.price(terms.asset) / book.price("USD")

    def worth(self, days: float) -> float:
        """Share of the price that machines of an age still bring, BTC's own move left out."""
        terms = self.terms
        if terms.useful_life_days is not None:
            rest = max(0.0, 1.0 - days / terms.useful_life_days)
        else:
            assert terms.resale_loss_per_year is not None
            rest = (1.0 - terms.resale_loss_per_year) ** (days / 365.0)
        return terms.salvage_share + (1.0 - terms.salvage_share) * rest

    def grow_old(self, step: int) -> None:
        before, after = self.worth(self.world.days[step]), self.worth(self.world.days[step + 1])
        if before == after:
            return
        lost = 1.0 - after / before
        for account in self.owned:
            self.book.lose(Line.DEPRECIATION, account, lost)
        for account in self.owned:
            self.book.lose(Line.DEPRECIATION, self.offered[account], lost)
        self.offers = [(due, account, units * (1.0 - lost)) for due, account, units in self.offers]

    def power(self, step: int) -> float:
        price = self.terms.power_usd_per_kwh
        if isinstance(price, PowerPrice):
            return self.world.levels["PowerPrice"][step + 1]
        return sum(float(value) * share for value, share in over_time(price, self.world, step))

    def mine(self, step: int, paid: float) -> None:
        """One interval, or what of it comes after the delivery."""
        book, terms, world = self.book, self.terms, self.world
        begun, ended = max(world.days[step], terms.delivery_days), world.days[step + 1]
        if ended - begun <= SECOND / 2:
            return
        days = (ended - begun) * paid
        if days == 0.0 or self.th_s == 0.0:
            return
        self.subsidy = min(self.subsidy, subsidy(world.moments[book.time]))
        reward = self.subsidy + world.levels["BlockFees"][step]
        on = 1.0 - terms.demand_response_share
        hashes = self.th_s * 1e12 * 86_400.0 * days * terms.uptime * on
        mined = hashes * reward / (world.levels["Difficulty"][book.time] * 2.0**32)
        watts = self.th_s * terms.joules_per_th * terms.uptime
        kwh = watts * 24.0 * days / 1_000.0
        per_kwh = self.power(step) + terms.hosting_usd_per_kwh
        earns = mined * (1.0 - terms.pool_fee) * book.price(terms.asset)
        if terms.curtails and earns < book.dollars(kwh * on * per_kwh):
            mined = on = 0.0
        book.reward(Line.MINING, Line.COMMISSION, self.balance, mined, terms.pool_fee)
        book.enter(
            Line.CURTAILMENT,
            book.cash,
            book.dollars(kwh * terms.demand_response_share * terms.demand_response_usd_per_kwh),
        )
        machines = self.th_s / terms.hashrate_th_s
        self.bill(Line.ELECTRICITY, book.dollars(kwh * on * self.power(step)))
        rent = machines * terms.hosting_usd_per_month * 12.0 / 365.0 * days
        self.bill(Line.OPERATING, book.dollars(kwh * on * terms.hosting_usd_per_kwh + rent))

    def bill(self, line: Line, amount: float) -> None:
        """Coins at the pool pay first, then cash, then coins in the wallet, then machines, at a sale's cost."""
        book = self.book
        payers = dict.fromkeys((self.balance, book.cash, self.wallet))
        able = sum(book.market_value(account) for account in payers)
        if amount <= max(able, 0.0) * (1.0 + ROUNDING):
            book.bill(line, min(amount, max(able, 0.0)), list(payers))
            return
        for account in payers:
            if book.price(account[0]) > 0.0:
                book.enter(line, account, -book.held(account))
        amount -= able
        worth = sum(book.market_value(account) for account in self.owned)
        if worth == 0.0:
            return
        brings = worth * (1.0 - self.terms.resale_fee)
        share = 1.0 if brings <= amount else amount / brings
        for account in self.owned:
            units = book.held(account) * share
            fee = units * self.terms.resale_fee
            book.enter(Line.TRADING, account, -fee)
            sold = book.held(account) if share == 1.0 else units - fee
            money = sold * book.price(account[0])
            book.units[account] -= sold
            book.units[book.cash] += money
        book.enter(line, book.cash, -min(amount, brings))
        self.th_s *= 1.0 - share
        if share == 1.0:
            self.th_s = 0.0
            book.asked = min(book.asked, book.time)

    def pay_out(self) -> None:
        book, terms = self.book, self.terms
        if book.held(self.balance) < terms.minimum_payout_btc:
            return
        if terms.payout == "sell":
            book.sell(self.balance, book.held(self.balance), terms.sell_fee)
        else:
            book.shift(self.balance, self.wallet, book.held(self.balance))

    def leave(self) -> None:
        """Machines are put up for sale; what the pool has not paid out is lost."""
        book, terms = self.book, self.terms
        for account in self.owned:
            book.enter(Line.TRADING, account, -book.held(account) * terms.resale_fee)
            if terms.resale_days:
                self.offers.append((self.world.days[book.time] + terms.resale_days, account, book.held(account)))
                book.shift(account, self.offered[account], book.held(account))
            else:
                book.sell(account, book.held(account), 0.0)
        self.th_s = 0.0
        book.enter(Line.FORFEIT, self.balance, -book.held(self.balance))

    def deliver(self) -> None:
        book = self.book
        for offer in list(self.offers):
            due, account, _ = offer
            if self.world.passed(due, book.time):
                book.sell(self.offered[account], book.held(self.offered[account]), 0.0)
                self.offers.remove(offer)
