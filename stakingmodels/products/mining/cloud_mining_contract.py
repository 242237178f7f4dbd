"""`CloudMiningContract`: hash rate rented for a term and paid in advance."""

from typing import Literal

import attrs

from stakingmodels import checks, terms
from stakingmodels.ledger import Book
from stakingmodels.market import BlockFees, Difficulty, Factor, Market, Now, PowerPrice, Price
from stakingmodels.products.base import Product
from stakingmodels.products.mining.break_even import break_even_price
from stakingmodels.products.mining.electricity import PowerUsd
from stakingmodels.products.mining.position import CloudMiningPosition
from stakingmodels.products.mining.pricing import check_price
from stakingmodels.products.mining.units import warn_of_daily_price, warn_of_power, warn_of_promise, warn_of_units
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.halts import Halt, halts

_BITDEER = "Bitdeer help centre, article 360023619511, undated: 500 TH/s for 360 days at 4,625 USD, as read"
PayoutAs = Literal["sell", "hold"]
"""Use of coins when they are paid out."""
BeyondOutput = Literal["billed", "waived"]
"""Running costs beyond the output of a day: billed to the holder, or waived."""


def _price_for_each(where: str, value: object) -> object:
    return None if value is None else checks.positive(where, value)


def _bitdeer_price(contract: "CloudMiningContract") -> float | None:
    return 9.25 if contract.price_usd is None and contract.price_usd_per_th_day is None else None


def _electricity(contract: "CloudMiningContract") -> float:
    return 0.021 if contract.power_usd_per_kwh is None and contract.price_usd_per_th_day is None else 0.0


@terms.sheet
class CloudMiningContract(Product):
    """Bitcoin hash rate rented for a term: the price is paid at once or by the day, running costs from the coins.

    Expected coins a day are ``TH/s * 1e12 * 86400 * (subsidy + fees) / (difficulty * 2**32)``: the contract pays the
    expectation (FPPS), without random variation. From the output are taken, in this order, the pool's fee, the
    maintenance share, the platform's fee, electricity and maintenance. Bills are paid from the mined balance, then
    cash, then coins in the wallet, then by the holder, unless the terms waive what the output does not cover. The
    contract cannot be sold, and by default cannot be ended early either: after the exit it still pays out until its
    term is over, and the coins are sold as they come.

    Parameters
    ----------
    hashrate_th_s
        Hash rate in TH/s; None (default) rents as much as the capital pays for. Money left over stays cash.
    price_usd
        Price in total for the whole term, USD, in place of `price_usd_per_th_s`; it needs `hashrate_th_s`.
    price_usd_per_th_day
        Price by the day, USD per TH/s and day, in place of one for the term: 0.05 is 0.05 USD for each day of 1 TH/s.
        Money for the term, as far as the capital goes, is paid in at the opening; each day takes its price from it, a
        pause none, and what is mined does not fill it up. It is due whatever the `uptime`. The rental ends with the
        term, or when that money does, or by the holder at any time: what was not spent is paid back. Power is included
        unless a cost is given. None (default): a price for the term.
    price_usd_per_th_s
        Price for the whole term, USD per TH/s. Default 9.25 (Bitdeer, 500 TH/s for 360 days at 4,625 USD; a worked
        example without a date). `break_even_price_usd_per_th_s` gives the value of a contract in a frozen market. None
        with a price in total or by the day.
    start_days
        Days from the payment of the price to the start of mining; costs and the term begin then. Default 0.
    term_days
        Days of mining. Default 360 (the same plan).
    early_exit_loss
        Fraction of the unexpired price lost if the holder ends the contract early, in [0, 1]; a balance below the
        minimum is lost too, and the rest of the price is paid back. None (default): it cannot be ended early, unless
        its price is by the day.
    guaranteed_per_day
        Fraction of the price that the seller promises to pay on each day of the term, in US dollars, whatever is mined:
        0.01 is 1 % a day. The promise replaces the output, with its fees, bills, smallest pay-out and rule of losing
        days; it holds until the provider fails. There is a warning from 0.5 on, 50 % a day. None (default): the
        contract pays what it mines.
    pool_fee
        Fraction of the mined coins, in [0, 1]. Default 0.02 (Braiins FPPS in early 2026).
    power_usd_per_kwh
        Price of power, USD per kWh, in place of `electricity_usd_per_th_day`: a number, or ``PowerPrice("US")`` for the
        market's, read at the end of each interval. Electricity is then ``0.024 * joules_per_th * power_usd_per_kwh``
        per TH/s and day while machines run. None (default): an amount per TH/s and day.
    joules_per_th
        Energy of the machines, J/TH, for power by the kWh. Default 17.5 (Antminer S21).
    electricity_usd_per_th_day
        USD per TH/s and day while machines run. Default 0.021: 17.5 J/TH (Antminer S21) at 0.05 USD/kWh; 0 where power
        is paid by the kWh or included.
    electricity_prepaid
        Whether the electricity of the whole term is paid at the opening, at that day's price of power, beside the
        price: it is then a part of the prepaid price, and no bill. What is prepaid for the days of a pause is not paid
        back, unless the pause extends the term. Default False.
    maintenance_usd_per_th_day
        USD per TH/s and day, always. Default 0.
    maintenance_share
        Maintenance as a fraction of the output after the pool's fee, in [0, 1], beside that in USD. Default 0.
    platform_fee
        Fraction of the output after the pool's fee and the maintenance share that the platform keeps, in [0, 1].
        Default 0.
    costs_beyond_output
        ``"billed"`` (default): costs above the output are paid from cash, coins and by the holder. ``"waived"``: those
        of an interval take no more than its output, so that the holder never pays more than the price.
    uptime
        Fraction of the time that machines run, in [0, 1]. Default 0.98.
    minimum_payout_btc
        Balance at which coins are paid out; a smaller balance at the end is lost. Default 0.001.
    stop_after_days
        Consecutive days of bills above revenue (after fees and shares) that end the contract, also where they are
        waived; a balance that has reached the minimum is paid out first. Whole intervals count, by their days of
        mining; in a pause the count stands still, and an interval without loss sets it back to 0. None: it runs to its
        term. Default 21 (HashFlare's terms of 2018).
    payout
        ``"sell"`` (default) sells coins when they are paid out; ``"hold"`` keeps them to the exit.
    sell_fee
        Trading fee as a fraction of the amount sold; default 0.
    failures
        Failures of the provider, a `Failure` each; none by default. They take the unexpired price, the balance and the
        hash rate; after one of severity 1 nothing is mined or billed, in its interval neither.
    halts
        Stops by a regulator or the seller, such as a ban, a `Halt` each; none by default. In a pause nothing is mined,
        promised or billed; coins mined before are paid out as ever. A wind-up ends the contract: `Halt.returned` of
        the unexpired price and of the balance is handed back.
    pause_extends_term
        Whether the term is longer by the days of a pause (Bitdeer, Binance), or goes on in it (BitFuFu). Default False.

    Notes
    -----
    The prepaid price is carried at cost and written down evenly over the term under `Line.CONTRACT`; the rest is
    written off when the contract ends early, and the balance is lost under `Line.FORFEIT`. The subsidy follows the
    protocol by date: an interval has the subsidy of its end, and a halving is final.

    Firms quote hash prices and costs per PH/s; here all is per TH/s, a thousandth. There is a warning for costs above 5
    USD per TH/s and day, ten times the highest revenue of a TH/s on any day since 2020, for prices above 5,000 USD per
    TH/s, and for prices below 0.001 USD for each day of the term, up to a year of it.
    """

    asset: str = attrs.field(default="BTC", init=False)
    hashrate_th_s: float | None = terms.positive(default=None, unit="TH/s", optional=True, usual=(0.1, 10_000.0))
    price_usd: float | None = terms.positive(
        default=None, kind="money", unit="USD", optional=True, usual=(20.0, 400.0), needs=("hashrate_th_s",)
    )
    price_usd_per_th_day: float | None = terms.positive(
        default=None, kind="money", unit="USD/(TH/s)/day", optional=True, usual=(0.01, 0.2), instead_of=("price_usd",)
    )
    price_usd_per_th_s: float | None = terms.field(
        "money",
        _price_for_each,
        default=attrs.Factory(_bitdeer_price, takes_self=True),
        unit="USD/(TH/s)",
        low=checks.SMALLEST,
        high=checks.CAPITAL_LIMIT,
        instead_of=("price_usd", "price_usd_per_th_day"),
        assumption=assumed.MINING_PRICE_USD_PER_TH_S,
        source=_BITDEER,
        date="2026-11",
    )
    start_days: float = terms.days(default=0.0, usual=(0.0, 60.0))
    term_days: float = terms.days(default=360.0, check=checks.positive, source=_BITDEER, date="2026-11")
    early_exit_loss: float | None = terms.fraction(
        default=None,
        optional=True,
        instead_of=("price_usd_per_th_day",),
        source="no cancelling and no refund: Bitdeer, BitFuFu and Binance, as read",
        date="2026-11",
    )
    guaranteed_per_day: float | None = terms.fraction(
        default=None, optional=True, unit="1/day", usual=(0.0, 0.03), instead_of=("price_usd_per_th_day",)
    )
    pool_fee: float = terms.fraction(default=0.02, source="Braiins pool, FPPS fee; press", date="2026")
    power_usd_per_kwh: PowerUsd | None = terms.power_price(default=None, optional=True, usual=(0.0, 0.2))
    joules_per_th: float = terms.positive(
        default=17.5,
        unit="J/TH",
        usual=(9.7, 98.0),
        needs=("power_usd_per_kwh",),
        source="Antminer S21; press",
        date="2023",
    )
    electricity_usd_per_th_day: float = terms.money(
        default=attrs.Factory(_electricity, takes_self=True),
        instead_of=("power_usd_per_kwh",),
        unit="USD/(TH/s)/day",
        usual=(0.0, 0.5),
        source="Antminer S21, 17.5 J/TH, at 0.05 USD/kWh",
        date="2023",
    )
    electricity_prepaid: bool = terms.flag(default=False, instead_of=("price_usd_per_th_day",))
    maintenance_usd_per_th_day: float = terms.money(default=0.0, unit="USD/(TH/s)/day", usual=(0.0, 0.5))
    maintenance_share: float = terms.fraction(default=0.0, usual=(0.0, 0.6))
    platform_fee: float = terms.fraction(default=0.0, usual=(0.0, 0.2))
    costs_beyond_output: BeyondOutput = terms.choice(BeyondOutput, default="billed")
    uptime: float = terms.fraction(default=0.98, source="assumption of the library", date="2026-11")
    minimum_payout_btc: float = terms.money(
        default=0.001, unit="BTC", usual=(0.0, 0.1), source="pools' minimum of 0.001 to 0.01; press", date="2026"
    )
    stop_after_days: int | None = terms.count(
        1,
        100_000,
        default=21,
        unit="days",
        optional=True,
        usual=(1, 60),
        source="HashFlare terms of service",
        date="2018",
    )
    payout: PayoutAs = terms.choice(PayoutAs, default="sell")
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    failures: tuple[Failure, ...] = failures(is_staked=False)
    halts: tuple[Halt, ...] = halts()
    pause_extends_term: bool = terms.flag(default=False)

    def __attrs_post_init__(self) -> None:
        who = type(self).__name__
        check_price(self)
        if self.power_usd_per_kwh is not None and self.electricity_usd_per_th_day > 0.0:
            rule = "must be 0 where power_usd_per_kwh gives the price of power"
            where, hint = f"{who}.electricity_usd_per_th_day", "write electricity_usd_per_th_day=0.0, or leave it out"
            checks.refuse(where, rule, self.electricity_usd_per_th_day, hint)
        warn_of_power(who, self.power_usd_per_kwh)
        warn_of_promise(who, self.guaranteed_per_day)
        cost = self.electricity_usd_per_th_day + self.maintenance_usd_per_th_day
        if self.price_usd_per_th_day is None:
            warn_of_units(who, self.usd_per_th_s, cost, self.term_days)
        warn_of_daily_price(who, self.price_usd_per_th_day)

    @property
    def usd_per_th_s(self) -> float:
        """Price for the whole term in USD per TH/s, in whichever way it is given."""
        if self.price_usd is not None and self.hashrate_th_s is not None:
            return self.price_usd / self.hashrate_th_s
        if self.price_usd_per_th_day is not None:
            return self.price_usd_per_th_day * self.term_days
        return self.price_usd_per_th_s or 0.0

    @property
    def can_leave_early(self) -> bool:
        """Whether the contract can be ended before its term."""
        return self.early_exit_loss is not None or self.price_usd_per_th_day is not None

    def break_even_price_usd_per_th_s(self, market: Market) -> float:
        """Price at which the contract just recovers its cost, if the market were frozen and nothing failed.

        It is held until its term ends, whatever the day of the grid's exit; interest on money paid out is not included,
        and neither is a guaranteed pay: it is what the machines earn.

        Parameters
        ----------
        market
            A market whose grid holds the whole term; its opening counts.

        Returns
        -------
        float
            USD per TH/s for the whole term, the mean over paths that open differently; below 0 if running costs exceed
            the value of the coins mined.

        Raises
        ------
        InputError
            For a grid that ends before the term does.
        """
        return break_even_price("CloudMiningContract.break_even_price_usd_per_th_s: market", self, market)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: prices of coin, US dollar and power by the kWh, difficulty, fees per block, and the events."""
        power = {self.power_usd_per_kwh} if isinstance(self.power_usd_per_kwh, PowerPrice) else set()
        return frozenset({Price("BTC"), Price("USD"), Difficulty("BTC"), BlockFees("BTC"), *power, *events_of(self)})

    def open(self, book: Book, now: Now) -> "CloudMiningPosition":
        """Pay the contract's price in advance."""
        return CloudMiningPosition(self, book, now)
