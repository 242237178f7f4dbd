"""The document of a card: its schema, published and checked twice; what is refused; and what its numbers rest on."""

import copy
import datetime as dt
import decimal
import json
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    Event,
    ExchangeStaking,
    Failure,
    History,
    InCurrency,
    InputError,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    ratecard,
    scenarios,
    simulate,
)
from stakingmodels.assumptions import assumption_set
from stakingmodels.errors import InputTypeError, UnknownNameError
from stakingmodels.words import all_words

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schema" / "ratecard.json"
WORLD = Constants({Price("ETH"): 2_000.0, StakingReward("ETH"): APR(0.0365)})
POOL = StakingPool("ETH")


@pytest.fixture(scope="module")
def small():
    return ratecard.make({"pool": POOL}, WORLD, issued="2026-12-01", terms=[30], n_paths=1)


def test_the_published_schema_is_that_of_the_library(pytestconfig):
    now = json.dumps(ratecard.schema(), indent=1, ensure_ascii=False) + "\n"
    if pytestconfig.getoption("--update-public-api"):
        PUBLISHED.write_text(now, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == now


@pytest.mark.slow
def test_another_validator_accepts_our_cards(card, small):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(ratecard.schema())
    for each in (card, small):
        jsonschema.Draft202012Validator(ratecard.schema()).validate(each.to_dict())


def changed(document, path, value):
    """A copy with the value at a path, or without it for the value `...`."""
    found = copy.deepcopy(document)
    place = found
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


TIER = ("offers", 0, "tiers", 0)
BROKEN = {
    "another schema": (("schema",), 2, r"schema: must be 1, the one that this version reads, got 2$"),
    "schema as a text": (("schema",), "1", "schema: must be 1"),
    "schema as a flag": (("schema",), True, "schema: must be 1"),
    "another kind": (("kind",), "price list", "kind must be stakingmodels rate card"),
    "unknown key": (("offers", 0, "bonus"), 0.5, r"offers\[0\]\.bonus is unknown"),
    "missing key": ((*TIER, "cost"), ..., r"offers\[0\]\.tiers\[0\]\.cost is missing"),
    "text for a number": ((*TIER, "net_rate"), "3 %", "net_rate must be of type number"),
    "flag for a number": ((*TIER, "net_rate"), True, "net_rate must be of type number"),
    "number for days": (("offers", 0, "days", "in"), 1.5, "days.in must be of type integer"),
    "negative days": (("offers", 0, "days", "out"), -1, "days.out is out of bounds"),
    "no days to count": (("offers", 0, "rate_days"), 1e-300, r"rate_days is out of bounds"),
    "no tiers": (("offers", 0, "tiers"), [], r"tiers must not be empty"),
    "kind of rate": (("rate_kind",), "APRR", "rate_kind must be APR or APY"),
    "day": (("issued",), "1 December", "issued must be a text like"),
    "a list": (("offers",), {}, "offers must be of type array"),
    "digest": (("basis", "digest"), "f7f0", "digest must be a text like"),
    "one language": (("wordings", "ratecard.rate", "zh-TW"), ..., "zh-TW is missing"),
}
"""Parts of a document that the schema refuses."""
LEFT = {"product": "other", "term_days": 9, "wording": ["ratecard.nothing"]}
WORST = {"event": "x", "wording": "failure.nothing", "chance_a_year": 0.1, "loss": 0.5}
CONTRADICTIONS = {
    "no such day": (("issued",), "2026-02-30", "issued must be a day"),
    "digest and a line": (("basis", "digest"), "0" * 64 + "\n", "digest must be a text like"),
    "valid before": (("valid_until",), "2026-11-30", "valid_until must not be before issued"),
    "range": (("capital", "low"), 2e6, "capital must have the smaller amount first"),
    "tiers": (("offers", 0, "tiers", 0, "from"), 500.0, "must have rising tiers from its minimum on"),
    "range of averages": ((*TIER, "low"), 0.5, "from 100, must have low, average and high in this order"),
    "average above": ((*TIER, "average"), 9.0, "from 100, must have low, average and high in this order"),
    "net rate": ((*TIER, "net_rate"), 0.9, "from 100, must not have a net_rate above that of its gain"),
    "gain": ((*TIER, "gain", "share"), 0.0, "must not have a net_rate above that of its gain"),
    "days paid for": (("offers", 0, "rate_days"), 5_000.0, "must not have more rate_days than the term"),
    "minimum": (("offers", 0, "minimum"), 2e9, "must have its minimum and its tiers within the capital"),
    "opening": (("basis", "opening"), "2026-02-30", "basis.opening must be a day"),
    "wording of what is left out": (("left_out",), [LEFT], "'ratecard.nothing', which is not there"),
    "wording of the failure": (("offers", 0, "worst"), WORST, "'failure.nothing', which is not there"),
    "wording": (("offers", 0, "wording"), ["ratecard.nothing"], "'ratecard.nothing', which is not there"),
    "too large": (("capital", "high"), 10**400, "must have whole numbers of at most 60 digits"),
}


@pytest.mark.parametrize("name", [*BROKEN, *CONTRADICTIONS])
def test_a_broken_card_is_refused_with_its_place(small, name):
    path, value, words = {**BROKEN, **CONTRADICTIONS}[name]
    with pytest.raises(InputError, match=rf"^ratecard\.read: .*{words}") as found:
        ratecard.read(json.dumps(changed(small.to_dict(), path, value)))
    assert "\n" not in str(found.value)


def test_a_product_and_term_that_are_there_twice_are_refused(small):
    document = small.to_dict()
    first = document["offers"][0]
    left = {"product": first["product"], "term_days": first["term_days"], "wording": []}
    other = {**first, "term_days": first["term_days"] + 1, "asset": "SOL"}
    for key, entry, words in (
        ("offers", first, "must be there once"),
        ("left_out", left, "must be there once"),
        ("offers", other, "must be of one kind and coin for all terms"),
    ):
        with pytest.raises(InputError, match=rf"^ratecard\.read: .* days {words}$"):
            ratecard.read(json.dumps({**document, key: [*document[key], entry]}))


@pytest.mark.parametrize("name", BROKEN)
def test_another_validator_refuses_it_too(small, name):
    jsonschema = pytest.importorskip("jsonschema")
    path, value, _ = BROKEN[name]
    if name == "schema as a flag":
        assert list(jsonschema.Draft202012Validator(ratecard.schema()).iter_errors({"schema": True}))
        return
    assert not jsonschema.Draft202012Validator(ratecard.schema()).is_valid(changed(small.to_dict(), path, value))


TEXTS = {
    "": "must be JSON",
    "{": "must be JSON",
    "[]": "must be one object",
    '{"schema": 1, "schema": 1}': "",
    '{"schema": NaN}': "",
    "[" * 100_000: "",
    '{"schema": 1}': "kind is missing",
}


@pytest.mark.parametrize("text", TEXTS, ids=[text[:20] for text in TEXTS])
def test_what_is_no_card_is_refused(text):
    with pytest.raises(InputError, match=rf"^ratecard\.read: {re.escape(TEXTS[text])}") as found:
        ratecard.read(text)
    assert "\n" not in str(found.value)


def test_infinite_numbers_of_json_are_refused(small):
    text = small.text.replace('"high": 1000000.0', '"high": 1e999')
    assert text != small.text
    with pytest.raises(InputError, match=r"^ratecard\.read: "):
        ratecard.read(text)


def test_too_long_a_text_and_what_is_no_text():
    with pytest.raises(InputError, match=r"at most 10,000,000 characters"):
        ratecard.read(" " * 10_000_001)
    with pytest.raises(InputTypeError, match=r"^ratecard\.read: must be a text \(str\)"):
        ratecard.read(b"{}")  # type: ignore[arg-type]


def test_a_card_is_its_text(small):
    again = ratecard.read(small.text)
    assert again == small
    assert hash(again) == hash(small)
    assert pickle.loads(pickle.dumps(small)) == small  # noqa: S301
    small.to_dict()["offers"].clear()
    assert small.to_dict()["offers"]
    assert ratecard.RateCard.of(small.to_dict()) == small
    assert (small.issued, small.valid_until) == (dt.date(2026, 12, 1), dt.date(2026, 12, 8))


def test_the_same_arguments_give_the_same_card(small):
    assert ratecard.make({"pool": POOL}, WORLD, issued=dt.date(2026, 12, 1), terms=[30], n_paths=1) == small


def test_wordings_are_in_both_languages(card):
    document = card.to_dict()
    assert {"ratecard.rate", "failure.exploit", "ratecard.held", "StakingPool"} <= set(document["wordings"])
    for key, texts in document["wordings"].items():
        assert (texts["en"], texts["zh-TW"]) == all_words()[key]


def test_averages_are_those_of_compare(card, world, products_of_card):
    (entry,) = [
        each for each in card.to_dict()["offers"] if (each["product"], each["term_days"]) == ("staking pool", 120)
    ]
    grid = TimeGrid.daily("2026-01-01", days=120, settlement_days=60)
    pool = {"staking pool": products_of_card["staking pool"]}
    results = simulate(pool, world.scenario, grid, capital=100.0, n_paths=40, rng=1, event_sampling="stratified")
    comparison = compare(results)
    found = comparison.ranges["staking pool"]
    (tier,) = entry["tiers"]
    for name, value in (("low", found.low), ("average", found.base), ("high", found.high)):
        assert 0.0 <= value - tier[name] < 1.0001e-4
    assert entry["worst"] == {
        "event": "exploit:staking pool",
        "wording": "failure.exploit",
        "chance_a_year": 0.01,
        "loss": 0.5,
    }
    row = comparison.rows[0]
    days = entry["days"]["out_at_confidence"]
    assert (days, entry["days"]["out"]) == (-int(-row.days_to_cash // 1), 10)


def test_days_in_are_those_of_the_terms(card):
    days = {each["product"]: each["days"]["in"] for each in card.to_dict()["offers"]}
    assert (days["liquid token"], days["left early"], days["mining"]) == (0, 3, 0)  # 2.5 days are 3
    assert days["staking pool"] == days["solo validator"] > 1


def test_what_is_held_or_stuck_or_too_dear_is_left_out(card):
    left = {(each["product"], each["term_days"]): each["wording"] for each in card.to_dict()["left_out"]}
    assert left["hold ETH", 40] == left["cash", 120] == ["ratecard.held"]
    assert left["cloud mining", 120] == ["ratecard.not_out"]
    cheap = ratecard.make({"pool": POOL, "more": POOL}, WORLD, issued="2026-12-01", terms=[30], n_paths=1)
    assert cheap.to_dict()["left_out"] == []
    dear = ratecard.make(
        None, scenarios.reference(), issued="2026-12-01", terms=[10], capital=(10.0, 500.0), n_paths=2
    ).to_dict()
    assert {"product": "solo validator", "term_days": 10, "wording": ["ratecard.too_little"]} in dear["left_out"]


def test_an_apy_compounds():
    apr, apy = (
        ratecard.make({"pool": POOL}, WORLD, issued="2026-12-01", terms=[73], n_paths=1, rate_kind=kind)
        for kind in ("APR", "APY")
    )
    one, other = (each.offer("pool", 73, 5e5, today="2026-12-01") for each in (apr, apy))
    assert one.gain == other.gain
    assert other.net_rate == pytest.approx((1.0 + one.gain / 5e5) ** 5 - 1.0, abs=1e-4)
    assert apy.to_dict()["offers"][0]["tiers"][0]["net_rate"] > apr.to_dict()["offers"][0]["tiers"][0]["net_rate"]


def test_a_card_in_coins_has_small_units():
    world = InCurrency(scenarios.reference(), "ETH")
    card = ratecard.make({"pool": POOL}, world, issued="2026-12-01", terms=[30], capital=(0.01, 100.0), n_paths=2)
    document = card.to_dict()
    assert (document["money"], document["decimals"]) == ("ETH", 8)
    assert 0.0 < card.offer("pool", 30, 0.5, today="2026-12-01").gain < 0.01


def test_an_event_of_another_kind_has_no_wording_and_an_unset_hazard_no_chance():
    hack = Failure(Event("hack:mine", hazard=0.03), 0.2)
    card = ratecard.make(
        {"pool": StakingPool("ETH", failures=(hack,))}, WORLD, issued="2026-12-01", terms=[30], n_paths=9
    )
    assert card.to_dict()["offers"][0]["worst"] == {
        "event": "hack:mine",
        "wording": None,
        "chance_a_year": 0.03,
        "loss": 0.2,
    }


def test_the_basis_names_the_set():
    mine = assumption_set().changed("mine", {"exploit.hazard": 0.02})
    card = ratecard.make(None, issued="2026-12-01", terms=[10], capital=(100.0, 200.0), n_paths=2, assumptions=mine)
    basis = card.to_dict()["basis"]
    assert (basis["assumptions"], basis["digest"], basis["opening"]) == ("mine", mine.digest, "2026-01-01")
    (pool,) = [each for each in card.to_dict()["offers"] if each["product"] == "staking pool"]
    assert pool["worst"]["chance_a_year"] == 0.02


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "issued": ({"issued": "1.12.2026"}, r"issued: must be a day such as 2026-12-01, got '1\.12\.2026'"),
    "issued at a time": ({"issued": dt.datetime(2026, 12, 1)}, "issued: must be a day"),  # noqa: DTZ001
    "valid days": ({"valid_days": -1}, "valid_days: must be"),
    "no terms": ({"terms": []}, r"terms: must be whole numbers of days; write \(30, 365\)"),
    "a term twice": ({"terms": [30, 30]}, r"terms: must name each term once"),
    "half a day": ({"terms": [0.5]}, "terms: must be"),
    "capital": ({"capital": (5.0, 5.0)}, "capital: must have the smaller amount first"),
    "one amount": ({"capital": 5.0}, "capital: must be the smallest and the largest amount"),
    "kind": ({"rate_kind": "apr"}, "rate_kind: must be one of"),
    "seed": ({"seed": -1}, "seed: must be"),
    "tiers": ({"most_tiers": 0}, "most_tiers: must be"),
    "paths": ({"n_paths": 0}, "n_paths: must be"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_arguments_are_refused(name):
    given, words = BAD[name]
    how: dict[str, Any] = {"issued": "2026-12-01", "terms": [30], "n_paths": 1, **given}
    with pytest.raises((InputError, InputTypeError), match=rf"^ratecard\.make: {words}"):
        ratecard.make({"pool": POOL}, WORLD, **how)


def test_a_product_without_a_market_is_refused():
    with pytest.raises(InputError, match=r"products\['pool'\]: must read what the scenario has, got 'Price\(.SOL.\)"):
        ratecard.make({"pool": StakingPool("SOL")}, WORLD, issued="2026-12-01")
    with pytest.raises(InputTypeError, match=r"products: must be products by name"):
        ratecard.make({}, WORLD, issued="2026-12-01")
    with pytest.raises(InputTypeError, match=r"scenario: must be Scenario"):
        ratecard.make({"pool": POOL}, "2026.11", issued="2026-12-01")  # type: ignore[arg-type]


def test_an_unknown_product_is_told_the_nearest(small):
    with pytest.raises(UnknownNameError, match=r"did you mean 'pool'\?"):
        small.offer("poool", 30, 500.0, today="2026-12-01")


def test_the_context_of_decimals_of_the_caller_does_not_matter(small):
    with decimal.localcontext(decimal.Context(prec=3)):
        assert ratecard.make({"pool": POOL}, WORLD, issued="2026-12-01", terms=[30], n_paths=1) == small


@pytest.mark.parametrize(("price", "capital"), [(0.0, (100.0, 1e6)), (2_000.0, (0.001, 0.005))])
def test_what_no_amount_opens_is_left_out(price, capital):
    world = Constants({Price("ETH"): price, StakingReward("ETH"): APR(0.0365)})
    found = ratecard.make({"pool": POOL}, world, issued="2026-12-01", terms=[30], n_paths=1, capital=capital).to_dict()
    assert found["offers"] == []
    assert [each["wording"] for each in found["left_out"]] == [["ratecard.too_little"]]


def test_a_card_of_records_says_how_many_windows_were_run():
    days = np.arange("2025-01-01", "2025-06-01", dtype="datetime64[D]")
    record = History({Price("ETH"): scenarios.daily_series(days, np.linspace(2e3, 3e3, days.size), name="made up")})
    earn = ExchangeStaking("ETH", posted_rate=APR(0.03))
    terms, settled = [30, 60], 20
    card = ratecard.make({"earn": earn}, record, issued="2026-12-01", terms=terms, settlement_days=settled, n_paths=7)
    grid = record.grid(days=max(terms), settlement_days=settled)
    assert card.to_dict()["basis"]["paths"] == record.n_paths(grid) > 7


def test_a_made_up_card_gives_no_raw_error(small):
    document = changed(small.to_dict(), (*TIER, "gain", "share"), 1e299)
    document["capital"]["high"] = 1e300
    with pytest.raises(InputError, match=r"^RateCard\.offer: the card must give finite numbers"):
        ratecard.RateCard.of(document).offer("pool", 30, 1e290, today="2026-12-01")
    with pytest.raises(InputTypeError, match=r"^RateCard\.offer: product: must be str"):
        small.offer(["pool"], 30, 500.0, today="2026-12-01")
    with pytest.raises(InputTypeError, match=r"^RateCard\.offer: term_days: must be an integer"):
        small.offer("pool", 30.0, 500.0, today="2026-12-01")
