"""`Tier`: a range of amounts with a straight line below the gain, and one above the cost."""

import math
from bisect import bisect_right
from itertools import pairwise

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.ratecard.curves import Curve, Samples, checkpoints
from stakingmodels.ratecard.rounding import SHARE, START, ceiled, ceiled_money, floored, floored_money
from stakingmodels.rates import DAYS_PER_YEAR

_STRAIGHT = 1e-9  # of the amount: what is closer to a line is on it
_GUARD = 1e-12  # of the amount, taken off each gain: more than rounding in a run
_NOISE = 12  # decimals of a slope beyond which there is only rounding
_CHECKS = 4_096
_PASSES = 5


@attrs.frozen(kw_only=True)
class Tier:
    """Gain and cost by amount from an amount on, until the next tier begins: ``fixed + share * amount``.

    Attributes
    ----------
    start
        Smallest amount.
    gain_fixed, gain_share
        Line that the gain is never below: money, and fraction of the amount.
    cost_fixed, cost_share
        Line that the cost is never above. The gain is net of it.
    decimals
        Decimals of the money.
    """

    start: float
    gain_fixed: float
    gain_share: float
    cost_fixed: float
    cost_share: float
    decimals: int

    def line(self, amount: float) -> float:
        """Line below the gain, in money, before it is rounded."""
        return self.gain_fixed + self.gain_share * amount

    def gain(self, amount: float) -> float:
        """Gain in money, in its smallest units."""
        return floored_money(self.line(amount), self.decimals)

    def cost(self, amount: float) -> float:
        """Cost in money, in its smallest units."""
        return ceiled_money(self.cost_fixed + self.cost_share * amount, self.decimals)


@attrs.frozen(kw_only=True)
class Tiers:
    """Tiers of a product and term, and by how much they understate its gain.

    Attributes
    ----------
    tiers
        In the order of their amounts.
    understated_money, understated_share
        Largest understatement measured: money, and fraction of the amount.
    rate_days
        Days that the product pays for, over which rates are counted.
    days_out
        Days from the exit to money in hand.
    """

    tiers: tuple[Tier, ...]
    understated_money: float
    understated_share: float
    rate_days: float
    days_out: int


def tiers_of(curve: Curve, low: float, high: float, most: int, decimals: int) -> Tiers | None:
    """Tiers of a curve between two amounts, at most so many; None where money is not in hand at the grid's end."""
    samples = curve.samples(low, high)
    pieces = _merged(samples, _pieces(samples), most)
    starts = _starts(samples, pieces)
    found = [_tier(samples, start, piece, decimals) for start, piece in zip(starts, pieces, strict=True)]
    amounts = checkpoints(low, high, starts, _CHECKS, decimals)
    outcome = curve.at(amounts)
    if not outcome.settled.all():
        return None
    gains, costs = outcome.profit, outcome.cost
    for _ in range(_PASSES):
        found, is_kept = _held_to(found, amounts, gains, costs)
        if is_kept:
            break
    of_card = np.array([tier_at(found, float(amount)).gain(float(amount)) for amount in amounts])
    in_units = np.round(amounts, decimals) == amounts
    under, whole = (gains - of_card)[in_units], amounts[in_units]
    return Tiers(
        tiers=tuple(found),
        understated_money=ceiled(float(under.max()), decimals),
        understated_share=ceiled(float((under / whole).max()), SHARE),
        rate_days=float(outcome.earning_years.max()) * DAYS_PER_YEAR,
        days_out=math.ceil(float(outcome.days_to_cash.max()) - 1e-6),
    )


def tier_at(tiers: list[Tier] | tuple[Tier, ...], amount: float) -> Tier:
    """Tier of an amount: the last that begins at it or below."""
    return tiers[bisect_right(tiers, amount, key=_start) - 1]


def _start(tier: Tier) -> float:
    return tier.start


Piece = tuple[int, int]
"""First and last sample of a piece."""


def _pieces(samples: Samples) -> list[Piece]:
    """Runs of samples on one line each, parted at jumps; where the line only bends, two share a sample."""
    ends = [*np.flatnonzero(samples.jumps).tolist(), samples.amounts.size - 1]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [piece for first, last in zip(starts, ends, strict=True) for piece in _straight(samples, first, last)]


def _straight(samples: Samples, first: int, last: int) -> list[Piece]:
    found: list[Piece] = []
    waiting = [(first, last)]
    while waiting:
        here, there = waiting.pop()
        x, y = samples.amounts[here : there + 1], samples.gains[here : there + 1]
        if x.size > 2:
            off = np.abs(y - (y[0] + (x - x[0]) * ((y[-1] - y[0]) / (x[-1] - x[0])))) / x
            far = int(np.argmax(off))
            if off[far] > _STRAIGHT:
                waiting += [(here + far, there), (here, here + far)]
                continue
        found.append((here, there))
    return found


def _merged(samples: Samples, pieces: list[Piece], most: int) -> list[Piece]:
    """Pieces joined with their neighbors, the cheapest first, until there are few enough."""
    found = list(pieces)
    costs = [_joined(samples, one[0], other[1]) for one, other in pairwise(found)]
    while costs and (len(found) > most or min(costs) <= _STRAIGHT):
        at = int(np.argmin(costs))
        found[at : at + 2] = [(found[at][0], found[at + 1][1])]
        del costs[at]
        for near in (at - 1, at):
            if 0 <= near < len(costs):
                costs[near] = _joined(samples, found[near][0], found[near + 1][1])
    return found


def _joined(samples: Samples, first: int, last: int) -> float:
    """Cost of one line for these samples: the largest understatement, which weighs more where more amounts bear it."""
    x, y = samples.amounts[first : last + 1], samples.gains[first : last + 1]
    slope, fixed = _below(x, y)
    return float(((y - slope * x - fixed) / x).max()) * (1.0 + math.log(float(x[-1] / x[0])))


def _below(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Slope and height of a line that no sample is below, of three the one nearest at worst and at both ends."""
    slopes = {float((y / x).min()), float(y[-1] - y[0]) / float(x[-1] - x[0]) if x[-1] > x[0] else 0.0}
    if x.size > 2:
        spread = x - x.mean()
        slopes.add(float((spread * y).sum() / (spread * spread).sum()))
    lines = [(slope, float((y - slope * x).min())) for slope in slopes]

    def distance(line: tuple[float, float]) -> float:
        off = (y - line[0] * x - line[1]) / x
        return float(off.max() + off[0] + off[-1])

    return min(lines, key=distance)


def _starts(samples: Samples, pieces: list[Piece]) -> list[float]:
    """Amounts from which each piece holds; at a jump the lower line holds where it is not known which does."""
    found = [float(samples.amounts[0])]
    for before, after in pairwise(pieces):
        left, right = float(samples.amounts[before[1]]), float(samples.amounts[after[0]])
        rises = samples.gains[after[0]] >= samples.gains[before[1]]
        found.append(ceiled(right, START) if rises else floored(left, START))
    return found


def _tier(samples: Samples, start: float, piece: Piece, decimals: int) -> Tier:
    here = slice(piece[0], piece[1] + 1)
    x, y, z = samples.amounts[here], samples.gains[here], samples.costs[here]
    rough = float(samples.roughness[here].max())  # between samples that jump about, it may go as far once more
    cost_rough = float(samples.cost_roughness[here].max())
    slope, _ = _below(x, y)
    share = floored(round(slope, _NOISE), SHARE)
    above, _ = _below(x, -z)
    cost_share = ceiled(round(-above, _NOISE), SHARE)
    return Tier(
        start=start,
        gain_share=share,
        gain_fixed=floored(float((y - (share + _GUARD) * x).min()) - rough, decimals),
        cost_share=cost_share,
        cost_fixed=ceiled(float((z - cost_share * x).max()) + cost_rough, decimals),
        decimals=decimals,
    )


def _held_to(tiers: list[Tier], amounts: FloatArray, gains: FloatArray, costs: FloatArray) -> tuple[list[Tier], bool]:
    """Tiers lowered where they promise more than the curve, or a lower cost; and whether none had to be."""
    found, is_kept = list(tiers), True
    ends = [tier.start for tier in tiers[1:]] + [math.inf]
    for at, (tier, end) in enumerate(zip(tiers, ends, strict=True)):
        here = (amounts >= tier.start) & (amounts < end)
        if not here.any():
            continue
        x = amounts[here]
        over = max(float((np.array([tier.gain(float(a)) for a in x]) - gains[here]).max()), 0.0)
        cheap = max(float((costs[here] - np.array([tier.cost(float(a)) for a in x])).max()), 0.0)
        if over > 0.0 or cheap > 0.0:
            is_kept, unit = False, 10.0**-tier.decimals
            found[at] = attrs.evolve(
                tier,
                gain_fixed=floored(tier.gain_fixed - over - (unit if over else 0.0), tier.decimals),
                cost_fixed=ceiled(tier.cost_fixed + cheap + (unit if cheap else 0.0), tier.decimals),
            )
    return found, is_kept
