"""Limit on the nesting of scenarios."""

from collections.abc import Iterator, Sequence

import attrs

from stakingmodels import checks

NESTING_LIMIT = 32
"""Deepest nesting allowed: Python's calls nest as deep as scenarios, and at 1,000 it stops with an obscure error."""


def refuse_deep(where: str, scenarios: Sequence[object], kind: type) -> None:
    """Raise `InputError` where scenarios are nested more than 32 deep, whatever their classes."""
    level, depth = {id(scenario): scenario for scenario in scenarios}, 0
    while level:
        depth += 1
        if depth > NESTING_LIMIT:
            rule = f"must not have scenarios in one another more than {NESTING_LIMIT} deep"
            checks.refuse(where, rule, f"{depth} or more", "all parts go into one Joint, all shocks into one Shocked")
        level = {id(part): part for scenario in level.values() for part in _within(scenario, kind)}


def _within(scenario: object, kind: type) -> Iterator[object]:
    cls = type(scenario)
    names = [field.name for field in attrs.fields(cls)] if attrs.has(cls) else list(vars(scenario))
    for name in names:
        value = getattr(scenario, name, None)
        yield from (
            each for each in (value if isinstance(value, (tuple, list)) else (value,)) if isinstance(each, kind)
        )
