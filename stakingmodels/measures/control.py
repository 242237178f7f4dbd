"""`ControlVariateMean`: a mean estimated with a control variate of known mean 1."""

import math

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.measures import _arrays

_EXPLAINED = 1e-12  # share of the variance below which only rounding is left
_CONSTANT = 1e-24  # variance below which a control of about 1 is constant


@attrs.frozen(kw_only=True)
class ControlVariateMean:
    """Mean of some results, with and without a control variate on the same paths.

    The control has mean exactly 1, so its sample mean less 1 measures the sampling error of the paths:
    ``mean = plain_mean - beta * (control_mean - 1)``, where ``beta`` is the slope of the results on the control. The
    more of the results' spread the control explains, the smaller the error: for a large number of paths it is
    ``sqrt(1 - correlation**2)`` of the plain one.

    Made by `of` for some paths. Its `merge` with the estimate of other paths equals, up to rounding, `of` for both.

    Attributes
    ----------
    n_paths
        Number of paths.
    plain_mean, control_mean
        Sample means of the results and of the control.
    m2, control_m2, comoment
        Sums over the paths of squared distances from the two means, and of the products of those distances.
    replicates
        Estimates of the replicates of quasi-random paths, equal in number of paths; empty for independent paths. Then
        the errors come from the spread over them.

    Notes
    -----
    `beta` comes from the same paths, which makes `mean` biased by a term of order ``1 / n_paths``, far below the error
    of order ``1 / sqrt(n_paths)``; where results and control are jointly normal there is no bias. The standard error is
    that of a regression line at 1, with ``n_paths - 2`` degrees of freedom, for independent paths; of replicates it is
    that of the mean of their means, all with the slope `beta`.

    References
    ----------
    Lavenberg and Welch (1981), "A perspective on the use of control variables to increase the efficiency of Monte
    Carlo simulations", Management Science 27(3). Sums are merged as in Chan, Golub and LeVeque (1979).

    Examples
    --------
    >>> import numpy as np
    >>> growth = np.array([0.5, 1.0, 2.5])
    >>> found = ControlVariateMean.of(growth - 1.0, growth)
    >>> round(found.plain_mean, 4), round(found.mean, 4), found.standard_error
    (0.3333, 0.0, 0.0)
    """

    n_paths: int
    plain_mean: float
    control_mean: float
    m2: float = attrs.field(repr=False)
    control_m2: float = attrs.field(repr=False)
    comoment: float = attrs.field(repr=False)
    replicates: "tuple[ControlVariateMean, ...]" = attrs.field(default=(), repr=False)

    @classmethod
    def of(cls, results: FloatArray, control: FloatArray | None) -> "ControlVariateMean":
        """Estimate from the results and the control of each path, both ``(n_paths,)``.

        Parameters
        ----------
        results
            Any unit.
        control
            Control variate of mean 1. With None, `mean` and `standard_error` are the plain ones.

        Raises
        ------
        InputError, InputTypeError
            For other shapes, an empty array and values that are not finite.
        """
        found = _arrays.floats("ControlVariateMean.of: results", results)
        moves = np.ones(found.size) if control is None else _arrays.floats("ControlVariateMean.of: control", control)
        if moves.size != found.size:
            checks.refuse("ControlVariateMean.of: control", f"must have one value per path, {found.size}", moves)
        mean, control_mean = float(found.mean()), float(moves.mean())
        apart, control_apart = found - mean, moves - control_mean
        return cls(
            n_paths=found.size,
            plain_mean=mean,
            control_mean=control_mean,
            m2=float(np.sum(apart**2)),
            control_m2=float(np.sum(control_apart**2)),
            comoment=float(np.sum(apart * control_apart)),
        )

    def merge(self, other: "ControlVariateMean") -> "ControlVariateMean":
        """Estimate from the paths of both."""
        paths = self.n_paths + other.n_paths
        gap, control_gap = other.plain_mean - self.plain_mean, other.control_mean - self.control_mean
        weight = self.n_paths * other.n_paths / paths
        return ControlVariateMean(
            n_paths=paths,
            plain_mean=self.plain_mean + gap * other.n_paths / paths,
            control_mean=self.control_mean + control_gap * other.n_paths / paths,
            m2=self.m2 + other.m2 + weight * gap * gap,
            control_m2=self.control_m2 + other.control_m2 + weight * control_gap * control_gap,
            comoment=self.comoment + other.comoment + weight * gap * control_gap,
            replicates=tuple(a.merge(b) for a, b in zip(self.replicates, other.replicates, strict=True)),
        )

    @property
    def has_control(self) -> bool:
        """Whether there is a control that varies; otherwise it explains nothing."""
        return self.control_m2 > _CONSTANT * self.n_paths

    @property
    def beta(self) -> float:
        """Slope of the results on the control; 0 where the control is constant."""
        return self.comoment / self.control_m2 if self.has_control else 0.0

    @property
    def mean(self) -> float:
        """Mean with the control variate."""
        return self.plain_mean - self.beta * (self.control_mean - 1.0)

    @property
    def standard_error(self) -> float:
        """Standard error of `mean`; 0 where the control explains all.

        NaN for too few paths: 2, or 1 without a varying control; and for one replicate.
        """
        if self.replicates or not self.has_control:
            return self._error(self.beta)
        if self.n_paths < 3:
            return math.nan
        left = self.m2 - self.beta * self.comoment
        if left <= _EXPLAINED * self.m2:
            return 0.0
        off = (self.control_mean - 1.0) ** 2 / self.control_m2
        return math.sqrt(left / (self.n_paths - 2) * (1.0 / self.n_paths + off))

    @property
    def plain_error(self) -> float:
        """Standard error of `plain_mean`; NaN for one path or replicate."""
        return self._error(0.0)

    def _error(self, beta: float) -> float:
        """Standard error of a mean from the spread over replicates, or without control from that over paths."""
        if self.replicates:
            means = [part.plain_mean - beta * part.control_mean for part in self.replicates]
            return float(np.std(means, ddof=1)) / math.sqrt(len(means)) if len(means) > 1 else math.nan
        return math.sqrt(self.m2 / (self.n_paths - 1) / self.n_paths) if self.n_paths > 1 else math.nan

    @property
    def error_ratio(self) -> float:
        """Plain standard error over that with the control: infinite where it explains all, 1 without a control.

        Its square is the factor by which the plain mean would need more paths for the same error.
        """
        if self.standard_error == 0.0:
            return 1.0 if self.plain_error == 0.0 else math.inf
        return self.plain_error / self.standard_error
