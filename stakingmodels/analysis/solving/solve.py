"""`solve`: the value of a term or factor at which a product meets a target."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, RNGLike
from stakingmodels.analysis.solving.roots import crossing
from stakingmodels.analysis.solving.runs import Runs, World
from stakingmodels.analysis.solving.solution import Solution, Status
from stakingmodels.analysis.solving.targets import Target, as_target
from stakingmodels.analysis.solving.unknowns import Of, Unknown
from stakingmodels.capital import CapitalLike
from stakingmodels.engine.protocols import RunnableProduct
from stakingmodels.market import Market, TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.scenarios.streams import as_entropy

_SCAN = 17
_APART = 10.0  # quotient of the ends from which values are spread by their logarithm
_NOTHING = 1e-14  # of the money put in


def solve(
    of: Of,
    product: RunnableProduct,
    world: World,
    grid: TimeGrid | None = None,
    *,
    target: Target,
    capital: CapitalLike,
    between: Sequence[float] | None = None,
    rng: RNGLike = None,
    executor: Executor | None = None,
) -> Solution:
    """Value of a term, price, difficulty or other factor at which a product meets a target, in a market of one path.

    Parameters
    ----------
    of
        Path of a term, such as ``"commission"``, ``"failures[0].recovery"``, or ``"product.uptime"`` within a wrapper;
        of an event its hazard, of a rate its number. Or a factor of the scenario, such as ``Price("ETH")``, of which
        the change is meant: see `Unknown`.
    product
        The product.
    world, grid
        A market of one path; or a scenario with the grid, of which the first path is taken.
    target
        Result to reach, such as ``Target.annual_return(APY(0.075))``, ``Target.money_back()`` or ``Target.holding()``.
    capital, rng, executor
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
    UnknownNameError
        For a term that the product does not have, with the nearest name.
    InputError, InputTypeError
        For a bracket reversed or out of the term's bounds, a term without effect, and all that `simulate` refuses.

    Examples
    --------
    The fall of the price that a yield of 20 % just pays for:

    >>> from stakingmodels import APY, Constants, ExchangeStaking, Price, TimeGrid
    >>> from stakingmodels.analysis import Target, solve
    >>> earn = ExchangeStaking(posted_rate=APY(0.20), commission=0.0, failures=())
    >>> world, grid = Constants({Price("ETH"): 3000.0}), TimeGrid.daily("2026-01-01", days=365)
    >>> fall = solve(Price("ETH"), earn, world, grid, target=Target.money_back(), capital=1e4)
    >>> round(fall.value, 9) == round(1 / 1.20 - 1, 9)
    True
    """
    unknown = Unknown.parse("solve: of", of, product)
    goal = as_target("solve: target", target)
    runs = _runs(unknown, product, world, grid, goal, capital, rng, executor)
    return _on_one_path(runs, unknown.bounds("solve: between", between, product))


def _on_one_path(runs: Runs, between: tuple[float, float]) -> Solution:
    """Exact values on one path.

    The result is looked at in 17 values across the bracket, in one run where there is a scenario; each change of sign
    between two neighbours is narrowed to the last digits of a float. Turns between two neighbours are not seen.
    """
    unknown = runs.unknown
    tried = spread(*between, _SCAN, is_whole=unknown.is_whole)
    gaps = runs.gaps(tried.tolist())[:, 0]
    _refuse_idle(unknown, runs, gaps)
    meets = gaps >= 0.0
    turns = np.flatnonzero(meets[1:] != meets[:-1])
    found = [crossing(runs.gap, *tried[k : k + 2].tolist(), *gaps[k : k + 2].tolist()) for k in turns]
    status: Status = "found" if found else "always" if meets[0] else "never"
    return Solution(
        unknown=unknown,
        product=type(runs.product).__name__,
        target=runs.target,
        between=between,
        status=status,
        values=tuple(float(round(each.value)) if unknown.is_whole else each.value for each in found),
        or_less=bool(meets[turns[0]]) if found else bool(gaps[0] > gaps[-1]),
        is_jump=bool(found and found[0].is_jump and not unknown.is_whole),
        tried=tried,
        gaps=gaps,
        years=runs.grid.years,
        n_paths=1,
        n_runs=runs.n_runs,
    )


def spread(low: float, high: float, n: int, *, is_whole: bool = False) -> FloatArray:
    """Values across a bracket: evenly, or by their logarithm where the ends are far apart; both ends exactly."""
    values = np.geomspace(low, high, n) if low > 0.0 and high > _APART * low else np.linspace(low, high, n)
    values[0], values[-1] = low, high
    return np.unique(np.round(values)) if is_whole else values


def _runs(
    unknown: Unknown,
    product: Any,
    world: object,
    grid: TimeGrid | None,
    target: Target,
    capital: CapitalLike,
    rng: RNGLike,
    executor: Executor | None,
) -> Runs:
    if isinstance(world, Market):
        if unknown.is_factor:
            rule = f"must be a scenario, so that {unknown.of} can be changed"
            checks.refuse_type("solve: world", rule, world, 'Constants({Price("ETH"): 3000.0}) and a grid')
        if grid is not None:
            checks.refuse("solve: grid", "must be left out with a market, which has its own", str(grid))
        if world.n_paths != 1:
            checks.refuse("solve: world", "must be a market of one path", world.n_paths, "a scenario has many")
        return Runs(unknown, product, world, target, capital, world.grid)
    if not isinstance(world, Scenario):
        checks.refuse_type("solve: world", "must be a Market, or a Scenario with a grid", world)
    times = checks.instance("solve: grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
    seed = as_entropy("solve: rng", rng)
    return Runs(unknown, product, world, target, capital, times, 1, seed, executor)


def _refuse_idle(unknown: Unknown, runs: Runs, gaps: FloatArray) -> None:
    """Refuse a term on which nothing depends."""
    if float(np.ptp(gaps)) > _NOTHING:
        return
    needs = () if unknown.term is None else unknown.term.needs
    hint = f"it counts with {needs[0]}" if needs else ""
    name = type(runs.product).__name__
    checks.refuse("solve: of", f"must have an effect on the result of {name} in this world", str(unknown.of), hint)
