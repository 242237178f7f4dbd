"""`Results`: the outcomes of a run by name, and the inputs needed to repeat it."""

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._version import VERSION
from stakingmodels.capital import Capital, CapitalLike, Units
from stakingmodels.display import LINES, Summary, brief, displays, spread
from stakingmodels.engine.keep import Kept
from stakingmodels.engine.protocols import RunnableProduct
from stakingmodels.errors import InputTypeError, UnknownNameError
from stakingmodels.frames import data_frame
from stakingmodels.ledger import Line, Outcome
from stakingmodels.ledger.tabulated import column, results_dataset
from stakingmodels.market import TimeGrid
from stakingmodels.numerics import entrances
from stakingmodels.scenarios import Scenario
from stakingmodels.scenarios.quasi import Sampling, quasi_text
from stakingmodels.scenarios.streams import EventDraws, NoiseKind

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

OnMissing = Literal["raise", "skip"]
"""Treatment of a product that reads factors which the scenario lacks."""


@attrs.frozen(eq=False, kw_only=True)
class Results(Mapping[str, Outcome]):
    """Outcomes of a run by name, and the inputs needed to repeat it.

    Attributes
    ----------
    outcomes
        `Outcome` by name, in the order given.
    scenario, grid, capital
        As given.
    n_paths, n_paths_requested
        Number of paths run, and number requested. Fewer were run, in whole parts, where Ctrl-C ended the run.
    entropy
        The seed: ``rng=results.entropy`` repeats the run.
    overlap
        Number of neighbours of a path that share data with it; 0 for independent paths.
    hazards
        Hazard a year by event name, for events whose hazard comes from the products because the scenario sets none.
    skipped
        Reason by name for each product that could not be run in this scenario.
    reduced
        Results of the reducers by name.
    event_sampling, precision
        Sampling of first occurrences of events, ``"independent"`` or ``"stratified"``; and precision of normals.
    sampling
        Sampling of the paths, ``"independent"`` or a `QuasiRandom` with the number of its replicates.
    failures
        Names of the events that may hit each product, by product; empty where no failure is modelled.
    remarks
        Warnings of the run about its scenario, a sentence each: events that hit no product, numbers of another time
        than the grid's.
    products
        Terms of the products run, by name.
    keep
        The argument `keep` of `simulate`.
    version
        Version of the library that ran it.
    """

    outcomes: Mapping[str, Outcome]
    scenario: Scenario
    grid: TimeGrid
    capital: CapitalLike
    n_paths: int
    n_paths_requested: int
    entropy: int
    overlap: int
    hazards: Mapping[str, float]
    skipped: Mapping[str, str]
    reduced: Mapping[str, Any]
    event_sampling: EventDraws = "independent"
    precision: NoiseKind = "float64"
    sampling: Sampling = "independent"
    failures: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    remarks: tuple[str, ...] = ()
    products: Mapping[str, RunnableProduct] = attrs.field(factory=dict)
    keep: Kept = "totals"
    version: str = VERSION

    @property
    def partial(self) -> bool:
        """Whether the run was interrupted, so that there are fewer paths than requested."""
        return self.n_paths < self.n_paths_requested

    def __getitem__(self, name: str) -> Outcome:
        if not self.outcomes:
            how = 'keep="none" keeps none; write keep="summary", or read results.reduced'
            raise UnknownNameError(checks.message("Results", "must have kept outcomes", name, how))
        return self.outcomes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __array__(self, *_: object, **__: object) -> Any:
        raise InputTypeError("Results: is no array and no table (write results.to_frame())")

    def to_frame(self, what: str | Line = "returns") -> "pd.DataFrame":
        """A pandas data frame of one result: one row a path, and a column a product.

        Parameters
        ----------
        what
            A result with one value a path, such as ``"closing"``; or a line or its label, such as ``"commission"``.

        Raises
        ------
        InputError, InputTypeError
            For a name that is neither, and a run that kept no outcomes.
        MissingExtraError
            Where pandas is not installed.
        """
        where = "Results.to_frame"
        return data_frame(where, column(f"{where}: what", self._all(where), what), index="path")

    def to_xarray(self) -> "xr.Dataset":
        """An xarray dataset: ``lines`` over product, line and path, other results over product and path.

        ``values`` is over product, time and path where the run kept it. The inputs needed to repeat the run are in the
        attributes.

        Raises
        ------
        InputError
            For a run that kept no outcomes.
        MissingExtraError
            Where xarray is not installed.
        """
        told = {"capital": self.mean_capital, "numeraire": self.scenario.numeraire, "seed": str(self.entropy)}
        told |= {"stakingmodels": self.version, "exit": str(self.grid.times[self.grid.exit])}
        return results_dataset(self._all("Results.to_xarray"), told)

    def _all(self, where: str) -> Mapping[str, Outcome]:
        if not self.outcomes:
            checks.refuse(where, "must have kept outcomes", self.keep, 'keep="totals"')
        return self.outcomes

    @property
    def mean_capital(self) -> float:
        """Capital in money, mean over the paths."""
        if isinstance(self.capital, Units):
            kept = next(iter(self._all("Results.mean_capital").values()))
            return float(np.mean(kept.capital))
        return float(np.mean(self.capital))

    @property
    def capital_text(self) -> str:
        """Capital as text: money, the range over the paths, or coins."""
        text = str(Capital.of("Results.capital", self.capital))
        return text if isinstance(self.capital, Units) else f"{text} {self.scenario.numeraire}"

    def _shown(self) -> Summary:
        return _summary(self)


def _summary(results: Results) -> Summary:
    """Title with the inputs of a run, and a table of its results."""
    grid, paths = results.grid, "1 path" if results.n_paths == 1 else f"{results.n_paths:,} paths"
    tail = float(grid.elapsed_days[-1] - grid.elapsed_days[grid.exit])
    days = f"{float(grid.elapsed_days[grid.exit]):g} days" + (f" and {tail:g} for queues" if tail else "")
    of = (f"{paths} of {results.n_paths_requested:,}" if results.partial else paths) + (
        ", overlapping windows of one record" if results.overlap else quasi_text(results.sampling)
    )
    title = (
        f"Results: {results.capital_text} each on {of}, {days} from {grid.times[0].astype('datetime64[D]')}\n"
        f"seed {brief(results.entropy)}, keep {results.keep!r}, stakingmodels {results.version}"
    )
    notes = [
        f"scenario: {brief(results.scenario)}",
        *([f"reduced: {', '.join(results.reduced)}"] if results.reduced else []),
        *filter(None, (_not_opened(results, name) for name in results.outcomes)),
        *(f"{name} left out: {why}" for name, why in results.skipped.items()),
    ]
    return Summary(
        title,
        ("product", "terms", "mean return", "5%", "95%"),
        [_row(results, name) for name in itertools.islice(results.products, LINES)],
        notes,
        left=2,
        n_rows=len(results.products),
    )


def _not_opened(results: Results, name: str) -> str:
    """Warning for a product that the capital does not open on every path: there its returns are those of idle money."""
    share = 1.0 - float(results.outcomes[name].feasible.mean())
    where = "any path" if share == 1.0 else f"{share:.2%} of the paths"
    return f"{name}: the capital does not open it on {where}; there it is held idle" if share > 0.0 else ""


def _row(results: Results, name: str) -> tuple[str, ...]:
    kind = type(results.products[name]).__name__
    if (outcome := results.outcomes.get(name)) is None:
        return name, kind, "-", "-", "-"
    if not outcome.feasible.any():
        return name, kind, "not opened", "-", "-"
    return (name, kind, *spread(outcome.returns, "+.2%"))


displays(__name__)
entrances(__name__)  # here, since the room loads this when it is first used
