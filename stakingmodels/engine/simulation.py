"""`simulate`: several products in one scenario, block by block, and `Results`."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor
from typing import cast

import attrs

from stakingmodels import checks
from stakingmodels.errors import ExecutionError
from stakingmodels.ledger import Collector, Outcome
from stakingmodels.ledger.outcome import refuse_wide_ledger
from stakingmodels.market import CashRate, Event, Factor, TimeGrid, union
from stakingmodels.products import Product, run_block
from stakingmodels.products.run import Keep
from stakingmodels.scenarios import BLOCK, Scenario, Streams, as_entropy
from stakingmodels.series import FrozenMap

Progress = Callable[[int, int], object]
DEFAULT_PATHS = 10_000
_KEEP_LIMIT = 2 * 2**30  # bytes
_ENTRIES = 16  # of the step ledger, in a step of a product that does a lot


@attrs.frozen(eq=False, kw_only=True)
class Results(Mapping[str, Outcome]):
    """The outcomes of a run by name, and what is needed to repeat it.

    Attributes
    ----------
    outcomes
        Name -> `Outcome`, in the order given.
    scenario, grid, capital, paths
        As given.
    entropy
        The seed: ``rng=results.entropy`` repeats the run.
    overlap
        How many neighbours of a path share data with it; 0 for independent paths.
    hazards
        Name of an event -> hazard a year that the products bring with them, where the scenario sets none.
    left_out
        Name -> why a product could not be run in this scenario.
    """

    outcomes: Mapping[str, Outcome]
    scenario: Scenario
    grid: TimeGrid
    capital: float
    paths: int
    entropy: int
    overlap: int
    hazards: Mapping[str, float]
    left_out: Mapping[str, str]

    def __getitem__(self, name: str) -> Outcome:
        return self.outcomes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)


@attrs.frozen(eq=False)
class Task:
    """One block of a run, small enough to send to another process."""

    products: Mapping[str, Product]
    scenario: Scenario
    grid: TimeGrid
    factors: frozenset[Factor]
    capital: float
    streams: Streams
    paths: int
    keep: Keep

    def __call__(self) -> dict[str, Outcome]:
        """Run the block."""
        market = self.scenario.market(self.grid, self.factors, streams=self.streams, paths=self.paths)
        return run_block(self.products, market, self.capital, self.keep)


def _call(task: Task) -> dict[str, Outcome]:
    return task()


def simulate(
    products: Mapping[str, Product],
    scenario: Scenario,
    grid: TimeGrid,
    *,
    capital: float,
    paths: int | None = None,
    rng: object = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keep: Keep = "totals",
    leave_out: bool = False,
) -> Results:
    """Hold every product in the same worlds.

    Parameters
    ----------
    products
        Name -> product. All see the same paths, so differences between them are paired.
    scenario, grid
        The world, and the times; the holder asks to leave at ``grid.exit``.
    capital
        Money put into each product, in the scenario's numeraire, in (0, 1e15].
    paths
        Number of paths; None for all that a history has, and 10,000 where paths are drawn.
    rng
        Seed: an integer, `SeedSequence`, `Generator`, or None for fresh entropy, which the results record.
    executor
        Any `concurrent.futures.Executor` to run blocks on; None for this thread. The results are the same.
    progress
        Called with (blocks done, blocks in all) after each block.
    keep
        ``"totals"``, ``"values"`` or ``"ledger"``, as in `Product.run`.
    leave_out
        Whether a product whose factors the scenario lacks is left out and noted; otherwise that is an error.

    Raises
    ------
    InputError, InputTypeError, ExecutionError
        For bad arguments, missing factors, one event with two hazards, `keep` of over 2 GiB; an executor shut down.
    """
    checks.instance("simulate: scenario", scenario, Scenario, "History({...}) or reference()")
    checks.instance("simulate: grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
    runnable, left_out = _runnable(products, scenario, leave_out=checks.flag("simulate: leave_out", leave_out))
    n = _paths(paths, scenario.n_paths(grid))
    entropy = as_entropy("simulate: rng", rng)
    kept = _keep(keep, 8 * grid.n_times * n * len(runnable), n)
    tasks = _tasks(runnable, scenario, grid, checks.positive("simulate: capital", capital), entropy, n, kept)
    return Results(
        outcomes=FrozenMap(_collect(tasks, n, executor, progress)),
        scenario=scenario,
        grid=grid,
        capital=tasks[0].capital,
        paths=n,
        entropy=entropy,
        overlap=scenario.overlap(grid),
        hazards=_hazards(tasks[0].factors - scenario.gives),
        left_out=FrozenMap(left_out),
    )


def _tasks(
    products: Mapping[str, Product],
    scenario: Scenario,
    grid: TimeGrid,
    capital: float,
    entropy: int,
    n_paths: int,
    keep: Keep,
) -> list[Task]:
    """The blocks of a run, each of 8,192 paths but the last."""
    asked = [product.factors for product in products.values()]
    factors = union([*asked, frozenset({CashRate(scenario.numeraire)})], settled=scenario.gives)
    return [
        Task(products, scenario, grid, factors, capital, Streams(entropy, b), min(BLOCK, n_paths - b * BLOCK), keep)
        for b in range(-(-n_paths // BLOCK))
    ]


def _hazards(factors: frozenset[Factor]) -> Mapping[str, float]:
    found = {f.name: f.hazard for f in factors if isinstance(f, Event) and f.hazard is not None}
    return FrozenMap(dict(sorted(found.items())))


def _collect(
    tasks: list[Task], n_paths: int, executor: Executor | None, progress: Progress | None
) -> dict[str, Outcome]:
    """Run the blocks and join their outcomes by block number."""
    if progress is not None and not callable(progress):
        checks.refuse_type("simulate: progress", "must be a function of (blocks done, blocks in all)", progress)
    shared: dict[bytes, bytes] = {}
    collectors = {name: Collector(n_paths, shared) for name in tasks[0].products}
    for block, outcomes in enumerate(_outcomes(tasks, executor)):
        for name, collector in collectors.items():
            collector.put(block * BLOCK, outcomes.pop(name))  # free each before the next block is run
        if progress is not None:
            progress(block + 1, len(tasks))
    return {name: collector.outcome() for name, collector in collectors.items()}


def _outcomes(tasks: list[Task], executor: Executor | None) -> Iterator[dict[str, Outcome]]:
    if executor is None:
        yield from map(_call, tasks)
        return
    checks.instance("simulate: executor", executor, Executor, "ProcessPoolExecutor(n)")
    try:
        yield from executor.map(_call, tasks)
    except BrokenExecutor as error:
        raise ExecutionError(f"simulate: executor: a worker died ({error}); make a new one and run again") from error
    except RuntimeError as error:
        if "shutdown" not in str(error):
            raise
        raise ExecutionError(f"simulate: executor: takes no work ({error}); make a new one") from error


def _runnable(products: object, scenario: Scenario, *, leave_out: bool) -> tuple[dict[str, Product], dict[str, str]]:
    if not isinstance(products, Mapping):
        checks.refuse_type("simulate: products", 'must be a mapping such as {"hold": Holding(asset="ETH")}', products)
    if not products:
        checks.refuse("simulate: products", "must not be empty", products)
    runnable: dict[str, Product] = {}
    left_out: dict[str, str] = {}
    for name, product in products.items():
        checks.text("simulate: products: name", name)
        checks.instance(f"simulate: products[{name!r}]", product, Product, 'Holding(asset="ETH")')
        missing = sorted(map(str, scenario.missing(product.factors)))
        if missing and leave_out:
            left_out[name] = f"needs {', '.join(missing)}, which {type(scenario).__name__} does not give"
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
        checks.refuse("simulate: products", "none can be run in this scenario", "; ".join(left_out.values()))
    return runnable, left_out


def _paths(paths: object, available: int | None) -> int:
    if paths is None:
        return DEFAULT_PATHS if available is None else available
    n = checks.integer("simulate: paths", paths, 1, checks.PATHS_LIMIT)
    if available is not None and n > available:
        checks.refuse("simulate: paths", f"must be at most {available}, as many as the scenario has", n, "paths=None")
    return n


def _keep(keep: object, size: int, n_paths: int) -> Keep:
    """What to keep, refused where it takes too much memory; `size` is that of the values in bytes."""
    kept = cast("Keep", checks.choice("simulate: keep", keep, ("totals", "values", "ledger")))
    if kept == "ledger":
        refuse_wide_ledger(n_paths)
        size *= _ENTRIES
    if kept != "totals" and size > _KEEP_LIMIT:
        rule = (
            f"needs {size} bytes ({size / 2**30:.1f} GiB) of memory, above the limit of {_KEEP_LIMIT / 2**30:.0f} GiB"
        )
        checks.refuse("simulate: keep", rule, kept, 'fewer paths, or keep="totals"')
    return kept
