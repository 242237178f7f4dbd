"""Predictions against what came: counts of the page on the backtest, with exact intervals worked out anew."""

from collections.abc import Callable

from stakingmodels.measures import clopper_pearson
from tests.validation.evidence import Evidence

COUNTS = (
    ("backtest:hold-eth", "hold ETH, 30 days, 2021 to 2025", "持有 ETH，30 天，2021 至 2025", 56, 59),
    ("backtest:hold-btc", "hold BTC, 30 days, 2021 to 2025", "持有 BTC，30 天，2021 至 2025", 55, 59),
    ("backtest:pool", "staking pool, 30 days, 2023 to 2025", "質押池，30 天，2023 至 2025", 27, 29),
    ("backtest:mining", "cloud mining, 30 days, 2022 to 2026", "雲端挖礦，30 天，2022 至 2026", 48, 52),
    ("backtest:hold-eth-year", "hold ETH, 365 days, 2021 to 2024", "持有 ETH，365 天，2021 至 2024", 3, 4),
    ("backtest:mining-year", "cloud mining, 365 days, 2022 to 2025", "雲端挖礦，365 天，2022 至 2025", 4, 4),
)
"""Windows inside the predicted middle 90 %, as ``python -m benchmarks.backtest`` printed them on 2026-12-01."""


def evidence() -> list[Evidence]:
    """One line for each count: misses are those not inside."""
    return [
        Evidence(
            key=key,
            claim=(f"{english}: inside the middle 90 %", f"{chinese}：落在中間 90 % 之內"),
            against="records of prices, hash rate and rewards (page on the backtest)",
            measure=_interval(inside, windows),
            test="tests/analysis/test_backtesting.py",
            date="2026-12-01",
            commit="ca463ad",
        )
        for key, english, chinese, inside, windows in COUNTS
    ]


def _interval(inside: int, windows: int) -> Callable[[], str]:
    def measure() -> str:
        low, high = clopper_pearson(inside, windows)
        return f"{inside} / {windows} ({low:.0%} to {high:.0%})"

    return measure
