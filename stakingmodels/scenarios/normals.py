"""Standard normals made of uniforms, many at a time (Box and Muller 1958)."""

from typing import Any

import numpy as np

from stakingmodels._types import FloatArray

Rows = np.ndarray[Any, np.dtype[Any]]


def box_muller(uniforms: FloatArray, out: FloatArray, tmp: FloatArray) -> None:
    """Standard normals of uniforms in [0, 1), half of each row from radius and half from angle.

    ``r cos(2 pi v)`` and ``r sin(2 pi v)`` with ``r = sqrt(-2 log(u))``, of two uniforms (Box and Muller 1958). In
    these functions numpy works on several values at a time, which it cannot do for its own standard normals. Neither
    can it for cosine and sine in double precision: both come from ``t = tan(pi v)``, as ``2 / (1 + t**2) - 1`` and
    ``2 t / (1 + t**2)``. None is beyond 8.6, since a uniform has 53 bits.

    Parameters
    ----------
    uniforms, out
        ``(..., width)`` with an even width; they may be one array.
    tmp
        Workspaces, ``(3, ..., width / 2)``: numpy's calls on many short stretches would take a third longer.
    """
    first, second = _halves(uniforms)
    radius, angle, root = tmp
    np.subtract(1.0, first, out=radius)  # in (0, 1]
    np.multiply(second, np.pi, out=angle)
    np.log(radius, out=radius)
    np.multiply(radius, -8.0, out=radius)
    np.sqrt(radius, out=radius)  # 2 r
    np.tan(angle, out=angle)
    np.multiply(angle, angle, out=root)
    np.add(root, 1.0, out=root)
    np.divide(radius, root, out=root)
    first, second = _halves(out)
    np.multiply(angle, root, out=second)
    np.multiply(radius, -0.5, out=radius)
    np.add(radius, root, out=first)


def box_muller_float32(rows: Rows) -> None:
    """Turn random bits, 32 in each place of a float32 array, into standard normals in single precision.

    None is beyond 5.8, since a uniform has 24 bits.
    """
    bits = rows.view(np.uint32)
    np.copyto(rows, np.right_shift(bits, 8), casting="unsafe")  # exact below 2**24
    radius, angle = _halves(rows)
    np.add(radius, np.float32(1.0), out=radius)
    np.multiply(radius, np.float32(2.0**-24), out=radius)  # in (0, 1]
    np.log(radius, out=radius)
    np.multiply(radius, np.float32(-2.0), out=radius)
    np.sqrt(radius, out=radius)
    np.multiply(angle, np.float32(2.0 * np.pi * 2.0**-24), out=angle)
    cosine = np.cos(angle)
    np.sin(angle, out=angle)
    np.multiply(angle, radius, out=angle)
    np.multiply(radius, cosine, out=radius)


def _halves(rows: Rows) -> tuple[Any, Any]:
    middle = rows.shape[-1] // 2
    return rows[..., :middle], rows[..., middle:]
