"""Series given to a market, converted to the form that its steps read."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market.factors import Event, Factor
from stakingmodels.market.grid import TimeGrid
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.series import as_events, as_series, frozen, refuse_below, warn_if_percent


def _shape(grid: TimeGrid, where: str, rows: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The series with shape (n_times or 1, n_paths or 1)."""
    n = grid.n_times
    if rows.ndim == 0:
        return rows.reshape(1, 1)
    if rows.shape[0] == n or (rows.ndim == 2 and rows.shape[0] == 1):
        return rows.reshape(rows.shape[0], -1)
    if rows.ndim == 1:
        rows = rows.reshape(-1, 1)
    if rows.shape[1] == n:
        hint = "time is axis 0; transposed?"
    elif rows.shape[0] == grid.n_steps:
        hint = "n_times rows are needed; rates too are given at every grid time"
    else:
        hint = "one row for each grid time"
    return checks.refuse(where, f"must have the shape (n_times, n_paths) with n_times = {n}", rows, hint)


def as_read(grid: TimeGrid, factor: Factor, value: object) -> FloatArray:
    """A given series as steps read it: levels at every time, rates accrued and quantities over every step."""
    where = str(factor)
    _check_index(grid, where, getattr(value, "value", value))
    years = grid.step_days[:, None] / 365.0
    if factor.is_rate:
        rate = as_rate(where, value)
        warn_if_percent(where, np.asarray(rate.value))
        rows = _shape(grid, where, np.asarray(rate.value))
        held = rows[:-1] if rows.shape[0] > 1 else rows
        accrued = np.asarray(type(rate)(held).accrued(years))
        if (accrued < -1.0).any():
            rule = "must not lose more than all within one step"
            checks.refuse(where, rule, float(accrued.min()), "write an APY, or take shorter steps")
        return frozen(accrued)
    if isinstance(value, (APR, APY)):
        checks.refuse_type(where, "is not a rate", value, f"write {where}: {factor.example}")
    given = as_series(where, value) if not _is_number(value) else np.asarray(checks.real(where, value))
    rows = _shape(grid, where, given)
    refuse_below(where, rows, factor.minimum, strict=not factor.zero_allowed)
    if factor.rescales:  # a price, a difficulty: used as divisors
        _refuse_tiny(where, rows)
    steps = grid.n_times if factor.kind == "level" else grid.n_steps
    return np.broadcast_to(rows, (steps, rows.shape[1])) if rows.shape[0] == 1 else rows[:steps]


def _refuse_tiny(where: str, rows: FloatArray) -> None:
    """Refuse numbers so close to 0 that division by them overflows."""
    tiny = (rows > 0.0) & (rows < checks.SMALLEST)
    if tiny.any():
        index = tuple(int(i) for i in np.argwhere(tiny)[0])
        rule = (
            f"must be 0 or at least {checks.SMALLEST:g}; {int(tiny.sum())} values are not, the first at index {index}"
        )
        checks.refuse(where, rule, float(rows[index]))


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float, complex, np.generic)) or type(value).__name__ in (
        "Fraction",
        "Decimal",
    )


def _check_index(grid: TimeGrid, where: str, value: Any) -> None:
    library = type(value).__module__.partition(".")[0]
    if library == "pandas" and hasattr(value, "index"):
        times = np.asarray(value.index.to_numpy())
    elif library == "xarray" and hasattr(value, "dims") and value.dims and value.dims[0] in value.coords:
        times = np.asarray(value.coords[value.dims[0]].to_numpy())
    else:
        return
    if times.size != grid.n_times:
        hint = 'reindex it to grid.times; a series of its own length goes into History({Price("ETH"): series})'
        rule = f"the index must equal the grid's times, {grid.n_times} of them"
        checks.refuse(where, rule, times.size, hint)
    if times.dtype.kind != "M" or not np.array_equal(times.astype("datetime64[s]"), grid.times):
        zoned = getattr(getattr(value, "index", None), "tz", None) is not None
        hint = "index.tz_localize(None) drops the zone of bars" if zoned else "reindex it to grid.times"
        checks.refuse(where, "the index must equal the grid's times", f"{times[0]} to {times[-1]}", hint)


def as_hits(grid: TimeGrid, n_paths: int, event: Event, value: object) -> dict[int, IntArray]:
    """Path indices that a given event hits, by step."""
    rows = _shape(grid, str(event), as_events(str(event), value))
    rows = np.broadcast_to(rows, (grid.n_times, n_paths))[: grid.n_steps]
    return {int(k): np.nonzero(rows[k])[0] for k in np.nonzero(rows.any(axis=1))[0]}


def common_paths(series: Mapping[Factor, object]) -> int:
    """Number of paths common to all two-dimensional series; 1 if there are none."""
    shapes: dict[Factor, tuple[int, ...]] = {}
    for factor, value in series.items():
        shape = getattr(getattr(value, "value", value), "shape", ())
        if isinstance(shape, tuple) and len(shape) == 2:
            shapes[factor] = shape
    for factor, shape in shapes.items():
        first = next(iter(shapes))
        if shape[1] != shapes[first][1]:
            rule = f"all series must have the same n_paths; {first} is {shapes[first]}, {factor} is {shape}"
            checks.refuse("Market.series", rule, shape[1], "(n_times,) and constants serve all paths")
    return max(1, next(iter(shapes.values()), (1, 1))[1])
