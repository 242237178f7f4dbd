"""The scenario of sheets, rates of the day, and rows beside what is published for them."""

import attrs
import pytest

from stakingmodels import APR, APY, MarketRatio, Price, StakingReward, TimeGrid, catalogue, compare, scenarios, simulate
from stakingmodels.catalogue.beside import _after_fee
from stakingmodels.catalogue.paid import PAID
from stakingmodels.errors import InputError
from stakingmodels.protocols.chains import cosmos
from stakingmodels.scenarios import Constants
from stakingmodels.words import all_words

pytestmark = pytest.mark.once

GRID = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
COMPLETE = {key: sheet for key, sheet in catalogue.sheets().items() if not sheet.missing}
RATES = """
[lido-steth]
value = {APR = 0.025}
basis = "net"
said = "2.5 %"
title = "Lido"
url = "https://example.org"
read = "2026-12-03"

[SOL]
value = {APR = 0.06}
basis = "gross"
said = "6 %"
title = "Network"
url = "https://example.org"
read = "2026-12-01"

[binance-earn]
value = {APR = 0.01}
basis = "net"
said = "1 %"
title = "Binance"
url = "https://example.org"
read = "2026-12-01"
"""


def of(*names):
    return {name: catalogue.get(name) for name in names}


def constants(world):
    return {
        factor: value for part in world.parts if isinstance(part, Constants) for factor, value in part.values.items()
    }


def run(sheets, *, world=None, n_paths=20):
    found = {name: sheet for name, sheet in sheets.items() if not sheet.missing}
    world = catalogue.world(found.values(), scenarios.reference()) if world is None else world
    rows = {name: sheet.product() for name, sheet in found.items()}
    return compare(simulate(rows, world, GRID, capital=1e5, n_paths=n_paths, rng=1))


def test_a_coin_without_a_scenario_has_its_chains_reward_and_a_price_that_stands_still():
    world = catalogue.world(of("atom", "lido").values(), scenarios.reference())
    given = constants(world)
    assert given[Price("ATOM")] == 1.0
    assert given[StakingReward("ATOM")] == cosmos.Cosmos().realized_apr()
    assert Price("ETH") not in given
    told = " ".join(world.describe())
    assert "no price scenario of ATOM" in told
    assert "19.35% APR by the chain's rule at its stake of 2026-07-24" in told


def test_prices_that_stand_still_can_be_left_out():
    world = catalogue.world(of("atom").values(), scenarios.reference(), prices=False)
    assert list(constants(world)) == [StakingReward("ATOM")]


def test_a_token_without_a_record_trades_at_its_coins():
    given = constants(catalogue.world(of("rocket-pool").values(), scenarios.reference()))
    assert given == {MarketRatio("rETH"): 1.0}


def test_what_the_scenario_has_stays():
    base = scenarios.reference()
    world = catalogue.world(of("lido").values(), base)
    assert world.parts == (base,)
    assert (world.as_of, world.assumption_set) == (base.as_of, base.assumption_set)


def test_a_row_earns_what_its_terms_say():
    rows = {row.product: row for row in run(of("atom", "jito", "avax")).rows}
    reward = cosmos.Cosmos().realized_apr().value
    assert rows["atom"].net_coin_return == pytest.approx(reward * 0.95, rel=1e-6)  # paid, not staked again
    jito = (1.0 + 0.05102852525 * 0.96 / 365.0) ** 365 - 1.0  # 4 % of each day's reward
    assert rows["jito"].net_coin_return == pytest.approx(jito - 0.001 * (1.0 + jito), rel=2e-3)  # and 0.1 % to leave
    assert rows["avax"].days_to_cash == 14.0


@pytest.mark.slow
def test_every_complete_sheet_runs_through_compare():
    found = run(COMPLETE, n_paths=64)
    assert [row.product for row in found.rows] == list(COMPLETE)
    assert all(row.opened for row in found.rows)
    assert all(-0.05 < row.net_coin_return < 0.25 for row in found.rows)


def test_rates_of_the_day_replace_those_of_sheet_and_chain(tmp_path):
    file = tmp_path / "rates.toml"
    file.write_text(RATES)
    rates = catalogue.read_rates(file)
    lido = catalogue.get("lido").with_rate(rates.by_sheet["lido-steth"])
    assert lido.published == rates.by_sheet["lido-steth"]
    assert (rates.by_sheet["lido-steth"].rate, lido.as_of) == (APR(0.025), "2026-12-03")
    assert catalogue.get("lido").to_dict()["published"]["dated"] == "2026-05-27"
    world = catalogue.world(of("sol").values(), scenarios.reference(), coin_rates=rates.by_coin)
    assert constants(world)[StakingReward("SOL")] == APR(0.06)
    (row,) = run(of("sol"), world=world).rows
    assert row.net_coin_return == pytest.approx((1.0 + 0.06 / 365.0) ** 365 - 1.0, rel=1e-3)
    earn = catalogue.get("binance-earn")
    earn = earn.with_rate(rates.by_sheet[earn.key])
    assert earn.missing == ()
    (row,) = run({"earn": earn}).rows
    assert row.net_coin_return == pytest.approx((1.0 + 0.01 / 365.0) ** 365 - 1.0, rel=1e-3)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[lido-steth]", "[lidoo]", "'rates.toml': catalogue: there is no sheet 'lidoo' (near it: lido"),
        ("{APR = 0.025}", "0.025", "[lido-steth]: value: must be a rate with its kind"),
        ('basis = "gross"', 'basis = "net"', '[SOL]: basis: must be "gross"'),
        ('url = "https://example.org"\n', "", "[lido-steth]: url must be given"),
        ('read = "2026-12-03"', 'read = "today"', "[lido-steth]: read: must be a day"),
        ('said = "2.5 %"', 'say = "2.5 %"', "[lido-steth]: 'say' is no key of it (did you mean said?)"),
        ("[binance-earn]", "[lido]", "[lido]: must name each product once; lido-steth has a rate already"),
        ("{APR = 0.025}", "{APR = 0.052}", "must be the figure as it stands there"),
    ],
)
def test_rates_are_refused_in_one_sentence(tmp_path, old, new, sentence):
    file = tmp_path / "rates.toml"
    file.write_text(RATES.replace(old, new))
    with pytest.raises(InputError) as caught:
        catalogue.read_rates(file)
    assert sentence in str(caught.value)


def test_a_rate_of_a_coin_is_before_any_fee():
    stated = catalogue.get("rocket-pool").published
    assert stated is not None
    with pytest.raises(InputError, match="must be gross"):
        catalogue.world(of("lido").values(), scenarios.reference(), coin_rates={"ETH": stated})


def test_rows_stand_beside_what_is_published_and_what_is_missing():
    sheets = of("rocket-pool", "lido", "okx", "atom", "binance-earn")
    found = catalogue.beside(run(sheets), sheets)
    records = {record["row"]: record for record in found.records()}
    rocket = records["rocket-pool"]
    assert rocket["published"] == pytest.approx(APR(0.021).to_apy(compounding=365).value)
    assert rocket["gap"] == rocket["here"] - rocket["published"]
    assert records["lido"]["published"] == pytest.approx(APR(0.025).to_apy(compounding=365).value)
    assert records["okx"]["published"] is None
    assert records["atom"]["published"] == pytest.approx(0.1532 * 0.95)  # before the fee of 5 %
    growth, real = (records["atom"][name] for name in ("growth", "real"))
    assert growth == cosmos.Cosmos().supply_growth().value == pytest.approx(0.126)
    # all that is staked earns 19.35 % less the fee of 5 %, and the coins grow by 12.6 %
    assert real == pytest.approx((1.0 + records["atom"]["here"]) / 1.126 - 1.0, rel=1e-12)
    assert 0.04 < real < records["atom"]["here"] - 0.126
    assert records["binance-earn"]["real"] is None
    assert (records["binance-earn"]["here"], records["binance-earn"]["missing"]) == (None, ["rate", "fee"])
    text = found.to_text()
    assert "not run, since not known: rate, fee" in text
    assert "no price scenario of ATOM" in text
    assert "12.60%" in text  # new coins a year
    assert "每年增加的幣" in found.to_text(language="zh-TW")


def test_rows_stand_beside_what_records_say_was_paid():
    sheets = of("lido", "sol", "atom", "okx")
    found = catalogue.beside(run(sheets), sheets)
    records = {record["row"]: record for record in found.records()}
    assert records["okx"]["paid"] == []
    (lido,) = records["lido"]["paid"]
    assert (lido["rate"], lido["first"], lido["last"]) == (0.03, "2024-05-13", "2025-09-29")
    assert lido["gap"] == records["lido"]["here"] - 0.03
    (atom,) = records["atom"]["paid"]
    assert atom["rate"] == pytest.approx(0.1691 * 0.95)  # before the fee of 5 %, and paid, not staked again
    inflation, beside = records["sol"]["paid"]
    assert inflation["rate"] == pytest.approx(APR(0.0578).to_apy(compounding=365).value)
    assert (beside["is_all"], beside["gap"]) == (False, None)
    table = found.paid()
    assert [row[0] for row in table.rows] == ["lido", "sol", "sol", "atom"]
    assert table.rows[2][2] == table.rows[2][4] == ""
    assert "gap of lido: less ETH was staked then" in found.to_text()
    assert "lido 的差距：當時質押的 ETH 較少" in found.to_text(language="zh-TW")
    none = catalogue.beside(run(of("okx")), of("okx"))
    assert "records say" not in none.to_text()


def test_a_reward_that_is_given_has_no_reason_of_the_rule(tmp_path):
    """The reason of a gap tells of the chain's rule, which a given rate takes the place of."""
    file = tmp_path / "rates.toml"
    file.write_text(RATES)
    coin_rates = catalogue.read_rates(file).by_coin
    sheets = of("sol", "lido")
    told = catalogue.world(sheets, scenarios.reference(), coin_rates=coin_rates)
    given, by_rule = (catalogue.beside(run(sheets, world=world), sheets) for world in (told, None))
    assert [note.values["row"] for note in by_rule.reasons()] == ["sol", "lido"]
    assert [note.values["row"] for note in given.reasons()] == ["lido"]
    assert "gap of sol" in by_rule.paid().to_text()
    assert "gap of sol" not in given.paid().to_text()
    sui = of("sui")
    assert [note.values["row"] for note in catalogue.beside(run(sui), sui).reasons()] == ["sui"]
    other = catalogue.world(sui, scenarios.reference(), coin_rates={"SUI": coin_rates["SOL"]})
    assert catalogue.beside(run(sui, world=other), sui).reasons() == ()


def test_every_gap_has_its_reason_in_both_languages():
    """A sheet with a published rate or a record says why the rate here is another, or has none to explain."""
    words = all_words()
    told = {key for key, sheet in COMPLETE.items() if sheet.published is not None}
    same = {"binance-earn-flexible-pol"}  # a posted rate without a wait is the rate here
    lacking = {key for key in told - same if f"catalogue.gap.{key}" not in words}
    assert lacking == {key for key in PAID if f"catalogue.paid_gap.{key}" not in words} == set()
    assert {key.rpartition(".")[2] for key in words if key.startswith("catalogue.gap.")} == told - same
    assert all(f"catalogue.record.{paid.record}" in words for each in PAID.values() for paid in each)
    assert set(PAID) <= set(COMPLETE)


def test_a_coin_without_rules_has_the_rate_that_is_published_for_it():
    text = (
        'name = "X"\nprovider = "X"\nchain = "Sui"\ncoin = "SUI"\nkind = "StakingPool"\nheld_by = "self"\n'
        'as_of = "2026-11-30"\n[documents.d]\ntitle = "d"\nurl = "https://example.org"\nread = "2026-11-30"\n'
        '[terms.commission]\nvalue = 0.1\nsaid = "10 %"\ndocument = "d"\n'
        '[terms.unbonding_days]\nvalue = 1\nsaid = "1 day"\ndocument = "d"\n'
        '[rate]\nvalue = {APY = 0.027}\nbasis = "net"\nsaid = "2.7 %"\ndocument = "d"\n'
    )
    sheet = catalogue.read_sheet(text)
    world = catalogue.world([sheet], scenarios.reference())
    assert constants(world)[StakingReward("SUI")] == APY(0.03)
    found = run({"sui": sheet}, world=world)
    (record,) = catalogue.beside(found, {"sui": sheet}).records()
    assert (record["growth"], record["real"]) == (None, None)
    (row,) = found.rows
    assert row.net_coin_return == pytest.approx(0.027, abs=1e-4)


def test_a_fee_in_money_is_no_share_of_a_published_rate():
    """Electricity of a mining contract, in dollars a day, says nothing of a rate before it."""
    jito, mining = catalogue.get("jito-jitosol"), catalogue.get("bitdeer-360")
    assert jito.published is not None
    gross = attrs.evolve(jito.published, basis="gross")
    bill = attrs.evolve(jito.terms["protocol_fee"], value=0.05)
    billed = attrs.evolve(mining, published=gross, terms={**mining.terms, "electricity_usd_per_th_day": bill})
    assert _after_fee(billed, gross) is None
    assert _after_fee(attrs.evolve(jito, published=gross), gross) is not None
