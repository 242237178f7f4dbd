"""`Scenario`: the prices, rates and events that products are held in. Only scenarios draw random numbers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Literal, final

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, SeriesLike
from stakingmodels.display import shorten
from stakingmodels.equality import ByValue
from stakingmodels.market import Event, Factor, Market, Price, RowSource, TimeGrid
from stakingmodels.market.now import Hits, TimeOffsets
from stakingmodels.rates import APR, APY
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.events.occurrences import strike
from stakingmodels.scenarios.nesting import refuse_deep
from stakingmodels.scenarios.sparse import joined
from stakingmodels.scenarios.streams import WIDTH_LIMIT, Streams
from stakingmodels.scenarios.uniforms import Uniforms
from stakingmodels.series import frozen

Setting = Literal["hazard", "added", "struck", "off"]
"""Ways in which a scenario sets an event.

``"hazard"``: a hazard of its own; ``"added"``: an addition to the hazard that the event carries; ``"struck"``: a day;
``"off"``: a hazard of 0, so that it never occurs.
"""


@attrs.frozen(eq=False, kw_only=True)
class BlockInputs:
    """Inputs of a market: rows from sources, constants, and events.

    Events occur at their `hazards`, or as decided by the source that fills them, and in addition as listed in
    `event_hits`. `frozen_levels` has the values of levels with a random opening for a frozen market.
    """

    sources: tuple[RowSource, ...] = ()
    series: Mapping[Factor, SeriesLike | APR | APY] = attrs.field(factory=dict)
    hazards: Mapping[Event, float] = attrs.field(factory=dict)
    event_hits: Mapping[Event, Hits] = attrs.field(factory=dict)
    time_offsets: TimeOffsets | None = None
    frozen_levels: Mapping[Factor, float] = attrs.field(factory=dict)


class Scenario(ByValue, Replaceable, ABC):
    """Base of all scenarios: a set of factors, constant, recorded or drawn.

    A subclass lists its factors in `factors` and makes them for some paths in `generate`. It never sees a
    product. `generate` is called again for each further run of a market, so that every run has sources of its own: keep
    state that changes while rows are filled in the source, not in the scenario.
    """

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        shorten(cls)

    @property
    @abstractmethod
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario."""

    @abstractmethod
    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Rows, constants and hazards of one market.

        Parameters
        ----------
        grid
            The times.
        factors
            Factors requested, all of them in the property `factors`.
        streams
            Random numbers by name for these paths: ``streams.normals("mine", out)`` fills an array. Each call gets
            streams at their start.
        noise
            The standard normals of `drivers` for these paths.
        n_paths
            Number of paths, 65,536 at most.
        """

    @property
    def drivers(self) -> Drivers:
        """Standard normal noises that drive this scenario, with their correlations."""
        return Drivers()

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors of another part that this scenario depends on; it must come after that part in a `Joint`."""
        return frozenset()

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events set by this scenario, and the way in which each is set; a run warns of events that no product carries.

        By default all events in `factors`, by hazards of their own.
        """
        return {factor: "hazard" for factor in sorted(self.factors, key=str) if isinstance(factor, Event)}

    @property
    def shocked(self) -> Mapping[str, frozenset[Factor]]:
        """Changes made by shocks: a description -> the levels, rates and fees changed. Empty by default.

        A run warns of changes that affect no product.
        """
        return {}

    def needed(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Some factors, and all factors of this scenario that they depend on."""
        return factors | (self.depends_on if factors & self.factors else frozenset())

    @property
    def as_of(self) -> np.datetime64 | None:
        """Day for which the numbers of this scenario hold; None (default) if there is none.

        A run warns if its grid begins more than a year before or after.
        """
        return None

    @property
    def assumption_set(self) -> str:
        """Label of the assumption set of its numbers, ``"2026.11 (1a2b3c4d)"``; empty if there is none.

        By default that of the scenario that it wraps, in an attribute `scenario`.
        """
        inner = getattr(self, "scenario", None)
        return inner.assumption_set if isinstance(inner, Scenario) else ""

    @property
    def numeraire(self) -> str:
        """The asset in which money is counted."""
        return "USD"

    @property
    def is_recorded(self) -> bool:
        """Whether paths are stretches of recorded time, which must not be paired with another record by accident."""
        return False

    def n_paths(self, grid: TimeGrid) -> int | None:
        """Number of paths; None if any number can be drawn."""
        del grid
        return None

    def overlap(self, grid: TimeGrid) -> int:
        """Number of neighbours of a path that share data with it; 0 for independent draws."""
        del grid
        return 0

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a level, where the level divided by it is a martingale.

        Then the mean of that ratio is the opening level at every time, and on any day chosen without looking ahead,
        such as the day of the pay-out (Doob's optional stopping): holding is a control variate of known mean.

        Parameters
        ----------
        factor
            A level, such as a price.
        grid
            The times.

        Returns
        -------
        ndarray, shape (n_times,), or None
            Mean of the level at each time over the opening level, above 0. None (default) where it is not known, or
            depends on the path so far.
        """
        del factor, grid
        return None

    def describe(self) -> tuple[str, ...]:
        """Notes on this scenario for readers of results: sources, dates, drift."""
        return ()

    @final
    def missing(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Factors that this scenario lacks; an event that carries a hazard is never one of them.

        Raises
        ------
        InputError
            Where a part depends on a factor that no part has; where scenarios are nested more than 32 deep.
        """
        refuse_deep(type(self).__name__, [self], Scenario)
        where = f"{type(self).__name__}.factors"
        here = checks.instance(where, self.factors, frozenset, 'frozenset({Price("ETH")})') | {Price(self.numeraire)}
        for factor in sorted(self.depends_on - here, key=str):
            rule, how = f"follows {factor}, which no part gives", "put a part that gives it before, in a Joint"
            checks.refuse(type(self).__name__, rule, ", ".join(sorted(map(str, here))), how)
        unknown = factors - here
        return frozenset(f for f in unknown if not f.optional and not (isinstance(f, Event) and f.hazard is not None))

    @final
    def market(self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, n_paths: int) -> Market:
        """Market with the factors requested.

        Raises
        ------
        InputError
            Where the scenario has no such factor.
        """
        factors = checks.instance("Scenario.market: factors", factors, frozenset, 'frozenset({Price("ETH")})')
        checks.integer("Scenario.market: n_paths", n_paths, 1, WIDTH_LIMIT)
        for factor in sorted(self.missing(factors), key=str):
            hint = f"add Constants({{{factor}: {factor.example}}}) or another part that gives it"
            checks.refuse(f"{type(self).__name__}: {factor}", "is not in this scenario", None, hint)
        supply = self._supplied(grid, factors, streams, n_paths)
        hazards = {f: f.hazard for f in factors if isinstance(f, Event) and f.hazard is not None}
        hazards |= supply.hazards
        decided = {factor for source in supply.sources for factor in source.factors}
        hits: dict[Event, Hits] = {
            e: strike(e.drawn_as, h, grid, streams, n_paths) for e, h in hazards.items() if e not in decided
        }
        hits |= {e: joined(hits.get(e, {}), more) for e, more in supply.event_hits.items()}
        return Market.from_sources(
            grid,
            n_paths,
            supply.sources,
            make_sources=partial(self._sources, grid, factors, streams, n_paths),
            series=supply.series,
            event_hits=hits,
            hazards=hazards,
            uniforms=Uniforms(streams, n_paths),
            time_offsets=supply.time_offsets,
            frozen_levels=supply.frozen_levels,
            expected_growth=self._growth(grid, frozenset(f for f in factors & self.factors if isinstance(f, Price))),
            numeraire=self.numeraire,
            scenario=type(self).__name__,
        )

    @final
    def _supplied(self, grid: TimeGrid, factors: frozenset[Factor], streams: Streams, paths: int) -> BlockInputs:
        """Result of `generate` with noises and streams of its own, so that readings share no state."""
        noise, here = self.drivers.noise(streams, paths, grid), self.factors
        given = frozenset(f for f in factors if f in here)  # the run's own events, with their hazards
        found = self.generate(grid, given, streams=streams.fresh(paths), noise=noise, n_paths=paths)
        where, how = f"{type(self).__name__}.generate", "BlockInputs(sources=(RowFiller(...),))"
        checks.instance(where, found, BlockInputs, how)
        checks.instance(f"{where}: sources", found.sources, tuple, how)
        return found

    @final
    def _sources(
        self, grid: TimeGrid, factors: frozenset[Factor], streams: Streams, paths: int
    ) -> tuple[RowSource, ...]:
        return self._supplied(grid, factors, streams, paths).sources

    @final
    def _growth(self, grid: TimeGrid, prices: frozenset[Factor]) -> Mapping[Factor, FloatArray]:
        """Known expected growth of prices; a price whose growth leaves the range of a float is left out."""
        found: dict[Factor, FloatArray] = {}
        for price in sorted(prices, key=str):
            growth = self.expected_growth(price, grid)
            if growth is None:
                continue
            if np.shape(growth) != (grid.n_times,):
                rule = f"must be None or have the shape (n_times,) with n_times = {grid.n_times}"
                checks.refuse(f"{type(self).__name__}.expected_growth({price})", rule, growth)
            if np.isfinite(growth).all() and (growth > 0.0).all():
                found[price] = frozen(growth)
        return found
