"""Recorded series: price files, windows of history, the stationary bootstrap."""

__all__: list[str] = []  # public names are in stakingmodels.scenarios
