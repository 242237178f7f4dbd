"""SoloValidator, by hand: deposits that wait, validators that work, coins on their way back."""

import math
from dataclasses import dataclass

from stakingmodels import Line, SoloValidator
from stakingmodels.products import Failure
from tests.oracles.hand_book import ROUNDING, HandBook, World, taken

ETH_32, ETH_2048 = 32.0, 2_048.0
PROPOSALS, FINED = 8 / 64, 42 / 64
DOWN, UP = 0.25, 1.25
GWEI = 10**9


@dataclass
class Returning:
    """Coins of which the day of arrival is known."""

    coins: float
    due: float


def effective(balance: float, before: float, most: float) -> float:
    """Whole coins of a balance, once it is far enough from what counted before; in whole Gwei, as the chain does."""
    gwei = round(balance * GWEI)
    if gwei + DOWN * GWEI < before * GWEI or before * GWEI + UP * GWEI < gwei:
        return min(float(gwei // GWEI), most)
    return before


def solo_validator(terms: SoloValidator, world: World) -> HandBook:
    return Validators(terms, world).run()


class Validators:
    def __init__(self, terms: SoloValidator, world: World) -> None:
        self.terms, self.world = terms, world
        self.book = HandBook(world, terms.asset)
        self.wallet, self.staked, self.returning = (
            (terms.asset, place) for place in ("wallet", "validators", "withdrawing")
        )
        self.own = ETH_32 if terms.bond is None else terms.bond
        self.lent = ETH_32 - self.own  # other people's coins in each validator
        self.most = ETH_2048 if terms.compounding and terms.bond is None else ETH_32
        self.count = 0.0
        self.counted = 0.0  # effective balance of each validator
        self.queue: list[Returning] = []
        self.in_on = world.wait(terms.entry_days, 0)
        self.leaves_on: float | None = None
        self.gone = False
        self.kept = 0.0

    def run(self) -> HandBook:
        book, world = self.book, self.world
        self.open()
        book.opened()
        for step in range(len(world.days) - 1):
            book.begin(step)
            if self.count > 0:
                self.work(step)
            self.fail(step)
            if self.count > 0 and self.leaves_on is not None and world.passed(self.leaves_on, book.time):
                self.withdraw(self.leaves_on)
            if book.time == world.exit:
                self.leave()
            self.arrivals()
            book.end()
        return book

    def open(self) -> None:
        book, terms, world = self.book, self.terms, self.world
        fee = 0.0 if terms.asset == world.numeraire else terms.buy_fee  # money is not bought
        price = book.price(terms.asset) * (1.0 + fee)
        least = 1 if terms.validators is None else terms.validators
        hardware = book.dollars(terms.hardware_usd)
        needed = hardware + least * self.own * price
        book.missing = needed - world.capital if needed > world.capital * (1.0 + ROUNDING) else 0.0
        if book.missing > 0.0:
            book.buy(self.wallet, world.capital, terms.buy_fee)
            return
        if hardware:
            book.enter(Line.OPERATING, book.cash, -hardware)
        book.buy(self.wallet, book.held(book.cash), terms.buy_fee)
        coins = book.held(self.wallet)
        self.count = math.floor(coins / self.own * (1.0 + ROUNDING)) if terms.validators is None else terms.validators
        stake = min(coins, self.count * (self.most - self.lent))
        book.shift(self.wallet, self.staked, stake)
        each = stake / self.count + self.lent
        self.counted = min(float(round(each * GWEI) // GWEI), self.most)  # at the deposit, all of it

    def work(self, step: int) -> None:
        book, terms, world = self.book, self.terms, self.world
        begun, ended = world.days[step], world.days[step + 1]
        until = ended if self.leaves_on is None else min(ended, self.leaves_on)
        days = max(0.0, until - max(begun, self.in_on))
        part = days / (ended - begun)
        stake = self.count * self.counted
        reward = world.rate("reward", step)
        tips = min(max(world.rate("execution", step), 0.0), max(reward, 0.0))
        execution, consensus = stake * tips * part, stake * (reward - tips) * part
        self.kept = taken(terms.commission, world, step)
        self.attest(consensus)
        self.tip(execution * terms.uptime)
        self.skim()
        if days > 0 and world.strikes_in(terms.slashing, step):
            self.slash()
        open_days = until - begun
        cost = book.dollars(terms.running_cost_usd_per_day * open_days)
        book.bill(Line.OPERATING, cost, [book.cash, self.wallet])
        if self.count > 0:
            self.counted = effective(self.each(), self.counted, self.most)

    def part(self) -> float:
        """Part of a reward that belongs to the owner: that on its coins, and a commission on the borrowed ones."""
        return (self.own + self.lent * self.terms.borrowed_commission) / ETH_32

    def attest(self, consensus: float) -> None:
        """A reward for the time online, a fine for that offline; together they may be a gain, shared, or a loss."""
        book, terms = self.book, self.terms
        earned, fined = consensus * terms.uptime, FINED * max(consensus, 0.0) * (1.0 - terms.uptime)
        if earned > fined:
            book.enter(Line.CONSENSUS, self.staked, earned * self.part())
            book.enter(Line.DOWNTIME, self.staked, -fined * self.part())
            if terms.commission_on == "rewards":
                book.enter(Line.COMMISSION, self.staked, (fined - earned) * self.part() * self.kept)
        elif consensus < 0.0:
            book.enter(Line.CONSENSUS, self.staked, -min(-earned, book.held(self.staked)))
        else:
            share = 1.0 if earned == fined else min(1.0, book.held(self.staked) / (fined - earned))
            book.enter(Line.CONSENSUS, self.staked, earned * share)
            book.enter(Line.DOWNTIME, self.staked, -fined * share)

    def tip(self, execution: float) -> None:
        """Tips and MEV, of which a pool takes its fee, and an operator a part of the rest."""
        book, terms = self.book, self.terms
        mine = execution * self.part()
        fee = mine * (terms.smoothing_fee or 0.0)
        book.enter(Line.EXECUTION, self.wallet, mine)
        book.enter(Line.PROTOCOL, self.wallet, -fee)
        book.enter(Line.COMMISSION, self.wallet, -(mine - fee) * self.kept)

    def as_felt(self, failure: Failure) -> Failure:
        """A slashing of the whole validators takes its coins from the bond."""
        if failure.line != "slashing":
            return failure
        return failure.replace(severity=min(1.0, failure.severity * ETH_32 / self.own))

    def fail(self, step: int) -> None:
        """Losses of all validators together: they go on with the rest, or are gone."""
        book, terms, world = self.book, self.terms, self.world
        until = world.days[step + 1] if self.leaves_on is None else min(world.days[step + 1], self.leaves_on)
        at_work = self.count > 0 and until > max(world.days[step], self.in_on)
        others = self.staked, self.returning
        felt = tuple(self.as_felt(each) for each in terms.failures)
        for failure in book.strike(felt, step, {self.staked: 1.0} if at_work else {}, others):
            if failure.line != "slashing":
                self.queue = [Returning(x.coins * (1.0 - failure.severity), x.due) for x in self.queue]
            elif not at_work:
                continue
            if failure.severity == 1.0:
                self.count = 0
            elif self.count > 0:
                self.counted = effective(self.each(), self.counted, self.most)
        book.pay_claims(terms.sell_fee)

    def each(self) -> float:
        """Balance of a validator."""
        return self.book.held(self.staked) / self.count + self.lent

    def withdraw(self, day: float) -> None:
        """Validators are out of the exit queue: their coins come after the sweep."""
        book = self.book
        self.queue.append(Returning(book.held(self.staked), day + self.terms.withdrawal_days))
        book.shift(self.staked, self.returning, book.held(self.staked))
        self.count = 0

    def skim(self) -> None:
        """What validators hold above the most that they may goes to the wallet."""
        book = self.book
        above = book.held(self.staked) - self.count * (self.most - self.lent)
        if above > 0.0:
            book.shift(self.staked, self.wallet, above)

    def slash(self) -> None:
        book, terms = self.book, self.terms
        struck = min(1.0, self.count)
        stake = book.held(self.staked) * (struck / self.count)
        lost = min(terms.slashing_severity * (stake + self.lent * struck), stake)
        book.enter(Line.SLASHING, self.staked, -lost)
        rest = stake - lost if struck < self.count else book.held(self.staked)
        self.queue.append(Returning(rest, self.world.days[book.time] + terms.slashing_wait_days))
        book.shift(self.staked, self.returning, rest)
        self.count -= struck

    def leave(self) -> None:
        book, terms = self.book, self.terms
        today = self.world.days[book.time]
        self.leaves_on = max(today, self.in_on) + self.world.wait(terms.exit_days, book.time)
        book.bill(Line.NETWORK_FEE, book.dollars(terms.exit_gas_usd * self.count), [book.cash, self.wallet])
        book.sell(self.wallet, book.held(self.wallet), terms.sell_fee)
        if self.count > 0 and self.world.passed(self.leaves_on, book.time):
            self.withdraw(self.leaves_on)

    def arrivals(self) -> None:
        book, terms = self.book, self.terms
        for ticket in [x for x in self.queue if self.world.passed(x.due, book.time)]:
            self.queue.remove(ticket)
            last = not self.queue and self.count == 0
            book.shift(self.returning, self.wallet, book.held(self.returning) if last else ticket.coins)
        if book.time >= self.world.exit:
            book.sell(self.wallet, book.held(self.wallet), terms.sell_fee)
