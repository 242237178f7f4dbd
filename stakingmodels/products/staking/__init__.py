"""Staking with the protocol: solo validator, pool, liquid token."""

__all__: list[str] = []  # public names are in stakingmodels.products
