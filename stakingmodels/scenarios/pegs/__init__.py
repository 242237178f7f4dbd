"""Scenarios of the market ratio of a liquid token to its coin."""

__all__: list[str] = []  # public names are in stakingmodels.scenarios
