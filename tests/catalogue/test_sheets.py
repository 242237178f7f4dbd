"""Shipped sheets: each is read and checked, says its sources, and makes a product that keeps the library's promises."""

from pathlib import Path

import attrs
import pytest

import stakingmodels
from stakingmodels import catalogue
from stakingmodels.catalogue import ATTRIBUTES
from stakingmodels.catalogue.listing import fee_text
from stakingmodels.catalogue.sheet import FEES, WAITS
from stakingmodels.errors import InputError, UnknownNameError
from stakingmodels.products import Product, terms_of
from stakingmodels.testing import check_product
from stakingmodels.words import all_words

pytestmark = pytest.mark.once

FOLDER = Path(stakingmodels.__path__[0]) / "catalogue" / "sheets"
ALL = catalogue.sheets()
COMPLETE = [key for key, sheet in ALL.items() if not sheet.missing]
FEW = {"lido-steth", "atom-delegation"}


def few_fast(keys):
    """Cases of these sheets; all but a handful are slow."""
    return [pytest.param(key, marks=() if key in FEW else pytest.mark.slow) for key in keys]


def terms(name, **how):
    return terms_of(catalogue.get(name).product(**how))


def test_there_are_sheets_of_many_products_on_many_chains():
    assert len(ALL) >= 30
    assert len(COMPLETE) >= 35
    assert sum(ALL[key].published is not None for key in COMPLETE) >= 20
    assert len({ALL[key].chain for key in COMPLETE}) >= 8
    assert sorted(path.stem for path in FOLDER.iterdir()) == list(ALL)


@pytest.mark.parametrize("key", ALL)
def test_a_sheet_passes_its_check_and_has_a_source_and_a_date_for_every_term(key):
    catalogue.check_sheet(FOLDER / f"{key}.toml")
    sheet = ALL[key]
    table = sheet.sources()
    terms = {*sheet.terms, *sheet.attributes, *(["published_rate"] if sheet.published else [])}
    assert {row[0] for row in table.rows} == terms
    assert all(cell for row in table.rows for cell in row)
    assert all(row[4].startswith("http") for row in table.rows)


def test_no_two_sheets_share_a_name():
    names = [name for key, sheet in ALL.items() for name in (key, *sheet.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("key", few_fast(COMPLETE))
@pytest.mark.parametrize("assumptions", [pytest.param(None, marks=pytest.mark.slow), "2026.11"])
def test_a_complete_sheet_makes_a_product_that_passes_every_check(key, assumptions):
    product = ALL[key].product(assumptions=assumptions)
    assert isinstance(product, Product)
    assert type(product).__name__ == ALL[key].kind
    check_product(product)


@pytest.mark.parametrize("key", sorted(set(ALL) - set(COMPLETE)))
def test_a_sheet_that_lacks_something_is_not_run_with_a_guess(key):
    sheet = ALL[key]
    assert set(sheet.missing) <= {"rate", "fee", "wait"}
    with pytest.raises(InputError, match=rf"^catalogue: {key}: cannot be run, since its .* is not known"):
        sheet.product()


def test_what_the_sheets_of_well_known_products_say():
    lido, rocket = terms("lido"), terms("Rocket-Pool")
    assert (lido["protocol_fee"], lido["withdrawal_days"], lido["queue_days"]) == (0.10, 3.0, {"ExitWait": "ETH"})
    assert (rocket["protocol_fee"], rocket["exit_route"]) == (0.14, "sale")
    assert catalogue.get("binance-earn").missing == ("rate", "fee")
    assert catalogue.get("coinbase").terms["commission"].said == "up to 35 %, not of ETH alone"
    assert catalogue.get("atom").terms["unbonding_days"].value == 21.0


def test_failures_are_those_of_the_reference_product_by_who_holds_the_coins():
    def failures(name):
        return [each["event"]["name"] for each in terms(name, assumptions="2026.11")["failures"]]

    assert failures("lido") == ["slashing:liquid token", "exploit:liquid token"]
    assert failures("jito") == ["exploit:liquid token"]
    assert failures("atom") == ["slashing:staking pool"]
    assert failures("sol") == []
    assert failures("coinbase") == ["custodian:exchange"]
    assert terms("solo", assumptions="2026.11")["slashing"]["name"] == "slashing:solo validator"
    assert terms("lido")["failures"] == []


def test_an_unknown_name_is_told_with_those_near_it():
    with pytest.raises(UnknownNameError, match=r"^catalogue: there is no sheet 'lidoo' \(near it: lido"):
        catalogue.get("lidoo")
    with pytest.raises(UnknownNameError, match=r"^catalogue: there is no sheet 'qqq' \(stakingmodels catalogue"):
        catalogue.get("qqq")
    with pytest.raises(UnknownNameError, match="must be one of ADA"):
        catalogue.native("BTC")


def test_sheets_are_chosen_by_coin_and_attribute():
    chosen = catalogue.sheets(coin="ETH", having="open_source")
    assert {"lido-steth", "rocket-pool-reth", "stakefish-eth"} <= set(chosen)
    assert all(sheet.coin == "ETH" and sheet.attribute("open_source") is True for sheet in chosen.values())
    assert "coinbase-eth" not in chosen
    with pytest.raises(UnknownNameError, match="did you mean 'open_source'"):
        catalogue.sheets(having="opensource")
    with pytest.raises(UnknownNameError, match=r"^catalogue.sheets: coin: must be one of"):
        catalogue.sheets(coin="DOGE")


def test_an_attribute_that_is_not_known_is_none():
    lido = catalogue.get("lido")
    assert lido.attribute("trustless") is False
    assert lido.attribute("self_custody") is None
    assert catalogue.get("solo").attribute("minimum") == 32.0
    assert not lido.has("self_custody")
    with pytest.raises(UnknownNameError, match=r"^Sheet.attribute: must be one of open_source"):
        lido.attribute("green")


def test_sheets_and_terms_get_old_on_a_day_that_the_caller_gives():
    lido, stakefish = catalogue.get("lido"), catalogue.get("stakefish")
    assert not lido.is_old("2027-12-02")
    assert lido.is_old("2027-12-03")
    assert lido.older_terms("2026-12-02") == ()
    assert "commission" in stakefish.older_terms("2026-12-02")
    assert "put together more than a year ago" in catalogue.reference(as_of="2028-01-01").to_text()
    assert "year" not in catalogue.reference().table().to_text().partition("\n\n")[2]


def test_the_catalogue_as_tables_and_rows():
    found = catalogue.reference()
    assert set(found.complete) == set(COMPLETE)
    assert found.incomplete["binance-earn-flexible-eth"] == ("rate", "fee")
    row = next(each for each in found.records() if each["sheet"] == "lido-steth")
    assert (row["fee"], row["wait"], row["trustless"], row["minimum"]) == (0.10, {"ExitWait": "ETH"}, False, 0.0)
    assert set(ATTRIBUTES) <= set(row)
    assert list(found.to_frame().index) == list(ALL)
    assert "binance-wbeth" in found.to_text()


def test_both_languages():
    found = catalogue.reference(as_of="2026-12-02")
    assert "產品目錄" in found.to_text(language="zh-TW")
    assert "條款" in catalogue.get("lido").to_text(language="zh-TW")


def test_every_kind_of_sheet_has_its_short_word_and_a_fee_and_a_wait_to_ask_for():
    assert set(FEES) == set(WAITS)
    assert {key.rpartition(".")[2] for key in all_words() if key.startswith("catalogue.kind.")} == set(FEES)


def test_a_fee_in_money_is_shown_in_its_unit():
    def shown(sheet):
        return str(fee_text(sheet))

    mining, machines = catalogue.get("bitdeer"), catalogue.get("bitfufu-s21")
    assert shown(machines) == "0.079 USD/kWh"
    assert shown(catalogue.get("solo")) == "0.315 USD/day"
    assert shown(mining) == "?"
    bill = attrs.evolve(machines.terms["power_usd_per_kwh"], value=0.05)
    assert shown(attrs.evolve(mining, terms={**mining.terms, "power_usd_per_kwh": bill})) == "0.05 USD/kWh"
    by_th = attrs.evolve(mining, terms={**mining.terms, "electricity_usd_per_th_day": bill})
    assert shown(by_th) == "0.05 USD/TH/day"
    assert shown(catalogue.get("lido")) == "10%"
    assert shown(catalogue.get("binance-earn-flexible-pol")) == "in the rate"
