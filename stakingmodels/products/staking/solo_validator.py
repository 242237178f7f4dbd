"""`SoloValidator`: whole Ethereum validators, run by the owner of the stake."""

from stakingmodels import checks, terms
from stakingmodels.errors import UnitWarning
from stakingmodels.ledger import Book
from stakingmodels.market import Event, ExecutionReward, Factor, Now, Price, StakingReward
from stakingmodels.products.base import Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.failures import check_failure
from stakingmodels.products.parts.waits import (
    ETH_ENTRY_DAYS,
    ETH_EXIT_DAYS,
    EntryDays,
    ExitDays,
    check_waits,
    waits_of,
)
from stakingmodels.products.staking.validator_position import SoloValidatorPosition
from stakingmodels.protocols.chains.ethereum import FULU, exit_wait, slashing_loss

NETWORK_VALIDATORS = 1_111_116.0
"""Stake of the whole network, in validators of 32 ETH: 35,555,714 ETH on 2026-01-01."""
SWEPT_VALIDATORS = 981_255
"""Validators that the sweep of withdrawals comes by, on the same day: many hold more than 32 ETH by now."""
_LEAST_GWEI = FULU.min_activation_balance
_NETWORK_GWEI = round(NETWORK_VALIDATORS) * _LEAST_GWEI
_ALONE = slashing_loss(_LEAST_GWEI, _NETWORK_GWEI)
SLASHING_SEVERITY = _ALONE.total / _LEAST_GWEI
"""What one validator of 32 ETH loses that is slashed on its own, 0.0634 ETH."""
SLASHING_WAIT_DAYS = _ALONE.withdrawable_epochs / FULU.epochs_per_day
"""8,192 epochs."""
_EMPTY = exit_wait(_NETWORK_GWEI, 0, _LEAST_GWEI, FULU, payable_validators=SWEPT_VALIDATORS)
WITHDRAWAL_DAYS = _EMPTY.days - _EMPTY.exit_epochs / FULU.epochs_per_day
"""256 epochs, and half a round of the sweep over the network's validators."""

MOST_VALIDATORS = 10_000_000
_MOST_COST = 1_000.0
_SPECS, _SPECS_DATE = "ethereum/consensus-specs @ a08d8a6", "2026-08-07"


def _ether(where: str, value: object) -> str:
    asset = checks.text(where, value)
    if asset != "ETH":
        hint = f"StakingPool({asset!r}, ...) and ExchangeStaking({asset!r}, ...) take any chain's coin"
        checks.refuse(where, "must be 'ETH', whose rules a validator here has", asset, hint)
    return asset


@terms.sheet
class SoloValidator(Product):
    """Whole validators, run by the owner: all of the reward, all of the cost, and the chain's queues.

    Of the consensus reward, ``8/64`` come with proposals of blocks, as does all of the execution reward, and ``2/64``
    with seats in sync committees; with `luck`, both are drawn by their law (`products.duty_draws`). Money that
    opens no whole validator stays in coins and is sold at the exit; where it opens none at all, all of it does.

    Parameters
    ----------
    asset
        The coin, ``"ETH"``: whole coins, queues and penalties here are Ethereum's.
    validators
        How many to open, in [1, 10,000,000]; None (default) opens as many as the capital pays for.
    compounding
        False (default): validators of 32 ETH (0x01), whose rewards above that go to the wallet. True: validators of 32
        to 2,048 ETH (0x02), over which all coins bought are spread evenly, and whose consensus rewards stay staked;
        execution rewards go to the wallet all the same.
    entry_days
        Days in the activation queue, without pay; a deposit there can neither be slashed nor taken back. A number, or
        ``EntryWait("ETH")`` for the market's, read at the opening. Default 45.17, the median of a year.
    exit_days
        Days in the exit queue. A validator works, earns and can be slashed until it is out of it. A number, or
        ``ExitWait("ETH")`` for the market's, read when the holder leaves. Default 1.10, the median of that year.
    withdrawal_days
        Days from then until the coins arrive, without pay. Default 5.4: 256 epochs and half a round of the
        sweep over the network's validators.
    uptime
        Fraction of the time online, in [0, 1], of that of the average validator, whose time offline is in the reward.
        What is offline besides earns nothing and is fined ``42/64`` of the consensus reward missed: the weights of
        source, target and sync committee. Default 0.99.
    random_duties
        Whether proposals and seats are drawn (default) or come as their mean, as they always do in a market without
        randomness.
    network_validators
        Stake of the whole network, in validators of 32 ETH. Default 1,111,116 (35,555,714 ETH).
    slashing
        The event that strikes each validator for itself; None (default) for validators that cannot be slashed. Where
        the market does not know its hazard, it strikes one validator at a time.
    slashing_severity
        Fraction of its stake that a slashed validator loses in all, in [0, 1]. Default 0.00198: 0.0634 of 32 ETH, for
        one validator slashed on its own; `protocols.chains.ethereum.slashing_loss` tells others.
    slashing_wait_days
        Days without pay until the rest of a slashed stake is back in the wallet. Default 36.4 (8,192 epochs).
    hardware_usd
        USD paid for the machine before the coins are bought, and lost; not where no validator opens. Default 0, as the
        running cost has it in it.
    running_cost_usd_per_day
        USD a day for machine, power and line of the whole set-up, from the opening until the last validator is out of
        the exit queue, or to the end of the interval in which it is slashed. Paid out of cash, then of coins in the
        wallet, then by the holder. Default 0.315. Over 1,000 for each validator asked for, or over 10,000, is warned
        of.
    buy_fee, sell_fee
        Trading fees as fractions of the amount traded; default 0.

    Notes
    -----
    `StakingReward` is all that the chain pays to the average validator; `ExecutionReward`, 0 where the market has none,
    is the part of it that comes from tips and MEV. Both are paid on the effective balance: whole ETH, which lag
    behind a growing balance by 0.25 to 1.25 (`protocols.chains.ethereum.process_effective_balance_updates`, here at the
    end of each step instead of each epoch); at the deposit it is all whole ETH. A negative reward is borne by the
    stake, without luck and fine, and no loss is larger than what is there. The 256 epochs that a validator must work
    before it may leave are left out, and so is that a sync committee is chosen 27 hours ahead. Medians of waits are of
    the year to August 2026.

    `ExecutionReward` counts from 0 up to `StakingReward`. An interval in which a validator works for a part is paid
    for that part, and an event in it strikes it. Who asks to leave while deposits wait joins the exit queue after them.

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
        default=WITHDRAWAL_DAYS, assumption=assumed.SERVICE_WITHDRAWAL_DAYS, source=_SPECS, date=_SPECS_DATE
    )
    uptime: float = terms.fraction(default=assumed.UPTIME.base, assumption=assumed.UPTIME)
    random_duties: bool = terms.flag(default=True)
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
    hardware_usd: float = terms.money(default=0.0, usual=(0.0, 10_000.0))
    running_cost_usd_per_day: float = terms.money(
        default=0.315,
        unit="USD/day",
        assumption=assumed.RUNNING_COST_USD_PER_DAY,
        source="CADLabs Ethereum economic model @ a70e21f: own hardware at 0.0014 USD an epoch (assumption of 2021)",
        date="2024-08",
    )
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)

    def __attrs_post_init__(self) -> None:
        check_waits(self)
        check_failure(self, "slashing", "slashing_severity")
        cost = self.running_cost_usd_per_day
        if cost > _MOST_COST * (self.validators or 10):
            text = (
                f"SoloValidator: running costs of {cost:g} USD a day are more than any validators earn; a year's? /365"
            )
            checks.warn(text, UnitWarning)

    @property
    def factors(self) -> frozenset[Factor]:
        """Price, rewards and queues of the coin, the price of the dollar if there are costs, and the slashing event."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset), ExecutionReward(self.asset), *waits_of(self)}
        if self.hardware_usd or self.running_cost_usd_per_day:
            read.add(Price("USD"))
        return frozenset(read if self.slashing is None else read | {self.slashing})

    def open(self, book: Book, now: Now) -> SoloValidatorPosition:
        """Pay for the machine, buy coins with all the money left, and deposit those of whole validators."""
        return SoloValidatorPosition(self, book, now)
