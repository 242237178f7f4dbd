"""Price of a contract: in total, per TH/s for its term or by the day; and `DailyPrice`, which takes the last."""

from typing import Protocol

import numpy as np

from stakingmodels import checks
from stakingmodels._types import IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Now, Price
from stakingmodels.market.now import NO_PATHS
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.tolerances import REL_TOL


class PriceTerms(Protocol):
    """Terms of a price, of which one is given."""

    @property
    def hashrate_th_s(self) -> float | None:
        """Hash rate in TH/s; None for as much as the capital pays for."""
        ...

    @property
    def price_usd(self) -> float | None:
        """Price in total, USD."""
        ...

    @property
    def price_usd_per_th_day(self) -> float | None:
        """Price by the day, USD per TH/s and day."""
        ...

    @property
    def price_usd_per_th_s(self) -> float | None:
        """Price for the whole term, USD per TH/s."""
        ...

    @property
    def early_exit_loss(self) -> float | None:
        """Fraction of the unexpired price lost by leaving early."""
        ...

    @property
    def guaranteed_per_day(self) -> float | None:
        """Fraction of the price paid a day whatever is mined."""
        ...

    @property
    def electricity_prepaid(self) -> bool:
        """Whether the electricity of the whole term is paid at the opening."""
        ...


def check_price(terms: PriceTerms) -> None:
    """Refuse a contract with two prices or none, a total without its hash rate, and what a price by the day lacks."""
    who = type(terms).__name__
    ways = terms.price_usd, terms.price_usd_per_th_s, terms.price_usd_per_th_day
    if sum(way is not None for way in ways) != 1:
        rule = "must be given in total, per TH/s or by the day, one of the three"
        both = terms.price_usd_per_th_s is not None
        hint = "leave the others out, or write price_usd_per_th_s=None" if both else "price_usd_per_th_s=9.25"
        checks.refuse(f"{who}.price_usd", rule, terms.price_usd, hint)
    if terms.price_usd is not None and terms.hashrate_th_s is None:
        rule = "must be given with hashrate_th_s, the hash rate that it buys"
        checks.refuse(f"{who}.price_usd", rule, terms.price_usd, "add hashrate_th_s=10.0")
    if terms.price_usd_per_th_day is None:
        return
    for name, why in (
        ("early_exit_loss", "which is left at any time, and nothing of it lost"),
        ("guaranteed_per_day", "which is no price that a fraction could be promised of"),
    ):
        if getattr(terms, name) is not None:
            rule = f"must be None beside a price by the day, {why}"
            checks.refuse(f"{who}.{name}", rule, getattr(terms, name), f"{name}=None")
    if terms.electricity_prepaid:
        rule = "must be False beside a price by the day"
        checks.refuse(f"{who}.electricity_prepaid", rule, True, "electricity_prepaid=False")  # noqa: FBT003 -- shown


class DailyPrice:
    """Price of hash rate by the day, taken from money paid in for it, as long as there is any.

    Parameters
    ----------
    book, paid_in
        The position's book, and the account of the money.
    hash_rate
        Machines, for which the price is.
    usd
        USD per TH/s and day.
    """

    def __init__(self, book: Book, paid_in: Account, hash_rate: HashRate, usd: float) -> None:
        self._book, self._paid_in, self._hash_rate, self._usd = book, paid_in, hash_rate, usd
        self._dollar = Price("USD")

    def pay(self, now: Now, days: PathValue) -> tuple[PathValue, IntArray]:
        """Take the price of so many days; returns the days that the money paid for, and the paths on which it ended."""
        due = self._hash_rate.bill(Line.CONTRACT, self._usd * days * now[self._dollar])
        held = self._paid_in.units
        short = due > held * (1.0 + REL_TOL)
        ended = np.flatnonzero(short) if short.any() else NO_PATHS
        if ended.size:
            days = np.broadcast_to(days, short.shape).copy()
            days[ended] *= held[ended] / due[ended]
        self._book.post(((Line.CONTRACT, -1.0),), self._paid_in, np.minimum(due, held))
        return days, ended
