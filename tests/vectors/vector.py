"""`Vector`: a name, the kinds of its arguments and answers, how its inputs are drawn and what the library answers."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import attrs

from tests.vectors.seeded import Case

Kind = Literal["integer", "number", "flag", "object"]
Inputs = dict[str, Any]


@attrs.frozen(kw_only=True)
class Vector:
    """One function that a program can be scored on.

    ``answers`` has one kind, or one for each of several named answers. ``tolerance`` gives the distance that numbers
    may have; whole numbers have none.
    """

    name: str
    about: str
    source: str
    arguments: Mapping[str, Kind]
    answers: Kind | Mapping[str, Kind]
    draw: Callable[[Case], Inputs]
    ask: Callable[[Inputs], Any]
    tolerance: Callable[[Inputs, Any], Any] | None = None
    n_cases: int = 24

    def inputs(self, number: int) -> Inputs:
        """The arguments of one case."""
        return self.draw(Case(self.name, number))

    def case(self, number: int) -> dict[str, Any]:
        """One case as JSON."""
        inputs = self.inputs(number)
        answer = self.ask(inputs)
        written: dict[str, Any] = {
            "arguments": {name: _written(kind, inputs[name]) for name, kind in self.arguments.items()},
            "expected": _answers(self.answers, answer),
        }
        if self.tolerance is not None:
            written["tolerance"] = _answers(self.answers, self.tolerance(inputs, answer), digits=3)
        return written

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON."""
        answers = self.answers if isinstance(self.answers, str) else dict(self.answers)
        return {
            "name": self.name,
            "about": self.about,
            "source": self.source,
            "arguments": dict(self.arguments),
            "answers": answers,
            "cases": [self.case(number) for number in range(self.n_cases)],
        }


def _answers(kinds: Kind | Mapping[str, Kind], answer: Any, digits: int = 12) -> Any:
    if isinstance(kinds, str):
        return _written(kinds, answer, digits)
    return {name: _written(kind, value, digits) for (name, kind), value in zip(kinds.items(), answer, strict=True)}


def _written(kind: Kind, value: Any, digits: int = 17) -> Any:
    """JSON of a value: integers as text, since JSON readers of many languages make doubles of numbers."""
    if kind == "integer":
        return str(int(value))
    if kind == "number":
        return float(f"{value:.{digits}g}")  # the last digits of a sum differ between processors
    return value
