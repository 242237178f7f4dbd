"""``stakingmodels check-offer``."""

import argparse
import re
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.analysis import Offer, OfferYardsticks, Promise, check_offer
from stakingmodels.cli.arguments import number
from stakingmodels.cli.output import json_text
from stakingmodels.cli.width import width_of
from stakingmodels.errors import InputError
from stakingmodels.market.grid import as_time

_PERCENT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(%?)", re.ASCII)
_PLAIN = "write 450, without separators or units"


def check_offer_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    price, term = _number(arguments.price, "--price"), _number(arguments.term, "--term")
    offer = Offer(
        promises=[_promise(text, price, term) for text in arguments.promised],
        price_usd=price,
        income=arguments.income,
        coin=arguments.coin,
        hashrate_th_s=_number(arguments.hashrate, "--hashrate"),
        stake=_number(arguments.stake, "--stake"),
        term_days=term,
        guaranteed=arguments.guaranteed,
        principal_returned=None if arguments.returned is None else arguments.returned == "yes",
        maintenance_usd_per_th_day=_number(arguments.maintenance, "--maintenance") or 0.0,
        costs_told=arguments.costs_told,
        withdrawal_fee=0.0 if arguments.withdrawal_fee is None else _part("--withdrawal-fee", arguments.withdrawal_fee),
        minimum_withdrawal_usd=_number(arguments.minimum_withdrawal, "--minimum-withdrawal"),
        referral=_referral(arguments.referral),
        tiers=[_tier(text) for text in arguments.tier],
        free_th_s=_number(arguments.free_hashrate, "--free-hashrate") or 0.0,
    )
    found = check_offer(offer, yardsticks=_yardsticks(arguments))
    return (
        json_text(found)
        if arguments.format == "json"
        else found.to_text(language=arguments.lang, width=width_of(arguments))
    ), True


def _number(text: str | None, option: str) -> float | None:
    return None if text is None else number(option, text, _PLAIN)


def _promise(text: str, price: float | None, term: float | None) -> Promise:
    if "usd" in text.lower() and price is None:
        raise InputError("--promised: an amount needs the price that it is paid for (write --price 3000)")
    return Promise.of(text, price_usd=price, term_days=term)


def _part(option: str, text: str) -> float:
    """A fraction from ``6%`` or ``0.06``."""
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        checks.refuse(option, "must be a percent", text, "write 6%")
    return checks.fraction(option, float(found[1]) / (100.0 if found[2] else 1.0))


def _referral(text: str | None) -> tuple[float, ...] | bool:
    if text is None or text.strip().lower() == "yes":
        return text is not None
    return tuple(_part("--referral", each) for each in text.split(","))


def _tier(text: str) -> tuple[float, float]:
    deposit, mark, back = text.partition(":")
    if not mark:
        checks.refuse("--tier", "must be a deposit and what comes back of it", text, "write --tier 100:107")
    return number("--tier", deposit.strip(), _PLAIN), number("--tier", back.strip(), _PLAIN)


def _yardsticks(arguments: argparse.Namespace) -> OfferYardsticks:
    given: dict[str, Any] = {}
    for name, text in (("hashprice_usd", arguments.hashprice), ("btc_usd", arguments.btc)):
        if text is not None:
            given[name] = number("--hashprice" if name == "hashprice_usd" else "--btc", text, _PLAIN)
    if arguments.machine is not None:
        price = number("--machine", arguments.machine, _PLAIN)
        given |= {"machine_usd": price, "cheapest_machine_usd": price}
    rates = {}
    for text in arguments.staking_rate:
        coin, mark, rate = text.partition("=")
        if not mark:
            checks.refuse("--staking-rate", "must be a coin and its rate a year", text, "write SOL=7.1%")
        rates[coin.strip().upper()] = _part("--staking-rate", rate)
    if arguments.as_of is None:
        return OfferYardsticks(staking_aprs=rates, **given)
    if "hashprice_usd" not in given and not rates:
        of_day: Any = OfferYardsticks.of(arguments.as_of)
        changed: OfferYardsticks = attrs.evolve(of_day, **given)
        return changed
    day = str(as_time("--as-of", arguments.as_of).astype("datetime64[D]"))
    return OfferYardsticks(as_of=day, staking_aprs=rates, **given)
