"""`Backtest`: predicted bands, recorded returns, and the share of returns within the bands."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.frames import frame_of_rows
from stakingmodels.measures import clopper_pearson
from stakingmodels.series import frozen
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd

_FIFTHS = 5
_SHOWN = ("n_windows", "n_inside", "n_below", "n_above", "share", "interval", "ranks")


@attrs.frozen(kw_only=True)
class BacktestRow:
    """One product in one window.

    Attributes
    ----------
    product
        Its name.
    start, end
        Dates of the close at which money went in and of the last close of the window, ISO 8601.
    realized
        Return in money on the recorded window: profit over capital and contributions.
    low, median, high
        Return predicted at the start: the quantiles at the ends of the band, and the median.
    pit
        Probability integral transform: share of the predicted returns below the realised one, with equal ones counted
        half. If predictions are right it is uniform on [0, 1].
    inside
        Whether the realised return lies within [low, high].
    """

    product: str
    start: str
    end: str
    realized: float
    low: float
    median: float
    high: float
    pit: float
    inside: bool


@attrs.frozen(kw_only=True)
class Coverage:
    """Share of the realised returns of one product that fell within its predicted bands.

    Attributes
    ----------
    product
        Its name.
    n_windows
        Number of windows tested.
    n_inside, n_below, n_above
        Number of windows with the realised return within the band, below it and above it.
    share
        ``inside / windows``.
    ci_low, ci_high
        Clopper-Pearson interval of the probability estimated by `share`, as if windows were independent.
    expected
        Expected value of `share` if predictions are right.
    """

    product: str
    n_windows: int
    n_inside: int
    n_below: int
    n_above: int
    share: float
    ci_low: float
    ci_high: float
    expected: float


_COLUMNS = tuple(field.name for field in attrs.fields(BacktestRow))


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Backtest(ByValue, Shown):
    """Result of `backtest`: one row for each product and window. Print it.

    For each window in turn, the record was cut at the close of its first day. From the days before, the argument
    ``model`` made a scenario that opens at the levels of that close. The products were simulated in it; rates and fees
    that it lacks stayed at their mean over the last 14 days. Then the products were run on the recorded days of the
    window. Windows follow one another without sharing a day.

    Attributes
    ----------
    rows
        In the order of windows, then of products.
    skipped
        Windows in which a product could not be tested, and why, by product name.
    days, settlement_days
        Days held in a window, and days for queues after them.
    lookback_days
        Days before each start on which parameters were measured; None for all recorded days.
    band
        The two quantiles, fractions.
    n_paths
        Paths drawn in a window; a recorded scenario has as many as it has windows.
    entropy
        The seed: ``rng=found.entropy`` repeats it.

    Notes
    -----
    A model is any function of a `History` of levels that ends with the start:

    - `fitted`, the default: ``fit(past).scenario()``;
    - ``lambda past: fit(past).scenario(jumps=True)``;
    - ``lambda past: [fit(past).sample_parameters(rng).scenario() for _ in range(50)]``: the uncertainty of the
      parameters as well, as the scenarios of a list share the paths;
    - ``lambda past: StationaryBootstrap(past, mean_block_days=20.0)``: recorded days drawn again;
    - ``lambda past: past``: the recorded windows, which overlap.

    Predictions include events at their hazards. The recorded windows have none, since the record does not contain them.
    Random outcomes of a product, such as a validator's duties, are drawn in the recorded windows too.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Holding, Price
    >>> from stakingmodels.analysis import backtest
    >>> from stakingmodels.scenarios import History, daily_series
    >>> days = np.arange("2022-01-01", "2025-01-01", dtype="datetime64[D]")
    >>> closes = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, days.size)))
    >>> history = History({Price("ETH"): daily_series(days, closes, name="made up")})
    >>> found = backtest({"hold": Holding("ETH")}, history, days=30, first="2023-01-01", capital=1.0, rng=1)
    >>> [(c.n_windows, c.n_inside, c.n_below, c.n_above) for c in found.coverage()]
    [(24, 19, 4, 1)]
    """

    rows: tuple[BacktestRow, ...]
    skipped: Mapping[str, str]
    days: int
    settlement_days: int
    lookback_days: int | None
    band: tuple[float, float]
    n_paths: int
    entropy: int

    @property
    def products(self) -> tuple[str, ...]:
        """Names of the products that have rows, in the order of their first row."""
        return tuple(dict.fromkeys(row.product for row in self.rows))

    def pits(self, product: str) -> FloatArray:
        """Probability integral transform of a product's realised return in each window, ``(n_windows,)``, in [0, 1]."""
        checks.choice("Backtest.pits: product", product, self.products)
        return frozen(np.array([row.pit for row in self.rows if row.product == product]))

    def histogram(self, bins: int = 10) -> dict[str, tuple[int, ...]]:
        """Histogram of the probability integral transforms of each product, by name, over equal parts of [0, 1].

        It is flat if predictions are right. It is high in the middle if bands are too wide, at the ends if they are too
        narrow, and on one side if the centre is off.
        """
        n = checks.integer("Backtest.histogram: bins", bins, 2, 1000)
        found: dict[str, tuple[int, ...]] = {}
        for product in self.products:
            place = np.minimum((self.pits(product) * n).astype(np.int64), n - 1)
            found[product] = tuple(int(count) for count in np.bincount(place, minlength=n))
        return found

    def coverage(self, *, confidence_level: float = 0.95) -> tuple[Coverage, ...]:
        """Coverage of the bands: share of realised returns within them, by product.

        Parameters
        ----------
        confidence_level
            Confidence of the binomial intervals, a fraction in (0, 1).

        Notes
        -----
        Windows share no days, but calm and turbulent years span many windows, so intervals are too short rather than
        too long. Products of one coin, or of correlated coins, succeed and fail in the same windows: do not add up
        their counts.
        """
        return tuple(self._coverage(product, confidence_level) for product in self.products)

    def _coverage(self, product: str, confidence_level: float) -> Coverage:
        rows = [row for row in self.rows if row.product == product]
        outside = [row for row in rows if not row.inside]
        below = sum(row.realized < row.low for row in outside)
        inside = len(rows) - len(outside)
        least, most = clopper_pearson(inside, len(rows), confidence_level=confidence_level)
        return Coverage(
            product=product,
            n_windows=len(rows),
            n_inside=inside,
            n_below=below,
            n_above=len(outside) - below,
            share=inside / len(rows),
            ci_low=least,
            ci_high=most,
            expected=self.band[1] - self.band[0],
        )

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame of the rows, by product.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return frame_of_rows("Backtest.to_frame", [attrs.asdict(row) for row in self.rows], _COLUMNS)

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text, fit for JSON."""
        return {
            "days": self.days,
            "tail": self.settlement_days,
            "lookback_days": self.lookback_days,
            "band": list(self.band),
            "paths": self.n_paths,
            "seed": self.entropy,
            "coverage": [attrs.asdict(found) for found in self.coverage()],
            "rows": [attrs.asdict(row) for row in self.rows],
            "skipped": dict(self.skipped),
        }

    def table(self) -> Table:
        """Coverage of the bands as a table, which is shown as text, HTML or Markdown."""
        low, high = self.band
        tail = Note("backtest.title.tail", days=self.settlement_days) if self.settlement_days else ""
        first, last = self.rows[0].start, self.rows[-1].start
        title = Note(
            "backtest.title", days=self.days, tail=tail, first=first, last=last, low=low, high=high, share=high - low
        )
        run: dict[str, Any] = {"paths": self.n_paths, "seed": self.entropy}
        measured = (
            Note("backtest.measured_on_all", **run)
            if self.lookback_days is None
            else Note("backtest.measured", days=self.lookback_days, **run)
        )
        columns = (Note("column.product"), *(Note(f"backtest.column.{name}") for name in _SHOWN))
        fifths = self.histogram(_FIFTHS)
        cells = [_cells(found, fifths[found.product]) for found in self.coverage()]
        both = Note("backtest.titles", title=title, measured=measured)
        return Table(both, columns, [*cells, *self.skipped.items()])

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def _cells(found: Coverage, fifths: tuple[int, ...]) -> tuple[str, ...]:
    return (
        found.product,
        str(found.n_windows),
        str(found.n_inside),
        str(found.n_below),
        str(found.n_above),
        f"{found.share:.1%}",
        Note("backtest.interval", low=found.ci_low, high=found.ci_high),
        " ".join(f"{count:2d}" for count in fifths),
    )
