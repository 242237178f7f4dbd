"""Products that hold another product, and the rules by which they act on it."""

__all__: list[str] = []  # public names are in stakingmodels.products
