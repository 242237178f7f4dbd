"""Vectors of contracts on Ethereum: Lido, ERC-4626, Rocket Pool, Uniswap v2 and Aave, in base units."""

from collections.abc import Callable

from stakingmodels.protocols.contracts import aave, erc4626, lido, rocketpool, uniswap
from tests.vectors.seeded import Case
from tests.vectors.vector import Inputs, Vector

WEI = 10**18


def _lido(name: str, about: str, amount: str) -> Vector:
    def draw(case: Case) -> Inputs:
        shares = case.integer("shares", WEI, 10**8 * WEI)
        return {
            amount: case.integer(amount, 0, 10**6 * WEI),
            "ether": shares + shares * case.integer("growth_ppm", 1, 500_000) // 1_000_000,
            "shares": shares,
        }

    def ask(at: Inputs) -> int:
        rule: Callable[[int], int] = getattr(lido.ShareRate(at["ether"], at["shares"]), name)
        return rule(at[amount])

    return Vector(
        name=f"lido_{name.removeprefix('get_')}",
        about=about,
        source=f"lidofinance/core StETH.sol, {'_transfer' if name == 'transferred' else name}",
        arguments={amount: "integer", "ether": "integer", "shares": "integer"},
        answers="integer",
        draw=draw,
        ask=ask,
    )


LIDO = [
    _lido("get_shares_by_pooled_eth", "Shares for wei of stETH, rounded down.", "eth_amount"),
    _lido("get_pooled_eth_by_shares", "Wei of stETH behind shares, rounded down.", "shares_amount"),
    _lido("get_pooled_eth_by_shares_round_up", "Wei of stETH behind shares, rounded up.", "shares_amount"),
    _lido(
        "transferred", "Wei of stETH that arrive of an amount sent: of its shares, rounded down twice.", "eth_amount"
    ),
]


def _vault(name: str, about: str, amount: str) -> Vector:
    def draw(case: Case) -> Inputs:
        supply = case.integer("total_supply", 0, 10**9 * WEI)
        return {
            amount: case.integer(amount, 0, 10**7 * WEI),
            "total_assets": supply + supply * case.integer("growth_ppm", 0, 900_000) // 1_000_000,
            "total_supply": supply,
            "decimals_offset": case.choice("decimals_offset", (0, 0, 6)),
        }

    def ask(at: Inputs) -> int:
        rule: Callable[[int], int] = getattr(
            erc4626.Vault(at["total_assets"], at["total_supply"], at["decimals_offset"]), name
        )
        return rule(at[amount])

    return Vector(
        name=f"erc4626_{name}",
        about=about,
        source="OpenZeppelin/openzeppelin-contracts v5.1.0, ERC4626.sol",
        arguments={
            amount: "integer",
            "total_assets": "integer",
            "total_supply": "integer",
            "decimals_offset": "integer",
        },
        answers="integer",
        draw=draw,
        ask=ask,
    )


ERC4626 = [
    _vault("convert_to_shares", "Shares for assets, rounded down.", "assets"),
    _vault("convert_to_assets", "Assets for shares, rounded down.", "shares"),
    _vault("preview_mint", "Assets needed to mint shares, rounded up.", "shares"),
    _vault("preview_withdraw", "Shares needed to withdraw assets, rounded up.", "assets"),
]


def _minipool(case: Case) -> Inputs:
    bond = case.integer("bond", 4, 16) * WEI
    return {
        "node_capital": bond,
        "user_capital": 32 * WEI - bond,
        "rewards": case.integer("rewards", 0, 100 * WEI),
        "node_fee": case.integer("node_fee", 0, WEI // 5),
    }


def _ask_minipool(at: Inputs) -> int:
    return rocketpool.calculate_node_rewards(at["node_capital"], at["user_capital"], at["rewards"], at["node_fee"])


ROCKETPOOL = [
    Vector(
        name="rocketpool_node_rewards",
        about="Wei of a minipool's rewards to its node: by capital, and a commission (of 10**18) on the rest.",
        source="rocket-pool/rocketpool RocketMinipoolDelegate.sol, calculateNodeShare",
        arguments={"node_capital": "integer", "user_capital": "integer", "rewards": "integer", "node_fee": "integer"},
        answers="integer",
        draw=_minipool,
        ask=_ask_minipool,
    )
]


def _swap(case: Case) -> Inputs:
    inside, outside = case.integer("reserve_in", 10**6, 2**100), case.integer("reserve_out", 10**6, 2**100)
    return {"amount_in": case.integer("amount_in", 1, 2**90), "reserve_in": inside, "reserve_out": outside}


def _swap_for(case: Case) -> Inputs:
    outside = case.integer("reserve_out", 10**6, 2**100)
    wanted = max(outside * case.integer("share_bps", 1, 9_000) // 10_000, 1)
    return {"amount_out": wanted, "reserve_in": case.integer("reserve_in", 10**6, 2**100), "reserve_out": outside}


UNISWAP = [
    Vector(
        name="uniswap_amount_out",
        about="Amount paid out by a swap at a fee of 30 basis points, rounded down.",
        source="Uniswap/v2-periphery UniswapV2Library.sol, getAmountOut",
        arguments={"amount_in": "integer", "reserve_in": "integer", "reserve_out": "integer"},
        answers="integer",
        draw=_swap,
        ask=lambda at: uniswap.get_amount_out(at["amount_in"], at["reserve_in"], at["reserve_out"]),
    ),
    Vector(
        name="uniswap_amount_in",
        about="Amount to pay in at a fee of 30 basis points: rounded down, plus 1.",
        source="Uniswap/v2-periphery UniswapV2Library.sol, getAmountIn",
        arguments={"amount_out": "integer", "reserve_in": "integer", "reserve_out": "integer"},
        answers="integer",
        draw=_swap_for,
        ask=lambda at: uniswap.get_amount_in(at["amount_out"], at["reserve_in"], at["reserve_out"]),
    ),
]

AAVE = [
    Vector(
        name="aave_compounded_interest",
        about="Growth factor of a debt in rays (10**27) by three terms of Taylor: divisions down, products half up.",
        source="aave-dao/aave-v3-origin MathUtils.sol, calculateCompoundedInterest",
        arguments={"rate": "integer", "seconds": "integer"},
        answers="integer",
        draw=lambda case: {
            "rate": case.integer("rate", 0, 10**27),
            "seconds": case.integer("seconds", 0, 400 * 86_400),
        },
        ask=lambda at: aave.calculate_compounded_interest(at["rate"], at["seconds"]),
    )
]
