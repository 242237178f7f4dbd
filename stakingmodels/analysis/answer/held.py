"""`is_held`: rows that just hold a coin or cash, and so change nothing in their coin."""

import numpy as np

from stakingmodels.engine import Results
from stakingmodels.tolerances import REL_TOL


def is_held(results: Results, name: str) -> bool:
    """Whether a row is that of a coin or of cash that is just held, free of cost, with no failure that could strike.

    Nothing but the price changed what its coins are worth; or its coin is the money itself, and earned what cash earns.
    """
    outcome = results[name]
    if results.failures.get(name) or not outcome.feasible.any():
        return False
    if outcome.asset == outcome.numeraire:
        kept = outcome.capital * outcome.cash_growth
        return bool(np.allclose(outcome.closing, kept, rtol=REL_TOL, atol=0.0))
    return not outcome.coins_gross.any() and not outcome.coins_net.any()
