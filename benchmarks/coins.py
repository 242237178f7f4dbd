"""A world of ten coins beside the same world cut to three: time a path."""

from collections.abc import Mapping, Sequence
from functools import partial

from benchmarks.timing import Held, limits_table, ratio, take_turns
from stakingmodels.engine import simulate
from stakingmodels.engine.simulation import GROUP
from stakingmodels.market import Price, TimeGrid
from stakingmodels.products import Holding, Product
from stakingmodels.scenarios import REFERENCE_COINS, REFERENCE_START, Scenario, Streams, reference
from stakingmodels.tables import Table

GRID = TimeGrid.daily(REFERENCE_START, days=365)
THREE = ("ETH", "BTC", "SOL")
LIMIT = 3.7
"""Most that ten coins may take of the time of three."""


def _draw(world: Scenario, coins: Sequence[str], paths: int) -> None:
    for _ in world.market(GRID, frozenset(map(Price, coins)), streams=Streams(1), n_paths=paths).chunks():
        pass


def _hold(world: Scenario, held: Mapping[str, Product], paths: int) -> None:
    simulate(held, world, GRID, capital=1e5, n_paths=paths, rng=1)


def report(blocks: int, rounds: int) -> str:
    """Microseconds a path of 365 days, and the ratios within rounds, held against the limit."""
    paths = blocks * GROUP
    calls = [
        partial(work, reference(coins=coins), given, paths)
        for work in (_draw, _hold)
        for coins in (THREE, REFERENCE_COINS)
        for given in [coins if work is _draw else {coin: Holding(coin) for coin in coins}]
    ]
    seconds = take_turns(calls, rounds=rounds)
    names = ("prices drawn, 3 coins", "prices drawn, 10 coins", "coins held, 3 coins", "coins held, 10 coins")
    rows = [(name, f"{1e6 * each.min() / paths:.1f}") for name, each in zip(names, seconds, strict=True)]
    found = [ratio(seconds[1], seconds[0]), ratio(seconds[3], seconds[2])]
    held = [
        Held(f"{what}, ten over three: {each}", each.median, LIMIT)
        for what, each in zip(("drawn", "held"), found, strict=True)
    ]
    table = Table("", ("", "us a path, best round"), rows).to_text()
    return f"{table}\n\n{limits_table('time a path', held)}"
