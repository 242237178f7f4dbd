"""Products side by side."""

from stakingmodels.analysis.comparison import COLUMNS, Comparison, Row, compare

__all__ = ["COLUMNS", "Comparison", "Row", "compare"]
