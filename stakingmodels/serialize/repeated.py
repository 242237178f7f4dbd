"""`repeat`: results run again from their file alone, and compared with it."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels._version import VERSION
from stakingmodels.analysis import Comparison
from stakingmodels.engine import Results, simulate
from stakingmodels.ledger import Outcome
from stakingmodels.serialize.things import read_file
from stakingmodels.words import Note


@attrs.frozen(kw_only=True)
class Repeat:
    """Comparison of results in a file with the same run made again.

    Attributes
    ----------
    file
        Name of the file.
    n_arrays, n_equal
        Number of arrays in the file's outcomes, and of those whose bits are the same.
    largest_difference
        Largest absolute difference of two numbers over the largest absolute number of their array; 0 if all are equal,
        infinite where one run has an array, a shape or a missing number that the other has not.
    where
        Row and array of the largest difference; empty if all are equal.
    version_then, version_now, numpy_then, numpy_now
        Versions of the library and of numpy that made the file's run and this one.
    """

    file: str
    n_arrays: int
    n_equal: int
    largest_difference: float
    where: str
    version_then: str
    version_now: str
    numpy_then: str
    numpy_now: str

    @property
    def equal(self) -> bool:
        """Whether all bits are the same."""
        return self.n_equal == self.n_arrays

    def summary(self) -> Note:
        """Two sentences: what was found, and the versions; notes, which can be said in other languages."""
        then = {"then": self.version_then, "numpy_then": self.numpy_then}
        now = {"now": self.version_now, "numpy_now": self.numpy_now}
        told = {"file": self.file, "n_arrays": self.n_arrays, "versions": Note("repeat.versions", **then, **now)}
        if self.equal:
            return Note("repeat.same", **told)
        n_other = self.n_arrays - self.n_equal
        return Note("repeat.close", **told, n_other=n_other, difference=self.largest_difference, where=self.where)


def repeat(
    path: str | os.PathLike[str], *, classes: Iterable[type[Any]] = (), executor: Executor | None = None
) -> Repeat:
    """Results of a file run again from its terms, world, times, capital and seed, compared with those in the file.

    On one build of numpy the bits are the same. Figures of reducers are not compared.

    Parameters
    ----------
    path
        A file of results, or of a comparison.
    classes
        As in `load`.
    executor
        As in `simulate`.

    Raises
    ------
    InputError, InputTypeError
        As in `load`; for a file of anything else, and results that kept no outcomes.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from stakingmodels import Holding, TimeGrid, scenarios, serialize, simulate
    >>> grid = TimeGrid.daily("2026-01-01", days=3)
    >>> results = simulate({"hold": Holding("ETH")}, scenarios.reference(), grid, capital=1_000, n_paths=5, rng=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     serialize.save(results, Path(folder, "results.npz"))
    ...     serialize.repeat(Path(folder, "results.npz")).equal
    True
    """
    thing, plain = read_file("repeat", path, classes)
    then = thing.results if isinstance(thing, Comparison) else thing
    checks.instance("repeat: path", then, Results, 'a file of results, save(simulate(...), "results.npz")')
    if not then.outcomes:
        checks.refuse("repeat: path", "must be of results that kept outcomes", then.keep)
    now = _again(then, executor)
    old, new = dict(_arrays(then)), dict(_arrays(now))
    differences = {name: _difference(old.get(name), new.get(name)) for name in {**old, **new}}
    differing = {name: each for name, each in differences.items() if each is not None}
    worst = max(differing, key=lambda name: differing[name], default="")
    return Repeat(
        file=os.path.basename(os.fspath(path)),  # noqa: PTH119  # a text stays a text
        n_arrays=len(differences),
        n_equal=len(differences) - len(differing),
        largest_difference=differing.get(worst, 0.0),
        where=worst,
        version_then=then.version,
        version_now=VERSION,
        numpy_then=str(plain.get("numpy", "")),
        numpy_now=np.__version__,
    )


def _again(then: Results, executor: Executor | None) -> Results:
    return simulate(
        then.products,
        then.scenario,
        then.grid,
        capital=then.capital,
        n_paths=then.n_paths,
        rng=then.entropy,
        executor=executor,
        keep=then.keep,
        precision=then.precision,
        event_sampling=then.event_sampling,
        sampling=then.sampling,
    )


def _arrays(results: Results) -> Iterator[tuple[str, AnyArray]]:
    """Every array of the outcomes, with its row and name."""
    for row, outcome in results.items():
        for field in attrs.fields(Outcome):
            if field.name == "grid":  # given, not computed
                continue
            yield from _within(f"{row}: {field.alias}", getattr(outcome, field.name))


def _within(name: str, value: Any) -> Iterator[tuple[str, AnyArray]]:
    if isinstance(value, np.ndarray):
        yield name, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            words = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield from _within(f"{name} {words}", each)
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _within(f"{name} {number}", each)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _within(f"{name} {field.name}", getattr(value, field.name))


def _difference(one: AnyArray | None, other: AnyArray | None) -> float | None:
    """Largest difference of two arrays over their largest number; None where all bits are the same."""
    if one is None or other is None or one.shape != other.shape or one.dtype != other.dtype:
        return float("inf")
    if np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes():
        return None
    if one.dtype.kind != "f":
        return float("inf")
    usual = np.isfinite(one) & np.isfinite(other)
    if not np.array_equal(one[~usual], other[~usual], equal_nan=True):
        return float("inf")
    largest = max(float(np.max(np.abs(x[usual]), initial=0.0)) for x in (one, other))
    return float(np.max(np.abs(one[usual] - other[usual]), initial=0.0)) / largest if largest else 0.0
