"""Exact rules of chains and contracts, under the protocols' own names; no products in here."""

from stakingmodels.protocols import chains, contracts

__all__ = ["chains", "contracts"]
