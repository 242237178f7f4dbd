"""Headers that are missing or spread over three lines: the table of a file as its provider meant it."""

import re
from collections.abc import Sequence

import attrs

from stakingmodels import checks
from stakingmodels.scenarios.history.files.csv_table import Table, fail
from stakingmodels.scenarios.history.files.dates import is_date, is_instant
from stakingmodels.scenarios.history.files.numbers import number_of


@attrs.frozen
class Layout:
    """Rows without a header, recognised by their number of cells and the unit of their first cell.

    Attributes
    ----------
    maker : str
        Provider of the rows.
    digits : tuple of int
        Digits of the first cell: 10 for seconds, 13 for milliseconds, 16 for microseconds.
    names : tuple of str
        Names of the cells, in order.
    """

    maker: str
    digits: tuple[int, ...]
    names: tuple[str, ...]


_CANDLE = ("open", "high", "low", "close")
LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "Binance",
        (13, 16),
        ("open_time", *_CANDLE, "volume", "close_time", "quote_volume", "trades", "buy_base", "buy_quote", "ignore"),
    ),
    Layout("Kraken OHLCVT", (10,), ("time", *_CANDLE, "volume", "trades")),
    Layout("Kraken API", (10,), ("time", *_CANDLE, "vwap", "volume", "trades")),
    Layout("Bitfinex", (13,), ("mts", "open", "close", "high", "low", "volume")),
    Layout("Coinbase", (10,), ("time", "low", "high", "open", "close", "volume")),
    Layout("CoinGecko OHLC", (13,), ("candle_end", *_CANDLE)),
    Layout("CoinGecko API", (13,), ("quoted_at", "price")),
)
"""Known layouts; a file matches only if high and low are consistent in every row."""

_CANDLE_CELLS = 6  # fewer could be any two or five numbers
_WHOLE = re.compile(r"\d+", re.ASCII)
_PRICE_NAMES = frozenset({"price", "open", "high", "low", "close", "adj close", "volume"})


def with_header(table: Table) -> Table:
    """Table with one line of names, which some providers omit or spread over three.

    Raises
    ------
    InputError
        If there is no header and the rows match no known layout.
    """
    header = table.header
    if len(table.rows) > 1 and _has_three_lines(table):
        return _joined(table)
    if not any(is_date(cell) or is_instant(cell) for cell in header):
        return table
    found = layout_of([header, *table.rows])
    if found is None or len(header) < _CANDLE_CELLS:
        rule, hint = "must begin with a header that names the columns", "add a line such as date,close"
        checks.refuse(table.where, rule, ",".join(header), hint)
    first = table.lines[0] - 1 if table.lines else 1
    return attrs.evolve(table, header=list(found.names), rows=[header, *table.rows], lines=[first, *table.lines])


def layout_of(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Layout of rows without a header, or None."""
    first = rows[0]
    digits = len(first[0].partition(".")[0])
    for layout in LAYOUTS:
        if digits in layout.digits and len(first) == len(layout.names):
            return layout if all(_fits(layout, row) for row in rows) else None
    return None


def _fits(layout: Layout, row: Sequence[str]) -> bool:
    """Whether a row has the right number of cells and no price above its high or below its low."""
    if len(row) != len(layout.names) or not _WHOLE.match(row[0]):
        return False
    cells = dict(zip(layout.names, map(number_of, row), strict=True))
    if any(value is None for value in cells.values()):
        return False
    prices = [value for name in _CANDLE if (value := cells.get(name)) is not None]
    low, high = cells.get("low"), cells.get("high")
    return low is None or high is None or all(low <= price <= high for price in prices)


def _has_three_lines(table: Table) -> bool:
    second, third = table.rows[0], table.rows[1]
    if len(second) != len(table.header):
        return False
    dated = third[0].casefold() in ("date", "datetime") and not any(third[1:])
    return dated and not is_date(second[0])


def _joined(table: Table) -> Table:
    """One line of names from the three that yfinance writes: kinds of price, tickers, and the name of the index."""
    kinds, tickers = table.header, table.rows[0]
    if any(cell.casefold() in _PRICE_NAMES for cell in tickers[1:]):
        kinds, tickers = tickers, kinds
    many = len(set(tickers[1:])) > 1
    names = [f"{k} {t}" if many else k for k, t in zip(kinds[1:], tickers[1:], strict=True)]
    if len(table.rows) == 2:
        fail(table.where, "must hold at least 2 days, got a header and no rows")
    return attrs.evolve(table, header=["Date", *names], rows=table.rows[2:], lines=table.lines[2:])
