"""``stakingmodels report``."""

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path

from stakingmodels import checks, report
from stakingmodels.cli.arguments import money_of, whole
from stakingmodels.cli.compare import comparison_of
from stakingmodels.engine.simulation import DEFAULT_PATHS
from stakingmodels.report.writing import ready
from stakingmodels.words import say

_MOST_CELLS = 5_000_000
"""Times x paths up to which dated flows are kept of every product, for the picture of the money back."""


def report_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and whether the run was completed."""
    given = {"language": arguments.lang, "form": arguments.form, "policy": arguments.policy, "force": arguments.force}
    ready("report.write", arguments.out, **given)  # before a run that takes long
    arguments.format = "table"
    comparison = comparison_of(arguments, kept="flows" if _cells(arguments) <= _MOST_CELLS else "totals")
    report.write(comparison, arguments.out, **given, command=_line(arguments))
    told = {"path": arguments.out, "size": Path(arguments.out).stat().st_size / 1_000.0}
    text = say("report.written", arguments.lang, **told, digest=report.fingerprint(comparison))
    return text, not comparison.results.partial


def _cells(arguments: argparse.Namespace) -> int:
    """Times x paths of the run."""
    _, days, tail = money_of(arguments)
    paths = DEFAULT_PATHS if arguments.paths is None else whole("--paths", arguments.paths, 1, checks.PATHS_LIMIT)
    return (days + tail) * paths


def _line(arguments: argparse.Namespace) -> str:
    """The command line, with what it leaves to defaults that another version may change."""
    words: Sequence[str] = arguments.words
    stated = {word.partition("=")[0] for word in words}
    usual = ("seed", "days", "assumptions") if arguments.load is None else ()  # a file has its own
    more = [f"--{name}={getattr(arguments, name)}" for name in usual if f"--{name}" not in stated]
    return shlex.join(["stakingmodels", *words, *more])
