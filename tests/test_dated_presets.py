"""Every dated number of the library: none from the future, none older than a year without a reason.

Nothing in the library reads a clock, so the day of this look is a constant here: whoever moves it on is shown what has
become old since.
"""

import ast
import calendar
import datetime as dt
import functools
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import stakingmodels
from stakingmodels.protocols.chains.chain import Chain
from stakingmodels.terms import Term

LOOKED_AT = dt.date(2026, 11, 30)
YEAR = dt.timedelta(days=365)
DATED = ("as_of", "date", "live_from", "since", "valid_from")
"""Fields that hold a day, or say that there is none: "not scheduled"."""

_BEFORE = "a rule of its time, kept beside the one in force"
_HISTORY = "an episode; its data end then"
_FORK = "a fork of the specification, which does not change once it is live"
_LIBRARY = "defaults of a software library, of the commit named"
_COSTS = "an economic model of 2024 [assumption]; no later figures were found"
_CLAIMS = "a rule of law and how it was applied once"
_COUNT = "a count that was made once; no later one was found"
OLD: dict[str, str] = {
    "analysis.offers.dated._CHEAPEST": "no later range of prices was found",
    "analysis.offers.dated._MACHINES": "no later range of prices was found",
    "analysis.offers.yardsticks.NOT_MINED": "the day on which a coin ceased to be mined",
    "analysis.offers.yardsticks.OfferYardsticks.cheapest_machine_usd": "no later range of prices was found",
    "analysis.offers.yardsticks.OfferYardsticks.machine_usd": "no later range of prices was found",
    "analysis.offers.yardsticks.OfferYardsticks.power_usd_per_kwh": "no later price of own sites was found",
    "products.parts.assumed.MINING_STOP_AFTER_DAYS": "no later terms with such a rule",
    "products.parts.assumed.SOLO_SLASHING": _COUNT,
    "products.parts.failures.Failure.recovery_in": _CLAIMS,
    "products.mining.cloud_mining_contract.CloudMiningContract.electricity_usd_per_th_day": "the machine's data sheet",
    "products.mining.cloud_mining_contract.CloudMiningContract.joules_per_th": "the machine's data sheet",
    "products.mining.cloud_mining_contract.CloudMiningContract.stop_after_days": "no later terms with such a rule",
    "products.mining.mining_machines.MiningMachines.hashrate_th_s": "the machine's data sheet",
    "products.mining.mining_machines.MiningMachines.joules_per_th": "the machine's data sheet",
    "products.mining.mining_machines.MiningMachines.power_usd_per_kwh": "no later price of own sites was found",
    "products.mining.mining_machines.MiningMachines.price_usd_per_th_s": "no later price of a named machine was found",
    "products.mining.mining_machines.MiningMachines.useful_life_days": "no later change of it was found",
    "products.staking.block_values.BLOCKS": "a count that ended then; no later one was found",
    "products.staking.liquid_staking_token.WITHDRAWALS_OPEN": "the day of an event",
    "products.staking.solo_validator.SoloValidator.running_cost_usd_per_day": _COSTS,
    "protocols.chains.avalanche.Avalanche.as_of": "no dated count of the stake was found",
    "protocols.chains.bitcoin.subsidy.HALVINGS": "the last halving there was",
    "protocols.chains.cardano.Cardano.as_of": "no later count of the active stake was found; rates do not rest on it",
    "protocols.chains.cardano.SHELLEY": _BEFORE,
    "protocols.chains.cosmos.mint.SDK_MINT": _LIBRARY,
    "protocols.chains.cosmos.slashing.HUB_SLASHING": "no later word on the window of the Cosmos Hub was found",
    "protocols.chains.cosmos.slashing.SDK_SLASHING": _LIBRARY,
    "protocols.chains.cosmos.staking.HUB_STAKING": "gaia's upgrades to v29.4 change neither entries nor unbonding",
    "protocols.chains.cosmos.staking.SDK_STAKING": _LIBRARY,
    "protocols.chains.ethereum.rulesets.BELLATRIX": _FORK,
    "protocols.chains.ethereum.rulesets.DENEB": _FORK,
    "protocols.chains.ethereum.rulesets.ELECTRA": _FORK,
    "protocols.chains.near.Near.as_of": "no later count of the stake was found than of July 2025",
    "protocols.chains.polkadot.emission.REF_1139": _BEFORE,
    "protocols.chains.polkadot.emission.REF_1139_ASSET_HUB": _BEFORE,
    "protocols.chains.polkadot.networks.Polkadot.as_of": "no later total of the stake was found",
    "protocols.chains.polkadot.npos.POLKADOT_NPOS": _BEFORE,
    "protocols.chains.polygon.Polygon.as_of": "no later total of the stake was found",
    "protocols.chains.polygon.V1_1": _BEFORE,
    "protocols.chains.polygon.V1_2": _BEFORE,
    "protocols.chains.solana.fees.BEFORE_SIMD_0096": _BEFORE,
    "protocols.chains.solana.fees.JIP_24": "no later word on the split of tips was found",
    "protocols.chains.tezos.PARIS": _BEFORE,
    "protocols.chains.tezos.QUEBEC": _BEFORE,
    "protocols.chains.tezos.Tezos.as_of": "supply and stake have no source with a day",
    "protocols.contracts.aave_safety.STKAAVE": "no later word than the proposal's and the interface's was found",
    "protocols.contracts.aave_safety.STKAAVE_20_DAYS": _BEFORE,
    "scenarios.assumed._RATIO": "the record of the ratio at hand ends then",
    "serialize.schemas.DRAFT": "the name of a draft of JSON Schema",
    "scenarios.recorded.STETH_REVERSION": "the record of the ratio at hand ends then",
    "scenarios.events.stress.EXCHANGE_FAILURE_2022_11": _HISTORY,
    "scenarios.events.stress.EZETH_2024_04": _HISTORY,
    "scenarios.events.stress.EZETH_2024_04_POOL": _HISTORY,
    "scenarios.events.stress.HALVING_2024_04": _HISTORY,
    "scenarios.events.stress.HASHRATE_MIGRATION_2021_05": _HISTORY,
    "scenarios.events.stress.STETH_2022_06": _HISTORY,
}
"""What is older than a year at `LOOKED_AT`, and why it stays."""

_ISO = re.compile(r"\b(20\d\d)-(0[1-9]|1[0-2])(?:-([0-3]\d))?\b")
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_WORDS = re.compile(rf"\b({'|'.join(_MONTHS)}) (20\d\d)\b")


def days_in(text: str) -> list[dt.date]:
    """Days that a text names; of a month the last one."""
    found = [(int(year), int(month), int(day or 0)) for year, month, day in _ISO.findall(text)]
    found += [(int(year), _MONTHS[month], 0) for month, year in _WORDS.findall(text)]
    return [dt.date(year, month, day or calendar.monthrange(year, month)[1]) for year, month, day in found]


@functools.cache
def modules() -> tuple[str, ...]:
    return tuple(each.name for each in pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels."))


def constants() -> Iterator[tuple[str, str]]:
    """Each constant of each module, with the text of its value and the words below it."""
    root = Path(stakingmodels.__path__[0])
    for path in sorted(root.rglob("*.py")):
        module = ".".join(("stakingmodels", *path.relative_to(root).with_suffix("").parts))
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for statement, following in zip(body, [*body[1:], None], strict=True):
            for name in _assigned(statement):
                yield f"{module}.{name}", f"{_texts(statement)} {_words_of(following)}"


def _assigned(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def _texts(statement: ast.stmt) -> str:
    return " ".join(
        node.value for node in ast.walk(statement) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _words_of(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value)
    return ""


def classes() -> Iterator[type[Any]]:
    """Each attrs class, once."""
    seen = set()
    for name in modules():
        for kind in vars(importlib.import_module(name)).values():
            if isinstance(kind, type) and attrs.has(kind) and kind.__module__ == name and kind not in seen:
                seen.add(kind)
                yield kind


def fields() -> Iterator[tuple[str, str]]:
    """Each field of each attrs class, with what its default and its metadata say of a day."""
    for kind in classes():
        for field in attrs.fields(kind):
            term = field.metadata.get("term")
            text = _with_month(f"{term.source} {term.date}") if isinstance(term, Term) else ""
            if field.name in DATED and isinstance(field.default, str):
                text = field.default
            yield f"{kind.__module__}.{kind.__qualname__}.{field.name}", text


def values() -> Iterator[tuple[str, str]]:
    """Each day that a frozen value of a module carries in a field of its own."""
    for name in modules():
        for word, value in vars(importlib.import_module(name)).items():
            if attrs.has(type(value)):
                for field in attrs.fields(type(value)):
                    if field.name in DATED and isinstance(getattr(value, field.name), str):
                        yield f"{name}.{word}.{field.name}", getattr(value, field.name)


@functools.cache
def latest() -> dict[str, dt.date]:
    """For all that names a day, the last that it names: when it was looked at, or what it holds to."""
    named = [(name, days_in(f"{text} {carried(name)}")) for name, text in constants()]
    named += [(name, days_in(text)) for name, text in fields()]
    return {name.removeprefix("stakingmodels."): max(found) for name, found in named if found}


def carried(name: str) -> str:
    """Texts that the frozen value of a name carries, which it may have from another value."""
    module, _, word = name.rpartition(".")
    value = getattr(importlib.import_module(module), word, None) if module in modules() else None
    if value is None or isinstance(value, type) or not attrs.has(type(value)):
        return ""
    texts = {name: text for name, text in attrs.asdict(value, recurse=False).items() if isinstance(text, str)}
    return " ".join(_with_month(text) if name in DATED else text for name, text in texts.items())


def _with_month(text: str) -> str:
    """Of a year alone at the end its first month counts."""
    return re.sub(r"(?<![\d-])(20\d\d)$", r"\1-01", text)


@pytest.mark.once
def test_dated_presets_are_found_in_every_way():
    found = latest()
    assert found["protocols.chains.solana.chain.Solana.as_of"] == dt.date(2026, 8, 27)  # a default
    assert found["protocols.contracts.lido.settings.V3"] == dt.date(2026, 6, 23)  # a value
    assert found["protocols.chains.cosmos.slashing.HUB_SLASHING"] == dt.date(2019, 3, 13)  # from another value
    assert found["protocols.chains.solana.inflation.FULL"] == dt.date(2026, 9, 30)  # the words below
    assert any(name.startswith("products.") and name.count(".") == 3 for name in found)  # metadata of fields
    assert len(found) > 80


def test_days_are_read():
    assert days_in("on 2026-02-03, from 2025-02 and in July 2024, at 2019-13-01") == [
        dt.date(2026, 2, 3),
        dt.date(2025, 2, 28),
        dt.date(2024, 7, 31),
    ]


def test_no_preset_is_from_the_future():
    assert {name: day for name, day in latest().items() if day > LOOKED_AT} == {}


def test_what_is_older_than_a_year_has_a_reason():
    old = {name: day.isoformat() for name, day in latest().items() if LOOKED_AT - day > YEAR}
    without = {name: day for name, day in old.items() if name not in OLD}
    assert without == {}, "look these up again, or say in OLD why they stay"
    assert {name for name in OLD if name not in old} == set(), "no longer old, so no longer in OLD"
    assert all(OLD.values())


def test_every_day_of_a_value_is_a_day_or_says_that_there_is_none():
    wrong = {name: text for name, text in values() if not re.match(r"(20\d\d(-\d\d){0,2}$|not (scheduled|seen))", text)}
    assert wrong == {}
    assert len(dict(values())) > 30


def chains() -> list[type[Chain]]:
    return [kind for kind in classes() if issubclass(kind, Chain) and kind is not Chain]


@pytest.mark.parametrize("kind", chains(), ids=lambda kind: kind.__name__)
def test_the_state_of_a_chain_is_as_old_as_its_oldest_input(kind):
    """`as_of` is not later than the last day that the words on supply or on stake name."""
    said = dict(re.findall(r"^    (\w+)\n((?:        .*\n|\n)+)", kind.__doc__ or "", re.MULTILINE))
    described = [said.get(name, "") for name in ("supply", "staked", "delegated")]
    newest = [max(days_in(text)) for text in described if days_in(text)]
    as_of = dt.date.fromisoformat(kind().as_of)
    assert all(as_of <= day for day in newest), f"{as_of} is later than {newest}"


def test_chains_are_found():
    assert len(chains()) == 10
