"""Files of the command line: ``compare --save``, ``--load`` and ``--plot``, and ``stakingmodels schema``."""

import argparse
import json
from pathlib import Path

import attrs

from stakingmodels import checks, plotting, ratecard, serialize
from stakingmodels.analysis import Comparison, compare
from stakingmodels.cli.arguments import level_of
from stakingmodels.cli.history import READING
from stakingmodels.cli.streams import CannotWriteError, write
from stakingmodels.cli.usual import is_given
from stakingmodels.cli.views import views_of
from stakingmodels.engine import Results
from stakingmodels.errors import InputError
from stakingmodels.plotting.described import require
from stakingmodels.plotting.saving import check_path
from stakingmodels.serialize.runs import own_ranges
from stakingmodels.serialize.things import target_of

_RUN = (
    "capital", "currency", "exchange_rate", "days", "settlement_days", "cash_rate", "products", "coins", "rates",
    "assumptions", "paths", "seed", "sampling", "history", "levels", "fill", *READING,
)  # fmt: skip
"""Options of a run, which a file of results has already."""
_CARD = "ratecard"


def schema_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run ``schema``; returns the text to print, and True for a complete result."""
    is_card = arguments.kind is not None and arguments.kind.lower() == _CARD
    found = ratecard.schema() if is_card else serialize.schema(arguments.kind)
    return json.dumps(found, indent=2, ensure_ascii=False), True


def check_target(arguments: argparse.Namespace) -> None:
    """Refuse a file that ``--save`` or ``--plot`` could not write, before the run."""
    if arguments.save is not None:
        target_of(arguments.save, force=arguments.force, endings=(".npz",))
    if arguments.plot is not None:
        require("--plot")
        check_path("--plot", Path(arguments.plot), force=arguments.force)
    if arguments.save is None and arguments.plot is None and arguments.force:
        raise InputError("--force: only goes with an option that writes a file")


def keep(comparison: Comparison, arguments: argparse.Namespace, text: str) -> None:
    """Write the files of ``--save`` and ``--plot``; if that fails, what was computed is printed all the same.

    Raises
    ------
    CannotWriteError
        For a file that cannot be written.
    """
    try:
        if arguments.save is not None:
            serialize.save(comparison, arguments.save, force=arguments.force)
        if arguments.plot is not None:
            drawn = plotting.answer_ranges(comparison, language=arguments.lang)
            plotting.save(drawn, arguments.plot, force=arguments.force)
    except InputError as error:
        write(text)
        raise CannotWriteError(str(error).replace("cannot be written: ", "")) from error


def loaded(arguments: argparse.Namespace) -> Comparison:
    """Comparison of the file of ``--load``, read with the options of reading that are given."""
    for name in _RUN:
        if is_given(getattr(arguments, name)):
            raise InputError(f"--{name.replace('_', '-')}: does not go with --load, since the run is in the file")
    found = serialize.load(arguments.load)
    views = views_of(arguments.views, arguments.format)
    level = level_of(arguments)
    if isinstance(found, Results):
        return compare(found, benchmark=arguments.benchmark, confidence_level=level, price_views=views)
    kept = checks.instance("--load", found, Comparison, "a file that compare --save wrote")
    if arguments.benchmark is None and views is None and arguments.confidence_level is None:
        return kept
    found = compare(
        kept.results,
        benchmark=arguments.benchmark or kept.benchmark,
        confidence_level=kept.confidence_level if arguments.confidence_level is None else level,
        price_views=views or kept.views_asked or None,
        assumptions=kept.reruns.numbers,
        ranges=own_ranges(kept),
    )
    return found if kept.ranked_by is None else _ranked_as(found, kept, kept.ranked_by)


def _ranked_as(found: Comparison, kept: Comparison, by: str) -> Comparison:
    """The comparison in the kept one's order; without the rows that its bounds left out, which the level decides."""
    found = found.rank(by, max_infeasible=1.0)
    left = [row.product for row in found.rows if row.product in kept.skipped]
    if left and found.confidence_level != kept.confidence_level:
        several = ", ".join(left)
        checks.warn(
            f"--load: {several}: left out when the file was saved, by bounds at {kept.confidence_level:.4g}, and shown "
            f"at {found.confidence_level:.4g} (give the bounds again, such as --max-days-to-cash)"
        )
        return found
    rows = tuple(row for row in found.rows if row.product not in left)
    return attrs.evolve(found, rows=rows, skipped=kept.skipped)
