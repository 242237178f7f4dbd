"""Hints at the word or the option that is probably meant by one that there is not."""

import re
from collections.abc import Sequence

from stakingmodels import checks
from stakingmodels._calls import synonym

_CHOICE = re.compile(r"invalid choice: '(.*)' \(choose from (.*)\)$")


def choice_meant(message: str) -> str:
    """Word nearest to the one that argparse refuses, of those that its message lists; empty for none."""
    found = _CHOICE.search(message)
    return "" if found is None else checks.nearest(found[1], re.findall(r"[^\s',]+", found[2]))


def option_meant(given: str, options: Sequence[str]) -> str:
    """Option meant by another: a synonym, or the nearest; empty for none."""
    if given == "--coin" and "--coins" in options:  # elsewhere a word for the currency
        return "--coins"
    names = [each[2:].replace("-", "_") for each in options]
    other = synonym(given.removeprefix("--").replace("-", "_"), names)
    return checks.nearest(given, options) if other is None else f"--{other.replace('_', '-')}"
