"""Yield and risk of staking and mining products, on the same price and reward paths.

If I put this much money into that product, what will I have, when can I get it, what did it cost, and what can go
wrong? The names below are the whole public face; each is loaded when it is first used, so that importing the library
costs next to nothing.
"""

from stakingmodels._lazy import on_demand
from stakingmodels._version import VERSION

TYPE_CHECKING = False  # as checkers of types read it, without the time that importing `typing` takes
if TYPE_CHECKING:
    from stakingmodels import (
        analysis,
        checks,
        engine,
        errors,
        ledger,
        market,
        measures,
        products,
        protocols,
        rates,
        scenarios,
        terms,
        testing,
    )
    from stakingmodels.analysis import Backtest, Comparison, backtest, compare
    from stakingmodels.engine import Results, simulate
    from stakingmodels.errors import (
        BookError,
        ConformanceError,
        DataWarning,
        ExecutionError,
        InputError,
        InputTypeError,
        MissingExtraError,
        NumericalError,
        StakingModelsError,
        UnitWarning,
        WorldWarning,
    )
    from stakingmodels.ledger import Book, Group, Line, Outcome, Queue, Risk, Yields
    from stakingmodels.market import (
        BlockFees,
        CashRate,
        Difficulty,
        EntryWait,
        Event,
        ExecutionReward,
        ExitWait,
        Factor,
        Hashrate,
        Market,
        MarketRatio,
        Now,
        Price,
        StakingReward,
        TimeGrid,
    )
    from stakingmodels.products import (
        CloudMiningContract,
        ExchangeStaking,
        Holding,
        LiquidStakingToken,
        Position,
        Product,
        Quote,
        SoloValidator,
        StakingPool,
    )
    from stakingmodels.rates import APR, APY
    from stakingmodels.scenarios import (
        Constants,
        DailyFile,
        Diffusion,
        History,
        Joint,
        Lognormal,
        MeanReverting,
        Scenario,
    )

__version__ = VERSION

_ROOMS = {
    "analysis": ("Backtest", "Comparison", "backtest", "compare"),
    "engine": ("Results", "simulate"),
    "errors": (
        "BookError",
        "ConformanceError",
        "DataWarning",
        "ExecutionError",
        "InputError",
        "InputTypeError",
        "MissingExtraError",
        "NumericalError",
        "StakingModelsError",
        "UnitWarning",
        "WorldWarning",
    ),
    "ledger": ("Book", "Group", "Line", "Outcome", "Queue", "Risk", "Yields"),
    "market": (
        "BlockFees",
        "CashRate",
        "Difficulty",
        "EntryWait",
        "Event",
        "ExecutionReward",
        "ExitWait",
        "Factor",
        "Hashrate",
        "Market",
        "MarketRatio",
        "Now",
        "Price",
        "StakingReward",
        "TimeGrid",
    ),
    "products": (
        "CloudMiningContract",
        "ExchangeStaking",
        "Holding",
        "LiquidStakingToken",
        "Position",
        "Product",
        "Quote",
        "SoloValidator",
        "StakingPool",
    ),
    "rates": ("APR", "APY"),
    "scenarios": ("Constants", "DailyFile", "Diffusion", "History", "Joint", "Lognormal", "MeanReverting", "Scenario"),
}
_MODULES = (*_ROOMS, "checks", "measures", "protocols", "terms", "testing")

__all__ = [
    "APR",
    "APY",
    "Backtest",
    "BlockFees",
    "Book",
    "BookError",
    "CashRate",
    "CloudMiningContract",
    "Comparison",
    "ConformanceError",
    "Constants",
    "DailyFile",
    "DataWarning",
    "Difficulty",
    "Diffusion",
    "EntryWait",
    "Event",
    "ExchangeStaking",
    "ExecutionError",
    "ExecutionReward",
    "ExitWait",
    "Factor",
    "Group",
    "Hashrate",
    "History",
    "Holding",
    "InputError",
    "InputTypeError",
    "Joint",
    "Line",
    "LiquidStakingToken",
    "Lognormal",
    "Market",
    "MarketRatio",
    "MeanReverting",
    "MissingExtraError",
    "Now",
    "NumericalError",
    "Outcome",
    "Position",
    "Price",
    "Product",
    "Queue",
    "Quote",
    "Results",
    "Risk",
    "Scenario",
    "SoloValidator",
    "StakingModelsError",
    "StakingPool",
    "StakingReward",
    "TimeGrid",
    "UnitWarning",
    "WorldWarning",
    "Yields",
    "analysis",
    "backtest",
    "checks",
    "compare",
    "engine",
    "errors",
    "ledger",
    "market",
    "measures",
    "products",
    "protocols",
    "rates",
    "scenarios",
    "simulate",
    "terms",
    "testing",
]

if not TYPE_CHECKING:
    _HOMES = {name: room for room, names in _ROOMS.items() for name in names}
    __getattr__, __dir__ = on_demand(__name__, _MODULES, _HOMES)
