"""Products against simulators by hand: closing, lines, coins, days to cash and every day's value, to 1e-9."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import Market, Product
from stakingmodels.errors import InputError, UnitWarning
from stakingmodels.ledger import Outcome
from tests.oracles import terms, worlds
from tests.oracles.cloud_mining_contract_by_hand import cloud_mining_contract
from tests.oracles.compare import disagreements
from tests.oracles.exchange_staking_by_hand import exchange_staking
from tests.oracles.hand_book import HandBook, World
from tests.oracles.holding_by_hand import holding
from tests.oracles.liquid_staking_token_by_hand import liquid_staking_token
from tests.oracles.mining_machines_by_hand import mining_machines
from tests.oracles.solo_validator_by_hand import solo_validator
from tests.oracles.staking_pool_by_hand import staking_pool

BY_HAND: dict[str, Callable[[Any, World], HandBook]] = {
    "holding": holding,
    "staking_pool": staking_pool,
    "liquid_staking_token": liquid_staking_token,
    "exchange_staking": exchange_staking,
    "cloud_mining_contract": cloud_mining_contract,
    "mining_machines": mining_machines,
    "solo_validator": solo_validator,
}
FEW, MANY = 50, 2_500
NEVER_FELT = {
    "asset",  # the market is of one
    "token",  # the market is of one
    "accounting",  # the same value either way
    "opening_rate",  # shows in the number of tokens alone
    "random_duties",  # given markets have none
    "block_values",  # a law of luck
    "network_validators",  # luck alone hangs on it
    "slashing",  # not without its severity, which is felt
}


@dataclass
class Case:
    """A term sheet, a market of one to three paths, and what came of it; no outcome where no path could open."""

    seed: int
    product: Any
    paths: list[World]
    outcome: Outcome | None


def cases(name: str, first: int, count: int) -> Iterator[Case]:
    for seed in range(first, first + count):
        random = np.random.default_rng([seed, 7])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnitWarning)  # rates of 90 % and prices of next to nothing are meant
            product: Product = getattr(terms, name)(random)
            market, paths = worlds.draw(random, product, terms.capital)
            product = _open(product, market)
            try:
                outcome = product.run(market, capital=paths[0].capital, keep="values")
            except InputError as error:
                assert "too little" in str(error)  # noqa: PT017  # else the terms are wrong
                outcome = None
        yield Case(seed, product, paths, outcome)


def _open(product: Any, market: Market) -> Any:
    """The terms without wind-ups dated before the opening, which are refused."""
    if not getattr(product, "halts", ()):
        return product
    first = market.grid.times[0]
    kept = [each for each in product.halts if each.effect == "pause" or each.on is None or each.on > first]
    return product.replace(halts=tuple(kept))


def faults(name: str, case: Case) -> list[str]:
    books = [BY_HAND[name](case.product, world) for world in case.paths]
    if case.outcome is None:
        return [f"seed {case.seed}: opens by hand" for book in books if book.missing == 0.0]
    return [
        f"seed {case.seed}, path {path}, {figure}: {said!r}, by hand {hand!r}, off by {off:.1e}; {case.product}"
        for figure, path, said, hand, off in disagreements(case.outcome, books)
    ]


def agree(name: str, first: int, count: int) -> None:
    found = [fault for case in cases(name, first, count) for fault in faults(name, case)]
    assert not found, f"{len(found)} figures: " + "\n".join(found[:10])


@pytest.mark.parametrize("name", BY_HAND)
def test_a_product_agrees_with_its_simulator_by_hand_on_a_few_terms_and_markets(name):
    agree(name, 0, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_HAND)
def test_a_product_agrees_with_its_simulator_by_hand_on_many_terms_and_markets(name):
    agree(name, FEW, MANY)


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.few(3)
def test_the_random_terms_and_markets_feel_every_term(name):
    told = [case for case in cases(name, 0, 2 * FEW) if case.outcome is not None]
    fields = [field.name for field in attrs.fields(type(told[0].product)) if field.init]
    unfelt = [
        field
        for field in fields
        if field not in NEVER_FELT and not any(_feels(name, case, field, told[k - 1]) for k, case in enumerate(told))
    ]
    assert unfelt == []


def _feels(name: str, case: Case, field: str, other: Case) -> bool:
    """Whether the hand, given another value of one term, disagrees with the product."""
    value = getattr(case.product, field)
    nudged = [value + 1e-3 if value < 0.5 else value * (1.0 - 1e-3)] if isinstance(value, float) else []
    for changed in (*nudged, getattr(other.product, field)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UnitWarning)
                product = attrs.evolve(case.product, **{field: changed})
            if faults(name, Case(case.seed, product, case.paths, case.outcome)):
                return True
        except (InputError, KeyError):  # no valid terms, or terms that ask for more than this market gives
            continue
    return False
