"""Checks of term sheets: frozen, comparable, copyable, and strict about numbers."""

import attrs

from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.testing.locked import check_locked, check_nan_refused, equal_copies
from stakingmodels.testing.trial import Trial, numbers


def check_frozen(product: Product, market: Market, *, capital: float) -> None:
    """A product cannot be changed; copies and pickles are equal, hash alike and give the same bits."""
    trial = Trial.of("frozen", product, market, capital)
    check_locked(product, trial.fail)
    first = numbers(trial.run())
    for name, twin in equal_copies(product, trial.fail):
        trial.same(numbers(attrs.evolve(trial, product=twin).run()), first, f"when it is run after a {name}")


def check_refuses_nan(product: Product, market: Market, *, capital: float) -> None:
    """Every number among the terms refuses NaN, with an error of the library that names the field."""
    check_nan_refused(product, Trial.of("refuses-nan", product, market, capital).fail)
