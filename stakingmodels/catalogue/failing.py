"""Failures of a product of the catalogue: those of the reference product of the same kind, by who holds the coins."""

import os
from typing import Any

import attrs

from stakingmodels.assumptions import AssumptionSet
from stakingmodels.catalogue.networks import chain_of
from stakingmodels.products import CloudMiningContract, Product, SoloValidator, StakingPool, reference

_POOL, _TOKEN, _FIRM, _SOLO, _MINING = (
    "staking pool",
    "liquid token",
    "exchange earn",
    "solo validator",
    "cloud mining",
)


def with_failures(
    product: Product, coin: str, held_by: str, assumptions: str | os.PathLike[str] | AssumptionSet
) -> Product:
    """Copy of a product with the failures that the reference product of the same kind has in an assumption set.

    They have the same names, so that products of a kind fail together, and differences between their rows come from
    their terms. Where the coins are not held by a contract, none of it can be exploited; on a chain without slashing,
    or one whose rules the library does not have, nothing is slashed.

    Parameters
    ----------
    product
        The product.
    coin
        Its coin.
    held_by
        ``"self"``, ``"contract"`` or ``"firm"``.
    assumptions
        Assumption set, or its name or file.
    """
    made: Any = product
    kind = type(product)
    rows: dict[str, Any] = {**reference(assumptions=assumptions)}
    chain = chain_of(coin)
    slashable = chain is not None and bool(chain.slashing())
    if issubclass(kind, SoloValidator):
        solo = rows[_SOLO]
        found: Product = attrs.evolve(made, slashing=solo.slashing, slashing_severity=solo.slashing_severity)
        return found
    name = _MINING if issubclass(kind, CloudMiningContract) else _TOKEN
    if held_by == "firm" and not issubclass(kind, CloudMiningContract):
        name = _FIRM
    elif issubclass(kind, StakingPool):
        name = _POOL
    failures = tuple(
        each
        for each in rows[name].failures
        if (each.line != "slashing" or slashable) and (each.line != "exploit" or held_by == "contract")
    )
    found = attrs.evolve(made, failures=failures)
    return found  # noqa: RET504  # of an object that mypy takes for Any
