"""Assumptions: numbers with their range, worse end and evidence, and named, dated, hashed sets of them."""

from stakingmodels.assumptions.assumption import Assumption, Basis, End, basis_note, counted, judged, judged_range
from stakingmodels.assumptions.sets import AssumptionSet
from stakingmodels.assumptions.shipped import NAMES, NEWEST, assumption_set
from stakingmodels.display import displays
from stakingmodels.numerics import entrances

__all__ = [
    "NAMES",
    "NEWEST",
    "Assumption",
    "AssumptionSet",
    "Basis",
    "End",
    "assumption_set",
    "basis_note",
    "counted",
    "judged",
    "judged_range",
]

displays(__name__)
entrances(__name__)
