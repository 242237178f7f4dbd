"""`Sources`: the sources of a market's rows, separate for each reading."""

import contextlib
import threading
from collections.abc import Generator, Sequence

from stakingmodels.errors import ExecutionError
from stakingmodels.market.filled import MakeSources, RowSource


class Sources:
    """The sources of a market, for one reading after the other or for several at once.

    Parameters
    ----------
    given
        The sources.
    anew
        Makes new sources, so that every reading has its own; None where that is impossible, so that they serve one
        reading at a time, the latest.
    """

    def __init__(self, given: Sequence[RowSource], anew: MakeSources | None = None) -> None:
        self.first = tuple(given)
        self._anew = anew
        self._unread = [self.first]
        self._are_shared: bool | None = None if anew is not None and self.first else bool(self.first)
        self._lock = threading.RLock()
        self._latest: Reading | None = None

    def reading(self) -> "Reading":
        """Begin a reading, with sources of its own if they can be made."""
        with self._lock:
            sources = self._unread.pop() if self._unread else self._made()
            self._latest = Reading(self, sources)
            return self._latest

    def _made(self) -> tuple[RowSource, ...]:
        if self._anew is None:
            return self.first
        made = tuple(self._anew())
        if not self._are_shared:  # a scenario that keeps its sources returns the same ones again
            self._are_shared = any(one is other for one in made for other in self.first)
        return made

    def turn(self, reading: "Reading") -> contextlib.AbstractContextManager[object]:
        """Lock on the sources while they fill a chunk for a reading.

        Raises
        ------
        ExecutionError
            Where another reading has taken the sources over.
        """
        return contextlib.nullcontext() if self._are_shared is False else self._alone(reading)

    @contextlib.contextmanager
    def _alone(self, reading: "Reading") -> Generator[None]:
        with self._lock:
            self.check(reading)
            yield

    def check(self, reading: "Reading") -> None:
        """Raise `ExecutionError` where another reading has taken over the sources and their state."""
        if self._are_shared and reading is not self._latest:
            raise ExecutionError(
                "Market: another run has begun to read this market, whose sources serve one run at a time "
                "(make a market for each run, or tell Market.generated how to make its sources anew)"
            )

    def __reduce__(self) -> tuple[object, ...]:
        return Sources, (self.first, self._anew)


class Reading:
    """One pass over a market, with its own sources."""

    def __init__(self, owner: Sources, sources: tuple[RowSource, ...]) -> None:
        self._owner = owner
        self.sources = sources

    def turn(self) -> contextlib.AbstractContextManager[object]:
        """See `Sources.turn`."""
        return self._owner.turn(self)

    def check(self) -> None:
        """See `Sources.check`."""
        self._owner.check(self)
