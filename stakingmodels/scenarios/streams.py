"""`Streams`: random numbers by seed, name and path, so that no number depends on other draws or their order."""

from typing import Any, Literal

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, RNGLike
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.lanes import LANE, KeyedDraws, LaneDraws, Raw, lanes_of, spans
from stakingmodels.scenarios.nets import Net

NoiseKind = Literal["float64", "float32"]
"""Precision of standard normal draws."""
EventDraws = Literal["independent", "stratified"]
"""Sampling of the first occurrences of an event."""
WIDTH_LIMIT = 65_536
"""Most paths of one market."""
REPLICATES_LIMIT = 256
"""Most replicates of a quasi-random run: a power of two that divides a lane."""
_ROWS = 16  # rows drawn at once, so that the buffer stays small


def _first_path(where: str, value: object) -> int:
    path = checks.integer(where, value, 0, checks.PATHS_LIMIT)
    if path % LANE:
        checks.refuse(where, f"must be a multiple of {LANE}", value, f"write {path // LANE * LANE}")
    return path


def _replicates(where: str, value: object) -> int:
    n = checks.integer(where, value, 0, REPLICATES_LIMIT)
    if n & (n - 1):
        checks.refuse(where, "must be a power of two, or 0", value, f"write {1 << n.bit_length() - 1}")
    return n


class _Begun:
    """Streams that have begun, by name, and their number of paths."""

    __slots__ = ("draws", "n_paths")

    def __init__(self) -> None:
        self.n_paths: int | None = None
        self.draws: dict[str, LaneDraws] = {}


@terms.sheet
class Streams(Replaceable):
    """Streams of random numbers for the paths of one market, by name.

    A name is one stream of rows, one number for each path in a row: each call for a name continues where the last one
    ended, and rows are the same whether they are asked for one by one or many at a time. They depend on the seed, the
    name and the number of the path alone: not on other names, nor on how many paths are drawn.

    Parameters
    ----------
    entropy
        The seed, an integer in [0, 2**128).
    first_path
        Number of the first path in the whole run, a multiple of 512. Default 0.
    precision
        Precision of standard normals: ``"float64"``, or ``"float32"``, which is faster and has other numbers.
    event_sampling
        Sampling of the first occurrences of an event: ``"independent"``, or ``"stratified"``, so that in every group of
        2**k neighboring paths that begins at a multiple of 2**k the number of paths hit is its expectation, to within
        one. Means and probabilities stay unbiased; standard errors are still computed as for independent draws, and so
        too large. First occurrences of events in a `Copula`, later occurrences, and the number of a holder's validators
        that are hit stay independent from path to path.
    n_replicates
        Number of replicates of a quasi-random run, a power of two up to 256: path k is a point of replicate ``k %
        n_replicates`` (`scenarios.QuasiRandom`). Noises of scenarios, random openings and first occurrences of events,
        except in a `Copula`, are then points of it, whatever `event_sampling` says; the streams of this class stay
        independent. 0 (default) for a run of independent paths.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels.scenarios import Streams
    >>> streams, out = Streams(1), np.empty((2, 3))
    >>> streams.normals("mine", out)
    >>> streams.fresh().normals("mine", out[0])  # starts over
    >>> bool(np.isfinite(out).all())
    True
    """

    entropy: int = attrs.field(kw_only=False, validator=checks.field(checks.integer, 0, checks.ENTROPY_LIMIT - 1))
    first_path: int = attrs.field(default=0, kw_only=True, validator=checks.field(_first_path))
    precision: NoiseKind = terms.choice(NoiseKind, default="float64")
    event_sampling: EventDraws = terms.choice(EventDraws, default="independent")
    n_replicates: int = attrs.field(default=0, kw_only=True, validator=checks.field(_replicates))
    _begun: _Begun = attrs.field(factory=_Begun, init=False, eq=False, repr=False)

    def fresh(self, n_paths: int | None = None) -> "Streams":
        """A copy at the start of every stream.

        Parameters
        ----------
        n_paths
            Number of paths that it serves; by default as before, or that of the first array to be filled.
        """
        copy = self.replace()
        copy._begun.n_paths = n_paths or self._begun.n_paths  # noqa: SLF001  # of its own class
        return copy

    def normals(self, name: str, out: FloatArray) -> None:
        """Fill an array with standard normals, the next of a stream.

        Parameters
        ----------
        name
            Name of the stream.
        out
            ``(n_paths,)`` for one row, or ``(n_rows, n_paths)``, in float64; the last axis has the market's paths.

        Raises
        ------
        InputError, InputTypeError
            For an array of another shape or dtype, and a name that is no text.
        """
        self._fill("normals", name, out)

    def uniforms(self, name: str, out: FloatArray) -> None:
        """Fill an array with uniforms in [0, 1), the next of a stream; see `normals`."""
        self._fill("uniforms", name, out)

    def exponentials(self, name: str, out: FloatArray) -> None:
        """Fill an array with unit exponentials, the next of a stream; see `normals`."""
        self._fill("exponentials", name, out)
        np.subtract(1.0, out, out=out)  # in (0, 1]
        np.log(out, out=out)
        np.subtract(0.0, out, out=out)  # 0 rather than -0

    def _fill(self, kind: str, name: str, out: FloatArray) -> None:
        rows = self._rows(kind, name, out)
        draws, n_lanes = self._draws(name, rows.shape[1]), lanes_of(rows.shape[1])
        dtype = np.dtype(self.precision if kind == "normals" else np.float64)
        raw: Raw = np.empty((n_lanes, min(len(rows), _ROWS), LANE), dtype=dtype)
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            here = raw[:, : len(part)]
            if kind == "normals":
                draws.fill_normals(here)
            else:
                draws.fill_uniforms(here)
            for places, drawn in spans(part, here):
                np.copyto(places, drawn)

    def _draws(self, name: str, n_paths: int) -> LaneDraws:
        if name not in self._begun.draws:
            self._begun.n_paths = n_paths
            self._begun.draws[name] = LaneDraws(self.entropy, name, self.first_path // LANE, lanes_of(n_paths))
        return self._begun.draws[name]

    def _rows(self, kind: str, name: str, out: FloatArray) -> FloatArray:
        """The array as rows, if it is one that can be filled."""
        where = f"Streams.{kind}"
        if not checks.instance(f"{where}: name", name, str, "a text of your own"):
            checks.refuse(f"{where}: name", "must not be empty", name)
        how = "np.empty((n_rows, n_paths))"
        if not isinstance(out, np.ndarray) or out.dtype != np.float64 or not out.flags.writeable:
            checks.refuse_type(f"{where}({name!r}): out", "must be a float64 array that can be written to", out, how)
        known = self._begun.n_paths
        width = out.shape[-1] if out.ndim else 0
        if out.ndim not in {1, 2} or not 1 <= width <= WIDTH_LIMIT or width != (known or width):
            paths = f"the {known} paths" if known else "the paths"
            rule = f"must have the shape (n_paths,) or (n_rows, n_paths), with {paths} of the market"
            checks.refuse(f"{where}({name!r}): out", rule, out.shape, how)
        return out if out.ndim == 2 else out[None]

    def __reduce__(self) -> tuple[object, ...]:
        return _made, ({field.name: getattr(self, field.name) for field in attrs.fields(Streams) if field.init},)


def _made(given: dict[str, Any]) -> Streams:
    return Streams(**given)


def keyed(streams: Streams, name: str, n_paths: int) -> KeyedDraws:
    """Draws of a name that are keyed by number too, for what is rare: they need not be asked for in order."""
    return KeyedDraws(streams.entropy, name, streams.first_path // LANE, lanes_of(n_paths))


def net_of(streams: Streams, n_paths: int) -> Net:
    """Points of the paths of one market in a quasi-random run."""
    return Net(streams.entropy, streams.first_path, n_paths, streams.n_replicates)


def opening_uniforms(streams: Streams, name: str, out: FloatArray) -> None:
    """Fill an array with uniforms for the opening of each path, ``(n_rows, n_paths)``: points of a quasi-random run."""
    if streams.n_replicates:
        net = net_of(streams, out.shape[1])
        for dimension, row in enumerate(out):
            row[:] = net.uniforms(name, dimension)
    else:
        streams.uniforms(name, out)


def as_entropy(where: str, rng: RNGLike) -> int:
    """Seed of a run as one integer, which repeats the run when passed as ``rng``.

    Takes what SPEC 7 names: an integer, a `numpy.random.SeedSequence`, a `numpy.random.Generator` (which advances), or
    None for fresh entropy.
    """
    if rng is None:
        return int(np.random.SeedSequence().generate_state(2, np.uint64)[0])
    if isinstance(rng, np.random.SeedSequence):
        return int.from_bytes(rng.generate_state(4, np.uint32).tobytes(), "little")
    if isinstance(rng, np.random.Generator):
        return int.from_bytes(rng.bytes(16), "little")
    return checks.integer(where, rng, 0, checks.ENTROPY_LIMIT - 1)
