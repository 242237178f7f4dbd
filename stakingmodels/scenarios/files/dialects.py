"""What makers of daily files mean: the day of a label, the unit, and the kind of a rate. Data alone.

Each row was proven as its `proof` says: ``files``, by the correlation of daily returns with a second source and by
levels, on files downloaded from 2018 to 2025; ``documents``, by the maker's own pages; ``code``, by the maker's
program; ``parsers``, by what several other programs do with such files. All looked at on 2026-11-30. The first dialect holds
whose header is there and that has a rule for the factor and the column.
"""

import datetime as dt

import attrs

PRICES = ("Price", "MarketRatio")
RATES = ("StakingReward", "ExecutionReward", "CashRate")
SPLIT_COINGECKO = dt.date(2018, 1, 30)
SPLIT_NASDAQ = dt.date(2019, 1, 24)


@attrs.frozen(kw_only=True)
class Column:
    """How one series of a maker is read.

    Attributes
    ----------
    kinds : tuple of str
        The factors that it may be read as, by the names of their classes; empty for all.
    names : tuple of str
        Names of its column in lower case; empty for all.
    shift : int
        Days from the date of a row to the day whose close or mean it holds.
    since, shift_before : date, int
        From when `shift` holds, and what holds for rows dated before.
    instant : bool
        The row is a quote at the midnight nearest to its stamp: the beginning of its date.
    unit, rate : str
        As in `DailyFile`; empty for the unit of the factor.
    refused : str
        Why it is refused, if it is; empty otherwise.
    remark : str
        What the notes of a world say of it.
    """

    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    shift: int = 0
    since: dt.date | None = None
    shift_before: int = 0
    instant: bool = False
    unit: str = ""
    rate: str = ""
    refused: str = ""
    remark: str = ""


@attrs.frozen(kw_only=True)
class Dialect:
    """The files of a maker, told by the names of their columns.

    Attributes
    ----------
    maker : str
        Whose files they are, and which.
    header : tuple of str
        Names in lower case that all must be there; `others` says whether there may be more.
    columns : tuple of Column
        Rules; the first that fits the factor and the column's name holds.
    proof : str
        What the rules rest on.
    stamp : str
        ``"s"`` or ``"ms"`` where only epoch seconds or milliseconds are such a file; empty for any date.
    newest_first : bool
        Whether only a file with the newest row on top is one.
    sure : bool
        False where other makers use these names too: the reading is warned of.
    told_by : str
        A word in the name of the file that makes it sure all the same.
    """

    maker: str
    header: tuple[str, ...]
    columns: tuple[Column, ...] = (Column(),)
    proof: str
    others: bool = True
    stamp: str = ""
    newest_first: bool = False
    sure: bool = True
    told_by: str = ""


_RUNNING = "the newest row may be of the running day"
_SMOOTHED = "each value is the mean of 7 days"
_CANDLE = ("open", "high", "low", "close")
_FRED_RATES = ("dtb3", "dtb6", "dtb1yr", "dgs1mo", "dgs3mo", "dgs6mo", "dgs1", "dff", "effr", "sofr", "fedfunds", "tb3ms")

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        maker="CoinGecko, export",
        header=("snapped_at", "price"),
        columns=(Column(shift=-1, since=SPLIT_COINGECKO, instant=True),),
        proof="files",
    ),
    Dialect(
        maker="CoinGecko, API market_chart",
        header=("quoted_at",),
        columns=(
            Column(names=("prices", "price"), shift=-1, instant=True),
            Column(names=("market_caps", "total_volumes"), refused="is no price; the list of prices is called prices"),
        ),
        proof="documents",
    ),
    Dialect(
        maker="CoinGecko, API ohlc",
        header=("candle_end", *_CANDLE),
        columns=(Column(shift=-1, instant=True),),
        proof="documents",
    ),
    Dialect(maker="CoinMarketCap, download", header=("timeopen", "timeclose", "close"), proof="files"),
    Dialect(maker="CoinMarketCap, older copies", header=("sno", "name", "symbol", "date", "close"), proof="files"),
    Dialect(maker="CoinMarketCap, web table", header=("date", "open*", "close**"), proof="files"),
    Dialect(maker="CoinMarketCap, API", header=("time_open", "time_close", "close"), proof="documents"),
    Dialect(
        maker="Yahoo Finance, download",
        header=("date", *_CANDLE, "adj close", "volume"),
        columns=(Column(remark=_RUNNING),),
        proof="files",
    ),
    Dialect(
        maker="Yahoo Finance, yfinance",
        header=("date", *_CANDLE, "volume"),
        others=False,
        columns=(Column(remark=_RUNNING),),
        proof="parsers",
    ),
    Dialect(
        maker="Yahoo Finance, yfinance history",
        header=("date", *_CANDLE, "volume", "dividends", "stock splits"),
        columns=(Column(remark=_RUNNING),),
        proof="files",
    ),
    Dialect(maker="Binance, API and data.binance.vision", header=("open_time", *_CANDLE), proof="files"),
    Dialect(maker="Binance, with spaced names", header=("open time", *_CANDLE), proof="parsers"),
    Dialect(maker="Bybit", header=("timestamp", *_CANDLE, "turnover"), columns=(Column(remark=_RUNNING),), proof="files"),
    Dialect(maker="Kraken, OHLCVT and API", header=("time", *_CANDLE, "volume", "trades"), stamp="s", proof="files"),
    Dialect(maker="Bitfinex, candles", header=("mts", *_CANDLE), proof="files"),
    Dialect(maker="CryptoCompare", header=("time", *_CANDLE, "volumefrom", "volumeto"), proof="documents"),
    Dialect(maker="Coinbase, candles", header=("time", *_CANDLE, "volume"), others=False, stamp="s", proof="files"),
    Dialect(maker="Bitstamp, API ohlc", header=("timestamp", *_CANDLE, "volume"), others=False, stamp="s", proof="files"),
    Dialect(
        maker="CryptoDataDownload",
        header=("date", "symbol", *_CANDLE),
        columns=(Column(remark=_RUNNING),),
        proof="files",
    ),
    Dialect(maker="Investing.com", header=("date", "price", "open", "high", "low", "change %"), proof="files"),
    Dialect(
        maker="Investing.com, German",
        header=("datum", "zuletzt"),
        columns=(Column(refused="has decimal commas; export it in English"),),
        proof="parsers",
    ),
    Dialect(
        maker="Nasdaq Data Link, BITFINEX",
        header=("date", "high", "low", "mid", "last", "bid", "ask"),
        columns=(Column(names=("last",)),),
        proof="files",
    ),
    Dialect(
        maker="Nasdaq Data Link, BCHAIN",
        header=("date", "value"),
        others=False,
        newest_first=True,
        sure=False,
        told_by="bchain",
        columns=(
            Column(kinds=PRICES, shift=-2, since=SPLIT_NASDAQ, shift_before=-1),
            Column(kinds=("BlockFees",), shift=-1, unit="coins/day"),
            Column(kinds=("Hashrate", "Difficulty"), shift=-1),
        ),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, charts",
        header=("x", "y"),
        others=False,
        columns=(
            Column(kinds=PRICES, shift=-1, instant=True),
            Column(kinds=("Hashrate", "Difficulty")),
            Column(kinds=("BlockFees",), unit="coins/day"),
        ),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied from the page",
        header=("timestamp", "market-price"),
        others=False,
        columns=(Column(shift=-1, instant=True),),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied from the page",
        header=("timestamp", "transaction-fees"),
        others=False,
        columns=(Column(kinds=("BlockFees",), instant=True, unit="coins/day"),),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied from the page",
        header=("timestamp", "hash-rate"),
        others=False,
        columns=(Column(instant=True),),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied from the page",
        header=("timestamp", "difficulty"),
        others=False,
        columns=(Column(instant=True),),
        proof="files",
    ),
    Dialect(
        maker="mempool.space, hashrate",
        header=("timestamp", "avghashrate"),
        columns=(Column(kinds=("Hashrate",), names=("avghashrate",), shift=-1, instant=True, unit="H/s"),),
        proof="code",
    ),
    Dialect(
        maker="mempool.space, fees",
        header=("timestamp", "avgfees"),
        columns=(
            Column(kinds=("BlockFees",), names=("avgfees",), unit="satoshi/block"),
            Column(names=("usd",), refused="is a price beside fees; take a file of prices"),
        ),
        proof="code",
    ),
    Dialect(
        maker="mempool.space, rewards",
        header=("timestamp", "avgrewards"),
        columns=(Column(refused="holds subsidy and fees together; take the fees (blocks/fees)"),),
        proof="code",
    ),
    Dialect(
        maker="mempool.space, difficulty",
        header=("time", "height", "difficulty"),
        columns=(Column(remark="a row for each retarget"),),
        proof="code",
    ),
    Dialect(
        maker="Coin Metrics",
        header=(),
        columns=(
            Column(kinds=PRICES, names=("priceusd",)),
            Column(kinds=PRICES, names=("referencerate", "referencerateusd"), shift=-1, instant=True),
            Column(kinds=("BlockFees",), names=("feetotntv",), unit="coins/day"),
            Column(kinds=("Difficulty",), names=("diffmean", "difflast")),
        ),
        proof="files",
    ),
    Dialect(
        maker="Glassnode",
        header=("t", "v"),
        others=False,
        columns=(
            Column(kinds=PRICES),
            Column(kinds=("Hashrate",), unit="H/s"),
            Column(kinds=("Difficulty",), unit="hashes"),
        ),
        proof="documents",
    ),
    Dialect(
        maker="Glassnode",
        header=("timestamp", "value"),
        others=False,
        sure=False,
        told_by="glassnode",
        columns=(
            Column(kinds=PRICES),
            Column(kinds=("Hashrate",), unit="H/s"),
            Column(kinds=("Difficulty",), unit="hashes"),
        ),
        proof="documents",
    ),
    Dialect(
        maker="Etherscan, chart",
        header=("date(utc)", "unixtimestamp", "value"),
        sure=False,
        told_by="etherscan",
        columns=(Column(kinds=PRICES),),
        proof="parsers",
    ),
    Dialect(
        maker="FRED, prices",
        header=(),
        columns=(Column(kinds=PRICES, names=("cbbtcusd", "cbethusd")),),
        proof="files",
    ),
    Dialect(
        maker="FRED, interest rates",
        header=(),
        columns=(Column(kinds=RATES, names=_FRED_RATES, unit="percent"),),
        proof="documents",
    ),
    Dialect(
        maker="validatorqueue.com",
        header=("date", "entry_queue", "exit_queue", "apr"),
        columns=(Column(kinds=RATES, names=("apr",), shift=-2, unit="percent", remark=_SMOOTHED),),
        proof="files",
    ),
    Dialect(
        maker="beaconcha.in, ETH.STORE",
        header=("apr", "cl_apr", "el_apr"),
        columns=(
            Column(kinds=RATES, names=("apr", "cl_apr", "el_apr")),
            Column(kinds=RATES, names=("avgapr7d",), remark=_SMOOTHED),
        ),
        proof="documents",
    ),
    Dialect(
        maker="Lido, API",
        header=("timeunix", "apr"),
        columns=(Column(kinds=RATES, names=("apr",), unit="percent", remark="after Lido's fee"),),
        proof="documents",
    ),
    Dialect(
        maker="Rocket Pool, API",
        header=("yearlyapr",),
        columns=(Column(kinds=RATES, names=("yearlyapr",), unit="percent"),),
        proof="parsers",
    ),
    Dialect(
        maker="rated.network",
        header=("aprpercentage",),
        columns=(Column(kinds=RATES, names=("aprpercentage",), unit="percent"),),
        proof="parsers",
    ),
    Dialect(
        maker="stakewiz",
        header=("apy_estimate",),
        columns=(Column(kinds=RATES, names=("apy_estimate",), unit="percent", rate="apy"),),
        proof="parsers",
    ),
    Dialect(
        maker="Aave v3, reserves",
        header=("currentliquidityrate", "liquidityindex"),
        columns=(
            Column(kinds=RATES, names=("currentliquidityrate", "currentvariableborrowrate", "currentstableborrowrate")),
            Column(kinds=RATES, refused="is no rate of the reserve; name currentLiquidityRate or a borrow rate"),
            Column(kinds=PRICES, names=("price",), shift=-1, instant=True),
        ),
        proof="files",
    ),
    Dialect(
        maker="DefiLlama, yields",
        header=("timestamp", "tvlusd", "apy"),
        columns=(
            Column(
                kinds=RATES,
                names=("apy", "apybase", "apyreward"),
                unit="percent",
                rate="apy",
                remark="read as APY, as it is called; those of stETH and rETH are APRs",
            ),
        ),
        proof="parsers",
    ),
    Dialect(
        maker="DefiLlama, prices",
        header=("timestamp", "price"),
        others=False,
        stamp="s",
        sure=False,
        told_by="llama",
        columns=(Column(shift=-1, instant=True),),
        proof="parsers",
    ),
)
