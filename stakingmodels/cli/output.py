"""What the command line prints: tables, JSON, CSV, and how far it has come."""

import contextlib
import csv
import io
import json
import math
from collections.abc import Callable, Generator, Mapping

from stakingmodels.analysis import COLUMNS, Comparison
from stakingmodels.cli.streams import is_watched, mutter
from stakingmodels.engine.progress import Progress

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets run what begins so


def csv_text(comparison: Comparison) -> str:
    """The columns of the rows; texts that a spreadsheet would run begin with an apostrophe."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in comparison.to_dict()["rows"]:
        table.writerow([_cell(row[column]) for column in COLUMNS])
    return text.getvalue().rstrip("\n")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def json_text(comparison: Comparison) -> str:
    """The whole comparison: what does not exist is null, and what is infinite the text ``"inf"``."""
    return json.dumps(_in_json(comparison.to_dict()), indent=2, allow_nan=False)


def _in_json(value: object) -> object:
    """The same with infinite numbers as text, since JSON has none."""
    if isinstance(value, dict):
        return {key: _in_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_json(each) for each in value]
    return str(value) if isinstance(value, float) and math.isinf(value) else value


FORMATS: Mapping[str, Callable[[Comparison], str]] = {"table": str, "json": json_text, "csv": csv_text}


@contextlib.contextmanager
def progress_bar() -> Generator[Progress | None]:
    """What `simulate` reports to: a bar or a line where a person watches, else nothing."""
    if not is_watched():
        yield None
        return
    try:
        from rich.console import Console
        from rich.progress import Progress as Bar
    except ImportError:
        try:
            yield _line
        finally:
            mutter("\n")
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulate", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _line(done: int, total: int) -> None:
    mutter(f"\rsimulate: block {done} of {total}")
