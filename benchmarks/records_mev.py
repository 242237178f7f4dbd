"""Days on which much MEV was paid, in a published reward rate and in what holders of a token were paid.

The published rate of the network is a mean of seven days of the consensus rewards and of the fees that transactions pay
by their gas price. What is paid to the proposer by a transfer is not in it; the rate of a token counts it.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from stakingmodels._types import FloatArray

SPIKE = 0.006
"""Points above the neighbours of a day that count as a spike of MEV."""
_MOST = 3  # days told apart
_WEEK = 7.0
_NEAR = 10


@attrs.frozen
class Spikes:
    """Published and paid gross rates of a day, on all days and on those on which much MEV was paid.

    Attributes
    ----------
    published, paid
        Gross rate a year of each day, fractions, ``(n_days,)``: the published mean of seven days, and the growth of the
        token before its fee.
    above
        Points by which the growth is above the median of the ten days on each side, ``(n_days,)``.
    """

    published: FloatArray
    paid: FloatArray
    above: FloatArray

    @property
    def usual(self) -> NDArray[np.bool_]:
        """Days that are less than `SPIKE` above their neighbours, ``(n_days,)``."""
        return self.above <= SPIKE

    def told(self, day: int) -> float:
        """Points that the published rate of one day was above those before it, by how far its mean of seven moved."""
        before, after = self.published[day - 5 : day - 1], self.published[day + 1 : day + 6]
        return float(_WEEK * (after.mean() - before.mean()))

    def rows(self) -> dict[str, tuple[str, ...]]:
        """Cells of the rows of the page."""
        usual, most = self.usual, np.argsort(self.above)[-_MOST:]
        told, seen = np.mean([self.told(day) for day in most]), self.above[most].mean()
        return {
            "wstETH, gross rate a year, mean of days": _means(self.published, self.paid),
            f"the same without {(~usual).sum()} days of much MEV": _means(self.published[usual], self.paid[usual]),
            f"wstETH, {_MOST} days of most MEV, above their neighbours": (
                f"{told * 100:.1f} pp",
                f"{seen * 100:.1f} pp",
                "",
                "",
            ),
        }


def _means(modelled: FloatArray, recorded: FloatArray) -> tuple[str, ...]:
    model, record = float(modelled.mean()), float(recorded.mean())
    return (f"{model:.3%}", f"{record:.3%}", f"{model / record - 1.0:+.2%}", "")


def spikes(published: FloatArray, rate: FloatArray, fee: float) -> Spikes:
    """Gross rates of each day, published and paid.

    Parameters
    ----------
    published
        Published gross rate of each day, ``(n_days,)``.
    rate
        Coins behind one token at the beginning of each day and at the end of the last, ``(n_days + 1,)``.
    fee
        Fee of the token's provider.
    """
    paid = np.diff(np.log(rate)) * 365.0 / (1.0 - fee)
    near = np.array([np.median(paid[max(0, day - _NEAR) : day + _NEAR + 1]) for day in range(len(paid))])
    return Spikes(published, paid, paid - near)
