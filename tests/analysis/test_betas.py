"""Betas to the coin's price, and how concentrated shares are."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from stakingmodels import (
    BlockFees,
    CloudMiningContract,
    Difficulty,
    Holding,
    InputError,
    Market,
    Price,
    TimeGrid,
)
from stakingmodels.analysis import PRICE_BETA_COLUMNS, Concentration, price_betas
from stakingmodels.analysis.betas import _line

GRID = TimeGrid.daily("2026-01-01", days=30)
CLOSES = np.linspace(40_000.0, 180_000.0, 41)
MARKET = Market(
    GRID,
    {
        Price("BTC"): np.vstack([np.full(41, 90_000.0), np.repeat(CLOSES[None], 30, axis=0)]),
        Difficulty("BTC"): 1.5e14,
        BlockFees("BTC"): 0.0,
    },
)
BARE: dict[str, Any] = {
    "minimum_payout_btc": 0.0,
    "uptime": 1.0,
    "pool_fee": 0.0,
    "sell_fee": 0.0,
    "stop_after_days": None,
}


def betas(*products):
    return price_betas({str(k): each.run(MARKET, capital=1_000.0) for k, each in enumerate(products)})


def test_holding_moves_as_the_coin_does_and_two_thirds_of_it_by_as_much():
    found = betas(Holding("BTC"), Holding("BTC", buy_fee=0.5))
    assert found["0"].beta == pytest.approx(1.0, rel=1e-12)
    assert found["0"].standard_error == pytest.approx(0.0, abs=1e-9)
    assert found["0"].r_squared == pytest.approx(1.0, rel=1e-12)
    assert found["1"].beta == pytest.approx(1.0 / 1.5, rel=1e-9)  # the fee comes on top of what is bought


def test_a_contract_by_hand():
    contract = CloudMiningContract(hashrate_th_s=100.0, price_usd_per_th_s=1.0, term_days=30.0, **BARE)
    # 100 TH/s at 3.125 coins a block, sold as they come at the close; of 1,000 USD, 100 are the price
    coins = 30.0 * 100e12 * 86_400.0 * 3.125 / (1.5e14 * 2.0**32)
    assert betas(contract)["0"].beta == pytest.approx(coins * 90_000.0 / 1_000.0, rel=1e-6)


def test_it_is_a_regression_line_of_the_paths():
    rng = np.random.default_rng(1)
    closes = 90_000.0 * np.exp(0.3 * rng.standard_normal(500))
    series: dict[Any, Any] = {Price("BTC"): np.vstack([np.full(500, 90_000.0), np.repeat(closes[None], 30, axis=0)])}
    product = Holding("BTC", sell_fee=0.1)
    outcome = product.run(Market(GRID, series), capital=1_000.0)
    found = price_betas({"a": outcome})["a"]
    line = stats.linregress(outcome.asset_growth - 1.0, outcome.returns)
    assert found.beta == pytest.approx(line.slope, rel=1e-9)
    assert found.r_squared == pytest.approx(line.rvalue**2, rel=1e-9)
    fell = outcome.asset_growth < 1.0
    low = stats.linregress(outcome.asset_growth[fell] - 1.0, outcome.returns[fell])
    assert found.downside_beta == pytest.approx(low.slope, rel=1e-9)


def test_the_error_is_that_of_many_draws():
    rng = np.random.default_rng(2)
    slopes, errors = [], []
    for _ in range(400):
        x = rng.standard_normal(200)
        slope, error, _ = _line(x, 2.0 * x + (1.0 + np.abs(x)) * rng.standard_normal(200))  # wider at both ends
        slopes.append(slope)
        errors.append(error)
    assert np.mean(slopes) == pytest.approx(2.0, abs=0.03)
    assert np.mean(errors) == pytest.approx(np.std(slopes), rel=0.12)


def test_a_price_that_does_not_move_has_no_beta():
    flat = Market(GRID, {Price("BTC"): np.full((31, 5), 90_000.0)})
    found = price_betas({"a": Holding("BTC").run(flat, capital=1_000.0)})["a"]
    assert np.isnan([found.beta, found.standard_error, found.r_squared, found.downside_beta]).all()


def test_shown_in_both_languages_and_as_rows():
    found = betas(Holding("BTC"))
    assert "Beta to the coin's price" in str(found)
    assert "貝他" in found.to_text(language="zh-TW")
    assert list(found.to_frame().reset_index().columns) == list(PRICE_BETA_COLUMNS)
    wrongs: tuple[Any, ...] = (None, {"a": 1.0})
    for wrong in wrongs:
        with pytest.raises(TypeError, match=r"^price_betas: results"):
            price_betas(wrong)
    with pytest.raises(InputError, match=r"^price_betas: results: must have kept outcomes"):
        price_betas({})


def test_concentration_by_hand():
    stake = Concentration({"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1})
    assert stake.herfindahl == pytest.approx(0.30)
    assert stake.effective_number == pytest.approx(10 / 3)
    assert [stake.nakamoto(t) for t in (1 / 3, 0.4, 0.5, 0.7, 0.95)] == [1, 2, 2, 3, 4]
    assert stake.largest == 0.4
    assert stake.named == pytest.approx(1.0)


def test_equal_holders_are_as_many_as_they_are():
    for n in (1, 4, 25):
        equal = Concentration({str(k): 1.0 / n for k in range(n)})
        assert equal.effective_number == pytest.approx(n)
        assert equal.nakamoto(0.5) == n // 2 + 1


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ({}, r"^Concentration.shares: must name at least one holder"),
        ({"a": 25.0}, r"^Concentration.shares\['a'\]: must be a fraction in \[0, 1\], got 25"),
        ({"a": 0.7, "b": 0.4}, r"^Concentration.shares: must add up to at most 1"),
    ],
)
def test_shares_that_are_none_are_refused(shares, sentence):
    with pytest.raises(InputError, match=sentence):
        Concentration(shares)


def test_more_than_a_share_is_more_than_its_last_digit():
    stake = Concentration({"a": 0.2, "b": 0.1, "c": 0.05})  # 0.2 + 0.1 is above 0.3 as a float
    assert stake.nakamoto(0.3) == 3
    with pytest.raises(InputError, match="name more of them"):
        stake.nakamoto(0.35)
    for end in (0.0, 1.0):
        with pytest.raises(InputError, match=r"^Concentration.nakamoto: threshold: must be above 0 and below 1"):
            stake.nakamoto(end)


def test_a_threshold_that_the_named_do_not_reach_is_not_guessed():
    with pytest.raises(InputError, match=r"threshold: the 2 named have 0.33 together, not more than 0.5; name more"):
        Concentration({"a": 0.25, "b": 0.08}).nakamoto(0.5)


def test_a_stake_of_ones_own_contributes_most_to_decentralisation():
    stake = Concentration({"a": 0.4, "b": 0.1})
    more = stake.with_stake("b", 25.0, staked=100.0)
    assert dict(more.shares) == pytest.approx({"a": 0.32, "b": 0.28})
    assert dict(stake.with_stake("new", 25.0, staked=100.0).shares) == pytest.approx({"a": 0.32, "b": 0.08, "new": 0.2})
    after = {name: stake.with_stake(name, 1.0, staked=100.0).herfindahl for name in ("a", "b", "new", None)}
    assert after["a"] > stake.herfindahl > after["b"] > after["new"] > after[None]
    assert after[None] == pytest.approx(stake.herfindahl * (100.0 / 101.0) ** 2)
    assert stake.with_stake("a", 0.0, staked=100.0).shares == stake.shares
    assert stake.with_stake(None, 1e12, staked=1.0).largest == pytest.approx(0.0, abs=1e-9)
    assert stake.with_stake("b", 1e12, staked=1.0).largest == pytest.approx(1.0)
    with pytest.raises(InputError, match=r"^Concentration.with_stake: staked: "):
        stake.with_stake("a", 1.0, staked=0.0)
    with pytest.raises(InputError, match=r"^Concentration.with_stake: coins: "):
        stake.with_stake("a", -1.0, staked=1.0)
