"""Types that authors see of checks, decorator and strategies: read by mypy and pyright, and never run."""

from typing import assert_type

from hypothesis.strategies import SearchStrategy

from stakingmodels import APR, APY, Holding, Market, Price, Product, Scenario, StakingPool, TimeGrid
from stakingmodels._types import FloatArray
from stakingmodels.protocols.chains.solana import Solana
from stakingmodels.scenarios import History
from stakingmodels.testing import (
    NamedCheck,
    RewardReport,
    check_chain,
    check_product,
    check_reward,
    check_scenario,
    parametrize_with_checks,
    strategies,
)


@parametrize_with_checks({"ether": Holding("ETH")}, capital=1e4, expected_failures={"sign": "why"})
def test_named(check: NamedCheck) -> None:
    check()


@parametrize_with_checks([Holding("ETH"), Solana()])
def test_mixed(check: NamedCheck, extra: int) -> int:
    assert_type(check.id, str)
    assert_type(check(), None)
    return extra


def earn(coins: float, rate: float) -> float:
    return coins * rate


def types(product: Product, scenario: Scenario, chain: Solana, check: NamedCheck) -> None:
    assert_type(test_named(check), None)
    assert_type(test_mixed(check, 3), int)
    assert_type(check_product(product, on_fail="collect"), None)
    assert_type(check_scenario(scenario, expected_failures={"seed": "why"}), None)
    assert_type(check_chain(chain), None)
    assert_type(check_reward(earn, amount="coins", apr="rate"), RewardReport)
    assert_type(strategies.rates(), SearchStrategy[APR | APY])
    assert_type(strategies.time_grids(), SearchStrategy[TimeGrid])
    assert_type(strategies.price_paths(3), SearchStrategy[FloatArray])
    assert_type(strategies.markets({Price("ETH")}), SearchStrategy[Market])
    assert_type(strategies.scenarios(), SearchStrategy[Scenario])
    assert_type(strategies.histories(), SearchStrategy[History])
    assert_type(strategies.products(StakingPool), SearchStrategy[StakingPool])
    check_product(product, on_fail="warn")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    check_chain(product)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    parametrize_with_checks([3])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
