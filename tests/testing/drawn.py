"""Examples of hypothesis for a seed, outside of its own tests."""

from collections.abc import Callable
from typing import Any, cast

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

_TRIES = 4  # the first examples of a seed are the simplest ones, whatever the seed


def drawn(strategy: SearchStrategy[Any], number: int) -> Any:
    """Example of a strategy, the same each time for a seed, and another for another."""
    found: list[Any] = []

    def keep(value: Any) -> None:
        found.append(value)

    chosen = settings(
        max_examples=_TRIES,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=cast("list[HealthCheck]", list(HealthCheck)),
    )
    run: Callable[[], None] = seed(number)(chosen(given(strategy)(keep)))
    run()
    return found[-1]
