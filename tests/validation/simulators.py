"""Products, scenarios and measures, against programs that share no code with them."""

import datetime as dt
import importlib
from collections.abc import Callable

import empyrical
import numpy as np
import pyxirr
from scipy import stats
from scipy.optimize import brentq

from stakingmodels import Constants, Event, Holding, Price, TimeGrid, simulate
from stakingmodels.measures import annual_volatility, clopper_pearson, irr, max_drawdown, sharpe_ratio, sortino_ratio
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, Merton, MertonJumpDiffusion, Streams
from tests.oracles import test_by_hand
from tests.validation.evidence import Evidence, errors_apart, within

NAMES = {
    "holding": "Holding",
    "staking_pool": "StakingPool",
    "liquid_staking_token": "LiquidStakingToken",
    "exchange_staking": "ExchangeStaking",
    "cloud_mining_contract": "CloudMiningContract",
    "solo_validator": "SoloValidator",
}
SHEETS = 50
ETH = Price("ETH")
N = 20_000
DAYS = 73
YEARS = DAYS / 365.0
BY_HAND = "an accounting by hand, one path at a time, in plain Python"


def evidence() -> list[Evidence]:
    """Products, then scenarios, then measures."""
    return [
        *(
            Evidence(
                key=f"by-hand:{name}",
                claim=(
                    f"{kind}: value of every day, lines, coins and days to cash, random terms and markets",
                    f"{kind}：每日價值、各項目、幣數與取現天數，條款與市場隨機",
                ),
                against=BY_HAND,
                measure=_by_hand(name),
                test="tests/oracles/test_by_hand.py",
                date="2026-11-30",
                commit="d9404bb",
            )
            for name, kind in NAMES.items()
        ),
        *_of_scenarios(),
        *_of_measures(),
    ]


def _by_hand(name: str) -> Callable[[], str]:
    def measure() -> str:
        test_by_hand.agree(name, 0, SHEETS)
        return f"{SHEETS} / {SHEETS}"

    return measure


def _of_scenarios() -> list[Evidence]:
    return [
        Evidence(
            key="lognormal",
            claim=(
                "Prices: chance of ending below the opening, and mean",
                "價格：期末低於期初的機率，與平均",
            ),
            against="closed form",
            measure=_lognormal,
            test="tests/scenarios/processes/test_gbm.py",
            date="2026-11-22",
            commit="4ef09cb",
        ),
        Evidence(
            key="jumps",
            claim=("Prices that jump: calls at 80, 100 and 130", "會跳躍的價格：履約價 80、100、130 的買權"),
            against="QuantLib, Bates engine",
            measure=_jumps,
            test="tests/scenarios/processes/test_merton.py",
            date="2026-11-22",
            commit="77508ea",
        ),
        Evidence(
            key="events",
            claim=("Events: share of paths struck within a year", "事件：一年內發生的路徑比例"),
            against="closed form, 1 - exp(-hazard)",
            measure=_events,
            test="tests/scenarios/events/test_hazards.py",
            date="2026-11-22",
            commit="e53d603",
        ),
        Evidence(
            key="errors",
            claim=(
                "Standard errors: 95 % intervals that hold the true mean of a held coin, 400 seeds",
                "標準誤：持有一種幣的 95 % 區間涵蓋真正平均的次數，400 個種子",
            ),
            against="closed form",
            measure=_errors,
            test="tests/engine/test_quasi.py",
            date="2026-12-01",
            commit="9a04d9d",
        ),
    ]


def _rows(
    world: GeometricBrownianMotion | MertonJumpDiffusion, seed: int
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    grid = TimeGrid.daily("2026-01-01", days=DAYS)
    market = world.market(grid, frozenset({ETH}), streams=Streams(seed), n_paths=N)
    *_, last = market.chunks()
    return np.array(last.rows[ETH][-1])


def _lognormal() -> str:
    sigma, drift = 0.7, 0.04
    last = _rows(GeometricBrownianMotion({ETH: GBM(100.0, volatility=sigma, drift=drift)}), 5)
    below = float(stats.norm.cdf((sigma**2 / 2 - drift) * YEARS / (sigma * np.sqrt(YEARS))))
    share = float(np.mean(last < 100.0))
    found = [
        errors_apart(share, below, np.sqrt(below * (1.0 - below) / N)),
        errors_apart(float(np.mean(last)), 100.0 * np.exp(drift * YEARS), float(np.std(last)) / np.sqrt(N)),
    ]
    return _apart(found)


def _jumps() -> str:
    quantlib = importlib.import_module("QuantLib")
    today = quantlib.Date(1, 1, 2026)
    quantlib.Settings.instance().evaluationDate = today
    cash, none = (
        quantlib.YieldTermStructureHandle(quantlib.FlatForward(today, rate, quantlib.Actual365Fixed()))
        for rate in (0.03, 0.0)
    )
    spot = quantlib.QuoteHandle(quantlib.SimpleQuote(100.0))
    process = quantlib.BatesProcess(cash, none, spot, 0.09, 1.0, 0.09, 1e-4, 0.0, 12.0, -0.05, 0.15)
    engine = quantlib.BatesEngine(quantlib.BatesModel(process))
    level = Merton(
        100.0, volatility=0.3, drift=0.03, jump_intensity=12.0, log_jump_mean=-0.05, log_jump_volatility=0.15
    )
    last = _rows(MertonJumpDiffusion({ETH: level}), 7)
    found = []
    for strike in (80.0, 100.0, 130.0):
        payoff = quantlib.PlainVanillaPayoff(quantlib.Option.Call, strike)
        option = quantlib.VanillaOption(payoff, quantlib.EuropeanExercise(today + DAYS))
        option.setPricingEngine(engine)
        paid = np.exp(-0.03 * YEARS) * np.maximum(last - strike, 0.0)
        found.append(errors_apart(float(np.mean(paid)), option.NPV(), float(np.std(paid)) / np.sqrt(N)))
    return _apart(found)


def _events() -> str:
    grid = TimeGrid.daily("2026-01-01", days=365)
    found = []
    for hazard in (0.02, 0.5):
        event = Event("fire")
        market = Constants({event: hazard}).market(grid, frozenset({event}), streams=Streams(3), n_paths=N)
        *_, last = market.chunks()
        struck = np.unique(np.concatenate(list(last.hits[event].values()))).size / N
        chance = 1.0 - np.exp(-hazard)
        found.append(errors_apart(struck, chance, np.sqrt(chance * (1.0 - chance) / N)))
    return _apart(found)


def _errors() -> str:
    grid, seeds = TimeGrid.daily("2026-01-01", days=2), 400
    world = GeometricBrownianMotion({ETH: GBM(100.0, volatility=0.7)})
    inside = 0
    for seed in range(seeds):
        gains = simulate({"hold": Holding("ETH")}, world, grid, capital=100.0, n_paths=1_000, rng=seed)["hold"].profit
        inside += abs(float(np.mean(gains))) <= 1.96 * float(np.std(gains)) / np.sqrt(gains.size)
    low, high = clopper_pearson(inside, seeds)
    assert low <= 0.95 <= high
    return f"{inside} / {seeds} ({low:.1%} to {high:.1%})"


def _apart(found: list[float]) -> str:
    return ", ".join(f"{each:.1f}" for each in found) + " s.e."


def _of_measures() -> list[Evidence]:
    return [
        Evidence(
            key="irr",
            claim=("Internal rate of return: 300 sets of dated flows", "內部報酬率：300 組有日期的金流"),
            against="pyxirr, and brentq of scipy",
            measure=_irr,
            test="tests/measures/test_irr.py",
            date="2026-11-22",
            commit="21f9b43",
        ),
        Evidence(
            key="ratios",
            claim=(
                "Drawdown, volatility, Sharpe and Sortino ratio of 40 paths",
                "40 條路徑的最大回落、波動率、Sharpe 與 Sortino 比率",
            ),
            against="empyrical-reloaded",
            measure=_ratios,
            test="tests/measures/test_path.py",
            date="2026-11-22",
            commit="21f9b43",
        ),
        Evidence(
            key="intervals",
            claim=("Exact intervals of shares", "比例的精確區間"),
            against="scipy.stats.binomtest",
            measure=_intervals,
            test="tests/measures/test_binomial.py",
            date="2026-11-28",
            commit="edd8481",
        ),
    ]


def _irr() -> str:
    random = np.random.default_rng(1)
    flows = random.uniform(1.0, 50.0, (13, 300))
    flows[0] = -random.uniform(50.0, 400.0, 300)
    days = np.arange(13) * 30
    first = dt.date(2026, 1, 1)
    dates = [first + dt.timedelta(days=int(day)) for day in days]
    theirs = np.array([pyxirr.xirr(dates, column) for column in flows.T], dtype=float)
    roots = [
        np.expm1(brentq(lambda g, column=column: np.sum(column * np.exp(-days / 365 * g)), -50.0, 50.0, xtol=1e-14))
        for column in flows.T
    ]
    ours = np.asarray(irr(flows, days / 365))
    assert np.allclose(theirs, ours, rtol=1e-7, atol=1e-9), "pyxirr disagrees"
    return within(1.0 + ours, 1.0 + np.array(roots), 1e-9)


def _ratios() -> str:
    steps = np.random.default_rng(3).normal(0.0, 0.04, (366, 40))
    values = 100.0 * np.exp(np.cumsum(steps, axis=0))
    returns = np.diff(values, axis=0) / values[:-1]
    pairs: list[tuple[object, Callable[..., float]]] = [
        (-max_drawdown(values), empyrical.max_drawdown),
        (annual_volatility(values), lambda r: empyrical.annual_volatility(r, annualization=365)),
        (sharpe_ratio(values), lambda r: empyrical.sharpe_ratio(r, annualization=365)),
        (sortino_ratio(values), lambda r: empyrical.sortino_ratio(r, annualization=365)),
    ]
    for ours, theirs in pairs:
        within(ours, [theirs(column) for column in returns.T], 1e-9)
    return "≤ 1e-09"


def _intervals() -> str:
    cases = [(k, n) for n in (4, 47, 59, 1_000) for k in (0, 1, n // 2, n)]
    ours = [clopper_pearson(k, n) for k, n in cases]
    theirs = [stats.binomtest(k, n).proportion_ci(method="exact") for k, n in cases]
    return within([1.0 + x for pair in ours for x in pair], [1.0 + x for pair in theirs for x in pair], 1e-9)
