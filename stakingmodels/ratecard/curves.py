"""`Curve`: gain and cost of a product by the amount put in, in a market that stands still."""

import math

import attrs
import numpy as np

from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.ledger import Outcome
from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.ratecard.rounding import START, ceiled

_SAMPLES = 1_025
_PARTS = 8  # of an interval in which something happens
_ROUNDS = 16
_EDGE = 1e-5  # money within which a jump is known: far less than a cent, so that whole cents lie on the right side
_EDGE_SHARE = 1e-12  # of the amount
_MOST_SAMPLES = 20_000
_LINEAR_TOL = 1e-10  # of the amount
_SECTIONS = 64


@attrs.frozen(eq=False)
class Samples:
    """Amounts with their gains and costs, and the places where the gain jumps.

    Attributes
    ----------
    amounts
        Rising, ``(n,)``.
    gains, costs
        Money at each amount, ``(n,)``.
    jumps
        Whether the gain or the cost jumps between an amount and the next, ``(n - 1,)``.
    roughness, cost_roughness
        Money by which the gain, or the cost, at an amount is off the straight line between its neighbors, ``(n,)``,
        where more happens there than was followed up; 0 elsewhere.
    """

    amounts: FloatArray
    gains: FloatArray
    costs: FloatArray
    jumps: BoolArray
    roughness: FloatArray
    cost_roughness: FloatArray


class Curve:
    """A product in a market standing still, asked at many amounts at once: each amount is one holder.

    Parameters
    ----------
    product
        Any product.
    market
        Market of one path, whose opening counts.
    """

    def __init__(self, product: Product, market: Market) -> None:
        self._product = product
        self._market = market.frozen_at_open()

    def at(self, amounts: FloatArray) -> Outcome:
        """Outcome with one path for each amount."""
        return self._product.run(self._market, capital=amounts, keep="summary")

    def minimum(self, low: float, high: float) -> float:
        """Smallest amount from `low` on that opens the product; above `high` where that does not."""
        outcome = self.at(np.array([low, high, 1e15]))
        opened = outcome.feasible
        if opened[0]:
            return low
        if not opened[1]:
            return ceiled(float(outcome.capital[1] + outcome.capital_shortfall[1]), START)
        below, above = low, high
        while above - below > max(_EDGE, _EDGE_SHARE * above):
            tried = np.linspace(below, above, _SECTIONS)
            first = int(np.argmax(self.at(tried).feasible))
            below, above = float(tried[first - 1]), float(tried[first])
        return ceiled(above, START)

    def samples(self, low: float, high: float) -> Samples:
        """Amounts from `low` to `high` between which gain and cost are linear but for jumps, known closely."""
        amounts = np.unique(np.clip(np.geomspace(low, high, _SAMPLES), low, high))
        outcome = self.at(amounts)
        gains, costs = outcome.profit, outcome.cost
        for _ in range(_ROUNDS):
            bent = (_bent(amounts, gains) | _bent(amounts, costs)) & _wide(amounts)
            if not bent.any() or amounts.size + bent.sum() * _PARTS > _MOST_SAMPLES:
                break
            starts, ends = amounts[:-1][bent], amounts[1:][bent]
            inner = np.linspace(starts, ends, _PARTS + 1)[1:-1].ravel()
            outcome = self.at(inner)
            order = np.argsort(np.concatenate([amounts, inner]), kind="stable")
            gains = np.concatenate([gains, outcome.profit])[order]
            costs = np.concatenate([costs, outcome.cost])[order]
            amounts = np.concatenate([amounts, inner])[order]
        jumps = (_bent(amounts, gains) | _bent(amounts, costs)) & ~_wide(amounts)
        return Samples(amounts, gains, costs, jumps, _roughness(amounts, gains), _roughness(amounts, costs))


def _wide(amounts: FloatArray) -> BoolArray:
    """Intervals in which a jump is not yet known closely enough, ``(n - 1,)``."""
    return np.asarray(np.diff(amounts) > np.maximum(_EDGE, _EDGE_SHARE * amounts[1:]))


def _roughness(amounts: FloatArray, money: FloatArray) -> FloatArray:
    """Money by which it is off the straight line between its neighbors, where more happens than was followed up."""
    rough = _bent(amounts, money) & _wide(amounts)
    return np.where(np.append(rough, False) | np.insert(rough, 0, False), _off_line(amounts, money), 0.0)


def _bent(amounts: FloatArray, gains: FloatArray) -> BoolArray:
    """Intervals that lie on no straight line with a neighbor: something happens there, ``(n - 1,)``."""
    straight = _off_line(amounts, gains)[1:-1] <= _LINEAR_TOL * amounts[1:-1]
    return np.asarray(~(np.append(straight, False) | np.insert(straight, 0, False)))


def _off_line(amounts: FloatArray, gains: FloatArray) -> FloatArray:
    """Money by which each gain is off the straight line between its neighbors, 0 at both ends, ``(n,)``."""
    share = (amounts[1:-1] - amounts[:-2]) / (amounts[2:] - amounts[:-2])
    between = gains[:-2] + share * (gains[2:] - gains[:-2])
    return np.pad(np.abs(gains[1:-1] - between), 1)


def checkpoints(low: float, high: float, starts: list[float], n: int, decimals: int) -> FloatArray:
    """Amounts at which a card is held to the curve: spread evenly by ratio, and both sides of each start.

    All but those at the starts are in the smallest units of the money.
    """
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    unit = 10.0**-decimals
    spread = np.round(low * (high / low) ** ((np.arange(1, n + 1) * golden) % 1.0), decimals)
    sides = [start + side for start in starts for side in (-_EDGE, 0.0, _EDGE)]
    units = [round(start + side, decimals) for start in starts for side in (-unit, unit)]
    return np.unique(np.clip(np.concatenate([spread, sides, units, [low, high]]), low, high))
