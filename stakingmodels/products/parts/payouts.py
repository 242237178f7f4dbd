"""`Payout`: when and where rewards are paid, as a term; `Payments`, which makes them; the best interval of claims."""

import math
from typing import Any, Literal

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.display import shorten
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Factor, Now, Price
from stakingmodels.rates import APR, DAYS_PER_YEAR
from stakingmodels.replacing import Replaceable
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import any_of, is_zero

PayoutTo = Literal["balance", "holder"]
"""Place to which rewards are paid: the balance, which earns, or the holder's own wallet."""
_MOST_CLAIMS = 100_000
_HOW = 'payout=Payout(7.0, to="holder")'


@terms.sheet
class Payout(Replaceable):
    """Pay-out of rewards, automatic or by a claim, every so many days.

    Parameters
    ----------
    every_days
        Days from one pay-out to the next, above 0, counted from the opening. It is made at the end of the interval in
        which its day falls. If several do, each costs, as many of them as the rewards suffice for in equal parts.
    to
        ``"balance"`` (default): the rewards are added to the stake, and earn from then on. ``"holder"``: they are paid
        into the holder's own wallet as coins, where no failure or halt of the product reaches them; they earn nothing,
        and are sold at the exit.
    cost_usd
        Cost of a pay-out in US dollars, such as the gas of a claim, taken from the coins paid under `Line.NETWORK_FEE`;
        0 or more, default 0. Rewards worth less than it wait for the next day of pay-outs.
    minimum_coins
        Least number of coins that is paid out, 0 or more; less waits for the next day. Default 0.

    Notes
    -----
    Rewards not yet paid out earn nothing, and are sold when the holder leaves. In a pause nothing is paid to the
    holder.

    Examples
    --------
    >>> from stakingmodels import APR, Market, Payout, Price, StakingPool, StakingReward, TimeGrid
    >>> market = Market(TimeGrid.daily("2026-01-01", days=10), {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.365)})
    >>> claimed = StakingPool(commission=0.0, payout=Payout(5.0, to="holder", cost_usd=2.0))
    >>> outcome = claimed.run(market, capital=30_000.0)  # 10 ETH earn 30 USD a day; two claims
    >>> {line.label: round(float(money[0]), 6) for line, money in outcome.lines.items() if money[0]}
    {'consensus': 300.0, 'network fee': -4.0}
    """

    every_days: float = terms.days(check=checks.positive, kw_only=False)
    to: PayoutTo = terms.choice(PayoutTo, default="balance")
    cost_usd: float = terms.money(default=0.0)
    minimum_coins: float = terms.number(default=0.0, unit="coins")


shorten(Payout)


def payout() -> Any:
    """A term for the pay-out of rewards; by default None, for none but what `compounding` says."""
    return terms.field("payout", checks.instance, Payout, _HOW, default=None, optional=True)


def check_payout(product: Any, early_redemption: str = "free") -> None:
    """Refuse terms that contradict a product's pay-out."""
    where = type(product).__name__
    if product.payout is not None and not product.compounding:
        rule = "must be True with a payout, which says itself where rewards go"
        checks.refuse(f"{where}.compounding", rule, False, 'payout=Payout(1.0, to="balance")')  # noqa: FBT003
    if product.payout is not None and early_redemption.startswith("forfeit"):
        rule = "must leave rewards alone with a payout, since what is paid out cannot be forfeited"
        checks.refuse(f"{where}.early_redemption", rule, early_redemption, "early_redemption='penalty'")


def payout_factors(product: Any) -> frozenset[Factor]:
    """Factors that the pay-out of a product reads: the dollar's price, if it costs."""
    return frozenset({Price("USD")} if product.payout is not None and product.payout.cost_usd else ())


class Payments:
    """Pay-outs of a position's rewards.

    Parameters
    ----------
    book, terms
        The position's book, and the pay-out of its terms; None for none.
    rewards, staked
        Accounts of the rewards that wait, and of the stake.
    """

    def __init__(self, book: Book, terms: Payout | None, rewards: Account, staked: Account) -> None:
        self._book = book
        self._terms = terms
        self._rewards = rewards
        self.wallet = book.account(rewards.asset)
        self._target = staked if terms is None or terms.to == "balance" else self.wallet
        self._price, self._dollar = Price(rewards.asset), Price("USD")

    def step(self, now: Now, paused_days: PathValue) -> None:
        """Pay the rewards out where it is their day, they suffice, and no pause holds them.

        Parameters
        ----------
        now
            The interval that closes.
        paused_days
            Days of a pause that are left, one number or one per path.
        """
        terms = self._terms
        if terms is None:
            return
        days = self._days(now, terms.every_days)
        if not days:
            return
        units = self._rewards.units
        due = (units > 0.0) & (units >= terms.minimum_coins)
        if terms.to == "holder" and not is_zero(paused_days):
            due &= np.equal(paused_days, 0.0)
        if terms.cost_usd:
            price, cost = now[self._price], terms.cost_usd * now[self._dollar]
            due &= np.greater_equal(units * price, cost) & np.greater(price, 0.0)
            if days > 1:
                cost = cost * _worth_their_cost(days, units, units * price / cost, terms.minimum_coins)
            fee = np.divide(cost, price, out=np.zeros(units.size), where=due)
            self._book.post(Line.NETWORK_FEE, self._rewards, -np.minimum(fee, units))
        if any_of(due):
            self._book.move(self._rewards, self._target, None if due.all() else self._rewards.units * due)

    def _days(self, now: Now, every: float) -> int:
        """Number of days of pay-outs that fall into the interval, its end included."""
        before, after = now.elapsed_days - now.days + DAY_TOL, now.elapsed_days + DAY_TOL
        return math.floor(after / every) - math.floor(before / every)

    def sell(self, share: PathValue, sell_fee: float, paths: Any) -> None:
        """Sell a share of the coins that have been paid to the holder, who leaves."""
        if self._target is self.wallet and self.wallet is not self._book.cash:
            self._book.pay_out(self.wallet, self.wallet.part(share, paths), sell_fee, paths)


def _worth_their_cost(days: int, units: FloatArray, costs: PathValue, least: float) -> FloatArray:
    """Pay-outs of an interval with several days of them: as many as the rewards suffice for in equal parts.

    Parameters
    ----------
    costs
        Worth of the rewards in costs of a pay-out.
    least
        Least number of coins of a pay-out.
    """
    suffice = np.minimum(costs, units / least) if least else np.asarray(costs)
    return np.clip(np.floor(suffice), 1.0, days)


def claim_interval_days(stake_usd: float, reward: APR, cost_usd: float, *, days: float | None = None) -> float:
    r"""Best interval of claims that are staked again, for an amount of money.

    Parameters
    ----------
    stake_usd
        Stake in US dollars, above 0.
    reward
        Reward a year on the stake, after commission: an `APR` above 0.
    cost_usd
        Cost of a claim in US dollars, 0 or more.
    days
        Days of staking, above 0: the best whole number of claims in equal intervals within them, the last of which is
        on the last day, by trying all that can be best, up to 100,000. None (default): the closed form below.

    Returns
    -------
    float
        Days from one claim to the next; 0 where claims cost nothing, infinite where none is worth its cost, and the
        closed form where more than 100,000 claims would be better.

    Notes
    -----
    With an interval of :math:`\tau` years, rewards of :math:`r S \tau` miss their own reward for half of it, which
    costs :math:`r^2 S \tau / 2` a year, and claims cost :math:`g / \tau`. The sum is least at
    :math:`\tau = \sqrt{2 g / (r^2 S)}`. The stake is taken as constant, and all claims as whole. With `days`, the stake
    after `k` claims is counted exactly, :math:`S q^k - g (q^k - 1) / (q - 1)` with :math:`q = 1 + r T / k`.

    Examples
    --------
    >>> from stakingmodels import APR
    >>> from stakingmodels.products import claim_interval_days
    >>> round(claim_interval_days(10_000.0, APR(0.05), 1.0), 1)
    103.2
    >>> round(claim_interval_days(10_000.0, APR(0.05), 1.0, days=3650.0), 1)
    93.6
    """
    where = "claim_interval_days"
    stake = checks.positive(f"{where}: stake_usd", stake_usd)
    checks.instance(f"{where}: reward", reward, APR, "APR(0.05)")
    rate = checks.positive(f"{where}: reward", reward.value)
    cost = checks.non_negative(f"{where}: cost_usd", cost_usd)
    closed = DAYS_PER_YEAR * math.sqrt(2.0 * cost / stake) / rate
    if days is None:
        return closed
    length = checks.positive(f"{where}: days", days)
    if closed * _MOST_CLAIMS <= length:
        return closed
    most = min(_MOST_CLAIMS, 10 + math.ceil(10.0 * length / closed))
    counts = np.arange(1.0, most + 1.0)
    growth = np.log1p(rate * length / DAYS_PER_YEAR / counts)
    gained = np.expm1(counts * growth)
    kept = stake * gained - cost * gained / np.expm1(growth)
    return float(length / counts[np.argmax(kept)]) if kept.max() > 0.0 else math.inf
