"""Checks that paths are independent of each other."""

from itertools import pairwise

import numpy as np

from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import Trial, numbers

_COLUMNS = 4  # paths that are run alone


def check_permutation(product: Product, market: Market, *, capital: float) -> None:
    """A permutation of the market's paths permutes the results, bit by bit."""
    trial = Trial.of("permutation", product, market, capital)
    whole = numbers(trial.run())
    n = trial.snapshot.n_paths
    for order in (np.arange(n)[::-1], np.random.default_rng(n).permutation(n)):
        trial.same(numbers(trial.run(trial.snapshot.paths(order))), whole, "when the paths are permuted", order)


def check_path_independence(product: Product, market: Market, *, capital: float) -> None:
    """A path run alone gives the same bits as among others.

    Paths on which the capital cannot open the product are left out.
    """
    trial = Trial.of("path-independence", product, market, capital)
    outcome = trial.run()
    whole = numbers(outcome)
    opened = np.nonzero(outcome.feasible)[0]
    chosen = np.linspace(0, max(opened.size - 1, 0), min(_COLUMNS, opened.size)).astype(np.int64)
    for path in opened[chosen].reshape(-1, 1):
        alone = numbers(trial.run(trial.snapshot.paths(path)))
        trial.same(alone, whole, f"when path {path[0]} is run alone", path)


def check_prefix_blocks(product: Product, market: Market, *, capital: float) -> None:
    """Blocks of paths, run one by one, give the results of the whole; the first of them is its prefix.

    Blocks are made by `Market.slice_paths` where the series are given.
    """
    trial = Trial.of("prefix-blocks", product, market, capital)
    n = market.n_paths
    cuts = np.unique([0, n // 3, n // 2, n])
    given = Snapshot.of(market.slice_paths(0, n), ()).rows.keys() == trial.snapshot.rows.keys()
    outcome = trial.run(market if given else None)
    whole = numbers(outcome)
    for start, stop in pairwise(cuts):
        here = np.arange(start, stop)
        if outcome.feasible[here].any():
            block = market.slice_paths(int(start), int(stop)) if given else trial.snapshot.paths(here)
            trial.same(numbers(trial.run(block)), whole, f"when paths {start} to {stop - 1} are run alone", here)
