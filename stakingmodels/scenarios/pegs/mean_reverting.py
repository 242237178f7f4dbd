"""`MeanRevertingPeg`: the market ratio of a liquid token, which wanders around its peg."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, MarketRatio, TimeGrid
from stakingmodels.market.filled import Bounds, Buffers, Filled, buffer_for
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.levels import HALF_LIFE, as_ratio
from stakingmodels.scenarios.streams import Streams

_DEVIATION_LIMIT = 10.0


def _ratio(where: str, value: object) -> MarketRatio:
    return checks.instance(where, value, MarketRatio, 'MarketRatio("stETH")')


def _deviation(where: str, value: object) -> float:
    number = checks.non_negative(where, value)
    if number > _DEVIATION_LIMIT:
        rule = f"must be a fraction in [0, {_DEVIATION_LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(number))
    return number


def _mean(terms: "MeanRevertingPeg") -> float:
    return terms.mean


@attrs.frozen(eq=False)
class MeanRevertingPeg(Scenario):
    """A market ratio whose logarithm returns to a mean (Ornstein-Uhlenbeck).

    With ``y = log(ratio / mean)`` and ``a = 0.5 ** (days / half_life_days)``, each step is exactly
    ``y[k+1] = a y[k] + deviation sqrt(1 - a**2) z``. At daily steps this is a first-order autoregression.

    Parameters
    ----------
    ratio
        Which ratio, such as ``MarketRatio("stETH")``.
    mean
        Where it returns to, above 0: the exponential of the mean logarithm, and so the median in the long run.
    standard_deviation
        Standard deviation of the logarithm in the long run, in [0, 10]; 0 makes a smooth return.
    half_life_days
        Days in which half of a gap to the mean has closed, on average; above 0.
    start
        The ratio at the opening, above 0; by default the mean.

    Examples
    --------
    >>> from stakingmodels import MarketRatio
    >>> from stakingmodels.scenarios import MeanRevertingPeg
    >>> MeanRevertingPeg(MarketRatio("stETH"), mean=0.999, standard_deviation=0.002, half_life_days=20.0).describe()
    ('MarketRatio("stETH") mean-reverting: start 0.999, mean 0.999, deviation 0.20%, half-life 20 days',)
    """

    ratio: MarketRatio = attrs.field(validator=checks.field(_ratio))
    mean: float = attrs.field(validator=checks.field(as_ratio), kw_only=True)
    standard_deviation: float = attrs.field(validator=checks.field(_deviation), kw_only=True)
    half_life_days: float = attrs.field(validator=HALF_LIFE, kw_only=True)
    start: float = attrs.field(
        default=attrs.Factory(_mean, takes_self=True), validator=checks.field(as_ratio), kw_only=True
    )

    @property
    def factors(self) -> frozenset[Factor]:
        """The ratio."""
        return frozenset({self.ratio})

    @property
    def drivers(self) -> Drivers:
        """One noise, named by the ratio."""
        return Drivers((self.ratio,))

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """One source that fills the ratio, if it is asked for."""
        del streams
        return BlockInputs(sources=(_Source(self, grid, noise, n_paths),) if factors else ())

    def describe(self) -> tuple[str, ...]:
        """Start, mean, deviation and half-life."""
        law = f"mean {self.mean:g}, deviation {self.standard_deviation:.2%}, half-life {self.half_life_days:g} days"
        return (f"{self.ratio} mean-reverting: start {self.start:g}, {law}",)


class _Source:
    """Fills rows of the ratio: noise for a chunk at once, then the logarithm row by row."""

    def __init__(self, terms: MeanRevertingPeg, grid: TimeGrid, noise: Noise, paths: int) -> None:
        self.factors: frozenset[Factor] = frozenset({terms.ratio})
        self._terms = terms
        self._kept = 0.5 ** (grid.step_days / terms.half_life_days)
        self._scale = terms.standard_deviation * np.sqrt(1.0 - self._kept**2)
        self._noise = noise
        self._paths = paths if terms.standard_deviation > 0.0 else 1

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray], out: Buffers) -> Iterator[Filled]:
        """Rows of each chunk, in buffers that are used again."""
        del filled
        terms = self._terms
        ratios = buffer_for(terms.ratio, bounds, self._paths, out)
        ratios[0] = terms.start
        gap, kept = np.full(self._paths, np.log(terms.start / terms.mean)), np.empty(self._paths)
        for start, stop in bounds:
            rows = ratios[1 : stop - start + 1]
            if terms.standard_deviation > 0.0:
                self._noise.fill(terms.ratio, start, stop, rows, self._scale[start:stop, None])
            else:
                rows.fill(0.0)
            before = gap
            for row, share in zip(rows, self._kept[start:stop], strict=True):
                np.add(row, np.multiply(before, share, out=kept), out=row)
                before = row
            np.copyto(gap, rows[-1])
            np.exp(rows, out=rows)
            np.multiply(rows, terms.mean, out=rows)
            yield {terms.ratio: ratios if ratios is out.get(terms.ratio) else ratios[: len(rows) + 1]}
            np.copyto(ratios[0], rows[-1])
