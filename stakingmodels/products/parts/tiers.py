"""`Tiers`: rates by the tier of a balance, each on the coins within it, as a term."""

import math
from typing import Any, cast

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray
from stakingmodels.display import shorten
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.replacing import Replaceable

_HOW = "Tiers((APR(0.05), APR(0.01)), up_to=0.05)"


def as_tuple(value: object) -> Any:
    """Several of a term as a tuple: one alone, or in a list."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def several(check: terms.Check, **about: Any) -> Any:
    """A field of a part with several numbers or days, none by default; one alone needs no tuple."""
    rules = terms.rules("other", check, default=(), **about)
    return attrs.field(default=(), kw_only=True, converter=as_tuple, **rules)


def _rates(where: str, value: object) -> object:
    found = cast("tuple[object, ...]", value)
    if not found:
        checks.refuse(where, "must hold a rate at least", value, _HOW)
    for number, each in enumerate(found):
        as_rate(f"{where}[{number}]", each)
    return value


def _ends(where: str, value: object) -> object:
    """Refuse ends that do not grow; infinity is an end that is never reached."""
    before = 0.0
    for number, each in enumerate(cast("tuple[object, ...]", value)):
        here = f"{where}[{number}]"
        end = math.inf if isinstance(each, float) and each == math.inf else checks.positive(here, each)
        if end <= before:
            checks.refuse(here, f"must be above the end of the tier before it, {before:g}", each, "from low to high")
        before = end
    return value


_RATES = terms.rules("other", _rates)


@terms.sheet
class Tiers(Replaceable):
    """Posted rates by tier of the balance, marginal: each is paid on the coins within its tier only.

    Parameters
    ----------
    rates
        Rates from the lowest tier up, 0 or more, an `APR` or `APY` each.
    up_to
        Coins at which each tier ends, from low to high; one alone needs no tuple. The last tier may be left without an
        end. Where it has one, that is a cap: coins above it earn nothing.

    Notes
    -----
    The balance is what earns in the interval, before its rewards: coins staked, and those in the wait to leave if the
    terms pay it. Coins that begin to earn within the interval count by their part of it.

    Examples
    --------
    >>> from stakingmodels import APR, ExchangeStaking, Market, Price, Tiers, TimeGrid
    >>> earn = ExchangeStaking("BTC", posted_rate=Tiers((APR(0.0365), APR(0.00365)), up_to=0.05), compounding=False)
    >>> market = Market(TimeGrid.daily("2026-01-01", days=10), {Price("BTC"): 100_000.0})
    >>> for capital in (5_000.0, 15_000.0):  # 0.05 and 0.15 BTC
    ...     round(float(earn.run(market, capital=capital).lines["interest"][0]), 6)
    5.0
    6.0
    """

    rates: tuple[APR | APY, ...] = attrs.field(
        kw_only=False, converter=as_tuple, validator=_RATES["validator"], metadata=_RATES["metadata"]
    )
    up_to: float | tuple[float, ...] = several(_ends, unit="coins")

    def __attrs_post_init__(self) -> None:
        """Refuse ends that do not belong to the rates."""
        ends = cast("tuple[float, ...]", self.up_to)
        if len(ends) not in (len(self.rates) - 1, len(self.rates)):
            rule = f"must have an end for each of the {len(self.rates)} rates, or for all but the last"
            checks.refuse("Tiers.up_to", rule, ends, _HOW)

    def accrued(self, years: float, balance: FloatArray) -> FloatArray:
        """Fraction of a balance accrued in an interval, ``(n_paths,)``: each tier's by its share of the balance."""
        found = np.zeros(balance.shape)
        below: FloatArray | float = 0.0
        ends = cast("tuple[float, ...]", self.up_to)
        for rate, end in zip(self.rates, (*ends, math.inf), strict=False):
            share = np.ones(balance.shape)  # of the balance up to this end; nothing has all of itself in the first tier
            np.divide(end, balance, out=share, where=balance > end)
            found += rate.accrued(years) * (share - below)
            below = share
        return found


shorten(Tiers)
