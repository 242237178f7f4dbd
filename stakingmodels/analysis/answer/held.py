"""`is_held` and `is_product`: rows that just hold a coin or cash, and rows that change something in their coin."""

import numpy as np

from stakingmodels.ledger import Outcome
from stakingmodels.tolerances import REL_TOL


def is_held(outcome: Outcome) -> bool:
    """Whether an outcome is that of a coin or of cash that is just held, free of cost.

    Nothing but the price changed what its coins are worth; or its coin is the money itself, and earned what cash earns.
    """
    opened = bool(outcome.feasible.any())
    if outcome.asset == outcome.numeraire:
        return opened and bool(
            np.allclose(outcome.closing, outcome.capital * outcome.cash_growth, rtol=REL_TOL, atol=0.0)
        )
    return opened and not outcome.coins_gross.any() and not outcome.coins_net.any()
