"""Fields of term sheets: each function makes an attrs field with a check and a description of its content.

A term sheet is a class made by `sheet`, with a field for each term::

    @terms.sheet
    class Pool(Product):
        asset: str = terms.coin(kw_only=False)
        commission: float = terms.fraction(default=0.1, source="the pool's page", date="2026-11-03")
        exit: Literal["sale", "queue"] = terms.choice(Literal["sale", "queue"], default="sale")

`of` returns the descriptions of a class's terms, as a mapping of name to `Term`. The strategies of `testing`, term
sheets in files and the names of terms in other languages are made from that.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeVar, dataclass_transform, get_args, overload

import attrs

from stakingmodels import checks
from stakingmodels.market.factors import EntryWait, ExitWait, Factor, PowerPrice, as_event
from stakingmodels.market.grid import as_time
from stakingmodels.numerics import entrances
from stakingmodels.rates import as_rate

__all__ = [
    "TRADING_FEE",
    "Term",
    "choice",
    "coin",
    "count",
    "day",
    "days",
    "entry_days",
    "event",
    "exit_days",
    "field",
    "flag",
    "fraction",
    "money",
    "number",
    "of",
    "positive",
    "power_price",
    "rate",
    "rules",
    "sheet",
    "text",
]

T = TypeVar("T")
Kind = Literal[
    "fraction", "number", "money", "days", "entry days", "exit days", "rate", "count", "flag", "choice", "event",
    "coin", "text", "day", "factor", "failures", "halts", "payout", "entry", "execution", "power price", "other",
]  # fmt: skip
"""Kinds of term. The content of ``"other"``, terms within terms and tables, is known only to its own check."""
Check = Callable[..., object]
_TERM = "term"
TRADING_FEE = (0.0, 0.05)
"""Usual range of trading fees."""


@attrs.frozen(kw_only=True)
class Term:
    """Description of one term of a class.

    Attributes
    ----------
    kind
        Kind of its content.
    unit
        Unit of its numbers: ``"USD"``, ``"days"``, ``"BTC"``; empty for a pure number and for other kinds.
    low, high
        Bounds of its numbers, both allowed unless `open_ends`; None if only its own check knows them.
    open_ends
        Whether the bounds themselves are refused.
    scheduled
        Whether it may be a `Schedule` of `products`.
    usual
        Lowest and highest usual number; None if unknown. It refuses nothing.
    optional
        Whether it may be None.
    choices
        Words allowed; of failures, those of their `line`.
    needs
        Name of a term that it needs to have an effect; followed by the words of that term with which it has one, if
        giving the term is not enough.
    instead_of
        Names of terms in whose place it may stand, or that it cannot stand beside: only one of them is given. Empty for
        most.
    source, date
        Source of its default, and the date of the statement or of reading; empty for a default without a source.
    assumption
        Range and evidence of an unpublished number, an `Assumption` of `products`; otherwise None.
    label
        Key of its name in lists of words; by default the field's name.
    """

    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    open_ends: bool = False
    scheduled: bool = False
    usual: tuple[float, float] | None = None
    optional: bool = False
    choices: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    source: str = ""
    date: str = ""
    assumption: Any = None
    label: str = ""

    def __attrs_post_init__(self) -> None:
        checks.instance(
            "Term.instead_of", self.instead_of, tuple, '("share",)'
        )  # a text would be read letter by letter
        if bool(self.source) != bool(self.date):
            checks.refuse("Term.date", "must be given with a source, and only then", self.date, 'date="2026-11-03"')


def of(kind: type[Any]) -> Mapping[str, Term]:
    """Descriptions of the terms of a class, by the names of its arguments, in their order.

    Parameters
    ----------
    kind
        A class made by `sheet`, or another attrs class with fields of this module. Fields made without it are left out.

    Examples
    --------
    >>> from stakingmodels import StakingPool, terms
    >>> commission = terms.of(StakingPool)["commission"]
    >>> commission.kind, commission.low, commission.high, commission.date
    ('fraction', 0.0, 1.0, '2026-06-23')
    """
    if not isinstance(kind, type) or not attrs.has(kind):
        checks.refuse_type("terms.of: kind", "must be a class of terms; write StakingPool", kind)
    found = {}
    for each in attrs.fields(kind):
        term = each.metadata.get(_TERM)
        if each.init and isinstance(term, Term):
            found[each.alias] = term if term.label else attrs.evolve(term, label=each.name)
    return MappingProxyType(found)


def rules(
    kind: Kind,
    check: Check,
    *args: object,
    default: Any = attrs.NOTHING,
    optional: bool = False,
    source: str = "",
    date: str = "",
    assumption: Any = None,
    **about: Any,
) -> dict[str, Any]:
    """Arguments of ``attrs.field`` that check and describe a term, for fields that need more than `field`.

    Parameters
    ----------
    kind
        Kind of its content.
    check, args
        A check of `checks`, or a function like them: ``check("Class.field", value, *args)`` returns the value.
    default
        Its default, which must be passed to ``attrs.field`` as well. If it is the base of the assumption, and no other
        source is given, its source is that of the assumption.
    optional, source, date, assumption, **about
        As in `Term`.
    """
    if assumption is not None and not source and default == assumption.base and default is not None:
        source, date = assumption.source, assumption.date
    term = Term(kind=kind, optional=optional, source=source, date=date, assumption=assumption, **about)
    return {"validator": checks.field(check, *args, optional=optional), "metadata": {_TERM: term}}


def field(
    kind: Kind,
    check: Check,
    *args: object,
    default: Any = attrs.NOTHING,
    kw_only: bool = True,
    **about: Any,
) -> Any:
    """A term of any kind with a check of its own; arguments as in `rules`.

    A default may be an ``attrs.Factory``. A term is a keyword unless `kw_only` is False.
    """
    return attrs.field(default=default, kw_only=kw_only, **rules(kind, check, *args, default=default, **about))


def fraction(*, default: Any = attrs.NOTHING, kw_only: bool = True, open_ends: bool = False, **about: Any) -> Any:
    """A fraction in [0, 1]; with `open_ends`, in (0, 1)."""
    check = checks.open_fraction if open_ends else checks.fraction
    about = {"low": 0.0, "high": 1.0, "open_ends": open_ends, **about}
    return field("fraction", check, default=default, kw_only=kw_only, **about)


def positive(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """A number above 0."""
    about = {"low": checks.SMALLEST, "high": checks.CAPITAL_LIMIT, **about}
    return field(about.pop("kind", "number"), checks.positive, default=default, kw_only=kw_only, **about)


def money(*, default: Any = attrs.NOTHING, kw_only: bool = True, unit: str = "USD", **about: Any) -> Any:
    """An amount, 0 or more."""
    about = {"unit": unit, "low": 0.0, "high": checks.CAPITAL_LIMIT, **about}
    return field("money", checks.non_negative, default=default, kw_only=kw_only, **about)


def number(*, default: Any = attrs.NOTHING, kw_only: bool = True, check: Check | None = None, **about: Any) -> Any:
    """A number, 0 or more unless a check of its own says otherwise."""
    if check is None:
        about = {"low": 0.0, "high": checks.CAPITAL_LIMIT, **about}
    return field("number", check or checks.non_negative, default=default, kw_only=kw_only, **about)


def days(
    *, default: Any = attrs.NOTHING, kw_only: bool = True, check: Check = checks.non_negative, **about: Any
) -> Any:
    """A number of days, 0 or more unless a check of its own says otherwise."""
    least = 0.0 if check is checks.non_negative else checks.SMALLEST
    about = {"unit": "days", "low": least, "high": checks.CAPITAL_LIMIT, **about}
    return field("days", check, default=default, kw_only=kw_only, **about)


def _wait(where: str, value: object, kind: type[Factor]) -> object:
    if isinstance(value, Factor):
        return checks.instance(where, value, kind, f'{kind.__name__}("ETH") or a number of days')
    return checks.non_negative(where, value)


def entry_days(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """Days until a deposit begins to earn: a number, or ``EntryWait("ETH")``."""
    about = {"unit": "days", "low": 0.0, "high": checks.CAPITAL_LIMIT, **about}
    return field("entry days", _wait, EntryWait, default=default, kw_only=kw_only, **about)


def exit_days(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """Days from the request to leave to its completion: a number, or ``ExitWait("ETH")``."""
    about = {"unit": "days", "low": 0.0, "high": checks.CAPITAL_LIMIT, **about}
    return field("exit days", _wait, ExitWait, default=default, kw_only=kw_only, **about)


def _power(where: str, value: object) -> object:
    if isinstance(value, Factor):
        return checks.instance(where, value, PowerPrice, 'PowerPrice("US") or a number of USD per kWh')
    return checks.non_negative(where, value)


def power_price(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """Price of electricity in USD per kWh: a number, or ``PowerPrice("US")``."""
    about = {"unit": "USD/kWh", "low": 0.0, "high": checks.CAPITAL_LIMIT, **about}
    return field("power price", _power, default=default, kw_only=kw_only, **about)


def rate(*, default: Any = attrs.NOTHING, kw_only: bool = True, check: Check = as_rate, **about: Any) -> Any:
    """A rate a year, `APR` or `APY`."""
    return field("rate", check, default=default, kw_only=kw_only, **{"unit": "1/year", **about})


def count(low: int, high: int, *, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """A whole number in [low, high]."""
    about = {"low": low, "high": high, **about}
    return field("count", checks.integer, low, high, default=default, kw_only=kw_only, **about)


def flag(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """True or False."""
    return field("flag", checks.flag, default=default, kw_only=kw_only, **about)


def choice(options: Any, *, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """One of the words of a ``Literal``."""
    words = get_args(options)
    return field("choice", checks.choice, words, default=default, kw_only=kw_only, **{"choices": words, **about})


def event(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """An `Event`; by default None, for an event that never occurs."""
    about = {"optional": True, **about}
    return field("event", as_event, default=None if default is attrs.NOTHING else default, kw_only=kw_only, **about)


def coin(*, default: Any = attrs.NOTHING, kw_only: bool = True, check: Check = checks.text, **about: Any) -> Any:
    """The name of a coin or of a currency."""
    return field("coin", check, default=default, kw_only=kw_only, **about)


def text(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """A text of 1 to 80 characters."""
    return field("text", checks.text, default=default, kw_only=kw_only, **about)


def day(*, default: Any = attrs.NOTHING, kw_only: bool = True, **about: Any) -> Any:
    """A day or a moment, as `TimeGrid` takes them."""
    return field("day", as_time, default=default, kw_only=kw_only, **about)


@overload
@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        field, fraction, positive, money, number, days, entry_days, exit_days, power_price, rate, count, flag, choice,
        event, coin, text, day, attrs.field,
    ),
)  # fmt: skip
def sheet(cls: type[T], /) -> type[T]: ...
@overload
def sheet(*, eq: bool = True) -> Callable[[type[T]], type[T]]: ...
def sheet(cls: type[T] | None = None, /, *, eq: bool = True) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a frozen attrs class of terms: fields with ``kw_only=False`` are positional, all others are keywords.

    Parameters
    ----------
    cls
        The class. Every `Product` and `Scenario` also has `replace`.
    eq
        As in ``attrs.frozen``.
    """
    make: Callable[[type[T]], type[T]] = attrs.frozen(eq=eq)
    return make if cls is None else make(cls)


entrances(__name__)
