"""Products of a custodian: an exchange's earn product."""

__all__: list[str] = []  # public names are in stakingmodels.products
