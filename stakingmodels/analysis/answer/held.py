"""`is_held` and `is_product`: rows that just hold a coin or cash, and rows that change something in their coin."""

from stakingmodels.ledger import Outcome


def is_held(outcome: Outcome) -> bool:
    """Whether an outcome is that of a coin or of cash that is just held, free of cost.

    Its own coin is the money itself, or nothing but the price changed what its coins are worth.
    """
    if outcome.asset == outcome.numeraire:
        return True
    opened = bool(outcome.feasible.any())
    return opened and not outcome.coins_gross.any() and not outcome.coins_net.any()
