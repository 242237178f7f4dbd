"""`ScenarioTrial`: one check of one scenario; makes its markets, reads them whole, and reports differences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.errors import ConformanceError, InputError
from stakingmodels.market import Chunk, Event, Factor, Market, Price, TimeGrid
from stakingmodels.market.now import Hits
from stakingmodels.scenarios import Scenario, Streams
from stakingmodels.testing.blame import line_of
from stakingmodels.testing.trial import AnyArray, Numbers, difference

WIDE = 1_100
"""Paths of the checks, no multiple of the number drawn together."""
FEW = 40
CARRIED = 0.7315
"""Hazard a year that events carry, as those of a product do; a scenario may set another."""
NO_MARKET, NOT_READ = "no market can be made", "the market cannot be read"
"""Words of a failure that all checks which make and read a market have in common."""


@attrs.frozen(eq=False)
class ScenarioTrial:
    """State of one running check of a scenario.

    Attributes
    ----------
    check
        Its name, as in `SCENARIO_CHECKS`.
    scenario, grid
        Scenario that is checked, and the times.
    n_replicates
        Replicates of quasi-random paths; 0 (default) for independent paths.
    seed
        Seed of the random numbers.
    """

    check: str
    scenario: Scenario
    grid: TimeGrid
    n_replicates: int = 0
    seed: int = 1

    def fault(self, text: str) -> ConformanceError:
        """Error with the check and the scenario named before the text."""
        return ConformanceError(f"{self.check}: {checks.show(self.scenario)}: {text}")

    def fail(self, text: str) -> NoReturn:
        """Raise `ConformanceError` with this message."""
        raise self.fault(text)

    def paths(self, wanted: int) -> int:
        """A number of paths, or all that there are, if these are fewer."""
        most = self.scenario.n_paths(self.grid)
        return wanted if most is None else min(wanted, most)

    def market(self, factors: frozenset[Factor] | None = None, *, n_paths: int = WIDE, first_path: int = 0) -> Market:
        """Market of some factors (None for all); any error is a fault of the scenario."""
        asked = self.scenario.factors if factors is None else factors
        asked = frozenset(attrs.evolve(f, hazard=CARRIED) if isinstance(f, Event) else f for f in asked)
        streams = Streams(self.seed, first_path=first_path, n_replicates=self.n_replicates)
        try:
            return self.scenario.market(self.grid, asked, streams=streams, n_paths=n_paths)
        except Exception as error:
            raise self.fault(f"{NO_MARKET}: {type(error).__name__}: {error}{line_of(error)}") from error

    def read(self, market: Market, steps: int | None = None) -> Numbers:
        """All numbers of a market, read in chunks of so many steps."""
        return gathered(market, [*self.pieces(market, steps)])

    def pieces(self, market: Market, steps: int | None = None) -> "Iterator[Piece]":
        """Copies of the chunks of a market, one by one; any error is a fault of the scenario."""
        try:
            for chunk in market.chunks(steps):
                yield Piece.of(chunk)
        except Exception as error:  # noqa: BLE001 (whatever it raises)
            self.fail(f"{NOT_READ}: {type(error).__name__}: {error}{line_of(error)}")

    def numbers(self, factors: frozenset[Factor] | None = None, *, n_paths: int = WIDE, first_path: int = 0) -> Numbers:
        """All numbers of a market made for it."""
        return self.read(self.market(factors, n_paths=n_paths, first_path=first_path))

    def same(self, got: Numbers, want: Numbers, when: str) -> None:
        """Fail where two sets of numbers differ in any bit."""
        found = difference(got, want)
        if found is not None:
            self.fail(f"{found} {when}")


@attrs.frozen(eq=False)
class Piece:
    """Copy of one chunk: rows by factor, without those of the chunk before, and the hits so far."""

    rows: Mapping[Factor, AnyArray]
    hits: Mapping[Event, Hits]

    @classmethod
    def of(cls, chunk: Chunk) -> "Piece":
        """Copy of a chunk."""
        rows = {
            factor: table[1 if factor.kind == "level" and chunk.start else 0 :].copy()
            for factor, table in chunk.rows.items()
        }
        return cls(rows, {event: dict(hits) for event, hits in chunk.hits.items()})


def gathered(market: Market, pieces: Sequence[Piece]) -> dict[str, AnyArray]:
    """Rows of every factor over all of the grid, ``(n_rows, n_paths)``; masks of the events; and time offsets."""
    n = market.n_paths
    found: dict[str, AnyArray] = {}
    for factor in sorted(pieces[0].rows, key=str):
        tables = [piece.rows[factor] for piece in pieces if factor in piece.rows]
        whole = np.concatenate([np.broadcast_to(table, (len(table), _width(table, n))) for table in tables])
        found[str(factor)] = whole
    for event, hits in sorted(pieces[-1].hits.items(), key=str):
        mask = np.zeros((market.grid.n_steps, n), dtype=np.bool_)
        for step, paths in hits.items():
            mask[step, paths] = True
        found[str(event)] = mask
    if market.time_offsets is not None:
        found["the time offset"] = market.time_offsets.astype(np.float64)
    return found


def _width(table: AnyArray, n_paths: int) -> int:
    return n_paths if table.shape[1] == 1 else table.shape[1]


def default_grids(scenario: Scenario) -> Mapping[str, TimeGrid]:
    """Times on which a scenario is checked, from the day for which its numbers hold.

    Returns
    -------
    dict of str to TimeGrid
        ``"daily"``: 30 days and 15 settlement days; ``"uneven"``: steps of an hour to 30 days, but not for a scenario
        that refuses them.
    """
    known = isinstance(scenario.as_of, np.datetime64) and not np.isnat(scenario.as_of)  # else a check tells it
    start = scenario.as_of if known and scenario.as_of is not None else np.datetime64("2026-01-01")
    hours = np.cumsum([0, 6, 24, 1, 24 * 7, 24, 24, 24 * 30, 12, 24, 24 * 14, 24 * 7, 24, 24 * 3, 24])
    uneven = TimeGrid(start.astype("datetime64[s]") + hours * np.timedelta64(3_600, "s"), 10)
    grids = {"daily": TimeGrid.daily(start, days=30, settlement_days=15), "uneven": uneven}
    try:
        ScenarioTrial("grids", scenario, uneven).market(n_paths=1)
        scenario.n_paths(uneven)
    except InputError:
        del grids["uneven"]
    except ConformanceError as error:
        if isinstance(error.__cause__, InputError):
            del grids["uneven"]
    return grids


def given_factors(scenario: Scenario) -> list[Factor]:
    """Factors of a scenario that are rows, in an order that does not depend on hashes."""
    numeraire = Price(scenario.numeraire)
    return sorted((f for f in scenario.factors if f.kind != "event" and f != numeraire), key=str)
