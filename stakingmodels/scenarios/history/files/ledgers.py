"""Exports of account ledgers: recognised by their columns and refused, since a ledger is no daily series."""

from collections.abc import Iterable, Mapping, Sequence

from stakingmodels import checks
from stakingmodels.scenarios.history.files.csv_table import Table, fail

LEDGERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Coinbase": (("timestamp", "transaction type", "asset", "quantity transacted"),),
    "Kraken ledgers": (("txid", "refid", "time", "type", "asset", "amount"),),
    "Kraken trades": (("txid", "ordertxid", "pair", "time"),),
    "Binance statements": (
        ("utc_time", "operation", "coin", "change"),
        ("time", "operation", "coin", "change"),
    ),
    "Crypto.com": (("timestamp (utc)", "transaction description", "currency", "amount"),),
    "Bitvavo": (("timezone", "date", "time", "type", "currency", "amount"),),
    "Koinly": (
        ("koinly date", "amount", "currency"),
        ("date", "sent amount", "sent currency", "received amount"),
    ),
    "CoinTracking": (("type", "buy", "cur.", "sell"),),
    "beaconcha.in rewards": (("date", "end-of-date balance eth", "income for date eth"),),
    "ethstaker.tax": (("date", "validator index", "consensus layer income [eth]"),),
    "Nexo": (
        ("transaction", "type", "input currency", "output currency"),
        ("transaction", "type", "currency", "amount", "details"),
    ),
    "NiceHash": (("date time", "purpose", "amount (btc)"),),
    "Ledger Live": (("operation date", "currency ticker", "operation type", "operation amount"),),
    "Celsius": (("date and time", "transaction type", "coin type", "coin amount"),),
    "Bitpanda": (("transaction id", "timestamp", "transaction type", "in/out"),),
    "Gemini": (("date", "time (utc)", "type", "symbol", "specification"),),
    "Etherscan transactions": (
        ("transaction hash", "blockno", "from", "to"),
        ("txhash", "blockno", "from", "to"),
    ),
    "CoinLedger": (("date (utc)", "type", "sent currency"), ("date (utc)", "asset sent", "amount sent")),
}
"""Known exports, with the column names in lower case that identify them."""

_WHAT_HAPPENED = {
    "type", "transaction type", "operation", "operation type", "purpose", "label", "transaction kind", "event", "side",
    "action",
}  # fmt: skip
_IDENTITY = {
    "txid", "tx id", "tx-id", "txhash", "tx hash", "transaction hash", "transaction id", "transactionid", "id",
    "refid", "order id", "orderid", "trade id", "hash", "reference",
}  # fmt: skip
_QUANTITY = {
    "amount", "quantity", "qty", "change", "fee", "fees", "balance", "total", "received amount", "sent amount", "value",
}  # fmt: skip
_ROWS_SEEN = 20


def refuse_ledger(table: Table) -> None:
    """Refuse a file whose header, or a line soon after it, is that of an account ledger.

    Raises
    ------
    InputError
        With the name of the export, where it is known.
    """
    for names in _headers(table):
        maker = _maker(names)
        if maker:
            fail(table.where, f"is a ledger, not a daily series: it looks like an export of {maker} {_FIX}")
        moved = sorted(names & _WHAT_HAPPENED)
        if moved and names & _QUANTITY and (names & _IDENTITY or names & {"asset", "currency", "coin", "symbol"}):
            shown = ", ".join(checks.show(name) for name in moved)
            fail(table.where, f"is a ledger, not a daily series: it has a row for each {shown} {_FIX}")


_FIX = "(give a file of one price or rate a day; the rows of an account are none)"


def _headers(table: Table) -> Iterable[set[str]]:
    rows: Sequence[Sequence[str]] = [table.header, *table.rows[:_ROWS_SEEN]]
    for row in rows:
        yield {cell.casefold() for cell in row}


def _maker(names: set[str]) -> str:
    for maker, signatures in LEDGERS.items():
        if any(names >= set(signature) for signature in signatures):
            return maker
    return ""
