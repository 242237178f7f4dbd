"""Right products and scenarios that a check once took for wrong ones."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    ConformanceError,
    Constants,
    ExchangeStaking,
    Market,
    Payout,
    Price,
    Schedule,
    SoloValidator,
    TimeGrid,
)
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, ExecutionReward, Factor, StakingReward
from stakingmodels.products import CloudMiningContract, Failure, Halt
from stakingmodels.scenarios import Merton, MertonJumpDiffusion, Scenario
from stakingmodels.testing import check_product, check_scenario

DAY = TimeGrid.daily("2026-01-01", days=1)
ETH: dict[Factor, Any] = {Price("ETH"): 2000.0, StakingReward("ETH"): APR(0.18)}
GONE, OTHER = Event("gone"), Event("other")
MINING: dict[Factor, Any] = {
    Price("BTC"): 26_000.0,
    Difficulty("BTC"): 1e14,
    BlockFees("BTC"): 0.1,
    GONE: np.array([[False, True], [False, True]]),
}


@pytest.mark.parametrize(
    ("product", "series", "capital", "check"),
    [
        (
            ExchangeStaking(posted_rate=APY(0.9), entry_days=1000.0, payout=Payout(0.5, cost_usd=40.0)),
            {Price("ETH"): 0.01},
            1000.0,
            "exit-share",  # half of it waits longer for rewards that are worth a claim
        ),
        (
            ExchangeStaking(commission=0.5, entry_days=90.0, payout=Payout(0.5, cost_usd=40.0)),
            ETH,
            1e8,
            "step-length",  # the one day of pay is in the last week
        ),
        (
            CloudMiningContract(hashrate_th_s=50.0, start_days=7.0, failures=(Failure(GONE),)),
            MINING,
            1000.0,
            "path-independence",  # nothing is written down before the start
        ),
        (
            CloudMiningContract(start_days=0.5, stop_after_days=1, costs_beyond_output="waived", platform_fee=0.1),
            MINING | {Price("BTC"): 2.0, Difficulty("BTC"): 1e15},
            1e6,
            "step-length",  # it ends after one day of losses, or after one week
        ),
        (
            ExchangeStaking(commission=Schedule((1.0, 1e-9), after_days=2.0), entry_days=2.0),
            ETH,
            1000.0,
            "step-length",  # coins begin to earn within the week in which the commission falls
        ),
    ],
)
def test_a_right_product_passes(product, series, capital, check):
    check_product(product, Market(DAY, series), capital=capital, only=[check])


def test_a_claim_that_another_failure_of_the_step_makes_anyway_acts_when_it_is_paid():
    failures = (
        Failure(GONE, 0.2),
        Failure(OTHER, 0.2, recovery=1.0, delay_days=0.5),
        Failure(GONE, recovery=1.0, delay_days=900.0),
    )
    struck: dict[Factor, Any] = {GONE: np.arange(5) == 2, OTHER: np.zeros(5, dtype=np.bool_)}
    contract = CloudMiningContract(hashrate_th_s=50.0, start_days=90.0, failures=failures)
    market = Market(TimeGrid.daily("2026-01-01", days=3, settlement_days=1), MINING | struck)
    check_product(contract, market, capital=1000.0, only=["event-timing"])


def test_a_pause_before_the_machines_start_acts_when_they_would():
    contract = CloudMiningContract(
        hashrate_th_s=36.1,
        price_usd=62.3,
        start_days=2.0,
        term_days=7.25,
        electricity_usd_per_th_day=0.5,
        electricity_prepaid=True,
        maintenance_usd_per_th_day=0.5,
        uptime=0.0032,
        minimum_payout_btc=0.094,
        stop_after_days=None,
        payout="hold",
        halts=(Halt("pause", event=OTHER, days=90.0),),
        pause_extends_term=True,
    )
    hours = np.array([0, 6, 7, 8, 108, 208, 232, 233, 234, 334, 358, 364, 2364])
    grid = TimeGrid(np.datetime64("2026-01-01", "s") + hours * np.timedelta64(3600, "s"), 6)
    series = {Price("BTC"): 17_096_908_901.0, Difficulty("BTC"): 1.9e14, BlockFees("BTC"): 4.1, OTHER: False}
    check_product(contract, Market(grid, series), capital=465_990_246.0, only=["event-timing"])


def test_interest_on_the_cash_left_over_is_no_pay_that_a_pause_should_stop():
    contract = CloudMiningContract(
        hashrate_th_s=50.0, start_days=2.0, halts=(Halt("pause", event=OTHER, days=90.0),), stop_after_days=None
    )
    times = np.datetime64("2026-01-01", "s") + np.array([0, 1, 169]) * np.timedelta64(3600, "s")
    series = MINING | {CashRate("USD"): APR(0.5), OTHER: False, GONE: False}
    check_product(contract, Market(TimeGrid(times, 1), series), capital=1e6, only=["event-timing"])


def jumps(intensity: float) -> Mapping[Factor, Merton]:
    return {
        Price("ETH"): Merton(
            3000.0, volatility=0.0, jump_intensity=intensity, log_jump_mean=-0.3, log_jump_volatility=0.1
        )
    }


@pytest.mark.parametrize("intensity", [0.0, 0.001, 0.01, 0.05])
def test_jumps_on_a_few_paths_are_as_many_as_the_mean_says(intensity):
    """The paths that have not jumped rise a little, each alike, which is no drift that a standard error may measure."""
    check_scenario(MertonJumpDiffusion(jumps(intensity)), only=["expected-growth"])


class Rising(MertonJumpDiffusion):
    """Of its rare jumps the growth says too much, 1 % of the level."""

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> Any:
        growth = super().expected_growth(factor, grid)
        return None if growth is None else growth * np.linspace(1.0, 1.01, grid.n_times)


class Still(Constants):
    """Grows by nothing, and says a millionth."""

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> Any:
        del factor
        return np.linspace(1.0, 1.000001, grid.n_times)


@pytest.mark.parametrize("scenario", [Rising(jumps(0.01)), Still({Price("ETH"): 3000.0})], ids=["jumps", "constant"])
def test_a_wrong_growth_is_found_though_few_paths_move(scenario: Scenario):
    with pytest.raises(ConformanceError, match=r"^expected-growth: .*standard errors"):
        check_scenario(scenario, only=["expected-growth"])


@pytest.mark.parametrize("validators_of_64_capitals", [1.1, 1.9])
def test_half_of_one_validator_on_a_path_where_the_capital_buys_none(validators_of_64_capitals):
    solo = SoloValidator(
        entry_days=0.0, random_duties=False, running_cost_usd_per_day=0.0, hardware_usd=0.0, slashing=None, failures=()
    )
    capital = 97_920.0
    dear = 64.0 * capital / validators_of_64_capitals / 32.0  # USD per ETH
    rates: dict[Factor, Any] = {StakingReward("ETH"): APR(0.03), ExecutionReward("ETH"): APR(0.03)}
    grid = TimeGrid.daily("2026-01-01", days=100)
    market = Market(grid, {Price("ETH"): np.full((101, 2), [3_000.0, dear]), **rates})
    check_product(solo, market, capital=capital, only=["exit-share"])
