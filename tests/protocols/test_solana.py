"""Solana's fees, tips, votes and stake pools, and the chain as a whole."""

from typing import Any, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import solana
from stakingmodels.protocols.chains.chain import Chain
from stakingmodels.protocols.chains.solana import Solana

SOL = 10**9
LAMPORTS = st.integers(0, 2**63)


def test_units():
    assert (solana.LAMPORTS_PER_SOL, solana.BASIS_POINTS_PER_UNIT, solana.LAMPORTS_PER_SIGNATURE) == (
        SOL,
        10_000,
        5_000,
    )


# Fees of a block


@pytest.mark.parametrize(
    ("base", "priority", "rules", "deposit", "burn"),
    [
        (5_000, 1_000, solana.SIMD_0096, 3_500, 2_500),
        (5_000, 1_000, solana.BEFORE_SIMD_0096, 3_000, 3_000),
        (5_001, 0, solana.SIMD_0096, 2_501, 2_500),  # the odd lamport stays with the leader
        (5_000, 1, solana.BEFORE_SIMD_0096, 2_501, 2_500),
        (0, 7, solana.SIMD_0096, 7, 0),
        (100, 10, solana.FeeRules(burn_percent=0), 110, 0),
        (100, 10, solana.FeeRules(burn_percent=100), 10, 100),
        (199, 10, solana.FeeRules(burn_percent=1), 208, 1),
    ],
)
def test_fees_of_a_block(base, priority, rules, deposit, burn):
    assert solana.fee_distribution(base, priority, rules) == solana.FeeDistribution(deposit, burn)


def test_priority_fees_are_whole_by_default():
    assert solana.fee_distribution(5_000, 1_000) == solana.fee_distribution(5_000, 1_000, solana.SIMD_0096)
    assert solana.FeeRules(burn_percent=50, burns_priority_fees=False) == solana.SIMD_0096


def test_fees_refuse():
    with pytest.raises(InputError, match=r"^fee_distribution: transaction_fee: must be an integer in \[0, "):
        solana.fee_distribution(-1, 0)
    with pytest.raises(InputError, match=r"^fee_distribution: priority_fee: must be an integer in \[0, "):
        solana.fee_distribution(0, 2**64)
    for percent in (-1, 101):
        with pytest.raises(InputError, match=r"^FeeRules\.burn_percent: must be an integer in \[0, 100\]"):
            solana.FeeRules(burn_percent=percent)
    with pytest.raises(InputTypeError, match=r"^FeeRules\.burns_priority_fees: must be True or False"):
        solana.FeeRules(burns_priority_fees=1)  # type: ignore[arg-type]


# Tips


def test_tips_by_the_rules_of_jito():
    assert solana.split_tips(10_000, 800) == solana.TipSplit(labs=0, dao=600, validator=752, stakers=8_648)
    assert solana.split_tips(10_000, 800, solana.JIP_8) == solana.TipSplit(300, 300, 752, 8_648)
    assert solana.split_tips(10_000, 0).stakers == 9_400
    assert solana.split_tips(10_000, 10_000) == solana.TipSplit(0, 600, 9_400, 0)
    assert solana.split_tips(33, 5_000) == solana.TipSplit(0, 1, 16, 16)
    assert solana.split_tips(34, 5_000, solana.JIP_8) == solana.TipSplit(1, 1, 16, 16)
    assert (solana.JIP_24.labs_bps, solana.JIP_24.dao_bps) == (0, 600)


def test_tips_refuse():
    with pytest.raises(InputError, match=r"^split_tips: tips: must be an integer in \[0, "):
        solana.split_tips(-1, 0)
    with pytest.raises(InputError, match=r"^split_tips: mev_commission_bps: must be an integer in \[0, 10000\]"):
        solana.split_tips(1, 10_001)
    with pytest.raises(InputError, match=r"^TipRules\.dao_bps: must leave labs_bps \+ dao_bps within 10000, got 5001$"):
        solana.TipRules(labs_bps=5_000, dao_bps=5_001)
    with pytest.raises(InputError, match=r"^TipRules\.labs_bps: must be an integer in \[0, 10000\]"):
        solana.TipRules(labs_bps=-1, dao_bps=0)
    assert solana.TipRules(labs_bps=5_000, dao_bps=5_000).labs_bps == 5_000


def test_the_pieces_of_a_block():
    found = solana.block_reward(5_001, 1_000, 10_000, 800)
    assert found == solana.BlockReward(base_fees=2_501, priority_fees=1_000, tips=752, burned=2_500)
    older = solana.block_reward(
        5_000, 1_000, 10_000, 800, fee_rules=solana.BEFORE_SIMD_0096, tip_rules=solana.TipRules(labs_bps=0, dao_bps=0)
    )
    assert older == solana.BlockReward(base_fees=2_500, priority_fees=500, tips=800, burned=3_000)


def test_rules_are_written_by_name():
    with pytest.raises(TypeError, match="positional argument"):
        solana.FeeRules(50, True)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional argument"):
        solana.TipRules(300, 300)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional argument"):
        Solana(600e6)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'asset'"):
        Solana(asset="ETH")  # type: ignore[call-arg]


# Votes


def test_what_voting_costs():
    assert solana.vote_fees_per_epoch() == 2_160_000_000
    assert solana.vote_fees_per_epoch(1) == 5_000
    assert solana.vote_fees_per_epoch(0) == 0
    for votes in (-1, 432_001):
        with pytest.raises(InputError, match=r"^vote_fees_per_epoch: votes: must be an integer in \[0, 432000\]"):
            solana.vote_fees_per_epoch(votes)


@pytest.mark.parametrize(("slot_ms", "sol"), [(400, 1.6), (350, 1.4), (300, 1.2), (250, 1.0), (200, 0.8)])
def test_the_admission_ticket_costs_the_same_a_day(slot_ms, sol):
    assert solana.validator_admission_ticket(slot_ms) == round(sol * SOL)
    assert solana.validator_admission_ticket(slot_ms) / SOL / solana.epoch_days(slot_ms) == pytest.approx(0.8)


def test_the_admission_ticket_refuses():
    assert solana.validator_admission_ticket(1) == 4_000_000
    for slot_ms in (0, 401):
        with pytest.raises(InputError, match=r"^validator_admission_ticket: slot_ms: must be an integer in \[1, 400\]"):
            solana.validator_admission_ticket(slot_ms)


# Stake pools


def test_the_published_stake_pool():
    found = solana.stake_pool_split(100 * SOL, 800, 200)
    assert found == solana.PoolSplit(validator=8 * SOL, pool=1_840_000_000, holders=90_160_000_000)
    assert solana.stake_pool_split(10 * SOL, 0, 200).pool == 200_000_000


@pytest.mark.parametrize(("fee", "pool"), [(0, 0), (1, 1), (5_000, 2), (10_000, 3)])
def test_the_fee_of_a_pool_is_rounded_up(fee, pool):
    assert solana.stake_pool_split(3, 0, fee) == solana.PoolSplit(0, pool, 3 - pool)


def test_stake_pools_refuse():
    with pytest.raises(InputError, match=r"^stake_pool_split: epoch_fee_bps: must be an integer in \[0, 10000\]"):
        solana.stake_pool_split(1, 0, 10_001)
    with pytest.raises(InputError, match=r"^stake_pool_split: commission_bps: must be an integer in \[0, 10000\]"):
        solana.stake_pool_split(1, 10_001, 0)
    with pytest.raises(InputError, match=r"^commission_split: rewards: must be an integer in \[0, "):
        solana.stake_pool_split(-1, 0, 0)


# The chain


ROUND = Solana(supply=600e6, staked=400e6, epoch=149, signatures_per_day=0.0, tips_per_day=0.0)
"""Year 0: 8 % of all SOL."""
YEAR = 365 / 365.242_199


def test_the_dated_state():
    chain = Solana()
    assert isinstance(chain, Chain)
    assert (chain.asset, chain.supply, chain.staked, chain.as_of, chain.epoch) == (
        "SOL",
        632_969_682.0,
        436_884_837.0,
        "2026-08-27",
        1_096,
    )
    assert (chain.inflation, chain.slot_times) == (solana.MAINNET, solana.MAINNET_SLOT_TIMES)
    assert (chain.fee_rules, chain.tip_rules) == (solana.SIMD_0096, solana.JIP_24)
    assert (chain.signatures_per_day, chain.tips_per_day) == (380e6, 2_000.0)
    assert (chain.commission, chain.mev_commission) == (0.05, 0.08)
    assert chain.inflation_rate() == pytest.approx(0.035244, abs=1e-6)
    assert chain.nominal_apr().value == pytest.approx(0.05103, abs=1e-5)
    assert chain.delegator_apr().value == pytest.approx(0.04992, abs=1e-5)
    assert chain.supply_growth().value == pytest.approx(0.03467, abs=1e-5)
    assert chain.real_apr().value == pytest.approx(0.01581, abs=1e-5)


def test_rates_of_a_round_state():
    assert ROUND.inflation_rate() == 0.08
    assert ROUND.nominal_apr().value == pytest.approx(0.12 * YEAR, rel=1e-14)
    assert ROUND.supply_growth().value == pytest.approx(0.08 * YEAR, rel=1e-14)
    assert ROUND.delegator_apr().value == pytest.approx(0.12 * 0.95 * YEAR, rel=1e-14)


def test_a_better_validator_earns_its_delegators_more():
    assert ROUND.delegator_apr(1.01).value == pytest.approx(1.01 * ROUND.delegator_apr().value, rel=1e-14)
    assert ROUND.delegator_apr(0.0).value == 0.0
    assert ROUND.delegator_apr(10.0).value > 1.0
    with pytest.raises(InputError, match=r"^Solana\.delegator_apr: relative_credits: must be in \[0, 10\]"):
        ROUND.delegator_apr(-0.1)
    with pytest.raises(InputError, match=r"^Solana\.delegator_apr: relative_credits: too large"):
        ROUND.delegator_apr(98)


def test_tips_go_to_delegators_less_two_cuts():
    with_tips = attrs.evolve(ROUND, tips_per_day=1_000.0)
    gain = with_tips.delegator_apr().value - ROUND.delegator_apr().value
    assert gain == pytest.approx(1_000 * 365 * 0.94 * 0.92 / 400e6, rel=1e-10)
    older = attrs.evolve(with_tips, tip_rules=solana.TipRules(labs_bps=300, dao_bps=0), mev_commission=1.0)
    assert older.delegator_apr() == ROUND.delegator_apr()
    labs = attrs.evolve(with_tips, tip_rules=solana.TipRules(labs_bps=300, dao_bps=200), mev_commission=0.0)
    assert labs.delegator_apr().value - ROUND.delegator_apr().value == pytest.approx(
        1_000 * 365 * 0.95 / 400e6, rel=1e-10
    )


def test_half_of_the_base_fees_burns():
    burning = attrs.evolve(ROUND, signatures_per_day=2e8)
    assert ROUND.supply_growth().value - burning.supply_growth().value == pytest.approx(500 * 365 / 600e6, rel=1e-9)


def test_double_disinflation_lowers_the_rate_of_the_chain():
    later = attrs.evolve(ROUND, epoch=1_500, inflation=solana.double_disinflation(5.0))
    year = solana.MAINNET_SLOT_TIMES.inflation_year(1_500)
    assert later.inflation_rate() == max(0.015, later.inflation.total(year))
    assert later.inflation_rate() < attrs.evolve(ROUND, epoch=1_500).inflation_rate()


def test_answers_of_the_chain():
    chain = Solana()
    assert chain.minimum_stake() == pytest.approx(0.002282881, rel=1e-15)
    assert chain.unbonding().days == 1.25
    assert [attrs.evolve(chain, epoch=epoch).unbonding().days for epoch in (1_019, 1_023, 1_036)] == [2.0, 1.75, 1.5]
    assert (chain.unbonding().earns, chain.unbonding().slashable) == (True, False)
    assert chain.unbonding().source.startswith("solana-program/stake, Delegation")
    assert chain.slashing() == ()
    assert chain.compounding() is True
    assert chain.attack_cost(1 / 3) == pytest.approx(chain.staked / 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"staked": 700e6}, r"staked: must not be above the supply of 6.3297e\+08, got 7"),
        ({"staked": 0.0}, r"staked: must be in \(0, "),
        ({"supply": -1.0}, r"supply: must be in \(0, "),
        ({"as_of": ""}, r"as_of: must be 1 to 80 printable"),
        ({"epoch": 148}, r"epoch: must be an integer in \[149, 1000000000\]"),
        ({"epoch": 10**9 + 1}, r"epoch: must be an integer in \[149, 1000000000\]"),
        ({"signatures_per_day": -1.0}, r"signatures_per_day: must be in \[0, "),
        ({"tips_per_day": -1.0}, r"tips_per_day: must be in \[0, "),
        ({"commission": 5}, r"commission: must be a fraction in \[0, 1\], got 5 \(percent\? write 0.05\)"),
        ({"mev_commission": -0.1}, r"mev_commission: must be a fraction in \[0, 1\]"),
    ],
)
def test_states_that_cannot_be(change, message):
    with pytest.raises(InputError, match=r"^Solana\." + message):
        Solana(**change)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("inflation", "solana.MAINNET"),
        ("slot_times", "solana.MAINNET_SLOT_TIMES"),
        ("fee_rules", "solana.SIMD_0096"),
        ("tip_rules", "solana.JIP_24"),
    ],
)
def test_states_of_the_wrong_kind(name, how):
    with pytest.raises(InputTypeError, match=rf"^Solana\.{name}: must be \w+; write {how}, got float 0\.5"):
        Solana(**cast("dict[str, Any]", {name: 0.5}))


def test_all_stake_of_all_supply():
    assert Solana(supply=1e6, staked=1e6).nominal_apr().value == pytest.approx(
        Solana(supply=1e6, staked=1e6).inflation_rate() * YEAR
    )


@given(st.integers(0, 10**6), st.integers(0, 10_000))
def test_each_cut_of_tips_is_rounded_down_by_itself(tips, commission):
    found = solana.split_tips(tips, commission)
    left = tips - found.labs - found.dao
    assert (found.labs, found.dao) == (tips * solana.JIP_24.labs_bps // 10_000, tips * solana.JIP_24.dao_bps // 10_000)
    assert found.validator == left * commission // 10_000
    assert found.stakers == left - found.validator
