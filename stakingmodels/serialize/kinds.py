"""Kinds of things that a file may hold, by name: the library's own classes, and those that a caller names."""

import inspect
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import attrs

from stakingmodels import checks, market, products, scenarios
from stakingmodels.assumptions import Assumption, AssumptionSet
from stakingmodels.capital import Units
from stakingmodels.engine import Moment, TailRisk
from stakingmodels.market import Factor
from stakingmodels.measures import ControlVariateMean
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.rates import APR, APY
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios import Copula, DailySeries, Scenario, Streams

RESERVED = ("stakingmodels", "schema", "kind", "numpy")
"""Keys of a file that are no terms."""
_OTHERS: tuple[type[Any], ...] = (APR, APY, Units, Assumption, AssumptionSet, Copula, DailySeries, Ruleset)
MEASURED: tuple[type[Any], ...] = (Moment, TailRisk, ControlVariateMean)
"""Figures of a run, whose numbers may be infinite or missing."""
_BASES = (Factor, Scenario, Replaceable)
_NEVER = (Factor, Streams)  # a base that names nothing; and random numbers, which a seed makes
_OF_FILES = ("array", "Comparison", "date", "Named", "Note", "Outcome", "pairs", "Quote", "Results")
"""Kinds that only files have."""

Kinds = Mapping[str, type[Any]]


def kinds_of(where: str, classes: Iterable[type[Any]] = ()) -> Kinds:
    """Classes that a file may hold, by name.

    Parameters
    ----------
    where
        Beginning of messages.
    classes
        Further classes, made by `terms.sheet` or `attrs.frozen`.

    Raises
    ------
    InputError, InputTypeError
        For anything but an attrs class, for one with the name of another kind, and for one with a term that is called
        as a key of files is.
    """
    found = dict(own_kinds())
    how = "classes=[MyProduct], a class made by terms.sheet"
    if isinstance(classes, (str, bytes, bytearray, Mapping)) or not isinstance(classes, Iterable):
        checks.refuse_type(f"{where}: classes", f"must be a list of classes; write {how}", classes)
    for each in classes:
        if not isinstance(each, type) or not attrs.has(each):
            checks.refuse_type(f"{where}: classes", f"must be classes made by terms.sheet; write {how}", each)
        name = each.__name__
        if found.get(name, each) is not each or name in _OF_FILES:
            checks.refuse(f"{where}: classes", "must not have the name of another kind", name, "rename the class")
        for term in terms_of(each):
            if term in RESERVED:
                checks.refuse(f"{where}: {name}.{term}", "must not be called as a key of files is", term, "rename it")
        found[name] = each
    return MappingProxyType(found)


@cache
def own_kinds() -> Kinds:
    """The library's own kinds: rates, factors, grids, products, rules, scenarios and their parts, assumption sets."""
    found = {each.__name__: each for each in (*_OTHERS, *MEASURED)}
    for room in (market, products, scenarios):
        for name in room.__all__:
            each = getattr(room, name)
            if not inspect.isclass(each) or not attrs.has(each) or inspect.isabstract(each):
                continue
            if issubclass(each, _BASES) and each not in _NEVER:
                found[each.__name__] = each
    return MappingProxyType(found)


def terms_of(kind: type[Any]) -> dict[str, "attrs.Attribute[Any]"]:
    """Fields that the constructor takes, by the names of its arguments."""
    return {field.alias: field for field in attrs.fields(kind) if field.init}
