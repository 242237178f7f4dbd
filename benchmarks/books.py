"""The main comparison: the five products, each alone and all together, against kernels with and without a ledger."""

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from benchmarks import against, draws, machine, naive, plain, runs, sides, worlds
from benchmarks.fused import Figures
from benchmarks.kernels_common import FloatArray
from benchmarks.sides import KERNELS, STEPS, Call, Given, generator
from benchmarks.terms import kernel_terms, kernel_world
from benchmarks.timing import Held, Ratio, limits_table, ratio, take_turns
from benchmarks.version import OLD, ROOT, Version, checkout
from stakingmodels.engine import Results, simulate
from stakingmodels.engine.simulation import GROUP
from stakingmodels.tables import Table

WHOLE = "whole"
PLAIN_PATHS = 16
"""Paths that plain Python runs; its time is scaled to those of the others."""
_LEVEL = 0.95
_COLUMNS = ("same lines", "same lines, float32", "no ledger", "no ledger, float32")
DRAWING = "drawing the levels only"
LIMITS = {machine.WITHOUT: {"same lines": 2.0, "no ledger": 2.3, DRAWING: 1.25}, machine.WITH: {}}
"""The most that the whole, or drawing the levels, may take over its kernel, by kind of machine."""
OLD_LIMIT = 1.15
"""With AVX-512, the most that the five products of the fixed workload may take over their time by 0ebcfe6."""
PYTHON_LIMIT = 25.0


@attrs.frozen
class Row:
    """Product-path-steps a second of the library, its time over the kernels', and plain Python's and numpy's over its.

    Whole arrays of numpy do the work without a ledger, and plain Python that with it.
    """

    steps_per_second: float
    ratios: dict[str, Ratio]
    python: Ratio | None = None
    arrays: Ratio | None = None


class Library:
    """The library's sides: a run, with normals in double or single precision, and the risk of what came of it."""

    def __init__(self, names: Sequence[str], paths: int) -> None:
        self._products = {name: worlds.PRODUCTS[name] for name in names}
        self._scenario = worlds.scenario_of(worlds.levels_of(names))
        self._paths = paths
        self._last: Results | None = None

    def run(self, noise: str) -> None:
        self._last = simulate(
            self._products,
            self._scenario,
            worlds.GRID,
            capital=worlds.CAPITAL,
            n_paths=self._paths,
            rng=worlds.SEED,
            precision=noise,
        )

    def risk(self) -> None:
        if self._last is None:
            raise RuntimeError("nothing was run")
        for name in self._last:
            self._last[name].risk(confidence_level=_LEVEL)


def tail_figures(kept: FloatArray) -> tuple[float, float, float]:
    """Value at risk, expected shortfall and probability of loss, off one sort, as fractions of the capital."""
    returns = np.sort(kept / worlds.CAPITAL - 1.0)
    beyond = round(returns.size * (1.0 - _LEVEL))
    losses = np.searchsorted(returns, 0.0) / returns.size
    return -float(returns[beyond]), -float(returns[:beyond].mean()), float(losses)


Kernels = tuple[Call, Call, Call, Call]
"""With a ledger, without, with it in plain Python, and without it in whole arrays of numpy."""


def _arrays(names: Sequence[str], paths: int) -> Call:
    """Some products in whole arrays of numpy."""
    rng, world = generator(), kernel_world()
    terms = {name: kernel_terms(worlds.PRODUCTS[name]) for name in names}
    levels = [worlds.LEVELS.index(level) for level in worlds.levels_of(names)]
    events = {event for name in names for event in KERNELS[name].events}

    def in_whole_arrays() -> None:
        drawn = naive.draw(rng, world, STEPS, paths, levels, sorted(events))
        for name in names:
            tail_figures(naive.BOOKS[KERNELS[name].fused.__name__](drawn, world, terms[name])[0])

    return in_whole_arrays


def _product_kernels(name: str, paths: int) -> Kernels:
    """One product in a world of just what it reads."""
    kernel, world, terms = KERNELS[name], kernel_world(), kernel_terms(worlds.PRODUCTS[name])
    rng, modules = generator(), plain.uncompiled()
    lines = runs.drawn(kernel.draw, kernel.book, kernel.events)
    fused = runs.drawn(kernel.draw, kernel.fused, kernel.events)
    slow_world, slow_terms = plain.numbers(world), plain.numbers(terms)
    python = modules["runs"].drawn(plain.twin(modules, kernel.draw), plain.twin(modules, kernel.book), kernel.events)
    sums = np.empty((paths, len(kernel.sums._fields)))
    few = np.empty((PLAIN_PATHS, len(kernel.sums._fields)))
    figures = np.empty((paths, len(Figures._fields)))

    def without_ledger() -> None:
        fused(rng, world, STEPS, terms, figures)
        tail_figures(figures[:, 0])

    return (
        lambda: lines(rng, world, STEPS, terms, sums),
        without_ledger,
        lambda: python(rng, slow_world, STEPS, slow_terms, few),
        _arrays([name], paths),
    )


def _whole_kernels(paths: int) -> Kernels:
    """The same for all products on the same worlds."""
    world, rng, modules = kernel_world(), generator(), plain.uncompiled()
    terms: Any = tuple(kernel_terms(product) for product in worlds.PRODUCTS.values())
    slow_world, slow_terms = plain.numbers(world), tuple(map(plain.numbers, terms))
    sums: Any = tuple(np.empty((paths, len(KERNELS[name].sums._fields))) for name in worlds.PRODUCTS)
    few: Any = tuple(np.empty((PLAIN_PATHS, each.shape[1])) for each in sums)
    figures: Any = tuple(np.empty((paths, len(Figures._fields))) for _ in worlds.PRODUCTS)

    def without_ledger() -> None:
        runs.whole_fused(rng, world, STEPS, terms, figures)
        for each in figures:
            tail_figures(each[:, 0])

    return (
        lambda: runs.whole(rng, world, STEPS, terms, sums),
        without_ledger,
        lambda: modules["runs"].whole(rng, slow_world, STEPS, slow_terms, few),
        _arrays(list(worlds.PRODUCTS), paths),
    )


def _row(names: Sequence[str], kernels: Kernels, paths: int, rounds: int) -> Row:
    library = Library(names, paths)
    calls = (lambda: library.run("float64"), lambda: library.run("float32"), library.risk, *kernels)
    double, single, risk, lines, fused, python, arrays = take_turns(calls, rounds=rounds)
    ratios = (ratio(double, lines), ratio(single, lines), ratio(double + risk, fused), ratio(single + risk, fused))
    return Row(
        paths * STEPS * len(names) / float(np.median(double)),
        dict(zip(_COLUMNS, ratios, strict=True)),
        ratio(python * (paths / PLAIN_PATHS), double),
        ratio(arrays, double + risk),
    )


def _on_given_paths(name: str, given: Given, rounds: int) -> Ratio:
    """The books alone: one product on paths that are there already; a validator's blocks then come as their mean."""
    kernel, world, product = KERNELS[name], kernel_world(), worlds.PRODUCTS[name]
    run, terms = runs.given(kernel.book), kernel_terms(product, luck=False)
    sums: npt.NDArray[np.float64] = np.empty((given.market.n_paths, len(kernel.sums._fields)))
    calls = (
        lambda: product.run(given.market, capital=worlds.CAPITAL),
        lambda: run(given.rows, given.strikes, world, terms, sums),
    )
    ours, theirs = take_turns(calls, rounds=rounds)
    return ratio(ours, theirs)


def _drawing(paths: int, rounds: int) -> Row:
    """Drawing the world's levels, and doing nothing with them."""
    rng, world, last = generator(), kernel_world(), np.empty((len(worlds.LEVELS), paths))
    calls = (
        lambda: sides.draw_levels(paths, "float64"),
        lambda: sides.draw_levels(paths, "float32"),
        lambda: draws.levels(rng, world, STEPS, last),
    )
    double, single, theirs = take_turns(calls, rounds=rounds)
    ratios = dict(zip(_COLUMNS, (ratio(double, theirs), ratio(single, theirs)), strict=False))
    return Row(paths * STEPS / float(np.median(double)), ratios)


def _over_old(rounds: int) -> Held:
    """The five products of the fixed workload over their time by 0ebcfe6."""
    with checkout() as root, Version(root, "old") as old, Version(ROOT, "new") as new:
        found = against.classes(new, old, rounds)
    return Held(f"{OLD}: the five products of workload.toml", found.times.median, OLD_LIMIT)


def report(blocks: int, rounds: int) -> str:
    """The table of the five products and the whole, and how the limits are kept."""
    paths, names = blocks * GROUP, list(worlds.PRODUCTS)
    given = sides.given_paths(GROUP)
    rows = {name: _row([name], _product_kernels(name, paths), paths, rounds) for name in names}
    books = {name: str(_on_given_paths(name, given, rounds)) for name in names}
    rows[WHOLE] = _row(names, _whole_kernels(paths), paths, rounds)
    rows[DRAWING] = _drawing(paths, rounds)
    last = ("books alone", "plain Python over ours", "whole arrays over ours")
    cells = []
    for name, row in rows.items():
        ratios = [str(row.ratios.get(column, "")) for column in _COLUMNS]
        others = [str(each or "") for each in (row.python, row.arrays)]
        cells.append((name, f"{row.steps_per_second / 1e6:.0f}", *ratios, books.get(name, ""), *others))
    table = Table("", ("time over a numba kernel", "million steps/s", *_COLUMNS, *last), cells).to_text()
    kind = machine.kind()
    held = _held(rows, kind) + ([_over_old(rounds)] if kind == machine.WITH else [])
    return f"{table}\n\n{limits_table(f'times over, {kind}', held)}"


def _held(rows: dict[str, Row], kind: str) -> list[Held]:
    """The limits of a kind of machine; that of plain Python is held against the worst product too."""
    limits = LIMITS[kind]
    found = [Held(f"{c}: {WHOLE}", rows[WHOLE].ratios[c].median, limits[c]) for c in _COLUMNS if c in limits]
    if DRAWING in limits:
        found.append(Held(DRAWING, rows[DRAWING].ratios[_COLUMNS[0]].median, limits[DRAWING]))
    times = {name: row.python.median for name, row in rows.items() if row.python is not None}
    names = dict.fromkeys((WHOLE, min(times, key=times.__getitem__)))
    return found + [Held(f"plain Python over ours: {name}", times[name], PYTHON_LIMIT, least=True) for name in names]
