"""`SoloValidatorPosition`: active validators, exiting validators, and coins in the wallet."""

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Book, Line
from stakingmodels.market import Event, Now, Price
from stakingmodels.market.now import NO_PATHS
from stakingmodels.products.base import Position
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, first_loss
from stakingmodels.products.parts.per_path import put, whole_paths
from stakingmodels.products.parts.waits import days_of
from stakingmodels.products.staking.duty_pay import DutyPay
from stakingmodels.products.staking.validator_terms import ValidatorTerms
from stakingmodels.products.staking.validators import LEAST_STAKE, Validators, most_stake
from stakingmodels.tolerances import DAY_TOL, REL_TOL
from stakingmodels.values import any_of, at, highest, is_zero, lowest

_WHOLE = 1e-9  # rounding of a validator, where a machine costs a multiple of the coins

Exits = tuple[PathValue, FloatArray, IntArray | None]
"""Validators in the exit queue: the day on which they are out, their number, and the paths (None: all)."""


class SoloValidatorPosition(Position):
    """Position of active validators, exiting validators, and coins in the wallet."""

    rests_when_paid_out = True

    def __init__(self, terms: ValidatorTerms, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._coins = book.account(terms.asset)
        self._staked = book.account(terms.asset, "staked")
        self._withdrawals = book.queue("withdrawing", terms.asset)
        self._slashed = book.queue("slashed", terms.asset)
        self._price, self._dollar = Price(terms.asset), Price("USD")
        self._entry_days = days_of(now, terms.entry_days)
        self._exits: dict[int, list[Exits]] = {}  # by the time of the grid at which they are out of the queue
        self._exiting: FloatArray | None = None  # validators in the exit queue on each path
        self._queued_to = np.zeros(now.n_paths)  # last day on which one comes out of it; 0 where none has entered
        self._last_day: PathValue = np.inf  # on which the last validator is out of it
        self._activated, self._works_to = highest(self._entry_days), np.inf  # days from and to which all paths work
        self._left: IntArray | None = NO_PATHS  # paths whose holder has left wholly (None: all)
        self._pay = DutyPay(book, terms, now, self._staked, self._coins)
        count = self._deposit(self._buy(now))
        borrowed = LEAST_STAKE - terms.own_stake
        self._validators = Validators(
            self._staked,
            count,
            compounding=terms.compounding and not borrowed,
            sweeps=self._pay.sweeps,
            borrowed=borrowed,
        )
        self._exposure = Exposure(
            book,
            tuple(first_loss(each, terms.own_stake / LEAST_STAKE) for each in terms.failures),
            now.n_paths,
            staked={self._staked: 1.0},
            others=(self._withdrawals.account, self._slashed.account),
            sell_fee=terms.sell_fee,
        )

    def _buy(self, now: Now) -> BoolArray:
        """Buy machine and coins; returns the paths on which the capital suffices for the terms."""
        terms, cash = self._terms, self._book.cash
        trades = self._coins is not cash
        price = now[self._price]
        held = self._coins.units if trades else np.zeros(now.n_paths)
        hardware = terms.hardware_usd * now[self._dollar] if terms.hardware_usd else 0.0
        coins = terms.own_stake * (terms.validators or 1)
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
        wanted, least = self._terms.validators, self._terms.own_stake
        most = least if least < LEAST_STAKE else most_stake(compounding=self._terms.compounding)
        whole = np.floor(self._coins.units / least * (1.0 + REL_TOL) + _WHOLE)
        count: FloatArray = np.maximum(whole, 1.0) if wanted is None else np.full(whole.shape, float(wanted))
        count *= opened
        self._book.move(self._coins, self._staked, np.minimum(self._coins.units, most * count))
        return count

    def step(self, now: Now) -> None:
        """Book rewards, running cost and slashings, and move validators that have come out of the queues."""
        if self._validators.some_work:
            throughout = self._activated <= now.elapsed_days - now.days and self._works_to >= now.elapsed_days
            part = 1.0 if throughout else self._part(now, self._entry_days)
            if not is_zero(part):
                self._pay.step(now, self._validators, part)
            self._pay_costs(now, 1.0 if throughout else self._part(now, 0.0))
            if self._terms.slashing is not None and not is_zero(part):
                self._slash(now, self._terms.slashing, part)
        self._exposure.step(now, self._fail, self._reached)
        self._pass_on(now)

    def _part(self, now: Now, since: PathValue) -> PathValue:
        """Part of the interval from day `since` on, and until the last validator is out of the exit queue."""
        end = now.elapsed_days
        start = end - now.days
        whole = np.less_equal(since, start) & np.greater_equal(self._last_day, end)
        days = np.minimum(end, self._last_day) - np.maximum(start, since)
        part = np.where(whole, 1.0, np.clip(days / now.days, 0.0, 1.0))  # exactly 1, whatever other paths do
        return part if part.ndim else float(part)

    def _pay_costs(self, now: Now, part: PathValue) -> None:
        cost = self._terms.running_cost_usd_per_day * now.days
        if cost and not is_zero(part):
            each = cost * part * now[self._dollar]
            works = self._validators
            self._book.charge(Line.OPERATING, each if works.all_work else np.where(works.count > 0.0, each, 0.0))

    def _slash(self, now: Now, event: Event, part: PathValue) -> None:
        """Slash validators independently: each loses the slashed fraction and leaves; the rest of its stake waits."""
        terms, staked, validators = self._terms, self._staked, self._validators
        at_work = validators.count * np.greater(part, 0.0) if isinstance(part, np.ndarray) else validators.count
        struck, count = now.occurrences(event, at_work)
        if not struck.size:
            return
        stake = staked.units[struck] * (count / validators.count[struck])
        lost = np.minimum(validators.all_coins_of(stake, count) * terms.slashing_severity, stake)
        self._book.post(Line.SLASHING, staked, -lost, struck)
        back_on = now.elapsed_days + terms.slashing_wait_days
        self._slashed.enter(now, staked, stake - lost, due_day=back_on, paths=struck)
        validators.remove(count, struck)

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
            self._validators.remove(self._validators.count[paths], paths)
        self._validators.update_effective(paths)

    def _pass_on(self, now: Now) -> None:
        """Move validators from the exit queue to their withdrawal; sell coins that arrive after the holder's exit."""
        for time in [time for time in self._exits if time <= now.step + 1]:
            for day, count, paths in self._exits.pop(time):
                self._leave(now, day, count, paths)
        if self._withdrawals:
            self._withdrawals.deliver(now, self._book.paid_out, self._terms.sell_fee)
        if self._slashed:
            self._slashed.deliver(now, self._coins)
        if self._left is None or (self._left.size and any_of(self._coins.units[self._left])):
            self._sell(1.0, self._left)

    def _enter(self, now: Now, day: PathValue, count: FloatArray, paths: IntArray | None) -> None:
        """Put validators into the exit queue, in parts by the times at which they are out of it."""
        times = now.time_index(np.asarray(day) - DAY_TOL)
        if not count.size:
            return
        if not times.ndim or (times == times[0]).all():
            self._exits.setdefault(int(times.flat[0]), []).append((day, count, paths))
            return
        for time in np.unique(times):
            some = np.flatnonzero(times == time)
            part = at(day, some), count[some], some if paths is None else paths[some]
            self._exits.setdefault(int(time), []).append(part)

    def _leave(self, now: Now, day: PathValue, count: FloatArray, paths: IntArray | None) -> None:
        """Take validators, at most those left, out of the stake; they left on `day`."""
        staked, there = at(self._staked.units, paths), at(self._validators.count, paths)
        units = np.where(count < there, staked * (count / np.maximum(there, 1.0)), staked)
        due_day = day + self._terms.withdrawal_days
        self._withdrawals.enter(now, self._staked, units, due_day=due_day, paths=paths)
        self._validators.remove(count, paths)
        if self._exiting is not None:
            self._exiting[slice(None) if paths is None else paths] -= count

    def _sell(self, share: PathValue, paths: IntArray | None) -> None:
        """Sell a share of the coins in the wallet, and pay out the proceeds."""
        self._book.pay_out(self._coins, self._coins.part(share, paths), self._terms.sell_fee, paths)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Send whole validators into the exit queue; coins in the wallet are sold at once.

        A share, of the validators that are not in the queue yet, is rounded up to whole ones. Pending deposits must be
        activated first.
        """
        share, paths = self.check_exit(now, share, how, paths=paths)
        if self._exiting is None:
            self._exiting = np.zeros(now.n_paths)
        some = slice(None) if paths is None else paths
        day = np.maximum(now.elapsed_days, at(self._entry_days, paths)) + at(days_of(now, self._terms.exit_days), paths)
        free = np.maximum(self._validators.count[some] - self._exiting[some], 0.0)
        leaving = np.ceil(free * share - REL_TOL * free)
        self._enter(now, day, leaving, paths)
        self._exiting[some] += leaving
        queued_to = self._queued_to[
            some
        ].copy()  # of exits before this one; it adds no day where no validator is left for it
        self._queued_to[some] = np.maximum(queued_to, np.where(leaving > 0.0, day, 0.0))
        if queued_to.any():
            day = np.where(queued_to > 0.0, self._queued_to[some], day)
        if self._terms.exit_gas_usd:
            gas = leaving * self._terms.exit_gas_usd * at(now[self._dollar], paths)
            self._book.charge(Line.NETWORK_FEE, put(0.0, gas, paths, now.n_paths))
        self._sell(share, paths)
        self._ask(now, day, whole_paths(share, paths, now.n_paths), paths)
        self._pass_on(now)

    def _ask(self, now: Now, day: PathValue, whole: IntArray, paths: IntArray | None) -> None:
        """Note the paths that leave wholly, with the day on which their last validator is out of the queue."""
        if not whole.size:
            return
        is_all = whole.size == now.n_paths
        if is_all and paths is None:
            self._last_day = np.minimum(day, self._last_day)
        else:
            on_day = np.empty(now.n_paths)
            on_day[slice(None) if paths is None else paths] = day
            first = np.minimum(on_day[whole], at(self._last_day, whole))
            self._last_day = put(self._last_day, first, whole, now.n_paths)
        self._works_to = lowest(self._last_day)
        has_left = np.isfinite(self._last_day)
        self.earns_until_day = self._last_day if np.all(has_left) else np.where(has_left, self._last_day, 0.0)
        self._left = None if np.all(has_left) else np.flatnonzero(has_left)
