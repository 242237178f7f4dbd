"""`check_offer` gives the grades that were expected, by figures made by hand, whatever the order of what it is told."""

import math
from collections import Counter

import attrs
import numpy as np
import pytest

from stakingmodels.analysis import Offer, OfferYardsticks, Promise, check_offer
from stakingmodels.errors import InputError, InputTypeError
from tests.analysis.offers.expected import CASES

MONTH = 365.0 / 12.0


def checked(case):
    return check_offer(Offer(**case["offer"]), yardsticks=OfferYardsticks(**case.get("market", {})))


def condition(found, *names):
    values = {each.name: each.value for each in found.conditions}
    return next(values[name] for name in names if name in values)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_grade_is_the_expected_one(case):
    assert checked(case).grade == case.get("revised", case["expected"])


def test_what_was_revised_says_why_and_is_little():
    revised = [case for case in CASES if "revised" in case]
    assert [case["id"] for case in revised] == ["33"]
    assert all(case["why"] for case in revised)


def test_the_counts_by_grade():
    counts = {"only if": 10, "untestable": 10, "possible": 11, "impossible": 8}
    assert Counter(checked(case).grade for case in CASES) == counts


@pytest.mark.parametrize("case", [c for c in CASES if "usd_per_th_day" in c], ids=lambda case: case["id"])
def test_the_hash_price_that_it_would_take(case):
    found = checked(case)
    assert condition(found, "hashprice", "hashprice_of_machine") == pytest.approx(case["usd_per_th_day"], rel=1e-6)
    if "machine_usd_per_th" in case:
        assert condition(found, "machine") == pytest.approx(case["machine_usd_per_th"], rel=1e-4)


@pytest.mark.parametrize("case", [c for c in CASES if "returns" in c], ids=lambda case: case["id"])
def test_the_part_of_the_price_that_comes_back(case):
    found = checked(case)
    claimed = next(each.money for each in found.elsewhere if each.name == "claimed")
    assert claimed / found.money == pytest.approx(case["returns"], rel=1e-4)


def test_the_offer_of_the_articles_by_hand():
    found = check_offer(Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0, term_days=730.0, guaranteed=True))
    first = found.reasons[0]
    assert (first.bound, first.unit) == ("hash rate", "USD a day")
    assert first.promised == pytest.approx(4.5)
    assert first.limit == pytest.approx(10 * 0.0594)
    assert first.ratio == pytest.approx(4.5 / 0.594)
    assert condition(found, "btc") == pytest.approx(78_012 * 0.45 / 0.0366)
    assert found.a_year == pytest.approx(3.65)
    assert found.compounded_a_year == pytest.approx(1.01**365 - 1)
    assert {each.name for each in found.flags} == {"guaranteed", "fixed_rate", "doubles", "no_costs"}


def test_no_guarantee_lets_the_hash_price_rise():
    month = Offer(promises="20%/month", income="mining")
    assert check_offer(month).grade == "only if"
    assert check_offer(attrs.evolve(month, guaranteed=True)).grade == "impossible"
    limit = check_offer(month).reasons[0].limit
    assert limit == pytest.approx(0.0594 * (1.6 + 0.5 * (MONTH - 30.0) / 60.0) / 10.0)


def test_rented_hash_rate_gives_the_money_back_and_no_more_without_a_rise():
    back = Offer(promises="1%/day", income="mining", term_days=100.0, guaranteed=True)
    assert check_offer(back).grade == "possible"
    assert check_offer(back).reasons[0].bound == "rented"
    more = attrs.evolve(back, promises="1.01%/day")
    assert check_offer(more).grade == "impossible"
    once = attrs.evolve(more, promises=Promise(1.5, per_days=100.0, total=True), guaranteed=False)
    assert check_offer(once).grade == "only if"
    assert condition(check_offer(once), "average") == pytest.approx(1.5)


def test_a_larger_promise_is_never_better():
    order = ("possible", "only if", "impossible")
    for offer in (
        Offer(income="mining"),
        Offer(price_usd=450.0, hashrate_th_s=10.0),
        Offer(income="staking", coin="SOL"),
    ):
        grades = [
            order.index(check_offer(attrs.evolve(offer, promises=Promise(rate, per_days=1.0))).grade)
            for rate in (1e-5, 1e-4, 5e-4, 1e-3, 3e-3, 1e-2, 0.1, 0.99)
        ]
        assert grades == sorted(grades)
        assert {0, 2} <= set(grades)


def test_order_and_other_names_change_nothing():
    rng = np.random.default_rng(1)
    cases = [case["offer"] for case in CASES]
    plain = [check_offer(Offer(**case)).to_dict() for case in cases]
    order = list(range(len(cases)))
    rng.shuffle(order)
    for i in order:
        items = list(cases[i].items())
        rng.shuffle(items)
        other = dict(items)
        if len(other.get("promises", ())) > 1:
            other["promises"] = other["promises"][::-1]
        if "tiers" in other:
            other["tiers"] = other["tiers"][::-1]
        assert check_offer(Offer(**other)).to_dict() == plain[i]


def test_two_promises_that_agree_in_one_way_of_counting_do():
    agreeing = (("0.5%/day", "3x in 600 days"), ("1%/day", "2x in 100 days"), ("1%/day", "7%/week"))
    for one, other in agreeing:
        assert check_offer(Offer(promises=(one, other))).grade == "only if"
    for one, other in (("1%/day", "20%/month"), ("0.9-2.8%/day", "2x in 4-8 months"), ("1%/day", "5x in 100 days")):
        assert check_offer(Offer(promises=(one, other))).reasons[0].bound == "promises"
    spent = Offer(promises=("1%/day", "2x in 100 days"), principal_returned=False)
    assert check_offer(spent).grade == "impossible"


def test_rising_tiers_are_a_condition_and_a_flag():
    offer = Offer(income="mining", tiers=((28_000, 50_428), (100, 107)))
    found = check_offer(offer)
    assert found.grade == "only if"
    assert found.reasons[0].ratio == pytest.approx((50_428 / 28_000 - 1) / 0.07)
    assert "rising_tiers" in {each.name for each in found.flags}
    even = check_offer(Offer(income="mining", tiers=((100, 107), (28_000, 29_960))))
    assert even.grade == "untestable"


def test_more_hash_rate_than_the_network_and_more_stake_than_the_chain():
    assert check_offer(Offer(hashrate_th_s=1e9)).reasons[0].bound == "network"
    assert check_offer(Offer(stake=1e9, coin="SOL")).reasons[0].bound == "stake"
    assert check_offer(Offer(stake=1e3, coin="SOL")).grade == "untestable"


def test_staking_is_held_against_the_chain_and_not_a_constant():
    assert check_offer(Offer(promises="15.32%/year", income="staking", coin="ATOM")).grade == "possible"
    assert check_offer(Offer(promises="15.32%/year", income="staking", coin="ETH")).grade == "impossible"
    half = check_offer(Offer(promises="7%/year", income="staking", coin="SOL"))
    assert half.grade == "only if"
    assert condition(half, "rate") == pytest.approx(365.0 * (1.07 ** (1 / 365) - 1))
    assert check_offer(Offer(promises="100%/year", income="staking")).grade == "only if"
    earlier = check_offer(Offer(promises="14%/year", income="staking", coin="DOT"))
    assert earlier.grade == "only if"  # the chain paid 12.7 % until 2026-03
    given = OfferYardsticks(staking_aprs={"DOT": 0.03})
    assert check_offer(earlier.offer, yardsticks=given).grade == "impossible"


def test_staking_of_what_no_chain_pays_is_another_income():
    found = check_offer(Offer(promises="5%/year", income="staking", coin="USDT"))
    assert (found.grade, found.reasons[0].bound) == ("untestable", "source")
    assert "not_staked" in {each.name for each in found.flags}
    assert check_offer(Offer(promises="50%/year", income="staking", coin="BTC")).grade == "only if"
    unknown = check_offer(Offer(promises="3%/year", income="staking", coin="BNB"))
    assert unknown.grade == "untestable"
    assert unknown.flags == ()


def test_running_costs_above_the_output_are_told():
    found = check_offer(Offer(price_usd=180.0, hashrate_th_s=1.0, term_days=1_825.0, maintenance_usd_per_th_day=0.14))
    assert found.grade == "possible"
    assert "it loses every day" in " ".join(found.to_text().split())
    assert "每天都虧損" in found.to_text(language="zh-TW")


def test_growth_of_deposits_that_pays_everybody():
    forever = check_offer(Offer(promises="1%/day", income="trading"))
    assert condition(forever, "grows") == pytest.approx(0.01)
    year = check_offer(Offer(promises="1%/day", income="trading", term_days=365.0, principal_returned=False))
    growth = condition(year, "grows")
    assert growth == pytest.approx(0.01 * (1.0 - math.exp(-growth * 365.0)), rel=1e-9)
    assert 0.0 < growth < 0.01


def test_hash_rate_below_its_output():
    assert check_offer(Offer(price_usd=0.033, hashrate_th_s=1.0)).grade == "impossible"
    assert check_offer(Offer(price_usd=0.033, hashrate_th_s=1.0, term_days=1.0)).grade == "possible"
    assert check_offer(Offer(price_usd=0.6, hashrate_th_s=1.0)).grade == "only if"
    assert check_offer(Offer(price_usd=20.0, hashrate_th_s=1.0)).grade == "possible"


@pytest.mark.parametrize(
    ("text", "fraction", "days"),
    [
        ("1%/day", 0.01, 1.0),
        ("1 % a day", 0.01, 1.0),
        ("20% per month", 0.2, MONTH),
        ("7%/30 days", 0.07, 30.0),
        ("4% weekly", 0.04, 7.0),
        ("250%/year", 2.5, 365.0),
        ("8% in 24 hours", 0.08, 1.0),
        ("1 percent a day", 0.01, 1.0),
        ("0.1%/hour", 0.001, 1.0 / 24.0),
    ],
)
def test_promises_in_words(text, fraction, days):
    assert Promise.of(text) == Promise(fraction, days)


def test_ranges_multiples_and_amounts():
    assert Promise.of("0.5-1%/day") == Promise(0.01, 1.0, least=0.005)
    assert Promise.of("2x in 600 days") == Promise(2.0, 600.0, total=True)
    assert Promise.of("1x in 4-6 months") == Promise(1.0, 4 * MONTH, longest_days=6 * MONTH, total=True)
    assert Promise.of("100 USD/month", price_usd=3_000.0) == Promise(100.0 / 3_000.0, MONTH)
    assert Promise.of("doubles in 8 months") == Promise.of("2x in 8 months")
    assert Promise.of("2x in 1 day").per_day == 2.0
    assert Promise.of("2x", term_days=600.0) == Promise.of("2x in 600 days")


REFUSED = [
    (lambda: Offer(promises="1%"), InputError, r"^promised: must say for which period, got '1%' \(write "),
    (lambda: Offer(promises="2x"), InputError, r"^promised: must say for which period, got '2x'"),
    (lambda: Offer(promises="much"), InputError, r"^promised: must be a rate with its period, got 'much'"),
    (lambda: Offer(promises=1), InputTypeError, r"^Offer.promises: must be a rate with its period, got int 1 \(write "),
    (lambda: Offer(promises=[0.01]), InputTypeError, r"^promised: must be a rate with its period, got float 0.01"),
    (lambda: Promise(20.0, per_days=1.0), InputError, r"^Promise.fraction: must be below 1 a day.*write 0.2\)$"),
    (lambda: Promise(1, per_days=1), InputError, r"^Promise.fraction: must be below 1 a day.*write 0.01\)$"),
    (lambda: Promise(200.0, 1.0, total=True), InputError, r"^Promise.fraction: must be at most 100 times a day"),
    (lambda: Offer(promises="200%/day"), InputError, r"^promised: must be below 100% a day.*2x in 1 day"),
    (lambda: Offer(promises="1%/0 days"), InputError, r"^promised: must be for a period longer than 0"),
    (lambda: Offer(promises="0%/day"), InputError, r"^promised: must be more than 0"),
    (lambda: Offer(promises="100 USD/month"), InputError, r"^promised: an amount needs the price"),
    (lambda: Offer(price_usd=-450.0), InputError, r"^Offer.price_usd: must be in \(0, "),
    (lambda: Offer(hashrate_th_s=1.0, stake=1.0), InputError, r"^Offer: must claim a hash rate or a stake, not both"),
    (lambda: Offer(hashrate_th_s=1.0, income="staking"), InputError, r"^Offer.income: must be 'mining'"),
    (lambda: Offer(term_days=0.0), InputError, r"^Offer.term_days: "),
    (lambda: Offer(referral="6%"), InputTypeError, r"^Offer.referral: must be True or False"),
    (lambda: Offer(referral=6), InputError, r"^Offer.referral: must be a fraction.*write 0.06"),
    (lambda: Offer(tiers=(1, 2)), InputError, r"^Offer.tiers: must be pairs of money"),
    (lambda: Offer(tiers=((1, 2), (1, 3))), InputError, r"^Offer.tiers: must have each deposit once"),
    (lambda: check_offer(Offer(coin="ATOMS")), InputError, r"^Offer.coin: must be a coin.*did you mean ATOM\?\)$"),
    (lambda: check_offer(Offer(coin="QQQQ")), InputError, r"^Offer.coin: must be a coin.*staking_aprs="),
    (
        lambda: check_offer("1%/day"),  # type: ignore[arg-type]
        InputTypeError,
        r"^check_offer: offer: must be Offer; write Offer\(",
    ),
    (
        lambda: OfferYardsticks(cheapest_machine_usd=50.0),
        InputError,
        r"^OfferYardsticks.cheapest_machine_usd: must not",
    ),
    (
        lambda: OfferYardsticks(staking_aprs={"SOL": 7.0}),
        InputError,
        r"^OfferYardsticks.staking_aprs\['SOL'\]: must be",
    ),
    (
        lambda: OfferYardsticks(highest_hashprice_usd=0.01),
        InputError,
        r"^OfferYardsticks.hashprice_usd: must be from lowest",
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[2][1:30])
def test_bad_input_gets_one_sentence(case):
    make, kind, message = case
    with pytest.raises(kind, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_everything_is_said_in_both_languages():
    for case in CASES:
        found = checked(case)
        for language in ("en", "zh-TW"):
            assert found.to_text(language=language)
            assert found.to_html(language=language)
            assert found.to_markdown(language=language)
        assert "Promised are" not in found.to_text(language="zh-TW")
        assert len(repr(found).splitlines()) <= 25
        assert max(map(len, repr(found).splitlines())) <= 100


def test_the_text_says_that_a_flag_is_no_proof():
    found = check_offer(Offer(promises="1%/day", income="mining"))
    assert "None of these is a proof" in found.to_text()
    assert "都不是證明" in found.to_text(language="zh-TW")
    assert "cannot be seen in figures" in check_offer(Offer(income="mining")).to_text()
