"""The same run in one process and in two: the same bits."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from stakingmodels import TimeGrid, products, scenarios, simulate

if __name__ == "__main__":
    world, terms = scenarios.reference(), products.reference()
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, tail=60)
    alone = simulate(terms, world, grid, capital=100_000.0, paths=20_000, rng=1)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = simulate(terms, world, grid, capital=100_000.0, paths=20_000, rng=1, executor=executor)
    for name, outcome in alone.items():
        bits = "the same" if np.array_equal(outcome.closing, shared[name].closing) else "other"
        print(f"{name:14} mean {outcome.closing.mean():12,.2f} USD, {bits} bits in two processes")
