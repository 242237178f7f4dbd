"""ExchangeStaking, by hand: coins in an exchange's hands, which may fail."""

import math

from stakingmodels import ExchangeStaking, Line
from tests.oracles.hand_book import HandBook, World


def exchange_staking(terms: ExchangeStaking, world: World) -> HandBook:
    return Exchange(terms, world).run()


class Exchange:
    def __init__(self, terms: ExchangeStaking, world: World) -> None:
        self.terms, self.world = terms, world
        self.book = HandBook(world, terms.asset)
        asset = terms.asset
        self.wallet, self.entering, self.deposit, self.paid_out, self.leaving, self.returning = (
            (asset, place) for place in ("wallet", "entering", "deposit", "rewards", "redemption", "returning")
        )
        claimed = asset if terms.recovery_in == "coin" else world.numeraire
        self.claim = (claimed, "claim")
        self.rewards = 0.0  # coins earned since the opening, after commission
        self.term_rewards = 0.0  # the same in the term that is running
        self.in_on = world.wait(terms.entry_days, 0)
        self.term_ends: float | None = None  # where the holder waits for that to leave
        self.wait = 0.0
        self.out_on: float | None = None
        self.recovered_on: float | None = None

    def run(self) -> HandBook:
        book, world = self.book, self.world
        if self.terms.asset == world.numeraire:
            source, self.wallet = book.cash, book.cash
        else:
            book.buy(self.wallet, world.capital, self.terms.buy_fee)
            source = self.wallet
        book.shift(source, self.entering if self.in_on > 0.0 else self.deposit, book.held(source))
        book.opened()
        for step in range(len(world.days) - 1):
            book.begin(step)
            self.earn(step)
            if world.strikes_in(self.terms.custodian, step) and self.recovered_on is None:
                self.fail()
            if self.term_ends is not None and self.out_on is None and world.passed(self.term_ends, book.time):
                self.redeem(self.term_ends)
                book.sell(self.paid_out, book.held(self.paid_out), self.terms.sell_fee)
            if book.time == world.exit:
                self.leave()
            if world.passed(self.out_on, book.time):
                book.sell(self.leaving, book.held(self.leaving), self.terms.sell_fee)
            if self.out_on is not None and world.passed(self.in_on + self.wait, book.time):
                book.sell(self.returning, book.held(self.returning), self.terms.sell_fee)
            if world.passed(self.recovered_on, book.time):
                self.recover()
            book.end()
        return book

    def earn(self, step: int) -> None:
        """Interest of the interval, and what the exchange keeps of it."""
        book, terms = self.book, self.terms
        line = Line.CONSENSUS if terms.apr is None else Line.INTEREST
        days = self.world.days
        rate = self.world.rate("reward", step)
        if terms.apr is not None:
            rate = float(terms.apr.accrued((days[step + 1] - days[step]) / 365.0))
        if self.out_on is not None and terms.earns_while_redeeming:
            part = self.world.part(-math.inf, self.out_on - terms.withdrawal_days, step)
            paid = book.held(self.leaving) * part * max(rate, 0.0)
            book.reward(line, Line.COMMISSION, self.wallet, paid, terms.commission)
            book.sell(self.wallet, book.held(self.wallet), terms.sell_fee)
        let_in = book.held(self.entering) * self.world.part(self.in_on, math.inf, step)
        earned = (book.held(self.deposit) + let_in) * rate
        if self.term_ends is not None:
            earned *= self.world.part(-math.inf, self.term_ends, step)
        if self.world.passed(self.in_on, book.time):
            book.shift(self.entering, self.deposit, book.held(self.entering))
        target = self.deposit if terms.compounding or earned < 0.0 else self.paid_out
        kept = book.reward(line, Line.COMMISSION, target, earned, terms.commission)
        kept = max(kept, 0.0)
        self.rewards += kept
        self.term_rewards += kept
        if terms.term_days is not None:
            begun, ended = days[step], days[step + 1]
            terms_before, terms_after = int(begun // terms.term_days), int(ended // terms.term_days)
            if terms_after > terms_before:  # a term ended in this interval; the next has run for part of it
                part = (ended - terms_after * terms.term_days) / (ended - begun)
                self.term_rewards = kept * part

    def fail(self) -> None:
        """All that lies at the exchange is lost but for a claim, in coins or in money of today."""
        book, terms = self.book, self.terms
        lying = [self.entering, self.deposit, self.paid_out, self.leaving, self.returning]
        for account in lying:
            units = book.held(account)
            book.enter(Line.CREDIT, account, -(1.0 - terms.recovery) * units)
            rest = book.held(account)
            if self.claim[0] == terms.asset:
                book.shift(account, self.claim, rest)
            else:
                book.units[self.claim] = book.held(self.claim) + book.worth(account)
                book.units[account] = 0.0
        self.recovered_on = self.world.days[book.time] + terms.recovery_days

    def leave(self) -> None:
        book, terms = self.book, self.terms
        today = self.world.days[book.time]
        in_wallet = book.held(self.wallet) if self.terms.asset != self.world.numeraire else 0.0
        if in_wallet:
            book.sell(self.wallet, in_wallet, terms.sell_fee)
        early = terms.term_days is not None and today % terms.term_days != 0.0
        if early:
            self.forfeit()
        if early and terms.term_days is not None and terms.early_redemption == "refused":
            self.term_ends = (today // terms.term_days + 1.0) * terms.term_days
        else:
            self.redeem(today)
        book.sell(self.paid_out, book.held(self.paid_out), terms.sell_fee)

    def redeem(self, since: float) -> None:
        """Ask for all back, from a day on; what still waits to be let in comes back after that."""
        book, terms = self.book, self.terms
        self.wait = self.world.wait(terms.redemption_days, book.time) + terms.withdrawal_days
        self.out_on = since + self.wait
        book.shift(self.deposit, self.leaving, book.held(self.deposit))
        book.shift(self.entering, self.returning, book.held(self.entering))

    def forfeit(self) -> None:
        book, terms = self.book, self.terms
        amount = 0.0
        if terms.early_redemption == "forfeit_all":
            amount = self.rewards
        elif terms.early_redemption == "forfeit_period":
            amount = self.term_rewards
        elif terms.early_redemption == "penalty":
            amount = terms.penalty * book.held(self.deposit)
        target = self.deposit if terms.compounding or terms.early_redemption == "penalty" else self.paid_out
        book.enter(Line.FORFEIT, target, -min(max(amount, 0.0), book.held(target)))

    def recover(self) -> None:
        book = self.book
        if self.claim[0] == self.world.numeraire:
            book.shift(self.claim, book.cash, book.held(self.claim))
        elif book.time < self.world.exit:
            book.shift(self.claim, self.wallet, book.held(self.claim))
        else:
            book.sell(self.claim, book.held(self.claim), self.terms.sell_fee)
