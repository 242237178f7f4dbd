"""`Exposure`: claims and what is asked after a failure, by hand; and the fee of selling what is recovered."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import Event, Failure, Line, Market, MarketRatio, Price, StakingReward, TimeGrid
from stakingmodels.ledger import Book
from stakingmodels.market import BlockFees, Difficulty, ExecutionReward
from stakingmodels.products import (
    CloudMiningContract,
    ExchangeStaking,
    LiquidStakingToken,
    SoloValidator,
    StakingPool,
)
from stakingmodels.products.parts.exposure import Exposure, _money
from stakingmodels.rates import APR

ETH, GONE = Price("ETH"), Event("gone")
STRUCK = np.array([[False, False], [False, True], [False, False], [False, False]])  # path 1, at the end of day 2


def opened(numeraire="EUR", **more: Any):
    """A book with 2 ETH and 40 of money on each path, and the moments of three days after the opening."""
    given: dict[Any, Any] = {ETH: 10.0, MarketRatio("stETH"): np.full((4, 2), 0.5), GONE: STRUCK}
    if numeraire == "ETH":
        del given[ETH]
    names = {"usd": Price("USD")}
    series = given | {names[key]: value for key, value in more.items()}
    market = Market(TimeGrid.daily("2026-01-01", days=3), series, numeraire)
    chunk = next(market.chunks())
    now = market.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 40.0)
    book.receive(book.account("ETH", "staked"), 2.0)
    return book, (now.at(chunk, step) for step in range(3))


def places(book):
    return {(account.asset, account.place) for account in book.valuation.accounts()}


def test_claims_in_money_are_in_dollars_where_they_have_a_price():
    assert [_money(next(opened(usd=2.0)[1])), _money(next(opened()[1])), _money(next(opened("ETH")[1]))] == [
        "USD",
        "EUR",
        "ETH",
    ]


def test_of_what_a_failure_takes_wholly_no_rounding_stays_behind():
    book, moments = opened()
    staked = book.account("ETH", "staked")
    parts = np.array([0.5, 1.0])
    failure = Failure(GONE, recovery=0.1, delay_days=9.0, recovery_in="coin", line="slashing")
    exposure = Exposure(book, (failure,), 2, staked={staked: parts})
    staked.raw_units[:] = 0.7, 0.7
    for now in moments:
        exposure.step(now)
    assert staked.units.tolist() == [0.7, 0.0]
    assert book.queue("claim").account.units.tolist() == [0.0, pytest.approx(0.07)]


def test_coins_are_sold_for_a_claim_in_money_in_a_place_of_their_own():
    book, moments = opened()
    exposure = Exposure(
        book, (Failure(GONE, recovery=0.5, delay_days=9.0),), 2, staked={book.account("ETH", "staked"): 1.0}
    )
    for now in moments:
        exposure.step(now)
    assert {("EUR", "lost"), ("EUR", "claim")} <= places(book)
    assert book.queue("claim", "EUR").account.units.tolist() == [0.0, 10.0]


def test_what_one_failure_has_taken_another_does_not_enter_again():
    book, moments = opened()
    told: list[Any] = []
    book.observe(lambda *entry: told.append((entry[1], entry[2].place, entry[3].tolist())))
    exposure = Exposure(book, (Failure(GONE), Failure(GONE, 0.5)), 2, staked={book.account("ETH", "staked"): 1.0})
    for now in moments:
        exposure.step(now)
    assert told == [(Line.CREDIT, "staked", [-2.0])]


def test_a_failure_that_leaves_a_part_goes_on_and_claims_nothing():
    book, moments = opened()
    staked = book.account("ETH", "staked")
    exposure = Exposure(book, (Failure(GONE, 0.25),), 2, staked={staked: 1.0})
    struck: list[Any] = []
    for now in moments:
        exposure.step(now, lambda now, failure, paths: struck.append((now.step, failure.severity, paths.tolist())))
    assert struck == [(1, 0.25, [1])]
    assert staked.units.tolist() == [2.0, 1.5]
    assert exposure.solvent == 1.0
    assert not [place for place in places(book) if place[1] in {"claim", "lost"}]


def test_no_failure_is_told_where_it_finds_nothing():
    book, moments = opened()
    exposure = Exposure(book, (Failure(GONE),), 2, staked={book.account("ETH", "staked"): 1.0})
    struck: list[Any] = []
    for now in moments:
        exposure.step(now, lambda *call: struck.append(call), lambda _now, _failure, paths: paths[:0])
    assert struck == []
    assert exposure.solvent == 1.0


@pytest.mark.parametrize(("fee", "paid"), [({}, 10.0), ({"sell_fee": 0.25}, 7.5)])
def test_recovered_coins_are_sold_without_a_fee_unless_one_is_given(fee, paid):
    book, moments = opened()
    default = Failure(GONE, recovery=0.5, recovery_in="coin")
    exposure = Exposure(book, (default,), 2, staked={book.account("ETH", "staked"): 1.0}, **fee)
    for now in moments:
        exposure.step(now)
    assert book.paid_out.units.tolist() == [0.0, paid]
    assert np.asarray(exposure.solvent).tolist() == [1.0, 0.0]


def test_recovered_money_is_paid_out_without_a_fee():
    book, moments = opened(usd=2.0)
    default = Failure(GONE, recovery=0.5, recovery_in="money", delay_days=1.0)
    exposure = Exposure(book, (default,), 2, staked={book.account("ETH", "staked"): 1.0}, sell_fee=0.25)
    for now in moments:
        exposure.step(now)
        if now.step == 1:
            assert book.account("USD", "claim").units.tolist() == [0.0, 5.0]
    assert book.paid_out.units.tolist() == [0.0, 10.0]


def test_a_claim_on_a_token_is_one_on_the_coins_behind_it():
    book, moments = opened()
    token = book.account("ETH", "stETH", MarketRatio("stETH"))
    book.move(book.account("ETH", "staked"), token)
    default = Failure(GONE, recovery=0.5, recovery_in="coin", delay_days=5.0)
    exposure = Exposure(book, (default,), 2, staked={token: 1.0})
    for now in moments:
        exposure.step(now)
    assert token.units.tolist() == [2.0, 0.0]
    assert book.account("ETH", "claim").units.tolist() == [0.0, 1.0]


COIN = (Failure(GONE, recovery=0.5, recovery_in="coin"),)
PLAIN: dict[str, Any] = {"failures": COIN, "sell_fee": 0.25}


@pytest.mark.parametrize(
    "product",
    [
        StakingPool(**PLAIN),
        ExchangeStaking(posted_rate=None, **PLAIN),
        LiquidStakingToken(**PLAIN),
        SoloValidator(entry_days=0.0, running_cost_usd_per_day=0.0, **PLAIN),
    ],
    ids=lambda each: type(each).__name__,
)
def test_every_product_that_stakes_pays_its_fee_on_recovered_coins(product):
    series: dict[Any, Any] = {
        ETH: 10.0,
        StakingReward("ETH"): APR(0.0),
        ExecutionReward("ETH"): APR(0.0),
        MarketRatio("stETH"): 1.0,
        GONE: STRUCK[:, 1],
    }
    grid = TimeGrid.daily("2026-01-01", days=3)
    outcome = product.run(Market(grid, {key: series[key] for key in product.factors}), capital=320.0)
    assert outcome.lines[Line.TRADING].tolist() == [pytest.approx(-0.25 * 160.0)]
    assert outcome.proceeds.tolist() == [pytest.approx(120.0)]


def test_a_mining_contract_pays_its_fee_on_recovered_coins():
    contract = CloudMiningContract(
        hashrate_th_s=100.0,
        price_usd_per_th_s=3.0,
        term_days=3.0,
        pool_fee=0.0,
        electricity_usd_per_th_day=0.0,
        stop_after_days=None,
        minimum_payout_btc=100.0,
        **PLAIN,
    )
    series: dict[Any, Any] = {Price("BTC"): 1e5, Difficulty("BTC"): 1e12, BlockFees("BTC"): 0.0, GONE: STRUCK[:, 1]}
    outcome = contract.run(Market(TimeGrid.daily("2026-01-01", days=3), series), capital=300.0)
    mined = outcome.lines[Line.MINING][0]
    assert mined > 0.0
    assert outcome.lines[Line.TRADING].tolist() == [pytest.approx(-0.25 * 0.5 * mined)]
