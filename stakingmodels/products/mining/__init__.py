"""Mining products: the cloud-mining contract, and machines of one's own."""

__all__: list[str] = []  # public names are in stakingmodels.products
