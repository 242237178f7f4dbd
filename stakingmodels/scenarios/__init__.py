"""Worlds: constants, drawn prices, recorded history, events; the only room with random numbers."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.calibration.estimates import DiffusionFit, Estimate, JumpFit, ReversionFit
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.calibration.fitting import fit
from stakingmodels.scenarios.calibration.responses import ResponseFit
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.events.copulas import Copula
from stakingmodels.scenarios.events.crashes import Crash
from stakingmodels.scenarios.events.hazards import Contagion, Hazards
from stakingmodels.scenarios.events.shocked import Shocked
from stakingmodels.scenarios.events.shocks import SetTo, Shock, Strike
from stakingmodels.scenarios.events.stress import EPISODES, Episode, stress
from stakingmodels.scenarios.history.bootstrap import BlockBootstrap
from stakingmodels.scenarios.history.files import DailyFile, DailySeries, daily_series, read_daily
from stakingmodels.scenarios.history.history import History
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.networks.hashrate import HashrateResponse
from stakingmodels.scenarios.networks.staked_supply import Staked, StakedSupply, StakingQueue
from stakingmodels.scenarios.networks.waits import QueueWaits, WaitCell
from stakingmodels.scenarios.pegs.jumping import Closed, JumpingPeg
from stakingmodels.scenarios.pegs.mean_reverting import MeanReverting
from stakingmodels.scenarios.processes.gbm import Diffusion, Lognormal
from stakingmodels.scenarios.processes.merton import JumpDiffusion, MertonJumps
from stakingmodels.scenarios.processes.regimes import RegimeSwitching, Switching
from stakingmodels.scenarios.processes.reverting import Reverting, RevertingFees
from stakingmodels.scenarios.recorded import REFERENCE_START, USD_CASH_RATE, reference_fit
from stakingmodels.scenarios.reference import reference
from stakingmodels.scenarios.streams import BLOCK, Streams, as_entropy

__all__ = [
    "BLOCK",
    "EPISODES",
    "REFERENCE_START",
    "USD_CASH_RATE",
    "BlockBootstrap",
    "Closed",
    "Constants",
    "Contagion",
    "Copula",
    "Crash",
    "DailyFile",
    "DailySeries",
    "Diffusion",
    "DiffusionFit",
    "Drivers",
    "Episode",
    "Estimate",
    "Fit",
    "HashrateResponse",
    "Hazards",
    "History",
    "Joint",
    "JumpDiffusion",
    "JumpFit",
    "JumpingPeg",
    "Lognormal",
    "MeanReverting",
    "MertonJumps",
    "Noise",
    "QueueWaits",
    "RegimeSwitching",
    "ResponseFit",
    "ReversionFit",
    "Reverting",
    "RevertingFees",
    "Scenario",
    "SetTo",
    "Shock",
    "Shocked",
    "Staked",
    "StakedSupply",
    "StakingQueue",
    "Streams",
    "Strike",
    "Supply",
    "Switching",
    "WaitCell",
    "as_entropy",
    "daily_series",
    "fit",
    "read_daily",
    "reference",
    "reference_fit",
    "stress",
]

displays(__name__)
entrances(__name__, inside=("Noise", "Streams"))
