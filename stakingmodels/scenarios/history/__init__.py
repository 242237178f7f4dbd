"""Recorded series: price files, windows of history, the stationary bootstrap."""

__all__: list[str] = []  # the public names are those of stakingmodels.scenarios
