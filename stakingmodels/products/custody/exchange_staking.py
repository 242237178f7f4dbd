"""`ExchangeStaking`: coins deposited with an exchange that pays rewards and may default."""

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Factor, Now, Price, StakingReward
from stakingmodels.products.base import Position, Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.buying import Buying
from stakingmodels.products.parts.entries import Entry, entry, entry_factors
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.halts import Halt, Stops, halts
from stakingmodels.products.parts.passage import Passage, pay_reward
from stakingmodels.products.parts.payouts import Payments, Payout, check_payout, payout, payout_factors
from stakingmodels.products.parts.per_path import less_of, whole_paths
from stakingmodels.products.parts.schedules import Schedule, Scheduled, commission, posted_rate
from stakingmodels.products.parts.term import EarlyRedemption, Term
from stakingmodels.products.parts.tiers import Tiers
from stakingmodels.products.parts.waits import EntryDays, ExitDays, check_waits, days_of, waits_of
from stakingmodels.rates import APR, APY
from stakingmodels.values import at

COMMISSION = 0.35
"""Fraction of a protocol's rewards that an exchange keeps: Coinbase's standard commission, 2026 (unconfirmed)."""


def _usual_commission(terms: "ExchangeStaking") -> float:
    return COMMISSION if terms.posted_rate is None else 0.0


@terms.sheet
class ExchangeStaking(Product):
    """Coins in an exchange's earn product: flexible or for a term, at a posted rate or the protocol's reward.

    The exchange holds the coins, and its default is one of the `failures`.

    Parameters
    ----------
    asset
        Coin; money such as ``"USD"`` is allowed too.
    posted_rate
        Posted rate in coins, 0 or more: an `APR` or `APY`, `Tiers` of the balance, or a `Schedule` of these. None
        (default): the protocol's reward, as in `StakingReward`. Either has tips and MEV in it, all under one line:
        exchanges pass on one rate and say no split, so that there is no term for it.
    commission
        Fraction of the rewards kept by the exchange, in [0, 1], or a `Schedule`. Default 0.35 of a protocol's reward
        (Coinbase's standard), and 0 of a posted rate, since most are posted net. Kraken posts before commission.
    compounding
        Whether rewards earn at once (default); otherwise they are paid into the account at the exchange, where they
        wait as coins that earn nothing and are sold at the exit.
    term_days
        Days of a fixed term, which is renewed until the exit; None (default) for a flexible product. Coins added later
        join the current term. Leaving in the middle of a term is early redemption.
    early_redemption
        Cost of leaving early, under `Line.FORFEIT`: ``"free"`` (default); ``"forfeit_all"``, all rewards since the
        opening, those of finished terms included; ``"forfeit_period"``, those of the current term; or ``"penalty"``. If
        a term began within an interval, only the part of the reward since then belongs to the current term.
        ``"refused"``: early redemption is impossible; the coins earn until the current term ends, and are redeemed
        then, as are rewards paid out meanwhile. Leaving is free while a deposit still waits to earn.
    penalty
        Fraction of the coins redeemed early that is lost with ``"penalty"``, in [0, 1]; default 0.
    entry_days
        Days until a deposit earns, at the risk of price and exchange: a number, or ``EntryWait("ETH")`` for the chain's
        queue, if the exchange passes it on, read at the deposit. Default 0. Deposits still waiting when the holder
        leaves are activated first, and never earn.
    redemption_days
        Days from asking to leave until the coins are redeemed, at the risk of price and exchange: a number, or
        ``ExitWait("ETH")`` for the chain's queue, if the exchange passes it on, read when the holder leaves. Default 0.
    earns_while_redeeming
        Whether the redemption days earn, with rewards sold as they come; default False. Coinbase pays while a validator
        waits.
    withdrawal_days
        Days from redemption until the coins arrive, never paid; default 0.
    entry
        Smallest deposit and gas, an `Entry`; None by default.
    failures
        Defaults of the exchange and slashings that it passes on, a `Failure` each; none by default.
    halts
        Stops by the exchange or a regulator, a `Halt` each; none by default.
    payout
        Days of pay-outs of rewards, their cost, and where they go, a `Payout`; in place of `compounding`, which stays
        True. None by default.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.

    Notes
    -----
    A negative reward is taken from the stake, and pays no commission.

    Where a term cannot be left early, rewards in the account and in the holder's wallet are sold when all leaves; those
    of a part that leaves wait with it for the end of its term.

    A default is booked under `Line.CREDIT` on its day. Recovered coins are sold on arrival. A claim still open at the
    end of the grid counts at its carrying value, and its path counts as unsettled.

    Terms of firms as read in November 2026: early redemption of Binance's locked products forfeits all rewards; their
    interest, and that of OKX, is the firm's own and not a protocol's. Coinbase passes a protocol's rewards on.

    Examples
    --------
    >>> from stakingmodels import APR, Market, Price, TimeGrid
    >>> from stakingmodels.products import ExchangeStaking
    >>> terms = {"term_days": 30.0, "early_redemption": "forfeit_period", "compounding": False}
    >>> locked = ExchangeStaking(posted_rate=APR(0.0365), **terms)
    >>> market = Market(TimeGrid.daily("2026-01-01", days=40), {Price("ETH"): 3000.0})
    >>> print(locked.quote(market, capital=30_000.0))  # 10 ETH earn 0.001 a day; day 40 is the tenth of a term
    ExchangeStaking: 30,000.00 USD, market standing still
    line       money  of capital   a year
    --------  ------  ----------  -------
    interest  120.00     +0.400%  +3.650%
    gross     120.00     +0.400%  +3.650%
    forfeit   -30.00     -0.100%  -0.913%
    net        90.00     +0.300%  +2.738%
    """

    asset: str = terms.coin(default="ETH", kw_only=False)
    posted_rate: APR | APY | Tiers | Schedule | None = terms.rate(
        default=None, check=posted_rate, optional=True, low=0.0, scheduled=True
    )
    commission: float | Schedule = commission(
        default=attrs.Factory(_usual_commission, takes_self=True),
        assumption=assumed.EXCHANGE_COMMISSION,
        source="Coinbase, standard commission (unconfirmed)",
        date="2026",
    )
    compounding: bool = terms.flag(default=True)
    term_days: float | None = terms.days(default=None, check=checks.positive, optional=True)
    early_redemption: EarlyRedemption = terms.choice(EarlyRedemption, default="free", needs=("term_days",))
    penalty: float = terms.fraction(default=0.0, needs=("early_redemption", "penalty"))
    entry_days: EntryDays = terms.entry_days(default=0.0, assumption=assumed.ENTRY_DAYS)
    redemption_days: ExitDays = terms.exit_days(default=0.0, assumption=assumed.EXIT_DAYS)
    earns_while_redeeming: bool = terms.flag(default=False)
    withdrawal_days: float = terms.days(default=0.0, assumption=assumed.SERVICE_WITHDRAWAL_DAYS)
    entry: Entry | None = entry()
    failures: tuple[Failure, ...] = failures()
    halts: tuple[Halt, ...] = halts()
    payout: Payout | None = payout()
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)

    def __attrs_post_init__(self) -> None:
        if self.term_days is None and self.early_redemption != "free":
            rule = "must be 'free' without term_days, since a flexible product is never left early"
            checks.refuse("ExchangeStaking.early_redemption", rule, self.early_redemption, "term_days=30.0")
        if self.penalty and self.early_redemption != "penalty":
            rule = f"must be 0 where early_redemption is {self.early_redemption!r}"
            checks.refuse("ExchangeStaking.penalty", rule, self.penalty, "early_redemption='penalty'")
        check_waits(self)
        check_payout(self, self.early_redemption)

    @property
    def can_leave_early(self) -> bool:
        """Whether the holder can leave before a term ends; False with ``early_redemption="refused"``."""
        return self.early_redemption != "refused"

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: the coin's price, the protocol's reward if no rate is posted, its queues, and the events."""
        read: set[Factor] = {Price(self.asset), *waits_of(self)}
        if self.posted_rate is None:
            read.add(StakingReward(self.asset))
        return frozenset(read | events_of(self) | payout_factors(self) | entry_factors(self))

    def open(self, book: Book, now: Now) -> "ExchangeStakingPosition":
        """Buy coins with all the money in the wallet, and hand them to the exchange."""
        return ExchangeStakingPosition(self, book, now)


class ExchangeStakingPosition(Position):
    """Position of coins at the exchange, and coins on their way in and out."""

    rests_when_paid_out = True

    def __init__(self, terms: ExchangeStaking, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._coins = book.account(terms.asset)
        self._staked = book.account(terms.asset, "staked")
        is_staked_again = terms.compounding and terms.payout is None
        self._rewards = self._staked if is_staked_again else book.account(terms.asset, "rewards")
        self._payments = Payments(book, terms.payout, self._rewards, self._staked)
        self._reward = StakingReward(terms.asset)
        self._line = Line.CONSENSUS if terms.posted_rate is None else Line.INTEREST
        self._posted, self._commission = Scheduled(terms.posted_rate, now), Scheduled(terms.commission, now)
        self._term = Term(now, terms.term_days, terms.early_redemption, terms.penalty)
        self._passage = Passage(
            book,
            self._staked,
            "redeeming",
            withdrawal_days=terms.withdrawal_days,
            pays=terms.earns_while_redeeming,
            sell_fee=terms.sell_fee,
            can_pause=bool(terms.halts),
        )
        self._stops = Stops(type(terms).__name__, terms.halts, now)
        self._exposure = Exposure(
            book,
            terms.failures,
            now.n_paths,
            staked=dict.fromkeys((self._staked, *self._passage.at_stake), 1.0),
            others=(self._rewards, *self._passage.others),
            sell_fee=terms.sell_fee,
        )
        self._buying = Buying(type(self).__name__, book, terms.asset, terms.buy_fee, terms.entry)
        self._buying.pay_gas(now)
        self.capital_shortfall = self._buying.capital_shortfall
        coins = self._buying.all_money()
        self._passage.bring_in(now, coins, self._buying.deposited(coins), days_of(now, terms.entry_days))

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Buy coins with money of the wallet and stake them; where the exchange has failed, the money stays."""
        money, paths = self._buying.allowed(money, paths, self._exposure.solvent, now)
        source, units = self._buying.some_money(money, paths)
        self._passage.bring_in(now, source, units, at(days_of(now, self._terms.entry_days), paths), paths)

    def step(self, now: Now) -> None:
        """Book rewards and failures, and pay out redeemed and recovered coins."""
        self._earn(now)
        self._exposure.step(now, self._cut)
        self.committed, self.ended_on_day = self._stops.step(now, self._exposure, self._cut), self._stops.ended_on
        self._payments.step(now, self._stops.wait(now.elapsed_days))
        ended = self._term.release(now)
        if ended is not None:
            share, paths, day = ended
            self._pay_rewards(now, self._rewards.part(share, paths), paths)
            self._sell(self._coins, share, paths)
            self._redeem(now, share, paths, since=day)
            self._passage.let_in(now)
        self._passage.pay_out(now, self._stops.leaves_until(now))

    def _earn(self, now: Now) -> None:
        terms, term = self._terms, self._term
        rate = now[self._reward] if terms.posted_rate is None else self._posted.accrued(now, self._passage.balance)
        rate, commission = rate * self._stops.paid(now), self._commission.fraction(now)
        self._passage.pay(now, self._line, rate, commission)
        if not self._passage.works:
            return
        units = self._passage.earning(now, now.scratch, leaving=term.leaving, until=term.end)
        if term.forfeits:
            term.earned(now, units * np.maximum(rate, 0.0) * (1.0 - commission))
        pay_reward(self._book, self._line, self._staked, self._rewards, units, rate, commission)
        self._passage.let_in(now, term.let_in_until(now))

    def _cut(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Cut the rewards that could be forfeited, if a failure has struck them."""
        del now
        if failure.line != "slashing" or self._terms.compounding:
            self._term.cut(failure.severity, paths)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Redeem, early or not, and sell coins that arrive; rewards paid out are sold at once."""
        share, paths = self.check_exit(now, share, how, paths=paths)
        accounts = dict.fromkeys((self._staked, self._rewards))
        units = {account: account.part(share, paths) for account in accounts}
        stays = {account: less_of(account, part, paths) for account, part in units.items()}
        self._term.forfeit(now, self._book, self._staked, self._rewards, share, paths)
        leaving = {account: less_of(account, stays[account], paths) for account in accounts}  # after what is forfeited
        if self._term.hold(now, share, paths):
            known, end = self.earns_until_day, self._term.end
            self.earns_until_day = self._passage.earns_until(known, end, paths, self.committed)
            paths = whole_paths(at(self._term.leaving, paths), paths, now.n_paths)  # of a part they leave with it
            share, leaving[self._rewards] = 1.0, None
        else:
            self._redeem(now, share, paths, leaving[self._staked])
        self._pay_rewards(now, leaving[self._rewards], paths)
        self._sell(self._coins, share, paths)

    def _redeem(
        self,
        now: Now,
        share: PathValue,
        paths: IntArray | None,
        units: PathValue | None = None,
        since: float | None = None,
    ) -> None:
        """Send a share of the stake, or units of it, on their way out."""
        day = now.elapsed_days if since is None else since
        days = at(days_of(now, self._terms.redemption_days), paths) + self._stops.wait(day, paths)
        if self._terms.earns_while_redeeming:
            until = day + days
            self.earns_until_day = self._passage.earns_until(self.earns_until_day, until, paths, self.committed)
        self._passage.ask(now, share, days, paths, units=units, since=since, until=self._stops.leaves_until(now))

    def _pay_rewards(self, now: Now, units: PathValue | None, paths: IntArray | None) -> None:
        """Sell rewards that are not staked, once no pause holds them."""
        if self._rewards is not self._staked:
            self._passage.pay_rewards(now, self._rewards, units, self._stops.wait(now.elapsed_days, paths), paths)

    def _sell(self, account: Account, share: PathValue, paths: IntArray | None) -> None:
        if account is not self._book.cash:
            self._book.pay_out(account, account.part(share, paths), self._terms.sell_fee, paths)
