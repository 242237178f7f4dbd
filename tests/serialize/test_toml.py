"""Products are equal after a TOML file, and what it cannot hold is refused."""

import tomllib
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given, settings

from stakingmodels import (
    APR,
    Event,
    ExchangeStaking,
    Falls,
    Holding,
    InputError,
    InputTypeError,
    LeaveWhen,
    LiquidStakingToken,
    Price,
    StakingPool,
    products,
)
from stakingmodels.products import Failure
from stakingmodels.serialize import load, save, to_toml
from stakingmodels.termsheets import read_products
from stakingmodels.testing import strategies
from tests.corpus.products import VARIANTS
from tests.serialize.test_things import SHEETS

pytestmark = pytest.mark.filterwarnings("ignore::stakingmodels.errors.UnitWarning")
ENDLESS = {name: each for name, each in VARIANTS.items() if getattr(each, "stop_after_days", 1) is None}
OWN = {name: each for name, each in VARIANTS.items() if type(each) in SHEETS and name not in ENDLESS}


def read(text, tmp_path):
    file = tmp_path / "products.toml"
    file.write_text(text, "utf-8")
    return read_products(file)


@pytest.mark.parametrize("rows", [products.reference(), OWN], ids=["reference", "corpus"])
def test_products_are_equal_after_a_file(rows, tmp_path):
    again = read(to_toml(rows), tmp_path)
    assert again == rows
    assert list(again) == list(rows)
    assert to_toml(again) == to_toml(rows)


@settings(max_examples=40)
@given(data=st.data())
def test_any_product_is_equal_after_a_text(data, tmp_path_factory):
    product = data.draw(strategies.products(data.draw(st.sampled_from(SHEETS))))
    try:
        text = to_toml({"a": product})
    except InputError as error:
        assume("no word for None" not in str(error))  # any other refusal is a fault
        raise
    assert read(text, tmp_path_factory.getbasetemp()) == {"a": product}


def test_save_and_load(tmp_path):
    rows = {'名 "x"': LiquidStakingToken(redeemable_from="2026-03-01"), "b.c": StakingPool("SOL")}
    save(rows, tmp_path / "rows.toml")
    assert load(tmp_path / "rows.toml") == rows
    assert tomllib.loads((tmp_path / "rows.toml").read_text("utf-8"))["b.c"]["kind"] == "StakingPool"
    with pytest.raises(InputTypeError, match=r"^rows\.toml: must be products by name to be TOML"):
        save(Price("ETH"), tmp_path / "rows.toml", force=True)
    assert load(tmp_path / "rows.toml") == rows


def test_an_event_without_a_hazard(tmp_path):
    rows = {"a": StakingPool(failures=(Failure(Event("exploit:x")),))}
    assert read(to_toml(rows), tmp_path) == rows
    with pytest.raises(InputError, match=r"a name without brackets and quotes"):
        to_toml({"a": StakingPool(failures=(Failure(Event("x(y)")),))})


def test_what_cannot_be_written():
    given: list[Any] = [{}, [StakingPool()], StakingPool()]
    for wrong in given:
        with pytest.raises(InputTypeError, match=r"^to_toml: products: must be a mapping"):
            to_toml(wrong)
    with pytest.raises(InputTypeError, match=r"^to_toml: a: must be one of Holding, .*products\.json"):
        to_toml({"a": LeaveWhen(Holding("ETH"), Falls(Price("ETH"), 0.2))})
    with pytest.raises(InputError, match=r"^to_toml: name: must be 1 to 80"):
        to_toml({"": Holding("ETH")})


def test_none_in_place_of_another_default_is_no_toml():
    assert ENDLESS
    why = r"^to_toml: a\.stop_after_days: must be given, as TOML has no word for None, got None .*products\.json"
    for each in ENDLESS.values():
        with pytest.raises(InputError, match=why):
            to_toml({"a": each})


def test_a_rate_by_time_is_none_of_a_term():
    with pytest.raises((InputError, InputTypeError)):
        to_toml({"a": ExchangeStaking("ETH", posted_rate=APR(np.array([0.1, 0.2])))})
