"""Annual rates that cannot be mixed up: `APR` (simple) and `APY` (effective), both per 365 days."""

from typing import NoReturn

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.display import brief, displays
from stakingmodels.errors import InputTypeError, NumericalError
from stakingmodels.numerics import entrances
from stakingmodels.series import as_series, listed

DAYS_PER_YEAR = 365.0
"""Days of the library's year. Protocol rules keep their own and say so."""

_CONVERSION_LIMIT = 1e7
_LOG_MAX = 700.0  # exp() of more overflows float64


def _checked(where: str, value: object) -> float | FloatArray:
    name = where.partition(".")[0]
    rule = f"{name.lower()} must be in (-1, {checks.RATE_LIMIT:g}] (0.05 means 5 %)"
    value = listed(name, value)
    if isinstance(value, np.ndarray) and value.ndim:
        rows = as_series(name, value)
        bad = (rows <= -1.0) | (rows > checks.RATE_LIMIT)
        if bad.any():
            index = tuple(int(i) for i in np.argwhere(bad)[0])
            checks.refuse(name, f"{rule}; the first that is not stands at index {index}", float(rows[index]))
        return rows
    number = checks.real(name, value)
    if not -1.0 < number <= checks.RATE_LIMIT:
        checks.refuse(name, rule, value)
    return number


@attrs.frozen(eq=False)
class _Rate:
    value: float | FloatArray = attrs.field(validator=checks.field(_checked))

    def __eq__(self, other: object) -> bool:
        """Equal only within one type: ``APR(0.04) == APY(0.04)`` is False."""
        return type(other) is type(self) and np.array_equal(self.value, other.value)

    def __hash__(self) -> int:
        if isinstance(self.value, np.ndarray):
            raise InputTypeError(f"{type(self).__name__}: a rate that holds an array cannot be hashed")
        return hash((type(self).__name__, self.value))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({brief(self.value)})"

    def _mixed(self, *_: object) -> NoReturn:
        name = type(self).__name__
        raise InputTypeError(
            f"{name}: rates are not plain numbers; convert with to_apy()/to_apr(), or take the fraction from .value"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _mixed
    __float__ = __lt__ = __le__ = __gt__ = __ge__ = _mixed


def _numbers(years: float | FloatArray) -> float | FloatArray:
    """A number or an array as it is, a list as an array."""
    return years if isinstance(years, (float, int, np.ndarray, np.number)) else np.asarray(years, dtype=np.float64)


@attrs.frozen(eq=False)
class APR(_Rate):
    """Simple annual rate: ``reward = capital * value * days / 365``, without compounding.

    Parameters
    ----------
    value
        Fraction a year (``0.04`` is 4 %), above -1. An array makes a market series: ``(n_times,)`` or
        ``(n_times, n_paths)``, row k held over the interval [k, k+1).

    Examples
    --------
    >>> APR(0.20).to_apy(compounding=365)
    APY(0.22133585825173863)
    """

    def to_apy(self, *, compounding: int) -> "APY":
        """Effective rate when paid and compounded `compounding` times a year: ``(1 + r/n)**n - 1``.

        Parameters
        ----------
        compounding
            Periods a year, a whole number from 1 (365 for daily).

        Raises
        ------
        NumericalError
            Where the result overflows float64.
        """
        n = checks.integer("APR.to_apy: compounding", compounding, 1, 10**9)
        value = _convertible("apr", self.value)
        exponent = n * np.log1p(value / n)
        if np.any(exponent > _LOG_MAX):
            raise NumericalError(f"APR.to_apy: overflow: apr {checks.show(self.value)} compounded {n} times a year")
        return APY(_unwrap(np.expm1(exponent)))

    def accrued(self, years: float | FloatArray) -> float | FloatArray:
        """Fraction earned over `years` (of 365 days): ``value * years``."""
        return self.value * _numbers(years)

    def __reduce__(self) -> tuple[type["APR"], tuple[float | FloatArray]]:
        return APR, (self.value,)  # through the constructor, which makes an array read-only again


@attrs.frozen(eq=False)
class APY(_Rate):
    """Effective annual rate: ``capital`` grows by ``(1 + value) ** (days / 365)``, compounding included.

    Parameters
    ----------
    value
        Fraction a year (``0.04`` is 4 %), above -1; or an array, as for `APR`.

    Examples
    --------
    >>> round(APY(0.04).to_apr(compounding=365).value, 6)
    0.039223
    """

    def to_apr(self, *, compounding: int) -> APR:
        """Simple rate which, compounded `compounding` times a year, gives this one."""
        n = checks.integer("APY.to_apr: compounding", compounding, 1, 10**9)
        value = _convertible("apy", self.value)
        apr = n * np.expm1(np.log1p(value) / n)
        if np.any(apr <= -1.0):
            checks.refuse("APY.to_apr", f"loses more than any apr above -1 compounded {n} times a year", self.value)
        return APR(_unwrap(apr))

    def accrued(self, years: float | FloatArray) -> float | FloatArray:
        """Fraction earned over `years` (of 365 days): ``(1 + value)**years - 1``."""
        with np.errstate(over="ignore"):
            accrued = np.expm1(np.log1p(self.value) * _numbers(years))
        if not np.all(np.isfinite(accrued)):
            raise NumericalError(f"APY.accrued: overflow: apy {checks.show(self.value)} over {np.max(years):g} years")
        return _unwrap(accrued)

    def __reduce__(self) -> tuple[type["APY"], tuple[float | FloatArray]]:
        return APY, (self.value,)  # through the constructor, which makes an array read-only again


def _convertible(name: str, value: float | FloatArray) -> float | FloatArray:
    if np.any(np.abs(value) >= _CONVERSION_LIMIT):
        checks.refuse(name, f"must be below the limit {_CONVERSION_LIMIT:g} to be converted", value)
    return value


def _unwrap(value: FloatArray | np.float64 | float) -> float | FloatArray:
    return value if isinstance(value, np.ndarray) else float(value)


def as_rate(where: str, value: object) -> APR | APY:
    """The value if it is an `APR` or `APY`; a bare number is refused with the sentence that says how to write it."""
    if isinstance(value, (APR, APY)):
        return value
    shown = checks.show(value) if isinstance(value, (int, float)) else "0.04"
    checks.refuse_type(where, f"must be a rate; write APR({shown}) or APY({shown})", value)


displays(__name__)
entrances(__name__)
