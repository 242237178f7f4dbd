"""`token_history`: tokens held and coins per token, by hand."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.market import Event, Market, MarketRatio, Price, StakingReward, TimeGrid
from stakingmodels.products import After, Entry, Failure, Halt, Holding, LeaveWhen, LiquidStakingToken, token_history
from stakingmodels.rates import APR

STRUCK = Event("struck")
TOKEN = LiquidStakingToken(protocol_fee=0.1, exit_route="sale")
SHARES = TOKEN.replace(accounting="accruing", opening_rate=1.25)


def market(days=3, tail=1, n_paths=1, **more):
    """A price of 10, and a reward of 0.1 % a day."""
    series: dict[Any, Any] = {Price("ETH"): np.full((1, n_paths), 10.0), StakingReward("ETH"): APR(0.365)}
    series[MarketRatio("stETH")] = 0.95
    return Market(TimeGrid.daily("2026-01-01", days=days, settlement_days=tail), series | more.get("also", {}))


def test_a_rebasing_token_grows_in_number_and_an_accruing_one_in_coins():
    held, shares = (token_history(each, market(), capital=100.0) for each in (TOKEN, SHARES))
    grown = 1.0009 ** np.arange(3)
    assert held.tokens[:3, 0] == pytest.approx(10.0 * grown, rel=1e-12)
    assert held.coins_per_token[:, 0].tolist() == [1.0] * 5
    assert shares.tokens[:3, 0] == pytest.approx([8.0] * 3, rel=1e-12)
    assert shares.coins_per_token[:3, 0] == pytest.approx(1.25 * grown, rel=1e-12)
    np.testing.assert_allclose(held.coins, shares.coins, rtol=1e-12)
    assert held.tokens[3:, 0].tolist() == [0.0, 0.0]  # sold at the exit


def test_coins_at_price_and_ratio_are_the_value_of_the_run():
    found = token_history(SHARES, market(9), capital=100.0)
    outcome = SHARES.run(market(9), capital=100.0, keep="values")
    assert outcome.values is not None
    assert found.coins[:9, 0] * 9.5 == pytest.approx(outcome.values[:9, 0], rel=1e-12)


def test_a_loss_is_of_the_rate_if_it_accrues_and_of_the_number_if_it_rebases():
    struck = {STRUCK: np.array([False, True, False, False, False])}
    failure = Failure(STRUCK, 0.25, recovery=0.5, line="slashing")
    for token, count in ((TOKEN, 10.0 * 0.75), (SHARES, 8.0)):
        found = token_history(token.replace(failures=failure), market(also=struck), capital=100.0)
        assert found.tokens[2, 0] == pytest.approx(count * (1.0 if token is SHARES else 1.0009**2), rel=1e-12)
        assert found.coins[2, 0] == pytest.approx(10.0 * 0.75 * 1.0009**2, rel=1e-12)


@pytest.mark.parametrize("token", [TOKEN, SHARES], ids=["rebasing", "accruing"])
def test_after_a_wind_up_no_tokens_are_held(token):
    plain = token_history(token, market(), capital=100.0)
    on = str(plain.grid.times[2])
    found = token_history(token.replace(halts=Halt("wind-up", on=on, days=1.0)), market(), capital=100.0)
    assert found.tokens[:2].tolist() == plain.tokens[:2].tolist()
    assert found.tokens[2:, 0].tolist() == [0.0] * (len(found.tokens) - 2)
    assert found.coins_per_token[:3].tolist() == plain.coins_per_token[:3].tolist()


def test_paths_are_their_own_in_several_blocks():
    world = market(n_paths=16_385)
    capital = np.full(16_385, 100.0)
    capital[-1] = 200.0
    found = token_history(TOKEN, world, capital=capital)
    assert found.tokens.shape == (5, 16_385)
    assert found.tokens[0, [0, -1]].tolist() == [10.0, 20.0]


def test_a_product_without_tokens_is_refused():
    for product in (Holding("ETH"), LeaveWhen(TOKEN, After(2))):
        with pytest.raises(InputError, match="token_history: product: must be a product whose position counts tokens"):
            token_history(product, market(), capital=100.0)


def test_too_many_times_and_paths_are_refused():
    world = market(days=10_000, tail=0, n_paths=20_000)
    with pytest.raises(InputError, match="token_history: market: must have at most 134,217,728 times and paths"):
        token_history(TOKEN, world, capital=100.0)


def test_too_little_money_is_told_of_the_product_and_not_of_what_watches_it():
    terms = LiquidStakingToken(entry=Entry(minimum_deposit=11.0))
    with pytest.raises(
        InputError, match=r"^run: capital: is too little for LiquidStakingToken: 10\.00 USD are missing"
    ):
        token_history(terms, market(), capital=100.0)
    with pytest.raises(InputError, match=r"^LiquidStakingToken: reads MarketRatio"):
        token_history(terms, Market(market().grid, {Price("ETH"): 10.0}), capital=100.0)
