"""Runs many products in one scenario, block by block, on any executor."""

from stakingmodels.engine.reducers import Controlled, Moment, Moments, Reducer, Tail, TailRisk
from stakingmodels.engine.simulation import Results, simulate
from stakingmodels.engine.workers import processes
from stakingmodels.numerics import entrances

__all__ = ["Controlled", "Moment", "Moments", "Reducer", "Results", "Tail", "TailRisk", "processes", "simulate"]

entrances(__name__)
