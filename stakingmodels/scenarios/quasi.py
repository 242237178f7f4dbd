"""`QuasiRandom`: sampling of paths by randomized low-discrepancy points, in independent replicates."""

from typing import Literal

import attrs

from stakingmodels import checks
from stakingmodels.market import TimeGrid
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.streams import REPLICATES_LIMIT

_HOW = "QuasiRandom(n_replicates=64)"


def _replicates(where: str, value: object) -> int:
    n = checks.integer(where, value, 1, REPLICATES_LIMIT)
    return checks.refuse(where, "must be a power of two", n, f"write {1 << n.bit_length() - 1}") if n & (n - 1) else n


@attrs.frozen
class QuasiRandom(Replaceable):
    """Sampling of the paths of a run by scrambled Sobol' points, which cover what may happen evenly.

    Of each noise of a scenario, the sum until the exit is a dimension of the points; so are the sum until the grid's
    end and sums between, random openings, and first occurrences of events but for those in a `Copula`. The rest stays
    pseudo-random. Each path by itself keeps its law, so that means and probabilities are unbiased. Paths of one
    replicate depend on each other; replicates are independent, and standard errors come from the spread over them,
    with Student's t.

    Parameters
    ----------
    n_replicates
        Number of replicates, a power of two up to 256: path k is in replicate ``k % n_replicates``. Default 64.
        Fewer give smaller errors, of which the intervals are less sure where results are skewed; 1 gives none.

    Examples
    --------
    >>> from stakingmodels.scenarios import QuasiRandom
    >>> QuasiRandom(n_replicates=4)
    QuasiRandom(n_replicates=4)
    """

    n_replicates: int = attrs.field(default=64, kw_only=True, validator=checks.field(_replicates))


Sampling = Literal["independent", "quasi"] | QuasiRandom
"""Sampling of paths; ``"quasi"`` is short for ``QuasiRandom()``."""


def replicates_of(sampling: object, scenario: Scenario, grid: TimeGrid, n_paths: int) -> int:
    """Number of replicates of a run of `simulate`, 0 for independent paths.

    Raises
    ------
    InputError, InputTypeError
        For another sampling, a recorded scenario, and a number of paths that is no power of two or too small.
    """
    where = "simulate: sampling"
    if isinstance(sampling, str) and checks.choice(where, sampling, ("independent", "quasi")) == "independent":
        return 0
    how = QuasiRandom() if sampling == "quasi" else sampling
    n = checks.instance(where, how, QuasiRandom, f"{_HOW} or 'quasi'").n_replicates
    if scenario.is_recorded or scenario.n_paths(grid) is not None:
        rule = "must be 'independent' in a scenario of recorded paths, where nothing is drawn"
        checks.refuse(where, rule, sampling, 'sampling="independent"')
    if n_paths & (n_paths - 1) or n_paths < n:
        below = 1 << n_paths.bit_length() - 1
        near = max(below if n_paths <= 1.5 * below else 2 * below, n)
        rule = f"must be a power of two and at least the {n} replicates, for quasi-random paths"
        checks.refuse("simulate: n_paths", rule, n_paths, f"write {near}, or sampling='independent'")
    return n


def sampling_of(n_replicates: int) -> Sampling:
    """Sampling with a number of replicates; 0 for independent paths."""
    return QuasiRandom(n_replicates=n_replicates) if n_replicates else "independent"


def quasi_text(sampling: Sampling) -> str:
    """Text after a number of quasi-random paths; empty for independent ones."""
    if not isinstance(sampling, QuasiRandom):
        return ""
    n = sampling.n_replicates
    return f", quasi-random in {n} replicates" if n > 1 else ", quasi-random"
