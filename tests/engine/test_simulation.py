"""`simulate`: the same bytes however a run is cut up, what it records, and what it refuses."""

import decimal
import multiprocessing
import pickle
import random
import tracemalloc
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import products
from stakingmodels.engine import Results, simulate
from stakingmodels.engine.simulation import PART
from stakingmodels.errors import ExecutionError, InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure, Holding, Product, SoloValidator, StakingPool
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    Constants,
    GeometricBrownianMotion,
    History,
    Joint,
    Streams,
    daily_series,
    reference,
)

MANY = 8_192

ETH, BTC, SLASHED, GONE = Price("ETH"), Price("BTC"), Event("slashed", hazard=1.0), Event("gone", hazard=2.0)
GRID = TimeGrid.daily("2026-01-01", days=20, settlement_days=5)
WORLD = Joint(
    [
        GeometricBrownianMotion(
            {
                ETH: GBM(3000.0, volatility=0.7),
                BTC: GBM(9e4, volatility=0.5),
                Difficulty("BTC"): GBM(1.5e14, volatility=0.2, drift=0.3),
            },
            correlation={(ETH, BTC): 0.8},
        ),
        Constants({StakingReward("ETH"): APR(0.03), BlockFees("BTC"): 0.02, CashRate("USD"): APY(0.04)}),
    ]
)
PRODUCTS: dict[str, Product] = {
    "hold": Holding(asset="ETH", buy_fee=0.001),
    "pool": StakingPool(unbonding_days=2.0, failures=(Failure(SLASHED, 0.1, line="slashing"),)),
    "mine": CloudMiningContract(term_days=18.0, failures=(Failure(GONE),), minimum_payout_btc=0.0),
}


def run(
    products=None, world=WORLD, grid=GRID, *, capital=100_000.0, n_paths: int | None = 300, rng: Any = 1, **options
):
    return simulate(
        PRODUCTS if products is None else products, world, grid, capital=capital, n_paths=n_paths, rng=rng, **options
    )


def arrays(outcome):
    """Every array of an outcome, by a name of its own."""
    found = {f.alias: getattr(outcome, f.name) for f in attrs.fields(type(outcome))}
    for table in ("lines", "native", "coins", "units", "unpaid_by_day"):
        found |= {(table, key): array for key, array in found.pop(table).items()}
    return {name: array for name, array in found.items() if isinstance(array, np.ndarray)}


def same(one, other, n_paths=None):
    """Whether two results hold the same bytes, of the first paths or of all."""
    assert list(one) == list(other)
    for name in one:
        a, b = arrays(one[name]), arrays(other[name])
        for key in a.keys() | b.keys():
            left, right = (part[key][..., :n_paths] if key in part else np.zeros(1) for part in (a, b))
            if key in a and key in b:
                assert left.tobytes() == right.tobytes(), (name, key)
            else:
                assert not left.any(), (name, key)
                assert not right.any(), (name, key)
    return True


# Blocks


@pytest.fixture(scope="module")
def two_blocks():
    return run(n_paths=MANY + 50)


@pytest.mark.parametrize("n_paths", [1, 7, MANY - 1, MANY, MANY + 1])
def test_fewer_paths_are_a_prefix_of_more(two_blocks, n_paths):
    assert same(run(n_paths=n_paths), two_blocks, n_paths)


def test_blocks_differ(two_blocks):
    assert not set(two_blocks["hold"].closing[:50].tolist()) & set(two_blocks["hold"].closing[MANY:].tolist())


def test_blocks_are_those_of_the_streams(two_blocks):
    factors = frozenset().union(*(product.factors for product in PRODUCTS.values())) | {CashRate("USD")}
    market = WORLD.market(GRID, factors, streams=Streams(1, first_path=8_192), n_paths=50)
    alone = PRODUCTS["pool"].run(market, capital=100_000.0)
    assert alone.closing.tobytes() == two_blocks["pool"].closing[MANY:].tobytes()


# Products among each other


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_does_not_see_the_others(name):
    together, alone = run(), run({name: PRODUCTS[name]})
    same(alone, {name: together[name]})


def test_their_order_changes_nothing_but_the_order():
    turned = run(dict(reversed(PRODUCTS.items())))
    assert list(turned) == ["mine", "pool", "hold"]
    same({name: turned[name] for name in PRODUCTS}, run())


def test_all_products_live_in_the_same_world():
    twice = run({"a": Holding(asset="ETH"), "b": StakingPool(commission=1.0), "c": Holding(asset="ETH")})
    assert twice["a"].closing.tobytes() == twice["c"].closing.tobytes()
    assert twice["b"].closing == pytest.approx(twice["a"].closing, rel=1e-12)


def test_equal_events_strike_together():
    pools = {
        name: StakingPool(failures=(Failure(SLASHED, s, line="slashing"),)) for name, s in (("a", 0.1), ("b", 0.2))
    }
    results = run(pools)
    a, b = (results[name].lines[Line.SLASHING] < 0.0 for name in "ab")
    assert a.any()
    assert (a == b).all()


# Executors


EXECUTORS = {
    "threads": lambda: ThreadPoolExecutor(4),
    "processes": lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")),
}


@pytest.mark.parametrize("kind", EXECUTORS)
def test_any_executor_gives_the_same_bytes(two_blocks, kind):
    with EXECUTORS[kind]() as executor:
        assert same(run(n_paths=MANY + 50, executor=executor), two_blocks)


class OnDemand(Future):
    """A future that is done when somebody asks for it, and all that were begun after it before."""

    def __init__(self, begun, call):
        super().__init__()
        self.begun, self.call = begun, call
        begun.append(self)

    def result(self, timeout=None):
        for later in reversed(self.begun):
            if not later.done():
                later.set_result(later.call())
        return super().result(timeout)


class Reversed(Executor):
    """Does the last task first."""

    def __init__(self):
        self.begun: list[OnDemand] = []

    def submit(self, fn, /, *args, **kwargs):
        return OnDemand(self.begun, lambda: fn(*args, **kwargs))


def test_the_order_in_which_blocks_are_done_does_not_matter(two_blocks):
    assert same(run(n_paths=MANY + 50, executor=Reversed()), two_blocks)


def test_tasks_are_small():
    sizes: list[int] = []

    class Weighing(Reversed):
        def submit(self, fn, /, *args, **kwargs):
            sizes.append(len(pickle.dumps((fn, args))))
            return super().submit(fn, *args, **kwargs)

    run(executor=Weighing())
    assert max(sizes) < 20_000


def test_results_are_pickled_with_their_numbers():
    results = run(n_paths=20)
    assert same(pickle.loads(pickle.dumps(results)), results)  # noqa: S301


def test_an_executor_that_was_shut_down():
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(ExecutionError, match=r"^simulate: executor: takes no work"):
        run(executor=executor)


@pytest.mark.parametrize("executor", [0, -1, 257, 2.0, "threads", ThreadPoolExecutor])
def test_an_executor_is_no_number(executor):
    with pytest.raises(InputTypeError, match=r"^simulate: executor: must be Executor; write ProcessPoolExecutor\(n\)"):
        run(executor=executor)


# Seeds


@pytest.mark.parametrize("rng", [None, 5, np.random.SeedSequence(5), np.random.default_rng(5)])
def test_every_run_can_be_repeated_from_what_it_records(rng):
    results = run(rng=rng)
    assert same(run(rng=results.entropy), results)
    assert run(rng=results.entropy).entropy == results.entropy


def test_an_integer_is_recorded_as_it_is():
    assert run(rng=5, n_paths=1).entropy == 5


def test_seeds_differ():
    closings = [run({"hold": PRODUCTS["hold"]}, rng=rng)["hold"].closing.tobytes() for rng in (1, 2, None, None)]
    assert len(set(closings)) == 4


def test_a_generator_advances():
    generator = np.random.default_rng(5)
    assert run(rng=generator).entropy != run(rng=generator).entropy


@pytest.mark.parametrize(
    ("rng", "error"), [(-1, InputError), (2**128, InputError), (1.0, InputTypeError), ("abc", InputTypeError)]
)
def test_what_is_no_seed(rng, error):
    with pytest.raises(error, match=r"^simulate: rng: "):
        run(rng=rng)


# The state of the host


def host():
    """What a run might change without being asked."""
    luck = np.random.get_state(legacy=False)["state"]["key"].tobytes()  # noqa: NPY002
    return luck, random.getstate(), np.geterr(), repr(decimal.getcontext()), list(warnings.filters)


def test_global_state_is_left_alone():
    before = host()
    run()
    assert host() == before


def test_the_host_may_make_numpy_raise():
    usual = run()
    with np.errstate(all="raise"), decimal.localcontext(decimal.Context(prec=2)):
        assert same(run(), usual)


def test_inputs_are_left_alone():
    products = dict(PRODUCTS)
    before = (pickle.dumps(WORLD), GRID.times.tobytes(), dict(products))
    run(products)
    assert (pickle.dumps(WORLD), GRID.times.tobytes(), products) == before


# Progress and what is kept


def test_progress_is_told_after_each_part():
    calls: list = []
    run({"hold": PRODUCTS["hold"]}, n_paths=2 * PART + 1, progress=lambda *done: calls.append(done))
    assert calls == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("keep", ["values", "ledger"])
def test_keeping_more_changes_no_number(keep):
    more, less = run(keep=keep), run()
    for name in PRODUCTS:
        kept = arrays(more[name])
        assert kept.pop("values")[-1].tobytes() == less[name].closing.tobytes()
        assert {key: array.tobytes() for key, array in kept.items()} == {
            key: array.tobytes() for key, array in arrays(less[name]).items()
        }


def test_values_of_two_blocks_are_joined():
    results = run({"hold": PRODUCTS["hold"]}, n_paths=MANY + 3, keep="values")
    values = results["hold"].values
    assert values is not None
    assert values.shape == (26, MANY + 3)
    assert values[-1].tobytes() == results["hold"].closing.tobytes()


def test_too_much_to_keep_is_refused_with_its_size():
    paths, grid = 1_000_000, TimeGrid.daily("2026-01-01", days=365)
    size = 8 * 366 * paths * 3
    with pytest.raises(InputError) as caught:
        run(grid=grid, n_paths=paths, keep="values")
    assert str(caught.value).startswith(f"simulate: keep: needs {size} bytes ({size / 2**30:.1f} GiB) of memory")


@pytest.mark.parametrize(("keep", "columns"), [("totals", 32), ("summary", 14)])
def test_sums_of_too_many_paths_are_refused_with_the_way_out(keep, columns):
    """Ten million paths of three products would be some gigabytes of sums; reducers need none of them."""
    size = 8 * columns * 10_000_000 * 3
    with pytest.raises(InputError) as caught:
        run(n_paths=10_000_000, keep=keep)
    assert f"needs {size} bytes ({size / 2**30:.1f} GiB) of memory, above the limit of 2 GiB" in str(caught.value)
    assert str(caught.value).endswith('(fewer paths, or keep="none" with reducers={"moments": Moments()})')


def test_what_is_kept_of_a_path_is_about_what_is_reckoned_with():
    """So that the limit is one of memory; a path of the reference products keeps some 32 numbers each."""
    tracemalloc.start()
    results = simulate(products.reference(), reference(), GRID, capital=200_000.0, n_paths=2 * MANY, rng=1)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 16.0 < kept / 8.0 / results.n_paths / len(results) < 64.0


def test_a_ledger_of_many_paths_is_refused():
    with pytest.raises(InputError, match="kept for at most 8192 paths"):
        run(n_paths=MANY + 1, keep="ledger")


def test_keep_is_one_of_six():
    with pytest.raises(
        InputError, match=r"^simulate: keep: must be one of 'none', 'summary', 'totals', 'flows', 'values', 'ledger'"
    ):
        run(keep="everything")


# What is left out


def test_a_product_that_the_world_cannot_run_is_an_error():
    world = Constants({ETH: 10.0})
    with pytest.raises(InputError) as caught:
        run(world=world)
    message = str(caught.value)
    assert message.startswith(
        "simulate: products['pool']: StakingPool reads StakingReward(\"ETH\"): the scenario must give it"
    )


def test_or_it_is_left_out_and_the_reason_noted():
    results = run(world=Constants({ETH: 10.0}), on_missing="skip")
    assert list(results) == ["hold"]
    assert dict(results.skipped) == {
        "pool": 'needs StakingReward("ETH"), which Constants does not give',
        "mine": 'needs BlockFees("BTC"), Difficulty("BTC"), Price("BTC"), which Constants does not give',
    }


def test_nothing_is_left_out_where_all_can_run():
    assert dict(run(on_missing="skip").skipped) == {}


def test_a_world_that_can_run_nothing():
    with pytest.raises(InputError, match=r"^simulate: products: none can be run in this scenario"):
        run(world=Constants({Price("SOL"): 1.0}), on_missing="skip")


# Events


def test_two_hazards_for_one_event_are_refused_unless_the_world_sets_it():
    pools = {
        name: StakingPool(failures=(Failure(Event("x", hazard=h), 0.1, line="slashing"),))
        for name, h in (("a", 1.0), ("b", 2.0))
    }
    with pytest.raises(InputError, match=r'^Event\("x"\): hazard: one event name must have one hazard'):
        run(pools)
    results = run(pools, Joint([WORLD, Constants({Event("x"): 3.0})]))
    assert results["a"].closing.tobytes() == results["b"].closing.tobytes()


# Results


def test_results_are_a_mapping_in_the_order_given():
    results = run(n_paths=3)
    assert isinstance(results, Results)
    assert list(results) == list(PRODUCTS)
    assert len(results) == 3
    assert "pool" in results
    assert "x" not in results


def test_results_record_what_was_run():
    results = run(n_paths=3)
    assert (results.scenario, results.grid, results.capital, results.n_paths) == (WORLD, GRID, 100_000.0, 3)
    assert results.overlap == 0
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        results.capital = 1.0


def test_a_history_sets_the_number_of_paths():
    days = np.arange("2025-01-01", "2025-02-01", dtype="M8[D]")
    history = History({ETH: daily_series(days, np.linspace(1.0, 2.0, 31), name="made up")})
    results = run({"hold": PRODUCTS["hold"]}, history, history.grid(days=10), n_paths=None)
    assert (results.n_paths, results.overlap) == (21, 9)
    assert run({"hold": PRODUCTS["hold"]}, history, history.grid(days=10), n_paths=5).n_paths == 5
    with pytest.raises(
        InputError, match=r"^simulate: n_paths: must be at most 21, as many as the scenario has, got 22"
    ):
        run({"hold": PRODUCTS["hold"]}, history, history.grid(days=10), n_paths=22)


def test_ten_thousand_paths_by_default():
    assert (
        run({"cash": Holding(asset="USD")}, Constants({}), TimeGrid.daily("2026-01-01", days=1), n_paths=None).n_paths
        == 10_000
    )


# Arguments


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"n_paths": 0}, InputError, r"n_paths: must be an integer in \[1, 10000000\]"),
        ({"n_paths": 10**7 + 1}, InputError, "n_paths: .*limit"),
        ({"n_paths": 100.0}, InputTypeError, "n_paths: must be an integer"),
        ({"capital": 0.0}, InputError, r"capital: must be in \(0"),
        ({"capital": "1"}, InputTypeError, "capital: must be one number, one number a path, or Units"),
        ({"products": {}}, InputError, "products: must not be empty"),
        ({"products": [Holding(asset="ETH")]}, InputTypeError, "products: must be a mapping"),
        ({"products": {"": Holding(asset="ETH")}}, InputError, "products: name"),
        ({"products": {3: Holding(asset="ETH")}}, InputTypeError, "products: name"),
        ({"products": {"a": Holding}}, InputTypeError, r"products\['a'\]: must be Product"),
        ({"world": None}, InputTypeError, "scenario: must be Scenario"),
        ({"world": Market(GRID, {ETH: 1.0})}, InputTypeError, "scenario: must be Scenario"),
        ({"grid": "2026"}, InputTypeError, "grid: must be TimeGrid"),
        ({"on_missing": True}, InputError, "on_missing: must be one of 'raise', 'skip'"),
    ],
)
def test_arguments(options, error, words):
    with pytest.raises(error, match=rf"^simulate: {words}"):
        run(**options)


def test_missing_arguments_are_named():
    with pytest.raises(TypeError, match="capital"):
        simulate(PRODUCTS, WORLD, GRID)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        simulate(PRODUCTS, WORLD, GRID, 1.0)  # type: ignore[call-arg]


def test_a_product_that_was_not_opened_shows_no_returns():
    shown = repr(run({"solo": SoloValidator(), "hold": Holding("ETH")}, world=reference(), capital=10_000.0, n_paths=5))
    (line,) = [line for line in shown.splitlines() if line.startswith("solo ")]
    assert line.split()[2:] == ["not", "opened", "-", "-"]
    assert "solo: the capital does not open it on any path; there it is held idle" in shown
    assert "hold: the capital" not in shown
