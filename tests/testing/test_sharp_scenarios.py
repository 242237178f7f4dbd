"""Each check of scenarios finds the fault that it is for, by name, and no other check does."""

import functools
import inspect
from collections.abc import Callable
from typing import ClassVar

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    ConformanceError,
    Constants,
    Event,
    InputError,
    InputTypeError,
    Price,
    Scenario,
    StakingModelsError,
    StakingReward,
    TimeGrid,
    terms,
)
from stakingmodels.extend import BlockInputs, Drivers, RowFiller, Streams
from stakingmodels.testing import SCENARIO_CHECKS, check_scenario

ETH, BTC, REWARD, THEFT = Price("ETH"), Price("BTC"), StakingReward("ETH"), Event("theft:x")
GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=15)


@terms.sheet
class Sound(Scenario):
    """Two prices that diffuse, a reward that the author draws, and a theft."""

    level: float = terms.positive(default=100.0)
    volatility: float = terms.fraction(default=0.6)
    convexity: ClassVar[float] = 0.5

    @property
    def factors(self):
        return frozenset({ETH, BTC, REWARD, THEFT})

    @property
    def drivers(self):
        return Drivers((ETH, BTC), {(ETH, BTC): 0.5})

    def expected_growth(self, factor, grid):
        return np.ones(grid.n_times) if factor in {ETH, BTC} else None

    def describe(self):
        return ("ETH and BTC diffuse", f"{THEFT} has a hazard of 1 a year")

    def generate(self, grid, factors, *, streams, noise, n_paths):
        rows = factors - {THEFT}
        fill = functools.partial(self._begin, grid, streams, noise, n_paths)
        source = RowFiller(
            factors=rows,
            begin=fill,
            widths=dict.fromkeys(rows, n_paths),
            openings={factor: self.level for factor in rows & {ETH, BTC}},
        )
        return BlockInputs(sources=(source,) if rows else (), hazards={THEFT: 1.0} if THEFT in factors else {})

    def _begin(self, grid, streams, noise, n_paths, longest):
        del longest

        def fill(start, stop, rows, others):
            del others
            years = grid.step_days[start:stop, None] / 365.0
            for price in [factor for factor in (ETH, BTC) if factor in rows]:
                moves = rows[price][1:]
                noise.fill(price, start, stop, moves, self.volatility * np.sqrt(years))
                moves -= self.convexity * self.volatility**2 * years
                np.exp(moves, out=moves)
                np.multiply.accumulate(rows[price], axis=0, out=rows[price])
            if REWARD in rows:
                self.reward(streams, n_paths, start, rows[REWARD])

        return fill

    def reward(self, streams, n_paths, start, out):
        """Fill the fraction that each step accrues."""
        del n_paths, start
        streams.uniforms("reward", out)
        out *= 1e-4


@attrs.define(eq=False)
class Changeable(Sound):
    """Not frozen."""

    __setattr__ = object.__setattr__


@attrs.define(eq=False)
class Forgetful(Sound):
    """Loses its reward when it is copied."""

    def __reduce__(self):
        return type(self), (), {"copied": True}

    def __setstate__(self, state):
        object.__setattr__(self, "copied", True)

    def reward(self, streams, n_paths, start, out):
        out[:] = 0.0 if hasattr(self, "copied") else 1e-4


@terms.sheet
class Credulous(Sound):
    fee: float = 0.0


class Circular(Sound):
    depends_on = property(lambda _: frozenset({ETH}))


class Undated(Sound):
    as_of = property(lambda _: "2026-01-01")


class Astray(Sound):
    shocked = property(lambda _: {"SOL falls": frozenset({Price("SOL")})})


class Empty(Sound):
    """Promises a factor that it never gives."""

    factors = property(lambda _: frozenset({ETH, BTC, REWARD, THEFT, Price("SOL")}))

    def generate(self, grid, factors, **given):
        return super().generate(grid, factors - {Price("SOL")}, **given)


class Negative(Sound):
    """A reward below -1, which a market takes from a source of the library unseen."""

    def reward(self, streams, n_paths, start, out):
        streams.uniforms("reward", out)
        out -= 2.0


class Off(Sound):
    events = property(lambda _: {THEFT: "off"})


class Struck(Sound):
    """Names a day that never comes."""

    events = property(lambda _: {THEFT: "struck"})

    def generate(self, grid, factors, **given):
        return attrs.evolve(super().generate(grid, factors, **given), hazards={THEFT: 0.0})


class Unset(Sound):
    events = property(lambda _: {})


class Strange(Sound):
    events = property(lambda _: {THEFT: "hazard", Event("theft:y"): "hazard"})

    def describe(self):
        return ("theft:x and theft:y",)


class Hazardless(Sound):
    def generate(self, grid, factors, **given):
        return attrs.evolve(super().generate(grid, factors, **given), hazards={})


class Listing(Sound):
    def describe(self):
        return [*super().describe()]


class Silent(Sound):
    def describe(self):
        return ("ETH and BTC diffuse",)


class Peeking(Sound):
    """Looks at the global generator, and draws nothing."""

    def reward(self, streams, n_paths, start, out):
        out[:] = 1e-9 * (np.random.get_state()[1][0] % 1_000)  # noqa: NPY002  # the fault


class OwnSeed(Sound):
    """Has a seed of its own."""

    def generate(self, grid, factors, *, streams, **given):
        return super().generate(grid, factors, streams=Streams(7, first_path=streams.first_path), **given)


class TotalKnown(Sound):
    """Depends on the number of paths of the whole run."""

    def reward(self, streams, n_paths, start, out):
        out[:] = 1e-9 * (streams.first_path + n_paths)


class Numbered(Sound):
    """Counts the paths of each market from 0."""

    def reward(self, streams, n_paths, start, out):
        streams.uniforms("reward", out)
        out *= 1e-4
        out += 1e-9 * np.arange(n_paths)


class Chunked(Sound):
    """Gives what depends on where a chunk begins."""

    def reward(self, streams, n_paths, start, out):
        out[:] = 1e-6 * start


class Keeping(Sound):
    """Keeps its sources, which then serve one reading at a time."""

    def generate(self, grid, factors, *, streams, noise, n_paths):
        key = (self, grid.n_steps, factors, streams.entropy, streams.first_path, n_paths)
        if key not in KEPT:
            KEPT[key] = super().generate(grid, factors, streams=streams, noise=noise, n_paths=n_paths)
        return KEPT[key]

    def reward(self, streams, n_paths, start, out):
        out[:] = 1e-4


KEPT: dict[object, BlockInputs] = {}


class Entangled(Sound):
    """Draws for its reward what is left of a stream by the theft."""

    def generate(self, grid, factors, *, streams, noise, n_paths):
        if THEFT in factors:
            streams.uniforms("reward", np.empty(n_paths))
        return super().generate(grid, factors, streams=streams, noise=noise, n_paths=n_paths)


class Drifting(Sound):
    """Forgets what convexity adds."""

    convexity = 0.0


class Reverting(Sound):
    """A mean that stays, and moves that can be foreseen."""

    def _begin(self, grid, streams, noise, n_paths, longest):
        def fill(start, stop, rows, others):
            for price in [factor for factor in (ETH, BTC) if factor in rows]:
                streams.uniforms(str(price), rows[price][1:])
                rows[price][1:] += 99.5
            if REWARD in rows:
                self.reward(streams, n_paths, start, rows[REWARD])

        return fill


class LateGrowth(Sound):
    def expected_growth(self, factor, grid):
        return np.full(grid.n_times, 2.0) if factor == ETH else None


class Seeding(Sound):
    """Seeds the global generator, and does not use it."""

    def reward(self, streams, n_paths, start, out):
        np.random.seed(7)  # noqa: NPY002  # the fault
        out[:] = 1e-4


class Loud(Sound):
    def reward(self, streams, n_paths, start, out):
        print("drawn")  # noqa: T201  # the fault
        out[:] = 1e-4


FAULTS: dict[type[Scenario], tuple[str, str]] = {
    Changeable: ("frozen", "level can be set; write @terms.sheet"),
    Forgetful: ("frozen", r"StakingReward\(\"ETH\"\) at time 0 on path 0 is 0.0, not 0.0001, after copy"),
    Credulous: ("refuses-nan", "fee: NaN is taken"),
    Circular: ("declared", r"Price\(\"ETH\"\) is among its factors, and it depends on it"),
    Undated: ("declared", r"as_of is '2026-01-01', not np.datetime64"),
    Astray: ("declared", r"'SOL falls' shocks Price\(\"SOL\"\), which is not among its factors"),
    Empty: ("rows", r"Price\(\"SOL\"\) is among its factors, and not in the market that it makes"),
    Negative: ("rows", r"StakingReward\(\"ETH\"\) is -1.\d+ in row 0 on path 0, not finite and at least -1"),
    Off: ("events", r"Event\(\"theft:x\"\) occurs, and is set as 'off'"),
    Struck: ("events", r"Event\(\"theft:x\"\) never occurs, and is set as 'struck'"),
    Unset: ("events", r"Event\(\"theft:x\"\) is among its factors, and not set in `events`"),
    Strange: ("events", r"Event\(\"theft:y\"\) is set in `events`, and not among its factors"),
    Hazardless: ("events", r"Event\(\"theft:x\"\) is set as 'hazard', and has only the hazard that it carries"),
    Listing: ("described", r"describe gives \[.*\], not a tuple of sentences"),
    Silent: ("described", r"Event\(\"theft:x\"\) is set in `events`, and no note of describe tells of it"),
    Peeking: ("deterministic", "when the same market is made again"),
    OwnSeed: ("seed", r"StakingReward\(\"ETH\"\) differs between paths, and is the same for another seed"),
    TotalKnown: ("prefix", "when 1 paths are asked for, not 1100"),
    Numbered: ("cut", "when the paths from 512 on are made by themselves"),
    Chunked: ("chunks", "when 1 steps are read at once"),
    Keeping: ("readings", "the market cannot be read: ExecutionError: "),
    Entangled: ("each-alone", "when Event.* is all but that is asked for"),
    Drifting: ("expected-growth", r"the mean change of Price\(\"BTC\"\) over its expected growth from time 0 to"),
    Reverting: ("expected-growth", r"where it was high before is -0.\d+, more than 5 standard errors"),
    LateGrowth: ("expected-growth", r"the expected growth of Price\(\"ETH\"\) is 2.0 at the opening, not 1"),
    Seeding: ("global-state", "a market changes numpy's global generator"),
    Loud: ("quiet", r"a market prints 'drawn\\n"),
}


def caught(scenario: Scenario) -> set[str]:
    """The checks that a scenario fails."""
    found = set()
    for name, check in SCENARIO_CHECKS.items():
        try:
            check(scenario, GRID)
        except StakingModelsError:
            found.add(name)
    return found


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_a_fault_is_found_by_its_check_alone(kind):
    name, words = FAULTS[kind]
    with pytest.raises(ConformanceError, match=f"^{name}: .*{words}"):
        check_scenario(kind(), GRID)
    assert caught(kind()) == {name}


def test_every_check_has_a_fault_that_it_finds():
    assert {name for name, _ in FAULTS.values()} == {*SCENARIO_CHECKS}


def test_a_sound_scenario_passes():
    check_scenario(Sound())
