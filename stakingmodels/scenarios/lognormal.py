"""Levels that are lognormal, wherever they stand within a scenario; growth of prices counted in one of them."""

import attrs

from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, Price, TimeGrid
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.drivers import Drivers
from stakingmodels.scenarios.events.shocked import Shocked
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.levels import steady_growth
from stakingmodels.scenarios.processes.gbm import GeometricBrownianMotion
from stakingmodels.series import frozen


@attrs.frozen
class Lognormal:
    """Drift of the mean and volatility of a level, a year and continuous; a constant has neither."""

    drift: float
    volatility: float


def lognormal(scenario: Scenario, factor: Factor) -> Lognormal | None:
    """Law of a level that diffuses or stays, looked for in the parts of a scenario; None for any other.

    Parameters
    ----------
    scenario
        Any scenario.
    factor
        A level of it.
    """
    if isinstance(scenario, GeometricBrownianMotion) and factor in scenario.levels:
        terms = scenario.levels[factor]
        return Lognormal(terms.drift, terms.volatility)
    if isinstance(scenario, Constants) and factor in scenario.values:
        return Lognormal(0.0, 0.0) if scenario.values[factor] else None  # a level of 0 has no logarithm
    if isinstance(scenario, Shocked) and factor not in scenario.changed:
        return lognormal(scenario.scenario, factor)
    if isinstance(scenario, Joint):
        part = next((part for part in scenario.parts if factor in part.factors), None)
        return None if part is None else lognormal(part, factor)
    return None


def correlation(drivers: Drivers, one: Factor, other: Factor) -> float:
    """Correlation of the noises of two factors; 0 for pairs that are not named."""
    if one == other:
        return 1.0
    return float(drivers.correlation.get((one, other), drivers.correlation.get((other, one), 0.0)))


def counted_growth(
    scenario: Scenario, rates: Scenario | None, quoted: Price, drivers: Drivers, factor: Price, grid: TimeGrid
) -> FloatArray | None:
    """Expected growth of a price in another currency, ``(n_times,)``; None where it is not known.

    In a coin of drift ``n`` and volatility ``s``, a price of drift ``m`` and volatility ``v`` has the mean growth
    ``exp((m - n + s**2 - rho s v) t)``; at an exchange rate of drift ``n`` and volatility ``s`` it has ``exp((m + n +
    rho s v) t)``: mean of a product or ratio of lognormal numbers.

    Parameters
    ----------
    scenario
        Scenario of the prices in the old currency.
    rates
        Scenario of the exchange rate; None where `scenario` has it.
    quoted
        Price of the old currency in the new one, or of the new one in the old, whichever is drawn.
    drivers
        Noises of both scenarios.
    factor
        The price; that of the old currency is the exchange rate itself.
    """
    base, holder = Price(scenario.numeraire), scenario if rates is None else rates
    if factor == base == quoted:
        return holder.expected_growth(factor, grid)
    law, sign = lognormal(holder, quoted), 1.0 if quoted == base else -1.0
    if law is None:
        return None
    by_itself = 0.5 * sign * (sign - 1.0) * law.volatility**2 + sign * law.drift
    if factor == base:
        return steady_growth(by_itself, grid)
    price = lognormal(scenario, factor)
    if price is not None:
        rho = correlation(drivers, factor, quoted)
        return steady_growth(by_itself + price.drift + sign * rho * price.volatility * law.volatility, grid)
    growth = scenario.expected_growth(factor, grid)
    others = [each for each in drivers.factors if each != quoted]
    is_alone = quoted not in scenario.drivers.factors and not any(correlation(drivers, quoted, x) for x in others)
    if growth is None or not (law.volatility == 0.0 or is_alone):
        return None
    return frozen(growth * steady_growth(by_itself, grid))
