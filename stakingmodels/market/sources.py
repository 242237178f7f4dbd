"""`Sources`: what fills the rows of a market, each reading of which has its own."""

import contextlib
import threading
from collections.abc import Generator, Sequence

from stakingmodels.errors import ExecutionError
from stakingmodels.market.filled import MakeSources, Source


class Sources:
    """The sources of a market, for one reading after the other or for several at once.

    Parameters
    ----------
    given
        The sources.
    anew
        Makes such sources anew, so that every reading has its own and none sees another; None where that cannot be
        done, so that they serve one reading at a time: the latest.
    """

    def __init__(self, given: Sequence[Source], anew: MakeSources | None = None) -> None:
        self.first = tuple(given)
        self._anew = anew
        self._unread = [self.first]
        self._are_shared: bool | None = None if anew is not None and self.first else bool(self.first)
        self._lock = threading.RLock()
        self._latest: Reading | None = None

    def reading(self) -> "Reading":
        """Begin to read, with sources that no other reading has, if they can be made."""
        with self._lock:
            sources = self._unread.pop() if self._unread else self._made()
            self._latest = Reading(self, sources)
            return self._latest

    def _made(self) -> tuple[Source, ...]:
        if self._anew is None:
            return self.first
        made = tuple(self._anew())
        if not self._are_shared:  # a scenario that keeps its sources hands out the same again
            self._are_shared = any(one is other for one in made for other in self.first)
        return made

    def turn(self, reading: "Reading") -> contextlib.AbstractContextManager[object]:
        """For as long as a reading has its sources fill a chunk; no other has the same ones do so meanwhile.

        Raises
        ------
        ExecutionError
            Where the sources are those of another reading by now.
        """
        return contextlib.nullcontext() if self._are_shared is False else self._alone(reading)

    @contextlib.contextmanager
    def _alone(self, reading: "Reading") -> Generator[None]:
        with self._lock:
            self.check(reading)
            yield

    def check(self, reading: "Reading") -> None:
        """Refuse to go on where another reading has taken over the sources, and so what they hold."""
        if self._are_shared and reading is not self._latest:
            raise ExecutionError(
                "Market: another run has begun to read this market, whose sources serve one run at a time "
                "(make a market for each run, or tell Market.generated how to make its sources anew)"
            )

    def __reduce__(self) -> tuple[object, ...]:
        return Sources, (self.first, self._anew)


class Reading:
    """One pass over a market, with the sources that it has for itself."""

    def __init__(self, owner: Sources, sources: tuple[Source, ...]) -> None:
        self._owner = owner
        self.sources = sources

    def turn(self) -> contextlib.AbstractContextManager[object]:
        """See `Sources.turn`."""
        return self._owner.turn(self)

    def check(self) -> None:
        """See `Sources.check`."""
        self._owner.check(self)
