"""`OutcomeBuilder`: joins the outcomes of parts of a run into one, and stores equal columns once."""

import hashlib
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray, FloatArray
from stakingmodels.ledger.flows import Flows
from stakingmodels.ledger.lines import Line, LineMap
from stakingmodels.ledger.outcome import Outcome
from stakingmodels.ledger.record import Entry
from stakingmodels.series import FrozenMap, frozen

_ARRAYS = (
    "capital",
    "closing",
    "coins_gross",
    "coins_net",
    "contract_price",
    "contract_left",
    "proceeds",
    "days_to_cash",
    "settled",
    "capital_shortfall",
    "deployed",
    "max_drawdown",
    "opening_price",
    "day_asked",
    "asset_growth",
    "asset_growth_at_exit",
    "cash_growth",
    "earning_years",
)
_MAPPINGS = ("lines", "_native", "_coins", "_units", "_unpaid_by_day")
_JOINED = frozenset({*_ARRAYS, *_MAPPINGS, "control_variate", "values", "entries", "flows"})

Alike = dict[bytes, "PathColumn"]
"""Columns by the digest of their first part."""


class PathColumn:
    """One array over all paths, stored as a single number or as a reference to an equal column while possible.

    Parameters
    ----------
    n_paths
        Paths in all.
    value
        Value of paths that nothing was put for.
    dedup
        Columns that begin in the same way, to be shared; None for a column that some parts leave out.
    """

    def __init__(self, n_paths: int, value: AnyArray, dedup: Alike | None = None) -> None:
        self._n = n_paths
        self._value = value
        self._alike = dedup
        self._same: PathColumn | None = None
        self._array: AnyArray | None = None
        self._frozen: AnyArray | None = None

    def put(self, start: int, given: AnyArray) -> None:
        """Put the values of the paths from `start` on."""
        if self._same is not None:
            if self._same.holds(start, given):
                return
            self._array, self._same = self._same.copy(), None
        elif self._array is None:
            if (given == self._value).all():
                return
            if start == 0 and self._alike is not None:
                other = self._alike.setdefault(hashlib.blake2b(given.tobytes(), digest_size=16).digest(), self)
                if other is not self and other.holds(start, given):
                    self._same = other
                    return
            self._array = np.full(self._n, self._value)
        self._array[start : start + given.size] = given

    def holds(self, start: int, given: AnyArray) -> bool:
        """Whether it has the same values on these paths."""
        mine = self._array
        return mine is not None and np.array_equal(mine[start : start + given.size], given)

    def copy(self) -> AnyArray:
        """A copy of the values put so far."""
        return np.full(self._n, self._value) if self._array is None else self._array.copy()

    def freeze(self, n_paths: int) -> AnyArray:
        """Values of the first paths over immutable bytes; the column cannot be used afterwards."""
        if self._same is not None:
            return self._same.freeze(n_paths)
        if self._frozen is None:
            array, self._array = self._array, None
            self._frozen = np.broadcast_to(frozen(self._value), n_paths) if array is None else frozen(array[:n_paths])
        return self._frozen


class OutcomeBuilder:
    """Joins the outcomes of parts of the paths, in any order, into one. A line that a part did not book is 0 there.

    Parameters
    ----------
    n_paths
        Paths in all.
    dedup
        Columns shared by all collectors of a run, so that equal columns of several products take memory once.
    """

    def __init__(self, n_paths: int, dedup: Alike | None = None) -> None:
        self._n = n_paths
        self._alike: Alike = {} if dedup is None else dedup
        self._rest: dict[str, Any] = {}
        self._kept: list[str] = []
        self._fields: dict[str, PathColumn] = {}
        self._maps: dict[str, dict[Any, PathColumn]] = {name: {} for name in _MAPPINGS}
        self._values: FloatArray | None = None
        self._record: tuple[Entry, ...] | None = None
        self._flows: list[tuple[int, Flows]] | None = []

    def put(self, start: int, part: Outcome) -> None:
        """Put the outcome of the paths from `start` on."""
        if not self._rest:
            # not the part itself, which would keep its arrays alive
            self._rest = {f.name: getattr(part, f.name) for f in attrs.fields(Outcome) if f.name not in _JOINED}
            self._kept = [name for name in _MAPPINGS if getattr(part, name) is not None]
        for name in (*_ARRAYS, *(() if part.control_variate is None else ("control_variate",))):
            given = getattr(part, name)
            self._fields.setdefault(name, PathColumn(self._n, np.array(given[0]), self._alike)).put(start, given)
        for name in _MAPPINGS:
            for key, given in (getattr(part, name) or {}).items():
                self._maps[name].setdefault(key, PathColumn(self._n, np.array(0.0))).put(start, given)
        if part.flows is None:
            self._flows = None
        elif self._flows is not None:
            self._flows.append((start, part.flows))
        if part.values is not None:
            if self._values is None:
                self._values = np.zeros((part.values.shape[0], self._n))
            self._values[:, start : start + part.n_paths] = part.values
        if part.entries is not None:
            self._record = self._whole(part, part.entries)

    def _whole(self, part: Outcome, record: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """The step ledger, which is of all paths: entries of parts one after another would be those of no path."""
        if part.n_paths != self._n:
            rule = f"must be of all {self._n} paths where it has the step ledger"
            checks.refuse("OutcomeBuilder.put: part", rule, part.n_paths, 'keep="values"')
        return record

    def outcome(self, n_paths: int | None = None) -> Outcome:
        """The joined outcome of all paths or the first of them, frozen. The collector cannot be used afterwards."""
        n = self._n if n_paths is None else n_paths
        if not self._rest:
            raise ValueError("OutcomeBuilder: nothing was put in")
        fields: dict[str, Any] = {name: column.freeze(n) for name, column in self._fields.items()}
        for name in self._kept:
            columns = self._maps[name]
            arrays = {key: columns.pop(key).freeze(n) for key in sorted(columns, key=_rank)}
            by_line = name not in {"_units", "_unpaid_by_day"}
            fields[name.removeprefix("_")] = LineMap(arrays) if by_line else FrozenMap(arrays)
        values = None if self._values is None else frozen(self._values[:, :n])
        flows = None if self._flows is None else Flows.merge(self._flows, n)
        return Outcome(**self._rest, **fields, values=values, entries=self._record, flows=flows)


def _rank(key: object) -> tuple[int, str]:
    """Lines in the order of their list, then assets and places by name; days by number."""
    if isinstance(key, int):
        return key, ""
    line, name = key if isinstance(key, tuple) else (key, "")
    return (list(Line).index(line), str(name)) if isinstance(line, Line) else (-1, f"{line} {name}")
