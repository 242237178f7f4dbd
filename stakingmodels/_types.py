"""Type aliases of what is given and of arrays; the shape of an array is in its name or comment."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]
"""Any array."""
FloatArray = npt.NDArray[np.float64]
"""Any float64 array."""
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.int32]
"""Indices stored in large numbers: of paths, of times."""
DateArray = npt.NDArray[np.datetime64]
PathArray = FloatArray
"""One value per path: (n_paths,)."""
PathValue = float | FloatArray
"""One value for all paths (a float), or one per path: (n_paths,)."""

RNGLike = int | np.integer[Any] | np.random.SeedSequence | np.random.Generator | None
"""A seed: an integer in [0, 2**128); a `numpy.random.SeedSequence`; a `numpy.random.Generator`, which advances; or None
for fresh entropy. As SPEC 7 of Scientific Python has it."""
DateLike = str | dt.date | np.datetime64
"""A moment, naive or in UTC: text in ISO 8601 ("2026-01-31"), `datetime.date` or `datetime.datetime`, or
`numpy.datetime64`. Midnight in a time zone is a daily bar there, and keeps its date."""


class HasArray(Protocol):
    """A column of pandas, polars or xarray."""

    def to_numpy(self) -> AnyArray:
        """Its values."""
        ...


SeriesLike = float | Sequence[float] | AnyArray | HasArray
"""A number (constant), or numbers in time order: a list, an array or a column of pandas, polars or xarray. Arrays are
``(n_times,)`` for all paths, ``(1, n_paths)`` constant in time, or ``(n_times, n_paths)``."""
