"""Money that the price of an offer makes elsewhere: hash rate, machines, stake, or the coin kept."""

import math

import attrs

from stakingmodels.analysis.offers.offer import Offer
from stakingmodels.analysis.offers.yardsticks import OfferYardsticks
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.words import Note

MONEY = 1_000.0
"""USD that are compared where an offer names no price."""


@attrs.frozen(kw_only=True)
class OfferAlternative:
    """Money that comes back of what an offer costs, by the offer or elsewhere, with prices as they are.

    Attributes
    ----------
    name
        ``"promised"``, ``"claimed"``: the hash rate claimed with free power; ``"machine"``: an ordinary machine with
        free power, ``"machine_net"``: after power, both without the sale of the machine; ``"staked"``: the coin itself,
        ``"best_staked"``: the coin of the highest reward rate, deposit included; ``"kept"``: the money, or a coin whose
        price stays.
    money
        USD that come back in all over the days.
    coin
        Coin of it; empty without one.
    """

    name: str
    money: float
    coin: str = ""

    def label(self) -> Note:
        """The way in words."""
        return Note(f"offers.elsewhere.{self.name}", coin=self.coin)


def alternatives_of(offer: Offer, y: OfferYardsticks) -> tuple[float, float, tuple[OfferAlternative, ...]]:
    """Money and days that are compared, and what comes back by each way."""
    money = MONEY if offer.price_usd is None else offer.price_usd
    days = DAYS_PER_YEAR if offer.term_days is None else offer.term_days
    found = [OfferAlternative(name="promised", money=_promised(offer, money, days))] if offer.promises else []
    if offer.kind == "mining":
        if offer.hashrate_th_s is not None and offer.price_usd is not None and offer.asset == "BTC":
            found.append(OfferAlternative(name="claimed", money=offer.hashrate_th_s * y.hashprice_usd * days))
        gross = y.hashprice_usd / y.machine_usd
        found.append(OfferAlternative(name="machine", money=money * gross * days))
        found.append(OfferAlternative(name="machine_net", money=money * y.machine_net_per_day * days))
    asset, (best, apr) = offer.asset, y.best_staking()
    if offer.kind == "staking" and asset is not None and not math.isnan(y.staking_apr(asset)) and asset != best:
        found.append(OfferAlternative(name="staked", money=_staked(money, y.staking_apr(asset), days), coin=asset))
    found.append(OfferAlternative(name="best_staked", money=_staked(money, apr, days), coin=best))
    found.append(OfferAlternative(name="kept", money=money))
    return money, days, tuple(found)


def _promised(offer: Offer, money: float, days: float) -> float:
    """What the offer promises to pay over the days, at most, without compounding.

    With the deposit where it comes back, which it is taken to do where nothing is mined and nothing else is stated.
    """
    rates = [each for each in offer.promises if not each.total]
    paid = max((each.per_day * days for each in rates), default=0.0)
    kept = offer.kind != "mining" if offer.principal_returned is None else offer.principal_returned
    paid += 1.0 if kept else 0.0
    return money * max([paid, *(each.fraction for each in offer.promises if each.total)])


def _staked(money: float, apr: float, days: float) -> float:
    return money * math.exp(days * math.log1p(apr / DAYS_PER_YEAR))
