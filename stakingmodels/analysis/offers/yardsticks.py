"""`OfferYardsticks`: dated figures of the market that an offer is held against."""

import math
from collections.abc import Mapping
from itertools import pairwise

import attrs

from stakingmodels import checks, terms
from stakingmodels._types import DateLike
from stakingmodels.analysis.offers.dated import figures_of
from stakingmodels.protocols.chains import (
    Chain,
    avalanche,
    cardano,
    cosmos,
    ethereum,
    near,
    polkadot,
    polygon,
    solana,
    tezos,
)
from stakingmodels.series import FrozenMap

_CHAINS: tuple[type[Chain], ...] = (
    ethereum.Ethereum,
    solana.Solana,
    cosmos.Cosmos,
    polkadot.Polkadot,
    polkadot.Kusama,
    avalanche.Avalanche,
    cardano.Cardano,
    near.Near,
    polygon.Polygon,
    tezos.Tezos,
)
TIPS: Mapping[str, float] = {"ETH": 0.0020, "SOL": 0.0088}
"""Tips, MEV and block rewards a year on all that is staked, beside the chain's own reward.

Sources: EIP-8363, year to 2026-07-31 (ETH, at most); sums of epochs of 2026-08 (SOL, 0.1 % MEV and 0.78 % of blocks).
"""
EARLIER: Mapping[str, float] = {"ETH": 0.052, "SOL": 0.090, "DOT": 0.127, "NEAR": 0.090, "AVAX": 0.0638, "ADA": 0.0353}
"""Highest reward rates that are known since 2023, tips included, simple a year before commission.

ETH 2023-06-04 (validatorqueue.com); SOL 2024-08-06 (sums of epochs); DOT until 2026-03-13 (120 M a year, 85 % of it on
802.9 M); NEAR until 2025-10 (issuance of 5 %, proposal); AVAX until 2026-09-22 (ACP-285, 365 days); ADA epoch 400.
"""
MINED = (
    "BTC",
    "BCH",
    "BSV",
    "LTC",
    "DOGE",
    "KAS",
    "ETC",
    "ZEC",
    "DASH",
    "XMR",
    "RVN",
    "DGB",
    "ALPH",
    "CKB",
    "ERG",
    "SC",
)
"""Coins that are mined by proof of work."""
NOT_MINED = ("XRP", "ETH", "SOL", "ADA", "ATOM", "DOT", "KSM", "AVAX", "NEAR", "POL", "MATIC", "XTZ", "BNB", "TRX",
             "SUI", "TON", "XLM", "ALGO", "HBAR", "LINK", "UNI", "USDT", "USDC", "DAI")  # fmt: skip
"""Coins without mining: issued at once, staked, or tokens of another chain. ETH since 2022-09-15."""
NOT_STAKED = (*MINED, "XRP", "XLM", "USDT", "USDC", "DAI", "UNI")
"""Coins to which no chain pays a reward for being held or locked."""
_HASHPRICE = 0.0366
_HIGHEST = 0.0594
_LOWEST = 0.0322
_MEANS = "monthly means of hash price, from daily issuance, fees, price and hash rate of Coin Metrics"
_RISES = ((1.0, 1.0), (30.0, 1.6), (90.0, 2.1), (180.0, 3.2), (365.0, 3.7), (1e9, 3.7))
"""Largest mean of a term over its first day, by the days of the term: 2020-01-01 to 2026-06-01, from late 2020 on."""


def _aprs(where: str, value: object) -> Mapping[str, float]:
    found = checks.instance(where, value, Mapping, '{"SOL": 0.0709}')
    for coin, apr in found.items():
        checks.text(f"{where}: coin", coin)
        checks.fraction(f"{where}[{coin!r}]", apr)
    return FrozenMap(dict(found))


@terms.sheet
class OfferYardsticks:
    """Figures of a date that an offer is held against: hash price, machines, power, and reward rates of chains.

    Parameters
    ----------
    as_of
        Day of the figures, ``YYYY-MM-DD``.
    hashprice_usd
        Income of 1 TH/s a day in USD, gross: before power and the pool's fee.
    highest_hashprice_usd, lowest_hashprice_usd
        Highest and lowest hash price at which an offer without a date may have been made, means of a month. By default
        those of July 2025 to May 2026; those of the date where `hashprice_usd` is given.
    btc_usd
        Price of a bitcoin in USD at that hash price.
    network_th_s
        Hash rate of the network, TH/s.
    cheapest_machine_usd, machine_usd
        Price of a machine in USD per TH/s, the cheapest and an ordinary one.
    joules_per_th, power_usd_per_kwh
        Power that an ordinary machine takes, and its price.
    fewest_days
        Days of output below which no one sells hash rate for an open or a long term.
    staking_aprs
        Reward rate of a coin on all that is staked, tips included, before commission, simple a year, by coin. They go
        before those of the chains of this library, each of its own day.

    Examples
    --------
    >>> from stakingmodels.analysis import OfferYardsticks
    >>> yardsticks = OfferYardsticks(as_of="2025-08-31", hashprice_usd=0.0564, btc_usd=114_800.0)
    >>> round(yardsticks.machine_net_per_day, 6)
    0.00156
    """

    as_of: str = terms.text(default="2026-05-31")
    hashprice_usd: float = terms.positive(
        default=_HASHPRICE, unit="USD per TH/s and day", source=_MEANS, date="2026-05-31"
    )
    highest_hashprice_usd: float | None = attrs.field(
        default=None, kw_only=True, validator=checks.field(checks.positive, optional=True)
    )
    lowest_hashprice_usd: float | None = attrs.field(
        default=None, kw_only=True, validator=checks.field(checks.positive, optional=True)
    )
    btc_usd: float = terms.positive(default=78_012.0, unit="USD", source=_MEANS, date="2026-05-31")
    network_th_s: float = terms.positive(
        default=9.66e8, unit="TH/s", source="difficulty of 135.0e12, mean of the month", date="2026-05-31"
    )
    cheapest_machine_usd: float = terms.positive(
        default=10.0, unit="USD per TH/s", source="TheMinerMag, best class of machines", date="2025-06-30"
    )
    machine_usd: float = terms.positive(
        default=20.0, unit="USD per TH/s", source="TheMinerMag, middle of 10 to 30", date="2025-06-30"
    )
    joules_per_th: float = terms.positive(
        default=17.5, unit="J/TH", source="maker's page of the Antminer S21", date="2026-11-30"
    )
    power_usd_per_kwh: float = terms.money(
        default=0.06, unit="USD/kWh", source="filings and offers of hosting of 2024 and 2025", date="2025-10-31"
    )
    fewest_days: float = terms.days(default=7.0, source="assumption of the library", date="2026-11")
    staking_aprs: Mapping[str, float] = attrs.field(factory=dict, kw_only=True, validator=checks.field(_aprs))

    def __attrs_post_init__(self) -> None:
        if self.cheapest_machine_usd > self.machine_usd:
            rule = f"must not be above machine_usd, {self.machine_usd:g}"
            checks.refuse("OfferYardsticks.cheapest_machine_usd", rule, self.cheapest_machine_usd)
        if not self.lowest <= self.hashprice_usd <= self.highest:
            rule = f"must be from lowest to highest, {self.lowest:g} to {self.highest:g}"
            checks.refuse("OfferYardsticks.hashprice_usd", rule, self.hashprice_usd)

    @classmethod
    def of(cls, day: DateLike) -> "OfferYardsticks":
        """Figures of the month of a day, from 2021-05-01 to 2026-05-31, with the months around it as the range.

        Hash price, price of BTC and difficulty are means of the month, by daily figures of Coin Metrics. Machines are
        between the few dated prices that are known, the cheapest at half of an ordinary one. Reward rates of chains,
        and power, stay those of the defaults.

        Parameters
        ----------
        day
            ``"2021-07-01"``, or another form of a day.

        Examples
        --------
        >>> from stakingmodels.analysis import OfferYardsticks
        >>> round(OfferYardsticks.of("2021-07-01").hashprice_usd, 3)
        0.311
        """
        found = figures_of("OfferYardsticks.of: day", day)
        return cls(
            as_of=found.day,
            hashprice_usd=found.hashprice,
            lowest_hashprice_usd=found.lowest,
            highest_hashprice_usd=found.highest,
            btc_usd=found.btc,
            network_th_s=found.network_th_s,
            machine_usd=found.machine,
            cheapest_machine_usd=found.cheapest,
        )

    @property
    def highest(self) -> float:
        """Highest hash price at which the offer may have been made, USD per TH/s and day."""
        if self.highest_hashprice_usd is not None:
            return self.highest_hashprice_usd
        return _HIGHEST if self.hashprice_usd == _HASHPRICE else self.hashprice_usd

    @property
    def lowest(self) -> float:
        """Lowest hash price at which the offer may have been made, USD per TH/s and day."""
        if self.lowest_hashprice_usd is not None:
            return self.lowest_hashprice_usd
        return _LOWEST if self.hashprice_usd == _HASHPRICE else self.hashprice_usd

    @property
    def power_usd_per_th_day(self) -> float:
        """Power of an ordinary machine, USD per TH/s and day: ``0.024 * J/TH * USD/kWh``."""
        return 0.024 * self.joules_per_th * self.power_usd_per_kwh

    @property
    def machine_net_per_day(self) -> float:
        """Part of its price that an ordinary machine pays a day after power, at least 0."""
        return max(self.hashprice_usd - self.power_usd_per_th_day, 0.0) / self.machine_usd

    def rise(self, days: float) -> float:
        """Largest mean hash price of a term over that of its first day, in the record of 2020 to 2026.

        Between the terms that were looked at (1, 30, 90, 180 and 365 days) by a straight line; beyond a year 3.7.
        """
        term = max(checks.positive("OfferYardsticks.rise: days", days), 1.0)
        for (left, low), (right, high) in pairwise(_RISES):
            if term <= right:
                return low + (high - low) * (term - left) / (right - left)
        return _RISES[-1][1]

    def staking_apr(self, coin: str) -> float:
        """Reward rate of a coin, simple a year with tips before commission; NaN if unknown."""
        if coin in self.staking_aprs:
            return float(self.staking_aprs[coin])
        chain = chain_of(coin)
        if chain is None:
            return math.nan
        best: float = max(float(chain.nominal_apr().value), float(chain.realized_apr().value))
        return best + TIPS.get(coin, 0.0)

    def highest_staking_apr(self, coin: str) -> float:
        """Highest reward rate of a coin at which an offer may have been made; NaN if unknown.

        The rate given for the coin, or else the highest known since 2023.
        """
        now = self.staking_apr(coin)
        return now if coin in self.staking_aprs else max(now, EARLIER.get(coin, now))

    def best_staking(self) -> tuple[str, float]:
        """The coin with the highest reward rate among those known, and the rate."""
        coins = {*self.staking_aprs, *(each().asset for each in _CHAINS)}
        return max(((coin, self.staking_apr(coin)) for coin in sorted(coins)), key=lambda pair: pair[1])


def chain_of(coin: str) -> Chain | None:
    """Chain of a coin on the day of its defaults; None if the library has none."""
    return next((made for made in (each() for each in _CHAINS) if made.asset == coin), None)


def known_coins(yardsticks: OfferYardsticks) -> tuple[str, ...]:
    """Coins that are known to be staked or mined, or to be neither."""
    chains = (each().asset for each in _CHAINS)
    return tuple(sorted({*MINED, *NOT_MINED, *chains, *yardsticks.staking_aprs}))
