"""Type aliases for arrays; the shape of each is in its name or comment."""

from typing import Any

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
"""The same value for every path (a float), or one per path: (n_paths,)."""
