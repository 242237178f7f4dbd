"""``stakingmodels fit``."""

import argparse

from stakingmodels.cli.arguments import number, whole
from stakingmodels.cli.history import readings, sources_of
from stakingmodels.cli.output import fit_text
from stakingmodels.cli.streams import tell
from stakingmodels.scenarios import History, fit
from stakingmodels.words import in_language


def fit_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    sources = sources_of(arguments.files, arguments, option="FILE")
    history = History(
        sources,
        window_levels="as_recorded",
        missing_days=arguments.fill or "refuse",
        first=arguments.first,
        last=arguments.last,
    )
    found = fit(
        history,
        jump_threshold=number("--jump-threshold", arguments.jump_threshold, "write 4"),
        ratio_lags=whole("--ratio-lags", arguments.ratio_lags, 2, 365),
    )
    for note in readings(history):
        tell("note", in_language(note, arguments.lang))
    return fit_text(found, arguments), True
