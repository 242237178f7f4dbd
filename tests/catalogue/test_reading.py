"""`check_sheet`: what breaks a rule is refused in one clear sentence."""

import re

import attrs
import pytest

from stakingmodels import catalogue
from stakingmodels.catalogue.shipped import check_names
from stakingmodels.errors import InputError
from stakingmodels.products import terms_of
from tests.own_sheet import HEAD

pytestmark = pytest.mark.once

GOOD = (
    HEAD
    + """
[terms.unbonding_days]
value = 3
range = [2, 3]
taken = "most"
said = "2 to 3 days"
document = "terms"

[rate]
value = {APY = 0.06}
basis = "net"
said = "6 % APY"
document = "terms"

[attributes.audited]
value = true
said = "audited in 2025"
document = "terms"
"""
)


def test_a_good_sheet_passes_from_text_and_file(tmp_path):
    catalogue.check_sheet(GOOD)
    file = tmp_path / "my-pool.toml"
    file.write_text(GOOD)
    sheet = catalogue.read_sheet(file)
    assert (sheet.key, sheet.missing, terms_of(sheet.product())["commission"]) == ("my-pool", (), 0.05)
    assert catalogue.read_sheet(str(file)) == sheet
    assert sheet.terms["unbonding_days"].span == (2.0, 3.0)


REFUSED = {
    "no source": ('said = "5 %"\ndocument = "terms"', 'said = "5 %"', "[terms.commission]: document must be given"),
    "no figure": ('said = "5 %"\n', "", "[terms.commission]: said must be given"),
    "no date": ('read = "2026-11-30"\n', "", "[documents.terms]: read must be given"),
    "no address": ('url = "https://example.org/terms"\n', "", "[documents.terms]: url must be given"),
    "bad address": ("https://example.org/terms", "example.org", "url: must be an address, got 'example.org'"),
    "future": ('read = "2026-11-30"', 'read = "2026-12-01"', "must not be after the sheet's as_of of 2026-11-30"),
    "later month": ('read = "2026-11-30"', 'read = "2026-11-30"\ndated = "2027"', "dated: must not be after"),
    "no day": ('read = "2026-11-30"', 'read = "30 November"', "read: must be a day, got '30 November'"),
    "unknown document": ('document = "terms"\n\n[terms.unb', 'document = "term"\n\n[terms.unb', "did you mean terms?"),
    "unknown key": ('name = "My pool"', 'name = "My pool"\ncolour = "red"', "'colour' is no key of it"),
    "key in a term": ('said = "5 %"', 'said = "5 %"\nunit = "%"', "[terms.commission]: 'unit' is no key of it"),
    "unknown term": ("[terms.commission]", "[terms.comission]", "is no term of StakingPool (did you mean commission?)"),
    "rate without kind": ("{APY = 0.06}", "0.06", "[rate]: value: must be a rate with its kind, got 0.06"),
    "rate without basis": ('basis = "net"\n', "", "[rate]: basis must be given"),
    "basis of a term": ("value = 0.05", 'value = 0.05\nbasis = "net"', "basis goes with a published rate"),
    "another coin": ('coin = "SOL"', 'coin = "ETH"', "coin: must be SOL on Solana, got 'ETH'"),
    "unknown chain": ('chain = "Solana"', 'chain = "Solanum"', "chain: must be one of Ethereum"),
    "another queue": ('value = 3\nrange = [2, 3]\ntaken = "most"', 'value = {ExitWait = "ETH"}', "the queue of SOL"),
    "per cent": ("value = 0.05", "value = 5", "[terms.commission]: value: must be a fraction, not per cent"),
    "rate in per cent": ("{APY = 0.06}", "{APY = 6}", "[rate]: value: must be a fraction, not per cent, got 6"),
    "small per cent": ('value = 0.05\nsaid = "5 %"', 'value = 0.5\nsaid = "0.5 %"', '"0.5 %"; write 0.005'),
    "not the figure": ("value = 0.05", "value = 0.5", 'must be the figure as it stands there, "5 %", got 0.5'),
    "not the rate": ("{APY = 0.06}", "{APY = 60}", "[rate]: value: must be the figure as it stands there"),
    "several documents": (
        'document = "terms"\n\n[terms.unb', 'document = ["terms"]\n\n[terms.unb', "one of the documents"
    ),
    "address of nothing": ("https://example.org/terms", "https://", "url: must be an address, got 'https://'"),
    "alias twice": ("chain =", 'aliases = ["a", "a"]\nchain =', "aliases: must name each once, got 'a'"),
    "a table twice": ("[attributes.audited]", "[terms.commission]", "must be TOML: Cannot declare"),
    "half a range": ('taken = "most"\n', "", "[terms.unbonding_days]: taken must be given with range"),
    "not of the range": ("value = 3\n", "value = 2.5\n", "value: must be 3, the most of its range, got 2.5"),
    "range upside down": ("range = [2, 3]", "range = [3, 2]", "range: must have its least first"),
    "unknown attribute": ("[attributes.audited]", "[attributes.audit]", "is no attribute (did you mean audited?)"),
    "attribute as text": ("value = true", 'value = "yes"', "[attributes.audited]: value: must be True or False"),
    "unknown kind": ('kind = "StakingPool"', 'kind = "StakePool"', "kind: must be one of StakingPool"),
    "who holds": ('held_by = "self"', 'held_by = "bank"', "held_by: must be one of 'self', 'contract', 'firm'"),
    "posted by a pool": ('held_by = "self"', 'held_by = "self"\nreward = "posted"', 'reward: must be "chain"'),
    "token of a pool": ('held_by = "self"', 'held_by = "self"\ntoken = "x"', "token must be given for a Liquid"),
    "aliases": ('held_by = "self"', 'held_by = "self"\naliases = "mine"', "aliases: must be a list of names"),
    "no name": ('name = "My pool"\n', "", "name must be given as a text"),
    "no value": ("value = 0.05\n", "", "[terms.commission]: value must be given"),
    "no TOML": ('name = "My pool"', "name = My pool", "must be TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_rule_is_refused_in_one_sentence(old, new, sentence):
    assert GOOD.count(old) >= 1
    with pytest.raises(Exception, match=r"^sheet: ") as caught:
        catalogue.check_sheet(GOOD.replace(old, new))
    assert isinstance(caught.value, InputError | TypeError)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_an_empty_sheet_is_told_what_it_needs_first(tmp_path, text):
    file = tmp_path / "empty.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"^'empty\.toml': name must be given as a text"):
        catalogue.check_sheet(file)


def test_two_sheets_of_one_name_are_refused():
    one = catalogue.read_sheet(GOOD)
    other = attrs.evolve(one, key="other", aliases=("sheet",))
    check_names([one, attrs.evolve(other, aliases=("third",))])
    with pytest.raises(InputError, match=r"^catalogue: 'sheet' must name one sheet, got sheet and other$"):
        check_names([one, other])


def test_a_value_that_was_computed_or_is_no_share_need_not_be_the_figure_in_per_cent():
    catalogue.check_sheet(GOOD.replace('said = "5 %"', 'said = "half of 10 % (computed)"'))
    catalogue.check_sheet(GOOD.replace('said = "2 to 3 days"', 'said = "2 to 3 days, 90 % of the time"'))
    catalogue.check_sheet(GOOD.replace('said = "5 %"', 'said = "5 % in place of 10 %"'))
    catalogue.check_sheet(
        GOOD.replace('said = "5 %"', 'said = "margin of 0 to 5 %"').replace(
            "value = 0.05", 'value = 0.0\nrange = [0, 0.05]\ntaken = "least"'
        )
    )


LOCKED = """
[terms.early_redemption]
value = "forfeit_all"
said = "every reward is lost"
document = "terms"
"""


def test_terms_that_do_not_go_together_are_refused_though_something_is_not_known():
    earn = GOOD.replace('kind = "StakingPool"', 'kind = "ExchangeStaking"').replace("unbonding_days", "redemption_days")
    lacks = re.sub(r"\[terms.redemption_days\].*?\n\n", "", earn + "\n", flags=re.DOTALL)
    for sheet in (earn, lacks):
        with pytest.raises(
            InputError, match=r"^sheet: .*ExchangeStaking.early_redemption: must be .* without term_days"
        ):
            catalogue.check_sheet(sheet + LOCKED)
        catalogue.check_sheet(
            sheet + LOCKED + LOCKED.replace("early_redemption", "term_days").replace('"forfeit_all"', "30.0")
        )
    assert catalogue.read_sheet(lacks).missing == ("wait",)


def test_the_name_of_a_file_is_the_key(tmp_path):
    file = tmp_path / "My Pool.toml"
    file.write_text(GOOD)
    with pytest.raises(InputError, match=r"must be named by small letters, digits and hyphens"):
        catalogue.check_sheet(file)
    with pytest.raises(InputError, match=r"^'none\.toml': cannot be read"):
        catalogue.check_sheet(tmp_path / "none.toml")
