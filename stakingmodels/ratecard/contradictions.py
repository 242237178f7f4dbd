"""`contradictions`: what a rate card says of itself that cannot all be true."""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from stakingmodels import checks
from stakingmodels.rates import DAYS_PER_YEAR

_RATE_TOL = 1e-9


def contradictions(document: Mapping[str, Any]) -> Iterator[str]:
    """Faults of a document that has the form of a card.

    Parameters
    ----------
    document
        A document of the schema, in which every key is there and of its type.
    """
    yield from _of_days(document)
    if document["capital"]["low"] >= document["capital"]["high"]:
        yield "capital must have the smaller amount first"
    kinds: dict[str, tuple[str, str | None]] = {}
    seen: set[tuple[str, int]] = set()
    for entry in (*document["offers"], *document["left_out"]):
        where = f"{checks.show(entry['product'])} for {entry['term_days']} days"
        if (entry["product"], entry["term_days"]) in seen:
            yield f"{where} must be there once"
        seen.add((entry["product"], entry["term_days"]))
        worst = entry.get("worst") or {}
        for each in (*entry["wording"], worst.get("wording")):
            if each is not None and each not in document["wordings"]:
                yield f"{where} names the wording {checks.show(each)}, which is not there"
    for offer in document["offers"]:
        where = f"{checks.show(offer['product'])} for {offer['term_days']} days"
        is_of = offer["kind"], offer["asset"]
        if kinds.setdefault(offer["product"], is_of) != is_of:
            yield f"{where} must be of one kind and coin for all terms"
        yield from _of_offer(where, offer, document)


def _of_days(document: Mapping[str, Any]) -> Iterator[str]:
    days = {"issued": document["issued"], "valid_until": document["valid_until"]}
    for name, text in {**days, "basis.opening": document["basis"]["opening"]}.items():
        if not _is_day(text):
            yield f"{name} must be a day"
    if document["valid_until"] < document["issued"]:
        yield "valid_until must not be before issued"


def _of_offer(where: str, offer: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    capital, starts = document["capital"], [tier["from"] for tier in offer["tiers"]]
    if any(one >= other for one, other in pairwise(starts)) or starts[0] > max(offer["minimum"], capital["low"]):
        yield f"{where} must have rising tiers from its minimum on"
    if max(offer["minimum"], starts[-1]) > capital["high"]:
        yield f"{where} must have its minimum and its tiers within the capital"
    if offer["rate_days"] > offer["term_days"] + document["basis"]["settlement_days"] + 1:
        yield f"{where} must not have more rate_days than the term and the days to get out"
    years = offer["rate_days"] / DAYS_PER_YEAR
    for tier, end in zip(offer["tiers"], [*starts[1:], capital["high"]], strict=True):
        here = f"{where}, from {tier['from']:g}"
        known = [tier[name] for name in ("low", "average", "high") if tier[name] is not None]
        if known != sorted(known):
            yield f"{here}, must have low, average and high in this order"
        for amount in (tier["from"], end):
            share = (tier["gain"]["fixed"] + tier["gain"]["share"] * amount) / amount
            if tier["net_rate"] > _rate(share, years, document["rate_kind"]) + _RATE_TOL:
                yield f"{here}, must not have a net_rate above that of its gain"
                break


def _rate(share: float, years: float, kind: str) -> float:
    """Rate a year of a gain over some years, a fraction of the amount; infinite where no number holds it."""
    if kind != "APY":
        return share / years
    try:
        return float(max(1.0 + share, 0.0) ** (1.0 / years) - 1.0)
    except OverflowError:
        return float("inf")


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
