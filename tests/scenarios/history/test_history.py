"""`History`: windows of a made-up record by hand, and of real prices against the file itself."""

import csv
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stakingmodels.engine import simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.market import (
    BlockFees,
    Difficulty,
    Event,
    ExitWait,
    Factor,
    Hashrate,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import CloudMiningContract, Holding
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.scenarios import History, Streams, daily_series

MANY = 8_192

ETH, BTC, HASHRATE, DIFFICULTY, FEES = Price("ETH"), Price("BTC"), Hashrate("BTC"), Difficulty("BTC"), BlockFees("BTC")
DAYS = np.arange("2024-04-12", "2024-04-24", dtype="M8[D]")  # 12 days around the halving of 20 April
PRICES = np.array([10.0, 11.0, 12.0, 9.0, 8.0, 10.0, 20.0, 21.0, 22.0, 5.0, 6.0, 8.0])


@pytest.fixture
def csv_file(tmp_path):
    """A file of made-up days, written from columns."""

    def write(name="made_up.csv", days=DAYS, **columns):
        lines = [",".join(["date", *columns])]
        lines += [
            ",".join([str(day), *map(repr, map(float, row))]) for day, *row in zip(days, *columns.values(), strict=True)
        ]
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def rows(history, factor, *, days=3, grid=None, paths=None):
    """All rows of a factor: (rows, windows)."""
    grid = history.grid(days=days) if grid is None else grid
    market = history.market(grid, frozenset({factor}), streams=Streams(1), n_paths=paths or history.n_paths(grid))
    return next(market.chunks()).rows[factor].copy()


def made_up(values=PRICES, days=DAYS, name="made up"):
    return daily_series(days, np.asarray(values, dtype=float), name=name)


# Windows


def test_every_window_that_fits(csv_file):
    history = History({ETH: csv_file(close=PRICES)}, window_levels="as_recorded")
    found = rows(history, ETH)
    assert found.shape == (4, 9)
    assert found.T.tolist() == [PRICES[i : i + 4].tolist() for i in range(9)]


def test_rescaled_windows_open_at_the_last_recorded_level(csv_file):
    found = rows(History({ETH: csv_file(close=PRICES)}), ETH)
    assert found[0] == pytest.approx([8.0] * 9)
    for i in range(9):
        assert found[:, i] == pytest.approx(PRICES[i : i + 4] / PRICES[i] * 8.0, rel=1e-15)


def test_rescaled_windows_may_open_at_another_level(csv_file):
    found = rows(History({ETH: csv_file(close=PRICES)}, initial_levels={ETH: 3000.0}), ETH)
    assert found[:, 2] == pytest.approx(PRICES[2:6] / 12.0 * 3000.0, rel=1e-15)


@pytest.mark.parametrize(("days", "tail", "windows"), [(1, 0, 11), (3, 0, 9), (3, 2, 7), (11, 0, 1), (5, 6, 1)])
def test_the_number_of_windows(days, tail, windows):
    history = History({ETH: made_up()})
    assert history.n_paths(history.grid(days=days, settlement_days=tail)) == windows


def test_neighbours_overlap():
    history = History({ETH: made_up()})
    assert history.overlap(history.grid(days=3, settlement_days=2)) == 4


@pytest.mark.parametrize("days", [12, 400])
def test_a_record_that_is_too_short(days):
    history = History({ETH: made_up()})
    with pytest.raises(
        InputError, match=rf"^History: must be longer than the window of {days} days.*12 days are recorded"
    ):
        history.n_paths(history.grid(days=days))


@pytest.mark.parametrize(
    ("first", "last", "opens"),
    [
        ("2024-04-15", None, [9.0, 8.0, 10.0, 20.0, 21.0, 22.0]),
        (None, "2024-04-13", [10.0, 11.0]),
        ("2024-04-14", "2024-04-15", [12.0, 9.0]),
        (np.datetime64("2024-04-20"), "2030-01-01", [22.0]),
        ("2000-01-01", "2024-04-12", [10.0]),
    ],
)
def test_first_and_last_bound_the_first_days(first, last, opens):
    history = History({ETH: made_up()}, window_levels="as_recorded", first=first, last=last)
    assert rows(history, ETH)[0].tolist() == opens


@pytest.mark.parametrize(("first", "last"), [("2024-04-21", None), (None, "2024-04-11"), ("2024-04-16", "2024-04-15")])
def test_no_window_between_first_and_last(first, last):
    history = History({ETH: made_up()}, first=first, last=last)
    with pytest.raises(InputError, match=r"no window of 3 days starts from.*the last that fits starts on 2024-04-20"):
        history.n_paths(history.grid(days=3))


def test_the_grid_begins_with_the_last_day_or_the_first_window():
    assert str(History({ETH: made_up()}).grid(days=3).times[0].astype("M8[D]")) == "2024-04-23"
    recorded = History({ETH: made_up()}, window_levels="as_recorded", first="2024-04-14")
    assert str(recorded.grid(days=3).times[0].astype("M8[D]")) == "2024-04-14"


def test_the_grid_has_days():
    grid = TimeGrid(np.array(["2024-04-12", "2024-04-14", "2024-04-15"], dtype="M8[D]"))
    with pytest.raises(InputError, match=r"^History: grid: must have steps of one day"):
        History({ETH: made_up()}).n_paths(grid)


def test_more_windows_than_a_block():
    days = np.arange("1990-01-01", "2016-01-01", dtype="M8[D]")
    values = np.random.default_rng(1).lognormal(0.0, 0.1, days.size)
    history = History({ETH: made_up(values, days)}, window_levels="as_recorded")
    grid = history.grid(days=2)
    results = simulate({"hold": Holding(asset="ETH")}, history, grid, capital=1.0)
    assert results.n_paths == days.size - 2 > MANY
    assert results["hold"].closing == pytest.approx(values[2:] / values[:-2], rel=1e-14)


def test_each_window_has_its_own_dates():
    history = History({ETH: made_up()}, window_levels="as_recorded")
    grid = history.grid(days=3)
    market = history.market(grid, frozenset({ETH}), streams=Streams(1), n_paths=9)
    now = market.now()
    chunk = next(market.chunks())
    assert now.at(chunk, -1).time.tolist() == DAYS[:9].astype("M8[s]").tolist()
    assert now.at(chunk, 1).time.tolist() == DAYS[2:11].astype("M8[s]").tolist()


def test_each_window_has_its_own_subsidy():
    # difficulty for 1 coin a day at a subsidy of 1; the halving falls on 20 April
    unit = 1e12 * 86_400 / 2**32
    history = History(
        {BTC: made_up(), DIFFICULTY: made_up(np.full(12, unit)), FEES: made_up(np.zeros(12))},
        window_levels="as_recorded",
    )
    terms = CloudMiningContract(
        hashrate_th_s=1.0,
        price_usd_per_th_s=1.0,
        pool_fee=0.0,
        electricity_usd_per_th_day=0.0,
        uptime=1.0,
        minimum_payout_btc=0.0,
    )
    results = simulate({"mine": terms}, history, history.grid(days=3), capital=1.0)
    mined = results["mine"].native[Line.MINING, "BTC"]
    days = [np.where(DAYS[i + 1 : i + 4] < np.datetime64("2024-04-20"), 6.25, 3.125).sum() for i in range(9)]
    assert mined.tolist() == pytest.approx(days)


# Factors


def test_series_are_aligned_by_date(csv_file):
    history = History(
        {
            ETH: csv_file(close=PRICES),
            BTC: csv_file("later.csv", days=DAYS[3:] + np.timedelta64(2, "D"), close=PRICES[:9]),
        },
        window_levels="as_recorded",
    )
    assert history.dates.tolist() == DAYS[5:].tolist()
    assert rows(history, ETH)[0].tolist() == PRICES[5:9].tolist()
    assert rows(history, BTC)[0].tolist() == PRICES[:4].tolist()


def test_series_that_share_no_days():
    with pytest.raises(
        InputError, match=r"^History\.series: series must share at least 2 days; later begins on 2024-04-23"
    ):
        History({ETH: made_up(), BTC: made_up(days=DAYS + np.timedelta64(11, "D"), name="later")})


def test_a_hash_rate_becomes_a_difficulty(csv_file):
    history = History({HASHRATE: csv_file(HashRate=PRICES * 1e7)}, window_levels="as_recorded")
    assert history.factors == {HASHRATE, DIFFICULTY}
    mean = np.cumsum(PRICES[:9]) / np.arange(1, 10)  # of the days on record, 14 at most
    assert rows(history, DIFFICULTY)[0] == pytest.approx(bitcoin.difficulty_of_hashrate(mean * 1e7), rel=1e-12)


def test_difficulty_follows_the_mean_hash_rate_of_fourteen_days():
    values = np.arange(1.0, 31.0) ** 2
    days = np.arange("2025-01-01", "2025-01-31", dtype="datetime64[D]")
    found = History({HASHRATE: made_up(values, days)}).recorded(DIFFICULTY)
    by_hand = [values[max(i - 13, 0) : i + 1].mean() for i in range(30)]
    assert found == pytest.approx(bitcoin.difficulty_of_hashrate(np.array(by_hand)), rel=1e-12)


def test_a_recorded_difficulty_goes_before_the_hash_rate():
    history = History({HASHRATE: made_up(PRICES * 1e7), DIFFICULTY: made_up(PRICES)}, window_levels="as_recorded")
    assert rows(history, DIFFICULTY)[0].tolist() == PRICES[:9].tolist()


def test_the_opening_hash_rate_sets_the_opening_difficulty():
    history = History({HASHRATE: made_up()}, initial_levels={HASHRATE: 1e9})
    assert rows(history, DIFFICULTY)[0] == pytest.approx([bitcoin.difficulty_of_hashrate(1e9)] * 9)


def test_what_accrues_over_a_day_is_recorded_at_its_end():
    history = History({FEES: made_up(), StakingReward("ETH"): made_up(PRICES / 100)}, window_levels="as_recorded")
    assert rows(history, FEES).T.tolist() == [PRICES[i + 1 : i + 4].tolist() for i in range(9)]
    accrued = rows(history, StakingReward("ETH")).T
    assert accrued == pytest.approx(np.array([PRICES[i + 1 : i + 4] / 100 / 365 for i in range(9)]))


def test_the_fees_of_a_day_are_divided_by_its_blocks(csv_file):
    recorded: dict[str, Any] = {"window_levels": "as_recorded"}
    daily = rows(History({FEES: csv_file(FeeTotNtv=PRICES)}, **recorded), FEES)
    a_block = rows(History({FEES: csv_file(fees=PRICES)}, **recorded), FEES)
    assert daily == pytest.approx(a_block / 144, rel=1e-15)
    assert rows(History({FEES: (csv_file(FeeTotNtv=PRICES), "FeeTotNtv")}, **recorded), FEES).tolist() == daily.tolist()


@pytest.mark.parametrize("factor", [MarketRatio("stETH"), FEES, StakingReward("ETH")])
def test_ratios_fees_and_rates_are_not_rescaled(factor):
    values = PRICES / 100
    as_is = rows(History({factor: made_up(values)}, window_levels="as_recorded"), factor)
    assert rows(History({factor: made_up(values)}), factor).tolist() == as_is.tolist()


@pytest.mark.parametrize("factor", [ETH, DIFFICULTY, HASHRATE])
def test_levels_are_rescaled(factor):
    assert rows(History({factor: made_up()}), factor)[0] == pytest.approx([8.0] * 9)


def test_percent_is_warned_of():
    with pytest.warns(UserWarning, match="percent"):
        History({StakingReward("ETH"): made_up(np.full(12, 3.2))})


# Where series come from


def test_a_column_may_be_named(csv_file):
    path = csv_file(close=PRICES, low=PRICES / 2)
    assert (
        rows(History({ETH: (path, "low")}, window_levels="as_recorded"), ETH)[0].tolist() == (PRICES[:9] / 2).tolist()
    )
    assert rows(History({ETH: str(path)}, window_levels="as_recorded"), ETH)[0].tolist() == PRICES[:9].tolist()


def test_pandas_is_taken():
    series = pd.Series(PRICES, index=pd.DatetimeIndex(DAYS))
    assert rows(History({ETH: series[::-1]}, window_levels="as_recorded"), ETH)[0].tolist() == PRICES[:9].tolist()


@pytest.mark.parametrize("keep", [0, 11])
def test_a_missing_day_is_refused_or_carried_forward(csv_file, keep):
    path = csv_file(days=np.delete(DAYS, 4), close=np.delete(PRICES, 4))
    with pytest.raises(InputError, match="must have a value every day, got none on 1 of 12 days: 2024-04-16"):
        History({ETH: path})
    found = History({ETH: path}, missing_days="previous").recorded(ETH)
    assert found[4] == PRICES[3]
    assert found[keep] == PRICES[keep]


@pytest.mark.parametrize("given", [None, 3, PRICES, [1.0], ("a", "b", "c"), {}])
def test_what_is_no_series(given):
    with pytest.raises(InputTypeError, match=r'^History: Price\("ETH"\): must be a file or a daily series'):
        History({ETH: given})


@pytest.mark.parametrize("series", [None, {}, [ETH], "eth.csv"])
def test_series_are_a_mapping(series):
    with pytest.raises(InputTypeError, match=r"^History\.series: must be a mapping"):
        History(series)


def test_keys_are_factors_and_no_events():
    with pytest.raises(InputTypeError, match=r"^History\.series: must be Factor"):
        History({"ETH": made_up()})  # type: ignore[dict-item]
    with pytest.raises(InputError, match=r'^History: Event\("x"\): events cannot be read'):
        History({Event("x"): made_up()})


@pytest.mark.parametrize("levels", ["raw", None, 1])
def test_levels_are_one_of_two(levels):
    with pytest.raises(InputError, match=r"^History\.window_levels: must be one of 'rescaled', 'as_recorded'"):
        History({ETH: made_up()}, window_levels=levels)


@pytest.mark.parametrize(
    ("opening", "error", "words"),
    [
        ([1], InputTypeError, "must be a mapping"),
        ({ETH: 0.0}, InputError, r"must be in \(0"),
        ({ETH: "x"}, InputTypeError, "must be a number"),
        ({BTC: 1.0}, InputError, "must name a recorded price"),
        ({FEES: 1.0}, InputError, "must name a recorded price"),
    ],
)
def test_openings_are_refused(opening, error, words):
    with pytest.raises(error, match=rf"^History\.initial_levels.*{words}"):
        History({ETH: made_up(), FEES: made_up()}, initial_levels=opening)


def test_initial_levels_are_its_own():
    given: dict[Factor, float] = {ETH: 5.0}
    history = History({ETH: made_up()}, initial_levels=given)
    given[ETH] = 7.0
    assert history.initial_levels == {ETH: 5.0}
    assert history.opening_level(ETH) == 5.0
    with pytest.raises(TypeError):
        history.initial_levels[ETH] = 7.0  # type: ignore[index]


def test_recorded_levels_have_no_other_opening():
    with pytest.raises(InputError, match=r"^History\.initial_levels: goes with rescaled levels"):
        History({ETH: made_up()}, window_levels="as_recorded", initial_levels={ETH: 1.0})


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_a_price_of_zero_cannot_be_rescaled(csv_file, value):
    values = PRICES.copy()
    values[2] = value
    for given in (made_up(values), csv_file(close=values)):
        with pytest.raises(InputError, match=r"^History: .*must be "):
            History({ETH: given})


def test_notes_say_what_it_is():
    assert History({ETH: made_up()}).describe() == (
        'Price("ETH") from made up, 2024-04-12 to 2024-04-23, levels rescaled to one opening',
    )


def test_notes_speak_of_levels_only_where_there_are_any():
    rates = daily_series(made_up().dates, np.full(made_up().dates.size, 0.03), name="rates")
    rewards = {ETH: made_up(), StakingReward("ETH"): rates}
    for levels in ("rescaled", "as_recorded"):
        price, reward = History(rewards, window_levels=levels).describe()
        assert "levels" in price
        assert reward == 'StakingReward("ETH") from rates, 2024-04-12 to 2024-04-23'


# Real prices


def closes(path):
    """The file's own closes, oldest first, by the csv module alone."""
    with path.open(encoding="utf-8", newline="") as file:
        days = sorted((row["date"], float(row["close"])) for row in csv.DictReader(file))
    return np.array([close for _, close in days])


@pytest.mark.parametrize("coin", ["ETH", "BTC"])
@pytest.mark.parametrize("levels", ["rescaled", "as_recorded"])
def test_holding_over_every_year_equals_the_file(shared_data, coin, levels):
    path = shared_data / "data" / "yahoo_2025" / f"{coin}-USD.csv"
    history = History({Price(coin): path}, window_levels=levels)
    results = simulate({"hold": Holding(asset=coin)}, history, history.grid(days=365), capital=100_000.0)
    prices = closes(path)
    assert results.n_paths == 1786 == prices.size - 365
    assert results["hold"].profit / 100_000 == pytest.approx(prices[365:] / prices[:-365] - 1, rel=1e-12, abs=1e-12)


@pytest.fixture
def network(shared_data):
    """Bitcoin's network by day: date, price, hash rate, issuance and fees, by the csv module alone."""
    path = shared_data / "data" / "btc_network" / "coinmetrics_btc_2020_2026.csv"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    names = ("PriceUSD", "HashRate", "IssTotUSD", "FeeTotNtv")
    columns = {name: np.array([float(line[name] or "nan") for line in lines]) for name in names}
    return path, np.array([line["time"] for line in lines], dtype="M8[D]"), columns


HUNDRED = CloudMiningContract(
    hashrate_th_s=100.0,
    term_days=730.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)


def mined_usd(series, opening):
    """Revenue of 100 TH/s over the 730 days that follow a close, sold daily."""
    history = History(series, window_levels="as_recorded", first=opening, last=opening)
    results = simulate({"mine": HUNDRED}, history, history.grid(days=730), capital=925.0)
    return float(results["mine"].lines[Line.MINING][0])


# a contract that opens with the close of a day mines from the next day on
OPENINGS = [("2021-10-31", 8_502.18, 8_577.62), ("2021-11-01", 8_473.43, 8_548.90)]


@pytest.mark.parametrize(("opening", "usd", "_"), OPENINGS)
def test_a_hundred_terahash_over_two_years_at_144_blocks_a_day(network, opening, usd, _):
    path, dates, columns = network
    days = (dates > np.datetime64(opening)) & (dates <= np.datetime64(opening) + np.timedelta64(730, "D"))
    price, fees = columns["PriceUSD"][days], columns["FeeTotNtv"][days]
    hashrate = np.array([columns["HashRate"][i - 13 : i + 1].mean() for i in np.nonzero(days)[0]])
    by_hand = (100 / hashrate * (144 * 6.25 + fees) * price).sum()
    found = mined_usd({BTC: path, HASHRATE: path, FEES: path}, opening)
    assert found == pytest.approx(by_hand, rel=1e-12)
    assert found == pytest.approx(usd, abs=0.01)


@pytest.mark.once
@pytest.mark.parametrize(("opening", "_", "usd"), OPENINGS)
def test_a_hundred_terahash_over_two_years_at_the_implied_difficulty(network, opening, _, usd):
    _, dates, columns = network
    blocks = columns["IssTotUSD"] / columns["PriceUSD"] / 6.25
    difficulty = columns["HashRate"] * 1e12 * 86_400 / (2**32 * blocks)
    days = (dates >= np.datetime64(opening)) & (dates <= np.datetime64(opening) + np.timedelta64(730, "D"))
    series = {BTC: columns["PriceUSD"], DIFFICULTY: difficulty, FEES: columns["FeeTotNtv"] / blocks}
    found = mined_usd({f: made_up(values[days], dates[days], str(f)) for f, values in series.items()}, opening)
    mined = days & (dates > np.datetime64(opening))
    price, hashrate, issued, fees = (columns[name][mined] for name in columns)
    assert found == pytest.approx((100 / hashrate * (issued + fees * price)).sum(), rel=1e-12)
    assert found == pytest.approx(usd, abs=0.01)


def test_the_revenue_of_the_first_day_held_flat_is_a_fallacy(network):
    _, dates, columns = network
    first = dates == np.datetime64("2021-11-01")
    price, hashrate, issued, fees = (
        columns[name][first][0] for name in ("PriceUSD", "HashRate", "IssTotUSD", "FeeTotNtv")
    )
    assert 730 * 100 / hashrate * (issued + fees * price) == pytest.approx(26_299.69, abs=0.01)


def test_recorded_waits_are_taken_as_they_are_also_where_they_are_0():
    days = np.arange("2025-01-01", "2025-01-11", dtype="M8[D]")
    waits = np.array([0.0, 3.0, 0.0, 5.0, 40.0, 2.0, 1.0, 0.0, 0.0, 7.0])
    closes = np.linspace(3000.0, 3900.0, 10)
    series = {ExitWait("ETH"): daily_series(days, waits, name="w"), Price("ETH"): daily_series(days, closes, name="p")}
    world = History(series)
    grid = world.grid(days=5)
    market = world.market(grid, frozenset(series), streams=Streams(1), n_paths=world.n_paths(grid))
    first = next(market.chunks()).rows[ExitWait("ETH")]
    assert first[:, 0].tolist() == waits[:6].tolist()
    assert first[:, 1].tolist() == waits[1:7].tolist()
