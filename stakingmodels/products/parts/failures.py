"""Check of an event and its loss, the same for all products."""

from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import checks

if TYPE_CHECKING:
    from stakingmodels.products.base import Product


def check_failure(terms: "Product", event: str, loss: str) -> None:
    """Refuse an event without a loss, and a loss without an event.

    Parameters
    ----------
    terms
        A product.
    event, loss
        Names of its fields: the event, and the fraction lost.
    """
    kind = type(terms).__name__
    taken = getattr(terms, loss)
    if getattr(terms, event) is None:
        if taken != _default(terms, loss):
            how = f'{event}=Event("{event}:x", hazard=0.01)'
            checks.refuse(f"{kind}.{loss}", "is never felt without an event", taken, how)
    elif taken == 0.0:
        checks.refuse(f"{kind}.{event}", f"must take something, but {loss} is 0", getattr(terms, event), f"{loss}=0.05")


def _default(terms: Any, name: str) -> object:
    return getattr(attrs.fields(type(terms)), name).default
