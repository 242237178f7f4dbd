"""Runs one product in one market, or many in one scenario, block by block, on any executor."""

from typing import TYPE_CHECKING

from stakingmodels._lazy import on_demand
from stakingmodels.display import displays
from stakingmodels.engine.reducers import ControlVariates, Moment, Moments, Reducer, TailRisk, TailRiskReducer
from stakingmodels.numerics import entrances

if TYPE_CHECKING:
    from stakingmodels.engine.results import Results
    from stakingmodels.engine.simulation import simulate
    from stakingmodels.executors.processes import processes

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

if not TYPE_CHECKING:  # scenarios and workers take long to load, and products need neither
    _HOMES = {"Results": "engine.results", "processes": "executors.processes", "simulate": "engine.simulation"}
    __getattr__, __dir__ = on_demand(__name__, homes=_HOMES, root="stakingmodels")

displays(__name__)
entrances(__name__)
