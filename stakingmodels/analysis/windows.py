"""`Windows`: overlap or replicates of the paths of a run, and standard errors that take them into account."""

import math

import attrs
import numpy as np

from stakingmodels._types import FloatArray, PathArray
from stakingmodels.engine import Results
from stakingmodels.measures import ControlVariateMean, Distribution, effective_sample_size, newey_west
from stakingmodels.replicates import controlled, mean_error
from stakingmodels.scenarios import QuasiRandom

FEW_WINDOWS = 10
"""Fewest non-overlapping windows of a record for which a standard error is given.

With fewer, its bands contain the truth too rarely: 72 % of the time instead of 95 % with six windows.
"""
Z = 1.959963984540054
"""The 97.5 % quantile of a standard normal."""
_FEW_DEGREES = {0.0: math.inf, 1.0: 12.706204736174694, 2.0: 4.302652729749462}  # the same of Student's t


@attrs.frozen(kw_only=True)
class Windows:
    """Overlap or replicates of the paths of a run, and means with standard errors that take them into account.

    Parameters
    ----------
    n_paths
        Number of paths.
    overlap
        Number of neighbours of a path that share days with it.
    is_recorded
        Whether paths are stretches of one record.
    n_replicates
        Number of replicates of quasi-random paths; 0 (default) for others.
    """

    n_paths: int
    overlap: int
    is_recorded: bool
    n_replicates: int = 0

    @property
    def apart(self) -> float:
        """Number of non-overlapping windows that the record could hold; the number of paths if none overlap."""
        return (self.n_paths + self.overlap) / (self.overlap + 1)

    @property
    def few(self) -> bool:
        """Whether there are too few windows of a record for a standard error."""
        return self.is_recorded and self.apart < FEW_WINDOWS

    @property
    def band(self) -> float:
        """Number of standard errors on each side of a 95 % band: Student's t with `apart` - 1 degrees of freedom.

        Of quasi-random paths the replicates count, not the paths; infinite for one. By the expansion of Cornish and
        Fisher in 1 / degrees: at 9 it is off by 0.0003, at 3 by 0.01; below 3 the exact quantiles are taken.
        """
        z, v = Z, (self.n_replicates or self.apart) - 1.0
        if v in _FEW_DEGREES:
            return _FEW_DEGREES[v]
        terms = (
            (z**3 + z) / (4.0 * v),
            (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * v**2),
            (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / (384.0 * v**3),
        )
        return z + sum(terms)

    def effective(self, values: PathArray) -> float:
        """Number of independent paths with the same standard error of the mean."""
        if self.n_replicates:
            error = mean_error(values, self.n_replicates)
            if error > 0.0:
                return float(np.var(values, ddof=1)) / error**2
            return float(values.size) if error == 0.0 else error  # NaN for one replicate
        return min(effective_sample_size(values, self.overlap), self.apart)

    def mean(self, values: PathArray, control: FloatArray | None = None) -> tuple[float, float]:
        """The mean and its standard error, with a control variate where there is one.

        Over overlapping windows the error is that of Newey and West, but no less than for the number of non-overlapping
        windows: with the overlap as lag, Newey-West captures two thirds of the variance at best, and far less in a
        short record. Of quasi-random paths it is that of the replicates' means, the control's slope being that of all.
        NaN for one path or replicate, and for too few windows.
        """
        if self.n_replicates:
            found = controlled(values, control, self.n_replicates)
            return found.mean, found.standard_error
        if self.overlap == 0 and not self.few:
            found = ControlVariateMean.of(values, control)
            return found.mean, found.standard_error
        mean = Distribution(values).mean()
        if self.few or values.size < 2:
            return mean, math.nan
        apart = self.apart
        error = max(newey_west(values, self.overlap), float(np.std(values)) / math.sqrt(apart))
        return mean, error * math.sqrt(apart / (apart - 1.0))


def windows_of(results: Results) -> Windows:
    """Overlap of the paths of a run."""
    return Windows(
        n_paths=results.n_paths,
        overlap=results.overlap,
        is_recorded=results.scenario.is_recorded,
        n_replicates=results.sampling.n_replicates if isinstance(results.sampling, QuasiRandom) else 0,
    )
