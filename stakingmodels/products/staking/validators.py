"""`Validators`: number of an owner's validators on each path, their effective balances, and the stake that earns."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.ledger import Account
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    max_effective_balance_for,
    process_effective_balance_updates,
)
from stakingmodels.values import fixed

LEAST_STAKE = FULU.min_activation_balance / GWEI_PER_ETH
"""Coins needed to open a validator: 32."""
MOST_STAKE = FULU.max_effective_balance_electra / GWEI_PER_ETH
"""Largest stake on which a compounding (0x02) validator earns: 2,048 (EIP-7251)."""
_DUST = 1.0 / GWEI_PER_ETH  # amount that the chain does not count


def most_stake(*, compounding: bool) -> float:
    """Largest stake on which a validator earns."""
    return MOST_STAKE if compounding else LEAST_STAKE


class Validators:
    """Validators of an owner; all on a path are alike.

    Parameters
    ----------
    staked
        Account of their stake, which is deposited.
    count
        Number on each path, ``(n_paths,)``.
    compounding
        Whether a validator earns on up to 2,048 ETH.
    borrowed
        Coins of others in each validator, which bear no loss before the owner's; default 0.
    sweeps
        Whether rewards above 32 ETH can go to the wallet at once.

    Attributes
    ----------
    count
        Number on each path, ``(n_paths,)``; another array after each change.
    stake
        Effective balance of all, ``(n_paths,)``; another array after each change.
    full
        Mask of the paths whose rewards go to the wallet at once, since no balance has to be filled up.
    some_work, all_work, all_full
        Whether there are validators on any path, on all; and whether `full` is True on all.
    """

    def __init__(
        self, staked: Account, count: FloatArray, *, compounding: bool, sweeps: bool, borrowed: float = 0.0
    ) -> None:
        self._staked = staked
        self._borrowed = borrowed
        self._most = most_stake(compounding=compounding)
        self._limit = max_effective_balance_for(compounding, FULU)
        self._sweeps = sweeps
        self.count = fixed(count)
        # at the deposit it is the whole ETH of a balance, 32 even where roundings took some
        gwei = np.rint(self._all_coins() / np.maximum(count, 1.0) * GWEI_PER_ETH)
        self._effective = np.clip(np.floor(gwei / GWEI_PER_ETH), LEAST_STAKE, self._most) * (count > 0.0)
        self._take_stock()

    def excess(self) -> FloatArray:
        """Coins above the most on which the validators earn; below 0 where there are none."""
        return self._all_coins() - self._most * self.count

    def all_coins_of(self, coins: FloatArray, count: FloatArray) -> FloatArray:
        """Coins in some validators of which the owner has so many, those of others included."""
        return coins + self._borrowed * count if self._borrowed else coins

    def _all_coins(self) -> FloatArray:
        return self.all_coins_of(self._staked.units, self.count)

    def remove(self, count: FloatArray, paths: IntArray | None = None) -> None:
        """Take validators away, at most those that there are, from some paths (None for all)."""
        left = self.count.copy()
        some = slice(None) if paths is None else paths
        left[some] = np.maximum(left[some] - count, 0.0)
        self.count = fixed(left)
        self._take_stock()

    def update_effective(self, paths: IntArray | None = None) -> None:
        """Update the effective balances on some paths (None for all); without a validator it stays."""
        some = slice(None) if paths is None else paths
        count, last = self.count[some], self._effective[some]
        held = np.where(count > 0.0, self._all_coins()[some] / np.maximum(count, 1.0), last)
        gwei, before = (np.rint(coins * GWEI_PER_ETH).astype(np.int64) for coins in (held, last))
        self._effective[some] = process_effective_balance_updates(gwei, before, self._limit, FULU) / GWEI_PER_ETH
        self._take_stock()

    def _take_stock(self) -> None:
        """Compute the quantities that change only with the validators and their effective balances."""
        self.stake = fixed(self._effective * self.count)
        self.some_work, self.all_work = bool(self.count.any()), bool(self.count.all())
        short = LEAST_STAKE * self.count - np.minimum(self._all_coins(), self.stake)
        self.full = (short <= _DUST) & self._sweeps
        self.all_full = bool(self.full.all())
