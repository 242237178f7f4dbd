"""Scenarios of networks: hash rate and difficulty, staked supply, fees, queues."""

__all__: list[str] = []  # public names are in stakingmodels.scenarios
