"""Counts the vectors of each file and prints the counts under the test report."""

from typing import Any

import pytest

RESULTS = pytest.StashKey[dict[str, list[int]]]()


@pytest.fixture
def golden_results(request: pytest.FixtureRequest) -> dict[str, list[int]]:
    """Per file, how many vectors ran and how many of them passed."""
    return request.config.stash.setdefault(RESULTS, {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """One line a file, and the sum."""
    results = config.stash.get(RESULTS, {})
    if not results:
        return
    terminalreporter.section("reference vectors")
    for stem, (ran, passed) in sorted(results.items()):
        terminalreporter.write_line(f"{stem}: {passed} of {ran} passed")
    ran, passed = (sum(column) for column in zip(*results.values(), strict=True))
    terminalreporter.write_line(f"all {len(results)} files: {passed} of {ran} passed")
