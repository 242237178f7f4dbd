"""Output of the command line: tables, JSON, CSV, and progress."""

import argparse
import contextlib
import csv
import io
import json
import math
from collections.abc import Generator

from stakingmodels.analysis import COLUMNS, AssumptionChanges, Comparison, OfferCheck, PaybackDays, Solution
from stakingmodels.assumptions import AssumptionSet
from stakingmodels.cli.catalogue import is_file
from stakingmodels.cli.streams import is_watched, mutter
from stakingmodels.cli.width import width_of
from stakingmodels.engine.progress import Progress
from stakingmodels.products.quote import Quote
from stakingmodels.scenarios import Fit
from stakingmodels.words import Language, say

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets run texts with such a beginning


_FIT_COLUMNS = ("of", "parameter", "value", "standard_error", "fit")
_QUOTE_COLUMNS = ("line", "money", "of_capital", "a_year")


def csv_text(found: Comparison | Quote) -> str:
    """CSV of rows under their columns; texts that a spreadsheet would run get an apostrophe in front."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS if isinstance(found, Comparison) else _QUOTE_COLUMNS)
    table.writerows([_cell(value) for value in row] for row in _rows(found))
    return text.getvalue().rstrip("\n")


def _rows(found: Comparison | Quote) -> list[list[object]]:
    if isinstance(found, Comparison):
        return [[row[column] for column in COLUMNS] for row in found.records()]
    capital, years = found.capital, found.earning_years
    return [[str(label), money, money / capital, money / capital / years] for label, money in found.rows]


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def json_text(
    found: Comparison | Quote | AssumptionSet | AssumptionChanges | OfferCheck | Solution | PaybackDays,
) -> str:
    """JSON of a result: missing numbers are null, infinite ones the text ``"inf"``."""
    return json.dumps(_in_json(found.to_dict()), indent=2, allow_nan=False)


def _in_json(value: object) -> object:
    """A copy with infinite numbers as text, since JSON has none."""
    if isinstance(value, dict):
        return {key: _in_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_json(each) for each in value]
    return str(value) if isinstance(value, float) and math.isinf(value) else value


def printed(found: Comparison | Quote, arguments: argparse.Namespace) -> str:
    """Output in the form and language of ``--format`` and ``--lang``; the names in JSON and CSV are English."""
    if arguments.format == "table":
        return _table(found, arguments)
    return json_text(found) if arguments.format == "json" else csv_text(found)


def fit_text(found: Fit, arguments: argparse.Namespace) -> str:
    """Fitted parameters in the form and language of ``--format`` and ``--lang``."""
    if arguments.format == "table":
        return found.table().to_text(language=arguments.lang, width=width_of(arguments))
    if arguments.format == "json":
        return json.dumps(_in_json(found.to_dict()), indent=2, allow_nan=False)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_FIT_COLUMNS)
    for of, parameter, estimate, fits in found.rows:
        table.writerow([*map(_cell, (of, parameter)), estimate.value, estimate.standard_error, _cell(fits)])
    return text.getvalue().rstrip("\n")


def _table(found: Comparison | Quote, arguments: argparse.Namespace) -> str:
    """The table, for a comparison in the width asked for and with ``--verbose`` followed by the details."""
    columns = width_of(arguments)
    if isinstance(found, Quote):
        return found.to_text(language=arguments.lang, width=columns)
    products = getattr(arguments, "products", None)
    named = getattr(arguments, "coins", None) is not None or (products is not None and not is_file(products))
    short = found.to_text(language=arguments.lang, width=columns, every_row=named)
    return (
        f"{short}\n\n{found.details().to_text(language=arguments.lang, width=columns)}" if arguments.verbose else short
    )


@contextlib.contextmanager
def progress_bar(language: Language = "en") -> Generator[Progress | None]:
    """Progress function for `simulate`: a bar or a line on a terminal, otherwise None."""
    if not is_watched():
        yield None
        return
    try:
        from rich.console import Console
        from rich.progress import Progress as Bar
    except ImportError:
        try:
            yield _line(language)
        finally:
            mutter("\n")
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("progress.title", language), total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _line(language: Language) -> Progress:
    def line(done: int, total: int) -> None:
        mutter("\r" + say("progress", language, done=done, total=total))

    return line
