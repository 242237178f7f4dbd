"""`value_of` and `with_term`: one number within a product, by the path of its term, read or replaced."""

import re
from typing import Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import Event, Factor
from stakingmodels.products.base import Product
from stakingmodels.rates import APR, APY
from stakingmodels.replacing import given_terms

P = TypeVar("P", bound=Product)

_STEP = re.compile(r"(?P<name>[A-Za-z]\w*)(?:\[(?P<number>\d{1,4})\])?")
DEEP = 32
"""Steps of the longest path."""


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


def fields_of(owner: Any) -> dict[str, Any]:
    """Values of the terms that can be given, by the names of the arguments."""
    return {field.alias: getattr(owner, field.name) for field in attrs.fields(type(owner)) if field.init}


def _path(where: str, term: object) -> list[tuple[str, int | None]]:
    """Steps of a path: names, each with its number in a tuple or None."""
    if not isinstance(term, str):
        checks.refuse_type(f"{where}: term", 'must be a path such as "failures[0].severity"', term)
    found = [_STEP.fullmatch(step) for step in term.split(".")]
    if len(found) > DEEP or not all(found):
        checks.refuse(f"{where}: term", 'must be a path such as "failures[0].severity"', term)
    return [(m["name"], None if m["number"] is None else int(m["number"])) for m in found if m is not None]


def _child(where: str, owner: Any, name: str, number: int | None, term: str) -> Any:
    known = fields_of(owner) if attrs.has(type(owner)) and not isinstance(owner, Event) else {}
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
        several = fields_of(owner)[name]
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
    old = fields_of(owner)
    new = {name: _struck(value, event) for name, value in old.items()}
    changed = {name: value for name, value in new.items() if value is not old[name]}
    return attrs.evolve(owner, **changed) if changed else owner
