"""The library's own scenarios, of every kind, that tests hold to the named checks."""

from typing import Any

import attrs
import numpy as np

from stakingmodels import GBM, BlockFees, Event, GeometricBrownianMotion, MarketRatio, Price, StakingReward
from stakingmodels.market import ActiveStake, CashRate, Difficulty, ExecutionReward, Hashrate
from stakingmodels.rates import APR
from stakingmodels.scenarios import (
    BlockInputs,
    Constants,
    Contagion,
    Copula,
    Crash,
    EventShock,
    HashrateResponse,
    Hazards,
    History,
    InCurrency,
    Joint,
    JumpingPeg,
    LogOrnsteinUhlenbeck,
    MeanRevertingFees,
    MeanRevertingPeg,
    Merton,
    MertonJumpDiffusion,
    Pinned,
    QueueWaits,
    RedemptionHalt,
    RegimeGBM,
    RegimeSwitching,
    Scenario,
    Shock,
    Shocked,
    StakedSupply,
    StationaryBootstrap,
    WaitCell,
    daily_series,
    reference,
    reference_fit,
    stress,
)
from stakingmodels.scenarios.rows import RowFiller

ETH, BTC, RATIO, WORK = Price("ETH"), Price("BTC"), MarketRatio("stETH"), Difficulty("BTC")
FIRE, FLOOD, STORM = Event("fire"), Event("flood"), Event("storm")
PRICE = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)})
PEG = MeanRevertingPeg(RATIO, mean=0.999, standard_deviation=0.002, half_life_days=20.0)
JUMPS = MertonJumpDiffusion(
    {
        ETH: Merton(3000.0, volatility=0.5, jump_intensity=40.0, log_jump_mean=-0.1, log_jump_volatility=0.1),
        BTC: Merton(9e4, volatility=0.4, jump_intensity=900.0, log_jump_mean=0.0, log_jump_volatility=0.01),
    },
    common_share=0.4,
    size_correlation=0.5,
    correlation={(ETH, BTC): 0.8},
)
LAW = LogOrnsteinUhlenbeck(100.0, standard_deviation=0.6, half_life_days=4.0)
DAYS = np.arange("2025-01-01", "2025-09-01", dtype="M8[D]")
WAVES = 3000.0 + 100.0 * np.sin(np.arange(DAYS.size) ** 1.5)
RECORD = History({ETH: daily_series(DAYS, WAVES, name="made up")})
PRICES = GeometricBrownianMotion(
    {ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
)
BITCOIN = GeometricBrownianMotion({BTC: GBM(9e4, volatility=0.9)})
STILL: dict[str, Any] = {"initial_level": 1.0, "volatility": 0.0}
OFTEN: dict[str, Any] = {"jump_intensity": 50.0, "log_jump_mean": 0.0, "log_jump_volatility": 0.1}
MOODS = {"calm": 0.4, "storm": 1.4}
SWITCHES = {("calm", "storm"): 4.0, ("storm", "calm"): 12.0}
HASHRATE = Hashrate("BTC")
MINERS = HashrateResponse(
    difficulty=1.5e14,
    height=923_328,
    elasticity=0.5,
    half_life_days=30.0,
    breakeven=35.0,
    breakeven_growth=0.0,
    volatility=0.2,
)
STAKE = StakedSupply(
    start_eth=35.4e6, supply_eth=120.7e6, elasticity=0.5, half_life_days=50.0, volatility=0.05, execution=LAW
)
HALTED = JumpingPeg(
    RATIO,
    mean=0.998,
    standard_deviation=0.002,
    half_life_days=10.0,
    jump_intensity=0.5,
    log_jump_mean=-0.02,
    log_jump_volatility=0.01,
    crash=Crash(ETH, fall=0.25, within_days=7.0),
    crash_jumps_a_year=100.0,
    closed=RedemptionHalt(depth=2.0, half_life_days=40.0),
)
MOVES = np.cumsum(np.random.default_rng(5).normal(0.0, 0.04, (DAYS.size, 2)), axis=0)
FULL_RECORD = History(
    {
        ETH: daily_series(DAYS, 100.0 * np.exp(MOVES[:, 0]), name="made up"),
        BTC: daily_series(DAYS, 9e4 * np.exp(MOVES[:, 1]), name="made up"),
        BlockFees("BTC"): daily_series(DAYS, 1e-4 * np.arange(DAYS.size), name="made up"),
    }
)


@attrs.frozen
class Own(Scenario):
    """A scenario of somebody else, with rows of each kind."""

    factors = frozenset({ETH, BlockFees("BTC"), RATIO})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        def begin(_longest):
            anew = streams.fresh()

            def fill(start, stop, rows, filled):
                del filled
                if start == 0:
                    rows[ETH][0] = 3000.0
                    anew.uniforms("opening", rows[RATIO][0])
                anew.normals("mine", rows[ETH][1:])
                anew.exponentials("fees", rows[BlockFees("BTC")])
                spread = 0.02 * np.sqrt(grid.step_days[start:stop, None])
                np.exp(spread * rows[ETH][1:], out=rows[ETH][1:])
                rows[RATIO][1:] = rows[RATIO][0]
                for k in range(stop - start):
                    rows[ETH][k + 1] *= rows[ETH][k]

            return fill

        return BlockInputs(
            sources=(RowFiller(factors=factors, begin=begin, widths=dict.fromkeys(self.factors, n_paths)),)
        )


WORLDS: dict[str, Scenario] = {
    "lognormal": GeometricBrownianMotion(
        {
            ETH: GBM(3000.0, volatility=0.7),
            BTC: GBM(9e4, volatility=0.5),
            Price("SOL"): GBM(100.0, volatility=1.0),
            WORK: GBM(1e14, volatility=0.0, drift=0.4),
        },
        correlation={(ETH, BTC): 0.8, (ETH, Price("SOL")): 0.7, (BTC, Price("SOL")): 0.6},
    ),
    "jumps": JUMPS,
    "regimes": RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.4})},
        transition_rates={("calm", "storm"): 40.0, ("storm", "calm"): 120.0},
    ),
    "peg, rates, events": Joint([PRICE, PEG, Constants({CashRate("USD"): APR(0.04), FIRE: 3.0, FLOOD: 5.0})]),
    "jumping peg": Joint(
        [
            PRICE,
            JumpingPeg(
                RATIO,
                mean=0.999,
                standard_deviation=0.002,
                half_life_days=20.0,
                log_jump_mean=-0.01,
                log_jump_volatility=0.01,
                jump_intensity=20.0,
                crash=Crash(ETH, fall=0.1, within_days=7.0),
                crash_jumps_a_year=400.0,
            ),
        ]
    ),
    "copula": Joint([PRICE, Hazards({FIRE: 3.0, FLOOD: 5.0}, copula=Copula({(FIRE, FLOOD): 0.5}))]),
    "t copula": Hazards({FIRE: 3.0, FLOOD: 5.0}, copula=Copula({(FIRE, FLOOD): 0.5}, degrees_of_freedom=4)),
    "contagion": Joint(
        [PRICE, Hazards({FIRE: 3.0}, contagion={FIRE: Contagion(Crash(ETH, fall=0.2, within_days=7.0), hazard=9.0)})]
    ),
    "stake": StakedSupply(
        start_eth=35.4e6, supply_eth=120.7e6, elasticity=0.5, half_life_days=180.0, volatility=0.3, execution=LAW
    ),
    "fees": MeanRevertingFees(BlockFees("BTC"), LAW),
    "bootstrap": StationaryBootstrap(RECORD, mean_block_days=5.0),
    "days alone": StationaryBootstrap(RECORD, mean_block_days=1.0),
    "shocked": Shocked(JUMPS, Shock(ETH, day=30.0, change=-0.5)),
    "stress": stress("stETH 2022-06", reference()),
    "reference": reference(),
    "of somebody else": Own(),
    "prices alone": PRICES,
    "two that jump": MertonJumpDiffusion(
        {
            ETH: Merton(100.0, volatility=0.3, jump_intensity=12.0, log_jump_mean=-0.05, log_jump_volatility=0.15),
            BTC: Merton(100.0, volatility=0.5, jump_intensity=6.0, log_jump_mean=0.03, log_jump_volatility=0.1),
        },
        correlation={(ETH, BTC): 0.8},
        common_share=0.6,
        size_correlation=0.5,
    ),
    "jumps alone": MertonJumpDiffusion({ETH: Merton(**STILL, **OFTEN)}),
    "two in regimes": RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility=MOODS), BTC: RegimeGBM(9e4, volatility={"calm": 0.3, "storm": 1.0})},
        transition_rates=SWITCHES,
        correlation={(ETH, BTC): 0.8},
    ),
    "regimes alone": RegimeSwitching(
        {ETH: RegimeGBM(1.0, volatility={"calm": 0.0, "storm": 0.0}, drift={"calm": 0.0, "storm": 1.0})},
        transition_rates=SWITCHES,
    ),
    "bootstrap of prices and fees": StationaryBootstrap(FULL_RECORD, mean_block_days=5.0, drift={ETH: 0.0}),
    "days of prices and fees": StationaryBootstrap(FULL_RECORD, mean_block_days=1.0),
    "as recorded": History({f: FULL_RECORD.series[f] for f in (ETH, BTC)}, window_levels="as_recorded"),
    "hash rate": Joint([BITCOIN, Constants({BlockFees("BTC"): 0.025}), MINERS], correlation={(BTC, HASHRATE): 0.3}),
    "stake with tips": Joint(
        [PRICE, STAKE], correlation={(ETH, ActiveStake("ETH")): 0.3, (ETH, ExecutionReward("ETH")): -0.2}
    ),
    "redemption halted": Joint([PRICE, HALTED], correlation={(ETH, RATIO): 0.3}),
    "peg tied to prices": Joint([PRICES, PEG], correlation={(ETH, RATIO): 0.5}),
    "four kinds of hazards": Joint(
        [
            BITCOIN,
            Hazards(
                {FIRE: 2.0, FLOOD: {0: 1.0, 20: 5.0}, STORM: 1.0},
                copula=Copula({(FIRE, FLOOD): 0.5, (FLOOD, STORM): -0.2}, degrees_of_freedom=4),
                contagion={FIRE: Contagion(Crash(BTC, fall=0.25, within_days=7.0), hazard=20.0)},
                shared={(FLOOD, STORM): 0.5},
            ),
        ]
    ),
    "many shocks": Shocked(
        Joint([PRICES, Constants({StakingReward("ETH"): APR(0.0365), RATIO: 1.0})]),
        [
            Shock((ETH, RATIO), day=3, until=30, change=-0.5, half_life_days=9),
            Shock(StakingReward("ETH"), day=7, change=1.0),
            EventShock(FIRE, day=3),
        ],
    ),
    "shock and hazards": Shocked(
        Joint([GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=0.2)}), Hazards({FIRE: 0.5})]),
        [Shock(ETH, day=2, change=-0.5, until=4, half_life_days=3), EventShock(FLOOD, day=3)],
    ),
    "waits": QueueWaits(
        [
            WaitCell(3, entry_days=10.0, exit_days=40.0, entry_spread=2.0, exit_spread=4.0),
            WaitCell(1, entry_days=50.0, exit_days=1.0, exit_spread=1.0),
        ]
    ),
    "constants": Constants({ETH: 10.0, BTC: 1.0, StakingReward("ETH"): APR(0.365)}),
    "in ether": InCurrency(PRICES, "ETH"),
}
"""Scenarios of every kind."""

WHOLE: dict[str, Scenario] = {
    "all of the reference": reference(jumps=True, miners=True, staked_supply=True, contagion=True),
    "fit": reference_fit().scenario(),
    "in currency": InCurrency(reference(), "TWD"),
    "pinned": Pinned(reference(), {ETH: -0.5}),
}
"""Scenarios around the whole of the reference."""

REASONS = {"pinned": {"truncation": "the change at the exit sets the days before it"}}
"""Why a scenario fails a check, by name."""
