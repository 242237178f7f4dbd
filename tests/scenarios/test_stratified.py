"""Stratified first strikes: the law of every path, the strata, the share struck, and what is left as it was."""

import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.market import Event, Price, TimeGrid
from stakingmodels.scenarios import (
    BLOCK,
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

YEAR = TimeGrid(np.array(["2026-01-01", "2026-07-01", "2027-01-01"], dtype="M8[D]"))  # 365 days
A, B = Event("a"), Event("b")


def streams(entropy=1, block=0, event_sampling="stratified"):
    return Streams(entropy, block, event_sampling=event_sampling)


def exponentials(entropy, name="event:x"):
    given = streams(entropy)
    return given.exponentials(given(name))


def struck(source, event, *, n_paths=BLOCK, entropy=1, event_sampling="stratified", grid=YEAR):
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


def test_every_path_by_itself_is_a_unit_exponential():
    seeds = 1_500
    drawn = np.array([exponentials(seed)[[0, 1, 127, 128, BLOCK - 1]] for seed in range(seeds)])
    for column in drawn.T:
        for bound in (0.02, 0.5, 2.0):
            expected = -np.expm1(-bound)
            assert abs((column < bound).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / seeds)
        assert abs(column.mean() - 1.0) < 4 / np.sqrt(seeds)
        assert column.var() == pytest.approx(1.0, rel=0.35)


def test_two_paths_are_all_but_independent():
    drawn = np.array([exponentials(seed)[[0, 1, 4_000]] for seed in range(1_500)])
    uniform = np.exp(-drawn)
    for other in (1, 2):
        assert abs(np.corrcoef(uniform[:, 0], uniform[:, other])[0, 1]) < 4 / np.sqrt(1_500)


def test_there_is_one_path_in_each_stratum():
    for seed in range(5):
        strata = np.floor(np.exp(-exponentials(seed)) * BLOCK * (1 - 1e-13)).astype(int)
        assert np.array_equal(np.sort(strata), np.arange(BLOCK))


def test_each_group_of_128_has_one_path_in_each_128th():
    strata = np.floor(np.exp(-exponentials(3)) * 128 * (1 - 1e-13)).astype(int)
    assert (np.sort(strata.reshape(-1, 128), axis=1) == np.arange(128)).all()


def test_the_order_is_random():
    ranks = np.argsort(exponentials(4))
    assert abs(np.corrcoef(ranks, np.arange(BLOCK))[0, 1]) < 4 / np.sqrt(BLOCK)
    other = np.argsort(exponentials(4, "event:y"))
    assert abs(np.corrcoef(ranks, other)[0, 1]) < 4 / np.sqrt(BLOCK)


def test_the_least_and_largest_are_finite_and_not_negative():
    low = min(exponentials(seed).min() for seed in range(20))
    high = max(exponentials(seed).max() for seed in range(20))
    assert 0.0 <= low < 1e-4
    assert 9.0 < high < 60.0


# The share of paths that are struck


@pytest.mark.parametrize(("n_paths", "cut"), [(BLOCK, 100.0), (BLOCK // 2, 10.0), (1_000, 5.0)])
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
    assert counts.mean() == pytest.approx(BLOCK * -np.expm1(-0.02), abs=1.5)


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
    counts = np.zeros(BLOCK)
    for indices in strike("x", 3.0, grid, streams(5), BLOCK).values():
        counts[indices] += 1
    share = -np.expm1(-3.0 / 365) * 365  # two in one step are one
    assert abs(counts.mean() - share) < 4 * np.sqrt(3.0 / BLOCK)
    assert counts.var() == pytest.approx(3.0, rel=0.1)


def test_fewer_paths_are_a_prefix():
    few, many = (strike("x", 2.0, YEAR, streams(6), paths) for paths in (100, BLOCK))
    assert {step: indices.tolist() for step, indices in few.items()} == {
        step: indices[indices < 100].tolist() for step, indices in many.items()
    }
    world = Hazards({A: 2.0})
    assert struck(world, A, n_paths=100).tolist() == struck(world, A)[:100].tolist()


def test_a_constant_hazard_strikes_as_it_does_elsewhere():
    assert struck(Hazards({A: 0.5}), A).tolist() == struck(Constants({A: 0.5}), A).tolist()


def test_a_larger_hazard_only_brings_strikes_forward():
    assert struck(Constants({A: 0.6}), A)[struck(Constants({A: 0.3}), A)].all()


def test_names_blocks_and_seeds_have_strata_of_their_own():
    one = exponentials(1)
    assert one.tolist() == exponentials(1).tolist()
    given = streams(1, block=1)
    for other in (exponentials(1, "event:y"), exponentials(2), given.exponentials(given("event:x"))):
        assert not set(one.tolist()) & set(other.tolist())


def test_independent_draws_are_what_they_were():
    given = Streams(1)
    assert given.event_sampling == "independent"
    assert given.exponentials(given("x")).tolist() == given("x").standard_exponential(BLOCK).tolist()


def test_other_ways_are_refused():
    with pytest.raises(InputError, match=r"^Streams\.event_sampling: must be one of 'independent', 'stratified'"):
        Streams(1, event_sampling="antithetic")  # type: ignore[arg-type]
