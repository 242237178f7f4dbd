"""Exact rules of chains and contracts, under the protocols' own names; no products in here."""

from typing import TYPE_CHECKING

from stakingmodels._lazy import on_demand

if TYPE_CHECKING:
    from stakingmodels.protocols import chains, contracts

__all__ = ["chains", "contracts"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_demand(__name__, __all__)
