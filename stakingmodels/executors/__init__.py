"""Executors of the parts of a run: results in order, and worker processes that fit it."""

__all__: list[str] = []  # the public name, `processes`, is in stakingmodels.engine
