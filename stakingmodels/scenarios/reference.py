"""`reference`: the small built-in scenario, with numbers of 1 January 2026.

Every number is a constant of `stakingmodels.scenarios.recorded`, with source, dates and method, and most are in an
assumption set, by which they can be changed. Prices and the difficulty are correlated geometric Brownian motions that
open at their levels of `REFERENCE_START`; stETH's ratio returns to its mean; each path has the queues of one day of a
record (`QueueWaits`). Conventions:

- The mean of every price grows at the risk-free rate, so that bearing its risk earns no premium. A product that
  pays a reward then beats cash on average by construction; this is not a finding.
- stETH's ratio moves around its mean since withdrawals opened, so it has no crash like that of 2022.
- A path keeps the queue lengths of one recorded day throughout. The record is a year that ends in August 2026 and
  so lies partly after the scenario's own day.
- Failures are independent of prices unless `contagion` is given.
- With `coins`, the reward of a coin but ETH is that of its chain's rule at the chain's own dated stake, throughout.
"""

import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import DateLike
from stakingmodels.assumptions import NEWEST, AssumptionSet, assumption_set
from stakingmodels.market import BlockFees, Difficulty, Event, ExecutionReward, Factor, Price, StakingReward
from stakingmodels.market.factors import HAZARD_LIMIT, as_event, as_factor, is_factor_text
from stakingmodels.market.grid import as_time
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, downtime_penalty_share, issuance
from stakingmodels.rates import APR, APY, DAYS_PER_YEAR, as_rate
from stakingmodels.scenarios import recorded
from stakingmodels.scenarios.assumed import NUMBERS, fit_of
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.events.crashes import Crash
from stakingmodels.scenarios.events.hazards import Contagion, Hazards
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.levels import cash_drift
from stakingmodels.scenarios.networks.coin_rewards import reward_by_rule
from stakingmodels.scenarios.networks.hashrate import HashrateResponse
from stakingmodels.scenarios.networks.staked_supply import StakedSupply
from stakingmodels.scenarios.networks.waits import QueueWaits
from stakingmodels.scenarios.processes.reverting import LogOrnsteinUhlenbeck
from stakingmodels.scenarios.recorded import REFERENCE_START
from stakingmodels.scenarios.recorded_coins import BUILT_IN_COINS, RECORDS, REFERENCE_COINS, with_coins
from stakingmodels.words import Note

_STAKE_LEAST = 16_384 * FULU.min_activation_balance / GWEI_PER_ETH  # stake of the chain's start on 2020-12-01
_STAKE_LIMIT = 1e9  # more ETH than will exist; in Gwei it fits int64
_BLOCKS_PER_DAY = 144
_FAR_DAYS = 366
_LEAST_EXECUTION = 1e-12  # StakedSupply's tips and MEV are above 0

CRASH = Crash(Price("BTC"), fall=0.20, within_days=14.0)
"""Crash that makes failures spread in `reference(contagion=True)`.

It held on 75 of the 2,193 days of 2020-01-01 to 2026-01-01 (Coin Metrics community data), and within a week of each of
five failures of 2022: Celsius, Voyager, FTX, BlockFi and Genesis [press].
"""
CRASH_HAZARD = NUMBERS["world.crash.hazard"].base
"""Hazard a year added to an event during such a crash: an assumption of the library, November 2026. Low 0.3, high 3.

It is about 0.03 a year on average, since 3.4 % of all days were in a crash.
"""
CRASH_EVENTS = (Event("custodian:exchange"), Event("provider:cloud mining"))
"""Events that are more frequent during a crash: of the custodian and the provider of the reference products."""


def reference(
    *,
    coins: Sequence[str] | None = None,
    start: DateLike | None = None,
    initial_levels: Mapping[Factor, float] | None = None,
    cash_rate: APR | APY | Literal["assumed"] | None = "assumed",
    staked_eth: float | None = None,
    staked_supply: bool = False,
    jumps: bool = False,
    miners: bool = False,
    contagion: bool | Mapping[Event, float] = False,
    fitted: Fit | None = None,
    assumptions: str | os.PathLike[str] | AssumptionSet = NEWEST,
) -> Joint:
    """Built-in scenario: prices, stETH's ratio, Bitcoin's difficulty and Ethereum's queues drawn; the rest constant.

    The module's docstring lists the conventions. It is no forecast.

    Parameters
    ----------
    coins
        Coins of `REFERENCE_COINS` whose prices are drawn beside ETH, BTC and SOL, with the rewards of their chains.
    start
        Day on which it opens, within a year of `REFERENCE_START`, the default; any day where `initial_levels` has all
        prices and the difficulty. Levels not given grow to that day: prices with the cash rate, difficulty by trend.
    initial_levels
        Opening levels by price, difficulty or ratio.
    cash_rate
        Risk-free rate of the US dollar, and so the drift of prices; by default the set's, 3.70 % APY; None for 0.
    staked_eth
        ETH staked in the whole network, 524,288 at least, which sets the consensus reward; by default the set's.
    staked_supply, jumps, miners
        Whether stake and reward respond to each other (`StakedSupply`; queues stay recorded); prices jump
        together (`Fit.jumping_together`); hash rate and difficulty respond to hashprice (`Fit.hashrate_response`).
    contagion
        True: a crash of BTC (`CRASH`) adds `CRASH_HAZARD` to the hazards of `CRASH_EVENTS`. Or the contagion by event.
    fitted
        Parameters in place of those of the assumption set, such as a sample of `reference_fit`.
    assumptions
        Assumption set, or its name or file (`assumption_set`), for every number that no other argument gives.

    Examples
    --------
    >>> from stakingmodels.scenarios import reference
    >>> print(reference().as_of, reference().describe()[-1], sep=": ")
    2026-01-01: prices drift at the cash rate of 3.70% APY, by convention: what pays a reward beats cash on average
    """
    numbers, rate_given = assumption_set(assumptions), None if _is_assumed(cash_rate) else "given"
    found, rate = _fit(numbers, fitted, coins, jumps), _rate(numbers, cash_rate)
    opening = _Opening.of(found, start, initial_levels, rate)
    more = _more(numbers, staked_eth, staked_supply, contagion)
    world = found.scenario(
        initial_levels=opening.levels,
        cash_rate=rate,
        jumps=checks.flag("reference: jumps", jumps),
        miners=opening.miners(found, numbers) if checks.flag("reference: miners", miners) else None,
        constants=_without(staking_and_fees(staked_eth, numbers), more),
    )
    own = {"initial_levels": initial_levels, "staked_eth": staked_eth, "fitted": fitted, "cash_rate": rate_given}
    return _joined(world, [*more, *_rewards(coins)], opening, _named(numbers, own), numbers.label)


def _fit(numbers: AssumptionSet, fitted: object, coins: object, jumps: object) -> Fit:
    found = fit_of(numbers) if fitted is None else fitted
    checked = checks.instance("reference: fitted", found, Fit, "reference_fit().sample_parameters(rng=1)")
    whole = with_coins(checked, _coins(coins))
    return whole.jumping_together() if jumps is True else whole


def _coins(value: object) -> tuple[str, ...]:
    """Coins asked for, and those that are always drawn; none where nothing is asked for."""
    if value is None:
        return ()
    where, how = "reference: coins", 'coins=("ATOM", "ADA")'
    if not isinstance(value, Sequence) or isinstance(value, str):
        checks.refuse_type(where, f"must be a list of coins; write {how}", value)
    for coin in value:
        if coin not in REFERENCE_COINS:
            hint = checks.nearest_hint(coin, REFERENCE_COINS) if isinstance(coin, str) else f"write {how}"
            checks.refuse(where, f"must be of {', '.join(REFERENCE_COINS)}", coin, hint)
    return tuple(coin for coin in REFERENCE_COINS if coin in value or coin in BUILT_IN_COINS)


def _rewards(coins: object) -> list[Scenario]:
    """Rewards of coins by their chains' rules, but that of ETH, which is recorded."""
    found = {coin: reward for coin in _coins(coins) if coin != "ETH" and (reward := reward_by_rule(coin)) is not None}
    rewards = Constants({StakingReward(coin): rate for coin, (rate, _) in found.items()})
    return [Joint([rewards], remarks=[note for _, note in found.values()])] if found else []


def _rate(numbers: AssumptionSet, cash_rate: object) -> APR | APY | None:
    """Risk-free rate that is given, or the set's; None for 0."""
    given = APY(numbers["world.cash_rate.usd"].base) if _is_assumed(cash_rate) else cash_rate
    return None if given is None else as_rate("reference: cash_rate", given)


def _is_assumed(cash_rate: object) -> bool:
    return isinstance(cash_rate, str) and cash_rate == "assumed"


def _without(constants: Mapping[Factor, APR | float], more: list[Scenario]) -> dict[Factor, APR | float]:
    given = frozenset(factor for part in more for factor in part.factors)
    return {factor: value for factor, value in constants.items() if factor not in given}


def _joined(world: Joint, more: list[Scenario], opening: "_Opening", named: str, label: str) -> Joint:
    """Fitted parts and the others, with the remarks of both, of the opening and of the set."""
    return Joint(
        [*world.parts, *more],
        as_of=opening.as_of,
        remarks=[named, *opening.remarks, *world.remarks],
        assumption_set=label,
    )


def _named(numbers: AssumptionSet, own: Mapping[str, object]) -> str:
    """Note with the label of the set, and the arguments that were given in place of its numbers."""
    names = tuple(name for name, value in own.items() if value is not None)
    if names:
        return Note("note.assumption_set_but", label=numbers.label, own=names)
    return Note("note.assumption_set", label=numbers.label)


def _more(numbers: AssumptionSet, staked_eth: float | None, staked_supply: object, contagion: object) -> list[Scenario]:
    """Parts of the built-in scenario that are not fitted."""
    answers = checks.flag("reference: staked_supply", staked_supply)
    parts: list[Scenario] = [queue_waits(), *([_staked_supply(numbers, staked_eth)] if answers else [])]
    return parts if contagion is False else [*parts, _contagion(numbers, contagion)]


@attrs.frozen
class _Opening:
    """Opening day of the scenario, and its levels on that day."""

    days: int
    levels: Mapping[Factor, float]
    as_of: np.datetime64
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: Fit, start: object, levels: object, rate: APR | APY | None) -> "_Opening":
        drift = 0.0 if rate is None else cash_drift("reference: cash_rate", rate)
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
        as_of, shorter = _last_closes(found.levels.keys() - given.keys())
        return cls(days, (grown if days else {}) | kept, as_of if missing else day, (*remarks, *shorter))

    def miners(self, found: Fit, numbers: AssumptionSet) -> HashrateResponse:
        """Hash rate that responds to the price, from this day on."""
        start: dict[Factor, float] = {f: x for f, x in self.levels.items() if f in (Price("BTC"), Difficulty("BTC"))}
        return found.hashrate_response(
            height=recorded.BTC_HEIGHT + _BLOCKS_PER_DAY * self.days,
            block_fees_btc=numbers["world.btc_block_fees"].base,
            initial_levels=start,
        )


def _last_closes(prices: AbstractSet[Factor]) -> tuple[np.datetime64, list[str]]:
    """Earliest day of the recorded opening levels, and a note of each that is not of `REFERENCE_START`."""
    of = {f: np.datetime64(RECORDS[f.name].last) for f in prices if isinstance(f, Price) and f.name in RECORDS}
    early = {f: day for f, day in of.items() if day < REFERENCE_START}
    notes: list[str] = [Note("note.opens_at_last", factor=f, day=day) for f, day in early.items()]
    return min(early.values(), default=REFERENCE_START), notes


def queue_waits() -> QueueWaits:
    """Ethereum's queue waits in the built-in scenario; in a frozen market those of `REFERENCE_START`."""
    return QueueWaits(
        recorded.ETH_WAITS,
        still=(recorded.ETH_ENTRY_WAIT_DAYS, recorded.ETH_EXIT_WAIT_DAYS),
        source=Note("note.waits_source", first="2025-08-23", last="2026-08-22"),
    )


def staking_and_fees(
    staked_eth: float | None = None, numbers: AssumptionSet | None = None
) -> dict[Factor, APR | float]:
    """Constants of the built-in scenario: Ethereum's staking reward, its execution part, and Bitcoin's block fees.

    The reward is that of the average validator, net of its downtime: with the stake of the assumption set it is the
    set's. Tips and MEV are the reward less the consensus part. The consensus part is the protocol's best less the
    losses of a validator that is online for the set's ``world.network_uptime``: 0.09 %. A reward below the consensus
    part has no tips and MEV, and less consensus.

    Parameters
    ----------
    staked_eth
        ETH staked in the whole network; by default the set's.
    numbers
        Assumption set; by default the newest.
    """
    found = assumption_set() if numbers is None else numbers
    here = found["world.staked_eth"].base
    performance, execution = _reward_of(found)
    stake = here if staked_eth is None else staked_eth
    consensus = performance * _best_consensus(stake)
    execution = execution * here / stake  # the pay of blocks is shared among all stakers
    return {
        StakingReward("ETH"): APR(consensus + execution),
        ExecutionReward("ETH"): APR(execution),
        BlockFees("BTC"): found["world.btc_block_fees"].base,
    }


def _reward_of(numbers: AssumptionSet) -> tuple[float, float]:
    """Share of the best consensus reward that the average validator gets, and tips and MEV a year, at the set's stake.

    Offline it earns 0 and is fined.
    """
    offline = 1.0 - numbers["world.network_uptime"].base
    performance = max(1.0 - offline * (1.0 + downtime_penalty_share(FULU)), 0.0)
    reward = numbers["world.eth_staking_reward"].base
    consensus = performance * _best_consensus(numbers["world.staked_eth"].base)
    execution = reward - consensus
    return (performance, execution) if execution >= 0.0 else (performance * max(reward, 0.0) / consensus, 0.0)


def _best_consensus(staked_eth: object) -> float:
    where = "reference: staked_eth"
    stake = checks.positive(where, staked_eth, _STAKE_LIMIT)
    if stake < _STAKE_LEAST:
        rule = f"must be at least {_STAKE_LEAST:.0f} ETH, with which the chain began"
        checks.refuse(where, rule, staked_eth, f"in millions? write {stake:g}e6" if stake > 1.0 else "")
    return float(issuance(round(stake * GWEI_PER_ETH)).per_year.total)


def _staked_supply(numbers: AssumptionSet, staked_eth: float | None) -> StakedSupply:
    def base(key: str) -> float:
        return numbers[f"world.{key}"].base

    performance, execution = _reward_of(numbers)
    daily = max(execution * base("staked_eth") / DAYS_PER_YEAR, _LEAST_EXECUTION)
    return StakedSupply(
        start_eth=base("staked_eth") if staked_eth is None else staked_eth,
        supply_eth=base("eth_supply"),
        elasticity=base("stake.elasticity"),
        half_life_days=base("stake.half_life_days"),
        volatility=base("stake.volatility"),
        execution=LogOrnsteinUhlenbeck(
            daily,
            standard_deviation=base("execution.deviation"),
            half_life_days=base("execution.half_life_days"),
        ),
        growth=base("stake.growth"),
        performance=performance,
    )


def _contagion(numbers: AssumptionSet, value: object) -> Hazards:
    where, how = "reference: contagion", '{Event("custodian:x"): 1.0}'
    if value is True:
        value = dict.fromkeys(CRASH_EVENTS, numbers["world.crash.hazard"].base)
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(where, f"must be True, False or a mapping such as {how}", value)
    for event, hazard in value.items():
        as_event(where, event, 'Event("custodian:x")')
        checks.non_negative(f"{where}: {event}", hazard, HAZARD_LIMIT)
    return Hazards(
        dict.fromkeys(value), contagion={event: Contagion(CRASH, hazard=hazard) for event, hazard in value.items()}
    )
