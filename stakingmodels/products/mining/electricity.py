"""Electricity of hash rate: an amount for each TH/s and day, or power by the kWh at a price that may move."""

from collections.abc import Mapping
from typing import Any, Protocol

from stakingmodels import checks, terms
from stakingmodels._types import PathValue
from stakingmodels.market import Factor, Now, PowerPrice
from stakingmodels.products.parts.schedules import Schedule

PowerUsd = float | PowerPrice
"""Price of power in USD per kWh: a number, or a factor of the market."""
KWH_A_DAY = 0.024
"""kWh a day of one watt: of 1 TH/s for each J/TH."""


class PowerTerms(Protocol):
    """Terms of electricity."""

    @property
    def power_usd_per_kwh(self) -> PowerUsd | None:
        """USD per kWh; None where electricity is an amount for each TH/s and day."""
        ...

    @property
    def joules_per_th(self) -> float:
        """Energy for 1e12 hashes, J/TH: watts for each TH/s."""
        ...

    @property
    def electricity_usd_per_th_day(self) -> float:
        """USD per TH/s and day while machines run, where power is not by the kWh."""
        ...


def electricity_usd(terms: PowerTerms, now: Now | Mapping[Factor, PathValue]) -> PathValue:
    """Electricity of 1 TH/s for a day of running machines, in US dollars, at the price of the interval's end."""
    power = terms.power_usd_per_kwh
    if power is None:
        return terms.electricity_usd_per_th_day
    usd: PathValue = KWH_A_DAY * terms.joules_per_th * (now[power] if isinstance(power, Factor) else power)
    return usd


def _power(where: str, value: object) -> object:
    """A price of power: a number of 0 or more, a `Schedule` of these, or the market's."""
    if isinstance(value, Schedule):
        for number, each in enumerate(value.values):
            checks.non_negative(f"{where}.values[{number}]", each)
        return value
    if isinstance(value, Factor):
        return checks.instance(where, value, PowerPrice, 'PowerPrice("US") or a number of USD per kWh')
    return checks.non_negative(where, value)


def scheduled_power(*, default: Any, **about: Any) -> Any:
    """A term for a price of power in USD per kWh: a number, a `Schedule` of numbers, or ``PowerPrice("US")``."""
    about = {"unit": "USD/kWh", "low": 0.0, "high": checks.CAPITAL_LIMIT, "scheduled": True, **about}
    return terms.field("power price", _power, default=default, **about)
