"""Files of every schema number ever written are read forever; see kept/README.md."""

import json
from pathlib import Path

import numpy as np
import pytest

from stakingmodels import InputError, StakingPool, compare
from stakingmodels.scenarios import Joint
from stakingmodels.serialize import SCHEMA, load, loads

KEPT = Path(__file__).with_name("kept")


def test_there_are_files_of_every_schema():
    assert sorted(each.name for each in KEPT.iterdir() if each.is_dir()) == [f"schema-{n + 1}" for n in range(SCHEMA)]


def test_products_of_schema_1():
    rows = load(KEPT / "schema-1" / "products.json")
    assert list(rows) == [
        "hold ETH", "hold BTC", "solo validator", "staking pool", "liquid token", "exchange earn", "cloud mining",
        "cash", "left early",
    ]  # fmt: skip
    pool = rows["staking pool"]
    assert (pool.commission, pool.failures[0].event.hazard, rows["left early"].product) == (0.15, 0.01, StakingPool())


def test_a_world_and_a_set_of_schema_1():
    world = load(KEPT / "schema-1" / "world.json")
    assert isinstance(world, Joint)
    assert world.assumption_set == "2026.11 (f7f0eef6)"
    found = load(KEPT / "schema-1" / "set.json")
    assert found.label == world.assumption_set


def test_a_comparison_of_schema_1():
    found = load(KEPT / "schema-1" / "comparison.npz")
    results = found.results
    assert (results.entropy, results.n_paths, results.keep, results.version) == (7, 3, "ledger", "0.1.0")
    assert np.array_equal(results["hold ETH"].closing, json.loads((KEPT / "schema-1" / "closing.json").read_text()))
    assert found.rows == compare(results, benchmark="hold ETH").rows
    assert results["staking pool"].cashflows(1).rows


def test_a_newer_schema_says_why_not():
    text = f'{{"stakingmodels": "9.1.0", "schema": {SCHEMA + 1}, "kind": "StakingPool", "asset": "ETH"}}'
    why = rf"^loads: schema: must be at most {SCHEMA}, .*, got {SCHEMA + 1} \(install stakingmodels 9\.1\.0 or newer\)$"
    with pytest.raises(InputError, match=why):
        loads(text)
