"""`assumption_band`: the range of each product's average over draws of all assumptions, those of the world too."""

import os
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, RNGLike
from stakingmodels.analysis.comparison import compare
from stakingmodels.analysis.row import number
from stakingmodels.analysis.set_changes import reference_grid
from stakingmodels.assumptions import NEWEST, AssumptionSet, assumption_set
from stakingmodels.capital import CapitalLike
from stakingmodels.display import Summary
from stakingmodels.engine import simulate
from stakingmodels.market import TimeGrid
from stakingmodels.measures import Distribution
from stakingmodels.products import Product, assumed_terms, reference, with_term
from stakingmodels.scenarios import reference as built_in
from stakingmodels.scenarios.streams import as_entropy
from stakingmodels.series import Sealed
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

_DRAWS_LIMIT = 100_000


@attrs.frozen(kw_only=True, eq=False)
class BandRow(Sealed):
    """Average of one product over draws of the assumptions.

    Attributes
    ----------
    product
        Name of its row.
    averages
        Average a year in its own coin, net, with each draw: shape ``(n_draws,)``; NaN where there is none.
    """

    product: str
    averages: FloatArray

    def quantile(self, q: float) -> float:
        """Quantile of the averages over the draws, as of `measures.Distribution`; NaN without numbers.

        Parameters
        ----------
        q
            Fraction in [0, 1].
        """
        known = self.averages[np.isfinite(self.averages)]
        return Distribution(known).quantile(q) if known.size else float("nan")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AssumptionBand(Shown):
    """Averages of products over draws of the assumptions. Print it, or show it in a notebook.

    Attributes
    ----------
    assumptions
        Set whose numbers were drawn.
    rows
        One for each product.
    n_draws, n_paths, seed
        Number of draws, of paths with each, and the seed.
    """

    assumptions: AssumptionSet
    rows: tuple[BandRow, ...]
    n_draws: int
    n_paths: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """The 5, 50 and 95 % of each product's average, as plain numbers and text, fit for JSON."""
        rows = [
            {"product": row.product, **{f"q{round(100 * q):02}": number(row.quantile(q)) for q in (0.05, 0.5, 0.95)}}
            for row in self.rows
        ]
        about = {"n_draws": self.n_draws, "n_paths": self.n_paths, "seed": self.seed}
        return {"assumptions": self.assumptions.label, "rows": rows, **about}

    def table(self) -> Table:
        """Table of the 5, 50 and 95 % of each product's average."""
        columns = [Note("assumptions.column.product"), "5 %", "50 %", "95 %"]
        cells = [(row.product, *(_percent(row.quantile(q)) for q in (0.05, 0.5, 0.95))) for row in self.rows]
        about = {"n_draws": f"{self.n_draws:,}", "n_paths": f"{self.n_paths:,}", "seed": str(self.seed)}
        return Table(
            Note("assumptions.band", label=self.assumptions.label),
            columns,
            cells,
            [Note("assumptions.band_note", **about)],
        )

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def _percent(value: float) -> str:
    return f"{value:+z.2%}" if np.isfinite(value) else "-"


def assumption_band(
    products: Mapping[str, Product] | None = None,
    *,
    assumptions: str | os.PathLike[str] | AssumptionSet = NEWEST,
    n_draws: int = 100,
    n_paths: int = 500,
    rng: RNGLike = 1,
    capital: CapitalLike = 100_000.0,
    grid: TimeGrid | None = None,
) -> AssumptionBand:
    """Range of each product's average over draws of all assumptions: of products, prices, rewards and fees.

    Each draw is a set (`AssumptionSet.draw`), with which every product is run in the built-in scenario on the same
    seed, first strikes stratified. So the draws differ by their assumptions; the luck of the few paths is in all of
    them alike, and shifts the band as a whole by about the standard error of a run of `n_paths`.

    Parameters
    ----------
    products
        Products by name; of each, the `assumed_terms` are drawn. None (default) for the compared ones.
    assumptions
        The set, or its name or file; by default the newest.
    n_draws
        Number of draws, in [1, 100,000].
    n_paths, rng, capital
        As in `simulate`, for each draw. The draws have the same seed.
    grid
        Times; by default a year from `REFERENCE_START`, and 60 days for exit queues.

    Examples
    --------
    >>> from stakingmodels.analysis import assumption_band
    >>> band = assumption_band(n_draws=5, n_paths=50)
    >>> token = next(row for row in band.rows if row.product == "liquid token")
    >>> token.averages.shape, token.quantile(0.05) < token.quantile(0.95)
    ((5,), True)
    """
    base, draws = assumption_set(assumptions), checks.integer("assumption_band: n_draws", n_draws, 1, _DRAWS_LIMIT)
    paths = checks.integer("assumption_band: n_paths", n_paths, 1, checks.PATHS_LIMIT)
    seed, times = as_entropy("assumption_band: rng", rng), reference_grid() if grid is None else grid
    found: dict[str, list[float]] = {}
    for child in np.random.SeedSequence(seed).spawn(draws):
        drawn = base.draw(child)
        rows = reference(assumptions=drawn) if products is None else _moved(products, base, drawn)
        world = built_in(assumptions=drawn)
        results = simulate(rows, world, times, capital=capital, n_paths=paths, rng=seed, event_sampling="stratified")
        for row in compare(results, assumptions=drawn).rows:
            found.setdefault(row.product, []).append(row.net_coin_return)
    band = tuple(BandRow(product=name, averages=np.array(values)) for name, values in found.items())
    return AssumptionBand(assumptions=base, rows=band, n_draws=draws, n_paths=paths, seed=seed)


def _moved(products: Mapping[str, Product], base: AssumptionSet, drawn: AssumptionSet) -> dict[str, Product]:
    """Products with the drawn numbers in place of the set's."""
    rows = dict(products)
    for name, product in products.items():
        for each in assumed_terms(name, product, base):
            rows[name] = with_term(rows[name], each.term, drawn[each.key].base)
    return rows
