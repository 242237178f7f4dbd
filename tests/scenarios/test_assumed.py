"""The built-in scenario from an assumption set: the newest is the code's, each number is read, arguments win."""

import os
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import APY, Constants, Holding, Price, StakingReward, TimeGrid, compare, products, simulate
from stakingmodels.assumptions import Assumption, AssumptionSet, assumption_set
from stakingmodels.assumptions.known import KINDS
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from stakingmodels.market import Difficulty, ExecutionReward, Factor
from stakingmodels.scenarios import (
    GeometricBrownianMotion,
    HashrateResponse,
    Joint,
    Shock,
    Shocked,
    assumed,
    recorded,
    reference,
    reference_fit,
)
from stakingmodels.scenarios.reference import staking_and_fees

OURS = assumption_set()
ALL: dict[str, Any] = {"jumps": True, "miners": True, "staked_supply": True, "contagion": True}


def number(base: float, half: float = 0.0) -> Assumption:
    return Assumption(
        low=base - half, base=base, high=base + half, worse="low", basis="measured", evidence="e", source="s", date="d"
    )


def changed(values: dict[str, float]) -> AssumptionSet:
    return OURS.changed("mine", {key: number(value) for key, value in values.items()})


def constants(world: Joint) -> Any:
    return next(part.values for part in world.parts if isinstance(part, Constants))


def levels(world: Joint) -> Any:
    return next(part.levels for part in world.parts if isinstance(part, GeometricBrownianMotion))


def test_the_newest_set_has_the_numbers_of_the_code():
    found = {key: number for key, number in OURS.numbers.items() if key.startswith("world.")}
    assert found == assumed.NUMBERS
    assert list(found) == list(assumed.NUMBERS)


def test_the_fit_of_the_newest_set_is_that_of_the_record():
    assert assumed.fit_of(OURS) == reference_fit()
    assert reference().parts == reference(fitted=reference_fit()).parts


def test_bands_are_95_percent_of_the_standard_errors():
    found = OURS["world.eth.volatility"]
    assert (found.high - found.base) / recorded.ETH_RETURNS.volatility.standard_error == pytest.approx(1.96, abs=1e-3)
    assert found.base - found.low == pytest.approx(found.high - found.base)
    assert OURS["world.eth.price"].low == OURS["world.eth.price"].high == recorded.ETH_PRICE_USD


@pytest.mark.parametrize("key", assumed.NUMBERS)
def test_every_number_of_the_world_is_read(key):
    mine = changed({key: 0.97 * OURS[key].base})
    assert any(
        reference(assumptions=mine, **options).parts != reference(**options).parts
        for options in ({}, ALL, {"contagion": True})
    )


def test_a_changed_number_stands_in_the_scenario():
    mine = changed(
        {
            "world.eth.price": 2_500.0,
            "world.eth.volatility": 0.5,
            "world.cash_rate.usd": 0.02,
            "world.eth_staking_reward": 0.03,
            "world.correlation.eth_btc": 0.7,
            "world.btc_difficulty.growth": 0.2,
        }
    )
    world = reference(assumptions=mine)
    eth, btc = Price("ETH"), Price("BTC")
    assert (levels(world)[eth].initial_level, levels(world)[eth].volatility) == (2_500.0, 0.5)
    assert levels(world)[btc] == attrs.evolve(levels(reference())[btc], drift=levels(world)[btc].drift)
    assert levels(world)[eth].drift == pytest.approx(np.log(1.02))
    assert world.drivers.correlation[(eth, btc)] == 0.7
    assert levels(world)[Difficulty("BTC")].drift == pytest.approx(0.2 + 0.5 * 0.232**2)
    assert constants(world)[StakingReward("ETH")].value == pytest.approx(0.03)


def test_arguments_win_over_the_set():
    mine = changed({"world.eth.price": 2_500.0, "world.cash_rate.usd": 0.02, "world.staked_eth": 4e7})
    world = reference(
        assumptions=mine, cash_rate=APY(0.05), initial_levels={Price("ETH"): 1_000.0}, staked_eth=recorded.STAKED_ETH
    )
    assert levels(world)[Price("ETH")].initial_level == 1_000.0
    assert levels(world)[Price("ETH")].drift == pytest.approx(np.log(1.05))
    assert levels(reference(assumptions=mine, cash_rate=None))[Price("ETH")].drift == 0.0
    assert levels(reference(assumptions=mine, fitted=reference_fit()))[Price("ETH")].initial_level == 3_004.19
    assert reference(assumptions=mine, cash_rate=recorded.USD_CASH_RATE) != reference(assumptions=mine)


def test_a_stake_given_beside_a_set_pays_by_the_protocols_rule():
    mine = changed({"world.staked_eth": 4e7})
    reward, execution = StakingReward("ETH"), ExecutionReward("ETH")
    here, there = staking_and_fees(None, mine), staking_and_fees(8e7, mine)
    assert getattr(here[reward], "value") == pytest.approx(0.0283)  # noqa: B009  # a rate, to mypy a number
    assert getattr(there[execution], "value") == pytest.approx(0.5 * getattr(here[execution], "value"))  # noqa: B009


@pytest.mark.parametrize("reward", [0.02, 0.0262])
def test_a_reward_below_consensus_has_no_tips_and_is_that_reward(reward):
    mine = changed({"world.eth_staking_reward": reward})
    found: dict[Factor, Any] = staking_and_fees(None, mine)
    assert found[StakingReward("ETH")].value == pytest.approx(reward)
    assert found[ExecutionReward("ETH")].value == 0.0
    assert reference(assumptions=mine, staked_supply=True).missing(frozenset({StakingReward("ETH")})) == frozenset()


def test_jumps_follow_the_volatility_and_calm_days_the_correlation():
    eth, btc = Price("ETH"), Price("BTC")
    mine = changed({"world.eth.volatility": 2.0 * OURS["world.eth.volatility"].base, "world.correlation.eth_btc": 0.5})
    now, then = assumed.fit_of(mine), reference_fit()
    assert now.jumps[eth].volatility.value == pytest.approx(2.0 * then.jumps[eth].volatility.value)
    assert now.jumps[eth].standard_deviation.value == pytest.approx(2.0 * then.jumps[eth].standard_deviation.value)
    assert now.jumps[eth].jump_intensity == then.jumps[eth].jump_intensity
    assert now.jumps[btc] == then.jumps[btc]
    whole, calm = then.correlation[(eth, btc)].value, then.no_jump_correlation[(eth, btc)].value
    # as far from -1 in proportion
    assert (1.0 + now.no_jump_correlation[(eth, btc)].value) / (1.0 + calm) == pytest.approx(1.5 / (1.0 + whole))


def test_the_error_of_a_changed_number_is_that_of_its_band():
    mine = OURS.changed("mine", {"world.eth.volatility": number(0.7, 0.0392)})
    assert assumed.fit_of(mine).levels[Price("ETH")].volatility.standard_error == pytest.approx(0.02, abs=1e-5)


def test_drawn_sets_make_a_world():
    worlds = [reference(assumptions=OURS.draw(seed), **ALL) for seed in range(30)]
    assert len({world.assumption_set for world in worlds}) == 30
    assert all(reference(assumptions=OURS.draw(seed)).factors == reference().factors for seed in range(30))


def test_the_scenario_names_its_set():
    world = reference()
    assert world.assumption_set == OURS.label
    assert f"assumption set {OURS.label}" in world.describe()
    own = reference(cash_rate=APY(0.05), staked_eth=4e7, fitted=reference_fit())
    assert f"assumption set {OURS.label}, but given: staked_eth, fitted, cash_rate" in own.describe()
    mine = changed({"world.eth.price": 2_500.0})
    assert reference(assumptions=mine).assumption_set == mine.label != OURS.label
    assert Joint([Constants({Price("SOL"): 1.0}), world]).assumption_set == OURS.label
    assert Shocked(world, Shock(Price("ETH"), day=3, change=-0.5)).assumption_set == OURS.label
    assert Constants({Price("ETH"): 1.0}).assumption_set == ""
    with pytest.raises(InputTypeError, match=r"^Joint\.assumption_set: must be str"):
        Joint([world], assumption_set=OURS)  # type: ignore[arg-type]


def test_a_comparison_names_the_set():
    grid = TimeGrid.daily("2026-01-01", days=2)
    found = compare(simulate({"x": Holding("ETH")}, reference(), grid, capital=1.0, n_paths=2, rng=1))
    assert found.to_dict()["assumptions"] == OURS.label
    assert f"assumption set {OURS.label}" in found.to_dict()["scenario"]
    own = compare(simulate({"x": Holding("ETH")}, Constants({Price("ETH"): 1.0}), grid, capital=1.0, n_paths=1, rng=1))
    assert own.to_dict()["assumptions"] is None


def test_sets_are_taken_by_name_and_path(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(changed({"world.eth.price": 2_500.0}).to_toml(), encoding="utf-8")
    assert reference(assumptions=path) == reference(assumptions=os.fspath(path))
    assert levels(reference(assumptions=path))[Price("ETH")].initial_level == 2_500.0
    assert reference(assumptions="2026.11") == reference()
    with pytest.raises(UnknownNameError, match=r"^assumption_set: which: must be one of 2026\.11, or a file"):
        reference(assumptions="2025")
    with pytest.raises(InputError, match=r"^assumption set small: must be one of its numbers, got 'world\."):
        reference(assumptions=AssumptionSet(name="small", date="2026-11-30", numbers={"uptime": OURS["uptime"]}))


def test_products_and_world_read_every_known_number():
    assert set(OURS.numbers) == set(KINDS)
    assert products.reference(assumptions=OURS).keys() == products.reference().keys()


def test_miners_are_paid_the_block_fees_of_the_set():
    mine = OURS.changed("mine", {"world.btc_block_fees": 0.5})

    def breakeven(numbers):
        world = reference(assumptions=numbers, miners=True)
        return next(part for part in world.parts if isinstance(part, HashrateResponse)).breakeven

    assert breakeven(mine) / breakeven(OURS) == pytest.approx(3.625 / (3.125 + recorded.BTC_BLOCK_FEES), rel=1e-12)
