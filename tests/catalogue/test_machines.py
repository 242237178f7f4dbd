"""Sheets of machines: what they lack, and what fails with a host."""

from pathlib import Path

import pytest

import stakingmodels
from stakingmodels import MiningMachines, catalogue
from stakingmodels.errors import InputError

pytestmark = pytest.mark.once

TEXT = (Path(stakingmodels.__path__[0]) / "catalogue" / "sheets" / "bitfufu-s21.toml").read_text(encoding="utf-8")
TIME_TO_SELL = '\n[terms.resale_days]\nvalue = 14.0\nsaid = "two weeks"\ndocument = "POST"\n'


def test_a_hosted_machine_is_run_once_the_time_to_sell_it_is_known():
    assert catalogue.get("bitfufu-s21").missing == ("wait",)
    with pytest.raises(InputError, match="bitfufu-s21: cannot be run, since its wait is not known"):
        catalogue.get("bitfufu-s21").product()
    sheet = catalogue.read_sheet(TEXT + TIME_TO_SELL)
    wanted = MiningMachines(hashrate_th_s=188.0, power_usd_per_kwh=0.079, resale_days=14.0)
    assert (sheet.missing, sheet.product()) == ((), wanted)


def test_a_price_and_a_bill_of_power_must_be_known():
    price = TEXT[TEXT.index("[terms.price_usd_per_th_s]") : TEXT.index("[terms.hashrate_th_s]")]
    assert catalogue.read_sheet(TEXT.replace(price, "")).missing == ("rate", "wait")
    power = TEXT[TEXT.index("[terms.power_usd_per_kwh]") : TEXT.index("[terms.useful_life_days]")]
    assert catalogue.read_sheet(TEXT.replace(power, "")).missing == ("fee", "wait")


@pytest.mark.parametrize(("held_by", "events"), [("firm", ["provider:cloud mining"]), ("self", [])])
def test_machines_fail_with_their_host_if_they_have_one(held_by, events):
    text = (TEXT + TIME_TO_SELL).replace('held_by = "firm"', f'held_by = "{held_by}"')
    product = catalogue.read_sheet(text).product(assumptions="2026.11")
    assert isinstance(product, MiningMachines)
    assert [failure.event.name for failure in product.failures] == events
