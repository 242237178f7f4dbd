"""`Entry` on pools, tokens and exchanges by hand: the smallest deposit, and gas."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    After,
    Entry,
    ExchangeStaking,
    InputError,
    InputTypeError,
    LeaveWhen,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    Units,
)
from stakingmodels.errors import BookError
from stakingmodels.ledger import Book
from stakingmodels.market import Factor
from stakingmodels.products.parts.buying import Buying
from stakingmodels.serialize import dumps, loads, to_toml
from stakingmodels.termsheets import read_products
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=4)
KINDS = pytest.mark.parametrize("kind", [StakingPool, LiquidStakingToken, ExchangeStaking])


def market(numeraire="USD", **prices: Any):
    series: dict[Factor, Any] = {Price(coin): price for coin, price in ({"ETH": 2000.0} | prices).items()}
    return Market(GRID, {**series, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 1.0}, numeraire)


def closing(kind, entry, capital, where=None, **terms):
    return kind(entry=entry, **terms).run(where or market(), capital=capital).closing.tolist()


@KINDS
def test_gas_is_paid_from_the_money_deposited(kind):
    outcome = kind(entry=Entry(gas_usd=5.0)).run(market(), capital=50.0)
    assert outcome.closing.tolist() == pytest.approx([45.0])
    assert outcome.lines["network fee"].tolist() == [-5.0]
    assert "contribution" not in outcome.lines or not outcome.lines["contribution"].any()
    euros = kind(entry=Entry(gas_usd=5.0)).run(market("EUR", USD=0.8), capital=50.0)
    assert euros.closing.tolist() == pytest.approx([46.0])


def test_a_token_bought_at_the_market_pays_gas_too():
    assert closing(LiquidStakingToken, Entry(gas_usd=5.0), 50.0, mint=False) == pytest.approx([45.0])


@KINDS
def test_less_than_the_smallest_deposit_stays_as_cash_and_is_refused_on_all_paths(kind):
    where = market(ETH=np.broadcast_to([2000.0, 2500.0], (GRID.n_times, 2)))
    entry = Entry(minimum_deposit=0.5, gas_usd=10.0)
    outcome = kind(entry=entry, buy_fee=0.01).run(where, capital=1_100.0)  # 1,020 and 1,272.50 are needed
    np.testing.assert_allclose(outcome.capital_shortfall, [0.0, 172.5])
    assert outcome.closing[1] == 1_100.0
    assert outcome.closing[0] < 1_090.0
    assert outcome.deployed[1] == 0.0
    with pytest.raises(InputError, match=r"too little"):
        kind(entry=entry, buy_fee=0.01).run(where, capital=1_000.0)
    with pytest.raises(InputError, match=r"too little"):
        kind(entry=Entry(gas_usd=10.0)).run(where, capital=9.0)


@KINDS
def test_just_the_smallest_deposit_is_taken(kind):
    outcome = kind(entry=Entry(minimum_deposit=0.5, gas_usd=10.0), buy_fee=0.01).run(market(), capital=1_020.0)
    np.testing.assert_allclose(outcome.closing, 1_000.0)


@KINDS
def test_dearer_gas_leaves_less_and_none_changes_nothing(kind):
    found = [closing(kind, Entry(gas_usd=gas), 100.0)[0] for gas in (1e-9, 1.0, 20.0, 99.0, 100.0)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 0.0  # and never below
    assert closing(kind, Entry(gas_usd=1e-9), 100.0)[0] == pytest.approx(closing(kind, None, 100.0)[0], rel=1e-10)


def bought(capital, ratio=0.8, entry=Entry(minimum_deposit=1.0, gas_usd=10.0), numeraire="USD", fee=0.25):  # noqa: B008
    series: dict[Factor, Any] = {StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): ratio}
    if numeraire == "USD":
        series[Price("ETH")] = 1000.0
    token = LiquidStakingToken(mint=False, buy_fee=fee, entry=entry, exit_route="sale")
    return token.run(Market(GRID, series, numeraire), capital=capital)


def test_a_token_bought_at_the_market_must_have_the_smallest_deposit_behind_it():
    assert bought(1_010.0).closing.tolist() == pytest.approx([800.0])  # 800 USD for a coin, a fee of 200, 10 of gas
    with pytest.raises(InputError, match=r"is too little for LiquidStakingToken: 1\.00 USD are missing"):
        bought(1_009.0)
    with pytest.raises(InputError, match=r"is too little for LiquidStakingToken: 251\.00 USD are missing"):
        bought(1_009.0, ratio=1.0)
    assert bought(0.8, entry=Entry(minimum_deposit=1.0), numeraire="ETH", fee=0.0).closing.tolist() == [0.8]
    with pytest.raises(InputError, match=r"0\.20 ETH are missing"):
        bought(0.8, entry=Entry(minimum_deposit=1.0), numeraire="ETH")


def test_a_token_bought_with_coins_pays_the_fee_from_them():
    entry = Entry(minimum_deposit=1.0)  # a coin of 0.8 behind each token
    assert bought(Units(0.8 / 0.75, "ETH"), entry=entry).closing.tolist() == pytest.approx([800.0])
    with pytest.raises(InputError, match=r"125\.00 USD are missing"):  # 0.9333 coins buy 700 USD of it; 100 with a fee
        bought(Units(0.7 / 0.75, "ETH"), entry=entry)
    with pytest.raises(InputError, match=r"200\.00 USD are missing"):  # a fee of all leaves nothing of the coins
        bought(Units(0.7, "ETH"), entry=Entry(minimum_deposit=0.125), fee=1.0)


def test_an_entry_of_nothing_is_refused():
    with pytest.raises(InputError, match=r"Entry.minimum_deposit: must be above 0, or gas_usd must, else nothing of"):
        Entry()


@KINDS
def test_coins_given_need_not_be_bought(kind):
    terms = kind(entry=Entry(minimum_deposit=1.0), buy_fee=0.01)
    np.testing.assert_allclose(terms.run(market(), capital=Units(1.0, "ETH")).closing, 2_000.0)
    coins = Market(GRID, {StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 1.0}, "ETH")
    np.testing.assert_allclose(terms.run(coins, capital=1.0).closing, 1.0)


@KINDS
def test_a_path_whose_opening_falls_short_takes_no_further_money(kind):
    where = market(ETH=np.broadcast_to([2000.0, 4e6], (GRID.n_times, 2)))
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 100.0)
    position = kind(entry=Entry(minimum_deposit=0.01, gas_usd=5.0)).open(book, now)
    book.receive(book.cash, 50.0)
    now.at(chunk, 0)
    position.add(now, 50.0)
    np.testing.assert_allclose(book.cash.units, [0.0, 150.0], atol=1e-12)


@KINDS
def test_each_further_deposit_pays_gas_and_too_little_is_not_deposited(kind):
    where = market(ETH=np.full((GRID.n_times, 2), 2000.0))
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 100.0)
    position = kind(entry=Entry(gas_usd=5.0)).open(book, now)
    book.receive(book.cash, np.array([50.0, 4.0]))
    now.at(chunk, 0)
    position.add(now, np.array([50.0, 4.0]))
    np.testing.assert_allclose(book.cash.units, [0.0, 4.0], atol=1e-12)
    staked = [each for each in book.valuation.accounts() if each.asset == "ETH" and each.units.any()]
    np.testing.assert_allclose(sum(each.units for each in staked), [140.0 / 2000.0, 95.0 / 2000.0])


@KINDS
def test_all_of_a_small_deposit_beyond_the_gas_is_deposited_and_pays_it(kind):
    where = market(ETH=np.full((GRID.n_times, 3), 2000.0))
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 100.0)
    position = kind(entry=Entry(gas_usd=5.0)).open(book, now)
    book.receive(book.cash, np.array([5.5, 5.0, 6.5]))
    position.add(now.at(chunk, 0), np.array([5.5, 5.0, 6.5]))
    np.testing.assert_allclose(book.cash.units, [0.0, 5.0, 0.0], atol=1e-12)
    with pytest.raises(BookError, match=r"Position\.add: money: paths must be"):
        position.add(now, np.array([1.0, 1.0]), np.array([7, 9]))


@KINDS
def test_an_entry_that_costs_gas_reads_the_price_of_a_dollar(kind):
    assert Price("USD") in kind(entry=Entry(gas_usd=1.0)).factors
    assert Price("USD") not in kind(entry=Entry(minimum_deposit=1.0)).factors


@KINDS
def test_a_smallest_deposit_that_is_missed_by_a_rounding_is_taken(kind):
    entry = Entry(minimum_deposit=100.0)
    assert closing(kind, entry, 200_000.0 * (1.0 - 5e-13)) == pytest.approx([200_000.0])
    with pytest.raises(InputError, match="too little"):
        kind(entry=entry).run(market(), capital=200_000.0 * (1.0 - 1e-9))


def test_a_smallest_deposit_of_money_is_an_amount_of_it():
    dollars = ExchangeStaking("USD", posted_rate=APR(0.0), buy_fee=0.5, entry=Entry(minimum_deposit=100.0))
    assert dollars.run(market(), capital=100.0).closing.tolist() == [100.0]
    with pytest.raises(InputError, match="too little"):
        dollars.run(market(), capital=99.0)


def test_a_deposit_without_gas_asks_for_no_interval():
    where = market()
    book = Book(where.now().at(next(where.chunks()), -1), "ETH")
    book.receive(book.cash, 10.0)
    buying = Buying("It", book, "ETH", 0.0, Entry(minimum_deposit=1.0))
    assert np.asarray(buying.allowed(4.0, None, 1.0)[0]).tolist() == [4.0]


def test_a_wrapper_passes_the_shortfall_on():
    held = LeaveWhen(StakingPool(entry=Entry(minimum_deposit=1.0)), After("2026-01-02"))
    where = market(ETH=np.broadcast_to([2000.0, 2500.0], (GRID.n_times, 2)))
    np.testing.assert_allclose(held.run(where, capital=2_000.0).capital_shortfall, [0.0, 500.0])


def test_bad_entries_are_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"Entry.gas_usd: must be in \[0"):
        Entry(gas_usd=-1.0)
    with pytest.raises(InputError, match=r"Entry.minimum_deposit: must be in \[0"):
        Entry(minimum_deposit=-1.0)
    with pytest.raises(InputTypeError, match=r"StakingPool.entry: .*Entry\(minimum_deposit=0.1"):
        StakingPool(entry=5.0)  # type: ignore[arg-type]


@KINDS
def test_an_entry_is_the_same_after_files(kind, tmp_path):
    sheet = kind(entry=Entry(minimum_deposit=0.1, gas_usd=2.0))
    assert loads(dumps(sheet)) == sheet
    file = tmp_path / "products.toml"
    file.write_text(to_toml({"a": sheet}), "utf-8")
    assert read_products(file) == {"a": sheet}


@conform
@KINDS
def test_products_with_an_entry_conform(check, kind):
    check(kind(entry=Entry(minimum_deposit=0.01, gas_usd=20.0)))
