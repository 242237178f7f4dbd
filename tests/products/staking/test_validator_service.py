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
from stakingmodels.products import Schedule, SoloValidator
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


def test_a_commission_changes_on_its_day_within_an_interval_too():
    rises = Schedule((0.1, 0.3), after_days=1.5)  # the second day takes 0.2
    assert booked(BARE.replace(commission=rises)) == pytest.approx([0.0576, 0.0064, -0.032 * 0.3, 0.0])
    on_tips = BARE.replace(commission=rises, commission_on="execution", smoothing_fee=0.5)
    assert booked(on_tips)[2] == pytest.approx(-0.0016 * 0.3)


@pytest.mark.parametrize("compounding", [False, True])
@pytest.mark.parametrize("base", ["rewards", "execution"])
@pytest.mark.parametrize("more", [{}, {"uptime": 0.9}, {"uptime": 0.1}, {"bond": 8.0, "borrowed_commission": 0.1}])
def test_a_schedule_that_never_changes_is_its_value(base, compounding, more):
    found = BARE.replace(commission=0.25, commission_on=base, compounding=compounding, random_duties=True, **more)
    later = found.replace(commission=Schedule((0.25, 0.9), on="2030-01-01"))
    results = simulate({"one": found, "other": later}, Constants(SERIES), GRID, capital=640.0, n_paths=50, rng=1)
    one, other = results["one"], results["other"]
    np.testing.assert_allclose(other.closing, one.closing, rtol=1e-12)
    assert set(other.lines) <= set(one.lines) | {Line.COMMISSION}
    for line in one.lines:
        np.testing.assert_allclose(other.lines[line], one.lines[line], rtol=1e-9, atol=1e-9)


def test_a_change_by_date_is_met_on_each_path_by_its_own_dates():
    offsets = np.array([0, 1, -30], dtype="timedelta64[D]").astype("timedelta64[s]")
    market = Market.from_sources(GRID, 3, [], series=SERIES, time_offsets=offsets)
    found = BARE.replace(commission=Schedule((0.0, 0.5), on="2026-01-02T12:00")).run(market, capital=320.0)
    np.testing.assert_allclose(found.native[Line.COMMISSION, "ETH"], [-0.016 * 0.5, -0.016 * 1.5, 0.0], atol=1e-15)


@given(day=st.floats(0.1, 2.0), other=st.floats(0.1, 2.0))
def test_a_later_rise_is_never_worse(day, other):
    sums = [sum(booked(BARE.replace(commission=Schedule((0.1, 0.6), after_days=x)))) for x in sorted((day, other))]
    assert sums[0] <= sums[1] + 1e-12


@conform
@pytest.mark.parametrize(
    "terms",
    [
        {"commission": 0.1},
        {"commission": 0.3, "commission_on": "execution", "uptime": 0.2, "compounding": True},
        {"commission": Schedule((0.1, 0.6), after_days=3.5)},
    ],
    ids=["rewards", "execution", "changing"],
)
def test_it_conforms(check, terms):
    check(SoloValidator(**terms))
