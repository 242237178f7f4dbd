"""Worlds: constants, drawn prices, recorded history, events; the only room with random numbers."""

from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.bootstrap import BlockBootstrap
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.files import DailySeries, daily_series, read_daily
from stakingmodels.scenarios.history import History
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.jumps import JumpDiffusion, MertonJumps
from stakingmodels.scenarios.pegs import MeanReverting
from stakingmodels.scenarios.prices import Diffusion, Lognormal
from stakingmodels.scenarios.reference import REFERENCE_START, reference
from stakingmodels.scenarios.regimes import RegimeSwitching, Switching
from stakingmodels.scenarios.shock import Shock, Shocked, Strike
from stakingmodels.scenarios.streams import BLOCK, Streams, as_entropy
from stakingmodels.scenarios.stress import EPISODES, Episode, stress

__all__ = [
    "BLOCK",
    "EPISODES",
    "REFERENCE_START",
    "BlockBootstrap",
    "Constants",
    "DailySeries",
    "Diffusion",
    "Drivers",
    "Episode",
    "History",
    "Joint",
    "JumpDiffusion",
    "Lognormal",
    "MeanReverting",
    "MertonJumps",
    "Noise",
    "RegimeSwitching",
    "Scenario",
    "Shock",
    "Shocked",
    "Streams",
    "Strike",
    "Supply",
    "Switching",
    "as_entropy",
    "daily_series",
    "read_daily",
    "reference",
    "stress",
]
