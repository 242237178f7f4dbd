"""Yields and risks: pure functions of arrays, independent of products."""

from stakingmodels.display import displays
from stakingmodels.measures.binomial import clopper_pearson
from stakingmodels.measures.control import ControlVariateMean
from stakingmodels.measures.irr import irr
from stakingmodels.measures.overlap import effective_sample_size, newey_west
from stakingmodels.measures.path import annual_volatility, max_drawdown, sharpe_ratio, sortino_ratio
from stakingmodels.measures.poisson import garwood
from stakingmodels.measures.tail import Distribution
from stakingmodels.measures.yields import annualized_return, real_yield, simple_rate, total_return
from stakingmodels.numerics import entrances

__all__ = [
    "ControlVariateMean",
    "Distribution",
    "annual_volatility",
    "annualized_return",
    "clopper_pearson",
    "effective_sample_size",
    "garwood",
    "irr",
    "max_drawdown",
    "newey_west",
    "real_yield",
    "sharpe_ratio",
    "simple_rate",
    "sortino_ratio",
    "total_return",
]

displays(__name__)
entrances(__name__)
