"""Runs many products in one scenario, block by block, on any executor."""

from stakingmodels.display import displays
from stakingmodels.engine.reducers import Controlled, Moment, Moments, Reducer, Tail, TailRisk
from stakingmodels.engine.results import Results
from stakingmodels.engine.simulation import simulate
from stakingmodels.engine.workers import processes
from stakingmodels.numerics import entrances

__all__ = ["Controlled", "Moment", "Moments", "Reducer", "Results", "Tail", "TailRisk", "processes", "simulate"]

displays(__name__)
entrances(__name__)
