"""Avalanche: rewards by term, the Helicon ramp, the split of the delegation fee, uptime."""

import math
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import avalanche
from stakingmodels.protocols.chains.amounts import UINT64_MAX
from stakingmodels.protocols.chains.avalanche import DAY_NS, HELICON, MAINNET, NANO_AVAX, Avalanche

CONFIG = MAINNET.reward_config
MEGA = 10**6 * NANO_AVAX
YEAR = 365 * DAY_NS


@pytest.mark.parametrize(
    ("duration", "stake", "supply", "reward"),
    [  # literals of avalanchego vms/platformvm/reward/calculator_test.go TestRewards and example_test.go
        (YEAR, MEGA, 360 * MEGA, 120_000 * NANO_AVAX),
        (YEAR, MEGA, 400 * MEGA, 96_000 * NANO_AVAX),
        (YEAR, 2 * MEGA, 400 * MEGA, 192_000 * NANO_AVAX),
        (YEAR, MEGA, 720 * MEGA, 0),
        (DAY_NS, MEGA, 360 * MEGA, 274122724713),
        (DAY_NS, 5 * 10**6, 360 * MEGA, 1370),
        (DAY_NS, MEGA, 400 * MEGA, 219298179771),
        (DAY_NS, 2 * MEGA, 400 * MEGA, 438596359542),
        (28 * DAY_NS, 100_000 * NANO_AVAX, 447_903_489_576_595_361, 473168956104),
        (0, MEGA, 360 * MEGA, 0),
        (YEAR, 0, 360 * MEGA, 0),
    ],
)
def test_rewards(duration, stake, supply, reward):
    assert avalanche.calculate(CONFIG, duration, stake, supply) == reward


@pytest.mark.parametrize("cap", [1000, UINT64_MAX])
def test_no_more_is_paid_than_is_left_to_mint(cap):
    config = avalanche.RewardConfig(10**6, 10**6, minting_period=DAY_NS, supply_cap=cap)
    assert avalanche.calculate(config, DAY_NS, cap, 1) == cap - 1


def test_the_divisions_round_down_one_after_the_other():
    config = avalanche.RewardConfig(500_000, 300_000, minting_period=7, supply_cap=1000)
    # 900 * (200,000 * 5 + 300,000 * 7) * 33 * 5 = 4.6035e11; // 7e6 = 65,764; // 100 = 657; // 7 = 93
    assert avalanche.calculate(config, 5, 33, 100) == 93


def test_longer_terms_earn_more_than_shorter_ones_renewed():
    short = long = 1_000 * NANO_AVAX
    for _ in range(365):
        short += avalanche.calculate(CONFIG, DAY_NS, short, 359 * MEGA + short)
    long += avalanche.calculate(CONFIG, YEAR, long, 359 * MEGA + long)
    assert short < long


@given(st.integers(0, 365), st.integers(0, 10**15), st.integers(1, 720 * MEGA))
def test_rewards_grow_with_time_and_stake(days, stake, supply):
    reward = avalanche.calculate(CONFIG, days * DAY_NS, stake, supply)
    assert 0 <= reward <= CONFIG.supply_cap - supply
    if days:
        assert avalanche.calculate(CONFIG, (days - 1) * DAY_NS, stake, supply) <= reward
    assert reward <= avalanche.calculate(CONFIG, days * DAY_NS, stake + 1, supply)


@pytest.mark.parametrize(
    ("days", "minimum", "maximum", "expected"),
    [
        (-1, 100_000, 120_000, 100_000),
        (0, 100_000, 120_000, 100_000),
        (45, 100_000, 120_000, 87_500),
        (1, 100_000, 120_000, 99_723),
        (89, 100_000, 120_000, 75_278),
        (90, 100_000, 120_000, 75_000),
        (91, 100_000, 120_000, 75_000),
        (45, 10_000, 120_000, 42_500),
        (45, 10_000, 75_000, 42_500),
        (200, 10_000, 120_000, 75_000),
        (45, 75_000, 120_000, 75_000),
        (45, 74_998, 120_000, 74_999),
        (45, 75_002, 120_000, 75_001),
        (90, 10_000, 74_999, 10_000),
    ],
)
def test_the_minimum_rate_moves_to_its_target(days, minimum, maximum, expected):
    config = attrs.evolve(CONFIG, min_consumption_rate=minimum, max_consumption_rate=maximum)
    moved = avalanche.config_for_stake_start(attrs.evolve(HELICON, reward_config=config), days * DAY_NS)
    assert moved == attrs.evolve(config, min_consumption_rate=expected)


def test_the_upgrade_takes_hold_in_its_first_nanosecond():
    ramp = avalanche.RateRamp(target=0, period=2)
    rules = attrs.evolve(HELICON, ramp=ramp)
    rates = [avalanche.config_for_stake_start(rules, t).min_consumption_rate for t in (-1, 0, 1, 2, 3)]
    assert rates == [100_000, 100_000, 50_000, 0, 0]


def test_before_the_upgrade_nothing_moves():
    assert avalanche.config_for_stake_start(MAINNET, 1000 * DAY_NS) is CONFIG


@pytest.mark.parametrize(
    ("amount", "shares", "fee"),
    [  # literals of TestSplit
        (1000, 500_000, 500),
        (1, 10**6, 1),
        (1, 999_999, 1),
        (1, 1, 1),
        (1, 0, 0),
        (0, 20_000, 0),
        (9223374036974675809, 2, 18446748749757),
        (9223374036974675809, 10**6, 9223374036974675809),
        (9223372036855275808, 999_998, 9223353590111202098),
        (9223372036855275808, 2, 18446744349518),
        # the last product of 64 bits: 5 parts of a fifth of 2**64 - 1; and two past them
        (UINT64_MAX // 5, 999_995, UINT64_MAX // 5 - UINT64_MAX // 10**6),
        (UINT64_MAX, 999_999, UINT64_MAX - UINT64_MAX // 10**6),
        (UINT64_MAX // 2 + 1, 999_998, UINT64_MAX // 2 + 1 - 2 * ((UINT64_MAX // 2 + 1) // 10**6)),
    ],
)
def test_split(amount, shares, fee):
    assert avalanche.split(amount, shares) == (fee, amount - fee)


@given(st.integers(0, UINT64_MAX), st.integers(0, 10**6))
def test_the_fee_rounds_up_and_the_parts_add_up(amount, shares):
    fee, rest = avalanche.split(amount, shares)
    assert fee + rest == amount
    assert fee * 10**6 >= amount * shares
    assert fee * 10**6 < amount * shares + 10**12


@pytest.mark.parametrize(("uptime", "rules", "paid"), [
    (800_000, MAINNET, 7), (799_999, MAINNET, 0), (10**6, MAINNET, 7), (899_999, HELICON, 0), (900_000, HELICON, 7),
])  # fmt: skip
def test_too_little_uptime_costs_all_of_the_reward(uptime, rules, paid):
    assert avalanche.reward_after_uptime(7, uptime, rules) == paid


@pytest.mark.parametrize(
    ("days", "rules", "percent"),
    [  # the table of ACP-285 at 470,134,316 AVAX; its 5.85 for 182 days is 5.845 cut differently
        (14, MAINNET, 5.36),
        (90, MAINNET, 5.58),
        (365, MAINNET, 6.38),
        (2, HELICON, 4.00),
        (14, HELICON, 4.08),
        (90, HELICON, 4.58),
        (182, HELICON, 5.18),
        (365, HELICON, 6.38),
    ],
)
def test_published_rates_by_term(days, rules, percent):
    chain = Avalanche(term_days=days, rules=rules, days_since_upgrade=90, validates=days < 14)
    apr = chain.nominal_apr().value
    assert apr * 100 == pytest.approx(percent, abs=5e-3)


def test_the_rate_of_a_year_is_the_reward_of_a_year():
    assert avalanche.annual_rate(CONFIG, YEAR, 360 * MEGA).value == pytest.approx(0.12, rel=1e-12)
    half = avalanche.annual_rate(CONFIG, YEAR // 2, 360 * MEGA).value
    assert half == pytest.approx(0.11, rel=1e-12)
    daily = attrs.evolve(CONFIG, minting_period=DAY_NS)
    assert avalanche.annual_rate(daily, DAY_NS, 360 * MEGA).value == pytest.approx(0.12 * 365, rel=1e-12)
    assert avalanche.annual_rate(CONFIG, 1, 360 * MEGA).value == pytest.approx(0.1, rel=0.2)  # of 1.1 nAVAX only 1


def test_the_rules_on_record():
    assert (MAINNET.min_validator_stake, MAINNET.max_validator_stake) == (2_000 * NANO_AVAX, 3_000_000 * NANO_AVAX)
    assert (MAINNET.min_delegator_stake, MAINNET.min_delegation_fee) == (25 * NANO_AVAX, 20_000)
    assert (MAINNET.min_stake_duration, MAINNET.max_stake_duration) == (14 * DAY_NS, 365 * DAY_NS)
    assert (MAINNET.uptime_requirement, HELICON.uptime_requirement) == (800_000, 900_000)
    assert attrs.asdict(CONFIG) == {
        "max_consumption_rate": 120_000,
        "min_consumption_rate": 100_000,
        "minting_period": 31_536_000 * 10**9,
        "supply_cap": 720 * 10**15,
    }
    assert HELICON.ramp == avalanche.RateRamp(target=75_000, period=90 * 86_400 * 10**9)
    assert (HELICON.min_stake_duration, HELICON.max_stake_duration) == (14 * DAY_NS, 365 * DAY_NS)
    assert (MAINNET.min_validator_duration, HELICON.min_validator_duration) == (14 * DAY_NS, 2 * DAY_NS)
    assert (MAINNET.auto_renewed, HELICON.auto_renewed) == (False, True)
    assert HELICON.valid_from == "2026-09-22"
    assert (MAINNET.valid_from, NANO_AVAX) == ("2020-09-21", 10**9)


def test_the_chain_answers():
    chain = Avalanche()
    assert (chain.asset, chain.supply, chain.staked) == ("AVAX", 470_134_316.0, 239_200_000.0)
    assert (chain.as_of, chain.term_days, chain.burned_a_year) == ("2025-05-01", 14.0, 273_750.0)
    assert (chain.rules, chain.days_since_upgrade) == (HELICON, 69.0)
    assert chain.nominal_apr().value == pytest.approx(0.0438, abs=5e-5)
    chain = Avalanche(rules=MAINNET, days_since_upgrade=0.0)
    assert chain.nominal_apr().value == pytest.approx(0.0535554315609, rel=1e-11)
    minted = 0.0535554315609 * 239_200_000 - 273_750
    assert chain.supply_growth().value == pytest.approx(minted / 470_134_316, rel=1e-10)
    assert chain.real_apr().value == pytest.approx(0.0261907930968, rel=1e-10)
    assert chain.minimum_stake() == 25.0
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (14.0, True, False)
    assert unbonding.source == MAINNET.source
    assert chain.slashing() == ()
    assert chain.compounding() is False


def test_after_the_upgrade_the_rate_falls_day_by_day():
    rates = [Avalanche(days_since_upgrade=day).nominal_apr().value for day in (0, 45, 69, 90, 180)]
    assert rates[0] == Avalanche(rules=MAINNET).nominal_apr().value == pytest.approx(0.0536, abs=5e-5)
    assert rates[0] > rates[1] > rates[2] > rates[3] == rates[4] == pytest.approx(0.0408, abs=5e-5)
    year = [Avalanche(term_days=365, rules=rules).nominal_apr().value for rules in (MAINNET, HELICON)]
    assert year[0] == year[1] == pytest.approx(0.0638, abs=5e-5)


def test_only_validators_got_the_short_term_and_the_renewal():
    with pytest.raises(InputError, match=r"^Avalanche\.term_days: must be in \[14, 365\] for a delegation, got 2"):
        Avalanche(rules=HELICON, term_days=2)
    validator = Avalanche(rules=HELICON, term_days=2, validates=True)
    assert (validator.unbonding().days, validator.minimum_stake(), validator.compounding()) == (2.0, 2_000.0, True)
    with pytest.raises(InputError, match=r"^Avalanche\.term_days: must be in \[2, 365\] for a validator, got 1\.9"):
        Avalanche(term_days=1.9, validates=True)
    with pytest.raises(InputError, match=r"^Avalanche\.term_days: must be in \[14, 365\] for a validator"):
        Avalanche(rules=MAINNET, term_days=13.9, validates=True)
    before = Avalanche(rules=MAINNET, validates=True)
    assert (before.minimum_stake(), before.compounding()) == (2_000.0, False)
    assert Avalanche().compounding() is False


def test_too_little_uptime_forfeits_the_whole_reward():
    assert avalanche.reward_after_uptime(1_000, 899_999, HELICON) == 0
    assert avalanche.reward_after_uptime(1_000, 900_000, HELICON) == 1_000
    assert avalanche.reward_after_uptime(1_000, 899_999, MAINNET) == 1_000


raw: Any = avalanche  # what no type checker would let through
evolve: Any = attrs.evolve


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: raw.calculate(CONFIG, -1, 1, 1), InputError, "calculate: staked_duration: must be an integer"),
        (lambda: raw.calculate(CONFIG, YEAR + 1, 1, 1), InputError, "calculate: staked_duration: must be"),
        (lambda: raw.calculate(CONFIG, 1.0, 1, 1), InputTypeError, "calculate: staked_duration: must be"),
        (lambda: raw.calculate(CONFIG, 1, -1, 1), InputError, r"calculate: staked_amount: must be .*\[0, 184"),
        (lambda: raw.calculate(CONFIG, 1, UINT64_MAX + 1, 1), InputError, "calculate: staked_amount"),
        (lambda: raw.calculate(CONFIG, 1, 1, 0), InputError, r"calculate: current_supply: .*\[1, 7200"),
        (lambda: raw.calculate(CONFIG, 1, 1, 720 * MEGA + 1), InputError, "calculate: current_supply"),
        (lambda: raw.split(-1, 0), InputError, r"split: total_amount: must be an integer in \[0, 184"),
        (lambda: raw.split(UINT64_MAX + 1, 0), InputError, "split: total_amount: must be"),
        (lambda: raw.split(1, 10**6 + 1), InputError, r"split: shares: must be an integer in \[0, 1000000\]"),
        (lambda: raw.split(1, -1), InputError, "split: shares"),
        (lambda: raw.split(1, 0.02), InputTypeError, "split: shares: must be an integer, got float 0.02"),
        (
            lambda: raw.reward_after_uptime(-1, 0, MAINNET),
            InputError,
            r"reward_after_uptime: potential_reward: .*\[0, 1",
        ),
        (
            lambda: raw.reward_after_uptime(UINT64_MAX + 1, 0, MAINNET),
            InputError,
            "reward_after_uptime: potential_reward",
        ),
        (lambda: raw.reward_after_uptime(1, -1, MAINNET), InputError, r"reward_after_uptime: uptime: .*\[0, 1000000\]"),
        (lambda: raw.reward_after_uptime(1, 10**6 + 1, MAINNET), InputError, "reward_after_uptime: uptime"),
        (lambda: raw.config_for_stake_start(HELICON, 2**63), InputError, "config_for_stake_start: since_upgrade"),
        (
            lambda: raw.config_for_stake_start(HELICON, -(2**63) - 1),
            InputError,
            "config_for_stake_start: since_upgrade: must be",
        ),
        (lambda: raw.config_for_stake_start(HELICON, 0.5), InputTypeError, "config_for_stake_start: since_upgrade"),
        (lambda: raw.annual_rate(CONFIG, 0, 1), InputError, r"annual_rate: staked_duration: .*\[1, 315"),
        (lambda: raw.annual_rate(CONFIG, YEAR + 1, 1), InputError, "annual_rate: staked_duration"),
        (
            lambda: evolve(CONFIG, min_consumption_rate=120_001),
            InputError,
            r"RewardConfig.min_consumption_rate: must not be above the maximum of 120000, got 120001",
        ),
        (lambda: evolve(CONFIG, max_consumption_rate=10**6 + 1), InputError, "RewardConfig.max_consumption_rate"),
        (lambda: evolve(CONFIG, min_consumption_rate=-1), InputError, "RewardConfig.min_consumption_rate"),
        (lambda: evolve(CONFIG, minting_period=0), InputError, r"RewardConfig.minting_period: .*\[1, 9223"),
        (lambda: evolve(CONFIG, minting_period=2**63), InputError, "RewardConfig.minting_period"),
        (lambda: evolve(CONFIG, supply_cap=0), InputError, r"RewardConfig.supply_cap: must be an integer in \[1, 184"),
        (lambda: evolve(CONFIG, supply_cap=UINT64_MAX + 1), InputError, "RewardConfig.supply_cap"),
        (lambda: evolve(MAINNET, min_delegator_stake=-1), InputError, r"StakingRules.min_delegator_stake: .*\[0, 18"),
        (lambda: evolve(MAINNET, min_delegator_stake=UINT64_MAX + 1), InputError, "StakingRules.min_delegator_stake"),
        (lambda: raw.RateRamp(target=-1, period=1), InputError, "RateRamp.target"),
        (lambda: raw.RateRamp(target=0, period=0), InputError, "RateRamp.period"),
        (
            lambda: raw.Avalanche(term_days=13.9),
            InputError,
            r"Avalanche.term_days: must be in \[14, 365\] for a delegation, got 13.9",
        ),
        (lambda: raw.Avalanche(term_days=365.1), InputError, r"Avalanche.term_days: must be in \[14, 365\]"),
        (lambda: raw.Avalanche(supply=1e6), InputError, r"Avalanche.staked: must not be above the supply of 1e\+06"),
        (
            lambda: raw.Avalanche(supply=720_000_001),
            InputError,
            "Avalanche.supply: must not be above the cap of 7.2e.08",
        ),
        (lambda: raw.Avalanche(staked=0), InputError, r"Avalanche.staked: must be in \(0"),
        (lambda: raw.Avalanche(supply=-1), InputError, r"Avalanche.supply: must be in \(0"),
        (lambda: raw.Avalanche(burned_a_year=-1), InputError, "Avalanche.burned_a_year"),
        (lambda: raw.Avalanche(days_since_upgrade=-1), InputError, "Avalanche.days_since_upgrade"),
        (
            lambda: raw.Avalanche(rules="helicon"),
            InputTypeError,
            "Avalanche.rules: must be StakingRules; write HELICON",
        ),
    ],
)
def test_bad_inputs(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_bounds_are_inside():
    assert avalanche.split(UINT64_MAX, 10**6) == (UINT64_MAX, 0)
    assert avalanche.reward_after_uptime(UINT64_MAX, 10**6, MAINNET) == UINT64_MAX
    assert avalanche.reward_after_uptime(0, 0, attrs.evolve(MAINNET, uptime_requirement=0)) == 0
    assert avalanche.calculate(CONFIG, YEAR, UINT64_MAX, 720 * MEGA) == 0
    avalanche.config_for_stake_start(HELICON, 2**63 - 1)
    avalanche.config_for_stake_start(HELICON, -(2**63))
    attrs.evolve(CONFIG, min_consumption_rate=0, max_consumption_rate=0, minting_period=1, supply_cap=1)
    attrs.evolve(CONFIG, max_consumption_rate=10**6, minting_period=2**63 - 1, supply_cap=UINT64_MAX)
    attrs.evolve(CONFIG, min_consumption_rate=120_000)
    Avalanche(term_days=365)
    Avalanche(staked=470_134_316, supply=470_134_316)
    Avalanche(supply=720_000_000)


@given(
    st.integers(1, 50), st.integers(1, 50), st.integers(1, 10), st.integers(0, 10**6), st.integers(0, 10**6), st.data()
)
def test_a_reward_of_few_coins_is_rounded_down_after_each_division(cap, supply, period, one, other, data):
    supply = min(cap, supply)
    config = avalanche.RewardConfig(
        max_consumption_rate=max(one, other),
        min_consumption_rate=min(one, other),
        minting_period=period,
        supply_cap=cap,
    )
    duration, stake = data.draw(st.integers(1, period)), data.draw(st.integers(1, supply))
    rate = Fraction(min(one, other)) + Fraction(abs(one - other) * duration, period)
    exact = (cap - supply) * Fraction(stake, supply) * rate / 10**6 * Fraction(duration, period)
    assert avalanche.calculate(config, duration, stake, supply) == min(cap - supply, math.floor(exact))
