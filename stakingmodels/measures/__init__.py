"""Yields and risks: pure functions of arrays, which know nothing of products."""

from stakingmodels.display import displays
from stakingmodels.measures.binomial import clopper_pearson
from stakingmodels.measures.control import ControlledMean
from stakingmodels.measures.irr import irr
from stakingmodels.measures.overlap import effective_sample_size, newey_west
from stakingmodels.measures.path import drawdown, sharpe, sortino, volatility
from stakingmodels.measures.poisson import garwood
from stakingmodels.measures.tail import Distribution
from stakingmodels.measures.yields import annualised, real_yield, simple_annual_rate, total_return
from stakingmodels.numerics import entrances

__all__ = [
    "ControlledMean",
    "Distribution",
    "annualised",
    "clopper_pearson",
    "drawdown",
    "effective_sample_size",
    "garwood",
    "irr",
    "newey_west",
    "real_yield",
    "sharpe",
    "simple_annual_rate",
    "sortino",
    "total_return",
    "volatility",
]

displays(__name__)
entrances(__name__)
