"""`BlockClock`: blocks found by a hash rate on many paths at once, with a difficulty retarget every 2,016 blocks."""

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.protocols.chains.bitcoin import (
    HASHES_PER_DIFFICULTY,
    HASHES_PER_TERAHASH,
    MAIN,
    SATOSHI_PER_BITCOIN,
    SECONDS_PER_DAY,
    block_subsidy,
    next_difficulty,
)


class BlockClock:
    """Height, difficulty and time of the period of each path, moved on by the expected number of blocks.

    The number of blocks in a step is its mean, without random variation (2.2 % of a period's time).

    Attributes
    ----------
    difficulty
        Current difficulty, ``(n_paths,)``.
    """

    def __init__(self, height: int, difficulty: float, hashrate_th_s: float, paths: int) -> None:
        self._params = MAIN
        self._period = MAIN.difficulty_adjustment_interval
        self.difficulty: FloatArray = np.full(paths, difficulty)
        self._ended: FloatArray = np.full(paths, float(height - height % self._period))
        self._done: FloatArray = np.full(paths, float(height % self._period))
        # assumes that the opening's period has run at the opening's hash rate so far
        self._seconds: FloatArray = self._done * self._block_seconds(self.difficulty, hashrate_th_s)
        self._pace: FloatArray = np.empty(paths)
        self._subsidies: dict[int, float] = {}

    def subsidy(self) -> FloatArray | float:
        """New coins in the next block, by its height: one number where all paths are between the same halvings."""
        interval = self._params.subsidy_halving_interval
        np.add(self._ended, self._done, out=self._pace)
        first, last = int(self._pace.min()) // interval, int(self._pace.max()) // interval
        for era in range(first, last + 1):
            if era not in self._subsidies:
                self._subsidies[era] = block_subsidy(era * interval) / SATOSHI_PER_BITCOIN
        if first == last:
            return self._subsidies[first]
        eras = (self._pace // interval).astype(np.int64) - first
        return np.array([self._subsidies[era] for era in range(first, last + 1)])[eras]

    def run(self, hashrate_th_s: FloatArray, days: float) -> None:
        """Move on by some days of a hash rate, ``(n_paths,)`` TH/s, through as many retargets as fall into them."""
        seconds = days * SECONDS_PER_DAY
        pace = np.divide(hashrate_th_s, self.difficulty, out=self._pace)
        np.multiply(pace, HASHES_PER_TERAHASH / HASHES_PER_DIFFICULTY, out=pace)  # blocks a second
        self._done += pace * seconds
        self._seconds += seconds
        while (ripe := np.nonzero(self._done >= self._period)[0]).size:
            self._retarget(ripe, hashrate_th_s[ripe])

    def _retarget(self, ripe: "np.ndarray[tuple[int], np.dtype[np.int64]]", hashrate_th_s: FloatArray) -> None:
        """Close the period of a few paths, and count the time past its end again at the new difficulty."""
        old = self.difficulty[ripe]
        past = (self._done[ripe] - self._period) * self._block_seconds(old, hashrate_th_s)
        intervals = (self._period - 1.0) / self._period
        new = next_difficulty(old, (self._seconds[ripe] - past) * intervals, self._params)
        self.difficulty[ripe] = new
        self._ended[ripe] += self._period
        self._seconds[ripe] = past
        self._done[ripe] = past / self._block_seconds(new, hashrate_th_s)

    @staticmethod
    def _block_seconds(difficulty: FloatArray, hashrate_th_s: FloatArray | float) -> FloatArray:
        """Seconds that a block takes on average."""
        return difficulty * (HASHES_PER_DIFFICULTY / HASHES_PER_TERAHASH) / hashrate_th_s
