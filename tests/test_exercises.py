"""The exercises: their solutions are right, mistakes are told, and what is no answer is refused."""

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "exercises"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


exercises, solutions = module("exercises"), module("solutions")
NUMBERS = range(1, len(exercises.EXERCISES) + 1)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_solution_is_right(number):
    assert exercises.judged(number, getattr(solutions, f"answer_{number}")()) == f"{number}: right"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_usual_mistake_is_told_from_the_right_answer(number):
    exercise = exercises.EXERCISES[number - 1]
    for mistake, reason in exercise.mistakes:
        assert exercises.judged(number, mistake) == f"{number}: not yet: {reason}"
    assert exercises.judged(number, exercise.answer * 1.01 + 0.01) == f"{number}: not yet"


@pytest.mark.parametrize("given", [None, "0.1", True, math.nan, math.inf])
def test_what_is_no_number_is_said(given):
    assert exercises.judged(1, given).startswith("1: must be a number, got")


def test_questions_are_asked_in_both_languages_and_answers_judged(tmp_path, capsys):
    assert exercises.main([]) == 0
    assert exercises.main(["--zh"]) == 0
    assert "以 3,000 美元買 0.5 ETH" in capsys.readouterr().out
    mine = tmp_path / "mine.py"
    mine.write_text("def answer_1():\n    return 0.12\n")
    assert exercises.main([str(mine)]) == 1
    assert capsys.readouterr().out.startswith("1: not yet: an APY is no APR\n2: 0.5 ETH bought")
