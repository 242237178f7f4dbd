"""`worst_failure`: the failure of a product with the largest expected loss a year."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels.engine import Results
from stakingmodels.market import Event
from stakingmodels.products import Failure, Product
from stakingmodels.scenarios import Streams


@attrs.frozen(kw_only=True)
class WorstFailure:
    """A failure that can strike a product.

    Attributes
    ----------
    event
        Name of its event.
    hazard
        Hazard a year; NaN where the scenario makes it strike in another way.
    loss
        Fraction lost for good, severity times what does not come back; NaN where the product does not say it.
    """

    event: str
    hazard: float
    loss: float

    @property
    def expected(self) -> float:
        """Expected loss a year, a fraction; 0 where it is not known."""
        expected = self.hazard * self.loss
        return 0.0 if math.isnan(expected) else expected


def worst_failures(results: Results) -> Mapping[str, WorstFailure | None]:
    """The failure with the largest expected loss a year, by product; None where no failure is modelled."""
    hazards = _hazards(results)
    found: dict[str, WorstFailure | None] = {}
    for name in results:
        losses = dict(_losses(results.products.get(name)))
        each = [
            WorstFailure(event=event, hazard=hazards.get(event, math.nan), loss=losses.get(event, math.nan))
            for event in results.failures.get(name, ())
        ]
        found[name] = max(each, key=lambda failure: failure.expected, default=None)
    return found


def _losses(product: Any) -> Iterator[tuple[str, float]]:
    """Names of the events of a product and of those it holds, with the fraction that each takes for good."""
    for failure in getattr(product, "failures", ()):
        if isinstance(failure, Failure):
            yield failure.event.name, failure.severity * (1.0 - failure.recovery)
    slashing = getattr(product, "slashing", None)
    if isinstance(slashing, Event):
        yield slashing.name, float(getattr(product, "slashing_severity", math.nan))
    for field in attrs.fields(type(product)) if attrs.has(type(product)) else ():
        held = getattr(product, field.name, None)
        if isinstance(held, Product):
            yield from _losses(held)


def _hazards(results: Results) -> Mapping[str, float]:
    """Hazards a year by name of the event: those of the products, and those that the scenario sets."""
    known = dict(results.hazards)
    names = {name for events in results.failures.values() for name in events} - known.keys()
    here = frozenset(f for f in results.scenario.factors if isinstance(f, Event) and f.name in names)
    if here:
        market = results.scenario.market(results.grid, here, streams=Streams(0), n_paths=1)
        known |= {event.name: hazard for event, hazard in market.hazards.items()}
    return known
