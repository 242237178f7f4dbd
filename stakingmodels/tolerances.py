"""Tolerances: differences between two numbers up to which they count as equal, after sums of floats.

The values are part of the results: a wait whose end passes the end of a step by 1e-9 days counts as over in it.
"""

REL_TOL = 1e-12
"""Relative difference left by roundings of a step: of prices, stakes, returns and money."""
DAY_TOL = 1e-9
"""Days by which a due day may lie after the end of a step and still count as reached."""
LIQUIDITY_DAY_TOL = 1e-6
"""Tolerance in days of the liquidity profile, whose whole days are sums of many steps."""
WEIGHT_TOL = 1e-9
"""Difference from 1 that the sum of weights may have."""
