"""`simulate`: several products in one scenario, part by part, and `Results`."""

import contextlib
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, get_args

import attrs

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.capital import Capital, CapitalLike
from stakingmodels.engine.keep import KEEPS, Keep, Kept, kept_of_many
from stakingmodels.engine.progress import Progress, Told, undisturbed
from stakingmodels.engine.protocols import RunnableProduct, as_product, is_own
from stakingmodels.engine.reducers import Reducer
from stakingmodels.engine.results import OnMissing, Results
from stakingmodels.engine.run import run_block
from stakingmodels.executors.in_order import in_order, workers_of
from stakingmodels.executors.processes import refuse_homeless
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.collector import Alike, OutcomeBuilder
from stakingmodels.market import CashRate, Event, Factor, Price, TimeGrid
from stakingmodels.market.factors import union
from stakingmodels.numerics import entrances
from stakingmodels.replicates import labelled
from stakingmodels.scenarios import Scenario, Streams, as_entropy, mismatch
from stakingmodels.scenarios.quasi import Sampling, replicates_of, sampling_of
from stakingmodels.scenarios.streams import EventDraws, NoiseKind
from stakingmodels.series import FrozenMap
from stakingmodels.words import Note

DEFAULT_PATHS = 10_000
GROUP = 8_192
"""Paths that a reducer summarizes together, so that merged results have the same bits for parts of any size."""
PART = 2 * GROUP
"""Paths run side by side, of which more would cost more memory than they save time; a group where reducers need the
values or flows of its blocks. No number depends on it."""
_THREAD_PART = 8 * GROUP


@attrs.frozen(eq=False)
class Task:
    """A run, or one part of it, small enough to send to another process."""

    products: Mapping[str, RunnableProduct]
    scenario: Scenario
    grid: TimeGrid
    factors: frozenset[Factor]
    capital: Capital
    streams: Streams
    paths: int
    keep: Kept
    reducers: Mapping[str, Reducer[Any]]

    def parts(self, size: int) -> list["Task"]:
        """The run in parts of at most so many paths."""
        return [
            attrs.evolve(
                self,
                streams=self.streams.replace(first_path=start),
                paths=min(size, self.paths - start),
                capital=self.capital.slice_paths(start, start + size),
            )
            for start in range(0, self.paths, size)
        ]

    def __call__(self) -> tuple[dict[str, Outcome], list[dict[str, Any]]]:
        """Run it as one part; returns the outcomes kept, and every reducer's summary of each group."""
        outcomes = labelled(self._outcomes(), self.streams.n_replicates)
        reduced = []
        for start in range(0, self.paths if self.reducers else 0, GROUP):
            group = {name: outcome.slice_paths(start, start + GROUP) for name, outcome in outcomes.items()}
            reduced.append({name: reducer.summarize(group) for name, reducer in self.reducers.items()})
        return ({} if self.keep == "none" else outcomes), reduced

    def _outcomes(self) -> dict[str, Outcome]:
        """Outcome of every product; of one path as the first of two, which takes less time (see `run_market`)."""
        is_any = self.capital.n_paths is None and self.scenario.n_paths(self.grid) is None and self.keep != "ledger"
        if self.paths == 1 and is_any and is_own(self.products) and is_own(self.scenario):
            with contextlib.suppress(Exception):  # the second path's, perhaps, which nobody has asked for
                both, _ = attrs.evolve(self, paths=2, reducers=FrozenMap({}), keep=self.held)()
                return {name: outcome.slice_paths(0, 1) for name, outcome in both.items()}
        market = self.scenario.market(self.grid, self.factors, streams=self.streams, n_paths=self.paths)
        return run_block(self.products, market, self.capital, self.held, first_path=self.streams.first_path)

    @property
    def held(self) -> Keep:
        """Data that blocks keep while they are run and summarized."""
        return (
            KEEPS[max(KEEPS.index(each.keeps) for each in self.reducers.values())]
            if self.keep == "none"  # blocks may need more than is kept, as those of `plotting.Fan` do
            else self.keep
        )


def simulate(
    products: Mapping[str, RunnableProduct],
    scenario: Scenario,
    grid: TimeGrid,
    *,
    capital: CapitalLike,
    n_paths: int | None = None,
    rng: RNGLike = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keep: Kept = "totals",
    reducers: Mapping[str, Reducer[Any]] | None = None,
    on_missing: OnMissing = "raise",
    precision: NoiseKind = "float64",
    event_sampling: EventDraws = "independent",
    sampling: Sampling = "independent",
) -> Results:
    """Hold every product on the same paths of a scenario.

    Parameters
    ----------
    products
        Products by name. All see the same paths, so differences between them are paired.
    scenario, grid
        The scenario and the times; the holder asks to leave at ``grid.exit``.
    capital
        Money put into each product, in [1e-9, 1e15]: one number, or one a path; or ``Units(3.2, "ETH")``.
    n_paths
        Number of paths; None for all windows of a history, 10,000 where paths are drawn, 8,192 if quasi-random.
    rng
        Seed: an integer, `SeedSequence`, `Generator`, or None for fresh entropy, which the results record.
    executor
        Any `concurrent.futures.Executor`, such as `processes`; None for this thread. The results are the same.
    progress
        Called with (parts done, all parts) after each part. If it raises, there is a warning and no further call.
    keep, reducers
        ``"summary"``, ``"totals"``, ``"flows"``, ``"values"``, ``"ledger"`` (see `Product.run`) or ``"none"``; reducers
        by name, such as `Moments`: figures gathered block by block, in `Results.reduced`.
    on_missing
        ``"skip"`` leaves out a product whose factors the scenario lacks, and notes it; ``"raise"`` is an error.
    precision, event_sampling, sampling
        Normals ``"float64"`` or the faster ``"float32"``; first occurrences of events ``"independent"`` or
        ``"stratified"``: see `Streams`. Paths ``"independent"``, or ``"quasi"`` in a power of two: see `QuasiRandom`.

    Raises
    ------
    InputError, InputTypeError, ExecutionError
        For bad arguments, missing factors, an event misspelt or with two hazards, `keep` over 2 GiB, a dead executor.
    KeyboardInterrupt
        On Ctrl-C before the first part is done. Later it returns the parts that are done, with `Results.partial` set.
    """
    checks.instance("simulate: scenario", scenario, Scenario, "History({...}) or reference()")
    checks.instance("simulate: grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
    runnable, skipped = _runnable(products, scenario, on_missing=on_missing)
    n, money = _paths_and_capital(n_paths, capital, scenario, scenario.n_paths(grid), sampling)
    kept = kept_of_many(keep, grid.n_times * n, len(runnable), n)
    draws = _streams(rng, precision, event_sampling, replicates_of(sampling, scenario, grid, n))
    told, gathered = mismatch.remarks(scenario, grid, _reads(runnable)), _reducers(reducers, kept)
    task = Task(runnable, scenario, grid, _asked(runnable, scenario, money), money, draws, n, kept, gathered)
    return attrs.evolve(_collected(task, executor, progress), skipped=FrozenMap(skipped), remarks=told)


def _reads(products: Mapping[str, RunnableProduct]) -> dict[str, frozenset[Factor]]:
    return {name: product.factors for name, product in products.items()}


def _asked(products: Mapping[str, RunnableProduct], scenario: Scenario, capital: Capital) -> frozenset[Factor]:
    coin: frozenset[Factor] = frozenset() if capital.coin is None else frozenset({Price(capital.coin)})
    cash: frozenset[Factor] = frozenset({CashRate(scenario.numeraire)})
    return union([*_reads(products).values(), cash, coin], settled=_settled(scenario))


def _settled(scenario: Scenario) -> frozenset[Factor]:
    """Factors set by the scenario alone, without events to whose own hazard it only adds."""
    return scenario.factors - {event for event, how in scenario.events.items() if how == "added"}


def _streams(rng: RNGLike, precision: object, event_sampling: object, replicates: int) -> Streams:
    return Streams(
        as_entropy("simulate: rng", rng),
        precision=checks.choice("simulate: precision", precision, get_args(NoiseKind)),
        event_sampling=checks.choice("simulate: event_sampling", event_sampling, get_args(EventDraws)),
        n_replicates=replicates,
    )


def _hazards(factors: frozenset[Factor]) -> Mapping[str, float]:
    return FrozenMap(dict(sorted((f.name, f.hazard) for f in factors if isinstance(f, Event) and f.hazard is not None)))


def _part_size(paths: int, executor: Executor | None) -> int:
    """Paths of a part: two groups; one where there are too few for the workers; up to eight for threads.

    Threads pass on the interpreter's lock at every numpy call, so their calls should be long.
    """
    if executor is None:
        return PART
    workers = workers_of(executor)
    if isinstance(executor, ThreadPoolExecutor):
        return min(max(-(-paths // (workers * GROUP)) * GROUP, PART), _THREAD_PART)
    return PART if paths > (2 * workers - 1) * GROUP else GROUP


def _collected(task: Task, executor: Executor | None, progress: Progress | None) -> Results:
    """Run the parts and join their outcomes, in their order."""
    told = Told(progress)
    if executor is not None:
        checks.instance("simulate: executor", executor, Executor, "ProcessPoolExecutor(n)")
        refuse_homeless(executor, task)
    n, reducers = task.paths, task.reducers
    dedup: Alike = {}
    collectors = {name: OutcomeBuilder(n, dedup) for name in task.products if task.keep != "none"}
    totals: dict[str, Any] = {}
    done = 0
    size = GROUP if task.keep == "none" and task.held not in {"summary", "totals"} else _part_size(n, executor)
    tasks = task.parts(size)
    parts = in_order(tasks, executor)
    try:
        for part, (outcomes, summaries) in enumerate(parts):
            merged = totals
            for summary in summaries:
                merged = {name: reducers[name].merge(merged[name], x) if merged else x for name, x in summary.items()}
            for name, collector in collectors.items():
                collector.put(part * size, outcomes.pop(name))  # free each before the next part is run
            totals, done = merged, min((part + 1) * size, n)
            told(part + 1, len(tasks))
    except KeyboardInterrupt:
        if not done:
            raise
    finally:
        with undisturbed():
            parts.close()
    with undisturbed():
        return _results(task, done, collectors, totals)


def _results(task: Task, done: int, collectors: Mapping[str, OutcomeBuilder], totals: Mapping[str, Any]) -> Results:
    return Results(
        outcomes=FrozenMap({name: collector.outcome(done) for name, collector in collectors.items()}),
        scenario=task.scenario,
        grid=task.grid,
        capital=task.capital.slice_paths(0, done).given,
        n_paths=done,
        n_paths_requested=task.paths,
        entropy=task.streams.entropy,
        overlap=task.scenario.overlap(task.grid),
        hazards=_hazards(task.factors - _settled(task.scenario)),
        skipped=FrozenMap({}),
        products=FrozenMap(task.products),
        keep=task.keep,
        event_sampling=task.streams.event_sampling,
        precision=task.streams.precision,
        sampling=sampling_of(task.streams.n_replicates),
        failures=FrozenMap(mismatch.failures(task.scenario, _reads(task.products))),
        reduced=FrozenMap({name: task.reducers[name].result(total) for name, total in totals.items()}),
    )


def _reducers(reducers: object, keep: Kept) -> Mapping[str, Reducer[Any]]:
    where = "simulate: reducers"
    reducers = {} if reducers is None else reducers
    if not isinstance(reducers, Mapping):
        checks.refuse_type(where, 'must be a mapping such as {"moments": Moments()}', reducers)
    for name, reducer in reducers.items():
        checks.text(f"{where}: name", name)
        checks.choice(
            f"{where}[{name!r}].keeps",
            checks.instance(f"{where}[{name!r}]", reducer, Reducer, "Moments()").keeps,
            KEEPS,
        )
    if keep == "none" and not reducers:
        checks.refuse("simulate: keep", "must not be 'none' without reducers", keep, 'reducers={"m": Moments()}')
    return FrozenMap(reducers)


def _runnable(
    products: object, scenario: Scenario, *, on_missing: object
) -> tuple[dict[str, RunnableProduct], dict[str, str]]:
    checks.choice("simulate: on_missing", on_missing, ("raise", "skip"))
    if not isinstance(products, Mapping):
        checks.refuse_type("simulate: products", 'must be a mapping such as {"hold": Holding("ETH")}', products)
    if not products:
        checks.refuse("simulate: products", "must not be empty", products)
    runnable: dict[str, RunnableProduct] = {}
    skipped: dict[str, str] = {}
    for name, given in products.items():
        checks.text("simulate: products: name", name)
        product = as_product(f"simulate: products[{name!r}]", given)
        missing = sorted(map(str, scenario.missing(product.factors)))
        if missing and on_missing == "skip":
            skipped[name] = Note("skipped.needs", factors=tuple(missing), scenario=type(scenario).__name__)
        elif missing:
            checks.refuse(
                f"simulate: products[{name!r}]: {type(product).__name__} reads {', '.join(missing)}",
                "the scenario must give it",
                None,
                "add it to the scenario, for instance Joint([scenario, Constants({...})])",
            )
        else:
            runnable[name] = product
    if not runnable:
        checks.refuse("simulate: products", "none can be run in this scenario", "; ".join(skipped.values()))
    return runnable, skipped


def _coins(scenario: Scenario) -> set[str]:
    return {scenario.numeraire} | {factor.name for factor in scenario.factors if isinstance(factor, Price)}


def _paths_and_capital(
    paths: object, capital: object, scenario: Scenario, available: int | None, sampling: object
) -> tuple[int, Capital]:
    money = Capital.of("simulate: capital", capital)
    money.check_coin("simulate: capital", _coins(scenario), "scenario")
    n = _paths(money.n_paths if paths is None and money.n_paths is not None else paths, available, sampling)
    money.check_paths("simulate: capital", n)
    return n, money


def _paths(paths: object, available: int | None, sampling: object) -> int:
    if paths is None:
        usual = DEFAULT_PATHS if sampling == "independent" else GROUP
        return usual if available is None else available
    n = checks.integer("simulate: n_paths", paths, 1, checks.PATHS_LIMIT)
    if available is not None and n > available:
        checks.refuse(
            "simulate: n_paths", f"must be at most {available}, as many as the scenario has", n, "n_paths=None"
        )
    return n


entrances(__name__)  # here, since the room loads this when it is first used
