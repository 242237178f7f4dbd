"""``stakingmodels check-offer``: the check of Python, in both languages and as JSON; and what is refused."""

import json

import pytest

from stakingmodels import cli
from stakingmodels.analysis import Offer, OfferYardsticks, check_offer

OFFER = ("--price", 450, "--hashrate", 10, "--term", 730, "--promised", "1%/day", "--guaranteed")


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.main(["check-offer", *(str(argument) for argument in arguments)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_it_prints_the_check_of_python(run):
    found = check_offer(Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0, term_days=730.0, guaranteed=True))
    assert run(*OFFER) == (0, found.to_text() + "\n", "")
    assert run(*OFFER, "--lang", "zh-TW") == (0, found.to_text(language="zh-TW") + "\n", "")
    assert json.loads(run(*OFFER, "--format", "json")[1]) == found.to_dict()


def test_every_option_reaches_its_term(run):
    given = (
        *("--price", 5_000, "--income", "mining", "--coin", "btc", "--promised", "100USD/month", "--promised", "2x"),
        *("--term", 900, "--returned", "no", "--maintenance", 0.01, "--costs-told", "--withdrawal-fee", "5%"),
        *("--minimum-withdrawal", 10, "--referral", "6%,3%", "--tier", "100:107", "--tier", "1000:1070"),
        *("--free-hashrate", 200, "--hashprice", 0.0564, "--btc", 114_800, "--machine", 18, "--as-of", "2025-08-31"),
    )
    offer = Offer(
        promises=("2%/month", "2x in 900 days"),
        price_usd=5_000.0,
        income="mining",
        coin="BTC",
        term_days=900.0,
        principal_returned=False,
        maintenance_usd_per_th_day=0.01,
        costs_told=True,
        withdrawal_fee=0.05,
        minimum_withdrawal_usd=10.0,
        referral=(0.06, 0.03),
        tiers=((100.0, 107.0), (1_000.0, 1_070.0)),
        free_th_s=200.0,
    )
    day = OfferYardsticks(
        as_of="2025-08-31", hashprice_usd=0.0564, btc_usd=114_800.0, machine_usd=18.0, cheapest_machine_usd=18.0
    )
    assert json.loads(run(*given, "--format", "json")[1]) == check_offer(offer, yardsticks=day).to_dict()


def test_the_day_of_an_offer_has_its_own_figures(run):
    daily = ("--income", "mining", "--promised", "0.5%/day", "--as-of", "2021-07-01", "--format", "json")
    found = check_offer(Offer(promises="0.5%/day", income="mining"), yardsticks=OfferYardsticks.of("2021-07-01"))
    assert json.loads(run(*daily)[1]) == found.to_dict()
    assert json.loads(run(*daily, "--machine", 100)[1])["reasons"][0]["limit"] == pytest.approx(0.37519 / 100.0)


def test_a_rate_of_the_day_replaces_that_of_the_chain(run):
    posted = ("--income", "staking", "--coin", "SOL", "--promised", "6.63%/year")
    assert json.loads(run(*posted, "--format", "json")[1])["grade"] == "only if"
    of_the_day = (*posted, "--staking-rate", "SOL=7.09%", "--as-of", "2026-02-06")
    assert json.loads(run(*of_the_day, "--format", "json")[1])["grade"] == "possible"


REFUSED = {
    "no period": (("--promised", "1%"), "--promised: must say for which period, got '1%' (write "),
    "a number": (("--promised", "0.01"), "--promised: must be a rate with its period, got '0.01' (write "),
    "no term for a multiple": (("--promised", "2x"), "--promised: must say for which period, got '2x'"),
    "amount without a price": (("--promised", "100USD/month"), "--promised: an amount needs the price"),
    "too much": (("--promised", "300%/day"), "--promised: must be below 100% a day, got '300%/day'"),
    "both": (
        ("--hashrate", 1, "--stake", 1),
        "Offer: must claim a hash rate or a stake, not both (leave one of --hash",
    ),
    "unknown coin": (
        ("--coin", "ATOMS"),
        "--coin: must be a coin that is known to be mined or staked, got 'ATOMS' (did",
    ),
    "no coin at all": (
        ("--coin", "QQQ"),
        "--coin: must be a coin that is known to be mined or staked, got 'QQQ' (give ",
    ),
    "negative price": (("--price", -450), "--price: must be in (0, 1e+15], got -450.0"),
    "words": (("--price", "450USD"), "--price: must be a number, got '450USD' (write 450, "),
    "no term": (("--term", 0), "--term: must be in (0, 1e+15], got 0.0"),
    "income": (("--hashrate", 1, "--income", "staking"), "--income: must be 'mining' for what is claimed"),
    "tier": (("--tier", "100"), "--tier: must be a deposit and what comes back of it, got '100' (write "),
    "referral": (("--referral", "6"), "--referral: must be a fraction in [0, 1], got 6.0 (percent? write 0.06)"),
    "fee": (("--withdrawal-fee", "much"), "--withdrawal-fee: must be a percent, got 'much' (write 6%)"),
    "rate": (("--staking-rate", "7%"), "--staking-rate: must be a coin and its rate a year, got '7%' (write SOL=7.1%)"),
    "too early": (("--as-of", "2018-07-01"), "--as-of: must be from 2021-05-01 to 2026-05-31, got '2018-07-01' (for "),
    "hash price": (("--hashprice", 0), "--hashprice: must be in (0, "),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_bad_line_is_told_in_one_sentence(run, case):
    arguments, sentence = case
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"stakingmodels: error: {sentence}")
    assert err.count("\n") == 1
