"""`Lognormal`: correlated geometric Brownian motion of prices and other levels."""

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.drivers import Correlation, Drivers, Noise
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap

_VOLATILITY_LIMIT = 10.0
_DRIFT_LIMIT = 10.0


def _volatility(where: str, value: object) -> float:
    number = checks.non_negative(where, value)
    if number > _VOLATILITY_LIMIT:
        rule = f"must be a fraction a year in [0, {_VOLATILITY_LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(number))
    return number


def _drift(where: str, value: object) -> float:
    number = checks.real(where, value)
    if abs(number) > _DRIFT_LIMIT:
        rule = f"must be a fraction a year in [-{_DRIFT_LIMIT:g}, {_DRIFT_LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(abs(number)))
    return number


@attrs.frozen
class Diffusion:
    """One level that moves at random: ``log(x[k+1] / x[k]) = (drift - volatility**2 / 2) dt + volatility sqrt(dt) z``.

    Parameters
    ----------
    start
        Level at the opening, above 0.
    volatility
        Standard deviation of the log return a year of 365 days, in [0, 10]; 0 makes a smooth trend.
    drift
        Growth of the mean, a year and continuous: the mean after t years is ``start * exp(drift * t)``. Default 0.
    """

    start: float = attrs.field(validator=checks.POSITIVE)
    volatility: float = attrs.field(validator=checks.field(_volatility))
    drift: float = attrs.field(default=0.0, validator=checks.field(_drift))


def _levels(value: object) -> Mapping[Factor, Diffusion]:
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(
            "Lognormal.levels", 'must be a mapping such as {Price("ETH"): Diffusion(3000.0, 0.7)}', value
        )
    for factor, diffusion in value.items():
        checks.instance("Lognormal.levels", factor, Factor, 'a factor such as Price("ETH") as key')
        checks.instance(f"Lognormal: {factor}", diffusion, Diffusion, "Diffusion(start=3000.0, volatility=0.70)")
        if factor.kind != "level":
            checks.refuse(f"Lognormal: {factor}", "must be a level such as a price", factor.kind, "use Constants")
    return FrozenMap(value)


@attrs.frozen(eq=False)
class Lognormal(Scenario):
    """Correlated geometric Brownian motion.

    Parameters
    ----------
    levels
        Factor -> `Diffusion`, in the order in which the correlation is built up.
    correlation
        Pairs of factors -> correlation of their log returns, in (-1, 1); pairs that are not named have 0.

    Raises
    ------
    InputError
        Where the correlations are not those of any random variables (not positive definite).
    """

    levels: Mapping[Factor, Diffusion] = attrs.field(converter=_levels)
    correlation: Correlation = attrs.field(factory=dict)
    _drivers: Drivers = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        drivers = Drivers(tuple(self.levels), self.correlation, where="Lognormal")
        object.__setattr__(self, "_drivers", drivers)
        object.__setattr__(self, "correlation", drivers.correlation)

    @property
    def drivers(self) -> Drivers:
        """A noise for each level, in the order of `levels`."""
        return self._drivers

    @property
    def gives(self) -> frozenset[Factor]:
        """The keys of `levels`."""
        return frozenset(self.levels)

    def supply(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, paths: int
    ) -> Supply:
        """One source that fills the levels asked for."""
        del streams
        return Supply(sources=(_Source(self.levels, grid, factors, noise, paths),) if factors else ())

    def notes(self) -> tuple[str, ...]:
        """Start, volatility and drift of every level, and the correlations."""
        levels = tuple(
            f"{f} lognormal: start {d.start:g}, volatility {d.volatility:.2%}, drift {d.drift:.2%} a year"
            for f, d in self.levels.items()
        )
        return levels + tuple(f"correlation {a}, {b}: {rho:.4f}" for (a, b), rho in self.correlation.items())


class _Source:
    """Fills rows of levels: noise for a chunk at once, then a product row by row, all in place."""

    def __init__(
        self, levels: Mapping[Factor, Diffusion], grid: TimeGrid, asked: frozenset[Factor], noise: Noise, paths: int
    ) -> None:
        self.factors = asked
        self._levels = {factor: diffusion for factor, diffusion in levels.items() if factor in asked}
        self._years = grid.step_days / DAYS_PER_YEAR
        self._noise = noise
        self._paths = paths

    def rows(
        self, bounds: Sequence[tuple[int, int]], world: Mapping[Factor, FloatArray]
    ) -> Iterator[Mapping[Factor, FloatArray]]:
        """Rows of each chunk, in buffers that are used again."""
        del world
        width = max(stop - start for start, stop in bounds)
        rows = {
            factor: np.full((width + 1, self._paths if diffusion.volatility > 0.0 else 1), diffusion.start)
            for factor, diffusion in self._levels.items()
        }
        for start, stop in bounds:
            for factor, diffusion in self._levels.items():
                self._fill(factor, diffusion, start, rows[factor][: stop - start + 1])
            yield {factor: table[: stop - start + 1] for factor, table in rows.items()}
            for table in rows.values():
                np.copyto(table[0], table[stop - start])

    def _fill(self, factor: Factor, diffusion: Diffusion, start: int, rows: FloatArray) -> None:
        """Fill the rows after the first, which holds the level already."""
        moves = rows[1:]
        years = self._years[start : start + len(moves), None]
        if diffusion.volatility > 0.0:
            self._noise.fill(factor, start, start + len(moves), moves)
            np.multiply(moves, diffusion.volatility * np.sqrt(years), out=moves)
            np.add(moves, (diffusion.drift - 0.5 * diffusion.volatility**2) * years, out=moves)
        else:
            moves[:] = diffusion.drift * years
        np.exp(moves, out=moves)
        for k in range(len(moves)):
            np.multiply(rows[k], moves[k], out=rows[k + 1])
