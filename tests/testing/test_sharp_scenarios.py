"""Each check of scenarios finds the fault that it is for, by name; that no other does is seen in the catalogue."""

import functools
import inspect
import random
from typing import ClassVar

import attrs
import numpy as np
import pytest

from stakingmodels import (
    ConformanceError,
    Constants,
    Event,
    History,
    InputError,
    InputTypeError,
    Joint,
    Price,
    Scenario,
    StakingModelsError,
    StakingReward,
    TimeGrid,
    terms,
)
from stakingmodels.extend import BlockInputs, Drivers, RowFiller, Streams
from stakingmodels.scenarios import (
    daily_series,
)
from stakingmodels.testing import SCENARIO_CHECKS, check_scenario

pytestmark = pytest.mark.once

ETH, BTC, REWARD, THEFT = Price("ETH"), Price("BTC"), StakingReward("ETH"), Event("theft:x")
GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=15)


@terms.sheet
class Sound(Scenario):
    """Two prices that diffuse, a reward that the author draws, and a theft."""

    level: float = terms.positive(default=100.0)
    volatility: float = terms.fraction(default=0.6)
    convexity: ClassVar[float] = 0.5
    moves_by_step: ClassVar[bool] = False
    accrues_by_step: ClassVar[bool] = False

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
            openings=dict.fromkeys(rows & {ETH, BTC}, self.level),
        )
        return BlockInputs(sources=(source,) if rows else (), hazards={THEFT: 1.0} if THEFT in factors else {})

    def _begin(self, grid, streams, noise, n_paths, longest):
        del longest

        def fill(start, stop, rows, others):
            del others
            days = grid.step_days[start:stop, None]
            years = (np.ones_like(days) if self.moves_by_step else days) / 365.0
            for price in [factor for factor in (ETH, BTC) if factor in rows]:
                moves = rows[price][1:]
                noise.fill(price, start, stop, moves, self.volatility * np.sqrt(years))
                moves -= self.convexity * self.volatility**2 * years
                np.exp(moves, out=moves)
                np.multiply.accumulate(rows[price], axis=0, out=rows[price])
            if REWARD in rows:
                self.reward(streams, n_paths, start, rows[REWARD])
                rows[REWARD] *= 1.0 if self.accrues_by_step else days

        return fill

    def reward(self, streams, n_paths, start, out):
        """Fill the fraction that each day of a step accrues."""
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
    """A reward below -1, which no run takes."""

    def reward(self, streams, n_paths, start, out):
        streams.uniforms("reward", out)
        out -= 2.0


class Off(Sound):
    events = property(lambda _: {THEFT: "off"})


class Struck(Sound):
    """Names a day that never comes."""

    events = property(lambda _: {THEFT: "struck"})

    def generate(self, grid, factors, **given):
        found = super().generate(grid, factors, **given)
        return attrs.evolve(found, hazards={THEFT: 0.0} if THEFT in factors else {})


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
        out[:] = 1e-9 * (random.getstate()[1][1] % 1_000)


class OwnSeed(Sound):
    """Has a seed of its own."""

    def generate(self, grid, factors, *, streams, **given):
        return super().generate(grid, factors, streams=Streams(7, first_path=streams.first_path), **given)


class Tiled(Sound):
    """Draws 512 paths, and gives them again and again."""

    def reward(self, streams, n_paths, start, out):
        for step, row in enumerate(out, start):
            first = np.empty(512)
            Streams(streams.entropy).uniforms(f"reward of step {step}", first)
            row[:] = 1e-4 * np.resize(first, n_paths)


class Following(Sound):
    """A reward of which nine tenths are the same for all seeds."""

    def reward(self, streams, n_paths, start, out):
        streams.uniforms("reward", out)
        out *= 1e-4
        if not streams.n_replicates:
            for step, row in enumerate(out, start):
                common = np.empty(n_paths)
                Streams(7, first_path=streams.first_path).uniforms(f"reward of step {step}", common)
                row[:] = 0.1 * row + 0.9e-4 * common


class MovesByStep(Sound):
    """Prices that move as much in a week as in a day."""

    moves_by_step = True


class AccruesByStep(Sound):
    """A reward that pays as much for a week as for a day."""

    accrues_by_step = True


class Backwards(Sound):
    """A reward that is counted from the end."""

    days_left = np.zeros(1)

    def generate(self, grid, factors, **given):
        object.__setattr__(self, "days_left", grid.elapsed_days[-1] - grid.elapsed_days)
        return super().generate(grid, factors, **given)

    def reward(self, streams, n_paths, start, out):
        out[:] = 1e-6 * self.days_left[start : start + len(out), None]


class Generous(Sound):
    """Gives its reward unasked."""

    def generate(self, grid, factors, **given):
        return super().generate(grid, factors | {REWARD}, **given)


class Ordered(Sound):
    """Doubles its reward where factors do not come in the order of a set, of which nobody knows what it is."""

    doubled = 1

    def generate(self, grid, factors, **given):
        object.__setattr__(self, "doubled", 1 + ([*factors] != [*frozenset(factors)]))
        return super().generate(grid, factors, **given)

    def reward(self, streams, n_paths, start, out):
        out[:] = 1e-4 * self.doubled


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


class Spread(Sound):
    """Spreads quasi-random paths over their own number, whatever the whole run has."""

    def reward(self, streams, n_paths, start, out):
        if streams.n_replicates:
            out[:] = 1e-4 * np.arange(n_paths) / n_paths
        else:
            streams.uniforms("reward", out)
            out *= 1e-4


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


class Sharing(Sound):
    """Counts its steps in one place for all readings."""

    def reward(self, streams, n_paths, start, out):
        COUNTED[0] = 0 if start == 0 else COUNTED[0]
        out[:] = 1e-6 * ((COUNTED[0] + np.arange(len(out))) % 3)[:, None]
        COUNTED[0] += len(out)


COUNTED = [0]


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
            del others
            for price in [factor for factor in (ETH, BTC) if factor in rows]:
                streams.uniforms(str(price), rows[price][1:])
                rows[price][1:] += 99.5
            if REWARD in rows:
                self.reward(streams, n_paths, start, rows[REWARD])
                rows[REWARD] *= grid.step_days[start:stop, None]

        return fill


class LateGrowth(Sound):
    def expected_growth(self, factor, grid):
        return np.full(grid.n_times, 2.0) if factor == ETH else None


class Follower(Sound):
    depends_on = property(lambda _: frozenset({Price("SOL")}))


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
    Off: ("events", r"Event\(\"theft:x\"\) occurs, and is set as 'off'"),
    Struck: ("events", r"Event\(\"theft:x\"\) never occurs, and is set as 'struck'"),
    Unset: ("events", r"Event\(\"theft:x\"\) is among its factors, and not set in `events`"),
    Strange: ("events", r"Event\(\"theft:y\"\) is set in `events`, and not among its factors"),
    Hazardless: ("events", r"Event\(\"theft:x\"\) is set as 'hazard', and has only the hazard that it carries"),
    Listing: ("described", r"describe gives \[.*\], not a tuple of sentences"),
    Silent: ("described", r"Event\(\"theft:x\"\) is set in `events`, and no note of describe tells of it"),
    Peeking: ("deterministic", "when the same market is made again"),
    OwnSeed: ("seed", r"StakingReward\(\"ETH\"\) differs between paths, and is the same for another seed"),
    Tiled: ("seed", r"StakingReward\(\"ETH\"\) of the paths from 512 on is that of the first 512 again"),
    Following: ("seed", r"StakingReward\(\"ETH\"\) of another seed follows that of the first"),
    MovesByStep: (
        "step-length",
        r"Price\(\"BTC\"\): the spread of its changes over a quarter is 0\.[23]\d* in steps of d",
    ),
    AccruesByStep: (
        "step-length",
        r"StakingReward\(\"ETH\"\): what accrues over a quarter is 0\.00\d+ in steps of days",
    ),
    Backwards: ("truncation", "when the grid ends at time 15, not 45"),
    Generous: ("asked-for", r"StakingReward.* is given when .* would displace that of another part of a Joint"),
    Ordered: ("permutation", "when its factors are asked for in another order"),
    TotalKnown: ("prefix", "when 1 paths are asked for, not 1100"),
    Numbered: ("cut", "when the paths from 512 on are made by themselves"),
    Chunked: ("chunks", "when 1 steps are read at once"),
    Keeping: ("readings", "the market cannot be read: ExecutionError: "),
    Spread: ("quasi-random", "when 16 quasi-random paths are asked for, not 1100"),
    Sharing: ("readings", "when the market is read twice at once"),
    Entangled: ("each-alone", "when Event.* is all but that is asked for"),
    Drifting: ("expected-growth", r"the mean change of Price\(\"(BTC|ETH)\"\) over its expected growth from time 0 to"),
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
def test_a_fault_is_found_by_its_check(kind):
    name, words = FAULTS[kind]
    with pytest.raises(ConformanceError, match=f"^{name}: .*{words}"):
        check_scenario(kind(), GRID, only=[name])


def test_every_check_has_a_fault_that_it_finds():
    assert {name for name, _ in FAULTS.values()} == {*SCENARIO_CHECKS}


def test_a_sound_scenario_passes():
    check_scenario(Sound())


def test_rows_that_no_run_takes_fail_every_check_that_reads_them():
    words = r"^rows: Negative\(\): the market cannot be read: InputError: .* must be at least -1; the first"
    with pytest.raises(ConformanceError, match=words):
        check_scenario(Negative(), GRID)
    assert caught(Negative()) == {*SCENARIO_CHECKS} - {
        "refuses-nan",
        "declared",
        "described",
        "expected-growth",
        "asked-for",
    }


def test_an_error_of_the_scenario_is_a_fault_of_the_scenario():
    class Broken(Sound):
        def generate(self, grid, factors, **given):
            raise KeyError("rules")

    with pytest.raises(ConformanceError, match=r"^rows: .*: no market can be made: KeyError: 'rules' \(in gen"):
        check_scenario(Broken(), GRID)


@pytest.mark.parametrize("name", SCENARIO_CHECKS)
def test_each_check_is_addressable_alone_and_says_what_it_claims(name):
    check_scenario(Constants({ETH: 3_000.0}), only=[name])
    check = SCENARIO_CHECKS[name]
    assert getattr(check, "__name__", "") == "check_" + name.replace("-", "_")
    assert (inspect.getdoc(check) or "").partition("\n")[0].endswith(".")


class RareJumps(Sound):
    """Prices that stand nearly still, and of which a quarter jump in 13 weeks: a quantile may fall on either side."""

    def _begin(self, grid, streams, noise, n_paths, longest):
        def fill(start, stop, rows, others):
            del others
            for price in [factor for factor in (ETH, BTC) if factor in rows]:
                first = np.empty(n_paths)
                for step in range(start, stop):
                    Streams(streams.entropy, first_path=streams.first_path).uniforms(f"{price} {step}", first)
                    chance = 1.0 - 0.75 ** (grid.step_days[step] / 91.0)
                    still = 1.0 + 1e-5 * np.sqrt(grid.step_days[step]) * (first - 0.5)
                    rows[price][step - start + 1] = rows[price][step - start] * np.where(first < chance, 1.5, still)
            if REWARD in rows:  # of mean 0
                streams.uniforms("reward", rows[REWARD])
                rows[REWARD] -= 0.5
                rows[REWARD] *= 1e-4 * grid.step_days[start:stop, None]

        return fill


@pytest.mark.parametrize("seed", range(10))
def test_rare_jumps_and_a_rate_of_mean_zero_are_no_fault(seed):
    check_scenario(RareJumps(), GRID, only=["step-length", "seed"], seed=seed)


def test_an_exception_is_declared_with_its_reason():
    reasons = {"cut": "the paths of a stress test are numbered"}
    check_scenario(Numbered(), GRID, expected_failures=reasons)
    with pytest.raises(ConformanceError, match=r"^cut: Sound\(\): passes again; remove it from expected_failures"):
        check_scenario(Sound(), GRID, expected_failures=reasons)
    with pytest.raises(
        ConformanceError, match=rf"^1 of {len(SCENARIO_CHECKS)} checks fails: Numbered\(\)\n- cut: Numbered\(\): "
    ):
        check_scenario(Numbered(), GRID, on_fail="collect")
    with pytest.raises(InputError, match=r"^check_scenario: expected_failures\['cut'\]: must say why"):
        check_scenario(Numbered(), GRID, expected_failures={"cut": ""})


def test_bad_calls_are_refused():
    with pytest.raises(InputError, match=r"must be one of .*SCENARIO_CHECKS`, got 'seeds' \(did you mean seed\?\)$"):
        check_scenario(Sound(), only=["seeds"])
    with pytest.raises(InputTypeError, match=r"^check_scenario: scenario: must be Scenario"):
        check_scenario(Sound)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^check_scenario: grid: must be TimeGrid"):
        check_scenario(Sound(), 45)  # type: ignore[arg-type]


def test_a_grid_that_it_cannot_serve_is_no_fault_of_the_scenario():
    days = np.arange("2025-01-01", "2025-01-11", dtype="datetime64[D]")
    short = History({ETH: daily_series(days, np.linspace(3_000.0, 3_900.0, 10), name="made up")})
    with pytest.raises(InputError, match=r"^History"):
        check_scenario(short)
    check_scenario(short, TimeGrid.daily("2026-01-01", days=4, settlement_days=2))


def test_one_that_depends_on_another_is_checked_beside_it():
    with pytest.raises(InputError, match=r"Follower: follows Price\(\"SOL\"\), which no part gives"):
        check_scenario(Follower())
    check_scenario(Joint([Constants({Price("SOL"): 100.0}), Follower()]), GRID)


def test_a_day_of_the_wrong_type_is_told_on_the_default_grids_too():
    with pytest.raises(ConformanceError, match=r"^declared: Undated\(.*as_of is '2026-01-01', not np\.datetime64"):
        check_scenario(Undated())


@terms.sheet
class OfASet(Sound):
    @property
    def factors(self):
        return {ETH, BTC, REWARD, THEFT}


def test_factors_that_are_no_frozenset_are_a_fault_of_the_scenario():
    with pytest.raises(
        ConformanceError, match=r"^declared: OfASet\(\): factors is .*, not frozenset\(.*\ncall: check_sc"
    ):
        check_scenario(OfASet())
