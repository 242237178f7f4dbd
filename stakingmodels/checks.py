"""Checks of arguments: scalars and fields of frozen classes.

Every function takes `where` (such as ``"StakingPool.commission"``) and a value, and returns the value as a plain
``float``, ``int`` or ``str``, or raises one line that names the argument, the rule, the value and the fix.
"""

import difflib
import inspect
import itertools
import types
import unicodedata
import warnings
from collections.abc import Callable, Generator, Iterable, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import Any, NoReturn, TypeVar

import attrs
import numpy as np

from stakingmodels._types import RNGLike
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError

__all__ = [
    "FLAG",
    "FRACTION",
    "NON_NEGATIVE",
    "POSITIVE",
    "TEXT",
    "capital",
    "choice",
    "field",
    "flag",
    "fraction",
    "generator",
    "instance",
    "integer",
    "non_negative",
    "open_fraction",
    "positive",
    "real",
    "refuse",
    "refuse_name",
    "refuse_type",
    "show",
    "text",
    "warn",
]

T = TypeVar("T")
Word = TypeVar("Word", bound=str)

CAPITAL_LIMIT = 1e15
CAPITAL_FLOOR = 1e-9
"""Smallest capital: a tenth of a satoshi, a billionth of an ether or a dollar. Far less than any product needs."""
SMALLEST = 1e-30
"""Smallest of other numbers above 0, such as prices: far below it, quotients overflow and products lose digits."""
RATE_LIMIT = 1e9
PATHS_LIMIT = 10_000_000
CELLS_LIMIT = 50_000_000
ENTROPY_LIMIT = 2**128
_PACKAGE = __name__.partition(".")[0]
_SHOWN = 80
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that count as letters or signs but are invisible: fillers of Hangul, the empty cell of braille."""
_ITEMS = 40  # items of a collection, each at least two characters
_MANY = 10_000
_DEEP = 4
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}
_MESSAGE = 400
_LISTED = 250


def show(value: object) -> str:
    """Text of a value for messages: one line, at most 80 characters, no control characters.

    Long values cost no more than short ones, and a ``__repr__`` that raises causes no error here.
    """
    text = _printable(_short(value, _DEEP)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _short(value: object, depth: int) -> str:
    """Beginning of a repr."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 256:
        return f"an integer of {value.bit_length()} bits"  # str() of an int over 4,300 digits raises
    if isinstance(value, str):
        return repr(str.__getitem__(value, slice(_SHOWN + 1)))
    if isinstance(value, (bytes, list, tuple, set, frozenset, dict)):
        return _few(value, depth)
    return _own(value)


def _few(items: "bytes | list[Any] | tuple[Any, ...] | set[Any] | frozenset[Any] | dict[Any, Any]", depth: int) -> str:
    """First items of a collection, in the form of the repr of a built-in one."""
    if isinstance(items, bytes):
        return repr(bytes.__getitem__(items, slice(_SHOWN + 1)))
    if type(items) not in _BRACKETS:
        return _own(items)
    opening, closing = _BRACKETS[type(items)]
    if not items:
        return repr(items)
    if depth == 0:
        return f"{opening}...{closing}"
    shown = [
        ": ".join(_short(x, depth - 1) for x in (item if isinstance(items, dict) else (item,)))
        for item in itertools.islice(items.items() if isinstance(items, dict) else items, _ITEMS)
    ]
    rest = ", ..." if len(items) > _ITEMS else "," if isinstance(items, tuple) and len(items) == 1 else ""
    return f"{opening}{', '.join(shown)}{rest}{closing}"


def _own(value: object) -> str:
    """Repr of an object, if it has one of its own and it is short."""
    name = type(value).__name__
    try:
        is_long = isinstance(value, Sized) and not isinstance(value, type) and len(value) > _MANY
        if is_long:
            return f"{name} of {len(value)} items"  # type: ignore[arg-type]
        text = repr(value)
        return " ".join(text.split()).replace("( ", "(") if "\n" in text else text
    except Exception:  # noqa: BLE001  # it is a third party's, and the message matters more
        return f"an object of {name}, whose repr fails"


def sentence(text: str, hint: str = "") -> str:
    """One line that can be printed: the text, and the fix in brackets if there is one."""
    line = _printable(text + (f" ({hint})" if hint else ""))
    return line if len(line) <= _MESSAGE else line[: _MESSAGE - 3] + "..."


def message(where: str, rule: str, value: object, hint: str = "") -> str:
    """One line: where, the rule, the value, and the fix in brackets if there is one."""
    return sentence(f"{where}: {rule}, got {show(value)}", hint)


def refuse(where: str, rule: str, value: object, hint: str = "") -> NoReturn:
    """Raise `InputError` with the standard message."""
    raise InputError(message(where, rule, value, hint))


def refuse_type(where: str, rule: str, value: object, hint: str = "") -> NoReturn:
    """Raise `InputTypeError` with the standard message, naming the type."""
    text = f"{where}: {rule}, got {type(value).__name__[:_SHOWN]}"
    if not isinstance(value, (type(None), type)):
        text += f" {show(value)}"
    raise InputTypeError(_printable(text + (f" ({hint})" if hint else ""))[:_MESSAGE])


_muted: ContextVar[tuple[type[Warning], ...]] = ContextVar("muted", default=())


@contextmanager
def muted(kind: type[Warning]) -> Generator[None]:
    """Keep the library's warnings of a kind silent, and leave the process's own filters as they are."""
    token = _muted.set((*_muted.get(), kind))
    try:
        yield
    finally:
        _muted.reset(token)


def warn(sentence: str, kind: type[Warning] = UserWarning) -> None:
    """Warn with the line that called the library, through any number of the library's functions."""
    if issubclass(kind, _muted.get()):
        return
    level, frame = 1, inspect.currentframe()
    while frame is not None and _is_ours(frame):
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, kind, stacklevel=level)


def _is_ours(frame: types.FrameType) -> bool:
    name = str(frame.f_globals.get("__name__", ""))
    return name.partition(".")[0] in {_PACKAGE, "attr"} or frame.f_code.co_filename.startswith("<attrs generated")


def refuse_name(where: str, name: object, known: Iterable[object]) -> NoReturn:
    """Raise `UnknownNameError` for a name that is not among those known, with the nearest of them."""
    names = [str(each) for each in known]
    near = nearest(name, names) if isinstance(name, str) else ""
    listed = ", ".join(names)
    if near and len(listed) > _LISTED:  # so that the nearest is not cut off
        listed = f"{len(names)} names"
    rule = f"must be one of {listed}" if names else "there is nothing here"
    raise UnknownNameError(message(where, rule, name, f"did you mean {near!r}?" if near else ""))


def real(where: str, value: object) -> float:
    """A finite real number as a float. Booleans, text, Decimals, narrow floats and arrays are refused."""
    if isinstance(value, np.ndarray):
        refuse_type(where, f"must be one number (a scalar), not an array of shape {value.shape}", value)
    if isinstance(value, (bool, np.bool_)):
        refuse_type(where, "must be a number, not a bool", value)
    if isinstance(value, np.floating) and not isinstance(value, float):
        refuse_type(where, "must be a float64", value, "write float(...) if the rounding is meant")
    if not isinstance(value, (int, float, np.integer, Fraction)) or isinstance(value, np.timedelta64):
        refuse_type(where, "must be a number", value)
    try:
        number = float(value)
    except OverflowError:
        refuse(where, "must be finite; too large", value)
    if not np.isfinite(number):
        refuse(where, "must be finite", value)
    return number + 0.0  # -0.0 becomes 0.0


def positive(where: str, value: object, limit: float = CAPITAL_LIMIT, floor: float = SMALLEST) -> float:
    """A number in (0, limit], and not below a floor: a tiny number is a mistake, and loses its digits."""
    number = real(where, value)
    if not number > 0.0:
        refuse(where, f"must be in (0, {limit:g}]", value)
    if number < floor:
        refuse(where, f"too small: must be at least {floor:g}", value)
    if number > limit:
        refuse(where, f"too large: must be in (0, {limit:g}]; the limit is {limit:g}", value)
    return number


def capital(where: str, value: object) -> float:
    """Money to put in, in [1e-9, 1e15] of the numeraire."""
    return positive(where, value, CAPITAL_LIMIT, CAPITAL_FLOOR)


def non_negative(where: str, value: object, limit: float = CAPITAL_LIMIT) -> float:
    """A number in [0, limit]."""
    number = real(where, value)
    if number < 0.0:
        refuse(where, f"must be in [0, {limit:g}]", value)
    if number > limit:
        refuse(where, f"too large: must be in [0, {limit:g}]; the limit is {limit:g}", value)
    return number


def _decimal(number: float) -> str:
    text = f"{number:.10g}"
    return f"{number:.2f}" if float(f"{number:.2f}") == number else text


def fraction_hint(number: float) -> str:
    """Likely meaning of a number above one where a fraction is wanted."""
    if 2.0 <= number <= 100.0:
        return f"percent? write {_decimal(number / 100)}"
    if 100.0 < number <= 10_000.0:
        return f"basis points? write {_decimal(number / 10_000)}"
    return ""


def fraction(where: str, value: object) -> float:
    """A fraction in [0, 1]."""
    number = real(where, value)
    if not 0.0 <= number <= 1.0:
        refuse(where, "must be a fraction in [0, 1]", value, fraction_hint(number))
    return number


def open_fraction(where: str, value: object) -> float:
    """A fraction in (0, 1), ends excluded."""
    number = real(where, value)
    if not 0.0 < number < 1.0:
        refuse(where, "must be a fraction in (0, 1)", value, fraction_hint(number))
    return number


def nearest(name: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """Name most similar to another, judged by its beginning; empty if none is near."""
    near = difflib.get_close_matches(name[:_SHOWN], list(names), n=1, cutoff=cutoff)
    return near[0] if near else ""


def nearest_hint(name: str, names: Iterable[str]) -> str:
    """Hint with the name probably meant, whatever its letter case; empty if none is near."""
    by_lower_case = {each.lower(): each for each in names}
    near = nearest(name[:_SHOWN].lower(), by_lower_case, cutoff=0.5)
    return f"did you mean {by_lower_case[near]}?" if near else ""


def integer(where: str, value: object, low: int, high: int) -> int:
    """A whole number in [low, high]; floats are refused even when whole."""
    if isinstance(value, (bool, np.bool_)):
        refuse_type(where, "must be an integer, not a bool", value)
    if not isinstance(value, (int, np.integer)) or isinstance(value, np.timedelta64):
        refuse_type(where, "must be an integer", value)
    number = int(value)
    if not low <= number <= high:
        refuse(where, f"must be an integer in [{low}, {high}]; the limit is {low if number < low else high}", value)
    return number


def generator(where: str, rng: RNGLike) -> np.random.Generator:
    """The generator that is given, or one of the seed that is given; of fresh entropy for None."""
    if rng is None or isinstance(rng, (np.random.Generator, np.random.SeedSequence)):
        return np.random.default_rng(rng)
    return np.random.default_rng(integer(where, rng, 0, ENTROPY_LIMIT - 1))


def text(where: str, value: object) -> str:
    """A printable, non-empty text of at most 80 characters."""
    if not isinstance(value, str):
        refuse_type(where, "must be a text (str)", value)
    if not value or len(value) > _SHOWN or not value.isprintable() or value != value.strip():
        refuse(where, "must be 1 to 80 printable characters without space at the ends", value)
    if unicodedata.category(value[0]) in {"Mn", "Me"} or {value[0], value[-1]} & _FILLERS:
        refuse(where, "must begin and end with characters that can be seen", ascii(value))
    return value


def flag(where: str, value: object) -> bool:
    """True or False."""
    if not isinstance(value, (bool, np.bool_)):
        refuse_type(where, "must be True or False", value)
    return bool(value)


def choice(where: str, value: object, options: tuple[Word, ...]) -> Word:
    """One of a few words, such as ``get_args`` of a ``Literal``."""
    if not isinstance(value, str) or value not in options:
        refuse(where, "must be one of " + ", ".join(repr(option) for option in options), value)
    return options[options.index(value)]


def instance(where: str, value: object, kind: type[T], how: str) -> T:
    """An object of one of the library's classes; `how` shows how to write one."""
    if not isinstance(value, kind):
        if isinstance(value, type) and issubclass(value, kind):
            how = f"{how}, not the class {value.__name__}"
        refuse_type(where, f"must be {kind.__name__}; write {how}", value)
    return value


Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


def field(check: Callable[..., object], *args: object, optional: bool = False) -> Validator:
    """Validator of a field of a frozen attrs class from a check, with ``Class.field`` in its messages.

    The checked value takes the field's place, so that equal terms are of equal types (an int 1, a numpy float and a
    Fraction all become 1.0). A converter would do that too, but type checkers then lose the type of the argument.
    """

    def validate(self: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if not (optional and value is None):
            checked = check(f"{type(self).__name__}.{attribute.name}", value, *args)
            object.__setattr__(self, attribute.name, checked)

    return validate


FRACTION = field(fraction)
POSITIVE = field(positive)
NON_NEGATIVE = field(non_negative)
TEXT = field(text)
FLAG = field(flag)
