"""``stakingmodels solve`` and ``stakingmodels breakeven``."""

import argparse
import re
from typing import Any

from stakingmodels import checks
from stakingmodels.analysis import PaybackDays, Solution, Target, breakeven, payback_days, solve
from stakingmodels.cli.arguments import number, rate, rows_of, whole
from stakingmodels.cli.history import FACTORS
from stakingmodels.cli.output import json_text
from stakingmodels.cli.quote import Opening, opening_of
from stakingmodels.market import Factor
from stakingmodels.products import Product
from stakingmodels.rates import APY

_FACTOR = re.compile(r"([A-Za-z]+):([A-Za-z][A-Za-z0-9._/-]*)", re.ASCII)
_WORDS = {"money-back": Target.money_back, "holding": Target.holding, "cash": Target.cash}
_TARGETS = "7.5%, 7.5%APR, total=10%, coins=5%APR, money-back, holding, cash, or a row"


def solve_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    target = _target(arguments)
    other = target.other if isinstance(target.other, Product) else None
    opening = opening_of(arguments, other)
    of, between = _of(arguments.of), _between(arguments.between)
    found = solve(of, opening.product, target=target, between=between, **_where(opening, arguments))
    return _text(found, arguments), True


def breakeven_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    against: Any = arguments.against
    other = None if against in {"capital", "holding", "cash"} else _row("--against", against, arguments)
    opening = opening_of(arguments, other)
    where = _where(opening, arguments)
    if arguments.of == "day":
        if other is not None or against != "capital":
            checks.refuse("--against", "must be capital with --of day", against, "leave it out")
        if arguments.between is not None:
            checks.refuse("--between", "must be left out with --of day", arguments.between)
        return _text(payback_days(opening.product, **where), arguments), True
    of, between = _of(arguments.of), _between(arguments.between)
    found = breakeven(opening.product, of=of, against=other or against, between=between, **where)
    return _text(found, arguments), True


def _where(opening: Opening, arguments: argparse.Namespace) -> dict[str, Any]:
    """Market that stands still, or the scenario with as many paths as asked for."""
    if arguments.paths is None:
        return {"world": opening.market.frozen_at_open(), "capital": opening.capital}
    drawn = {"n_paths": whole("--paths", arguments.paths, 1, checks.PATHS_LIMIT)}
    seed = whole("--seed", arguments.seed, 0, 2**128 - 1)
    return {"world": opening.world, "grid": opening.grid, "capital": opening.capital, "rng": seed, **drawn}


def _of(text: str) -> str | Factor:
    """A factor where the text is FACTOR:ASSET, else the path of a term."""
    match = _FACTOR.fullmatch(text)
    if match is None:
        return text
    kind, asset = match.groups()
    if kind not in FACTORS:
        rule = "must begin with one of " + ", ".join(FACTORS)
        checks.refuse("--of", rule, kind, checks.nearest_hint(kind, FACTORS))
    return FACTORS[kind](asset)


def _between(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    parts = text.split(":")
    if len(parts) != 2:
        checks.refuse("--between", "must be written LOW:HIGH", text, "such as 1:100 or -50%:50%")
    low, high = (_share("--between", part.strip()) for part in parts)
    return low, high


def _share(option: str, text: str) -> float:
    """A number, or a percentage as a fraction."""
    is_percent = text.endswith("%")
    found = number(option, text.removesuffix("%"), "write 0.1 or 10%")
    return found / 100.0 if is_percent else found


def _target(arguments: argparse.Namespace) -> Target:
    text = arguments.target.strip()
    kind, mark, value = text.partition("=")
    if text in _WORDS:
        return _WORDS[text]()
    if mark and kind == "total":
        return Target.total_return(_share("--target", value))
    if mark and kind == "coins":
        return Target.coin_rate(rate("--target", value) or APY(0.0))
    if re.match(r"[+-]?[.\d]", text):
        return Target.annual_return(rate("--target", text) or APY(0.0))
    return Target.product(_row("--target", text, arguments))


def _row(option: str, name: str, arguments: argparse.Namespace) -> Product:
    rows = rows_of(arguments)
    if name not in rows:
        known = (*_WORDS, *rows) if option == "--target" else ("capital", "holding", "cash", *rows)
        how = checks.nearest_hint(name, known) or (_TARGETS if option == "--target" else ", ".join(known))
        checks.refuse(option, "must be a goal or a row of compare", name, how)
    return rows[name]


def _text(found: Solution | PaybackDays, arguments: argparse.Namespace) -> str:
    return json_text(found) if arguments.format == "json" else found.to_text(language=arguments.lang)
