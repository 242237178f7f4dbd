"""`MeanRevertingPeg`: the market ratio of a liquid token, which fluctuates around its peg."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels.market import Factor, MarketRatio
from stakingmodels.scenarios.drivers import Drivers
from stakingmodels.scenarios.levels import LIMIT, as_half_life, as_market_ratio, as_ratio
from stakingmodels.scenarios.processes.reverting import ReversionSteps
from stakingmodels.scenarios.rows import Block, FillChunk, Rows, RowScenario
from stakingmodels.words import Note

_DEVIATION_LIMIT = 10.0


def _deviation(where: str, value: object) -> float:
    number = checks.non_negative(where, value)
    if number > _DEVIATION_LIMIT:
        rule = f"must be a fraction in [0, {_DEVIATION_LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(number))
    return number


def _mean(terms: "MeanRevertingPeg") -> float:
    return terms.mean


@terms.sheet(eq=False)
class MeanRevertingPeg(RowScenario):
    """Market ratio whose logarithm reverts to a mean (Ornstein-Uhlenbeck).

    With ``y = log(ratio / mean)``, s the standard deviation and ``a = 0.5 ** (days / half_life_days)``, each step is
    exactly ``y[k+1] = a y[k] + s sqrt(1 - a**2) z``. At daily steps this is a first-order autoregression.

    Parameters
    ----------
    ratio
        Factor of the ratio, such as ``MarketRatio("stETH")``.
    mean
        Ratio to which it reverts, above 0: the exponential of the mean logarithm, and so the long-run median.
    standard_deviation
        Long-run standard deviation of the logarithm, in [0, 10]; 0 gives a smooth return.
    half_life_days
        Half-life of a gap to the mean, in days; above 0.
    initial_level
        The ratio at the opening, above 0; by default the mean.

    Examples
    --------
    >>> from stakingmodels import MarketRatio
    >>> from stakingmodels.scenarios import MeanRevertingPeg
    >>> MeanRevertingPeg(MarketRatio("stETH"), mean=0.999, standard_deviation=0.002, half_life_days=20.0).describe()
    ('MarketRatio("stETH") mean-reverting: start 0.999, mean 0.999, deviation 0.20%, half-life 20 days',)
    """

    ratio: MarketRatio = terms.field("factor", as_market_ratio, kw_only=False)
    mean: float = terms.number(check=as_ratio, low=checks.SMALLEST, high=LIMIT)
    standard_deviation: float = terms.number(check=_deviation, low=0.0, high=_DEVIATION_LIMIT)
    half_life_days: float = terms.days(check=as_half_life)
    initial_level: float = terms.number(
        default=attrs.Factory(_mean, takes_self=True), check=as_ratio, low=checks.SMALLEST, high=LIMIT
    )

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: the ratio."""
        return frozenset({self.ratio})

    @property
    def drivers(self) -> Drivers:
        """Noise of this scenario, one, named by the ratio."""
        return Drivers((self.ratio,))

    @property
    def _openings(self) -> Mapping[Factor, float]:
        return {self.ratio: self.initial_level}

    def _widths(self, block: Block) -> Mapping[Factor, int]:
        return {self.ratio: block.n_paths if self.standard_deviation > 0.0 else 1}

    def _begin(self, block: Block, longest: int) -> FillChunk:
        """Function that fills a chunk: its noise at once, then the logarithm row by row, in place."""
        del longest
        steps = ReversionSteps.settling(self.standard_deviation, self.half_life_days, block.grid)
        width = self._widths(block)[self.ratio]
        gap, tmp = np.full(width, np.log(self.initial_level / self.mean)), np.empty(width)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            del stop, filled
            ratios = rows[self.ratio][1:]
            steps.fill_noise(block.noise, self.ratio, start, ratios)
            steps.pull(start, gap, ratios, tmp)
            np.copyto(gap, ratios[-1])
            np.exp(ratios, out=ratios)
            np.multiply(ratios, self.mean, out=ratios)

        return fill

    def describe(self) -> tuple[str, ...]:
        """Notes on start, mean, deviation and half-life."""
        law = {"mean": self.mean, "deviation": self.standard_deviation, "half_life": self.half_life_days}
        return (Note("note.ratio_reversion", factor=self.ratio, start=self.initial_level, **law),)
