"""Hash rate rented by the day: money paid in, a price for each day, an end when the money does."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError, UnitWarning
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure, Halt
from stakingmodels.testing import check_product

GRID = TimeGrid.daily("2026-01-01", days=10)
DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6  # at which 1 TH/s earns 0.3125 USD a day
GONE = Event("seller", hazard=0.1)
RENTED = CloudMiningContract(
    hashrate_th_s=100.0,
    price_usd_per_th_day=0.25,
    term_days=8.0,
    pool_fee=0.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)
DAY, PRICE = 31.25, 25.0  # USD a day of 100 TH/s


def world(price: Any = 1e5, gone: Any = False, leaves: int = 10) -> Market:
    grid = TimeGrid(GRID.times, exit=leaves)
    return Market(grid, {Price("BTC"): price, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0, GONE: gone})


def lines(terms: CloudMiningContract, market: Market, capital: float = 1_000.0) -> dict[str, float]:
    outcome = terms.run(market, capital=capital)
    return {line.label: float(amount[0]) for line, amount in outcome.lines.items() if amount[0]}


def test_each_day_takes_its_price():
    """8 days at 25 USD, of 1,000 USD: the rest stays cash."""
    assert lines(RENTED, world()) == pytest.approx({"mining": 8 * DAY, "contract": -8 * PRICE})
    assert RENTED.run(world(), capital=1_000.0).closing.tolist() == pytest.approx([1_000.0 + 8 * (DAY - PRICE)])
    quote = RENTED.quote(world(), capital=200.0)
    assert quote.lines[Line.CONTRACT] == pytest.approx(-200.0)
    assert "contract" in str(quote)
    assert RENTED.usd_per_th_s == 2.0


def test_all_the_capital_rents_the_whole_term():
    """500 USD are 62.5 USD a day, 250 TH/s."""
    all_of_it = RENTED.replace(hashrate_th_s=None)
    assert lines(all_of_it, world(), 500.0) == pytest.approx({"mining": 8 * 2.5 * DAY, "contract": -500.0})


def test_the_rental_ends_when_the_money_does():
    """60 USD are 2.4 days."""
    assert lines(RENTED, world(), 60.0) == pytest.approx({"mining": 2.4 * DAY, "contract": -60.0})
    outcome = RENTED.run(world(), capital=60.0)
    assert outcome.closing.tolist() == pytest.approx([2.4 * DAY])


def test_a_dollar_that_rises_ends_it_earlier():
    """In euros the price doubles after five days: 200 EUR last for 5 days at 25 and 1.5 at 50."""
    dollar = np.where(np.arange(11) > 5, 2.0, 1.0)
    market = Market(
        GRID,
        {Price("BTC"): 1e5, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0, Price("USD"): dollar},
        "EUR",
    )
    assert lines(RENTED, market, 200.0) == pytest.approx({"mining": 6.5 * DAY, "contract": -200.0})


@pytest.mark.parametrize("extends", [False, True])
def test_a_pause_takes_no_price(extends):
    paused = RENTED.replace(halts=(Halt("pause", on="2026-01-03", days=3.0),), pause_extends_term=extends)
    days = 7.0 if extends else 5.0
    assert lines(paused, world()) == pytest.approx({"mining": days * DAY, "contract": -days * PRICE})
    assert paused.run(world(), capital=200.0).closing.tolist() == pytest.approx([200.0 + days * (DAY - PRICE)])


def test_it_is_left_at_any_time_and_nothing_of_the_money_is_lost():
    assert RENTED.can_leave_early
    assert lines(RENTED, world(leaves=3)) == pytest.approx({"mining": 3 * DAY, "contract": -3 * PRICE})


def test_a_failure_takes_what_is_not_spent_and_no_more():
    """After 2 of 8 days 150 of the 200 USD paid in are left; the third day's price goes with them."""
    gone = np.zeros(11, dtype=np.bool_)
    gone[2] = True
    found = lines(RENTED.replace(failures=(Failure(GONE),)), world(gone=gone), 200.0)
    assert found == pytest.approx({"mining": 2 * DAY, "contract": -2 * PRICE, "credit": -150.0})


def test_a_wind_up_hands_back_a_share_of_what_is_not_spent():
    ended = RENTED.replace(halts=(Halt("wind-up", on="2026-01-03T00:00", returned=0.5),))
    found = lines(ended, world(), 200.0)
    assert found["credit"] == pytest.approx(-0.5 * (200.0 + found["contract"]))
    assert found["contract"] in (pytest.approx(-2 * PRICE), pytest.approx(-3 * PRICE))


def test_a_dearer_day_never_leaves_more():
    found = [
        float(RENTED.replace(price_usd_per_th_day=price).run(world(), capital=150.0).closing[0])
        for price in (1e-3, 0.1, 0.2, 0.3, 0.6, 5.0)
    ]
    assert (np.diff(found) <= 1e-9).all()
    assert found[0] == pytest.approx(150.0 + 8 * (DAY - 0.1))  # next to nothing is paid
    assert found[-1] == pytest.approx(150.0 * DAY / 500.0)  # all of it, within the first day
    assert min(found) >= 0.0


def test_at_the_hash_price_of_a_market_that_stands_still_nothing_is_won():
    at_it = RENTED.replace(price_usd_per_th_day=RENTED.break_even_price_usd_per_th_s(world()) / 8.0)
    assert at_it.run(world(), capital=200.0).profit.tolist() == pytest.approx([0.0], abs=1e-9)


def test_power_is_included_unless_it_is_given():
    assert RENTED.electricity_usd_per_th_day == 0.0
    both = RENTED.replace(electricity_usd_per_th_day=0.1)
    assert lines(both, world())["electricity"] == pytest.approx(-8 * 10.0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"price_usd": 5.0, "hashrate_th_s": 1.0},
            r"price_usd: must be given in total, per TH/s or by the day",
        ),
        ({"price_usd_per_th_s": 5.0}, r"write price_usd_per_th_s=None"),
        ({"early_exit_loss": 0.1}, r"early_exit_loss: must be None beside a price by the day, which is left at any"),
        ({"guaranteed_per_day": 0.1}, r"guaranteed_per_day: must be None beside a price by the day"),
        ({"electricity_prepaid": True}, r"electricity_prepaid: must be False beside a price by the day"),
        ({"price_usd_per_th_day": 0.0}, r"price_usd_per_th_day: must be in \(0,"),
    ],
)
def test_terms_that_do_not_go_together_are_refused(given, message):
    with pytest.raises(InputError, match=message):
        CloudMiningContract(**{"price_usd_per_th_day": 0.05, **given})


@pytest.mark.parametrize(("price", "said"), [(50.0, "is it per PH/s"), (5e-5, "is it per GH/s")])
def test_a_price_of_another_unit_is_warned_of(price, said):
    with pytest.warns(UnitWarning, match=f"USD per TH/s and day: {said}"):
        CloudMiningContract(price_usd_per_th_day=price)


@pytest.mark.parametrize("hashrate", [None, 5.0])
def test_it_passes_every_check(hashrate):
    check_product(RENTED.replace(hashrate_th_s=hashrate, term_days=30.0))
    check_product(RENTED.replace(hashrate_th_s=hashrate, failures=(Failure(GONE, 0.5),), pause_extends_term=True))
