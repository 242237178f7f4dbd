"""`Constants`, and `Joint`, a scenario made of several parts."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Event, Factor, Market, TimeGrid
from stakingmodels.market.factors import HAZARD_LIMIT, as_factor, factor_keys
from stakingmodels.market.grid import as_time
from stakingmodels.market.plausible import warn_of_opening
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios.base import BlockInputs, Scenario, Setting
from stakingmodels.scenarios.drivers import Correlation, Drivers, Noise
from stakingmodels.scenarios.nesting import refuse_deep
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.words import Note

_EXAMPLE_GRID = TimeGrid.daily("2026-01-01", days=1)


def _day(value: object) -> np.datetime64 | None:
    return None if value is None else as_time("as_of", value).astype("datetime64[D]")


def _constants(value: object) -> Mapping[Factor, float | APR | APY]:
    if not isinstance(value, Mapping):
        checks.refuse_type("Constants.values", 'must be a mapping such as {StakingReward("ETH"): APR(0.028)}', value)
    values = factor_keys("Constants.values", value)
    for factor, constant in values.items():
        if isinstance(factor, Event):
            checks.non_negative(f"Constants: {factor}: hazard", constant, HAZARD_LIMIT)
        else:
            inner = getattr(constant, "value", constant)
            if inner.ndim > 0 if isinstance(inner, np.ndarray) else isinstance(inner, (list, tuple)):
                checks.refuse_type(f"Constants: {factor}", "must be one value for all times and paths", constant)
            Market.from_sources(_EXAMPLE_GRID, 1, (), series={factor: constant})  # refuses numbers that no market takes
            warn_of_opening(f"Constants: {factor}", factor, None, constant)
    # the caller may change an array without dimensions later
    return FrozenMap({f: c.item() if isinstance(c, np.ndarray) else c for f, c in values.items()})


@attrs.frozen(eq=False)
class Constants(Scenario):
    """Constant factors; for an event, its hazard a year, which overrides the one it carries.

    Parameters
    ----------
    values
        Factor -> number, `APR` or `APY`; `Event` -> hazard a year.
    as_of
        Day for which the values hold, such as ``"2026-01-01"``; None (default) for none.

    Examples
    --------
    >>> from stakingmodels import APR, Price, StakingReward
    >>> Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.028)}).describe()
    ('Price("ETH") constant at 3000.0', 'StakingReward("ETH") constant at 2.80% a year (APR)')
    """

    values: Mapping[Factor, float | APR | APY] = attrs.field(converter=_constants)
    as_of: np.datetime64 | None = attrs.field(default=None, converter=_day, kw_only=True)

    @property
    def factors(self) -> frozenset[Factor]:
        """The keys of `values`."""
        return frozenset(self.values)

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events among the keys; a hazard of 0 sets an event off."""
        return {f: "hazard" if x else "off" for f, x in self.values.items() if isinstance(f, Event)}

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs with the constants requested."""
        del grid, streams, noise, n_paths
        asked = {factor: value for factor, value in self.values.items() if factor in factors}
        hazards = {f: float(value) for f, value in asked.items() if isinstance(f, Event)}
        return BlockInputs(series={f: v for f, v in asked.items() if not isinstance(f, Event)}, hazards=hazards)

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a level above 0: 1 at all times, ``(n_times,)``."""
        factor = as_factor("Constants.expected_growth: factor", factor)
        value = self.values.get(factor, 0.0)
        return frozen(np.ones(grid.n_times)) if factor.kind == "level" and value != 0.0 else None

    def describe(self) -> tuple[str, ...]:
        """Every constant with its value."""
        return tuple(_note(factor, value) for factor, value in self.values.items())


def _note(factor: Factor, value: object) -> str:
    if isinstance(factor, Event):
        return Note("note.hazard", event=factor, hazard=(Note("note.hazard.rate", rate=value),))
    if isinstance(value, (APR, APY)):
        return Note("note.constant_rate", factor=factor, rate=value.value, kind=type(value).__name__)
    return Note("note.constant", factor=factor, value=value)


def _parts(value: object) -> tuple[Scenario, ...]:
    if not isinstance(value, (tuple, list)) or not value:
        checks.refuse_type("Joint.parts", "must be a list of scenarios; write Joint([history, constants])", value)
    for part in value:
        checks.instance("Joint.parts", part, Scenario, "Constants({...})")
    return tuple(value)


def _remarks(value: object) -> tuple[str, ...]:
    if not isinstance(value, (tuple, list)):
        checks.refuse_type("Joint.remarks", "must be a list of sentences", value)
    for sentence in value:
        checks.instance("Joint.remarks", sentence, str, "a sentence")
    return tuple(value)


def _label(where: str, value: object) -> str:
    return checks.instance(where, value, str, 'assumption_set("2026.11").label')


def _owned(parts: tuple[Scenario, ...]) -> tuple[frozenset[Factor], ...]:
    """Factors of each part that no earlier part has; refuses a part that depends on a later one."""
    owned: list[frozenset[Factor]] = []
    everything: frozenset[Factor] = frozenset().union(*(part.factors for part in parts))
    given: frozenset[Factor] = frozenset()
    for part in parts:
        for factor in sorted((part.depends_on & everything) - given, key=str):
            rule = f"must have the part that gives {factor} before {type(part).__name__}, which follows it"
            checks.refuse("Joint.parts", rule, tuple(type(p).__name__ for p in parts))
        for factor in sorted(part.factors & given, key=str):
            if isinstance(factor, Event):
                rule = f"must not have two parts that set the hazard of {factor}"
                checks.refuse("Joint.parts", rule, tuple(type(p).__name__ for p in parts), "keep one of them")
        owned.append(part.factors - given)
        given |= part.factors
    return tuple(owned)


def _drivers(parts: tuple[Scenario, ...], correlation: object) -> Drivers:
    """Noises of all parts, with the correlations of the parts and of the joint."""
    checks.instance("Joint.correlation", correlation, Mapping, '{(Price("ETH"), MarketRatio("stETH")): 0.3}')
    own = [part.drivers for part in parts]
    factors = tuple(dict.fromkeys(factor for drivers in own for factor in drivers.factors))
    joined = {pair: rho for drivers in own for pair, rho in drivers.correlation.items()}
    return Drivers(factors, FrozenMap(joined | dict(correlation)), where="Joint")  # type: ignore[call-overload]


@attrs.frozen(eq=False)
class Joint(Scenario):
    """A scenario made of several parts; a factor comes from the first part that has it.

    Parameters
    ----------
    parts
        Scenarios with the same numeraire. A part may depend on factors of the parts before it.
    correlation
        Pairs of factors -> correlation in (-1, 1) of the noises that drive them, across parts and in addition to the
        parts' own. It is built up in the order of the parts.
    as_of
        Day for which the numbers hold; by default the earliest of the parts.
    remarks
        Further notes for readers of results, after the notes of the parts.
    assumption_set
        Label of the assumption set of its numbers; by default that of the first part that has one.

    Raises
    ------
    InputError
        Where numeraires differ, two parts are recorded, the correlations contradict each other, or a part depends on a
        factor of a later part.
    """

    parts: tuple[Scenario, ...] = attrs.field(converter=_parts)
    correlation: Correlation = attrs.field(factory=dict, kw_only=True)
    as_of: np.datetime64 | None = attrs.field(default=None, converter=_day, kw_only=True)
    remarks: tuple[str, ...] = attrs.field(default=(), converter=_remarks, kw_only=True)
    assumption_set: str = attrs.field(  # pyright: ignore[reportIncompatibleMethodOverride]  # read-only, as frozen
        default="", validator=checks.field(_label), kw_only=True
    )
    _drivers: Drivers = attrs.field(init=False, repr=False)
    _owned: tuple[frozenset[Factor], ...] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        refuse_deep("Joint.parts", [self], Scenario)
        object.__setattr__(self, "_owned", _owned(self.parts))
        object.__setattr__(self, "_drivers", _drivers(self.parts, self.correlation))
        object.__setattr__(self, "correlation", FrozenMap(self.correlation))
        if self.as_of is None:
            object.__setattr__(self, "as_of", min((p.as_of for p in self.parts if p.as_of is not None), default=None))
        if not self.assumption_set:
            named = next((part.assumption_set for part in self.parts if part.assumption_set), "")
            object.__setattr__(self, "assumption_set", named)
        names = {part.numeraire for part in self.parts}
        if len(names) > 1:
            checks.refuse(
                "Joint.parts", "must have the same numeraire", tuple(sorted(names)), "put InCurrency around the Joint"
            )
        recorded = [type(part).__name__ for part in self.parts if part.is_recorded]
        if len(recorded) > 1:
            how = "put all recorded series into one History, which aligns them by date"
            checks.refuse("Joint.parts", "must have at most one recorded part", tuple(recorded), how)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of all parts."""
        return frozenset().union(*(part.factors for part in self.parts))

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events of all parts, each as set by the part that it comes from."""
        pairs = zip(self.parts, self._owned, strict=True)
        return {event: how for part, owned in pairs for event, how in part.events.items() if event in owned}

    @property
    def numeraire(self) -> str:
        """The parts' numeraire."""
        return self.parts[0].numeraire

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs of all parts, joined."""
        supplies: list[BlockInputs] = []
        needed = factors
        for part, owned in zip(reversed(self.parts), reversed(self._owned), strict=True):
            asked = frozenset(factor for factor in needed if factor in owned)
            supplies.insert(0, part.generate(grid, asked, streams=streams.fresh(), noise=noise, n_paths=n_paths))
            if asked:
                needed |= part.depends_on  # which an earlier part has
        return BlockInputs(
            sources=tuple(source for supply in supplies for source in supply.sources),
            series={f: v for supply in supplies for f, v in supply.series.items()},
            hazards={f: v for supply in supplies for f, v in supply.hazards.items()},
            event_hits={f: v for supply in supplies for f, v in supply.event_hits.items()},
            frozen_levels={f: v for supply in supplies for f, v in supply.frozen_levels.items()},
            time_offsets=next((supply.time_offsets for supply in supplies if supply.time_offsets is not None), None),
        )

    @property
    def shocked(self) -> Mapping[str, frozenset[Factor]]:
        """Changes made by shocks in the parts."""
        return {words: factors for part in self.parts for words, factors in part.shocked.items()}

    def needed(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Some factors, and all factors that they depend on, part by part."""
        for part, owned in zip(reversed(self.parts), reversed(self._owned), strict=True):
            factors |= part.needed(factors & owned)
        return factors

    @property
    def drivers(self) -> Drivers:
        """Noises of all parts, in their order."""
        return self._drivers

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors that a part depends on and no part has."""
        return frozenset().union(*(part.depends_on for part in self.parts)) - self.factors

    @property
    def is_recorded(self) -> bool:
        """Whether any part is recorded."""
        return any(part.is_recorded for part in self.parts)

    def n_paths(self, grid: TimeGrid) -> int | None:
        """The smallest number of paths that a part has."""
        return min((n for part in self.parts if (n := part.n_paths(grid)) is not None), default=None)

    def overlap(self, grid: TimeGrid) -> int:
        """The largest overlap of a part."""
        return max(part.overlap(grid) for part in self.parts)

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a factor, from the part that it comes from."""
        factor = as_factor("Joint.expected_growth: factor", factor)
        parts = (part for part, owned in zip(self.parts, self._owned, strict=True) if factor in owned)
        part = next(parts, None)
        return None if part is None else part.expected_growth(factor, grid)

    def describe(self) -> tuple[str, ...]:
        """The notes of all parts, and the remarks."""
        return (*(note for part in self.parts for note in part.describe()), *self.remarks)
