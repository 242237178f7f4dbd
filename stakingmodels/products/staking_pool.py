"""`StakingPool`: any amount of a coin staked through an operator who keeps a commission on the rewards."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.ledger import Book, Line, Queue
from stakingmodels.ledger.lines import with_fee
from stakingmodels.market import Event, Factor, Now, Price, StakingReward
from stakingmodels.market.factors import as_event
from stakingmodels.products.base import Position, Product, check_severity
from stakingmodels.protocols.contracts import lido
from stakingmodels.values import lowest


@attrs.frozen(kw_only=True)
class StakingPool(Product):
    """Coins staked in a pool, which earns the chain's reward on what it has staked and keeps a commission.

    The pool is of any chain, so what its operator passes on is given as terms: `protocols.chains` tells what the chain
    makes one wait for and what it slashes, as `ethereum.exit_wait` and `ethereum.slashing_loss` do.

    Parameters
    ----------
    asset
        The coin.
    commission
        Fraction of the rewards kept by the pool, in [0, 1]; default 0.10 (Lido's fee in 2026).
    buffer
        Fraction of the pool's coins that is kept liquid: it earns nothing and cannot be slashed; default 0.
    compounding
        Whether rewards are staked again at once; otherwise they wait as coins that earn nothing.
    unbonding_days
        Days in the exit queue, without rewards and at the risk of price and slashing; default 0.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.
    slashing
        The event of a slashing; None for a pool that cannot be slashed.
    slashing_severity
        Fraction of the staked and unbonding coins that one event takes, in [0, 1].

    Examples
    --------
    >>> from stakingmodels import APY, Market, Price, StakingPool, StakingReward, TimeGrid
    >>> grid = TimeGrid.daily("2026-01-01", days=365)
    >>> market = Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APY(0.04)})
    >>> outcome = StakingPool(asset="ETH", commission=0.0).run(market, capital=30_000.0)  # 10 ETH
    >>> round(float(outcome.profit[0]) / 3000.0, 9)
    0.4
    """

    asset: str = attrs.field(default="ETH", validator=checks.TEXT)
    commission: float = attrs.field(
        default=lido.V3.total_fee / lido.V3.fee_precision,
        validator=checks.FRACTION,
        metadata={"source": "Lido's fee on rewards; lidofinance/core @ 372b02e, 2026-06-23"},
    )
    buffer: float = attrs.field(default=0.0, validator=checks.FRACTION)
    compounding: bool = attrs.field(default=True, validator=checks.FLAG)
    unbonding_days: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)
    buy_fee: float = attrs.field(default=0.0, validator=checks.FRACTION)
    sell_fee: float = attrs.field(default=0.0, validator=checks.FRACTION)
    slashing: Event | None = attrs.field(default=None, validator=checks.field(as_event, optional=True))
    slashing_severity: float = attrs.field(default=0.0, validator=checks.FRACTION)

    def __attrs_post_init__(self) -> None:
        check_severity(self, "slashing")

    @property
    def factors(self) -> frozenset[Factor]:
        """The coin's price, the chain's reward, and the slashing event if there is one."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset)}
        return frozenset(read if self.slashing is None else read | {self.slashing})

    def open(self, book: Book, now: Now) -> "StakingPoolPosition":
        """Buy coins with all the money in the wallet, and stake them."""
        position = StakingPoolPosition(self, book, now)
        position.add(now)
        return position


class StakingPoolPosition(Position):
    """Coins in the pool, and those on their way out."""

    def __init__(self, terms: StakingPool, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._coins = book.account(terms.asset)
        self._staked = book.account(terms.asset, "staked")
        self._rewards = self._staked if terms.compounding else book.account(terms.asset, "rewards")
        self._queue = Queue(book, book.account(terms.asset, "unbonding"))
        self._reward = StakingReward(terms.asset)
        self._shares = with_fee(Line.CONSENSUS, Line.COMMISSION, terms.commission)

    def add(self, now: Now) -> None:
        """Buy coins with all the money in the wallet, and stake all coins in it."""
        del now
        if self._coins is not self._book.cash:
            self._book.trade(self._book.cash, self._coins, cost=self._terms.buy_fee)
        self._book.move(self._coins, self._staked)

    def step(self, now: Now) -> None:
        """Earn on what is staked, pay the commission, be slashed, and sell what has left the queue."""
        if self._staked.active:
            self._earn(now)
        if self._terms.slashing is not None:
            self._slash(now, self._terms.slashing)
        released = self._queue.release(now)
        if released is not None:
            self._book.trade(self._queue.account, self._book.cash, released, cost=self._terms.sell_fee)

    def _earn(self, now: Now) -> None:
        terms = self._terms
        rate = now[self._reward] * (1.0 - terms.buffer)
        earned = np.multiply(self._staked.units, rate, out=now.scratch)
        if lowest(rate) < 0.0:  # a negative reward comes out of the stake, and pays no commission
            self._book.post(Line.CONSENSUS, self._staked, np.minimum(earned, 0.0))
            np.maximum(earned, 0.0, out=earned)
        self._book.post(self._shares, self._rewards, earned)

    def _slash(self, now: Now, event: Event) -> None:
        struck = now.where(event)
        if not struck.size:
            return
        severity = self._terms.slashing_severity
        if self._staked.active:
            lost = self._staked.units[struck] * (severity * (1.0 - self._terms.buffer))
            self._book.post(Line.SLASHING, self._staked, -lost, struck)
        if self._queue:
            self._book.post(Line.SLASHING, self._queue.account, -self._queue.shrink(struck, severity), struck)

    def exit(self, now: Now, share: float = 1.0, how: str | None = None) -> None:
        """Leave by the queue, or sell at once where there is none; rewards that wait are sold at once."""
        self.check_exit(share, how)
        whole = share == 1.0
        if self._rewards is not self._staked and self._rewards.active:
            units = None if whole else self._rewards.units * share
            self._book.trade(self._rewards, self._book.cash, units, cost=self._terms.sell_fee)
        units = None if whole else self._staked.units * share
        if self._terms.unbonding_days == 0.0:
            self._book.trade(self._staked, self._book.cash, units, cost=self._terms.sell_fee)
        else:
            self._queue.enter(self._staked, units, now.elapsed_days + self._terms.unbonding_days)
