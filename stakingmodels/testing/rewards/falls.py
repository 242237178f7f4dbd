"""`falls`: neighboring values of an argument around which the slope of a reward bends, as where it falls a little."""

from collections.abc import Iterator
from typing import Any, Literal

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.series import FrozenMap
from stakingmodels.testing import bends
from stakingmodels.testing.rewards.calling import Answer
from stakingmodels.testing.rewards.cases import LISTS, RewardCase, Values, middle_values
from stakingmodels.testing.rewards.domain import Bounds
from stakingmodels.testing.rewards.trial import RewardTrial, SetAsideError

_SCANNED = 257  # values of the whole domain
_CLEAR = 2.0  # times the rounding of an answer

Way = Literal["up", "down"]


def falls(trial: RewardTrial, role: str, way: Way) -> Iterator[RewardCase]:
    """Cases of two neighboring values of an argument, between which the answer may move against its way.

    A tier whose rate is a little lower for the whole amount makes a fall that is far smaller than what the reward
    gains between two distant values. But there the slope bends. So the whole domain is scanned; an interval whose slope
    is not the one that its neighbors tell, by the cubic through them, is divided until the bend is within rounding.
    """
    bounds = trial.function.bounds.get(role)
    if bounds is None or role in LISTS:
        return
    probe = _Probe(trial, role, middle_values(trial.function), 1.0 if way == "up" else -1.0)
    values = [*dict.fromkeys(_wide(bounds, index / (_SCANNED - 1)) for index in range(_SCANNED))]
    scan = probe.scan(values)
    yield from scan.fallen()
    for low, high in scan.bent():
        yield from probe.narrowed(low, high)


def _wide(bounds: Bounds, place: float) -> Any:
    """A value of the whole domain, of whole numbers beyond ordinary ones, too."""
    return attrs.evolve(bounds, top=bounds.high).at(place)


@attrs.frozen(eq=False)
class _Probe:
    """Answers along one argument; `sign` is that of a move which is allowed."""

    trial: RewardTrial
    role: str
    middle: Values
    sign: float
    known: dict[Any, Answer | None] = attrs.field(factory=dict)

    def scan(self, values: list[Any]) -> "_Scan":
        """Answers for some values, as far as there are any."""
        found = [(value, self._answer(value)) for value in values]
        pairs = [(value, answer) for value, answer in found if answer is not None]
        return _Scan(self, [value for value, _ in pairs], [answer for _, answer in pairs])

    def narrowed(self, low: Any, high: Any) -> Iterator[RewardCase]:
        """Cases of the most bent part of an interval, and of its most bent part, as far as one is bent."""
        for _ in range(bends.LEVELS):
            scan = self.scan(self._divided(low, high))
            yield from scan.fallen()
            found = scan.bent()
            if not found or found[0] == (low, high):
                return
            low, high = found[0]

    def with_value(self, value: Any) -> Values:
        """Arguments in the middle of their domain, but for one."""
        return FrozenMap({**self.middle, self.role: value})

    def slack(self, answer: Answer, *numbers: float) -> float:
        """Move that rounding explains."""
        return _CLEAR * float(self.trial.slack(answer, *numbers))

    def _divided(self, low: Any, high: Any) -> list[Any]:
        """Values in equal steps from before an interval to after it, within the domain."""
        bounds = self.trial.function.bounds[self.role]
        if bounds.whole:
            step = max((high - low) // bends.PARTS, 1)
            n = -(-(high - low) // step)
            found = [low + i * step for i in range(-bends.BESIDE, n + bends.BESIDE + 1)]
        else:
            n, step = bends.PARTS, (high - low) / bends.PARTS
            found = [
                high + (i - n) * step if i >= n else low + i * step for i in range(-bends.BESIDE, n + bends.BESIDE + 1)
            ]
        return [value for value in dict.fromkeys(found) if bounds.holds(value)]

    def _answer(self, value: Any) -> Answer | None:
        if value not in self.known:
            try:
                self.known[value] = self.trial.ask(self.with_value(value))
            except SetAsideError:
                self.known[value] = None
        return self.known[value]


@attrs.frozen(eq=False)
class _Scan:
    """Answers for some values of an argument, in their order."""

    probe: _Probe
    values: list[Any]
    answers: list[Answer]

    @property
    def numbers(self) -> FloatArray:
        """Answers as floats, ``(n_values, n_holders)``, of a sign by which a fall is a move below 0."""
        return self.probe.sign * np.array([[float(each) for each in answer.holders] for answer in self.answers])

    def fallen(self) -> Iterator[RewardCase]:
        """The case of the two neighbors whose answers fall most, if any do."""
        if self._is_regular(2):
            moves = np.diff(self.numbers, axis=0).min(axis=1)
            at = int(np.argmin(moves))
            if moves[at] < 0.0:
                yield RewardCase(self.probe.with_value(self.values[at]), self.probe.with_value(self.values[at + 1]))

    def bent(self) -> list[tuple[Any, Any]]:
        """Intervals, with their neighbors, where moves are not what those beside tell, the most bent first."""
        if not self._is_regular(2):
            return []
        numbers = self.numbers
        places = np.array([float(value - self.values[0]) for value in self.values])
        pairs = zip(self.answers[1:], numbers[:-1], numbers[1:], strict=True)
        slack = np.array(
            [[self.probe.slack(at, *pair) for pair in zip(one, two, strict=True)] for at, one, two in pairs]
        )
        return [(self.values[index - 1], self.values[index + 2]) for index in bends.bent(places, numbers, slack)]

    def _is_regular(self, least: int) -> bool:
        return len(self.values) >= least and len({len(answer.holders) for answer in self.answers}) == 1
