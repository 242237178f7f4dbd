"""`RewardCase`: the numbers on which a check compares calls of a reward function, and the fixed set of them."""

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.series import FrozenMap
from stakingmodels.testing.rewards.adapter import RewardFunction

Values = Mapping[str, Any]
"""Arguments by their meaning: numbers, and lists of them for shares and rate paths."""

LISTS: tuple[str, ...] = ("shares", "rate_path")
SMALLEST_FACTOR, LARGEST_FACTOR = 2, 9
_SPREAD = 24  # cases that lie all over the domain, beside those at its edges
_RUNGS = 64  # steps through the bounds of one argument, so that a fall at one value lies between two of them
_WHOLE: tuple[str, ...] = ("amount", "pot", "shares")
_PLACES = (0.0, 0.001, 0.1, 1.0)
_LONGEST = 5
_STEPS = 6
_ROOTS = tuple(math.sqrt(prime) for prime in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67))


def _has_values(_: "RewardCase", attribute: "attrs.Attribute[Any]", value: object) -> None:
    checks.instance(f"RewardCase: {attribute.name}", value, Mapping, '{"amount": 100.0}')


@attrs.frozen
class RewardCase:
    """Two sets of arguments, a factor and a place, of which a check uses what it needs.

    Parameters
    ----------
    values
        Arguments by their meaning: ``{"amount": 100.0, "apr": 0.04}``.
    others
        The same arguments with other values, for checks that compare two calls.
    factor
        Whole number by which amounts are multiplied.
    place
        Place in [0, 1) at which a period or a path is split.

    Examples
    --------
    >>> RewardCase({"amount": 100.0}, {"amount": 1.0}, factor=2).factor
    2
    """

    values: Values = attrs.field(validator=_has_values)
    others: Values = attrs.field(validator=_has_values)
    factor: int = 2
    place: float = 0.5


class FixedCases(tuple[RewardCase, ...]):
    """The fixed cases of a function, of which at least one should let a check compare something."""

    __slots__ = ()


def fixed_cases(function: RewardFunction) -> FixedCases:
    """The cases on which every check runs: the middle of the domain, its edges, and places all over it."""
    return FixedCases(_fixed(function))


def _fixed(function: RewardFunction) -> Iterator[RewardCase]:
    middle, other = _values(function, 0.5), _values(function, 0.7)
    yield RewardCase(middle, other)
    for role in function.arguments:
        for place in _PLACES:
            yield RewardCase(_values(function, 0.5, {role: place}), other)
    for place in (0.0, 1.0):
        yield RewardCase(_values(function, place, length=1), other)
    for index in range(_SPREAD):
        yield _spread_case(function, index)


def middle_values(function: RewardFunction) -> Values:
    """Arguments in the middle of their domain."""
    return _values(function, 0.5)


def ladder(function: RewardFunction, role: str) -> Iterator[RewardCase]:
    """Cases whose two values of one argument are neighbors, from its lowest to its highest; others do not change."""
    if role not in function.bounds or role in LISTS:
        return
    rungs = [_values(function, 0.5, {role: rung / _RUNGS}) for rung in range(_RUNGS + 1)]
    for values, others in itertools.pairwise(rungs):
        yield RewardCase(values, others)


def _values(
    function: RewardFunction, place: float, edges: Mapping[str, float] = FrozenMap({}), *, length: int = 2
) -> Values:
    """Arguments at a place of their domain, some at their own; lists have their last item in its middle."""
    found: dict[str, Any] = {}
    for role, bounds in function.bounds.items():
        value = bounds.at(edges.get(role, place))
        found[role] = [*[value] * (length - 1), bounds.at(0.5)] if role in LISTS else value
    return FrozenMap(found)


def _spread_case(function: RewardFunction, index: int) -> RewardCase:
    """A case of a sequence that fills the domain evenly (multiples of square roots, without their whole part)."""
    turn = iter(range(10**6))

    def place() -> float:
        n = next(turn)
        return ((index + 1) * _ROOTS[n % len(_ROOTS)] + n * 0.381966) % 1.0

    def drawn() -> Values:
        found: dict[str, Any] = {}
        for role in function.arguments:
            bounds = function.bounds[role]
            n = 1 + int(place() * (_STEPS if role == "rate_path" else _LONGEST))
            found[role] = [bounds.at(place()) for _ in range(n)] if role in LISTS else bounds.at(place())
        return FrozenMap(found)

    factor = SMALLEST_FACTOR + index % (LARGEST_FACTOR - SMALLEST_FACTOR + 1)
    return RewardCase(drawn(), drawn(), factor, place())


def simpler(function: RewardFunction, case: RewardCase) -> Iterator[RewardCase]:
    """Cases with one value simpler, or one item fewer, than a case has."""
    for which in ("values", "others"):
        values: Values = getattr(case, which)
        for role, value in values.items():
            for each in _simpler_values(function, role, value):
                changed = FrozenMap({**values, role: each})
                is_first = which == "values"
                yield attrs.evolve(case, values=changed) if is_first else attrs.evolve(case, others=changed)
    yield from _smaller_together(function, case)
    for factor in range(SMALLEST_FACTOR, case.factor):
        yield attrs.evolve(case, factor=factor)
    if case.place != 0.5:
        yield attrs.evolve(case, place=0.5)


def _smaller_together(function: RewardFunction, case: RewardCase) -> Iterator[RewardCase]:
    """Whole amounts, and shares of them, divided by the same number."""
    roles = [role for role in _WHOLE if role in case.values and function.bounds[role].whole]
    for divisor in (10**6, 1_000, 2) if len(roles) > 1 else ():
        values: dict[str, Any] = {}
        for role in roles:
            value = case.values[role]
            values[role] = [each // divisor for each in value] if isinstance(value, list) else value // divisor
        if any(case.values[role] != value for role, value in values.items()):
            yield attrs.evolve(case, values=FrozenMap({**case.values, **values}))


def _simpler_values(function: RewardFunction, role: str, value: Any) -> Iterator[Any]:
    bounds = function.bounds[role]
    if not isinstance(value, list):
        yield from bounds.nearer(value)
        return
    for i in range(len(value) if len(value) > 1 else 0):
        yield value[:i] + value[i + 1 :]
    for i, each in enumerate(value):
        for nearer in bounds.nearer(each):
            yield [*value[:i], nearer, *value[i + 1 :]]
