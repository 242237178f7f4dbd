"""`Queue`: units waiting to be paid out, as tickets with their due days."""

import math

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import Account
from stakingmodels.ledger.book import Book
from stakingmodels.market import Now
from stakingmodels.tolerances import DAY_TOL, REL_TOL
from stakingmodels.values import lowest


class _Ticket:
    def __init__(self, units: FloatArray, due: PathValue) -> None:
        self.units = units
        self.due = due


class Queue:
    """Tickets over an account: unbonding, exits, delayed pay-outs.

    Parameters
    ----------
    book
        The position's book.
    account
        Account of the queued units; their price moves, but they earn nothing.
    """

    def __init__(self, book: Book, account: Account) -> None:
        self.account = account
        self._book = book
        self._tickets: list[_Ticket] = []

    def __repr__(self) -> str:
        return f"Queue({self.account!r}, {len(self)} tickets)"

    def __len__(self) -> int:
        return len(self._tickets)

    def enter(self, from_account: Account, units: PathValue | None, due_days: PathValue) -> None:
        """Move units (all by default) from `from_account` into the queue, due on day `due_days` after the opening."""
        moved = np.array(np.broadcast_to(from_account.units if units is None else units, from_account.units.shape))
        self._book.move(from_account, self.account, units)
        self._tickets.append(_Ticket(moved, due_days))

    def release(self, now: Now, until: float = math.inf) -> FloatArray | None:
        """Release the units due by the interval's end and return them; None if there are none.

        With `until` only those due by that day.
        """
        now_due = min(now.elapsed_days, until) + DAY_TOL
        if not any(lowest(ticket.due) <= now_due for ticket in self._tickets):
            return None
        released = np.zeros(now.n_paths)
        waiting = []
        for ticket in self._tickets:
            due = np.broadcast_to(np.asarray(ticket.due) <= now_due, released.shape)
            released += ticket.units * due
            if not due.all():
                ticket.units = ticket.units * ~due
                waiting.append(ticket)
        self._tickets = waiting
        if not released.any():
            return None
        left = sum((ticket.units for ticket in waiting), np.zeros(now.n_paths))
        # where no ticket is left all goes, so that no rounding stays behind
        dust = np.abs(self.account.units - released) <= REL_TOL * released
        return np.where((left == 0.0) & dust, self.account.units, released)

    def past_due(self, now: Now, lead_days: float = 0.0, until: float = math.inf) -> FloatArray | None:
        """Units of the queue, each weighted by the part of the interval past its due day; None if there are none.

        Parameters
        ----------
        now
            The interval that closes, of a length above 0; to be asked before `release`.
        lead_days
            Days before the due day from which units are counted.
        until
            Day on which the part ends, where that is before the interval's end.
        """
        found: FloatArray | None = None
        for ticket in self._tickets:
            past = np.clip((min(now.elapsed_days, until) + lead_days - ticket.due) / now.days, 0.0, 1.0)
            if np.any(past > 0.0):
                found = ticket.units * past if found is None else found + ticket.units * past
        return found

    def hand_over(self, target: "Queue", share: float, days: PathValue) -> None:
        """Move a share of every ticket into another queue, where it is due `days` after its day here."""
        tickets = self._tickets
        for number, ticket in enumerate(tickets, 1):
            units = ticket.units * share
            ticket.units = ticket.units - units
            # the last one takes all that is there, so that no rounding stays behind
            is_all = share == 1.0 and number == len(tickets)
            target.enter(self.account, None if is_all else units, ticket.due + days)
        if share == 1.0:
            self._tickets = []

    def shrink(self, paths: IntArray, severity: PathValue) -> FloatArray:
        """Cut the tickets of some paths by a fraction, one for all or one for each.

        Returns the units cut on each, for the caller to post.
        """
        cut = np.zeros(paths.shape)
        for ticket in self._tickets:
            lost = ticket.units[paths] * severity
            ticket.units[paths] -= lost
            cut += lost
        return cut
