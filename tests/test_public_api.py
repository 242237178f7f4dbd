"""Public names and signatures, held to tests/public_api.txt.

A change that is meant is written down with `pytest tests/test_public_api.py --update-public-api` and told in
CHANGELOG.md. The text is the same for every supported Python and numpy.
"""

import difflib
import enum
import functools
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt

SNAPSHOT = Path(__file__).with_name("public_api.txt")
REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
ROOT = "stakingmodels"
MODULES = [f"{ROOT}.{name}" for name in ("checks", "terms")]
"""Public modules that are no packages, beside `extend`, whose names all have a home elsewhere."""
OPERATORS = {"__call__", "__contains__", "__getitem__", "__iter__", "__len__"}


def test_public_names_and_signatures(pytestconfig):
    now = public_api()
    if pytestconfig.getoption("--update-public-api"):
        SNAPSHOT.write_text(now, encoding="utf-8")
    recorded = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    changes = list(difflib.unified_diff(recorded.splitlines(), now.splitlines(), "recorded", "now", lineterm="", n=0))
    how = "If this is meant: pytest tests/test_public_api.py --update-public-api, and a line in CHANGELOG.md"
    assert not changes, "\n".join([*changes, how])


def public_api() -> str:
    """One sorted line for each public name: what it is and how it is called."""
    lines: list[str] = []
    homes: dict[int, str] = {}
    packages = [*subpackages(), *map(importlib.import_module, (*MODULES, ROOT, f"{ROOT}.extend"))]
    public = {value for package in packages for _, value in public_names(package) if inspect.isclass(value)}
    for package in packages:
        for name, value in public_names(package):
            path = f"{package.__name__}.{name}"
            home = homes.get(id(value))
            lines += [f"{path} = {home}"] if home else describe(path, value, public)
            if inspect.isclass(value) or inspect.isfunction(value):
                homes.setdefault(id(value), path)
    return "\n".join(sorted(lines)) + "\n"


def subpackages() -> list[types.ModuleType]:
    """Every package below the root whose path has no leading underscore."""
    root = importlib.import_module(ROOT)
    found = pkgutil.walk_packages(root.__path__, f"{ROOT}.")
    return [importlib.import_module(each.name) for each in found if each.ispkg and "._" not in each.name]


def public_names(module: types.ModuleType) -> list[tuple[str, object]]:
    assert hasattr(module, "__all__"), f"{module.__name__} says nowhere which of its names are public"
    return [(name, getattr(module, name)) for name in module.__all__]


def describe(path: str, value: object, public: Iterable[type] = ()) -> list[str]:
    if inspect.ismodule(value):
        return [f"{path}: module"]
    if inspect.isclass(value):
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
        return [f"{path}: class [{bases}]{constructor(value)}", *members(path, value, public)]
    if inspect.isfunction(value):
        return [f"{path}: function{signature(value)}"]
    return [f"{path}: {type(value).__name__}"]


def constructor(cls: type) -> str:
    """How the class is called, if the call is ours: those of enums and plain errors change with Python."""
    if issubclass(cls, enum.Enum) or not any("__init__" in vars(base) for base in own_bases(cls)):
        return ""
    # attrs hints at what a converter takes; the field says what it makes of it.
    fields = attrs.fields(cls) if attrs.has(cls) else ()
    return signature(cls, {field.alias: field.type for field in fields})


def own_bases(cls: type) -> list[type]:
    return [base for base in cls.__mro__ if base.__module__.partition(".")[0] == ROOT]


def members(path: str, cls: type, public: Iterable[type] = ()) -> Iterator[str]:
    """What the class has beyond its public bases, as far as the reference names it."""
    names = {name for base in own_bases(cls) if base is cls or base not in public for name in vars(base)}
    chosen = named_members().get(path, names)
    for name in sorted(names & chosen):
        if name in OPERATORS or not name.startswith("_"):
            yield f"{path}.{name}: {member(cls, name)}"


@functools.cache
def named_members() -> dict[str, set[str]]:
    """Classes of which the reference names the members -> those; of the others all are public."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in sorted(REFERENCE.glob("*.md")))
    found = re.findall(
        r"^::: ([\w.]+)\n    options:\n(?:      .*\n)*?      members: \[([\w, ]+)\]", pages, re.MULTILINE
    )
    return {path: set(names.split(", ")) for path, names in found}


def test_the_members_that_the_reference_names_are_there():
    missing = [
        f"{path}.{name}"
        for path, names in named_members().items()
        for name in names
        if not hasattr(attribute(path), name) and name not in instance_names(attribute(path))
    ]
    assert named_members()
    assert missing == []


def attribute(path: str) -> typing.Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def instance_names(cls: type) -> set[str]:
    """What instances are given when they are made."""
    return set(re.findall(r"self\.(\w+)(?:: [^=\n]+)? = ", inspect.getsource(cls)))


def member(cls: type, name: str) -> str:
    value = inspect.getattr_static(cls, name)
    if name in getattr(cls, "__members__", {}):
        return "member"
    if isinstance(value, property):
        return "property" + signature(value.fget)
    if isinstance(value, classmethod | staticmethod):
        return type(value).__name__ + signature(value.__func__)
    return "method" + signature(value) if inspect.isfunction(value) else "attribute"


class Verbatim:
    """A text that inspect prints as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def verbatim(value: typing.Any, as_text: Callable[[typing.Any], str]) -> typing.Any:
    return value if value is inspect.Parameter.empty else Verbatim(as_text(value))


def signature(function: typing.Any, hints: dict[str, typing.Any] | None = None) -> str:
    found = inspect.signature(function)
    parameters = [
        each.replace(
            annotation=verbatim((hints or {}).get(each.name, each.annotation), type_text),
            default=verbatim(each.default, default_text),
        )
        for each in found.parameters.values()
    ]
    returns = verbatim(found.return_annotation, type_text)
    return str(found.replace(parameters=parameters, return_annotation=returns))


def default_text(value: object) -> str:
    """A default in full, which its own repr would not be."""
    kind: typing.Any = type(value)
    if attrs.has(kind):
        items = [f"{f.alias}={default_text(getattr(value, f.name))}" for f in attrs.fields(kind) if f.repr]
        return f"{kind.__qualname__}({', '.join(items)})"
    if type(value) is tuple:
        items = [default_text(each) for each in value]
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    return str(getattr(value, "__qualname__", re.sub(r" at 0x\w+", "", repr(value))))


def type_text(hint: typing.Any) -> str:
    """A type hint as text that does not change with the version of Python or numpy."""
    if isinstance(hint, str | typing.ForwardRef):
        return hint if isinstance(hint, str) else hint.__forward_arg__
    if isinstance(hint, list):
        return f"[{joined(hint)}]"
    if typing.get_origin(hint) is not None:
        return generic_text(typing.get_origin(hint), typing.get_args(hint))
    names = {types.NoneType: "None", ...: "..."}
    return str(names.get(hint) or getattr(hint, "__qualname__", None) or getattr(hint, "__name__", hint))


def generic_text(origin: typing.Any, arguments: tuple[typing.Any, ...]) -> str:
    if origin in {typing.Union, types.UnionType}:
        return joined(arguments, " | ")
    if origin is np.ndarray:
        return f"NDArray[{joined(typing.get_args(arguments[-1]))}]"  # as numpy 2.5 names it by itself
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    return f"{type_text(origin)}[{joined(arguments)}]"


def joined(hints: Iterable[typing.Any], between: str = ", ") -> str:
    return between.join(map(type_text, hints))


def test_no_argument_is_of_any_type_whatever():
    """Aliases of `stakingmodels._types` say what is taken; only what operators of Python take is anything at all.

    Checks take anything, since refusing it is what they are for.
    """
    checking = tuple(f"{module}." for module in MODULES)
    bare = [line for line in public_api().splitlines() if re.search(r": object\b", line)]
    bare = [line for line in bare if not line.startswith(checking)]
    assert [line for line in bare if ".__contains__: " not in line] == []


def test_types_are_written_the_same_everywhere():
    assert type_text(float | npt.NDArray[np.float64] | None) == "float | NDArray[float64] | None"
    assert type_text(list["Terms"]) == "list[Terms]"
    assert type_text(typing.Literal["end", 1]) == "Literal['end', 1]"
    assert type_text(Callable[[int], dict[str, typing.Any]]) == "Callable[[int], dict[str, Any]]"
    assert type_text(Callable[..., None]) == "Callable[..., None]"


def test_a_class_is_described_by_what_its_user_sees():
    assert describe("here.Terms", Terms) == [
        "here.Terms: class [](apr: float, days: int = 365) -> None",
        "here.Terms.apr: attribute",
        "here.Terms.closed: property(self) -> bool",
        "here.Terms.days: attribute",
        "here.Terms.flat: classmethod(cls, days: int) -> Terms",
        "here.Terms.quote: method(self, *, capital: float, deep: bool = False) -> None",
    ]


def test_an_enum_is_described_by_its_members():
    assert describe("here.Cause", Cause) == [
        "here.Cause: class [Enum]",
        "here.Cause.FEE: member",
        "here.Cause.TAX: member",
        "here.Cause.text: property(self) -> str",
    ]


def test_an_error_is_described_by_its_bases():
    assert describe("here.BadError", BadError) == ["here.BadError: class [ValueError]"]


def made_up(cls: type) -> type:
    cls.__module__ = f"{ROOT}.made_up"
    return cls


@made_up
@attrs.frozen
class Terms:
    apr: float = attrs.field(converter=float)
    days: int = 365

    def quote(self, *, capital: float, deep: bool = False) -> None:
        """Public."""

    def _hidden(self) -> None:
        """Not public."""

    @property
    def closed(self) -> bool:
        return False

    @classmethod
    def flat(cls, days: int) -> "Terms":
        return cls(0.0, days)


@made_up
class Cause(enum.Enum):
    FEE = 1
    TAX = 2

    @property
    def text(self) -> str:
        return self.name.lower()


@made_up
class BadError(ValueError):
    pass
