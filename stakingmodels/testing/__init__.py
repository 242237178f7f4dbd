"""Checks that any product can be held to, and hypothesis strategies for markets and terms (`testing.strategies`)."""

from stakingmodels.numerics import entrances
from stakingmodels.testing.conformance import CHECKS, Check, check_product
from stakingmodels.testing.markets import default_markets

__all__ = ["CHECKS", "Check", "check_product", "default_markets"]

entrances(__name__)
