"""Polygon's vectors: the supply that version 1.2.0 of the emission manager allows after a time."""

from collections.abc import Mapping
from fractions import Fraction

from stakingmodels.protocols.chains import polygon
from tests.golden.runner import Answer, Inputs


def _inflated_supply_after(inputs: Inputs) -> object:
    start = int(inputs.fraction("start_supply") * polygon.WEI_PER_POL)
    supply = polygon.V1_2.inflated_supply_after(inputs.integer("seconds"), start_supply=start)
    return {"supply": Fraction(supply, polygon.WEI_PER_POL)}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "polygon_emission": {"inflatedSupplyAfter": _inflated_supply_after}
}
