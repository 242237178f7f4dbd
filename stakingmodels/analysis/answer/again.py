"""`run_again`: products on the first paths of a run, in its own scenario or in another one."""

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from stakingmodels import checks
from stakingmodels.capital import Capital
from stakingmodels.engine import Results, simulate
from stakingmodels.scenarios import QuasiRandom, Scenario


def first_paths(results: Results, n_paths: int | None) -> int:
    """Number of the first paths of a run that can be run again: as many as asked for (None: all), or fewer.

    Of a quasi-random run, which may have been interrupted, it is a power of two.
    """
    n = results.n_paths if n_paths is None else min(n_paths, results.n_paths)
    if not isinstance(results.sampling, QuasiRandom):
        return n
    return max(1 << n.bit_length() - 1, results.sampling.n_replicates)


def run_again(
    results: Results,
    products: Mapping[str, Any],
    n_paths: int,
    *,
    scenario: Scenario | None = None,
    executor: Executor | None = None,
) -> Results:
    """Results of products with the seed, times, capital and sampling of a run, without its warnings.

    Parameters
    ----------
    results
        The run.
    products
        Products by name.
    n_paths
        Number of paths, the first of the run.
    scenario
        Another scenario; None (default) for that of the run.
    executor
        As in `simulate`.
    """
    capital = Capital.of("compare: results.capital", results.capital).slice_paths(0, n_paths).given
    with checks.muted(UserWarning):  # the run has warned
        return simulate(
            products,
            results.scenario if scenario is None else scenario,
            results.grid,
            capital=capital,
            n_paths=n_paths,
            rng=results.entropy,
            executor=executor,
            keep="summary",
            precision=results.precision,
            event_sampling=results.event_sampling,
            sampling=results.sampling,
        )
