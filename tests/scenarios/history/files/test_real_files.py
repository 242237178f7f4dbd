"""Real files, where they are at hand: each is read with the right day, or refused with its cause."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from stakingmodels.errors import DataWarning, InputError, UnitWarning
from stakingmodels.market import BlockFees, Difficulty, EntryWait, ExitWait, Hashrate, MarketRatio, Price, StakingReward
from stakingmodels.market.factors import CashRate
from stakingmodels.scenarios import DailyFile, DailySeries, History

NETWORK = "btc_network/coinmetrics_btc_2020_2026.csv"
DERIVED = "btc_network/btc_difficulty_hashprice_DERIVED.csv"
BLOCKCHAIN = "btc_network/blockchaincom_2023_2024_difficulty.csv"
VALIDATORS = "eth_validators/historical_data.json"
AAVE = "defi/aave_v3_ethereum_{}_rates.csv"
YAHOO = "yahoo_2025/{}-USD.csv"

# what is read, beside what it must move with on the same day; another coin will do, since all move together
PRICES = {
    "chains/prices/ADAUSDT.csv": "yahoo_2024/ADA-USD.csv",
    "chains/prices/ATOMUSDT.csv": YAHOO.format("ETH"),
    "chains/prices/AVAXUSDT.csv": YAHOO.format("ETH"),
    "chains/prices/BNBUSDT.csv": YAHOO.format("ETH"),
    "chains/prices/DOTUSDT.csv": YAHOO.format("ETH"),
    "chains/prices/ETHUSDT.csv": "yahoo_2024/ETH-USD.csv",
    "chains/prices/MATICUSDT_binance.csv": YAHOO.format("ETH"),
    "chains/prices/NEARUSDT.csv": YAHOO.format("ETH"),
    "chains/prices/POLUSDT.csv": YAHOO.format("ETH"),
    "chains/prices/SOLUSDT.csv": YAHOO.format("SOL"),
    "chains/prices/XTZUSDT.csv": YAHOO.format("ETH"),
    "yahoo_2025/BTC-USD.csv": NETWORK,
    "yahoo_2025/ETH-USD.csv": "chains/prices/ETHUSDT.csv",
    "yahoo_2025/SOL-USD.csv": "chains/prices/SOLUSDT.csv",
    "yahoo_2024/ADA-USD.csv": "chains/prices/ADAUSDT.csv",
    "yahoo_2024/ETH-USD.csv": "chains/prices/ETHUSDT.csv",
    "yahoo_2024/STETH-USD.csv": "chains/prices/ETHUSDT.csv",
    NETWORK: YAHOO.format("BTC"),
    AAVE.format("WETH"): "chains/prices/ETHUSDT.csv",
    AAVE.format("wstETH"): "chains/prices/ETHUSDT.csv",
}
REFUSED = {
    DERIVED: (Price("BTC"), "4 columns hold numbers; write column="),
    BLOCKCHAIN: (Hashrate("BTC"), "values that move like the mean of the 7 days before"),
    VALIDATORS: (StakingReward("ETH"), r"got none on 11 of 1177 days: 2024-01-18, .*missing_days="),
    "eth_validators/historical_conversion_data.json": (StakingReward("ETH"), "12 columns hold numbers"),
    "chains/rewards/ada_epochs.csv": (StakingReward("ADA"), "must have a date column"),
    "chains/rewards/sol_epochs.csv": (StakingReward("SOL"), "must have a date column"),
    "chains/rewards/atom_apr.json": (StakingReward("ATOM"), "got none on 8 of 1469 days"),
    "chains/rewards/atom_bonded.json": (Price("ATOM"), "got none on 132 of 1677 days.*without inventing them"),
    "defi/wstETH_ETH_oracle_hourly.csv": (MarketRatio("wstETH"), "several rows a day: hours"),
    AAVE.format("WETH"): (StakingReward("ETH"), "10 columns hold numbers.*'currentLiquidityRate'"),
    AAVE.format("wstETH"): (CashRate("ETH"), "10 columns hold numbers.*'currentLiquidityRate'"),
    "exports/beaconchain_rewards_2021.csv": (StakingReward("ETH"), "ledger.*an export of beaconcha.in rewards"),
    "exports/bitvavo-export_NEUTRALISED.csv": (Price("ETH"), "ledger.*an export of Bitvavo"),
    "exports/coinbase-export.csv": (Price("ETH"), "ledger.*an export of Coinbase"),
    "exports/cointracking-export.csv": (Price("ETH"), "ledger.*an export of CoinTracking"),
    "exports/cryptocom-export_NEUTRALISED.csv": (Price("ETH"), "ledger.*an export of Crypto.com"),
    "exports/koinly_custom_2021.csv": (StakingReward("ETH"), "ledger.*an export of Koinly"),
}
READ_OTHERWISE = {BLOCKCHAIN, DERIVED}


@pytest.fixture(scope="module")
def data(shared_data) -> Path:
    return shared_data / "data"


def series(path: Path, factor, **options) -> DailySeries:
    missing = options.pop("missing_days", "refuse")
    return History({factor: DailyFile(path, **options)}, missing_days=missing).series[factor]


def correlations(one: DailySeries, other: DailySeries) -> dict[int, float]:
    """Of daily returns, the second later by so many days."""
    moves = [dict(zip(s.dates[1:].tolist(), np.diff(np.log(s.values)), strict=True)) for s in (one, other)]
    found = {}
    for lag in (-1, 0, 1):
        pairs = [(x, moves[1][d + dt.timedelta(lag)]) for d, x in moves[0].items() if d + dt.timedelta(lag) in moves[1]]
        found[lag] = float(np.corrcoef(np.array(pairs).T)[0, 1])
    return found


@pytest.mark.parametrize(("file", "second"), PRICES.items(), ids=PRICES)
def test_prices_move_on_the_same_day_as_those_of_a_second_source(data, file, second):
    found = correlations(series(data / file, Price("X")), series(data / second, Price("Y")))
    assert found[0] > 0.5, found
    assert max(found[-1], found[1]) < 0.25, found


def test_the_difficulty_of_blockchain_com_is_that_of_the_same_day(data):
    one = series(data / BLOCKCHAIN, Difficulty("BTC"))
    other = series(data / DERIVED, Difficulty("BTC"))
    whole = dict(zip(other.dates.tolist(), other.values, strict=True))
    off = np.abs(one.values / np.array([whole[day] for day in one.dates.tolist()]) - 1.0)
    assert np.median(off) < 1e-7
    assert (off < 1e-6).mean() > 0.9  # the rest are the days of a retarget


def test_hash_rate_and_fees_of_coin_metrics_are_in_their_units(data):
    hashrate, fees = (series(data / NETWORK, factor) for factor in (Hashrate("BTC"), BlockFees("BTC")))
    assert (str(hashrate.dates[0]), len(hashrate.values), len(fees.values)) == ("2020-01-01", 2344, 2344)
    assert 1e8 < hashrate.values[0] < 1.2e8
    assert fees.values[0] == pytest.approx(9.88624584 / 144)


def test_the_rates_of_validatorqueue_are_in_percent_and_two_days_old(data):
    path = data / VALIDATORS
    rate = series(path, StakingReward("ETH"), missing_days="previous")
    assert (str(rate.dates[0]), str(rate.dates[-1]), len(rate.filled_days)) == ("2023-06-01", "2026-08-20", 11)
    assert 0.02 < rate.values.min() < rate.values.max() < 0.1
    waits = [series(path, factor, missing_days="previous") for factor in (EntryWait("ETH"), ExitWait("ETH"))]
    assert [str(wait.dates[0]) for wait in waits] == ["2023-05-21", "2023-05-21"]


def test_a_percentage_without_a_word_for_it_is_warned_of(data):
    path = data / "chains/rewards/atom_apr.json"
    with pytest.warns(UnitWarning, match="percent"):
        series(path, StakingReward("ATOM"), missing_days="previous")
    assert series(path, StakingReward("ATOM"), missing_days="previous", unit="percent").values[0] == pytest.approx(
        0.164565
    )


def test_filling_a_tenth_of_a_series_is_warned_of(data):
    with pytest.warns(DataWarning, match=r"132 of 1677 days \(8%\) are filled"):
        series(data / "chains/rewards/atom_bonded.json", Price("ATOM"), missing_days="previous")


def test_a_price_in_money_is_no_ratio(data):
    with pytest.warns(UnitWarning, match=r"the median ratio is 2209, outside 0.2 to 5"):
        series(data / "yahoo_2024/STETH-USD.csv", MarketRatio("stETH"))


@pytest.mark.parametrize("column", ["currentLiquidityRate", "currentVariableBorrowRate"])
@pytest.mark.parametrize("reserve", ["WETH", "wstETH"])
def test_rates_of_aave_are_fractions(data, reserve, column):
    rates = series(data / AAVE.format(reserve), CashRate("ETH"), column=column)
    assert str(rates.dates[-1]) == "2025-09-29"
    assert 0.0 < np.median(rates.values) < 0.05


@pytest.mark.parametrize(("file", "factor", "cause"), [(f, *why) for f, why in REFUSED.items()], ids=REFUSED)
def test_what_is_refused_says_why(data, file, factor, cause):
    with pytest.raises(InputError, match=cause):
        series(data / file, factor)


def test_every_file_is_read_or_refused(data):
    files = {path.relative_to(data).as_posix() for end in ("csv", "json") for path in data.rglob(f"*.{end}")}
    assert files == {*PRICES, *REFUSED, *READ_OTHERWISE}
