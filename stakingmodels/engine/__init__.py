"""Many blocks of paths, on any executor."""

from stakingmodels.engine.simulate import Results, simulate

__all__ = ["Results", "simulate"]
