"""Worlds: constants, drawn prices, recorded history, events; the only room with random numbers."""

from stakingmodels.market.luck import BLOCK
from stakingmodels.numerics import entrances
from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.bootstrap import BlockBootstrap
from stakingmodels.scenarios.calibration import fit
from stakingmodels.scenarios.copulas import Copula
from stakingmodels.scenarios.crashes import Crash
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.estimates import DiffusionFit, Estimate, JumpFit, ReversionFit
from stakingmodels.scenarios.event_hazards import Contagion, Hazards
from stakingmodels.scenarios.files import DailyFile, DailySeries, daily_series, read_daily
from stakingmodels.scenarios.fitted import Fit
from stakingmodels.scenarios.hashrate import HashrateResponse
from stakingmodels.scenarios.history import History
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.jumps import JumpDiffusion, MertonJumps
from stakingmodels.scenarios.peg_jumps import Closed, JumpingPeg
from stakingmodels.scenarios.pegs import MeanReverting
from stakingmodels.scenarios.prices import Diffusion, Lognormal
from stakingmodels.scenarios.recorded import REFERENCE_START, USD_CASH_RATE, reference_fit
from stakingmodels.scenarios.reference import reference
from stakingmodels.scenarios.regimes import RegimeSwitching, Switching
from stakingmodels.scenarios.responses import ResponseFit
from stakingmodels.scenarios.reverting import Reverting, RevertingFees
from stakingmodels.scenarios.shock import Shocked
from stakingmodels.scenarios.shocks import SetTo, Shock, Strike
from stakingmodels.scenarios.staked_supply import Staked, StakedSupply, StakingQueue
from stakingmodels.scenarios.streams import Streams, as_entropy
from stakingmodels.scenarios.stress import EPISODES, Episode, stress
from stakingmodels.scenarios.waits import QueueWaits, WaitCell

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

entrances(__name__, inside=("Noise", "Streams"))
