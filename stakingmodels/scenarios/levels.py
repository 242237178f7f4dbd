"""Helpers of scenarios with random levels: checks of their terms, and diffusion of a level."""

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, MarketRatio, TimeGrid
from stakingmodels.market.factors import as_factor, factor_keys
from stakingmodels.rates import APR, APY, DAYS_PER_YEAR, as_rate
from stakingmodels.scenarios.drivers import Correlation, Noise
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.words import Note

T = TypeVar("T")

LIMIT = 10.0
"""Largest volatility, drift and jump: 1,000 % a year or at once."""


def as_volatility(where: str, value: object) -> float:
    """A volatility a year, in [0, 10]."""
    number = checks.non_negative(where, value)
    if number > LIMIT:
        rule = f"must be a fraction a year in [0, {LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(number))
    return number


def as_drift(where: str, value: object) -> float:
    """A growth of the mean a year, in [-10, 10]."""
    number = checks.real(where, value)
    if abs(number) > LIMIT:
        rule = f"must be a fraction a year in [-{LIMIT:g}, {LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(abs(number)))
    return number


def as_log_jump(where: str, value: object) -> float:
    """The mean logarithm of a jump, in [-10, 10]."""
    number = checks.real(where, value)
    if abs(number) > LIMIT:
        rule = f"must be a logarithm in [-{LIMIT:g}, {LIMIT:g}]"
        checks.refuse(where, rule, value, checks.fraction_hint(abs(number)))
    return number


def as_half_life(where: str, value: object) -> float:
    """Days in which half of a gap has closed, above 0."""
    number = checks.real(where, value)
    if not 0.0 < number <= checks.CAPITAL_LIMIT:
        how = "a gap that closes at once: write 0.01" if number == 0.0 else ""
        checks.refuse(where, f"must be in (0, {checks.CAPITAL_LIMIT:g}] days", value, how)
    return number


def as_ratio(where: str, value: object) -> float:
    """Price of a token in its coin, in (0, 10]."""
    number = checks.positive(where, value)
    if number > LIMIT:
        checks.refuse(where, f"must be a ratio in (0, {LIMIT:g}]", value, checks.fraction_hint(number))
    return number


def as_market_ratio(where: str, value: object) -> MarketRatio:
    """Check the ratio of a peg."""
    return checks.instance(where, value, MarketRatio, 'MarketRatio("stETH")')


def copied(value: Correlation) -> Correlation:
    """Copy of the correlations, since the caller may change the mapping later; `Drivers` refuses anything else."""
    return FrozenMap({_pair(key): rho for key, rho in value.items()}) if isinstance(value, Mapping) else value


def _pair(key: Any) -> Any:
    """A pair of factors, in which texts stand for their factors."""
    is_text = isinstance(key, tuple) and any(isinstance(each, str) for each in key)
    return tuple(as_factor("correlation", each, 'a factor such as Price("ETH")') for each in key) if is_text else key


def level_map(scenario: str, value: object, kind: type[T], how: str) -> Mapping[Factor, T]:
    """Copy of the terms of each level.

    Parameters
    ----------
    scenario
        Name of the class, for messages.
    kind
        Class of the terms of one level.
    how
        Example of how to write one.
    """
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(f"{scenario}.levels", f'must be a mapping such as {{Price("ETH"): {how}}}', value)
    levels = factor_keys(f"{scenario}.levels", value)
    for factor, terms in levels.items():
        checks.instance(f"{scenario}: {factor}", terms, kind, how)
        if factor.kind != "level":
            checks.refuse(f"{scenario}: {factor}", "must be a level such as a price", factor.kind, "use Constants")
    return FrozenMap(levels)


def diffuse(
    factor: Factor, volatility: float, growth: float, start: int, years: FloatArray, noise: Noise, rows: FloatArray
) -> None:
    """Fill rows with the log returns of a diffusion whose mean grows by `growth` a year.

    Parameters
    ----------
    start
        First step of the rows.
    years
        ``(n_rows, 1)`` length of each step.
    rows
        ``(n_rows, n_paths)``, or ``(n_rows, 1)`` where the volatility is 0.
    """
    if volatility == 0.0:
        rows[:] = growth * years
        return
    noise.fill(factor, start, start + len(rows), rows, volatility * np.sqrt(years))
    np.add(rows, (growth - 0.5 * volatility**2) * years, out=rows)


def growth_in_words(drift: float, volatility: float | None = None) -> str:
    """Text of a continuous drift as yearly growth of the mean, and of the median of a diffusion."""
    mean = np.expm1(drift)
    if volatility is None:
        return Note("note.growth", mean=mean)
    return Note("note.growth_and_median", mean=mean, median=np.expm1(drift - 0.5 * volatility**2))


def steady_growth(drift: float, grid: TimeGrid) -> FloatArray:
    """Growth of a mean at a continuous `drift` a year, ``exp(drift * t)``, ``(n_times,)``."""
    with np.errstate(over="ignore", under="ignore"):  # a market then treats it as unknown
        return frozen(np.exp(grid.elapsed_days * (drift / DAYS_PER_YEAR)))


def cash_drift(where: str, cash_rate: APR | APY) -> float:
    """Continuous growth of the mean a year that equals a cash rate compounded daily."""
    daily = checks.real(where, as_rate(where, cash_rate).accrued(1.0 / DAYS_PER_YEAR))
    return DAYS_PER_YEAR * float(np.log1p(daily))
