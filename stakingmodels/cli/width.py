"""Width of printed tables: as asked for, that of the terminal, or the usual one."""

import argparse
import sys

from stakingmodels import checks
from stakingmodels.analysis.answer.answered import NARROWEST, WIDEST
from stakingmodels.cli.arguments import whole
from stakingmodels.cli.streams import terminal_columns
from stakingmodels.wrapping import WRAP


def width_of(arguments: argparse.Namespace) -> int:
    """Columns of the tables: those of ``--width``, of the terminal, or 100."""
    given = getattr(arguments, "width", None)
    if given is not None:
        asked = whole("--width", given, 0, sys.maxsize)
        if not NARROWEST <= asked <= WIDEST:
            rule = f"at least {NARROWEST}" if asked < NARROWEST else f"at most {WIDEST:,}"
            hint = "--format csv and json fit any width" if asked < NARROWEST else ""
            checks.refuse("--width", f"must be {rule} columns", asked, hint)
        return asked
    columns = terminal_columns()
    return WRAP if columns is None else min(max(columns, NARROWEST), WIDEST)
