"""How far two numbers may differ and count as equal: one place for what sums of floats leave.

A number of a tolerance is part of the results: a wait that ends 1e-9 days before a step ends counts as over in it.
"""

REL_TOL = 1e-12
"""Relative difference that roundings of a step leave: of prices, stakes, returns and money."""
DAY_TOL = 1e-9
"""Days by which a due day may lie after the end of a step and still count as reached."""
LIQUIDITY_DAY_TOL = 1e-6
"""The same for the days of the liquidity profile, whole days that are sums of many steps."""
