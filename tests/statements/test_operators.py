"""What people say of who runs a stake: queues, operators, clients, shares of the network, and what each costs."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    EntryWait,
    Event,
    Execution,
    ExecutionReward,
    Factor,
    Market,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.analysis import Concentration
from stakingmodels.products import Failure, among_operators, client_failure
from stakingmodels.protocols.chains.ethereum import GWEI_PER_ETH, slashing_loss
from stakingmodels.protocols.contracts.erc4626 import Vault

GRID = TimeGrid.daily("2026-01-01", days=100)
ETH: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)}
ALONE: dict[str, Any] = {
    "validators": 1,
    "entry_days": 0.0,
    "uptime": 1.0,
    "random_duties": False,
    "running_cost_usd_per_day": 0.0,
}
ON_DAY_50 = np.arange(101) == 49


def line(outcome, label):
    """Mean over the paths; 0 of a line that the terms never book."""
    return sum(float(np.mean(money)) for each, money in outcome.lines.items() if each.label == label)


@pytest.mark.parametrize("wait", [20.0, EntryWait("ETH")])
def test_the_deposit_of_a_pool_waits_in_the_queue_of_activations(wait):
    """Of 100 days 80 are paid: 10 ETH earn 0.001 a day; 20 days as a term, or as the market's queue."""
    pool = StakingPool(commission=0.0, compounding=False, entry_days=wait)
    outcome = pool.run(Market(GRID, {**ETH, EntryWait("ETH"): 20.0}), capital=30_000.0)
    assert line(outcome, "consensus") == pytest.approx(80 * 3.0)


def test_a_pool_without_a_contract_ends_with_its_operator():
    """Its operator vanishes on day 50: a tenth comes back, of the stake and of what it had earned."""
    pool = StakingPool(commission=0.0, compounding=False, failures=(Failure(Event("operator"), recovery=0.1),))
    outcome = pool.run(Market(GRID, {**ETH, Event("operator"): ON_DAY_50}), capital=30_000.0)
    assert outcome.closing[0] == pytest.approx(0.1 * (30_000.0 + 50 * 3.0), rel=1e-3)


def test_a_bug_of_a_client_costs_by_its_share_of_the_network_and_of_the_own_validators():
    """Offline for 14 days of 225 epochs, 4 of them free: exp(-n**2 / 2**25) is left. A third or less loses nothing."""
    severity = 1.0 - np.exp(-((14 * 225 - 4) ** 2) / 2**25)
    for share, own, lost in ((0.30, 1.0, 0.0), (0.45, 1.0, severity), (0.45, 0.5, severity / 2.0), (0.45, 0.0, 0.0)):
        bug = client_failure(Event("client"), share=share, own_share=own, offline_days=14.0)
        pool = StakingPool(commission=0.0, compounding=False, failures=bug)
        outcome = pool.run(Market(GRID, {**ETH, Event("client"): ON_DAY_50}), capital=30_000.0)
        assert line(outcome, "slashing") == pytest.approx(-lost * 30_000.0, rel=0.01), (share, own)


def test_the_leak_of_a_majority_client_grows_with_the_days_until_it_is_mended():
    lost = []
    for days in (1.0, 7.0, 14.0):
        bug = client_failure(Event("client"), share=0.6, offline_days=days)
        validator = SoloValidator(**ALONE, failures=bug)
        outcome = validator.run(Market(GRID, {**ETH, Event("client"): ON_DAY_50}), capital=96_000.0)
        lost.append(-line(outcome, "slashing") / 96_000.0)
    assert lost[0] == pytest.approx(1.0 - np.exp(-(221**2) / 2**25), rel=0.05)
    assert lost[0] < lost[1] < lost[2] < 1.0


def test_ten_operators_have_the_mean_of_one_and_a_smaller_tail():
    """A slashing of 5 %, once a year by chance: 63 % of the paths have one or more; exp(-0.05) is left."""
    one = Failure(Event("slashing:pool", hazard=1.0), 0.05, line="slashing")
    pools = {str(n): StakingPool(commission=0.0, compounding=False, failures=among_operators(one, n)) for n in (1, 10)}
    grid = TimeGrid.daily("2026-01-01", days=365)
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0)})
    results = simulate(pools, world, grid, capital=30_000.0, n_paths=2_000, rng=1)
    alone, spread = (-results[name].returns for name in ("1", "10"))
    assert (alone > 0.0).mean() == pytest.approx(1.0 - np.exp(-1.0), abs=4.0 * np.sqrt(0.25 / 2_000))
    for lost in (alone, spread):
        assert lost.mean() == pytest.approx(1.0 - np.exp(-0.05), abs=4.0 * lost.std() / np.sqrt(2_000))
    assert spread.std() == pytest.approx(alone.std() / np.sqrt(10), rel=0.1)


def test_a_fault_of_all_operators_together_takes_the_tail_back():
    one = Failure(Event("slashing:pool", hazard=1.0), 0.05, line="slashing")
    common = among_operators(one, 10, common=0.5)
    assert [each.severity for each in common] == pytest.approx([0.05] + [0.005] * 10)
    assert [each.event.hazard for each in common] == pytest.approx([0.5] * 11)


def test_a_node_runs_validators_with_the_coins_of_others():
    """8 ETH of its own in each validator, and 14 % of the reward on the other 24: 0.355 of what 32 ETH earn."""
    node = SoloValidator(**ALONE, bond=8.0, borrowed_commission=0.14)
    outcome = node.run(Market(GRID, ETH), capital=24_000.0)
    earned = (8 / 32 + 24 / 32 * 0.14) * 32.0 * 1e-4 * 100 * 3000.0
    assert outcome.profit[0] == pytest.approx(earned)
    assert outcome.yields().net_apr[0] == pytest.approx(0.0365 * 0.355 * 32 / 8)
    alone = SoloValidator(**ALONE).run(Market(GRID, ETH), capital=96_000.0).yields().net_apr[0]
    assert outcome.yields().net_apr[0] == pytest.approx(1.42 * alone)


def test_a_loss_of_a_node_is_its_bond_first():
    """A loss of a tenth of 32 ETH is 3.2 of the node's 8."""
    bad = (Failure(Event("fault"), 0.1, line="slashing"),)
    node = SoloValidator(**ALONE, bond=8.0, borrowed_commission=0.14, failures=bad)
    outcome = node.run(Market(GRID, {**ETH, Event("fault"): ON_DAY_50}), capital=24_000.0)
    assert line(outcome, "slashing") == pytest.approx(-3.2 * 3000.0, rel=0.01)


def test_who_stakes_alone_spreads_the_network_most():
    """10,000 of 990,000 ETH more: alone every share shrinks by 1 %, with the largest its share grows."""
    before = Concentration({"a": 0.3, "b": 0.05})
    alone, with_b, with_a = (before.with_stake(name, 10_000.0, staked=990_000.0) for name in (None, "b", "a"))
    assert alone.herfindahl == pytest.approx(0.99**2 * (0.3**2 + 0.05**2))
    assert with_a.herfindahl == pytest.approx((0.297 + 0.01) ** 2 + 0.0495**2)
    assert alone.herfindahl < with_b.herfindahl < before.herfindahl < with_a.herfindahl


def test_a_pool_too_large_loses_more_of_each_validator():
    """A pool of 9 of 33 million ETH that is slashed at once loses three times its share; one of 33,000 next to none."""
    share = Concentration({"Lido": 9 / 33}).largest
    total = 33_000_000 * GWEI_PER_ETH
    validator = 32 * GWEI_PER_ETH
    lost = [
        slashing_loss(validator, total, other_slashed=round(part * total) - validator).correlation_penalty / validator
        for part in (share, 0.001)
    ]
    assert lost == pytest.approx([3 * share, 0.003], rel=1e-3)
    bug = client_failure(Event("x"), share=share, fault="double votes", staked=33_000_000.0)
    assert bug[0].severity == pytest.approx(3 * share, abs=0.01)


@pytest.mark.few(2)
def test_blocks_of_great_value_make_the_tips_of_one_validator_uneven_and_a_smoothing_pool_evens_them():
    """The mean of all is the market's: 1e-5 of 32 ETH a day; the pool pays it, less 10 %, whatever is found."""
    given: dict[Factor, Any] = {**ETH, ExecutionReward("ETH"): APR(0.00365)}
    terms = {**ALONE, "random_duties": True}
    kinds = {
        "equal": SoloValidator(**terms),
        "recorded": SoloValidator(**terms, block_values="recorded"),
        "smoothed": SoloValidator(**terms, smoothing_fee=0.1),
    }
    grid = TimeGrid.daily("2026-01-01", days=365)
    results = simulate(kinds, Constants(given), grid, capital=97_000.0, n_paths=4_000, rng=1)
    tips = {name: results[name].lines["execution"] for name in kinds}
    mean = 32.0 * 0.00365 * 3000.0
    assert tips["equal"].mean() == pytest.approx(mean, abs=4.0 * tips["equal"].std() / np.sqrt(4_000))
    assert tips["recorded"].std() > 2.0 * tips["equal"].std() > 0.0
    assert np.quantile(tips["recorded"], 0.5) < np.quantile(tips["equal"], 0.5)
    assert tips["smoothed"] == pytest.approx(np.full(4_000, mean), rel=1e-9)
    fee = -results["smoothed"].lines["protocol"]
    assert fee == pytest.approx(np.full(4_000, 0.1 * mean), rel=1e-9)


def test_a_firm_runs_the_own_validators_for_a_share_of_the_rewards():
    """8 % of the rewards at any price, and nothing of the coins."""
    for price in (3000.0, 1500.0):
        market = Market(GRID, {**ETH, Price("ETH"): price})
        outcome = SoloValidator(**ALONE, commission=0.08).run(market, capital=32.0 * price)
        assert line(outcome, "consensus") == pytest.approx(32.0 * 1e-4 * 100 * price)
        assert line(outcome, "commission") == pytest.approx(-0.08 * line(outcome, "consensus"))


def test_part_of_the_reward_is_new_coins_and_part_is_fees():
    """A tenth of the reward is tips and MEV, of a pool too, with a commission of their own."""
    pool = StakingPool(commission=0.1, compounding=False, execution=Execution(commission=0.5))
    outcome = pool.run(Market(GRID, {**ETH, ExecutionReward("ETH"): APR(0.00365)}), capital=30_000.0)
    assert line(outcome, "consensus") == pytest.approx(0.9 * 300.0)
    assert line(outcome, "execution") == pytest.approx(0.1 * 300.0)
    assert line(outcome, "commission") == pytest.approx(-(0.1 * 270.0 + 0.5 * 30.0))


def test_holders_who_join_at_different_times_share_by_what_they_paid_in():
    """1,000 coins from the first day, 1,000 more when these have earned 100: each owns its shares of all that comes."""
    unit = 10**18
    vault, first = Vault().deposit(1_000 * unit)
    vault, second = vault.donate(100 * unit).deposit(1_100 * unit)
    assert first == second
    vault = vault.donate(220 * unit)
    assert [vault.convert_to_assets(each) / unit for each in (first, second)] == pytest.approx([1_210.0, 1_210.0])
    # the pool itself, entered by another on its 50th day, pays as much for each coin and day
    early, late = (
        StakingPool(commission=0.1).run(Market(TimeGrid.daily(start, days=days), ETH), capital=30_000.0)
        for start, days in (("2026-01-01", 100), ("2026-02-20", 50))
    )
    assert late.yields().net_apr[0] == pytest.approx(early.yields().net_apr[0], rel=0.01)
    assert early.profit[0] == pytest.approx(2.0 * late.profit[0], rel=0.01)
