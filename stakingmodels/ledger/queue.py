"""`Queue`: units waiting to be paid out, in a calendar by the step in which they are due."""

import math
from typing import Any, Protocol

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import Account
from stakingmodels.ledger.guards import check_units
from stakingmodels.market import Now
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import any_of, at

_FEW = 4  # tickets on fewer than one path in so many are kept by index
_TINY = 1e-200  # share left of the tickets of a path below which they are written anew

Due = tuple[PathValue, IntArray | None]
"""Units and the paths that they are on (None: all)."""


class Mover(Protocol):
    """Verbs of a book that a queue uses."""

    def move(
        self, from_account: Account, to_account: Account, units: PathValue | None = None, paths: IntArray | None = None
    ) -> None:
        """Move units of one asset between places."""
        ...  # pragma: no cover

    def trade(
        self,
        from_account: Account,
        to_account: Account,
        units: PathValue | None = None,
        cost: PathValue = 0.0,
        *,
        paths: IntArray | None = None,
    ) -> None:
        """Give units of one asset for another at market."""
        ...  # pragma: no cover


class _Ticket:
    """Units that are due together: on all paths, or on some. Units count before losses since the queue began.

    `counts` is 1 on each path that had units when the ticket was made, else 0: where a path's last ticket is paid, all
    goes, and which is the last must not depend on other paths, with which it shares tickets.
    """

    __slots__ = ("counts", "due", "paths", "units")

    def __init__(self, units: FloatArray, due: PathValue, paths: IntArray | None, counts: BoolArray) -> None:
        self.units, self.due, self.paths, self.counts = units, due, paths, counts

    def only(self, chosen: BoolArray) -> "_Ticket":
        """The part on the paths chosen by a mask over this ticket's."""
        where = np.flatnonzero(chosen)
        return _Ticket(
            self.units[where],
            at(self.due, where),
            where if self.paths is None else self.paths[where],
            self.counts[where],
        )


class Queue:
    """Tickets over an account: unbonding, exits, delayed pay-outs. `Book.queue` makes one.

    Tickets are kept by the step in which they are due, so that the work of a step grows with the tickets due in it, and
    not with those that wait. A gain or loss posted to the account changes all tickets of its paths in proportion.

    Parameters
    ----------
    book
        The position's book.
    account
        Account of the queued units; their price moves, but they earn nothing.
    """

    def __init__(self, book: Mover, account: Account) -> None:
        self.account = account
        account.tickets = self
        self._book = book
        self._due: dict[int, list[_Ticket]] = {}
        self._open = np.zeros(account.units.size, dtype=np.int64)  # tickets with units that wait on each path
        self._left: FloatArray | None = None  # share left of the tickets of each path; None while nothing was lost

    def __repr__(self) -> str:
        return f"Queue({self.account!r}, {len(self)} tickets)"

    def __bool__(self) -> bool:
        return bool(self._due)

    def __len__(self) -> int:
        return sum(map(len, self._due.values()))

    def enter(
        self,
        now: Now,
        source: Account,
        units: PathValue | None = None,
        *,
        due_day: PathValue,
        paths: IntArray | None = None,
    ) -> None:
        """Move units (all by default) from another account into the queue.

        Parameters
        ----------
        now
            The interval that closes.
        source
            Account of the same asset.
        units, paths
            Units, one number or one for each of the paths; indices of the paths, if not all.
        due_day
            Day after the opening on which they are due, one number or one for each of the paths.
        """
        there = source.units if paths is None else source.units[paths]
        check_units("Queue.enter", there if units is None else units, there.size)
        moved = np.array(np.broadcast_to(there if units is None else units, there.shape), dtype=np.float64)
        some = np.flatnonzero(moved)
        if not some.size:
            return
        if _FEW * some.size < moved.size:
            paths = some if paths is None else paths[some]
            moved, due_day = moved[some], at(due_day, some)
        counts = moved != 0.0
        self._book.move(source, self.account, None if units is None else moved, paths)
        if self._left is not None:
            moved /= at(self._left, paths)
        due = np.array(due_day) if np.ndim(due_day) else float(due_day)  # a copy: the array is the caller's
        self._file(now, _Ticket(moved, due, None if paths is None else paths.copy(), counts))

    def _file(self, now: Now, ticket: _Ticket) -> None:
        """Put a ticket in the calendar, in parts by the times of the grid at which they are due."""
        self._open[_some(ticket.paths)] += ticket.counts
        times = now.time_index(np.asarray(ticket.due) - DAY_TOL)
        if not times.ndim or (times == times[0]).all():
            self._due.setdefault(int(times.flat[0]), []).append(ticket)
            return
        for time in np.unique(times):
            self._due.setdefault(int(time), []).append(ticket.only(times == time))

    def release(self, now: Now, until: PathValue = math.inf) -> Due | None:
        """Release the units due by the interval's end: units and paths (None: all), or None if there are none.

        With `until` only those due by that day, one number or one per path. The units are still on the account: move
        or trade them at once.
        """
        ready = self._pop(now, until)
        if not ready:
            return None
        for ticket in ready:
            self._open[_some(ticket.paths)] -= ticket.counts
        paths, units = _added(ready, self._open.size)
        if self._left is not None:
            units = units * at(self._left, paths)
        # where no ticket is left all goes, and never more than there is, so that no rounding stays behind
        last, there = self._open[_some(paths)] == 0, self.account.units[_some(paths)]
        units = np.where(last, there, np.minimum(units, there))
        return (units, paths) if any_of(units) else None

    def deliver(self, now: Now, to_account: Account, cost: PathValue = 0.0, until: PathValue = math.inf) -> None:
        """Trade the units due by the interval's end into another account: a sale, or a move between places.

        Parameters
        ----------
        to_account
            Account that gets them, such as ``book.paid_out``.
        cost
            Trading fee, a fraction.
        until
            Day by which they are due, one number or one per path.
        """
        due = self.release(now, until)
        if due is not None:
            units, paths = due
            whole = paths is None and not self._due
            self._book.trade(self.account, to_account, None if whole else units, cost, paths=paths)

    def maturing(self, now: Now, until: PathValue = math.inf) -> FloatArray | None:
        """Units due in the interval, each weighted by the part of the interval after its due day, ``(n_paths,)``.

        None if there are none. To be asked before they are released.

        Parameters
        ----------
        until
            Day on which the part ends, where that is before the interval's end; one number or one per path.
        """
        found: FloatArray | None = None
        for ticket in self._due.get(now.step + 1, ()):
            end = np.minimum(now.elapsed_days, at(until, ticket.paths))
            past = np.clip((end - ticket.due) / now.days, 0.0, 1.0)
            if np.any(past > 0.0):
                found = np.zeros(self._open.size) if found is None else found
                found[_some(ticket.paths)] += ticket.units * past
        return found if found is None or self._left is None else np.multiply(found, self._left, out=found)

    def forward(self, now: Now, target: "Queue", days: float) -> None:
        """Pass the units due by the interval's end on to another queue, where each is due so many days later."""
        for ticket in self._pop(now, math.inf):
            self._open[_some(ticket.paths)] -= ticket.counts
            units = ticket.units if self._left is None else ticket.units * at(self._left, ticket.paths)
            # so that no rounding stays behind
            last, there = self._open[_some(ticket.paths)] == 0, self.account.units[_some(ticket.paths)]
            units = np.where(last, there, np.minimum(units, there))
            target.enter(now, self.account, units, due_day=np.add(ticket.due, days), paths=ticket.paths)

    def hand_over(
        self, now: Now, target: "Queue", share: PathValue, days: PathValue, paths: IntArray | None = None
    ) -> None:
        """Move a share of every ticket into another queue, where it is due `days` after its day here.

        Parameters
        ----------
        now
            The interval that closes.
        target
            Queue of the same asset.
        share, days
            One number, or one for each of the paths.
        paths
            Indices of the paths whose tickets move, if not all.
        """
        if not self._due:
            return
        shares, waits = np.zeros(self._open.size), np.zeros(self._open.size)
        shares[_some(paths)], waits[_some(paths)] = share, days
        for time in list(self._due):
            kept = [self._split(now, ticket, target, shares, waits) for ticket in self._due[time]]
            self._due[time] = [ticket for ticket in kept if ticket is not None]
            if not self._due[time]:
                del self._due[time]
        rest = np.flatnonzero((shares == 1.0) & (self._open == 0) & (self.account.units != 0.0))
        if rest.size:  # the last ticket takes all that is there, so that no rounding stays behind
            self._book.move(self.account, target.account, None, rest)

    def _split(
        self, now: Now, ticket: _Ticket, target: "Queue", shares: FloatArray, waits: FloatArray
    ) -> _Ticket | None:
        """Hand over a part of a ticket; returns the part that stays, if any."""
        share = shares[_some(ticket.paths)]
        goes = np.flatnonzero(share)
        if not goes.size:
            return ticket
        where = goes if ticket.paths is None else ticket.paths[goes]
        part = ticket.units[goes] * share[goes]
        real = part if self._left is None else part * self._left[where]
        target.enter(now, self.account, real, due_day=at(ticket.due, goes) + waits[where], paths=where)
        ticket.units[goes] -= part
        gone = share == 1.0
        if not gone.any():
            return ticket
        self._open[where] -= ticket.counts[goes] & (share[goes] == 1.0)
        return None if gone.all() else ticket.only(~gone)

    def scale(self, paths: IntArray | None, before: FloatArray) -> None:
        """Change the tickets of some paths (None for all) as the account's units have, which were `before`."""
        if not self._due:
            return
        after = at(self.account.units, paths)
        kept = np.ones(before.shape)
        np.divide(after, before, out=kept, where=before != 0.0)
        if self._left is None:
            self._left = np.ones(self._open.size)
        self._left[_some(paths)] *= np.maximum(kept, 0.0)
        tiny = np.flatnonzero(self._left[_some(paths)] < _TINY)
        if tiny.size:
            self._rewrite(self._left, tiny if paths is None else paths[tiny])

    def _rewrite(self, left: FloatArray, paths: IntArray) -> None:
        """Write the losses of some paths into their tickets, so that later tickets can be counted before no losses."""
        factor = np.ones(left.size)
        factor[paths] = left[paths]
        left[paths] = 1.0
        for tickets in self._due.values():
            for ticket in tickets:
                ticket.units = ticket.units * at(factor, ticket.paths)

    def _pop(self, now: Now, until: PathValue) -> list[_Ticket]:
        """Tickets due by the interval's end, and by the day `until`; those that are not stay."""
        time = now.step + 1
        if not self._due or min(self._due) > time:
            return []
        found = [ticket for key in sorted(self._due) if key <= time for ticket in self._due.pop(key)]
        if not isinstance(until, np.ndarray) and until >= now.elapsed_days:
            return found
        ready = []
        for ticket in found:
            limit = at(until, ticket.paths) + DAY_TOL
            due = np.broadcast_to(np.less_equal(ticket.due, limit), ticket.units.shape)
            if not due.all():
                self._due.setdefault(time, []).append(ticket.only(~due))
            if due.any():
                ready.append(ticket if due.all() else ticket.only(due))
        return ready


def _some(paths: IntArray | None) -> "IntArray | slice":
    """Index of some paths (None for all) into an array over all."""
    return slice(None) if paths is None else paths


def _added(tickets: list[_Ticket], n_paths: int) -> tuple[IntArray | None, Any]:
    """Paths (None: all) and sums of the units of tickets, before losses."""
    if len(tickets) == 1:
        return tickets[0].paths, tickets[0].units
    if any(ticket.paths is None for ticket in tickets) or _FEW * sum(t.units.size for t in tickets) > n_paths:
        total = np.zeros(n_paths)
        for ticket in tickets:
            total[_some(ticket.paths)] += ticket.units
        return None, total
    everyone = np.concatenate([ticket.paths for ticket in tickets if ticket.paths is not None])
    paths, place = np.unique(everyone, return_inverse=True)
    return paths, np.bincount(place, np.concatenate([ticket.units for ticket in tickets]), paths.size)
