"""Figures that others published, worked out again."""

from collections.abc import Callable

import numpy as np

from stakingmodels import APR, Holding, Market, Price, TimeGrid
from stakingmodels.measures import irr, simple_rate
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.protocols.chains.ethereum import BELLATRIX, daily_reward
from stakingmodels.protocols.contracts.leverage import Loop
from tests.validation.evidence import Evidence

_WHOLE = 1e9  # from here on a number is an amount in base units
Figure = tuple[str, tuple[str, str], str, Callable[[], float], float, float, str]


def evidence() -> list[Evidence]:
    """One line for each figure: what comes out beside what was published."""
    return [
        Evidence(
            key=key,
            claim=claim,
            against=source,
            measure=_beside(compute, published, slack),
            test=test,
            date="2026-11-22",
            commit="4ef09cb",
        )
        for key, claim, source, compute, published, slack, test in FIGURES
    ]


def _beside(compute: Callable[[], float], published: float, slack: float) -> Callable[[], str]:
    def measure() -> str:
        found = compute()
        assert abs(found - published) <= slack, f"{found!r} is not {published!r}"
        return f"{_digits(found)} / {_digits(published)}"

    return measure


def _digits(number: float) -> str:
    return f"{number:,.0f}" if number > _WHOLE else f"{number:.8g}"


def _pintail(n_validators: int) -> float:
    reward = daily_reward(32 * 10**9, n_validators * 32 * 10**9, ruleset=BELLATRIX)
    return reward.total / 32.0 * 365.2425 * 100.0


def _trade() -> float:
    grid = TimeGrid.daily("2026-01-01", days=30)
    market = Market(grid, {Price("ETH"): np.linspace(3_000.0, 3_500.0, grid.n_times)})
    return float(Holding("ETH", buy_fee=0.001, sell_fee=0.001).run(market, capital=1_501.5).profit[0])


FIGURES: tuple[Figure, ...] = (
    (
        "pintail-50000",
        ("Reward of 50,000 validators of 32 ETH, % a year", "50,000 個 32 ETH 驗證者的年獎勵，%"),
        "pintail.xyz, beacon-chain-validator-rewards (2021)",
        lambda: _pintail(50_000),
        13.15,
        0.006,
        "tests/protocols/test_ethereum_rewards.py",
    ),
    (
        "pintail-312500",
        ("Reward of 312,500 validators of 32 ETH, % a year", "312,500 個 32 ETH 驗證者的年獎勵，%"),
        "pintail.xyz, beacon-chain-validator-rewards (2021)",
        lambda: _pintail(312_500),
        5.26,
        0.006,
        "tests/protocols/test_ethereum_rewards.py",
    ),
    (
        "eth-store",
        ("APR of one day's rewards on a stake", "由一天的獎勵與質押量得出的 APR"),
        "ETH.STORE README, day 497",
        lambda: float(simple_rate(1468.997980817 / 10_923_834, 1 / 365)),
        0.049083890,
        5e-10,
        "tests/measures/test_yields.py",
    ),
    (
        "hashprice",
        (
            "Hashprice, USD per PH/s and day, at a difficulty of 1e14 and 100,000 USD",
            "難度 1e14、幣價 100,000 美元時每 PH/s 一天的收入",
        ),
        "docs.luxor.tech (rounded there)",
        lambda: float(bitcoin.hashprice_per_ph_s_day(1e14, 3.125, 100_000.0)),
        62.81,
        0.06,
        "tests/protocols/test_bitcoin_mining.py",
    ),
    (
        "supply-cap",
        ("Satoshi ever issued", "比特幣總發行量（聰）"),
        "bitcoin/bitcoin, validation_tests.cpp",
        lambda: float(bitcoin.issued(33 * 210_000)),
        2_099_999_997_690_000.0,
        0.0,
        "tests/protocols/test_bitcoin.py",
    ),
    (
        "loops",
        ("Leverage of 10 loops at 93 % loan to value", "借貸成數 93 % 循環 10 次的槓桿"),
        "closed form, as used by lending dashboards",
        lambda: Loop(ltv=0.93, liquidation_threshold=0.95, loops=10).leverage,
        7.8557,
        5e-5,
        "tests/protocols/test_leverage.py",
    ),
    (
        "daily-compounding",
        ("20 % APR compounded daily, APY in %", "APR 20 % 每日複利，APY %"),
        "closed form, as published by several calculators",
        lambda: float(APR(0.20).to_apy(compounding=365).value) * 100.0,
        22.13,
        0.005,
        "tests/test_rates.py",
    ),
    (
        "xirr",
        ("Internal rate of -100 and +104 after 366 days", "先付 100、366 天後收 104 的內部報酬率"),
        "pyxirr documentation, ACT/365F",
        lambda: float(irr(np.array([-100.0, 104.0]), np.array([0.0, 366 / 365]))),
        0.039889,
        5e-7,
        "tests/measures/test_irr.py",
    ),
    (
        "round-trip",
        ("0.5 ETH from 3,000 to 3,500 at 0.1 % a side, USD", "0.5 ETH 由 3,000 到 3,500、兩邊各 0.1 %，美元"),
        "an article for beginners",
        _trade,
        246.75,
        1e-9,
        "tests/products/test_holding.py",
    ),
)
