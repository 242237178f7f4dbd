"""Exchange rates and cash rates of some currencies on one day, each with its source."""

from collections.abc import Mapping

import attrs

from stakingmodels.rates import APR, APY
from stakingmodels.series import FrozenMap
from stakingmodels.words import Note


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """Exchange rate of a currency to the US dollar on one day, and the rate that its cash earned.

    Attributes
    ----------
    per_usd
        Units of the currency for one US dollar.
    date, source
        Day of the exchange rate, and who published it.
    cash_rate
        Risk-free rate of the currency.
    cash_date, cash_source
        Day of that rate, and who published it.
    """

    per_usd: float
    date: str
    source: str
    cash_rate: APR | APY
    cash_date: str
    cash_source: str


_DAY = "2025-12-31"
_ECB = "currency.source_ecb"
_USD_PER_EUR, _JPY_PER_EUR, _GBP_PER_EUR = 1.1750, 184.09, 0.87260

EXCHANGE_RATES: Mapping[str, ExchangeRate] = FrozenMap(
    {
        "TWD": ExchangeRate(
            per_usd=31.438,
            date=_DAY,
            source=Note("currency.source_taipei"),
            cash_rate=APR(0.01228),
            cash_date="2025-12-03",
            cash_source=Note("currency.source_cbc"),
        ),
        "EUR": ExchangeRate(
            per_usd=1.0 / _USD_PER_EUR,
            date=_DAY,
            source=Note(_ECB, quotes=("1.1750 USD",)),
            cash_rate=APR(0.0200 * 365.0 / 360.0),
            cash_date="2025-12-18",
            cash_source=Note("currency.source_deposit_facility"),
        ),
        "JPY": ExchangeRate(
            per_usd=_JPY_PER_EUR / _USD_PER_EUR,
            date=_DAY,
            source=Note(_ECB, quotes=("184.09 JPY", "1.1750 USD")),
            cash_rate=APR(0.0075),
            cash_date="2025-12-19",
            cash_source=Note("currency.source_call_rate"),
        ),
        "GBP": ExchangeRate(
            per_usd=_GBP_PER_EUR / _USD_PER_EUR,
            date=_DAY,
            source=Note(_ECB, quotes=("0.87260 GBP", "1.1750 USD")),
            cash_rate=APR(0.0375),
            cash_date="2025-12-18",
            cash_source=Note("currency.source_bank_rate"),
        ),
    }
)
"""Exchange rates by currency, of the last trading day before `REFERENCE_START`.

Exchange rates: the close in Taipei (CNA, United Daily News), and the reference rates of the European Central Bank, as
reported on that day (klamm.de). Cash rates: what central banks pay or aim at overnight, and for TWD the auction of the
central bank's certificates of 364 days (United Daily News of 2025-12-04); a bank's deposit may pay more or less. A
currency that is not here needs its rate from you.
"""


def known_rate(currency: str, base: str) -> float | None:
    """Units of a currency for one unit of another, of `EXCHANGE_RATES`; None where one of them is not there."""
    per_usd = {"USD": 1.0, **{name: rate.per_usd for name, rate in EXCHANGE_RATES.items()}}
    return per_usd[currency] / per_usd[base] if currency in per_usd and base in per_usd else None
