"""Reads files of reference vectors and holds our answers against them; the format is told in README.md."""

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("STAKINGMODELS_GOLDEN") or Path(__file__).parent)

KINDS = frozenset(
    {
        "own-test",
        "own-code-run",
        "own-test-rule",
        "own-code-rule",
        "spec-run",
        "spec-literal",
        "doc-example",
        "doc-formula",
        "formula",
        "formula-transcription",
    }
)
DESCRIPTION = frozenset({"id", "name", "kind", "op", "note", "source", "derived", "literal_in_test", "ops_fields"})
"""Keys of a vector that say something about it, and hold nothing to compare."""
TOLERANCE = frozenset({"rel_tol", "abs_tol"})
RESULTS = ("expected", "outputs", "outputs_by_validator_eb_eth", "outputs_relative_to_E0")
EXTRA = frozenset({"exact_from_code_transcription", "float_formula_value"})
"""Second results beside the expected one: the same answer, exact or without a tolerance."""
NOTE = "note"
_TOTALS = ("total_active_balance", "unslashed_participating_source_target_head")
_FOR_EACH = "_by_"

Answer = Callable[["Inputs"], object]


class Inputs(Mapping[str, Any]):
    """The inputs of a vector; remembers what was read, so that an input nobody knows is a failure."""

    def __init__(self, values: Mapping[str, Any], name: str = "inputs") -> None:
        self._values = values
        self._name = name
        self._read: set[str] = set()
        self._inner: dict[str, list[Inputs]] = {}

    def __getitem__(self, key: str) -> Any:
        value = self._values[key]
        if key not in self._read:
            self._read.add(key)
            parts = value if isinstance(value, list) else [value]
            self._inner[key] = [Inputs(part, f"{self._name}.{key}") for part in parts if isinstance(part, dict)]
        if isinstance(value, dict):
            return self._inner[key][0]
        if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
            return self._inner[key]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def integer(self, key: str) -> int:
        """An amount in base units, written as a number or, past 2**53, as text."""
        return int(self[key])

    def decimal(self, key: str) -> Decimal:
        """A decimal number written as text."""
        return Decimal(str(self[key]))

    def fraction(self, key: str) -> Fraction:
        """A ratio written as text: "3/10", "0.3"."""
        return Fraction(str(self[key]))

    def unread(self) -> list[str]:
        """Names of the inputs that no one asked for."""
        own = [f"{self._name}.{key}" for key in self._values if key not in self._read]
        return own + [name for parts in self._inner.values() for part in parts for name in part.unread()]


def files(folder: Path = FOLDER) -> list[Path]:
    """The files of vectors in a folder; there must be one at least."""
    found = sorted(folder.glob("*.json"))
    if not found:
        raise FileNotFoundError(f"no *.json in {folder} (STAKINGMODELS_GOLDEN)")
    return found


def vectors(path: Path) -> list[dict[str, Any]]:
    """The vectors of one file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if set(content) != {"meta", "vectors"} or not content["vectors"]:
        raise ValueError(f"{path.name}: must hold meta and at least one vector, has {sorted(content)}")
    return list(content["vectors"])


def run(stem: str, vector: Mapping[str, Any], cases: Mapping[str, Answer | Mapping[str, Answer]]) -> None:
    """Ask the library what a vector asks; AssertionError tells the first difference, and what is not understood."""
    result = _layout(stem, vector)
    inputs, expected = vector["inputs"], vector.get(result)
    if result == "ops":  # steps of one state: [epoch, amount, exit epoch (result), left (result)]
        inputs = {**inputs, "ops": [step[:2] for step in vector["ops"]]}
        expected = [step[2:] for step in vector["ops"]]
    expected = _without_notes(expected)
    asked = Inputs(
        {**inputs, **_asked_for_each(result, expected), **_asked_at_moments(expected), **_not_determined(expected)}
    )
    actual = _answer(stem, vector, cases)(asked)
    assert not asked.unread(), f"{stem}: inputs nobody knows: {', '.join(asked.unread())}"
    compare(actual, expected, rel_tol=vector.get("rel_tol", 0.0), abs_tol=vector.get("abs_tol", 0.0))


def _without_notes(expected: Any) -> Any:
    """Results less what only explains them."""
    return {key: value for key, value in expected.items() if key != NOTE} if isinstance(expected, dict) else expected


def _asked_for_each(result: str, expected: Any) -> dict[str, list[str]]:
    """Results for each of some things, such as ``exit_epoch_by_eb: {"32": ...}``, ask for those: an input ``eb``."""
    named = {result: expected, **expected} if isinstance(expected, dict) else {}
    each = {name: value for name, value in named.items() if isinstance(value, dict) and _FOR_EACH in name}
    return {name.split(_FOR_EACH, 1)[1]: list(value) for name, value in each.items()}


def _asked_at_moments(expected: Any) -> dict[str, list[Any]]:
    """A series of states, shown at some moments and of some validators, asks for those: ``moments``, ``names``.

    The moment is the first key of each state, such as ``k`` or ``epoch``.
    """
    states = (expected.get("series") or expected.get("steps")) if isinstance(expected, dict) else None
    if not states:
        return {}
    moments = [next(iter(state.values())) for state in states]
    return {"moments": moments} | ({"names": list(states[0]["validators"])} if "validators" in states[0] else {})


def _not_determined(expected: Any) -> dict[str, Any]:
    """What results hold that the inputs do not determine: given to the case, which tells whether it can be.

    Of a network that is given as sums, effective balances move by how the sums are split over validators, which nobody
    is told; so each epoch's ``totals`` are given as ``[active, source, target, head]``. Of ``others`` that are given as
    a sum, the split is in the results.
    """
    if not isinstance(expected, dict):
        return {}
    found: dict[str, Any] = {}
    steps = expected.get("steps") or []
    if steps and set(_TOTALS) <= set(steps[0]):
        found["totals"] = [[step[_TOTALS[0]], *step[_TOTALS[1]]] for step in steps]
    if isinstance(expected.get("others"), list):
        found["others"] = [each["effective_balance"] for each in expected["others"]]
    return found


def _layout(stem: str, vector: Mapping[str, Any]) -> str:
    """The key under which the results stand; everything else in the vector must be known as well."""
    kind = vector.get("kind")
    assert kind in KINDS or (kind is None and stem.startswith("ethereum_")), f"{stem}: unknown kind {kind!r}"
    results = [key for key in (*RESULTS, "ops") if key in vector]
    assert len(results) == 1, f"{stem}: must have one of {', '.join(RESULTS)}, has {results}"
    unknown = set(vector) - DESCRIPTION - TOLERANCE - EXTRA - {"inputs", *results}
    assert not unknown, f"{stem}: unknown keys {sorted(unknown)}"
    return results[0]


def _answer(stem: str, vector: Mapping[str, Any], cases: Mapping[str, Answer | Mapping[str, Answer]]) -> Answer:
    assert stem in cases, f"{stem}: no case knows this file"
    case = cases[stem]
    if callable(case):
        assert "op" not in vector, f"{stem}: unknown op {vector['op']!r}"
        return case
    op = vector.get("op", "")
    assert op in case, f"{stem}: unknown op {op!r}"
    return case[op]


def compare(actual: object, expected: object, *, rel_tol: float, abs_tol: float, where: str = "result") -> None:
    """Equal to the last digit and of the same kind, or within the tolerance that the vector states."""
    if isinstance(expected, dict):
        assert isinstance(actual, Mapping), f"{where}: {actual!r} instead of an object"
        assert set(actual) == set(expected), f"{where}: keys {sorted(actual)} instead of {sorted(expected)}"
        for key, value in expected.items():
            compare(actual[key], value, rel_tol=rel_tol, abs_tol=abs_tol, where=f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(actual, list | tuple), f"{where}: {actual!r} instead of a list"
        assert len(actual) == len(expected), f"{where}: {len(actual)} entries instead of {len(expected)}"
        for index, (one, other) in enumerate(zip(actual, expected, strict=True)):
            compare(one, other, rel_tol=rel_tol, abs_tol=abs_tol, where=f"{where}[{index}]")
    else:
        assert _same(actual, expected, rel_tol, abs_tol), f"{where}: {actual!r} instead of {expected!r}"


def _same(actual: object, expected: object, rel_tol: float, abs_tol: float) -> bool:
    if expected is None or isinstance(expected, bool):
        return actual is expected
    if isinstance(actual, bool) or not isinstance(actual, int | float | Decimal | Fraction | str):
        return False
    if isinstance(expected, str) and isinstance(actual, str):
        return actual == expected
    if rel_tol or abs_tol:
        return math.isclose(float(actual), float(expected), rel_tol=rel_tol, abs_tol=abs_tol)  # type: ignore[arg-type]
    return _exactly_same(actual, expected)


def _exactly_same(actual: float | Decimal | Fraction | str, expected: object) -> bool:
    if isinstance(expected, str):
        return not isinstance(actual, float) and Fraction(actual) == Fraction(expected)
    return type(actual) is type(expected) and actual == expected
