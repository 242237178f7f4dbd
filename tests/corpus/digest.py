"""`digest`: a hash of the exact bits of nested values."""

import hashlib
from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np


def digest(value: object) -> str:
    """Hash of arrays (dtype, shape and bytes), floats (repr), ints, fractions, text, None, and sequences of them."""
    state = hashlib.blake2b(digest_size=16)
    _feed(state.update, value)
    return state.hexdigest()


def bag(values: Iterable[object]) -> list[str]:
    """Values whose order says nothing, as a list that does not depend on it."""
    return sorted(digest(value) for value in values)


def _feed(update: Callable[[bytes], None], value: object) -> None:
    if isinstance(value, list | tuple):
        update(f"[{len(value)}".encode())
        for part in value:
            _feed(update, part)
    elif isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            _feed(update, value.tolist())
            return
        update(f"a{value.dtype.str}{value.shape}".encode())
        update(np.ascontiguousarray(value).tobytes())
    else:
        text = _text(value).encode()
        update(f"{len(text)}:".encode() + text)


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | np.bool_):
        return str(value)
    if isinstance(value, int | np.integer):
        return f"i{int(value)}"
    if isinstance(value, float | np.floating):
        return f"f{float(value)!r}"
    if isinstance(value, str | Fraction | np.datetime64):
        return f"s{value}"
    raise TypeError(f"not a value that is hashed: {type(value).__name__}")
