"""The kernels' own source run by Python without a compiler: a loop over paths as one would write it by hand."""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any
from unittest import mock

import numba
import numpy as np

from benchmarks.draws import MOST_STRIKES
from benchmarks.kernels_common import N_EVENTS

_MODULES = (
    "benchmarks.kernels_common",
    "benchmarks.kernels_solo",
    "benchmarks.kernels_pool",
    "benchmarks.kernels_token",
    "benchmarks.kernels_exchange",
    "benchmarks.kernels_mining",
    "benchmarks.draws",
    "benchmarks.fused",
    "benchmarks.runs",
)


def uncompiled() -> dict[str, ModuleType]:
    """The kernels' modules once more, beside the compiled ones, with every kernel a plain function on lists."""
    compiled = {name: sys.modules.pop(name) for name in _MODULES if name in sys.modules}
    try:
        with mock.patch.object(numba, "njit", return_value=_as_written):
            modules = {name.rpartition(".")[2]: importlib.import_module(name) for name in _MODULES}
    finally:
        for name in _MODULES:
            sys.modules.pop(name, None)
        sys.modules.update(compiled)
    modules["runs"].buffers = _buffers  # type: ignore[attr-defined]  # plain Python is slower on arrays than on lists
    return modules


def _as_written(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def twin(modules: dict[str, ModuleType], kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The plain function that a kernel was compiled from, of those modules."""
    return getattr(modules[kernel.__module__.rpartition(".")[2]], kernel.__name__)


def numbers(terms: Any) -> Any:
    """Terms with lists of plain numbers for arrays."""
    arrays = {field: array for field, array in terms._asdict().items() if isinstance(array, np.ndarray)}
    return terms._replace(**{field: array.tolist() for field, array in arrays.items()})


def _buffers(n_steps: int) -> tuple[list[list[float]], list[list[int]]]:
    return [[0.0] * (n_steps + 1) for _ in range(4)], [[0] * MOST_STRIKES for _ in range(N_EVENTS)]
