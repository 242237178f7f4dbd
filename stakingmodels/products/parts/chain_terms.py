"""Terms that a product takes from the rules of its chain: coin, waits, compounding, slashings."""

from collections.abc import Mapping
from typing import Any

from stakingmodels import checks
from stakingmodels.market import Event
from stakingmodels.products.parts.failures import Failure
from stakingmodels.protocols.chains import Chain

_HOW = "cosmos.Cosmos()"


def chain_terms(
    where: str, chain: Chain, hazards: Mapping[str, float] | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Terms by name for a stake on a chain, those that are given among them.

    Parameters
    ----------
    where
        Call that asks, for messages.
    chain
        Chain with its state of a day.
    hazards
        Chance a year of slashable offenses that take one fraction, by name; those not named never happen.
    given
        Terms that the caller gives, which come before those of the chain.

    Raises
    ------
    InputTypeError
        If `chain` is no chain.
    InputError
        For an asset of another chain, and an offense that does not always take the same fraction.
    UnknownNameError
        For an offense that the chain does not have.
    """
    checks.instance(f"{where}: chain", chain, Chain, _HOW)
    if "asset" in given and given["asset"] != chain.asset:
        rule = f"must be the coin of {type(chain).__name__}, {chain.asset}"
        checks.refuse(f"{where}: asset", rule, given["asset"], "leave it out")
    unbonding = chain.unbonding()
    rules = {
        "asset": chain.asset,
        "compounding": chain.compounding(),
        "unbonding_days": unbonding.days,
        "earns_while_unbonding": unbonding.earns,
    }
    struck = slashings(where, chain, hazards or {})
    return {**rules, **given, "failures": (*struck, *_listed(given.get("failures", ())))}


def slashings(where: str, chain: Chain, hazards: Mapping[str, float]) -> tuple[Failure, ...]:
    """Slashings of a chain as failures, of the one fraction that each offense takes."""
    known = {offense.name: offense for offense in chain.slashing()}
    for name in hazards:
        if name not in known:
            checks.refuse_name(f"{where}: hazards", name, known)
        if known[name].min < known[name].max:  # it grows with what others commit at the same time
            rule = f"{name} takes {known[name].min:.3g} to {known[name].max:.3g} of the stake, and not one fraction"
            how = f"failures=(Failure(Event('{chain.asset}:x', hazard={hazards[name]!r}), 0.002, line='slashing'),)"
            checks.refuse(f"{where}: hazards", rule, name, f"give your own, such as {how}")
    events = {name: Event(f"{chain.asset}:{name}", hazard=hazard) for name, hazard in hazards.items()}
    return tuple(Failure(event, known[name].max, line="slashing") for name, event in events.items())


def _listed(failures: Any) -> tuple[Any, ...]:
    return (failures,) if isinstance(failures, Failure) else tuple(failures)
