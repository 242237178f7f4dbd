"""Effective balances: the whole ETH on which rewards and penalties are computed, moved with hysteresis.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/electra/beacon-chain.md
(get_max_effective_balance, process_effective_balance_updates; EIP-7251).
"""

from typing import Any

import numpy as np

from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, whole

_ROOM = 10**12
"""Gwei kept below the limit of int64, so that a balance plus a threshold cannot pass it."""


def max_effective_balance_for(compounding: Any, ruleset: Ruleset) -> Any:
    """The most that a validator's effective balance can be: 2,048 ETH with compounding (0x02) credentials, else 32.

    Parameters
    ----------
    compounding
        bool or array.

    Returns
    -------
    int, or an int64 array, in Gwei
    """
    flags = np.asarray(compounding, dtype=np.bool_)
    most = np.where(flags, ruleset.max_effective_balance_electra, ruleset.min_activation_balance)
    return most if most.ndim else int(most)


def process_effective_balance_updates(
    balance: Any, effective_balance: Any, max_effective_balance: Any, ruleset: Ruleset
) -> Any:
    """The effective balance after an epoch's end: whole ETH of the balance, once that is far enough away.

    Moves if ``balance + 0.25 < effective`` or ``effective + 1.25 < balance`` (ETH), strictly, to
    ``min(balance - balance % 1, maximum)``. So balances that grow lift it when they are more than 1.25 ETH above.

    Parameters
    ----------
    balance, effective_balance, max_effective_balance
        Gwei, integers or int64 arrays; the last from `max_effective_balance_for`.

    Returns
    -------
    int, or an int64 array
    """
    where = "process_effective_balance_updates"
    held = whole(f"{where}: balance", balance, 0, INT64_MAX - _ROOM)
    effective = whole(f"{where}: effective_balance", effective_balance, 0, INT64_MAX - _ROOM)
    most = whole(f"{where}: max_effective_balance", max_effective_balance)
    step = ruleset.effective_balance_increment // ruleset.hysteresis_quotient
    far_below = held + step * ruleset.hysteresis_downward_multiplier < effective
    far_above = effective + step * ruleset.hysteresis_upward_multiplier < held
    rounded = np.minimum(held - held % ruleset.effective_balance_increment, most)
    updated = np.where(far_below | far_above, rounded, effective)
    return updated if updated.ndim else int(updated)
