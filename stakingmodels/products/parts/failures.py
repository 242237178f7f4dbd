"""What terms must say of an event and of what it takes: one rule for all products."""

from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import checks

if TYPE_CHECKING:
    from stakingmodels.products.base import Product


def check_failure(terms: "Product", event: str, loss: str) -> None:
    """Refuse an event that takes nothing, and a loss without the event that would bring it.

    Parameters
    ----------
    terms
        A product.
    event, loss
        Its fields: the event, and the fraction that it takes.
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
