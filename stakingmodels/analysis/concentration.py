"""`Concentration`: how few hold a network's stake or hash rate."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.errors import InputError
from stakingmodels.series import FrozenMap

_ROUNDING = 1e-9  # of a sum of shares
_ALL = 1.0 + _ROUNDING


def _shares(value: object) -> Mapping[str, float]:
    where = "Concentration.shares"
    found = checks.instance(where, value, Mapping, '{"Lido": 0.25, "Coinbase": 0.08}')
    shares = {}
    for name, share in found.items():
        checks.text(f"{where}: name", name)
        shares[name] = checks.fraction(f"{where}[{name!r}]", share)
    if not shares:
        checks.refuse(where, "must name at least one holder", dict(found), '{"Lido": 0.25}')
    if sum(shares.values()) > _ALL:
        checks.refuse(where, "must add up to at most 1", sum(shares.values()), "shares are fractions of the whole")
    return FrozenMap(shares)


@attrs.frozen
class Concentration:
    """Shares of a network by who controls them, and the measures of how concentrated they are.

    Parameters
    ----------
    shares
        Fraction of all stake (or hash rate) by name of operator, pool or client, each in [0, 1], at most 1 together.
        What is left belongs to holders too small to be named, none of whom counts in `herfindahl` or in `nakamoto`.

    Examples
    --------
    >>> from stakingmodels.analysis import Concentration
    >>> stake = Concentration({"Lido": 0.25, "Coinbase": 0.08, "Binance": 0.07})
    >>> stake.nakamoto(1 / 3), round(stake.herfindahl, 4), round(stake.effective_number, 1)
    (3, 0.0738, 13.6)
    """

    shares: Mapping[str, float] = attrs.field(converter=_shares)

    @property
    def named(self) -> float:
        """Share of all that are named, in [0, 1]."""
        return float(min(sum(self.shares.values()), 1.0))

    @property
    def largest(self) -> float:
        """Share of the largest, in [0, 1]."""
        return float(max(self.shares.values()))

    @property
    def herfindahl(self) -> float:
        """Herfindahl-Hirschman index: the sum of squared shares, in [0, 1]; 1 is a single holder.

        Source: A. O. Hirschman, "The Paternity of an Index", American Economic Review 54 (1964). Competition
        authorities write it times 10,000.
        """
        return float(np.square(list(self.shares.values())).sum())

    @property
    def effective_number(self) -> float:
        """Number of equal holders with the same index, ``1 / herfindahl``; infinite where nobody holds anything."""
        index = self.herfindahl
        return 1.0 / index if index > 0.0 else float("inf")

    def with_stake(self, name: str | None, coins: float, *, staked: float) -> "Concentration":
        """Shares after more coins are staked with a holder: the contribution of a stake to decentralisation.

        Compare `herfindahl` or `nakamoto` before and after. A stake of one's own, with nobody named, lowers the index
        by most; a stake with a holder above the index raises it.

        Parameters
        ----------
        name
            Operator or pool with whom they are staked, named already or new; None for a holder too small to be named,
            such as somebody who stakes alone.
        coins
            Coins staked in addition, 0 or more.
        staked
            All coins staked before, more than 0, in the same unit.

        Returns
        -------
        Concentration
            With shares ``(share * staked + coins) / (staked + coins)`` for the holder, and ``share * staked / (staked +
            coins)`` for all others.

        Examples
        --------
        >>> from stakingmodels.analysis import Concentration
        >>> stake = Concentration({"Lido": 0.25, "Coinbase": 0.08})
        >>> for name in ("Lido", "Coinbase", None):
        ...     more = stake.with_stake(name, 320_000.0, staked=35_600_000.0)
        ...     print(name, round((more.herfindahl - stake.herfindahl) * 10_000, 1))
        Lido 32.7
        Coinbase 2.7
        None -12.2
        """
        where = "Concentration.with_stake"
        more = checks.non_negative(f"{where}: coins", coins)
        before = checks.positive(f"{where}: staked", staked)
        old = before / (before + more)
        shares = {each: share * old for each, share in self.shares.items()}
        if name is not None:
            holder = checks.text(f"{where}: name", name)
            shares[holder] = min(shares.get(holder, 0.0) + more / (before + more), 1.0)
        return Concentration(shares)

    def nakamoto(self, threshold: float) -> int:
        """Nakamoto coefficient: fewest holders who together have more than a share of the whole.

        Parameters
        ----------
        threshold
            The share that they must exceed, in (0, 1): 1/3 stops the finality of Ethereum or Cosmos, 1/2 rewrites the
            chain of proof of work, 2/3 finalises alone.

        Raises
        ------
        InputError
            Where those named do not have so much together: how many more are needed is not known.

        Notes
        -----
        Source: B. Srinivasan and L. Lee, "Quantifying Decentralization" (2017).
        """
        limit = checks.fraction("Concentration.nakamoto: threshold", threshold)
        if limit in {0.0, 1.0}:
            checks.refuse("Concentration.nakamoto: threshold", "must be above 0 and below 1", limit, "write 1 / 3")
        together = np.cumsum(sorted(self.shares.values(), reverse=True))
        over = np.flatnonzero(together > limit + _ROUNDING)
        if not over.size:
            have = f"the {len(self.shares)} named have {together[-1]:.4g} together, not more than {limit:.4g}"
            raise InputError(f"Concentration.nakamoto: threshold: {have}; name more of them")
        return int(over[0]) + 1
