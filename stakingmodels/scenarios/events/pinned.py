"""`Pinned`: any scenario with some prices on a straight line of their logarithm to a given end, on all paths."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Event, Factor, Price, RowSource, TimeGrid
from stakingmodels.market.factors import as_factor, factor_keys
from stakingmodels.market.filled import Bounds, Filled, checked
from stakingmodels.scenarios.base import BlockInputs, Scenario, Setting
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.nesting import refuse_deep
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.words import Note

_CHANGE_LIMIT = 1e6


def as_change(where: str, value: object, limit: float = _CHANGE_LIMIT) -> float:
    """Change of a price from the opening to the exit: a fraction above -1, at most `limit`."""
    number = checks.real(where, value)
    if not -1.0 < number <= limit:
        percent = -100.0 < number < -1.0 or number > limit
        rule = f"must be a fraction above -1 and at most {limit:g}: -0.5 halves the price, 1.0 doubles it"
        checks.refuse(where, rule, value, f"percent? write {number / 100:g}" if percent else "")
    return number


def _changes(value: object) -> Mapping[Factor, float]:
    where, how = "Pinned.changes", '{Price("ETH"): -0.5}'
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(where, f"must be a mapping such as {how}", value)
    given = factor_keys(where, value)
    for factor in given:
        checks.instance(where, factor, Price, how)
    return FrozenMap({factor: as_change(f"{where}: {factor}", change) for factor, change in given.items()})


@attrs.frozen(eq=False)
class Pinned(Scenario):
    """A scenario in which some prices go to a given end, on all paths: views such as "the coin halves".

    A pinned price opens where the scenario opens it, on each path. It goes in a straight line of its logarithm to
    ``1 + change`` times its opening on the day of the exit, and stays there. All else is drawn as in the scenario by
    itself with the same seed, and what depends on the price follows the pinned one: around a `Joint`, a hash rate that
    follows a price, and hazards and jumps while a price crashes. So put it around the whole scenario. Other prices do
    not follow, however correlated they are: this is no conditional forecast. Around an `InCurrency` what is inside
    follows its own price in the old currency, which is not pinned.

    Around a `History` each window opens at its own level and goes to the end from there, and all other series are as
    recorded.

    Parameters
    ----------
    scenario
        Any scenario.
    changes
        Change from the opening to the exit by price, a fraction above -1: -0.5 halves it, 0 keeps it, 1.0 doubles it.

    Raises
    ------
    InputError, InputTypeError
        For a price that the scenario lacks, a change of -1 or less, and a factor that is no price.

    Examples
    --------
    >>> from stakingmodels import Constants, Price, TimeGrid
    >>> from stakingmodels.scenarios import Pinned
    >>> halved = Pinned(Constants({Price("ETH"): 3000.0}), {Price("ETH"): -0.5})
    >>> grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=1)
    >>> halved.expected_growth(Price("ETH"), grid).round(4).tolist()
    [1.0, 0.7071, 0.5, 0.5]
    """

    scenario: Scenario = attrs.field()
    changes: Mapping[Factor, float] = attrs.field(converter=_changes)

    def __attrs_post_init__(self) -> None:
        checks.instance("Pinned.scenario", self.scenario, Scenario, "GeometricBrownianMotion({...})")
        refuse_deep("Pinned.scenario", [self], Scenario)
        for factor in self.changes:
            if factor not in self.scenario.factors:
                given = ", ".join(sorted(str(f) for f in self.scenario.factors if isinstance(f, Price)))
                checks.refuse(f"Pinned: {factor}", "is not in the scenario, whose prices are", given)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of the scenario."""
        return self.scenario.factors

    @property
    def drivers(self) -> Drivers:
        """Noises of the scenario."""
        return self.scenario.drivers

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors that the scenario depends on."""
        return self.scenario.depends_on

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events of the scenario."""
        return self.scenario.events

    @property
    def shocked(self) -> Mapping[str, frozenset[Factor]]:
        """Changes of the scenario, and each pinned price."""
        pinned: dict[str, frozenset[Factor]] = {
            _in_words(factor, change): frozenset({factor}) for factor, change in self.changes.items()
        }
        return {**self.scenario.shocked, **pinned}

    def needed(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Some factors, and all factors of the scenario that they depend on."""
        return self.scenario.needed(factors)

    @property
    def as_of(self) -> np.datetime64 | None:
        """Day for which the numbers of the scenario hold."""
        return self.scenario.as_of

    @property
    def numeraire(self) -> str:
        """Asset in which money is counted, as in the scenario."""
        return self.scenario.numeraire

    @property
    def is_recorded(self) -> bool:
        """Whether the scenario is recorded."""
        return self.scenario.is_recorded

    def n_paths(self, grid: TimeGrid) -> int | None:
        """Number of paths of the scenario."""
        return self.scenario.n_paths(grid)

    def overlap(self, grid: TimeGrid) -> int:
        """Number of neighbours of a path that share data with it, as in the scenario."""
        return self.scenario.overlap(grid)

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Growth of a pinned price, which is certain; for any other factor the scenario's expected growth."""
        factor = as_factor("Pinned.expected_growth: factor", factor)
        if factor in self.changes:
            return _growth(self.changes[factor], grid)
        return self.scenario.expected_growth(factor, grid)

    def describe(self) -> tuple[str, ...]:
        """Notes of the scenario, and the pinned prices."""
        return (*self.scenario.describe(), *(_in_words(*item) for item in self.changes.items()))

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs of the scenario, with its sources wrapped and pinned constants turned into rows."""
        inner = self.scenario.generate(grid, factors, streams=streams, noise=noise, n_paths=n_paths)
        growth = {factor: _growth(change, grid)[:, None] for factor, change in self.changes.items()}
        constant = frozenset(inner.series) & growth.keys()
        sources = (*((_Constants(constant),) if constant else ()), *inner.sources)
        name = type(self.scenario).__name__
        wrapped = tuple(_PinnedRows(s, name, growth) if s.factors & growth.keys() else s for s in sources)
        return attrs.evolve(inner, sources=wrapped)


def _in_words(factor: Factor, change: float) -> Note:
    return Note("views.pinned", factor=factor, change=change)


def _growth(change: float, grid: TimeGrid) -> FloatArray:
    """Price over its opening at every time of the grid, ``(n_times,)``."""
    days = grid.elapsed_days
    return frozen(np.power(1.0 + change, np.minimum(days / days[grid.exit], 1.0)))


class _Constants:
    """Rows of the series given to the market, so that they can be pinned like those of any source."""

    def __init__(self, factors: frozenset[Factor]) -> None:
        self.factors = factors

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows that the scenario already has."""
        for _ in bounds:
            yield {factor: filled[factor] for factor in self.factors}


class _PinnedRows:
    """A source with some of its rows replaced by their opening times a growth that is the same on all paths."""

    def __init__(self, source: RowSource, scenario: str, growth: Mapping[Factor, FloatArray]) -> None:
        self.factors = source.factors
        self._source = source
        self._scenario = scenario
        self._growth = growth

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows of the source, chunk by chunk, the pinned ones from their first row on."""
        openings: dict[Factor, FloatArray] = {}
        inner = checked(self._source, bounds, filled, None, scenario=self._scenario)
        for (start, stop), chunk in zip(bounds, inner, strict=True):
            found = dict(chunk)
            for factor, growth in self._growth.items():
                given = chunk.get(factor)
                if isinstance(given, np.ndarray):
                    if start == 0:
                        openings[factor] = _opening(given)
                    found[factor] = openings[factor] * growth[start : stop + 1]
            yield found


def _opening(rows: FloatArray) -> FloatArray:
    """First row, ``(1, n_paths)``, or ``(1, 1)`` where all paths open alike."""
    return rows[:1, :1].copy() if (rows[0] == rows[0, 0]).all() else rows[:1].copy()
