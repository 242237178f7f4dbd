"""What hashing earns and costs: expected blocks and coins, hashprice, hash cost, and the price of an attack.

Functions of difficulty, coins and prices take numbers or arrays of one shape, and keep exact types exact: two Fractions
give a Fraction. They compute and do not check; inputs above 0 are the caller's part.
"""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.bitcoin.params import BLOCK_SECONDS

HASHES_PER_DIFFICULTY = 2**32
"""Hashes that one block takes on average per unit of difficulty (2**48 / 0xffff to the last digit, 1.5e-5 more)."""
HASHES_PER_TERAHASH = 10**12
SECONDS_PER_DAY = 86_400
_TERAHASH_PER_PETAHASH = 1_000
_HOURS_PER_DAY = 24
_DIFFICULTY_LIMIT = 1e70
"""More than any target of 256 bits stands for."""


def blocks_per_day(hashrate_th_s: Any, difficulty: Any) -> Any:
    """Expected blocks a day of a hash rate: ``TH/s * 1e12 * 86400 / (difficulty * 2**32)``; their number is Poisson."""
    if not isinstance(difficulty, np.ndarray | np.generic):
        checks.positive("blocks_per_day: difficulty", difficulty, _DIFFICULTY_LIMIT)
    hashes = _wide(hashrate_th_s) * (HASHES_PER_TERAHASH * SECONDS_PER_DAY)
    return hashes / HASHES_PER_DIFFICULTY / _wide(difficulty)  # exact by the power of two; one array at a time


def _wide(value: Any) -> Any:
    """The value, but numpy's integers as floats: their products wrap in silence."""
    if isinstance(value, np.ndarray | np.generic) and np.issubdtype(value.dtype, np.integer):
        return value.astype(np.float64)
    return value


def coins_per_th_s_day(difficulty: Any, coins_per_block: Any) -> Any:
    """Expected coins that 1 TH/s mines in a day: ``1e12 * 86400 * coins / (difficulty * 2**32)``.

    Source: docs.luxor.tech, hashprice, with the block reward explicit.

    Parameters
    ----------
    difficulty
        Above 0.
    coins_per_block
        Subsidy and fees of a block, in coins.
    """
    return blocks_per_day(
        coins_per_block, difficulty
    )  # a hash rate of c TH/s finds as many blocks as 1 TH/s earns coins


def difficulty_of_hashrate(hashrate_th_s: Any) -> Any:
    """Difficulty at which a network of this hash rate (TH/s) finds a block every 600 s on average."""
    return hashrate_th_s * (HASHES_PER_TERAHASH * BLOCK_SECONDS / HASHES_PER_DIFFICULTY)


def hashprice_coins(difficulty: Any, coins_per_block: Any) -> Any:
    """Hashprice in coins: what 1 PH/s is expected to mine in a day."""
    return coins_per_th_s_day(difficulty, coins_per_block) * _TERAHASH_PER_PETAHASH


def hashprice(difficulty: Any, coins_per_block: Any, price: Any) -> Any:
    """Hashprice in money: what the coins that 1 PH/s is expected to mine in a day are worth.

    Examples
    --------
    >>> hashprice(1e14, 3.125, 100_000.0)
    62.8643
    """
    return hashprice_coins(difficulty, coins_per_block) * price


def hashcost(joules_per_th: Any, price_per_kwh: Any) -> Any:
    """Electricity of 1 PH/s for a day, in money: ``J/TH * price per kWh * 24``, since 1 J/TH is 1 kW per PH/s."""
    return joules_per_th * price_per_kwh * _HOURS_PER_DAY


def electricity_cost_per_coin(joules_per_th: Any, price_per_kwh: Any, difficulty: Any, coins_per_block: Any) -> Any:
    """Electricity that one coin takes, in money: hash cost over hashprice in coins. Above the price, mining loses.

    Source: gist.github.com/janbraiins/d855ef4e0d905308ee21d812026c9d54.
    """
    return hashcost(joules_per_th, price_per_kwh) / hashprice_coins(difficulty, coins_per_block)


def attack_cost_per_day(network_th_s: float, share: float, cost_per_ph_s_day: float) -> float:
    """Money a day for a share of all hashing, once the attacker has joined: ``network * share / (1 - share) * cost``.

    A share of one half and more outruns every other miner in the long run. What the attacker mines meanwhile is not
    deducted: at hashprice and under the honest rules it would pay for all of it.

    Parameters
    ----------
    network_th_s
        Hash rate of the honest miners, TH/s.
    share
        Share of all hashing, the attacker's own included, in (0, 1).
    cost_per_ph_s_day
        Money for 1 PH/s and day: `hashprice` for hash rate rented away from other miners, who ask what they could
        earn; `hashcost` for the attacker's own machines, without what the machines cost.

    Returns
    -------
    float
        A lower bound: so much hash rate is not for rent, and bidding for it moves its price.
    """
    where = "attack_cost_per_day"
    network = checks.positive(f"{where}: network_th_s", network_th_s)
    fraction = checks.open_fraction(f"{where}: share", share)
    cost = checks.non_negative(f"{where}: cost_per_ph_s_day", cost_per_ph_s_day)
    return network / _TERAHASH_PER_PETAHASH * fraction / (1.0 - fraction) * cost
