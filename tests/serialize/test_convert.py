"""Structures of one's own hold the library's things, by cattrs."""

import sys
from typing import Any

import attrs
import cattrs
import pytest

from stakingmodels import APR, APY, InputTypeError, MissingExtraError, Price, Product, Scenario, StakingPool, TimeGrid
from stakingmodels.errors import InputError
from stakingmodels.scenarios import reference
from stakingmodels.serialize import converter


@attrs.frozen
class Order:
    customer: str
    products: dict[str, Product]
    world: Scenario
    grid: TimeGrid
    rate: APR | APY | None = None


ORDER = Order("A", {"pool": StakingPool("ETH")}, reference(), TimeGrid.daily("2026-01-01", days=3), APY(0.03))


def test_a_structure_is_equal_after_it():
    made = converter()
    plain: Any = made.unstructure(ORDER)
    assert plain["products"]["pool"]["kind"] == "StakingPool"
    assert made.structure(plain, Order) == ORDER
    assert made.structure({**plain, "rate": None}, Order) == attrs.evolve(ORDER, rate=None)


def test_what_is_refused():
    made = converter()
    plain: Any = made.unstructure(ORDER)
    with pytest.raises(cattrs.ForbiddenExtraKeysError):
        made.structure({**plain, "more": 1}, Order)
    with pytest.raises(InputTypeError, match=r"^converter: must be Product, got dict"):
        made.structure({**plain, "products": {"pool": made.unstructure(Price("ETH"))}}, Order)
    with pytest.raises(InputError, match=r"^converter: 'comission' is no field of StakingPool"):
        made.structure({**plain, "products": {"pool": {"kind": "StakingPool", "comission": 0.1}}}, Order)


def test_without_cattrs(monkeypatch):
    monkeypatch.setitem(sys.modules, "cattrs", None)
    with pytest.raises(MissingExtraError, match=r"needs cattrs; pip install 'stakingmodels\[files\]'$"):
        converter()
