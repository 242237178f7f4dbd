"""Outcomes as plain values and arrays, and back; every array is held to the number of paths and of times."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels.errors import InputError
from stakingmodels.ledger import Line, Outcome
from stakingmodels.ledger.flows import Flows
from stakingmodels.ledger.lines import LineMap, as_line
from stakingmodels.ledger.record import Entry
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.scenarios.streams import REPLICATES_LIMIT
from stakingmodels.serialize.arrays import check_keys
from stakingmodels.serialize.reading import Reader
from stakingmodels.serialize.writing import Writer
from stakingmodels.series import FrozenMap

PLAIN = ("product", "asset", "numeraire", "can_leave_early", "n_replicates")
ROWS = tuple(
    field.name
    for field in attrs.fields(Outcome)
    if field.type in (attrs.fields(Outcome).capital.type, attrs.fields(Outcome).settled.type)
)
"""Fields with one number a path on every run."""
FIELDS = tuple(str(field.alias) for field in attrs.fields(Outcome))
_NO_PAIRS = {"native": None, "units": None}
_ENTRIES = ("steps", "lines", "books", "assets", "places", "marks", "units")
_FLOWS = ("path", "time", "money")


def write_outcome(writer: Writer, name: str, outcome: Outcome) -> dict[str, Any]:
    """Plain table of an outcome; its arrays go where those of the writer go."""
    put = writer.array
    found: dict[str, Any] = {"kind": "Outcome", **{key: getattr(outcome, key) for key in PLAIN}}
    found["grid"] = writer.thing(f"{name}.grid", outcome.grid)
    for key in ROWS:
        found[key] = put(f"{name}.{key}", getattr(outcome, key))
    for key in ("lines", "_coins"):
        lines, alias = getattr(outcome, key), key.removeprefix("_")
        found[alias] = (
            None if lines is None else {x.label: put(f"{name}.{alias}.{x.label}", a) for x, a in lines.items()}
        )
    whole = not outcome.is_summary
    pairs: dict[str, Any] = {"native": outcome.native, "units": outcome.units} if whole else _NO_PAIRS
    for key, pair in pairs.items():
        found[key] = None if pair is None else [
            [str(one), other, put(f"{name}.{key}.{one}.{other}", a)] for (one, other), a in pair.items()
        ]  # fmt: skip
    unpaid = outcome.unpaid_by_day if whole else None
    found["unpaid_by_day"] = None if unpaid is None else [[d, put(f"{name}.unpaid.{d}", a)] for d, a in unpaid.items()]
    for key in ("control_variate", "values", "time_offsets"):
        array = getattr(outcome, key)
        found[key] = None if array is None else put(f"{name}.{key}", array)
    flows, entries, prices = outcome.flows, outcome.entries, outcome.prices
    found["flows"] = None if flows is None else {x: put(f"{name}.flows.{x}", getattr(flows, x)) for x in _FLOWS}
    found["entries"] = None if entries is None else _write_entries(writer, name, entries)
    found["prices"] = None if prices is None else [
        [writer.thing(f"{name}.prices", factor), put(f"{name}.prices.{factor.name}", a)] for factor, a in prices.items()
    ]  # fmt: skip
    return found


def _write_entries(writer: Writer, name: str, entries: tuple[Entry, ...]) -> dict[str, Any]:
    units = np.stack([each.units for each in entries]) if entries else np.empty((0, 0))
    return {
        "steps": [each.step for each in entries],
        "lines": [None if each.line is None else each.line.label for each in entries],
        "books": [each.book for each in entries],
        "assets": [each.asset for each in entries],
        "places": [each.place for each in entries],
        "marks": [None if each.mark is None else [type(each.mark).__name__, each.mark.name] for each in entries],
        "units": writer.array(f"{name}.entries.units", units),
    }


def read_outcome(reader: Reader, where: str, table: Any) -> Outcome:
    """Outcome of a plain table.

    Raises
    ------
    InputError, InputTypeError
        For an unknown or missing field, and an array of another shape or type than the outcome's paths and times say.
    """
    if not isinstance(table, dict) or table.get("kind") != "Outcome":
        checks.refuse_type(where, "must be an Outcome", table)
    check_keys(where, table, FIELDS, "Outcome")
    return _OutcomeReader(reader, where, table).outcome()


class _OutcomeReader:
    """Fields of one outcome, each held to its number of paths."""

    def __init__(self, reader: Reader, where: str, table: Mapping[str, Any]) -> None:
        self._reader = reader
        self._where = where
        self._table = table
        grid = reader.value(f"{where}.grid", table["grid"])
        self._grid: TimeGrid = checks.instance(f"{where}.grid", grid, TimeGrid, "a TimeGrid")
        closing = self._array("closing", table["closing"])
        self._n = closing.size
        if closing.ndim != 1 or not 1 <= self._n <= checks.PATHS_LIMIT:
            rule = f"must have one number for each of 1 to {checks.PATHS_LIMIT:,} paths"
            checks.refuse(f"{where}.closing", rule, closing.shape)

    def outcome(self) -> Outcome:
        """The outcome."""
        table, n_times = self._table, self._grid.n_times
        fields: dict[str, Any] = {**self._plain(), "grid": self._grid}
        for name in ROWS:
            fields[name] = self._row(name, table[name], np.bool_ if name == "settled" else np.float64)
        fields["lines"] = self._lines("lines")
        fields["coins"] = self._lines("coins")
        native, units = self._pairs("native"), self._pairs("units")
        fields["native"] = None if native is None else LineMap(
            {(as_line(f"{self._where}.native", one), other): a for (one, other), a in native.items()}
        )  # fmt: skip
        fields["units"] = None if units is None else FrozenMap(units)
        fields["unpaid_by_day"] = self._unpaid()
        optional: dict[str, Any] = {"control_variate": np.float64, "time_offsets": "timedelta64[s]"}
        for name, dtype in optional.items():
            fields[name] = None if table[name] is None else self._row(name, table[name], dtype)
        values = table["values"]
        fields["values"] = None if values is None else self._of_shape("values", values, (n_times, self._n))
        fields["flows"] = self._flows()
        fields["entries"] = self._entries()
        fields["prices"] = self._prices()
        return Outcome(**fields)

    def _plain(self) -> dict[str, Any]:
        found = {name: self._table[name] for name in PLAIN}
        for name in ("product", "numeraire"):
            checks.text(f"{self._where}.{name}", found[name])
        if found["asset"] is not None:
            checks.text(f"{self._where}.asset", found["asset"])
        checks.flag(f"{self._where}.can_leave_early", found["can_leave_early"])
        checks.integer(f"{self._where}.n_replicates", found["n_replicates"], 0, REPLICATES_LIMIT)
        return found

    def _array(self, name: str, plain: Any) -> AnyArray:
        return self._reader.array(f"{self._where}.{name}", plain)

    def _of_shape(self, name: str, plain: Any, shape: tuple[int, ...], dtype: Any = np.float64) -> AnyArray:
        array = self._array(name, plain)
        if array.shape != shape or array.dtype != dtype:
            rule = f"must be an array of shape {shape} and type {np.dtype(dtype).name}"
            checks.refuse(f"{self._where}.{name}", rule, array)
        return array

    def _row(self, name: str, plain: Any, dtype: Any = np.float64) -> AnyArray:
        return self._of_shape(name, plain, (self._n,), dtype)

    def _list(self, name: str, plain: Any) -> list[Any]:
        if not isinstance(plain, list):
            checks.refuse_type(f"{self._where}.{name}", "must be a list", plain)
        return plain

    def _lines(self, name: str) -> LineMap[AnyArray] | None:
        plain = self._table[name]
        if plain is None and name != "lines":
            return None
        if not isinstance(plain, dict):
            checks.refuse_type(f"{self._where}.{name}", "must be an object of arrays by line", plain)
        where = f"{self._where}.{name}"
        return LineMap({as_line(where, label): self._row(f"{name}.{label}", x) for label, x in plain.items()})

    def _pairs(self, name: str) -> dict[tuple[str, str], AnyArray] | None:
        if self._table[name] is None:
            return None
        found: dict[tuple[str, str], AnyArray] = {}
        for row in self._list(name, self._table[name]):
            if not isinstance(row, list) or len(row) != 3 or not all(isinstance(each, str) for each in row[:2]):
                checks.refuse_type(f"{self._where}.{name}", "must be lists of two texts and an array", row)
            found[row[0], row[1]] = self._row(f"{name}.{row[0]}.{row[1]}", row[2])
        return found

    def _unpaid(self) -> FrozenMap[int, AnyArray] | None:
        if self._table["unpaid_by_day"] is None:
            return None
        found: dict[int, AnyArray] = {}
        for row in self._list("unpaid_by_day", self._table["unpaid_by_day"]):
            if not isinstance(row, list) or len(row) != 2:
                checks.refuse_type(f"{self._where}.unpaid_by_day", "must be lists of a day and an array", row)
            day = checks.integer(f"{self._where}.unpaid_by_day", row[0], 0, 10**6)
            found[day] = self._row(f"unpaid_by_day.{day}", row[1])
        return FrozenMap(found)

    def _flows(self) -> Flows | None:
        plain, where = self._table["flows"], f"{self._where}.flows"
        if plain is None:
            return None
        if not isinstance(plain, dict):
            checks.refuse_type(where, "must be an object of arrays", plain)
        check_keys(where, plain, _FLOWS, "Flows")
        path, time, money = (self._array(f"flows.{name}", plain[name]) for name in _FLOWS)
        if not (path.dtype == time.dtype == np.int32 and money.dtype == np.float64) or money.ndim != 1:
            checks.refuse(where, "must be arrays of int32, int32 and float64 with one dimension", path)
        if not path.shape == time.shape == money.shape:
            checks.refuse(where, "must be arrays of one length", (path.size, time.size, money.size))
        if path.size > (most := self._n * self._grid.n_times):  # one cell may stand for all
            checks.refuse(where, f"must be at most one a path and time, {most:,}", f"{path.size:,}")
        if path.size and not (
            0 <= path.min() <= path.max() < self._n and 0 <= time.min() <= time.max() < self._grid.n_times
        ):
            raise InputError(f"{where}: must name paths and times of the run")
        if (np.diff(path) < 0).any():
            raise InputError(f"{where}: must be in the order of the paths")
        return Flows(path, time, money)

    def _entries(self) -> tuple[Entry, ...] | None:
        plain, where = self._table["entries"], f"{self._where}.entries"
        if plain is None:
            return None
        if not isinstance(plain, dict):
            checks.refuse_type(where, "must be an object of lists and an array", plain)
        check_keys(where, plain, _ENTRIES, "entries")
        columns = [self._list(f"entries.{name}", plain[name]) for name in _ENTRIES[:-1]]
        n = len(columns[0])
        if any(len(column) != n for column in columns):
            checks.refuse(where, "must be lists of one length", [len(column) for column in columns])
        units = self._of_shape("entries.units", plain["units"], (n, self._n) if n else (0, 0))
        return tuple(self._entry(where, row, each) for *row, each in zip(*columns, units, strict=True))

    def _entry(self, where: str, row: list[Any], units: AnyArray) -> Entry:
        step, line, book, asset, place, mark = row
        checks.integer(f"{where}.steps", step, -1, self._grid.n_steps - 1)
        if not all(isinstance(each, str) for each in (book, asset, place)):
            checks.refuse_type(where, "must have texts for books, assets and places", (book, asset, place))
        cause: Line | None = None if line is None else as_line(f"{where}.lines", line)
        factor = None if mark is None else self._mark(f"{where}.marks", mark)
        return Entry(step, cause, book, asset, place, factor, units)

    def _mark(self, where: str, mark: Any) -> Factor:
        if not isinstance(mark, list) or len(mark) != 2:
            checks.refuse_type(where, "must be a kind of factor and its name", mark)
        return self._factor(where, {"kind": mark[0], "name": mark[1]})

    def _factor(self, where: str, plain: Any) -> Factor:
        return checks.instance(where, self._reader.value(where, plain), Factor, 'a factor such as Price("ETH")')

    def _prices(self) -> FrozenMap[Factor, AnyArray] | None:
        if self._table["prices"] is None:
            return None
        found: dict[Factor, AnyArray] = {}
        for row in self._list("prices", self._table["prices"]):
            if not isinstance(row, list) or len(row) != 2:
                checks.refuse_type(f"{self._where}.prices", "must be lists of a factor and an array", row)
            array = self._of_shape("prices", row[1], (self._grid.n_times, self._n))
            found[self._factor(f"{self._where}.prices", row[0])] = array
        return FrozenMap(found)
