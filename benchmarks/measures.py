"""Measures of paths: maximum drawdown, Sharpe and Sortino ratio, by the library and by empyrical."""

import numpy as np

from benchmarks.kernels_common import FloatArray
from benchmarks.prices import naive, numbers
from benchmarks.sides import generator
from benchmarks.timing import ratio, take_turns
from stakingmodels.engine.simulation import GROUP
from stakingmodels.measures import max_drawdown, sharpe_ratio, sortino_ratio
from stakingmodels.tables import Table

FEW_PATHS = 256
"""Paths that empyrical is given one by one; its time is scaled to those of the others."""


def library(values: FloatArray) -> list[FloatArray]:
    """The three measures of values, ``(n_times, n_paths)``."""
    return [np.asarray(measure(values)) for measure in (max_drawdown, sharpe_ratio, sortino_ratio)]


def empyrical_at_once(returns: FloatArray) -> list[FloatArray]:
    """The same by empyrical, of returns ``(n_steps, n_paths)``, all paths in one call."""
    import empyrical

    return [
        -empyrical.max_drawdown(returns),
        empyrical.sharpe_ratio(returns, annualization=365),
        empyrical.sortino_ratio(returns, annualization=365),
    ]


def empyrical_by_path(returns: FloatArray) -> list[FloatArray]:
    """The same, path by path, as its own functions are mostly called."""
    return [np.array(each) for each in zip(*map(empyrical_at_once, np.ascontiguousarray(returns.T)), strict=True)]


def values_of(paths: int) -> FloatArray:
    """Prices of one coin, ``(n_times, n_paths)``."""
    law = numbers()
    prices = naive(generator(), law, paths)[0]
    return np.vstack([np.full(paths, law.start[0]), prices])


def report(blocks: int, rounds: int) -> str:
    """The table of times over the library's; empyrical is given its returns, which the library makes of values."""
    values = values_of(blocks * GROUP)
    returns = values[1:] / values[:-1] - 1.0
    few = np.ascontiguousarray(returns[:, :FEW_PATHS])
    calls = {
        "the library": lambda: library(values),
        "empyrical, all paths at once": lambda: empyrical_at_once(returns),
        "empyrical, path by path": lambda: empyrical_by_path(few),
    }
    ours, at_once, by_path = take_turns(tuple(calls.values()), rounds=rounds)
    by_path = by_path * (values.shape[1] / FEW_PATHS)
    rows = [
        (case, f"{values.shape[1] / float(np.median(took)):,.0f}", str(ratio(took, ours)))
        for case, took in zip(calls, (ours, at_once, by_path), strict=True)
    ]
    return Table("", ("drawdown, Sharpe and Sortino", "paths/s", "time over the library's"), rows).to_text()
