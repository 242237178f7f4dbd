"""`SoloValidatorPosition`: active validators, exiting validators, and coins in the wallet."""

from typing import Protocol

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line, Queue
from stakingmodels.ledger.lines import LineShares
from stakingmodels.market import Event, ExecutionReward, Now, Price, StakingReward
from stakingmodels.products.base import Position
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.waits import EntryDays, ExitDays, days_of
from stakingmodels.products.staking.duty_draws import PROPOSER_SHARE, SYNC_SHARE, DutyDraws
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    downtime_penalty_share,
    max_effective_balance_for,
    process_effective_balance_updates,
)
from stakingmodels.tolerances import DAY_TOL, REL_TOL
from stakingmodels.values import at, fixed, highest, is_zero, lowest

LEAST_STAKE = FULU.min_activation_balance / GWEI_PER_ETH
"""Coins needed to open a validator: 32."""
MOST_STAKE = FULU.max_effective_balance_electra / GWEI_PER_ETH
"""Largest stake on which a compounding (0x02) validator earns: 2,048 (EIP-7251)."""
PENALTY_SHARE = downtime_penalty_share(FULU)

_WHOLE = 1e-9  # rounding of a validator, where a machine costs a multiple of the coins
_DUST = 1.0 / GWEI_PER_ETH  # amount that the chain does not count

Shares = tuple[tuple[Line, float], ...]
"""Lines with their shares of an amount."""


def _net(shares: Shares) -> float:
    return sum(share for _, share in shares)


class Terms(Protocol):
    """Terms read by a position; `SoloValidator` defines each."""

    @property
    def asset(self) -> str:
        """Coin that is staked."""
        ...

    @property
    def validators(self) -> int | None:
        """Number of validators to open; None for as many as the capital pays for."""
        ...

    @property
    def compounding(self) -> bool:
        """Whether a validator earns on up to 2,048 ETH (0x02)."""
        ...

    @property
    def random_duties(self) -> bool:
        """Whether proposals and seats are drawn."""
        ...

    @property
    def uptime(self) -> float:
        """Share of the time online."""
        ...

    @property
    def network_validators(self) -> float:
        """Stake of the whole network, in validators of 32 ETH."""
        ...

    @property
    def entry_days(self) -> EntryDays:
        """Days in the activation queue."""
        ...

    @property
    def exit_days(self) -> ExitDays:
        """Days in the exit queue."""
        ...

    @property
    def withdrawal_days(self) -> float:
        """Days from the end of the exit queue until the coins arrive."""
        ...

    @property
    def slashing(self) -> Event | None:
        """Event of a slashing, for each validator by itself."""
        ...

    @property
    def slashing_severity(self) -> float:
        """Fraction of its stake that a slashed validator loses."""
        ...

    @property
    def slashing_wait_days(self) -> float:
        """Days until the rest of a slashed stake is back."""
        ...

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Failures that strike all validators together."""
        ...

    @property
    def hardware_usd(self) -> float:
        """Price of the machine in USD."""
        ...

    @property
    def running_cost_usd_per_day(self) -> float:
        """Running cost in USD a day for machine, power and connection."""
        ...

    @property
    def buy_fee(self) -> float:
        """Trading fee on purchases, a fraction."""
        ...

    @property
    def sell_fee(self) -> float:
        """Trading fee on sales, a fraction."""
        ...


class SoloValidatorPosition(Position):
    """Position of active validators, exiting validators, and coins in the wallet."""

    def __init__(self, terms: Terms, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._coins = book.account(terms.asset)
        self._staked = book.account(terms.asset, "staked")
        self._withdrawals = Queue(book, book.account(terms.asset, "withdrawing"))
        self._slashed = Queue(book, book.account(terms.asset, "slashed"))
        self._price, self._dollar = Price(terms.asset), Price("USD")
        self._reward, self._execution = StakingReward(terms.asset), ExecutionReward(terms.asset)
        self._most = MOST_STAKE if terms.compounding else LEAST_STAKE
        self._exits: list[tuple[PathValue, FloatArray]] = []
        self._entry_days = days_of(now, terms.entry_days)
        self._last_day: PathValue = np.inf
        self._luck = DutyDraws(terms.asset, LEAST_STAKE * terms.network_validators) if terms.random_duties else None
        by_lot = (PROPOSER_SHARE, SYNC_SHARE) if terms.random_duties else (0.0, 0.0)  # posted on its own
        self._duties = self._shares(1.0 - sum(by_lot), PENALTY_SHARE - by_lot[1])
        self._seats = self._shares(1.0, 1.0)
        self._sweeps = not terms.compounding and min(_net(self._duties), _net(self._seats)) >= 0.0
        self._validators = self._deposit(self._buy(now))
        self._effective = self._deposited()
        self._take_stock()
        self._exposure = Exposure(
            book,
            terms.failures,
            now.n_paths,
            staked={self._staked: 1.0},
            others=(self._withdrawals, self._slashed),
            sell_fee=terms.sell_fee,
        )

    def _shares(self, paid: float, fined: float) -> Shares:
        """Shares of a reward: the part for the time online, and the fine for the time offline, if any."""
        uptime = self._terms.uptime
        reward = (Line.CONSENSUS, uptime * paid)
        return (reward,) if uptime == 1.0 else (reward, (Line.DOWNTIME, -(1.0 - uptime) * fined))

    def _buy(self, now: Now) -> BoolArray:
        """Buy machine and coins; returns the paths on which the capital suffices for the terms."""
        terms, cash = self._terms, self._book.cash
        trades = self._coins is not cash
        price = now[self._price]
        held = self._coins.units if trades else np.zeros(now.n_paths)
        hardware = terms.hardware_usd * now[self._dollar] if terms.hardware_usd else 0.0
        coins = LEAST_STAKE * (terms.validators or 1)
        bought = np.maximum(coins - held, 0.0) * trades
        needed = (coins + bought * terms.buy_fee) * price + hardware
        short = needed - (cash.units + held * price)
        self.capital_shortfall = np.where(short > REL_TOL * needed, short, 0.0)
        opened: BoolArray = (self.capital_shortfall == 0.0) & np.greater(price, 0.0)
        if terms.hardware_usd:
            self._book.charge(Line.OPERATING, np.where(opened, hardware, 0.0))
        if trades:
            self._book.trade(cash, self._coins, cost=terms.buy_fee)
        return opened

    def _deposit(self, opened: BoolArray) -> FloatArray:
        """Stake the coins of whole validators; returns their number."""
        wanted = self._terms.validators
        whole = np.floor(self._coins.units / LEAST_STAKE * (1.0 + REL_TOL) + _WHOLE)
        count = np.maximum(whole, 1.0) if wanted is None else np.full(whole.shape, float(wanted))
        count *= opened
        self._book.move(self._coins, self._staked, np.minimum(self._coins.units, self._most * count))
        return count

    def _deposited(self) -> FloatArray:
        """Effective balance of a new validator on each path: its whole ETH, 32 even where roundings took some."""
        gwei = np.rint(self._staked.units / np.maximum(self._validators, 1.0) * GWEI_PER_ETH)
        whole = np.floor(gwei / GWEI_PER_ETH)
        return np.clip(whole, LEAST_STAKE, self._most) * (self._validators > 0.0)

    def step(self, now: Now) -> None:
        """Book rewards, running cost and slashings, and move validators that have come out of the queues."""
        if self._some_work:
            self._earn(now)
            self._pay_costs(now)
            if self._terms.slashing is not None:
                self._slash(now, self._terms.slashing)
        self._exposure.step(now, self._fail, self._reached)
        self._pass_on(now)

    def _part(self, now: Now, since: PathValue) -> PathValue:
        """Part of the interval from day `since` on, and until the last validator is out of the exit queue."""
        end = now.elapsed_days
        start = end - now.days
        if highest(since) <= start and lowest(self._last_day) >= end:
            return 1.0
        days = np.minimum(end, self._last_day) - np.maximum(start, since)
        part = np.clip(days / now.days, 0.0, 1.0)
        return part if part.ndim else float(part)

    def _earn(self, now: Now) -> None:
        book, part = self._book, self._part(now, self._entry_days)
        if is_zero(part):
            return
        total = now[self._reward]
        execution = np.minimum(np.maximum(now[self._execution], 0.0), np.maximum(total, 0.0))
        consensus = total - execution
        reward = np.multiply(self._stake, consensus * part, out=now.scratch)
        if self._luck is not None:
            self._luck.look(now, self._stake, self._validators, part, self._terms.uptime)
        if self._all_full and lowest(consensus) >= 0.0:
            book.post(self._duties, self._coins, reward)
            self._pay_lots(now, part, None, consensus, execution)
            return
        pays = np.broadcast_to(np.greater_equal(consensus, 0.0), reward.shape)
        swept = self._full & pays
        if swept.any():
            book.post(self._duties, self._coins, np.where(swept, reward, 0.0))
        fines = -_net(self._duties)
        rewarded = np.where(pays & ~swept, reward, 0.0)
        if fines > 0.0:  # no more can be taken than is there
            rewarded = np.minimum(rewarded, np.maximum(self._staked.units, 0.0) / fines)
        book.post(self._duties, self._staked, rewarded)
        if not pays.all():  # there is no fine on a negative reward
            lost = np.maximum(self._terms.uptime * reward, -self._staked.units)
            book.post(Line.CONSENSUS, self._staked, np.where(pays, 0.0, lost))
        self._pay_lots(now, part, swept, np.maximum(consensus, 0.0), execution)
        excess = np.where(swept, 0.0, self._staked.units - self._most * self._validators)
        if np.any(excess > 0.0):
            book.move(self._staked, self._coins, np.maximum(excess, 0.0))
        self._update_effective()

    def _pay_lots(
        self, now: Now, part: PathValue, swept: BoolArray | None, consensus: PathValue, execution: PathValue
    ) -> None:
        """Book the rewards drawn at random: a part of the consensus reward, and all of the execution reward."""
        if self._luck is None:
            if not is_zero(execution):
                paid = self._stake * (self._terms.uptime * execution * part)
                self._book.post(Line.EXECUTION, self._coins, paid)
            return
        paths, stake = self._luck.proposals(now)
        if paths.size:
            self._pay_some(Line.CONSENSUS, swept, paths, stake * (PROPOSER_SHARE * at(consensus, paths)))
            if not is_zero(execution):
                self._book.post(Line.EXECUTION, self._coins, stake * at(execution, paths), paths)
        paths, stake = self._luck.seats(now)
        if paths.size:
            self._pay_some(self._seats, swept, paths, stake * (SYNC_SHARE * at(consensus, paths)))

    def _pay_some(self, cause: LineShares, swept: BoolArray | None, paths: IntArray, reward: FloatArray) -> None:
        """Book a reward, less its fine, on some paths: in the wallet if it is swept there, otherwise on the stake."""
        if swept is None:
            self._book.post(cause, self._coins, reward, paths)
            return
        fines = 0.0 if isinstance(cause, Line) else -_net(cause)
        for account, there in ((self._coins, swept[paths]), (self._staked, ~swept[paths])):
            some = reward[there]
            if fines > 0.0:
                some = np.minimum(some, np.maximum(account.units[paths[there]], 0.0) / fines)
            self._book.post(cause, account, some, paths[there])

    def _update_effective(self, paths: IntArray | slice = slice(None)) -> None:
        """Update the effective balance of a validator on some paths, in coins; without a validator it stays."""
        count, last = self._validators[paths], self._effective[paths]
        held = np.where(count > 0.0, self._staked.units[paths] / np.maximum(count, 1.0), last)
        most = max_effective_balance_for(self._terms.compounding, FULU)
        gwei, before = (np.rint(coins * GWEI_PER_ETH).astype(np.int64) for coins in (held, last))
        self._effective[paths] = process_effective_balance_updates(gwei, before, most, FULU) / GWEI_PER_ETH
        self._take_stock()

    def _take_stock(self) -> None:
        """Compute the quantities that change only with the validators and their effective balances."""
        self._stake = self._effective * fixed(self._validators)
        if self._luck is not None:
            self._luck.forget()
        self._some_work, self._all_work = bool(self._validators.any()), bool(self._validators.all())
        short = LEAST_STAKE * self._validators - np.minimum(self._staked.units, self._stake)
        # if no balance is to be filled up, rewards of a validator of 32 ETH (0x01) go to the wallet at once
        self._full = (short <= _DUST) & self._sweeps
        self._all_full = bool(self._full.all())

    def _pay_costs(self, now: Now) -> None:
        cost = self._terms.running_cost_usd_per_day * now.days
        part = self._part(now, 0.0)
        if cost and not is_zero(part):
            each = cost * part * now[self._dollar]
            self._book.charge(Line.OPERATING, each if self._all_work else np.where(self._validators > 0.0, each, 0.0))

    def _slash(self, now: Now, event: Event) -> None:
        """Slash validators independently: each loses the slashed fraction and leaves; the rest of its stake waits."""
        terms, staked = self._terms, self._staked
        part = self._part(now, self._entry_days)
        at_work = self._validators * np.greater(part, 0.0) if isinstance(part, np.ndarray) else self._validators
        if is_zero(part):
            return
        struck, count = now.occurrences(event, at_work)
        if not struck.size:
            return
        stake = staked.units[struck] * (count / self._validators[struck])
        lost = stake * terms.slashing_severity
        self._book.post(Line.SLASHING, staked, -lost, struck)
        left = np.zeros(now.n_paths)
        left[struck] = stake - lost
        self._slashed.enter(staked, left, now.elapsed_days + terms.slashing_wait_days)
        left_over = self._validators.copy()
        left_over[struck] -= count
        self._validators = left_over
        self._take_stock()

    def _reached(self, now: Now, failure: Failure, paths: IntArray) -> IntArray:
        """Paths on which a failure finds validators: a deposit in the activation queue cannot be slashed."""
        if failure.line != "slashing":
            return paths
        part = self._part(now, self._entry_days)
        return paths[at(part, paths) > 0.0] if isinstance(part, np.ndarray) else paths[: paths.size * (part > 0.0)]

    def _fail(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Update the validators after a failure has cut their stake: without any stake they are gone."""
        del now
        if failure.severity == 1.0:
            left = self._validators.copy()
            left[paths] = 0.0
            self._validators = left
        self._update_effective(paths)

    def _pass_on(self, now: Now) -> None:
        """Move validators from the exit queue to their withdrawal; sell coins that arrive after the holder's exit."""
        waiting: list[tuple[PathValue, FloatArray]] = []
        for day, count in self._exits:
            due = np.broadcast_to(np.less_equal(day, now.elapsed_days + DAY_TOL), count.shape)
            if due.any():
                self._leave(day, count * due)
            if not due.all():
                waiting.append((day, count * ~due))
        self._exits = waiting
        withdrawn = self._withdrawals.release(now)
        if withdrawn is not None:
            self._sell(self._withdrawals.account, withdrawn)
        back = self._slashed.release(now)
        if back is not None:
            self._book.move(self._slashed.account, self._coins, back)
        if lowest(self._last_day) < np.inf:
            self._sell(self._coins, None)

    def _leave(self, day: PathValue, count: FloatArray) -> None:
        """Take validators, at most those left, out of the stake; they left on `day`."""
        staked = self._staked.units
        units = np.where(count < self._validators, staked * (count / np.maximum(self._validators, 1.0)), staked)
        self._withdrawals.enter(self._staked, units, day + self._terms.withdrawal_days)
        self._validators = np.maximum(self._validators - count, 0.0)
        self._take_stock()

    def _sell(self, account: Account, units: FloatArray | None) -> None:
        if account is not self._book.cash and account.active:
            self._book.trade(account, self._book.cash, units, cost=self._terms.sell_fee)

    def exit(self, now: Now, share: float = 1.0, how: str | None = None) -> None:
        """Send whole validators into the exit queue; coins in the wallet are sold at once.

        A share is rounded up to whole validators. Pending deposits must be activated first.
        """
        self.check_exit(share, how)
        day = np.maximum(now.elapsed_days, self._entry_days) + days_of(now, self._terms.exit_days)
        self._exits.append((day, np.ceil(self._validators * share - REL_TOL * self._validators)))
        if share == 1.0:
            self._last_day = np.minimum(day, self._last_day)
            self.earns_until_day = self._last_day
        else:
            self._sell(self._coins, self._coins.units * share)
        self._pass_on(now)
