"""What a network does of itself: hash rate and difficulty, staked supply, fees, queues."""

__all__: list[str] = []  # the public names are those of stakingmodels.scenarios
