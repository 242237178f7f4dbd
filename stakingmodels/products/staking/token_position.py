"""`LiquidStakingTokenPosition`: tokens, and coins on their way out of the protocol."""

from typing import Any, get_args

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book, Line
from stakingmodels.market import MarketRatio, Now
from stakingmodels.market.grid import as_time
from stakingmodels.products.base import Position
from stakingmodels.products.parts.buying import Buying
from stakingmodels.products.parts.execution import Reward, Rewards
from stakingmodels.products.parts.exit_gas import less_gas, transactions
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Stops
from stakingmodels.products.parts.newcomers import Newcomers
from stakingmodels.products.parts.per_path import chosen_of
from stakingmodels.products.parts.waits import days_of
from stakingmodels.products.staking.redemptions import Redemptions
from stakingmodels.products.staking.token_terms import Exit, TokenTerms
from stakingmodels.protocols.contracts import lido
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.series import frozen
from stakingmodels.values import at


class LiquidStakingTokenPosition(Position):
    """Position of tokens, and of coins on their way out of the protocol."""

    rests_when_paid_out = True

    def __init__(self, terms: TokenTerms, book: Book, now: Now) -> None:
        self._terms, self._book, self._ratio = terms, book, MarketRatio(terms.token)
        self._staked = book.account(terms.asset, terms.token, self._ratio)
        self._redemptions = Redemptions(book, self._staked, terms)
        self._rewards = Rewards(terms.asset, terms.execution, terms.protocol_fee, now)
        self._grown_by: tuple[Any, PathValue] = (
            None,
            1.0,
        )  # rewards and fees, and the growth of the share rate by them
        opening_rate = terms.opening_rate if terms.accounting == "accruing" else 1.0
        self._shares, self._unlost = np.zeros(now.n_paths), np.full(now.n_paths, opening_rate)
        self._growth: PathValue = 1.0  # of the share rate by rewards
        self._stops = Stops(type(terms).__name__, terms.halts, now)
        self._exposure = Exposure(
            book,
            terms.failures,
            now.n_paths,
            staked=dict.fromkeys((self._staked, *self._redemptions.accounts), 1.0),
            sell_fee=terms.sell_fee,
        )
        token = None if terms.mint else self._ratio
        self._buying = Buying(type(self).__name__, book, terms.asset, terms.buy_fee, terms.entry, token=token)
        self._buying.pay_gas(now)
        self.capital_shortfall, given = self._buying.capital_shortfall, self._buying.deposited
        if terms.mint:
            book.move(coins := self._buying.all_money(), self._staked, given(coins))
        else:
            for purse in {book.cash: None, book.account(terms.asset): None}:
                book.trade(purse, self._staked, given(purse), cost=terms.buy_fee)
        self._shares += lido.shares_of(self._staked.units, self._share_rate)
        self._new = Newcomers(now.n_paths)
        self._new.add(now, self._staked.units, days_of(now, terms.entry_days))

    @property
    def _share_rate(self) -> FloatArray:
        """Coins behind one share, ``(n_paths,)``."""
        return np.asarray(self._unlost * self._growth)

    @property
    def tokens(self) -> FloatArray:
        """Tokens held, ``(n_paths,)``: one per coin if rebasing, shares if accruing."""
        rebasing = self._terms.accounting == "rebasing"
        return frozen(lido.ether_of(self._shares, self._share_rate) if rebasing else self._shares)

    @property
    def rate(self) -> FloatArray:
        """Coins behind one token, ``(n_paths,)``: always 1 if rebasing."""
        return frozen(self._share_rate if self._terms.accounting == "accruing" else np.ones_like(self._share_rate))

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Turn money of the wallet into tokens: minted, or bought at the market's ratio."""
        money, paths = self._buying.allowed(money, paths, self._exposure.solvent, now)
        some = slice(None) if paths is None else paths
        before = self._staked.units[some].copy()
        if self._terms.mint:
            source, units = self._buying.some_money(money, paths)
            self._book.move(source, self._staked, units, paths)
        else:
            self._book.trade(self._book.cash, self._staked, money, cost=self._terms.buy_fee, paths=paths)
        bought = self._staked.units[some] - before
        self._shares[some] += lido.shares_of(bought, self._share_rate[some])
        self._new.add(now, bought, days_of(now, self._terms.entry_days), paths)

    def step(self, now: Now) -> None:
        """Earn on the coins behind the tokens, pay the protocol, bear losses, and sell coins out of the queue."""
        paid = self._stops.paid(now)
        if self._staked.active:
            idle = self._new.idle(now) if self._new else None
            self._earn([(line, rate * paid, fee) for line, rate, fee in self._rewards.parts(now)], idle)
        self._redemptions.earn(now, self._rewards, paid)
        self._exposure.step(now, self._lose)
        self.committed, self.ended_on_day = self._stops.step(now, self._exposure, self._hand_in), self._stops.ended_on
        self._sell_redeemed(now)

    def _earn(self, rewards: list[Reward], idle: FloatArray | None) -> None:
        """Earn rewards, each on the coins before any of them but the idle, and let the share rate grow by all."""
        held = self._staked.units
        coins = held if len(rewards) == 1 and idle is None else held.copy()
        earning: PathValue = 1.0
        if idle is not None:
            np.maximum(coins - idle, 0.0, out=coins)
            earning = np.divide(coins, held, out=np.zeros_like(coins), where=held > 0.0)
        for line, rate, fee in rewards:
            self._book.earn(line, self._staked, coins, rate, fee_line=Line.PROTOCOL, fee=fee)
        numbers = [number for _, rate, fee in rewards for number in (rate, fee)]
        known = None if any(isinstance(each, np.ndarray) for each in numbers) else numbers
        if known is None or known != self._grown_by[0]:
            first, *others = (lido.share_rate_growth(rate, total_fee=fee) for _, rate, fee in rewards)
            self._grown_by = (known, first + sum(growth - 1.0 for growth in others))
        grown = self._grown_by[1]
        self._growth = self._growth * (grown if idle is None else 1.0 + (grown - 1.0) * earning)

    def _lose(self, _now: Now, failure: Failure, paths: IntArray) -> None:
        """Cut the coins per share."""
        self._unlost[paths] *= 1.0 - failure.severity
        self._new.scale(1.0 - failure.severity, paths)

    def _hand_in(self, _now: Now, _failure: Failure, paths: IntArray) -> None:
        """Hand the tokens in, at a wind-up."""
        self._shares[paths] = 0.0
        self._new.scale(0.0, paths)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Sell or redeem, or choose the cheaper way on each path; `how` overrides the terms."""
        share, paths = self.check_exit(now, share, how, get_args(Exit), paths)
        self._buying.sell_left(share, self._terms.sell_fee, paths)
        closed, paused = self._closed_days(now), self._stops.wait(now.elapsed_days)
        wait = self._redemptions.days(days_of(now, self._terms.queue_days))
        is_sold = self._is_sold(now, how or self._terms.exit_route, closed, wait + paused)
        is_sold = is_sold if paths is None else is_sold[paths]
        due_day = at(now.elapsed_days + np.maximum(closed, paused) + wait, paths)
        for sells, chosen in ((True, is_sold), (False, ~is_sold)):
            some, part, there = chosen_of(chosen, share, paths)
            if some is None or some.size:
                gas = 1.0 if sells else at(transactions(wait, self._terms.missed_windows), some)
                leaving, cost = self._staked.part(part, some), self._terms.exit_gas_usd * gas
                units = less_gas(self._book, now, self._staked, cost, leaving, some)
                if sells:
                    self._redemptions.leave(now, now.elapsed_days, some, self.committed)
                    self._book.pay_out(self._staked, units, self._terms.sell_fee, some)
                else:
                    self._redemptions.ask(now, units, at(due_day, there), some, self.committed)
        self._sell_redeemed(now)
        self._shares[slice(None) if paths is None else paths] *= 1.0 - np.asarray(share)
        self._new.scale(1.0 - np.asarray(share), paths)

    def _closed_days(self, now: Now) -> PathValue:
        """Days until redemptions open; 0 where they are open."""
        opening = self._terms.redeemable_from
        if opening is None:
            return 0.0
        moment = as_time("LiquidStakingToken.redeemable_from", opening)
        days = np.maximum((moment - now.time) / np.timedelta64(1, "D"), 0.0)
        return days if days.ndim else float(days)

    def _is_sold(self, now: Now, chosen: str, closed: PathValue, wait: PathValue) -> BoolArray:
        """Mask ``(n_paths,)``: whether tokens are sold at the market's ratio, and not redeemed."""
        if chosen != "cheaper":
            return np.full(now.n_paths, chosen == "sale")
        worth = self._terms.waiting_cost_per_year * wait / DAYS_PER_YEAR
        sells = np.greater_equal(now[self._ratio], 1.0 - worth) | np.greater(closed, 0.0)
        return np.array(np.broadcast_to(sells, (now.n_paths,)))

    def _sell_redeemed(self, now: Now) -> None:
        """Sell the coins that have left the queue."""
        self._redemptions.step(now, self._stops, days_of(now, self._terms.queue_days))
        self.earns_until_day = self._redemptions.earns_until
