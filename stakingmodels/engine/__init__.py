"""Many blocks of paths, on any executor."""

from stakingmodels.engine.simulation import Results, simulate

__all__ = ["Results", "simulate"]
