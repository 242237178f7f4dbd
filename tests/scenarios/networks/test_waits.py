"""`QueueWaits`: one pair of waits for each path, drawn together."""

import numpy as np
import pytest

from stakingmodels import EntryWait, ExitWait, Joint, Price, TimeGrid
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import Constants, QueueWaits, Streams, WaitCell

ENTRY, EXIT = EntryWait("ETH"), ExitWait("ETH")
CELLS = (
    WaitCell(3, entry_days=10.0, exit_days=40.0, entry_spread=2.0, exit_spread=4.0),
    WaitCell(1, entry_days=50.0, exit_days=1.0, exit_spread=1.0),
)
WORLD = QueueWaits(CELLS)
GRID = TimeGrid.daily("2026-01-01", days=40)


def rows(world, paths=8192, block=0, seed=1):
    market = world.market(
        GRID, frozenset({ENTRY, EXIT}), streams=Streams(seed, first_path=8_192 * block), n_paths=paths
    )
    return [chunk.rows for chunk in market.chunks()]


def test_waits_are_constant_in_time_and_one_pair_a_path():
    found = rows(WORLD, paths=7)
    for factor in (ENTRY, EXIT):
        first = found[0][factor][0]
        assert first.shape == (7,)
        assert all((chunk[factor] == first).all() for chunk in found)


def test_cells_come_up_by_their_weights_and_pairs_hang_together():
    entry, leave = (rows(WORLD)[0][factor][0] for factor in (ENTRY, EXIT))
    late = entry == 50.0
    assert late.mean() == pytest.approx(0.25, abs=4.0 * (0.25 * 0.75 / 8192) ** 0.5)
    assert (leave[late] <= 2.0).all()
    assert ((leave[~late] >= 36.0) & (leave[~late] <= 44.0)).all()
    assert np.corrcoef(entry, leave)[0, 1] < -0.9


def test_a_spread_is_uniform_around_the_mean():
    entry = rows(WORLD)[0][ENTRY][0]
    near = entry[entry < 50.0]
    assert near.min() == pytest.approx(8.0, abs=0.01)
    assert near.max() == pytest.approx(12.0, abs=0.01)
    assert near.mean() == pytest.approx(10.0, abs=4.0 * 2.0 / (3.0 * near.size) ** 0.5)
    assert near.std() == pytest.approx(2.0 / 3.0**0.5, rel=0.03)


def test_within_a_cell_the_two_are_independent():
    entry, leave = (rows(WORLD)[0][factor][0] for factor in (ENTRY, EXIT))
    near = entry < 50.0
    assert abs(np.corrcoef(entry[near], leave[near])[0, 1]) < 4.0 / near.sum() ** 0.5


@pytest.mark.parametrize(("still", "expected"), [(None, (20.0, 30.25)), ((15.65, 3.87), (15.65, 3.87))])
def test_a_market_that_stands_still_has_the_means_or_what_is_said(still, expected):
    world = QueueWaits(CELLS, still=still)
    for n_paths in (8_192, 16_384):
        flat = world.market(GRID, frozenset({ENTRY, EXIT}), streams=Streams(1), n_paths=n_paths).frozen_at_open()
        chunk = next(flat.chunks())
        assert flat.n_paths == 1
        assert (chunk.rows[ENTRY][0, 0], chunk.rows[EXIT][0, 0]) == pytest.approx(expected)


def test_in_a_joint_the_still_waits_are_kept():
    world = Joint([Constants({Price("ETH"): 3000.0}), QueueWaits(CELLS, still=(1.0, 2.0))])
    market = world.market(GRID, frozenset({ENTRY, EXIT, Price("ETH")}), streams=Streams(1), n_paths=3)
    assert dict(market.frozen_levels) == {ENTRY: 1.0, EXIT: 2.0}


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: WaitCell(0.0, entry_days=1.0, exit_days=1.0), InputError, r"^WaitCell\.weight: must be"),
        (
            lambda: WaitCell(1, entry_days=-1.0, exit_days=1.0),
            InputError,
            r"^WaitCell\.entry_days: must be in \[0, 3650",
        ),
        (
            lambda: WaitCell(1, entry_days=1.0, exit_days=4e6),
            InputError,
            r"^WaitCell\.exit_days: too large: must be in \[0, 3650",
        ),
        (
            lambda: WaitCell(1, entry_days=1.0, exit_days=1.0, exit_spread=1.5),
            InputError,
            r"^WaitCell\.exit_spread: must be at most the mean of 1, or waits fall below 0, got 1\.5$",
        ),
        (lambda: QueueWaits([]), InputError, r"^QueueWaits\.cells: must not be empty"),
        (lambda: QueueWaits("x"), InputTypeError, r"^QueueWaits\.cells: must be a list"),
        (lambda: QueueWaits([1.0]), InputTypeError, r"^QueueWaits\.cells: must be"),
        (lambda: QueueWaits(CELLS, still=3.0), InputTypeError, r"^QueueWaits\.still: must be two numbers"),  # type: ignore[arg-type]
        (lambda: QueueWaits(CELLS, still=(1.0, -1.0)), InputError, r"^QueueWaits\.still: must be in"),
        (lambda: QueueWaits(CELLS, asset=""), InputError, r"^QueueWaits\.asset: "),
    ],
)
def test_what_is_no_wait_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
