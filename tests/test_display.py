"""What is shown of an object: few lines, no wide ones, escaped in a notebook, and cheap; for every public class."""

import enum
import gc
import importlib
import inspect
import pkgutil
import re
import time
import typing
from collections.abc import Iterator
from pathlib import Path

import attrs
import numpy as np
import pytest

import stakingmodels
from stakingmodels import (
    APR,
    Event,
    Factor,
    Holding,
    Market,
    Price,
    Product,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    simulate,
)
from stakingmodels.analysis import ControlVariateMeans, control_variate_means
from stakingmodels.display import COLUMNS, LINES, Summary, brief, cut, packed, spread
from stakingmodels.engine import ControlVariates, Moments, Reducer, TailRiskReducer
from stakingmodels.ledger import Book, Line
from stakingmodels.measures import Distribution
from stakingmodels.scenarios import Constants, History, daily_series
from stakingmodels.wrapping import width
from tests.corpus import products, worlds

pytestmark = pytest.mark.filterwarnings("ignore::stakingmodels.errors.ScenarioWarning")
LONG = "a very long name <b>& $y$</b> that nobody should give to any of them"


def public_classes() -> dict[str, type]:
    """Every public class by its path: of packages those they list, of modules of protocols those they define."""
    found: dict[str, type] = {}
    for module in modules():
        own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
        for name in getattr(module, "__all__", [name for name in own if name[0] != "_"]):
            value = getattr(module, name, None)
            if inspect.isclass(value) and not issubclass(value, BaseException) and not has_none(value):
                found.setdefault(f"{value.__module__}.{value.__qualname__}", value)
    return found


def modules() -> Iterator[typing.Any]:
    for each in pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels."):
        is_rules = each.name.startswith("stakingmodels.protocols.")
        if (each.ispkg or is_rules) and "._" not in each.name and not each.name.startswith("stakingmodels.cli"):
            yield importlib.import_module(each.name)
    yield stakingmodels


def has_none(cls: type) -> bool:
    """Whether it has no display of its own: a protocol, of which there are no objects, and a text."""
    return bool(getattr(cls, "_is_protocol", False)) or issubclass(cls, str)


CLASSES = public_classes()


def is_ours(cls: type) -> bool:
    return cls.__module__.startswith("stakingmodels.")


@pytest.mark.parametrize("path", CLASSES)
def test_every_public_class_has_a_short_display(path):
    cls = CLASSES[path]
    made = cls.__repr__
    code = getattr(inspect.unwrap(made), "__code__", None)
    assert code is None or "attrs generated" not in code.co_filename, "add displays(__name__) to its room"
    if attrs.has(cls) and not inspect.isabstract(cls):
        assert made.__qualname__ != "object.__repr__"
    assert hasattr(cls, "_repr_html_")


def check(value: object, *, told: bool = True) -> None:
    """Hold the displays of an object to their bounds; `told` is whether its text is no sentence of its own."""
    text = repr(value)
    for lines in (text.splitlines(), str(value).splitlines() if told else []):
        assert len(lines) <= LINES
        assert max(map(width, lines), default=0) <= COLUMNS, max(lines, key=width)
    page = value._repr_html_()  # type: ignore[attr-defined]
    assert page
    assert "<b>" not in page
    assert "$" not in page


FILLERS = {
    ("ndarray", "NDArray"): np.linspace(0.0, 1.0, 300),
    ("Mapping", "dict"): {f"{LONG} {i}": i / 3.0 for i in range(50)},
    ("tuple", "list", "Sequence"): tuple(f"{LONG} {i}" for i in range(50)),
    ("bool",): True,
    ("int",): 3**400,
    ("float",): 1.0 / 3.0,
}
"""Words in the text of a type -> something long of it, as far as a display cares."""


def filler(kind: typing.Any, name: str) -> typing.Any:
    text = str(kind)
    return next((value for words, value in FILLERS.items() if any(word in text for word in words)), f"{LONG} of {name}")


def made_up(cls: type) -> object:
    """An object of an attrs class with long values in every field, whatever its validators say."""
    fields: typing.Any = attrs.fields(cls)
    made: object = object.__new__(cls)
    for field in fields:
        object.__setattr__(made, field.name, filler(field.type, field.name))
    return made


def is_by_fields(cls: type) -> bool:
    """Whether its fields are all that is shown of it."""
    name = getattr(inspect.unwrap(cls.__repr__), "__name__", "")
    return attrs.has(cls) and not inspect.isabstract(cls) and name == "_fields_repr"


@pytest.mark.parametrize("path", [path for path, cls in CLASSES.items() if is_by_fields(cls)])
def test_an_object_with_long_values_in_every_field(path):
    made = made_up(CLASSES[path])
    check(made, told=type(made).__str__ is object.__str__)
    assert type(made).__name__ in repr(made)


@pytest.mark.parametrize("path", [path for path, cls in CLASSES.items() if issubclass(cls, enum.Enum)])
def test_a_member_of_an_enumeration(path):
    for member in CLASSES[path]:  # type: ignore[attr-defined]
        check(member)


# Real objects of all the others: a run of 300 paths, 50 products, long names


@pytest.fixture(scope="module")
def results():
    rows: dict[str, Product] = {f"{LONG} {i}": StakingPool("ETH", commission=i / 100.0) for i in range(50)}
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03), Price(LONG): 1.0})
    grid = TimeGrid.daily("2026-01-01", days=5, settlement_days=2)
    reducers: dict[str, Reducer[typing.Any]] = {
        "moments": Moments(),
        "tail": TailRiskReducer(300),
        "controlled": ControlVariates(),
    }
    return simulate(rows, world, grid, capital=1e6, n_paths=300, rng=1, keep="values", reducers=reducers)


@pytest.fixture(scope="module")
def ledgers():
    how = {"capital": 250_000.0, "n_paths": 300, "rng": 11, "keep": "ledger"}
    return simulate(products.VARIANTS, worlds.WORLD, worlds.GRID, **how)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def history():
    days = np.arange("2022-01-01", "2025-01-01", dtype="datetime64[D]")
    walk = np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.03, days.size)))
    coins = [f"{LONG} {i}" for i in range(40)]
    return History({Price(coin): daily_series(days, walk * (i + 1.0), name=LONG) for i, coin in enumerate(coins)})


def test_a_run_and_all_that_is_read_off_it(results):
    outcome = next(iter(results.values()))
    comparison = compare(results)
    for value in (
        *(results, outcome, outcome.yields(), outcome.risk(), outcome.lines, outcome.native, outcome.flows),
        *(
            comparison,
            comparison.rank("cost"),
            comparison.rows[0],
            comparison.liquidity,
            comparison.liquidity.rows[0],
            control_variate_means(results),
        ),
        *(results.grid, results.scenario, results.products, *results.reduced.values()),
    ):
        if hasattr(value, "_repr_html_"):
            check(value)
    assert isinstance(results.reduced["controlled"], dict)
    check(ControlVariateMeans(results.reduced["controlled"]))
    text = repr(results)
    assert "... and " in text
    assert "more" in repr(comparison.liquidity)
    assert "... and 43 more\n" in repr(comparison)
    assert "comparison.details()" in repr(comparison.details())
    assert len(str(comparison.details()).splitlines()) > 100


@pytest.mark.parametrize("name", products.VARIANTS)
def test_products_their_outcomes_and_cash_flows(ledgers, name):
    outcome = ledgers[name]
    for value in (products.VARIANTS[name], outcome, outcome.yields(), outcome.risk(), outcome.cashflows(3)):
        check(value)
    for value in (outcome.lines, outcome.native, outcome.units, outcome.entries[0], outcome.cashflows(3)[0]):
        check(value)


def test_quotes():
    flat = Market.flat(TimeGrid.daily("2026-01-01", days=30), {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    check(StakingPool("ETH").quote(flat, capital=100.0))


def test_worlds(history):
    for world in (worlds.WORLD, history, *history.series.values(), *worlds.WORLD.parts):
        check(world)
    assert "more" in repr(history)
    assert "1,096 days" in repr(history)


def test_markets_and_what_positions_see():
    grid = TimeGrid.daily("2026-01-01", days=3)
    many: dict[Factor, typing.Any] = {Price(f"{LONG} {i}"): np.full((4, 300), 1.0) for i in range(50)}
    market = Market(grid, many)
    check(market)
    chunk = next(market.chunks())
    now = market.now().at(chunk, -1)
    book = Book(now, f"{LONG} 1")
    for i in range(50):
        book.account(f"{LONG} {i}")
    for value in (grid, chunk, now, book, book.cash):
        check(value)


def test_factors_with_long_names():
    for factor in (Price("x" * 80), StakingReward("x" * 80), Event("x" * 80, hazard=0.1), Price("\u4e00" * 80)):
        assert width(repr(factor)) <= COLUMNS


def test_what_a_room_holds_ready():
    """Constants of rooms: presets of chains and contracts, episodes, checks."""
    found = 0
    for module in modules():
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name, None)
            if not inspect.isclass(value) and is_ours(type(value)) and hasattr(value, "_repr_html_"):
                check(value)
                found += 1
    assert found > 30


def test_the_display_of_a_large_run_is_cheap():
    market = Market.flat(TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): 3000.0})
    outcome = Holding("ETH").run(market, capital=1.0)
    wide = attrs.evolve(outcome, closing=np.broadcast_to(outcome.closing, (1_000_000,)))
    values = np.zeros((1000, 100_000))
    gc.collect()
    start = time.perf_counter()
    text = brief(values)
    assert "(1,000 x 100,000)" in text
    assert time.perf_counter() - start < 0.05
    assert len(repr(wide.closing)) < 200


# The parts


def test_a_product_shows_what_is_not_at_its_default():
    assert repr(StakingPool("ETH")) == "StakingPool()"
    assert repr(StakingPool("SOL", commission=0.05)) == "StakingPool(asset='SOL', commission=0.05)"
    assert repr(Holding("ETH")) == "Holding(asset='ETH')"


@attrs.frozen(kw_only=True)
class Theirs(Product):
    """A product of somebody else."""

    asset: str = attrs.field(kw_only=False)
    fee: float = 0.1
    name: str = "x"

    factors = property(lambda self: frozenset({Price(self.asset)}))

    def open(self, book, now):
        raise NotImplementedError


def test_a_product_of_somebody_else_is_shown_alike():
    assert repr(Theirs(asset="ETH", name="y" * 200)).startswith("Theirs(asset='ETH', name='yyy")
    check(Theirs(asset="ETH", name=f"{LONG}" * 4))
    assert "&lt;b&gt;" in Theirs(asset="ETH", name="<b>")._repr_html_()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1.0, 2.5]), "[1, 2.5]"),
        (np.zeros((3, 40)), "[0 ... 0] (3 x 40)"),
        (np.float64(0.1), "0.1"),
        (np.datetime64("2026-01-01"), "2026-01-01"),
        ((1,), "(1,)"),
        ({"a": 1, "b": (1, 2, 3, 4, 5)}, "{'a': 1, 'b': (1, 2, 3, ... 2 more)}"),
        (frozenset(), "{}"),
        (10**400, "an integer of 1329 bits"),
        ("x" * 100, "'" + "x" * 68 + "..."),
        ([[[[1]]]], "[[[...]]]"),
        ({Price("ETH"): APR(0.03)}, '{Price("ETH"): APR(0.03)}'),
    ],
)
def test_a_value_in_brief(value, text):
    assert brief(value) == text


@pytest.mark.parametrize("n", [1, 2, 19, 20, 21, 100, 300])
def test_a_spread_has_the_ends_of_a_distribution(n):
    values = np.random.default_rng(n).normal(size=n)
    whole = Distribution(values)
    assert spread(values, ".12g")[1:] == (f"{whole.lower_end(0.05):.12g}", f"{whole.quantile(0.95):.12g}")


def test_a_spread_of_nothing_has_dashes():
    assert spread(np.array([np.nan, np.inf]), ".2f") == ("-", "-", "-")
    assert spread(np.array([np.nan, 2.0]), ".2f") == ("2.00", "2.00", "2.00")


def test_wide_letters_are_cut_by_their_columns():
    assert cut("\u4e00" * 60, 20) == "\u4e00" * 8 + "..."
    assert width(cut("\u4e00" * 60, 20)) <= 20


def test_a_repr_that_fails_is_no_failure():
    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert brief([Broken()]) == "[<Broken>]"


def test_items_that_do_not_fit_are_counted():
    lines = packed("Name(", [f"field_{i}={'x' * 80!r}" for i in range(60)]).splitlines()
    assert len(lines) <= LINES
    assert lines[-1] == f"    ... {60 - (LINES - 2)} more)"


def test_a_table_leaves_room_for_what_is_told_below():
    summary = Summary("title", ("a", "b"), [(str(i), "1") for i in range(100)], ["first", "second"])
    lines = summary.text().splitlines()
    assert len(lines) == LINES
    assert lines[-2:] == ["- first", "- second"]
    assert lines[-4] == f"... and {100 - 18} more"
    few = Summary("title", ("a", "b"), [("x", "1")], ["word " * 600, "last"]).text()
    assert len(few.splitlines()) <= LINES


def test_no_amount_that_is_rounded_to_nothing_has_a_minus_sign():
    """Every format that writes a sign drops that of a zero, by itself (`z`) or because its place says why not."""
    known = {"cells.py", "comparison_format.py", "controlled.py", "near.py", "views.py"}  # zero is told apart before
    for path in Path(stakingmodels.__file__).parent.rglob("*.py"):
        if path.name not in known or "words" in path.parts:
            signed = re.findall(r"\{[^{}\n]*:\+,?\.\d[f%]\}", path.read_text(encoding="utf-8"))
            assert not signed, path
    flat = Market.flat(TimeGrid.daily("2026-01-01", days=30), {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    quote = StakingPool("ETH").quote(flat, capital=1.0)
    assert 0 > quote.lines[Line.COMMISSION] > -0.005
    ledger = StakingPool("ETH").run(flat, capital=1.0, keep="ledger")
    assert not re.search(r"-0\.0+(?!\d)", quote.to_text() + str(ledger.cashflows()))
