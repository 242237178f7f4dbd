"""Bad inputs of worlds, each as a user would make it: one line that names the argument, the rule, the value, the fix.

The message is compared whole, since a part of it that helps nobody is found by reading it.
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    Event,
    GeometricBrownianMotion,
    Holding,
    Joint,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.engine import simulate
from stakingmodels.errors import ExecutionError, InputError, InputTypeError, UnitWarning
from stakingmodels.market import BlockFees
from stakingmodels.products import ExchangeStaking, Failure
from stakingmodels.scenarios import (
    GBM,
    Contagion,
    Copula,
    Crash,
    EventShock,
    Hazards,
    History,
    LogOrnsteinUhlenbeck,
    MeanRevertingPeg,
    Merton,
    MertonJumpDiffusion,
    RedemptionHalt,
    RegimeGBM,
    RegimeSwitching,
    Shock,
    Shocked,
    StationaryBootstrap,
    daily_series,
    fit,
    reference,
    reference_fit,
    stress,
)

ETH, BTC, SOL, STETH = Price("ETH"), Price("BTC"), Price("SOL"), MarketRatio("stETH")
A, B, C = (Event(f"custodian:{letter}") for letter in "abc")
GRID = TimeGrid.daily("2026-01-01", days=30)
THREE = {
    ETH: GBM(3000.0, volatility=0.7),
    BTC: GBM(90_000.0, volatility=0.5),
    SOL: GBM(130.0, volatility=0.9),
}
WORLD = Joint([GeometricBrownianMotion({ETH: THREE[ETH]}), Constants({StakingReward("ETH"): APR(0.03)})])
CRASH = Crash(BTC, fall=0.3, within_days=7.0)
NAN = float("nan")
DAYS = np.arange("2025-01-01", "2025-04-01", dtype="M8[D]")
CLOSES = 3000.0 * np.exp(np.cumsum(np.random.default_rng(0).normal(0.0, 0.03, DAYS.size)))
RECORD = History({ETH: daily_series(DAYS, CLOSES, name="eth")})


def run(world, grid=GRID, products=None, **how):
    products = products or {"eth": Holding(asset="ETH")}
    return simulate(products, world, grid, **{"capital": 1000.0, "n_paths": 10, "rng": 1, **how})


def shut(kind):
    executor = kind(1)
    executor.shutdown()
    return executor


def peg(**terms):
    return MeanRevertingPeg(STETH, **{"mean": 0.99, "standard_deviation": 0.01, "half_life_days": 27.0, **terms})


def jumping(**terms):
    return Merton(
        3000.0, volatility=0.5, **{"jump_intensity": 5.0, "log_jump_mean": 0.0, "log_jump_volatility": 0.1, **terms}
    )


def exchange(hazard):
    return ExchangeStaking(asset="ETH", failures=(Failure(Event("custodian:x", hazard=hazard)),))


CASES = {
    "correlations that contradict each other": (
        lambda: GeometricBrownianMotion(THREE, correlation={(ETH, BTC): 0.9, (BTC, SOL): 0.9, (ETH, SOL): -0.9}),
        (
            'GeometricBrownianMotion.correlation: must be positive definite; those of Price("SOL") contradict the ones before, got '  # noqa: E501
            '\'Price("ETH"): -0.9, Price("BTC"): 0.9\' (bring them closer to 0)'
        ),
    ),
    "a correlation of exactly 1": (
        lambda: GeometricBrownianMotion(THREE, correlation={(ETH, BTC): 1.0}),
        (
            'GeometricBrownianMotion.correlation[Price("ETH"), Price("BTC")]: must be in (-1, 1), got 1.0 '
            "(two that move as one: write 0.9999)"
        ),
    ),
    "a correlation in percent": (
        lambda: GeometricBrownianMotion(THREE, correlation={(ETH, BTC): 84}),
        'GeometricBrownianMotion.correlation[Price("ETH"), Price("BTC")]: must be in (-1, 1), got 84 (percent? write 0.84)',  # noqa: E501
    ),
    "a correlation that is no number": (
        lambda: GeometricBrownianMotion(THREE, correlation={(ETH, BTC): NAN}),
        'GeometricBrownianMotion.correlation[Price("ETH"), Price("BTC")]: must be finite, got nan',
    ),
    "a correlation with what does not move": (
        lambda: Joint(
            [GeometricBrownianMotion({ETH: THREE[ETH]}), Constants({BlockFees("BTC"): 0.02})],
            correlation={(ETH, BlockFees("BTC")): 0.5},
        ),
        (
            "Joint.correlation: must name two different random factors of this scenario, got "
            '\'Price("ETH"), BlockFees("BTC")\' (it has Price("ETH"))'
        ),
    ),
    "a half-life of 0": (
        lambda: peg(half_life_days=0),
        "MeanRevertingPeg.half_life_days: must be in (0, 1e+15] days, got 0 (a gap that closes at once: write 0.01)",
    ),
    "a half-life of 0 while closed": (
        lambda: RedemptionHalt(depth=2.0, half_life_days=0.0),
        "RedemptionHalt.half_life_days: must be in (0, 1e+15] days, got 0.0 (a gap that closes at once: write 0.01)",
    ),
    "fees with a half-life below 0": (
        lambda: LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=-1),
        "LogOrnsteinUhlenbeck.half_life_days: must be in (0, 1e+15] days, got -1",
    ),
    "a peg in percent": (
        lambda: peg(mean=99.0),
        "MeanRevertingPeg.mean: must be a ratio in (0, 10], got 99.0 (percent? write 0.99)",
    ),
    "a volatility in percent": (
        lambda: GBM(3000.0, volatility=70),
        "GBM.volatility: must be a fraction a year in [0, 10], got 70 (percent? write 0.70)",
    ),
    "a drift that is no number": (
        lambda: GBM(3000.0, volatility=0.7, drift=NAN),
        "GBM.drift: must be finite, got nan",
    ),
    "a level that is no number": (lambda: GBM(NAN, volatility=0.7), "GBM.initial_level: must be finite, got nan"),
    "a jump in percent": (
        lambda: jumping(log_jump_mean=-20),
        "Merton.log_jump_mean: must be a logarithm in [-10, 10], got -20 (percent? write 0.20)",
    ),
    "jumps that are no number": (
        lambda: jumping(jump_intensity=NAN),
        "Merton.jump_intensity: must be finite, got nan",
    ),
    "a probability above 1": (
        lambda: MertonJumpDiffusion({ETH: jumping()}, common_share=1.5),
        "MertonJumpDiffusion.common_share: must be a fraction in [0, 1], got 1.5",
    ),
    "a probability in percent": (
        lambda: MertonJumpDiffusion({ETH: jumping()}, common_share=60),
        "MertonJumpDiffusion.common_share: must be a fraction in [0, 1], got 60 (percent? write 0.60)",
    ),
    "a fall of more than everything": (
        lambda: Crash(BTC, fall=30, within_days=7.0),
        "Crash.fall: must be a fraction in (0, 1), got 30 (percent? write 0.30)",
    ),
    "no degrees of freedom": (
        lambda: Copula({(A, B): 0.5}, degrees_of_freedom=0),
        "Copula.degrees_of_freedom: must be a whole number in [1, 200], got 0 (None for a Gaussian copula)",
    ),
    "events of a copula that contradict each other": (
        lambda: Copula({(A, B): 0.9, (B, C): 0.9, (A, C): -0.9}),
        (
            'Copula.correlation: must be positive definite; those of Event("custodian:c") contradict the ones before, '
            'got \'Event("custodian:a"): -0.9, Event("custodian:b"): 0.9\' (bring them closer to 0)'
        ),
    ),
    "contagion below 0": (
        lambda: Contagion(CRASH, hazard=-1.0),
        "Contagion.hazard: must be in [0, 1000], got -1.0",
    ),
    "contagion from a price that nobody gives": (
        lambda: run(Joint([WORLD, Hazards({A: 0.1}, contagion={A: Contagion(CRASH, hazard=1.0)})])),
        (
            'Joint: follows Price("BTC"), which no part gives, got \'Event("custodian:a"), Price("ETH"), Price("USD"), '
            'StakingReward("ETH")\' (put a part that gives it before, in a Joint)'
        ),
    ),
    "an event that carries another hazard": (
        lambda: Hazards({Event("custodian:a", hazard=0.02): 0.05}),
        (
            'Hazards: Event("custodian:a"): one event name must have one hazard, and the event carries 0.02 itself, '
            'got 0.05 (write Event("custodian:a") without)'
        ),
    ),
    "two products with two hazards for one name": (
        lambda: run(WORLD, products={"one": exchange(0.02), "other": exchange(0.05)}),
        (
            'Event("custodian:x"): hazard: one event name must have one hazard in a run, got (0.02, 0.05) '
            "(give the events different names, or set the hazard in the scenario)"
        ),
    ),
    "two parts with a hazard for one name": (
        lambda: Joint([Constants({A: 0.1}), Hazards({A: 0.2})]),
        (
            'Joint.parts: must not have two parts that set the hazard of Event("custodian:a"), '
            "got ('Constants', 'Hazards') (keep one of them)"
        ),
    ),
    "a record shorter than the window": (
        lambda: run(RECORD, TimeGrid.daily("2025-04-01", days=365, settlement_days=60), n_paths=None),
        (
            "History: must be longer than the window of 425 days and its first close; 90 days are recorded, "
            "got '2025-01-01 to 2025-03-31' (fewer days, a shorter tail or a longer record)"
        ),
    ),
    "blocks longer than the record": (
        lambda: StationaryBootstrap(RECORD, mean_block_days=200.0),
        "StationaryBootstrap.mean_block_days: must be at most the 89 recorded days, got 200.0",
    ),
    "a fit to what does not move": (
        lambda: fit(History({ETH: daily_series(DAYS, np.full(DAYS.size, 3.0), name="eth")})),
        'fit: Price("ETH"): must move, got 3.0 (use Constants)',
    ),
    "an opening of what was not fitted": (
        lambda: reference_fit().scenario(initial_levels={Price("ADA"): 1.0}),
        (
            'Fit.scenario: initial_levels: must name what was fitted: Price("ETH"), Price("BTC"), Difficulty("BTC"), '
            'Price("SOL"), MarketRatio("stETH"), got \'Price("ADA")\''
        ),
    ),
    "a shock of what the world lacks": (
        lambda: Shocked(WORLD, Shock(BTC, day=3, change=-0.5)),
        'Shocked: Price("BTC"): is not in the scenario that is shocked, got \'Price("ETH"), StakingReward("ETH")\'',
    ),
    "a shock in percent": (
        lambda: Shock(ETH, day=3, change=-50),
        "Shock.change: must be in [-1, 1e+06], or the factor falls below 0, got -50 (percent? write -0.5)",
    ),
    "a shock after the end": (
        lambda: run(Shocked(WORLD, Shock(ETH, day=300, change=-0.5))),
        'Shock: Price("ETH") -50.00% on day 300: must be within the grid of 30 days, got 300.0',
    ),
    "a strike after the end": (
        lambda: run(Shocked(WORLD, EventShock(A, day=31))),
        'EventShock: Event("custodian:a") on day 31: must be within the grid of 30 days, got 31.0',
    ),
    "a strike before the beginning": (
        lambda: EventShock(A, day=-1),
        "EventShock.day: must be in (0, 1e+15], got -1",
    ),
    "an episode misspelt": (
        lambda: stress("stETH 2022-6", reference()),
        (
            "stress: name: must be one of hashrate migration 2021-05, stETH 2022-06, exchange failure 2022-11, halving "
            "2024-04, ezETH 2024-04, ezETH 2024-04 pool, Balancer 2025-11, Ethereum queues 2025-26, "
            "got 'stETH 2022-6' (did you mean stETH 2022-06?)"
        ),
    ),
    "an episode of what the world lacks": (
        lambda: stress("stETH 2022-06", WORLD),
        (
            'Shocked: MarketRatio("stETH"): is not in the scenario that is shocked, got '
            '\'Price("ETH"), StakingReward("ETH")\''
        ),
    ),
    "a regime without a way back": (
        lambda: RegimeSwitching(
            {ETH: RegimeGBM(3000.0, volatility={"calm": 0.5, "storm": 1.3})}, transition_rates={("calm", "storm"): 4.0}
        ),
        (
            "RegimeSwitching.transition_rates: must lead from every regime to every other, so that the long run is defined, "  # noqa: E501
            "got 'no way from storm to calm' (initial_regime='storm' for a chain without a long run)"
        ),
    ),
    "a million paths with all their values": (
        lambda: run(
            WORLD, TimeGrid.daily("2026-01-01", days=365, settlement_days=60), n_paths=1_000_000, keep="values"
        ),
        (
            "simulate: keep: needs 3408000000 bytes (3.2 GiB) of memory, above the limit of 2 GiB, got 'values' "
            '(fewer paths, or keep="totals")'
        ),
    ),
    "a million paths with all their entries": (
        lambda: run(WORLD, n_paths=1_000_000, keep="ledger"),
        'run: keep: the step ledger is kept for at most 8192 paths, got 1000000 (fewer paths, or keep="values")',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(name):
    call, message = CASES[name]
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_that_was_shut_down_takes_no_work(kind):
    with pytest.raises(ExecutionError) as caught:
        run(WORLD, executor=shut(kind))
    text = "simulate: executor: takes no work (cannot schedule new futures after shutdown); make a new one"
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Copula({("a", "b"): 0.5}),
            "Copula.correlation: must be Event; write Event(\"custodian:x\"), got str 'a'",
        ),
        (
            lambda: EventShock(ETH, day=3),
            'EventShock.events: must be Event; write Event("custodian:x"), got Price Price("ETH")',
        ),
        (
            lambda: stress("stETH 2022-06", None),  # type: ignore[arg-type]
            "stress: scenario: must be Scenario; write reference(), got NoneType",
        ),
    ],
)
def test_what_is_no_such_thing_is_refused(call, message):
    with pytest.raises(InputTypeError) as caught:
        call()
    assert str(caught.value) == message


def test_a_rise_that_looks_like_percent_is_told():
    with pytest.warns(
        UnitWarning, match=r'^Shock\.change: 50 multiplies Price\("ETH"\) by 51 \(percent\? write 0\.5\)$'
    ):
        Shock(ETH, day=3, change=50)
    Shock(BlockFees("BTC"), day=3, change=40.5)  # as on the day of the fourth halving


def test_events_on_the_last_day_strike():
    world = Shocked(WORLD, EventShock(Event("custodian:x"), day=30))
    result = run(world, products={"earn": ExchangeStaking(asset="ETH", failures=(Failure(Event("custodian:x")),))})
    assert (result["earn"].closing == 0.0).all()
