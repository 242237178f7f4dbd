"""`assumption_set`: a set of the library by its name, or of a user from a file."""

import os
from functools import cache
from importlib import resources
from pathlib import Path

from stakingmodels import checks
from stakingmodels.assumptions.sets import AssumptionSet
from stakingmodels.assumptions.written import TABLE, tables_of
from stakingmodels.errors import InputError, UnknownNameError
from stakingmodels.tomlfiles import parsed, read_text

NAMES = ("2026.11",)
"""Names of the shipped sets, oldest first. A set once shipped stays, and never changes."""
NEWEST = NAMES[-1]
"""Name of the newest shipped set, the default everywhere."""
_ENDING = ".toml"


def assumption_set(which: str | os.PathLike[str] | AssumptionSet = NEWEST) -> AssumptionSet:
    """Assumption set by its name, or from a TOML file.

    A file has `name`, `date`, and a table for each number, such as ``[exploit.hazard]``, with all fields of
    `Assumption` that have no default. With ``based_on = "2026.11"`` it has only the numbers that differ from that set.

    Parameters
    ----------
    which
        Name of a shipped set, ``"2026.11"`` (default, the newest); a path that ends in ``.toml``, of a regular file of
        at most 1 MB; or a set, which is returned.

    Raises
    ------
    UnknownNameError
        For a name that there is not, with the nearest.
    InputError
        For a file that cannot be read, an unknown or missing number or field, a range with its low end above its high
        end, and a value out of bounds, each in one sentence with the key.

    Examples
    --------
    >>> from stakingmodels.assumptions import assumption_set
    >>> hazard = assumption_set("2026.11")["provider.hazard"]
    >>> hazard.low, hazard.base, hazard.high, hazard.basis
    (0.02, 0.1, 0.5, 'assumed')
    """
    if isinstance(which, AssumptionSet):
        return which
    if isinstance(which, str) and which in NAMES:
        return _shipped(which)
    if isinstance(which, os.PathLike) or (isinstance(which, str) and which.endswith(_ENDING)):
        return _own(Path(which))
    if not isinstance(which, str):
        checks.refuse_type("assumption_set: which", f"must be a name such as {NEWEST!r}, a path or a set", which)
    near = checks.nearest(which, NAMES)
    hint = (f"did you mean {near!r}? " if near else "") + "a file's path ends in .toml"
    raise UnknownNameError(
        checks.message("assumption_set: which", f"must be one of {', '.join(NAMES)}, or a file", which, hint)
    )


@cache
def _shipped(name: str) -> AssumptionSet:
    text = resources.files("stakingmodels.assumptions").joinpath("sets", f"{name}{_ENDING}").read_text("utf-8")
    return _read(f"{name}{_ENDING}", text)


def _own(file: Path) -> AssumptionSet:
    where = checks.show(str(file.name or file))
    found = _read(where, read_text(where, file))
    if found.name in NAMES and found != _shipped(found.name):
        checks.refuse(f"{where}: name", "must not be that of a shipped set with other content", found.name, "rename it")
    known = {key for name in NAMES for key in _shipped(name).numbers}
    for key in found.numbers:
        if key not in known:
            hint = checks.nearest_hint(key, known) or "stakingmodels assumptions show lists the numbers"
            raise InputError(checks.sentence(f"{where}: [{key}] is no number of an assumption set", hint))
    for key in _shipped(NEWEST).numbers:
        if key not in found.numbers:
            raise InputError(f'{where}: [{key}] must be given, or based_on = "{NEWEST}" at the top')
    return found


def _read(where: str, text: str) -> AssumptionSet:
    tables = parsed(where, text)
    head = {key: tables.pop(key, None) for key in ("name", "date", "based_on")}
    for key in ("name", "date"):
        if not isinstance(head[key], str):
            raise InputError(f'{where}: {key} must be given as a text; write {key} = "..."')
    numbers = dict(tables_of(where, tables))
    if head["based_on"] is not None:
        if head["based_on"] not in NAMES:
            checks.refuse(f"{where}: based_on", f"must be one of {', '.join(NAMES)}", head["based_on"])
        numbers = {**_shipped(head["based_on"]).numbers, **numbers}
    if not numbers:
        raise InputError(f"{where}: must hold a table for each number; write {TABLE}")
    try:
        return AssumptionSet(name=str(head["name"]), date=str(head["date"]), numbers=numbers)
    except InputError as error:
        raise InputError(f"{where}: {str(error).removeprefix('AssumptionSet.')}") from error
