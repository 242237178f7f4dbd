"""`LiquidStakingToken`: staked coins as a token that can be sold at any time, at the market's ratio."""

import datetime as dt
from typing import Any, get_args

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels.ledger import Book
from stakingmodels.market import Factor, MarketRatio, Now, Price, StakingReward
from stakingmodels.products.base import Product
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.entries import Entry, entry, entry_factors
from stakingmodels.products.parts.execution import Execution, execution, execution_factors
from stakingmodels.products.parts.exit_gas import exit_gas, exit_gas_factors
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.halts import Halt, halts
from stakingmodels.products.parts.schedules import Schedule, commission
from stakingmodels.products.parts.waits import ETH_EXIT_DAYS, EntryDays, ExitDays, check_waits, waits_of
from stakingmodels.products.staking.token_position import LiquidStakingTokenPosition
from stakingmodels.products.staking.token_terms import Accounting, Exit
from stakingmodels.protocols.contracts import lido

WITHDRAWALS_OPEN = np.datetime64("2023-05-15", "D")
"""Day on which Lido opened withdrawals of stETH. Before it, tokens could be sold and not redeemed."""


MOST_MISSED = 100
"""Most windows that a holder can miss."""


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
    execution
        Tips and MEV under their own line and with their own fee, an `Execution`; None (default) for all rewards under
        one.
    mint
        True (default): tokens are minted, one coin for a claim to one. False: they are bought at the market's ratio.
    entry_days
        Days until the coins of a deposit earn, such as those of a protocol whose deposits wait for activation: a
        number, or ``EntryWait("ETH")`` for the market's queue, read at the deposit. The tokens are there at once, can
        be sold, and bear all losses; bought ones wait as well. Default 0, for a token that earns from the next report.
    exit_route
        ``"sale"``: sell the tokens at the market's ratio. ``"queue"``: redeem them for coins, one for one, and sell
        these. ``"cheaper"`` (default): on each path the way that costs less by the information of that time, as below.
    queue_days
        Days in the chain's exit queue, without rewards, and at the risk of price, slashing and exploit: a number, or
        ``ExitWait("ETH")`` for the market's, read when the holder leaves. Default 1.10, the median of the year to
        August 2026 on Ethereum.
    withdrawal_days
        Days of the protocol's own wait that follows; default 0.
    earns_while_redeeming
        Whether coins earn during `queue_days`, as in a cool-down; the rewards go to the coins on their way. Default
        False.
    redemption_window_days
        Days after both waits in which the coins can be fetched, above 0. A request that a pause keeps from it lapses:
        its coins go back to the token, and are asked for again when the pause ends, with all waits anew. None (default)
        for a request that does not lapse.
    missed_windows
        Windows that the holder misses, in [0, 100], if there is one; default 0. Each lapses and is asked for again at
        once, which costs `queue_days`, earning or not, and the window's days, which do not earn and are counted last.
    redeemable_from
        Day on which redemptions open. It is not known before, and waits count from it. None for always open. Default
        2023-05-15 for stETH, else None.
    waiting_cost_per_year
        Cost of waiting to the holder, as a fraction of the value a year, for the cheaper way; 0 or more. Default 0.25:
        half the square of ETH's volatility of 0.70, the price that an investor with logarithmic utility and all money
        in ETH would pay to avoid the price risk.
    exit_gas_usd
        Network fee of each transaction of leaving in US dollars, under `Line.NETWORK_FEE`; default 0. It is paid
        from what leaves, no more than it is, and not weighed by the cheaper way: one for a sale, and for a redemption a
        request, one more for each window missed, and a claim where there is a wait.
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
    execution: Execution | None = execution()
    mint: bool = terms.flag(default=True)
    entry_days: EntryDays = terms.entry_days(default=0.0)
    exit_route: Exit = terms.choice(Exit, default="cheaper")
    queue_days: ExitDays = terms.exit_days(
        default=_of_ethereum("queue_days", ETH_EXIT_DAYS),
        assumption=assumed.EXIT_DAYS,
        source=assumed.EXIT_DAYS.source,
        date=assumed.EXIT_DAYS.date,
    )
    withdrawal_days: float = terms.days(default=0.0, assumption=assumed.TOKEN_WITHDRAWAL_DAYS)
    earns_while_redeeming: bool = terms.flag(default=False)
    redemption_window_days: float | None = terms.days(check=checks.positive, default=None, optional=True)
    missed_windows: int = terms.count(0, MOST_MISSED, default=0, needs=("redemption_window_days",), usual=(0, 5))
    redeemable_from: np.datetime64 | dt.date | str | None = terms.day(
        default=attrs.Factory(_opening, takes_self=True), optional=True
    )
    waiting_cost_per_year: float = terms.number(default=0.25, unit="1/year", assumption=assumed.WAITING_COST_PER_YEAR)
    exit_gas_usd: float = exit_gas()
    entry: Entry | None = entry()
    failures: tuple[Failure, ...] = failures()
    halts: tuple[Halt, ...] = halts()
    buy_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)

    def __attrs_post_init__(self) -> None:
        check_waits(self)
        if self.missed_windows and self.redemption_window_days is None:
            rule = "is felt only by a token with a window"
            how = "redemption_window_days=2.0"
            checks.refuse("LiquidStakingToken.missed_windows", rule, self.missed_windows, how)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: the coin's price, the chain's rewards and queues, the token's market ratio, and the events."""
        read: set[Factor] = {Price(self.asset), StakingReward(self.asset), MarketRatio(self.token), *waits_of(self)}
        return frozenset(
            read | events_of(self) | entry_factors(self) | execution_factors(self) | exit_gas_factors(self)
        )

    @property
    def ways_out(self) -> tuple[str, ...]:
        """Ways out: by sale, through the queue, or by the cheaper of the two."""
        return get_args(Exit)

    def open(self, book: Book, now: Now) -> LiquidStakingTokenPosition:
        """Turn all the money in the wallet into tokens."""
        return LiquidStakingTokenPosition(self, book, now)
