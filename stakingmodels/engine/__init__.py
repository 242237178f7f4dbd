"""Runs many products in one scenario, block by block, on any executor."""

from stakingmodels.display import displays
from stakingmodels.engine.reducers import ControlVariates, Moment, Moments, Reducer, TailRisk, TailRiskReducer
from stakingmodels.engine.results import Results
from stakingmodels.engine.simulation import simulate
from stakingmodels.engine.workers import processes
from stakingmodels.numerics import entrances

__all__ = [
    "ControlVariates",
    "Moment",
    "Moments",
    "Reducer",
    "Results",
    "TailRisk",
    "TailRiskReducer",
    "processes",
    "simulate",
]

displays(__name__)
entrances(__name__)
