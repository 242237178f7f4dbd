"""`RewardFunction`: a reward function that the library does not know, its arguments, and its promises."""

import inspect
import math
import types
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

import attrs

from stakingmodels import checks
from stakingmodels.replacing import Replaceable
from stakingmodels.series import FrozenMap
from stakingmodels.testing.rewards.callee import short_name
from stakingmodels.testing.rewards.domain import ROLES, Bounds, default_bounds

Quantity = Literal["reward", "balance", "parts", "balances", "fee", "gross", "share_price"]
"""Meaning of one number, or list of numbers, that a reward function returns."""

RATES: tuple[str, ...] = ("apr", "apy", "period_rate", "rate_path")
TIMES: tuple[str, ...] = ("days", "years", "seconds", "periods")
HOLDERS: tuple[Quantity, ...] = ("reward", "balance", "parts", "balances")
_BY_STEP = {"reward", "balance", "fee", "gross"}
_PER_HOLDER = {"parts", "balances"}


def _bounds(where: str, value: object) -> tuple[float, float]:
    """Lowest and highest value of an argument; two ints for an argument that takes whole numbers only."""
    if not isinstance(value, tuple) or len(value) != 2:
        checks.refuse_type(where, "must be the lowest and the highest value", value, "write (0.0, 0.5)")
    low, high = value
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in value)
    pair = (low, high) if whole else (checks.real(where, low), checks.real(where, high))
    if not 0 <= pair[0] <= pair[1]:
        checks.refuse(where, "must be two numbers of at least 0, the lower first", value, "write (0.0, 0.5)")
    return pair


def _function_first(_: type, fields: "list[attrs.Attribute[Any]]") -> "list[attrs.Attribute[Any]]":
    """Fields of which only the function may be given without its name, as attrs before 25.4 does not read off them."""
    return [field.evolve(kw_only=field.name != "function") for field in fields]


@attrs.frozen(kw_only=True, field_transformer=_function_first)
class RewardFunction(Replaceable):
    """A reward function of anybody, the meaning of its arguments and answer, and the rules that it promises to keep.

    Arguments are named by their meaning, whatever the function calls them: ``RewardFunction(earn, amount="principal",
    apr="rate", days="n")``. Nothing is promised unless it is said, and a rule that is not promised is not checked.

    Parameters
    ----------
    function
        Any callable that returns the reward of one case, or of many at once. It must have a signature.
    amount
        Argument that holds the coins or money that earn.
    apr, apy, period_rate
        Argument that holds the rate: simple a year, effective a year, or of one period. At most one of them.
    rate_path
        Argument that holds the rates of consecutive steps, a list (an array where arrays are taken), each a fraction of
        its step.
    days, years, seconds, periods
        Argument that holds the duration. At most one of them.
    fee
        Argument that holds the fee, as a share of rewards.
    shares
        Argument that holds the shares or stakes of all holders, a list (an array where arrays are taken).
    pot
        Argument that holds what is to be distributed.
    constants
        Values of further arguments, by name.
    returns
        Meaning of the answer, or of each item of the tuple that is returned: ``"reward"`` (earned, after fees),
        ``"balance"`` (closing), ``"parts"`` (of the pot, by holder), ``"balances"`` (closing, by holder), ``"fee"``,
        ``"gross"`` (earned, before fees), ``"share_price"`` (worth of one share).
    by_step
        Whether it returns a row for each step of the rate path: rewards and fees of this step alone, closing balances;
        a balance may have the opening one before them.
    takes
        Whether the amount, or else the pot, is one number, an array, or either.
    step_axis
        Axis of the steps in an answer for several amounts: 0 or -1.
    integers
        Whether amounts are whole base units, and answers exact integers.
    number
        Type of the fractions that it takes: `float`, `decimal.Decimal` or `fractions.Fraction`.
    unit
        Unit to which answers are rounded, where they are no integers: 0.01 for cents, 0 for none.
    rate_scale, fee_scale
        A rate, and a fee, of 100 %: 1, or 100 for percentages, 10,000 for basis points.
    price_scale
        Share price of one base unit a share, such as ``10**27``.
    domain
        Lowest and highest value of an argument, by its name; two ints where it takes whole numbers only. By default
        amounts to 1e9 (integers: 2**70; in arrays: 2**40), rates to 100 % a year or 1 % a period, ten years, 1,000
        periods, fees to 100 %.
    accepts
        Whether arguments, given by name as to the function, are among those that it is meant for; None for all.
    compounds
        ``"never"`` for simple interest, periods a year (365 for daily), ``"always"`` for growth at every moment and for
        rates of periods or steps that compound; None where it promises nothing.
    year_days
        Days of its year. Default 365.
    additive
        Whether two holders together get what they get apart.
    homogeneous
        Whether k times the amount, and the pot, gives k times as much.
    rounds
        Direction in which holders' amounts are rounded: ``"down"``, ``"up"``, or None where it promises neither.
    dust
        Base units by which a rounding may move one answer, and that may stay undistributed. Default 1, and one for each
        holder of a pot.
    tolerance
        Relative error of an answer that is no integer, up to 0.1. Default 1e-9.

    Raises
    ------
    InputError, InputTypeError
        For a name that is no argument of the function, one without a meaning, and meanings that contradict another.

    Examples
    --------
    >>> def earn(principal, rate, n):
    ...     return principal * rate * n / 365
    >>> simple = RewardFunction(earn, amount="principal", apr="rate", days="n", compounds="never")
    >>> simple.arguments
    {'amount': 'principal', 'apr': 'rate', 'days': 'n'}
    """

    function: Callable[..., Any] = attrs.field(kw_only=False)
    amount: str | None = None
    apr: str | None = None
    apy: str | None = None
    period_rate: str | None = None
    rate_path: str | None = None
    days: str | None = None
    years: str | None = None
    seconds: str | None = None
    periods: str | None = None
    fee: str | None = None
    shares: str | None = None
    pot: str | None = None
    constants: Mapping[str, Any] = FrozenMap({})
    returns: Quantity | tuple[Quantity, ...] = "reward"
    by_step: bool = attrs.field(default=False, validator=checks.FLAG)
    takes: Literal["numbers", "arrays", "both"] = "numbers"
    step_axis: Literal[0, -1] = 0
    integers: bool = attrs.field(default=False, validator=checks.FLAG)
    number: type[float] | type[Decimal] | type[Fraction] = float
    unit: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)
    rate_scale: float = 1
    fee_scale: float = 1
    price_scale: float = 1
    domain: Mapping[str, tuple[float, float]] = FrozenMap({})
    accepts: Callable[..., bool] | None = None
    compounds: Literal["never", "always"] | int | None = None
    year_days: float = attrs.field(default=365.0, validator=checks.POSITIVE)
    additive: bool = attrs.field(default=False, validator=checks.FLAG)
    homogeneous: bool = attrs.field(default=False, validator=checks.FLAG)
    rounds: Literal["down", "up"] | None = None
    dust: int | None = None
    tolerance: float = attrs.field(default=1e-9, validator=checks.field(checks.positive, 0.1))

    arguments: Mapping[str, str] = attrs.field(init=False, eq=False, repr=False)
    """Name of each argument that has a meaning, by its meaning."""
    bounds: Mapping[str, Bounds] = attrs.field(init=False, eq=False, repr=False)
    """Lowest and highest value of each argument, by its meaning."""
    order: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    """Names of all arguments that are given, in the order of the signature."""
    positional: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    """Names of the arguments that the function takes by position only."""

    def __attrs_post_init__(self) -> None:
        named = {role: getattr(self, role) for role in ROLES if getattr(self, role) is not None}
        object.__setattr__(self, "arguments", FrozenMap(named))
        _check_signature(self)
        _check_answer(self)
        _check_promises(self)
        object.__setattr__(self, "bounds", FrozenMap({role: _bounds_of(self, role) for role in named}))
        known = inspect.signature(self.function).parameters
        names = {*named.values(), *self.constants}
        ordered = [name for name in known if name in names]
        object.__setattr__(self, "order", (*ordered, *sorted(names.difference(ordered))))
        first = [name for name, each in known.items() if each.kind is inspect.Parameter.POSITIONAL_ONLY]
        object.__setattr__(self, "positional", tuple(first))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Meanings of the items that it returns."""
        return self.returns if isinstance(self.returns, tuple) else (self.returns,)

    @property
    def name(self) -> str:
        """Name of the function, for messages."""
        return short_name(self.function)


def _bounds_of(spec: RewardFunction, role: str) -> Bounds:
    given = spec.domain.get(getattr(spec, role))
    if given is not None:
        return Bounds.of(role, *given, whole=all(isinstance(each, int) for each in given))
    return default_bounds(
        role,
        integers=spec.integers,
        arrays=spec.takes != "numbers",
        rate_scale=spec.rate_scale,
        fee_scale=spec.fee_scale,
    )


def _of(spec: RewardFunction, roles: tuple[str, ...]) -> list[str]:
    return [role for role in roles if getattr(spec, role) is not None]


def _check_signature(spec: RewardFunction) -> None:
    """Every name is an argument of the function, each argument has one meaning, and all that it needs are given."""
    if not callable(spec.function):
        checks.refuse_type(
            "RewardFunction: function",
            "must be a function",
            spec.function,
            "give it without calling it: earn, not earn()",
        )
    try:
        known = inspect.signature(spec.function).parameters
    except (TypeError, ValueError):
        checks.refuse_type(
            "RewardFunction: function",
            "must have a signature",
            spec.function,
            "wrap it: lambda amount, apr: function(amount, apr)",
        )
    checks.instance("RewardFunction: constants", spec.constants, Mapping, '{"validators": 3}')
    free = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in known.values())
    named = {**spec.arguments, **{f"constants[{name!r}]": name for name in spec.constants}}
    several = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    single = [name for name, each in known.items() if each.kind not in several]
    seen: dict[str, str] = {}
    for meaning, name in named.items():
        where = f"RewardFunction: {meaning}"
        if not isinstance(name, str):
            checks.refuse_type(where, "must be the name of an argument", name, f'{meaning}="principal"')
        if name not in single and not free:
            arguments = ", ".join(single) or "no arguments by name"
            rule = f"must be an argument of {spec.name}, which has {arguments}"
            near = checks.nearest_hint(name, single)
            checks.refuse(where, rule, name, near or (f'write {meaning}="{single[0]}"' if single else ""))
        if name in seen:
            rule = f"must be an argument without another meaning; it is {seen[name]}"
            checks.refuse(where, rule, name, f"leave {meaning} or {seen[name]} out")
        seen[name] = meaning
    for name, each in known.items():
        if name in single and each.default is inspect.Parameter.empty and name not in seen:
            rule = f"{name!r} has neither a meaning nor a value"
            checks.refuse(f"RewardFunction: {spec.name}", rule, None, f"write constants={{{name!r}: ...}}")
    _check_domain(spec)


def _check_domain(spec: RewardFunction) -> None:
    checks.instance("RewardFunction: domain", spec.domain, Mapping, '{"rate": (0.0, 0.5)}')
    names = list(spec.arguments.values())
    for name, pair in spec.domain.items():
        if name not in names:
            rule = f"must be by name of an argument with a meaning: {', '.join(names) or 'there is none'}"
            near = checks.nearest_hint(str(name), names) or f"write {{{names[0] if names else 'amount'!r}: (0.0, 0.5)}}"
            checks.refuse("RewardFunction: domain", rule, name, near)
        _bounds(f"RewardFunction: domain[{name!r}]", pair)
    if spec.accepts is not None and not callable(spec.accepts):
        how = f"lambda {names[0]}, **_: {names[0]} > 0" if names else "lambda **_: True"
        checks.refuse_type("RewardFunction: accepts", "must be a function of the arguments", spec.accepts, how)


def _check_answer(spec: RewardFunction) -> None:
    """The answer has a meaning that fits the arguments."""
    for quantity in spec.quantities:
        checks.choice("RewardFunction: returns", quantity, get_args(Quantity))
    if not spec.quantities or len({*spec.quantities}) < len(spec.quantities):
        once = tuple(dict.fromkeys(spec.quantities)) or ("reward", "fee")
        checks.refuse("RewardFunction: returns", "must name each quantity once", spec.returns, f"write returns={once}")
    held = [quantity for quantity in HOLDERS if quantity in spec.quantities]
    if not held:
        also = str(("reward", *spec.quantities))
        rule = f"must have one of {', '.join(HOLDERS)}"
        checks.refuse("RewardFunction: returns", rule, spec.returns, f"write returns={also} if it gives both")
    needs: list[tuple[bool, str, str]] = [
        (bool(_PER_HOLDER & {*held}) and spec.shares is None, "shares", "returns holders' amounts"),
        ("share_price" in spec.quantities and spec.shares is None, "shares", "returns a share price"),
        ("parts" in held and spec.pot is None, "pot", "returns parts"),
        ("balance" in held and spec.amount is None, "amount", "returns a balance"),
        ("balances" in held and spec.amount is None, "amount", "returns balances"),
        (spec.amount is None and spec.pot is None, "amount", "gives rewards"),
        (spec.by_step and spec.rate_path is None, "rate_path", "returns a row a step"),
    ]
    for lacks, role, why in needs:
        if lacks:
            free = [name for name in inspect.signature(spec.function).parameters if name not in spec.arguments.values()]
            rule = f"must name an argument, as {spec.name} {why}"
            how = f"write {role}={free[0] if free else role!r}" if len(free) < 2 else f"one of {', '.join(free)}"
            checks.refuse(f"RewardFunction: {role}", rule, None, how)
    if spec.by_step and not {*spec.quantities} <= _BY_STEP:
        rule = f"goes with {', '.join(sorted(_BY_STEP))} only"
        checks.refuse("RewardFunction: by_step", rule, spec.returns, "leave by_step=True out")
    _check_forms(spec)


def _check_forms(spec: RewardFunction) -> None:
    """There is one rate, one duration, and one form in which numbers go in and come out."""
    if len(_of(spec, RATES)) > 1 or len(_of(spec, TIMES)) > 1:
        both = _of(spec, RATES) if len(_of(spec, RATES)) > 1 else _of(spec, TIMES)
        checks.refuse(f"RewardFunction: {both[1]}", f"contradicts {both[0]}; name one of them", getattr(spec, both[1]))
    checks.choice("RewardFunction: takes", spec.takes, ("numbers", "arrays", "both"))
    if spec.takes != "numbers" and {*spec.quantities} & {*_PER_HOLDER, "share_price"}:
        rule = "must be 'numbers' where holders' amounts are returned: a list of shares is one case"
        checks.refuse("RewardFunction: takes", rule, spec.takes, "leave takes out")
    if spec.step_axis not in (0, -1):
        checks.refuse(
            "RewardFunction: step_axis", "must be 0 or -1", spec.step_axis, "0 for a row a step, -1 for a column"
        )
    if spec.number not in (float, Decimal, Fraction):
        checks.refuse(
            "RewardFunction: number", "must be float, Decimal or Fraction", spec.number, "write number=Decimal"
        )


def _check_promises(spec: RewardFunction) -> None:
    """Promises are ones that can be kept."""
    is_count = isinstance(spec.compounds, int) and not isinstance(spec.compounds, bool)
    if spec.compounds is not None and spec.compounds not in ("never", "always") and not (is_count and _above_0(spec)):
        rule = "must be 'never', 'always', or periods a year, a whole number from 1"
        checks.refuse("RewardFunction: compounds", rule, spec.compounds, "365 for daily")
    if spec.rounds is not None:
        checks.choice("RewardFunction: rounds", spec.rounds, ("down", "up"))
        if not spec.integers and not spec.unit:
            rule = "needs integers=True, or the unit to which it rounds"
            checks.refuse("RewardFunction: rounds", rule, spec.rounds, "unit=0.01 for cents")
    if spec.integers and spec.unit:
        checks.refuse(
            "RewardFunction: unit", "must be 0 for integers, which are whole base units", spec.unit, "leave it out"
        )
    if spec.dust is not None:
        checks.integer("RewardFunction: dust", spec.dust, 0, 10**12)
    for name in ("rate_scale", "fee_scale", "price_scale"):
        scale: Any = getattr(spec, name)  # 10**27 stays exact
        if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not 0 < scale < math.inf:
            checks.refuse(f"RewardFunction: {name}", "must be a number above 0", scale, _SCALES[name])


_SCALES = {
    "rate_scale": "write rate_scale=100 for percentages",
    "fee_scale": "write fee_scale=10_000 for basis points",
    "price_scale": "write price_scale=10**27 for wei times 1e27",
}


def _above_0(spec: RewardFunction) -> bool:
    return isinstance(spec.compounds, int) and 1 <= spec.compounds <= 10**9


def as_reward(where: str, function: object, promises: Mapping[str, Any] = types.MappingProxyType({})) -> RewardFunction:
    """The reward function that is given, or one made of a plain function and keywords."""
    if isinstance(function, RewardFunction):
        if promises:
            name = next(iter(promises))
            rule, how = "must be left out, as RewardFunction says it already", f"write function.replace({name}=...)"
            checks.refuse(f"{where}: {name}", rule, promises[name], how)
        return function
    if not callable(function):
        rule, how = "must be a function or a RewardFunction", "give it without calling it: earn, not earn()"
        checks.refuse_type(f"{where}: function", rule, function, how)
    names = [field.name for field in attrs.fields(RewardFunction) if field.init][1:]
    for name, value in promises.items():
        if name not in names:
            hint = (
                checks.nearest_hint(name, names) or f"write constants={{{name!r}: ...}} for an argument of the function"
            )
            checks.refuse(f"{where}: {name}", "must be a meaning or promise of RewardFunction", value, hint)
    return RewardFunction(function, **promises)
