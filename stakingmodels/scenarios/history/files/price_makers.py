"""Providers of prices, and the meaning of their rows."""

import datetime as dt

from stakingmodels.scenarios.history.files.dialect import CANDLE, PRICES, RUNNING, Column, Dialect

SPLIT_COINGECKO = dt.date(2018, 1, 30)
"""Row from which an export of CoinGecko has the close of the day before; both rows have the close of the 29th."""

PRICE_MAKERS: tuple[Dialect, ...] = (
    Dialect(
        maker="CoinGecko, export",
        header=("snapped_at",),
        columns=(Column(shift=-1, since=SPLIT_COINGECKO, instant=True),),
        proof="files",
    ),
    Dialect(
        maker="CoinGecko, copied",
        header=("price", "market_cap", "total_volume"),
        sure=False,
        told_by="gecko",
        columns=(Column(shift=-1, since=SPLIT_COINGECKO, instant=True),),
        proof="files",
    ),
    Dialect(
        maker="CoinGecko, API copied",
        header=("price", "market_caps", "total_volumes"),
        sure=False,
        told_by="gecko",
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
        header=("candle_end", *CANDLE),
        columns=(Column(shift=-1, instant=True),),
        proof="documents",
    ),
    Dialect(maker="CoinMarketCap, download", header=("timeopen", "timeclose", "close"), proof="files"),
    Dialect(maker="CoinMarketCap, older copies", header=("sno", "name", "symbol", "date", "close"), proof="files"),
    Dialect(maker="CoinMarketCap, web table", header=("date", "open*", "close**"), proof="files"),
    Dialect(maker="CoinMarketCap, API", header=("time_open", "time_close", "close"), proof="documents"),
    Dialect(
        maker="Yahoo Finance, download",
        header=("date", *CANDLE, "adj close", "volume"),
        columns=(Column(remark=RUNNING),),
        proof="files",
    ),
    Dialect(
        maker="Yahoo Finance, yfinance",
        header=("date", *CANDLE, "volume"),
        others=False,
        columns=(Column(remark=RUNNING),),
        proof="parsers",
    ),
    Dialect(
        maker="Yahoo Finance, yfinance history",
        header=("date", *CANDLE, "volume", "dividends", "stock splits"),
        columns=(Column(remark=RUNNING),),
        proof="files",
    ),
    Dialect(maker="Binance, API and data.binance.vision", header=("open_time", *CANDLE), proof="files"),
    Dialect(maker="Binance, with spaced names", header=("open time", *CANDLE), proof="parsers"),
    Dialect(maker="Bybit", header=("timestamp", *CANDLE, "turnover"), columns=(Column(remark=RUNNING),), proof="files"),
    Dialect(maker="Kraken, OHLCVT and API", header=("time", *CANDLE, "volume", "trades"), stamp="s", proof="files"),
    Dialect(maker="Bitfinex, candles", header=("mts", *CANDLE), proof="files"),
    Dialect(maker="CryptoCompare", header=("time", *CANDLE, "volumefrom", "volumeto"), proof="documents"),
    Dialect(maker="Coinbase, candles", header=("time", *CANDLE, "volume"), others=False, stamp="s", proof="files"),
    Dialect(
        maker="Bitstamp, API ohlc", header=("timestamp", *CANDLE, "volume"), others=False, stamp="s", proof="files"
    ),
    Dialect(
        maker="CryptoDataDownload",
        header=("date", "symbol", *CANDLE),
        columns=(Column(remark=RUNNING),),
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
        maker="FRED, prices",
        header=(),
        columns=(Column(kinds=PRICES, names=("cbbtcusd", "cbethusd")),),
        proof="files",
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
"""Providers of prices; the first applies whose header is present and that has a rule for the factor and the column."""
