"""Warnings of prices and costs of hash rate that look like those of another unit."""

from stakingmodels import checks
from stakingmodels.errors import UnitWarning
from stakingmodels.market.plausible import HIGHEST_POWER_PRICE

_MOST_COST = 5.0
_MOST_PRICE = 5_000.0
_LEAST_PRICE_A_DAY = 1e-3  # a TH/s earned 0.028 USD or more on every day from 2020-01-01 to 2026-06-01
_YEAR_OF_TERM = 365.0  # a term without an end is checked by its first year
_BACK_AT_ONCE = 0.5  # of the price a day


def warn_of_power(who: str, power: object) -> None:
    """Warn of a price in USD per kWh that is plausible only per MWh or in cents."""
    if isinstance(power, float) and power > HIGHEST_POWER_PRICE:
        text = f"{who}: power at {power:g} USD per kWh: is it per MWh, or in cents? Write 0.05 for 50 USD per MWh"
        checks.warn(text, UnitWarning)


def warn_of_daily_price(who: str, price: float | None) -> None:
    """Warn of a price by the day, in USD per TH/s and day, that is plausible only per PH/s or GH/s."""
    if price is not None and not _LEAST_PRICE_A_DAY <= price <= _MOST_COST:
        unit = "PH/s? Write a thousandth of it" if price > _MOST_COST else "GH/s? Write a thousand times of it"
        checks.warn(f"{who}: a price of {price:g} USD per TH/s and day: is it per {unit}", UnitWarning)


def warn_of_units(who: str, price: float, cost: float, term_days: float) -> None:
    """Warn of a price for the term, in USD per TH/s, and of a cost a day that are plausible only per PH/s or GH/s."""
    for what, value, most in (
        ("electricity and maintenance of {:g} USD per TH/s and day", cost, _MOST_COST),
        ("a price of {:g} USD per TH/s", price, _MOST_PRICE),
    ):
        if value > most:
            checks.warn(f"{who}: {what.format(value)}: is it per PH/s? Write a thousandth of it", UnitWarning)
    days = min(term_days, _YEAR_OF_TERM)
    if price < _LEAST_PRICE_A_DAY * days:
        text = f"{who}: a price of {price:g} USD per TH/s for {days:g} days: is it per GH/s, or for a day? "
        checks.warn(text + "It is that of a TH/s for the whole term", UnitWarning)


def warn_of_promise(who: str, per_day: float | None) -> None:
    """Warn of a promise that would pay the price back within two days: in per cent, or of a year."""
    if per_day is not None and per_day >= _BACK_AT_ONCE:
        text = f"{who}: guaranteed_per_day of {per_day:g} is {per_day:.0%} of the price each day"
        checks.warn(f"{text}; in per cent? write {per_day / 100:g}", UnitWarning)
