"""Plain values of a file as things of the library. Every class checks its own terms; nothing is evaluated."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import TimeGrid
from stakingmodels.market.factors import as_factor, is_factor_text
from stakingmodels.market.grid import STEPS_LIMIT, as_time
from stakingmodels.scenarios import DailySeries
from stakingmodels.scenarios.history.files.daily import DAYS_LIMIT
from stakingmodels.serialize.arrays import TEXT_CELLS_LIMIT, ArrayReader, cells_of, check_keys
from stakingmodels.serialize.fitting import misfit
from stakingmodels.serialize.kinds import MEASURED, Kinds, terms_of
from stakingmodels.serialize.writing import ITEMS_LIMIT
from stakingmodels.words import Note

_RAW = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
"""Errors of what was made for values that no file should hold."""
_REGULAR = ("first", "step_seconds", "n_steps", "exit")
_TIMES = ("times", "exit")
_SERIES = ("name", "first", "values", "unit", "rate_type", "filled_days", "remarks")
_RATE_TYPES = ("", "apr", "apy")
_STEP_LIMIT = 10 * 366 * 86_400


class Reader:
    """Makes things of plain values.

    Parameters
    ----------
    kinds
        Classes that may be made, by name.
    arrays
        Where arrays come from.
    special
        Functions that read kinds with a form of their own: results of runs.
    """

    def __init__(
        self,
        kinds: Kinds,
        arrays: ArrayReader,
        special: Mapping[str, Callable[["Reader", str, Any], Any]] | None = None,
    ) -> None:
        self._kinds = kinds
        self._arrays = arrays
        self._left = TEXT_CELLS_LIMIT
        self._grids: dict[tuple[Any, ...], TimeGrid] = {}
        self._special: Mapping[str, Callable[[str, Mapping[str, Any]], Any]] = {
            "array": self._counted,
            "date": _date,
            "pairs": self._pairs,
            "Note": self._note,
            "TimeGrid": self._grid,
            "DailySeries": self._series,
            **{kind: partial(read, self) for kind, read in (special or {}).items()},
        }

    def array(self, where: str, plain: Any) -> AnyArray:
        """Array of a description; one that is the same everywhere takes no memory for it."""
        if not isinstance(plain, dict) or plain.get("kind") != "array":
            checks.refuse_type(where, "must be an array", plain)
        return self._arrays.read(where, plain)

    def _counted(self, where: str, table: Mapping[str, Any]) -> AnyArray:
        """Array that a class may copy, cell by cell."""
        array = self._arrays.read(where, table)
        self._count(where, array.size, f"shape {array.shape}")
        return array

    def _count(self, where: str, n_cells: int, shown: object) -> None:
        self._left -= n_cells
        if self._left < 0:
            rule = f"must be at most {TEXT_CELLS_LIMIT:,} cells with all other arrays of terms"
            checks.refuse(where, rule, shown)

    def value(self, where: str, plain: Any) -> Any:
        """Thing of a plain value.

        Parameters
        ----------
        where
            Beginning of messages.
        plain
            The value, as the JSON parser gave it.

        Raises
        ------
        InputError
            For an unknown kind or field, with the nearest, and for what a class refuses, with its place.
        InputTypeError
            For a value of a type that the field does not take.
        """
        if isinstance(plain, list):
            if len(plain) > ITEMS_LIMIT and not {type(each) for each in plain} <= {float, int, str, bool}:
                checks.refuse(where, f"must have at most {ITEMS_LIMIT:,} items", f"{len(plain):,}")
            return tuple(self.value(f"{where}[{i}]", each) for i, each in enumerate(plain))
        if not isinstance(plain, dict):
            return plain
        if "kind" not in plain:
            return self._mapping(where, plain)
        return self.thing(where, plain)

    def thing(self, where: str, table: Mapping[str, Any]) -> Any:
        """Thing of a table with its kind."""
        kind = table.get("kind")
        if not isinstance(kind, str):
            raise InputError(f'{where}: kind must be given as a text, such as "StakingPool"')
        if kind in self._special:
            return _tried(where, kind, lambda: self._special[kind](where, table))
        if kind not in self._kinds:
            near = checks.nearest_hint(kind, {*self._kinds, *self._special})
            hint = f"{near} " * bool(near) + "a class of your own is given as classes=[...]"
            raise InputError(checks.sentence(f"{where}: {checks.show(kind)} is no kind that files know", hint))
        return self._object(where, self._kinds[kind], table)

    def _object(self, where: str, kind: type[Any], table: Mapping[str, Any]) -> Any:
        fields = terms_of(kind)
        for name in table:
            if name not in fields and name != "kind":
                hint = checks.nearest_hint(name, fields) or "its fields are " + ", ".join(fields)
                raise InputError(f"{where}: {checks.show(name)} is no field of {kind.__name__} ({hint})")
        given = {name: self.value(f"{where}.{name}", plain) for name, plain in table.items() if name != "kind"}
        if kind in MEASURED:
            given = {name: _measured(each) for name, each in given.items()}
        for name, field in fields.items():
            if field.default is attrs.NOTHING and name not in given:
                raise InputError(f"{where}: {kind.__name__}.{name} must be given")
        made = _tried(where, kind.__name__, lambda: kind(**given))
        for name, field in fields.items():
            if wrong := misfit(getattr(made, field.name), field.type):
                checks.refuse_type(f"{where}: {kind.__name__}.{name}", f"must be {wrong}", table.get(name))
        return made

    def _mapping(self, where: str, table: Mapping[str, Any]) -> dict[Any, Any]:
        _check_few(where, table)
        found: dict[Any, Any] = {}
        for key, each in table.items():
            made = as_factor(where, key) if is_factor_text(key) else key
            if made in found:  # a factor may be written in two ways
                checks.refuse(where, "must have each key once", key)
            found[made] = self.value(f"{where}.{checks.show(key)[1:-1]}", each)
        return found

    def _pairs(self, where: str, table: Mapping[str, Any]) -> dict[Any, Any]:
        check_keys(where, table, ("items",), "pairs")
        items = table["items"]
        if not isinstance(items, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in items):
            checks.refuse_type(f"{where}: items", "must be a list of pairs of a key and a value", items)
        _check_few(where, items)
        found = {}
        for number, (key, each) in enumerate(items):
            here = f"{where}[{number}]"
            made = self.value(here, key)
            if made in found:
                checks.refuse(here, "must have each key once", made)
            found[made] = self.value(here, each)
        return found

    def _note(self, where: str, table: Mapping[str, Any]) -> str:
        """The sentence; without its translations where this version says it otherwise."""
        check_keys(where, table, ("text", "key", "values"), "a note")
        text, key, values = table["text"], table["key"], table["values"]
        if not isinstance(text, str) or not isinstance(key, str) or not isinstance(values, dict):
            checks.refuse_type(where, "must be a note with a text, a key and values", table)
        given = {name: self.value(f"{where}.{name}", each) for name, each in values.items()}
        try:
            note = Note(key, **given)
        except _RAW:  # a key or values of another version
            return text
        return note if str(note) == text else text

    def _grid(self, where: str, table: Mapping[str, Any]) -> TimeGrid:
        """Grid of times; the same one for the same words, as every outcome of a run has it."""
        if "times" in table:
            check_keys(where, table, _TIMES, "TimeGrid")
            times = table["times"]
            if not isinstance(times, list) or len(times) > STEPS_LIMIT + 1:
                checks.refuse(f"{where}.times", f"must be a list of at most {STEPS_LIMIT + 1:,} times", type(times))
            return TimeGrid(cells_of(f"{where}.times", times, np.dtype("datetime64[s]")), table["exit"])
        check_keys(where, table, _REGULAR, "TimeGrid")
        n_steps = checks.integer(f"{where}.n_steps", table["n_steps"], 1, STEPS_LIMIT)
        seconds = checks.integer(f"{where}.step_seconds", table["step_seconds"], 1, _STEP_LIMIT)
        first = as_time(f"{where}.first", checks.text(f"{where}.first", table["first"]))
        key = (first, seconds, n_steps, repr(table["exit"]))
        if key not in self._grids:
            self._count(f"{where}.n_steps", n_steps + 1, n_steps)
            times = first + np.arange(n_steps + 1) * np.timedelta64(seconds, "s")
            self._grids[key] = TimeGrid(times, table["exit"])
        return self._grids[key]

    def _series(self, where: str, table: Mapping[str, Any]) -> DailySeries:
        check_keys(where, table, _SERIES, "DailySeries")
        plain = table["values"]
        cells = self.value(f"{where}.values", plain) if isinstance(plain, dict) else None
        if not isinstance(cells, np.ndarray) or cells.dtype != np.float64 or cells.ndim != 1:
            checks.refuse_type(f"{where}.values", "must be an array of float64 with one dimension", plain)
        if not 2 <= cells.size <= DAYS_LIMIT:
            checks.refuse(f"{where}.values", f"must have 2 to {DAYS_LIMIT:,} days", cells.size)
        if not np.isfinite(cells).all():
            raise InputError(f"{where}.values: must be finite")
        first = _day(f"{where}.first", table["first"])
        dates = first + np.arange(cells.size)
        filled = table["filled_days"]
        if not isinstance(filled, list):
            checks.refuse_type(f"{where}.filled_days", "must be a list of days", filled)
        days = cells_of(f"{where}.filled_days", filled, np.dtype("datetime64[D]"))
        remarks = self.value(f"{where}.remarks", table["remarks"])
        if not isinstance(remarks, tuple) or not all(isinstance(each, str) for each in remarks):
            checks.refuse_type(f"{where}.remarks", "must be a list of texts", table["remarks"])
        name, unit = table["name"], table["unit"]
        if not isinstance(name, str) or not isinstance(unit, str):
            checks.refuse_type(f"{where}: name, unit", "must be texts", (name, unit))
        rate_type = checks.choice(f"{where}.rate_type", table["rate_type"], _RATE_TYPES)
        return DailySeries(dates, cells, name, unit, rate_type, days, remarks)


def _tried(where: str, kind: str, make: Callable[[], Any]) -> Any:
    """What is made; refusals say the place, and raw errors become refusals."""
    try:
        return make()
    except (InputError, InputTypeError) as error:
        text = str(error)
        raise type(error)(text if text.startswith(where) else f"{where}: {text}") from error
    except RecursionError as error:
        raise InputError(f"{where}: must not be nested so deeply") from error
    except _RAW as error:
        raise InputTypeError(f"{where}: {kind} does not take such terms") from error


def _measured(value: Any) -> Any:
    """A measured number, which may be infinite or missing."""
    if isinstance(value, tuple):
        return tuple(map(_measured, value))
    return float(value) if value in ("inf", "-inf", "nan") else value


def _check_few(where: str, items: Any) -> None:
    if len(items) > ITEMS_LIMIT:
        checks.refuse(where, f"must have at most {ITEMS_LIMIT:,} items", f"{len(items):,}")


def _date(where: str, table: Mapping[str, Any]) -> np.datetime64:
    check_keys(where, table, ("value",), "a date")
    text = table["value"]
    return as_time(where, text) if len(str(text)) > len("2026-01-31") else _day(where, text)


def _day(where: str, text: object) -> np.datetime64:
    day: np.datetime64 = as_time(where, checks.text(where, text)).astype("datetime64[D]")
    return day
