"""``stakingmodels ratecard``."""

import argparse
from pathlib import Path

from stakingmodels import checks, ratecard, scenarios
from stakingmodels.cli.arguments import cash_rate_of, number, rows_of, whole
from stakingmodels.cli.currency import in_currency
from stakingmodels.cli.streams import CannotWriteError
from stakingmodels.errors import InputError
from stakingmodels.market.grid import STEPS_LIMIT
from stakingmodels.serialize.disk import check_target, path_of, shown, write_whole
from stakingmodels.words import Note, in_language

_CAPITAL = "100:1000000"
_VALID_DAYS = 3_660
_SEEDS = 2**53


def ratecard_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the card, or what was written, and True for a complete result."""
    if arguments.date is None:
        raise InputError("--date: must be given, the day of issue (write --date 2026-12-01)")
    file = None if arguments.out is None else path_of("--out", arguments.out)
    if file is not None:
        check_target(shown(file), file, force=arguments.force)
    if arguments.currency is not None and arguments.capital == _CAPITAL:
        raise InputError("--capital: must be given with --currency (write --capital 3000:30000000)")
    rows = rows_of(arguments)
    built_in = scenarios.reference(cash_rate=cash_rate_of(arguments), assumptions=arguments.assumptions)
    card = ratecard.make(
        rows,
        in_currency(arguments, built_in),
        issued=arguments.date,
        valid_days=whole("--valid-days", arguments.valid_days, 0, _VALID_DAYS),
        terms=[whole("--terms", each.strip(), 1, STEPS_LIMIT) for each in arguments.terms.split(",")],
        capital=_bounds(arguments.capital),
        settlement_days=whole("--settlement-days", arguments.settlement_days, 0, STEPS_LIMIT // 2),
        assumptions=arguments.assumptions,
        rate_kind=arguments.rate_kind,
        n_paths=whole("--paths", arguments.paths, 1, checks.PATHS_LIMIT),
        seed=whole("--seed", arguments.seed, 0, _SEEDS),
    )
    if file is None:
        return card.text.rstrip("\n"), True
    _write(file, card.text)
    said = Note("ratecard.written", file=str(file), n=len(card.to_dict()["offers"]), day=card.valid_until)
    return in_language(said, arguments.lang), True


def _bounds(text: str) -> tuple[float, float]:
    low, mark, high = text.partition(":")
    if not mark:
        checks.refuse("--capital", "must be the smallest and the largest amount", text, "write 100:1000000")
    found = number("--capital", low, "write 100:1000000"), number("--capital", high, "write 100:1000000")
    for each in found:
        checks.capital("--capital", each)
    if found[0] >= found[1]:
        checks.refuse("--capital", "must have the smaller amount first", text)
    return found


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all; that it may be replaced was looked at before the card was made."""
    try:
        write_whole(shown(file), file, lambda stream: stream.write(text.encode("utf-8")), force=True)
    except InputError as error:
        if isinstance(error.__cause__, OSError):
            raise CannotWriteError(str(error).replace("cannot be written: ", "")) from error
        raise
