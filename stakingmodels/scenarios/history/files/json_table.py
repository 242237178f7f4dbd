"""Lists of a JSON answer as tables of cells: records by name, or rows in the order of their provider."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stakingmodels.scenarios.history.files.csv_table import COLUMNS_LIMIT, ROWS_LIMIT, Table, fail, plain
from stakingmodels.scenarios.history.files.layout import layout_of

BYTES_LIMIT = 16 * 2**20
"""Largest JSON text accepted, in characters."""
DEPTH_LIMIT = 8
"""Deepest nesting of lists of records."""

_CANDLES = {"open", "high", "low", "close"}


def is_json(text: str) -> bool:
    """Whether a text begins like JSON."""
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str, where: str) -> list[Table]:
    """Lists of records in a JSON text, in its order; cells keep the text's own form, numbers too.

    A list of objects has their keys as header; a list of lists has a header where its layout is known. The key of a
    list of pairs names its second column, as in ``{"prices": [[1704067200000, 42000.5], ...]}``.

    Raises
    ------
    InputError
        If it is no JSON, too large, nested too deep, or holds no list of records.
    """
    if len(text) > BYTES_LIMIT:
        fail(where, f"must be at most {BYTES_LIMIT} bytes of JSON (16 MiB), got more")
    try:
        answer = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError:
        fail(where, "must not be nested that deep, got brackets within brackets without end")
    except ValueError as error:
        fail(where, f"must be JSON or CSV, got: {plain(str(error))}")
    tables = [_table(where, name, rows) for name, rows in _lists(answer, "", 0)]
    found = [table for table in tables if table is not None]
    if not found:
        fail(where, "must hold a list of dated records, got JSON without one (write a CSV file of date and value)")
    return found


def _lists(value: Any, name: str, depth: int) -> Iterator[tuple[str, Sequence[Any]]]:
    """Every list of objects or lists, with its key."""
    if depth > DEPTH_LIMIT:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, key, depth + 1)
    elif isinstance(value, list) and value and all(isinstance(item, (dict, list)) for item in value[:2]):
        if isinstance(value[0], list) and value[0] and isinstance(value[0][0], (dict, list)):
            for inner in value[:2]:
                yield from _lists(inner, name, depth + 1)
        else:
            yield name, value
    elif isinstance(value, list) and len(value) == 1:
        yield from _lists(value[0], name, depth + 1)


def _table(where: str, name: str, rows: Sequence[Any]) -> Table | None:
    if len(rows) > ROWS_LIMIT:
        fail(where, f"must hold one row a day and at most {ROWS_LIMIT} rows, got more")
    if isinstance(rows[0], dict):
        return _of_records(where, name, rows)
    cells = [list(map(_cell, row)) for row in rows if isinstance(row, list)]
    layout = layout_of(cells) if cells and cells[0] and cells[0][0] else None
    if layout is None:
        return None
    names = list(layout.names)
    if len(names) == 2:
        names[1] = name or names[1]
    return Table(where, names, cells, list(range(1, len(cells) + 1)), line_name="record")


def _of_records(where: str, name: str, rows: Sequence[Any]) -> Table:
    flat = [_flat(row) for row in rows if isinstance(row, dict)]
    names = list(dict.fromkeys(key for row in flat for key in row))
    if len(names) > COLUMNS_LIMIT:
        fail(where, f"must have at most {COLUMNS_LIMIT} columns, got {len(names)} keys")
    cells = [[row.get(key, "") for key in names] for row in flat]
    # the value of {"apy": [{"date": ..., "data": ...}]} takes its name from the outer key
    header = [name if key == "data" and name else key for key in names]
    return Table(where, header, cells, list(range(1, len(cells) + 1)), line_name="record")


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    """Cells of a record; an object within it gives its innermost names, as in ``{"quote": {"USD": {"close": 1}}}``."""
    found: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            inner = {k: v for k, v in value.items() if not isinstance(v, list)}
            nested = [v for v in inner.values() if isinstance(v, dict)]
            cells = nested[0] if len(nested) == 1 == len(inner) else inner
            prefix = "" if set(cells) >= _CANDLES else f"{key}."
            found |= {f"{prefix}{k}": _cell(v) for k, v in cells.items()}
        elif not isinstance(value, list):
            found[key] = _cell(value)
    return found


def _cell(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()
