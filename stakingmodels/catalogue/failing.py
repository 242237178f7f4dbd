"""Failures of a product of the catalogue: those of the reference product of the same kind, by who holds the coins."""

import os
from typing import Any

import attrs

from stakingmodels.assumptions import AssumptionSet
from stakingmodels.products import Product, reference
from stakingmodels.scenarios.networks.coin_rewards import chain_of

_ROWS = {
    "SoloValidator": "solo validator",
    "StakingPool": "staking pool",
    "LiquidStakingToken": "liquid token",
    "ExchangeStaking": "exchange earn",
    "CloudMiningContract": "cloud mining",
    "MiningMachines": "cloud mining",
}
"""Reference product of each kind of sheet."""
_FIRM = _ROWS["ExchangeStaking"]
_MINING = _ROWS["CloudMiningContract"]


def with_failures(
    product: Product, kind: str, coin: str, held_by: str, assumptions: str | os.PathLike[str] | AssumptionSet
) -> Product:
    """Copy of a product with the failures that the reference product of the same kind has in an assumption set.

    They have the same names, so that products of a kind fail together, and differences between their rows come from
    their terms. Machines fail with their host, as a mining contract with its provider, and not at all where there is
    none. Where the coins are not held by a contract, none of it can be exploited; on a chain without slashing,
    or one whose rules the library does not have, nothing is slashed.

    Parameters
    ----------
    product
        The product.
    kind
        Its kind, as the sheet names it.
    coin
        Its coin.
    held_by
        ``"self"``, ``"contract"`` or ``"firm"``.
    assumptions
        Assumption set, or its name or file.
    """
    made: Any = product
    rows: dict[str, Any] = {**reference(assumptions=assumptions)}
    chain = chain_of(coin)
    slashable = chain is not None and bool(chain.slashing())
    name = _FIRM if held_by == "firm" and _ROWS[kind] != _MINING else _ROWS[kind]
    if "slashing" in attrs.fields_dict(type(product)):
        solo = rows[_ROWS[kind]]
        found: Product = attrs.evolve(made, slashing=solo.slashing, slashing_severity=solo.slashing_severity)
        return found
    failures = tuple(
        each
        for each in rows[name].failures
        if (each.line != "slashing" or slashable) and (each.line != "exploit" or held_by == "contract")
    )
    if kind == "MiningMachines" and held_by == "self":  # there is no host that could fail
        failures = ()
    found = attrs.evolve(made, failures=failures)
    return found  # noqa: RET504  # of an object that mypy takes for Any
