"""Calls of a reward function, and its answers as plain numbers."""

import copy
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.testing.rewards.adapter import HOLDERS, RewardFunction
from stakingmodels.testing.rewards.callee import callee_text
from stakingmodels.testing.rewards.cases import LISTS, Values

Number = int | float | Fraction


class RaisedError(Exception):
    """The function raised, or gave an answer that is not what the adapter says."""


class WrongKindError(RaisedError):
    """The function gave an answer of another kind or shape than the adapter says."""


@attrs.frozen(eq=False)
class Answer:
    """One call: its arguments by meaning, and each quantity of the answer as a list of numbers."""

    function: RewardFunction
    values: Values
    quantities: Mapping[str, list[Number]]

    @property
    def held(self) -> str:
        """Name of the quantity that holders have."""
        return next(name for name in HOLDERS if name in self.quantities)

    @property
    def holders(self) -> list[Number]:
        """Amounts of holders: the reward, balance, parts or balances, by step or holder."""
        return self.quantities[self.held]

    @property
    def gain(self) -> Number:
        """Amount earned in all: a reward as it is, a balance less the amount."""
        if self.held == "balance":
            found: Number = exact(self.holders[-1]) - exact(self.values["amount"])
            return found
        return total(self.holders)

    @property
    def text(self) -> str:
        """The call as Python text."""
        return call_text(self.function, self.values)

    @property
    def scale(self) -> float:
        """Size of the amounts that go in, by which rounding of floats is measured."""
        return max(abs(float(self.values.get(role, 0.0))) for role in AMOUNTS)


AMOUNTS: tuple[str, ...] = ("amount", "pot")


def exact(value: Number) -> Any:
    """A number without a rounding; infinities and NaN stay floats."""
    return Fraction(value) if isinstance(value, float) and math.isfinite(value) else value


def total(values: list[Number]) -> Number:
    """Sum without a rounding, but one at the end where floats are summed."""
    if all(isinstance(each, int) for each in values):
        return sum(values)
    found: Number = sum(map(exact, values)) if all(map(math.isfinite, values)) else math.nan
    return found


def vector_role(function: RewardFunction) -> str:
    """Meaning of the argument that takes an array, where one does."""
    return "amount" if function.amount is not None else "pot"


def given(function: RewardFunction, values: Values) -> dict[str, Any]:
    """Arguments by the function's own names, in the types that it takes; new objects each time."""
    found = dict.fromkeys(function.order)
    for name, value in function.constants.items():
        found[name] = _copied(value)
    for role, value in values.items():
        name = getattr(function, role)
        whole = function.bounds[role].whole
        if role in LISTS:
            items = [_typed(function, each, whole=whole) for each in value]
            found[name] = items if function.takes == "numbers" else np.array(items)
        elif isinstance(value, list):  # amounts of one call
            found[name] = np.array([_typed(function, each, whole=whole) for each in value])
        elif role == vector_role(function) and function.takes == "arrays":
            found[name] = np.array([_typed(function, value, whole=whole)])
        else:
            found[name] = _typed(function, value, whole=whole)
    return found


def _copied(value: Any) -> Any:
    """A copy, or the value itself where it cannot be copied, such as a module."""
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001 (whatever its own methods raise)
        return value


def _typed(function: RewardFunction, value: Number, *, whole: bool) -> Any:
    if whole:
        return int(value)
    if function.number is Decimal:
        exactly = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
        return Decimal(exactly.numerator) / Decimal(exactly.denominator)
    if function.number is Fraction:
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    return float(value)


def invoke(function: RewardFunction, arguments: Mapping[str, Any]) -> Any:
    """Raw answer of the function; whatever it raises is a `RaisedError`."""
    passed = [name for name in function.positional if name in arguments]
    try:
        return function.function(
            *(arguments[name] for name in passed),
            **{name: value for name, value in arguments.items() if name not in passed},
        )
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        raise RaisedError(f"raised {type(error).__name__}{f': {text}' if text else ''}") from error


def call_text(function: RewardFunction, values: Values) -> str:
    """A call as Python text."""
    arguments = given(function, values)
    passed = [name for name in function.positional if name in arguments]
    shown = [_literal(arguments[name]) for name in passed]
    shown += [f"{name}={_literal(value)}" for name, value in arguments.items() if name not in passed]
    return f"{callee_text(function.function)}({', '.join(shown)})"


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    return repr(value) if isinstance(value, (int, float, list)) else checks.show(value)


def ask(function: RewardFunction, values: Values) -> Answer:
    """Answer of one case, read as the adapter says; a `RaisedError` where that cannot be done."""
    raw = invoke(function, given(function, values))
    return Answer(function, values, read(function, values, raw))


def read(function: RewardFunction, values: Values, raw: Any) -> dict[str, list[Number]]:
    """Numbers of an answer, by their meaning.

    Raises
    ------
    WrongKindError
        Where there are more or fewer of them, or they are no numbers.
    """
    names = function.quantities
    items: Any = (raw,)
    if isinstance(function.returns, tuple):
        if not isinstance(raw, (tuple, list)) or len(raw) != len(names):
            raise WrongKindError(f"gave {_of_kind(raw)}, not a tuple of {', '.join(names)}")
        items = cast("Any", raw)
    return {name: _quantity(function, values, name, item) for name, item in zip(names, items, strict=True)}


def _quantity(function: RewardFunction, values: Values, name: str, item: Any) -> list[Number]:
    shape, numbers = flat(name, item)
    kind, n = "one number", 1
    if name in {"parts", "balances"}:
        kind, n = "one number for each holder", len(values["shares"])
    elif function.by_step:
        kind, n = "one number for each step", len(values["rate_path"])
        if name == "balance" and len(numbers) == n + 1:
            return numbers
    is_list = name in {"parts", "balances"} or function.by_step
    long = [length for length in shape if length != 1]
    if len(numbers) != n or len(long) > 1 or (is_list and not shape):
        text = f"gave {_of_kind(item)} as {name}, not {kind} ({n} in all)"
        raise WrongKindError(text + _steps_hint(function, values, name, numbers))
    return numbers


def _steps_hint(function: RewardFunction, values: Values, name: str, numbers: list[Number]) -> str:
    """Promise to change where there is a row for each step, or there is none, against what is promised."""
    if name in {"parts", "balances"} or function.rate_path is None:
        return ""
    if function.by_step:
        return "; if it gives the last one only, leave by_step=True out" if len(numbers) == 1 else ""
    n = len(values["rate_path"])
    return "; if these are the steps, write by_step=True" if len(numbers) in {n, n + 1} else ""


def flat(name: str, item: Any) -> tuple[tuple[int, ...], list[Number]]:
    """Shape of an answer, and its numbers in C order."""
    if isinstance(item, (list, tuple)):
        return (len(item),), [_number(name, each) for each in item]
    if isinstance(item, np.generic) or not hasattr(item, "__array__"):
        return (), [_number(name, item)]
    array = np.asarray(item)
    return array.shape, [_number(name, each) for each in array.ravel().tolist()]


def _number(name: str, value: Any) -> Number:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise WrongKindError(f"gave {_of_kind(value)} as {name}, not a number")
    return value


def _of_kind(value: object) -> str:
    """A value with its type, as messages tell it."""
    if isinstance(value, np.ndarray):
        return checks.show(value)
    return "None" if value is None else f"{type(value).__name__} {checks.show(value)}"
