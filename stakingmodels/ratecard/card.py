"""`RateCard`: a document of rates, and `Offer`, its reading at one amount."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, NoReturn, Self

import attrs

from stakingmodels import checks
from stakingmodels.errors import InputError
from stakingmodels.ratecard.contradictions import contradictions
from stakingmodels.ratecard.days import day_of
from stakingmodels.ratecard.rounding import RATE, floored_money
from stakingmodels.ratecard.schema import SCHEMA, faults
from stakingmodels.ratecard.tiers import Tier, tier_at
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.serialize.jsontext import parsed


@attrs.frozen(kw_only=True)
class Offer:
    """Offer of a product for a term and an amount, as a rate card tells it.

    Attributes
    ----------
    product, term_days, amount
        Product by name, days until the holder asks to leave, and money put in.
    gain
        Gain over the term in money, net of fees and costs, if nothing fails; rounded down.
    cost
        Fees and costs in money, which the gain is net of; rounded up.
    net_rate
        Net rate a year at this amount, a fraction of the card's rate kind; rounded down.
    low, average, high
        Average a year over the assumed failures, at the bad ends of all assumptions, as assumed, and at the good ends;
        None for none.
    """

    product: str
    term_days: int
    amount: float
    gain: float
    cost: float
    net_rate: float
    low: float | None
    average: float | None
    high: float | None


@attrs.frozen
class RateCard:
    """Rate card: rates, costs and waits of products for terms and amounts, on a day of issue.

    Parameters
    ----------
    text
        Its JSON. `make` makes one, `read` reads one.

    Raises
    ------
    InputError, InputTypeError
        For a text that is no rate card of the schema, with the place.
    """

    text: str
    _document: Mapping[str, Any] = attrs.field(init=False, eq=False, repr=False)
    _offers: "Mapping[tuple[str, int], _Entry]" = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        document = _document_of(self.text)
        offers = {(each["product"], each["term_days"]): _entry(each, document) for each in document["offers"]}
        object.__setattr__(self, "_document", document)
        object.__setattr__(self, "_offers", offers)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Card of a document of plain numbers and texts."""
        return cls(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")

    @property
    def issued(self) -> dt.date:
        """Day of issue."""
        return dt.date.fromisoformat(self._document["issued"])

    @property
    def valid_until(self) -> dt.date:
        """Last day on which it may be shown."""
        return dt.date.fromisoformat(self._document["valid_until"])

    def to_dict(self) -> dict[str, Any]:
        """Document of the card; a new one at each call."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    def offer(self, product: str, term_days: int, amount: float, *, today: str | dt.date) -> Offer:
        """Offer of a product for a term and an amount.

        Parameters
        ----------
        product, term_days
            As the card names them.
        amount
            Money put in.
        today
            Day on which it is shown.

        Raises
        ------
        InputError, InputTypeError
            For a day before the day of issue or after the last valid one, a product or term that the card does not
            have, and an amount out of its range.
        """
        day = day_of("RateCard.offer: today", today)
        if not self.issued <= day <= self.valid_until:
            rule = f"must be from {self.issued} to {self.valid_until}, the days of the card"
            checks.refuse("RateCard.offer: today", rule, day.isoformat(), "make or fetch a new card")
        name = checks.instance("RateCard.offer: product", product, str, "a name of the card")
        term = checks.integer("RateCard.offer: term_days", term_days, 0, 2**63)
        if (name, term) not in self._offers:
            self._refuse(name, term)
        money = checks.real("RateCard.offer: amount", amount)
        found = self._offers[name, term]
        if not found.low <= money <= found.high:
            checks.refuse("RateCard.offer: amount", f"must be in [{found.low:,.10g}, {found.high:,.10g}]", money)
        tier = tier_at(found.tiers, money)
        low, average, high = found.averages[found.tiers.index(tier)]
        try:
            gain, cost, rate = tier.gain(money), tier.cost(money), self._rate(tier.line(money) / money, found.years)
        except OverflowError as error:
            raise InputError("RateCard.offer: the card must give finite numbers; it is not one of `make`") from error
        return Offer(
            product=name,
            term_days=term,
            amount=money,
            gain=gain,
            cost=cost,
            net_rate=rate,
            low=low,
            average=average,
            high=high,
        )

    def _rate(self, share: float, years: float) -> float:
        """Rate a year of a gain over some years, a fraction of the amount, rounded down."""
        is_apy = self._document["rate_kind"] == "APY"
        return floored_money(max(1.0 + share, 0.0) ** (1.0 / years) - 1.0 if is_apy else share / years, RATE)

    def _refuse(self, product: object, term_days: object) -> NoReturn:
        terms = [term for name, term in self._offers if name == product]
        if not terms:
            checks.refuse_name(
                "RateCard.offer: product", product, list(dict.fromkeys(name for name, _ in self._offers))
            )
        checks.refuse("RateCard.offer: term_days", f"must be one of {', '.join(map(str, terms))}", term_days)


@attrs.frozen(kw_only=True)
class _Entry:
    """Offer of a card as it is read: bounds of the amount, years of the rates, tiers with their averages."""

    low: float
    high: float
    years: float
    tiers: tuple[Tier, ...]
    averages: tuple[tuple[float | None, float | None, float | None], ...]


def _entry(offer: Mapping[str, Any], document: Mapping[str, Any]) -> _Entry:
    return _Entry(
        low=max(offer["minimum"], document["capital"]["low"]),
        high=document["capital"]["high"],
        years=offer["rate_days"] / DAYS_PER_YEAR,
        tiers=tuple(_tier(each, document["decimals"]) for each in offer["tiers"]),
        averages=tuple((each["low"], each["average"], each["high"]) for each in offer["tiers"]),
    )


def _tier(entry: Mapping[str, Any], decimals: int) -> Tier:
    gain, cost = entry["gain"], entry["cost"]
    return Tier(
        start=entry["from"],
        gain_fixed=gain["fixed"],
        gain_share=gain["share"],
        cost_fixed=cost["fixed"],
        cost_share=cost["share"],
        decimals=decimals,
    )


def read(text: str) -> RateCard:
    """Rate card from its JSON.

    Parameters
    ----------
    text
        JSON as `RateCard.text` has it, of at most 10 million characters.

    Raises
    ------
    InputError, InputTypeError
        For a text that is no JSON, has a key twice, another schema number, unknown or missing keys, values that the
        schema refuses, or that contradict one another, such as a range whose low end is the higher; one sentence with
        the place.
    """
    return RateCard(text)


def _document_of(text: Any) -> Mapping[str, Any]:
    where = "ratecard.read"
    document = parsed(where, text)
    if not isinstance(document, dict):
        checks.refuse(where, "must be one object", document)
    number = document.get("schema")
    if number != SCHEMA or isinstance(number, bool):
        checks.refuse(f"{where}: schema", f"must be {SCHEMA}, the one that this version reads", number)
    fault = next(faults(document), None) or next(contradictions(document), None)
    if fault is not None:
        raise InputError(f"{where}: {fault}")
    return document
