"""`Windows`: overlap of the paths of a run, and standard errors that take it into account."""

import math

import attrs
import numpy as np

from stakingmodels._types import FloatArray, PathArray
from stakingmodels.engine import Results
from stakingmodels.measures import ControlVariateMean, Distribution, effective_sample_size, newey_west

FEW_WINDOWS = 10
"""Fewest non-overlapping windows of a record for which a standard error is given.

With fewer, its bands contain the truth too rarely: 72 % of the time instead of 95 % with six windows.
"""
_Z = 1.959963984540054  # 97.5 % of a normal lie below


@attrs.frozen(kw_only=True)
class Windows:
    """Overlap of the paths of a run, and means with standard errors that take it into account.

    Parameters
    ----------
    n_paths
        Number of paths.
    overlap
        Number of neighbours of a path that share days with it.
    is_recorded
        Whether paths are stretches of one record.
    """

    n_paths: int
    overlap: int
    is_recorded: bool

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

        By the expansion of Cornish and Fisher in 1 / degrees; at 9 it is off by 0.0003.
        """
        z, v = _Z, self.apart - 1.0
        terms = (
            (z**3 + z) / (4.0 * v),
            (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * v**2),
            (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / (384.0 * v**3),
        )
        return z + sum(terms)

    def effective(self, values: PathArray) -> float:
        """Number of independent paths with the same standard error of the mean."""
        return min(effective_sample_size(values, self.overlap), self.apart)

    def mean(self, values: PathArray, control: FloatArray | None = None) -> tuple[float, float]:
        """The mean and its standard error, with a control variate where there is one.

        Over overlapping windows the error is that of Newey and West, but no less than for the number of non-overlapping
        windows: with the overlap as lag, Newey-West captures two thirds of the variance at best, and far less in a
        short record. NaN for one path, and for too few windows.
        """
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
    return Windows(n_paths=results.n_paths, overlap=results.overlap, is_recorded=results.scenario.is_recorded)
