"""`LogOrnsteinUhlenbeck`: the law of fees, tips and the like, which return to a mean and burst far above it."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import BlockFees, Factor, TimeGrid
from stakingmodels.market.filled import Bounds, Buffers, Filled
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.levels import HALF_LIFE, as_volatility
from stakingmodels.scenarios.streams import Streams


def _mean(terms: "LogOrnsteinUhlenbeck") -> float:
    return terms.mean


@attrs.frozen
class LogOrnsteinUhlenbeck:
    """A quantity whose logarithm is a first-order autoregression, so that it is lognormal: heavy-tailed, above 0.

    With ``m = log(mean) - deviation**2 / 2`` and ``a = 0.5 ** (days / half_life_days)``,
    ``log x[k+1] = m + a (log x[k] - m) + deviation sqrt(1 - a**2) z``.

    Parameters
    ----------
    mean
        Its mean in the long run, above 0.
    standard_deviation
        Standard deviation of the logarithm in the long run, in [0, 10].
    half_life_days
        Days in which half of a gap of the logarithm has closed, on average; above 0.
    start
        What it is at the opening, above 0; by default the mean.
    """

    mean: float = attrs.field(validator=checks.POSITIVE)
    standard_deviation: float = attrs.field(validator=checks.field(as_volatility), kw_only=True)
    half_life_days: float = attrs.field(validator=HALF_LIFE, kw_only=True)
    start: float = attrs.field(default=attrs.Factory(_mean, takes_self=True), validator=checks.POSITIVE, kw_only=True)

    def __str__(self) -> str:
        law = f"mean {self.mean:g}, log deviation {self.standard_deviation:g}, half-life {self.half_life_days:g} days"
        return f"start {self.start:g}, {law}"


class LogOrnsteinUhlenbeckPath:
    """Rows of one `LogOrnsteinUhlenbeck` quantity, chunk by chunk: its value at the start of a step holds in it."""

    def __init__(self, terms: LogOrnsteinUhlenbeck, driver: Factor, grid: TimeGrid, noise: Noise, paths: int) -> None:
        self._terms = terms
        self._driver = driver
        self._centre = float(np.log(terms.mean)) - 0.5 * terms.standard_deviation**2
        self._kept = 0.5 ** (grid.step_days / terms.half_life_days)
        self._scale = terms.standard_deviation * np.sqrt(1.0 - self._kept**2)
        self._noise = noise
        self._paths = paths if terms.standard_deviation > 0.0 else 1
        self._gaps: FloatArray = np.empty((0, self._paths))
        self._rows: FloatArray = np.empty((0, self._paths))

    def open(self, width: int) -> None:
        """Begin anew, for chunks of at most `width` steps."""
        self._gaps = np.zeros((width + 1, self._paths))
        self._gaps[0] = np.log(self._terms.start) - self._centre
        self._rows = np.empty((width, self._paths))

    def fill(self, start: int, stop: int) -> FloatArray:
        """The quantity in the steps [start, stop), ``(stop - start, n_paths or 1)``, in a buffer that is used again."""
        n = stop - start
        gaps, rows = self._gaps, self._rows[:n]
        if self._terms.standard_deviation > 0.0:
            self._noise.fill(self._driver, start, stop, gaps[1 : n + 1])
        else:
            gaps[1 : n + 1] = 0.0
        for k in range(n):
            np.multiply(gaps[k + 1], self._scale[start + k], out=gaps[k + 1])
            np.multiply(gaps[k], self._kept[start + k], out=rows[k])
            np.add(gaps[k + 1], rows[k], out=gaps[k + 1])
        np.add(gaps[:n], self._centre, out=rows)
        np.exp(rows, out=rows)
        np.copyto(gaps[0], gaps[n])
        return rows


def _fees(where: str, value: object) -> BlockFees:
    return checks.instance(where, value, BlockFees, 'BlockFees("BTC")')


def _terms(where: str, value: object) -> LogOrnsteinUhlenbeck:
    return checks.instance(
        where, value, LogOrnsteinUhlenbeck, "LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)"
    )


@attrs.frozen(eq=False)
class MeanRevertingFees(Scenario):
    """Transaction fees of a block that return to a mean, with bursts (`LogOrnsteinUhlenbeck`).

    What holds in a step is known at its start: the noise of a step moves the fees of the next one.

    Parameters
    ----------
    fees
        Which fees, such as ``BlockFees("BTC")``.
    terms
        Their law, in coins a block.

    Examples
    --------
    >>> from stakingmodels import BlockFees
    >>> from stakingmodels.scenarios import LogOrnsteinUhlenbeck, MeanRevertingFees
    >>> law = LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)
    >>> MeanRevertingFees(BlockFees("BTC"), law).describe()
    ('BlockFees("BTC") mean-reverting: start 0.02, mean 0.02, log deviation 0.8, half-life 10 days',)
    """

    fees: BlockFees = attrs.field(validator=checks.field(_fees))
    terms: LogOrnsteinUhlenbeck = attrs.field(validator=checks.field(_terms))

    @property
    def factors(self) -> frozenset[Factor]:
        """The fees."""
        return frozenset({self.fees})

    @property
    def drivers(self) -> Drivers:
        """One noise, named by the fees."""
        return Drivers((self.fees,))

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """One source that fills the fees, if they are asked for."""
        del streams
        return BlockInputs(sources=(_Source(self, grid, noise, n_paths),) if factors else ())

    def describe(self) -> tuple[str, ...]:
        """The law of the fees."""
        return (f"{self.fees} mean-reverting: {self.terms}",)


class _Source:
    def __init__(self, world: MeanRevertingFees, grid: TimeGrid, noise: Noise, paths: int) -> None:
        self.factors: frozenset[Factor] = frozenset({world.fees})
        self._fees = world.fees
        self._reversion = LogOrnsteinUhlenbeckPath(world.terms, world.fees, grid, noise, paths)

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray], out: Buffers) -> Iterator[Filled]:
        """Rows of each chunk, in a buffer that is used again."""
        del filled, out
        self._reversion.open(max(stop - start for start, stop in bounds))
        for start, stop in bounds:
            yield {self._fees: self._reversion.fill(start, stop)}
