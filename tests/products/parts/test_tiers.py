"""`Tiers` by hand, their limits, their files, their sentences, and an exchange that has them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    APY,
    ExchangeStaking,
    InputError,
    InputTypeError,
    Market,
    Price,
    Schedule,
    StakingPool,
    Tiers,
    TimeGrid,
)
from stakingmodels.serialize import dumps, loads, to_toml
from stakingmodels.termsheets import read_products
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=10)
PRICE = 100_000.0


def paid(rate, coins, **terms):
    """Coins of interest of ten days."""
    terms = {"compounding": False, **terms}
    earn = ExchangeStaking("BTC", posted_rate=rate, **terms)
    outcome = earn.run(Market(GRID, {Price("BTC"): PRICE}), capital=coins * PRICE)
    return float(outcome.lines["interest"][0]) / PRICE


def test_each_tier_pays_its_rate_on_its_coins():
    rate = Tiers((APR(0.365), APR(0.0365), APR(0.00365)), up_to=(0.05, 0.5))
    assert paid(rate, 0.03) == pytest.approx(0.03 * 0.01, rel=1e-13)
    assert paid(rate, 0.25) == pytest.approx(0.05 * 0.01 + 0.20 * 0.001, rel=1e-13)
    assert paid(rate, 2.0) == pytest.approx(0.05 * 0.01 + 0.45 * 0.001 + 1.5 * 0.0001, rel=1e-13)


def test_above_the_cap_nothing_is_earned():
    rate = Tiers((APR(0.365),), up_to=0.5)
    assert paid(rate, 0.4) == pytest.approx(0.004, rel=1e-13)
    assert paid(rate, 0.5) == pytest.approx(0.005, rel=1e-13)
    assert paid(rate, 40.0) == pytest.approx(0.005, rel=1e-13)


def test_compounding_rewards_reach_the_next_tier():
    coins = 0.0499
    for _ in range(10):
        coins += min(coins, 0.05) * 0.001 + max(coins - 0.05, 0.0) * 0.0001
    rate = Tiers((APR(0.365), APR(0.0365)), up_to=0.05)
    assert paid(rate, 0.0499, compounding=True) == pytest.approx(coins - 0.0499, rel=1e-10)


def test_a_promotion_of_tiers():
    rate = Schedule((Tiers((APR(0.365), APR(0.0)), up_to=0.05), APR(0.0365)), after_days=4.5)
    assert paid(rate, 1.0) == pytest.approx(4.5 * 0.05 * 0.001 + 5.5 * 0.0001, rel=1e-13)


@pytest.mark.parametrize("rate", [APR(0.04), APY(0.04)])
@pytest.mark.parametrize("coins", [1e-6, 0.05, 3.7, 1e4])
def test_one_tier_without_an_end_is_its_rate_bit_by_bit(rate, coins):
    for tiers in (Tiers(rate), Tiers(rate, up_to=math.inf), Tiers((rate, APR(0.9)), up_to=math.inf)):
        assert paid(tiers, coins, compounding=True) == paid(rate, coins, compounding=True)


@given(coins=st.floats(1e-4, 1e4), more=st.floats(0.0, 10.0), cap=st.floats(1e-3, 1e3), higher=st.floats(1.0, 10.0))
def test_more_coins_and_a_higher_cap_earn_no_less(coins, more, cap, higher):
    rate = Tiers((APR(0.3), APR(0.1)), up_to=(cap / 2.0, cap))
    least = paid(rate, coins) * (1.0 - 1e-12)
    assert paid(rate, coins + more) >= least
    assert paid(Tiers((APR(0.3), APR(0.1)), up_to=(cap / 2.0, cap * higher)), coins) >= least


def test_tiers_are_of_each_path_alone():
    prices = np.full((GRID.n_times, 3), PRICE) * np.array([1.0, 10.0, 0.1])
    earn = ExchangeStaking("BTC", posted_rate=Tiers((APR(0.365), APR(0.0365)), up_to=0.05), compounding=False)
    interest = earn.run(Market(GRID, {Price("BTC"): prices}), capital=0.1 * PRICE).lines["interest"] / prices[0]
    np.testing.assert_allclose(interest, [0.05 * 0.011, 0.01 * 0.01, 0.05 * 0.01 + 0.95 * 0.001], rtol=1e-12)


def test_tiers_in_files_are_read_as_they_were_written(tmp_path):
    tiers = Tiers((APR(0.05), APY(0.01)), up_to=(0.05, 1.0))
    rows = {
        "a": ExchangeStaking("BTC", posted_rate=tiers),
        "b": ExchangeStaking("BTC", posted_rate=Schedule((tiers, APR(0.01)), after_days=30.0)),
    }
    file = tmp_path / "p.toml"
    file.write_text(to_toml(rows), "utf-8")
    assert read_products(file) == rows
    assert all(loads(dumps(each)) == each for each in rows.values())
    file.write_text('[x]\nkind = "ExchangeStaking"\nposted_rate = {rates = [{APR = 0.05}], up_to = [0.05]}', "utf-8")
    assert read_products(file)["x"] == ExchangeStaking(posted_rate=Tiers((APR(0.05),), up_to=0.05))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Tiers((APR(0.1), APR(0.2)), up_to=(2.0, 1.0)), "up_to.1.: must be above the end of the tier before"),
        (lambda: Tiers((APR(0.1), APR(0.2))), "up_to: must have an end for each of the 2 rates, or for all but"),
        (lambda: Tiers((APR(0.1),), up_to=(1.0, 2.0)), "up_to: must have an end for each of the 1 rates"),
        (lambda: Tiers((APR(0.1), APR(0.2)), up_to=-1.0), "up_to.0.: must be in .0, "),
        (
            lambda: Tiers((APR(0.1), 0.03), up_to=1.0),  # type: ignore[arg-type]
            "rates.1.: must be a rate; write APR",
        ),
        (lambda: Tiers(()), "rates: must hold a rate at least"),
        (lambda: ExchangeStaking(posted_rate=Tiers((APR(0.1), APR(-0.1)), up_to=1.0)), "rates.1.: must be 0 or more"),
        (lambda: StakingPool(commission=Schedule((Tiers((APR(0.1),)),))), "values.0.: must be a number"),
    ],
)
def test_bad_tiers_are_refused_in_one_sentence(make, sentence):
    with pytest.raises((InputError, InputTypeError), match=sentence) as error:
        make()
    assert "\n" not in str(error.value)


@conform
def test_an_exchange_with_tiers_conforms(check):
    tiers = Tiers((APR(0.3), APR(0.1)), up_to=(5.0, 20.0))
    check(ExchangeStaking(posted_rate=tiers))
    check(ExchangeStaking(posted_rate=Schedule((tiers, APR(0.01)), after_days=5.5), earns_while_redeeming=True))
