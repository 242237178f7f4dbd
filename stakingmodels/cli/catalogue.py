"""``stakingmodels catalogue``, and rows of ``compare`` that are chosen from the catalogue by name or coin."""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from stakingmodels import catalogue, checks, products
from stakingmodels.analysis import Comparison
from stakingmodels.catalogue import Rates, Sheet
from stakingmodels.catalogue.sheet import missing_words
from stakingmodels.cli.width import width_of
from stakingmodels.errors import InputError
from stakingmodels.market import Price
from stakingmodels.products import Holding, Product
from stakingmodels.scenarios import REFERENCE_COINS, Scenario
from stakingmodels.tomlfiles import parsed, read_text
from stakingmodels.words import Note

_NAMES_LIMIT = 60
_SHEET = ".toml"


def catalogue_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    rates = _rates(arguments)
    if arguments.sheet is not None:
        if arguments.coin is not None or arguments.having:
            raise InputError("catalogue: a name does not go with --coin or --with, which choose from all")
        return _one(_with_rate(_sheet(arguments.sheet), rates), arguments), True
    coin = None if arguments.coin is None else arguments.coin.upper()
    found = catalogue.reference(coin=coin, having=arguments.having, as_of=arguments.as_of)
    sheets = {key: _with_rate(sheet, rates) for key, sheet in found.sheets.items()}
    found = attrs.evolve(found, sheets=sheets)
    if arguments.format == "json":
        return json.dumps(found.records(), indent=2, ensure_ascii=False), True
    return found.to_text(language=arguments.lang, width=width_of(arguments)), True


def _one(sheet: Sheet, arguments: argparse.Namespace) -> str:
    if arguments.format == "json":
        return json.dumps(sheet.to_dict(), indent=2, ensure_ascii=False)
    text = sheet.to_text(language=arguments.lang, width=width_of(arguments))
    old = () if arguments.as_of is None else sheet.older_terms(arguments.as_of)
    return text if not old else f"{text}\n- {Note('catalogue.old_ones', what=old).say(arguments.lang)}"


def _rates(arguments: argparse.Namespace) -> Rates:
    given: str | None = arguments.rates
    return Rates(by_sheet={}, by_coin={}) if given is None else catalogue.read_rates(given)


def _with_rate(sheet: Sheet, rates: Rates) -> Sheet:
    return sheet.with_rate(rates.by_sheet[sheet.key]) if sheet.key in rates.by_sheet else sheet


@attrs.frozen(kw_only=True)
class Chosen:
    """Rows of a comparison from the catalogue.

    Attributes
    ----------
    sheets
        Sheets by the name of their row.
    rates
        Published rates of the day.
    rows
        Products by row: coins held, the sheets that can be run, and cash.
    """

    sheets: Mapping[str, Sheet]
    rates: Rates
    rows: Mapping[str, Product]

    @property
    def drawn(self) -> tuple[str, ...]:
        """Coins of the sheets that can be run, whose prices the built-in scenario can draw."""
        run = {sheet.coin for sheet in self.sheets.values() if not sheet.missing}
        return tuple(coin for coin in REFERENCE_COINS if coin in run)

    @property
    def missing(self) -> dict[str, str]:
        """Reasons by row for leaving out the sheets that lack something."""
        lacks = {name: sheet.missing for name, sheet in self.sheets.items() if sheet.missing}
        return {name: Note("catalogue.missing", what=missing_words(each)) for name, each in lacks.items()}

    def world(self, base: Scenario, *, prices: bool) -> Scenario:
        """A scenario completed for these rows, with prices that stand still where it has none or without."""
        run = [sheet for sheet in self.sheets.values() if not sheet.missing]
        return catalogue.world(run, base, coin_rates=self.rates.by_coin, prices=prices)

    def text(self, comparison: Comparison, arguments: argparse.Namespace) -> str:
        """Tables that follow the comparison."""
        return catalogue.beside(comparison, self.sheets).to_text(language=arguments.lang, width=width_of(arguments))


def is_file(text: str) -> bool:
    """Whether the value of ``--products`` names a file of products, and not names of the catalogue or sheets."""
    is_path = text.endswith(_SHEET) or os.sep in text or "/" in text
    if not is_path or "," in text:
        try:
            return Path(text).is_file()
        except OSError:  # many names are too long for one of a file
            return False
    return not _is_sheet(text)


def _is_sheet(path: str) -> bool:
    """Whether a file is a sheet, which names its provider, and not a file of products."""
    try:
        return isinstance(parsed(path, read_text(path, Path(path))).get("provider"), str)
    except InputError:  # told by who reads it for what it is not
        return False


def _sheet(name: str) -> Sheet:
    """Sheet of the catalogue by its name, or of a file."""
    return catalogue.read_sheet(name) if name.endswith(_SHEET) else catalogue.get(name)


def _sheets(names: list[str]) -> dict[str, Sheet]:
    """Sheets by the name of their row: as they are named, those of files by their key."""
    found: dict[str, Sheet] = {}
    for name in names:
        sheet = _sheet(name)
        row = sheet.key if name.endswith(_SHEET) else name
        if row in found:
            raise InputError(f"--products: must name each row once, got two of the name {row}")
        found[row] = sheet
    return found


def chosen_of(arguments: argparse.Namespace, base: Scenario | None) -> Chosen | None:
    """Rows that ``--products`` and ``--coins`` choose from the catalogue; None where they choose none.

    Parameters
    ----------
    arguments
        Options of the line.
    base
        The scenario, whose coins are held for comparison; None for none.
    """
    given = arguments.products
    names = [] if given is None or is_file(given) else _listed("--products", given)
    coins = [] if arguments.coins is None else [coin.upper() for coin in _listed("--coins", arguments.coins)]
    if not names and not coins:
        if arguments.rates is not None:
            raise InputError("--rates: only goes with --coins, or with names of the catalogue in --products")
        return None
    if coins and given is not None and not names:
        raise InputError("--coins: does not go with a file of products")
    rates = _rates(arguments)
    sheets = _sheets(names)
    natives = (catalogue.native(coin) for coin in coins)
    sheets |= {sheet.key: sheet for sheet in natives if sheet not in sheets.values()}
    sheets = {name: _with_rate(sheet, rates) for name, sheet in sheets.items()}
    run = {name: sheet for name, sheet in sheets.items() if not sheet.missing}
    if not run:
        lacks = ", ".join(f"{name} ({' and '.join(sheet.missing)})" for name, sheet in sheets.items())
        raise InputError(f"compare: none of the products can be run, since not all is known of them: {lacks}")
    currency = getattr(arguments, "currency", None) or "USD"
    reference = products.reference(currency=currency, assumptions=arguments.assumptions)
    known = frozenset() if base is None else base.factors
    held = {f"hold {s.coin}": Holding(s.coin) for s in run.values() if Price(s.coin) in known}
    rows = {name: sheet.product(assumptions=arguments.assumptions) for name, sheet in run.items()}
    cash = {"cash": reference["cash"]} if "cash" in reference else {}
    return Chosen(sheets=sheets, rates=rates, rows={**held, **rows, **cash})


def _listed(option: str, text: str) -> list[str]:
    """Names in a list with commas."""
    names: list[Any] = [name.strip() for name in text.split(",")]
    if not all(names) or len(names) > _NAMES_LIMIT:
        how = "write ETH,SOL" if option == "--coins" else "write lido,solo"
        checks.refuse(option, f"must be 1 to {_NAMES_LIMIT} names with commas between them", text, how)
    lowered = [name.lower() for name in names]
    for name in names:
        if lowered.count(name.lower()) > 1:
            checks.refuse(option, "must name each once", name)
    return names
