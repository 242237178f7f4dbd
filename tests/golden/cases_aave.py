"""Aave's vectors: the rate curve, compounded interest, Umbrella's emission."""

from collections.abc import Mapping

from stakingmodels.protocols.contracts import aave, aave_safety
from tests.golden.runner import Answer, Inputs


def _rates(inputs: Inputs) -> object:
    curve = aave.InterestRateData(
        optimal_usage_ratio=inputs.integer("optimal_usage_bps"),
        base_variable_borrow_rate=inputs.integer("base_bps"),
        variable_rate_slope1=inputs.integer("slope1_bps"),
        variable_rate_slope2=inputs.integer("slope2_bps"),
    )
    liquidity_rate, borrow_rate = aave.calculate_interest_rates(
        curve,
        total_debt=inputs.integer("total_debt"),
        available_liquidity=inputs.integer("available_liquidity"),
        deficit=inputs.integer("unbacked"),
        reserve_factor=inputs.integer("reserve_factor_bps"),
    )
    return {"liquidity_rate_ray": liquidity_rate, "variable_borrow_rate_ray": borrow_rate}


def _compounded_interest(inputs: Inputs) -> object:
    return {"factor_ray": aave.calculate_compounded_interest(inputs.integer("rate_ray"), inputs.integer("seconds"))}


def _emission(inputs: Inputs) -> object:
    emission = aave_safety.get_emission_per_second_scaled(
        inputs.integer("max_emission_per_second"),
        inputs.integer("target_liquidity"),
        inputs.integer("total_assets"),
    )
    return {"emission_per_second_scaled_1e18": emission}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "aave_interest_rate": {"": _rates, "calculateCompoundedInterest": _compounded_interest},
    "aave_umbrella_emission": _emission,
}
