"""Columns of a file with the dates and the values."""

import re
from collections.abc import Mapping

from stakingmodels import checks
from stakingmodels.scenarios.history.files.csv_table import Table, fail
from stakingmodels.scenarios.history.files.dates import is_date, is_instant
from stakingmodels.scenarios.history.files.numbers import looks_like_a_number

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Price": ("close", "adj close", "close**", "PriceUSD", "price", "prices", "last", "market-price", "y"),
    "Difficulty": ("difficulty", "DiffMean", "y"),
    "Hashrate": ("HashRate", "hash-rate", "avgHashrate", "y"),
    "BlockFees": ("FeeTotNtv", "avgFees", "transaction-fees", "fees", "y"),
    "StakingReward": ("apr", "rate", "apy", "y"),
    "ExecutionReward": ("apr", "rate", "apy", "y"),
    "CashRate": ("apr", "rate", "apy", "y"),
    "EntryWait": ("entry_wait", "days"),
    "ExitWait": ("exit_wait", "days"),
    "PowerPrice": ("power_price", "electricity", "usd_per_kwh", "price", "prices", "y"),
    "MarketRatio": ("ratio", "close", "price", "prices", "y"),
}
"""Columns searched for by factor, in this order."""
DATE_COLUMNS = (
    "date",
    "datetime",
    "timestamp",
    "time",
    "day",
    "unix",
    "x",
    "snapped_at",
    "open_time",
    "open time",
    "observation_date",
    "date(utc)",
    "unixtimestamp",
    "unix timestamp",
    "timeunix",
    "day_time",
    "day_start",
    "time_open",
    "timeopen",
    "mts",
    "t",
    "quoted_at",
    "candle_end",
)
"""Names of a date column, in the order of the search."""

_IDENTIFIERS = ("id", "hash", "txid", "index", "address", "reserve", "number", "height", "slot", "epoch", "sno")
_OWNERS = (
    "asset",
    "coin",
    "currency",
    "symbol",
    "ticker",
    "token",
    "pair",
    "market",
    "name",
    "slug",
    "reserve",
    "validator",
    "validator index",
    "validatorindex",
    "validator_index",
    "pubkey",
    "account",
    "wallet",
    "exchange",
)

_ELSE = frozenset(
    "amount balance cap change high income low marketcap mcap open payout supply trades vol volume".split()  # noqa: SIM905
)
_WORD = re.compile(r"[a-z]+")


def date_column(table: Table) -> int:
    """Index of the date column: by its name, else the first whose first cell is a date, else a time in epoch units."""
    named = [at for name in DATE_COLUMNS for at, head in enumerate(table.header) if head.casefold() == name]
    dated = [at for at in named if _dated(table.rows[0][at])]
    if dated or named:
        return (dated or named)[0]
    # digits last: a traded volume may look like epoch seconds
    for read in (is_date, is_instant):
        for column, cell in enumerate(table.rows[0]):
            if read(cell):
                return column
    hint = "name it date and write ISO 8601, such as 2024-01-31"
    fail(table.where, f"must have a date column ({hint}), got {table.names()}")


def value_column(table: Table, date_at: int, column: object, columns: tuple[str, ...] | str) -> int:
    """Index of the column named, else of the first of some names that is present, else of the only one with numbers."""
    if column is not None:
        if not isinstance(column, str):
            checks.refuse_type(f"{table.where}: column", "must be the name of a column (str)", column)
        found = table.find(column.strip())
        if found is None or found == date_at:
            fail(table.where, f"has no value column {checks.show(column)}; its columns are {table.names()}")
        return found
    if isinstance(columns, str):
        checks.refuse_type(f"{table.where}: columns", "must be a tuple of names", columns)
    for name in columns:
        found = table.find(name)
        if found is not None and found != date_at:
            return found
    return _only_column_of_numbers(table, date_at)


def refuse_several(table: Table, date_at: int, value_at: int) -> None:
    """Refuse a file whose rows belong to several coins, pools or validators, since each would give another series."""
    for column, head in enumerate(table.header):
        if column in (date_at, value_at) or head.casefold() not in _OWNERS:
            continue
        found = list(dict.fromkeys(row[column] for row in table.rows if row[column]))
        if len(found) > 1:
            rule = f"must hold the rows of one thing, got {len(found)} of them in column {checks.show(head)}"
            fail(table.where, f"{rule}: {checks.show(found[0])}, {checks.show(found[1])} (write a file for each)")


def _dated(cell: str) -> bool:
    return is_date(cell) or is_instant(cell)


def _only_column_of_numbers(table: Table, date_at: int) -> int:
    # 3.5M or 1,234 counts as a number here: left out, it would leave a wrong column as the only one
    found = [
        column
        for column, head in enumerate(table.header)
        if column != date_at
        and head
        and head.casefold() not in DATE_COLUMNS
        and not _identifies(head)
        and any(looks_like_a_number(row[column]) for row in table.rows)
    ]
    if len(found) != 1:
        some = f"{len(found)} columns hold" if found else "no column holds"
        how = '(table, "column")' if table.line_name == "row" else 'column="..."'
        fail(table.where, f"{some} numbers; write {how} to choose from {table.names(found or None)}")
    head = table.header[found[0]]
    # a caller who passes a column of a table has chosen it
    if table.line_name != "row" and not _ELSE.isdisjoint(_WORD.findall(head.casefold())):
        rule = f"the only column of numbers is called {checks.show(head)}, which names neither a close nor a rate"
        fail(table.where, f"{rule} (column={checks.show(head)} takes it all the same)")
    return found[0]


def _identifies(head: str) -> bool:
    words = head.casefold().replace("_", " ").replace("-", " ").split()
    return (bool(words) and words[-1] in _IDENTIFIERS) or head.casefold() in _OWNERS
