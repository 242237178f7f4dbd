"""`read_rates`: published rates of the day, from a small file, in place of those of the sheets."""

import os
from collections.abc import Mapping
from pathlib import Path

import attrs

from stakingmodels import checks
from stakingmodels.catalogue.networks import COINS
from stakingmodels.catalogue.reading import published_rate
from stakingmodels.catalogue.shipped import get
from stakingmodels.catalogue.stated import Stated, only_keys, read_document
from stakingmodels.errors import InputError, UnknownNameError
from stakingmodels.series import FrozenMap
from stakingmodels.tomlfiles import parsed, read_text

_OF_RATE = ("value", "basis", "said")
_OF_DOCUMENT = ("title", "url", "read", "dated")


@attrs.frozen(kw_only=True)
class Rates:
    """Published rates of a day.

    Attributes
    ----------
    by_sheet
        Rates of products by the name of their sheet.
    by_coin
        Reward rates of chains by coin, before any fee.
    """

    by_sheet: Mapping[str, Stated]
    by_coin: Mapping[str, Stated]


def read_rates(path: str | os.PathLike[str]) -> Rates:
    """Rates of a TOML file with a table for each product or coin.

    A table is named by a sheet, or by a coin for the reward of its chain, and has `value` with its kind, `basis`
    (``"gross"`` or ``"net"`` of the provider's fee), `said` (the figure as it stands there), `title`, `url`, and `read`
    (the day).

    Parameters
    ----------
    path
        A regular file of at most 1 MB.

    Raises
    ------
    InputError
        For an unknown name or key, a rate without kind, source or date, and a coin's rate that is net of a fee.
    """
    file = Path(path)
    where = checks.show(str(file.name or file))
    by_sheet: dict[str, Stated] = {}
    by_coin: dict[str, Stated] = {}
    tables = parsed(where, read_text(where, file))
    if not tables:
        raise InputError(f"{where}: must hold a table for each product or coin; write [lido] and its keys under it")
    for name, table in tables.items():
        here = f"{where}: [{name}]"
        stated = _rate(here, table)
        if name in COINS.values():
            if stated.basis != "gross":
                checks.refuse(f"{here}: basis", 'must be "gross", the reward of the chain before any fee', stated.basis)
            by_coin[name] = stated
            continue
        try:
            key = get(name).key
        except UnknownNameError as error:
            raise InputError(f"{where}: {error}") from error
        if key in by_sheet:
            raise InputError(f"{here}: must name each product once; {key} has a rate already, by another of its names")
        by_sheet[key] = stated
    return Rates(by_sheet=FrozenMap(by_sheet), by_coin=FrozenMap(by_coin))


def _rate(where: str, table: object) -> Stated:
    found = only_keys(where, table, (*_OF_RATE, *_OF_DOCUMENT))
    document = read_document(where, {key: found[key] for key in _OF_DOCUMENT if key in found}, "")
    given = {key: found[key] for key in _OF_RATE if key in found}
    return published_rate(where, {**given, "document": "here"}, {"here": document})
