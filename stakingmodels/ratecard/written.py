"""Offers as a rate card has them: plain numbers and ids of wordings."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from stakingmodels.analysis.answer.failures import WorstFailure
from stakingmodels.products import Product
from stakingmodels.ratecard.averages import Average
from stakingmodels.ratecard.rounding import CHANCE, RATE, ceiled, floored
from stakingmodels.ratecard.tiers import Tier, Tiers
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.words import LANGUAGES, all_words, say

_KINDS: Mapping[str, str] = {
    "exploit": "failure.exploit",
    "slashing": "failure.slashing",
    "custodian": "failure.custodian",
    "provider": "failure.provider",
}
"""Ids of wordings by the beginning of an event's name."""
_ALWAYS = ("ratecard.rate", "ratecard.range", "ratecard.price", "ratecard.cost", "ratecard.days", "ratecard.minimum")
_RATES = {"APR": "ratecard.apr", "APY": "ratecard.apy"}


def offer_of(
    name: str,
    product: Product,
    term: int,
    found: Tiers,
    averages: Mapping[int, Average],
    days_in: float,
    rate_kind: str,
    high: float,
) -> dict[str, Any]:
    """Entry of a product and term in the card's ``offers``."""
    first = averages[0]
    ends = [*(tier.start for tier in found.tiers[1:]), high]
    worst = None if first.worst is None else _worst(first.worst)
    about = "ratecard.no_failure" if worst is None else "ratecard.worst"
    kind = type(product).__name__
    rates = _Rates(found, averages, rate_kind)
    return {
        "product": name,
        "kind": kind,
        "asset": product.asset,
        "term_days": term,
        "rate_days": found.rate_days,
        "minimum": ceiled(found.tiers[0].start, found.tiers[0].decimals),
        "days": {
            "in": _whole(days_in),
            "out": found.days_out,
            "out_at_confidence": _whole(first.days_out) if math.isfinite(first.days_out) else None,
        },
        "worst": worst,
        "tiers": [rates.tier(number, end) for number, end in enumerate(ends)],
        "wording": [*_ALWAYS, _RATES[rate_kind], about, *([kind] if kind in all_words() else [])],
        "understated": {"money": found.understated_money, "share": found.understated_share},
    }


def _whole(days: float) -> int:
    return math.ceil(days - 1e-6)  # rounding of a run is no day


def _worst(failure: WorstFailure) -> dict[str, Any]:
    chance, loss = failure.hazard, failure.loss
    return {
        "event": failure.event,
        "wording": _KINDS.get(failure.event.partition(":")[0]),
        "chance_a_year": ceiled(chance, CHANCE) if math.isfinite(chance) else None,
        "loss": ceiled(loss, CHANCE) if math.isfinite(loss) else None,
    }


class _Rates:
    """Rates of the tiers of a product and term, rounded down."""

    def __init__(self, found: Tiers, averages: Mapping[int, Average], rate_kind: str) -> None:
        self._found = found
        self._averages = averages
        self._kind = rate_kind
        self._years = found.rate_days / DAYS_PER_YEAR

    def tier(self, number: int, end: float) -> dict[str, Any]:
        """Entry of a tier that ends at an amount."""
        tier = self._found.tiers[number]
        net = min(self._net(tier, tier.start), self._net(tier, end))  # on a line it is lowest at an end
        near = [
            max((at for at in self._averages if at <= number), default=0),
            min((at for at in self._averages if at >= number), default=number),
        ]
        found = {each: self._lowest(each, near, net) for each in ("low", "average", "high")}
        for lower, upper in (("average", "high"), ("low", "average")):  # draws are no reason to say more
            below, above = found[lower], found[upper]
            if below is not None and above is not None:
                found[lower] = min(below, above)
        return {
            "from": tier.start,
            "gain": {"fixed": tier.gain_fixed, "share": tier.gain_share},
            "cost": {"fixed": tier.cost_fixed, "share": tier.cost_share},
            "net_rate": self._said(net),
            **found,
        }

    def _net(self, tier: Tier, amount: float) -> float:
        """Simple net rate a year at an amount."""
        return tier.line(amount) / amount / self._years

    def _lowest(self, name: str, near: Iterable[int], net: float) -> float | None:
        """The lower one of two averages, less what the net rate of the tier is below that where they were run.

        No lower than the loss of all that was paid, unless a run lost more; then no lower than that run.
        """
        found = []
        for number in near:
            there = self._found.tiers[number]
            value: float = getattr(self._averages[number], name)
            lower = value - max(self._net(there, there.start) - net, 0.0)
            found.append(max(lower, min(value, -1.0 / self._years)))
        return None if any(map(math.isnan, found)) else self._said(min(found))

    def _said(self, simple: float) -> float:
        """A simple rate in the kind of the card, rounded down."""
        if self._kind == "APY":
            simple = max(1.0 + simple * self._years, 0.0) ** (1.0 / self._years) - 1.0
        return floored(simple, RATE)


def wordings_of(offers: list[dict[str, Any]], left_out: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Texts of all ids that offers name, in both languages."""
    ids = {each for entry in (*offers, *left_out) for each in entry["wording"]}
    ids |= {entry["worst"]["wording"] for entry in offers if entry["worst"] and entry["worst"]["wording"]}
    return {each: {language: say(each, language) for language in LANGUAGES} for each in sorted(ids)}
