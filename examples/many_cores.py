"""The same run in one process and in two: the same bits."""

import numpy as np

from stakingmodels import TimeGrid, products, scenarios, simulate
from stakingmodels.engine import processes

if __name__ == "__main__":
    scenario, terms = scenarios.reference(), products.reference()
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
    alone = simulate(terms, scenario, grid, capital=100_000.0, n_paths=20_000, rng=1)
    with processes(2) as executor:
        shared = simulate(terms, scenario, grid, capital=100_000.0, n_paths=20_000, rng=1, executor=executor)
    for name, outcome in alone.items():
        bits = "the same" if np.array_equal(outcome.closing, shared[name].closing) else "other"
        print(f"{name:14} mean {outcome.closing.mean():12,.2f} USD, {bits} bits in two processes")
