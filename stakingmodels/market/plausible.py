"""Ranges of recorded values, and warnings of valid numbers far outside them: most are in another unit."""

import math
from collections.abc import Mapping

import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, DateArray, FloatArray
from stakingmodels.errors import UnitWarning
from stakingmodels.market.factors import (
    BlockFees,
    CashRate,
    Difficulty,
    EntryWait,
    ExitWait,
    Factor,
    Hashrate,
    MarketRatio,
    PowerPrice,
    StakingReward,
)
from stakingmodels.series import warn_if_percent

BITCOIN_DIFFICULTY: Mapping[int, float] = {
    2012: 1.16e6,
    2013: 2.98e6,
    2014: 1.18e9,
    2015: 4.06e10,
    2016: 1.04e11,
    2017: 3.18e11,
    2018: 1.93e12,
    2019: 5.62e12,
    2020: 1.31e13,
    2021: 1.86e13,
    2022: 2.43e13,
    2023: 3.54e13,
    2024: 7.20e13,
    2025: 1.098e14,
    2026: 1.483e14,
}
"""Bitcoin's difficulty on 1 January, three digits, from the block headers of that day."""
BITCOIN_BLOCK_FEES: Mapping[int, float] = {
    2020: 0.42,
    2021: 0.24,
    2022: 0.092,
    2023: 0.19,
    2024: 0.15,
    2025: 0.031,
    2026: 0.018,
}
"""Median over the days of a year of Bitcoin's fees a block, in coins: fees of a day over its blocks, from Coin Metrics'
daily series, 2020-01-01 to 2026-06-01."""
US_TREASURY_BILL: Mapping[int, float] = {
    2015: 0.001,
    2016: 0.003,
    2017: 0.009,
    2018: 0.019,
    2019: 0.021,
    2020: 0.004,
    2021: 0.0005,
    2022: 0.020,
    2023: 0.051,
    2024: 0.050,
    2025: 0.041,
}
"""Yearly mean of the three-month US Treasury bill as a fraction (FRED TB3MS), rounded."""
RATIO_RANGE = (0.2, 5.0)
"""Range of the median price of a liquid token in its coin."""
BLOCK_FEES_LIMIT = 10.0
"""Coins; no recorded day has a mean above it."""

LONGEST_WAIT = 500.0
"""Days; the longest queue on record was of 71.4 (Ethereum's entry, 2026)."""
HIGHEST_POWER_PRICE = 2.0
"""USD per kWh; households pay 0.15 to 0.25, and miners a third of it."""

_DECADE = 10.0
_FEES_SPREAD = 20.0  # a day's fees over a year's median reached 63 on one day; a median of days stays within this
_YEARS_BEYOND = 2
_RECENT = np.arange(2020.0, 2027.0)  # for a constant without a date
_HASHES = 2.0**32 / 600.0 / 1e12  # TH/s for a difficulty of 1 at a block in 600 seconds
_LOWEST_REWARD = 1e-3  # no chain that pays on stake pays less in a year
_LOWEST_RATE = 1e-6
_HIGHEST_REWARD = 0.5  # the large chains have paid at most a fifth of the stake in a year
_HASHRATE_UNITS = {12: "H/s", 9: "kH/s", 6: "MH/s", 3: "GH/s", -3: "PH/s", -6: "EH/s", -9: "ZH/s"}
_DIFFICULTY_UNITS = {-12: "T", -9: "G", -15: "P", 10: "hashes"}
_LONG = (
    LONGEST_WAIT,
    'the median wait is {:.4g} days, longer than any on record; in seconds or hours? a file: unit="seconds" or "hours"',
)
_MOST: Mapping[type[Factor], tuple[float, str]] = {
    EntryWait: _LONG,
    ExitWait: _LONG,
    PowerPrice: (
        HIGHEST_POWER_PRICE,
        'the median price of power is {:.4g} USD per kWh: of a MWh, or in cents? a file: unit="USD/MWh" or "cents/kWh"',
    ),
}  # the highest median of a factor, and the warning above it


def warn_of_record(where: str, factor: Factor, dates: DateArray, values: FloatArray) -> None:
    """Warn where dated values are far from the records of their dates.

    Parameters
    ----------
    where : str
        Name of the values in the warning.
    factor : Factor
        Factor of the values.
    dates : ndarray of datetime64, shape (n,)
        Their days.
    values : ndarray of float64, shape (n,)
        In the factor's unit.

    Warns
    -----
    UnitWarning
        Bitcoin's hash rate or difficulty more than a decade off; fees of a block twentyfold off in the median or
        above `BLOCK_FEES_LIMIT`; a ratio with a median outside `RATIO_RANGE`, or that only grows; rates that look like
        percent, or like those of a block or a day; waits with a median above `LONGEST_WAIT`; prices of power with one
        above `HIGHEST_POWER_PRICE`.
    """
    years = _years(dates)
    if isinstance(factor, (Hashrate, Difficulty)):
        _warn_of_network(where, factor, years, values)
    elif isinstance(factor, BlockFees):
        _warn_of_fees(where, factor, years, values)
    elif factor.is_rate:
        _warn_of_rate(where, factor, years, values)
    else:
        _warn_of_level(where, factor, values)


def warn_of_opening(where: str, factor: Factor, date: "np.datetime64 | None", value: object) -> None:
    """Warn where a given series opens far from the record; `date` is its first, or None for any year.

    Only the first row of levels counts: later rows may be a hypothetical scenario.
    """
    opening = np.atleast_1d(np.asarray(getattr(value, "value", value), dtype=np.float64))[:1].ravel()
    if isinstance(factor, (Hashrate, Difficulty)):
        level = float(np.median(opening))
        years = _RECENT if date is None else _years(np.asarray(date).reshape(1))
        years = years[_on_record(years)]
        if years.size and level > 0.0:
            record = _network_record(factor, years)
            k = int(np.argmin(np.abs(np.log(record / level))))
            _warn_if_off(
                where, factor, level, float(record[k]), f"of {years[k]:.1f}" if date is not None else "since 2020"
            )
    elif isinstance(factor, BlockFees):
        _warn_of_fees(where, factor, np.empty(0), opening)
    elif factor.is_rate:
        _warn_of_low_rate(where, factor, opening)
    else:
        _warn_of_level(where, factor, opening)


def _years(dates: DateArray) -> FloatArray:
    days = np.asarray(dates).astype("datetime64[D]")
    years = days.astype("datetime64[Y]")
    begin, end = years.astype("datetime64[D]"), (years + np.timedelta64(1, "Y")).astype("datetime64[D]")
    return np.asarray(1970.0 + years.astype(np.int64) + (days - begin) / (end - begin))  # whole on 1 January


def _network_record(factor: Factor, years: FloatArray) -> FloatArray:
    """Bitcoin's level at these times, interpolated in logarithms between 1 January of each year."""
    known = np.array(list(BITCOIN_DIFFICULTY), float)
    level = np.exp(np.interp(years, known, np.log(list(BITCOIN_DIFFICULTY.values()))))
    return np.asarray(level * _HASHES if isinstance(factor, Hashrate) else level)


def _on_record(years: FloatArray) -> BoolArray:
    return np.asarray((years >= min(BITCOIN_DIFFICULTY)) & (years <= max(BITCOIN_DIFFICULTY) + 1 + _YEARS_BEYOND))


def _warn_of_network(where: str, factor: Factor, years: FloatArray, values: FloatArray) -> None:
    known = _on_record(years)
    record, given = _network_record(factor, years[known]), values[known]
    off = np.flatnonzero((given > record * _DECADE) | (given * _DECADE < record))
    if off.size:
        k = int(off[0])
        _warn_if_off(where, factor, float(given[k]), float(record[k]), f"of {years[known][k]:.1f}")


def _warn_if_off(where: str, factor: Factor, level: float, record: float, when: str) -> None:
    if factor.name != "BTC" or record / _DECADE <= level <= record * _DECADE:
        return
    power = math.log10(level / record) if level > 0.0 else 0.0
    is_hashrate = isinstance(factor, Hashrate)
    names = _HASHRATE_UNITS if is_hashrate else _DIFFICULTY_UNITS
    nearest = min(names, key=lambda each: abs(each - power))
    hint = f'; if it is in {names[nearest]}, write unit="{names[nearest]}"' if abs(nearest - power) < 1.0 else ""
    unit = " TH/s" if is_hashrate else ""
    text = f"{where}: {level:.4g}{unit} is more than a decade from the record {when}, {record:.3g}{unit}{hint}"
    checks.warn(text, UnitWarning)


def _warn_of_fees(where: str, factor: Factor, years: FloatArray, values: FloatArray) -> None:
    middle = float(np.median(values))
    if factor.name == "BTC" and years.size and years.min() >= min(BITCOIN_BLOCK_FEES):
        known = np.array(list(BITCOIN_BLOCK_FEES))
        record = np.array(list(BITCOIN_BLOCK_FEES.values()))[np.searchsorted(known, years, side="right") - 1]
        ratio = float(np.median(values / record))
        if ratio > _FEES_SPREAD or 0.0 < ratio < 1.0 / _FEES_SPREAD:
            text = (
                f"{where}: the median of {middle:.3g} coins a block is {ratio:.2g} times that on record; fees of a day "
            )
            checks.warn(text + 'or in satoshi? write unit="coins/day" or "satoshi/block"', UnitWarning)
            return
    if factor.name == "BTC" and middle > BLOCK_FEES_LIMIT:
        text = (
            f"{where}: the median of {middle:.4g} coins a block is above any day on record: of a day, or in satoshi? "
        )
        checks.warn(text + 'a file: unit="coins/day" or "satoshi/block"', UnitWarning)


def _warn_of_ratio(where: str, values: FloatArray) -> None:
    middle = float(np.median(values))
    low, high = RATIO_RANGE
    if not low <= middle <= high and middle > 0.0:
        text = (
            f"{where}: the median ratio is {middle:.4g}, outside {low:g} to {high:g}: a price in money, or in another "
        )
        checks.warn(text + "unit? it is the price of the token in its coin", UnitWarning)
    elif values.size > 15 and middle > 1.01 and (np.diff(values) > 0.0).mean() > 0.9:
        text = f"{where}: the ratio hardly ever falls, from {values[0]:.4g} to {values[-1]:.4g}: are rewards in it? "
        checks.warn(text + "divide by the redemption rate of the token", UnitWarning)


def _warn_of_level(where: str, factor: Factor, values: FloatArray) -> None:
    if isinstance(factor, MarketRatio):
        _warn_of_ratio(where, values)
    most, text = _MOST.get(type(factor), (0.0, ""))
    if most and (middle := float(np.median(values))) > most:
        checks.warn(f"{where}: {text.format(middle)}", UnitWarning)


def _warn_of_rate(where: str, factor: Factor, years: FloatArray, values: FloatArray) -> None:
    warn_if_percent(where, values)
    _warn_of_low_rate(where, factor, values)
    middle = float(np.median(values))
    if isinstance(factor, StakingReward) and _HIGHEST_REWARD < middle <= 1.0:
        text = f"{where}: the median rate is {middle:.3g}, {middle:.0%} of the stake in a year; percent? "
        checks.warn(text + 'write unit="percent"', UnitWarning)
    if middle <= 1.0 and factor == CashRate("USD") and years.size and years.min() >= min(US_TREASURY_BILL):
        known = np.array(list(US_TREASURY_BILL))
        record = np.array(list(US_TREASURY_BILL.values()))[np.searchsorted(known, years, side="right") - 1]
        off = np.flatnonzero(values > 3.0 * record + 0.02)
        if off.size * 2 > values.size:
            k = int(off[0])
            text = f"{where}: {values[k]:.3g} in {years[k]:.0f}, when a Treasury bill paid {record[k]:.2%}; percent? "
            checks.warn(text + 'write unit="percent"', UnitWarning)


def _warn_of_low_rate(where: str, factor: Factor, values: FloatArray) -> None:
    """Warn of a rate of a block, an epoch or a day."""
    middle = float(np.median(np.abs(values)))
    low = _LOWEST_REWARD if isinstance(factor, StakingReward) else _LOWEST_RATE
    if 0.0 < middle < low:
        text = f"{where}: the median rate is {middle:.3g}, {middle:.2g} of the sum in a year: of a day, an epoch or "
        checks.warn(text + "a block? a rate of a year of 365 days is wanted", UnitWarning)
