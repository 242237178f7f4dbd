"""``python -m benchmarks.leaving [--quick]``: a stop-loss on every path beside the product alone.

A pool with 34.7 days of unbonding, held for a year by 16,384 paths. Under the stop-loss some paths leave nearly every
day, and their coins wait in the queue until a day of their own. The runs are timed in turns, on given arrays and with
the drawing.
"""

import argparse
from collections.abc import Callable

import numpy as np

from benchmarks.timing import Held, limits_table, ratio, take_turns
from stakingmodels import APR, Falls, LeaveWhen, Market, Price, StakingPool, StakingReward, TimeGrid, simulate
from stakingmodels.scenarios import reference
from stakingmodels.tables import Table

PATHS = 16_384
LIMIT = 3.0
"""Most times that the product alone takes."""
CAPITAL = 100_000.0
GRID = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
ETH = Price("ETH")
POOL = StakingPool("ETH", unbonding_days=34.7)
PRODUCTS = {
    "pool alone": POOL,
    "stop-loss that never acts": LeaveWhen(POOL, Falls(ETH, 0.9999)),
    "stop-loss of 20 %": LeaveWhen(POOL, Falls(ETH, 0.20)),
    "in five tranches": LeaveWhen(POOL, {Falls(ETH, 0.1 * k): 0.3 for k in range(1, 6)}),
}


def market(paths: int = PATHS, seed: int = 1) -> Market:
    """Lognormal prices with a volatility of 0.70."""
    moves = np.random.default_rng(seed).normal(0.0, 0.70 / np.sqrt(365.0), (GRID.n_times, paths))
    moves[0] = 0.0
    return Market(GRID, {ETH: 3_000.0 * np.exp(np.cumsum(moves, axis=0)), StakingReward("ETH"): APR(0.03)})


def _alone(product: StakingPool | LeaveWhen, given: Market) -> Callable[[], object]:
    return lambda: product.run(given, capital=CAPITAL, keep="summary")


def _simulated(product: StakingPool | LeaveWhen) -> Callable[[], object]:
    def call() -> object:
        return simulate({"it": product}, reference(), GRID, capital=CAPITAL, n_paths=PATHS, rng=1, keep="summary")

    return call


def report(rounds: int) -> str:
    """Times of all products, and whether the limit is kept."""
    given, rows, held = market(), [], []
    ways: dict[str, Callable[[StakingPool | LeaveWhen], Callable[[], object]]] = {
        "given": lambda product: _alone(product, given),
        "drawn": _simulated,
    }
    for world, make in ways.items():
        seconds = take_turns([make(product) for product in PRODUCTS.values()], rounds=rounds)
        for name, of_one in zip(PRODUCTS, seconds, strict=True):
            found = ratio(of_one, seconds[0])
            rows.append((f"{name}, {world}", f"{np.median(of_one):.3f}", str(found)))
            if name == "stop-loss of 20 %":
                held.append(Held(f"{name}, {world}", found.median, LIMIT))
    table = Table(f"{PATHS:,} paths", ("run", "seconds", "times the pool alone"), rows).to_text()
    return f"{table}\n\n{limits_table('times the pool alone', held)}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    print(report(5 if parser.parse_args().quick else 15))
