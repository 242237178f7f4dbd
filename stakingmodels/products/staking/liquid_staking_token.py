"""`LiquidStakingToken`: staked coins as a token that can be sold at any time, at the market's ratio."""

import datetime as dt
from typing import Any, Literal, get_args

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book, Line
from stakingmodels.market import Factor, MarketRatio, Now, Price, StakingReward
from stakingmodels.market.grid import as_time
from stakingmodels.products.base import Position, Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.buying import Buying
from stakingmodels.products.parts.entries import Entry, entry, entry_factors
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.halts import Halt, Stops, halts
from stakingmodels.products.parts.per_path import chosen_of
from stakingmodels.products.parts.schedules import Schedule, Scheduled, commission
from stakingmodels.products.parts.waits import ETH_EXIT_DAYS, ExitDays, check_waits, days_of, waits_of
from stakingmodels.protocols.contracts import lido
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.series import frozen
from stakingmodels.values import at

Accounting = Literal["rebasing", "accruing"]
"""Form of a token's rewards: more tokens, or more coins behind each token."""
Exit = Literal["sale", "queue", "cheaper"]
"""Ways to leave: sale at the market's ratio, redemption, or the cheaper of the two."""
WITHDRAWALS_OPEN = np.datetime64("2023-05-15", "D")
"""Day on which Lido opened withdrawals of stETH. Before it, tokens could be sold and not redeemed."""


def _of_ethereum(name: str, value: Any) -> Any:
    """Default for Ethereum only: for a token of another coin the term must be given."""

    def default(terms: "LiquidStakingToken") -> Any:
        checks.text("LiquidStakingToken.asset", terms.asset)
        if terms.asset != "ETH":
            rule = f"must be given for a token of {terms.asset}, since the default is Ethereum's"
            checks.refuse(f"LiquidStakingToken.{name}", rule, None, f"{name}=... in place of {value!r}")
        return value

    return attrs.Factory(default, takes_self=True)


def _opening(terms: "LiquidStakingToken") -> np.datetime64 | None:
    return WITHDRAWALS_OPEN if terms.token == "stETH" else None  # noqa: S105 (a token of stake)


@terms.sheet
class LiquidStakingToken(Product):
    """Token of staked coins: it earns the chain's reward less a protocol fee, and trades at a market ratio to its coin.

    The book counts the coins behind the tokens, and values them at their price times ``MarketRatio(token)``. Moves of
    that ratio are booked under `Line.DISCOUNT`.

    Parameters
    ----------
    asset
        The coin. For another than ETH, `token`, `protocol_fee` and `queue_days` must be given.
    token
        Name of the token, as in ``MarketRatio("stETH")``, the default.
    accounting
        ``"rebasing"`` (default): one token stays one coin, and rewards are paid as more tokens (stETH). ``"accruing"``:
        tokens are shares whose number stays and whose coins per share grow (wstETH, rETH). The value is the same; the
        position's `tokens` and `rate` differ.
    opening_rate
        Coins behind one token of an accruing kind at the opening, above 0; default 1. It affects only `tokens` and
        `rate`.
    protocol_fee
        Fraction of the rewards kept by the protocol, in [0, 1], or a `Schedule`. Default 0.10 (Lido).
    mint
        True (default): tokens are minted, one coin for a claim to one. False: they are bought at the market's ratio.
    exit_route
        ``"sale"``: sell the tokens at the market's ratio. ``"queue"``: redeem them for coins, one for one, and sell
        these. ``"cheaper"`` (default): on each path the way that costs less by the information of that time, as below.
    queue_days
        Days in the chain's exit queue, without rewards, and at the risk of price, slashing and exploit: a number, or
        ``ExitWait("ETH")`` for the market's, read when the holder leaves. Default 1.10, the median of the year to
        August 2026 on Ethereum.
    withdrawal_days
        Days of the protocol's own wait that follows; default 0.
    redeemable_from
        Day on which redemptions open. It is not known before, and waits count from it. None for always open. Default
        2023-05-15 for stETH, else None.
    waiting_cost_per_year
        Cost of waiting to the holder, as a fraction of the value a year, for the cheaper way; 0 or more. Default 0.25:
        half the square of ETH's volatility of 0.70, the price that an investor with logarithmic utility and all money
        in ETH would pay to avoid the price risk.
    entry
        Smallest deposit and gas, an `Entry`; None by default.
    failures
        Exploits of the contracts and slashings of the protocol's validators, a `Failure` each; none by default. They
        strike the coins behind the tokens and those in the queue.
    halts
        Stops of the protocol, a `Halt` each; none by default. A pause delays redemptions; sales go on.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.

    Notes
    -----
    The cheaper way: tokens are sold where the market's discount is at most the cost of the wait, ``1 - ratio <=
    waiting_cost_per_year * days / 365`` with the days of both waits, and redeemed where it is larger. The holder leaves
    in any case, so both ways forgo the reward of staying and pay the fee of selling. Before redemptions open, tokens
    are sold.

    Tokens are minted at once, whatever the queue of deposits, and earn from the next report on (lidofinance/docs @
    35624e4, 2026-05-18). Lido's queue pays no rewards from the request on, and bears losses until a request is
    finalised (lidofinance/core @ 372b02e, 2026-06-23). A move to the queue leaves the market's ratio behind, and the
    difference is booked under `Line.DISCOUNT`.

    Examples
    --------
    >>> from stakingmodels import APR, Market, MarketRatio, Price, StakingReward, TimeGrid
    >>> from stakingmodels.products import LiquidStakingToken
    >>> grid = TimeGrid.daily("2026-01-01", days=10, settlement_days=40)
    >>> series = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365), MarketRatio("stETH"): 0.99}
    >>> outcome = LiquidStakingToken().run(Market(grid, series), capital=30_000.0)
    >>> outcome.days_to_cash.tolist()  # a coin, later, for a token that sells at 0.99 now
    [2.0]
    """

    asset: str = terms.coin(default="ETH", kw_only=False)
    token: str = terms.coin(default=_of_ethereum("token", "stETH"))
    accounting: Accounting = terms.choice(Accounting, default="rebasing")
    opening_rate: float = terms.positive(default=1.0, usual=(0.5, 2.0))
    protocol_fee: float | Schedule = commission(
        default=_of_ethereum("protocol_fee", lido.V3.total_fee / lido.V3.fee_precision),
        source="lidofinance/core @ 372b02e",
        date="2026-06-23",
    )
    mint: bool = terms.flag(default=True)
    exit_route: Exit = terms.choice(Exit, default="cheaper")
    queue_days: ExitDays = terms.exit_days(
        default=_of_ethereum("queue_days", ETH_EXIT_DAYS),
        assumption=assumed.EXIT_DAYS,
        source=assumed.EXIT_DAYS.source,
        date=assumed.EXIT_DAYS.date,
    )
    withdrawal_days: float = terms.days(default=0.0, assumption=assumed.TOKEN_WITHDRAWAL_DAYS)
    redeemable_from: np.datetime64 | dt.date | str | None = terms.day(
        default=attrs.Factory(_opening, takes_self=True), optional=True
    )
    waiting_cost_per_year: float = terms.number(default=0.25, unit="1/year", assumption=assumed.WAITING_COST_PER_YEAR)
    entry: Entry | None = entry()
    failures: tuple[Failure, ...] = failures()
    halts: tuple[Halt, ...] = halts()
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)

    def __attrs_post_init__(self) -> None:
        check_waits(self)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: the coin's price, the chain's reward and queue, the token's market ratio, and the events."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset), MarketRatio(self.token), *waits_of(self)}
        return frozenset(read | events_of(self) | entry_factors(self))

    @property
    def ways_out(self) -> tuple[str, ...]:
        """Ways out: by sale, through the queue, or by the cheaper of the two."""
        return get_args(Exit)

    def open(self, book: Book, now: Now) -> "LiquidStakingTokenPosition":
        """Turn all the money in the wallet into tokens."""
        return LiquidStakingTokenPosition(self, book, now)


class LiquidStakingTokenPosition(Position):
    """Position of tokens, and of coins on their way out of the protocol."""

    rests_when_paid_out = True

    def __init__(self, terms: LiquidStakingToken, book: Book, now: Now) -> None:
        self._terms, self._book, self._ratio = terms, book, MarketRatio(terms.token)
        self._staked = book.account(terms.asset, terms.token, self._ratio)
        self._queue = book.queue("unbonding", terms.asset)
        self._reward, self._fee = StakingReward(terms.asset), Scheduled(terms.protocol_fee, now)
        self._grown_by: tuple[Any, PathValue] = (None, 1.0)  # reward and fee, and the growth of the share rate by them
        opening_rate = terms.opening_rate if terms.accounting == "accruing" else 1.0
        self._shares, self._unlost = np.zeros(now.n_paths), np.full(now.n_paths, opening_rate)
        self._growth: PathValue = 1.0  # of the share rate by rewards
        self._stops = Stops(type(terms).__name__, terms.halts, now)
        self._exposure = Exposure(
            book,
            terms.failures,
            now.n_paths,
            staked={self._staked: 1.0, self._queue.account: 1.0},
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
        self._shares[some] += lido.shares_of(self._staked.units[some] - before, self._share_rate[some])

    def step(self, now: Now) -> None:
        """Earn on the coins behind the tokens, pay the protocol, bear losses, and sell coins out of the queue."""
        paid = self._stops.paid(now)
        if self._staked.active:
            self._earn(now[self._reward] * paid, self._fee.fraction(now))
        self._exposure.step(now, self._lose)
        self.committed, self.ended_on_day = self._stops.step(now, self._exposure, self._hand_in), self._stops.ended_on
        self._sell_redeemed(now)

    def _earn(self, reward: PathValue, fee: PathValue) -> None:
        coins = self._staked.units
        self._book.earn(Line.CONSENSUS, self._staked, coins, reward, fee_line=Line.PROTOCOL, fee=fee)
        known = None if isinstance(reward, np.ndarray) or isinstance(fee, np.ndarray) else (reward, fee)
        if known is None or known != self._grown_by[0]:
            self._grown_by = (known, lido.share_rate_growth(reward, total_fee=fee))
        self._growth = self._growth * self._grown_by[1]

    def _lose(self, _now: Now, failure: Failure, paths: IntArray) -> None:
        """Cut the coins per share."""
        self._unlost[paths] *= 1.0 - failure.severity

    def _hand_in(self, _now: Now, _failure: Failure, paths: IntArray) -> None:
        """Hand the tokens in, at a wind-up."""
        self._shares[paths] = 0.0

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Sell or redeem, or choose the cheaper way on each path; `how` overrides the terms."""
        share, paths = self.check_exit(now, share, how, get_args(Exit), paths)
        self._buying.sell_left(share, self._terms.sell_fee, paths)
        closed, paused = self._closed_days(now), self._stops.wait(now.elapsed_days)
        wait = days_of(now, self._terms.queue_days) + self._terms.withdrawal_days
        is_sold = self._is_sold(now, how or self._terms.exit_route, closed, wait + paused)
        is_sold = is_sold if paths is None else is_sold[paths]
        due_day = at(now.elapsed_days + np.maximum(closed, paused) + wait, paths)
        for sells, chosen in ((True, is_sold), (False, ~is_sold)):
            some, part, there = chosen_of(chosen, share, paths)
            if some is None or some.size:
                units = self._staked.part(part, some)
                if sells:
                    self._book.pay_out(self._staked, units, self._terms.sell_fee, some)
                else:
                    self._queue.enter(now, self._staked, units, due_day=at(due_day, there), paths=some)
        self._sell_redeemed(now)
        self._shares[slice(None) if paths is None else paths] *= 1.0 - np.asarray(share)

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
        if self._queue:
            self._queue.deliver(now, self._book.paid_out, self._terms.sell_fee, self._stops.leaves_until(now))
