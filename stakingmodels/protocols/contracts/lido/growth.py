"""Effect of a report on the share rate, in real numbers for simulations; and the yields that Lido publishes.

`simulate_oracle_report` is the exact rule. Fees are paid in shares that are minted so that the rate ends where it
would have ended had the fee been taken out of the ether: ``(ether + rewards - fee) / shares``. Without the rounding
that leaves one factor, which tests hold against the exact rule.

Source: lidofinance/core @ 372b02e (2026-06-23), contracts/0.8.9/Accounting.sol (_calculateTotalProtocolFeeShares);
for yields lidofinance/lido-oracle @ 1d0b944 (2026-07-14), src/utils/apr.py, and docs.lido.fi, integrations, API.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, Settings
from stakingmodels.protocols.contracts.lido.shares import ShareRate
from stakingmodels.protocols.numbers import number

_INT64 = 2**63 - 1


def protocol_fee(consensus_rewards: Any, execution_rewards: Any = 0.0, *, total_fee: float | FloatArray) -> Any:
    """The protocol's fee on one report's rewards, in the rewards' own unit.

    ``total_fee * (consensus + execution)`` where the consensus layer brought a profit, else 0, whatever the execution
    layer brought (LIP-12).

    Parameters
    ----------
    consensus_rewards, execution_rewards
        Floats or arrays of shapes that broadcast, in coins or as fractions of the pool's ether. Consensus rewards may
        be negative.
    total_fee
        Fraction in [0, 1]; a float, or an array of a shape that broadcasts.

    Returns
    -------
    Any
        An array of the rewards' shape, or a float; at least 0 where the execution rewards are.
    """
    share: Any = total_fee
    if not isinstance(total_fee, np.ndarray):
        share = checks.fraction("protocol_fee: total_fee", total_fee)
    elif not np.all((total_fee >= 0.0) & (total_fee <= 1.0)):
        checks.refuse("protocol_fee: total_fee", "must be fractions in [0, 1]", total_fee)
    consensus = number("protocol_fee: consensus_rewards", consensus_rewards)
    execution = number("protocol_fee: execution_rewards", execution_rewards)
    fee = share * np.greater(consensus, 0.0) * (consensus + execution)
    return fee if isinstance(fee, np.ndarray) else float(fee)


def share_rate_growth(consensus_rewards: Any, execution_rewards: Any = 0.0, *, total_fee: float | FloatArray) -> Any:
    """The factor by which one report moves the share rate: ``1 + consensus + execution - fee``.

    Parameters
    ----------
    consensus_rewards, execution_rewards
        Rewards over the pool's ether before the report; floats or arrays of shapes that broadcast. Consensus rewards
        may be negative, down to -1.
    total_fee
        The protocol's fee, a fraction in [0, 1]; see `protocol_fee`.

    Notes
    -----
    The same factor lifts the balance of every holder of stETH, and the ether behind one wstETH. It knows no limit of
    the rebase (`TokenRebaseLimiter`): a report at 0.075 % a day would be a yield of 27 % a year.

    Examples
    --------
    >>> from stakingmodels.protocols.contracts import lido
    >>> round(lido.share_rate_growth(0.0001, total_fee=0.10), 12)
    1.00009
    >>> lido.share_rate_growth(-0.01, total_fee=0.10)
    0.99
    """
    fee = protocol_fee(consensus_rewards, execution_rewards, total_fee=total_fee)
    consensus = number("share_rate_growth: consensus_rewards", consensus_rewards)
    return 1.0 + consensus + number("share_rate_growth: execution_rewards", execution_rewards) - fee


def user_apr(pre: ShareRate, post: ShareRate, time_elapsed: int, settings: Settings = STAKING_ROUTER_V3) -> Fraction:
    """Yield of one report as published by Lido: growth of the share rate over the time, simple, exact.

    ``seconds_in_year * (post - pre) / pre / time_elapsed``. It is a fraction per `Settings.seconds_in_year`, 365.25
    days, unlike this library's `APR`. The growth of the POOL instead of the rate's is no yield: deposits and
    withdrawals are in it.

    Parameters
    ----------
    pre, post
        The rate before, its ether above 0, and after.
    time_elapsed
        Seconds between the two, at least 1.
    """
    elapsed = checks.integer("user_apr: time_elapsed", time_elapsed, 1, _INT64)
    if not pre.ether:
        checks.refuse("user_apr: pre.ether", "must be above 0", pre.ether)
    growth = Fraction(post.ether * pre.shares, post.shares * pre.ether) - 1
    return growth * settings.seconds_in_year / elapsed


def calculate_gross_core_apr(
    pre: ShareRate,
    post: ShareRate,
    shares_minted_as_fees: int,
    time_elapsed: int,
    settings: Settings = STAKING_ROUTER_V3,
) -> Fraction:
    """Gross yield of one report, before the protocol's fee; never below 0.

    Parameters
    ----------
    pre, post
        The rate before and after the report.
    shares_minted_as_fees
        Shares of `post` that are the fee; fewer than all of them.
    time_elapsed
        Seconds between the two, at least 1.
    """
    where = "calculate_gross_core_apr: shares_minted_as_fees"
    fees = checks.integer(where, shares_minted_as_fees, 0, post.shares - 1)
    without_fees = ShareRate(post.ether, post.shares - fees)
    return max(Fraction(0), user_apr(pre, without_fees, time_elapsed, settings))
