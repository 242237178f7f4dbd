"""`SoloValidator`: whole Ethereum validators of one owner, run by that owner or by a firm for a commission."""

from stakingmodels import checks, terms
from stakingmodels.errors import UnitWarning
from stakingmodels.ledger import Book
from stakingmodels.market import Event, ExecutionReward, Factor, Now, Price, StakingReward
from stakingmodels.products.base import Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.exit_gas import exit_gas
from stakingmodels.products.parts.failures import Failure, check_hazards, events_of, failures
from stakingmodels.products.parts.schedules import Schedule, commission
from stakingmodels.products.parts.waits import (
    ETH_ENTRY_DAYS,
    ETH_EXIT_DAYS,
    EntryDays,
    ExitDays,
    check_waits,
    waits_of,
)
from stakingmodels.products.staking.block_values import BlockLaw
from stakingmodels.products.staking.validator_position import SoloValidatorPosition
from stakingmodels.products.staking.validator_terms import CommissionOn
from stakingmodels.products.staking.validators import LEAST_STAKE
from stakingmodels.protocols.chains.ethereum import FULU, exit_wait, slashing_loss

NETWORK_VALIDATORS = 1_111_116.0
"""Stake of the whole network, in validators of 32 ETH: 35,555,714 ETH on 2026-01-01."""
SWEPT_VALIDATORS = 981_255
"""Validators in a round of the withdrawal sweep, on the same day: many have more than 32 ETH by now."""
_LEAST_GWEI = FULU.min_activation_balance
_NETWORK_GWEI = round(NETWORK_VALIDATORS) * _LEAST_GWEI
_ALONE = slashing_loss(_LEAST_GWEI, _NETWORK_GWEI)
SLASHING_SEVERITY = _ALONE.total / _LEAST_GWEI
"""Fraction of its stake lost by one validator of 32 ETH slashed on its own: 0.0634 ETH."""
SLASHING_WAIT_DAYS = _ALONE.withdrawable_epochs / FULU.epochs_per_day
"""Days until a slashed stake can be withdrawn: 8,192 epochs."""
_EMPTY = exit_wait(_NETWORK_GWEI, 0, _LEAST_GWEI, FULU, payable_validators=SWEPT_VALIDATORS)
WITHDRAWAL_DAYS = _EMPTY.days - _EMPTY.exit_epochs / FULU.epochs_per_day
"""Days from the exit queue to the arrival of the coins: 256 epochs, and half a round of the sweep."""

MOST_VALIDATORS = 10_000_000
_MOST_COST = 1_000.0
_SPECS, _SPECS_DATE = "ethereum/consensus-specs @ a08d8a6", "2026-08-07"


def _ether(where: str, value: object) -> str:
    asset = checks.text(where, value)
    if asset != "ETH":
        hint = f"StakingPool({asset!r}, ...) and ExchangeStaking({asset!r}, ...) take any chain's coin"
        checks.refuse(where, "must be 'ETH', whose rules a validator here has", asset, hint)
    return asset


def _bond(where: str, value: object) -> float:
    coins = checks.positive(where, value)
    if coins >= LEAST_STAKE:
        checks.refuse(where, "must be below 32, the coins of a whole validator", value, "leave it out")
    return coins


@terms.sheet
class SoloValidator(Product):
    """Whole validators, run by the owner: all of the reward, all of the cost, and the chain's queues.

    With a `commission` it is staking as a service: a firm runs the validators, whose coins stay the owner's. With a
    `bond` the owner runs validators with other people's coins, as a node of Rocket Pool does.

    Of the consensus reward, ``8/64`` are paid for block proposals, as is all of the execution reward, and ``2/64`` for
    seats in sync committees; with `random_duties`, both are drawn at random (`products.duty_draws`). Money that does
    not make a whole validator stays in coins and is sold at the exit.

    Parameters
    ----------
    asset
        Coin, ``"ETH"``: whole coins, queues and penalties here are Ethereum's.
    validators
        Number of validators to open, in [1, 10,000,000]; None (default) opens as many as the capital pays for.
    compounding
        False (default): validators of 32 ETH (0x01), whose rewards above that go to the wallet. True: validators of 32
        to 2,048 ETH (0x02), over which all coins bought are spread evenly, and whose consensus rewards stay staked;
        execution rewards still go to the wallet.
    entry_days
        Days in the activation queue, without pay; a deposit there can neither be slashed nor taken back. A number, or
        ``EntryWait("ETH")`` for the market's, read at the opening. Default 45.17, the median of a year.
    exit_days
        Days in the exit queue. A validator works, earns and can be slashed until it is out of it. A number, or
        ``ExitWait("ETH")`` for the market's, read when the holder leaves. Default 1.10, the median of that year.
    withdrawal_days
        Days from the end of the exit queue until the coins arrive, without pay. Default 5.4: 256 epochs and half a
        round of the sweep over the network's validators.
    uptime
        Time online relative to the average validator's, in [0, 1]; the average's time offline is already in the reward.
        Additional time offline earns nothing and is fined ``42/64`` of the consensus reward missed: the weights of
        source, target and sync committee. Default 0.99.
    random_duties
        Whether proposals and seats are drawn at random (default) or paid as their mean, as always in a market without
        randomness.
    commission
        Fraction of the rewards that an operator keeps, in [0, 1], or a `Schedule`; default 0, for validators run by the
        owner. It is taken from rewards less fines, never from a negative one. Services of 32 ETH each took 5 to 10 %
        (ethereum.org's list, whose newest entry is of 2023-05). Flat fees belong into `running_cost_usd_per_day`.
    commission_on
        ``"rewards"`` (default), or ``"execution"`` for a commission on tips and MEV alone.
    block_values
        Tips and MEV of a block that is drawn (`random_duties`): ``"equal"`` (default), the mean of all blocks, or
        ``"recorded"``, the law of 4.6 million recorded blocks scaled to that mean. Half of these were worth less than
        0.28 of the mean, and 1 in 2,000 more than 88 times the mean.
    smoothing_fee
        Fee of a smoothing pool, a fraction in [0, 1]: it takes the execution rewards of the owner's blocks, and pays
        each validator the mean, less the fee, as it comes. None (default) for no pool. The pool is taken to be so large
        that its own luck does not matter.
    bond
        Coins of one's own in each validator, in (0, 32); the rest of 32 is borrowed. None (default) for validators
        without borrowed coins. Losses of the whole validator are the bond's first: a slashing takes its fraction of 32
        coins from it, a failure of the line ``"slashing"`` its severity times ``32 / bond`` of what is left of it, up
        to all. Only the owner's part of later rewards fills it up again. Rewards go to the wallet, whatever
        `compounding` says.
    borrowed_commission
        Fraction of the rewards on the borrowed coins that the owner is paid, in [0, 1]; default 0. So the owner has
        ``bond / 32 + (1 - bond / 32) * borrowed_commission`` of each reward.
    network_validators
        Stake of the whole network, in validators of 32 ETH. Default 1,111,116 (35,555,714 ETH).
    slashing
        Event of a slashing, which hits each validator independently; None (default) for validators that cannot be
        slashed. If the market has no hazard for it, it hits one validator at a time.
    slashing_severity
        Fraction of its stake that a slashed validator loses in total, in [0, 1]. Default 0.00198: 0.0634 of 32 ETH, for
        one validator slashed on its own; `protocols.chains.ethereum.slashing_loss` gives others.
    slashing_wait_days
        Days without pay until the rest of a slashed stake is back in the wallet. Default 36.4 (8,192 epochs).
    failures
        Failures that strike all of an owner's validators together, a `Failure` each; none by default. Those of the line
        ``"slashing"`` strike the stake of active validators, all others deposits and withdrawals too. The validators
        continue with the rest; after a severity of 1 they are gone, and cost nothing.
    hardware_usd
        USD paid for the machine before the coins are bought, as a cost; not paid if no validator opens. Default 0,
        since the running cost includes it.
    running_cost_usd_per_day
        USD a day for machine, power and connection of the whole set-up, from the opening until the last validator is
        out of the exit queue, or to the end of the interval in which it is slashed. Paid from cash, then from coins in
        the wallet, then by the holder. Default 0.315. Above 1,000 for each validator requested, or above 10,000, there
        is a warning.
    exit_gas_usd
        Network fee of each transaction of leaving in US dollars, under `Line.NETWORK_FEE`; default 0. One for
        each validator that leaves, such as the request from a withdrawal address; paid as running costs are.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.

    Notes
    -----
    `StakingReward` is the total reward of the average validator; `ExecutionReward`, 0 if the market has none, is its
    part from tips and MEV. Both are paid on the effective balance: whole ETH, which lag behind a growing balance by
    0.25 to 1.25 (`protocols.chains.ethereum.process_effective_balance_updates`, here at the end of each step instead of
    each epoch); at the deposit it is the whole ETH of the balance. A negative reward is taken from the stake, without
    random duties and fine, and no loss is larger than the stake. Two rules are left out: the 256 epochs that a
    validator must serve before it may leave, and the choice of a sync committee 27 hours ahead. Medians of waits are of
    the year to August 2026.

    `ExecutionReward` counts from 0 up to `StakingReward`. A validator that is active for part of an interval is paid
    for that part, and an event in the interval hits it. A holder who leaves while deposits wait joins the exit queue
    after their activation.

    Examples
    --------
    >>> from stakingmodels import APR, Market, Price, StakingReward, TimeGrid
    >>> from stakingmodels.products import SoloValidator
    >>> grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
    >>> market = Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0289)})
    >>> outcome = SoloValidator().run(market, capital=100_000.0)  # 33.3 ETH: one validator
    >>> outcome.days_to_cash.tolist()  # 1.10 in the queue and 5.4 until the coins arrive
    [7.0]
    """

    asset: str = terms.coin(default="ETH", check=_ether, choices=("ETH",), kw_only=False)
    validators: int | None = terms.count(1, MOST_VALIDATORS, default=None, optional=True, usual=(1, 1_000))
    compounding: bool = terms.flag(default=False)
    entry_days: EntryDays = terms.entry_days(default=ETH_ENTRY_DAYS, assumption=assumed.ENTRY_DAYS)
    exit_days: ExitDays = terms.exit_days(default=ETH_EXIT_DAYS, assumption=assumed.EXIT_DAYS)
    withdrawal_days: float = terms.days(
        default=WITHDRAWAL_DAYS, assumption=assumed.WITHDRAWAL_DAYS, source=_SPECS, date=_SPECS_DATE
    )
    uptime: float = terms.fraction(default=assumed.UPTIME.base, assumption=assumed.UPTIME)
    random_duties: bool = terms.flag(default=True)
    block_values: BlockLaw = terms.choice(BlockLaw, default="equal")
    smoothing_fee: float | None = terms.fraction(default=None, optional=True, usual=(0.0, 0.1))
    bond: float | None = terms.field(
        "number", _bond, default=None, optional=True, unit="ETH", low=checks.SMALLEST, high=32.0, usual=(1.0, 16.0)
    )
    borrowed_commission: float = terms.fraction(default=0.0, needs=("bond",))
    commission: float | Schedule = commission(default=0.0)
    commission_on: CommissionOn = terms.choice(CommissionOn, default="rewards")
    network_validators: float = terms.positive(
        default=NETWORK_VALIDATORS,
        unit="validators",
        usual=(1e5, 4e6),
        source="etheralpha/validatorqueue-com @ f6a337c (upstream beaconcha.in)",
        date="2026-01-01",
    )
    slashing: Event | None = terms.event(default=None, assumption=assumed.SOLO_SLASHING)
    slashing_severity: float = terms.fraction(
        default=SLASHING_SEVERITY,
        needs=("slashing",),
        assumption=assumed.SOLO_SLASHING_SEVERITY,
        source=_SPECS,
        date=_SPECS_DATE,
    )
    slashing_wait_days: float = terms.days(default=SLASHING_WAIT_DAYS, source=_SPECS, date=_SPECS_DATE)
    failures: tuple[Failure, ...] = failures()
    hardware_usd: float = terms.money(default=0.0, usual=(0.0, 10_000.0))
    running_cost_usd_per_day: float = terms.money(
        default=0.315,
        unit="USD/day",
        assumption=assumed.RUNNING_COST_USD_PER_DAY,
        source="CADLabs Ethereum economic model @ a70e21f: own hardware at 0.0014 USD an epoch (assumption of 2021)",
        date="2024-08",
    )
    exit_gas_usd: float = exit_gas()
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)

    def __attrs_post_init__(self) -> None:
        check_waits(self)
        self._check_slashing()
        if self.bond is None and self.borrowed_commission:
            rule = "is never felt where nothing is borrowed"
            checks.refuse("SoloValidator.borrowed_commission", rule, self.borrowed_commission, "bond=4.0")
        cost = self.running_cost_usd_per_day
        if cost > _MOST_COST * (self.validators or 10):
            text = (
                f"SoloValidator: running costs of {cost:g} USD a day are more than any validators earn; a year's? /365"
            )
            checks.warn(text, UnitWarning)

    def _check_slashing(self) -> None:
        """Refuse a slashing that takes nothing, and a severity that is never felt."""
        severity = self.slashing_severity
        if self.slashing is None:
            if severity != SLASHING_SEVERITY:
                how = 'slashing=Event("slashing:x", hazard=0.01)'
                checks.refuse("SoloValidator.slashing_severity", "is never felt without an event", severity, how)
            return
        if severity == 0.0:
            rule = "must take something, but slashing_severity is 0"
            checks.refuse("SoloValidator.slashing", rule, self.slashing, "slashing_severity=0.05")
        check_hazards("SoloValidator.failures", [self.slashing, *(each.event for each in self.failures)])

    @property
    def own_stake(self) -> float:
        """Coins of one's own in each validator: the bond, or 32."""
        return LEAST_STAKE if self.bond is None else self.bond

    @property
    def reward_share(self) -> float:
        """Fraction of a validator's rewards that is the owner's, before an operator's commission."""
        own = self.own_stake / LEAST_STAKE
        return own + (1.0 - own) * self.borrowed_commission

    @property
    def n_lots(self) -> int | None:
        """Validators, where the terms fix their number: a share of them is rounded up to whole ones."""
        return self.validators

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: the coin's price, rewards and queues, the dollar's price if there are costs, and the events."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset), ExecutionReward(self.asset), *waits_of(self)}
        read |= events_of(self)
        if self.hardware_usd or self.running_cost_usd_per_day or self.exit_gas_usd:
            read.add(Price("USD"))
        return frozenset(read if self.slashing is None else read | {self.slashing})

    def open(self, book: Book, now: Now) -> SoloValidatorPosition:
        """Pay for the machine, buy coins with the rest of the money, and deposit those of whole validators."""
        return SoloValidatorPosition(self, book, now)
