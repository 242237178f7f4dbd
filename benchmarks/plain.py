"""The kernels' own source run by Python without a compiler: a loop over paths as one would write it by hand."""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numba

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
    """The kernels' modules once more, beside the compiled ones, with every kernel a plain Python function."""
    compiled = {name: sys.modules.pop(name) for name in _MODULES if name in sys.modules}
    switch, numba.config.DISABLE_JIT = numba.config.DISABLE_JIT, True
    try:
        return {name.rpartition(".")[2]: importlib.import_module(name) for name in _MODULES}
    finally:
        numba.config.DISABLE_JIT = switch
        for name in _MODULES:
            sys.modules.pop(name, None)
        sys.modules.update(compiled)


def twin(modules: dict[str, ModuleType], kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The plain function that a kernel was compiled from, of those modules."""
    module = modules[kernel.__module__.rpartition(".")[2]]
    return getattr(module, kernel.__name__)
