"""Every kind of world: what a step sees of it, and the parameters that are fitted to records."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from stakingmodels import APR
from stakingmodels.market import ActiveStake, Factor, MarketRatio, Price, StakingQueue, TimeGrid
from stakingmodels.scenarios import (
    EPISODES,
    GBM,
    Constants,
    Contagion,
    Copula,
    Crash,
    EventShock,
    Fit,
    GeometricBrownianMotion,
    HashrateResponse,
    Hazards,
    Joint,
    JumpingPeg,
    LogOrnsteinUhlenbeck,
    MeanRevertingFees,
    Merton,
    MertonJumpDiffusion,
    RedemptionHalt,
    RegimeGBM,
    RegimeSwitching,
    Scenario,
    SetTo,
    Shock,
    Shocked,
    StakedSupply,
    StationaryBootstrap,
    Streams,
    fit,
    reference,
    reference_fit,
    stress,
)
from tests.corpus import worlds
from tests.corpus.read import market_values
from tests.corpus.worlds import (
    BTC,
    CUSTODIAN,
    DIFFICULTY,
    ENTRY,
    ETH,
    EXECUTION,
    EXIT,
    EXPLOIT,
    FEES,
    HASHRATE,
    PROVIDER,
    REWARD,
    SLASHING,
    STETH,
)

GRID = TimeGrid.daily("2026-01-01", days=60)
SOL, EZETH = Price("SOL"), MarketRatio("ezETH")
JUMPS = MertonJumpDiffusion(
    {
        ETH: Merton(
            3000.0, volatility=0.561, drift=0.04, jump_intensity=11.6, log_jump_mean=0.0015, log_jump_volatility=0.1285
        ),
        BTC: Merton(90_000.0, volatility=0.3995, jump_intensity=14.7, log_jump_mean=0.0013, log_jump_volatility=0.0896),
    },
    correlation={(ETH, BTC): 0.8},
    common_share=0.9,
    size_correlation=0.8,
)
REGIMES = RegimeSwitching(
    {
        ETH: RegimeGBM(3000.0, volatility={"calm": 0.5, "storm": 1.3}, drift={"calm": 0.2, "storm": -0.6}),
        BTC: RegimeGBM(90_000.0, volatility={"calm": 0.3, "storm": 0.9}),
    },
    transition_rates={("calm", "storm"): 9.0, ("storm", "calm"): 12.0},
    correlation={(ETH, BTC): 0.7},
)
PEG = JumpingPeg(
    STETH,
    mean=0.9995,
    standard_deviation=0.001,
    half_life_days=10.0,
    jump_intensity=8.0,
    crash=Crash(ETH, fall=0.1, within_days=7.0),
    crash_jumps_a_year=60.0,
    log_jump_mean=-0.02,
    log_jump_volatility=0.01,
    closed=RedemptionHalt(depth=2.0, half_life_days=40.0, reopens_on="2026-02-10"),
)
CRASH = Crash(BTC, fall=0.1, within_days=10.0)
HAZARDS = Hazards(
    {SLASHING: {0: 0.8}, CUSTODIAN: {0: 0.5, 30: 4.0}, PROVIDER: {0: 1.0}},
    contagion={CUSTODIAN: Contagion(CRASH, hazard=20.0)},
    shared={(SLASHING, PROVIDER): {0: 1.5, 20: 0.5}},
)
STAKE = StakedSupply(
    start_eth=35.4e6,
    supply_eth=120.7e6,
    elasticity=0.8,
    half_life_days=60.0,
    volatility=0.2,
    execution=LogOrnsteinUhlenbeck(100.0, standard_deviation=0.6, half_life_days=4.0),
    growth=0.1,
)
MINERS = HashrateResponse(
    difficulty=1.5e14,
    height=924_000,
    elasticity=0.5,
    half_life_days=30.0,
    breakeven=36.0,
    breakeven_growth=-0.2,
    volatility=0.15,
)
SHOCKS = (
    Shock((ETH, BTC), day=10, change=-0.5, until=15),
    Shock(STETH, day=12, change=-0.05, half_life_days=6.0),
    SetTo(EXIT, level=40.0, day=20.0, until=30.0),
    EventShock(CUSTODIAN, day=25),
)
LEVELS = (ETH, BTC, DIFFICULTY)
STRIKING = (2, 6)  # episodes in which something fails

WORLDS: dict[str, tuple[Scenario, tuple[Factor, ...]]] = {
    "lognormal": (worlds.PRICES, LEVELS),
    "jumps": (JUMPS, (ETH, BTC)),
    "regimes": (REGIMES, (ETH, BTC)),
    "peg": (worlds.PEG, (STETH,)),
    "jumping peg": (Joint([JUMPS, PEG]), (ETH, STETH)),
    "reverting fees": (
        MeanRevertingFees(
            FEES, LogOrnsteinUhlenbeck(0.02, standard_deviation=0.5, half_life_days=5.0, initial_level=0.1)
        ),
        (FEES,),
    ),
    "queue waits": (worlds.WAITS, (ENTRY, EXIT)),
    "stake": (STAKE, (REWARD, EXECUTION, ActiveStake("ETH"), StakingQueue("ETH"))),
    "miners": (
        Joint([GeometricBrownianMotion({BTC: GBM(90_000.0, volatility=0.6)}), Constants({FEES: 0.02}), MINERS]),
        (BTC, HASHRATE, DIFFICULTY),
    ),
    "hazards": (worlds.EVENTS, (SLASHING, EXPLOIT, CUSTODIAN, PROVIDER)),
    "contagion, shared": (Joint([worlds.PRICES, HAZARDS]), (BTC, SLASHING, CUSTODIAN, PROVIDER)),
    "copula/normal": (
        Hazards({SLASHING: {0: 3.0}, CUSTODIAN: {0: 2.0}}, copula=Copula({(SLASHING, CUSTODIAN): 0.6})),
        (SLASHING, CUSTODIAN),
    ),
    "copula/t": (
        Hazards(
            {SLASHING: {0: 3.0}, CUSTODIAN: {0: 2.0, 20: 5.0}},
            copula=Copula({(SLASHING, CUSTODIAN): 0.6}, degrees_of_freedom=4),
        ),
        (SLASHING, CUSTODIAN),
    ),
    "history": (worlds.RECORD, (ETH, BTC, DIFFICULTY, STETH)),
    "bootstrap": (StationaryBootstrap(worlds.RECORD, mean_block_days=12.0), (ETH, BTC, STETH)),
    "bootstrap/drift": (StationaryBootstrap(worlds.RECORD, mean_block_days=5.0, drift={ETH: 0.0}), (ETH, BTC)),
    "joint, correlated": (
        Joint(
            [
                GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)}),
                GeometricBrownianMotion({BTC: GBM(9e4, volatility=0.5)}),
            ],
            correlation={(ETH, BTC): 0.75},
        ),
        (ETH, BTC),
    ),
    "constants": (Constants({ETH: 3000.0, REWARD: APR(0.031)}), (ETH, REWARD)),
    "shocks": (Shocked(worlds.WORLD, SHOCKS), (ETH, BTC, STETH, EXIT, CUSTODIAN)),
    "reference": (reference(), (ETH, BTC, DIFFICULTY, STETH, REWARD, EXECUTION, FEES, ENTRY, EXIT)),
    "reference/all": (
        reference(staked_supply=True, jumps=True, miners=True, contagion=True, start="2026-04-01"),
        (ETH, BTC, DIFFICULTY, HASHRATE, STETH, REWARD, EXECUTION, ENTRY, EXIT),
    ),
}


def case(world: Scenario, factors: tuple[Factor, ...], grid: TimeGrid = GRID, **how: Any) -> object:
    """The markets of the first paths and of some later ones."""
    paths = world.n_paths(grid)
    n = 150 if paths is None else min(150, paths)
    firsts = (0,) if paths is not None else (0, 16_384)
    return [
        market_values(
            world.market(grid, frozenset(factors), streams=Streams(97, first_path=first, **how), n_paths=n), factors
        )
        for first in firsts
    ]


def full_block(**how: Any) -> object:
    """Some paths more, of prices and of events, in other ways of drawing."""
    grid = TimeGrid.daily("2026-01-01", days=8)
    streams = Streams(5, first_path=8_192, **how)
    asked = (ETH, BTC, SLASHING, CUSTODIAN)
    return market_values(worlds.WORLD.market(grid, frozenset(asked), streams=streams, n_paths=8_192), asked)


def episode(number: int) -> object:
    """One of the episodes, in their order."""
    given = Joint([worlds.WORLD, Constants({EZETH: 1.0, SOL: 150.0, HASHRATE: 1e9})])
    name = list(EPISODES)[number]
    events = [CUSTODIAN, EXPLOIT] if number in STRIKING else None
    world = stress(name, given, day=5.0, events=events)
    grid = TimeGrid.daily("2026-01-01", days=120)
    factors = (ETH, BTC, SOL, STETH, EZETH, DIFFICULTY, FEES, ENTRY, EXIT, CUSTODIAN, EXPLOIT)
    return case(world, factors, grid)


def fit_values(found: Fit) -> object:
    """Every number of a fit, by factors in a fixed order."""

    def numbers(estimate: Any) -> object:
        return None if estimate is None else [estimate.value, estimate.standard_error]

    pairs = [(ETH, BTC), (BTC, ETH), (ETH, DIFFICULTY), (BTC, DIFFICULTY), (DIFFICULTY, ETH), (DIFFICULTY, BTC)]
    told: list[object] = [found.first, found.last, numbers(found.common_share), numbers(found.size_correlation)]
    for factor in LEVELS:
        level, jump = found.levels.get(factor), found.jumps.get(factor)
        if level is not None:
            told += [
                level.initial_level,
                numbers(level.volatility),
                numbers(level.trend),
                level.n_observations,
                level.drift,
            ]
            told += [level.excess_kurtosis, level.ks_statistic]
        if jump is not None:
            told += [
                numbers(jump.volatility),
                numbers(jump.jump_intensity),
                numbers(jump.mean),
                numbers(jump.standard_deviation),
            ]
            told += [jump.count, jump.expected_false_jumps, jump.excess_kurtosis, jump.ks_statistic]
    told += [[numbers(found.correlation.get(pair)), numbers(found.no_jump_correlation.get(pair))] for pair in pairs]
    ratio, response = found.ratios.get(STETH), found.responses.get(HASHRATE)
    if ratio is not None:
        told += [
            ratio.initial_level,
            numbers(ratio.mean),
            numbers(ratio.standard_deviation),
            numbers(ratio.half_life_days),
        ]
        told += [ratio.noise_share, ratio.r_squared, ratio.lags]
    if response is not None:
        told += [[numbers(each) for each in response.by_lag], numbers(response.elasticity), numbers(response.growth)]
        told += [numbers(response.volatility), response.months, response.r_squared]
    return told


def fitted(of: Callable[[], Fit], *, draws: int = 0) -> object:
    """A fit, or several draws of its parameters one after another."""
    found, random = of(), np.random.default_rng(3)
    return [fit_values(found), *(fit_values(found.sample_parameters(random)) for _ in range(draws))]


def fitted_world(*, jumps: bool) -> object:
    """The world that a fit makes."""
    return case(fit(worlds.RECORD).scenario(jumps=jumps), (ETH, BTC, DIFFICULTY, STETH))


def small_figures() -> object:
    """What worlds say of themselves."""
    return [
        REGIMES.rate_matrix(),
        list(REGIMES.stationary_distribution().values()),
        STAKE.opening_yield,
        list(worlds.WAITS.means),
        [level.total_volatility for level in JUMPS.levels.values()],
        worlds.RECORD.n_paths(GRID),
        worlds.RECORD.overlap(GRID),
        worlds.RECORD.recorded(ETH),
    ]


def cases() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {
        f"world/{name}": partial(case, world, factors) for name, (world, factors) in WORLDS.items()
    }
    for name in ("lognormal", "jumps", "regimes", "jumping peg", "stake"):
        world, factors = WORLDS[name]
        found[f"world/uneven/{name}"] = partial(case, world, factors, worlds.UNEVEN)
        found[f"world/float32/{name}"] = partial(case, world, factors, precision="float32")
    for number in range(8):
        found[f"world/episode {number}"] = partial(episode, number)
    return found | {
        "world/stratified/hazards": partial(case, *WORLDS["hazards"], event_sampling="stratified"),
        "world/stratified/contagion, shared": partial(case, *WORLDS["contagion, shared"], event_sampling="stratified"),
        "world/stratified/copula": partial(case, *WORLDS["copula/t"], event_sampling="stratified"),
        "world/full block": full_block,
        "world/full block/stratified, float32": partial(full_block, precision="float32", event_sampling="stratified"),
        "world/figures": small_figures,
        "fit/record": partial(fitted, partial(fit, worlds.RECORD)),
        "fit/record, other settings": partial(
            fitted, partial(fit, worlds.RECORD, jump_threshold=3.5, ratio_lags=20, response_lags=2)
        ),
        "fit/record, draws": partial(fitted, partial(fit, worlds.RECORD), draws=4),
        "fit/reference, draws": partial(fitted, reference_fit, draws=4),
        "fit/world": partial(fitted_world, jumps=False),
        "fit/world, jumps": partial(fitted_world, jumps=True),
    }
