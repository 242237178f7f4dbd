"""Parts shared by several products: waits, queues of stake, failures, assumptions with their evidence."""

__all__: list[str] = []  # public names are in stakingmodels.products
