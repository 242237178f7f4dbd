"""Events and their hazards, dependence between events, shocks on given days, recorded episodes of stress."""

__all__: list[str] = []  # public names are in stakingmodels.scenarios
