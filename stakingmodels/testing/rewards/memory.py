"""Memories of a function: answers by what was asked just before, as of a cache whose key forgets an argument."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import attrs

from stakingmodels.testing.rewards.calling import Answer, exact
from stakingmodels.testing.rewards.cases import LISTS, Values
from stakingmodels.testing.rewards.trial import RewardTrial, SetAsideError, shown

_LOW, _HIGH = 0.35, 0.65  # places of the two values of the argument that may be forgotten
_CLOSE = 0.37  # place of two close values, at no edge of a rounding
_PAIRS = 4
_STEP = 1e-3  # relative step of the other argument, so that no pair was asked before
_GAPS = (2e-3, 2e-5)  # relative gaps of two close values, which a cache may round to one
_OF_GAP = 0.005  # the other argument's step then, so that its own effect is smaller
_DRIFT = 10.0  # times by which the two answers are further apart than those of neighbors
_PLACES = (0.45, 0.55)  # of arguments; two, since an answer may be 0 at one of them


def check_orders(trial: RewardTrial, middle: Values) -> None:
    """Ask pairs of calls that differ in one argument, in turns one and the other first; fail where the first decides.

    Each pair is asked at neighboring values of another argument, which no call had before. Where a cache forgets an
    argument, or rounds it, both of a pair have the answer of the one that came first.
    """
    fresh = itertools.count(1)
    roles = list(trial.function.arguments)
    ways = (_Way(), _Way(is_swapped=True), *(_Way(gap, gap * _OF_GAP) for gap in _GAPS))
    for role, place, way in itertools.product(roles, _PLACES, ways):
        for other in roles:
            if other == role:
                continue
            try:
                _compare(trial, role, [*_pairs(trial, middle, role, other, place, fresh, way)])
            except SetAsideError:
                continue


@attrs.frozen
class _Way:
    """How two values of an argument differ: far apart or by a relative gap, or as lists in another order."""

    gap: float = 0.0
    step: float = _STEP
    is_swapped: bool = False


Pair = tuple[Answer, Answer]


def _pairs(
    trial: RewardTrial, middle: Values, role: str, other: str, place: float, fresh: Iterator[int], way: _Way
) -> Iterator[Pair]:
    """Answers for the low and the high value of an argument, the high one asked first in every second pair."""
    bounds = trial.function.bounds
    base = {each: middle[each] if each in LISTS else bounds[each].at(place) for each in middle}
    one, two = _two(trial, base, role, way)
    for k in range(_PAIRS):
        near = {**base, other: _near(trial, base, other, next(fresh), way.step)}
        asked = [{**near, role: one}, {**near, role: two}]
        answers = [trial.ask(values) for values in (asked if k % 2 == 0 else asked[::-1])]
        yield (answers[0], answers[1]) if k % 2 == 0 else (answers[1], answers[0])


def _two(trial: RewardTrial, base: Values, role: str, way: _Way) -> tuple[Any, Any]:
    """Two values of an argument; of a list, the same items in another order, or one that has another last item."""
    bounds = trial.function.bounds[role]
    one: Any = bounds.at(_LOW)
    two: Any = bounds.at(_HIGH)
    if role in LISTS and not way.gap:
        first = base[role][1:-1]
        one, two = (
            ([one, *first, two], [two, *first, one]) if way.is_swapped else ([one, *first, one], [one, *first, two])
        )
    elif role in LISTS or way.is_swapped:
        raise SetAsideError
    elif way.gap:
        one = bounds.at(_CLOSE)
        two = _moved(trial, role, one, 1, way.gap)
    if one == two:
        raise SetAsideError
    return one, two


def _near(trial: RewardTrial, base: Values, role: str, n: int, step: float) -> Any:
    """A value some steps from another one, or a list of which the first item is."""
    value = base[role]
    if isinstance(value, list):
        return [_moved(trial, role, value[0], n, step), *value[1:]]
    return _moved(trial, role, value, n, step)


def _moved(trial: RewardTrial, role: str, value: Any, n: int, step: float) -> Any:
    """A value more by n relative steps, of 1 at least where it takes whole numbers."""
    bounds = trial.function.bounds[role]
    size = abs(value) or bounds.high * _STEP
    moved = value + n * (max(int(value * step), 1) if bounds.whole else step * size)
    if not bounds.holds(moved):
        raise SetAsideError
    return moved


def _compare(trial: RewardTrial, role: str, pairs: list[Pair]) -> None:
    """Fail where both of each pair are alike, and pairs differ by which was asked first."""
    if any(list(map(repr, one.holders)) != list(map(repr, two.holders)) for one, two in pairs):
        return
    n = len(pairs[0][0].holders)
    for i in range(n):
        numbers = [float(exact(one.holders[i])) for one, _ in pairs if len(one.holders) == n]
        if len(numbers) < len(pairs) or not all(map(math.isfinite, numbers)):
            return
        even, odd = numbers[::2], numbers[1::2]
        apart = max(min(odd) - max(even), min(even) - max(odd))
        drift = max(max(even) - min(even), max(odd) - min(odd))
        if apart > _DRIFT * drift and apart > trial.slack(pairs[0][0], *numbers):
            _fail(trial, role, pairs, i)


def _fail(trial: RewardTrial, role: str, pairs: list[Pair], i: int) -> None:
    (low, high), (near_low, near_high) = pairs[:2]
    name = getattr(trial.function, role)
    label = trial.label(high.held, i, len(high.holders))
    got, near = shown(high.holders[i]), shown(near_high.holders[i])
    trial.fail(
        high.text,
        f"gives {label} {got} right after {low.text}, and that gave the same; the other way round, {near_high.text}"
        f" gives {near}, and so does {near_low.text} right after it: an answer must not depend on what was asked"
        f" before (does the key of a cache forget or round {name}?)",
    )
