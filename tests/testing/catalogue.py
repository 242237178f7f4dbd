"""Every broken thing that is planted in tests of the kit, and the checks that must fail, and no other."""

from collections.abc import Callable
from typing import Any

import attrs

from stakingmodels import ConformanceError, Market
from stakingmodels.products import Wrapper
from stakingmodels.testing import CHAIN_CHECKS, CHECKS, REWARD_CHECKS, SCENARIO_CHECKS, RewardFunction
from stakingmodels.testing.rewards.cases import fixed_cases
from stakingmodels.testing.rewards.needs import missing
from tests.testing import broken_wrappers, test_sharp_adding, test_sharp_chains, test_sharp_scenarios, test_sharp_terms
from tests.testing import test_sharp as products
from tests.testing.rewards.planted import MORE, STATEFUL, TABLE
from tests.testing.rewards.sound import adapted

Failing = Callable[[str], None]


@attrs.frozen
class Planted:
    """One broken thing.

    `meant` are the checks that must fail, and the only ones among `known`; `by_chance` may fail or not.
    """

    kind: str
    name: str
    thing: Any
    meant: frozenset[str]
    known: tuple[str, ...]
    run: Failing
    by_chance: frozenset[str] = frozenset()

    def caught(self) -> frozenset[str]:
        """The checks that fail."""
        found = set()
        for name in self.known:
            try:
                self.run(name)
            except ConformanceError:
                found.add(name)
        return frozenset(found) - self.by_chance


def _product(kind: str, name: str, thing: Any, meant: set[str], market: Market, **how: Any) -> Planted:
    def run(check: str) -> None:
        CHECKS[check](thing, market, capital=products.CAPITAL)

    return Planted(kind, name, thing, frozenset(meant), how.pop("known", tuple(CHECKS)), run, **how)


def catalogue() -> list[Planted]:
    """Every broken thing that a check is meant for; not those that any run refuses."""
    market, known = products.market(), tuple(name for name in CHECKS if name != "exit-paths")
    chance: dict[Any, frozenset[str]] = dict.fromkeys(
        (products.unseeded_numbers, products.numbers_of_the_process), frozenset(products.BY_CHANCE)
    )
    found = [
        _product(
            "product",
            fault.__name__,
            products.Plain(fault=fault),
            meant - chance.get(fault, frozenset()),
            market,
            known=known,
            by_chance=chance.get(fault, frozenset()),
        )
        for fault, meant in (*products.PLANTED.items(), *products.OTHERS.items())
        if meant != products.TO_ALL_RUNS
    ]
    found += [
        _product("product", way.__name__, products.Plain(leave=way), meant, market, known=known)
        for way, meant in products.LEAVING.items()
    ]
    found += [
        _product("product", way.__name__, products.Plain(leave=way), {"exit-paths"}, market, known=("exit-paths",))
        for way in products.BY_PATH
    ]
    found += [
        _product("product", repr(thing), thing, {name}, test_sharp_terms.MARKET)
        for thing, name, _ in test_sharp_terms.FAULTS
    ]
    found += [
        _product("wrapper", name, thing, meant, market) for name, (thing, meant) in broken_wrappers.WRAPPERS.items()
    ]
    found += [
        _product("wrapper" if isinstance(thing, Wrapper) else "product", name, thing, meant, market)
        for name, (thing, meant) in test_sharp_adding.BROKEN.items()
    ]
    others = frozenset(CHECKS) - {"deterministic"}  # whatever is run twice
    found.append(_anew("remembers", test_sharp_adding.highest, market, others))
    found += [_scenario(kind, name) for kind, (name, _) in test_sharp_scenarios.FAULTS.items()]
    found += [_chain(kind, name) for kind, (name, _) in test_sharp_chains.FAULTS.items()]
    found += [_function(adapted(of, fault), meant) for of, fault, meant in TABLE]
    more: list[Any] = [*MORE]
    found += [_remembering(make, promises, meant) for make, promises, meant in STATEFUL]
    return found + [_function(RewardFunction(fault, **promises), meant) for fault, promises, meant in more]


def _anew(name: str, make: Callable[[], Any], market: Market, by_chance: frozenset[str]) -> Planted:
    """A product that is made anew for each check."""

    def run(check: str) -> None:
        CHECKS[check](make(), market, capital=products.CAPITAL)

    return Planted("product", name, make(), frozenset({"deterministic"}), tuple(CHECKS), run, by_chance)


def _scenario(kind: type[Any], meant: str) -> Planted:
    def run(name: str) -> None:
        SCENARIO_CHECKS[name](kind(), test_sharp_scenarios.GRID)

    return Planted("scenario", kind.__name__, kind, frozenset({meant}), tuple(SCENARIO_CHECKS), run)


def _chain(kind: type[Any], meant: str) -> Planted:
    def run(name: str) -> None:
        CHAIN_CHECKS[name](kind())

    return Planted("chain", kind.__name__, kind, frozenset({meant}), tuple(CHAIN_CHECKS), run)


def _function(spec: RewardFunction, meant: tuple[str, ...]) -> Planted:
    cases = fixed_cases(spec)

    def run(name: str) -> None:
        REWARD_CHECKS[name](spec, cases)

    known = tuple(name for name in REWARD_CHECKS if not missing(name, spec))
    return Planted("function", spec.name, spec, frozenset(meant), known, run)


def _remembering(make: Callable[[], Any], promises: Any, meant: tuple[str, ...]) -> Planted:
    """A function that is made anew for each check."""
    one = _function(RewardFunction(make(), **promises), meant)

    def run(name: str) -> None:
        REWARD_CHECKS[name](RewardFunction(make(), **promises))

    return attrs.evolve(one, run=run)


BROKEN = catalogue()
