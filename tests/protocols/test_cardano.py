"""Cardano: pots, pool rewards, their split, and when the first one comes."""

from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import amounts, cardano
from stakingmodels.protocols.chains.cardano import CONWAY, MAX_SUPPLY, SHELLEY, Cardano

R = 14_000_000 * 10**6
F = Fraction


@pytest.mark.parametrize(
    ("blocks", "delta_r1"),
    [(21_600, 21_000_000), (21_601, 21_000_000), (10_800, 10_500_000), (0, 0), (21_599, 20_999_027)],
)
def test_too_few_blocks_release_less(blocks, delta_r1):
    pot = cardano.epoch_pot(7_000_000_000, 0, blocks, CONWAY)
    assert pot.delta_r1 == delta_r1
    assert pot.treasury + pot.rewards == pot.pot == delta_r1


def test_fees_join_the_pot_and_the_treasury_rounds_down():
    pot = cardano.epoch_pot(0, 9, 21_600, CONWAY)
    assert (pot.delta_r1, pot.pot, pot.treasury, pot.rewards) == (0, 9, 1, 8)


def test_expected_blocks_can_be_given():
    assert cardano.epoch_pot(1000, 0, 1, CONWAY, expected_blocks=2).delta_r1 == 1
    assert cardano.epoch_pot(1000, 0, 1, CONWAY, expected_blocks=1).delta_r1 == 3


def test_what_is_not_in_the_reserves_circulates():
    assert cardano.circulation(7_000_000_000 * 10**6) == 38_000_000_000 * 10**6
    assert cardano.circulation(0) == MAX_SUPPLY == 45 * 10**15
    assert cardano.circulation(MAX_SUPPLY) == 0


@pytest.mark.parametrize(("leverage", "reward"), [(None, 100), (F(50), 50), (F(100), 100), (F(101), 100), (F(0), 0)])
def test_a_cap_on_leverage_binds_at_so_many_times_the_pledge(leverage, reward):
    # SnapShotsSpec.hs: with a0 = 0 the reward is floor(1000 * counted stake)
    params = attrs.evolve(CONWAY, a0=F(0), n_opt=10, max_pledge_leverage=leverage)
    assert cardano.max_pool(1000, F(1, 10), F(1, 1000), params) == reward


def test_stake_above_saturation_and_pledge_above_it_add_nothing():
    full = cardano.max_pool(R, F(1, 500), F(1, 500), CONWAY)
    assert full == 28_000_000_000
    assert cardano.max_pool(R, F(1, 100), F(1, 100), CONWAY) == full
    assert cardano.max_pool(R, F(1), F(1), CONWAY) == full
    assert cardano.max_pool(R, F(0), F(0), CONWAY) == 0
    # half saturated, fully pledged: s' = p' = z/2: s' * (1 + a0 * 1/4) / (1 + a0)
    half = cardano.max_pool(R, F(1, 1000), F(1, 1000), CONWAY)
    assert half == int(R * F(1, 1000) * (1 + F(3, 10) / 4) / F(13, 10))


def ledger_max_pool(rewards, sigma, pledge, a0, k):
    """The sentence of SL-D5 as it is written, without names."""
    z = F(1, k)
    s, p = min(sigma, z), min(pledge, z)
    return rewards / (1 + a0) * (s + p * a0 * (s - p * (z - s) / z) / z)


@given(st.integers(0, MAX_SUPPLY), st.fractions(0, 1), st.fractions(0, 1), st.fractions(0, 5), st.integers(1, 2000))
def test_the_most_that_a_pool_earns(rewards, sigma, pledge, a0, k):
    params = attrs.evolve(CONWAY, a0=a0, n_opt=k)
    pledge = min(pledge, sigma)
    reward = cardano.max_pool(rewards, sigma, pledge, params)
    assert reward <= ledger_max_pool(rewards, sigma, pledge, a0, k) < reward + 1
    capped = attrs.evolve(params, max_pledge_leverage=F(7))
    assert cardano.max_pool(rewards, sigma, pledge, capped) == cardano.max_pool(
        rewards, min(sigma, 7 * pledge), pledge, params
    )
    assert cardano.max_pool(rewards, sigma, F(0), capped) == 0


@pytest.mark.parametrize(
    ("blocks", "total", "sigma", "performance"),
    [(50, 21_600, F(1, 432), F(1)), (51, 21_600, F(1, 432), F(51, 50)), (0, 0, F(1, 2), F(0)), (1, 1, F(0), F(0)),
     (1, 1, F(1, 2), F(2)), (0, 21_600, F(1, 432), F(0))],
)  # fmt: skip
def test_performance_is_blocks_over_stake(blocks, total, sigma, performance):
    assert cardano.apparent_performance(blocks, total, sigma) == performance


def test_a_pool_without_its_pledge_earns_nothing():
    assert cardano.pool_reward(1001, F(1, 2)) == 500
    assert cardano.pool_reward(1001, F(3, 2)) == 1501
    assert cardano.pool_reward(1001, F(1, 2), pledge_met=False) == 0


def test_the_cost_comes_first():
    shares = (F(1, 10), F(1, 5), F(1, 2))
    assert cardano.leader_reward(340, 340, *shares) == 340
    assert cardano.leader_reward(339, 340, *shares) == 339
    assert cardano.leader_reward(341, 340, *shares) == 340
    assert cardano.leader_reward(343, 340, *shares) == 341
    assert cardano.member_reward(340, 340, *shares) == 0
    assert cardano.member_reward(339, 340, *shares) == 0
    assert cardano.member_reward(343, 340, *shares) == 1
    assert cardano.member_reward(341, 340, F(0), F(1), F(1)) == 1
    # surplus 1000: operator 0.1 + 0.9 * 2/5 = 0.46, member 0.9 * 2/5 = 0.36
    assert cardano.leader_reward(1340, 340, *shares) == 340 + 460
    assert cardano.member_reward(1340, 340, *shares) == 360


@given(
    st.integers(0, 10**12), st.integers(0, 10**9), st.fractions(0, 1), st.fractions(0, 1), st.fractions("1/10000", 1)
)
def test_operator_and_members_share_what_there_is(reward, cost, margin, part, sigma):
    owner, member = part * sigma, (1 - part) * sigma
    leader = cardano.leader_reward(reward, cost, margin, owner, sigma)
    members = cardano.member_reward(reward, cost, margin, member, sigma)
    assert reward - 2 < leader + members <= reward


def test_the_first_reward_comes_after_15_to_20_days():
    assert cardano.first_reward_days() == 20.0
    assert cardano.first_reward_days(86_400) == 19.0
    assert cardano.first_reward_days(431_999) == pytest.approx(15.0, abs=2e-5)


def test_the_parameters_on_record():
    assert (SHELLEY.rho, SHELLEY.tau, SHELLEY.a0) == (F(3, 1000), F(1, 5), F(3, 10))
    assert (SHELLEY.n_opt, SHELLEY.min_pool_cost, SHELLEY.valid_from) == (150, 340_000_000, "2020-07-29")
    assert (CONWAY.n_opt, CONWAY.min_pool_cost, CONWAY.max_pledge_leverage) == (500, 170_000_000, None)
    assert (CONWAY.rho, CONWAY.tau, CONWAY.a0, SHELLEY.max_pledge_leverage) == (F(3, 1000), F(1, 5), F(3, 10), None)
    assert (cardano.EXPECTED_BLOCKS, cardano.SLOTS_PER_EPOCH, cardano.EPOCH_DAYS) == (21_600, 432_000, 5.0)
    assert F(1, 20) * cardano.SLOTS_PER_EPOCH == cardano.EXPECTED_BLOCKS


def test_the_chain_answers():
    chain = Cardano()
    assert (chain.asset, chain.supply, chain.staked) == ("ADA", 38_494_388_153.0, 21_802_000_000.0)
    assert (chain.as_of, chain.relative_pledge, chain.fees_per_epoch) == ("2025-04-09", F(0), 0.0)
    assert chain.pot().delta_r1 == (MAX_SUPPLY - 38_494_388_153 * 10**6) * 3 // 1000
    assert chain.nominal_apr().value == pytest.approx(6_505_611_847 * 0.003 * 0.8 / 1.3 / 38_494_388_153 * 73, rel=1e-9)
    released = chain.supply_growth().value * chain.supply / 73
    assert released == pytest.approx(10_628_909, rel=0.008)  # reported for epoch 618
    assert chain.supply_growth().value == pytest.approx(0.02030199172, rel=1e-9)
    assert chain.minimum_stake() == 2.0
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (0.0, True, False)
    assert chain.slashing() == ()
    assert chain.compounding() is True


def test_the_least_pool_cost_that_is_agreed_is_no_default_yet():
    assert Cardano().params.min_pool_cost == 170_000_000
    assert attrs.evolve(cardano.PCP_006, min_pool_cost=170_000_000, valid_from="", source="") == attrs.evolve(
        cardano.CONWAY, valid_from="", source=""
    )
    assert cardano.PCP_006.min_pool_cost == 75_000_000
    assert Cardano(params=cardano.PCP_006).nominal_apr() == Cardano().nominal_apr()  # it is before a pool's cost


def test_fees_raise_the_reward_but_not_the_supply():
    chain, busy = Cardano(), Cardano(fees_per_epoch=1_000_000.0)
    assert busy.pot().pot == chain.pot().pot + 10**12
    assert busy.nominal_apr().value > chain.nominal_apr().value
    # of 1,000,000 ADA 20 % go to the treasury and 0.8 / 1.3 * stake / supply to stakers, all of it out of fees
    kept = 0.2 + 0.8 / 1.3 * chain.staked / chain.supply - 1
    change = (busy.supply_growth().value - chain.supply_growth().value) * chain.supply / 73
    assert change == pytest.approx(kept * 1_000_000, rel=1e-6)


def test_a_pledge_raises_the_reward():
    assert Cardano(relative_pledge=F(1, 500)).nominal_apr().value == pytest.approx(
        Cardano().nominal_apr().value * 1.3, rel=1e-9
    )


HALF = F(1, 2)


raw: Any = cardano  # what no type checker would let through
evolve: Any = attrs.evolve


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: raw.epoch_pot(-1, 0, 1, CONWAY), InputError, r"epoch_pot: reserves: must be an integer in \[0, 45"),
        (lambda: raw.epoch_pot(MAX_SUPPLY + 1, 0, 1, CONWAY), InputError, "epoch_pot: reserves"),
        (lambda: raw.epoch_pot(1.5, 0, 1, CONWAY), InputTypeError, "epoch_pot: reserves: must be an integer"),
        (lambda: raw.epoch_pot(0, -1, 1, CONWAY), InputError, r"epoch_pot: fees: .*\[0, 45"),
        (lambda: raw.epoch_pot(0, MAX_SUPPLY + 1, 1, CONWAY), InputError, "epoch_pot: fees"),
        (lambda: raw.epoch_pot(0, 0, -1, CONWAY), InputError, r"epoch_pot: blocks_made: .*\[0, 18"),
        (lambda: raw.epoch_pot(0, 0, 2**64, CONWAY), InputError, "epoch_pot: blocks_made"),
        (lambda: raw.epoch_pot(0, 0, 1, CONWAY, 0), InputError, r"epoch_pot: expected_blocks: .*\[1, 18"),
        (lambda: raw.epoch_pot(0, 0, 1, CONWAY, 2**64), InputError, "epoch_pot: expected_blocks"),
        (lambda: raw.circulation(MAX_SUPPLY + 1), InputError, "circulation: reserves"),
        (lambda: raw.circulation(-1), InputError, r"circulation: reserves: .*\[0, 45"),
        (lambda: raw.max_pool(-1, HALF, HALF, CONWAY), InputError, r"max_pool: rewards: .*\[0, 45"),
        (lambda: raw.max_pool(MAX_SUPPLY + 1, HALF, HALF, CONWAY), InputError, "max_pool: rewards"),
        (
            lambda: raw.max_pool(1, 0.5, HALF, CONWAY),
            InputTypeError,
            r"max_pool: sigma: must be an exact ratio, got float 0.5 \(write Fraction\(3, 10\)\)",
        ),
        (lambda: raw.max_pool(1, F(3, 2), HALF, CONWAY), InputError, r"max_pool: sigma: must be a ratio in \[0, 1\]"),
        (lambda: raw.max_pool(1, F(-1, 2), HALF, CONWAY), InputError, "max_pool: sigma"),
        (lambda: raw.max_pool(1, HALF, F(3, 2), CONWAY), InputError, "max_pool: relative_pledge"),
        (lambda: raw.max_pool(1, True, HALF, CONWAY), InputTypeError, "max_pool: sigma"),
        (lambda: raw.apparent_performance(2, 1, HALF), InputError, r"apparent_performance: blocks: .*\[0, 1\]"),
        (lambda: raw.apparent_performance(-1, 1, HALF), InputError, "apparent_performance: blocks"),
        (lambda: raw.apparent_performance(0, -1, HALF), InputError, r"apparent_performance: total_blocks: .*\[0, 18"),
        (lambda: raw.apparent_performance(0, 2**64, HALF), InputError, "apparent_performance: total_blocks"),
        (lambda: raw.apparent_performance(0, 1, F(2)), InputError, "apparent_performance: sigma_active"),
        (lambda: raw.pool_reward(-1, HALF), InputError, r"pool_reward: max_reward: .*\[0, 45"),
        (lambda: raw.pool_reward(MAX_SUPPLY + 1, HALF), InputError, "pool_reward: max_reward"),
        (lambda: raw.pool_reward(1, F(-1)), InputError, r"pool_reward: performance: must be a ratio in \[0, 18"),
        (lambda: raw.pool_reward(1, F(2**64 + 1)), InputError, "pool_reward: performance"),
        (lambda: raw.leader_reward(-1, 0, HALF, HALF, HALF), InputError, r"leader_reward: reward: .*\[0, 45"),
        (lambda: raw.leader_reward(MAX_SUPPLY + 1, 0, HALF, HALF, HALF), InputError, "leader_reward: reward"),
        (lambda: raw.leader_reward(1, -1, HALF, HALF, HALF), InputError, r"leader_reward: cost: .*\[0, 45"),
        (lambda: raw.leader_reward(1, MAX_SUPPLY + 1, HALF, HALF, HALF), InputError, "leader_reward: cost"),
        (lambda: raw.leader_reward(1, 0, F(2), HALF, HALF), InputError, "leader_reward: margin"),
        (lambda: raw.leader_reward(1, 0, HALF, HALF, F(2)), InputError, "leader_reward: sigma"),
        (
            lambda: raw.leader_reward(1, 0, HALF, HALF, F(1, 3)),
            InputError,
            "leader_reward: owner_share: must not be above the pool's stake of 1/3, which is above 0",
        ),
        (lambda: raw.leader_reward(1, 0, HALF, F(0), F(0)), InputError, "leader_reward: owner_share"),
        (lambda: raw.member_reward(1, 0, HALF, F(2), HALF), InputError, "member_reward: member_share"),
        (lambda: raw.member_reward(1, 0, HALF, HALF, F(1, 3)), InputError, "member_reward: member_share"),
        (lambda: raw.first_reward_days(-1), InputError, r"first_reward_days: slot: .*\[0, 431999\]"),
        (lambda: raw.first_reward_days(432_000), InputError, "first_reward_days: slot"),
        (lambda: evolve(CONWAY, rho=0.003), InputTypeError, "ProtocolParameters.rho: must be an exact ratio"),
        (lambda: evolve(CONWAY, rho=F(2)), InputError, r"ProtocolParameters.rho: must be a ratio in \[0, 1\]"),
        (lambda: evolve(CONWAY, tau=F(2)), InputError, "ProtocolParameters.tau"),
        (lambda: evolve(CONWAY, tau=F(-1)), InputError, "ProtocolParameters.tau"),
        (lambda: evolve(CONWAY, a0=F(-1)), InputError, r"ProtocolParameters.a0: must be a ratio in \[0, 18"),
        (lambda: evolve(CONWAY, a0=F(2**64 + 1)), InputError, "ProtocolParameters.a0"),
        (lambda: evolve(CONWAY, n_opt=0), InputError, r"ProtocolParameters.n_opt: .*\[1, 65535\]"),
        (lambda: evolve(CONWAY, n_opt=65_536), InputError, "ProtocolParameters.n_opt"),
        (lambda: evolve(CONWAY, min_pool_cost=-1), InputError, r"ProtocolParameters.min_pool_cost: .*\[0, 45"),
        (lambda: evolve(CONWAY, min_pool_cost=MAX_SUPPLY + 1), InputError, "ProtocolParameters.min_pool_cost"),
        (
            lambda: evolve(CONWAY, max_pledge_leverage=F(-1)),
            InputError,
            r"ProtocolParameters.max_pledge_leverage: .*\[0, 18",
        ),
        (
            lambda: evolve(CONWAY, max_pledge_leverage=F(2**64 + 1)),
            InputError,
            "ProtocolParameters.max_pledge_leverage",
        ),
        (lambda: raw.Cardano(staked=4e10), InputError, "Cardano.staked: must not be above the supply"),
        (lambda: raw.Cardano(supply=45e9 + 1), InputError, "Cardano.supply: too large"),
        (lambda: raw.Cardano(supply=0), InputError, r"Cardano.supply: must be in \(0"),
        (lambda: raw.Cardano(relative_pledge=F(2)), InputError, "Cardano.relative_pledge"),
        (lambda: raw.Cardano(relative_pledge=F(-1)), InputError, "Cardano.relative_pledge"),
        (lambda: raw.Cardano(fees_per_epoch=-1), InputError, "Cardano.fees_per_epoch"),
        (lambda: raw.Cardano(key_deposit=-1), InputError, "Cardano.key_deposit"),
        (
            lambda: raw.Cardano(params="conway"),
            InputTypeError,
            "Cardano.params: must be ProtocolParameters; write CONWAY",
        ),
    ],
)
def test_bad_inputs(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_bounds_are_inside():
    top = F(2**64)
    assert cardano.epoch_pot(MAX_SUPPLY, MAX_SUPPLY, 2**64 - 1, CONWAY, 2**64 - 1).delta_r1 == MAX_SUPPLY * 3 // 1000
    assert cardano.max_pool(MAX_SUPPLY, F(1), F(1), CONWAY) == MAX_SUPPLY // 500
    assert raw.max_pool(0, 1, 0, CONWAY) == 0
    assert cardano.pool_reward(MAX_SUPPLY, top) == MAX_SUPPLY * 2**64
    assert cardano.apparent_performance(2**64 - 1, 2**64 - 1, F(1)) == 1
    assert cardano.leader_reward(MAX_SUPPLY, MAX_SUPPLY, F(1), F(1), F(1)) == MAX_SUPPLY
    assert attrs.evolve(CONWAY, a0=top, n_opt=65_535, min_pool_cost=MAX_SUPPLY, max_pledge_leverage=top).a0 == top
    assert evolve(CONWAY, rho=1, tau=0, n_opt=1, min_pool_cost=0).rho == F(1)
    assert Cardano(staked=38_494_388_153.0).staked == Cardano().supply
    assert Cardano(supply=45e9).pot().delta_r1 == 0
    assert isinstance(evolve(CONWAY, rho=1).rho, Fraction)


def test_whole_coins_in_base_units():
    assert amounts.base_units(0.1, 10**6) == 100_000
    assert amounts.base_units(38_494_388_153.0, 10**6) == 38_494_388_153_000_000
    assert amounts.base_units(1e-7, 10**6) == 0
    assert amounts.base_units(6e-7, 10**6) == 1
    assert (amounts.UINT64_MAX, amounts.UINT128_MAX) == (2**64 - 1, 2**128 - 1)
