"""The numba kernels of benchmarks/ do the library's work: otherwise a ratio of times says nothing."""

import importlib

import numpy as np
import pytest

pytest.importorskip("numba", reason="needs numba: pip install stakingmodels[dev]")
pytestmark = pytest.mark.slow

agreement, draws, kernels, sides, worlds = (
    importlib.import_module(f"benchmarks.{name}") for name in ("agreement", "draws", "kernels", "sides", "worlds")
)

PATHS = 500
PRODUCTS = sorted(worlds.PRODUCTS)


@pytest.fixture(scope="module", params=[False, True], ids=["usual", "hard"])
def given(request):
    return sides.given_paths(PATHS, hard=request.param)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_sum_is_that_of_the_library(name, given):
    different = {k: d for k, d in agreement.differences(name, given).items() if not d <= agreement.TOLERANCE}
    assert different == {}


@pytest.mark.parametrize("name", PRODUCTS)
def test_no_sum_of_the_library_is_left_out(name, given):
    outcome = worlds.PRODUCTS[name].run(given.market, capital=worlds.CAPITAL)
    assert agreement.left_out(outcome, sides.KERNELS[name].sums._fields) == []


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_sum_is_put_to_use(name):
    # The two worlds together must reach contributions, forfeits, credit losses and slashings.
    used = set()
    for hard in (False, True):
        outcome = worlds.PRODUCTS[name].run(sides.given_paths(PATHS, hard=hard).market, capital=worlds.CAPITAL)
        used |= {field for field in sides.KERNELS[name].sums._fields if agreement.read(outcome, field).any()}
    never_late = set() if name == worlds.POOL else {"days_to_cash"}  # only the pool has a queue
    assert used | never_late == set(sides.KERNELS[name].sums._fields)


def test_a_kernel_with_another_commission_is_noticed(given, monkeypatch):
    terms = sides.kernel_terms(worlds.POOL)
    monkeypatch.setattr(agreement, "kernel_terms", lambda _: terms._replace(commission=terms.commission + 1e-6))
    assert agreement.differences(worlds.POOL, given)["commission"] > agreement.TOLERANCE


def _generator():
    return np.random.Generator(np.random.SFC64(7))


def test_levels_are_those_of_the_scenario_on_the_same_normals():
    world = sides.kernel_world()
    rows = np.empty((PATHS, 3, sides.STEPS + 1))
    rng = _generator()
    for path in range(PATHS):
        draws.draw_all(rng, world, rows[path])
    normals = _generator().standard_normal((PATHS, sides.STEPS, 3))
    eth, btc = normals[:, :, 0].copy(), normals[:, :, 1]
    btc *= np.sqrt(1.0 - world.rho**2)
    btc += world.rho * eth
    for level, diffusion in enumerate(worlds.LEVELS.values()):
        moves = (diffusion.drift - 0.5 * diffusion.volatility**2) / 365.0
        moves = moves + diffusion.volatility / np.sqrt(365.0) * normals[:, :, level]
        expected = diffusion.start * np.exp(np.cumsum(moves, axis=1))
        np.testing.assert_allclose(rows[:, level, 1:], expected, rtol=1e-9)
        assert (rows[:, level, 0] == diffusion.start).all()


@pytest.mark.parametrize(("draw", "levels"), [("draw_eth", [0]), ("draw_btc", [1]), ("draw_mining", [1, 2])])
def test_a_world_of_fewer_levels_is_drawn_by_the_same_law(draw, levels):
    world, row = sides.kernel_world(), np.empty((3, sides.STEPS + 1))
    getattr(draws, draw)(_generator(), world, row)
    normals = _generator().standard_normal((sides.STEPS, len(levels)))
    for column, level in enumerate(levels):
        moves = world.scale[level] * normals[:, column] + world.drift[level]
        np.testing.assert_allclose(row[level, 1:], world.start[level] * np.exp(np.cumsum(moves)), rtol=1e-9)


def test_events_strike_when_their_hazard_reaches_a_unit_exponential_draw():
    hazard, strikes = 0.02, np.empty(draws.MOST_STRIKES, dtype=np.int64)
    draws.draw_strikes(_generator(), hazard, sides.STEPS, strikes)
    days = np.cumsum(_generator().standard_exponential(64)) / hazard
    expected = np.unique(days[days < sides.STEPS].astype(np.int64))
    assert strikes[: expected.size].tolist() == expected.tolist()
    assert strikes[expected.size] == sides.STEPS


def test_the_whole_is_the_same_as_the_products_on_the_paths_it_draws():
    world = sides.kernel_world()
    rows = np.empty((PATHS, 3, sides.STEPS + 1))
    strikes = np.empty((PATHS, 2, draws.MOST_STRIKES), dtype=np.int64)
    draws.fill(_generator(), world, rows, strikes)
    terms = tuple(sides.kernel_terms(name) for name in worlds.PRODUCTS)
    sums = tuple(np.empty((len(sides.KERNELS[name].sums._fields), PATHS)) for name in worlds.PRODUCTS)
    draws.whole(_generator(), world, sides.STEPS, terms, sums)
    for name, term, found in zip(worlds.PRODUCTS, terms, sums, strict=True):
        expected = np.empty_like(found)
        draws.given(sides.KERNELS[name].book)(rows, strikes, world, term, expected)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_alone_is_the_same_on_the_paths_that_its_kernel_draws(name):
    kernel, world, terms = sides.KERNELS[name], sides.kernel_world(hard=True), sides.kernel_terms(name)
    found = np.empty((len(kernel.sums._fields), PATHS))
    draws.drawn(kernel.draw, kernel.book, kernel.event)(_generator(), world, sides.STEPS, terms, found)
    rows = np.empty((PATHS, 3, sides.STEPS + 1))
    strikes = np.empty((PATHS, 2, draws.MOST_STRIKES), dtype=np.int64)
    rng = _generator()
    for path in range(PATHS):
        kernel.draw(rng, world, rows[path])
        if kernel.event is not None:
            draws.draw_strikes(rng, world.hazard[kernel.event], sides.STEPS, strikes[path, kernel.event])
    expected = np.empty_like(found)
    draws.given(kernel.book)(rows, strikes, world, terms, expected)
    np.testing.assert_array_equal(found, expected)
