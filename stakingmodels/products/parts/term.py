"""`Term`: a fixed term of a deposit, the cost of leaving before it ends, and exits that must wait for its end."""

import math
from typing import Literal

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Now
from stakingmodels.products.parts.per_path import left_of
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import is_zero

EarlyRedemption = Literal["free", "forfeit_all", "forfeit_period", "penalty", "refused"]
"""Cost of leaving before a term ends."""


class Term:
    """Term of a deposit, renewed until the holder leaves. It is the same for all paths.

    Parameters
    ----------
    now
        The opening, from which terms count.
    days
        Days of a term; None for a flexible deposit, which is never left early.
    early, penalty
        Cost of leaving early, and the fraction lost with ``"penalty"``.

    Attributes
    ----------
    leaving
        Share of the stake that leaves when the current term ends, one number or one per path.
    end
        Day on which it does; infinite where nothing waits for it.
    """

    def __init__(self, now: Now, days: float | None, early: EarlyRedemption, penalty: float) -> None:
        self._days = days
        self._early = early
        self._penalty = penalty
        self._n = now.n_paths
        self._opened_days = now.elapsed_days
        self._forfeitable: FloatArray | None = None
        if early in ("forfeit_all", "forfeit_period"):
            self._forfeitable = np.zeros(now.n_paths)
        self.leaving: PathValue = 0.0
        self.end = math.inf

    def days_in(self, now: Now) -> float:
        """Days since the current term began; 0 on the day on which one ends, and for a flexible deposit."""
        if self._days is None:
            return 0.0
        days = math.fmod(now.elapsed_days - self._opened_days, self._days)
        return days if DAY_TOL < days < self._days - DAY_TOL else 0.0

    @property
    def forfeits(self) -> bool:
        """Whether leaving early forfeits rewards, which are to be told by `earned`."""
        return self._forfeitable is not None

    def earned(self, now: Now, rewards: FloatArray) -> None:
        """Add the latest rewards, 0 or more, to those that leaving early would forfeit."""
        if self._forfeitable is None:
            return
        days_in = self.days_in(now)
        if self._early == "forfeit_period" and days_in <= now.days:
            # the term has begun within this interval: only the part of the reward since then can be forfeited
            np.multiply(rewards, days_in / now.days, out=self._forfeitable)
        else:
            self._forfeitable += rewards

    def cut(self, severity: float, paths: IntArray) -> None:
        """Cut the rewards that could be forfeited by a fraction, since a failure has taken it."""
        if self._forfeitable is not None:
            self._forfeitable[paths] *= 1.0 - severity

    def forfeit(
        self, now: Now, book: Book, staked: Account, rewards: Account, share: PathValue, paths: IntArray | None
    ) -> None:
        """Charge the cost of leaving with a share on some paths (None for all), in the middle of a term."""
        early = self.days_in(now) > 0.0
        if early and self._early == "penalty":
            book.lose(Line.FORFEIT, staked, np.multiply(share, self._penalty), paths)
        if self._forfeitable is None:
            return
        some = slice(None) if paths is None else paths
        if early:
            lost = np.clip(self._forfeitable[some] * share, 0.0, rewards.units[some])
            book.post(Line.FORFEIT, rewards, -lost, paths)
        self._forfeitable[some] *= 1.0 - np.asarray(share)

    def hold(self, now: Now, share: PathValue, paths: IntArray | None) -> bool:
        """Keep a share that asks to leave until the current term ends, if it cannot be left; returns whether it is."""
        days_in = self.days_in(now)
        if self._early != "refused" or self._days is None or days_in == 0.0:
            return False
        stays = left_of(1.0 - np.asarray(self.leaving), share, paths, self._n)
        self.leaving = 1.0 - np.asarray(stays) if isinstance(stays, np.ndarray) else 1.0 - float(stays)
        self.end = now.elapsed_days + self._days - days_in
        return True

    def release(self, now: Now) -> tuple[PathValue, IntArray | None, float] | None:
        """Share that leaves since its term has ended, its paths (None: all) and the day; None if there is none."""
        if now.elapsed_days < self.end - DAY_TOL:
            return None
        share, day = self.leaving, self.end
        self.leaving, self.end = 0.0, math.inf
        if is_zero(share):
            return None
        if not isinstance(share, np.ndarray):
            return share, None, day
        paths = np.flatnonzero(share)
        part = share[paths]
        return (1.0 if (part == 1.0).all() else part), (None if paths.size == share.size else paths), day

    def let_in_until(self, now: Now) -> PathValue:
        """Day by which deposits join the stake in this interval: where a share leaves within it, that day."""
        if self.end >= now.elapsed_days:
            return math.inf
        if not isinstance(self.leaving, np.ndarray):
            return self.end
        return np.where(self.leaving > 0.0, self.end, np.inf)
