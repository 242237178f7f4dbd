"""Provider of a file, and the rule for one of its columns."""

from stakingmodels import checks
from stakingmodels.errors import DataWarning
from stakingmodels.market import Factor
from stakingmodels.scenarios.history.files.csv_table import Table, fail, plain
from stakingmodels.scenarios.history.files.dates import is_instant
from stakingmodels.scenarios.history.files.dialect import Column, Dialect
from stakingmodels.scenarios.history.files.network_makers import NETWORK_MAKERS
from stakingmodels.scenarios.history.files.price_makers import PRICE_MAKERS
from stakingmodels.scenarios.history.files.rate_makers import RATE_MAKERS

DIALECTS: tuple[Dialect, ...] = (*PRICE_MAKERS, *NETWORK_MAKERS, *RATE_MAKERS)
"""Known providers; the first applies whose header is present and that has a rule for the factor and the column."""


def dialect_of(
    table: Table, date_at: int, value_at: int, factor: Factor | None, *, name: str, told: bool
) -> tuple[Dialect | None, Column | None]:
    """Provider of a file, and the rule for its value column; None if no known provider has such files.

    Parameters
    ----------
    table : Table
        The file.
    date_at, value_at : int
        Indices of its columns of dates and values.
    factor : Factor, optional
        Factor that it is read as.
    name : str
        Name of the file, which may show its provider.
    told : bool
        Whether the caller gives the day that a row belongs to, so that a guess needs no warning.

    Raises
    ------
    InputError
        If the provider is known and the column is no series of that factor.
    """
    kind = "" if factor is None else type(factor).__name__
    head = table.header[value_at]
    for dialect in DIALECTS:
        if not _is_of(dialect, table, date_at):
            continue
        fits = [c for c in dialect.columns if not c.names or head.casefold() in c.names]
        fits = [c for c in fits if not kind or not c.kinds or kind in c.kinds]
        if not fits or not (dialect.header or fits[0].names):
            continue
        rule = fits[0]
        if rule.refused:
            fail(f"{table.where}: {plain(head)}", f"{rule.refused}, got a file of {dialect.maker}")
        said = f"{table.where}: looks like a file of {dialect.maker}"
        if not kind and not told and len({(c.shift, c.unit, c.rate) for c in fits}) > 1:
            text = f"{said}, whose series differ in day and unit; say which it is, as in factor=Price('BTC')"
            checks.warn(text, DataWarning)
            return dialect, None
        is_sure = (
            dialect.sure or table.line_name == "record" or (dialect.told_by and dialect.told_by in name.casefold())
        )
        if dialect.asks and rule.shift and not is_sure and not told:
            rule_of = f"may be a file of {dialect.maker}, {rule.in_words()}, or another's, whose row is of its own day"
            fail(table.where, f"{rule_of}: write shift={rule.shift} or shift=0")
        if not is_sure and not told:
            text = f"{said} and is read so: {rule.in_words()}; write shift= if it is another's"
            checks.warn(text, DataWarning)
        return dialect, rule
    return None, None


def _is_of(dialect: Dialect, table: Table, date_at: int) -> bool:
    names = {head.casefold() for head in table.header}
    if not names.issuperset(dialect.header) or (not dialect.others and len(names - {""}) != len(dialect.header)):
        return False
    first, last = table.rows[0][date_at], table.rows[-1][date_at]
    digits = {"s": (10,), "ms": (13,)}.get(dialect.stamp, ())
    if digits and not (is_instant(first) and len(first.partition(".")[0]) in digits):
        return False
    return not dialect.newest_first or first > last
