"""Names of a package that are loaded on first use, and the error for unknown names."""

import importlib
import sys

TYPE_CHECKING = False  # read by type checkers; `typing` takes longer to import than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def on_demand(
    package: str, rooms: "Iterable[str]" = (), homes: "Mapping[str, str] | None" = None, *, root: str = ""
) -> "tuple[Callable[[str], object], Callable[[], list[str]]]":
    """The ``__getattr__`` and ``__dir__`` of a package or module whose names are loaded on first use.

    Import them under ``if not TYPE_CHECKING:``: to a type checker a module with a ``__getattr__`` has every possible
    name.

    Parameters
    ----------
    package
        Its ``__name__``.
    rooms
        Modules of the package that are loaded as its names.
    homes
        Module of the package that defines each other name.
    root
        Package to which these modules belong, if it is another one.

    Returns
    -------
    tuple
        ``__getattr__``, which raises an ``AttributeError`` with the nearest name, and ``__dir__``, which lists
        ``__all__``.
    """
    modules, found_in, above = frozenset(rooms), homes or {}, root or package

    def load(name: str) -> object:
        if name in modules:
            return importlib.import_module(f"{above}.{name}")
        if name not in found_in:
            raise AttributeError(no_such_name(package, name))
        value = getattr(importlib.import_module(f"{above}.{found_in[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def listed() -> list[str]:
        own = vars(sys.modules[package])
        return sorted({*own["__all__"], *(name for name in own if name.startswith("__"))})

    return load, listed


def no_such_name(module: str, name: str) -> str:
    """Message for a name that a module does not have: one line, with the nearest name."""
    text = f"module {module!r} has no attribute {name!r}"
    if name.startswith("_"):  # names that tools ask of every module
        return text
    difflib = importlib.import_module("difflib")
    here = {each.lower(): each for each in dir(sys.modules[module]) if not each.startswith("_")}
    found = difflib.get_close_matches
    near = found(name.lower(), here, n=2, cutoff=0.8) or found(name.lower(), here, n=1, cutoff=0.6)
    return f"{text} (did you mean {' or '.join(here[each] for each in near)}?)" if near else text
