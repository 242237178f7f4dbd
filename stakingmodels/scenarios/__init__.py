"""Worlds: constants, drawn prices, recorded history, events; the only room with random numbers."""

from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.files import DailySeries, daily_series, read_daily
from stakingmodels.scenarios.history import History
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.pegs import MeanReverting
from stakingmodels.scenarios.prices import Diffusion, Lognormal
from stakingmodels.scenarios.reference import REFERENCE_START, reference
from stakingmodels.scenarios.streams import BLOCK, Streams, as_entropy

__all__ = [
    "BLOCK",
    "REFERENCE_START",
    "Constants",
    "DailySeries",
    "Diffusion",
    "Drivers",
    "History",
    "Joint",
    "Lognormal",
    "MeanReverting",
    "Noise",
    "Scenario",
    "Streams",
    "Supply",
    "as_entropy",
    "daily_series",
    "read_daily",
    "reference",
]
