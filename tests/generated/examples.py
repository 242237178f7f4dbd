# ruff: noqa: ISC004, PLR0911, E501  # tables of texts, and one return for each kind
"""Good arguments: examples of the library's own types as text, and of others by type and name of the parameter."""

import datetime as dt
import functools
import inspect
import json
import os
import re
import tempfile
import types
import typing
import warnings
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from tests.generated.names import ROOT, known_classes, public

OBJECTS: dict[str, tuple[str, ...]] = {
    "TimeGrid": ("market.TimeGrid.daily('2026-01-01', days=5)",),
    "Factor": ("market.Price('ETH')",),
    "Event": ("market.Event('custodian')", "market.Event.custodian"),
    "Market": (
        "market.Market(grid(), {market.Price('ETH'): np.full((6, 3), 3000.0), market.Price('BTC'): 9e4,"
        " market.StakingReward('ETH'): rates.APR(0.03), market.MarketRatio('stETH'): 0.99,"
        " market.Difficulty('BTC'): 1e14, market.BlockFees('BTC'): 0.02, market.ExecutionReward('ETH'): rates.APR(0.01)})",
        "market.Market(grid(), {market.Price('ETH'): np.full((6, 3), 3000.0), market.Price('BTC'): 9e4,"
        " market.StakingReward('ETH'): rates.APR(0.03), market.Difficulty('BTC'): 1e14, market.BlockFees('BTC'): 0.02})",
    ),
    "Holding": ("products.Holding('ETH')", "products.Holding(asset='ETH')"),
    "Price": ("market.Price('ETH')",),
    "Product": ("products.Holding('ETH')", "products.Holding(asset='ETH')"),
    "RunnableProduct": ("products.Holding('ETH')", "products.Holding(asset='ETH')"),
    "Wrapper": ("products.LeaveWhen(products.Holding('ETH'), products.After(2.0))",),
    "Scenario": ("scenarios.Constants({market.Price('ETH'): 3000.0})",),
    "Rule": ("products.After(2.0)",),
    "Results": (
        "engine.simulate({'held': products.Holding(asset='ETH')}, gbm(), grid(), capital=1000.0, n_paths=20, rng=1,"
        " keep='ledger')",
        "engine.simulate({'held': products.Holding(asset='ETH')}, gbm(), grid(), capital=1000.0, paths=20, rng=1,"
        " keep='values')",
    ),
    "Outcome": ("next(iter(make('Results').outcomes.values()))", "make('Results')['held']"),
    "Comparison": ("analysis.compare(make('Results'))",),
    "BreakEvenPrices": ("analysis.break_even_prices(make('Results'))",),
    "PriceViews": ("make('Comparison').price_views()",),
    "FlipPoints": ("make('Comparison').flip_points()",),
    "Quote": ("products.Holding(asset='ETH').quote(make('Market'), capital=1000.0)",),
    "Backtest": (
        "analysis.backtest({'held': products.Holding(asset='ETH')}, make('History'), days=20, first='2025-03-01',"
        " capital=1000.0, lookback_days=40, n_paths=20, rng=1)",
        "analysis.backtest({'held': products.Holding(asset='ETH')}, make('History'), days=20, first='2025-03-01',"
        " capital=1000.0, lookback=40, paths=20, rng=1)",
    ),
    "History": ("history()",),
    "DailySeries": ("series()",),
    "Fit": ("scenarios.fit(make('History'))",),
    "Streams": ("scenarios.Streams(1)", "scenarios.Streams.of(1)"),
    "Noise": ("scenarios.Noise((market.Price('ETH'),), np.eye(1), scenarios.Streams(1), 3)",),
    "Book": ("opened()[0]",),
    "Now": ("opened()[1]",),
    "Account": ("opened()[0].account('ETH')",),
    "Queue": ("opened()[0].queue('exit')", "opened()[0].queue('exit', 'ETH')"),
    "Position": ("positioned()",),
    "WrapperPosition": ("positioned(products.LeaveWhen(products.Holding('ETH'), products.After(2.0)))",),
    "Watch": ("products.After(2.0).watch(opened()[1])",),
    "AssumptionSet": ("assumptions.assumption_set()",),
    "Assumption": ("next(iter(assumptions.assumption_set().numbers.values()))",),
    "Distribution": ("measures.Distribution(np.linspace(-0.5, 0.5, 40))",),
    "ControlVariateMean": ("measures.ControlVariateMean.of(np.arange(40.0), np.linspace(0.0, 1.0, 40))",),
    "Reducer": ("engine.Moments()",),
    "RateCard": (
        "ratecard.make({'pool': products.StakingPool()}, issued='2026-01-01', n_paths=64, terms=(30,), seed=1)",
    ),
    "Sheet": ("catalogue.get('lido')",),
    "Check": ("testing.CHECKS['books-close']",),
    "ScenarioCheck": ("next(iter(testing.SCENARIO_CHECKS.values()))",),
    "ChainCheck": ("next(iter(testing.CHAIN_CHECKS.values()))",),
    "RewardCheck": ("next(iter(testing.REWARD_CHECKS.values()))",),
    "EpochTotals": ("make('EpochState').totals(make('Ruleset'))",),
    "Hazards": ("scenarios.Hazards({market.Event('custodian'): {0.0: 0.02}})",),
    "RowFiller": (
        "scenarios.RowFiller(factors=frozenset({market.Price('ETH')}), begin=lambda n: lambda start, stop, filled, out:"
        " out[market.Price('ETH')].fill(1.0))",
    ),
    "Chain": ("protocols.chains.cosmos.Cosmos()", "protocols.chains.ethereum.Ethereum()"),
    "Ruleset": ("protocols.chains.ethereum.FULU", "protocols.chains.ethereum.ELECTRA"),
    "Note": ("words.Note('note.reverting', factor='x', law='y')",),
    "RewardFunction": ("testing.RewardFunction(flat, amount='amount', apr='apr', days='days')",),
    "Units": ("capital.Units(3.2, 'ETH')",),
    "Failure": ("products.Failure(market.Event('custodian'), recovery=0.3)",),
    "Entry": ("products.Entry(gas_usd=2.0)",),
    "Execution": ("products.Execution(share=0.1, commission=0.2)",),
    "Tiers": ("products.Tiers((make('APR'), make('APR')), up_to=1.5)",),
    "Schedule": ("products.Schedule((0.1, 0.2), on='2026-01-02')",),
    "Payout": ("products.Payout(7.0, to='holder')",),
    "Halt": ("products.Halt('pause', on='2026-01-02', days=3.0)",),
    "CashFlows": ("make('Outcome').cashflows()",),
    "Risk": ("make('Outcome').risk()",),
    "Yields": ("make('Outcome').yields()",),
    "LegacyDec": ("protocols.chains.cosmos.LegacyDec(10**17)",),
    "Registry": ("protocols.chains.ethereum.Registry.of([32 * 10**9] * 40, [32 * 10**9] * 40, [32 * 10**9] * 40)",),
    "Finality": ("protocols.chains.ethereum.Finality.finalizing(1000)",),
    "EpochState": (
        "protocols.chains.ethereum.EpochState(epoch=1000, registry=make('Registry'),"
        " previous_participation=np.full(40, 7), current_participation=np.full(40, 7), finality=make('Finality'),"
        " exits=protocols.chains.ethereum.ChurnQueue(), slashings=protocols.chains.ethereum.Slashings.empty("
        "make('Ruleset')))",
        "protocols.chains.ethereum.EpochState(epoch=1000, registry=make('Registry'),"
        " previous_participation=np.full(40, 7), current_participation=np.full(40, 7))",
    ),
    "CurveInput": ("protocols.chains.polkadot.CurveInput(25_000, 100_000, 750_000, 50_000)",),
    "WithdrawalQueue": (
        "protocols.contracts.lido.WithdrawalQueue().enqueue(10**18, 10**18).enqueue(10**18, 10**18)"
        ".finalize(1, 10**18, 10**27)",
        "protocols.contracts.lido.WithdrawalQueue().enqueue(10**18, 10**18)",
    ),
    "ControlVariateMeans": ("analysis.ControlVariateMeans({'held': make('ControlVariateMean')})",),
    "CloudMiningContract": ("products.CloudMiningContract(term_days=4.0)", "products.CloudMiningContract()"),
    "MiningMachines": ("products.MiningMachines(machines=0.1)", "products.MiningMachines()"),
    "ValidatorRuns": (),
    "Executor": ("futures.ThreadPoolExecutor(1)",),
    "Axes": ("plotting.new_axes()",),
    "Generator": ("np.random.default_rng(1)",),
    "SeedSequence": ("np.random.SeedSequence(1)",),
    "Copula": ("scenarios.Copula({(market.Event('a:x'), market.Event('b:y')): 0.5})",),
    "RegimeGBM": (
        "scenarios.RegimeGBM(3000.0, volatility={'calm': 0.5, 'storm': 1.3})",
        "scenarios.Switching(3000.0, volatility={'calm': 0.5, 'storm': 1.3})",
    ),
    "RegimeSwitching": (
        "scenarios.RegimeSwitching({market.Price('ETH'): make('RegimeGBM')}, transition_rates={('calm', 'storm'): 4.0,"
        " ('storm', 'calm'): 12.0})",
        "scenarios.RegimeSwitching({market.Price('ETH'): make('RegimeGBM')}, rates={('calm', 'storm'): 4.0,"
        " ('storm', 'calm'): 12.0})",
    ),
    "AssumptionChanges": ("analysis.assumption_changes('2026.11', '2026.11', n_paths=50, rng=1)",),
    "GBM": ("scenarios.GBM(3000.0, volatility=0.6)",),
    "Merton": (
        "scenarios.Merton(3000.0, volatility=0.6, jump_intensity=3.0, log_jump_mean=-0.1, log_jump_volatility=0.1)",
    ),
    "Shock": ("scenarios.Shock((market.Price('ETH'),), day=2.0, change=-0.3)",),
    "SetTo": ("scenarios.SetTo(market.Price('ETH'), level=100.0, day=2.0)",),
    "EventShock": ("scenarios.EventShock((market.Event('custodian'),), day=2.0)",),
    "APR": ("rates.APR(0.04)",),
    "APY": ("rates.APY(0.04)",),
    "Attribute": ("attrs.fields(products.Holding).asset",),
    "PathLike": ("Path(folder(), 'prices.csv')",),
}
"""Class -> ways to write one, of which the first that this version knows is taken; `make` makes one of another class."""

CHANGING = {
    *("Book", "Now", "Account", "Queue", "Position", "WrapperPosition", "Watch", "Streams", "Noise", "Generator"),
    *("SeedSequence", "Axes", "Executor"),
    *("Product", "RunnableProduct", "Holding"),  # validators set what they have read, also on a frozen sheet
}
"""Objects that calls change, made anew for each."""

NAMED: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("argv", (["--version"],)),
    ("asset|coin|token|symbol", ("ETH",)),
    ("numeraire|currency|unit_of_account", ("USD",)),
    ("date|start|first|last|as_of|issued|today|valid_from|live_from|day|from_day|when", ("2026-01-01",)),
    ("text", ("1.5", "{}", "x")),
    ("kind", ("holding", "hazard")),
    ("product|one|first_product", ("held", "holding", "hold ETH")),
    ("name", ("held", "x")),
)
TEXTS = ("x", "ETH", "held", "2026-01-01", "slashing")
WHOLE = (1, 2, 10, 100, 1000, 32, 32 * 10**9, 10**18, 10**6, 0)
REAL = (0.5, 1.0, 0.05, 10.0, 100.0, 0.9, 1000.0, 1e9, 1e14, 2.0, 0.0)


def plain(*args: Any, **_: Any) -> Any:
    """A function of anything, which returns what comes first."""
    return args[0] if args else None


def flat(amount: float, apr: float, days: float) -> float:
    """A plain reward function."""
    return amount * apr * days / 365


@functools.cache
def folder() -> str:
    """A folder with a file of prices, which the calls may fill."""
    made = tempfile.mkdtemp(prefix="generated-calls-")
    days = np.arange("2025-01-01", "2025-05-01", dtype="datetime64[D]")
    lines = [f"{day},{100.0 + place}" for place, day in enumerate(days)]
    Path(made, "prices.csv").write_text("date,close\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return made


def grid() -> Any:
    return make("TimeGrid")


def gbm() -> Any:
    sm = scope()
    price = sm["market"].Price("ETH")
    for name in ("GeometricBrownianMotion", "Lognormal"):
        if cls := getattr(sm["scenarios"], name, None):
            inner = getattr(sm["scenarios"], "GBM", None) or sm["scenarios"].Diffusion
            return cls({price: inner(3000.0, volatility=0.6)})
    raise LookupError


def series() -> Any:
    sm = scope()
    days = np.arange("2025-01-01", "2025-05-01", dtype="datetime64[D]")
    values = 100.0 * np.exp(0.02 * np.sin(np.arange(days.size) * 1.7).cumsum())
    if make_series := getattr(sm["scenarios"], "daily_series", None):
        return make_series(days, values, name="prices")
    return sm["scenarios"].DailySeries(days, values)


def history() -> Any:
    sm = scope()
    return sm["scenarios"].History({sm["market"].Price("ETH"): series()})


def opened() -> tuple[Any, Any]:
    """The book and the view of the market that a product is given when it is opened."""
    found: list[tuple[Any, Any]] = []
    base = scope()["products"].Holding
    inner = scope()["products"].Product

    @attrs.frozen
    class Spy(inner):  # type: ignore[misc, valid-type]
        held: Any = attrs.field(factory=lambda: base(asset="ETH"))

        @property
        def factors(self) -> Any:
            return frozenset(make("Market").factors)

        @property
        def asset(self) -> str:
            return "ETH"

        def open(self, book: Any, now: Any) -> Any:
            found.append((book, now))
            raise StopIteration  # here, since a market forgets its rows when it was read

    with warnings.catch_warnings(action="ignore"):
        try:
            Spy().run(make("Market"), capital=1000.0)
        except Exception:
            if not found:
                raise
    return found[0]


def staked() -> Any:
    """A comparison of a product that is not just held."""
    sm = scope()
    products = {"pool": sm["products"].StakingPool(), "held": sm["products"].Holding(asset="ETH")}
    found = sm["engine"].simulate(products, sm["scenarios"].reference(), grid(), capital=1000.0, n_paths=8, rng=1)
    return sm["analysis"].compare(found)


@functools.cache
def saved(name: str) -> Path:
    """A file that holds a product, or results."""
    path = Path(folder(), name)
    scope()["serialize"].save(make("Product") if name.endswith("json") else make("Results"), path, force=True)
    return path


def sheet_file() -> Path:
    """A sheet of the catalogue."""
    return Path(scope()["catalogue"].__file__).parent / "sheets" / "lido-steth.toml"


def rates_file() -> Path:
    """Published rates of a day."""
    path = Path(folder(), "rates.toml")
    path.write_text(
        '[lido-steth]\nvalue = { APR = 0.025 }\nbasis = "net"\nsaid = "2.5 %"\ntitle = "Page"\n'
        'url = "https://example.com/"\nread = "2026-11-30"\n'
    )
    return path


def positioned(product: Any = None) -> Any:
    book, now = opened()
    return (product or scope()["products"].Holding(asset="ETH")).open(book, now)


@functools.cache
def scope() -> dict[str, Any]:
    """Names that the texts use."""
    import concurrent.futures
    import importlib

    found: dict[str, Any] = {}
    for room in (
        "analysis",
        "assumptions",
        "capital",
        "catalogue",
        "engine",
        "ledger",
        "market",
        "measures",
        "plotting",
        "products",
    ):
        found[room] = optional(importlib.import_module, f"{ROOT}.{room}")
    for room in ("ratecard", "rates", "scenarios", "testing", "words", "protocols", "report", "serialize"):
        found[room] = optional(importlib.import_module, f"{ROOT}.{room}")
    return found | {
        "json": json,
        "np": np,
        "attrs": attrs,
        "dt": dt,
        "Path": Path,
        "futures": concurrent.futures,
        "Fraction": Fraction,
        **{
            each.__name__: each
            for each in (
                *(folder, grid, gbm, series, history, opened, positioned, flat, make, staked, saved),
                *(sheet_file, rates_file),
            )
        },
    }


def optional(function: Callable[..., Any], *args: Any) -> Any:
    try:
        return function(*args)
    except ImportError:
        return None


_made: dict[str, Any] = {}


def make(name: str) -> Any:
    """The example of a class by its name; the same object each time where nothing changes it."""
    if name in _made:
        return _made[name]
    errors = []
    for text in OBJECTS.get(name, ()):
        try:
            with warnings.catch_warnings(action="ignore"):
                value = eval(text, scope())  # noqa: S307  # our own text
        except Exception as error:  # noqa: BLE001  # another version's way
            errors.append(error)
            continue
        if name not in CHANGING:
            _made[name] = value
        return value
    raise LookupError(f"no example of {name}: {errors}")


@functools.cache
def constants() -> list[Any]:
    """Objects that the library offers by name: rules of a chain, a preset."""
    return [value for _, value in public() if not inspect.isclass(value) and not inspect.isroutine(value)]


def of_class(cls: Any) -> Iterator[Any]:
    """Examples of a class: from the table, a constant of the library, a subclass, or by its constructor."""
    if cls.__name__ in OBJECTS:
        try:
            yield make(cls.__name__)
        except LookupError:
            pass
        else:
            return
    if issubclass(cls, types.ModuleType) or cls.__module__ == "builtins":
        return
    try:
        found = [value for value in constants() if isinstance(value, cls)]
    except TypeError:  # a protocol that cannot be asked
        return
    yield from found[:3]
    if getattr(cls, "__members__", None):
        yield from list(cls)[:3]
        return
    if not found:
        yield from constructed(cls)


_constructed: dict[type, list[Any]] = {}


def constructed(cls: type) -> list[Any]:
    """An object made by the constructor of the class or of a subclass; empty if that is not found."""
    from tests.generated.good import good_call
    from tests.generated.names import Callee, is_made

    if cls not in _constructed:
        _constructed[cls] = []  # while it is looked for
        below = [each for each in known_classes().values() if isinstance(each, type) and issubclass(each, cls)]
        for each in [cls, *below]:
            if is_made(each) and (call := good_call(Callee(each.__name__, each))):
                _constructed[cls] = [call.result]
                break
    return _constructed[cls]


def of_hint(hint: Any, name: str = "") -> list[Any]:
    """Candidates for a parameter of a type, likeliest first."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        found = [of_hint(each, name) for each in arguments if each is not types.NoneType]
        return [candidate for each in found for candidate in each]
    if origin is typing.Literal:
        return list(arguments)
    if hint is Any or isinstance(hint, typing.TypeVar) or hint is object:
        return [*by_name(name), *WHOLE[:3], 1.0, "x"] if not by_name(name) else [*by_name(name), 1, 1.0]
    kind = origin or hint
    if kind is bool:
        return [True, False]
    if kind is int:
        return list(WHOLE)
    if kind is float:
        return list(REAL)
    if kind is str:
        return [*by_name(name), *TEXTS]
    if kind is np.ndarray:
        return arrays(arguments)
    return of_kind(kind, arguments, name)


def by_name(name: str) -> list[Any]:
    """Values that a parameter of this name may have."""
    return [value for pattern, values in NAMED if re.fullmatch(f"(.*_)?({pattern})", name) for value in values]


def arrays(arguments: tuple[Any, ...]) -> list[Any]:
    inner = (typing.get_args(arguments[-1]) or (None,))[0] if arguments else None
    if inner in {np.int64, np.int32}:
        return [np.array([0, 1]), np.array([32, 64]) * 10**9]
    if inner is np.bool_:
        return [np.array([True, False])]
    if inner is np.datetime64:
        return [np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[s]")]
    return [np.linspace(1.0, 2.0, 20), np.linspace(1.0, 2.0, 3), np.full((6, 3), 1.0)]


def of_kind(kind: Any, arguments: tuple[Any, ...], name: str) -> list[Any]:
    from collections import abc

    if kind is abc.Callable:
        return [plain]
    if kind in {dt.date, dt.datetime}:
        return [dt.date(2026, 1, 1)]
    if kind is type:
        return [scope()["products"].Holding]
    if kind is Fraction:
        return [Fraction(1, 2)]
    if kind is bytes:
        return [bytes(32), b"x"]
    if kind is os.PathLike:
        return [make("PathLike")]
    if kind is tuple and arguments and arguments[-1] is not ...:
        inner = [of_hint(each, name) for each in arguments]
        return [tuple(each[0] for each in inner)] if all(inner) else []
    if isinstance(kind, type) and issubclass(kind, abc.Mapping):
        return mappings(arguments, name)
    if kind in {list, tuple, set, frozenset, abc.Sequence, abc.Iterable, abc.Collection, abc.Iterator, abc.Set}:
        inner = of_hint(arguments[0], name) if arguments else list[Any](REAL)
        return [*collections(kind, inner), collections(kind, [])[0]]
    return list(of_class(kind)) if isinstance(kind, type) else []


def mappings(arguments: tuple[Any, ...], name: str) -> list[Any]:
    keys, values = (of_hint(each, name) for each in arguments) if len(arguments) == 2 else (["x"], [1.0])
    if not keys or not values:
        return [{}]
    return [*({keys[0]: value} for value in values[:4]), {}]


def collections(kind: Any, items: Iterable[Any]) -> list[Any]:
    made = {list: list, set: set, frozenset: frozenset}.get(kind, tuple)
    items = list(items)
    return [made([item, item]) for item in items[:6]] + [made([item]) for item in items[:2]] if items else [made()]
