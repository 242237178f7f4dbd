"""State of the process that a check must leave alone: generators, error settings, warnings, environment, output."""

import decimal
import io
import locale
import os
import random
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np

_SEED = 20_261_201


class _Marker(Warning):
    """First entry of the filters, so that a filter set again is noticed."""


def changed_by(act: Callable[[], object]) -> list[str]:
    """Names of the parts of the process's state that a call changes, none of them in the end."""
    with restored_generators(), warnings.catch_warnings():
        warnings.simplefilter("default", category=_Marker)
        seed_generators(_SEED)  # a call before may have left them seeded as this one does
        before = _state()
        act()
        after = _state()
    return [name for name, value in before.items() if after[name] != value]


def printed_by(act: Callable[[], object]) -> str:
    """Text that a call prints, on either stream."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        act()
    return out.getvalue() + err.getvalue()


def _state() -> dict[str, object]:
    return {
        "numpy's global generator": repr(np.random.get_state(legacy=False)),  # noqa: NPY002 (others may draw from it)
        "Python's global generator": random.getstate(),
        "numpy's error settings": np.geterr(),
        "the warning filters": list(warnings.filters),
        "the decimal context": repr(decimal.getcontext()),
        "the locale": locale.setlocale(locale.LC_ALL),
        "the environment": dict(os.environ),
        "the working directory": Path.cwd(),
    }


@contextmanager
def restored_generators() -> Generator[None]:
    """Put numpy's and Python's global generators back as they were."""
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


def seed_generators(seed: int) -> None:
    """Seed the global generators of Python and of numpy."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
