"""Views of prices on the command line: ``--if ETH=-50%``, ``--if ETH=x2``."""

import re

from stakingmodels import checks
from stakingmodels.analysis.answer.views import PriceView
from stakingmodels.errors import InputError

_VIEW = re.compile(r"(?:([A-Za-z][A-Za-z0-9.]*)=)?([+-]?)(x?)(\d+(?:\.\d*)?|\.\d+)(%?)", re.ASCII)
_HOW = "write ETH=-50%, ETH=+100%, ETH=0%, or ETH=x2 for the double"
_MOST = 10.0  # times the opening


def views_of(texts: list[str], form: str) -> tuple[PriceView, ...] | None:
    """Views of ``--if``, one an option; several coins of one view are separated by commas. None without the option."""
    if texts and form == "csv":
        raise InputError("--if: its table is not in the CSV of the rows (write --format table or json)")
    return tuple(map(_view, texts)) or None


def _view(text: str) -> PriceView:
    parts = [_part(part, text) for part in text.split(",")]
    changes = {coin: change for coin, change in parts if coin is not None}
    if len(changes) == len(parts):
        return changes
    if len(parts) > 1:
        checks.refuse("--if", "must name each coin once, where it names several", text, "write ETH=-50%,BTC=x2")
    return parts[0][1]


def _part(part: str, text: str) -> tuple[str | None, float]:
    """Coin, None for each row's own, and change of its price."""
    match = _VIEW.fullmatch(part.strip())
    if match is None:
        checks.refuse("--if", "must be a change of a coin's price", text, _HOW)
    coin, sign, times, digits, percent = match.groups()
    if bool(times) == bool(percent) or (times and sign):
        checks.refuse("--if", "must be a percent or a multiple, not a level or a fraction", text, _HOW)
    number = float(digits)
    if percent and not sign and number:
        hint = f"write +{digits}% for a rise by it, or x{number / 100:g} for a fall to it"
        checks.refuse("--if", "must have a sign where it is a percent", text, hint)
    multiple = number if times else 1.0 + float(f"{sign}{digits}") / 100.0
    if not 0.0 < multiple <= _MOST:
        checks.refuse("--if", f"must be above -100% (x0) and at most +{100 * (_MOST - 1):g}% (x{_MOST:g})", text)
    return coin, multiple - 1.0
