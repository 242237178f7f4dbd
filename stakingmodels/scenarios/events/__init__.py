"""Events and their hazards, how they depend on each other, shocks of given days, recorded episodes of stress."""

__all__: list[str] = []  # the public names are those of stakingmodels.scenarios
