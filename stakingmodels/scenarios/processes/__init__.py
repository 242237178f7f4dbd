"""Price and level processes: geometric Brownian motion, jump diffusion, regimes, mean reversion."""

__all__: list[str] = []  # public names are in stakingmodels.scenarios
