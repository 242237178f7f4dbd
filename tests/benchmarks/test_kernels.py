"""The numba kernels of benchmarks/ do the library's work: otherwise a ratio of times says nothing."""

import importlib

import numpy as np
import pytest

pytest.importorskip("numba", reason="needs numba: pip install stakingmodels[dev]")
pytestmark = pytest.mark.slow

agreement, common, draws, fused, naive, plain, runs, sides, terms, worlds = (
    importlib.import_module(f"benchmarks.{name}")
    for name in ("agreement", "kernels_common", "draws", "fused", "naive", "plain", "runs", "sides", "terms", "worlds")
)

PATHS = 500
PRODUCTS = sorted(worlds.PRODUCTS)


@pytest.fixture(scope="module", params=[False, True], ids=["usual", "hard"])
def given(request):
    return sides.given_paths(PATHS, hard=request.param)


def rooms(paths=PATHS):
    rows = np.empty((paths, len(worlds.LEVELS), sides.STEPS + 1))
    return rows, np.empty((paths, common.N_EVENTS, draws.MOST_STRIKES), dtype=np.int64)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_sum_is_that_of_the_library(name, given):
    different = {k: d for k, d in agreement.differences(name, given).items() if not d <= agreement.TOLERANCE}
    assert different == {}


@pytest.mark.parametrize("name", PRODUCTS)
def test_without_a_ledger_the_figures_are_those_of_the_library(name, given):
    different = {k: d for k, d in agreement.fused_differences(name, given).items() if not d <= agreement.TOLERANCE}
    assert different == {}


def whole_arrays(given):
    """Given paths as whole arrays of numpy take them."""
    counts = np.zeros((common.N_EVENTS, sides.STEPS + 1, PATHS), dtype=np.int64)
    for path, of_path in enumerate(given.strikes):
        for event, steps in enumerate(of_path):
            np.add.at(counts[event, :, path], steps[: np.argmax(steps == sides.STEPS)], 1)
    events = {event: struck[:-1] if event in naive.LUCK else struck[:-1] > 0 for event, struck in enumerate(counts)}
    return naive.Drawn({level: given.rows[:, level].T for level in range(len(worlds.LEVELS))}, events)


@pytest.mark.parametrize("name", PRODUCTS)
def test_whole_arrays_of_numpy_have_the_figures_of_the_kernels(name, given):
    kernel, world = sides.KERNELS[name].fused, terms.kernel_world()
    term = terms.kernel_terms(worlds.dear(name) if given.hard else worlds.PRODUCTS[name], luck=False)
    expected = np.empty((PATHS, len(fused.Figures._fields)))
    runs.given(kernel)(given.rows, given.strikes, world, term, expected)
    found = naive.BOOKS[kernel.__name__](whole_arrays(given), world, term)
    for array, column in zip(found, expected.T, strict=True):
        np.testing.assert_allclose(array, column, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", PRODUCTS)
def test_whole_arrays_of_numpy_are_drawn_by_the_same_law(name):
    kernel, world, paths = sides.KERNELS[name], terms.kernel_world(), 4_000
    term, levels = terms.kernel_terms(worlds.PRODUCTS[name]), map(worlds.LEVELS.index, worlds.levels_of([name]))
    drawn = naive.draw(np.random.default_rng(5), world, sides.STEPS, paths, levels, kernel.events)
    found = naive.BOOKS[kernel.fused.__name__](drawn, world, term)
    figures = np.empty((paths, len(fused.Figures._fields)))
    runs.drawn(kernel.draw, kernel.fused, kernel.events)(generator(), world, sides.STEPS, term, figures)
    for ours, theirs in zip(found[:4], figures.T[:4], strict=True):
        error = np.hypot(ours.std(), theirs.std()) / np.sqrt(paths)
        assert ours.mean() == pytest.approx(theirs.mean(), abs=4.5 * error, rel=1e-9)


@pytest.mark.parametrize("name", PRODUCTS)
def test_no_sum_of_the_library_is_left_out(name, given):
    assert agreement.left_out(agreement.run(name, given), sides.KERNELS[name].sums._fields) == []


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_sum_is_put_to_use(name):
    # The two worlds together must reach contributions, forfeits, credit losses, exploits and slashings.
    used = set()
    for hard in (False, True):
        outcome = agreement.run(name, sides.given_paths(PATHS, hard=hard))
        used |= {field for field in sides.KERNELS[name].sums._fields if agreement.read(outcome, field).any()}
    at_once = {"days_to_cash"} if name == worlds.MINE else set()  # a contract ends at the exit, without a queue
    assert used | at_once == set(sides.KERNELS[name].sums._fields)


def test_a_kernel_with_another_commission_is_noticed(given, monkeypatch):
    def dearer(product, *, luck):
        found = terms.kernel_terms(product, luck=luck)
        return found._replace(commission=found.commission + 1e-6)

    monkeypatch.setattr(agreement, "kernel_terms", dearer)
    assert agreement.differences(worlds.POOL, given)["commission"] > agreement.TOLERANCE


def generator():
    return np.random.Generator(np.random.SFC64(7))


def lognormal(world, level, normals):
    return world.start[level] * np.exp(np.cumsum(world.scale[level] * normals + world.drift[level], axis=-1))


def ratios(world, normals):
    gaps, found = np.zeros(normals.shape[:-1]), np.empty_like(normals)
    for k in range(normals.shape[-1]):
        gaps = world.ratio_kept * gaps + world.ratio_scale * normals[..., k]
        found[..., k] = world.ratio * np.exp(gaps)
    return found


def test_levels_are_those_of_the_scenario_on_the_same_normals():
    world = terms.kernel_world()
    rows, _ = rooms()
    rng = generator()
    for path in range(PATHS):
        draws.draw_all(rng, world, rows[path])
    normals = np.moveaxis(generator().standard_normal((PATHS, sides.STEPS, 4)), 2, 0).copy()
    normals[common.BTC] *= np.sqrt(1.0 - world.rho**2)
    normals[common.BTC] += world.rho * normals[common.ETH]
    for level, diffusion in enumerate(worlds.DIFFUSIONS.values()):
        moves = (diffusion.drift - 0.5 * diffusion.volatility**2) / 365.0
        moves = moves + diffusion.volatility / np.sqrt(365.0) * normals[level]
        expected = diffusion.initial_level * np.exp(np.cumsum(moves, axis=1))
        np.testing.assert_allclose(rows[:, level, 1:], expected, rtol=1e-9)
        assert (rows[:, level, 0] == diffusion.initial_level).all()
    np.testing.assert_allclose(rows[:, common.RATIO, 1:], ratios(world, normals[common.RATIO]), rtol=1e-12)
    assert (rows[:, common.RATIO, 0] == worlds.PEG.initial_level).all()
    spread = np.log(rows[:, common.RATIO, -1] / worlds.PEG.mean).std()
    assert spread == pytest.approx(worlds.PEG.standard_deviation, rel=0.15)


@pytest.mark.parametrize(
    ("draw", "levels"),
    [
        ("draw_eth", [common.ETH]),
        ("draw_token", [common.ETH, common.RATIO]),
        ("draw_mining", [common.BTC, common.WORK]),
    ],
)
def test_a_world_of_fewer_levels_is_drawn_by_the_same_law(draw, levels):
    world, row = terms.kernel_world(), np.empty((4, sides.STEPS + 1))
    getattr(draws, draw)(generator(), world, row)
    normals = generator().standard_normal((sides.STEPS, len(levels)))
    for column, level in enumerate(levels):
        law = (
            ratios(world, normals[:, column]) if level == common.RATIO else lognormal(world, level, normals[:, column])
        )
        np.testing.assert_allclose(row[level, 1:], law, rtol=1e-9)


def test_events_strike_when_their_hazard_reaches_a_unit_exponential_draw():
    hazard, strikes = 0.02, np.empty(draws.MOST_STRIKES, dtype=np.int64)
    draws.draw_strikes(generator(), hazard, sides.STEPS, strikes)
    days = np.cumsum(generator().standard_exponential(64)) / hazard
    expected = np.unique(days[days < sides.STEPS].astype(np.int64))
    assert strikes[: expected.size].tolist() == expected.tolist()
    assert strikes[expected.size] == sides.STEPS


def test_blocks_proposed_are_binomial():
    world, strikes, rng = terms.kernel_world(), np.empty(draws.MOST_STRIKES, dtype=np.int64), generator()
    counts = []
    for _ in range(20_000):
        draws.draw_proposals(rng, world, sides.STEPS, strikes)
        counts.append(int(np.argmax(strikes == sides.STEPS)))
        assert (strikes[: counts[-1]] >= 20).all()  # not before the validator is let in
        assert (strikes[: counts[-1]] < 400).all()  # not after it has left
    solo = worlds.PRODUCTS[worlds.SOLO]
    mean = (365.0 + solo.exit_days - solo.entry_days) * 7200.0 * solo.uptime / solo.network_validators
    assert np.mean(counts) == pytest.approx(mean, abs=4.0 * np.sqrt(mean / 20_000))
    assert np.var(counts) == pytest.approx(mean, rel=0.05)


def test_seats_in_sync_committees_are_binomial():
    world, strikes, rng = terms.kernel_world(), np.empty(draws.MOST_STRIKES, dtype=np.int64), generator()
    paths, counts = 40_000, np.zeros(sides.STEPS + 1)
    for _ in range(paths):
        draws.draw_seats(rng, world, sides.STEPS, strikes)
        here = strikes[: int(np.argmax(strikes == sides.STEPS))]
        assert (np.diff(here) > 0).all()
        counts[here] += 1
    solo = worlds.PRODUCTS[worlds.SOLO]
    chance = 512.0 / solo.network_validators * 7200.0 / 8192.0  # one trial a day
    days = 365.0 + solo.exit_days - solo.entry_days
    in_part = int(solo.entry_days)
    assert not counts[:in_part].any()
    assert not counts[int(365.0 + solo.exit_days) + 1 :].any()
    assert counts.sum() == pytest.approx(paths * days * chance, abs=4.0 * np.sqrt(paths * days * chance))
    mean = paths * chance * (1.0 - solo.entry_days % 1.0)
    assert counts[in_part] == pytest.approx(mean, abs=4.0 * np.sqrt(mean))


def test_a_validator_with_luck_earns_in_the_mean_what_the_library_s_does():
    kernel, world = sides.KERNELS[worlds.SOLO], terms.kernel_world()
    sums = np.empty((20_000, len(kernel.sums._fields)))
    solo = terms.kernel_terms(worlds.PRODUCTS[worlds.SOLO])
    runs.drawn(kernel.draw, kernel.book, kernel.events)(generator(), world, sides.STEPS, solo, sums)
    drawn = kernel.sums(*sums.T)
    rows, strikes = rooms(1)
    draws.fill(generator(), world, rows, strikes)
    strikes[:] = sides.STEPS
    mean = kernel.book(rows[0], strikes[0], world, terms.kernel_terms(worlds.PRODUCTS[worlds.SOLO], luck=False))
    for field in ("consensus_eth", "execution_eth", "downtime_eth"):
        sample = getattr(drawn, field)
        assert sample.std() > 0.0
        assert sample.mean() == pytest.approx(getattr(mean, field), abs=5.0 * sample.std() / np.sqrt(sample.size))


def test_the_whole_is_the_same_as_the_products_on_the_paths_it_draws():
    world = terms.kernel_world()
    rows, strikes = rooms()
    draws.fill(generator(), world, rows, strikes)
    given_terms = tuple(terms.kernel_terms(product) for product in worlds.PRODUCTS.values())
    sums = tuple(np.empty((PATHS, len(sides.KERNELS[name].sums._fields))) for name in worlds.PRODUCTS)
    figures = tuple(np.empty((PATHS, len(fused.Figures._fields))) for _ in worlds.PRODUCTS)
    runs.whole(generator(), world, sides.STEPS, given_terms, sums)
    runs.whole_fused(generator(), world, sides.STEPS, given_terms, figures)
    for name, term, booked, bare in zip(worlds.PRODUCTS, given_terms, sums, figures, strict=True):
        for book, found in ((sides.KERNELS[name].book, booked), (sides.KERNELS[name].fused, bare)):
            expected = np.empty_like(found)
            runs.given(book)(rows, strikes, world, term, expected)
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", PRODUCTS)
def test_plain_python_runs_the_same_source_to_the_same_sums(name):
    kernel, world, product = sides.KERNELS[name], terms.kernel_world(hard=True), worlds.PRODUCTS[name]
    found, expected = (np.empty((5, len(kernel.sums._fields))) for _ in range(2))
    term = terms.kernel_terms(product)
    runs.drawn(kernel.draw, kernel.book, kernel.events)(generator(), world, sides.STEPS, term, found)
    modules = plain.uncompiled()
    run = modules["runs"].drawn(plain.twin(modules, kernel.draw), plain.twin(modules, kernel.book), kernel.events)
    run(generator(), plain.numbers(world), sides.STEPS, plain.numbers(term), expected)
    assert type(run).__name__ == "function"
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
