"""`solve`: the value of a term or factor at which a product meets a target."""

from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.analysis.solving.one_path import on_one_path, refuse_idle
from stakingmodels.analysis.solving.over_paths import FIRST, over_paths
from stakingmodels.analysis.solving.runs import Runs, World
from stakingmodels.analysis.solving.solution import Solution
from stakingmodels.analysis.solving.spread import Scale
from stakingmodels.analysis.solving.targets import Target, as_target
from stakingmodels.analysis.solving.unknowns import Of, Unknown
from stakingmodels.capital import CapitalLike
from stakingmodels.engine.protocols import RunnableProduct, as_product
from stakingmodels.market import Market, TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.scenarios.quasi import Sampling
from stakingmodels.scenarios.streams import as_entropy


def solve(
    of: Of,
    product: RunnableProduct,
    world: World,
    grid: TimeGrid | None = None,
    *,
    target: Target,
    capital: CapitalLike,
    between: Sequence[float] | None = None,
    n_paths: int | None = None,
    rng: RNGLike = None,
    executor: Executor | None = None,
    sampling: Sampling = "independent",
) -> Solution:
    """Value of a term, price, difficulty or other factor at which a product meets a target.

    On one path it is exact. Over several it is the value at which their mean meets the target, with its standard error,
    and in `Solution.paths` the value of each path, interpolated between nine runs on the same paths.

    Parameters
    ----------
    of
        Path of a term, such as ``"commission"``, ``"failures[0].recovery"``, or ``"product.uptime"`` within a wrapper;
        of an event its hazard, of a rate its number. Or a factor of the scenario, such as ``Price("ETH")``, of which
        the change is meant: see `Unknown`.
    product, world, grid
        The product; a market, or a scenario with the grid.
    target
        Result to reach, such as ``Target.annual_return(APY(0.075))`` or ``Target.holding()``.
    capital, n_paths, rng, executor, sampling
        As in `simulate`; the same random numbers are drawn for every value.
    between
        Lowest and highest value within which is searched; None for the usual values of the term, of a fraction 0 to 1,
        of a factor -95 % to +900 %.

    Returns
    -------
    Solution
        A target that is met nowhere in the bracket, or everywhere, is an answer and no error: see `Solution.status`.

    Raises
    ------
    InputError, InputTypeError
        For an unknown term, a bracket reversed or beyond its bounds, a term without effect; and as `simulate`.

    Examples
    --------
    >>> from stakingmodels import APY, Constants, ExchangeStaking, Price, TimeGrid
    >>> from stakingmodels.analysis import Target, solve
    >>> earn = ExchangeStaking(posted_rate=APY(0.20), commission=0.0, failures=())
    >>> world, grid = Constants({Price("ETH"): 3000.0}), TimeGrid.daily("2026-01-01", days=365)
    >>> fall = solve(Price("ETH"), earn, world, grid, target=Target.money_back(), capital=1e4)
    >>> round(fall.value, 9) == round(1 / 1.20 - 1, 9)
    True
    """
    as_product("solve: product", product)
    unknown, goal = Unknown.parse("solve: of", of, product), as_target("solve: target", target)
    times, seed = _grid(world, grid), as_entropy("solve: rng", rng)
    runs = Runs(unknown, product, world, goal, capital, times, n_paths, seed, executor, sampling)
    return _solved(runs, *unknown.bounds("solve: between", between, product))


def _solved(runs: Runs, low: float, high: float) -> Solution:
    """Answer on one path, or over paths."""
    scale = Scale(low, high, is_whole=runs.unknown.is_whole, is_change=runs.unknown.is_factor)
    if (runs.world.n_paths if isinstance(runs.world, Market) else runs.n_paths) == 1:
        return on_one_path(runs, scale)
    tried = scale.spread(FIRST)
    gaps = runs.gaps(tried.tolist())
    refuse_idle(runs, gaps)
    if not np.ptp(gaps, axis=1).any():  # nothing is drawn: all paths are one
        return on_one_path(runs.alone(), scale)
    return over_paths(runs, scale, tried, gaps)


def _grid(world: object, grid: TimeGrid | None) -> TimeGrid:
    """Times of the runs, after a look at whether world and grid fit."""
    if isinstance(world, Market):
        if grid is not None:
            checks.refuse("solve: grid", "must be left out with a market, which has its own", str(grid))
        return world.grid
    if not isinstance(world, Scenario):
        checks.refuse_type("solve: world", "must be a Market, or a Scenario with a grid", world)
    return checks.instance("solve: grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
