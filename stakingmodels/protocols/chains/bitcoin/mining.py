"""Revenue and cost of hashing: expected blocks and coins, hashprice, hash cost, and the price of an attack.

Functions of difficulty, coins and prices take numbers or arrays of one shape, and keep exact types exact: two Fractions
give a Fraction. What is no number is refused; that the numbers of an array are above 0 is the caller's part.

Hashprice and hash cost are quoted per PH/s and day, contracts sell TH/s: the unit is in each name.
"""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.bitcoin.params import BLOCK_SECONDS
from stakingmodels.protocols.numbers import number

HASHES_PER_DIFFICULTY = 2**32
"""Hashes that one block takes on average per unit of difficulty (2**48 / 0xffff to the last digit, 1.5e-5 more)."""
HASHES_PER_TERAHASH = 10**12
SECONDS_PER_DAY = 86_400
_TERAHASH_PER_PETAHASH = 1_000
_HOURS_PER_DAY = 24
_DIFFICULTY_LIMIT = 1e70
"""More than any target of 256 bits stands for."""
_COINS_LIMIT = 21_000_000.0
"""All bitcoin that there will ever be; a subsidy in satoshi is more than that until 2036."""


def blocks_per_day(hashrate_th_s: Any, difficulty: Any) -> Any:
    """Expected blocks a day of a hash rate: ``TH/s * 1e12 * 86400 / (difficulty * 2**32)``; their number is Poisson."""
    rate = number("blocks_per_day: hashrate_th_s", hashrate_th_s, 0)
    return _blocks(rate, _difficulty("blocks_per_day", difficulty))


def _blocks(hashrate_th_s: Any, difficulty: Any) -> Any:
    hashes = hashrate_th_s * (HASHES_PER_TERAHASH * SECONDS_PER_DAY)
    return hashes / HASHES_PER_DIFFICULTY / difficulty  # exact by the power of two; one array at a time


def _difficulty(function: str, difficulty: Any) -> Any:
    where = f"{function}: difficulty"
    checked = number(where, difficulty)
    if not isinstance(checked, np.ndarray):
        checks.positive(where, float(checked), _DIFFICULTY_LIMIT)
    return checked


def _coins(function: str, coins_per_block: Any) -> Any:
    where = f"{function}: coins_per_block"
    checked = number(where, coins_per_block, 0)
    if isinstance(coins_per_block, int | np.integer) and coins_per_block > _COINS_LIMIT:  # as `block_subsidy` has it
        checks.refuse(where, f"must be at most {_COINS_LIMIT:g} coins", coins_per_block, "satoshi? divide by 10**8")
    return checked


def expected_days_per_block(hashrate_th_s: Any, difficulty: Any) -> Any:
    """Mean days from one block to the next of a hash rate that mines alone: ``1 / blocks_per_day``.

    Waits are exponential: one in e lasts longer than the mean, and none has become shorter by waiting. A pool's share
    of so many blocks comes steadily instead; `Solo` and `FPPS` tell how far the coins of a time spread.

    Parameters
    ----------
    hashrate_th_s
        TH/s, above 0; exact types stay exact.
    difficulty
        Above 0.

    Examples
    --------
    >>> round(expected_days_per_block(200.0, 1.483e14) / 365)  # one Antminer S21, years
    101
    """
    rate = number("expected_days_per_block: hashrate_th_s", hashrate_th_s)
    if not np.all(np.asarray(rate) > 0):
        checks.refuse("expected_days_per_block: hashrate_th_s", "must be above 0, or no block comes", hashrate_th_s)
    hashes = _difficulty("expected_days_per_block", difficulty) * HASHES_PER_DIFFICULTY
    return hashes / (rate * (HASHES_PER_TERAHASH * SECONDS_PER_DAY))


def share_of_network(hashrate_th_s: Any, difficulty: Any) -> Any:
    """Share of a network's hash rate, and of its blocks, while it finds one in 600 s: blocks a day over 144.

    In [0, 1] where the difficulty counts the hash rate; a hash rate that has just joined a smaller network has a share
    above 1 until the difficulty follows.

    Parameters
    ----------
    hashrate_th_s
        TH/s, 0 or more; exact types stay exact.
    difficulty
        Above 0.

    Examples
    --------
    >>> f"{share_of_network(1e6, 1.483e14):.4%}"  # 1 EH/s
    '0.0942%'
    """
    rate = number("share_of_network: hashrate_th_s", hashrate_th_s, 0)
    network = _difficulty("share_of_network", difficulty) * HASHES_PER_DIFFICULTY
    return rate * (HASHES_PER_TERAHASH * BLOCK_SECONDS) / network


def coins_per_th_s_day(difficulty: Any, coins_per_block: Any) -> Any:
    """Expected coins that 1 TH/s mines in a day: ``1e12 * 86400 * coins / (difficulty * 2**32)``.

    Source: docs.luxor.tech, hashprice, with the block reward explicit.

    Parameters
    ----------
    difficulty
        Above 0.
    coins_per_block
        Subsidy and fees of a block, in coins; `block_subsidy` tells satoshi.
    """
    name = "coins_per_th_s_day"
    # a hash rate of c TH/s finds as many blocks as 1 TH/s earns coins
    return _blocks(_coins(name, coins_per_block), _difficulty(name, difficulty))


def difficulty_of_hashrate(hashrate_th_s: Any) -> Any:
    """Difficulty at which a network of this hash rate (TH/s) finds a block every 600 s on average."""
    rate = number("difficulty_of_hashrate: hashrate_th_s", hashrate_th_s, 0)
    return rate * (HASHES_PER_TERAHASH * BLOCK_SECONDS / HASHES_PER_DIFFICULTY)


def hashprice_coins_per_ph_s_day(difficulty: Any, coins_per_block: Any) -> Any:
    """Hashprice in coins: expected coins a day of 1 PH/s, a thousand times `coins_per_th_s_day`."""
    name = "hashprice_coins_per_ph_s_day"
    return _blocks(_coins(name, coins_per_block), _difficulty(name, difficulty)) * _TERAHASH_PER_PETAHASH


def hashprice_per_ph_s_day(difficulty: Any, coins_per_block: Any, price: Any) -> Any:
    """Hashprice as quoted: value in money of the expected coins a day of 1 PH/s.

    A contract's fields are per TH/s: `hashprice_per_th_s_day` is a thousandth of it.

    Examples
    --------
    >>> hashprice_per_ph_s_day(1e14, 3.125, 100_000.0)
    62.8643
    """
    return hashprice_coins_per_ph_s_day(difficulty, coins_per_block) * number("hashprice: price", price, 0)


def hashprice_per_th_s_day(difficulty: Any, coins_per_block: Any, price: Any) -> Any:
    """Hashprice per TH/s: value in money of the expected coins a day of 1 TH/s."""
    return coins_per_th_s_day(difficulty, coins_per_block) * number("hashprice: price", price, 0)


def hashcost_per_ph_s_day(joules_per_th: Any, price_per_kwh: Any) -> Any:
    """Electricity of 1 PH/s for a day, in money: ``J/TH * price per kWh * 24``, since 1 J/TH is 1 kW per PH/s.

    The pair of `hashprice_per_ph_s_day`. A contract's fields are per TH/s: `hashcost_per_th_s_day`.
    """
    energy = number("hashcost: joules_per_th", joules_per_th, 0)
    return energy * number("hashcost: price_per_kwh", price_per_kwh, 0) * _HOURS_PER_DAY


def hashcost_per_th_s_day(joules_per_th: Any, price_per_kwh: Any) -> Any:
    """Electricity cost of 1 TH/s for a day, in money, for `CloudMiningContract.electricity_usd_per_th_day`.

    Examples
    --------
    >>> hashcost_per_th_s_day(17.5, 0.05)
    0.021
    """
    return hashcost_per_ph_s_day(joules_per_th, price_per_kwh) / _TERAHASH_PER_PETAHASH


def electricity_cost_per_coin(joules_per_th: Any, price_per_kwh: Any, difficulty: Any, coins_per_block: Any) -> Any:
    """Electricity that one coin takes, in money: hash cost over hashprice in coins. Above the price, mining loses.

    Source: gist.github.com/janbraiins/d855ef4e0d905308ee21d812026c9d54.
    """
    paid = hashprice_coins_per_ph_s_day(difficulty, coins_per_block)
    if not np.all(np.asarray(paid) > 0):
        where = "electricity_cost_per_coin: coins_per_block"
        checks.refuse(where, "must be above 0, or no electricity earns a coin", coins_per_block)
    return hashcost_per_ph_s_day(joules_per_th, price_per_kwh) / paid


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
        Money for 1 PH/s and day: `hashprice_per_ph_s_day` for hash rate rented away from other miners, who ask what
        they could earn; `hashcost_per_ph_s_day` for the attacker's own machines, without what the machines cost.

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
