"""`breakeven`: the change of its coin's price at which a product equals its money, its coin, cash or another."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Literal, get_args

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.analysis.solving.runs import World
from stakingmodels.analysis.solving.solution import Solution
from stakingmodels.analysis.solving.solve import solve
from stakingmodels.analysis.solving.targets import Target
from stakingmodels.analysis.solving.unknowns import Of
from stakingmodels.capital import CapitalLike
from stakingmodels.engine.protocols import RunnableProduct, as_product
from stakingmodels.market import Price, TimeGrid
from stakingmodels.scenarios.quasi import Sampling

BreakevenAgainst = Literal["capital", "holding", "cash"]
"""Goal of a product: the money put in, its coin held free of cost, or cash."""


def breakeven(
    product: RunnableProduct,
    world: World,
    grid: TimeGrid | None = None,
    *,
    of: Of = "price",
    against: BreakevenAgainst | RunnableProduct = "capital",
    capital: CapitalLike,
    between: Sequence[float] | None = None,
    n_paths: int | None = None,
    rng: RNGLike = None,
    executor: Executor | None = None,
    sampling: Sampling = "independent",
) -> Solution:
    """Change of its coin's price, or value of a term, at which a product breaks even.

    It is `solve` with a target that is no rate. `break_even_prices` has the price of the average for all rows of a run;
    `payback_days` the day on which the money is back.

    Parameters
    ----------
    product, world, grid
        As in `solve`; for the price a scenario with the grid.
    of
        ``"price"`` (default) for the product's own coin: its change from the opening to the exit, a fraction; or a term
        or factor as in `solve`.
    against
        ``"capital"`` (default): the money put in. ``"holding"``: the product's coin held free of cost; ``"cash"``; or
        another product.
    capital, between, n_paths, rng, executor, sampling
        As in `solve`.

    Raises
    ------
    InputError, InputTypeError
        For a product without a coin of its own, another word, and all that `solve` refuses.

    Examples
    --------
    >>> from stakingmodels import APY, Constants, ExchangeStaking, Price, TimeGrid
    >>> from stakingmodels.analysis import breakeven
    >>> earn = ExchangeStaking(posted_rate=APY(0.20), commission=0.0, failures=())
    >>> world, grid = Constants({Price("ETH"): 3000.0}), TimeGrid.daily("2026-01-01", days=365)
    >>> round(breakeven(earn, world, grid, capital=1e4, n_paths=1).value, 4)
    -0.1667
    """
    return solve(
        _own_price(product) if of == "price" else of,
        product,
        world,
        grid,
        target=target_of("breakeven: against", against),
        capital=capital,
        between=between,
        n_paths=n_paths,
        rng=rng,
        executor=executor,
        sampling=sampling,
    )


def target_of(where: str, against: object) -> Target:
    """Target of a word, or of a product to equal."""
    if not isinstance(against, str):
        return Target.product(as_product(where, against))
    targets = {"capital": Target.money_back(), "holding": Target.holding(), "cash": Target.cash()}
    return targets[checks.choice(where, against, get_args(BreakevenAgainst))]


def _own_price(product: RunnableProduct) -> Price:
    as_product("breakeven: product", product)
    if product.asset is None:
        rule = "must name a factor for a product without a coin of its own"
        checks.refuse("breakeven: of", rule, "price", 'of=Price("ETH")')
    return Price(product.asset)
