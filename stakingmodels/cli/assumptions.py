"""``stakingmodels assumptions``: list the sets, show one, or compare two."""

import argparse
import json

from stakingmodels import checks
from stakingmodels.analysis import assumption_changes
from stakingmodels.assumptions import NAMES, NEWEST, AssumptionSet, assumption_set
from stakingmodels.cli.arguments import whole
from stakingmodels.cli.output import json_text
from stakingmodels.cli.width import width_of
from stakingmodels.errors import InputError
from stakingmodels.tables import Table
from stakingmodels.words import Note

_PATHS = 2_000
_NEEDED = {"list": (0, 0), "show": (0, 1), "diff": (1, 2)}
"""Fewest and most sets that each action takes."""
_HOW = {
    "list": "write assumptions list",
    "show": "write assumptions show my.toml",
    "diff": f"write assumptions diff {NEWEST} my.toml",
}


def assumptions_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    action, sets = arguments.action, arguments.sets
    least, most = _NEEDED[action]
    if not least <= len(sets) <= most:
        rule = f"must be given {least} sets" if least == most else f"must be given {least} or {most} sets"
        raise InputError(f"assumptions {action}: {rule}, got {len(sets)} ({_HOW[action]})")
    if arguments.format == "toml" and action != "show":
        raise InputError("--format toml: only goes with assumptions show")
    if action == "list":
        return _listed(arguments), True
    if action == "show":
        return _one(assumption_set(*sets), arguments), True
    paths = _PATHS if arguments.paths is None else whole("--paths", arguments.paths, 1, checks.PATHS_LIMIT)
    seed = whole("--seed", arguments.seed, 0, checks.ENTROPY_LIMIT - 1)
    one, other = sets if len(sets) == 2 else (NEWEST, *sets)
    found = assumption_changes(one, other, n_paths=paths, rng=seed)
    return json_text(found) if arguments.format == "json" else found.to_text(
        language=arguments.lang, width=width_of(arguments)
    ), True


def _listed(arguments: argparse.Namespace) -> str:
    """Shipped sets, the newest first."""
    sets = [assumption_set(name) for name in reversed(NAMES)]
    if arguments.format == "json":
        return json.dumps([{"name": x.name, "date": x.date, "digest": x.digest} for x in sets], indent=2)
    columns = [Note(f"assumptions.column.{each}") for each in ("set", "date", "numbers", "digest")]
    cells = [(x.name, x.date, str(len(x.numbers)), x.digest) for x in sets]
    notes = [Note("assumptions.list_note")]
    return Table(Note("assumptions.list"), columns, cells, notes, left=2).to_text(
        language=arguments.lang, width=width_of(arguments)
    )


def _one(found: AssumptionSet, arguments: argparse.Namespace) -> str:
    if arguments.format == "json":
        return json_text(found)
    return (
        found.to_toml().rstrip("\n")
        if arguments.format == "toml"
        else found.to_text(language=arguments.lang, width=width_of(arguments))
    )
