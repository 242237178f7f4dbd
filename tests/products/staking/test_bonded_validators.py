"""Validators on borrowed coins, such as a node of Rocket Pool: its return, and its bond at risk, by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError
from stakingmodels.ledger import Line
from stakingmodels.market import Event, ExecutionReward, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import Failure, SoloValidator
from stakingmodels.protocols.contracts import rocketpool
from stakingmodels.protocols.contracts.rocketpool import SATURN
from stakingmodels.rates import APR
from tests.products.conform import conform

BARE = SoloValidator(
    entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, uptime=1.0, random_duties=False, running_cost_usd_per_day=0.0
)
NODE = BARE.replace(bond=4.0, borrowed_commission=0.05, smoothing_fee=0.0)
STRUCK = Event("struck")


def market(days=2, *, reward=0.365, struck=None):
    """A price of 10 and 0.1 % a day, of which a tenth is tips and MEV."""
    series: dict[Any, Any] = {Price("ETH"): 10.0, StakingReward("ETH"): APR(reward)}
    series[ExecutionReward("ETH")] = APR(max(reward, 0.0) / 10)
    if struck is not None:
        series[STRUCK] = np.arange(days + 1) == struck
    return Market(TimeGrid.daily("2026-01-01", days=days), series)


def gained(product, coins=4.0, **more):
    return float(product.run(market(**more), capital=10.0 * coins).profit[0]) / 10.0


def test_a_node_of_rocket_pool_earns_on_its_bond_and_a_commission_on_the_rest():
    assert gained(NODE) == pytest.approx(2 * 0.001 * (4.0 + 28.0 * 0.05), rel=1e-12)
    solo = gained(BARE, 32.0) / 32.0
    assert gained(NODE) / 4.0 / solo == pytest.approx(1.35, rel=1e-12)  # Rocket Pool's own figure, before RPL


def test_its_share_is_that_of_the_contract():
    split = rocketpool.calculate_rewards(10**18, rocketpool.get_capital_ratio(4 * 10**18, 28 * 10**18))
    assert NODE.reward_share == pytest.approx(split.node / 1e18, rel=1e-15)
    assert SATURN.base_bond_array[0] == 4 * 10**18
    assert SATURN.node_commission_share == 5 * 10**16


def test_coins_make_as_many_validators_as_there_are_bonds():
    assert gained(NODE, 33.0) == pytest.approx(8 * gained(NODE), rel=1e-12)  # one coin is left over
    message = "capital"
    with pytest.raises(InputError, match=message):
        NODE.run(market(), capital=39.0)


def test_with_all_of_the_commission_it_earns_on_the_whole_and_with_none_on_the_bond():
    assert gained(NODE.replace(borrowed_commission=1.0)) == pytest.approx(0.002 * 32.0, rel=1e-12)
    assert gained(NODE.replace(borrowed_commission=0.0)) == pytest.approx(0.002 * 4.0, rel=1e-12)


def test_a_bond_of_nearly_32_is_a_validator_of_ones_own():
    assert gained(BARE.replace(bond=32.0 - 1e-9), 32.0) == pytest.approx(gained(BARE, 32.0), rel=1e-6)


@pytest.mark.parametrize(("severity", "lost"), [(1.0 / 32.0, 1.0), (4.0 / 32.0, 4.0), (0.5, 4.0), (1.0, 4.0)])
def test_the_bond_bears_the_first_losses_and_no_more_than_itself(severity, lost):
    node = NODE.replace(slashing=STRUCK, slashing_severity=severity, slashing_wait_days=0.0)
    assert gained(node, reward=0.0, struck=0) == pytest.approx(-lost, rel=1e-12)
    fails = NODE.replace(failures=Failure(STRUCK, severity, line="slashing"))
    assert gained(fails, reward=0.0, struck=0) == pytest.approx(-lost, rel=1e-12)


def test_an_exploit_takes_its_part_of_the_bond():
    assert gained(NODE.replace(failures=Failure(STRUCK, 0.5, line="exploit")), reward=0.0, struck=0) == -2.0


def test_a_negative_reward_of_the_whole_validator_is_the_bonds():
    assert gained(NODE, days=1, reward=-0.365) == pytest.approx(-0.032, rel=1e-12)


def test_fines_above_the_reward_are_the_nodes_alone():
    node = NODE.replace(uptime=0.0)
    assert gained(node, days=1) == pytest.approx(-42 / 64 * 0.9 * 0.032, rel=1e-12)


def test_what_a_slashing_took_is_filled_up_by_rewards_before_they_are_paid():
    node = NODE.replace(failures=Failure(STRUCK, 0.5 / 32.0, line="slashing"))
    outcome = node.run(market(3, struck=0), capital=40.0, keep="ledger")
    assert outcome.lines[Line.SLASHING].tolist() == pytest.approx([-5.0])
    assert outcome.closing[0] == pytest.approx(35.0 + 10 * (0.0054 + 2 * 0.001 * 31.0 * NODE.reward_share), rel=1e-9)


@given(one=st.floats(0.0, 1.0), other=st.floats(0.0, 1.0))
def test_a_higher_commission_on_borrowed_coins_is_never_worse(one, other):
    low, high = sorted((one, other))
    assert gained(NODE.replace(borrowed_commission=low)) <= gained(NODE.replace(borrowed_commission=high)) + 1e-15


def test_bad_terms_are_refused_in_a_sentence():
    with pytest.raises(InputError) as error:
        SoloValidator(bond=32.0)
    assert str(error.value).startswith("SoloValidator.bond: must be below 32, the coins of a whole validator, got 32")
    with pytest.raises(InputError) as error:
        SoloValidator(borrowed_commission=0.05)
    assert str(error.value).startswith(
        "SoloValidator.borrowed_commission: is never felt where nothing is borrowed, got 0.05"
    )


@conform
@pytest.mark.parametrize(
    "terms",
    [
        {"bond": 4.0, "borrowed_commission": 0.05, "smoothing_fee": 0.0},
        {
            "bond": 8.0,
            "borrowed_commission": 0.14,
            "compounding": True,
            "uptime": 0.2,
            "slashing": STRUCK,
            "slashing_severity": 0.1,
            "failures": Failure(Event("other"), 0.3, line="slashing"),
        },
    ],
    ids=["Rocket Pool", "rough"],
)
def test_it_conforms(check, terms):
    check(SoloValidator(**terms))
