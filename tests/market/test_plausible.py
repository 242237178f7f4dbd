"""Legal numbers far from the record are warned of, whatever gives them; what is near it is not."""

import datetime as dt
import warnings

import numpy as np
import pytest

from stakingmodels.errors import UnitWarning
from stakingmodels.market import (
    BlockFees,
    Difficulty,
    EntryWait,
    ExecutionReward,
    ExitWait,
    Hashrate,
    Market,
    MarketRatio,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market.factors import CashRate
from stakingmodels.market.plausible import BITCOIN_BLOCK_FEES, BITCOIN_DIFFICULTY
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import Constants, History, Streams, daily_series

HASHRATE, DIFFICULTY, FEES = Hashrate("BTC"), Difficulty("BTC"), BlockFees("BTC")
RATIO, REWARD, CASH = MarketRatio("stETH"), StakingReward("ETH"), CashRate("USD")
GRID = TimeGrid.daily("2024-03-01", days=30)

# in the record's unit in March 2024: 6e8 TH/s, a difficulty of 7.9e13
NETWORK = [
    (HASHRATE, 6e8, ""),
    (HASHRATE, 6e2, "EH/s"),
    (HASHRATE, 6e5, "PH/s"),
    (HASHRATE, 6e11, "GH/s"),
    (HASHRATE, 6e14, "MH/s"),
    (HASHRATE, 6e20, "H/s"),
    (DIFFICULTY, 7.9e13, ""),
    (DIFFICULTY, 79.4, "T"),
    (DIFFICULTY, 79_400.0, "G"),
    (DIFFICULTY, 7.9e13 * 2**32, "hashes"),
]


def recorded(factor, values, first="2024-03-01"):
    days = np.datetime64(first) + np.arange(np.size(values), dtype="timedelta64[D]")
    return History({factor: daily_series(days, np.asarray(values, dtype=float), name="made up")})


@pytest.mark.parametrize(("factor", "level", "unit"), NETWORK)
@pytest.mark.parametrize(
    "give",
    [
        lambda factor, level: Market(GRID, {factor: level}),
        lambda factor, level: Market(GRID, {factor: np.full(GRID.n_times, level)}),
        lambda factor, level: Market.flat(GRID, {factor: level}),
        lambda factor, level: Constants({factor: level}),
        lambda factor, level: recorded(factor, [level] * 9),
    ],
    ids=["number", "array", "flat", "constants", "history"],
)
def test_another_unit_of_the_network_is_named(give, factor, level, unit):
    if not unit:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            give(factor, level)
        return
    with pytest.warns(UnitWarning, match=rf"more than a decade from the record .*write unit=\"{unit}\""):
        give(factor, level)


@pytest.mark.parametrize("year", sorted(BITCOIN_DIFFICULTY))
def test_the_record_of_each_year_is_not_warned_of(year):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for times in (0.2, 1.0, 5.0):
            Market(TimeGrid.daily(f"{year}-01-01", days=5), {DIFFICULTY: BITCOIN_DIFFICULTY[year] * times})
            recorded(DIFFICULTY, [BITCOIN_DIFFICULTY[year] * times] * 5, f"{year}-01-01")


def test_a_market_may_come_to_any_level_later():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Market(GRID, {DIFFICULTY: np.geomspace(8e13, 8e16, GRID.n_times)})


@pytest.mark.filterwarnings("ignore:.*more than twentyfold")
def test_a_day_far_off_within_a_record_is_named_by_its_year():
    values = [6e8] * 20
    values[7] = 3e10
    with pytest.warns(UnitWarning, match=r"3e\+10 TH/s is more than a decade from the record of 2024.2"):
        recorded(HASHRATE, values)


def test_other_chains_and_other_times_have_no_record():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Market(GRID, {Difficulty("LTC"): 3e7})
        Market(TimeGrid.daily("2010-03-01", days=5), {DIFFICULTY: 1.5})
        Market(TimeGrid.daily("2040-03-01", days=5), {DIFFICULTY: 1e18})


@pytest.mark.parametrize(
    "give", [lambda f, x: Market(GRID, {f: x}), lambda f, x: Constants({f: x}), lambda f, x: recorded(f, [x] * 9)]
)
@pytest.mark.parametrize("ratio", [2_300.0, 1e18, 0.01, 5.01])
def test_a_price_is_no_ratio(give, ratio):
    with pytest.warns(UnitWarning, match="the median ratio is .* outside 0.2 to 5"):
        give(RATIO, ratio)


def test_a_ratio_that_only_grows_has_rewards_in_it():
    with pytest.warns(UnitWarning, match=r"hardly ever falls, from 1.16 to 1.2: are rewards in it"):
        recorded(MarketRatio("wstETH"), np.linspace(1.16, 1.2, 90))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        recorded(RATIO, 0.998 + 0.001 * np.sin(np.arange(90.0)))


@pytest.mark.parametrize("fees", [90.0, 5e6])
def test_fees_above_any_day_on_record(fees):
    for give in (lambda: Market(GRID, {FEES: fees}), lambda: Constants({FEES: fees})):
        with pytest.warns(UnitWarning, match=r"coins a block is above any day on record"):
            give()


def test_a_rate_of_cash_in_percent_is_warned_of_once():
    with pytest.warns(UnitWarning) as told:
        recorded(CASH, [4.2] * 9)
    assert [str(each.message).partition("percent? ")[2] for each in told] == ['divide by 100 (a file: unit="percent")']


@pytest.mark.parametrize("factor", [EntryWait("ETH"), ExitWait("DOT")])
def test_waits_in_seconds_are_longer_than_any_queue(factor):
    for give in (
        lambda days: Market(GRID, {factor: days}),
        lambda days: Constants({factor: days}),
        lambda days: recorded(factor, [days] * 9),
    ):
        with pytest.warns(UnitWarning, match=r"the median wait is 8.64e\+05 days, .* in seconds or hours\?"):
            give(864_000.0)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            give(71.4)


@pytest.mark.parametrize("year", sorted(BITCOIN_BLOCK_FEES))
def test_fees_of_a_day_are_not_those_of_a_block(year):
    usual = BITCOIN_BLOCK_FEES[year]
    with pytest.warns(UnitWarning, match=r"times that on record; fees of a day or in satoshi\?"):
        recorded(FEES, [usual * 144] * 9, f"{year}-02-01")
    with pytest.warns(UnitWarning, match=r"times that on record"):
        recorded(FEES, [usual * 1e8] * 9, f"{year}-02-01")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        recorded(FEES, [usual, usual * 5, usual / 3, usual * 5, usual * 12], f"{year}-02-01")


@pytest.mark.parametrize(("factor", "rate"), [(REWARD, 0.03 / 365), (REWARD, 0.03 / 82_000), (CASH, 0.04 / 2.6e6)])
def test_rates_of_a_day_an_epoch_or_a_block(factor, rate):
    for give in (
        lambda: Market(GRID, {factor: APR(rate)}),
        lambda: Constants({factor: APY(rate)}),
        lambda: recorded(factor, [rate] * 9),
    ):
        with pytest.warns(UnitWarning, match=r"of the sum in a year: of a day, an epoch or a block\?"):
            give()


def test_percent_below_one_is_no_reward_on_record():
    with pytest.warns(UnitWarning, match=r"the median rate is 0.9, 90% of the stake in a year; percent\?"):
        recorded(REWARD, [0.9] * 9)


def test_small_rates_of_cash_and_tips_are_usual():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Market(GRID, {CASH: APR(0.0004), ExecutionReward("ETH"): APR(0.0009), REWARD: APR(0.0)})
        recorded(CASH, [0.0005] * 9, "2021-03-01")


def test_percent_below_one_is_told_by_the_bill_of_its_year():
    with pytest.warns(
        UnitWarning, match=r"0.05 in 2021, when a Treasury bill paid 0.05%; percent\? write unit=\"percent\""
    ):
        recorded(CASH, [0.05] * 9, "2021-03-01")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        recorded(CASH, [0.053] * 9, "2024-03-01")


def test_a_drawn_world_is_looked_at_once():
    world = Constants({DIFFICULTY: 1e14})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        world.market(TimeGrid.daily("2016-01-01", days=3), frozenset({DIFFICULTY}), streams=Streams(1), n_paths=2)


def test_the_record_is_that_of_the_chain(shared_data):
    path = shared_data / "data/btc_network/btc_difficulty_hashprice_DERIVED.csv"
    read = History({DIFFICULTY: (path, "difficulty")}).series[DIFFICULTY]
    first = {d.year: v for d, v in zip(read.dates.tolist(), read.values, strict=True) if d == dt.date(d.year, 1, 1)}
    assert {year: BITCOIN_DIFFICULTY[year] for year in first} == pytest.approx(first, rel=0.005)


def test_a_record_of_fees_that_begins_with_the_first_year_on_record_is_compared():
    """Too small by a factor of 40, which only a comparison by date can tell."""
    days = np.arange("2020-01-01", "2020-04-01", dtype="datetime64[D]")
    with pytest.warns(UnitWarning, match=r"the median of 0\.0105 coins a block is 0\.025 times that on record"):
        History({FEES: daily_series(days, np.full(days.size, 0.42 / 40), name="fees")})
