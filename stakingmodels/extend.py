"""Names that authors of products, wrappers, scenarios and chains need, and nothing else.

What an author imports from here and from `stakingmodels` stays, or is told in the changelog.
"""

from stakingmodels._lazy import on_demand

TYPE_CHECKING = False  # read by type checkers; importing `typing` would take time
if TYPE_CHECKING:
    from stakingmodels import checks, terms
    from stakingmodels.ledger import (
        Account,
        Book,
        Group,
        Line,
        Queue,
    )
    from stakingmodels.market import (
        ActiveStake,
        BlockFees,
        CashRate,
        Difficulty,
        EntryWait,
        Event,
        ExecutionReward,
        ExitWait,
        Factor,
        Hashrate,
        MarketRatio,
        Now,
        PowerPrice,
        Price,
        StakingQueue,
        StakingReward,
        TimeGrid,
    )
    from stakingmodels.products import (
        Exposure,
        Failure,
        Position,
        Product,
        Rule,
        Watch,
        Wrapper,
        WrapperPosition,
        failures,
    )
    from stakingmodels.protocols.chains import (
        Chain,
        Offense,
        Unbonding,
    )
    from stakingmodels.rates import (
        APR,
        APY,
    )
    from stakingmodels.scenarios import (
        BlockInputs,
        Drivers,
        Noise,
        RowFiller,
        Scenario,
        Streams,
    )
    from stakingmodels.testing import (
        RewardFunction,
        check_chain,
        check_product,
        check_reward,
        check_scenario,
        parametrize_with_checks,
        reward_cases,
    )

_ROOMS = {
    "ledger": (
        "Account",
        "Book",
        "Group",
        "Line",
        "Queue",
    ),
    "market": (
        "ActiveStake",
        "BlockFees",
        "CashRate",
        "Difficulty",
        "EntryWait",
        "Event",
        "ExecutionReward",
        "ExitWait",
        "Factor",
        "Hashrate",
        "MarketRatio",
        "Now",
        "PowerPrice",
        "Price",
        "StakingQueue",
        "StakingReward",
        "TimeGrid",
    ),
    "products": (
        "Exposure",
        "Failure",
        "Position",
        "Product",
        "Rule",
        "Watch",
        "Wrapper",
        "WrapperPosition",
        "failures",
    ),
    "protocols.chains": (
        "Chain",
        "Offense",
        "Unbonding",
    ),
    "rates": (
        "APR",
        "APY",
    ),
    "scenarios": (
        "BlockInputs",
        "Drivers",
        "Noise",
        "RowFiller",
        "Scenario",
        "Streams",
    ),
    "testing": (
        "RewardFunction",
        "check_chain",
        "check_product",
        "check_reward",
        "check_scenario",
        "parametrize_with_checks",
        "reward_cases",
    ),
}

__all__ = [
    "APR",
    "APY",
    "Account",
    "ActiveStake",
    "BlockFees",
    "BlockInputs",
    "Book",
    "CashRate",
    "Chain",
    "Difficulty",
    "Drivers",
    "EntryWait",
    "Event",
    "ExecutionReward",
    "ExitWait",
    "Exposure",
    "Factor",
    "Failure",
    "Group",
    "Hashrate",
    "Line",
    "MarketRatio",
    "Noise",
    "Now",
    "Offense",
    "Position",
    "PowerPrice",
    "Price",
    "Product",
    "Queue",
    "RewardFunction",
    "RowFiller",
    "Rule",
    "Scenario",
    "StakingQueue",
    "StakingReward",
    "Streams",
    "TimeGrid",
    "Unbonding",
    "Watch",
    "Wrapper",
    "WrapperPosition",
    "check_chain",
    "check_product",
    "check_reward",
    "check_scenario",
    "checks",
    "failures",
    "parametrize_with_checks",
    "reward_cases",
    "terms",
]

if not TYPE_CHECKING:
    _HOMES = {name: room for room, names in _ROOMS.items() for name in names}
    __getattr__, __dir__ = on_demand(__name__, ("checks", "terms"), _HOMES, root="stakingmodels")
