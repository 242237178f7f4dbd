"""Products of a custodian: an exchange's earn product."""

__all__: list[str] = []  # the public names are those of stakingmodels.products
