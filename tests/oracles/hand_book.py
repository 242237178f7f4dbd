"""A ledger for one path in plain floats, and the world that the path lives in.

The rules are those of docs/explanation/conventions.md: levels are read at an interval's end, rates arrive as the
fraction accrued in it, prices move first and on what was held at its start, cash in the wallet earns the cash rate.
"""

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from stakingmodels import APR, Entry, Execution, Failure, Halt, Line, Payout, Schedule
from stakingmodels.market import EntryWait, ExitWait

Account = tuple[str, str]
"""An asset and the place where it lies."""

ROUNDING = 1e-12
"""Share of the capital that may be left behind where all is said to be in hand."""

SECOND = 1.0 / 86_400.0
LINES = {"credit": Line.CREDIT, "slashing": Line.SLASHING, "exploit": Line.EXPLOIT}


def overlap(begun: float, ended: float, first: float, last: float) -> float:
    """Share of an interval that lies between two days."""
    return max(0.0, min(ended, last) - max(begun, first)) / (ended - begun)


@dataclass
class World:
    """One path of a market: a number for every time, or for every interval, as lists."""

    days: list[float]
    moments: list[str]
    exit: int
    capital: float
    prices: dict[str, list[float]]
    ratios: dict[str, list[float]] = field(default_factory=dict)
    accrued: dict[str, list[float]] = field(default_factory=dict)
    levels: dict[str, list[float]] = field(default_factory=dict)
    strikes: dict[str, list[bool]] = field(default_factory=dict)
    numeraire: str = "USD"

    def rate(self, name: str, step: int) -> float:
        """What a rate pays over an interval, 0 where the world has none."""
        return self.accrued[name][step] if name in self.accrued else 0.0

    def passed(self, day: float | None, time: int) -> bool:
        """Whether a day has come by a time of the grid; None never comes. Grids know whole seconds."""
        return day is not None and self.days[time] >= day - SECOND / 2

    def wait(self, days: object, time: int) -> float:
        """Days of a wait: a number, or a queue of the market as it is at a time."""
        if isinstance(days, EntryWait | ExitWait):
            return self.levels[type(days).__name__][time]
        return float(days)  # type: ignore[arg-type]

    def strikes_in(self, event: object, step: int) -> bool:
        """Whether an event of the terms strikes in an interval."""
        return event is not None and self.strikes[event.name][step]  # type: ignore[attr-defined]


def over_time(term: object, world: World, step: int) -> list[tuple[Any, float]]:
    """Values of a term in an interval, each with its share of the days: the term itself, if it never changes."""
    if not isinstance(term, Schedule):
        return [(term, 1.0)]
    opening = dt.datetime.fromisoformat(world.moments[0])
    days = [
        (dt.datetime.fromisoformat(str(each)[:19]) - opening).total_seconds() / 86_400.0
        for each in cast("tuple[object, ...]", term.on)
    ] or list(cast("tuple[float, ...]", term.after_days))
    begun, ended = world.days[step], world.days[step + 1]
    spans = zip(term.values, [-math.inf, *days], [*days, math.inf], strict=True)
    return [(value, overlap(begun, ended, first, last)) for value, first, last in spans]


def taken(fee: object, world: World, step: int) -> float:
    """A fee's fraction of the interval, one after another by their days."""
    return sum(float(value) * share for value, share in over_time(fee, world, step))


class Halted:
    """What halts do on one path: the spans in which nothing is paid, and the ends."""

    def __init__(self, halts: tuple[Halt, ...], world: World) -> None:
        self.halts, self.world = halts, world
        self.pauses: list[tuple[float, float]] = []
        self.ended: list[float] = []

    def dated(self, step: int) -> list[tuple[Halt, float]]:
        """Halts of an interval by their date, with the day; the first has those that have begun before it, too."""
        opening = dt.datetime.fromisoformat(self.world.moments[0])
        found = []
        for halt in self.halts:
            if halt.on is not None:
                day = (dt.datetime.fromisoformat(str(halt.on)[:19]) - opening).total_seconds() / 86_400.0
                begun = self.world.days[step] if step else -math.inf
                if begun + SECOND / 2 < day < self.world.days[step + 1] + SECOND / 2:
                    found.append((halt, day))
        return sorted(found, key=lambda each: each[1])

    def paid(self, step: int) -> float:
        """Share of the interval in which there is pay. It is asked first."""
        begun, ended = self.world.days[step], self.world.days[step + 1]
        struck = [(halt, begun) for halt in self.halts if self.world.strikes_in(halt.event, step)]
        for halt, day in (*struck, *self.dated(step)):
            if halt.effect == "pause":
                self.pauses.append((day, day + halt.days))
            elif halt.event is not None:
                continue
            else:
                self.ended.append(day)
        spans = [*self.pauses, *((day, math.inf) for day in self.ended)]
        cuts = sorted({begun, ended, *(min(max(day, begun), ended) for span in spans for day in span)})
        free = 0.0
        for first, last in itertools.pairwise(cuts):
            middle = (first + last) / 2
            free += 0.0 if any(a <= middle < b for a, b in spans) else last - first
        return free / (ended - begun)

    def strike(self, book: "HandBook", step: int, accounts: tuple[Account, ...]) -> Iterator[Halt]:
        """Ends of all, by events and then by dates; yields each."""
        today = self.world.days[step + 1]
        for halt in self.halts:
            if halt.effect == "wind-up" and self.world.strikes_in(halt.event, step):
                book.hand_back(halt, today, accounts)
                yield halt
        for halt, day in self.dated(step):
            if halt.effect == "wind-up":
                book.hand_back(halt, day, accounts)
                yield halt

    def left(self, day: float) -> float:
        """Days of a pause that are left from a day on."""
        return max(0.0, max((last for _, last in self.pauses), default=0.0) - day)

    def holds(self, step: int) -> bool:
        """Whether nothing leaves at an interval's end."""
        return self.left(self.world.days[step + 1]) > SECOND / 2


def rewards(execution: Execution | None, fee: object, world: World, step: int) -> list[tuple[Line, float, float]]:
    """Tips and MEV, and all other rewards, each with its fraction of the stake and what is taken of it."""
    total, kept = world.rate("reward", step), taken(fee, world, step)
    if execution is None:
        return [(Line.CONSENSUS, total, kept)]
    own = kept if execution.commission is None else taken(execution.commission, world, step)
    if execution.rate is not None:
        years = (world.days[step + 1] - world.days[step]) / 365.0
        number = cast("float", execution.rate.value)
        tips = number * years if isinstance(execution.rate, APR) else (1.0 + number) ** years - 1.0
        return [(Line.EXECUTION, tips, own), (Line.CONSENSUS, total, kept)]
    tips = max(world.rate("execution", step), 0.0) if execution.share is None else execution.share * max(total, 0.0)
    tips = min(tips, max(total, 0.0))
    return [(Line.EXECUTION, tips, own), (Line.CONSENSUS, total - tips, kept)]


class HandBook:
    """Units by account, money by line, and what a reader of an outcome asks for."""

    def __init__(self, world: World, coin: str) -> None:
        self.world, self.coin = world, coin
        self.cash: Account = (world.numeraire, "wallet")
        self.paid: Account = (world.numeraire, "paid out")
        """What the holder has been paid: it earns the cash rate, and pays no bills."""
        self.units: dict[Account, float] = {self.cash: world.capital, self.paid: 0.0}
        self.marks: dict[Account, str] = {}
        self.money: dict[Line, float] = defaultdict(float)
        self.native: dict[tuple[Line, str], float] = defaultdict(float)
        self.coins: dict[Line, float] = defaultdict(float)
        self.cash_interest = 0.0
        self.paid_at: dict[Account, float] = {}
        """The coin's price, in units paid in advance, on the day of that: they count in coins of that day."""
        self.exchanged_at_a_fee: set[str] = set()
        self.time = 0
        self.days_to_cash = math.inf
        self.asked = world.exit
        """The time at which the money was asked for, or at which the product ended by itself."""
        self.missing = 0.0
        self.deployed = 0.0
        self.peak, self.max_drawdown = world.capital, 0.0
        self.scale = world.capital
        self.coin_scale = 0.0
        self.values: list[float] = []
        self.proceeds = math.nan
        self.claims: list[tuple[float, Account, float]] = []
        """Of what was lost and comes back: the day, the account, and the units."""

    # What things are worth now.

    def price(self, asset: str, time: int | None = None) -> float:
        at = self.time if time is None else time
        return 1.0 if asset == self.world.numeraire else self.world.prices[asset][at]

    def dollars(self, amount: float) -> float:
        """An amount in US dollars in the money of the world."""
        return amount * self.price("USD") if amount else 0.0

    def ratio(self, account: Account, time: int | None = None) -> float:
        at = self.time if time is None else time
        return self.world.ratios[self.marks[account]][at] if account in self.marks else 1.0

    def market_value(self, account: Account) -> float:
        return self.units[account] * self.price(account[0]) * self.ratio(account)

    def value(self) -> float:
        return sum(self.market_value(account) for account in self.units)

    def held(self, account: Account) -> float:
        return self.units.get(account, 0.0)

    # What changes them.

    def reward(self, line: Line, fee: Line, account: Account, units: float, fraction: float) -> float:
        """A reward and what a fee takes of it; of a negative reward no fee is taken. Returns what is left."""
        taken = fraction * max(units, 0.0)
        self.enter(line, account, units)
        self.enter(fee, account, -taken)
        return units - taken

    def enter(self, line: Line, account: Account, units: float) -> None:
        """A gain or a loss, with its cause."""
        self.units[account] = self.held(account) + units
        money = units * self.price(account[0]) * self.ratio(account)
        self.note(line, money)
        self.native[line, account[0]] += units
        if account[0] == self.coin:
            self.coins[line] += units
            self.coin_scale = max(self.coin_scale, abs(self.coins[line]))
        else:
            self.note_coins(line, units if account in self.paid_at else money, self.paid_at.get(account))

    def lose(self, line: Line, account: Account, share: float) -> None:
        """A share of what an account holds."""
        self.enter(line, account, -share * self.held(account))

    def strike(
        self, failures: tuple[Failure, ...], step: int, staked: dict[Account, float], others: tuple[Account, ...]
    ) -> Iterator[Failure]:
        """Losses of an interval and the claims on them, by the failures in turn; yields each that has struck.

        `staked` has the share of each account that a slashing reaches; all else is struck as a whole.
        """
        for failure in failures:
            if not self.world.strikes_in(failure.event, step):
                continue
            reached = staked if failure.line == "slashing" else dict.fromkeys((*staked, *others), 1.0)
            for account, share in reached.items():
                held = self.held(account)
                lost = held if failure.severity * share == 1.0 else failure.severity * share * held
                self.enter(LINES[failure.line], account, -lost * (1.0 - failure.recovery))
                self.claim(failure, account, lost * failure.recovery)
                if lost == held:
                    self.units[account] = 0.0  # no rounding is left
            yield failure

    def claim(self, failure: Failure, account: Account, units: float) -> None:
        """A claim on units of an account, in coins or in money of today: dollars, where they have a price."""
        if units == 0.0:
            return
        due = self.world.days[self.time] + failure.delay_days
        money = "USD" if "USD" in self.world.prices else self.world.numeraire
        if failure.recovery_in == "coin" or account[0] == money:
            claim = account[0], "claim"
            self.shift(account, claim, units)
        else:
            claim = money, "claim"
            worth = units * self.price(account[0]) * self.ratio(account) / self.price(money)
            self.units[claim] = self.held(claim) + worth
            self.units[account] -= units
            units = worth
        self.claims.append((due, claim, units))

    def hand_back(self, halt: Halt, day: float, accounts: tuple[Account, ...]) -> None:
        """All that is left is handed back some days after a day, but for a part."""
        self.asked = min(self.asked, self.time)
        for account in accounts:
            held = self.held(account)
            if held:
                self.enter(Line.CREDIT, account, -held * (1.0 - halt.returned))
                claim = account[0], "claim"
                back = self.held(account) if halt.returned else 0.0
                self.shift(account, claim, back)
                self.units[account] = 0.0
                if back:
                    self.claims.append((day + halt.days, claim, back))

    def pay_out(self, payout: Payout | None, step: int, rewards: Account, stake: Account, *, held: bool) -> None:
        """Rewards that wait are paid out, if a day of the pay-outs is in the interval and they suffice."""
        if payout is None or (held and payout.to == "holder"):
            return
        days = [math.floor((self.world.days[k] + SECOND / 2) / payout.every_days) for k in (step, step + 1)]
        units, price = self.held(rewards), self.price(self.coin)
        cost = self.dollars(payout.cost_usd)
        if days[0] == days[1] or units == 0.0 or units < payout.minimum_coins:
            return
        if cost and (price == 0.0 or units * price < cost):
            return
        if cost:
            several = [days[1] - days[0], units * price / cost]
            if payout.minimum_coins:
                several.append(units / payout.minimum_coins)
            claims = max(math.floor(min(several)), 1)
            self.enter(Line.NETWORK_FEE, rewards, -min(claims * cost / price, units))
        self.shift(rewards, stake if payout.to == "balance" else (self.coin, "wallet"), self.held(rewards))

    def money_for(self, entry: Entry | None, fee: float, token: float | None = None) -> float:
        """Capital that is deposited at the opening, after gas; nothing where it falls short of what is asked.

        `token` is the ratio of a token that is bought: a trade with its fee, also where the money is the coin.
        """
        if entry is None:
            return self.world.capital
        price, gas = self.price(self.coin), self.dollars(entry.gas_usd)
        fee = 0.0 if self.coin == self.world.numeraire and token is None else fee
        needed = entry.minimum_deposit * (1.0 if token is None else token) * (1.0 + fee) * price + gas
        if needed - self.world.capital > ROUNDING * needed:
            self.missing = needed - self.world.capital
            return 0.0
        if gas:
            self.enter(Line.NETWORK_FEE, self.cash, -gas)
        return self.held(self.cash)

    def burn(self, account: Account, dollars: float) -> None:
        """Gas, from an account and no more than it holds."""
        worth = self.price(account[0]) * self.ratio(account)
        if dollars and worth > 0.0:
            self.enter(Line.NETWORK_FEE, account, -min(self.dollars(dollars) / worth, self.held(account)))

    def pay_claims(self, fee: float) -> None:
        """What is due of the claims, for money."""
        due = [each for each in self.claims if self.world.passed(each[0], self.time)]
        self.claims = [each for each in self.claims if each not in due]
        for _, account, units in due:
            is_last = all(each[1] != account for each in self.claims) and account == due[-1][1]
            charged = (
                fee if account[0] in (self.coin, self.world.numeraire, *self.exchanged_at_a_fee) else 0.0
            )  # dollars are exchanged free of it, unless a product holds them
            self.sell(account, self.held(account) if is_last and due[-1][2] == units else units, charged)

    def note(self, line: Line, money: float) -> None:
        self.money[line] += money
        self.scale = max(self.scale, abs(money), abs(self.money[line]))

    def note_coins(self, line: Line, money: float, paid_at: float | None = None) -> None:
        """Money counts in coins at the price of the moment; where that is 0, no number of coins stands for it."""
        price = self.price(self.coin) if paid_at is None else paid_at
        if price > 0.0:
            self.coins[line] += money / price
            self.coin_scale = max(self.coin_scale, abs(self.coins[line]))

    def shift(self, source: Account, target: Account, units: float) -> None:
        """Units of one asset to another place; another ratio there is a discount."""
        self.units[source] = self.held(source) - units
        self.units[target] = self.held(target) + units
        gap = units * self.price(source[0]) * (self.ratio(target) - self.ratio(source))
        if gap:
            self.note(Line.DISCOUNT, gap)
            self.note_coins(Line.DISCOUNT, gap)

    def buy(self, target: Account, money: float, fee: float) -> None:
        """Coins for money of the wallet, fee on top; where the coin is worth nothing there is no trade.

        Money itself is not bought.
        """
        if target[0] == self.world.numeraire and target not in self.marks:
            self.shift(self.cash, target, money)
            return
        worth = self.price(target[0]) * self.ratio(target)
        if worth == 0.0:
            return
        spent = money / (1.0 + fee)
        self.units[self.cash] -= spent
        self.units[target] = self.held(target) + spent / worth
        self.enter(Line.TRADING, self.cash, spent - money)

    def sell(self, source: Account, units: float, fee: float) -> None:
        """Coins for money that is paid out, fee out of what they bring. Money needs no sale."""
        if source[0] == self.world.numeraire and source not in self.marks:
            self.shift(source, self.paid, units)
            return
        proceeds = units * self.price(source[0]) * self.ratio(source)
        self.units[source] = self.held(source) - units
        self.units[self.paid] += proceeds
        self.enter(Line.TRADING, self.paid, -fee * proceeds)

    def bill(self, line: Line, amount: float, payers: list[Account]) -> None:
        """A cost in money, taken from some accounts in turn and then from the holder's pocket."""
        for account in payers:
            worth = self.market_value(account) if account in self.units else 0.0
            if worth <= 0.0 or amount == 0.0:
                continue
            paid = min(amount, worth)
            share = 1.0 if paid == worth else paid / worth
            self.enter(line, account, -self.units[account] * share)
            amount -= paid
        if amount > 0.0:
            self.enter(Line.CONTRIBUTION, self.cash, amount)
            self.enter(line, self.cash, -amount)

    # The days.

    def opened(self) -> None:
        """What the opening left, before the first interval."""
        working = sum(self.market_value(account) for account in self.units if account[1] != "wallet")
        self.deployed = working / self.world.capital
        self.watch()

    def begin(self, step: int) -> None:
        """Prices move on what was held, and cash, in the wallet or paid out, earns its interest."""
        self.time = step + 1
        rate = self.world.rate("cash", step)
        interest = (self.units[self.cash] + self.units[self.paid]) * rate
        for account, units in self.units.items():
            before, after = self.price(account[0], step), self.price(account[0])
            was, is_now = self.ratio(account, step), self.ratio(account)
            self.note(Line.PRICE, units * was * (after - before))
            discount = units * after * (is_now - was)
            if discount:
                self.note(Line.DISCOUNT, discount)
                self.note_coins(Line.DISCOUNT, discount)
        if interest:
            for account in (self.cash, self.paid):
                self.units[account] *= 1.0 + rate
            self.note(Line.INTEREST, interest)
            self.native[Line.INTEREST, self.world.numeraire] += interest
            if self.coin == self.world.numeraire and self.time <= self.asked:  # else no yield in the coin
                self.coins[Line.INTEREST] += interest

    def end(self) -> None:
        """The interval is over: is all in hand, and how far below its peak is it? At the exit the wallet is emptied."""
        if self.time == self.world.exit:
            self.shift(self.cash, self.paid, self.units[self.cash])
        self.watch()
        waiting = self.time >= self.asked and self.days_to_cash == math.inf
        if waiting and self.outside() <= ROUNDING * self.world.capital:
            self.days_to_cash = self.world.days[self.time] - self.world.days[self.asked]
            self.proceeds = self.value()
        elif waiting:
            self.proceeds = self.value()

    def outside(self) -> float:
        """Worth of all that is not money in hand; coins worth nothing just now are outside all the same."""
        total = 0.0
        for account, units in self.units.items():
            if account not in (self.cash, self.paid) and units != 0.0:
                worth = abs(self.market_value(account))
                total += worth if worth > 0.0 else math.inf
        return total

    def watch(self) -> None:
        value = self.value()
        self.values.append(value)
        self.scale = max(self.scale, abs(value))
        self.peak = max(self.peak, value)
        if self.peak > 0.0:
            self.max_drawdown = max(self.max_drawdown, (self.peak - value) / self.peak)
