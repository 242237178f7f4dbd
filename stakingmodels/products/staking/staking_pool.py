"""`StakingPool`: any amount of a coin staked through an operator that keeps a commission on the rewards."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book
from stakingmodels.market import Factor, Now, Price, StakingReward
from stakingmodels.products.base import Position, Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.buying import Buying
from stakingmodels.products.parts.chain_terms import chain_terms
from stakingmodels.products.parts.entries import Entry, entry, entry_factors
from stakingmodels.products.parts.execution import Execution, Rewards, execution, execution_factors
from stakingmodels.products.parts.exit_gas import exit_gas, exit_gas_factors, less_gas, transactions
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.halts import Halt, Stops, halts
from stakingmodels.products.parts.passage import Passage, pay_reward
from stakingmodels.products.parts.payouts import Payments, Payout, check_payout, payout, payout_factors
from stakingmodels.products.parts.schedules import Schedule, commission
from stakingmodels.products.parts.waits import EntryDays, ExitDays, check_waits, days_of, waits_of
from stakingmodels.products.parts.whole_units import WholeUnits
from stakingmodels.protocols.chains import Chain
from stakingmodels.protocols.contracts import lido
from stakingmodels.series import frozen
from stakingmodels.values import at


@terms.sheet
class StakingPool(Product):
    """Coins staked in a pool, which earns the chain's reward on its stake and keeps a commission.

    The pool can be of any chain, so the waits and losses that its operator passes on are given as terms; `on` takes
    them from a chain of `protocols.chains`.

    Parameters
    ----------
    asset
        The coin.
    commission
        Fraction of the rewards kept by the pool, in [0, 1], or a `Schedule`; default 0.10 (Lido's fee in 2026).
    execution
        Tips and MEV under their own line and with their own commission, an `Execution`; None (default) for all rewards
        under one.
    buffer
        Fraction of the pool's coins that is always kept liquid: it earns nothing and cannot be slashed; default 0.
        Coins on their way out are taken from the stake, and slashed in full.
    validator_size
        Coins of a validator, of which the pool stakes whole ones only, such as 32 on Ethereum; None (default) where any
        amount can be staked. Coins of all members short of the next one are idle: they earn nothing and cannot be
        slashed, by the same share for each member. Rewards, deposits and other members fill them up, at the end of
        each interval.
    other_coins
        Coins of the pool's other members at the opening, 0 or more, if it has a `validator_size`; default 0. Rewards
        that are staked again make them grow. Failures and halts are the member's alone: a large pool has next to
        nothing idle before and after.
    joining_coins_per_day
        Coins that other members bring a day, less those that they take away; below 0 where more leave. Default 0.
    compounding
        Whether rewards are staked again at once (default); otherwise they wait as coins that earn nothing, cannot be
        slashed, and are sold at the exit. A negative reward is taken from the stake.
    entry_days
        Days until a deposit earns, at the risk of price and exploit: a number, or ``EntryWait("ETH")`` for the market's
        queue, read at the deposit. Default 0. It can be slashed from the interval of its activation on. Deposits still
        waiting when the holder leaves are activated first, and neither earn nor are slashed.
    unbonding_days
        Days in the exit queue, at the risk of price, slashing and exploit: a number, or ``ExitWait("ETH")`` for the
        market's queue, read when the holder leaves. Default 0.
    earns_while_unbonding
        Whether the unbonding days earn; these rewards are paid into the wallet and sold as they come. Default False. On
        Ethereum validators do earn in the exit queue.
    withdrawal_days
        Days from the end of the queue until the coins arrive, never paid; default 0.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.
    entry
        Smallest deposit and gas, an `Entry`; None by default.
    failures
        Slashings, exploits of the pool's contract and defaults, a `Failure` each; none by default. Those of the line
        ``"slashing"`` strike staked and unbonding coins, all others waiting coins and rewards too.
    halts
        Stops by the operator or a regulator, a `Halt` each; none by default.
    exit_gas_usd
        Network fee of each transaction of leaving in US dollars, under `Line.NETWORK_FEE`; default 0. It is paid
        from the staked coins that leave, no more than they are: for a request, and a claim where there is a wait.
    payout
        Days of pay-outs or claims of rewards, their cost, and where they go, a `Payout`; in place of `compounding`,
        which stays True. None by default.

    Examples
    --------
    >>> from stakingmodels import APY, Market, Price, StakingPool, StakingReward, TimeGrid
    >>> grid = TimeGrid.daily("2026-01-01", days=365)
    >>> market = Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APY(0.04)})
    >>> outcome = StakingPool("ETH", commission=0.0).run(market, capital=30_000.0)  # 10 ETH
    >>> round(float(outcome.profit[0]) / 3000.0, 9)
    0.4
    """

    asset: str = terms.coin(default="ETH", kw_only=False)
    commission: float | Schedule = commission(
        default=lido.V3.total_fee / lido.V3.fee_precision,
        source="Lido's fee on rewards; lidofinance/core @ 372b02e",
        date="2026-06-23",
    )
    execution: Execution | None = execution()
    buffer: float = terms.fraction(default=0.0)
    validator_size: float | None = terms.positive(default=None, optional=True, unit="coins", usual=(8.0, 64.0))
    other_coins: float = terms.number(default=0.0, unit="coins", needs=("validator_size",), usual=(0.0, 1e6))
    joining_coins_per_day: float = terms.number(
        default=0.0, check=checks.real, unit="coins/day", needs=("validator_size",), usual=(-100.0, 1e4)
    )
    compounding: bool = terms.flag(default=True)
    entry_days: EntryDays = terms.entry_days(default=0.0, assumption=assumed.ENTRY_DAYS)
    unbonding_days: ExitDays = terms.exit_days(default=0.0, assumption=assumed.EXIT_DAYS)
    earns_while_unbonding: bool = terms.flag(default=False)
    withdrawal_days: float = terms.days(default=0.0, assumption=assumed.SERVICE_WITHDRAWAL_DAYS)
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    entry: Entry | None = entry()
    failures: tuple[Failure, ...] = failures()
    halts: tuple[Halt, ...] = halts()
    exit_gas_usd: float = exit_gas()
    payout: Payout | None = payout()

    def __attrs_post_init__(self) -> None:
        check_waits(self)
        check_payout(self)
        if self.validator_size is None:
            for name in ("other_coins", "joining_coins_per_day"):
                if getattr(self, name):
                    rule = "is felt only by a pool of whole validators"
                    checks.refuse(f"StakingPool.{name}", rule, getattr(self, name), "validator_size=32.0")

    @classmethod
    def on(cls, chain: Chain, *, hazards: Mapping[str, float] | None = None, **terms: Any) -> Self:
        """Stake on a chain: coin, unbonding and compounding by the chain's rules, all else by the operator's terms.

        The reward is the market's: ``Constants({StakingReward(chain.asset): chain.realized_apr()})`` is a world in
        which the chain's rate of its day stays. A stake below `Chain.minimum_stake` needs an operator that pools.

        Parameters
        ----------
        chain
            Chain with its state of a day, such as ``cosmos.Cosmos()``.
        hazards
            Chance a year, from 0, of the chain's slashable offenses, by the names in `Chain.slashing`. Each becomes a
            `Failure` of the line ``"slashing"`` and of the fraction that the offense takes, with an event such as
            ``Event("ATOM:downtime")``. Offenses that are not named never happen, which is the default. Where the
            fraction grows with what others commit, as on Ethereum, give a `Failure` of your own instead.
        **terms
            Terms of the constructor; they come before those of the chain. `failures` are added to the slashings.

        Raises
        ------
        InputTypeError
            If `chain` is no chain.
        InputError
            For the coin of another chain, and for an offense that does not always take the same fraction.
        UnknownNameError
            For an offense that the chain does not have.

        Examples
        --------
        >>> from stakingmodels import StakingPool
        >>> from stakingmodels.protocols.chains import cosmos
        >>> pool = StakingPool.on(cosmos.Cosmos(), commission=0.05, hazards={"downtime": 0.5})
        >>> pool.asset, pool.unbonding_days, pool.compounding, pool.failures[0].severity
        ('ATOM', 21.0, False, 0.0001)
        """
        return cls(**chain_terms(f"{cls.__name__}.on", chain, hazards, terms))

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: the coin's price, the chain's rewards and queues, the dollar's price if claims cost, events."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset), *waits_of(self)}
        read |= execution_factors(self) | exit_gas_factors(self)
        return frozenset(read | events_of(self) | payout_factors(self) | entry_factors(self))

    def open(self, book: Book, now: Now) -> "StakingPoolPosition":
        """Buy coins with all the money in the wallet, and stake them."""
        return StakingPoolPosition(self, book, now)


class StakingPoolPosition(Position):
    """Position of coins in the pool, and of coins on their way in and out."""

    rests_when_paid_out = True

    def __init__(self, terms: StakingPool, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._staked = book.account(terms.asset, "staked")
        is_staked_again = terms.compounding and terms.payout is None
        self._rewards = self._staked if is_staked_again else book.account(terms.asset, "rewards")
        self._payments = Payments(book, terms.payout, self._rewards, self._staked)
        self._earned = Rewards(terms.asset, terms.execution, terms.commission, now)
        self._passage = Passage(
            book,
            self._staked,
            "unbonding",
            withdrawal_days=terms.withdrawal_days,
            pays=terms.earns_while_unbonding,
            sell_fee=terms.sell_fee,
            can_pause=bool(terms.halts),
        )
        self._stops = Stops(type(terms).__name__, terms.halts, now)
        at_stake = self._passage.at_stake
        self._whole: WholeUnits | None = None
        self._works: PathValue = 1.0 - terms.buffer  # share of the stake
        leaving: PathValue = 1.0
        if terms.validator_size is not None:
            self._whole = WholeUnits(
                (self._staked, *at_stake, self._passage.others[0]),
                size=terms.validator_size,
                others=terms.other_coins,
                joining_per_day=terms.joining_coins_per_day,
                buffer=terms.buffer,
            )
            self._works, leaving = self._whole.works, self._whole.whole  # arrays that follow the pool's coins
        self._exposure = Exposure(
            book,
            terms.failures,
            now.n_paths,
            staked={self._staked: self._works, **dict.fromkeys(at_stake, leaving)},
            others=(self._rewards, *self._passage.others),
            sell_fee=terms.sell_fee,
        )
        self._buying = Buying(type(self).__name__, book, terms.asset, terms.buy_fee, terms.entry)
        self._buying.pay_gas(now)
        self.capital_shortfall = self._buying.capital_shortfall
        coins = self._buying.all_money()
        self._passage.bring_in(now, coins, self._buying.deposited(coins), days_of(now, terms.entry_days))
        self._fill()

    @property
    def idle_share(self) -> FloatArray:
        """Share of the pool's coins that is idle, ``(n_paths,)``: the buffer, and what is short of whole validators."""
        return frozen(np.broadcast_to(1.0 - np.asarray(self._works), self._staked.units.shape))

    def _fill(self) -> None:
        if self._whole is not None:
            self._whole.fill()

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Buy coins with money of the wallet, and send them to the pool."""
        money, paths = self._buying.allowed(money, paths, self._exposure.solvent, now)
        source, units = self._buying.some_money(money, paths)
        self._passage.bring_in(now, source, units, at(days_of(now, self._terms.entry_days), paths), paths)
        self._fill()

    def step(self, now: Now) -> None:
        """Earn on the stake, pay the commission, bear losses, and sell coins out of the queue."""
        self._earn(now)
        self._exposure.step(now)
        self.committed, self.ended_on_day = self._stops.step(now, self._exposure), self._stops.ended_on
        self._payments.step(now, self._stops.wait(now.elapsed_days))
        self._passage.pay_out(now, self._stops.leaves_until(now))
        self._fill()

    def _earn(self, now: Now) -> None:
        terms, paid = self._terms, self._stops.paid(now)
        parts = [(line, rate * self._works, fee) for line, rate, fee in self._earned.parts(now)]
        for line, earned, fee in parts:
            self._passage.pay(now, line, earned * paid, fee)
        if self._passage.works:
            units = self._passage.earning(now, now.scratch)
            units = units if len(parts) == 1 else units.copy()  # all are paid on the coins before any of them
            for line, earned, fee in parts:
                pay_reward(self._book, line, self._staked, self._rewards, units, earned * paid, fee)
            self._passage.let_in(now)
        if self._whole is not None:
            is_kept = terms.compounding and (terms.payout is None or terms.payout.to == "balance")
            kept = sum(
                np.maximum(earned, 0.0) * (1.0 - fee) * is_kept + np.minimum(earned, 0.0) for _, earned, fee in parts
            )
            self._whole.grow(now, kept)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Leave through the queue, or sell at once without one; waiting rewards are sold at once."""
        share, paths = self.check_exit(now, share, how, paths=paths)
        paused = self._stops.wait(now.elapsed_days, paths)
        wait = at(days_of(now, self._terms.unbonding_days), paths) + paused
        if self._terms.earns_while_unbonding:
            until = now.elapsed_days + wait
            self.earns_until_day = self._passage.earns_until(self.earns_until_day, until, paths, self.committed)
        if self._rewards is not self._staked:
            self._passage.pay_rewards(now, self._rewards, self._rewards.part(share, paths), paused, paths)
        self._payments.sell(share, self._terms.sell_fee, paths)
        if self._terms.payout is None or self._terms.payout.to == "balance":
            self._buying.sell_left(share, self._terms.sell_fee, paths)
        gas = self._terms.exit_gas_usd * transactions(wait - paused + self._terms.withdrawal_days)
        units = less_gas(self._book, now, self._staked, gas, self._staked.part(share, paths), paths)
        self._passage.ask(now, share, wait, paths, units=units, until=self._stops.leaves_until(now))
        self._fill()
