"""Mining products: the cloud-mining contract."""

__all__: list[str] = []  # the public names are those of stakingmodels.products
