"""`no_rate`: which of a chain's rates is no `APR`, for an error that follows from it."""

from stakingmodels.protocols.chains.chain import Chain
from stakingmodels.rates import APR

_RATES = ("nominal_apr", "supply_growth", "realized_apr")


def no_rate(chain: Chain) -> str:
    """Words for the end of a message, on the first rate of a chain that is no `APR`; empty if all are."""
    for name in _RATES:
        try:
            answer = getattr(chain, name)()
        except Exception:  # noqa: BLE001, S112 (whatever it raises; another rate may be the cause)
            continue
        if not isinstance(answer, APR):
            return f"; {name} is {answer!r}, not one APR; write APR(0.03)"
    return ""
