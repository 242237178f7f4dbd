"""Hash price, price of BTC, difficulty and price of machines by month, for offers of an earlier date."""

import datetime as dt
import math
from itertools import pairwise

import attrs

from stakingmodels import checks
from stakingmodels._types import DateLike
from stakingmodels.market.grid import as_time
from stakingmodels.protocols.chains import bitcoin

_FIRST = (2021, 5)
_HASHPRICES = (
    283.29, 233.03, 311.0, 375.19, 319.09, 372.19, 349.33, 267.38, 209.0, 190.92, 193.88, 184.58,
    133.35, 103.89, 96.39, 100.98, 80.28, 72.51, 61.62, 61.9, 71.15, 75.4, 73.59, 77.92,
    82.47, 70.94, 73.75, 67.18, 61.74, 64.56, 81.51, 99.33, 83.37, 84.29, 108.71, 95.15,
    51.93, 55.12, 49.88, 43.48, 42.49, 46.93, 55.51, 59.8, 58.1, 54.37, 48.29, 45.52,
    54.64, 53.36, 59.48, 56.4, 52.14, 48.4, 39.72, 37.86, 39.34, 32.22, 31.23, 34.02,
    36.58,
)  # fmt: skip
"""Monthly means of the hash price from May 2021 on, USD per PH/s and day, gross.

From daily issuance, fees, price and hash rate of Coin Metrics' community data, 2021-05-01 to 2026-05-31; so are the
prices and difficulties below.
"""
_PRICES = (
    46507, 35812, 34412, 45747, 45927, 57915, 60685, 49357, 41113, 40756, 41974, 41441,
    31707, 24353, 21545, 22362, 19793, 19648, 17580, 16937, 20240, 23303, 25123, 28856,
    27516, 27761, 30050, 27845, 26306, 29749, 36605, 42548, 42912, 49873, 67712, 65915,
    65256, 65903, 62838, 59963, 60338, 65583, 86569, 98247, 100008, 95251, 85064, 86436,
    103629, 105807, 115354, 114846, 113171, 114120, 96282, 88916, 90478, 68855, 69533, 73725,
    77986,
)  # fmt: skip
"""Monthly means of the price of BTC, USD, until 2026-05-31."""
_DIFFICULTIES = (
    23.1, 20.4, 14.5, 15.6, 18.4, 19.9, 22.2, 23.6, 25.1, 27.2, 27.6, 28.6,
    30.5, 30.0, 28.7, 28.3, 31.5, 34.6, 36.8, 35.1, 36.2, 39.8, 44.3, 48.0,
    48.8, 51.7, 52.5, 53.4, 55.5, 59.3, 64.4, 68.8, 72.0, 78.3, 81.9, 85.7,
    84.8, 83.8, 81.3, 88.9, 90.9, 92.2, 101.1, 106.3, 109.8, 111.7, 112.2, 121.0,
    120.9, 126.1, 123.2, 129.1, 137.8, 149.3, 153.3, 148.6, 145.5, 135.7, 140.9, 137.1,
    135.0,
)  # fmt: skip
"""Monthly means of the difficulty, 10**12, until 2026-05-31."""
_MACHINES = (
    (dt.date(2021, 5, 15), 119.0),
    (dt.date(2022, 12, 15), 15.7),
    (dt.date(2023, 7, 15), 20.0),
    (dt.date(2024, 9, 15), 18.8),
    (dt.date(2025, 6, 15), 20.0),
)
"""Prices of efficient machines, USD per TH/s: TheMinerMag and sellers, last of 2025-06; between them by logarithm."""
_CHEAPEST = 0.5
"""The cheapest machine over an ordinary one, as 10 over 20 USD per TH/s in 2025-06."""
_LAST_DAY = dt.date(2026, 5, 31)


@attrs.frozen(kw_only=True)
class DatedFigures:
    """Figures of a month: hash prices in USD per TH/s and day, prices in USD, the network's hash rate in TH/s.

    Attributes
    ----------
    day
        The day asked for.
    hashprice, lowest, highest
        Mean of its month, and the lowest and highest of this, the month before and the month after.
    btc, network_th_s
        Price of BTC, and hash rate by the difficulty.
    machine, cheapest
        Price of an ordinary machine per TH/s, and of the cheapest.
    """

    day: str
    hashprice: float
    lowest: float
    highest: float
    btc: float
    network_th_s: float
    machine: float
    cheapest: float


def figures_of(where: str, day: DateLike) -> DatedFigures:
    """Figures of the month of a day from 2021-05-01 to 2026-05-31."""
    date: dt.date = as_time(where, day).astype("datetime64[D]").item()
    place = 12 * (date.year - _FIRST[0]) + date.month - _FIRST[1]
    if not 0 <= place < len(_HASHPRICES):
        rule = f"must be from {dt.date(*_FIRST, 1)} to {_LAST_DAY}"
        checks.refuse(where, rule, str(date), "for another day give its hash price, hashprice_usd=0.32")
    around = _HASHPRICES[max(place - 1, 0) : place + 2]
    machine = _machine(date)
    return DatedFigures(
        day=str(date),
        hashprice=_HASHPRICES[place] / 1e3,
        lowest=min(around) / 1e3,
        highest=max(around) / 1e3,
        btc=float(_PRICES[place]),
        network_th_s=_network(_DIFFICULTIES[place]),
        machine=machine,
        cheapest=_CHEAPEST * machine,
    )


def _machine(date: dt.date) -> float:
    if date <= _MACHINES[0][0]:
        return _MACHINES[0][1]
    for (left, low), (right, high) in pairwise(_MACHINES):
        if date <= right:
            part = (date - left).days / (right - left).days
            return low * math.exp(part * math.log(high / low))
    return _MACHINES[-1][1]


def _network(trillions: float) -> float:
    """Hash rate in TH/s at which blocks come every ten minutes, by the difficulty."""
    return float(trillions * bitcoin.HASHES_PER_DIFFICULTY / bitcoin.BLOCK_SECONDS)
