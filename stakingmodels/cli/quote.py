"""``stakingmodels quote``."""

import argparse

from stakingmodels import checks, scenarios, termsheets
from stakingmodels.capital import Capital, Units
from stakingmodels.cli.arguments import cash_rate_of, money_of, number, rate, rows_of
from stakingmodels.cli.compare import not_built_in
from stakingmodels.cli.currency import in_currency
from stakingmodels.cli.history import option_of, split_factor
from stakingmodels.cli.output import printed
from stakingmodels.errors import InputError
from stakingmodels.market import Factor, Price, TimeGrid
from stakingmodels.products import Product
from stakingmodels.rates import APR
from stakingmodels.scenarios import REFERENCE_START, Constants, Joint, Streams


def quote_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    capital, days, tail = money_of(arguments)
    product, given = _quoted(arguments), _market(arguments)
    built_in = scenarios.reference(cash_rate=cash_rate_of(arguments), assumptions=arguments.assumptions)
    world = in_currency(arguments, Joint([Constants(given), built_in]) if given else built_in)
    grid = TimeGrid.daily(REFERENCE_START, days=days, settlement_days=tail)
    reads = product.factors
    if isinstance(capital, Units):
        priced = {world.numeraire} | {f.name for f in world.factors if isinstance(f, Price)}
        Capital.of("--capital", capital).check_coin("--capital", priced, "scenario")
        reads |= {Price(capital.coin)}
    missing = world.missing(reads)
    if missing:
        how = " ".join(_how(factor) for factor in sorted(missing, key=str))
        raise InputError(f"{checks.show(arguments.product)}: {not_built_in(missing)} (write {how})")
    for factor in given:
        if factor not in reads:
            checks.warn(f"--market {option_of(factor)}: this product does not read it")
    market = world.market(grid, reads, streams=Streams(0), n_paths=1)  # a quote reads only the opening
    return printed(product.quote(market, capital=capital), arguments), True


def _market(arguments: argparse.Namespace) -> dict[Factor, object]:
    """Values by factor, from every ``--market``."""
    found: dict[Factor, object] = {}
    for text in arguments.market:
        factor, value = split_factor("--market", text)
        if factor in found:
            checks.refuse("--market", f"must give each factor once; {option_of(factor)} is there twice", text)
        where = f"--market {option_of(factor)}"
        found[factor] = (rate(where, value) or APR(0.0)) if factor.is_rate else number(where, value)
    return found


def _how(factor: Factor) -> str:
    return f"--market {option_of(factor)}={'6%APR' if factor.is_rate else '1.5'}"


def _quoted(arguments: argparse.Namespace) -> Product:
    """Product requested by the name of its row or kind, with the terms set."""
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
