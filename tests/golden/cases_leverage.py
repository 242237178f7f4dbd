"""The vectors of leveraged staking loops."""

from collections.abc import Mapping

from stakingmodels.protocols.contracts.leverage import Loop
from stakingmodels.rates import APR
from tests.golden.runner import Answer, Inputs


def _loop(inputs: Inputs) -> object:
    loop = Loop(
        ltv=float(inputs["ltv"]),
        liquidation_threshold=float(inputs["liquidation_threshold"]),
        loops=inputs.integer("loops"),
    )
    net_apr = loop.net_apr(
        staking_apr=APR(float(inputs["staking_apr"])),
        borrow_apr=APR(float(inputs["borrow_apr"])),
    )
    return {
        "leverage": loop.leverage,
        "debt": loop.debt,
        "health_factor": loop.health_factor,
        "net_apr": net_apr.value,
        "liquidation_price_ratio": loop.liquidation_price_ratio,
    }


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {"leverage_loop": _loop}
