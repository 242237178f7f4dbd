"""``stakingmodels quote``."""

import argparse

from stakingmodels import checks, scenarios, termsheets
from stakingmodels.cli.arguments import cash_rate_of, money_of, rows_of
from stakingmodels.cli.compare import not_built_in
from stakingmodels.errors import InputError
from stakingmodels.market import TimeGrid
from stakingmodels.products import Product
from stakingmodels.scenarios import REFERENCE_START, Streams


def quote_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns what is to be printed, and that it is whole."""
    capital, days, tail = money_of(arguments)
    product = _quoted(arguments)
    world = scenarios.reference(cash_rate=cash_rate_of(arguments))
    grid = TimeGrid.daily(REFERENCE_START, days=days, settlement_days=tail)
    missing = world.missing(product.factors)
    if missing:
        raise InputError(f"{checks.show(arguments.product)}: {not_built_in(missing)}")
    market = world.market(grid, product.factors, streams=Streams(0), n_paths=1)  # a quote sees only its opening
    return product.quote(market, capital=capital).table().to_text(), True


def _quoted(arguments: argparse.Namespace) -> Product:
    """The product asked for by the name of its row or kind, with the terms that were set."""
    name, rows = arguments.product, rows_of(arguments)
    terms: dict[str, object] = {}
    for text in arguments.set:
        field, mark, value = text.partition("=")
        if not mark:
            checks.refuse("--set", "must be written FIELD=VALUE", text, "such as commission=0.15")
        terms[field.strip()] = termsheets.read_value(value.strip())
    if name in rows:
        return termsheets.changed("--set", rows[name], terms)
    if name in termsheets.KINDS:
        return termsheets.product_of("--set", name, terms)
    names = (*rows, *termsheets.KINDS)
    return checks.refuse("quote", "must be one of " + ", ".join(names), name, checks.nearest_hint(name, names))
