"""`PathValues`: the value of an unknown at which each path meets the target."""

import math
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis.row import number
from stakingmodels.equality import ByValue
from stakingmodels.frames import data_frame
from stakingmodels.series import frozen

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are shown."""


@attrs.frozen(eq=False, kw_only=True)
class PathValues(ByValue):
    """Value of an unknown at which the target is just met, by path.

    Attributes
    ----------
    values
        Value of each path, ``(n_paths,)``: infinite where there is none in the bracket. Above all numbers where it
        lies beyond the upper end, if anywhere, and below all where it lies beyond the lower end. So quantiles of all
        paths have a meaning. Of a path that crosses the target several times the lowest value.
    errors
        Estimated error of the interpolation of each value, ``(n_paths,)``: the difference of two ways to interpolate
        between the same runs; 0 where there is no value.
    never, always
        Shares of the paths that meet the target at no value tried, and at each.
    several
        Share of the paths that cross the target more than once.
    not_monotone
        Share of the paths whose result both rises and falls from one value tried to the next.
    standard_error
        Standard error of `mean` over the paths; NaN where there is none.
    """

    values: FloatArray = attrs.field(converter=frozen)
    errors: FloatArray = attrs.field(converter=frozen)
    never: float
    always: float
    several: float
    not_monotone: float
    standard_error: float

    @property
    def found(self) -> float:
        """Share of the paths that have a value in the bracket."""
        return float(np.mean(np.isfinite(self.values)))

    @property
    def mean(self) -> float:
        """Mean over the paths that have a value in the bracket; NaN if none has."""
        inside = self.values[np.isfinite(self.values)]
        return float(np.mean(inside)) if inside.size else math.nan

    @property
    def interpolation_error(self) -> float:
        """Mean of `errors` over the paths that have a value; NaN if none has."""
        inside = self.errors[np.isfinite(self.values)]
        return float(np.mean(inside)) if inside.size else math.nan

    def quantile(self, share: float) -> float:
        """Value that a share of all paths lies at or below; infinite where that is beyond the bracket.

        Parameters
        ----------
        share
            A fraction in [0, 1]. No value is interpolated between two paths, since some may be infinite.
        """
        rank = checks.fraction("PathValues.quantile: share", share)
        return float(np.quantile(self.values, rank, method="inverted_cdf"))

    def to_dict(self) -> dict[str, Any]:
        """Shares, mean and quantiles as plain numbers; None for missing ones, infinite stays infinite."""
        names = ("found", "never", "always", "several", "not_monotone", "mean", "standard_error", "interpolation_error")
        plain = {name: number(getattr(self, name)) for name in names}
        return plain | {"quantiles": {f"{share:g}": self.quantile(share) for share in QUANTILES}}

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a path, with its value and the error of its interpolation.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return data_frame("PathValues.to_frame", {"value": self.values, "error": self.errors}, index="path")
