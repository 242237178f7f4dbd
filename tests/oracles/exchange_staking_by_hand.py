"""ExchangeStaking, by hand: coins in an exchange's hands, which may fail."""

import math
from typing import cast

from stakingmodels import APR, APY, ExchangeStaking, Line, Tiers
from tests.oracles.hand_book import SECOND, Halted, HandBook, World, over_time, overlap, taken


def exchange_staking(terms: ExchangeStaking, world: World) -> HandBook:
    return Exchange(terms, world).run()


class Exchange:
    def __init__(self, terms: ExchangeStaking, world: World) -> None:
        self.terms, self.world = terms, world
        self.book = HandBook(world, terms.asset)
        self.halts = Halted(terms.halts, world)
        asset = terms.asset
        self.wallet, self.deposit, self.paid_out, self.leaving = (
            (asset, place) for place in ("wallet", "deposit", "rewards", "redemption")
        )
        self.held_up = asset, "rewards that a pause holds up"
        self.paid_on = math.inf
        self.rewards = 0.0  # coins earned since the opening, after commission
        self.term_rewards = 0.0  # the same in the term that is running
        self.in_on = world.wait(terms.entry_days, 0)
        self.asked_on: float | None = None
        self.works_until = math.inf  # when a term that cannot be left early is over
        self.out_on: float | None = None  # when the queue is over
        self.back_on: float | None = None  # when the coins are there
        self.never_in = False

    def run(self) -> HandBook:
        book, world, terms = self.book, self.world, self.terms
        money = book.money_for(terms.entry, terms.buy_fee)
        book.buy(self.wallet, money, terms.buy_fee)
        book.shift(self.wallet, self.deposit, money if self.wallet == book.cash else book.held(self.wallet))
        book.opened()
        for step in range(len(world.days) - 1):
            book.begin(step)
            self.earn(step)
            self.fail(step)
            held = self.halts.holds(step)
            book.pay_out(terms.payout, step, self.paid_out, self.deposit, held=held)
            if book.time == world.exit:
                self.leave()
            if self.asked_on is not None and self.out_on is None and world.passed(self.works_until, book.time):
                self.redeem(self.works_until)
            if not self.halts.holds(step):
                for day, account in ((self.back_on, self.leaving), (self.paid_on, self.held_up)):
                    if world.passed(day, book.time):
                        book.sell(account, book.held(account), terms.sell_fee)
            if book.time >= world.exit:
                book.sell(self.wallet, book.held(self.wallet), terms.sell_fee)
            book.end()
        return book

    def earn(self, step: int) -> None:
        """Interest of the interval, and what the exchange keeps of it."""
        book, terms, world = self.book, self.terms, self.world
        begun, ended = world.days[step], world.days[step + 1]
        rate = world.rate("reward", step)
        if terms.posted_rate is not None:
            posted = over_time(terms.posted_rate, world, step)
            rate = sum(self.posted(value, step) * share for value, share in posted)
        rate *= self.halts.paid(step)
        line = Line.CONSENSUS if terms.posted_rate is None else Line.INTEREST
        if self.out_on is None:
            earned = book.held(self.deposit) * rate * overlap(begun, ended, self.in_on, self.works_until)
            target = self.deposit if (terms.compounding and terms.payout is None) or earned < 0.0 else self.paid_out
        elif terms.earns_while_redeeming and not self.never_in:
            earned = book.held(self.leaving) * rate * overlap(begun, ended, begun, self.out_on)
            target = self.leaving if earned < 0.0 else self.wallet
        else:
            return
        kept = max(0.0, book.reward(line, Line.COMMISSION, target, earned, taken(terms.commission, world, step)))
        self.rewards += kept
        self.term_rewards += kept
        if terms.term_days is not None:
            over = math.floor(ended / terms.term_days) * terms.term_days
            if over > begun:  # a term ended in this interval; the next has run for the rest of it
                self.term_rewards = kept * overlap(begun, ended, over, ended)

    def posted(self, rate: APR | APY | Tiers, step: int) -> float:
        """What a posted rate pays on the balance that earns, each tier on its coins."""
        begun, ended = self.world.days[step], self.world.days[step + 1]
        years = (ended - begun) / 365.0
        if not isinstance(rate, Tiers):
            return float(rate.accrued(years))
        held = self.book.held
        balance = held(self.deposit) * overlap(begun, ended, self.in_on, ended)
        if self.out_on is not None:
            balance = held(self.leaving) * (not self.never_in)
        if balance <= 0.0:
            return float(rate.rates[0].accrued(years))
        first, paid = 0.0, 0.0
        for each, last in zip(rate.rates, [*cast("tuple[float, ...]", rate.up_to), math.inf], strict=False):
            paid += float(each.accrued(years)) * max(0.0, min(balance, last) - first)
            first = last
        return paid / balance

    def fail(self, step: int) -> None:
        """What lies at the exchange is lost in part, but for claims; what could be forfeited of it is lost alike."""
        book, terms, world = self.book, self.terms, self.world
        at_work = not self.never_in and self.in_on <= min(world.days[step + 1], self.works_until)
        stake = {self.deposit: 1.0, self.leaving: 1.0} if at_work else {}
        everything = self.deposit, self.paid_out, self.leaving, self.held_up
        for failure in book.strike(terms.failures, step, stake, everything):
            if failure.line != "slashing" or terms.compounding:
                self.rewards *= 1.0 - failure.severity
                self.term_rewards *= 1.0 - failure.severity
        for _ in self.halts.strike(book, step, everything):
            self.rewards = self.term_rewards = 0.0
        book.pay_claims(terms.sell_fee)

    def leave(self) -> None:
        """Ask for the coins, today or when the running term is over."""
        terms = self.terms
        term = terms.term_days or math.inf
        self.asked_on = self.world.days[self.book.time]
        if self.is_early():
            if terms.early_redemption == "refused":
                self.works_until = math.ceil(self.asked_on / term) * term
                self.pay_rewards()
                return
            if self.world.passed(self.in_on, self.book.time):  # else nothing has been at work yet
                self.forfeit()
        self.redeem(self.asked_on)

    def is_early(self) -> bool:
        term = self.terms.term_days
        if term is None or self.asked_on is None:
            return False
        since = self.asked_on % term
        return min(since, term - since) > SECOND / 2

    def redeem(self, day: float) -> None:
        book, terms, world = self.book, self.terms, self.world
        self.out_on = max(day, self.in_on) + self.halts.left(day) + world.wait(terms.redemption_days, book.time)
        self.back_on = self.out_on + terms.withdrawal_days
        self.never_in = self.in_on > day + SECOND / 2
        book.shift(self.deposit, self.leaving, book.held(self.deposit))
        self.pay_rewards()

    def pay_rewards(self) -> None:
        """Rewards that are not staked are sold, when no pause holds them up."""
        book, today = self.book, self.world.days[self.book.time]
        self.paid_on = today + self.halts.left(today)
        book.shift(self.paid_out, self.held_up, book.held(self.paid_out))
        if self.paid_on == today:
            book.sell(self.held_up, book.held(self.held_up), self.terms.sell_fee)

    def forfeit(self) -> None:
        book, terms = self.book, self.terms
        amount = {
            "free": 0.0,
            "forfeit_all": self.rewards,
            "forfeit_period": self.term_rewards,
            "penalty": terms.penalty * book.held(self.deposit),
        }[terms.early_redemption]
        target = self.deposit if terms.compounding or terms.early_redemption == "penalty" else self.paid_out
        book.enter(Line.FORFEIT, target, -min(max(amount, 0.0), book.held(target)))
