"""The harness itself: which faults it makes, and that it puts them where they count."""

import ast
import re
import subprocess
import sys
from typing import Any

import pytest

from stakingmodels import rates
from tests.mutation import branches, planted, survivors
from tests.mutation.mutants import faults, functions
from tests.mutation.rooms import PACKAGE, ROOMS, ROOT, sources

CODE = '''
class Wallet:
    @property
    def paid(self, limit: int = 3, *, most: float = 0.5) -> float:
        """The words of a docstring stay."""
        if self.sum > limit and not self.closed:
            raise ValueError("more than the limit of 7")
        refuse("where", f"{limit} of 5", self.sum // 2)
        return max(self.sum, most)

    def __repr__(self):
        return "Wallet" + str(1)
'''
CHANGES = [
    "3 to 4", "0.5 to 1.5", "condition to False", "condition to True", "and to or", "> to >=", "without not",
    "left out", "left out", "// rounded up", "2 to 3", "return None", "max to min",
]  # fmt: skip


def test_the_faults_of_a_function(tmp_path):
    path = tmp_path / "wallet.py"
    path.write_text(CODE)
    made = [
        (mutant, ast.unparse(function))
        for classes, function in functions(ast.parse(CODE))
        for mutant in faults(path, "wallet.py", classes, function)
    ]
    assert [mutant.change for mutant, _ in made] == CHANGES
    assert {mutant.function for mutant, _ in made} == {"Wallet.paid"}
    assert len({text for _, text in made}) == len(made)
    assert len({mutant.key for mutant, _ in made}) == len(made)
    assert ast.unparse(ast.parse(CODE)) not in {text for _, text in made}


def test_a_fault_reaches_a_function_through_its_guard():
    path = PACKAGE / "rates.py"
    tree = ast.parse(path.read_text())
    module = compile(tree, str(path), "exec")
    classes, function = next(each for each in functions(tree) if (*each[0], each[1].name) == ("APR", "accrued"))
    old = planted.code_of(module, ("APR", "accrued"), function.lineno)
    planting = planted.Planting(path, classes, function, old)
    changed = [mutant.change for mutant in faults(path, "rates.py", classes, function)]
    assert changed == ["return None", "* to /"]
    live = planted.alive()
    for mutant in faults(path, "rates.py", classes, function):
        if mutant.change == "* to /":
            assert planted.plant(old, planting.compiled(), live) == 1
    try:
        assert rates.APR(0.5).accrued(2.0) == 0.25
    finally:
        for each in live[old]:
            each.__code__ = old
    assert rates.APR(0.5).accrued(2.0) == 1.0


@pytest.mark.once
@pytest.mark.parametrize("room", ["rates", "measures"])
def test_every_function_of_a_room_is_alive(room):
    planted.everything()
    live = planted.alive()
    for path in sources(room):
        tree = ast.parse(path.read_text())
        module = compile(tree, str(path), "exec")
        for classes, function in functions(tree):
            first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
            assert planted.code_of(module, (*classes, function.name), first) in live, function.name


def test_faults_that_are_said_to_be_equivalent_exist():
    assert survivors.unknown() == []
    assert all(reason.endswith(".") for reason in survivors.excused().values())


def test_an_entry_whose_line_has_changed_is_found(tmp_path, monkeypatch):
    kept = survivors.FILE.read_text(encoding="utf-8")
    (tmp_path / "survivors.toml").write_text(kept.replace("if surplus <= 0:", "if surplus < 0:"), encoding="utf-8")
    monkeypatch.setattr(survivors, "FILE", tmp_path / "survivors.toml")
    assert [key[1] for key in survivors.unknown()] == ["leader_reward"]


def test_lines_that_nothing_takes_are_compared_with_the_list(tmp_path, monkeypatch):
    (tmp_path / "branches.toml").write_text(
        '[[missed]]\npath = "rates.py"\nfunction = "APR.of"\nline = "if x:"\nto = "exit"\n'
    )
    monkeypatch.setattr(branches, "FILE", tmp_path / "branches.toml")
    listed = branches.Missed("rates.py", "APR.of", "if x:", "exit")
    elsewhere = branches.Missed("rates.py", "APY.of", "if x:", "exit")
    assert branches.unlike("rates", [listed]) == []
    assert branches.unlike("ledger", []) == []
    assert branches.unlike("rates", [listed, branches.Missed("rates.py", "", "y = 1")]) == [
        "not in branches.toml: rates.py::: y = 1"
    ]
    assert branches.unlike("rates", []) == ["in branches.toml, but taken: rates.py::APR.of: if x:  ->  exit"]
    assert branches.unlike("rates", [listed, elsewhere]) == [
        "not in branches.toml: rates.py::APY.of: if x:  ->  exit"
    ], "of the same text, in another function"
    assert branches.unlike("rates", [listed, listed]) == ["not in branches.toml: rates.py::APR.of: if x:  ->  exit"]


def test_a_line_belongs_to_the_innermost_function():
    owners = branches.owners_of_lines(ast.parse(CODE))
    lines = CODE.splitlines()
    assert owners[1 + lines.index("        return max(self.sum, most)")] == "Wallet.paid"
    assert owners[1 + lines.index("class Wallet:")] == "Wallet"
    inner = branches.owners_of_lines(ast.parse("x = 1\ndef a():\n    def b():\n        return x\n    return b\n"))
    assert inner == {2: "a", 3: "a.b", 4: "a.b", 5: "a"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def test_it():\n    assert False\n", "fails without a fault: .*::test_it"),
        ("import no_such_module\n", "the tests were not run: <ExitCode.INTERRUPTED"),
    ],
)
def test_a_test_that_fails_is_told_with_the_branches(tmp_path, code, told):
    pytest.importorskip("coverage", reason="needs coverage: pip install stakingmodels[dev]")
    own = tmp_path / "test_own.py"
    own.write_text(code)
    command = [sys.executable, "-m", "tests.mutation", "rates", "--branches", "--kept", str(tmp_path), "--also", own]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert re.search(told, done.stdout + done.stderr)
    assert "not in branches.toml" not in done.stdout


def test_branches_that_nothing_takes_have_a_reason():
    assert all(each["reason"].endswith(".") for each in branches.entries())


@pytest.mark.slow
@pytest.mark.parametrize("room", list(ROOMS))
def test_every_branch_of_a_room_is_taken_or_listed(room, tmp_path):
    command = [sys.executable, "-m", "tests.mutation", room, "--branches", "--kept", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_a_method_without_its_call_of_super_can_still_be_planted(tmp_path):
    path = tmp_path / "child.py"
    path.write_text(
        "class Parent:\n    def end(self):\n        self.ended = True\n\n\n"
        "class Child(Parent):\n    def end(self):\n        super().end()\n        self.left = 1\n"
    )
    names: dict[str, Any] = {}
    module = compile(path.read_text(), str(path), "exec")
    exec(module, names)  # noqa: S102 - the text above
    classes, function = next(each for each in functions(ast.parse(path.read_text())) if each[0] == ("Child",))
    live = names["Child"].end
    planting = planted.Planting(path, classes, function, live.__code__)
    for mutant in faults(path, "child.py", classes, function):
        if mutant.line == "super().end()":
            assert planted.plant(live.__code__, planting.compiled(), {live.__code__: [live]}) == 1
    child = names["Child"]()
    child.end()
    assert vars(child) == {"left": 1}
