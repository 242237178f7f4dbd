"""``stakingmodels quote``."""

import argparse
from collections.abc import Mapping

import attrs

from stakingmodels import checks, scenarios, termsheets
from stakingmodels.capital import Capital, Units
from stakingmodels.cli.arguments import cash_rate_of, money_of, number, rate, rows_of
from stakingmodels.cli.compare import not_built_in
from stakingmodels.cli.currency import in_currency
from stakingmodels.cli.history import option_of, read_by, readings, refuse_alone, sources_of, split_factor
from stakingmodels.cli.output import printed
from stakingmodels.cli.streams import tell
from stakingmodels.errors import InputError
from stakingmodels.market import Factor, Hashrate, Market, Price, TimeGrid
from stakingmodels.market.grid import as_time
from stakingmodels.products import Product
from stakingmodels.rates import APR
from stakingmodels.scenarios import REFERENCE_START, Constants, History, Joint, Scenario, Streams
from stakingmodels.words import Note, in_language


def quote_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    asked = opening_of(arguments)
    return printed(asked.product.quote(asked.market, capital=asked.capital), arguments), True


@attrs.frozen(eq=False)
class Opening:
    """A product with its terms, the scenario of the options, and the market that opens on its first day.

    Attributes
    ----------
    product, capital
        The product, and the money or coins put in.
    world, grid
        Scenario and times.
    market
        Market of one path, of which only the opening is read.
    """

    product: Product
    capital: float | Units
    world: Scenario
    grid: TimeGrid
    market: Market


def opening_of(arguments: argparse.Namespace, other: Product | None = None) -> Opening:
    """Product and market that the options of a quote ask for.

    Parameters
    ----------
    arguments
        The options.
    other
        Another product that is to be run in the market.
    """
    capital, days, tail = money_of(arguments)
    product, given = _quoted(arguments), _market(arguments)
    record = _recorded_day(arguments, product, given)
    built_in = scenarios.reference(cash_rate=cash_rate_of(arguments), assumptions=arguments.assumptions)
    known = given | record.levels
    world = in_currency(arguments, Joint([Constants(known), built_in]) if known else built_in)
    grid = TimeGrid.daily(record.day or REFERENCE_START, days=days, settlement_days=tail)
    reads = product.factors if other is None else product.factors | other.factors
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
    for sentence in record.notes:
        tell("note", in_language(sentence, arguments.lang))
    return Opening(product, capital, world, grid, market)


@attrs.frozen
class _Day:
    """Values of one recorded day.

    Attributes
    ----------
    day
        The day; None without files.
    levels
        Values by factor.
    notes
        How each file was read.
    """

    day: str | None = None
    levels: dict[Factor, object] = attrs.field(factory=dict)
    notes: tuple[str, ...] = ()


def _recorded_day(arguments: argparse.Namespace, product: Product, given: Mapping[Factor, object]) -> _Day:
    """Values of the last day that all files of ``--history`` have, or of that of ``--as-of``."""
    if not arguments.history:
        refuse_alone(arguments, ("as_of",))
        return _Day()
    sources = sources_of(arguments.history, arguments, read=read_by([product], arguments.currency), of="this quote")
    twice = sorted(map(option_of, sources.keys() & given.keys()))
    if twice:
        raise InputError(f"--market {twice[0]}: is also a file of --history; leave one of them out")
    history = History(sources, missing_days=arguments.fill or "refuse")
    days = history.dates
    day = days[-1] if arguments.as_of is None else as_time("--as-of", arguments.as_of).astype("datetime64[D]")
    if not days[0] <= day <= days[-1]:
        checks.refuse("--as-of", f"must be a day of the files, {days[0]} to {days[-1]}", str(day))
    levels: dict[Factor, object] = {}
    for factor in history.factors - {Hashrate(factor.name) for factor in history.factors}:
        value = float(history.recorded(factor)[int((day - days[0]).astype(int))])
        levels[factor] = APR(value) if factor.is_rate else value
    values = tuple(
        f"{f} {x.value:.3%} APR" if isinstance(x, APR) else f"{f} {x:,.6g}"
        for f, x in sorted(levels.items(), key=lambda pair: str(pair[0]))
    )
    return _Day(str(day), levels, (Note("quote.recorded", day=str(day), values=values), *readings(history)))


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
        if field.strip() in terms:
            checks.refuse("--set", f"must give each term once; {field.strip()} is there twice", text)
        terms[field.strip()] = termsheets.read_value(value.strip())
    if name in rows:
        return termsheets.changed("--set", rows[name], terms)
    if name in termsheets.KINDS:
        return termsheets.product_of("--set", name, terms)
    names = (*rows, *termsheets.KINDS)
    return checks.refuse("product", "must be one of " + ", ".join(names), name, checks.nearest_hint(name, names))
