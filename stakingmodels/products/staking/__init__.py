"""Staking with the protocol: solo validator, pool, liquid token."""

__all__: list[str] = []  # the public names are those of stakingmodels.products
