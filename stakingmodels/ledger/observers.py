"""`Observers`: functions that are told every entry of a book and its relatives."""

from collections.abc import Callable

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import Account
from stakingmodels.ledger.lines import Line
from stakingmodels.ledger.record import Entry, wide
from stakingmodels.series import frozen

Observer = Callable[[int, Line | None, Account, FloatArray, IntArray | None], None]
"""Function of an entry: step (-1 at the opening), line (None for one side of a move, trade or transfer), account,
signed units (one for each path), and indices of the paths (None: all)."""


Flow = tuple[IntArray | None, PathValue]
"""Money that passed between the holder and a book: paths (None for all), and amounts, positive to the holder."""


class Observers:
    """Functions that listen to the books of a run, and the money that passed between the holder and the books.

    Attributes
    ----------
    all
        The functions; empty while nobody listens.
    flows
        Money that passed since somebody cleared the list; None where nobody keeps it.
    """

    def __init__(self) -> None:
        self.all: list[Observer] = []
        self.flows: list[Flow] | None = None

    def add(self, observer: Observer) -> None:
        """Tell this function all entries from now on."""
        self.all.append(observer)

    def tell(self, step: int, line: Line | None, account: Account, units: PathValue, paths: IntArray | None) -> None:
        """Tell all of them one entry."""
        size = account.units.size if paths is None else paths.size
        each = np.broadcast_to(np.asarray(units, dtype=np.float64), (size,))
        for observer in self.all:
            observer(step, line, account, each, paths)


class StepLedger:
    """Observer that keeps every entry of a run.

    Attributes
    ----------
    entries
        The entries so far, in their order.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def __call__(
        self, step: int, line: Line | None, account: Account, units: FloatArray, paths: IntArray | None
    ) -> None:
        """Keep an entry."""
        where = (account.book, account.asset, account.place, account.mark)
        self.entries.append(Entry(step, line, *where, frozen(wide(units, paths, account.units.size))))
