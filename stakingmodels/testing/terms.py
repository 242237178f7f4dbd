"""Checks of term sheets: frozen, comparable, copyable, and strict about numbers."""

import copy
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from stakingmodels.errors import StakingModelsError
from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.testing.trial import Trial, numbers

_COPIES: Mapping[str, Callable[[Product], Product]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle of protocol 2": lambda product: pickle.loads(pickle.dumps(product, 2)),  # noqa: S301 (its own bytes)
    "pickle": lambda product: pickle.loads(pickle.dumps(product)),  # noqa: S301 (its own bytes)
}


def check_frozen(product: Product, market: Market, *, capital: float) -> None:
    """A product cannot be changed; copies and pickles are equal, hash alike and give the same bits."""
    trial = Trial.of("frozen", product, market, capital)
    _check_locked(trial)
    first = numbers(trial.run())
    for name, copied in _COPIES.items():
        try:
            twin = copied(product)
            alike = bool(twin == product) and hash(twin) == hash(product)
        except Exception as error:  # noqa: BLE001 (whatever a product's own methods raise)
            trial.fail(f"{name} raises {type(error).__name__}: {error}")
        if not alike:
            trial.fail(f"{name} gives one that is not equal to it, or hashes differently")
        trial.same(numbers(attrs.evolve(trial, product=twin).run()), first, f"when it is run after a {name}")


def check_refuses_nan(product: Product, market: Market, *, capital: float) -> None:
    """Every number among the terms refuses NaN, with an error of the library that names the field."""
    trial = Trial.of("refuses-nan", product, market, capital)
    kind: type[Any] = type(product)
    if not attrs.has(kind):
        trial.fail("is not an attrs class; write @terms.sheet")
    for field in attrs.fields(kind):
        value = getattr(product, field.name)
        if not field.init or isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        try:
            kind(**{**_given(product), field.alias: float("nan")})
        except StakingModelsError as error:
            if field.alias not in str(error):
                trial.fail(f"{field.alias}: the refusal of NaN does not name the field: {error}")
        except Exception as error:  # noqa: BLE001 (whatever a product's own checks raise)
            trial.fail(f"{field.alias}: NaN is refused with {type(error).__name__}, which is no error of the library")
        else:
            trial.fail(f"{field.alias}: NaN is taken; use a check, such as terms.fraction()")


def _given(product: Product) -> dict[str, object]:
    """The arguments that make the product again."""
    kind: type[Any] = type(product)
    return {field.alias: getattr(product, field.name) for field in attrs.fields(kind) if field.init}


def _check_locked(trial: Trial) -> None:
    """Terms cannot be set, added or deleted; tried on a copy."""
    terms = copy.copy(trial.product)
    kind: type[Any] = type(terms)
    names = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else [*vars(terms)]
    for name in [*names, "a_new_term"]:
        try:
            setattr(terms, name, getattr(terms, name, 0))
        except AttributeError:
            continue
        trial.fail(f"{name} can be set; write @terms.sheet")
    for name in names:
        try:
            delattr(terms, name)
        except AttributeError:
            continue
        trial.fail(f"{name} can be deleted; write @terms.sheet")
