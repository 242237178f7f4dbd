"""JSON Schema accepts every file of the library, and refuses what `load` would; the published ones are the newest.

``python tests/serialize/test_schemas.py`` writes them.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stakingmodels import APR, Event, ExchangeStaking, InputError, SoloValidator, StakingPool, products
from stakingmodels.products import Failure
from stakingmodels.serialize import dumps, loads, schema
from stakingmodels.serialize.jsontext import written
from tests.serialize.test_things import SHEETS, THINGS

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schema"
KINDS: dict[str, str | None] = {"file": None, **{kind.__name__: kind.__name__ for kind in SHEETS}}
FILE = jsonschema.Draft202012Validator(schema())
HEAD = {"stakingmodels": "0.1.0", "schema": 1}


def text_of(name: str) -> str:
    return written("schema", schema(KINDS[name]))


@pytest.mark.parametrize("name", KINDS)
def test_the_published_schema_is_the_newest(name):
    assert (PUBLISHED / f"{name}.json").read_text("utf-8") == text_of(name)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", THINGS)
def test_every_thing_is_accepted(name):
    FILE.validate(json.loads(dumps(THINGS[name])))


def test_things_by_name_are_accepted():
    FILE.validate(json.loads(dumps(products.reference())))


@pytest.mark.parametrize("kind", SHEETS)
def test_every_term_sheet_is_accepted_by_the_schema_of_its_kind(kind):
    own = jsonschema.Draft202012Validator(schema(kind.__name__))
    sheets = [each for each in THINGS.values() if type(each) is kind]
    assert sheets
    for sheet in sheets:
        own.validate(json.loads(dumps(sheet)))
    other = next(each for each in THINGS.values() if type(each) in SHEETS and type(each) is not kind)
    assert not own.is_valid(json.loads(dumps(other)))


POOL: dict[str, Any] = {**HEAD, "kind": "StakingPool", "asset": "ETH"}
EARN: dict[str, Any] = {**HEAD, "kind": "ExchangeStaking", "asset": "ETH"}
EVENT = {"kind": "Event", "name": "x", "hazard": 0.1}
BROKEN: dict[str, dict[str, Any]] = {
    "no kind": {**HEAD, "asset": "ETH"},
    "unknown kind": {**POOL, "kind": "StakingPol"},
    "unknown term": {**POOL, "comission": 0.1},
    "percent": {**POOL, "commission": 10},
    "a number as a text": {**POOL, "commission": "0.1"},
    "days below 0": {**POOL, "withdrawal_days": -1.0},
    "no name of a coin": {**POOL, "asset": ""},
    "a bare rate": {**EARN, "posted_rate": 0.03},
    "an unknown way": {**EARN, "early_redemption": "maybe"},
    "a flag as a number": {**EARN, "compounding": 1},
    "half a validator": {**HEAD, "kind": "SoloValidator", "validators": 0.5},
    "failures without a list": {**POOL, "failures": 7},
    "a failure without an event": {**POOL, "failures": [{"kind": "Failure", "severity": 0.5}]},
    "an unknown term of a failure": {**POOL, "failures": [{"kind": "Failure", "event": EVENT, "sevrity": 0.5}]},
    "a line that a product has not": {
        **HEAD,
        "kind": "Holding",
        "asset": "ETH",
        "failures": [{"kind": "Failure", "event": EVENT, "line": "slashing"}],
    },
    "a newer schema": {**POOL, "schema": 2},
    "a factor as a coin": {**POOL, "asset": {"kind": "Price", "name": "ETH"}},
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_by_the_schema_and_by_loads(name):
    assert not FILE.is_valid(BROKEN[name])
    with pytest.raises((InputError, TypeError), match=r"^loads"):
        loads(json.dumps(BROKEN[name]))


def test_what_they_are_made_of_is_accepted():
    for thing in (POOL, EARN, {**HEAD, "kind": "SoloValidator"}):
        FILE.validate(thing)
    assert loads(json.dumps(EARN)) == ExchangeStaking("ETH")
    FILE.validate(json.loads(dumps(ExchangeStaking("ETH", posted_rate=APR(0.03)))))
    FILE.validate(json.loads(dumps(StakingPool(failures=(Failure(Event("x"), 0.5, line="slashing"),)))))


def test_terms_are_described():
    found = schema("SoloValidator")["$defs"]["SoloValidator"]["properties"]
    assert found["uptime"]["maximum"] == 1.0
    assert "source: " in found["withdrawal_days"]["description"]
    assert "days" in found["withdrawal_days"]["description"]
    assert SoloValidator().withdrawal_days == found["withdrawal_days"]["default"]


def test_an_unknown_kind():
    with pytest.raises(
        InputError, match=r"^schema: kind: must be a kind .*got 'StakingPol' \(did you mean StakingPool\?\)$"
    ):
        schema("StakingPol")


if __name__ == "__main__":
    PUBLISHED.mkdir(exist_ok=True)
    for each in KINDS:
        (PUBLISHED / f"{each}.json").write_text(text_of(each), encoding="utf-8")
