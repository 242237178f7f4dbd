"""Each maker's files, rebuilt with made-up numbers: every close and mean lands on the day that its maker means."""

# ruff: noqa: E501 - rows are as long as their makers write them

import datetime as dt
import json
import warnings

import numpy as np
import pytest

from stakingmodels.errors import DataWarning, InputError, UnitWarning
from stakingmodels.market import BlockFees, Difficulty, EntryWait, ExitWait, Hashrate, MarketRatio, Price, StakingReward
from stakingmodels.market.factors import CashRate, Factor
from stakingmodels.scenarios import DailyFile, History, read_daily
from stakingmodels.scenarios.history.files.dialects import DIALECTS

FIRST = dt.date(2024, 3, 1)
DAYS = [FIRST + dt.timedelta(days=k) for k in range(8)]
CLOSES = [62_000.5, 61_500.25, 63_100.0, 68_300.75, 63_800.0, 66_100.5, 66_900.0, 68_250.25]
BTC, RATIO, HASHRATE, DIFFICULTY, FEES = (
    Price("BTC"),
    MarketRatio("stETH"),
    Hashrate("BTC"),
    Difficulty("BTC"),
    BlockFees("BTC"),
)
REWARD, CASH = StakingReward("ETH"), CashRate("USD")


def seconds(day: dt.date, shift: int = 0) -> int:
    return int(np.datetime64(day + dt.timedelta(days=shift), "s").astype(np.int64))


def table(header: str, row, *, newest_first: bool = False, values=CLOSES, days=DAYS) -> str:
    """A CSV file of a row for each day and its value."""
    rows = [row(day, value) for day, value in zip(days, values, strict=True)]
    return "\n".join([header, *(reversed(rows) if newest_first else rows)]) + "\n"


def bar(value: float) -> str:
    """Open, high, low and close."""
    return f"{value - 1},{value + 5},{value - 5},{value}"


def later(days: int):
    """The date that a maker writes who labels a day by one after it."""
    return lambda day: day + dt.timedelta(days=days)


def month_first(day: dt.date) -> str:
    return f"{day:%m/%d/%Y}"


def binance(unit: int) -> str:
    return "\n".join(
        f"{seconds(d) * unit},{bar(v)},9.5,{seconds(d, 1) * unit - 1},88.25,7,4.5,40.5,0"
        for d, v in zip(DAYS, CLOSES, strict=True)
    )


PRICE_FILES = {
    "CoinGecko export": table(
        "snapped_at,price,market_cap,total_volume", lambda d, v: f"{later(1)(d)} 00:00:00 UTC,{v},1e12,2e10"
    ),
    "CoinGecko export, stamps off midnight": table(
        "snapped_at,price,market_cap,total_volume",
        lambda d, v: f"{d} 23:29:55 UTC,{v},1e12,2e10" if d.day == 4 else f"{later(1)(d)} 00:00:00 UTC,{v},1e12,2e10",
    ),
    "CoinMarketCap download": "\ufeff"
    + table(
        "timeOpen;timeClose;timeHigh;timeLow;name;open;high;low;close;volume;marketCap;timestamp",
        lambda d, v: (
            f'"{d}T00:00:00.000Z";"{d}T23:59:59.999Z";"{d}T09:10:00.000Z";"{d}T12:11:00.000Z";"2781";'
            f'{v - 1};{v + 5};{v - 5};{v};2e10;1e12;"{d}T23:59:59.999Z"'
        ),
        newest_first=True,
    ),
    "CoinMarketCap older": table(
        "SNo,Name,Symbol,Date,High,Low,Open,Close,Volume,Marketcap",
        lambda d, v: f"{d.day},Bitcoin,BTC,{d} 23:59:59,{v + 5},{v - 5},{v - 1},{v},2e10,1e12",
    ),
    "CoinMarketCap web table": table(
        "Date,Open*,High,Low,Close**,Volume,Market Cap",
        lambda d, v: (
            f'"{d:%b %d, %Y}","${v - 1:,.2f}","${v + 5:,.2f}","${v - 5:,.2f}","${v:,.2f}","$2,000.00","$1,000.00"'
        ),
        newest_first=True,
    ),
    "Yahoo download": table("Date,Open,High,Low,Close,Adj Close,Volume", lambda d, v: f"{d},{bar(v)},{v},1200"),
    "yfinance of today": "Price,Close,High,Low,Open,Volume\nTicker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD\n"
    + table("Date,,,,,", lambda d, v: f"{d},{v},{v + 5},{v - 5},{v - 1},1200"),
    "yfinance history": table(
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits", lambda d, v: f"{d} 00:00:00+00:00,{bar(v)},1,0.0,0.0"
    ),
    "yfinance history, east of UTC": table(
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits", lambda d, v: f"{d} 00:00:00+08:00,{bar(v)},1,0.0,0.0"
    ),
    "yfinance history, west of UTC": table(
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits", lambda d, v: f"{d} 00:00:00-05:00,{bar(v)},1,0.0,0.0"
    ),
    "Binance file of 2024": binance(1_000),
    "Binance file of 2025": binance(1_000_000),
    "Binance with names": "open_time,open,high,low,close,volume,close_time,quote_volume,count,a,b,ignore\n"
    + binance(1_000),
    "Kraken OHLCVT": "\n".join(f"{seconds(d)},{bar(v)},12.5,310" for d, v in zip(DAYS, CLOSES, strict=True)),
    "Coinbase candles": table(
        "time,low,high,open,close,volume",
        lambda d, v: f"{seconds(d)},{v - 5},{v + 5},{v - 1},{v},9",
        newest_first=True,
    ),
    "Bitfinex": table(
        "mts,open,close,high,low,volume",
        lambda d, v: f"{seconds(d)}000,{v - 1},{v},{v + 5},{v - 5},9",
        newest_first=True,
    ),
    "CryptoDataDownload of 2019": table(
        "Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USD",
        lambda d, v: f"{d},BTCUSD,{bar(v)},9,9",
        newest_first=True,
    ),
    "CryptoDataDownload of 2020": "Created on 10-22-2024,https://www.CryptoDataDownload.com\n"
    + table(
        "Unix Timestamp,Date,Symbol,Open,High,Low,Close,Volume",
        lambda d, v: f"{seconds(d)}.0,{d},BTCUSD,{bar(v)},9",
        newest_first=True,
    ),
    "CryptoDataDownload since 2021": "https://www.CryptoDataDownload.com\n"
    + table(
        "unix,date,symbol,open,high,low,close,Volume BTC,Volume USD",
        lambda d, v: f"{seconds(d)},{d} 00:00:00,BTC/USD,{bar(v)},9,9",
        newest_first=True,
    ),
    "CryptoDataDownload, blank line": "\n"
    + table("unix,date,symbol,open,high,low,close", lambda d, v: f"{seconds(d)},{d} 00:00:00,BTC/USD,{bar(v)}"),
    "Nasdaq Data Link BITFINEX": table(
        "Date,High,Low,Mid,Last,Bid,Ask,Volume",
        lambda d, v: f"{d},{v + 5},{v - 5},{v - 1},{v},{v - 2},{v + 2},9",
        newest_first=True,
    ),
    "FRED": table("observation_date,CBBTCUSD", lambda d, v: f"{d},{v}"),
    "Coin Metrics": table("time,asset,PriceUSD,HashRate", lambda d, v: f"{d},btc,{v},6e8"),
    "Coin Metrics in lower case": table("time,asset,priceusd", lambda d, v: f"{d}T00:00:00.000000000Z,btc,{v}"),
    "Coin Metrics reference rate": table(
        "time,asset,ReferenceRateUSD", lambda d, v: f"{later(1)(d)}T00:00:00.000000000Z,btc,{v}"
    ),
    "CryptoCompare": table(
        "time,high,low,open,volumefrom,volumeto,close", lambda d, v: f"{seconds(d)},{v + 5},{v - 5},{v - 1},9,9,{v}"
    ),
    "blockchain.com": '\ufeff"x","y"\n'
    + "".join(f'"{seconds(d, 1)}000","{v}"\n' for d, v in zip(DAYS, CLOSES, strict=True)),
    "blockchain.com copied in winter": table("Timestamp,market-price", lambda d, v: f"{d} 23:00:00,{v}"),
    "blockchain.com copied in summer": table("Timestamp,market-price", lambda d, v: f"{later(1)(d)} 00:00:00,{v}"),
    "comments before the header": "# Source: made up\n# Pair: BTC_USD\n\n"
    + table("date,close", lambda d, v: f"{d},{v}"),
    "Excel's line of separators": "sep=;\n" + table("date;close", lambda d, v: f"{d};{v}"),
    "local midnights of a zone with summer time": table("date,close", lambda d, v: f"{d}T00:00:00+02:00,{v}"),
}


def pairs(*, unit: int = 1_000, shift: int = 1) -> list:
    return [[seconds(d, shift) * unit, v] for d, v in zip(DAYS, CLOSES, strict=True)]


ANSWERS = {
    "CoinGecko market_chart, with the moment of asking": {
        "prices": [*pairs(), [seconds(DAYS[-1], 1) * 1_000 + 61_200_000, 1.0]],
        "market_caps": pairs(),
        "total_volumes": pairs(),
    },
    "CoinGecko ohlc": [[seconds(d, 1) * 1_000, v - 1, v + 5, v - 5, v] for d, v in zip(DAYS, CLOSES, strict=True)],
    "CoinMarketCap API": {
        "data": {
            "id": 1,
            "quotes": [
                {
                    "time_open": f"{d}T00:00:00.000Z",
                    "time_close": f"{d}T23:59:59.999Z",
                    "quote": {
                        "USD": {
                            "open": v - 1,
                            "high": v + 5,
                            "low": v - 5,
                            "close": v,
                            "timestamp": f"{d}T23:59:59.999Z",
                        }
                    },
                }
                for d, v in zip(DAYS, CLOSES, strict=True)
            ],
        }
    },
    "Binance klines": [
        [
            seconds(d) * 1_000,
            str(v - 1),
            str(v + 5),
            str(v - 5),
            str(v),
            "9",
            seconds(d, 1) * 1_000 - 1,
            "9",
            7,
            "4",
            "4",
            "0",
        ]
        for d, v in zip(DAYS, CLOSES, strict=True)
    ],
    "Kraken API": {
        "error": [],
        "result": {
            "XXBTZUSD": [
                [seconds(d), str(v - 1), str(v + 5), str(v - 5), str(v), str(v), "9", 7]
                for d, v in zip(DAYS, CLOSES, strict=True)
            ],
            "last": seconds(DAYS[-1]),
        },
    },
    "Bitfinex API": [
        [seconds(d) * 1_000, v - 1, v, v + 5, v - 5, 9.5] for d, v in zip(DAYS[::-1], CLOSES[::-1], strict=True)
    ],
    "Coinbase API": [[seconds(d), v - 5, v + 5, v - 1, v, 9.5] for d, v in zip(DAYS[::-1], CLOSES[::-1], strict=True)],
    "Bitstamp API": {
        "data": {
            "pair": "BTC/USD",
            "ohlc": [
                {
                    "timestamp": str(seconds(d)),
                    "open": str(v - 1),
                    "high": str(v + 5),
                    "low": str(v - 5),
                    "close": str(v),
                    "volume": "9",
                }
                for d, v in zip(DAYS, CLOSES, strict=True)
            ],
        }
    },
    "CryptoCompare API": {
        "Response": "Success",
        "Data": {
            "Data": [
                {
                    "time": seconds(d),
                    "high": v + 5,
                    "low": v - 5,
                    "open": v - 1,
                    "volumefrom": 9,
                    "volumeto": 9,
                    "close": v,
                }
                for d, v in zip(DAYS, CLOSES, strict=True)
            ]
        },
    },
    "Coin Metrics API": {
        "data": [
            {"asset": "btc", "time": f"{d}T00:00:00.000000000Z", "PriceUSD": str(v)}
            for d, v in zip(DAYS, CLOSES, strict=True)
        ]
    },
    "Glassnode API": [{"t": seconds(d), "v": v} for d, v in zip(DAYS, CLOSES, strict=True)],
    "blockchain.com API": {
        "status": "ok",
        "name": "Market Price (USD)",
        "unit": "USD",
        "values": [{"x": seconds(d, 1), "y": v} for d, v in zip(DAYS, CLOSES, strict=True)],
    },
    "DefiLlama API": {
        "coins": {
            "coingecko:bitcoin": {
                "symbol": "BTC",
                "confidence": 0.99,
                "prices": [
                    {"timestamp": seconds(d, 1) + jitter, "price": v}
                    for d, v, jitter in zip(DAYS, CLOSES, (3, -20, 0, 41, -5, 0, 12, -1), strict=True)
                ],
            }
        }
    },
}


@pytest.fixture
def given(tmp_path):
    """A file of a text or of a JSON answer."""

    def given(content, name: str | None = None):
        is_text = isinstance(content, str)
        path = tmp_path / (name or ("a.csv" if is_text else "a.json"))
        path.write_text(content if is_text else json.dumps(content), encoding="utf-8")
        return path

    return given


def read_as(factor: Factor, path, **options) -> tuple[list, list]:
    """Days and values in the factor's unit."""
    history = History({factor: DailyFile(path, **options)})
    return history.dates.tolist(), history.recorded(factor).tolist()


@pytest.mark.parametrize("content", [*PRICE_FILES.values(), *ANSWERS.values()], ids=[*PRICE_FILES, *ANSWERS])
def test_every_close_lands_on_its_day(given, content):
    assert read_as(BTC, given(content)) == (DAYS, CLOSES)


def test_an_export_of_coingecko_changes_its_rule_at_2018_01_30(given):
    days = [dt.date(2018, 1, 26) + dt.timedelta(days=k) for k in range(7)]
    before = [f"{d} 00:00:00 UTC,{100 + d.day},1,1" for d in days if d <= dt.date(2018, 1, 29)]
    after = [f"{later(1)(d)} 00:00:00 UTC,{100 + d.day},1,1" for d in days if d >= dt.date(2018, 1, 29)]
    path = given("\n".join(["snapped_at,price,market_cap,total_volume", *before, *after]))
    assert read_as(BTC, path) == (days, [100.0 + d.day for d in days])
    (note,) = History({BTC: path}).describe()
    assert "row d is day d before 2018-01-30, row d is day d-1 from then on" in note


@pytest.mark.parametrize("header", ["snapped_at,BTC", "snapped_at,usd_price"])
def test_an_export_of_coingecko_is_known_by_its_dates_whatever_its_price_is_called(given, header):
    days, closes = read_as(BTC, given(table(header, lambda d, v: f"{later(1)(d)},{v}")))
    assert (days, closes) == (DAYS, CLOSES)


def test_nasdaqs_copy_of_blockchain_com_is_two_days_late(given):
    days = [dt.date(2019, 1, 18) + dt.timedelta(days=k) for k in range(10)]
    old = [f"{later(1)(d)},{3_600 + d.day}" for d in days if later(1)(d) < dt.date(2019, 1, 24)]
    new = [f"{later(2)(d)},{3_600.5 + d.day}" for d in days if later(2)(d) >= dt.date(2019, 1, 24)]
    text = "\n".join(["Date,Value", *reversed([*old, *new])])
    values = [3_600.0 + d.day + (0.5 if d >= dt.date(2019, 1, 22) else 0.0) for d in days]
    assert read_as(BTC, given(text, "BCHAIN-MKPRU.csv")) == (days, values)
    with pytest.raises(InputError, match=r"may be a file of Nasdaq Data Link, BCHAIN, .*: write shift=-2 or shift=0"):
        read_as(BTC, given(text))
    assert read_as(BTC, given(text), shift=0)[0][-1] == later(2)(days[-1])


def test_nasdaqs_hash_rate_is_a_day_late(given):
    text = table("Date,Value", lambda d, v: f"{later(1)(d)},{v}e4", newest_first=True)
    assert read_as(HASHRATE, given(text, "BCHAIN-HRATE.csv")) == (DAYS, [v * 1e4 for v in CLOSES])


# The network


NETWORK = {
    "Coin Metrics": (HASHRATE, table("time,asset,HashRate", lambda d, v: f"{d},btc,{v * 1e4}"), 1e4),
    "blockchain.com": (HASHRATE, table("x,y", lambda d, v: f"{seconds(d)}000,{v * 1e4}"), 1e4),
    "mempool.space": (
        HASHRATE,
        {
            "hashrates": [{"timestamp": seconds(d, 1), "avgHashrate": v * 1e16} for d, v in zip(DAYS, CLOSES, strict=True)],
            "difficulty": [{"time": seconds(DAYS[0]), "height": 832_000, "difficulty": 8e13, "adjustment": 1.0}],
        },
        1e4,
    ),
    "Glassnode": (HASHRATE, [{"t": seconds(d), "v": v * 1e16} for d, v in zip(DAYS, CLOSES, strict=True)], 1e4),
    "a header that names EH/s": (HASHRATE, table("date,Hash rate (EH/s)", lambda d, v: f"{d},{v * 1e-2}"), 1e4),
    "a header that names T": (DIFFICULTY, table("date,Difficulty (T)", lambda d, v: f"{d},{v * 1e-3}"), 1e9),
    "a header that names satoshi": (FEES, table("date,fees_sats", lambda d, v: f"{d},{v * 1e2}"), 1e-6),
    "a header that names days": (FEES, table("date,BTC fees per day", lambda d, v: f"{d},{v * 1e-3}"), 1e-3 / 144),
    "blockchain.com difficulty": (DIFFICULTY, table("x,y", lambda d, v: f"{seconds(d)}000,{v * 1e9}"), 1e9),
    "Glassnode difficulty": (DIFFICULTY, [{"t": seconds(d), "v": v * 1e9 * 2**32} for d, v in zip(DAYS, CLOSES, strict=True)], 1e9),
    "blockchain.com fees": (FEES, table("x,y", lambda d, v: f"{seconds(d)}000,{v * 1e-3}"), 1e-3 / 144),
    "Coin Metrics fees": (FEES, table("time,asset,FeeTotNtv", lambda d, v: f"{d},btc,{v * 1e-3}"), 1e-3 / 144),
    "Coin Metrics fees in lower case": (FEES, table("date,feetotntv", lambda d, v: f"{d},{v * 1e-3}"), 1e-3 / 144),
    "mempool.space fees": (
        FEES,
        [{"avgHeight": 832_000 + d.day, "timestamp": seconds(d), "avgFees": v * 100, "USD": 1} for d, v in zip(DAYS, CLOSES, strict=True)],
        1e-6,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("factor", "content", "scale"), NETWORK.values(), ids=NETWORK)
def test_levels_of_the_network_have_their_unit_and_day(given, factor, content, scale):
    days, values = read_as(factor, given(content))
    assert days == DAYS
    assert values == pytest.approx([v * scale for v in CLOSES], rel=1e-12)


def smoothed(start: float = 6e8) -> str:
    """A hash rate that moves as a mean of seven days does."""
    raw = start * np.exp(np.random.default_rng(1).normal(0.0, 0.09, 100))
    mean = np.convolve(raw, np.ones(7) / 7, "valid")
    days = [FIRST + dt.timedelta(days=k) for k in range(mean.size)]
    return table("x,y", lambda d, v: f"{seconds(d)}000,{v}", values=mean.tolist(), days=days)


def test_a_smoothed_hash_rate_is_refused_with_its_cause(given):
    with pytest.raises(
        InputError, match=r"must be the hash rate of each day, got values that move like the mean of the 7"
    ):
        read_as(HASHRATE, given(smoothed()))
    assert len(read_as(HASHRATE, given(smoothed()), shift=-1)[0]) == 94


# Rates


RATES = {
    "ETH.STORE": (REWARD, table("date,apr,cl_apr,el_apr", lambda d, v: f"{d} 12:00:23,{v / 2e6},0.02,0.01"), 5e-7, 0),
    "validatorqueue": (
        REWARD,
        [
            {"date": f"{later(2)(d)}", "validators": 1, "entry_queue": 2, "exit_queue": 0, "exit_wait": 0.5, "apr": v / 2e4}
            for d, v in zip(DAYS, CLOSES, strict=True)
        ],
        5e-7,
        0,
    ),
    "Lido": (
        REWARD,
        {"data": {"aprs": [{"timeUnix": seconds(d) + 44_600, "apr": v / 2e4} for d, v in zip(DAYS, CLOSES, strict=True)]}},
        5e-7,
        0,
    ),
    "DefiLlama yields": (
        REWARD,
        {
            "status": "success",
            "data": [
                {"timestamp": f"{d}T23:01:12.000Z", "tvlUsd": 9, "apy": v / 2e4, "apyBase": v / 2e4, "apyReward": None, "il7d": None}
                for d, v in zip(DAYS, CLOSES, strict=True)
            ],
        },
        5e-7,
        365,
    ),
    "Jito": (REWARD, {"apy": [{"data": v / 1e6, "date": f"{d}T00:00:00Z"} for d, v in zip(DAYS, CLOSES, strict=True)]}, 1e-6, 365),
    "stakewiz": (REWARD, table("date,apy_estimate", lambda d, v: f"{d},{v / 1e4}"), 1e-6, 365),
    "rated": (REWARD, table("date,aprPercentage", lambda d, v: f"{d},{v / 2e4}"), 5e-7, 0),
    "Treasury bills of FRED": (CASH, table("DATE,DTB3", lambda d, v: f"{d},{v / 1e4}"), 1e-6, 0),
    "a column called apy": (REWARD, table("date,apy", lambda d, v: f"{d},{v / 1e6}"), 1e-6, 365),
    "a column in percent": (REWARD, table("date,reward (%)", lambda d, v: f"{d},{v / 1e5}"), 1e-7, 0),
}  # fmt: skip


@pytest.mark.parametrize(("factor", "content", "scale", "compounding"), RATES.values(), ids=RATES)
def test_rates_have_their_kind_and_day(given, factor, content, scale, compounding):
    days, values = read_as(factor, given(content))
    assert days == DAYS
    rates = np.array(CLOSES) * scale
    simple = ((1.0 + rates) ** (1.0 / 365.0) - 1.0) * 365.0 if compounding else rates
    assert values == pytest.approx(simple, rel=1e-9)


def test_rates_of_aave_are_those_of_a_named_column(given):
    header = "targetDate,reserve,symbol,liquidityIndex,currentLiquidityRate,currentVariableBorrowRate,price,date"
    text = table(
        header, lambda d, v: f"{d}T00:00:00Z,0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2,WETH,1.01,0.018,0.027,{v},{d}"
    )
    assert read_as(REWARD, given(text), column="currentLiquidityRate") == (DAYS, [0.018] * 8)
    with pytest.raises(InputError, match=r"liquidityIndex: is no rate of the reserve; name currentLiquidityRate"):
        read_as(REWARD, given(text), column="liquidityIndex")
    assert read_as(BTC, given(text)) == ([later(-1)(d) for d in DAYS], CLOSES)


def test_numbered_days_of_eth_store_have_their_date_beside_them(given):
    rows = [
        {"day": 1190 + k, "day_start": f"{d}T12:00:23Z", "apr": 0.029, "cl_apr": 0.02, "el_apr": 0.009}
        for k, d in enumerate(DAYS)
    ]
    assert read_as(REWARD, given({"status": "OK", "data": rows})) == (DAYS, [0.029] * 8)


def test_waits_are_read_from_validatorqueue(given):
    rows = [
        {"date": str(d), "entry_queue": 2, "exit_queue": 9, "entry_wait": 1.5, "exit_wait": 30.5, "apr": 3.1}
        for d in DAYS
    ]
    assert read_as(ExitWait("ETH"), given(rows)) == (DAYS, [30.5] * 8)


@pytest.mark.parametrize("name", ["apr_bps", "rate (bp)", "Basis points", "APR, basis_points"])
def test_a_column_of_rates_says_that_it_is_in_basis_points(given, name):
    text = table(f'date,"{name}"', lambda d, _: f"{d},310")
    assert read_as(REWARD, given(text))[1] == pytest.approx([0.031] * 8)


@pytest.mark.parametrize("name", ["volume", "Market Cap", "total_volume", "Open", "change_percent", "Vol.", "amount"])
def test_a_column_that_is_something_else_is_no_price_for_being_the_only_one(given, name):
    path = given(table(f"date,{name}", lambda d, v: f"{d},{v}"))
    with pytest.raises(InputError, match=rf"the only column of numbers is called '{name}', which names neither"):
        read_as(BTC, path)
    assert read_as(BTC, path, column=name) == (DAYS, CLOSES)


@pytest.mark.parametrize(
    ("name", "written"),
    [("exit_wait_hours", 240.0), ("wait (seconds)", 864_000.0), ("Minutes", 14_400.0), ("exit_wait_day", 10.0)],
)
def test_a_column_of_waits_says_its_unit(given, name, written):
    assert read_as(ExitWait("ETH"), given(table(f"date,{name}", lambda d, _: f"{d},{written}")))[1] == [10.0] * 8


# What the caller says


def test_the_caller_goes_before_the_maker(given):
    path = given(PRICE_FILES["CoinGecko export"])
    assert read_as(BTC, path, shift=0)[0] == [later(1)(d) for d in DAYS]
    assert read_as(HASHRATE, given(NETWORK["Glassnode"][1]), unit="EH/s")[1][0] == pytest.approx(CLOSES[0] * 1e22)
    assert read_as(REWARD, given(RATES["a column called apy"][1]), rate_type="apr")[1][0] == pytest.approx(0.0620005)


UNITS = [
    (HASHRATE, "EH/s", 600.0, 6e8),
    (HASHRATE, "PH/s", 6e5, 6e8),
    (HASHRATE, "gh/s", 6e11, 6e8),
    (HASHRATE, "H/s", 6e20, 6e8),
    (DIFFICULTY, "T", 80.0, 8e13),
    (FEES, "satoshi/block", 1.5e7, 0.15),
    (FEES, "BTC/day", 21.6, 0.15),
    (RATIO, "wei", 0.999e18, 0.999),
    (REWARD, "percent", 3.0, 0.03),
    (REWARD, "%", 3.0, 0.03),
    (REWARD, "bps", 300.0, 0.03),
    (ExitWait("ETH"), "seconds", 864_000.0, 10.0),
    (EntryWait("ETH"), "hours", 36.0, 1.5),
    (EntryWait("ETH"), "minutes", 720.0, 0.5),
]


@pytest.mark.parametrize(("factor", "unit", "written", "meant"), UNITS)
def test_units(given, factor, unit, written, meant):
    path = given(table("date,level", lambda d, _: f"{d},{written}"))
    assert read_as(factor, path, unit=unit)[1] == pytest.approx([meant] * 8)


@pytest.mark.parametrize(
    ("factor", "options", "message"),
    [
        (HASHRATE, {"unit": "XH/s"}, r"unit: must be a unit of Hashrate\(\"BTC\"\) \(H/s, kH/s, .*did you mean"),
        (BTC, {"unit": "cents"}, r"unit: must be a unit of Price\(\"BTC\"\) \(none: only its own\), got 'cents'"),
        (BTC, {"rate_type": "apy"}, r"rate_type: goes with a rate, which Price\(\"BTC\"\) is not"),
        (REWARD, {"rate_type": "APY"}, r"rate_type: must be one of '', 'apr', 'apy'"),
        (BTC, {"shift": 367}, "shift: must be an integer in"),
        (BTC, {"dates": "day"}, "dates: must be one of '', 'month first', 'day first'"),
        (BTC, {"column": "open"}, "has no value column 'open'"),
    ],
)
def test_options_are_refused_by_name(given, factor, options, message):
    with pytest.raises(InputError, match=rf"^(History: a.csv: |DailyFile\.){message}"):
        read_as(factor, given(table("date,close", lambda d, v: f"{d},{v}")), **options)


LONG = [dt.date(2024, 1, 1) + dt.timedelta(days=k) for k in range(31)]


@pytest.mark.parametrize(
    ("form", "said"), [("%m/%d/%Y", "month first"), ("%d.%m.%Y", "day first"), ("%d/%m/%Y 23:59", "day first")]
)
def test_days_after_the_twelfth_prove_which_number_is_the_month(given, form, said):
    text = table("date,close", lambda d, v: f"{d.strftime(form)},{v}", values=[1.5] * 31, days=LONG)
    assert read_as(BTC, given(text))[0] == LONG
    short = table("date,close", lambda d, v: f"{d.strftime(form)},{v}", values=[1.5] * 9, days=LONG[:9])
    with pytest.raises(InputError, match=r'write 2024-01-31, or dates="month first" or "day first"'):
        read_as(BTC, given(short))
    assert read_as(BTC, given(short), dates=said)[0] == LONG[:9]


def test_investing_com_is_read_with_its_thousands(given):
    days = [dt.date(2024, 3, 8) + dt.timedelta(days=k) for k in range(8)]
    text = "\ufeff" + table(
        '"Date","Price","Open","High","Low","Vol.","Change %"',
        lambda d, v: f'"{month_first(d)}","{v:,.1f}","{v - 1:,.1f}","{v + 5:,.1f}","{v - 5:,.1f}","45.3K","-0.5%"',
        newest_first=True,
        values=[round(v, 1) for v in CLOSES],
        days=days,
    )
    assert read_as(BTC, given(text)) == (days, [round(v, 1) for v in CLOSES])


# What is refused or warned of


REFUSED = {
    "Investing.com German": (
        'Datum,Zuletzt\n12.11.2024,"101.329,1"\n13.11.2024,"101.929,1"\n',
        "Zuletzt: has decimal commas; export it in English",
    ),
    "CryptoDataDownload hours": (
        "Date,Symbol,Open,High,Low,Close\n2019-06-14 11-PM,BTCUSD,1,2,1,2\n2019-06-14 10-PM,BTCUSD,1,2,1,2\n",
        "must be a day, not an hour of one.*daily file",
    ),
    "mempool.space rewards": (
        [{"timestamp": seconds(d), "avgRewards": 6.3e8} for d in DAYS],
        "holds subsidy and fees together",
    ),
    "a snapshot": ({"hashrate": 1_075, "price": 0.038}, "must hold a list of dated records, got JSON without one"),
    "columns side by side": (
        {"chart": {"result": [{"timestamp": [1, 2], "indicators": {"quote": [{"close": [1.0, 2.0]}]}}]}},
        "must ",
    ),
    "JSON cut off": ('{"prices": [[1704067200000, 42000.5], [17040', "must be JSON or CSV, got: "),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_cause(given, name):
    content, message = REFUSED[name]
    with pytest.raises(InputError, match=f"^History: a.(csv|json): .*{message}"):
        read_as(FEES if "mempool" in name else BTC, given(content))


def test_a_file_of_weekdays_is_no_file_of_a_coin(given):
    days = [d for d in LONG if d.weekday() < 5]
    text = table("Date,Open,High,Low,Close", lambda d, v: f"{d},{bar(v)}", values=[9.0] * len(days), days=days)
    with pytest.raises(
        InputError, match=r"a file of weekdays, as of a stock exchange or Stooq \(a coin trades every day"
    ):
        read_as(BTC, given(text))
    with pytest.warns(DataWarning, match=r"8 of 31 days \(26%\) are filled with the day before: a file of weekdays"):
        History({BTC: given(text)}, missing_days="previous")
    rates = table("DATE,DTB3", lambda d, v: f"{d},{v}", values=[5.1] * len(days), days=days)
    with pytest.raises(InputError, match=r'a file of weekdays \(missing_days="previous" carries'):
        read_as(CASH, given(rates))
    (note,) = History({CASH: given(rates)}, missing_days="previous").describe()
    assert "in percent; 8 of 31 days (25.8%) filled with the day before" in note


@pytest.mark.parametrize(
    "header",
    ["time,price", "timestamp,value_usd", "Date(UTC),UnixTimeStamp,Value", "timestamp,price", "timestamp,value"],
)
def test_a_quote_at_midnight_of_an_unknown_maker_is_warned_of(given, header):
    cells = header.count(",")
    text = table(header, lambda d, v: f"{d}T00:00:00Z,{v}" if cells == 1 else f"{d},{seconds(d)},{v}")
    with pytest.warns(DataWarning, match=r"write shift="):
        read_as(BTC, given(text))
    assert read_as(BTC, given(text), shift=-1) == ([later(-1)(d) for d in DAYS], CLOSES)


@pytest.mark.parametrize("header", ["date,price,market_cap,total_volume", "timestamp,price,market_caps,total_volumes"])
def test_copies_of_coingecko_are_read_by_its_rule_and_warned_of(given, header):
    text = table(header, lambda d, v: f"{later(1)(d)} 00:00:00,{v},1,1")
    with pytest.warns(
        DataWarning, match=r"looks like a file of CoinGecko, .*copied and is read so: row d is day d before"
    ):
        assert read_as(BTC, given(text)) == (DAYS, CLOSES)
    assert read_as(BTC, given(text, "coingecko.csv")) == (DAYS, CLOSES)


def test_defillamas_prices_in_a_csv_are_read_as_quotes_and_warned_of(given):
    text = table("timestamp,price", lambda d, v: f"{seconds(d, 1)},{v}")
    with pytest.warns(DataWarning, match=r"looks like a file of DefiLlama, prices and is read so: row d is day d-1"):
        assert read_as(BTC, given(text)) == (DAYS, CLOSES)
    assert read_as(BTC, given(text, "defillama.csv")) == (DAYS, CLOSES)


def test_a_chart_that_may_be_any_series_is_asked_about_without_a_factor(given):
    path = given(PRICE_FILES["blockchain.com"])
    with pytest.warns(DataWarning, match=r"whose series differ in day and unit; say which it is, as in factor=Price"):
        read_daily(path)
    assert read_daily(path, factor=BTC).dates.tolist() == DAYS


def test_daily_reading_without_a_factor_keeps_the_unit_of_the_source(given):
    series = read_daily(given(NETWORK["mempool.space"][1]), column="avgHashrate")
    assert (series.unit, series.values[0], series.dates.tolist()) == ("H/s", CLOSES[0] * 1e16, DAYS)
    assert History({HASHRATE: series}).recorded(HASHRATE)[0] == pytest.approx(CLOSES[0] * 1e4)


def test_an_apy_stays_one_on_every_way_into_a_history(given):
    path = given(table("date,apy", lambda d, v: f"{d},{v / 1e6}"))
    series = read_daily(path)
    assert series.rate_type == "apy"
    assert History({REWARD: series}).recorded(REWARD).tolist() == read_as(REWARD, path)[1]


def test_no_two_dialects_hide_each_other():
    signs = [(d.header, d.others, d.stamp, d.newest_first) for d in DIALECTS if d.header]
    assert len(set(signs)) == len(signs)
    for k, dialect in enumerate(DIALECTS):
        for earlier in DIALECTS[:k]:
            hidden = earlier.others and earlier.header and set(earlier.header) < set(dialect.header)
            assert not (hidden and not any(c.names for c in earlier.columns)), (earlier.maker, dialect.maker)


def test_nothing_is_warned_of_in_a_plain_file(given):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnitWarning)
        assert read_as(BTC, given(table("date,close", lambda d, v: f"{d},{v}"))) == (DAYS, CLOSES)
