"""`assumed_terms`: the terms of any product that rest on a number of an assumption set; and such terms changed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels.assumptions import Assumption, AssumptionSet, assumption_set
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import Event, Factor
from stakingmodels.products.base import Product
from stakingmodels.products.parts import assumed_keys
from stakingmodels.products.parts.failures import Failure
from stakingmodels.rates import APR, APY
from stakingmodels.replacing import given_terms

P = TypeVar("P", bound=Product)

_STEP = re.compile(r"(?P<name>[A-Za-z]\w*)(?:\[(?P<number>\d{1,4})\])?")
_KEYS: Mapping[Assumption, str] = {number: key for key, number in assumed_keys.NUMBERS.items()}
"""Keys by the assumption that a class's field carries."""
_DEEP = 32


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
        for path, key, value in _places("", product, _DEEP)
        if key in found.numbers and _rests_on(value, found.numbers[key])
    )


def value_of(product: Product, term: str) -> float:
    """Number of a term; of an event its hazard a year, of a rate its fraction a year.

    Parameters
    ----------
    product
        Any product.
    term
        Path of the term, as in `AssumedTerm`.

    Raises
    ------
    UnknownNameError
        For a path that the product does not have, with the nearest name.
    InputError
        For a term that is no number.

    Examples
    --------
    >>> from stakingmodels.products import reference, value_of
    >>> value_of(reference()["staking pool"], "failures[1].event")
    0.01
    """
    owner: Any = checks.instance("value_of: product", product, Product, 'reference()["staking pool"]')
    for name, number in _path("value_of", term):
        owner = _child("value_of", owner, name, number, term)
    value = owner.hazard if isinstance(owner, Event) else owner.value if isinstance(owner, (APR, APY)) else owner
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        checks.refuse(f"value_of: {term}", "must be a number", owner)
    return float(value)


def with_term(product: P, term: str, value: float) -> P:
    """Copy of a product with one number replaced, wherever it stands.

    An event keeps its name and gets the hazard, in every failure, rule and term of the product that has an event of
    this name. A rate stays an `APR` or `APY`, and a whole number whole. A severity of 0 becomes the smallest that a
    failure may have, which takes nothing. A term that is None, or read from the market, becomes the number, and terms
    beside it that are not given get the defaults that belong to it.

    Parameters
    ----------
    product, term
        As in `value_of`.
    value
        The new number; of an event its hazard a year, of a rate its fraction a year.

    Raises
    ------
    UnknownNameError
        For a path that the product does not have, with the nearest name.
    InputError
        For a value that the term refuses.

    Examples
    --------
    >>> from stakingmodels.products import reference, value_of, with_term
    >>> pool = with_term(reference()["staking pool"], "failures[1].severity", 0.9)
    >>> value_of(pool, "failures[1].severity"), pool.commission
    (0.9, 0.15)
    """
    owner: Any = checks.instance("with_term: product", product, Product, 'reference()["staking pool"]')
    number = checks.real("with_term: value", value)
    steps = _path("with_term", term)
    last: Any = owner
    for step in steps:
        last = _child("with_term", last, *step, term)
    if isinstance(last, Event):
        struck: P = _struck(owner, Event(last.name, hazard=number))
        return struck
    if not takes_number(last):
        checks.refuse(f"with_term: {term}", "must be a number", last)
    if isinstance(last, (APR, APY)):
        rated: P = _evolved(owner, steps, type(last)(number), term)
        return rated
    if steps[-1][0].endswith("severity") and number == 0.0:
        number = checks.SMALLEST
    about, _ = term_of("with_term", product, term)
    is_whole = isinstance(last, int) or (about is not None and about.kind == "count")
    changed: P = _evolved(owner, steps, round(number) if is_whole else number, term)
    return changed


def term_of(where: str, product: Product, path: str) -> tuple[terms.Term | None, object]:
    """Description and value of the term at a path that `with_term` takes; None for a term without a description.

    Parameters
    ----------
    where
        Beginning of messages.
    product, path
        As in `value_of`.

    Raises
    ------
    UnknownNameError
        For a path that the product does not have, with the nearest name.
    InputError
        For a term that no number can replace.
    """
    owner: Any = product
    last: Any = owner
    name = ""
    for name, number in _path(where, path):
        owner, last = last, _child(where, last, name, number, path)
    if not isinstance(last, Event) and not takes_number(last):
        checks.refuse(f"{where}: {path}", "must be a number", last)
    about = terms.of(type(owner)).get(name) if attrs.has(type(owner)) else None
    return about, last


def takes_number(value: object) -> bool:
    """Whether `with_term` puts a number in the place of this value: a number, a rate of one, a factor, or nothing."""
    if isinstance(value, (APR, APY)):
        return not isinstance(value.value, np.ndarray)
    return value is None or (isinstance(value, (int, float, Factor)) and not isinstance(value, (bool, Event)))


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
    for field, value in _fields(product).items():
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


def _fields(owner: Any) -> dict[str, Any]:
    """Values of the terms that can be given, by the names of the arguments."""
    return {field.alias: getattr(owner, field.name) for field in attrs.fields(type(owner)) if field.init}


def _path(where: str, term: object) -> list[tuple[str, int | None]]:
    """Steps of a path: names, each with its number in a tuple or None."""
    if not isinstance(term, str):
        checks.refuse_type(f"{where}: term", 'must be a path such as "failures[0].severity"', term)
    found = [_STEP.fullmatch(step) for step in term.split(".")]
    if len(found) > _DEEP or not all(found):
        checks.refuse(f"{where}: term", 'must be a path such as "failures[0].severity"', term)
    return [(m["name"], None if m["number"] is None else int(m["number"])) for m in found if m is not None]


def _child(where: str, owner: Any, name: str, number: int | None, term: str) -> Any:
    known = _fields(owner) if attrs.has(type(owner)) and not isinstance(owner, Event) else {}
    if name not in known:
        checks.refuse_name(f"{where}: {checks.show(term)[1:-1]}", name, known)
    value = known[name]
    if number is None:
        return value
    if not isinstance(value, tuple) or number >= len(value):
        many = len(value) if isinstance(value, tuple) else 0
        checks.refuse(f"{where}: {term}", f"must be one of the {many} of {name}", number)
    return value[number]


def _evolved(owner: Any, steps: list[tuple[str, int | None]], value: object, term: str) -> Any:
    (name, number), rest = steps[0], steps[1:]
    old = _child("with_term", owner, name, number, term)
    new = _evolved(old, rest, value, term) if rest else value
    if number is not None:
        several = _fields(owner)[name]
        new = (*several[:number], new, *several[number + 1 :])
    try:
        if not rest and (old is None or isinstance(old, Factor)):
            return type(owner)(**{**given_terms(owner), name: new})
        return attrs.evolve(owner, **{name: new})
    except (InputError, InputTypeError) as error:
        text = str(error)
        raise error if text.startswith("with_term") else type(error)(f"with_term: {term}: {text}") from error


def _struck(owner: Any, event: Event) -> Any:
    """Value in which every event of a name has the hazard, in terms, failures, rules and products held."""
    if isinstance(owner, Event):
        return event if owner == event else owner
    if isinstance(owner, tuple):
        several = tuple(_struck(each, event) for each in owner)
        return owner if all(new is old for new, old in zip(several, owner, strict=True)) else several
    if not attrs.has(type(owner)):
        return owner
    old = _fields(owner)
    new = {name: _struck(value, event) for name, value in old.items()}
    changed = {name: value for name, value in new.items() if value is not old[name]}
    return attrs.evolve(owner, **changed) if changed else owner
