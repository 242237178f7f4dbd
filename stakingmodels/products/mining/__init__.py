"""Mining products: the cloud-mining contract."""

__all__: list[str] = []  # public names are in stakingmodels.products
