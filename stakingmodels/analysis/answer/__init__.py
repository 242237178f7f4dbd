"""The answer of a comparison: ranges over assumptions, what is sure, flip points, views of prices, the short table."""

__all__: list[str] = []  # public names are in stakingmodels.analysis
