"""Cases of parametrised tests that the fast suite and another Python run."""

from typing import Any

import pytest

from tests.conftest import Few, spread


class Case:
    """A test as far as it is asked."""

    def __init__(self, name: str, few: int | None = None) -> None:
        self.nodeid = name
        self.marks: dict[str, Any] = {} if few is None else {"few": pytest.mark.few(few).mark}

    def get_closest_marker(self, name):
        return self.marks.get(name)

    def add_marker(self, name):
        self.marks[name] = True


def test_a_few_cases_are_fast_and_the_others_slow():
    cases: list[Any] = [
        *(Case(f"a[{i}]", few=3) for i in range(9)),
        *(Case(f"b[{i}]") for i in range(4)),
        Case("c", few=2),
    ]
    Few.pytest_collection_modifyitems(cases)
    assert [each.nodeid for each in cases if "slow" not in each.marks and each.nodeid[0] != "b"] == [
        "a[0]",
        "a[4]",
        "a[8]",
        "c",
    ]
    assert not any("slow" in each.marks for each in cases if each.nodeid[0] == "b")


@pytest.mark.parametrize(("most", "kept"), [(1, [0]), (2, [0, 5]), (3, [0, 2, 5]), (6, [*range(6)]), (9, [*range(6)])])
def test_cases_are_evenly_spaced(most, kept):
    assert spread([*range(6)], most) == kept
