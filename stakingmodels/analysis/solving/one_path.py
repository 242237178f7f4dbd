"""`on_one_path`: the values at which a product meets a target on one path, to the last digits."""

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis.solving.roots import crossing
from stakingmodels.analysis.solving.runs import Runs
from stakingmodels.analysis.solving.solution import Solution, Status
from stakingmodels.analysis.solving.spread import Scale

_SCAN = 17
_NOTHING = 1e-14  # of the money put in


def on_one_path(runs: Runs, scale: Scale) -> Solution:
    """Exact values on one path.

    The result is looked at in 17 values across the bracket, in one run where there is a scenario; each change of sign
    between two neighbours is narrowed to the last digits of a float. Turns between two neighbours are not seen.
    """
    unknown = runs.unknown
    tried = scale.spread(_SCAN)
    gaps = runs.gaps(tried.tolist())[:, 0]
    refuse_idle(runs, gaps)
    meets = gaps >= 0.0
    turns = np.flatnonzero(meets[1:] != meets[:-1])
    found = [crossing(runs.gap, *tried[k : k + 2].tolist(), *gaps[k : k + 2].tolist()) for k in turns]
    status: Status = "found" if found else "always" if meets[0] else "never"
    return Solution(
        unknown=unknown,
        product=type(runs.product).__name__,
        target=runs.target,
        between=(scale.low, scale.high),
        status=status,
        values=tuple(float(round(each.value)) if unknown.is_whole else each.value for each in found),
        or_less=bool(meets[turns[0]]) if found else bool(gaps[0] > gaps[-1]),
        is_jump=bool(found and found[0].is_jump and not unknown.is_whole),
        tried=tried,
        gaps=gaps,
        years=runs.grid.years,
        n_paths=1,
        n_runs=runs.n_runs,
    )


def refuse_idle(runs: Runs, gaps: FloatArray) -> None:
    """Refuse a term on which nothing depends; gaps by value tried come first."""
    if float(np.ptp(gaps, axis=0).max()) > _NOTHING:
        return
    term = runs.unknown.term
    hint = f"it counts with {term.needs[0]}" if term is not None and term.needs else ""
    name = type(runs.product).__name__
    checks.refuse("solve: of", f"must have an effect on the result of {name} in this world", str(runs.unknown.of), hint)
