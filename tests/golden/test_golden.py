"""Every vector of every file in this folder, or in the one that STAKINGMODELS_GOLDEN names, is a test."""

from itertools import chain
from typing import Any

import pytest

from tests.golden import CASES, runner

SLOW = {"scripted_leak_T28000000", "slash_full_five_together", "slash_full_queue2.5M", "full_leak_32validators"}
"""Thousands of epochs: `slash_full_single32`, the random epochs and those of one step at a time are run each time."""
VECTORS = [(path.stem, number, vector) for path in runner.files() for number, vector in enumerate(runner.vectors(path))]


def _id(stem: str, number: int, vector: dict[str, Any]) -> str:
    return "-".join(chain([stem, str(number)], (str(vector[key]) for key in ("id", "op", "name") if key in vector)))


def _marks(vector: dict[str, Any]) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow] if vector.get("id") in SLOW else []


@pytest.mark.parametrize(
    ("stem", "vector"), [pytest.param(s, v, id=_id(s, n, v), marks=_marks(v)) for s, n, v in VECTORS]
)
def test_vector(stem: str, vector: dict[str, Any], golden_results: dict[str, list[int]]):
    ran = golden_results.setdefault(stem, [0, 0])
    ran[0] += 1
    runner.run(stem, vector, CASES)
    ran[1] += 1
