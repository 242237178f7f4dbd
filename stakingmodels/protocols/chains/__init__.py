"""Rules of chains."""

from stakingmodels.protocols.chains import bitcoin

__all__ = ["bitcoin"]
