"""What several products share: waits, reward passage, failures, assumptions with their evidence."""

__all__: list[str] = []  # the public names are those of stakingmodels.products
