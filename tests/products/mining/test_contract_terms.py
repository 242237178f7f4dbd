"""Terms of a mining contract as it is sold: price in total, shares of the output, costs that end with it, a start."""

import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from stakingmodels import compare, simulate
from stakingmodels.errors import InputError, UnitWarning
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure
from stakingmodels.products.parts.payout import never_paid_out
from stakingmodels.scenarios import Constants
from stakingmodels.testing import check_product

GRID = TimeGrid.daily("2026-01-01", days=4)
BTC, USD = Price("BTC"), Price("USD")
# 1 TH/s for a day finds a millionth of a block at this difficulty, of 3.125 coins
UNIT_DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6
DAY = 3.125e-6
BARE = CloudMiningContract(
    hashrate_th_s=100.0,
    price_usd_per_th_s=4.0,
    term_days=4.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)


def world(price: Any = 1e5, difficulty: Any = UNIT_DIFFICULTY, *, grid=GRID, **events):
    """A market for mining: 100 TH/s mine 31.25 USD a day."""
    series: Any = {BTC: price, Difficulty("BTC"): difficulty, BlockFees("BTC"): 0.0}
    return Market(grid, {**series, **{Event(name): value for name, value in events.items()}})


def money(outcome):
    """The lines that are not 0, of one path, by label."""
    return {line.label: float(amount[0]) for line, amount in outcome.lines.items() if amount[0] != 0.0}


# The price in total


def test_a_price_in_total_is_that_of_its_hash_rate():
    each = BARE.run(world(), capital=450.0)
    total = BARE.replace(price_usd=400.0, price_usd_per_th_s=None).run(world(), capital=450.0)
    assert money(total) == money(each)
    assert total.closing.tolist() == each.closing.tolist() == pytest.approx([50.0 + 400 * DAY * 1e5])


def test_a_price_in_total_in_another_money():
    series: Any = {BTC: 9e4, USD: 0.9, Difficulty("BTC"): UNIT_DIFFICULTY, BlockFees("BTC"): 0.0}
    terms = BARE.replace(price_usd=400.0, price_usd_per_th_s=None)
    assert money(terms.run(Market(GRID, series, "EUR"), capital=400.0))["contract"] == pytest.approx(-360.0)


def test_what_a_th_s_costs_is_told_for_either_price():
    assert CloudMiningContract().usd_per_th_s == 9.25
    total = CloudMiningContract(hashrate_th_s=10.0, price_usd=450.0)
    assert (total.price_usd_per_th_s, total.usd_per_th_s) == (None, 45.0)


def test_the_value_of_a_contract_does_not_hang_on_how_its_price_is_told():
    total = BARE.replace(price_usd=77.0, price_usd_per_th_s=None)
    even = total.break_even_price_usd_per_th_s(world())
    assert even == pytest.approx(BARE.break_even_price_usd_per_th_s(world()), rel=1e-12)
    assert even == pytest.approx(4 * DAY * 1e5, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"price_usd": 450.0, "price_usd_per_th_s": 9.25, "hashrate_th_s": 10.0},
            r"one of the three, got 450\.0 \(.*_s=None",
        ),
        ({"price_usd_per_th_s": None}, r"one of the three, got None \(.*price_usd_per_th_s=9\.25"),
        ({"price_usd": 450.0}, r"with hashrate_th_s, the hash rate that it buys, got 450\.0 \(.*hashrate_th_s=10\.0"),
    ],
)
def test_a_price_is_told_in_one_way(given, said):
    with pytest.raises(InputError, match=r"^CloudMiningContract\.price_usd: must be given .*" + said):
        CloudMiningContract(**given)


# Shares of the output


def test_fees_and_shares_one_after_another():
    terms = BARE.replace(pool_fee=0.1, maintenance_share=0.3, platform_fee=0.05, maintenance_usd_per_th_day=0.01)
    day = 31.25
    taken = {"commission": 0.1, "maintenance": 0.9 * 0.3, "platform": 0.9 * 0.7 * 0.05}
    outcome = terms.run(world(), capital=400.0)
    assert money(outcome) == pytest.approx(
        {
            "mining": 4 * day,
            "commission": -4 * day * taken["commission"],
            "maintenance": -4 * (day * taken["maintenance"] + 1.0),
            "platform": -4 * day * taken["platform"],
            "contract": -400.0,
        }
    )
    assert outcome.native[Line.PLATFORM, "BTC"][0] == pytest.approx(-400 * DAY * taken["platform"])
    assert outcome.closing[0] == pytest.approx(4 * (day * 0.9 * 0.7 * 0.95 - 1.0))


@pytest.mark.parametrize("name", ["maintenance_share", "platform_fee"])
def test_a_larger_share_leaves_less_and_all_of_it_nothing(name):
    left = [BARE.replace(**{name: share}).run(world(), capital=400.0).closing[0] for share in (0.0, 0.3, 0.6, 1.0)]
    assert all(more > fewer for more, fewer in pairwise(left))
    assert left[0] == pytest.approx(125.0)
    assert left[-1] == pytest.approx(0.0, abs=1e-9)


def test_a_share_follows_the_price_where_an_amount_does_not():
    share = BARE.replace(maintenance_share=0.32)
    amount = BARE.replace(maintenance_usd_per_th_day=0.1)  # 10 of the 31.25 that a day earns
    assert share.run(world(), capital=400.0).closing[0] == pytest.approx(amount.run(world(), capital=400.0).closing[0])
    twice = [terms.run(world(2e5), capital=400.0).lines[Line.MAINTENANCE][0] for terms in (share, amount)]
    assert twice == pytest.approx([-80.0, -40.0])


def test_shares_count_before_a_day_loses():
    terms = BARE.replace(maintenance_usd_per_th_day=0.2, stop_after_days=2)  # 20 of 31.25
    mined = {
        share: terms.replace(platform_fee=share).run(world(), capital=400.0).native[Line.MINING, "BTC"][0]
        for share in (0.35, 0.37)
    }
    assert mined == pytest.approx({0.35: 400 * DAY, 0.37: 200 * DAY})


def test_platform_fees_are_part_of_the_quote_and_of_the_break_even_price():
    terms = BARE.replace(platform_fee=0.2)
    assert terms.quote(world(), capital=400.0).lines[Line.PLATFORM] == pytest.approx(-25.0)
    assert terms.break_even_price_usd_per_th_s(world()) == pytest.approx(0.8 * 4 * DAY * 1e5, rel=1e-9)


# Costs beyond the output


COSTLY = BARE.replace(electricity_usd_per_th_day=0.25, maintenance_usd_per_th_day=0.1)  # 35 of 31.25 a day


def test_costs_end_with_the_output_where_they_are_waived():
    outcome = COSTLY.replace(costs_beyond_output="waived").run(world(), capital=450.0)
    assert money(outcome) == pytest.approx(
        {"mining": 125.0, "electricity": -100.0, "maintenance": -25.0, "contract": -400.0}
    )
    assert outcome.contributions.tolist() == [0.0]
    assert outcome.closing[0] == pytest.approx(50.0)
    billed = COSTLY.run(world(), capital=450.0)
    assert billed.closing[0] + billed.contributions[0] == pytest.approx(50.0 - 15.0)


def test_a_day_pays_its_own_costs_alone():
    prices = np.array([1e5, 2e5, 5e4, 2e5, 1e5])  # 62.5 less 35, nothing, 62.5 less 35, nothing
    outcome = COSTLY.replace(costs_beyond_output="waived").run(world(prices), capital=400.0)
    assert outcome.closing[0] == pytest.approx(2 * 27.5)
    held = COSTLY.replace(costs_beyond_output="waived", minimum_payout_btc=1.0)  # a balance pays no other day's costs
    assert held.run(world(prices), capital=400.0).native[Line.FORFEIT, "BTC"][0] == pytest.approx(-2 * 27.5 / 2e5)


def test_waived_and_billed_are_the_same_where_the_output_pays():
    terms = COSTLY.replace(electricity_usd_per_th_day=0.1, pool_fee=0.1, platform_fee=0.1)
    billed, waived = (
        terms.replace(costs_beyond_output=way).run(world(), capital=400.0) for way in ("billed", "waived")
    )
    assert money(waived) == pytest.approx(money(billed), rel=1e-12)


def test_waived_costs_of_coins_that_are_worth_nothing():
    prices = np.array([1e5, 0.0, 1e5, 1e5, 1e5])
    terms = COSTLY.replace(electricity_usd_per_th_day=0.1, maintenance_usd_per_th_day=0.0)
    outcome = terms.replace(costs_beyond_output="waived").run(world(prices), capital=400.0)
    assert outcome.native[Line.ELECTRICITY, "BTC"][0] == pytest.approx(-100 * DAY - 3 * 10 / 1e5)
    assert outcome.contributions.tolist() == [0.0]


def test_days_at_a_loss_are_counted_by_the_bill_where_it_is_waived():
    terms = COSTLY.replace(costs_beyond_output="waived", stop_after_days=2)
    assert terms.run(world(), capital=400.0).native[Line.MINING, "BTC"][0] == pytest.approx(200 * DAY)


def test_waived_losses_never_exceed_the_price():
    prices = np.random.default_rng(5).lognormal(10.5, 0.5, (5, 64))
    terms = COSTLY.replace(maintenance_share=0.4, platform_fee=0.1, costs_beyond_output="waived")
    outcome = terms.run(world(prices), capital=400.0)
    assert (outcome.contributions == 0.0).all()
    assert (outcome.profit >= -400.0 - 1e-9).all()
    assert (terms.replace(costs_beyond_output="billed").run(world(prices), capital=400.0).contributions > 0.0).any()


# The start


@pytest.mark.parametrize(("start", "days_mined"), [(0.0, 4.0), (1.0, 3.0), (1.5, 2.5), (4.0, 0.0), (9.0, 0.0)])
def test_nothing_is_mined_or_billed_before_the_start(start, days_mined):
    terms = BARE.replace(start_days=start, maintenance_usd_per_th_day=0.01)
    outcome = terms.run(world(), capital=400.0, keep="values")
    mined = outcome.native.get((Line.MINING, "BTC"), np.zeros(1))
    assert mined[0] == pytest.approx(days_mined * 100 * DAY)
    assert outcome.lines.get(Line.MAINTENANCE, np.zeros(1))[0] == pytest.approx(-days_mined)
    assert outcome.closing[0] == pytest.approx(100.0 * (4.0 - days_mined) + days_mined * (31.25 - 1.0))


def test_a_contract_that_starts_late_ends_late():
    grid = TimeGrid.daily("2026-01-01", days=4, settlement_days=3)
    outcome = BARE.replace(start_days=2.0).run(world(grid=grid), capital=400.0, keep="values")
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(400 * DAY)
    assert outcome.days_to_cash.tolist() == [2.0]
    assert outcome.earning_years[0] == pytest.approx(6 / 365)
    assert outcome.values is not None
    assert outcome.values[:3, 0].tolist() == [400.0] * 3  # carried at its price until it begins
    assert outcome.values[3, 0] == pytest.approx(300.0 + 31.25)


def test_losing_days_are_counted_from_the_start():
    terms = BARE.replace(start_days=1.5, maintenance_usd_per_th_day=0.5, stop_after_days=1)
    outcome = terms.run(world(), capital=1_000.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(1.5 * 100 * DAY)  # half a day is none


def test_a_halving_before_the_start_halves_all():
    grid = TimeGrid.daily("2024-04-15", days=10)  # the halving is in the first minutes of 20 April
    outcome = BARE.replace(start_days=6.0).run(world(grid=grid), capital=400.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(4 * 100 * DAY)


def test_a_provider_may_fail_before_the_start():
    gone = np.array([False, True, False, False, False])
    terms = BARE.replace(start_days=3.0, failures=(Failure(Event("gone")),))
    outcome = terms.run(world(gone=gone), capital=400.0)
    assert money(outcome) == {"credit": -400.0}


def test_leaving_before_the_start_gives_back_a_part_of_the_whole_price():
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=1)
    outcome = BARE.replace(start_days=3.0, early_exit_loss=0.25).run(world(grid=grid), capital=400.0)
    assert money(outcome) == pytest.approx({"contract": -100.0})


def test_the_value_of_a_contract_needs_a_market_to_its_end():
    with pytest.raises(InputError, match=r"the term of 4 days and the 2 days before it, got 4"):
        BARE.replace(start_days=2.0).break_even_price_usd_per_th_s(world())
    long = world(grid=TimeGrid.daily("2026-01-01", days=6))
    assert BARE.replace(start_days=2.0).break_even_price_usd_per_th_s(long) == pytest.approx(4 * DAY * 1e5, rel=1e-9)


# A guaranteed pay


def test_a_guaranteed_pay_is_a_share_of_the_price_whatever_is_mined():
    terms = BARE.replace(guaranteed_per_day=0.3, maintenance_usd_per_th_day=5.0, pool_fee=0.5, minimum_payout_btc=1.0)
    for price in (1e5, 1.0):
        outcome = terms.run(world(price), capital=450.0)
        assert money(outcome) == pytest.approx({"guaranteed": 4 * 120.0, "contract": -400.0})
        assert outcome.closing[0] == pytest.approx(50.0 + 480.0)
        assert outcome.yields().payout_ratio[0] == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("start", "term", "paid"), [(0.0, 2.0, 2.0), (1.5, 2.0, 2.0), (0.0, 2.5, 2.5), (3.0, 9.0, 1.0)]
)
def test_a_guaranteed_pay_runs_over_the_term(start, term, paid):
    outcome = BARE.replace(guaranteed_per_day=0.1, start_days=start, term_days=term).run(world(), capital=400.0)
    assert outcome.lines[Line.GUARANTEED][0] == pytest.approx(paid * 40.0)


@pytest.mark.parametrize(("promise", "said"), [(1.0, "100%"), (0.5, "50%")])
def test_a_promise_in_per_cent_is_warned_of(promise, said):
    with pytest.warns(UnitWarning, match=f"CloudMiningContract: .* is {said} of the price each day; in per cent"):
        CloudMiningContract(guaranteed_per_day=promise)


def test_a_promise_below_half_of_the_price_is_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        CloudMiningContract(guaranteed_per_day=0.499)
        CloudMiningContract()


def test_a_larger_promise_pays_more_and_one_of_nothing_nothing():
    paid = [BARE.replace(guaranteed_per_day=g).run(world(), capital=400.0).closing[0] for g in (0.0, 0.005, 0.01, 1.0)]
    assert paid == pytest.approx([0.0, 8.0, 16.0, 1_600.0], abs=1e-9)


def test_a_promise_ends_with_its_provider():
    gone = np.array([False, False, True, False, False])
    whole = BARE.replace(guaranteed_per_day=0.1, failures=(Failure(Event("gone")),))
    assert money(whole.run(world(gone=gone), capital=400.0)) == pytest.approx(
        {"guaranteed": 80.0, "contract": -200.0, "credit": -200.0}
    )
    half = whole.replace(failures=(Failure(Event("gone"), 0.5),)).run(world(gone=gone), capital=400.0)
    assert half.lines[Line.GUARANTEED][0] == pytest.approx(2 * 40.0 + 2 * 20.0)


def test_a_promise_is_in_dollars():
    series: Any = {BTC: 9e4, USD: np.array([0.9, 0.8, 0.8, 0.8, 0.5])}
    series |= {Difficulty("BTC"): UNIT_DIFFICULTY, BlockFees("BTC"): 0.0}
    outcome = BARE.replace(guaranteed_per_day=0.1).run(Market(GRID, series, "EUR"), capital=400.0)
    assert outcome.lines[Line.GUARANTEED][0] == pytest.approx(40.0 * (0.8 + 0.8 + 0.8 + 0.5))


def test_what_a_contract_is_worth_does_not_hang_on_a_promise():
    promised = BARE.replace(guaranteed_per_day=0.01)
    assert promised.break_even_price_usd_per_th_s(world()) == BARE.break_even_price_usd_per_th_s(world())


def test_an_offer_in_its_sellers_words():
    """450 USD, 10 TH/s, 24 months, 1 % a day: 3,285 USD are promised, of which the machines earn 267."""
    offer = CloudMiningContract(
        hashrate_th_s=10.0,
        price_usd=450.0,
        term_days=730.0,
        guaranteed_per_day=0.01,
        electricity_usd_per_th_day=0.0,
        minimum_payout_btc=0.0,
    )
    grid = TimeGrid.daily("2026-01-01", days=730)
    market = Market(grid, {BTC: 87_500.0, Difficulty("BTC"): 1.483e14, BlockFees("BTC"): 0.018})
    promised, mined = (terms.quote(market, capital=450.0) for terms in (offer, offer.replace(guaranteed_per_day=None)))
    assert promised.lines == pytest.approx({Line.GUARANTEED: 3_285.0, Line.CONTRACT: -450.0})
    assert promised.net == pytest.approx(2_835.0)
    coins = 10 * 1e12 * 86_400 * 0.98 * 730 * 3.143 / (1.483e14 * 2**32)
    assert mined.lines[Line.MINING] == pytest.approx(coins * 87_500.0) == pytest.approx(266.88, abs=0.01)
    assert mined.net == pytest.approx(0.98 * coins * 87_500.0 - 450.0) == pytest.approx(-188.46, abs=0.01)


# All together


@pytest.mark.parametrize("way", ["billed", "waived"])
def test_a_contract_with_all_of_these_terms_passes_every_check(way):
    terms = CloudMiningContract(
        hashrate_th_s=60.0,
        price_usd=400.0,
        start_days=3.0,
        term_days=30.0,
        maintenance_share=0.3,
        platform_fee=0.05,
        costs_beyond_output=way,
        maintenance_usd_per_th_day=0.02,
        minimum_payout_btc=1e-5,
    )
    check_product(terms)


def test_a_contract_with_a_promise_passes_every_check():
    check_product(CloudMiningContract(hashrate_th_s=60.0, price_usd=400.0, term_days=30.0, guaranteed_per_day=0.02))


# A smallest pay-out that is never reached


@pytest.mark.parametrize(("minimum", "never"), [(0.0, False), (400 * DAY * 0.999, False), (400 * DAY * 1.001, True)])
def test_it_is_said_where_the_smallest_pay_out_is_never_reached(minimum, never):
    quote = BARE.replace(minimum_payout_btc=minimum, pool_fee=0.0).quote(world(), capital=400.0)
    assert ("never reach the smallest pay-out" in str(quote)) == never
    assert ("從未達到最低付款額" in quote.to_text(language="zh-TW")) == never


def test_paths_on_which_the_smallest_pay_out_is_never_reached():
    hardness = UNIT_DIFFICULTY * np.array([[1.0, 2.0, 0.5]] * 5)
    terms = BARE.replace(pool_fee=0.1, platform_fee=0.1, minimum_payout_btc=350 * DAY, electricity_usd_per_th_day=0.01)
    outcome = terms.run(world(difficulty=hardness), capital=400.0)
    assert never_paid_out(outcome).tolist() == [True, True, False]
    assert never_paid_out(terms.replace(hashrate_th_s=1e-9).run(world(), capital=400.0)).tolist() == [True]
    assert never_paid_out(terms.replace(guaranteed_per_day=0.1).run(world(), capital=400.0)).tolist() == [False]
    assert never_paid_out(terms.replace(uptime=0.0).run(world(), capital=400.0)).tolist() == [False]


def test_a_comparison_says_where_the_smallest_pay_out_is_never_reached():
    scenario = Constants({BTC: 1e5, Difficulty("BTC"): UNIT_DIFFICULTY, BlockFees("BTC"): 0.0})
    rows = {"small": BARE.replace(minimum_payout_btc=1.0), "paid": BARE}
    results = simulate(rows, scenario, GRID, capital=400.0, n_paths=2, rng=1)
    told = " ".join(str(compare(results).details()).split())
    assert "small: the coins mined never reach the smallest pay-out on 100.00% of the paths" in told
    assert "paid: the coins mined" not in told


# Money that buys no hash rate


def test_a_quote_says_what_a_contract_of_a_fixed_size_leaves_over():
    quote = BARE.quote(world(), capital=1_000.0)
    assert "600.00 USD of the capital buy no hash rate, and stay cash" in str(quote)
    assert "本金中有 600.00 USD 未用於購買算力" in quote.to_text(language="zh-TW")


@pytest.mark.parametrize(("hashrate", "capital"), [(100.0, 400.0), (None, 1_000.0)])
def test_a_quote_says_nothing_of_money_where_all_of_it_is_at_work(hashrate, capital):
    assert "stay cash" not in str(BARE.replace(hashrate_th_s=hashrate).quote(world(), capital=capital))
