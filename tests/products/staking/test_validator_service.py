"""Staking as a service: the commission of an operator on the rewards of validators that are not its own, by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.engine import simulate
from stakingmodels.errors import InputError
from stakingmodels.ledger import Line
from stakingmodels.market import ExecutionReward, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import SoloValidator
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants
from tests.products.conform import conform

ETH, USD, REWARD, EXECUTION = Price("ETH"), Price("USD"), StakingReward("ETH"), ExecutionReward("ETH")
BARE = SoloValidator(
    entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, uptime=1.0, random_duties=False, running_cost_usd_per_day=0.0
)
GRID = TimeGrid.daily("2026-01-01", days=2)
SERIES: dict[Any, Any] = {ETH: 10.0, REWARD: APR(0.365), EXECUTION: APR(0.0365)}


def booked(product, *, reward=APR(0.365), n=1):
    """Coins under each line, of one validator in two days: 0.0288 of consensus and 0.0032 of execution a day."""
    outcome = product.run(Market(GRID, {**SERIES, REWARD: reward}), capital=320.0 * n)
    lines = (Line.CONSENSUS, Line.EXECUTION, Line.COMMISSION, Line.DOWNTIME)
    return [float(outcome.native.get((line, "ETH"), np.zeros(1))[0]) for line in lines]


def test_the_commission_is_a_share_of_all_rewards_or_of_tips_and_mev_alone():
    assert booked(BARE.replace(commission=0.1)) == pytest.approx([0.0576, 0.0064, -0.0064, 0.0])
    assert booked(BARE.replace(commission=0.2, commission_on="execution")) == pytest.approx(
        [0.0576, 0.0064, -0.00128, 0]
    )


def test_no_commission_is_as_before_and_a_whole_one_leaves_nothing():
    assert booked(BARE) == booked(BARE.replace(commission_on="execution"))
    assert sum(booked(BARE.replace(commission=1.0))) == pytest.approx(0.0, abs=1e-15)


def test_the_commission_is_on_rewards_less_fines():
    earned, tips, kept, fined = booked(BARE.replace(commission=0.1, uptime=0.9))
    assert (earned, tips) == pytest.approx((0.9 * 0.0576, 0.9 * 0.0064))
    assert fined == pytest.approx(-0.1 * 42 / 64 * 0.0576)
    assert kept == pytest.approx(-0.1 * (earned + fined + tips))


def test_an_operator_that_is_always_offline_keeps_nothing():
    earned, tips, kept, fined = booked(BARE.replace(commission=0.5, uptime=0.0))
    assert (earned, tips, kept) == (0.0, 0.0, 0.0)
    assert fined < 0.0


def test_no_commission_on_a_negative_reward():
    assert booked(BARE.replace(commission=0.5), reward=APR(-0.365))[2] == 0.0


@given(one=st.floats(0.0, 1.0), other=st.floats(0.0, 1.0), compounding=st.booleans())
def test_more_commission_is_never_better(one, other, compounding):
    low, high = sorted((one, other))
    cheap, dear = (sum(booked(BARE.replace(commission=fee, compounding=compounding))) for fee in (low, high))
    assert dear <= cheap + 1e-12


@pytest.mark.parametrize("compounding", [False, True])
def test_the_commission_on_luck_is_the_same_share(compounding):
    world = Constants(SERIES)
    product = BARE.replace(random_duties=True, network_validators=100.0, commission=0.25, compounding=compounding)
    outcome = simulate({"x": product}, world, GRID, capital=640.0, n_paths=50, rng=1)["x"]
    earned = outcome.lines[Line.CONSENSUS] + outcome.lines[Line.EXECUTION]
    assert float(np.std(earned)) > 0.0
    np.testing.assert_allclose(outcome.lines[Line.COMMISSION], -0.25 * earned, rtol=1e-9)


def test_a_commission_in_per_cent_is_refused():
    with pytest.raises(InputError) as error:
        SoloValidator(commission=8)
    assert str(error.value).startswith("SoloValidator.commission: must be a fraction in [0, 1], got 8")


@conform
@pytest.mark.parametrize(
    "terms",
    [{"commission": 0.1}, {"commission": 0.3, "commission_on": "execution", "uptime": 0.2, "compounding": True}],
    ids=["rewards", "execution"],
)
def test_it_conforms(check, terms):
    check(SoloValidator(**terms))
