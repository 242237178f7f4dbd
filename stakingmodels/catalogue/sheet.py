"""`Sheet`: the dated term sheet of a real product, each term with the document that states it."""

import os
from collections.abc import Mapping
from typing import Any, Literal, get_args

import attrs

from stakingmodels import checks, termsheets
from stakingmodels._types import DateLike
from stakingmodels.assumptions import AssumptionSet
from stakingmodels.catalogue.days import day_text, is_older
from stakingmodels.catalogue.failing import with_failures
from stakingmodels.catalogue.networks import has_rules
from stakingmodels.catalogue.stated import Stated, in_words
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.errors import InputError
from stakingmodels.products import Product
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

HeldBy = Literal["self", "contract", "firm"]
"""Holder of the coins: the owner of the key, a contract, or a firm."""
Reward = Literal["chain", "posted"]
"""Source of the pay: the chain's reward less a fee, or a rate that its provider posts."""
HELD_BY: tuple[HeldBy, ...] = get_args(HeldBy)
REWARDS: tuple[Reward, ...] = get_args(Reward)

ATTRIBUTES = (
    "open_source",
    "audited",
    "bug_bounty",
    "battle_tested",
    "trustless",
    "permissionless",
    "client_diversity",
    "self_custody",
    "liquidity_token",
    "minimum",
)
"""Attributes of a sheet: yes or no each, but for `minimum`, the fewest coins. One that is not given is unknown."""
FEES: Mapping[str, str] = {
    "StakingPool": "commission",
    "LiquidStakingToken": "protocol_fee",
    "ExchangeStaking": "commission",
    "SoloValidator": "running_cost_usd_per_day",
    "CloudMiningContract": "electricity_usd_per_th_day",
    "MiningMachines": "power_usd_per_kwh",
}
"""Term that holds the fee, by class of product."""
WAITS: Mapping[str, str] = {
    "StakingPool": "unbonding_days",
    "LiquidStakingToken": "queue_days",
    "ExchangeStaking": "redemption_days",
    "SoloValidator": "exit_days",
    "CloudMiningContract": "term_days",
    "MiningMachines": "resale_days",
}
"""Term that holds the days to leave, by class of product."""
_MINING = frozenset({"CloudMiningContract", "MiningMachines"})
_PRICES = frozenset({"price_usd", "price_usd_per_th_day", "price_usd_per_th_s"})


def _kind(where: str, value: object) -> str:
    if not isinstance(value, str) or value not in FEES:
        checks.refuse_name(where, value, FEES)
    return value


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Sheet(ByValue, Shown):
    """Term sheet of a real product: what it pays, charges and asks for, with a source and a date for each term.

    Attributes
    ----------
    key
        Name in the catalogue, such as ``"lido-steth"``.
    name, provider
        Names of the product and of who offers it.
    aliases
        Other names by which it is found.
    chain, coin
        The chain and its coin.
    kind
        Class of the product, as in a file of products.
    token
        Name of a liquid staking token; empty for others.
    held_by
        Who holds the coins: ``"self"``, ``"contract"`` or ``"firm"``.
    reward
        ``"chain"``: the chain's reward less a fee. ``"posted"``: a rate that the provider posts.
    native
        Whether it is the chain's own way to stake.
    as_of
        Day for which the sheet was put together.
    terms
        Terms by the field of the class.
    published
        Rate that the provider, or somebody else, publishes for it; None if none is known.
    attributes
        Attributes by name; those that are not known are left out.
    """

    key: str
    name: str
    provider: str
    aliases: tuple[str, ...]
    chain: str
    coin: str
    kind: str = attrs.field(validator=checks.field(_kind))
    token: str
    held_by: HeldBy = attrs.field(validator=checks.field(checks.choice, HELD_BY))
    reward: Reward = attrs.field(validator=checks.field(checks.choice, REWARDS))
    native: bool
    as_of: str
    terms: Mapping[str, Stated]
    published: Stated | None
    attributes: Mapping[str, Stated]

    @property
    def missing(self) -> tuple[str, ...]:
        """Terms not known, of ``"rate"``, ``"fee"`` and ``"wait"``; empty for a sheet that can be run."""
        lacks = {"rate": not self._has_rate, "fee": not self._has_fee, "wait": not self._has_wait}
        return tuple(name for name, is_missing in lacks.items() if is_missing)

    @property
    def _has_rate(self) -> bool:
        if self.kind in _MINING:
            return not _PRICES.isdisjoint(self.terms)
        return self.published is not None or (self.reward == "chain" and has_rules(self.coin))

    @property
    def _has_fee(self) -> bool:
        is_net = self.reward == "posted" and self.published is not None and self.published.basis == "net"
        return is_net or FEES[self.kind] in self.terms or "power_usd_per_kwh" in self.terms

    @property
    def _has_wait(self) -> bool:
        is_sold = "exit_route" in self.terms and self.terms["exit_route"].value == "sale"
        return is_sold or WAITS[self.kind] in self.terms

    def product(self, *, assumptions: str | os.PathLike[str] | AssumptionSet | None = None) -> Product:
        """The product with these terms, of the class that a file of products names.

        Parameters
        ----------
        assumptions
            None (default): the terms of the sheet and no failures, since no document states their hazards. An
            assumption set, or its name or file: with the failures that the reference product of the same kind has.

        Raises
        ------
        InputError
            For a sheet that lacks its rate, its fee or its wait.

        Examples
        --------
        >>> from stakingmodels import catalogue
        >>> catalogue.get("lido-steth").product().protocol_fee
        0.1
        """
        if self.missing:
            lacks = " and ".join(f"its {each}" for each in self.missing)
            raise InputError(
                f"catalogue: {self.key}: cannot be run, since {lacks} is not known (a file of products of your own can "
                "give it)"
            )
        found = self._built({})
        return found if assumptions is None else with_failures(found, self.kind, self.coin, self.held_by, assumptions)

    def with_placeholders(self) -> Product:
        """The product with 0 for a fee and a wait that are not known: whether the terms that are known go together.

        Raises
        ------
        InputError, InputTypeError
            For terms that the product refuses.
        """
        lacks = {"fee": FEES, "wait": WAITS}
        return self._built({names[self.kind]: 0.0 for name, names in lacks.items() if name in self.missing})

    def _built(self, placeholders: Mapping[str, object]) -> Product:
        given: dict[str, object] = {"asset": self.coin} if self.kind not in _MINING else {}
        if self.token:
            given["token"] = self.token
        if self.reward == "posted" and self.published is not None:
            given["posted_rate"] = self.published.value
        values = {**placeholders, **{name: stated.value for name, stated in self.terms.items()}}
        if self.kind == "LiquidStakingToken" and "queue_days" not in values:
            values["queue_days"] = 0.0  # a token that is only sold never waits
        return termsheets.product_of(f"catalogue: {self.key}", self.kind, {**given, **values})

    def attribute(self, name: str) -> bool | float | None:
        """An attribute: True or False, for ``"minimum"`` the fewest coins; None if it is not known.

        Raises
        ------
        UnknownNameError
            For a name that is none of `ATTRIBUTES`.
        """
        if name not in ATTRIBUTES:
            checks.refuse_name("Sheet.attribute", name, ATTRIBUTES)
        stated = self.attributes.get(name)
        value = None if stated is None else stated.value
        return value if isinstance(value, bool) or value is None else float(value)  # type: ignore[arg-type]

    def has(self, name: str) -> bool:
        """Whether an attribute is known to be true; a known minimum counts as one."""
        return self.attribute(name) not in (None, False)

    def older_terms(self, on: DateLike) -> tuple[str, ...]:
        """Terms whose documents are more than 365 days old on a day, by the dates that these carry or were read on.

        Parameters
        ----------
        on
            The day, such as ``"2026-12-02"``.
        """
        day = day_text("Sheet.older_terms: on", on)
        return tuple(name for name, stated in self._stated().items() if is_older(stated.document.date, day))

    def is_old(self, on: DateLike) -> bool:
        """Whether the sheet was put together more than 365 days before a day."""
        return is_older(self.as_of, day_text("Sheet.is_old: on", on))

    @property
    def oldest(self) -> str:
        """Date of its oldest document; that of the sheet if it has none."""
        return min((stated.document.date for stated in self._stated().values()), default=self.as_of)

    def with_rate(self, published: Stated) -> "Sheet":
        """A copy with another published rate, such as one of `read_rates`."""
        day = max(self.as_of, published.document.read)
        return attrs.evolve(
            self, published=checks.instance("with_rate", published, Stated, "read_rates(...)"), as_of=day
        )

    def to_dict(self) -> dict[str, Any]:
        """The sheet as plain values, fit for JSON: terms and attributes with figure, document, address and dates."""
        about = ("key", "name", "provider", "chain", "coin", "kind", "token", "held_by", "reward", "native", "as_of")
        return {
            **{name: getattr(self, name) for name in about},
            "missing": list(self.missing),
            "terms": {name: _plain(stated) for name, stated in self.terms.items()},
            "published": None if self.published is None else _plain(self.published),
            "attributes": {name: _plain(stated) for name, stated in self.attributes.items()},
        }

    def sources(self) -> Table:
        """Table of the terms: value, the figure as it stands in the document, its title, address and dates."""
        columns = [Note(f"catalogue.column.{each}") for each in ("term", "value", "said", "document", "url", "date")]
        rows = [
            (name, in_words(stated), stated.said, stated.document.title, stated.document.url, _dates(stated))
            for name, stated in self._stated().items()
        ]
        return Table(Note("catalogue.sources", name=self.name), columns, rows, left=6)

    def _stated(self) -> dict[str, Stated]:
        rate = {} if self.published is None else {"published_rate": self.published}
        return {**self.terms, **rate, **self.attributes}

    def _about(self) -> Table:
        """Table of what it is, what is missing, and every term with its figure."""
        kind, held = Note(self.kind), Note(f"catalogue.held.{self.held_by}")
        title = Note("catalogue.sheet", key=self.key, name=self.name, coin=self.coin, kind=kind, held=held)
        columns = [Note(f"catalogue.column.{each}") for each in ("term", "value", "said", "document", "date")]
        rows = [
            (name, in_words(stated), stated.said, stated.document.title, _dates(stated))
            for name, stated in self._stated().items()
        ]
        unknown = tuple(name for name in ATTRIBUTES if name not in self.attributes)
        notes = [Note("catalogue.as_of", day=self.as_of)]
        notes += [Note("catalogue.missing", what=missing_words(self.missing))] if self.missing else []
        notes += [Note("catalogue.unknown", what=unknown)] if unknown else []
        return Table(title, columns, rows, notes, left=5)

    def _parts(self) -> tuple[Table]:
        return (self._about(),)

    def _shown(self) -> Summary:
        return Summary.of(self._about())


def attribute_words(name: str) -> Note:
    """Short word for an attribute."""
    return Note(f"catalogue.short.{name}")


def kind_words(kind: str) -> Note:
    """Short word for the class of a product."""
    return Note(f"catalogue.kind.{kind}")


def missing_words(missing: tuple[str, ...]) -> tuple[Note, ...]:
    """Words for what is missing."""
    return tuple(Note(f"catalogue.lacks.{each}") for each in missing)


def _plain(stated: Stated) -> dict[str, Any]:
    document = stated.document
    span = {"range": list(stated.span), "taken": stated.taken} if stated.span else {}
    basis = {"basis": stated.basis} if stated.basis else {}
    return {"value": stated.value, **basis, **span, "said": stated.said, **attrs.asdict(document)}


def _dates(stated: Stated) -> str:
    document = stated.document
    return document.dated or Note("catalogue.read", day=document.read)
