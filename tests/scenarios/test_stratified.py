"""Stratified first strikes: the law of every path, the strata, the share struck, and what is left as it was."""

import hashlib

import numpy as np
import pytest
from scipy import stats

from stakingmodels.errors import InputError
from stakingmodels.market import Event, Price, TimeGrid
from stakingmodels.scenarios import (
    GBM,
    Constants,
    Contagion,
    Copula,
    Crash,
    GeometricBrownianMotion,
    Hazards,
    Joint,
    Streams,
)
from stakingmodels.scenarios.events.occurrences import strike
from stakingmodels.scenarios.strata import Exponentials, ranks

pytestmark = pytest.mark.once

MANY = 8_192

YEAR = TimeGrid(np.array(["2026-01-01", "2026-07-01", "2027-01-01"], dtype="M8[D]"))  # 365 days
A, B = Event("a"), Event("b")


def streams(entropy=1, first_path=0, event_sampling="stratified"):
    return Streams(entropy, first_path=first_path, event_sampling=event_sampling)


def exponentials(entropy, name="event:x", n_paths=MANY, **how):
    return Exponentials(streams(entropy, **how), name, n_paths).round(0)


def struck(source, event, *, n_paths=MANY, entropy=1, event_sampling="stratified", grid=YEAR):
    """Mask of the paths struck within the year, in a market of some world."""
    market = source.market(
        grid, frozenset({event}), streams=streams(entropy, event_sampling=event_sampling), n_paths=n_paths
    )
    *_, last = market.chunks()
    mask = np.zeros(n_paths, dtype=bool)
    for indices in last.hits[event].values():
        mask[indices] = True
    return mask


# The law


@pytest.mark.slow
def test_every_path_by_itself_is_a_unit_exponential():
    seeds = 600
    drawn = np.array([exponentials(seed)[[0, 1, 127, 128, MANY - 1]] for seed in range(seeds)])
    for column in drawn.T:
        for bound in (0.02, 0.5, 2.0):
            expected = -np.expm1(-bound)
            assert abs((column < bound).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / seeds)
        assert abs(column.mean() - 1.0) < 4 / np.sqrt(seeds)
        assert column.var() == pytest.approx(1.0, rel=0.35)


@pytest.mark.slow
def test_two_paths_are_independent_but_for_their_strata():
    """Paths whose numbers first differ in bit m, from above, lie in two halves of a stratum of 2**m, if in one."""
    seeds = 1_500
    uniform = np.exp(-np.array([exponentials(seed, n_paths=8_192)[[0, 1, 6, 4_000]] for seed in range(seeds)]))
    for other, m in ((1, 0), (2, 2), (3, 11)):
        expected = -0.75 / 4.0**m  # the share of digit m in the variance, where the m digits before agree
        assert abs(np.corrcoef(uniform[:, 0], uniform[:, other])[0, 1] - expected / 2.0**m) < 4 / np.sqrt(seeds)
    low = np.floor(uniform * 2.0) / 2.0
    assert abs(np.corrcoef((uniform - low)[:, 0], (uniform - low)[:, 1])[0, 1]) < 4 / np.sqrt(seeds)


@pytest.mark.parametrize("first_path", [0, 65_536, 5_046_272])
@pytest.mark.parametrize("size", [2, 128, 512, 8_192, 65_536])
def test_each_aligned_group_has_one_path_in_each_stratum(size, first_path):
    for seed in range(3):
        found = exponentials(seed, n_paths=65_536, first_path=first_path)
        strata = np.ceil(np.exp(-found) * size * (1 - 1e-13)).astype(int) - 1
        assert (np.sort(strata.reshape(-1, size), axis=1) == np.arange(size)).all()


def test_ranks_are_those_of_a_permutation_path_by_path():
    """The definition in plain integers: bit k is flipped by the bits above it and the digits before it."""
    mask, weyl = 2**64 - 1, 0x9E3779B97F4A7C15

    def mixed(word):
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            word = (word ^ (word >> shift)) * factor & mask
        return word ^ (word >> 31)

    digest = hashlib.blake2b((5).to_bytes(16, "little") + b"strata:fire", digest_size=8).digest()
    seed = int.from_bytes(digest, "little")
    found = ranks(5, "fire", 1_024, 40).tolist()
    for path, rank in zip(range(1_024, 1_064), found, strict=True):
        digits = 0
        for k in range(24):
            key = mixed((seed + (k + 1) * weyl) & mask)
            word = mixed((key + ((path >> (k + 1)) + 1) * weyl) & mask) ^ (digits * weyl & mask)
            flip = ((word ^ (word >> 32)) * 0xD6E8FEB86659FD93 & mask) >> 63
            digits = digits << 1 | ((path >> k & 1) ^ flip)
        assert rank == digits


def both_struck(seed, n_paths, share, event_sampling):
    bound = -np.log1p(-share)
    one, other = (exponentials(seed, name, n_paths, event_sampling=event_sampling) < bound for name in "xy")
    return np.count_nonzero(one & other)


@pytest.mark.parametrize(("n_paths", "share"), [(128, 0.3), (512, 0.1), (2_048, 0.037), (700, 0.5)])
@pytest.mark.few(2)
def test_two_names_are_independent_of_each_other(n_paths, share):
    seeds, mean = 500, n_paths * share**2
    found = np.array([both_struck(seed, n_paths, share, "stratified") for seed in range(seeds)])
    variance = mean * (1.0 - share**2)  # of independent paths
    assert abs(found.mean() - mean) < 4.0 * np.sqrt(variance / seeds)
    assert found.var() < variance * (1.0 + 4.0 * np.sqrt(2.0 / seeds))
    assert found.var() > 0.5 * variance  # strata of each fix no pairs


@pytest.mark.slow
def test_two_names_meet_in_fine_strata_as_independent_draws_do():
    seeds, cells = 800, 256
    found = np.empty(seeds)
    for seed in range(seeds):
        one, other = (np.floor(np.exp(-exponentials(seed, name, 1_024)) * cells) for name in "xy")
        found[seed] = np.count_nonzero(one == other)
    mean = 1_024 / cells
    assert abs(found.mean() - mean) < 4.0 * np.sqrt(mean / seeds)
    assert found.var() == pytest.approx(mean, rel=0.2)  # 4 standard errors


def test_the_order_is_random():
    ranks = np.argsort(exponentials(4))
    assert abs(np.corrcoef(ranks, np.arange(MANY))[0, 1]) < 4 / np.sqrt(MANY)
    other = np.argsort(exponentials(4, "event:y"))
    assert abs(np.corrcoef(ranks, other)[0, 1]) < 4 / np.sqrt(MANY)


def test_the_least_and_largest_are_finite_and_not_negative():
    low = min(exponentials(seed).min() for seed in range(20))
    high = max(exponentials(seed).max() for seed in range(20))
    assert 0.0 <= low < 1e-4
    assert 9.0 < high < 60.0


# The share of paths that are struck


@pytest.mark.parametrize(("n_paths", "cut"), [(MANY, 100.0), (MANY // 2, 10.0), (1_000, 5.0)])
def test_the_variance_of_the_share_struck_is_cut(n_paths, cut):
    hazard, expected = 0.02, -np.expm1(-0.02)

    def share(seed):
        hits = strike("x", hazard, YEAR, streams(seed), n_paths)
        return np.unique(np.concatenate(list(hits.values()))).size / n_paths

    found = np.array([share(seed) for seed in range(200)])
    assert expected * (1 - expected) / n_paths > cut * found.var()
    assert abs(found.mean() - expected) < 4 * np.sqrt(expected / n_paths / found.size)


@pytest.mark.parametrize(
    "world",
    [
        Constants({A: 0.02}),
        Hazards({A: 0.02}),
        Hazards({A: {0: 0.01, 181: 0.03}}),
        Hazards({A: 0.0, B: 0.0}, shared={(A, B): 0.02}),
    ],
    ids=["constant", "own", "piecewise", "shared"],
)
def test_so_it_is_wherever_events_come_from_a_clock(world):
    counts = np.array([struck(world, A, entropy=seed).sum() for seed in range(20)])
    # but for the rounding of days, 0.02 in all
    assert np.ptp(counts) <= 1
    assert counts.mean() == pytest.approx(MANY * -np.expm1(-0.02), abs=1.5)


def test_an_event_in_a_copula_is_independent_from_path_to_path():
    world = Hazards({A: 0.02, B: 0.02}, copula=Copula({(A, B): 0.5}))
    for entropy in range(3):
        one, other = (struck(world, A, entropy=entropy, event_sampling=how) for how in ("stratified", "independent"))
        assert one.tolist() == other.tolist()


def test_contagion_comes_on_top():
    eth, hazard = Price("ETH"), 0.02
    grown = Contagion(Crash(eth, fall=0.2, within_days=90.0), hazard=2.0)
    prices = GeometricBrownianMotion({eth: GBM(3000.0, volatility=0.9)})
    world = Joint([prices, Hazards({A: hazard}, contagion={A: grown})])
    days = TimeGrid.daily("2026-01-01", days=60)
    calm, moody = struck(Hazards({A: hazard}), A, grid=days), struck(world, A, grid=days)
    assert moody.sum() > calm.sum()
    assert moody[calm].all()


# Repeated strikes, prefixes and keys


def test_later_strikes_keep_their_law():
    grid = TimeGrid.daily("2026-01-01", days=365)
    counts = np.zeros(MANY)
    for indices in strike("x", 3.0, grid, streams(5), MANY).values():
        counts[indices] += 1
    share = -np.expm1(-3.0 / 365) * 365  # two in one step are one
    assert abs(counts.mean() - share) < 4 * np.sqrt(3.0 / MANY)
    assert counts.var() == pytest.approx(3.0, rel=0.1)


def test_fewer_paths_are_a_prefix():
    few, many = (strike("x", 2.0, YEAR, streams(6), paths) for paths in (100, MANY))
    assert {step: indices.tolist() for step, indices in few.items()} == {
        step: indices[indices < 100].tolist() for step, indices in many.items()
    }
    world = Hazards({A: 2.0})
    assert struck(world, A, n_paths=100).tolist() == struck(world, A)[:100].tolist()


def test_a_constant_hazard_strikes_as_it_does_elsewhere():
    assert struck(Hazards({A: 0.5}), A).tolist() == struck(Constants({A: 0.5}), A).tolist()


def test_a_larger_hazard_only_brings_strikes_forward():
    assert struck(Constants({A: 0.6}), A)[struck(Constants({A: 0.3}), A)].all()


def test_names_paths_and_seeds_have_strata_of_their_own():
    one = exponentials(1)
    assert one.tolist() == exponentials(1).tolist()
    for other in (exponentials(1, "event:y"), exponentials(2), exponentials(1, first_path=MANY)):
        assert not set(one.tolist()) & set(other.tolist())


def test_by_default_draws_are_independent():
    assert Streams(1).event_sampling == "independent"
    found = exponentials(1, event_sampling="independent")
    uniform = Exponentials(streams(1), "event:x", MANY)._draws.uniforms(0).reshape(-1)
    assert np.array_equal(found, -np.log(1.0 - uniform))
    assert stats.kstest(found, "expon").pvalue > 0.01


def test_other_ways_are_refused():
    with pytest.raises(InputError, match=r"^Streams\.event_sampling: must be one of 'independent', 'stratified'"):
        Streams(1, event_sampling="antithetic")  # type: ignore[arg-type]
