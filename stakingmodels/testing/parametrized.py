"""`parametrize_with_checks`: one test of pytest for each named check of each product, scenario, chain or function."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from stakingmodels import checks
from stakingmodels.errors import ConformanceError, MissingExtraError
from stakingmodels.products import Product
from stakingmodels.protocols.chains.chain import Chain
from stakingmodels.scenarios import Scenario
from stakingmodels.series import FrozenMap
from stakingmodels.testing.chains import CHAIN_CHECKS, check_chain
from stakingmodels.testing.choosing import check_reasons
from stakingmodels.testing.conformance import CHECKS, check_product
from stakingmodels.testing.rewards import REWARD_CHECKS, RewardFunction, check_reward
from stakingmodels.testing.rewards.conformance import refuse_unchecked
from stakingmodels.testing.rewards.needs import missing
from stakingmodels.testing.scenarios import SCENARIO_CHECKS, check_scenario

Thing = Product | Scenario | Chain | RewardFunction
"""Objects that have named checks."""

F = TypeVar("F", bound=Callable[..., object])


@attrs.frozen
class NamedCheck:
    """One named check of one product, scenario, chain or reward function; it is run by calling it.

    Parameters
    ----------
    label
        Name of the thing that is checked.
    name
        Name of the check.
    thing
        Product, scenario, chain or reward function that is checked.
    capital
        Money put into a product.
    """

    label: str
    name: str
    thing: Thing
    capital: float = 100_000.0

    @property
    def id(self) -> str:
        """Name of its test: the thing's, a hyphen, and the check's."""
        return f"{self.label}-{self.name}"

    def __call__(self) -> None:
        """Run it.

        Raises
        ------
        ConformanceError
            Where it fails.
        """
        if isinstance(self.thing, Product):
            check_product(self.thing, capital=self.capital, only=[self.name])
        elif isinstance(self.thing, Scenario):
            check_scenario(self.thing, only=[self.name])
        elif isinstance(self.thing, Chain):
            check_chain(self.thing, only=[self.name])
        else:
            check_reward(self.thing, only=[self.name])


def parametrize_with_checks(
    things: Iterable[Thing] | Mapping[str, Thing],
    *,
    capital: float = 100_000.0,
    expected_failures: Mapping[str, str] = FrozenMap({}),
) -> Callable[[F], F]:
    """Decorator of a test for pytest, which runs it once for each thing and each of its named checks.

    The test takes the argument `check`, a `NamedCheck`, and calls it. Its ids are such as ``risky-no-look-ahead``, so
    that one check is run by ``pytest -k risky-no-look-ahead``.

    Parameters
    ----------
    things
        Products, scenarios, chains and reward functions, in any mixture; a mapping gives their names, which are
        otherwise those of their classes, the second of a class being ``StakingPool-2``.
    capital
        Money put into products, in [1e-9, 1e15]. Default 100,000.
    expected_failures
        Reason why a check fails, by its name (for all things that have it) or its id (for one of them). It is run,
        and pytest reports a failure where it passes (a strict ``xfail``).

    Raises
    ------
    InputError, InputTypeError
        For what has no checks, no things at all, and expected failures of unknown names or without a reason.
    MissingExtraError
        Without pytest, the extra `testing`.

    Examples
    --------
    >>> from stakingmodels import Holding
    >>> @parametrize_with_checks({"ether": Holding("ETH"), "bitcoin": Holding("BTC")})
    ... def test_it_conforms(check):
    ...     check()
    """
    where = "parametrize_with_checks"
    amount = checks.capital(f"{where}: capital", capital)
    found = [*_checks(where, things, amount)]
    known = [*dict.fromkeys([*(each.name for each in found), *(each.id for each in found)])]
    check_reasons(where, expected_failures, known, "must be the name of a check of these things, or an id of a test")
    mark: Any = _pytest().mark
    cases = [_case(each, expected_failures) for each in found]
    decorator: Callable[[F], F] = mark.parametrize("check", cases)
    return decorator


def _checks(where: str, things: Iterable[Thing] | Mapping[str, Thing], capital: float) -> Iterator[NamedCheck]:
    labelled: list[tuple[Any, Thing]]
    labelled = [*things.items()] if isinstance(things, Mapping) else [*_labelled(where, things)]
    if not labelled:
        checks.refuse(f"{where}: things", "must name at least one product, scenario, chain or reward function", things)
    for label, thing in labelled:
        checks.text(f"{where}: things: name", label)
        for name in _table(where, thing):
            if isinstance(thing, RewardFunction):
                refuse_unchecked(where, name, thing)
            if not isinstance(thing, RewardFunction) or not missing(name, thing):
                yield NamedCheck(label, name, thing, capital)


def _labelled(where: str, things: Iterable[Thing]) -> list[tuple[str, Thing]]:
    """Things with the names of their classes, numbered where a class has several."""
    if isinstance(things, Thing) or not isinstance(things, Iterable):
        checks.refuse_type(f"{where}: things", "must be a list, or a mapping of names", things, '[Holding("ETH")]')
    seen: Counter[str] = Counter()
    found: list[tuple[str, Thing]] = []
    for thing in things:
        name = thing.name if isinstance(thing, RewardFunction) else type(thing).__name__
        seen[name] += 1
        found.append((name if seen[name] == 1 else f"{name}-{seen[name]}", thing))
    return found


def _table(where: str, thing: Thing) -> Iterable[str]:
    """Names of the checks of a thing."""
    tables: tuple[tuple[type[Any], Iterable[str]], ...] = (
        (Product, CHECKS),
        (Scenario, SCENARIO_CHECKS),
        (Chain, CHAIN_CHECKS),
        (RewardFunction, REWARD_CHECKS),
    )
    for kind, table in tables:
        if isinstance(thing, kind):
            return table
    rule = "must be products, scenarios, chains or instances of RewardFunction"
    return checks.refuse_type(f"{where}: things", rule, thing)


def _case(check: NamedCheck, expected_failures: Mapping[str, str]) -> object:
    pytest: Any = _pytest()
    reason = expected_failures.get(check.id, expected_failures.get(check.name))
    if reason is None:
        return pytest.param(check, id=check.id)
    told = f"{reason} (where it passes again, remove it from expected_failures)"
    mark = pytest.mark.xfail(reason=told, raises=ConformanceError, strict=True)
    return pytest.param(check, id=check.id, marks=mark)


def _pytest() -> Any:
    """The module pytest, or an error that says how to install it."""
    try:
        import pytest
    except ImportError as error:
        raise MissingExtraError("pytest is not installed: pip install 'stakingmodels[testing]'") from error
    return pytest
