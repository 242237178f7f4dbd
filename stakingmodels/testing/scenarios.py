"""`check_scenario` and `SCENARIO_CHECKS`: the checks that every scenario must pass."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.errors import ConformanceError, InputTypeError
from stakingmodels.market import Event, Factor, Market, TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.scenarios.base import Setting
from stakingmodels.series import FrozenMap
from stakingmodels.testing.asking import (
    check_asked_for,
    check_each_alone,
    check_permutation,
    check_truncation,
)
from stakingmodels.testing.choosing import chosen
from stakingmodels.testing.counterexample import grid_text, python_text, told, with_call
from stakingmodels.testing.growth import check_expected_growth
from stakingmodels.testing.locked import check_locked, check_nan_refused, equal_copies
from stakingmodels.testing.quasi import check_quasi_random
from stakingmodels.testing.readings import (
    CARRIED,
    FEW,
    NO_MARKET,
    NOT_READ,
    WIDE,
    ScenarioTrial,
    default_grids,
    gathered,
    given_factors,
)
from stakingmodels.testing.scaling import check_seed, check_step_length
from stakingmodels.testing.surroundings import changed_by, printed_by, restored_generators, seed_generators
from stakingmodels.testing.verdicts import OnFail, run_checks
from stakingmodels.words.language import LANGUAGES, Note, in_language

_OWN = "stakingmodels."
_LANE = 512
_AT_ONCE = 7  # steps, so that every reading has several parts
_PREFIXES = (1, 300, _LANE, _LANE + 1)


class ScenarioCheck(Protocol):
    """A named check: returns if the scenario passes on this grid, and raises `ConformanceError` if not."""

    def __call__(self, scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
        """Check a scenario on a grid, with the random numbers of a seed."""
        ...  # pragma: no cover


def check_frozen(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A scenario cannot be changed; copies and pickles are equal, hash alike and give the same numbers."""
    trial = ScenarioTrial("frozen", scenario, grid, seed=seed)
    check_locked(scenario, trial.fail)
    n = trial.paths(FEW)
    first = trial.numbers(n_paths=n)
    for name, twin in [*equal_copies(scenario, trial.fail), ("replacing nothing", scenario.replace())]:
        if twin != scenario or hash(twin) != hash(scenario):
            trial.fail(f"{name} gives one that is not equal to it, or hashes differently")
        trial.same(attrs.evolve(trial, scenario=twin).numbers(n_paths=n), first, f"after {name}")


def check_refuses_nan(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Every number among the terms refuses NaN, with an error of the library that names the field."""
    check_nan_refused(scenario, ScenarioTrial("refuses-nan", scenario, grid, seed=seed).fail)


def check_declared(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """It says what it gives: factors, those it depends on, its currency, its day, its paths, and shocks."""
    trial = ScenarioTrial("declared", scenario, grid, seed=seed)
    for name in ("factors", "depends_on"):
        value = getattr(scenario, name)
        if not isinstance(value, frozenset) or not all(isinstance(each, Factor) for each in value):
            trial.fail(f'{name} is {checks.show(value)}, not frozenset({{Price("ETH")}})')
    both = sorted(map(str, scenario.factors & scenario.depends_on))
    if both:
        trial.fail(f"{both[0]} is among its factors, and it depends on it")
    if not isinstance(scenario.numeraire, str) or not scenario.numeraire.strip():
        trial.fail(f"numeraire is {scenario.numeraire!r}, not the name of a currency")
    if scenario.as_of is not None and (not isinstance(scenario.as_of, np.datetime64) or np.isnat(scenario.as_of)):
        trial.fail(f'as_of is {checks.show(scenario.as_of)}, not np.datetime64("2026-08-22") or None')
    if not isinstance(scenario.overlap(grid), int) or scenario.overlap(grid) < 0:
        trial.fail(f"overlap is {checks.show(scenario.overlap(grid))}, not a number of neighbors")
    for words, changed in scenario.shocked.items():
        strange = sorted(map(str, changed - scenario.factors))
        if strange:
            trial.fail(f"{words!r} shocks {strange[0]}, which is not among its factors")


def check_rows(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Every declared factor is given: a row for each step (levels one more), finite, within the factor's bounds."""
    trial = ScenarioTrial("rows", scenario, grid, seed=seed)
    n = trial.paths(FEW)
    market = trial.market(n_paths=n)
    numbers = trial.read(market)
    for factor in given_factors(scenario):
        if str(factor) not in numbers:
            trial.fail(f"{factor} is among its factors, and not in the market that it makes")
        table = numbers[str(factor)]
        shape = (grid.n_steps + (factor.kind == "level"), n)
        if table.shape != shape:
            trial.fail(f"{factor} has the shape {table.shape}, not {shape}")
        touches = factor.zero_allowed or factor.is_rate
        fine = np.isfinite(table) & ((table >= factor.minimum) if touches else (table > factor.minimum))
        if not fine.all():
            row, path = (int(i) for i in np.argwhere(~fine)[0])
            bound = f"finite and {'at least' if touches else 'above'} {factor.minimum:g}"
            trial.fail(f"{factor} is {float(table[row, path])!r} in row {row} on path {path}, not {bound}")


def check_events(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Events occur as `events` says, at most once in a step on a path; the hits are paths that exist, in order."""
    trial = ScenarioTrial("events", scenario, grid, seed=seed)
    market = trial.market(n_paths=trial.paths(WIDE))
    hits = [*trial.pieces(market)][-1].hits
    declared = {factor for factor in scenario.factors if isinstance(factor, Event)}
    for event, setting in scenario.events.items():
        if setting not in get_args(Setting):
            trial.fail(f"{event} is set as {setting!r}, not one of {', '.join(get_args(Setting))}")
        if event not in declared:
            trial.fail(f"{event} is set in `events`, and not among its factors")
        _check_setting(trial, market, event, setting, occurs=any(each.size for each in hits.get(event, {}).values()))
    for event in sorted(declared - scenario.events.keys(), key=str):
        trial.fail(f"{event} is among its factors, and not set in `events`")
    for event, struck in hits.items():
        for step, paths in struck.items():
            in_range = not paths.size or (paths[0] >= 0 and paths[-1] < market.n_paths)
            if not 0 <= step < grid.n_steps or not in_range or (np.diff(paths) <= 0).any():
                trial.fail(f"{event} in step {step} hits {checks.show(paths.tolist())}: paths, in order, each once")


def _check_setting(trial: ScenarioTrial, market: Market, event: Event, setting: str, *, occurs: bool) -> None:
    decided = frozenset(factor for source in market.sources for factor in source.factors)
    if occurs and setting == "off":
        trial.fail(f"{event} occurs, and is set as 'off'")
    if not occurs and setting == "struck":
        trial.fail(f"{event} never occurs, and is set as 'struck'")
    if setting == "hazard" and event not in decided and market.hazards.get(event, CARRIED) == CARRIED:
        trial.fail(f"{event} is set as 'hazard', and has only the hazard that it carries itself")


def check_described(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Notes are sentences, in every language that they have words for, and tell of each event that is set."""
    trial = ScenarioTrial("described", scenario, grid, seed=seed)
    notes = scenario.describe()
    if not isinstance(notes, tuple) or not all(isinstance(note, str) and note.strip() for note in notes):
        trial.fail(f"describe gives {checks.show(notes)}, not a tuple of sentences")
    for note in notes:
        for language in LANGUAGES if isinstance(note, Note) else ():
            try:
                in_language(note, language)
            except Exception as error:  # noqa: BLE001 (whatever it raises)
                trial.fail(f"{note!r} in {language} raises {type(error).__name__}: {error}")
    for event in sorted(scenario.events, key=str):
        if notes and not any(event.name in note for note in notes):
            trial.fail(f"{event} is set in `events`, and no note of describe tells of it")


def check_deterministic(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Numbers follow from the streams alone, whatever numpy's and Python's global generators and error settings are."""
    trial = ScenarioTrial("deterministic", scenario, grid, seed=seed)
    n = trial.paths(FEW)
    with restored_generators():
        seed_generators(1)
        first = trial.numbers(n_paths=n)
        seed_generators(2)
        with np.errstate(all="raise"):
            second = trial.numbers(n_paths=n)
    trial.same(second, first, "when the same market is made again")


def check_prefix(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A run of n paths is the beginning of a run of more, whatever n is."""
    trial = ScenarioTrial("prefix", scenario, grid, seed=seed)
    n = trial.paths(WIDE)
    whole = trial.numbers(n_paths=n)
    for few in _PREFIXES:
        if few < n:
            part = {name: table[..., :few] for name, table in whole.items()}
            trial.same(trial.numbers(n_paths=few), part, f"when {few} paths are asked for, not {n}")


def check_cut(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Later paths, made by themselves, have the numbers that they have in a wide run."""
    trial = ScenarioTrial("cut", scenario, grid, seed=seed)
    n = trial.paths(WIDE)
    if n <= _LANE:
        return
    rest = {name: table[..., _LANE:] for name, table in trial.numbers(n_paths=n).items()}
    alone = trial.numbers(n_paths=n - _LANE, first_path=_LANE)
    trial.same(alone, rest, f"(counted from path {_LANE}) when the paths from {_LANE} on are made by themselves")


def check_chunks(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Numbers are the same for any number of steps that are read at once."""
    trial = ScenarioTrial("chunks", scenario, grid, seed=seed)
    n = trial.paths(_LANE + FEW)  # of two lanes, for a fault may be in the later chunks of the second alone
    usual = trial.numbers(n_paths=n)
    for steps in (1, _AT_ONCE, grid.n_steps):
        trial.same(trial.read(trial.market(n_paths=n), steps), usual, f"when {steps} steps are read at once")


def check_readings(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A market can be read again, and twice at once, with the same numbers."""
    trial = ScenarioTrial("readings", scenario, grid, seed=seed)
    market = trial.market(n_paths=trial.paths(FEW))
    first = trial.read(market, _AT_ONCE)
    trial.same(trial.read(market, _AT_ONCE), first, "in a second reading")
    turns = zip(trial.pieces(market, _AT_ONCE), trial.pieces(market, _AT_ONCE), strict=True)
    for pieces in zip(*turns, strict=True):
        trial.same(gathered(market, pieces), first, "when the market is read twice at once")


def check_global_state(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A market leaves the state of the process as it was: generators, error settings, warnings, environment."""
    trial = ScenarioTrial("global-state", scenario, grid, seed=seed)
    for name in changed_by(lambda: trial.numbers(n_paths=trial.paths(FEW))):
        trial.fail(f"a market changes {name}")


def check_quiet(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A market prints nothing."""
    trial = ScenarioTrial("quiet", scenario, grid, seed=seed)
    printed = printed_by(lambda: trial.numbers(n_paths=trial.paths(FEW)))
    if printed:
        trial.fail(f"a market prints {printed[:40]!r}")


SCENARIO_CHECKS: Mapping[str, ScenarioCheck] = told(
    "SCENARIO_CHECKS",
    {
        # the first, since what a run changes for good cannot be seen any more by a later one
        "global-state": check_global_state,
        "declared": check_declared,
        "rows": check_rows,
        "frozen": check_frozen,
        "refuses-nan": check_refuses_nan,
        "events": check_events,
        "described": check_described,
        "deterministic": check_deterministic,
        "seed": check_seed,
        "prefix": check_prefix,
        "cut": check_cut,
        "chunks": check_chunks,
        "readings": check_readings,
        "truncation": check_truncation,
        "quasi-random": check_quasi_random,
        "each-alone": check_each_alone,
        "asked-for": check_asked_for,
        "permutation": check_permutation,
        "step-length": check_step_length,
        "expected-growth": check_expected_growth,
        "quiet": check_quiet,
    },
)
"""Checks by name, in the order in which `check_scenario` runs them."""


def _parts_of_others(scenario: Scenario) -> Iterator[Scenario]:
    """Scenarios among the fields of a scenario, at any depth, that depend on no other; not the library's own."""
    kind: Any = type(scenario)
    for field in attrs.fields(kind) if attrs.has(kind) else ():
        given = getattr(scenario, field.name)
        for each in given if isinstance(given, tuple) else (given,):
            if isinstance(each, Scenario):
                yield from _parts_of_others(each)
                if not type(each).__module__.startswith(_OWN) and not each.depends_on:
                    yield each


def _call_text(name: str, scenario: Scenario, grid: TimeGrid, seed: int) -> str:
    how = f"only=[{name!r}]" if seed == 1 else f"only=[{name!r}], seed={seed}"
    return f"check_scenario({python_text(scenario)}, {grid_text(grid)}, {how})"


def _check_complete(scenario: Scenario) -> None:
    """Refuse a scenario that depends on others; one whose factors are no set that can be asked for is at fault."""
    try:
        scenario.missing(scenario.factors)
    except InputTypeError:
        grid = TimeGrid.daily("2026-01-01", days=1)
        try:
            check_declared(scenario, grid)
        except ConformanceError as error:
            raise with_call(error, _call_text("declared", scenario, grid, 1)) from None
        raise


@attrs.frozen(eq=False)
class _Runner:
    """Runs a check by its name on scenarios and grids; `first` are checks whose names fit what fails all of them."""

    scenarios: list[Scenario]
    grids: list[TimeGrid]
    seed: int
    first: list[str]

    def __call__(self, name: str) -> None:
        for scenario, grid in itertools.product(self.scenarios, self.grids):
            try:
                SCENARIO_CHECKS[name](scenario, grid, seed=self.seed)
            except ConformanceError as error:
                if self.first and any(words in str(error) for words in (NO_MARKET, NOT_READ)):
                    self(self.first.pop())
                raise with_call(error, _call_text(name, scenario, grid, self.seed)) from error.__cause__


def check_scenario(
    scenario: Scenario,
    grid: TimeGrid | None = None,
    *,
    expected_failures: Mapping[str, str] = FrozenMap({}),
    only: Iterable[str] | None = None,
    on_fail: OnFail = "raise",
    seed: int = 1,
) -> None:
    """Check a scenario against the rules that every scenario must follow.

    Parameters
    ----------
    scenario
        Any scenario, of the library or not. One that depends on factors of another is checked in a `Joint` with it.
        Parts of other authors that stand alone, of a `Joint` or a wrapper, are checked by themselves as well, before
        the whole, so that the message names the part.
    grid
        The times; by default 45 days, and uneven steps of an hour to 30 days, unless the scenario refuses these.
    expected_failures
        Reason why a check fails on some times, by its name. It is run, and must fail.
    only
        Names of the checks to run; None for all.
    on_fail
        Whether to raise at the first check that fails, or to run all and ``"collect"`` the failures into one error.
    seed
        Seed of the random numbers, 0 or above. Default 1.

    Raises
    ------
    ConformanceError
        For a check that fails; the message names the check, the scenario, and the first time, path and value. Also for
        one that passes, though it is expected to fail.
    InputError, InputTypeError
        For what is no scenario, a grid that it cannot serve, unknown names of checks, and an expected failure without
        a reason.

    Examples
    --------
    >>> from stakingmodels import GBM, GeometricBrownianMotion, Price
    >>> check_scenario(GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)}))
    """
    checks.instance("check_scenario: scenario", scenario, Scenario, "GeometricBrownianMotion({...})")
    if grid is not None:
        checks.instance("check_scenario: grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=30)')
    names = chosen("check_scenario", "SCENARIO_CHECKS", SCENARIO_CHECKS, expected_failures, only)
    checks.integer("check_scenario: seed", seed, 0, 2**63)
    _check_complete(scenario)
    grids = [*default_grids(scenario).values()] if grid is None else [grid]
    for each in grids:
        scenario.n_paths(each)  # refuses a grid that it cannot serve

    is_first = on_fail == "raise" and "rows" in {*names} and "rows" not in expected_failures
    run = _Runner([*_parts_of_others(scenario), scenario], grids, seed, ["rows"] if is_first else [])
    run_checks("check_scenario", scenario, names, run, expected_failures=expected_failures, on_fail=on_fail)
