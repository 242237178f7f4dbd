"""The laws of luck against scipy, worked figures and the exact walk."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.selection import get_next_sync_committee_indices
from stakingmodels.protocols.chains.ethereum.selection_laws import (
    Binomial,
    Multinomial,
    proposal_draws,
    proposals,
    proposals_of_members,
    sync_seats,
)

pytestmark = pytest.mark.once

ETH = GWEI_PER_ETH
TODAY = 35_600_000 * ETH
YEAR = 2_629_800
"""Slots of 365.25 days."""


@pytest.mark.parametrize(
    ("trials", "probability"),
    [(1, 0.5), (3, 0.9), (100, 0.01), (321, 0.00046), (2_628_000, 9e-7), (2_628_000, 0.3), (10_000, 0.9999)],
)
def test_the_law_is_scipys(trials, probability):
    law, truth = Binomial(trials, probability), stats.binom(trials, probability)
    counts, masses = law.masses()
    assert masses == pytest.approx(truth.pmf(counts), rel=1e-7, abs=1e-16)
    assert law.mean == pytest.approx(truth.mean(), rel=1e-12)
    assert law.variance == pytest.approx(truth.var(), rel=1e-10)
    assert law.standard_deviation == pytest.approx(truth.std(), rel=1e-10)
    for level in (1e-6, 0.01, 0.05, 0.3, 0.77, 0.95, 0.999999):
        assert law.quantile(level) == truth.ppf(level)
    for count in (-1, 0, 0.5, law.mean, trials // 2, trials):
        assert law.cdf(count) == pytest.approx(truth.cdf(count), abs=1e-11)


@given(trials=st.integers(0, 3000), probability=st.floats(0, 1), level=st.floats(0.001, 0.999))
def test_a_quantile_is_the_least_count_that_reaches_its_level(trials, probability, level):
    law = Binomial(trials, probability)
    count = law.quantile(level)
    assert 0 <= count <= trials
    assert law.cdf(count) >= level * (1 - 1e-9)
    assert law.cdf(count - 1) < level * (1 + 1e-9)


def test_a_level_that_is_just_reached_counts():
    assert Binomial(1, 0.5).quantile(0.5) == 0
    assert Binomial(2, 0.5).quantile(0.75) == 1
    assert Binomial(2, 0.5).quantile(0.7501) == 2


@pytest.mark.parametrize(("trials", "probability", "count"), [(7, 0.0, 0), (7, 1.0, 7), (0, 0.3, 0)])
def test_certain_counts(trials, probability, count):
    law = Binomial(trials, probability)
    counts, masses = law.masses()
    assert (counts.tolist(), masses.tolist()) == ([count], [1.0])
    assert (law.quantile(0.001), law.quantile(0.999), law.standard_deviation) == (count, count, 0.0)


def test_the_tails_left_out_are_beyond_floating_point():
    counts, masses = Binomial(10**6, 0.5).masses()
    assert (counts[0], counts[-1]) == (500_000 - 6040, 500_000 + 6040)
    assert 0 < masses[0] < 1e-30


@pytest.mark.parametrize(
    ("trials", "probability", "error"),
    [
        (-1, 0.5, InputError),
        (2**53 + 1, 0.5, InputError),
        (1.0, 0.5, InputTypeError),
        (1, 1.1, InputError),
        (1, -0.1, InputError),
    ],
)
def test_bad_laws_are_refused(trials, probability, error):
    with pytest.raises(error, match="Binomial"):
        Binomial(trials, probability)


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_bad_levels_are_refused(level):
    with pytest.raises(InputError, match=r"Binomial\.quantile: level"):
        Binomial(1, 0.5).quantile(level)
    with pytest.raises(InputError, match=r"Binomial\.cdf: count"):
        Binomial(1, 0.5).cdf(float("nan"))


def test_proposals_of_a_year():
    law = proposals(32 * ETH, TODAY, YEAR)
    assert law.mean == pytest.approx(2.364, abs=5e-4)
    assert law == Binomial(YEAR, 32 / 35_600_000)
    assert proposals(TODAY, TODAY, 5).quantile(0.5) == 5


def test_one_validators_seats():
    law = sync_seats(2048 * ETH, TODAY, 1, FULU)
    assert law == Binomial(1, 512 * 2048 / 35_600_000)
    assert law.mean == pytest.approx(0.0295, abs=5e-5)


def test_seats_of_groups():
    few = sync_seats(32 * ETH, TODAY, 300, FULU, validators=512)
    many = sync_seats(32 * ETH, TODAY, 300, FULU, validators=513)
    assert (few.trials, many.trials) == (300 * 512, 300 * 512)
    assert few.probability == pytest.approx(512 * 32 / 35_600_000)
    assert many.probability == pytest.approx(513 * 32 / 35_600_000)
    assert sync_seats(32 * ETH, TODAY, 300, FULU, validators=2) == Binomial(600, 512 * 32 / 35_600_000)


def test_no_seats():
    assert sync_seats(32 * ETH, TODAY, 0, FULU).mean == 0
    assert sync_seats(0, TODAY, 9, FULU) == Binomial(9, 0.0)
    assert proposals(0, TODAY, 9) == Binomial(9, 0.0)
    assert proposals(1, 1, 0) == Binomial(0, 1.0)


def test_seats_of_the_exact_walk():
    """256 of 2,048 equal validators, 40 periods."""
    balances = [2048 * ETH] * 2048
    law = sync_seats(2048 * ETH, 2048 * 2048 * ETH, 40, FULU, validators=256)
    mixes = [hashlib.sha256(bytes([number])).digest() for number in range(40)]
    seats = [index for mix in mixes for index in get_next_sync_committee_indices(balances, 7, mix, FULU)]
    assert abs(sum(index < 256 for index in seats) - law.mean) < 4 * law.standard_deviation


def test_a_network_of_512_is_the_smallest_with_a_law():
    assert sync_seats(ETH, 512 * ETH, 3, FULU).probability == 1.0
    with pytest.raises(InputError, match="sync_seats: total_active_balance: must be at least 512 times"):
        sync_seats(ETH, 512 * ETH - 1, 3, FULU)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: proposals(-1, TODAY, 1), "proposals: effective_balance"),
        (lambda: proposals(1, 0, 1), "proposals: total_active_balance"),
        (lambda: proposals(2, 1, 1), "proposals: total_active_balance: must not be below the balance of 2 Gwei, got 1"),
        (lambda: proposals(1, 2**63, 1), "proposals: total_active_balance"),
        (lambda: proposals(1, 2, -1), "Binomial.trials"),
        (lambda: proposals_of_members([2], 1, 1), "proposals_of_members: total_active_balance"),
        (lambda: sync_seats(1, TODAY, -1, FULU), "sync_seats: periods"),
        (lambda: sync_seats(1, TODAY, 2**32 + 1, FULU), "sync_seats: periods"),
        (lambda: sync_seats(-1, TODAY, 1, FULU), "sync_seats: effective_balance"),
        (lambda: sync_seats(1, TODAY, 1, FULU, validators=0), "sync_seats: validators"),
        (lambda: sync_seats(1, TODAY, 1, FULU, validators=2**53 + 1), "sync_seats: validators"),
        (lambda: sync_seats(ETH, 512 * ETH, 1, FULU, validators=513), "sync_seats: total_active_balance: must not"),
    ],
)
def test_bad_shares_are_refused(ask, named):
    with pytest.raises(InputError, match=named):
        ask()


def test_a_group_shares_its_draws():
    law = proposals_of_members([32 * ETH, 64 * ETH, 0], 320 * ETH, 1000)
    truth = stats.multinomial(1000, [0.1, 0.2, 0.0, 0.7])
    assert law.mean.tolist() == pytest.approx([100, 200, 0])
    assert law.covariance == pytest.approx(truth.cov()[:3, :3])
    assert law.member(1) == Binomial(1000, 0.2)
    assert law.total().probability == pytest.approx(0.3)
    assert law.total().variance == pytest.approx(law.covariance.sum())


def test_a_group_that_is_everybody():
    assert Multinomial(3, (1 / 3,) * 3).total() == Binomial(3, 1.0)
    assert Multinomial(3, tuple(np.full(7, 1 / 7))).total().probability == pytest.approx(1.0)


def test_a_group_without_trials():
    assert Multinomial(0, (0.5,)).total() == Binomial(0, 0.5)


def test_shares_may_miss_one_by_rounding():
    assert Multinomial(5, (0.5, 0.5 + 4e-13)).total() == Binomial(5, 1.0)
    with pytest.raises(InputError, match="must not exceed 1"):
        Multinomial(5, (0.5, 0.5 + 4e-12))


@pytest.mark.parametrize(
    ("shares", "error", "named"),
    [
        ((0.5, 0.6), InputError, "must not exceed 1 in all"),
        ((1.5,), InputError, "fraction"),
        ({0.5}, InputTypeError, "must be a tuple of fractions"),
    ],
)
def test_bad_groups_are_refused(shares, error, named):
    with pytest.raises(error, match=f"Multinomial.shares: .*{named}"):
        Multinomial(1, shares)


def test_a_list_of_shares_becomes_a_tuple():
    assert Multinomial(1, [0.5, 0.25]).shares == (0.5, 0.25)  # type: ignore[arg-type]


@pytest.mark.parametrize(("slots", "trials"), [(7_200.0, 7_200), (1_800.5, 1_801), (0.25, 1)])
def test_draws_of_a_step_have_the_mean_of_the_law(slots, trials):
    stake = np.array([32.0, 6_400_000.0])
    drawn, chance = proposal_draws(stake, 35_600_000.0, slots)
    assert drawn == trials
    assert drawn * chance == pytest.approx(slots * stake / 35_600_000.0, rel=1e-14)
    if slots == trials:
        law = proposals(6_400_000 * ETH, 35_600_000 * ETH, trials)
        assert chance[1] == pytest.approx(law.probability, rel=1e-15)


def test_masses_that_would_fill_the_memory_are_refused():
    law = Binomial(2**53, 0.5)
    assert law.mean == 2**52
    assert law.standard_deviation == pytest.approx(2**25.5)
    for ask in (law.masses, lambda: law.cdf(1.0), lambda: law.quantile(0.5)):
        with pytest.raises(InputError, match=r"Binomial\.trials: must leave at most 10000000 counts that matter"):
            ask()
    assert Binomial(10**12, 1e-3).quantile(0.5) == 10**9


@pytest.mark.parametrize(("stake", "total"), [(0.0, 0.0), (2.0, 1.0), (np.array([1.0, 3.0]), 2.0)])
def test_a_group_has_no_more_stake_than_the_network_which_has_some(stake, total):
    with pytest.raises(InputError, match=r"^proposal_draws: total_stake: must be above 0 and at least the stake"):
        proposal_draws(stake, total, 7_200.0)
