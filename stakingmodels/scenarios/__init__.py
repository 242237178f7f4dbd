"""Scenarios: constants, drawn prices, recorded history, events. Only scenarios draw random numbers."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit, OrnsteinUhlenbeckFit
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.calibration.fitting import fit
from stakingmodels.scenarios.calibration.responses import ResponseFit
from stakingmodels.scenarios.currency import InCurrency
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.events.copulas import Copula
from stakingmodels.scenarios.events.crashes import Crash
from stakingmodels.scenarios.events.hazards import Contagion, Hazards
from stakingmodels.scenarios.events.pinned import Pinned
from stakingmodels.scenarios.events.shocked import Shocked
from stakingmodels.scenarios.events.shocks import EventShock, SetTo, Shock
from stakingmodels.scenarios.events.stress import EPISODES, Episode, stress
from stakingmodels.scenarios.exchange_rates import EXCHANGE_RATES, ExchangeRate
from stakingmodels.scenarios.history.bootstrap import StationaryBootstrap
from stakingmodels.scenarios.history.files import DailyFile, DailySeries, daily_series, read_daily
from stakingmodels.scenarios.history.history import History
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.networks.fees import MeanRevertingFees
from stakingmodels.scenarios.networks.hashrate import HashrateResponse
from stakingmodels.scenarios.networks.staked_supply import StakedSupply
from stakingmodels.scenarios.networks.waits import QueueWaits, WaitCell
from stakingmodels.scenarios.pegs.jumping import JumpingPeg, RedemptionHalt
from stakingmodels.scenarios.pegs.mean_reverting import MeanRevertingPeg
from stakingmodels.scenarios.processes.gbm import GBM, GeometricBrownianMotion
from stakingmodels.scenarios.processes.merton import Merton, MertonJumpDiffusion
from stakingmodels.scenarios.processes.regimes import RegimeGBM, RegimeSwitching
from stakingmodels.scenarios.processes.reverting import LogOrnsteinUhlenbeck
from stakingmodels.scenarios.quasi import QuasiRandom
from stakingmodels.scenarios.recorded import REFERENCE_START, USD_CASH_RATE, reference_fit
from stakingmodels.scenarios.recorded_coins import REFERENCE_COINS
from stakingmodels.scenarios.reference import reference
from stakingmodels.scenarios.rows import RowFiller
from stakingmodels.scenarios.streams import Streams, as_entropy

__all__ = [
    "EPISODES",
    "EXCHANGE_RATES",
    "GBM",
    "REFERENCE_COINS",
    "REFERENCE_START",
    "USD_CASH_RATE",
    "BlockInputs",
    "Constants",
    "Contagion",
    "Copula",
    "Crash",
    "DailyFile",
    "DailySeries",
    "Drivers",
    "Episode",
    "Estimate",
    "EventShock",
    "ExchangeRate",
    "Fit",
    "GBMFit",
    "GeometricBrownianMotion",
    "HashrateResponse",
    "Hazards",
    "History",
    "InCurrency",
    "Joint",
    "JumpFit",
    "JumpingPeg",
    "LogOrnsteinUhlenbeck",
    "MeanRevertingFees",
    "MeanRevertingPeg",
    "Merton",
    "MertonJumpDiffusion",
    "Noise",
    "OrnsteinUhlenbeckFit",
    "Pinned",
    "QuasiRandom",
    "QueueWaits",
    "RedemptionHalt",
    "RegimeGBM",
    "RegimeSwitching",
    "ResponseFit",
    "RowFiller",
    "Scenario",
    "SetTo",
    "Shock",
    "Shocked",
    "StakedSupply",
    "StationaryBootstrap",
    "Streams",
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
