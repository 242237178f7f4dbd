"""Things are equal after a file; what is no thing of the library is refused in one sentence."""

import datetime as dt
import inspect
import json
import math
import warnings
from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import stakingmodels
from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Event,
    ExchangeStaking,
    Falls,
    History,
    Holding,
    InputError,
    InputTypeError,
    LeaveWhen,
    LiquidStakingToken,
    MiningMachines,
    Price,
    Product,
    Scenario,
    SoloValidator,
    StakingModelsError,
    StakingPool,
    StakingReward,
    TimeGrid,
    Units,
    assumptions,
    market,
    products,
    scenarios,
    terms,
)
from stakingmodels.products import After, Below, Occurs, Rule
from stakingmodels.scenarios import EPISODES, Constants, Fit, InCurrency, Pinned, daily_series, stress
from stakingmodels.serialize import dumps, load, loads, save
from stakingmodels.serialize.kinds import own_kinds
from stakingmodels.testing import strategies
from stakingmodels.words import Note
from tests.corpus import markets as corpus_markets
from tests.corpus import products as corpus_products
from tests.corpus import worlds

pytestmark = [
    pytest.mark.filterwarnings("ignore::stakingmodels.errors.UnitWarning"),
    pytest.mark.filterwarnings("ignore::stakingmodels.errors.DataWarning"),
]
SHEETS = (Holding, SoloValidator, StakingPool, LiquidStakingToken, ExchangeStaking, CloudMiningContract, MiningMachines)
ETH = Price("ETH")
FALLS = Falls(ETH, 0.2)
DAYS = np.arange(np.datetime64("2025-01-01"), np.datetime64("2025-02-01"))
SERIES = daily_series(DAYS, np.linspace(3000.0, 3600.0, DAYS.size) + 0.1, name="made up")


def corpus(kind: type) -> dict[str, Any]:
    """Everything of a kind that the corpus of results holds."""
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in (worlds, corpus_markets)
        for name, value in vars(module).items()
        if isinstance(value, kind)
    }
    return {**found, **{n: v for n, v in corpus_products.VARIANTS.items() if isinstance(v, kind)}}


def everything() -> dict[str, Any]:
    rules = {
        "one rule": LeaveWhen(StakingPool("ETH"), FALLS | After("2026-06-01"), how=None),
        "two rules": LeaveWhen(StakingPool("ETH"), {FALLS: 0.5, After(90) & Below(ETH, 900.0): 1.0}),
        "in another": LeaveWhen(LeaveWhen(LiquidStakingToken(), Occurs(Event("x", hazard=0.1))), FALLS, share=0.3),
    }
    grids = {
        "daily": TimeGrid.daily("2026-01-01", days=365, settlement_days=60),
        "hours": TimeGrid(np.array(["2026-01-01T00:00", "2026-01-01T06:00", "2026-01-03T00:00"], "datetime64[s]"), 1),
        "one step": TimeGrid(np.array(["2026-01-01", "2027-01-01"], "datetime64[s]")),
    }
    records = {
        "history": History({ETH: SERIES, StakingReward("ETH"): daily_series(DAYS, [0.03] * DAYS.size, name="r")}),
        "days": History({ETH: SERIES}, first="2025-01-02", last=np.datetime64("2025-01-05"), initial_levels={ETH: 9.0}),
        "date": History({ETH: SERIES}, window_levels="as_recorded", first=dt.date(2025, 1, 2)),
        "bootstrap": scenarios.StationaryBootstrap(History({ETH: SERIES}), mean_block_days=5.0),
    }
    more = {
        "pinned": Pinned(scenarios.reference(), {ETH: 0.5}),
        "in TWD": InCurrency(scenarios.reference(), "TWD", exchange_rate=31.4),
        "in EUR": InCurrency(scenarios.reference(), "EUR"),
        "in a path": InCurrency(scenarios.reference(), "TWD", exchange_rate=np.full(4, 31.4)),
        "dated": Constants({ETH: 3000.0, Event("x"): 0.1}, as_of="2026-01-01"),
        "series": APR(np.array([[0.01, 0.02], [0.03, -0.5]])),
        "coins": Units(np.array([1.0, 2.5]), "ETH"),
        "coin": Units(2, "ETH"),
        **{
            f"stress {i}": stress(each, scenarios.reference()) for i, each in enumerate(EPISODES) if "ezETH" not in each
        },
    }
    small = {"apr": APR(0.03), "apy": APY(-0.2), "price": ETH, "event": Event("x", hazard=0.02), "no": Event("x")}
    assumed = {"set": assumptions.assumption_set(), "number": assumptions.assumption_set()["exploit.hazard"]}
    return {
        **{f"reference {name}": each for name, each in products.reference().items()},
        "reference": scenarios.reference(),
        **corpus(Product), **corpus(Scenario), **rules, **grids, **records, **more, **small, **assumed,
    }  # fmt: skip


THINGS = everything()


@pytest.mark.parametrize("name", THINGS)
def test_a_thing_is_equal_after_a_text(name):
    thing = THINGS[name]
    text = dumps(thing)
    again = loads(text)
    assert type(again) is type(thing)
    assert again == thing
    assert dumps(again) == text  # what == leaves out too, such as the hazard that an event carries
    assert dumps(thing) == text


def test_the_corpus_is_not_empty():
    assert len(corpus(Product)) > 30
    assert len(corpus(Scenario)) > 8


@pytest.mark.parametrize("kind", SHEETS)
@settings(max_examples=15)
@given(data=st.data())
def test_any_product_is_equal_after_a_text(kind, data):
    product = data.draw(strategies.products(kind))
    text = dumps(product)
    assert loads(text) == product
    assert dumps(loads(text)) == text


@settings(max_examples=15)
@given(rule=strategies.rules([ETH, StakingReward("ETH"), Event("x")]))
def test_any_rule_is_equal_after_a_text(rule):
    assert loads(dumps(rule)) == rule


@settings(max_examples=10)
@given(grid=strategies.time_grids())
def test_any_grid_is_equal_after_a_text(grid):
    assert loads(dumps(grid)) == grid


def test_every_concrete_product_rule_and_scenario_has_its_kind():
    for base, room in ((Product, products), (Rule, products), (Scenario, scenarios), (market.Factor, market)):
        for name in room.__all__:
            each = getattr(room, name)
            if inspect.isclass(each) and issubclass(each, base) and not inspect.isabstract(each) and each is not base:
                assert own_kinds()[name] is each


def test_results_of_a_fit_are_no_terms():
    assert not {"Fit", "Streams", "Factor", "Quote"} & {*own_kinds()}
    assert attrs.has(Fit)


def test_things_by_name():
    rows = products.reference()
    again = loads(dumps(rows))
    assert again == rows
    assert list(again) == list(rows)
    mixed = {"Price(ETH)": ETH, "kind": APR(0.1), "schema": Constants({ETH: 1.0})}
    assert loads(dumps(mixed)) == mixed
    assert loads(dumps({})) == {}


def test_the_hazard_of_an_event_that_is_a_key():
    world = Constants({ETH: 3000.0, Event("x", hazard=0.1): 0.2})
    (event,) = (f for f in loads(dumps(world)).values if isinstance(f, Event))
    assert event.hazard == 0.1


def test_notes_keep_their_languages():
    again = loads(dumps(scenarios.reference()))
    notes = [each for each in again.remarks if isinstance(each, Note)]
    assert notes
    assert [each.say("zh-TW") for each in notes] == [
        each.say("zh-TW") for each in scenarios.reference().remarks if isinstance(each, Note)
    ]


def test_a_note_that_this_version_says_otherwise_stays_a_text():
    table = json.loads(dumps(scenarios.reference()))
    note = next(each for each in table["remarks"] if isinstance(each, dict))
    note["text"] = "said of old"
    (found,) = (each for each in loads(json.dumps(table)).remarks if each == "said of old")
    assert type(found) is str


@terms.sheet
class Own(Holding):
    """A product of somebody else."""

    bonus: float = terms.fraction(default=0.1)
    days: tuple[int, ...] = attrs.field(default=(1, 2))


def test_a_class_of_ones_own_is_made_only_if_it_is_given():
    own = Own("ETH", bonus=0.2)
    with pytest.raises(InputTypeError, match=r"^dumps: Own: must be of a kind .* \(classes=\[Own\]\)$"):
        dumps(own)
    text = dumps({"mine": own}, classes=[Own])
    assert loads(text, classes=[Own]) == {"mine": own}
    with pytest.raises(InputError, match=r"^loads: mine: 'Own' is no kind that files know .*classes=\[\.\.\.\]"):
        loads(text)
    with pytest.raises(InputTypeError, match=r"^loads: mine: Own.days: must be a list of int, got list"):
        loads(text.replace('"days": [1, 2]', '"days": [1, "2"]'), classes=[Own])


@attrs.frozen
class Price2:
    schema: int


def test_classes_that_no_file_can_hold():
    given: dict[str, Any] = {
        "a class": (int,),
        "a name": "Own",
        "a key of files": (Price2,),
        "a name that is taken": (attrs.make_class("Price", ["name"]),),
        "a kind of files": (attrs.make_class("pairs", ["name"]),),
    }
    for wrong, words in given.items():
        with pytest.raises((InputError, InputTypeError), match=r"^dumps: "):
            dumps(ETH, classes=words)
        assert wrong


HEAD = '"stakingmodels": "0.1.0", "schema": 1, '
POOL = f'{{{HEAD}"kind": "StakingPool", "asset": "ETH"'
REFUSED = {
    "no JSON": ("{", "loads: must be JSON: "),
    "nothing": ("", "loads: must be JSON: "),
    "bytes after": (POOL + "} x", "loads: must be JSON: extra data in line 1"),
    "a list": ("[]", 'loads: must be an object with "stakingmodels", "schema" and "kind", got '),
    "no schema": ('{"kind": "StakingPool"}', 'loads: must be an object with "stakingmodels", "schema" and "kind"'),
    "newer": ('{"stakingmodels": "9.2.0", "schema": 2, "kind": "x"}', "loads: schema: must be at most 1, which is all"),
    "schema 0": ('{"stakingmodels": "0.1.0", "schema": 0, "kind": "x"}', "loads: schema: must be an integer in [1"),
    "schema true": ('{"stakingmodels": "0.1.0", "schema": true, "kind": "x"}', "loads: schema: must be an integer"),
    "no version": ('{"stakingmodels": 1, "schema": 1, "kind": "x"}', "loads: stakingmodels: must be a text"),
    "unknown kind": (f'{{{HEAD}"kind": "StakingPol"}}', "loads: 'StakingPol' is no kind that files know (did you mean"),
    "kind 7": (f'{{{HEAD}"kind": 7}}', "loads: kind must be given as a text"),
    "a function": (f'{{{HEAD}"kind": "eval"}}', "loads: 'eval' is no kind that files know"),
    "unknown term": (POOL + ', "comission": 0.1}', "loads: 'comission' is no field of StakingPool (did you mean commi"),
    "a term twice": (POOL + ', "asset": "BTC"}', "loads: must have each key once, got 'asset' twice"),
    "percent": (POOL + ', "commission": 10}', "loads: StakingPool.commission: must be a fraction in [0, 1], got 10"),
    "a text": (POOL + ', "commission": "0.1"}', "loads: StakingPool.commission: must be a number, got str"),
    "NaN": (POOL + ', "commission": NaN}', "loads: must be JSON, which has no NaN; a number must be finite"),
    "Infinity": (POOL + ', "commission": -Infinity}', "loads: must be JSON, which has no -Infinity"),
    "inf": (POOL + ', "commission": "inf"}', "loads: StakingPool.commission: must be a number"),
    "1e999": (POOL + ', "commission": 1e999}', "loads: must have numbers within the range of a float64, got '1e999'"),
    "long integer": (POOL + f', "commission": {"9" * 5000}}}', "loads: must have whole numbers of at most 60 digits"),
    "a plain rate": (f'{{{HEAD}"kind": "APR", "value": [1, "x"]}}', "loads: "),
    "no term": (f'{{{HEAD}"kind": "Falls"}}', "loads: Falls.factor must be given"),
    "inner term": (
        f'{{{HEAD}"kind": "LeaveWhen", "product": {{"kind": "Holding", "aset": "ETH"}}, "rule": null}}',
        "loads.product: 'aset' is no field of Holding (did you mean asset?)",
    ),
    "deep": (POOL + ', "failures": ' + "[" * 200 + "]" * 200 + "}", "loads: must not be nested more than 100 deep"),
    "deep, unfinished": ('{"a": ' * 100_000, "loads: must not be nested more than 100 deep"),
    "no deep text": (POOL + f', "{"[" * 500}": 1}}', "loads: '[["),
    "quotes without end": (POOL + ', "' + '\\"' * 100_000, "loads: must be JSON"),
    "many": (POOL + ', "failures": [' + ", ".join(["[]"] * 2000) + "]}", "loads.failures: must have at most 1,000"),
    "many keys": (
        f'{{{HEAD}"kind": "Constants", "values": {{' + ", ".join(f'"Price({i})": 1' for i in range(2000)) + "}}",
        "loads.values: must have at most 1,000",
    ),
    "steps": (
        f'{{{HEAD}"kind": "TimeGrid", "first": "2026-01-01", "step_seconds": 1, "n_steps": 1e15, "exit": 1}}',
        "loads.n_steps: must be an integer",
    ),
    "many steps": (
        f'{{{HEAD}"kind": "TimeGrid", "first": "2026-01-01", "step_seconds": 1, "n_steps": {10**15}, "exit": 1}}',
        "loads.n_steps: must be an integer in [1, 100000]",
    ),
    "a huge array": (
        f'{{{HEAD}"kind": "APR", "value": {{"kind": "array", "dtype": "int64", "shape": [{10**9}, 9], "values": []}}}}',
        "loads.value: values: must be as many as the shape (1000000000, 9) says",
    ),
    "an array of objects": (
        f'{{{HEAD}"kind": "APR", "value": {{"kind": "array", "dtype": "object", "shape": [1], "values": [1]}}}}',
        "loads.value: dtype: must be one of 'float64'",
    ),
    "a short array": (
        f'{{{HEAD}"kind": "APR", "value": {{"kind": "array", "dtype": "float64", "shape": [3], "values": [1, 2]}}}}',
        "loads.value: values: must be as many as the shape (3,) says",
    ),
    "a constant beyond memory": (
        f'{{{HEAD}"kind": "APR", "value": {{"kind": "array", "dtype": "float64", "shape": [{10**9}], "values": [1]}}}}',
        "loads.value: shape: must take at most 67,1",
    ),
    "things": (f'{{{HEAD}"kind": "Named", "items": []}}', 'loads: Named must have "items" alone'),
    "a thing": (f'{{{HEAD}"kind": "Named", "items": {{"a": 1}}}}', "loads: a: must be an object with its kind"),
    "a name": (f'{{{HEAD}"kind": "Named", "items": {{"": 1}}}}', "loads: name: must be 1 to 80 printable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name):
    text, start = REFUSED[name]
    with pytest.raises((InputError, InputTypeError)) as caught:
        loads(text)
    message = str(caught.value)
    assert message.startswith(start), message
    assert len(message) <= 400
    assert message.isprintable()


def test_a_long_text_is_refused_before_it_is_parsed():
    with pytest.raises(
        InputError, match=r"^loads: must have at most 10,000,000 characters, got '10,000,001 characters'"
    ):
        loads(" " * 10_000_001)
    with pytest.raises(InputTypeError, match=r"^loads: must be a text \(str\), got bytes"):
        loads(b"{}")  # type: ignore[arg-type]


def test_what_cannot_be_written():
    for thing in (object(), 3.0, None, "text", [ETH], ETH.name.encode()):
        with pytest.raises((InputError, InputTypeError), match=r"^dumps: "):
            dumps(thing)
    with pytest.raises(InputError, match=r"^dumps: name: must be 1 to 80"):
        dumps({"": ETH})
    with pytest.raises(InputTypeError, match=r"^dumps: name: must be a text"):
        dumps({1: ETH})


LEAVES: list[Any] = [
    None,
    True,
    0,
    -1,
    1,
    2.5,
    1e308,
    -1e-308,
    "",
    "ETH",
    "inf",
    "2026-01-01",
    "Price(ETH)",
    [],
    {},
    [1],
    [[1, 2]],
]
LEAVES += [{"kind": "Price", "name": "ETH"}, {"kind": "APR", "value": 0.1}, {"kind": "pairs", "items": []}, {"a": 1}]
LEAVES += [{"kind": "date", "value": "x"}, {"kind": "Note", "text": "a", "key": "b", "values": {}}]


def places(plain: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways to every value within a plain one."""
    items = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    return [way, *(each for key, value in items for each in places(value, (*way, key)))]


def planted(plain: Any, way: tuple[Any, ...], leaf: Any) -> Any:
    """A copy with another value in a place."""
    if not way:
        return leaf
    copied = dict(plain) if isinstance(plain, dict) else list(plain)
    copied[way[0]] = planted(plain[way[0]], way[1:], leaf)
    return copied


def read(text: str) -> Any:
    """The thing of a text; of one that is refused, its sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return loads(text)
        except StakingModelsError as error:
            return str(error)


@settings(max_examples=150)
@given(data=st.data())
def test_a_wrong_value_anywhere_is_refused_or_makes_a_thing_that_can_be_written(data):
    name = data.draw(st.sampled_from(sorted(set(THINGS) - {"set"})))
    plain = json.loads(dumps(THINGS[name]))
    way = data.draw(st.sampled_from(places(plain)))
    found = read(json.dumps(planted(plain, way, data.draw(st.sampled_from(LEAVES)))))
    if isinstance(found, str):
        assert found.isprintable()
        assert len(found) <= 500
    else:
        assert read(dumps(found)) == found


@settings(max_examples=80)
@given(data=st.data())
def test_a_cut_or_changed_text_is_refused_or_read(data):
    text = dumps(THINGS[data.draw(st.sampled_from(sorted(set(THINGS) - {"set"})))])
    place = data.draw(st.integers(0, len(text) - 3))
    assert isinstance(read(text[:place]), str)
    found = read(text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :])
    assert not isinstance(found, str) or found.isprintable()


def test_files(tmp_path):
    file = tmp_path / "pool.json"
    save(StakingPool("ETH"), file)
    assert load(file) == StakingPool("ETH")
    assert load(str(file)) == StakingPool("ETH")
    assert file.read_text("utf-8") == dumps(StakingPool("ETH"))
    with pytest.raises(
        InputError, match=r"^pool.json: is there already, and is left as it is \(force=True replaces it\)$"
    ):
        save(Holding("ETH"), file)
    assert load(file) == StakingPool("ETH")
    save(Holding("ETH"), file, force=True)
    assert load(file) == Holding("ETH")
    assert [each.name for each in tmp_path.iterdir()] == ["pool.json"]
    with pytest.raises(
        InputError, match=r"^save: path: must end in \.json, \.npz or \.toml, got 'pool' \(write pool\.json\)$"
    ):
        save(Holding("ETH"), tmp_path / "pool")
    with pytest.raises(InputError, match=r"^none.json: cannot be read: no such file or directory$"):
        load(tmp_path / "none.json")
    with pytest.raises(InputTypeError, match=r"^none.json: Fit: must be of a kind that files know"):
        save(scenarios.reference_fit(), tmp_path / "none.json")
    assert not (tmp_path / "none.json").exists()


def test_it_loads_on_demand():
    assert stakingmodels.serialize.dumps is dumps


@attrs.frozen
class Unchecked:
    """A class of one's own that takes any number."""

    number: float


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_number_that_could_not_be_read_back_is_not_written(number):
    with pytest.raises(InputError, match=r"^dumps: Unchecked.number: must be a finite number to be written"):
        dumps(Unchecked(number), classes=[Unchecked])


def test_a_factor_written_in_two_ways_is_one_key():
    text = dumps(Constants({Price("ETH"): 1.0})).replace('"Price(ETH)"', '"Price(\'ETH\')": 2.0, "Price(ETH)"')
    with pytest.raises(InputError, match=r"^loads\.values: must have each key once"):
        loads(text)
