"""Rows of the table that shows a fit."""

from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit, OrnsteinUhlenbeckFit
from stakingmodels.scenarios.calibration.responses import ResponseFit
from stakingmodels.words import Note

Row = tuple[str, str, Estimate, str]
"""Subject, parameter, estimate, and goodness of fit."""


def level_rows(of: str, found: GBMFit) -> list[Row]:
    """Rows of a price or difficulty."""
    fits = Note(
        "fit.of_diffusion", kurtosis=found.excess_kurtosis, distance=found.ks_statistic, changes=found.n_observations
    )
    return [(of, Note("fit.volatility"), found.volatility, fits), (of, Note("fit.trend"), found.trend, "")]


def jump_rows(of: str, found: JumpFit) -> list[Row]:
    """Rows of the jumps of a price."""
    fits = Note("fit.of_jumps", kurtosis=found.excess_kurtosis, distance=found.ks_statistic)
    return [
        (of, Note("fit.calm_volatility"), found.volatility, fits),
        (
            of,
            Note("fit.jump_intensity"),
            found.jump_intensity,
            Note("fit.found", count=found.count, expected_false_jumps=found.expected_false_jumps),
        ),
        (of, Note("fit.log_jump_mean"), found.mean, ""),
        (of, Note("fit.log_jump_volatility"), found.standard_deviation, ""),
    ]


def ratio_rows(of: str, found: OrnsteinUhlenbeckFit) -> list[Row]:
    """Rows of a market ratio."""
    fits = Note("fit.of_reversion", r_squared=found.r_squared, lags=found.lags, noise=found.noise_share)
    return [
        (of, Note("fit.mean"), found.mean, fits),
        (of, Note("fit.deviation"), found.standard_deviation, ""),
        (of, Note("fit.half_life"), found.half_life_days, ""),
    ]


def response_rows(of: str, found: ResponseFit) -> list[Row]:
    """Rows of a hash rate."""
    fits = Note("fit.of_response", r_squared=found.r_squared, months=found.months)
    return [
        (of, Note("fit.elasticity"), found.elasticity, fits),
        *((of, Note("fit.lag", months=k), x, "") for k, x in enumerate(found.by_lag)),
        (of, Note("fit.growth"), found.growth, ""),
        (of, Note("fit.volatility"), found.volatility, ""),
    ]
