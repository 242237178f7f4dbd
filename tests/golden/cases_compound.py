"""Comet's vectors: annual rates of its test of interest rates, in the form before the two curves were separated."""

from collections.abc import Mapping
from fractions import Fraction

from stakingmodels.protocols.contracts import compound
from tests.golden.runner import Answer, Inputs


def _scaled(inputs: Inputs, key: str) -> int:
    return int(inputs.fraction(key) * compound.FACTOR_SCALE)


def _annual(rate_per_second: int) -> Fraction:
    return Fraction(rate_per_second * compound.SECONDS_PER_YEAR, compound.FACTOR_SCALE)


def _rates(inputs: Inputs) -> object:
    borrow = compound.Curve(
        kink=_scaled(inputs, "kink"),
        base=_scaled(inputs, "base"),
        slope_low=_scaled(inputs, "slope_low"),
        slope_high=_scaled(inputs, "slope_high"),
    )
    utilization = _scaled(inputs, "utilization")
    supply_rate = compound.supply_rate_after_reserves(borrow, _scaled(inputs, "reserve_rate"), utilization)
    return {"supply_apr": _annual(supply_rate), "borrow_apr": _annual(borrow.rate_per_second(utilization))}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {"compound_comet_rates": _rates}
