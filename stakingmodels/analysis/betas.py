"""`price_betas`: how strongly the return of each product moves with the price of its coin."""

from collections.abc import Mapping
from typing import ClassVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.analysis.by_product import ByProduct, by_name
from stakingmodels.ledger import Outcome
from stakingmodels.tables import Table
from stakingmodels.words import Note

PRICE_BETA_COLUMNS = ("product", "n_paths", "beta", "standard_error", "r_squared", "downside_beta")
"""Columns of `PriceBetas.to_frame`, in order; only ever added to at the end."""
_LEAST = 3  # paths of a regression line with an error


@attrs.frozen
class PriceBeta:
    """Regression of a product's return on that of holding its coin.

    Attributes
    ----------
    n_paths
        Paths on which both returns are finite.
    beta
        Slope: 1 moves as the coin does, 1.5 half as much again, 0 not at all. NaN where the coin's return is the same
        on all paths.
    standard_error
        Standard error of `beta`, of White (1980): the spread around the line may differ along it.
    r_squared
        Share of the return's variance that the line explains, in [0, 1].
    downside_beta
        Slope over the paths on which the coin lost; NaN where fewer than three did.
    """

    n_paths: int
    beta: float
    standard_error: float
    r_squared: float
    downside_beta: float


def _frozen(value: object) -> Mapping[str, PriceBeta]:
    return by_name("PriceBetas.betas", value, PriceBeta, "price_betas(results)")


@attrs.frozen(eq=False, repr=False)
class PriceBetas(ByProduct[PriceBeta]):
    """Betas to the coin's price, by product. Print it, or show it in a notebook.

    Parameters
    ----------
    betas
        `PriceBeta` by product name, from `price_betas`.
    """

    _FIELD: ClassVar[str] = "betas"
    _COLUMNS: ClassVar[tuple[str, ...]] = PRICE_BETA_COLUMNS

    betas: Mapping[str, PriceBeta] = attrs.field(converter=_frozen)

    def table(self) -> Table:
        """Table of the betas, which is shown as text, HTML or Markdown."""
        columns = (Note("column.product"), *(Note(f"betas.column.{name}") for name in PRICE_BETA_COLUMNS[2:]))
        rows = [[name, *_cells(beta)] for name, beta in self.items()]
        return Table(Note("betas.title"), columns, rows, [Note("betas.note")])


def _cells(beta: PriceBeta) -> list[str]:
    return [
        "-" if np.isnan(value) else f"{value:.2f}"
        for value in (beta.beta, beta.standard_error, beta.r_squared, beta.downside_beta)
    ]


def price_betas(results: Mapping[str, Outcome]) -> PriceBetas:
    """Beta of each product's return to the return of holding its own coin, over the paths of a run.

    ``beta = cov(product, coin) / var(coin)``, both being simple returns in the money of the market over the whole grid;
    the coin is held until the day on which the product's money is all in hand. A mining contract with costs in money
    has a beta above that of holding for the money put in: its output is leveraged by its costs.

    Parameters
    ----------
    results
        Outcomes by product name: results of `simulate`, or a dictionary. Products without an own coin are left out.

    Raises
    ------
    InputTypeError
        If `results` is something else, or not of outcomes.
    InputError
        Where there are no outcomes of products with an own coin.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import CashRate, Holding, Market, Price, TimeGrid, simulate
    >>> from stakingmodels.analysis import price_betas
    >>> from stakingmodels.scenarios import GBM, GeometricBrownianMotion
    >>> prices = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)})
    >>> results = simulate({"ETH": Holding("ETH")}, prices, TimeGrid.daily("2026-01-01", days=30), capital=1e3,
    ...                    n_paths=500, rng=1)
    >>> round(price_betas(results)["ETH"].beta, 6)
    1.0
    """
    found: dict[str, PriceBeta] = {}
    for name, given in checks.instance("price_betas: results", results, Mapping, "price_betas(simulate(...))").items():
        outcome = checks.instance(f"price_betas: results[{name!r}]", given, Outcome, "pool.run(market, capital=...)")
        if outcome.asset is not None:
            found[name] = _beta(outcome)
    if not found:
        checks.refuse("price_betas: results", "must have kept outcomes", "none", 'simulate(..., keep="summary")')
    return PriceBetas(found)


def _beta(outcome: Outcome) -> PriceBeta:
    coin, product = outcome.asset_growth - 1.0, outcome.returns
    known: BoolArray = np.isfinite(coin) & np.isfinite(product) & outcome.feasible
    coin, product = coin[known], product[known]
    beta, error, r_squared = _line(coin, product)
    fell = coin < 0.0
    return PriceBeta(coin.size, beta, error, r_squared, _line(coin[fell], product[fell])[0])


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    """Slope of a regression line, its standard error, and the share of variance that it explains."""
    if x.size < _LEAST or np.ptp(x) == 0.0:
        return np.nan, np.nan, np.nan
    from_mean, rise = x - x.mean(), y - y.mean()
    spread = float(from_mean @ from_mean)
    slope = float(from_mean @ rise) / spread
    left = rise - slope * from_mean
    # White's error, with the correction for the two numbers fitted
    error = float(np.sqrt((from_mean**2 @ left**2) * x.size / (x.size - 2.0)) / spread)
    total = float(rise @ rise)
    return slope, error, 1.0 - float(left @ left) / total if total > 0.0 else np.nan
