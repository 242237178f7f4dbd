"""Gas of leaving by hand: a request and a claim, a sale, validators; never more than what leaves."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    InputError,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.ledger import Book
from stakingmodels.market import Factor
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=4, settlement_days=30)
POOL = StakingPool(commission=0.0, exit_gas_usd=5.0)
TOKEN = LiquidStakingToken(protocol_fee=0.0, queue_days=3.0, redeemable_from=None, exit_gas_usd=5.0)
SOLO = SoloValidator(
    entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, running_cost_usd_per_day=0.0, exit_gas_usd=5.0, uptime=1.0
)


def market(price=3000.0, dollar=None, n=1):
    series: dict[Factor, Any] = {
        Price("ETH"): np.full((GRID.n_times, n), price),
        StakingReward("ETH"): APR(0.0),
        MarketRatio("stETH"): 0.99,
    }
    if dollar is None:
        return Market(GRID, series)
    return Market(GRID, {**series, Price("USD"): dollar}, numeraire="TWD")


def paid(product, capital=30_000.0, **more):
    """Network fee, and all that is left."""
    outcome = product.run(market(**more), capital=capital)
    return float(outcome.lines.get("network fee", np.zeros(1))[0]), float(outcome.closing[0])


def test_a_pool_takes_a_request_and_a_claim_where_there_is_a_wait():
    assert paid(POOL) == pytest.approx((-5.0, 29_995.0), rel=1e-12)
    assert paid(POOL.replace(unbonding_days=2.0)) == pytest.approx((-10.0, 29_990.0), rel=1e-12)
    assert paid(POOL.replace(withdrawal_days=2.0)) == pytest.approx((-10.0, 29_990.0), rel=1e-12)


def test_a_token_takes_one_for_a_sale_and_more_for_a_redemption():
    assert paid(TOKEN.replace(exit_route="sale")) == pytest.approx((-5.0, 29_700.0 - 5.0), rel=1e-12)
    redeemed = TOKEN.replace(exit_route="queue")  # gas is taken from tokens, which are worth 0.99
    assert paid(redeemed) == pytest.approx((-10.0, 30_000.0 - 10.0 / 0.99), rel=1e-12)
    missed = redeemed.replace(redemption_window_days=1.0, missed_windows=2)
    assert paid(missed)[0] == pytest.approx(-20.0)
    assert paid(redeemed.replace(queue_days=0.0))[0] == pytest.approx(-5.0)


def test_each_validator_that_leaves_takes_one():
    assert paid(SOLO, capital=64 * 3000.0)[0] == pytest.approx(-10.0)
    assert paid(SOLO, capital=40 * 3000.0) == pytest.approx((-5.0, 40 * 3000.0 - 5.0))


def test_it_is_in_dollars_whatever_the_money():
    assert paid(POOL, price=96_000.0, dollar=32.0)[0] == pytest.approx(-160.0)


def test_a_deposit_smaller_than_the_gas_is_lost_and_no_more():
    assert paid(POOL, capital=3.0) == pytest.approx((-3.0, 0.0), abs=1e-12)
    assert paid(TOKEN.replace(exit_route="sale"), capital=3.0) == pytest.approx((-2.97, 0.0), abs=1e-12)
    assert paid(POOL, price=0.0, capital=30.0)[0] == 0.0


def test_none_is_as_without_the_term():
    for product in (POOL, TOKEN, SOLO):
        free = product.replace(exit_gas_usd=0.0)
        assert "network fee" not in free.run(market(), capital=120_000.0).lines
        assert Price("USD") not in free.factors
        assert Price("USD") in product.factors


@given(one=st.floats(0.0, 1e5), other=st.floats(0.0, 1e5))
def test_more_gas_is_never_better(one, other):
    for product in (POOL, TOKEN):
        few, many = (paid(product.replace(exit_gas_usd=gas))[1] for gas in sorted((one, other)))
        assert many <= few + 1e-9


def test_a_part_that_leaves_pays_its_own_gas_on_its_paths():
    where = market(n=2)
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 30_000.0)
    position = TOKEN.replace(exit_route="sale", accounting="accruing").open(book, now)
    position.step(now.at(chunk, 0))
    position.exit(now, 0.5, paths=np.array([1]))
    assert position.tokens.tolist() == [10.0, 5.0]
    np.testing.assert_allclose(book.paid_out.units, [0.0, 5.0 * 2970.0 - 5.0], rtol=1e-12)


def test_gas_below_nothing_is_refused():
    with pytest.raises(InputError, match=r"StakingPool.exit_gas_usd: must be"):
        POOL.replace(exit_gas_usd=-1.0)


@conform
@pytest.mark.parametrize("product", [POOL.replace(unbonding_days=1.0), TOKEN, SOLO], ids=["pool", "token", "solo"])
def test_it_conforms(check, product):
    check(product)
