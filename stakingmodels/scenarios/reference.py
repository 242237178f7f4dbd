"""`reference`: the small built-in scenario, with numbers of 1 January 2026.

Every number is a constant of `stakingmodels.scenarios.recorded`, with source, dates and method. Conventions:

- The mean of every price grows at the risk-free rate, so that bearing its risk earns no premium. A product that
  pays a reward then beats cash on average by construction; this is not a finding.
- stETH's ratio moves around its mean since withdrawals opened, so it has no crash like that of 2022.
- A path keeps the queue lengths of one recorded day throughout. The record is a year that ends in August 2026 and
  so lies partly after the scenario's own day.
- Failures are independent of prices unless `contagion` is given.
"""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import DateLike
from stakingmodels.market import BlockFees, Difficulty, Event, ExecutionReward, Factor, Price, StakingReward
from stakingmodels.market.factors import HAZARD_LIMIT, as_event, as_factor, is_factor_text
from stakingmodels.market.grid import as_time
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, downtime_penalty_share, issuance
from stakingmodels.rates import APR, APY, DAYS_PER_YEAR, as_rate
from stakingmodels.scenarios import recorded
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.events.crashes import Crash
from stakingmodels.scenarios.events.hazards import Contagion, Hazards
from stakingmodels.scenarios.joint import Joint
from stakingmodels.scenarios.levels import cash_drift
from stakingmodels.scenarios.networks.hashrate import HashrateResponse
from stakingmodels.scenarios.networks.staked_supply import StakedSupply
from stakingmodels.scenarios.networks.waits import QueueWaits
from stakingmodels.scenarios.processes.reverting import LogOrnsteinUhlenbeck
from stakingmodels.scenarios.recorded import REFERENCE_START, STAKED_ETH, USD_CASH_RATE, reference_fit
from stakingmodels.words import Note

_STAKE_LEAST = 16_384 * FULU.min_activation_balance / GWEI_PER_ETH  # stake of the chain's start on 2020-12-01
_STAKE_LIMIT = 1e9  # more ETH than will exist; in Gwei it fits int64
_BLOCKS_PER_DAY = 144
_FAR_DAYS = 366
_PERFORMANCE = 1.0 - (1.0 - recorded.NETWORK_UPTIME) * (1.0 + downtime_penalty_share(FULU))
"""Share of the best possible consensus reward that the average validator gets: offline it earns 0 and is fined."""

CRASH = Crash(Price("BTC"), fall=0.20, within_days=14.0)
"""Crash that makes failures spread in `reference(contagion=True)`.

It held on 75 of the 2,193 days of 2020-01-01 to 2026-01-01 (Coin Metrics community data), and within a week of each of
five failures of 2022: Celsius, Voyager, FTX, BlockFi and Genesis [press].
"""
CRASH_HAZARD = 1.0
"""Hazard a year added to an event during such a crash: an assumption of the library, November 2026. Low 0.3, high 3.

It is about 0.03 a year on average, since 3.4 % of all days were in a crash.
"""
CRASH_EVENTS = (Event("custodian:exchange"), Event("provider:cloud mining"))
"""Events that are more frequent during a crash: of the custodian and the provider of the reference products."""


def reference(
    *,
    start: DateLike | None = None,
    initial_levels: Mapping[Factor, float] | None = None,
    cash_rate: APR | APY | None = USD_CASH_RATE,
    staked_eth: float = STAKED_ETH,
    staked_supply: bool = False,
    jumps: bool = False,
    miners: bool = False,
    contagion: bool | Mapping[Event, float] = False,
    fitted: Fit | None = None,
) -> Joint:
    """Built-in scenario: prices, stETH's ratio, Bitcoin's difficulty and Ethereum's queues drawn; the rest constant.

    Prices and the difficulty are correlated geometric Brownian motions that open at their levels of `REFERENCE_START`;
    stETH's ratio returns to its mean; each path has the queues of one day of a record (`QueueWaits`). The module's
    docstring lists the conventions. It is no forecast.

    Parameters
    ----------
    start
        Day on which it opens, within a year of `REFERENCE_START`, the default; any day where `initial_levels` has all
        prices and the difficulty. Levels not given grow to that day: prices with the cash rate, difficulty by trend.
    initial_levels
        Opening levels by price, difficulty or ratio.
    cash_rate
        Risk-free rate of the US dollar, and so the drift of prices. Default 3.70 % APY; None for 0.
    staked_eth
        ETH staked in the whole network, 524,288 at least, which sets the consensus reward by the protocol's rule.
    staked_supply
        Whether stake and reward respond to each other (`StakedSupply`); the queues stay recorded.
    jumps, miners
        Whether prices jump (`Fit.merton_jump_diffusion`); whether the hash rate responds to hashprice, and the
        difficulty to the hash rate (`Fit.hashrate_response`).
    contagion
        True: a crash of BTC (`CRASH`) adds `CRASH_HAZARD` to the hazards of `CRASH_EVENTS`. Or the contagion by event.
    fitted
        Parameters in place of `reference_fit`, such as a sample of them.

    Examples
    --------
    >>> from stakingmodels.scenarios import reference
    >>> print(reference().as_of, reference().describe()[-1], sep=": ")
    2026-01-01: prices drift at the cash rate of 3.70% APY, by convention: what pays a reward beats cash on average
    """
    found = reference_fit() if fitted is None else fitted
    checks.instance("reference: fitted", found, Fit, "reference_fit().sample_parameters(rng=1)")
    rate = None if cash_rate is None else as_rate("reference: cash_rate", cash_rate)
    drift = 0.0 if rate is None else cash_drift("reference: cash_rate", rate)
    opening = _Opening.of(found, start, initial_levels, drift)
    more = _more(staked_eth, staked_supply, contagion)
    given = frozenset(factor for part in more for factor in part.factors)
    world = found.scenario(
        initial_levels=opening.levels,
        cash_rate=rate,
        jumps=checks.flag("reference: jumps", jumps),
        miners=opening.miners(found) if checks.flag("reference: miners", miners) else None,
        constants={factor: x for factor, x in staking_and_fees(staked_eth).items() if factor not in given},
    )
    return Joint([*world.parts, *more], as_of=opening.as_of, remarks=[*opening.remarks, *world.remarks])


def _more(staked_eth: float, staked_supply: object, contagion: object) -> list[Scenario]:
    """Parts of the built-in scenario that are not fitted."""
    answers = checks.flag("reference: staked_supply", staked_supply)
    parts: list[Scenario] = [queue_waits(), *([_staked_supply(staked_eth)] if answers else [])]
    return parts if contagion is False else [*parts, _contagion(contagion)]


@attrs.frozen
class _Opening:
    """Opening day of the scenario, and its levels on that day."""

    days: int
    levels: Mapping[Factor, float]
    as_of: np.datetime64
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: Fit, start: object, levels: object, drift: float) -> "_Opening":
        known = (*found.levels, *found.ratios)
        given = {} if levels is None else levels
        if not isinstance(given, Mapping):
            checks.refuse_type("reference: initial_levels", 'must be a mapping such as {Price("ETH"): 3000.0}', levels)
        given = {as_factor("reference: initial_levels", f) if is_factor_text(f) else f: x for f, x in given.items()}
        for factor, level in given.items():
            if factor not in known:
                names = ", ".join(map(str, known))
                checks.refuse("reference: initial_levels", f"must be of what is drawn: {names}", str(factor))
            checks.positive(f"reference: initial_levels: {factor}", level, 1e30)
        day = REFERENCE_START if start is None else as_time("reference: start", start).astype("datetime64[D]")
        days = int((day - REFERENCE_START).astype(int))
        missing = [str(factor) for factor in found.levels if factor not in given]
        if abs(days) > _FAR_DAYS and missing:
            rule = f"must be within a year of {REFERENCE_START}, the day of the recorded levels"
            checks.refuse("reference: start", rule, str(day), f"give levels of {', '.join(missing)}")
        years = days / DAYS_PER_YEAR
        grown = {
            f: float(d.initial_level * np.exp((drift if isinstance(f, Price) else d.drift) * years))
            for f, d in found.levels.items()
        }
        remarks: tuple[str, ...] = ()
        if days:
            opens = {"day": day, "start": REFERENCE_START}
            grown_to = Note("note.opens_grown", factors=tuple(missing), **opens)
            remarks = (grown_to if missing else Note("note.opens_as_given", **opens),)
        kept = {f: float(x) for f, x in given.items()}
        return cls(days, (grown if days else {}) | kept, day if not missing else REFERENCE_START, remarks)

    def miners(self, found: Fit) -> HashrateResponse:
        """Hash rate that responds to the price, from this day on."""
        start: dict[Factor, float] = {f: x for f, x in self.levels.items() if f in (Price("BTC"), Difficulty("BTC"))}
        return found.hashrate_response(
            height=recorded.BTC_HEIGHT + _BLOCKS_PER_DAY * self.days,
            block_fees_btc=recorded.BTC_BLOCK_FEES,
            initial_levels=start,
        )


def queue_waits() -> QueueWaits:
    """Ethereum's queue waits in the built-in scenario; in a frozen market those of `REFERENCE_START`."""
    return QueueWaits(
        recorded.ETH_WAITS,
        still=(recorded.ETH_ENTRY_WAIT_DAYS, recorded.ETH_EXIT_WAIT_DAYS),
        source=Note("note.waits_source", first="2025-08-23", last="2026-08-22"),
    )


def staking_and_fees(staked_eth: float = STAKED_ETH) -> dict[Factor, APR | float]:
    """Constants of the built-in scenario: Ethereum's staking reward, its execution part, and Bitcoin's block fees.

    The reward is that of the average validator, net of its downtime: with the stake of `REFERENCE_START` it is the
    recorded one. Tips and MEV are the reward less the consensus part. The consensus part is the protocol's best less
    the losses of a validator that is online for `NETWORK_UPTIME`: 0.09 %.
    """
    consensus = _PERFORMANCE * _best_consensus(staked_eth)
    execution = _execution_reward() * STAKED_ETH / staked_eth  # the pay of blocks is shared among all stakers
    return {
        StakingReward("ETH"): APR(consensus + execution),
        ExecutionReward("ETH"): APR(execution),
        BlockFees("BTC"): recorded.BTC_BLOCK_FEES,
    }


def _execution_reward() -> float:
    return recorded.ETH_STAKING_REWARD - _PERFORMANCE * _best_consensus(STAKED_ETH)


def _best_consensus(staked_eth: object) -> float:
    where = "reference: staked_eth"
    stake = checks.positive(where, staked_eth, _STAKE_LIMIT)
    if stake < _STAKE_LEAST:
        rule = f"must be at least {_STAKE_LEAST:.0f} ETH, with which the chain began"
        checks.refuse(where, rule, staked_eth, f"in millions? write {stake:g}e6" if stake > 1.0 else "")
    return float(issuance(round(stake * GWEI_PER_ETH)).per_year.total)


def _staked_supply(staked_eth: float) -> StakedSupply:
    daily = _execution_reward() * STAKED_ETH / DAYS_PER_YEAR
    return StakedSupply(
        start_eth=staked_eth,
        supply_eth=recorded.ETH_SUPPLY,
        elasticity=recorded.ETH_STAKE_ELASTICITY,
        half_life_days=recorded.ETH_STAKE_HALF_LIFE_DAYS,
        volatility=recorded.ETH_STAKE_VOLATILITY,
        execution=LogOrnsteinUhlenbeck(
            daily,
            standard_deviation=recorded.ETH_EXECUTION_DEVIATION,
            half_life_days=recorded.ETH_EXECUTION_HALF_LIFE_DAYS,
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
    return Hazards(
        dict.fromkeys(value), contagion={event: Contagion(CRASH, hazard=hazard) for event, hazard in value.items()}
    )
