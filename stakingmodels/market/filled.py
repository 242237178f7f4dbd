"""Checks of the rows that sources fill, chunk by chunk: rows of a custom scenario are never trusted unseen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.errors import NumericalError
from stakingmodels.market.factors import Event, Factor, Price
from stakingmodels.market.grid import TimeGrid
from stakingmodels.market.now import Hits, TimeOffsets

Filled = Mapping[Factor, "FloatArray | Hits"]
"""Output of a source for one chunk: rows, or for an event its steps and paths."""


Bounds = Sequence[tuple[int, int]]
"""Start and stop step of each chunk."""

_OWN = "stakingmodels."
"""The library's own sources are checked by its tests instead; checking each row would take a tenth of a run."""


class RowSource(Protocol):
    """Fills rows of one or more factors, in time order; each call of `rows` starts over with the same numbers."""

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors that it fills."""
        ...  # pragma: no cover

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows of each chunk (start, stop): levels from start to stop inclusive, interval quantities to stop - 1.

        Rows are ``(n_rows, n_paths)`` or ``(n_rows, 1)`` in float64; rates as the fraction accrued. A level begins with
        the row that ended the chunk before. Buffers may be reused. An event is given as its `Hits` in these steps.
        `filled` has the rows of the same chunk from earlier sources, and the series given to the market.
        """
        ...  # pragma: no cover


MakeSources = Callable[[], Sequence[RowSource]]
"""Makes new sources on each call: the same numbers, but no object in common with another call."""


def checked(
    source: RowSource, bounds: Bounds, filled: Mapping[Factor, FloatArray], n_paths: int | None, *, scenario: str = ""
) -> Iterator[Filled]:
    """Checked output of a source, chunk by chunk; `n_paths` is None if any number of paths will do.

    The library's own sources are not checked.

    Raises
    ------
    InputError, InputTypeError
        For a chunk that is missing, or lacks a factor; and for rows of a wrong shape or dtype, masked, NaN, below the
        factor's minimum, or that do not continue from the last row of the chunk before. The message names the scenario,
        the source, the factor and the steps.
    NumericalError
        For infinite numbers.
    """
    given = source.rows(bounds, filled)
    if getattr(source, "author", type(source).__module__).startswith(_OWN):
        yield from given
    else:
        yield from _looked_at(source, iter(given), bounds, n_paths, scenario)


def _looked_at(
    source: RowSource, given: Iterator[Filled], bounds: Bounds, n_paths: int | None, scenario: str
) -> Iterator[Filled]:
    """Output of a source, chunk by chunk, each refused if it breaks the contract of `RowSource.rows`."""
    who = f"{scenario + ': ' if scenario else ''}{_name(source)}.rows"
    last: dict[Factor, FloatArray] = {}
    for start, stop in bounds:
        steps = f"steps {start} to {stop - 1}"
        filled = next(given, None)
        if filled is None:
            checks.refuse(f"{who}: {steps}", "must give a chunk for each of the bounds; it has ended", None)
        checks.instance(f"{who}: {steps}", filled, Mapping, "{factor: rows}")
        for factor in sorted((f for f in source.factors - filled.keys() if f.kind != "event"), key=str):
            checks.refuse(f"{who}: {factor}, {steps}", "must be given, as the source's factors say", None)
        for factor, rows in filled.items():
            where = f"{who}: {factor}, {steps}"
            if factor not in source.factors:
                checks.refuse(where, "must be one of the source's factors", None, "add it to them, or leave it out")
            if isinstance(factor, Event):
                check_hits(where, rows, start, stop, n_paths)
            else:
                _check_rows(where, factor, rows, stop - start, n_paths)
                if factor.kind == "level" and isinstance(rows, np.ndarray):
                    _check_start(where, rows[0], last.get(factor))
                    last[factor] = rows[-1].copy()
        yield filled


def _name(source: RowSource) -> str:
    """Class name of a source, with its module where the name is not unique."""
    kind = type(source)
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}" if kind.__name__.startswith("_") else kind.__name__


def _check_rows(where: str, factor: Factor, rows: object, steps: int, n_paths: int | None) -> None:
    """Refuse anything but a table of finite numbers of the right size, none below the factor's minimum."""
    if not isinstance(rows, np.ndarray) or isinstance(rows, np.ma.MaskedArray):
        masked = isinstance(rows, np.ndarray)
        rule = "must be a plain ndarray, not a masked array" if masked else "must be a plain ndarray"
        checks.refuse_type(where, rule, rows, "rows.filled()" if masked else "")
    if rows.dtype != np.float64:
        checks.refuse_type(where, "must be of float64", rows, "rows.astype(float)")
    n_rows = steps + (factor.kind == "level")
    width = rows.shape[-1] if n_paths is None and rows.ndim == 2 else n_paths
    if rows.shape not in {(n_rows, width), (n_rows, 1)} or not width:
        hint = "levels have a row more than there are steps" if factor.kind == "level" else "a row for each step"
        wide = "n_paths" if n_paths is None else n_paths
        checks.refuse(where, f"must have the shape ({n_rows}, {wide}) or ({n_rows}, 1)", rows, hint)
    least, most = float(rows.min()), float(rows.max())
    if not (least >= factor.minimum and most < np.inf) or (least == factor.minimum and not _may_touch(factor)):
        _refuse_rows(where, factor, rows)


def _may_touch(factor: Factor) -> bool:
    return factor.zero_allowed or factor.is_rate  # a rate may lose everything within a step


def _refuse_rows(where: str, factor: Factor, rows: FloatArray) -> None:
    """Raise an error about the first bad number of a table, with its position."""
    fine = (rows >= factor.minimum) if _may_touch(factor) else (rows > factor.minimum)
    row, path = (int(i) for i in np.argwhere(~(fine & np.isfinite(rows)))[0])
    value = float(rows[row, path])
    place = f"the first that is not is in row {row} on path {path}"
    if np.isinf(value):
        raise NumericalError(checks.message(where, f"overflow: must be finite; {place}", value))
    bound = "finite" if np.isnan(value) else f"{'at least' if _may_touch(factor) else 'above'} {factor.minimum:g}"
    checks.refuse(where, f"must be {bound}; {place}", value)


def _check_start(where: str, first: FloatArray, last: FloatArray | None) -> None:
    """Refuse a level that does not continue from the last row of the chunk before."""
    if last is not None and not (first == last).all():
        path = int(np.argmin(np.broadcast_arrays(first == last, np.zeros(max(first.size, last.size)))[0]))
        before, after = (float(np.broadcast_to(row, max(first.size, last.size))[path]) for row in (last, first))
        rule = f"must begin with the row that ended the chunk before, {before!r} on path {path}"
        checks.refuse(where, rule, after, "rows start to stop, both included")


def check_hits(where: str, hits: object, start: int, stop: int, n_paths: int | None) -> None:
    """Refuse event hits unless they are, for steps in [start, stop), sorted distinct path indices."""
    struck = checks.instance(where, hits, Mapping, "{step: indices of the paths that it strikes}")
    for step, paths in struck.items():
        checks.integer(f"{where}: step", step, start, stop - 1)
        if not isinstance(paths, np.ndarray) or paths.ndim != 1 or paths.dtype.kind != "i":
            checks.refuse_type(
                f"{where}: step {step}", "must be an array of indices of paths", paths, "np.nonzero(mask)[0]"
            )
        most = np.inf if n_paths is None else n_paths - 1
        if paths.size and (paths[0] < 0 or paths[-1] > most or (paths[1:] <= paths[:-1]).any()):
            rule = f"must be indices of paths in [0, {most}], in order and each once"
            checks.refuse(f"{where}: step {step}", rule, paths.tolist()[:8], "np.unique(paths)")


def check_supply(
    where: str,
    grid: TimeGrid,
    n_paths: int,
    sources: Sequence[RowSource],
    numeraire: str,
    hits: Mapping[Event, Hits],
    starts: TimeOffsets | None,
    growth: Mapping[Factor, FloatArray],
) -> None:
    """Refuse bad inputs of a generated market: event hits, time offsets, expected growth, the numeraire's price."""
    for source in sources:
        if Price(numeraire) in source.factors:
            checks.refuse(f"{where}: {_name(source)}", f"must not fill {Price(numeraire)}, which is 1", numeraire)
    for event, struck in hits.items():
        check_hits(f"{where}: event_hits: {event}", struck, 0, grid.n_steps, n_paths)
    if starts is not None and (np.shape(starts) != (n_paths,) or starts.dtype.kind != "m" or np.isnat(starts).any()):
        checks.refuse(f"{where}: time_offsets", f"must be timedelta64 of shape ({n_paths},), and no NaT", starts)
    for factor, grown in growth.items():
        if np.shape(grown) != (grid.n_times,) or not (np.isfinite(grown) & (grown > 0.0)).all():
            rule = f"must have the shape ({grid.n_times},), finite and above 0"
            checks.refuse(f"{where}: growth of {factor}", rule, grown)
