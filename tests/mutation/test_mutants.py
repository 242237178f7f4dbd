"""The harness itself: which faults it makes, and that it puts them where they count."""

import ast

import pytest

from stakingmodels import rates
from tests.mutation import planted
from tests.mutation.mutants import faults, functions
from tests.mutation.rooms import PACKAGE, sources

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
