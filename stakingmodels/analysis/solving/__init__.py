"""Values of terms, prices and days at which a product meets a target: `solve` and `breakeven`."""

__all__: list[str] = []  # public names are in stakingmodels.analysis
