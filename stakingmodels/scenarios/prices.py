"""`Lognormal`: correlated geometric Brownian motion of prices and other levels."""

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.streams import BLOCK, Streams
from stakingmodels.series import FrozenMap, frozen

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


Correlation = Mapping[tuple[Factor, Factor], float]


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
    _root: FloatArray = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_root", frozen(_cholesky(tuple(self.levels), self.correlation)))
        object.__setattr__(self, "correlation", FrozenMap(self.correlation))

    @property
    def gives(self) -> frozenset[Factor]:
        """The keys of `levels`."""
        return frozenset(self.levels)

    def supply(self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, paths: int) -> Supply:
        """One source that fills the levels asked for."""
        if not factors:
            return Supply()
        return Supply(sources=(_Source(self.levels, self._root, grid, factors, streams, paths),))

    def notes(self) -> tuple[str, ...]:
        """Start, volatility and drift of every level, and the correlations."""
        levels = tuple(
            f"{f} lognormal: start {d.start:g}, volatility {d.volatility:.2%}, drift {d.drift:.2%} a year"
            for f, d in self.levels.items()
        )
        return levels + tuple(f"correlation {a}, {b}: {rho:.4f}" for (a, b), rho in self.correlation.items())


def _cholesky(factors: tuple[Factor, ...], correlation: Correlation) -> FloatArray:
    """Lower root of the correlation matrix, by plain loops: BLAS would change bits between machines."""
    n = len(factors)
    matrix = np.eye(n)
    how = '{(Price("ETH"), Price("BTC")): 0.84}'
    checks.instance("Lognormal.correlation", correlation, Mapping, f"a mapping such as {how}")
    for pair, value in correlation.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            checks.refuse_type("Lognormal.correlation", f"must have pairs of factors as keys; write {how}", pair)
        first, second = pair
        where = f"Lognormal.correlation[{first}, {second}]"
        rho = checks.real(where, value)
        if not -1.0 < rho < 1.0:
            checks.refuse(where, "must be in (-1, 1)", value)
        if first not in factors or second not in factors or first == second:
            checks.refuse(where, "must name two different levels of this scenario", (str(first), str(second)))
        i, j = factors.index(first), factors.index(second)
        if (second, first) in correlation:
            checks.refuse(where, "must be given once for a pair, in either order", value)
        matrix[i, j] = matrix[j, i] = rho
    root = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i, j] - sum(root[i, m] * root[j, m] for m in range(j))
            if i == j and rest <= 0.0:
                rule = "must be positive definite; these correlations contradict each other"
                checks.refuse("Lognormal.correlation", rule, str(factors[i]), "bring them closer to 0")
            root[i, j] = np.sqrt(rest) if i == j else rest / root[j, j]
    return root


class _Source:
    """Fills rows of levels: noise for a chunk at once, then a product row by row, all in place."""

    def __init__(
        self,
        levels: Mapping[Factor, Diffusion],
        root: FloatArray,
        grid: TimeGrid,
        asked: frozenset[Factor],
        streams: Streams,
        paths: int,
    ) -> None:
        self.factors = asked
        self._levels = levels
        self._order = tuple(levels)
        self._root = root
        self._years = grid.step_days / DAYS_PER_YEAR
        self._streams = streams
        self._paths = paths

    def _drivers(self) -> list[int]:
        """Positions whose noise is needed: the asked levels that are random, and what they are correlated with."""
        needed: set[int] = set()
        for i, factor in enumerate(self._order):
            if factor in self.factors and self._levels[factor].volatility > 0.0:
                needed |= {j for j in range(i + 1) if self._root[i, j] != 0.0}
        return sorted(needed)

    def rows(self, bounds: Sequence[tuple[int, int]]) -> Iterator[Mapping[Factor, FloatArray]]:
        """Rows of each chunk, in buffers that are used again."""
        width = max(stop - start for start, stop in bounds)
        drivers = self._drivers()
        draws = {i: self._streams(f"noise:{self._order[i]}") for i in drivers}
        noise = {i: np.empty((width, BLOCK)) for i in drivers}
        random = {f: d.volatility > 0.0 for f, d in self._levels.items()}
        last = {f: np.full(self._paths if random[f] else 1, self._levels[f].start) for f in self.factors}
        rows = {f: np.empty((width + 1, level.size)) for f, level in last.items()}
        tmp = np.empty((width, self._paths))
        for start, stop in bounds:
            n = stop - start
            for i in drivers:
                draws[i].standard_normal(out=noise[i][:n])
            for i in reversed(range(len(self._order))):  # from the last on, since each needs the ones before it
                factor = self._order[i]
                if factor in self.factors:
                    mixed = {j: noise[j][:n, : self._paths] for j in drivers if j <= i and self._root[i, j] != 0.0}
                    self._fill(i, start, last[factor], rows[factor][: n + 1], mixed, tmp[:n])
                    np.copyto(last[factor], rows[factor][n])
            yield {factor: rows[factor][: n + 1] for factor in self.factors}

    def _fill(
        self,
        i: int,
        start: int,
        first: FloatArray,
        rows: FloatArray,
        noise: Mapping[int, FloatArray],
        tmp: FloatArray,
    ) -> None:
        diffusion = self._levels[self._order[i]]
        years = self._years[start : start + len(rows) - 1, None]
        rows[0] = first
        moves = rows[1:]
        if diffusion.volatility > 0.0:
            np.multiply(noise[i], self._root[i, i], out=moves)
            for j, other in noise.items():
                if j != i:
                    np.multiply(other, self._root[i, j], out=tmp)
                    np.add(moves, tmp, out=moves)
            np.multiply(moves, diffusion.volatility * np.sqrt(years), out=moves)
            np.add(moves, (diffusion.drift - 0.5 * diffusion.volatility**2) * years, out=moves)
        else:
            moves[:] = diffusion.drift * years
        np.exp(moves, out=moves)
        for k in range(len(moves)):
            np.multiply(rows[k], moves[k], out=rows[k + 1])
