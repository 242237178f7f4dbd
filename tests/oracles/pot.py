"""A small product as a third party would write it: coins that earn, and leave by a sale or through a queue."""

from stakingmodels import Book, Factor, Line, Now, Position, Price, Product, StakingReward, terms
from stakingmodels._types import IntArray, PathValue


@terms.sheet
class Pot(Product):
    """Coins that earn the chain's reward; a sale costs a fee, a queue costs days without pay."""

    asset: str = terms.coin(default="ETH", kw_only=False)
    wait_days: float = terms.days(default=0.0)
    sale_fee: float = terms.fraction(default=0.0)
    minimum: float = terms.money(default=0.0)
    locked: bool = terms.flag(default=False)

    @property
    def factors(self) -> frozenset[Factor]:
        return frozenset({Price(self.asset), StakingReward(self.asset)})

    @property
    def can_leave_early(self) -> bool:
        return not self.locked

    @property
    def ways_out(self) -> tuple[str, ...]:
        return ("sale", "queue", "cheaper") if self.sale_fee else ()

    def open(self, book: Book, now: Now) -> "PotPosition":
        return PotPosition(self, book, now)


class PotPosition(Position):
    """Calls of `exit` are kept in `calls`, for tests to read."""

    def __init__(self, terms: Pot, book: Book, now: Now) -> None:
        self._terms, self._book = terms, book
        self._coins = book.account(terms.asset, "pot")
        self._queue = book.queue("leaving", terms.asset)
        self._reward = StakingReward(terms.asset)
        self.capital_shortfall = None if not terms.minimum else (terms.minimum - book.cash.units).clip(0.0)
        book.trade(book.cash, self._coins)
        book.move(book.account(terms.asset), self._coins)

    def step(self, now: Now) -> None:
        self._book.earn(Line.CONSENSUS, self._coins, self._coins.units, now[self._reward])
        self._queue.deliver(now, self._book.paid_out)

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        self._book.trade(self._book.cash, self._coins, money, paths=paths)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        share, paths = self.check_exit(now, share, how, self._terms.ways_out, paths)
        units = self._coins.part(share, paths)
        dear = 0.25 * self._terms.wait_days / 365.0 >= self._terms.sale_fee
        sold = (
            self._terms.wait_days == 0.0
            or how == "sale"
            or (how in {None, "cheaper"} and dear and self._terms.sale_fee)
        )
        if sold:
            self._book.pay_out(self._coins, units, self._terms.sale_fee, paths)
        else:
            due = now.elapsed_days + self._terms.wait_days
            self._queue.enter(now, self._coins, units, due_day=due, paths=paths)
