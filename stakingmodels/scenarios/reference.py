"""`reference`: the small built-in world, with numbers of 1 January 2026; every number is in `recorded`."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.market import BlockFees, Difficulty, Event, ExecutionReward, Factor, Price, StakingReward
from stakingmodels.market.factors import HAZARD_LIMIT, as_event
from stakingmodels.market.grid import as_time
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, downtime_penalty_share, issuance
from stakingmodels.rates import APR, APY, DAYS_PER_YEAR, as_rate
from stakingmodels.scenarios import recorded
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.crashes import Crash
from stakingmodels.scenarios.event_hazards import Contagion, Hazards
from stakingmodels.scenarios.fitted import Fit
from stakingmodels.scenarios.hashrate import HashrateResponse
from stakingmodels.scenarios.joint import Joint
from stakingmodels.scenarios.levels import cash_drift
from stakingmodels.scenarios.recorded import REFERENCE_START, STAKED_ETH, USD_CASH_RATE, reference_fit
from stakingmodels.scenarios.reverting import Reverting
from stakingmodels.scenarios.staked_supply import StakedSupply
from stakingmodels.scenarios.waits import QueueWaits

_STAKE_LEAST = FULU.min_activation_balance / GWEI_PER_ETH
_STAKE_LIMIT = 1e9  # more ETH than there will be; in Gwei it fits int64
_BLOCKS_PER_DAY = 144
_FAR_DAYS = 366
_PERFORMANCE = 1.0 - (1.0 - recorded.NETWORK_UPTIME) * (1.0 + downtime_penalty_share(FULU))
"""What the average validator gets of the consensus reward at its best: offline it earns nothing and is fined."""

CRASH = Crash(Price("BTC"), fall=0.20, days=14.0)
"""When failures spread in `reference(contagion=True)`. So it was on 75 of the 2,193 days of 2020-01-01 to 2026-01-01
(Coin Metrics community data), and within a week of each of five failures of 2022: Celsius, Voyager, FTX, BlockFi and
Genesis [press]."""
CRASH_HAZARD = 1.0
"""A year, that is added to an event's hazard during such a crash: an assumption of the library, November 2026. Low 0.3,
high 3. It is about 0.03 a year on average, as 3.4 % of all days were of a crash."""
CRASH_EVENTS = (Event("custodian:exchange"), Event("provider:cloud mining"))
"""What is struck more often then: the custodian and the provider of the reference products."""


def reference(
    *,
    start: object = None,
    levels: Mapping[Factor, float] | None = None,
    cash_rate: APR | APY | None = USD_CASH_RATE,
    staked_eth: float = STAKED_ETH,
    staked_supply: bool = False,
    jumps: bool = False,
    miners: bool = False,
    contagion: bool | Mapping[Event, float] = False,
    fitted: Fit | None = None,
) -> Joint:
    """The built-in world: prices, stETH's ratio, Bitcoin's difficulty and Ethereum's queues drawn; the rest constant.

    Prices of ETH, BTC and SOL and the difficulty open at their levels of `REFERENCE_START` and move as correlated
    geometric Brownian motions. The mean of every price grows at the risk-free rate, so that bearing its risk is not
    rewarded by itself; that what pays a reward then beats cash on average is a convention, no finding. The ratio of
    stETH moves around its mean since withdrawals opened, so that there is no crash like that of 2022 in it. The days in
    Ethereum's queues are those of one day of a record for each path (`QueueWaits`), a year that ends in August 2026 and
    so lies partly after the world's own day. None of it is a forecast. Every number is a constant of
    `stakingmodels.scenarios.recorded`, with source, dates and method.

    Parameters
    ----------
    start
        Day on which it opens, such as ``"2026-06-01"``; by default `REFERENCE_START`. Levels that are not given are
        those of `REFERENCE_START`, grown to that day as they are expected to: prices with the cash rate, the difficulty
        with its trend. Within a year of `REFERENCE_START`; any day where `levels` has all that is drawn but the ratio.
    levels
        Price, difficulty or ratio -> what it is at the opening.
    cash_rate
        Risk-free rate of the US dollar, and so the drift of prices. Default `USD_CASH_RATE`, 3.70 % APY; None for 0.
    staked_eth
        ETH staked in the whole network, 32 at least, which sets the consensus reward by the protocol's rule
        (`protocols.chains.ethereum.issuance`).
    staked_supply
        Whether the stake answers to what it earns, and the reward to the stake (`StakedSupply`); by default the reward
        is constant. The queues stay those of the record.
    jumps
        Whether prices jump (`Fit.merton_jumps`); by default they do not.
    miners
        Whether Bitcoin's hash rate answers to what hashing earns, and the difficulty to the hash rate
        (`Fit.hashrate_response`); by default the difficulty wanders by itself.
    contagion
        Whether a crash of BTC (`CRASH`) brings failures: True for those of `CRASH_EVENTS`, each with `CRASH_HAZARD`
        more; or event -> what a crash adds to its hazard a year. By default failures are independent of prices.
    fitted
        Parameters that take the place of `reference_fit`, such as a draw of them.

    Raises
    ------
    InputError, InputTypeError
        For a bare rate: write ``APY(0.04)``; for a day too far from `REFERENCE_START` without all levels.

    Examples
    --------
    >>> from stakingmodels import TimeGrid, simulate
    >>> from stakingmodels.products import reference as products
    >>> from stakingmodels.scenarios import REFERENCE_START, reference
    >>> grid = TimeGrid.daily(REFERENCE_START, days=365, tail=60)
    >>> results = simulate(products(), reference(), grid, capital=100_000.0, paths=100, rng=1)
    >>> list(results)
    ['hold ETH', 'hold BTC', 'solo validator', 'staking pool', 'liquid token', 'exchange earn', 'cloud mining', 'cash']
    """
    found = reference_fit() if fitted is None else fitted
    checks.instance("reference: fitted", found, Fit, "reference_fit().draw(np.random.default_rng(1))")
    follows = checks.flag("reference: miners", miners)
    rate = None if cash_rate is None else as_rate("reference: cash_rate", cash_rate)
    opening = _Opening.of(found, start, levels, 0.0 if rate is None else cash_drift("reference: cash_rate", rate))
    answers = checks.flag("reference: staked_supply", staked_supply)
    still = staking_and_fees(staked_eth)
    world = found.scenario(
        start=opening.levels,
        cash_rate=rate,
        jumps=checks.flag("reference: jumps", jumps),
        miners=opening.miners(found) if follows else None,
        constants={f: x for f, x in still.items() if not answers or isinstance(f, BlockFees)},
    )
    more: list[Scenario] = [queue_waits()]
    if answers:
        more.append(_staked_supply(staked_eth))
    if contagion is not False:
        more.append(_contagion(contagion))
    return Joint([*world.parts, *more], as_of=opening.as_of, remarks=[*opening.remarks, *world.remarks])


@attrs.frozen
class _Opening:
    """The day on which the world opens, and its levels then."""

    days: int
    levels: Mapping[Factor, float]
    as_of: np.datetime64
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: Fit, start: object, levels: object, drift: float) -> "_Opening":
        known = (*found.levels, *found.ratios)
        given = {} if levels is None else levels
        if not isinstance(given, Mapping):
            checks.refuse_type("reference: levels", 'must be a mapping such as {Price("ETH"): 3000.0}', levels)
        for factor, level in given.items():
            if factor not in known:
                names = ", ".join(map(str, known))
                checks.refuse("reference: levels", f"must be of what is drawn: {names}", str(factor))
            checks.positive(f"reference: levels: {factor}", level, 1e30)
        day = REFERENCE_START if start is None else as_time("reference: start", start).astype("datetime64[D]")
        days = int((day - REFERENCE_START).astype(int))
        missing = [str(factor) for factor in found.levels if factor not in given]
        if abs(days) > _FAR_DAYS and missing:
            rule = f"must be within a year of {REFERENCE_START}, the day of the recorded levels"
            checks.refuse("reference: start", rule, str(day), f"give levels of {', '.join(missing)}")
        years = days / DAYS_PER_YEAR
        grown = {
            f: float(d.start * np.exp((drift if isinstance(f, Price) else d.drift) * years))
            for f, d in found.levels.items()
        }
        remarks = ()
        if days:
            those = "all levels as given" if not missing else f"{', '.join(missing)} grown to it from {REFERENCE_START}"
            remarks = (f"opens on {day}, {those}; rewards, fees, queues and peg are of {REFERENCE_START}",)
        kept = {f: float(x) for f, x in given.items()}
        return cls(days, (grown if days else {}) | kept, day if not missing else REFERENCE_START, remarks)

    def miners(self, found: Fit) -> HashrateResponse:
        """The hash rate that answers to the price, from this day on."""
        start = {f: x for f, x in self.levels.items() if f in (Price("BTC"), Difficulty("BTC"))}
        return found.hashrate_response(
            height=recorded.BTC_HEIGHT + _BLOCKS_PER_DAY * self.days,
            block_fees_btc=recorded.BTC_BLOCK_FEES,
            start=start,
        )


def queue_waits() -> QueueWaits:
    """The days in Ethereum's queues of the built-in world; where it stands still, those of `REFERENCE_START`."""
    return QueueWaits(
        recorded.ETH_WAITS,
        still=(recorded.ETH_ENTRY_WAIT_DAYS, recorded.ETH_EXIT_WAIT_DAYS),
        source="from the days of 2025-08-23 to 2026-08-22, partly later than the world",
    )


def staking_and_fees(staked_eth: float = STAKED_ETH) -> dict[Factor, APR | float]:
    """The constants of the built-in world: Ethereum's staking reward, its execution part, and Bitcoin's block fees.

    The reward is what the average validator gets, whose downtime is in it: with the stake of `REFERENCE_START` it is
    what was recorded. Tips and MEV are what that leaves over consensus, which is the protocol's at best less what a
    validator loses that is online for `NETWORK_UPTIME`: 0.09 %.
    """
    execution = _execution_reward()
    return {
        StakingReward("ETH"): APR(_PERFORMANCE * _best_consensus(staked_eth) + execution),
        ExecutionReward("ETH"): APR(execution),
        BlockFees("BTC"): recorded.BTC_BLOCK_FEES,
    }


def _execution_reward() -> float:
    return recorded.ETH_STAKING_REWARD - _PERFORMANCE * _best_consensus(STAKED_ETH)


def _best_consensus(staked_eth: object) -> float:
    where = "reference: staked_eth"
    stake = checks.positive(where, staked_eth, _STAKE_LIMIT)
    if stake < _STAKE_LEAST:
        checks.refuse(where, f"must be at least {_STAKE_LEAST:g}, one validator", staked_eth)
    return float(issuance(round(stake * GWEI_PER_ETH)).per_year.total)


def _staked_supply(staked_eth: float) -> StakedSupply:
    daily = _execution_reward() * STAKED_ETH / DAYS_PER_YEAR
    return StakedSupply(
        start_eth=staked_eth,
        supply_eth=recorded.ETH_SUPPLY,
        elasticity=recorded.ETH_STAKE_ELASTICITY,
        half_life_days=recorded.ETH_STAKE_HALF_LIFE_DAYS,
        volatility=recorded.ETH_STAKE_VOLATILITY,
        execution=Reverting(
            daily, deviation=recorded.ETH_EXECUTION_DEVIATION, half_life_days=recorded.ETH_EXECUTION_HALF_LIFE_DAYS
        ),
        growth=recorded.ETH_STAKE_GROWTH,
        performance=_PERFORMANCE,
    )


def _contagion(value: object) -> Hazards:
    where, how = "reference: contagion", '{Event("custodian:x"): 1.0}'
    if value is True:
        value = dict.fromkeys(CRASH_EVENTS, CRASH_HAZARD)
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(where, f"must be True, False or a mapping such as {how}", value)
    for event, hazard in value.items():
        as_event(where, event, 'Event("custodian:x")')
        checks.non_negative(f"{where}: {event}", hazard, HAZARD_LIMIT)
    return Hazards(dict.fromkeys(value), contagion={event: Contagion(CRASH, hazard) for event, hazard in value.items()})
