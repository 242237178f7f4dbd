"""`JumpingPeg`: the market ratio of a liquid token, which breaks when prices crash and recovers by redemption."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market import Factor, MarketRatio, TimeGrid
from stakingmodels.market.factors import HAZARD_LIMIT
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.drivers import Drivers
from stakingmodels.scenarios.events.crashes import Crash, CrashDetector
from stakingmodels.scenarios.levels import LIMIT, as_half_life, as_log_jump, as_market_ratio, as_ratio, as_volatility
from stakingmodels.scenarios.processes.reverting import ReversionSteps
from stakingmodels.scenarios.rows import Block, FillChunk, Rows, RowScenario
from stakingmodels.scenarios.sparse import Points
from stakingmodels.scenarios.streams import Streams
from stakingmodels.words import Note

_DEPTH_LIMIT = 100.0


def _jumps(where: str, value: object) -> float:
    return checks.non_negative(where, value, HAZARD_LIMIT)


def _depth(where: str, value: object) -> float:
    return checks.positive(where, value, _DEPTH_LIMIT)


def _crash(where: str, value: object) -> Crash:
    return checks.instance(where, value, Crash, 'Crash(Price("ETH"), fall=0.25, within_days=7.0)')


def _closed(where: str, value: object) -> "RedemptionHalt":
    return checks.instance(where, value, RedemptionHalt, "RedemptionHalt(depth=3.0, half_life_days=60.0)")


@terms.sheet
class RedemptionHalt(Replaceable):
    """Period from the opening on in which the token cannot be redeemed for its coin.

    Parameters
    ----------
    depth
        Multiplier of the logarithm of every jump, in (0, 100]; above 1 jumps are deeper.
    half_life_days
        Half-life of a gap during the halt, in days, above 0.
    reopens_on
        Date on which redemption opens; by default it stays closed.
    """

    depth: float = terms.number(check=_depth, low=checks.SMALLEST, high=_DEPTH_LIMIT)
    half_life_days: float = terms.days(check=as_half_life)
    reopens_on: np.datetime64 | str | None = terms.day(default=None, optional=True)

    def in_words(self, ratio: MarketRatio) -> Note:
        """Sentence on its effect on a ratio."""
        terms = {"factor": ratio, "depth": self.depth, "half_life": self.half_life_days}
        return (
            Note("note.closed", **terms)
            if self.reopens_on is None
            else Note("note.closed_until", until=self.reopens_on, **terms)
        )


def _mean(terms: "JumpingPeg") -> float:
    return terms.mean


@terms.sheet(eq=False)
class JumpingPeg(RowScenario):
    """Market ratio whose logarithm reverts to a mean and jumps, mostly while a price has crashed.

    With ``y = log(ratio / mean)``, s the standard deviation and ``a = 0.5 ** (days / half_life_days)``, a step is
    ``y[k+1] = a y[k] + s sqrt(1 - a**2) z + depth * (sum of N sizes)``; N is Poisson with a mean of ``jump_intensity
    dt``, or ``crash_jumps_a_year dt`` on paths where the price has crashed by the end of the step, and the sizes are
    normal. It depends on the crash's price, of a part before it in a `Joint`.

    Parameters
    ----------
    ratio
        Factor of the ratio, such as ``MarketRatio("stETH")``.
    mean
        Ratio to which it reverts, above 0.
    standard_deviation
        Long-run standard deviation of the logarithm without jumps, in [0, 10].
    half_life_days
        Half-life of a gap to the mean, in days; above 0.
    log_jump_mean, log_jump_volatility
        Mean and standard deviation of the logarithm of one jump, in [-10, 10] and [0, 10].
    jump_intensity
        Jumps a year of 365 days on average while no price has crashed, in [0, 1000].
    crash
        Condition for a crash of a price; None (default): jumps do not depend on a price.
    crash_jumps_a_year
        Jumps a year during a crash, in [0, 1000]; needed with `crash`, and only then.
    closed
        Halt of redemption, during which jumps are deeper and gaps close more slowly; None (default) without a halt.
    initial_level
        The ratio at the opening, above 0; by default the mean.

    Examples
    --------
    >>> from stakingmodels import MarketRatio, Price
    >>> from stakingmodels.scenarios import RedemptionHalt, Crash, JumpingPeg
    >>> peg = JumpingPeg(
    ...     MarketRatio("stETH"),
    ...     mean=0.9995,
    ...     standard_deviation=0.001,
    ...     half_life_days=10.0,
    ...     jump_intensity=0.2,
    ...     crash=Crash(Price("ETH"), fall=0.25, within_days=7.0),
    ...     crash_jumps_a_year=20.0,
    ...     log_jump_mean=-0.02,
    ...     log_jump_volatility=0.01,
    ...     closed=RedemptionHalt(depth=2.0, half_life_days=40.0, reopens_on="2023-05-15"),
    ... )
    >>> peg.depends_on
    frozenset({Price("ETH")})
    """

    ratio: MarketRatio = terms.field("factor", as_market_ratio, kw_only=False)
    mean: float = terms.number(check=as_ratio, low=checks.SMALLEST, high=LIMIT)
    standard_deviation: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    half_life_days: float = terms.days(check=as_half_life)
    log_jump_mean: float = terms.number(check=as_log_jump, low=-LIMIT, high=LIMIT)
    log_jump_volatility: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    jump_intensity: float = terms.number(check=_jumps, unit="1/year", low=0.0, high=HAZARD_LIMIT)
    crash: Crash | None = terms.field("other", _crash, default=None, optional=True)
    crash_jumps_a_year: float | None = terms.number(
        default=None, check=_jumps, unit="1/year", optional=True, low=0.0, high=HAZARD_LIMIT
    )
    closed: RedemptionHalt | None = terms.field("other", _closed, default=None, optional=True)
    initial_level: float = terms.number(
        default=attrs.Factory(_mean, takes_self=True), check=as_ratio, low=checks.SMALLEST, high=LIMIT
    )

    def __attrs_post_init__(self) -> None:
        if (self.crash is None) != (self.crash_jumps_a_year is None):
            rule = "must be given together with crash, or neither"
            checks.refuse("JumpingPeg.crash_jumps_a_year", rule, self.crash_jumps_a_year)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: the ratio."""
        return frozenset({self.ratio})

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors that this scenario depends on: the price that may crash."""
        return frozenset() if self.crash is None else frozenset({self.crash.price})

    @property
    def drivers(self) -> Drivers:
        """Noise of this scenario, one, named by the ratio."""
        return Drivers((self.ratio,))

    @property
    def _openings(self) -> Mapping[Factor, float]:
        return {self.ratio: self.initial_level}

    def _begin(self, block: Block, longest: int) -> FillChunk:
        """Function that fills a chunk: its noise, then its few jumps, then the logarithm row by row."""
        grid, paths = block.grid, block.n_paths
        half_lives, depth = self._by_step(grid)
        steps = ReversionSteps.settling(self.standard_deviation, half_lives, grid)
        gaps = np.full((longest + 1, paths), np.log(self.initial_level / self.mean))
        jumps = _Jumps(self, grid, block.streams, paths)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            n, ratios = stop - start, rows[self.ratio][1:]
            moves = gaps[1 : n + 1]
            steps.fill_noise(block.noise, self.ratio, start, moves)
            prices = None if self.crash is None else filled[self.crash.price]
            jumps.strike(start, depth[start:stop], prices, moves)
            steps.pull(start, gaps[0], moves, ratios[0])
            np.exp(moves, out=ratios)
            ratios *= self.mean
            np.copyto(gaps[0], gaps[n])

        return fill

    def _by_step(self, grid: TimeGrid) -> tuple[FloatArray, FloatArray]:
        """Half-life and multiplier of jumps in each step of a grid."""
        half_lives, depth = np.full(grid.n_steps, self.half_life_days), np.ones(grid.n_steps)
        if self.closed is not None:
            until = self.closed.reopens_on
            shut = np.ones(grid.n_steps, dtype=np.bool_) if until is None else grid.times[:-1] < np.datetime64(until)
            half_lives[shut], depth[shut] = self.closed.half_life_days, self.closed.depth
        return half_lives, depth

    def describe(self) -> tuple[str, ...]:
        """Notes on the law of the ratio, its jumps, and the halt of redemption."""
        found = [
            Note(
                "note.jumping_peg",
                factor=self.ratio,
                start=self.initial_level,
                mean=self.mean,
                deviation=self.standard_deviation,
                half_life=self.half_life_days,
                jumps=self.jump_intensity,
                log_jump_mean=self.log_jump_mean,
                log_jump_volatility=self.log_jump_volatility,
            )
        ]
        if self.crash is not None:
            jumps = self.crash_jumps_a_year
            found.append(Note("note.crash_jumps", factor=self.ratio, jumps=jumps, crash=self.crash.in_words()))
        if self.closed is not None:
            found.append(self.closed.in_words(self.ratio))
        return tuple(found)


class _Jumps:
    """Jumps, chunk by chunk: drawn at the largest intensity, and kept where a uniform mark is below the current one."""

    def __init__(self, terms: JumpingPeg, grid: TimeGrid, streams: Streams, paths: int) -> None:
        self._terms = terms
        self._crashed_rate = terms.jump_intensity if terms.crash_jumps_a_year is None else terms.crash_jumps_a_year
        self._most = max(terms.jump_intensity, self._crashed_rate)
        self._watch = None if terms.crash is None else CrashDetector(terms.crash, grid)
        years = grid.step_days / DAYS_PER_YEAR
        self._points = Points(streams, f"jumps:{terms.ratio}", paths, self._most * years, n_marks=1, normals=("",))

    def strike(self, start: int, depth: FloatArray, prices: FloatArray | None, moves: FloatArray) -> None:
        """Add the jumps of some steps to the moves of the logarithm.

        Parameters
        ----------
        start
            First step.
        depth
            Multiplier of the jumps of each step, ``(n_steps,)``.
        prices
            Prices, ``(n_steps + 1, n_paths or 1)``; None where jumps do not depend on a price.
        moves
            Moves of the logarithm, ``(n_steps, n_paths)``.
        """
        points = self._points.between(start, start + len(moves))
        step, marks = points.step - start, points.marks[0] * self._most
        rates: FloatArray | float = self._terms.jump_intensity
        if self._watch is not None and prices is not None:
            rates = self._rates(self._watch, start, prices, step, points.path)
        kept = np.nonzero(marks < rates)[0]
        sizes = self._terms.log_jump_mean + self._terms.log_jump_volatility * points.normals[0, kept]
        cells = step[kept] * moves.shape[1] + points.path[kept]  # numpy adds at one index ten times as fast as at two
        np.add.at(moves.reshape(-1), cells, depth[step[kept]] * sizes)

    def _rates(
        self, watch: CrashDetector, start: int, prices: FloatArray, step: IntArray, path: IntArray
    ) -> FloatArray:
        """Intensity at each point, by whether the price has crashed by the end of the step."""
        rates = np.full(step.size, self._terms.jump_intensity)
        edges = np.searchsorted(step, np.arange(len(prices))).tolist()
        if start == 0:
            watch.update(0, prices[0])
        for k, price in enumerate(prices[1:]):
            crashed = watch.update(start + k + 1, price)
            here = slice(edges[k], edges[k + 1])
            hit = crashed if crashed.size == 1 else crashed[path[here]]
            rates[here] = np.where(hit, self._crashed_rate, rates[here])
        return rates
