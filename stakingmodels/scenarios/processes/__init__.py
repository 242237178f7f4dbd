"""Price and level processes: geometric Brownian motion, jump diffusion, regimes, mean reversion."""

__all__: list[str] = []  # the public names are those of stakingmodels.scenarios
