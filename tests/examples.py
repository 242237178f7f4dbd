"""How many examples a property is tried on: those that it names, as a share of the profile's hundred."""

from hypothesis import settings


def examples(wanted: int) -> settings:
    """`settings` with so many examples in `random`, of 100; half of them in `same`, and a quarter in `brief`."""
    return settings(max_examples=max(1, wanted * settings().max_examples // 100))
