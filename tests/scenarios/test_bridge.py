"""Noises whose sums are set at some times: their law step by step, the sums themselves, any grid."""

import numpy as np
import pytest

from stakingmodels import Price, TimeGrid
from stakingmodels.scenarios import Drivers, Streams
from stakingmodels.scenarios.bridge import knots
from stakingmodels.scenarios.nets import Net

pytestmark = pytest.mark.once

ETH, BTC = Price("ETH"), Price("BTC")
UNEVEN = TimeGrid(
    np.datetime64("2026-01-01") + np.cumsum([0, 1, 1, 5, 1, 2, 9, 1, 1, 1, 3]).astype("timedelta64[D]"), exit=6
)
GRIDS = {
    "year": TimeGrid.daily("2026-01-01", days=40, settlement_days=12),
    "no settlement": TimeGrid.daily("2026-01-01", days=9),
    "exit on step 1": TimeGrid.daily("2026-01-01", days=1, settlement_days=7),
    "one step": TimeGrid.daily("2026-01-01", days=1),
    "uneven": UNEVEN,
}


def noise(grid, seed, *, n_paths=1_024, chunk=7, n_replicates=1, precision="float64", factor=ETH):
    drivers = Drivers((ETH, BTC), {(ETH, BTC): 0.6})
    streams = Streams(seed, n_replicates=n_replicates, precision=precision)
    source, out = drivers.noise(streams, n_paths, grid), np.empty((grid.n_steps, n_paths))
    for start in range(0, grid.n_steps, chunk):
        stop = min(start + chunk, grid.n_steps)
        source.fill(factor, start, stop, out[start:stop])
    return out


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
@pytest.mark.parametrize("factor", [ETH, BTC], ids=str)
@pytest.mark.few(4)
def test_steps_are_independent_standard_normals(grid, factor):
    drawn = np.concatenate([noise(grid, seed, factor=factor) for seed in range(30)], axis=1)
    n = drawn.shape[1]
    assert np.abs(drawn.mean(axis=1)).max() < 4.5 / np.sqrt(n)
    assert np.abs(drawn.var(axis=1) - 1.0).max() < 4.5 * np.sqrt(2.0 / n)
    assert np.abs((drawn**4).mean(axis=1) - 3.0).max() < 4.5 * np.sqrt(96.0 / n)
    together = np.atleast_2d(np.corrcoef(drawn)) - np.eye(grid.n_steps)
    assert np.abs(together).max() < 5.0 / np.sqrt(n)


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_sums_at_exit_and_end_are_points(grid):
    drawn, root = noise(grid, 4), np.sqrt(grid.step_days)[:, None]
    net, name = Net(4, 0, 1_024, 1), f"noise:{ETH.stream_name}"
    held = (drawn * root)[: grid.exit].sum(axis=0) / np.sqrt(grid.elapsed_days[grid.exit])
    np.testing.assert_allclose(held, net.normals(name, 0, shared=True), atol=1e-12)
    if grid.exit < grid.n_steps:
        left = grid.elapsed_days[-1] - grid.elapsed_days[grid.exit]
        after = (drawn * root)[grid.exit :].sum(axis=0) / np.sqrt(left)
        np.testing.assert_allclose(after, net.normals(name, 5, shared=True), atol=1e-12)


def test_knots_are_between_their_neighbours():
    for grid in GRIDS.values():
        known = {0}
        for left, time, right in knots(grid):
            assert left in known
            assert left < time <= grid.n_steps
            assert right is None or (right in known and time < right)
            assert time not in known
            known.add(time)
        assert {grid.exit, grid.n_steps} <= known


def test_sums_are_even_at_every_knot():
    grid = GRIDS["year"]
    spread: dict[str, list] = {"quasi": [], "independent": []}
    for seed in range(30):
        for name, n_replicates in (("quasi", 1), ("independent", 0)):
            sums = np.cumsum(noise(grid, seed, n_replicates=n_replicates), axis=0)
            spread[name].append([np.maximum(sums[time - 1], 0.0).mean() for _, time, _ in knots(grid)])
    ratio = np.var(spread["independent"], axis=0) / np.var(spread["quasi"], axis=0)
    assert ratio.min() > 8.0


@pytest.mark.parametrize("chunk", [1, 5, 100])
def test_chunks_make_no_difference(chunk):
    grid = GRIDS["uneven"]
    np.testing.assert_array_equal(noise(grid, 2, chunk=chunk), noise(grid, 2))


def test_width_makes_no_difference_and_a_second_reading_is_the_same():
    grid = GRIDS["year"]
    whole = noise(grid, 2, n_paths=2_048, n_replicates=16)
    np.testing.assert_array_equal(noise(grid, 2, n_paths=700, n_replicates=16), whole[:, :700])
    source, again = Drivers((ETH, BTC), {(ETH, BTC): 0.6}).noise(Streams(2, n_replicates=16), 700, grid), []
    for _ in range(2):
        out = np.empty((grid.n_steps, 700))
        source.fill(ETH, 0, 30, out[:30])
        source.fill(ETH, 30, grid.n_steps, out[30:])
        again.append(out)
        np.testing.assert_array_equal(out, whole[:, :700])


def test_single_precision_sets_the_same_sums():
    grid = GRIDS["year"]
    one, other = (noise(grid, 2, precision=how)[: grid.exit].sum(axis=0) for how in ("float64", "float32"))
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_a_noise_that_is_first_read_late_stays_independent_until_the_next_knot():
    grid = GRIDS["year"]
    source = Drivers((ETH,)).noise(Streams(1, n_replicates=1), 512, grid)
    late, plain = np.empty((6, 512)), np.empty((6, 512))
    source.fill(ETH, 13, 19, late)
    Drivers((ETH,)).noise(Streams(1), 512, grid).fill(ETH, 13, 19, plain)
    np.testing.assert_array_equal(late, plain)
