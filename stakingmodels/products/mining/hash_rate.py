"""`HashRate`: running machines of a contract, the coins that they mine, and their bills."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Now
from stakingmodels.market.grid import day_end
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import any_of


class HashRate:
    """Hash rate on each path, which failures and early exits cut.

    Parameters
    ----------
    now
        The opening.
    th_s
        TH/s, ``(n_paths,)``.
    uptime
        Fraction of the time that machines run.

    Attributes
    ----------
    works
        Mask of the paths with any hash rate.
    any_works
        Whether there are any.
    """

    def __init__(self, now: Now, th_s: FloatArray, uptime: float) -> None:
        self._th_s = th_s
        self._uptime = uptime
        self._difficulty, self._fees = Difficulty("BTC"), BlockFees("BTC")
        self._bills: dict[Line, tuple[float, FloatArray]] = {}
        self._blocks = bitcoin.blocks_per_day(1.0, 1.0)  # of 1 TH/s at a difficulty of 1
        self._look_up_subsidy(now)
        self.works = th_s > 0.0
        self.any_works = any_of(self.works)

    def mined_by_one(self, now: Now, days: PathValue) -> PathValue:
        """Coins that 1 TH/s mines in so many days of the interval."""
        if now.elapsed_days >= self._watch:
            self._look_up_subsidy(now)
        per_block = self._subsidy + now[self._fees]
        coins: PathValue = per_block * (self._uptime * days) * self._blocks / now[self._difficulty]
        return coins

    def _look_up_subsidy(self, now: Now) -> None:
        """Read the subsidy at the interval's end, and the day from which it must be read again."""
        close = day_end(now.time)
        self._subsidy = bitcoin.subsidy_at(close)
        watch = bitcoin.next_halving(close) - np.timedelta64(1, "D")  # a bar dated d is the end of d
        self._watch = now.elapsed_days + float(np.min((watch - now.time) / np.timedelta64(1, "D"))) - DAY_TOL

    def times(self, amount: PathValue, out: FloatArray) -> FloatArray:
        """An amount for each TH/s, times the hash rate, into `out`."""
        return np.multiply(self._th_s, amount, out=out)

    def bill(self, line: Line, per_th_s: PathValue) -> FloatArray:
        """Bill of an amount for each TH/s; cached while neither hash rate nor price changes."""
        if isinstance(per_th_s, np.ndarray):
            return self._th_s * per_th_s
        last = self._bills.get(line)
        if last is None or last[0] != per_th_s:
            last = self._bills[line] = (per_th_s, self._th_s * per_th_s)
        return last[1]

    def cut(self, share: PathValue, paths: IntArray | None) -> None:
        """Cut the hash rate by a share on some paths (None for all)."""
        where = slice(None) if paths is None else paths
        left = self._th_s[where] * (1.0 - share)
        self._th_s[where] = left
        self.works[where] = left > 0.0
        for per_th_s, bill in self._bills.values():
            bill[where] = left * per_th_s
        self.any_works = any_of(self.works)
