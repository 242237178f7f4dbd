"""Sizes of what a market is read in: chunks of steps, and parts of paths."""

from stakingmodels import checks

PART_PATHS = 16_384
"""Paths of a part of a given market: rows of this width stay in the processor's cache."""
_NARROW = 8_192  # paths of which a chunk has 16 rows


def drawn_rows(n_paths: int) -> int:
    """Rows of a chunk that sources fill: 8, and up to 64 where they are narrow, by measurement.

    No number depends on it.
    """
    return max(8, min(64, 16 * _NARROW // n_paths))


def chunk_bounds(n_steps: int, n_paths: int, steps: int | None, *, is_filled: bool) -> list[tuple[int, int]]:
    """Start and stop step of each chunk: of so many steps, or None for as many as are read fastest.

    Parameters
    ----------
    is_filled
        Whether sources fill the rows; given rows are only looked up.
    """
    usual = drawn_rows(n_paths) if is_filled else max(10, 10 * _NARROW // n_paths)
    size = usual if steps is None else checks.integer("Market.chunks: steps", steps, 1, checks.PATHS_LIMIT)
    return [(start, min(start + size, n_steps)) for start in range(0, n_steps, size)]
