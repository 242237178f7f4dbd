"""Runs of a comparison's rows again, on the same paths, with the prices of their coins pinned."""

from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np

from stakingmodels.analysis.answer.again import first_paths, run_again
from stakingmodels.engine import Results
from stakingmodels.engine.protocols import basket_of
from stakingmodels.market import Price
from stakingmodels.scenarios import Pinned
from stakingmodels.tolerances import REL_TOL


def coins_of(results: Results, name: str) -> tuple[str, ...]:
    """Coins whose prices a row follows, in order of their names; none for money itself."""
    basket = basket_of(results.products[name])
    return tuple(sorted(coin for coin in basket if coin != results.scenario.numeraire))


def by_coins(results: Results, names: Iterable[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Names of rows by their coins, without rows of money."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name in names:
        coins = coins_of(results, name)
        if coins:
            found[coins] = (*found.get(coins, ()), name)
    return found


def opened(results: Results, names: Iterable[str]) -> tuple[str, ...]:
    """Rows that the capital opened on any path."""
    return tuple(name for name in names if results[name].feasible.any())


def paths_of(results: Results, n_paths: int | None) -> int:
    """Number of paths to run again: the first ones of a drawn run, all of a record, whose first are its oldest."""
    return first_paths(results, None if results.scenario.is_recorded else n_paths)


def pinned_run(results: Results, names: Sequence[str], changes: Mapping[str, float], n_paths: int) -> Results:
    """Results of some rows on the first paths of the run, with the prices of some coins pinned.

    Parameters
    ----------
    results
        The run.
    names
        Rows.
    changes
        Change from the opening to the exit, by coin.
    n_paths
        Number of paths.
    """
    scenario = Pinned(results.scenario, {Price(coin): change for coin, change in changes.items()})
    products = {name: results.products[name] for name in names}
    return run_again(results, products, n_paths, scenario=scenario)


@attrs.frozen
class Opening:
    """Price at which a coin opens, ``(n_paths,)`` in the run: its mean, and whether it differs between paths."""

    price: float
    varies: bool

    @classmethod
    def of(cls, results: Results, name: str) -> "Opening":
        """Opening of the coin of a row of one coin."""
        prices = results[name].opening_price
        price = float(np.mean(prices))
        return cls(price, bool(np.ptp(prices) > REL_TOL * price))
