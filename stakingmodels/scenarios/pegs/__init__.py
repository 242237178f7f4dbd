"""The market ratio of a liquid token to its coin."""

__all__: list[str] = []  # the public names are those of stakingmodels.scenarios
