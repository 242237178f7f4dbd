"""A call that does not fit says which argument is wrong and which was meant; one that does is as it was."""

import copy
import enum
import functools
import importlib
import inspect
import pickle
import pkgutil
import pydoc
import re
import types
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest

import stakingmodels
from stakingmodels.numerics import _guarded

sm: Any = stakingmodels  # checkers of types refuse what follows, rightly

GRID = sm.TimeGrid.daily("2026-01-01", days=3)
HOLD = sm.Holding(asset="ETH")
WORLD = sm.Constants({sm.Price("ETH"): 3_000.0})


def simulate(*more: Any, **terms: Any) -> Any:
    return sm.simulate({"hold": HOLD}, WORLD, GRID, *more, **terms)


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "misspelt": (
        lambda: sm.StakingPool(commision=0.1),
        "StakingPool: unexpected keyword argument 'commision' (did you mean commission?)",
    ),
    "misspelt in a function": (
        lambda: sm.compare(simulate(capital=1.0), benchmrk=3),
        "compare: unexpected keyword argument 'benchmrk' (did you mean benchmark?)",
    ),
    "misspelt in a class method": (
        lambda: sm.TimeGrid.daily("2026-01-01", settlment_days=3),
        "TimeGrid.daily: unexpected keyword argument 'settlment_days' (did you mean settlement_days?)",
    ),
    "misspelt in an inherited method": (
        lambda: HOLD.run(3, capitl=3),
        "Holding.run: unexpected keyword argument 'capitl' (did you mean capital?)",
    ),
    "a part of the name": (
        lambda: sm.StakingPool(unbonding=0.1),
        "StakingPool: unexpected keyword argument 'unbonding' (did you mean unbonding_days?)",
    ),
    "seed": (lambda: simulate(seed=1), "simulate: unexpected keyword argument 'seed' (did you mean rng?)"),
    "workers": (lambda: simulate(n_jobs=1), "simulate: unexpected keyword argument 'n_jobs' (did you mean executor?)"),
    "paths": (
        lambda: simulate(capital=1.0, n_sims=3),
        "simulate: unexpected keyword argument 'n_sims' (did you mean n_paths?)",
    ),
    "fee": (
        lambda: sm.StakingPool(fee=0.1),
        "StakingPool: unexpected keyword argument 'fee' (did you mean commission?)",
    ),
    "sigma": (
        lambda: sm.GBM(1.0, sigma=0.1),
        "GBM: unexpected keyword argument 'sigma' (did you mean volatility?)",
    ),
    "rho": (lambda: sm.Joint([WORLD], rho=0.1), "Joint: unexpected keyword argument 'rho' (did you mean correlation?)"),
    "nothing like it": (lambda: sm.APR(zzz=3), "APR: unexpected keyword argument 'zzz' (the arguments are value)"),
    "too many": (
        lambda: simulate(100_000),
        "simulate: takes 3 positional arguments (products, scenario, grid), got 4 (write capital=100000)",
    ),
    "too many, and the first is given": (
        lambda: simulate(3, capital=1.0),
        "simulate: takes 3 positional arguments (products, scenario, grid), got 4 (write n_paths=3)",
    ),
    "too many, and no name for it": (
        lambda: sm.Price("ETH", 3),
        "Price: takes 1 positional argument (name), got 2",
    ),
    "by name only": (
        lambda: sm.protocols.chains.tezos.Tezos("Rio"),
        "Tezos: takes no positional arguments, got 'Rio' (write asset='Rio')",
    ),
    "missing": (sm.Holding, "Holding: missing argument asset (write Holding(asset))"),
    "missing in a method": (
        lambda: HOLD.run(3),
        "Holding.run: missing argument capital (write Holding.run(market, capital=...))",
    ),
    "two missing": (
        sm.measures.irr,
        "irr: missing arguments flows and times_years (write irr(flows, times_years))",
    ),
    "twice": (
        lambda: sm.GBM(3.0, volatility=0.7, initial_level=3.0),
        "GBM: multiple values for argument initial_level (by position and by name)",
    ),
    "a factor": (
        lambda: sm.Price(nmae="ETH"),
        "Price: unexpected keyword argument 'nmae' (did you mean name?)",
    ),
    "a contract": (
        lambda: sm.protocols.contracts.erc4626.Vault(asets=3),
        "Vault: unexpected keyword argument 'asets'",
    ),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_explained(call, words):
    with pytest.raises(sm.InputTypeError, match=f"^{re.escape(words)}") as caught:
        call()
    assert isinstance(caught.value, TypeError)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert len(str(caught.value).splitlines()) == 1


def calls_wrongly() -> Any:
    function: Any = calls_wrongly
    return function(1)


def yields_wrongly() -> Any:
    yield len(sm.APR(0.1))


@pytest.mark.parametrize("function", [lambda: len(sm.APR(0.1)), calls_wrongly, np.add])
def test_a_type_error_from_within_is_left_as_it_is(function):
    with pytest.raises((TypeError, IndexError)) as plain:
        function()
    with pytest.raises(type(plain.value), match=re.escape(str(plain.value))) as caught:
        _guarded(function)()
    assert not isinstance(caught.value, sm.StakingModelsError)


def test_a_type_error_from_within_a_generator_is_left_as_it_is():
    with pytest.raises(TypeError, match="has no len") as caught:
        next(_guarded(yields_wrongly)())
    assert not isinstance(caught.value, sm.StakingModelsError)


# The whole face


def face():
    """What can be called of the public face: functions, classes and their methods."""
    found: dict[str, Any] = {}
    rooms = [sm, *(importlib.import_module(each.name) for each in pkgutil.walk_packages(sm.__path__, "stakingmodels."))]
    for room in rooms:
        for name in getattr(room, "__all__", ()):
            value = getattr(room, name)
            if inspect.isfunction(value) and not takes_any(value):
                found[f"{value.__module__}.{name}"] = value
            elif inspect.isclass(value) and not issubclass(value, (enum.Enum, BaseException)):
                if not inspect.isabstract(value) and not getattr(value, "_is_protocol", False) and _is_ours(value):
                    found[f"{value.__module__}.{name}"] = value
                found |= {f"{value.__module__}.{name}.{key}": member for key, member in methods(value)}
    apart = ("stakingmodels.cli", "stakingmodels.checks")  # on checks the explanations themselves stand
    return {name: value for name, value in found.items() if not name.startswith(apart)}


def _is_ours(cls):
    made = next((base for base in cls.__mro__ if "__init__" in vars(base)), object)
    return made.__module__.startswith("stakingmodels")


def takes_any(function):
    return any(each.kind is each.VAR_KEYWORD for each in inspect.signature(function).parameters.values())


def methods(cls):
    hot = {base.__name__ for base in cls.__mro__} & {"Account", "Book", "Chunk", "Noise", "Now", "Position", "Queue"}
    hot |= {base.__name__ for base in cls.__mro__} & {"Factor", "Streams", "Watch"}
    for name, member in vars(cls).items():
        function = getattr(member, "__func__", member)
        if name[0] == "_" or hot or not isinstance(function, types.FunctionType) or takes_any(function):
            continue
        takes_self = isinstance(member, types.FunctionType)
        yield name, functools.partial(getattr(cls, name), object()) if takes_self else getattr(cls, name)


def test_every_public_callable_explains_a_wrong_keyword():
    wrong: dict[str, object] = {}
    for name, call in face().items():
        try:
            result = call(no_such_thing=1)
            for _ in result:  # a generator says it when it is read
                break
        except sm.InputTypeError as error:
            if "no_such_thing" not in str(error):
                wrong[name] = error
        except Exception as error:  # noqa: BLE001  # whatever else it is
            wrong[name] = error
        else:
            wrong[name] = result
    assert wrong == {}
    assert len(face()) > 500


def test_what_is_called_rightly_looks_as_it_did():
    assert str(inspect.signature(sm.Holding)) == (
        "(asset: str, *, buy_fee: float = 0.0, sell_fee: float = 0.0, failures: object = ()) -> None"
    )
    assert [*inspect.signature(sm.TimeGrid.daily).parameters] == ["start", "days", "settlement_days"]
    assert pickle.loads(pickle.dumps(sm.simulate)) is sm.simulate  # noqa: S301
    assert pickle.loads(pickle.dumps(HOLD)) == copy.deepcopy(HOLD) == attrs.evolve(HOLD)  # noqa: S301
    assert sm.simulate.__doc__.splitlines()[0] in pydoc.render_doc(sm.simulate)
    assert "capital: float" in pydoc.render_doc(sm.simulate)
