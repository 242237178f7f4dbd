"""`MiningMachines`: Bitcoin miners that the holder owns, runs and sells."""

from typing import Literal

import attrs

from stakingmodels import checks, terms
from stakingmodels.ledger import Book
from stakingmodels.market import BlockFees, Difficulty, Factor, Market, Now, PowerPrice, Price
from stakingmodels.products.base import Product
from stakingmodels.products.mining.electricity import PowerUsd, scheduled_power
from stakingmodels.products.mining.machine_position import MiningMachinesPosition
from stakingmodels.products.mining.power_break_even import break_even_power, shutdown_power
from stakingmodels.products.mining.units import warn_of_power
from stakingmodels.products.parts.failures import Failure, events_of, failures
from stakingmodels.products.parts.halts import Halt, halts
from stakingmodels.products.parts.schedules import Schedule

_PRICE = "18.8 USD per TH/s: S21 as BitFuFu sold it with hosting; a post on Binance Square"
_LIFE = "Cipher Mining, annual report of 2024, note on property and equipment: miners, from five years to three"
_POWER = "CleanSpark, own sites; filings"
PayoutAs = Literal["sell", "hold"]
"""Use of coins when they are paid out."""


def _price(machines: "MiningMachines") -> float | None:
    return 18.8 if machines.price_usd is None else None


def _life(machines: "MiningMachines") -> float | None:
    return 1_095.0 if machines.resale_loss_per_year is None else None


@terms.sheet
class MiningMachines(Product):
    """Bitcoin miners that the holder owns: bought, run while it pays, and sold second-hand.

    Expected coins a day are ``TH/s * 1e12 * 86400 * (subsidy + fees) / (difficulty * 2**32)``, without random
    variation, as for `CloudMiningContract`. Machines are carried at their resale value. Bills are paid from the coins
    mined and not yet paid out, then cash, then coins in the wallet, then by selling machines at their resale price less
    `resale_fee`, at once; the holder is never asked for more money, and where the last machine is sold what it did not
    pay is not billed.

    Parameters
    ----------
    machines
        Number of machines, in parts too; None (default) buys as many as the capital pays for. Money left over stays
        cash.
    price_usd
        Price of a machine, USD, in place of `price_usd_per_th_s`.
    price_usd_per_th_s
        Price of machines, USD per TH/s. Default 18.8 (the S21 as BitFuFu sold it with hosting in September 2024; 10 to
        30 were paid for the best machines in June 2025, 15.7 in December 2022 and 119 in May 2021).
    hashrate_th_s
        Hash rate of a machine, TH/s. Default 200 (Antminer S21).
    joules_per_th
        Energy of the machines, J/TH. Default 17.5 (Antminer S21); a machine of 3,500 W and 200 TH/s has 17.5.
    shipping_usd, import_duty, setup_usd
        Shipping of a machine, USD; duty as a fraction of its price; and installation of a machine, USD: paid at the
        opening, and gone. Default 0.
    delivery_days
        Days from the payment to the start of mining and of all bills. The resale value falls meanwhile. Default 0.
    resale_loss_per_year
        Fraction of the resale value above the salvage value that is lost in a year of 365 days, in [0, 1], in place of
        `useful_life_days`: 0.3 leaves 0.7, 0.49, 0.343 of it. None (default): it falls evenly.
    useful_life_days
        Days from the purchase over which the resale value falls evenly to its salvage value. Default 1,095 (three
        years); None with `resale_loss_per_year`.
    salvage_share
        Share of the price that is left in the end, in [0, 1]. Default 0.
    resale_btc_share
        Share of the resale value that moves with the price of BTC, in [0, 1]: at 0.5 machines bring a quarter less
        after BTC has halved, age apart. Default 0.
    resale_fee
        Cost of selling machines as a fraction of what they bring, in [0, 1]; default 0.
    resale_days
        Days from the offer of machines to the buyer's payment, in which they are off and their value falls on. Default
        0. Machines that pay a bill are sold at once.
    pool_fee
        Fraction of the mined coins, in [0, 1]. Default 0.02 (Braiins FPPS in early 2026).
    uptime
        Fraction of the time that machines run, in [0, 1]. Default 0.98.
    power_usd_per_kwh
        Price of power, USD per kWh: a number, a `Schedule` of numbers, or ``PowerPrice("US")`` for the market's, read
        at the end of each interval. Default 0.048 (CleanSpark's own sites in 2024; hosted at Coinmint 0.063 to 0.065).
    hosting_usd_per_kwh
        Fee of the host for power used, USD per kWh, beside the price of power. Default 0.
    hosting_usd_per_month
        Fee of the host for a machine, USD a month of 365/12 days, whether it runs or not. Default 0.
    curtails
        Whether machines are off in an interval in which their output after the pool's fee is worth less than its power
        and the host's fee by the kWh. Default True.
    demand_response_share
        Fraction of the time in which machines are off by contract with the grid, in [0, 1]. Default 0.
    demand_response_usd_per_kwh
        Credit for the power not used in that time, USD per kWh. Default 0.
    minimum_payout_btc
        Balance at which the pool pays coins out; a smaller balance at the end is lost. Default 0.001.
    payout
        ``"sell"`` (default) sells coins when they are paid out, for money that pays no more bills; ``"hold"`` keeps
        them to the exit, and pays bills from them.
    sell_fee
        Trading fee as a fraction of the coins sold; default 0.
    failures
        Failures of the host, a `Failure` each; none by default. They take machines and the balance.
    halts
        Stops, a `Halt` each; none by default. In a pause nothing is mined or billed. A wind-up hands the machines back
        at their resale value.

    Notes
    -----
    The fall of the resale value with age is booked under `Line.DEPRECIATION`, its move with BTC under `Line.PRICE`, the
    cost of selling under `Line.TRADING`, purchase costs and hosting under `Line.OPERATING`, and the credit for time off
    under `Line.CURTAILMENT`. Power that is bought is under `Line.ELECTRICITY`.
    """

    asset: str = attrs.field(default="BTC", init=False)
    machines: float | None = terms.positive(default=None, optional=True, usual=(1.0, 1_000.0))
    price_usd: float | None = terms.positive(
        default=None, kind="money", unit="USD", optional=True, usual=(200.0, 6_000.0)
    )
    price_usd_per_th_s: float | None = terms.positive(
        default=attrs.Factory(_price, takes_self=True),
        kind="money",
        unit="USD/(TH/s)",
        optional=True,
        usual=(5.0, 120.0),
        instead_of=("price_usd",),
        source=_PRICE,
        date="2024-09",
    )
    hashrate_th_s: float = terms.positive(
        default=200.0, unit="TH/s", usual=(10.0, 1_200.0), source="Antminer S21; press", date="2023"
    )
    joules_per_th: float = terms.positive(
        default=17.5, unit="J/TH", usual=(9.7, 98.0), source="Antminer S21; press", date="2023"
    )
    shipping_usd: float = terms.money(default=0.0, usual=(0.0, 200.0))
    import_duty: float = terms.fraction(default=0.0, usual=(0.0, 0.25))
    setup_usd: float = terms.money(default=0.0, usual=(0.0, 200.0))
    delivery_days: float = terms.days(default=0.0, usual=(0.0, 120.0))
    resale_loss_per_year: float | None = terms.fraction(default=None, optional=True)
    useful_life_days: float | None = terms.days(
        default=attrs.Factory(_life, takes_self=True),
        check=checks.positive,
        optional=True,
        instead_of=("resale_loss_per_year",),
        source=_LIFE,
        date="2024-12-31",
    )
    salvage_share: float = terms.fraction(default=0.0)
    resale_btc_share: float = terms.fraction(default=0.0)
    resale_fee: float = terms.fraction(default=0.0)
    resale_days: float = terms.days(default=0.0, usual=(0.0, 90.0))
    pool_fee: float = terms.fraction(default=0.02, source="Braiins pool, FPPS fee; press", date="2026")
    uptime: float = terms.fraction(default=0.98, source="assumption of the library", date="2026-11")
    power_usd_per_kwh: PowerUsd | Schedule = scheduled_power(
        default=0.048, usual=(0.0, 0.2), source=_POWER, date="2024"
    )
    hosting_usd_per_kwh: float = terms.money(default=0.0, unit="USD/kWh", usual=(0.0, 0.1))
    hosting_usd_per_month: float = terms.money(default=0.0, usual=(0.0, 200.0))
    curtails: bool = terms.flag(default=True)
    demand_response_share: float = terms.fraction(default=0.0)
    demand_response_usd_per_kwh: float = terms.money(default=0.0, unit="USD/kWh", usual=(0.0, 0.5))
    minimum_payout_btc: float = terms.money(
        default=0.001, unit="BTC", usual=(0.0, 0.1), source="pools' minimum of 0.001 to 0.01; press", date="2026"
    )
    payout: PayoutAs = terms.choice(PayoutAs, default="sell")
    sell_fee: float = terms.fraction(default=0.0, usual=terms.TRADING_FEE)
    failures: tuple[Failure, ...] = failures(is_staked=False)
    halts: tuple[Halt, ...] = halts()

    def __attrs_post_init__(self) -> None:
        who = type(self).__name__
        if (self.price_usd is None) == (self.price_usd_per_th_s is None):
            rule = "must be given, or price_usd_per_th_s, one of the two"
            checks.refuse(f"{who}.price_usd", rule, self.price_usd, "price_usd=3760.0 and price_usd_per_th_s=None")
        if (self.resale_loss_per_year is None) == (self.useful_life_days is None):
            rule = "must be given, or useful_life_days, one of the two"
            hint = "resale_loss_per_year=0.3 and useful_life_days=None"
            checks.refuse(f"{who}.resale_loss_per_year", rule, self.resale_loss_per_year, hint)
        if self.demand_response_usd_per_kwh > 0.0 and self.demand_response_share == 0.0:
            rule = "must be 0 without demand_response_share, the time for which it is paid"
            where = f"{who}.demand_response_usd_per_kwh"
            checks.refuse(where, rule, self.demand_response_usd_per_kwh, "demand_response_share=0.05")
        warn_of_power(who, self.power_usd_per_kwh)

    @property
    def usd_per_machine(self) -> float:
        """Price of a machine in USD, in whichever way it is given."""
        return self.price_usd if self.price_usd is not None else (self.price_usd_per_th_s or 0.0) * self.hashrate_th_s

    @property
    def usd_to_begin(self) -> float:
        """Cost of a machine at the opening in USD: its price, duty, shipping and installation."""
        return self.usd_per_machine * (1.0 + self.import_duty) + self.shipping_usd + self.setup_usd

    def shutdown_power_usd_per_kwh(self, market: Market) -> float:
        """Price of power above which machines are switched off, at the opening of a market.

        Parameters
        ----------
        market
            A market; its opening counts.

        Returns
        -------
        float
            USD per kWh, the mean over paths that open differently; below 0 if the host's fee by the kWh alone is more
            than the output.
        """
        return shutdown_power("MiningMachines.shutdown_power_usd_per_kwh: market", self, market)

    def break_even_power_usd_per_kwh(self, market: Market) -> float:
        """Price of power at which machines just recover their cost, if the market were frozen and nothing failed.

        They run until the grid's exit and are sold then; interest on money is not included.

        Parameters
        ----------
        market
            A market, whose opening and exit count.

        Returns
        -------
        float
            USD per kWh, the mean over paths that open differently; below 0 if even free power does not recover it.

        Raises
        ------
        InputError
            For a grid whose exit comes before the machines have run.
        """
        return break_even_power("MiningMachines.break_even_power_usd_per_kwh: market", self, market)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors read: prices of coin, US dollar and power by the kWh, difficulty, fees per block, and the events."""
        power = {self.power_usd_per_kwh} if isinstance(self.power_usd_per_kwh, PowerPrice) else set()
        return frozenset({Price("BTC"), Price("USD"), Difficulty("BTC"), BlockFees("BTC"), *power, *events_of(self)})

    def open(self, book: Book, now: Now) -> MiningMachinesPosition:
        """Buy the machines."""
        return MiningMachinesPosition(self, book, now)
