"""Uniswap v2's vectors: swaps, first deposit, withdrawal, the protocol's sixth, impermanent loss."""

from collections.abc import Mapping

from stakingmodels.protocols.contracts import uniswap
from tests.golden.runner import Answer, Inputs


def _amount_out(inputs: Inputs) -> object:
    out = uniswap.get_amount_out(
        inputs.integer("amount_in"),
        inputs.integer("reserve_in"),
        inputs.integer("reserve_out"),
        fee_bps=inputs.integer("fee_bps"),
    )
    return {"amount_out": out}


def _mint_first(inputs: Inputs) -> object:
    pair, shares = uniswap.Pair().mint(inputs.integer("amount0"), inputs.integer("amount1"))
    return {
        "total_liquidity": pair.total_supply,
        "to_minter": shares,
        "locked": pair.total_supply - shares,
    }


def _burn_all(inputs: Inputs) -> object:
    pair, shares = uniswap.Pair().mint(inputs.integer("amount0"), inputs.integer("amount1"))
    _, returned0, returned1 = pair.burn(shares)
    return {"returned0": returned0, "returned1": returned1}


def _protocol_fee(inputs: Inputs) -> object:
    reserve0, reserve1 = (int(reserve) for reserve in inputs["reserves"])
    pair, _ = uniswap.Pair(fee_on=True).mint(reserve0, reserve1)
    swapped = pair.swap(amount1_in=inputs.integer("swap_in_token1"), amount0_out=inputs.integer("out_token0"))
    return {"fee_liquidity": swapped.mint_fee()}


def _impermanent_loss(inputs: Inputs) -> object:
    return {"il": uniswap.impermanent_loss(float(inputs["price_ratio"]))}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "uniswap_v2": {
        "getAmountOut": _amount_out,
        "mint_first": _mint_first,
        "burn_all": _burn_all,
        "protocol_fee_1_6": _protocol_fee,
        "impermanent_loss": _impermanent_loss,
    }
}
