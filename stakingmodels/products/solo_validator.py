"""`SoloValidator`: whole Ethereum validators, run by the owner of the stake."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray, PathValue
from stakingmodels.ledger import Account, Book, Line, Queue
from stakingmodels.market import Event, ExecutionReward, Factor, Now, Price, StakingReward
from stakingmodels.market.factors import as_event
from stakingmodels.products.base import Position, Product
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    downtime_penalty_share,
    exit_wait,
    max_effective_balance_for,
    process_effective_balance_updates,
    proposal_draws,
    proposer_share,
    slashing_loss,
)
from stakingmodels.values import at, fixed, is_zero, lowest

LEAST_STAKE = FULU.min_activation_balance / GWEI_PER_ETH
"""Coins that open a validator: 32."""
MOST_STAKE = FULU.max_effective_balance_electra / GWEI_PER_ETH
"""Coins up to which a compounding (0x02) validator earns: 2,048 (EIP-7251)."""
SLOTS_PER_DAY = float(FULU.epochs_per_day * FULU.slots_per_epoch)
"""7,200: one proposer every 12 seconds."""
PROPOSER_SHARE = proposer_share(FULU)
PENALTY_SHARE = downtime_penalty_share(FULU)
NETWORK_VALIDATORS = 1_105_427.0
"""Stake of the whole network, in validators of 32 ETH: 35,373,671 ETH."""
_LEAST_GWEI = FULU.min_activation_balance
_NETWORK_GWEI = round(NETWORK_VALIDATORS) * _LEAST_GWEI
_ALONE = slashing_loss(_LEAST_GWEI, _NETWORK_GWEI)
SLASHING_SEVERITY = _ALONE.total / _LEAST_GWEI
"""What one validator of 32 ETH loses that is slashed on its own, 0.0636 ETH."""
SLASHING_WAIT_DAYS = _ALONE.withdrawable_epochs / FULU.epochs_per_day
"""8,192 epochs."""
_EMPTY = exit_wait(_NETWORK_GWEI, 0, _LEAST_GWEI, FULU)
WITHDRAWAL_DAYS = _EMPTY.days - _EMPTY.exit_epochs / FULU.epochs_per_day
"""256 epochs, and half a round of the sweep over the network's validators."""

MOST_VALIDATORS = 10_000_000
_SLACK = 1e-12  # what roundings may take of a price or a stake
_WHOLE = 1e-9  # and of a validator, where a machine costs a multiple of the coins
_DAY_SLACK = 1e-9  # days are sums of floats
_DUST = 1.0 / GWEI_PER_ETH  # what the chain does not count

_QUEUES = "etheralpha/validatorqueue-com (upstream beaconcha.in), mean of 2025-11-13 to 2025-11-19"
_SPECS = "ethereum/consensus-specs @ a08d8a6, 2026-08-07"
_CADLABS = "CADLabs Ethereum economic model @ a70e21f, 2024-08"


@attrs.frozen(kw_only=True)
class SoloValidator(Product):
    """Whole validators, run by the owner: all of the reward, all of the cost, and the chain's queues.

    Of the consensus reward, ``8/64`` come with proposals of blocks, as does all of the execution reward; with `luck`,
    proposals are drawn: in each slot a validator proposes with a chance of its stake over that of the network. Money
    that opens no whole validator stays in coins and is sold at the exit; where it opens none at all, all of it does.

    Parameters
    ----------
    asset
        The coin.
    validators
        How many to open, in [1, 10,000,000]; None (default) opens as many as the capital pays for.
    compounding
        False (default): validators of 32 ETH (0x01), whose rewards above that go to the wallet. True: validators of 32
        to 2,048 ETH (0x02), whose consensus rewards stay staked; execution rewards go to the wallet all the same.
    entry_days
        Days in the activation queue, without pay; a deposit there can neither be slashed nor taken back. Default 20.3.
    exit_days
        Days in the exit queue. A validator works, earns and can be slashed until it is out of it. Default 34.7.
    withdrawal_days
        Days from then until the coins arrive, without pay. Default 5.94: 256 epochs and half a round of the
        sweep over the network's validators.
    uptime
        Fraction of the time online, in [0, 1]. Offline time earns nothing and is fined ``42/64`` of the consensus
        reward missed: the weights of source, target and sync committee. Default 0.98.
    luck
        Whether proposals are drawn (default) or come as their mean, as they always do in a market without randomness.
    network_validators
        Stake of the whole network, in validators of 32 ETH. Default 1,105,427 (35,373,671 ETH).
    slashing
        The event that strikes each validator for itself; None (default) for validators that cannot be slashed. Where
        the market does not know its hazard, it strikes one validator at a time.
    slashing_severity
        Fraction of its stake that a slashed validator loses in all, in [0, 1]. Default 0.00199: 0.0636 of 32 ETH, for
        one validator slashed on its own; `protocols.chains.ethereum.slashing_loss` tells others.
    slashing_wait_days
        Days without pay until the rest of a slashed stake is back in the wallet. Default 36.4 (8,192 epochs).
    hardware_usd
        USD paid for the machine before the coins are bought, and lost. Default 0, as the running cost has it in it.
    running_cost_usd_per_day
        USD a day for machine, power and line of the whole set-up, from the opening until the last validator has left.
        Paid out of cash, then of coins in the wallet, then by the holder. Default 0.315.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.

    Notes
    -----
    `StakingReward` is all that the chain pays to a validator always online; `ExecutionReward`, 0 where the market has
    none, is the part of it that comes from tips and MEV. Both are paid on the effective balance: whole ETH, which lag
    behind a growing balance by 0.25 to 1.25 (`protocols.chains.ethereum.process_effective_balance_updates`, here at the
    end of each step instead of each epoch). The 256 epochs that a validator must work before it may leave are left out.

    Examples
    --------
    >>> from stakingmodels import APR, Market, Price, StakingReward, TimeGrid
    >>> from stakingmodels.products import SoloValidator
    >>> grid = TimeGrid.daily("2026-01-01", days=365, tail=60)
    >>> market = Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0289)})
    >>> outcome = SoloValidator().run(market, capital=100_000.0)  # 33.3 ETH: one validator
    >>> outcome.days_to_cash.tolist()  # 34.7 in the queue and 5.94 until the coins arrive
    [41.0]
    """

    asset: str = attrs.field(default="ETH", validator=checks.TEXT)
    validators: int | None = attrs.field(
        default=None, validator=checks.field(checks.integer, 1, MOST_VALIDATORS, optional=True)
    )
    compounding: bool = attrs.field(default=False, validator=checks.FLAG)
    entry_days: float = attrs.field(default=20.3, validator=checks.NON_NEGATIVE, metadata={"source": _QUEUES})
    exit_days: float = attrs.field(default=34.7, validator=checks.NON_NEGATIVE, metadata={"source": _QUEUES})
    withdrawal_days: float = attrs.field(
        default=WITHDRAWAL_DAYS, validator=checks.NON_NEGATIVE, metadata={"source": _SPECS}
    )
    uptime: float = attrs.field(default=0.98, validator=checks.FRACTION, metadata={"source": _CADLABS})
    luck: bool = attrs.field(default=True, validator=checks.FLAG)
    network_validators: float = attrs.field(
        default=NETWORK_VALIDATORS, validator=checks.POSITIVE, metadata={"source": _QUEUES}
    )
    slashing: Event | None = attrs.field(default=None, validator=checks.field(as_event, optional=True))
    slashing_severity: float = attrs.field(
        default=SLASHING_SEVERITY, validator=checks.FRACTION, metadata={"source": _SPECS}
    )
    slashing_wait_days: float = attrs.field(
        default=SLASHING_WAIT_DAYS, validator=checks.NON_NEGATIVE, metadata={"source": _SPECS}
    )
    hardware_usd: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)
    running_cost_usd_per_day: float = attrs.field(
        default=0.315,
        validator=checks.NON_NEGATIVE,
        metadata={"source": f"{_CADLABS}: own hardware at 0.0014 USD an epoch (assumption of 2021)"},
    )
    buy_fee: float = attrs.field(default=0.0, validator=checks.FRACTION)
    sell_fee: float = attrs.field(default=0.0, validator=checks.FRACTION)

    @property
    def factors(self) -> frozenset[Factor]:
        """Price and rewards of the coin, the price of the US dollar if there are costs, and the slashing event."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset), ExecutionReward(self.asset)}
        if self.hardware_usd or self.running_cost_usd_per_day:
            read.add(Price("USD"))
        return frozenset(read if self.slashing is None else read | {self.slashing})

    def open(self, book: Book, now: Now) -> "SoloValidatorPosition":
        """Pay for the machine, buy coins with all the money left, and deposit those of whole validators."""
        return SoloValidatorPosition(self, book, now)


class SoloValidatorPosition(Position):
    """Validators at work, those on their way out, and coins in the wallet."""

    def __init__(self, terms: SoloValidator, book: Book, now: Now) -> None:
        self._terms = terms
        self._book = book
        self._coins = book.account(terms.asset)
        self._staked = book.account(terms.asset, "staked")
        self._withdrawals = Queue(book, book.account(terms.asset, "withdrawing"))
        self._slashed = Queue(book, book.account(terms.asset, "slashed"))
        self._price, self._dollar = Price(terms.asset), Price("USD")
        self._reward, self._execution = StakingReward(terms.asset), ExecutionReward(terms.asset)
        self._most = MOST_STAKE if terms.compounding else LEAST_STAKE
        self._exits: list[tuple[float, FloatArray]] = []
        self._last_day = np.inf
        self._draws: tuple[float, float, FloatArray] | None = None  # slots, trials, chance of a proposal
        proposing = PROPOSER_SHARE if terms.luck else 0.0  # what comes with proposals is posted on its own
        self._rewards = ((Line.CONSENSUS, terms.uptime * (1.0 - proposing)),)
        fine = (Line.DOWNTIME, -(1.0 - terms.uptime) * PENALTY_SHARE)
        self._duties = self._rewards if terms.uptime == 1.0 else (*self._rewards, fine)
        self._sweeps = not terms.compounding and sum(share for _, share in self._duties) >= 0.0
        self._validators = self._deposit(self._buy(now))
        self._effective = LEAST_STAKE * (self._validators > 0.0)  # even where roundings took a little of the stake
        self._update_effective()

    def _buy(self, now: Now) -> BoolArray:
        """Buy machine and coins; returns where the capital opens what the terms ask for."""
        terms, cash = self._terms, self._book.cash
        trades = self._coins is not cash
        price = now[self._price]
        held = self._coins.units if trades else np.zeros(now.n_paths)
        hardware = terms.hardware_usd * now[self._dollar] if terms.hardware_usd else 0.0
        coins = LEAST_STAKE * (terms.validators or 1)
        bought = np.maximum(coins - held, 0.0) * trades
        needed = (coins + bought * terms.buy_fee) * price + hardware
        short = needed - (cash.units + held * price)
        self.missing_capital = np.where(short > _SLACK * needed, short, 0.0)
        opened: BoolArray = (self.missing_capital == 0.0) & np.greater(price, 0.0)
        if terms.hardware_usd:
            self._book.charge(Line.OPERATING, np.where(opened, hardware, 0.0))
        if trades:
            self._book.trade(cash, self._coins, cost=terms.buy_fee)
        return opened

    def _deposit(self, opened: BoolArray) -> FloatArray:
        """Stake the coins of whole validators; returns how many there are."""
        wanted = self._terms.validators
        whole = np.floor(self._coins.units / LEAST_STAKE * (1.0 + _SLACK) + _WHOLE)
        count = np.clip(whole, 1.0, MOST_VALIDATORS) if wanted is None else np.full(whole.shape, float(wanted))
        count *= opened
        self._book.move(self._coins, self._staked, np.minimum(self._coins.units, self._most * count))
        return count

    def step(self, now: Now) -> None:
        """Earn, pay the running cost, be slashed, and pass on what has come out of the queues."""
        if self._some_work:
            self._earn(now)
            self._pay_costs(now)
            if self._terms.slashing is not None:
                self._slash(now, self._terms.slashing)
        self._pass_on(now)

    def _days(self, now: Now, since: float) -> float:
        """Days of the interval from day `since` on, and until the last validator is out of the exit queue."""
        start = now.elapsed_days - now.days
        return max(min(now.elapsed_days, self._last_day) - max(start, since), 0.0)

    def _earn(self, now: Now) -> None:
        terms, book = self._terms, self._book
        days = self._days(now, terms.entry_days)
        if days == 0.0:
            return
        total = now[self._reward] * (days / now.days)
        execution = np.minimum(np.maximum(now[self._execution] * (days / now.days), 0.0), np.maximum(total, 0.0))
        consensus = total - execution
        reward = np.multiply(self._stake, consensus, out=now.scratch)
        if self._all_full and lowest(consensus) >= 0.0:
            book.post(self._duties, self._coins, reward)
            self._propose(now, days * SLOTS_PER_DAY, None, consensus, execution)
            return
        pays = np.broadcast_to(np.greater_equal(consensus, 0.0), reward.shape)
        swept = self._full & pays
        if swept.any():
            book.post(self._duties, self._coins, np.where(swept, reward, 0.0))
        book.post(self._duties, self._staked, np.where(pays & ~swept, reward, 0.0))
        if not pays.all():  # a negative reward fines nobody besides
            book.post(self._rewards, self._staked, np.where(pays, 0.0, reward))
        self._propose(now, days * SLOTS_PER_DAY, swept, consensus, execution)
        excess = np.where(swept, 0.0, self._staked.units - self._most * self._validators)
        if np.any(excess > 0.0):
            book.move(self._staked, self._coins, np.maximum(excess, 0.0))
        self._update_effective()

    def _propose(
        self, now: Now, slots: float, swept: BoolArray | None, consensus: PathValue, execution: PathValue
    ) -> None:
        """Book what comes with proposals: a part of the consensus reward, and all of the execution reward."""
        book = self._book
        if not self._terms.luck:
            if not is_zero(execution):
                book.post(Line.EXECUTION, self._coins, self._stake * (self._terms.uptime * execution))
            return
        network = LEAST_STAKE * self._terms.network_validators
        if self._draws is None or self._draws[0] != slots:
            online = np.minimum(self._stake * self._terms.uptime, network)
            trials, chance = proposal_draws(online, network, slots)
            self._draws = (slots, trials, fixed(chance))
        paths, drawn = now.successes(f"proposals:{self._terms.asset}", *self._draws[1:])
        if not paths.size:
            return
        stake = drawn * (network / slots)  # whose mean would be as many proposals as are drawn
        reward = stake * (PROPOSER_SHARE * at(consensus, paths))
        if swept is None:
            book.post(Line.CONSENSUS, self._coins, reward, paths)
        else:
            for account, there in ((self._coins, swept[paths]), (self._staked, ~swept[paths])):
                book.post(Line.CONSENSUS, account, reward[there], paths[there])
        if not is_zero(execution):
            book.post(Line.EXECUTION, self._coins, stake * at(execution, paths), paths)

    def _update_effective(self) -> None:
        """Move the effective balance of a validator on each path, in coins; where there is none it stays."""
        held = np.where(self._validators > 0.0, self._staked.units / np.maximum(self._validators, 1.0), self._effective)
        most = max_effective_balance_for(self._terms.compounding, FULU)
        gwei, before = (np.rint(coins * GWEI_PER_ETH).astype(np.int64) for coins in (held, self._effective))
        self._effective = process_effective_balance_updates(gwei, before, most, FULU) / GWEI_PER_ETH
        self._take_stock()

    def _take_stock(self) -> None:
        """Work out what changes with the validators and their effective balances only."""
        self._stake = self._effective * fixed(self._validators)
        self._draws = None
        self._some_work, self._all_work = bool(self._validators.any()), bool(self._validators.all())
        short = LEAST_STAKE * self._validators - np.minimum(self._staked.units, self._stake)
        # where nothing is to be filled up, what a validator of 32 ETH (0x01) earns is sent to the wallet at once
        self._full = (short <= _DUST) & self._sweeps
        self._all_full = bool(self._full.all())

    def _pay_costs(self, now: Now) -> None:
        cost = self._terms.running_cost_usd_per_day * self._days(now, 0.0)
        if cost:
            each = cost * now[self._dollar]
            self._book.charge(Line.OPERATING, each if self._all_work else np.where(self._validators > 0.0, each, 0.0))

    def _slash(self, now: Now, event: Event) -> None:
        """Strike each validator for itself: it loses what slashing takes and leaves; the rest of its stake waits."""
        terms, staked = self._terms, self._staked
        if now.elapsed_days <= terms.entry_days:
            return
        struck, count = now.count(event, self._validators)
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

    def _pass_on(self, now: Now) -> None:
        """Move validators from the exit queue to their withdrawal; sell what arrives once the holder wants out."""
        out = [each for each in self._exits if now.elapsed_days >= each[0] - _DAY_SLACK]
        self._exits = self._exits[len(out) :]
        for day, count in out:
            self._leave(day, count)
        withdrawn = self._withdrawals.release(now)
        if withdrawn is not None:
            self._sell(self._withdrawals.account, withdrawn)
        back = self._slashed.release(now)
        if back is not None:
            self._book.move(self._slashed.account, self._coins, back)
        if self._last_day < np.inf:
            self._sell(self._coins, None)

    def _leave(self, day: float, count: FloatArray) -> None:
        """Take validators, or as many as are left of them, out of the stake; they left on `day`."""
        staked = self._staked.units
        units = np.where(count < self._validators, staked * (count / np.maximum(self._validators, 1.0)), staked)
        self._withdrawals.enter(self._staked, units, day + self._terms.withdrawal_days)
        self._validators = np.maximum(self._validators - count, 0.0)
        self._take_stock()

    def _sell(self, account: Account, units: FloatArray | None) -> None:
        if account is not self._book.cash and account.active:
            self._book.trade(account, self._book.cash, units, cost=self._terms.sell_fee)

    def exit(self, now: Now, share: float = 1.0, how: str | None = None) -> None:
        """Send validators, whole ones, into the exit queue; coins in the wallet are sold at once.

        A share takes as many validators as make it up at least. Deposits still on their way in must be let in first.
        """
        self.check_exit(share, how)
        day = max(now.elapsed_days, self._terms.entry_days) + self._terms.exit_days
        self._exits.append((day, np.ceil(self._validators * share - _SLACK * self._validators)))
        if share == 1.0:
            self._last_day = min(day, self._last_day)
            self.last_day_of_pay = self._last_day
        else:
            self._sell(self._coins, self._coins.units * share)
        self._pass_on(now)
