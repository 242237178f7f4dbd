"""Things of the library as plain values: numbers, texts, lists and dictionaries, each class under its ``kind``."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels.errors import InputError
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.market.factors import as_factor, is_factor_text
from stakingmodels.scenarios import DailySeries
from stakingmodels.serialize.arrays import ArrayWriter
from stakingmodels.serialize.jsontext import DEPTH_LIMIT
from stakingmodels.serialize.kinds import MEASURED, Kinds, terms_of
from stakingmodels.words import Note

ITEMS_LIMIT = 1_000
"""Most things of a list, and most keys of a mapping; lists of plain numbers may be as long as the text."""
_PLAIN = (type(None), bool, int, float, str, dt.date, np.generic, np.ndarray)


class Writer:
    """Turns things into plain values.

    Parameters
    ----------
    where
        Beginning of messages.
    kinds
        Classes that may be written, by name.
    arrays
        Where arrays go.
    special
        Functions that write classes in a form of their own: results of runs.
    """

    def __init__(
        self,
        where: str,
        kinds: Kinds,
        arrays: ArrayWriter,
        special: Mapping[type[Any], Callable[["Writer", str, Any], dict[str, Any]]] | None = None,
    ) -> None:
        self._where = where
        self._kinds = kinds
        self._arrays = arrays
        self._special = special or {}
        self._measured = False

    def array(self, name: str, array: AnyArray) -> dict[str, Any]:
        """Description of an array, which goes where arrays go."""
        return self._arrays.write(name, array)

    def value(self, name: str, value: Any, depth: int = 0) -> Any:
        """Plain value of a thing.

        Parameters
        ----------
        name
            Its place, for messages and for names of arrays.
        value
            The thing.
        depth
            Number of things around it.
        """
        if depth > DEPTH_LIMIT // 2:
            raise InputError(f"{self._where}: must not be nested so deeply")
        if isinstance(value, (list, tuple)):
            return [self.value(f"{name}[{i}]", each, depth + 1) for i, each in enumerate(value)]
        if isinstance(value, Mapping):
            return self._mapping(name, value, depth)
        if isinstance(value, Note):
            return self._note(name, value, depth)
        return self._plain(name, value) if isinstance(value, _PLAIN) else self.thing(name, value, depth)

    def _plain(self, name: str, value: Any) -> Any:
        """A number, a text or a date; arrays go where arrays go."""
        if isinstance(value, np.ndarray):
            return self._arrays.write(name, value)
        if isinstance(value, (np.datetime64, dt.date)):
            return {"kind": "date", "value": str(np.datetime64(value))}
        if isinstance(value, (float, np.floating)):
            return self._number(name, float(value))
        return value.item() if isinstance(value, np.generic) else str(value) if isinstance(value, str) else value

    def thing(self, name: str, thing: Any, depth: int = 0) -> dict[str, Any]:
        """Kind and terms of an object of a known class; all terms are written, defaults too."""
        kind = type(thing)
        if kind in self._special:
            return self._special[kind](self, name, thing)
        if self._kinds.get(kind.__name__) is not kind:
            hint = f"classes=[{kind.__name__}]" if hasattr(kind, "__attrs_attrs__") and not _is_ours(kind) else ""
            checks.refuse_type(f"{self._where}: {name}", "must be of a kind that files know", thing, hint)
        if isinstance(thing, TimeGrid):
            return {"kind": "TimeGrid", **_grid(thing)}
        if isinstance(thing, DailySeries):
            return {"kind": "DailySeries", **self._series(name, thing, depth)}
        self._measured = kind in MEASURED
        fields = {
            alias: self.value(f"{name}.{alias}", getattr(thing, field.name), depth + 1)
            for alias, field in terms_of(kind).items()
        }
        self._measured = False
        return {"kind": kind.__name__, **fields}

    def _number(self, name: str, number: float) -> float | str:
        """A number; infinite and missing ones, which only measured numbers may be, as words."""
        if not math.isfinite(number):
            if self._measured:
                return str(number)
            checks.refuse(f"{self._where}: {name}", "must be a finite number to be written", number)
        return number

    def _note(self, name: str, note: Note, depth: int) -> dict[str, Any]:
        """A sentence with its key, so that it can be read in other languages, and its English text."""
        outer, self._measured = self._measured, True
        values = {key: self.value(f"{name}.{key}", each, depth + 2) for key, each in note.values.items()}
        self._measured = outer
        return {"kind": "Note", "text": str(note), "key": note.key, "values": values}

    def _series(self, name: str, series: DailySeries, depth: int) -> dict[str, Any]:
        return {
            "name": series.name,
            "first": str(series.dates[0]),
            "values": self._arrays.write(f"{name}.values", np.asarray(series.values)),
            "unit": series.unit,
            "rate_type": series.rate_type,
            "filled_days": np.datetime_as_string(series.filled_days).tolist(),
            "remarks": self.value(f"{name}.remarks", series.remarks, depth + 1),
        }

    def _mapping(self, name: str, mapping: Mapping[Any, Any], depth: int) -> Any:
        if len(mapping) > ITEMS_LIMIT:
            checks.refuse(f"{self._where}: {name}", f"must have at most {ITEMS_LIMIT:,} keys", f"{len(mapping):,}")
        if all(_is_plain_key(key) for key in mapping):
            return {_key_text(key): self.value(f"{name}.{key}", each, depth + 1) for key, each in mapping.items()}
        pairs = [
            [self.value(f"{name} key", key, depth + 2), self.value(f"{name}[{key}]", each, depth + 2)]
            for key, each in mapping.items()
        ]
        return {"kind": "pairs", "items": pairs}


def _is_ours(kind: type[Any]) -> bool:
    return kind.__module__.partition(".")[0] == __name__.partition(".")[0]


def _is_plain_key(key: object) -> bool:
    """Whether a text says all that a key is: a word that is no factor's text, or a factor of a name alone."""
    if isinstance(key, Factor):
        text = _key_text(key)
        if getattr(key, "hazard", None) is not None or not is_factor_text(text):
            return False
        found = as_factor("key", text)
        return type(found) is type(key) and found == key
    return type(key) is str and key != "kind" and not is_factor_text(key)


def _key_text(key: object) -> str:
    return f"{type(key).__name__}({key.name})" if isinstance(key, Factor) else str(key)


def _grid(grid: TimeGrid) -> dict[str, Any]:
    """First time, steps and exit of a grid with equal steps; the times of any other."""
    steps = np.diff(grid.times)
    if (steps == steps[0]).all():
        seconds = int(steps[0].astype(np.int64))
        first = {"first": str(grid.times[0]), "step_seconds": seconds, "n_steps": grid.n_steps}
        return {**first, "exit": grid.exit}
    return {"times": np.datetime_as_string(grid.times).tolist(), "exit": grid.exit}
