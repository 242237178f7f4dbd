"""`RegimeSwitching`: prices and other levels whose volatility and drift change with a common regime."""

import itertools
from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.equality import ByValue
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.market.factors import HAZARD_LIMIT
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.drivers import Correlation
from stakingmodels.scenarios.levels import as_drift, as_volatility, copied, growth_in_words, level_map, steady_growth
from stakingmodels.scenarios.processes.level_scenario import LevelScenario, LogReturns
from stakingmodels.scenarios.rows import Block
from stakingmodels.scenarios.sparse import Points
from stakingmodels.scenarios.streams import Streams, opening_uniforms
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.words import Note

_HOW = 'RegimeGBM(3000.0, volatility={"calm": 0.5, "storm": 1.3})'


def _volatilities(where: str, value: object) -> Mapping[str, float]:
    if not isinstance(value, Mapping) or len(value) < 2:
        checks.refuse_type(where, 'must map two or more regimes; write {"calm": 0.5, "storm": 1.3}', value)
    return FrozenMap({checks.text(where, name): as_volatility(f"{where}[{name!r}]", v) for name, v in value.items()})


def _drifts(where: str, value: object) -> Mapping[str, float] | float:
    if not isinstance(value, Mapping):
        return as_drift(where, value)
    return FrozenMap({checks.text(where, name): as_drift(f"{where}[{name!r}]", v) for name, v in value.items()})


@terms.sheet(eq=False)
class RegimeGBM(ByValue, Replaceable):
    """Terms of one level that diffuses with the volatility and drift of the current regime.

    In a step that opens in regime i: ``log(x[k+1] / x[k]) = (drift[i] - volatility[i]**2 / 2) dt + volatility[i]
    sqrt(dt) z``.

    Parameters
    ----------
    initial_level
        Level at the opening, above 0.
    volatility
        Standard deviation of the log return a year by regime, in [0, 10].
    drift
        Continuous growth of the mean a year by regime, or one number for all. Default 0. With one number the mean after
        t years is ``start * exp(drift * t)``.
    """

    initial_level: float = terms.positive(kw_only=False)
    volatility: Mapping[str, float] = terms.field("other", _volatilities)
    drift: Mapping[str, float] | float = terms.field("other", _drifts, default=0.0)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.drift, Mapping) and set(self.drift) != set(self.volatility):
            rule = f"must name the regimes of the volatility: {', '.join(self.volatility)}"
            checks.refuse("RegimeGBM.drift", rule, ", ".join(self.drift))

    def growth(self, regime: str) -> float:
        """The drift of a regime."""
        return self.drift[regime] if isinstance(self.drift, Mapping) else self.drift


def _levels(value: object) -> Mapping[Factor, RegimeGBM]:
    levels = level_map("RegimeSwitching", value, RegimeGBM, _HOW)
    first, *others = levels
    for factor in others:
        if set(levels[factor].volatility) != set(levels[first].volatility):
            rule = f"must have the regimes of {first}: {', '.join(levels[first].volatility)}"
            checks.refuse(f"RegimeSwitching: {factor}", rule, ", ".join(levels[factor].volatility))
    return levels


@attrs.frozen(eq=False)
class RegimeSwitching(LevelScenario):
    """Correlated diffusions under a Markov chain of regimes, common to all levels, with its own history on each path.

    Parameters
    ----------
    levels
        `RegimeGBM` terms by factor, in the order in which the correlation is built up; all with the same regimes.
    transition_rates
        Switches a year of 365 days from the first regime of a pair to the second, in [0, 1000]; pairs not named have 0.
        A regime that leaves for one other 6 times a year lasts 365 / 6 days on average.
    correlation
        Pairs of factors -> correlation of their noises, in (-1, 1); pairs not named have 0.
    initial_regime
        Regime at the opening; by default drawn for each path from the stationary distribution.
    name
        Name of the chain. Two parts of one scenario whose chains have one name and the same transition rates switch
        together.

    Raises
    ------
    InputError
        Where the correlations contradict each other, a regime is unknown, or the stationary distribution is not defined
        because some regime cannot be reached from another: then give `initial_regime`.

    Notes
    -----
    A switch within a step takes effect in the next. At the grid's times the chain is exact for steps of any length.

    Examples
    --------
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import RegimeSwitching, RegimeGBM
    >>> scenario = RegimeSwitching(
    ...     {Price("ETH"): RegimeGBM(3000.0, volatility={"calm": 0.5, "storm": 1.3})},
    ...     transition_rates={("calm", "storm"): 4.0, ("storm", "calm"): 12.0},
    ... )
    >>> scenario.stationary_distribution()
    {'calm': 0.75, 'storm': 0.25}
    """

    levels: Mapping[Factor, RegimeGBM] = attrs.field(converter=_levels)
    transition_rates: Mapping[tuple[str, str], float] = attrs.field(kw_only=True)
    correlation: Correlation = attrs.field(factory=dict, converter=copied, kw_only=True)
    initial_regime: str | None = attrs.field(default=None, kw_only=True)
    name: str = attrs.field(default="regime", kw_only=True, **terms.rules("text", checks.text))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        object.__setattr__(self, "transition_rates", _switches(self.transition_rates, self.regimes))
        if self.initial_regime is None:
            self.stationary_distribution()
        else:
            checks.choice("RegimeSwitching.initial_regime", self.initial_regime, self.regimes)

    @property
    def regimes(self) -> tuple[str, ...]:
        """Names of the regimes, in the order of the first level's volatilities."""
        return tuple(next(iter(self.levels.values())).volatility)

    def stationary_distribution(self) -> dict[str, float]:
        """Stationary distribution: long-run share of time in each regime.

        Raises
        ------
        InputError
            Where some regime cannot be reached from another.
        """
        rates = self.rate_matrix()
        stuck = np.argwhere(~_reach(rates))
        if stuck.size:
            old, new = (self.regimes[i] for i in stuck[0])
            rule = "must lead from every regime to every other, so that the long run is defined"
            how = f"initial_regime={old!r} for a chain without a long run"
            checks.refuse("RegimeSwitching.transition_rates", rule, f"no way from {old} to {new}", how)
        return dict(zip(self.regimes, map(float, _stationary(rates)), strict=True))

    def rate_matrix(self) -> FloatArray:
        """Transition rates a year from the row's regime to the column's, ``(n_regimes, n_regimes)``; diagonal 0."""
        rates = np.zeros((len(self.regimes), len(self.regimes)))
        for (old, new), rate in self.transition_rates.items():
            rates[self.regimes.index(old), self.regimes.index(new)] = rate
        return frozen(rates)

    def _is_random(self, factor: Factor) -> bool:
        """Always."""
        del factor
        return True

    def _log_returns(self, factors: tuple[Factor, ...], years: FloatArray, block: Block) -> LogReturns:
        """Function that fills a chunk: noise at once, scaled row by row by the regimes of the paths."""
        chain = _Chain(self, block.streams, block.n_paths, years)
        scales = {factor: _RegimeScale(self.levels[factor], self.regimes) for factor in factors}

        def fill(start: int, moves: Mapping[Factor, FloatArray]) -> None:
            n = len(moves[factors[0]])
            for factor, rows in moves.items():
                block.noise.fill(factor, start, start + n, rows)
            steps = years[start : start + n]
            chain.draw(start, start + n)
            for k in range(n):
                for factor, scale in scales.items():
                    scale.apply(float(steps[k]), chain.regime, moves[factor][k])
                switched = chain.step(k)
                for scale in scales.values():
                    scale.update(chain.regime, switched)

        return fill

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a level, ``exp(drift * t)``, ``(n_times,)``; None where regimes have different drifts."""
        drifts = {self.levels[factor].growth(regime) for regime in self.regimes} if factor in self.levels else set()
        return steady_growth(drifts.pop(), grid) if len(drifts) == 1 else None

    def describe(self) -> tuple[str, ...]:
        """Every level with its regimes, the transition rates, and the correlations."""
        levels = tuple(
            Note(
                "note.regimes",
                factor=f,
                start=s.initial_level,
                regimes=tuple(
                    Note("note.regime", regime=r, volatility=v, growth=growth_in_words(s.growth(r)))
                    for r, v in s.volatility.items()
                ),
            )
            for f, s in self.levels.items()
        )
        switches = tuple(Note("note.switch", old=a, new=b, rate=rate) for (a, b), rate in self.transition_rates.items())
        return (
            levels
            + switches
            + tuple(Note("note.correlation", one=a, other=b, rho=rho) for (a, b), rho in self.correlation.items())
        )


def _switches(value: object, regimes: tuple[str, ...]) -> Mapping[tuple[str, str], float]:
    where = "RegimeSwitching.transition_rates"
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(where, 'must be a mapping; write {("calm", "storm"): 4.0, ("storm", "calm"): 12.0}', value)
    found: dict[tuple[str, str], float] = {}
    for pair, rate in value.items():
        if not isinstance(pair, tuple) or len(pair) != 2 or pair[0] == pair[1] or not set(pair) <= set(regimes):
            checks.refuse(where, f"must have pairs of two different regimes of {', '.join(regimes)} as keys", pair)
        found[pair] = checks.non_negative(f"{where}[{pair[0]!r}, {pair[1]!r}]", rate, HAZARD_LIMIT)
    return FrozenMap(found)


def _stationary(rates: FloatArray) -> FloatArray:
    """Stationary distribution of a chain by eliminating one state after the other, without subtraction.

    Grassmann, Taksar and Heyman (1985), Regenerative analysis and steady state distributions for Markov chains.
    """
    left = rates.copy()
    n = len(left)
    for last in range(n - 1, 0, -1):
        left[:last, last] /= left[last, :last].sum()
        left[:last, :last] += left[:last, last, None] * left[None, last, :last]
        np.fill_diagonal(left, 0.0)
    shares = np.ones(n)
    for last in range(1, n):
        shares[last] = (shares[:last] * left[:last, last]).sum()
    return np.asarray(shares / shares.sum())


def _reach(rates: FloatArray) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Whether the column's regime can be reached from the row's."""
    reached = (rates > 0.0) | np.eye(len(rates), dtype=np.bool_)
    for middle in range(len(rates)):
        reached |= reached[:, middle, None] & reached[None, middle, :]
    return reached


class _Chain:
    """Regime of each path, moved on step by step; only the few paths with a possible switch are touched.

    Possible switches come to every path at the rate of the least stable regime; a path takes one with the probability
    that gives its own regime's rate (uniformization).
    """

    def __init__(self, terms: RegimeSwitching, streams: Streams, paths: int, years: FloatArray) -> None:
        rates = terms.rate_matrix()
        self._fastest = float(rates.sum(axis=1).max())
        stay = np.diag(self._fastest - rates.sum(axis=1))
        below = np.cumsum((rates + stay) / max(self._fastest, 1e-300), axis=1)
        self._below = [below[:, new].copy() for new in range(len(rates) - 1)]
        self._points = Points(streams, f"regimes:{terms.name}", paths, self._fastest * years, n_marks=1)
        self._chances: list[tuple[IntArray, FloatArray]] = []
        self._slot = np.zeros(paths, dtype=np.int64)
        self.regime: IntArray = np.full(paths, 0, dtype=np.int64)
        if terms.initial_regime is not None:
            self.regime[:] = terms.regimes.index(terms.initial_regime)
        else:
            edges = np.cumsum(_stationary(rates))[:-1]
            opening: FloatArray = np.empty((1, paths))
            opening_uniforms(streams, f"regimes:{terms.name}:opening", opening)
            self.regime[:] = np.searchsorted(edges, opening[0], side="right")

    def draw(self, start: int, stop: int) -> None:
        """Draw the possible switches of the next steps, [start, stop)."""
        points = self._points.between(start, stop)
        edges = np.searchsorted(points.step, np.arange(start, stop + 1))
        self._chances = [(points.path[a:b], points.marks[0, a:b]) for a, b in itertools.pairwise(edges)]

    def step(self, k: int) -> IntArray:
        """Move on over the k-th of the steps drawn; returns the paths whose regime may have changed."""
        at, luck = self._chances[k]
        touched = at
        while at.size:
            # two possible switches of a path in one step are taken one after the other
            order = np.arange(at.size)
            self._slot[at[::-1]] = order[::-1]
            first = self._slot[at] == order
            if first.all():
                self._take(at, luck)
                break
            self._take(at[first], luck[first])
            at, luck = at[~first], luck[~first]
        return touched

    def _take(self, at: IntArray, luck: FloatArray) -> None:
        """Move each path to the regime that a uniform draw selects from its present one."""
        old = self.regime[at]
        new = np.zeros(at.size, dtype=np.int64)
        for below in self._below:
            new += luck >= below[old]
        self.regime[at] = new


class _RegimeScale:
    """Deviation and shift of one level's log return on each path, kept while the step length stays the same."""

    def __init__(self, level: RegimeGBM, regimes: tuple[str, ...]) -> None:
        self._volatility = np.array([level.volatility[regime] for regime in regimes])
        self._growth = np.array([level.growth(regime) for regime in regimes]) - 0.5 * self._volatility**2
        self._years = -1.0
        self._deviations = self._shifts = self._deviation = self._shift = np.zeros(0)

    def apply(self, years: float, regime: IntArray, row: FloatArray) -> None:
        """Turn a row of standard normals into the log returns of a step."""
        if years != self._years:
            self._years = years
            self._deviations, self._shifts = self._volatility * np.sqrt(years), self._growth * years
            self._deviation, self._shift = self._deviations[regime], self._shifts[regime]
        np.multiply(row, self._deviation, out=row)
        np.add(row, self._shift, out=row)

    def update(self, regime: IntArray, switched: IntArray) -> None:
        """Update the paths that may have switched."""
        new = regime[switched]
        self._deviation[switched] = self._deviations[new]
        self._shift[switched] = self._shifts[new]
