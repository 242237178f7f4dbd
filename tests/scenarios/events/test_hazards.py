"""Events of changing hazards that depend on each other and on prices: laws, invariances, and what is refused."""

import numpy as np
import pytest

from stakingmodels import Constants, Event, InputError, InputTypeError, Joint, Price, TimeGrid
from stakingmodels.scenarios import (
    GBM,
    Contagion,
    Copula,
    Crash,
    EventShock,
    GeometricBrownianMotion,
    Hazards,
    Shock,
    Shocked,
    Streams,
)
from stakingmodels.scenarios.events.copulas import exponential_of_normal, exponential_of_t

A, B, C = Event("a"), Event("b"), Event("c")
BTC = Price("BTC")
GRID = TimeGrid.daily("2026-01-01", days=365)
SHORT = TimeGrid.daily("2026-01-01", days=60)
CRASH = Crash(BTC, fall=0.25, within_days=7.0)
PRICES = GeometricBrownianMotion({BTC: GBM(90_000.0, volatility=0.9)})
BLOCKS = 4


def strikes(market):
    """Event -> step -> paths struck, over the whole grid."""
    *_, last = market.chunks()
    return last.hits


def hits(world, *events, paths=8_192, grid=GRID, block=0, entropy=1):
    """Step -> paths struck, for each event."""
    market = world.market(grid, frozenset(events), streams=Streams(entropy, first_path=8_192 * block), n_paths=paths)
    return {event: strikes(market)[event] for event in events}


def first(world, *events, paths=8_192, grid=GRID, block=0):
    """Step of the first strike on each path, ``n_steps`` where there is none."""
    found = {}
    for event, struck in hits(world, *events, paths=paths, grid=grid, block=block).items():
        steps = np.full(paths, grid.n_steps)
        for step in sorted(struck, reverse=True):
            steps[struck[step]] = step
        found[event] = steps
    return found


def share(steps, days):
    return (steps < days).mean()


def check_share(found, expected, n):
    assert abs(found - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)


# One event


def test_a_constant_hazard_strikes_as_it_does_elsewhere():
    ours, theirs = hits(Hazards({A: 3.0}), A)[A], hits(Constants({A: 3.0}), A)[A]
    assert {k for k, v in ours.items() if v.size} == set(theirs)
    assert all(np.array_equal(ours[step], theirs[step]) for step in theirs)


@pytest.mark.parametrize("days", [10, 100, 180, 200, 365])
def test_a_piecewise_hazard_has_its_law(days):
    steps = first(Hazards({A: {0: 0.2, 100: 0.0, 180.5: 2.0}}), A)[A]
    cumulated = (0.2 * min(days, 100) + 2.0 * max(0.0, days - 180.5)) / 365.0
    check_share(share(steps, days), -np.expm1(-cumulated), steps.size)


def test_it_renews():
    counts = np.zeros(8_192)
    for paths in hits(Hazards({A: {0: 1.0, 100: 6.0}}), A)[A].values():
        counts[paths] += 1
    mean = (100.0 + 6.0 * 265.0) / 365.0
    # a step counts once, however often it strikes
    by_step = -(100 * np.expm1(-1.0 / 365.0) + 265 * np.expm1(-6.0 / 365.0))
    assert abs(counts.mean() - by_step) < 4.0 * np.sqrt(mean / 8_192)
    assert abs(counts.var() / mean - 1.0) < 0.1


def test_it_overrides_what_an_event_carries():
    carried = Event("a", hazard=900.0)
    assert not hits(Hazards({A: 0.0}), carried)[carried]
    market = Hazards({A: {0: 1.0, 73: 2.0}}).market(GRID, frozenset({carried}), streams=Streams(1), n_paths=1)
    assert market._hazards[A] == pytest.approx(1.8)


# Copulas


@pytest.mark.parametrize(
    "copula",
    [Copula({(A, B): 0.6}), Copula({(A, B): 0.6}, degrees_of_freedom=3), Copula({(A, B): -0.7}, degrees_of_freedom=4)],
)
@pytest.mark.parametrize("days", [30, 365])
def test_a_copula_leaves_every_event_its_law(copula, days):
    found = first(Hazards({A: 0.5, B: {0: 0.1, 100: 1.0}}, copula=copula), A, B)
    check_share(share(found[A], days), -np.expm1(-0.5 * days / 365.0), 8_192)
    cumulated = (0.1 * min(days, 100) + max(0, days - 100)) / 365.0
    check_share(share(found[B], days), -np.expm1(-cumulated), 8_192)


def both(copula, hazard):
    """Share of paths on which both events strike within the year."""
    world = Hazards({A: hazard, B: hazard}, copula=copula)
    blocks = [first(world, A, B, block=block) for block in range(BLOCKS)]
    return np.mean([((f[A] < 365) & (f[B] < 365)).mean() for f in blocks])


@pytest.mark.parametrize("rho", [0.0001, 0.5, -0.5])
def test_joint_strikes_of_a_gaussian_copula(rho):
    stats = pytest.importorskip("scipy.stats")
    p = -np.expm1(-0.3)
    z = stats.norm.ppf(p)
    expected = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([z, z])
    check_share(both(Copula({(A, B): rho}), 0.3), expected, BLOCKS * 8_192)


@pytest.mark.parametrize("freedom", [1, 4, 5])
def test_joint_strikes_of_a_t_copula(freedom):
    stats = pytest.importorskip("scipy.stats")
    z = stats.t.ppf(-np.expm1(-0.05), freedom)
    expected = stats.multivariate_t([0, 0], [[1, 0.5], [0.5, 1]], df=freedom, seed=1).cdf([z, z])
    check_share(both(Copula({(A, B): 0.5}, degrees_of_freedom=freedom), 0.05), expected, BLOCKS * 8_192)


def test_a_t_copula_has_heavier_joint_tails():
    n = BLOCKS * 8_192
    gauss, t, alone = (
        both(c, 0.02) for c in (Copula({(A, B): 0.5}), Copula({(A, B): 0.5}, degrees_of_freedom=3), None)
    )
    error = np.sqrt(t / n)
    assert t - gauss > 4.0 * error
    assert gauss - alone > 4.0 * error


def test_events_in_no_pair_are_independent():
    world = Hazards({A: 1.0, B: 1.0, C: 1.0}, copula=Copula({(A, B): 0.9}, degrees_of_freedom=2))
    np.testing.assert_array_equal(first(world, C)[C], first(Hazards({C: 1.0}), C)[C])


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 30, 199, 200])
def test_exponentials_of_t(freedom):
    stats = pytest.importorskip("scipy.stats")
    t = np.concatenate([-np.logspace(2, -3, 40), [0.0], np.logspace(-3, 2, 40)])
    tail = stats.t.sf(np.abs(t), freedom)
    kept = tail > 1e-9  # the sum is exact to 1e-14 absolutely
    np.testing.assert_allclose(exponential_of_t(t, freedom)[kept], -stats.t.logsf(t, freedom)[kept], rtol=1e-4)
    near = np.abs(t) < 2.0
    np.testing.assert_allclose(exponential_of_t(t, freedom)[near], -stats.t.logsf(t, freedom)[near], rtol=1e-11)
    assert np.isfinite(exponential_of_t(np.array([-1e300, 1e300]), freedom)).all()


def test_exponentials_of_normals():
    stats = pytest.importorskip("scipy.stats")
    z = np.linspace(-8.0, 8.0, 101)
    np.testing.assert_allclose(exponential_of_normal(z), -stats.norm.logsf(z), rtol=1e-12)


# Shared causes


def test_a_shared_cause_strikes_all_and_comes_on_top():
    world = Hazards({A: 0.2, B: 0.0, C: 0.1}, shared={(A, B): {0: 0.1, 100: 0.4}})
    found = first(world, A, B, C)
    common = (0.1 * 100 + 0.4 * 265) / 365.0
    for event, own in ((A, 0.2), (B, 0.0)):
        check_share(share(found[event], 365), -np.expm1(-own - common), 8_192)
    struck = hits(world, A, B)
    assert all(np.isin(struck[B][step], struck[A][step]).all() for step in struck[B])
    np.testing.assert_array_equal(found[C], first(Hazards({C: 0.1}), C)[C])
    np.testing.assert_array_equal(first(world, B)[B], found[B])


# Contagion


def test_a_crash_adds_to_the_hazard():
    still = Constants({BTC: 90_000.0})
    sick = Hazards({A: 0.5, B: 0.5}, contagion={A: Contagion(CRASH, hazard=20.0)})
    world = Shocked(Joint([still, sick]), Shock(BTC, day=30, change=-0.5))
    found = first(world, A, B, grid=SHORT)
    for days in (29, 30, 33, 37, 60):
        crashed = min(max(days - 29, 0), 7)  # the steps that end on days 30 to 36; on day 37 the high of 29 is past
        check_share(share(found[A], days), -np.expm1(-(0.5 * days + 20.0 * crashed) / 365.0), 8_192)
        check_share(share(found[B], days), -np.expm1(-0.5 * days / 365.0), 8_192)


def test_contagion_is_path_by_path():
    sick = Hazards({A: 0.0}, contagion={A: Contagion(CRASH, hazard=50.0)})
    market = Joint([PRICES, sick]).market(SHORT, frozenset({A, BTC}), streams=Streams(1), n_paths=8_192)
    prices = [chunk.rows[BTC][: chunk.stop - chunk.start + (chunk.stop == 60)].copy() for chunk in market.chunks()]
    price = np.concatenate(prices)
    high = np.array([price[max(0, k - 7) : k + 1].max(axis=0) for k in range(61)])
    crashed = (price < 0.75 * high)[1:]
    struck = np.zeros_like(crashed)
    for step, paths in strikes(market)[A].items():
        struck[step, paths] = True
    assert not struck[~crashed].any()
    n, p = crashed.sum(), -np.expm1(-50.0 / 365.0)
    check_share(struck[crashed].mean(), p, n)


def test_the_cumulated_hazard_of_each_path_is_a_unit_exponential_at_the_first_strike():
    contagion = {A: Contagion(CRASH, hazard=50.0)}
    sick = Hazards({A: 2.0, B: 1.0}, contagion=contagion, copula=Copula({(A, B): 0.5}, degrees_of_freedom=4))
    market = Joint([PRICES, sick]).market(SHORT, frozenset({A, BTC}), streams=Streams(1), n_paths=8_192)
    price = np.concatenate([c.rows[BTC][: c.stop - c.start + (c.stop == 60)].copy() for c in market.chunks()])
    high = np.array([price[max(0, k - 7) : k + 1].max(axis=0) for k in range(61)])
    added = np.cumsum((2.0 + 50.0 * (price < 0.75 * high)[1:]) / 365.0, axis=0)
    steps = np.full(8_192, 60)
    struck = strikes(market)[A]
    for step in sorted(struck, reverse=True):
        steps[struck[step]] = step
    survival = np.exp(-added)
    for k in (5, 20, 59):
        assert abs((steps > k).mean() - survival[k].mean()) < 4.0 * 0.5 / np.sqrt(8_192)


# Invariances

WORLD = Joint(
    [
        PRICES,
        Hazards(
            {A: 2.0, B: {0: 1.0, 20: 5.0}, C: 1.0},
            copula=Copula({(A, B): 0.5, (B, C): -0.2}, degrees_of_freedom=4),
            contagion={A: Contagion(CRASH, hazard=20.0)},
            shared={(B, C): 0.5},
        ),
    ]
)


def test_a_strike_comes_on_top():
    struck = hits(Shocked(Hazards({A: 0.0, B: 1.0}), EventShock(A, day=30)), A, paths=5)
    assert {step: list(paths) for step, paths in struck[A].items() if paths.size} == {29: [0, 1, 2, 3, 4]}


# What is refused


def test_it_must_come_after_the_price():
    sick = Hazards({A: 0.5}, contagion={A: Contagion(CRASH, hazard=20.0)})
    with pytest.raises(InputError, match=r'must have the part that gives Price\("BTC"\) before Hazards'):
        Joint([sick, PRICES])
    with pytest.raises(InputError, match=r"^Hazards: follows .*BTC.*, which no part gives"):
        sick.market(GRID, frozenset({A}), streams=Streams(1), n_paths=1)


@pytest.mark.parametrize(
    ("hazards", "more", "error", "words"),
    [
        ({}, {}, InputTypeError, r"Hazards\.hazards: must be a mapping"),
        ({"a": 0.1}, {}, InputTypeError, r"Hazards\.hazards: must be Event"),
        ({A: -0.1}, {}, InputError, r'Event\("a"\): must be in \[0'),
        ({A: 2_000.0}, {}, InputError, "too large"),
        ({Event("a", hazard=0.1): 0.2}, {}, InputError, r'Event\("a"\): one event name must have one hazard'),
        ({A: {1: 0.1}}, {}, InputError, "from day 0 on"),
        ({A: {0: 0.1, -1: 0.1}}, {}, InputError, "day"),
        ({A: {0: 0.1, 5: -0.1}}, {}, InputError, "from day 5"),
        ({A: 0.1}, {"copula": Copula({(A, B): 0.5})}, InputError, r"Hazards\.copula: must name events .*Event"),
        ({A: 0.1}, {"copula": 0.5}, InputTypeError, r"Hazards\.copula: must be Copula"),
        ({A: 0.1}, {"contagion": {B: Contagion(CRASH, hazard=0.5)}}, InputError, r"Hazards\.contagion: must name"),
        ({A: 0.1}, {"contagion": {A: 0.5}}, InputTypeError, r"Hazards\.contagion: must be Contagion"),
        ({A: 0.1, B: 0.1}, {"shared": {(A,): 0.5}}, InputError, r"Hazards\.shared: must have two"),
        ({A: 0.1, B: 0.1}, {"shared": {(A, A): 0.5}}, InputError, r"Hazards\.shared: must have two"),
        ({A: 0.1, B: 0.1}, {"shared": {(A, C): 0.5}}, InputError, r"Hazards\.shared: must name"),
    ],
)
def test_what_is_refused(hazards, more, error, words):
    with pytest.raises(error, match=words):
        Hazards(hazards, **more)


@pytest.mark.parametrize(
    ("correlation", "freedom", "error", "words"),
    [
        ({(A, B): 1.0}, None, InputError, r"Copula\.correlation\[.*must be in \(-1, 1\)"),
        ({(A, B): 0.9, (B, C): 0.9, (A, C): -0.9}, None, InputError, "positive definite"),
        ({(A, B): 0.9, (B, A): 0.9}, None, InputError, "once for a pair"),
        ({}, None, InputTypeError, r"Copula\.correlation"),
        ({A: 0.5}, None, InputTypeError, r"Copula\.correlation"),
        ({(A, BTC): 0.5}, None, InputTypeError, "must be Event"),
        ({(A, A): 0.5}, None, InputError, "two different"),
        ({(A, B): 0.5}, 0, InputError, r"Copula\.degrees_of_freedom"),
        ({(A, B): 0.5}, 2.5, InputTypeError, r"Copula\.degrees_of_freedom"),
    ],
)
def test_copulas_that_are_refused(correlation, freedom, error, words):
    with pytest.raises(error, match=words):
        Copula(correlation, degrees_of_freedom=freedom)


def test_contagion_terms_are_checked():
    with pytest.raises(InputError, match=r"Contagion\.hazard"):
        Contagion(CRASH, hazard=-1.0)
    with pytest.raises(InputTypeError, match=r"Contagion\.crash: must be Crash"):
        Contagion(0.3, hazard=1.0)  # type: ignore[arg-type]


def test_notes_say_every_hazard():
    notes = WORLD.describe()
    assert 'Event("b"): hazard 1 a year, 5 a year from day 20' in notes
    assert any("while Price" in note for note in notes)
    assert "copula: t with 4 degrees of freedom" in notes
    assert "copula: Gaussian" in Hazards({A: 0.1, B: 0.1}, copula=Copula({(A, B): 0.5})).describe()


# The hazard that an event carries


def test_without_a_hazard_an_event_keeps_its_own():
    carried = Event("a", hazard=2.0)
    ours, given = hits(Hazards({A: None}), carried)[carried], hits(Hazards({A: 2.0}), A)[A]
    assert {k: v.tolist() for k, v in ours.items() if v.size} == {k: v.tolist() for k, v in given.items() if v.size}


def test_in_a_joint_and_under_a_shock_too():
    carried = Event("a", hazard=2.0)
    joint = Joint([PRICES, Hazards({Event("a"): None})])
    alone = hits(Hazards({A: 2.0}), A)[A]
    for world in (joint, Shocked(joint, Shock(BTC, day=30, change=-0.1))):
        found = hits(world, carried)[carried]
        assert {k: v.tolist() for k, v in found.items() if v.size} == {
            k: v.tolist() for k, v in alone.items() if v.size
        }


def test_an_event_that_carries_none_is_refused_in_the_run():
    with pytest.raises(InputError, match=r'^Hazards: Event\("a"\): must carry a hazard, since the scenario sets none'):
        hits(Hazards({A: None}), A)


def test_what_is_only_added_is_said_without_a_hazard():
    world = Hazards({A: None, B: 0.1}, contagion={A: Contagion(CRASH, hazard=1.0)})
    assert world.describe() == (
        'Event("b"): hazard 0.1 a year',
        'Event("a"): 1 a year more while Price("BTC") more than 25% below its high of 7 days',
    )
