"""`Redemptions`: coins of a token on their way out, by a cool-down that may earn and a window that may be missed."""

import numpy as np

from stakingmodels._types import IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Now
from stakingmodels.products.parts.execution import Reward, Rewards
from stakingmodels.products.parts.halts import Stops
from stakingmodels.products.parts.per_path import put
from stakingmodels.products.staking.token_terms import TokenTerms
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import at


class Redemptions:
    """Requests to redeem a token: the cool-down, the days after it, and requests that lapse.

    Of a request that lapses in a pause the coins go back to the token, and are asked for again when the pause ends.

    Parameters
    ----------
    book, tokens, terms
        The position's book, the account of its tokens, and its terms.

    Attributes
    ----------
    earns_until
        Last day on which coins of each path earn in the cool-down, where it earns; None before any does.
    """

    earns_until: PathValue | None = None

    def __init__(self, book: Book, tokens: Account, terms: TokenTerms) -> None:
        self._book, self._tokens, self._terms = book, tokens, terms
        self._window = terms.redemption_window_days
        self._after = terms.withdrawal_days + terms.missed_windows * (self._window or 0.0)
        self._cooling = self._cooled = book.queue("unbonding", tokens.asset)
        if terms.earns_while_redeeming and (self._after > 0.0 or terms.halts):
            self._cooled = book.queue("withdrawing", tokens.asset)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Accounts of the coins on their way."""
        return tuple({queue.account: None for queue in (self._cooling, self._cooled)})

    def days(self, queue_days: PathValue) -> PathValue:
        """Days from a request to its coins, by the days of a cool-down: each missed window costs both of its waits."""
        return queue_days * (self._terms.missed_windows + 1) + self._after

    def ask(
        self, now: Now, units: PathValue | None, due_day: PathValue, paths: IntArray | None, committed: PathValue = 1.0
    ) -> None:
        """Ask for coins of the tokens (None: all), which are due on a day; `committed` as of `Position`."""
        self.leave(now, due_day - self._after, paths, committed)
        cooled_on = due_day if self._cooled is self._cooling else due_day - self._after
        self._cooling.enter(now, self._tokens, units, due_day=cooled_on, paths=paths)

    def leave(self, now: Now, day: PathValue, paths: IntArray | None, committed: PathValue) -> None:
        """Note the last day of earning of tokens that leave, before they do; where none are left it stays."""
        if self._terms.earns_while_redeeming:
            before = at(0.0 if self.earns_until is None else self.earns_until, paths)
            there = at(self._tokens.units, paths) != 0.0
            there = there | (np.equal(before, 0.0) & np.not_equal(at(committed, paths), 0.0))  # a failure ends nothing
            until = np.where(there, np.maximum(before, day), before)
            self.earns_until = put(self.earns_until, until, paths, now.n_paths)

    def earn(self, now: Now, rewards: Rewards, paid: PathValue) -> None:
        """Earn on the coins in the cool-down, each for its part of the interval, if the terms pay them."""
        if not (self._terms.earns_while_redeeming and self._cooling):
            return
        past, held = self._cooling.maturing(now), self._cooling.account.units
        coins = held.copy() if past is None else np.maximum(held - past, 0.0)
        parts: tuple[Reward, ...] = rewards.parts(now)
        for line, rate, fee in parts:
            self._book.earn(line, self._cooling.account, coins, rate * paid, fee_line=Line.PROTOCOL, fee=fee)

    def step(self, now: Now, stops: Stops, queue_days: PathValue) -> None:
        """Sell coins that are due; ask again for those whose window passes in a pause."""
        if self._cooled is not self._cooling:
            self._cooling.forward(now, self._cooled, self._after)
        if not self._cooled:
            return
        if self._window is not None and np.any(np.greater(stops.paused_until, 0.0)):
            lapsed = self._cooled.release(now, np.subtract(stops.paused_until, self._window + 2.0 * DAY_TOL))
            if lapsed is not None:
                units, paths = lapsed
                self._book.move(self._cooled.account, self._tokens, units, paths)
                due_day = at(stops.paused_until, paths) + at(self.days(queue_days), paths)
                self.ask(now, units, due_day, paths)
        if self._cooled:
            self._cooled.deliver(now, self._book.paid_out, self._terms.sell_fee, stops.leaves_until(now))
