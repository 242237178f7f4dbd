"""Named checks on markets of few days, beside the default ones, which are slow for a product of a product."""

from collections.abc import Iterable

import pytest

from stakingmodels import Product, TimeGrid
from stakingmodels.testing import check_product, default_markets
from stakingmodels.testing.markets import _rough

FEW_DAYS = TimeGrid.daily("2026-01-01", days=12, settlement_days=6)


def check_on_few_days(product: Product, *, capital: float = 100_000.0, only: Iterable[str] | None = None) -> None:
    """What `check_product` does, on 18 rough days in place of 45, and on the uneven steps."""
    names = None if only is None else [*only]
    for market in (_rough(product, FEW_DAYS), default_markets(product)["uneven"]):
        check_product(product, market, capital=capital, only=names)


conform = pytest.mark.parametrize(
    "check",
    [check_on_few_days, pytest.param(check_product, marks=pytest.mark.slow)],
    ids=["few days", "default markets"],
)
"""A test of these checks: on few days, and with ``-m slow`` on the default markets."""
