"""`assumed_terms`: the terms of any product that rest on a number of an assumption set."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels import checks, terms
from stakingmodels.assumptions import Assumption, AssumptionSet, assumption_set
from stakingmodels.market import Event
from stakingmodels.products.base import Product
from stakingmodels.products.parts import assumed_keys
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.term_paths import DEEP, fields_of

_KEYS: Mapping[Assumption, str] = {number: key for key, number in assumed_keys.NUMBERS.items()}
"""Keys by the assumption that a class's field carries."""


@attrs.frozen
class AssumedTerm:
    """One term of a product that rests on a number of an assumption set.

    Attributes
    ----------
    product, term
        Name of the product's row, and the path of its field: ``"uptime"``, ``"failures[0].severity"`` for one within a
        failure, ``"product.uptime"`` for one of the product that a wrapper holds. For an event the number is the hazard
        a year.
    key
        Key of the number in the set; terms of several products that share it rest on one number.
    assumption
        Lowest, usual and highest value, with their evidence.
    """

    product: str
    term: str
    key: str
    assumption: Assumption

    def to_dict(self) -> dict[str, Any]:
        """Product, term, key, and the assumption's fields, as plain numbers and text."""
        return {"product": self.product, "term": self.term, "key": self.key, **attrs.asdict(self.assumption)}


def assumed_terms(name: str, product: Product, numbers: AssumptionSet | None = None) -> tuple[AssumedTerm, ...]:
    """Terms of a product whose values are usual values of an assumption set.

    A term is one of them if the set's number for it is known, by its field or, within a failure, by the name of its
    event, and if its value is that number. A term with any other value is the user's own, and not assumed; so are a
    wait that the market draws on each path (`EntryWait`, `ExitWait`), a number whose range is a point, and a term
    without effect.

    Parameters
    ----------
    name
        Name of the product's row.
    product
        Any product, a wrapper too.
    numbers
        The set; None (default) for the newest.

    Examples
    --------
    >>> from stakingmodels import StakingPool
    >>> from stakingmodels.products import assumed_terms, reference
    >>> pool = reference()["staking pool"]
    >>> [(each.term, each.key) for each in assumed_terms("pool", pool)][:2]
    [('withdrawal_days', 'service_withdrawal_days'), ('failures[0].event', 'pool_slashing.hazard')]
    >>> assumed_terms("mine", StakingPool(commission=0.08))
    ()
    """
    checks.instance("assumed_terms: product", product, Product, 'reference()["staking pool"]')
    found = assumption_set() if numbers is None else numbers
    checks.instance("assumed_terms: numbers", found, AssumptionSet, 'assumption_set("2026.11")')
    return tuple(
        AssumedTerm(name, path, key, found.numbers[key])
        for path, key, value in _places("", product, DEEP)
        if key in found.numbers and _rests_on(value, found.numbers[key])
    )


def _rests_on(value: object, number: Assumption) -> bool:
    """Whether a value is the number's usual one, and the number has a range."""
    plain = value.hazard if isinstance(value, Event) else value
    is_number = isinstance(plain, (int, float)) and not isinstance(plain, bool)
    return is_number and plain == number.base and number.low < number.high


def _places(above: str, product: Any, depth: int) -> Iterator[tuple[str, str, object]]:
    """Path, key and value of each term of a product whose number has a key, those of products held too."""
    if depth == 0 or not attrs.has(type(product)):
        return
    kind = type(product)
    stated = {field: key for cls in kind.__mro__ for field, key in assumed_keys.TERMS.get(cls.__name__, {}).items()}
    about = terms.of(kind)
    for field, value in fields_of(product).items():
        term = about.get(field)
        if isinstance(value, Product):
            yield from _places(f"{above}{field}.", value, depth - 1)
        elif isinstance(value, tuple) and any(isinstance(each, (Product, Failure)) for each in value):
            yield from _in_several(f"{above}{field}", value, depth)
        elif term is not None and all(_has_effect(product, term.needs)):
            key = stated.get(field) or (_KEYS.get(term.assumption) if term.assumption is not None else None)
            if key is not None:
                yield f"{above}{field}", key, value


def _in_several(above: str, values: tuple[object, ...], depth: int) -> Iterator[tuple[str, str, object]]:
    for number, each in enumerate(values):
        if isinstance(each, Failure):
            for field, key in assumed_keys.EVENTS.get(each.event.name, {}).items():
                yield f"{above}[{number}].{field}", key, getattr(each, field)
        elif isinstance(each, Product):
            yield from _places(f"{above}[{number}].", each, depth - 1)


def _has_effect(product: Any, needs: tuple[str, ...]) -> Iterator[bool]:
    """Whether the term that another needs is there, with one of the words with which it counts."""
    if needs:
        value = getattr(product, needs[0])
        yield value in needs[1:] if len(needs) > 1 else value is not None and value != 0.0
