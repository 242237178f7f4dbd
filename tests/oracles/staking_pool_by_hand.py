"""StakingPool, by hand."""

import math

from stakingmodels import Line, StakingPool
from tests.oracles.hand_book import ROUNDING, Halted, HandBook, World, overlap, rewards


def staking_pool(terms: StakingPool, world: World) -> HandBook:
    return Pool(terms, world).run()


class Pool:
    """Coins that wait to be let in, work, wait to be let out, and are on their way."""

    def __init__(self, terms: StakingPool, world: World) -> None:
        self.terms, self.world = terms, world
        self.book = HandBook(world, terms.asset)
        self.halts = Halted(terms.halts, world)
        self.wallet, self.staked, self.idle, self.unbonding = (
            (terms.asset, place) for place in ("wallet", "staked", "rewards", "unbonding")
        )
        self.held_up = terms.asset, "rewards that a pause holds up"
        self.paid_on: float | None = None
        self.in_on = world.wait(terms.entry_days, 0)
        self.out_on: float | None = None  # when what was asked for has left the queue
        self.back_on: float | None = None  # when it is there
        self.others = terms.other_coins
        self.whole = 1.0  # part in whole validators of what is not in the buffer
        self.never_in = False  # the holder left before the deposit was let in: it is sent back, and never at work

    def run(self) -> HandBook:
        book, terms, world = self.book, self.terms, self.world
        money = book.money_for(terms.entry, terms.buy_fee)
        book.buy(self.wallet, money, terms.buy_fee)
        book.shift(self.wallet, self.staked, money if self.wallet == book.cash else book.held(self.wallet))
        self.make_up()
        book.opened()
        for step in range(len(world.days) - 1):
            book.begin(step)
            self.earn(step)
            self.strike(step)
            held = self.halts.holds(step)
            book.pay_out(terms.payout, step, self.idle, self.staked, held=held)
            if book.time == world.exit:
                self.leave()
            if not self.halts.holds(step):
                for day, account in ((self.back_on, self.unbonding), (self.paid_on, self.held_up)):
                    if world.passed(day, book.time):
                        book.sell(account, book.held(account), terms.sell_fee)
            if book.time >= world.exit:
                book.sell(self.wallet, book.held(self.wallet), terms.sell_fee)
            self.make_up()
            book.end()
        return book

    def make_up(self) -> None:
        """Whole validators of all coins that are in the pool, or in its queues."""
        if self.terms.validator_size is None:
            return
        mine = self.book.held(self.staked) + (0.0 if self.never_in else self.book.held(self.unbonding))
        coins = (mine + self.others) * (1.0 - self.terms.buffer)
        validators = math.floor(coins / self.terms.validator_size * (1.0 + ROUNDING))
        self.whole = min(1.0, validators * self.terms.validator_size / coins) if coins > 0.0 else 0.0

    def earn(self, step: int) -> None:
        book, terms, world = self.book, self.terms, self.world
        begun, ended = world.days[step], world.days[step + 1]
        works = (1.0 - terms.buffer) * self.whole
        parts = [
            (line, rate * works, fee) for line, rate, fee in rewards(terms.execution, terms.commission, world, step)
        ]
        again = terms.compounding and (terms.payout is None or terms.payout.to == "balance")
        grown = sum(rate * (1.0 - fee) * again if rate > 0.0 else rate for _, rate, fee in parts)
        self.others = max(0.0, self.others * (1.0 + grown) + terms.joining_coins_per_day * (ended - begun))
        mine = book.held(self.staked), book.held(self.unbonding)
        for line, rate, fee in parts:
            if self.out_on is None:
                reward = mine[0] * rate * self.halts.paid(step) * overlap(begun, ended, self.in_on, ended)
                target = self.staked if (terms.compounding and terms.payout is None) or reward < 0.0 else self.idle
            elif terms.earns_while_unbonding and not self.never_in:
                reward = mine[1] * rate * self.halts.paid(step) * overlap(begun, ended, begun, self.out_on)
                target = self.unbonding if reward < 0.0 else self.wallet
            else:
                continue
            book.reward(line, Line.COMMISSION, target, reward, fee)

    def strike(self, step: int) -> None:
        book, terms, world = self.book, self.terms, self.world
        at_work = not self.never_in and self.in_on <= world.days[step + 1]
        stake = {self.staked: (1.0 - terms.buffer) * self.whole, self.unbonding: self.whole}
        everything = self.staked, self.idle, self.unbonding, self.held_up
        list(book.strike(terms.failures, step, stake if at_work else {}, everything))
        list(self.halts.strike(book, step, everything))
        book.pay_claims(terms.sell_fee)

    def leave(self) -> None:
        book, terms, world = self.book, self.terms, self.world
        today = world.days[book.time]
        self.paid_on = today + self.halts.left(today)
        self.out_on = max(today, self.in_on) + self.halts.left(today) + world.wait(terms.unbonding_days, book.time)
        self.back_on = self.out_on + terms.withdrawal_days
        self.never_in = not world.passed(self.in_on, book.time)
        waits = world.wait(terms.unbonding_days, book.time) + terms.withdrawal_days > 0.0
        if not self.never_in:
            book.burn(self.staked, terms.exit_gas_usd * (2 if waits else 1))
        book.shift(self.staked, self.unbonding, book.held(self.staked))
        book.shift(self.idle, self.held_up, book.held(self.idle))
        if self.paid_on == today:
            book.sell(self.held_up, book.held(self.held_up), terms.sell_fee)
