"""Numbers that callers of a `Fit` give in place of measured ones, or in addition."""

from collections.abc import Mapping
from typing import Any

from stakingmodels import checks
from stakingmodels.market import Factor
from stakingmodels.market.factors import as_factor, is_factor_text
from stakingmodels.rates import APR, APY


def names(factors: Mapping[Any, object]) -> str:
    """Text of some factors, for messages."""
    return ", ".join(str(factor) for factor in factors) or "no factors at all"


def overrides(where: str, given: object, factors: Mapping[Any, object]) -> Mapping[Factor, float]:
    """Numbers in place of recorded ones, each of a fitted factor."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        checks.refuse_type(f"Fit.{where}", 'must be a mapping such as {Price("ETH"): 3000.0}', given)
    numbers = _by_factor(given)
    for factor in numbers:
        if factor not in factors:
            checks.refuse(f"Fit.{where}", f"must name what was fitted: {names(factors)}", str(factor))
    return numbers


def constants(given: object, fitted: Mapping[Any, object]) -> Mapping[Factor, float | APR | APY]:
    """Constants of factors that are not fitted."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        checks.refuse_type("Fit.scenario: constants", 'must be a mapping such as {BlockFees("BTC"): 0.02}', given)
    numbers = _by_factor(given)
    for factor in numbers:
        if factor in fitted:
            checks.refuse("Fit.scenario: constants", "must not name what was fitted", str(factor), "leave it out")
    return numbers


def _by_factor(given: Mapping[Any, Any]) -> dict[Factor, Any]:
    """A copy in which texts that are factors stand for them; any other key is left, to be refused by its name."""
    return {as_factor("Fit", key) if is_factor_text(key) else key: value for key, value in given.items()}
