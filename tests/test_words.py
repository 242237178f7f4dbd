"""Words for people: none is missing in a language, none is left over, and Chinese tables hold no English sentence."""

import ast
import copy
import inspect
import pickle
import re
import string
from pathlib import Path
from typing import get_args

import attrs
import numpy as np
import pytest

import stakingmodels
from stakingmodels import (
    Constants,
    Event,
    Price,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
    terms,
    termsheets,
)
from stakingmodels.analysis import control_variate_means
from stakingmodels.catalogue.paid import PAID
from stakingmodels.errors import InputError
from stakingmodels.ledger import Group, Line
from stakingmodels.market import BlockFees, CashRate, Factor, MarketRatio
from stakingmodels.products import Entry, Execution, Failure, Halt, Payout, Rule, Schedule, Tiers, Wrapper
from stakingmodels.scenarios import (
    GBM,
    Contagion,
    Copula,
    Crash,
    Estimate,
    EventShock,
    Hazards,
    History,
    Joint,
    Merton,
    MertonJumpDiffusion,
    RegimeGBM,
    RegimeSwitching,
    SetTo,
    Shock,
    Shocked,
    daily_series,
    reference,
    reference_fit,
)
from stakingmodels.words import LANGUAGES, Note, all_words, in_language, label, say

pytestmark = pytest.mark.once

WORDS = all_words()
PACKAGE = Path(stakingmodels.__file__).parent
NO_TERMS = {
    "GBMFit",
    "Drivers",
    "Estimate",
    "Fit",
    "JumpFit",
    "ResponseFit",
    "OrnsteinUhlenbeckFit",
    "Streams",
    "BlockInputs",
    "RowFiller",
}
"""Classes of `scenarios` that are no terms: what was measured, and parts of the machinery."""
SHOWN_BY_UNIT = {"money", "power price", "entry days", "exit days", "choice"}
"""Kinds of terms that are listed with their unit or their choices."""


def labelled_classes():
    """Products, scenarios and what scenarios are made of."""
    names = {name: getattr(scenarios, name) for name in scenarios.__all__}
    found = [cls for name, cls in names.items() if inspect.isclass(cls) and attrs.has(cls) and name not in NO_TERMS]
    found = [cls for cls in found if not issubclass(cls, Factor) and not inspect.isabstract(cls)]
    wrappers = [each for each in vars(products).values() if inspect.isclass(each) and issubclass(each, (Rule, Wrapper))]
    shown = [each for each in wrappers if not inspect.isabstract(each)]
    return [*termsheets.KINDS.values(), Entry, Execution, Failure, Halt, Payout, Schedule, Tiers, *found, *shown]


def labels():
    """Every label that there must be."""
    for cls in labelled_classes():
        yield cls.__name__
        yield from (f"{cls.__name__}.{field.name}" for field in attrs.fields(cls) if field.init)
    yield from (f"line.{line.label}" for line in Line)
    yield from (f"group.{group.value}" for group in Group)
    yield from (f"kind.{kind}" for kind in get_args(terms.Kind) if kind not in SHOWN_BY_UNIT)


def sources():
    """The modules that say something: path -> tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name != "words" or path.stem == "language":
            yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def literals(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def patterns(tree):
    """Texts with something put in, as patterns of one group."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else "(.+)" for v in node.values]
            if parts.count("(.+)") == 1:
                yield re.compile("".join(map(str, parts)))


def used(words):
    """The keys that some module names: written out, or in two parts that both stand in the same file."""
    found = set()
    for _, tree in sources():
        texts = literals(tree)
        found |= texts & set(words)
        options = {text[2:] for text in texts if text.startswith("--")}
        if any(pattern.pattern == "\\-\\-(.+)" for pattern in patterns(tree)):
            options |= texts
        found |= {f"help.{option.replace('-', '_')}" for option in options} & set(words)
        for pattern in patterns(tree):
            hits = (pattern.fullmatch(key) for key in words)
            found |= {hit[0] for hit in hits if hit is not None and hit[1] in texts}
    return found


def asked():
    """File, and every literal key that is asked for in it."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Note", "say"}:
                key = node.args[0]
                either = [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]
                yield from ((str(path), str(k.value)) for k in either if isinstance(k, ast.Constant))


@pytest.mark.parametrize("name", sorted(set(labels())))
def test_every_line_group_product_scenario_and_term_has_words(name):
    assert name in WORDS


def test_the_classes_of_all_products_and_scenarios_are_looked_at():
    names = {cls.__name__ for cls in labelled_classes()}
    assert {"StakingPool", "GeometricBrownianMotion", "GBM", "Shock", "DailyFile"} <= names
    assert len(names) > 30


def test_every_key_that_is_asked_for_has_words():
    missing = [(path, key) for path, key in asked() if key not in WORDS]
    assert missing == []
    assert len(set(asked())) > 100


def test_no_words_are_left_over():
    gaps = {f"catalogue.gap.{key}" for key in stakingmodels.catalogue.sheets()}  # reasons are of sheets that ship
    gaps |= {f"catalogue.paid_gap.{key}" for key in PAID}
    gaps |= {f"catalogue.record.{paid.record}" for each in PAID.values() for paid in each}
    known = used(WORDS) | set(labels()) | gaps
    assert [key for key in WORDS if key not in known] == []


@pytest.mark.slow
def test_words_that_nothing_uses_would_be_found():
    assert "legend.nothing" not in used({**WORDS, "legend.nothing": ("x", "y")})
    assert "legend.returns" in used(WORDS)


def fields_of(text):
    return sorted((name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("key", sorted(set(WORDS) - {"class"}))
def test_both_languages_say_the_same_numbers(key):
    english, chinese = WORDS[key]
    assert fields_of(english) == fields_of(chinese)
    assert english.strip()
    assert chinese.strip()


SAME_IN_BOTH = {
    "answer.failure.hazard",
    "cell.part_of_loss",
    "cell.several",
    "views.column.coin",
    "kind.other",
    "backtest.titles",
    "run.risk_error",
    "rank.reasons",
    "world.listed",
    "answer.about",
    "answer.named",
    "answer.clause",
    "plot.alt",
    "plot.ranges.cell",
    "offers.unit.th_s",
    "plot.unit.money",
    "plot.unit.percent",
    "report.limit",
    "report.list",
    "report.assumed.mark",
    "report.marked",
    "catalogue.is_old",
    "catalogue.lacking",
    "products.event",
    "products.within",
}
"""Texts that only put others together."""


@pytest.mark.parametrize("key", sorted(set(WORDS) - SAME_IN_BOTH))
def test_chinese_is_chinese(key):
    assert re.search("[\u4e00-\u9fff\uff0c\u3001\uff1b\uff1a\uff08]", WORDS[key][1])
    assert not re.search("[\u4e00-\u9fff]", WORDS[key][0])


@pytest.mark.parametrize("line", Line, ids=str)
def test_a_line_is_called_in_english_what_its_label_says(line):
    assert say(f"line.{line.label}") == line.label


def test_a_label_without_words_is_its_own_name():
    assert label("MyPool.fee", "zh-TW") == "fee"


def test_a_note_is_its_english_text():
    note = Note("note.correlation", one=Price("ETH"), other=Price("BTC"), rho=0.5)
    assert note == 'correlation Price("ETH"), Price("BTC"): 0.5000'
    assert len({note, str(note)}) == 1
    assert in_language(note, "zh-TW").startswith('Price("ETH") \u8207')
    assert in_language("as it is", "zh-TW") == "as it is"


@pytest.mark.parametrize("again", [lambda x: pickle.loads(pickle.dumps(x)), copy.copy, copy.deepcopy])  # noqa: S301
def test_a_note_keeps_its_words(again):
    note = Note("note.read_as", record=Note("note.rescaled"), remarks=("one", Note("file.smoothed")))
    assert again(note) == note
    assert again(note).say("zh-TW") == note.say("zh-TW")


def test_one_path_and_one_day_are_no_several():
    stops = {"days": 1, "share": "5%"}
    assert Note("answer.paths", n=1) == "1 path"
    assert Note("answer.paths", n=1).say("zh-TW") == "1 條路徑"
    assert Note("answer.paths", n=11) == "11 paths"
    assert Note("plot.hashprice.stop", **stops).startswith("stopped after 1 day of cost")
    assert Note("file.shifted", days=1) == "shifted by +1 days"


def test_parts_are_listed_with_the_commas_of_the_language():
    note = Note("run.bare", products=("a", "b"))
    assert "for a, b:" in note
    assert note.say("zh-TW").startswith("a\u3001b ")


GRID = TimeGrid.daily("2026-01-01", days=20, settlement_days=5)
ETH, BTC = Price("ETH"), Price("BTC")
ONE, OTHER = Event("custodian:exchange"), Event("provider:cloud mining")


def recorded():
    days = np.arange("2025-01-01", "2025-07-01", dtype="datetime64[D]")
    closes = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, days.size)))
    series: dict[Factor, object] = {f: daily_series(days, closes, name="made.csv") for f in (ETH, BTC)}
    return Joint([History(series), Constants({CashRate("USD"): stakingmodels.APR(0.03)})])


WORLDS = {
    "reference": lambda: reference(start="2026-02-01"),
    "jumps": lambda: reference(jumps=True, miners=True, staked_supply=True, contagion=True),
    "hazards": lambda: Joint(
        [
            MertonJumpDiffusion(
                {
                    ETH: Merton(
                        3000.0, volatility=0.7, jump_intensity=5.0, log_jump_mean=-0.1, log_jump_volatility=0.1
                    ),
                    BTC: Merton(
                        90000.0, volatility=0.7, jump_intensity=5.0, log_jump_mean=-0.1, log_jump_volatility=0.1
                    ),
                },
                common_share=0.5,
            ),
            Hazards(
                {ONE: {0: 0.01, 10: 0.05}, OTHER: 0.1},
                copula=Copula({(ONE, OTHER): 0.5}, degrees_of_freedom=4),
                contagion={ONE: Contagion(Crash(BTC, fall=0.2, within_days=14.0), hazard=1.0)},
                shared={(ONE, OTHER): 0.01},
            ),
        ]
    ),
    "shocks": lambda: Shocked(
        scenarios.GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)}),
        [
            Shock(ETH, day=2, change=-0.5, until=4, half_life_days=3),
            EventShock(ONE, day=3),
            SetTo(ETH, level=1000.0, day=6, until=9),
            Shock(ETH, day=3, change=0.1),
        ],
    ),
    "pinned": lambda: scenarios.Pinned(reference(), {ETH: -0.5}),
    "regimes": lambda: RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility={"A": 0.5, "B": 1.0})}, transition_rates={("A", "B"): 3.0, ("B", "A"): 6.0}
    ),
    "history": recorded,
}
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")


def foreign(text):
    """What is English in a text, beside the names of rows, factors and files."""
    for name in products.reference():
        text = text.replace(name, "")
    return ENGLISH.findall(text)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.filterwarnings("ignore::stakingmodels.errors.ScenarioWarning")
@pytest.mark.few(3)
def test_a_comparison_in_chinese_holds_no_english(world):
    results = simulate(
        products.reference(),
        world(),
        GRID,
        capital=1e5,
        n_paths=None if world is recorded else 40,
        rng=1,
        on_missing="skip",
    )
    comparison = compare(results)
    for shown in (comparison, comparison.rank(max_es=0.05, max_days_to_cash=1.0)):
        text = shown.to_text(language="zh-TW")
        assert foreign(text) == []
        assert "\u7522\u54c1" in text
        assert foreign(re.sub("<[^>]*>|&[^;]*;", " ", shown.to_html(language="zh-TW"))) == []
        assert foreign(shown.to_markdown(language="zh-TW")) == []
        assert foreign(shown.details().to_text(language="zh-TW")) == []


OTHERS = {
    "fees": lambda: scenarios.MeanRevertingFees(
        BlockFees("BTC"), scenarios.LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)
    ),
    "peg": lambda: scenarios.MeanRevertingPeg(
        MarketRatio("stETH"), mean=0.999, standard_deviation=0.002, half_life_days=20.0
    ),
    "bootstrap": lambda: scenarios.StationaryBootstrap(recorded().parts[0], mean_block_days=20.0),
}


@pytest.mark.parametrize("world", [*WORLDS.values(), *OTHERS.values()], ids=[*WORLDS, *OTHERS])
def test_what_a_scenario_says_of_itself_can_be_said_in_chinese(world):
    notes = world().describe()
    assert notes
    assert [note for note in notes if not isinstance(note, Note)] == []


def test_other_tables_in_chinese_hold_no_english():
    world = reference()
    results = simulate(products.reference(), world, GRID, capital=1e5, n_paths=20, rng=1)
    comparison = compare(results)
    shown = [control_variate_means(results), comparison.liquidity, reference_fit()]
    shown += [comparison.price_views((-0.5, 0.0, {"ETH": 1.0})), comparison.break_even_prices]
    for product in products.reference().values():
        market = world.market(GRID, product.factors, streams=scenarios.Streams(0), n_paths=1)
        shown.append(product.quote(market, capital=1e5))
    for each in shown:
        assert foreign(each.to_text(language="zh-TW")) == []


@pytest.mark.parametrize("method", ["to_text", "to_html", "to_markdown"])
@pytest.mark.parametrize("language", ["zh", "de", None])
def test_other_languages_are_refused(method, language):
    with pytest.raises(InputError, match=rf"^Fit\.{method}: language: must be one of 'en', 'zh-TW'"):
        getattr(reference_fit(), method)(language=language)


def test_what_is_measured_is_no_term():
    assert attrs.has(Estimate)
    assert LANGUAGES == ("en", "zh-TW")
