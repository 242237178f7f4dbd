from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    JULIAN_YEAR_DAYS,
    YEAR_DAYS,
    ByDuty,
    issuance,
)
from stakingmodels.rates import APR

T = 35_600_000 * GWEI_PER_ETH


def test_rates_at_35_6_million():
    rates = issuance(T)
    julian, year = rates.per_julian_year, rates.per_year
    assert [round(float(part) * 100, 4) for part in attrs.astuple(julian)] == [2.3506, 0.3482, 0.0871]
    assert round(float(julian.total) * 100, 4) == 2.7859
    assert round(float(year.total) * 100, 4) == 2.7840
    assert rates.apr() == APR(float(year.total))
    assert rates.total_active_balance == T


def test_years():
    rates = issuance(T)
    assert [JULIAN_YEAR_DAYS, YEAR_DAYS, rates.epochs_per_day] == [365.25, 365, 225]
    assert rates.per_julian_year == rates.per_epoch.times(Fraction(8_218_125, 100))
    assert rates.per_year == rates.per_epoch.times(82_125)
    assert rates.issued_per_julian_year() == rates.per_julian_year.total * T
    faster = issuance(T, ruleset=attrs.evolve(FULU, slot_duration_ms=10_000))
    assert faster.epochs_per_day == 270


def test_exact_parts():
    per_epoch = issuance(T).per_epoch
    assert per_epoch.attester == Fraction(32 * 339 * 14 // 64 * 2 + 32 * 339 * 26 // 64, 32 * 10**9)
    assert per_epoch.proposer == Fraction((45_458_537 + 1_683_456) * 32, T)
    assert per_epoch.sync == Fraction(512 * 23_018 * 32, T)


def test_published_rates():
    # 166.32 / sqrt(total in ETH) in 365.25 days.
    for eth in (10_000_000, 35_600_000, 64_000_000):
        found = float(issuance(eth * GWEI_PER_ETH).per_julian_year.total)
        assert found == pytest.approx(166.32 / np.sqrt(eth), rel=4e-3)
    # 1.054 M ETH a year near 40 M, 2.630 % at exactly 40 M by the closed form, 2.628 % of 365 days.
    forty = issuance(40_000_000 * GWEI_PER_ETH)
    assert float(forty.per_julian_year.total) == pytest.approx(0.02630, abs=1e-4)
    assert float(forty.issued_per_julian_year()) / 10**9 == pytest.approx(1_054_000, rel=5e-3)


@given(st.integers(32, 120_000_000), st.integers(1, 2_048))
def test_the_split_adds_up(total_eth, eth):
    rates = issuance(max(total_eth, eth) * GWEI_PER_ETH, effective_balance=eth * GWEI_PER_ETH)
    parts = attrs.astuple(rates.per_epoch)
    assert rates.per_epoch.total == sum(parts)
    assert all(part >= 0 for part in parts)


def test_splits():
    split = ByDuty(Fraction(1, 2), Fraction(1, 4), Fraction(1, 8))
    assert split.total == Fraction(7, 8)
    assert split.times(2) == ByDuty(Fraction(1), Fraction(1, 2), Fraction(1, 4))
    assert split.apr() == (APR(0.5), APR(0.25), APR(0.125))


def test_the_effective_balance_matters_by_rounding_only():
    one, other = (issuance(T, effective_balance=eth * GWEI_PER_ETH).per_epoch for eth in (32, 33))
    assert one.attester != other.attester
    assert float(one.attester) == pytest.approx(float(other.attester), rel=3e-4)
    assert (one.proposer, one.sync) == (other.proposer, other.sync)
    assert issuance(T) == issuance(T, effective_balance=32 * GWEI_PER_ETH)


def test_bad_input():
    with pytest.raises(InputError, match="issuance: effective_balance: must be an integer in"):
        issuance(31 * GWEI_PER_ETH)
    assert issuance(32 * GWEI_PER_ETH).per_epoch.total > 0
    with pytest.raises(InputError, match="issuance: total_active_balance"):
        issuance(0)
    with pytest.raises(InputError, match="issuance: total_active_balance"):
        issuance(2**63)
    with pytest.raises(InputError, match="issuance: effective_balance"):
        issuance(T, effective_balance=GWEI_PER_ETH - 1)
    with pytest.raises(InputTypeError, match="issuance: total_active_balance"):
        issuance(35.6e15)  # type: ignore[arg-type]
