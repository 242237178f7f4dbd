"""`sheets`, `get` and `reference`: the shipped sheets, one of them, and a table of all."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from stakingmodels import checks
from stakingmodels._types import DateLike
from stakingmodels.catalogue.listing import Catalogue
from stakingmodels.catalogue.reading import sheet_of
from stakingmodels.catalogue.sheet import ATTRIBUTES, Sheet
from stakingmodels.errors import InputError, UnknownNameError
from stakingmodels.series import FrozenMap

_ENDING = ".toml"
_NEAR = 3
_LEAST_ALIKE = 0.55


@cache
def _shipped() -> FrozenMap[str, Sheet]:
    folder = resources.files("stakingmodels.catalogue").joinpath("sheets")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(_ENDING))
    found = [sheet_of(name, name.removesuffix(_ENDING), folder.joinpath(name).read_text("utf-8")) for name in names]
    check_names(found)
    return FrozenMap({sheet.key: sheet for sheet in found})


def check_names(found: Iterable[Sheet]) -> None:
    """Refuse two sheets that answer to one name.

    Raises
    ------
    InputError
        For a key or alias that two sheets have, with both.
    """
    holders: dict[str, str] = {}
    for sheet in found:
        for name in dict.fromkeys((sheet.key, *sheet.aliases)):
            other = holders.setdefault(name, sheet.key)
            if other != sheet.key:
                raise InputError(f"catalogue: {name!r} must name one sheet, got {other} and {sheet.key}")


def sheets(*, coin: str | None = None, having: str | Iterable[str] = ()) -> Mapping[str, Sheet]:
    """Sheets of the catalogue by name, in the order of the alphabet.

    Parameters
    ----------
    coin
        Only those of a coin, such as ``"ETH"``; None (default) for all.
    having
        Only those known to have an attribute, or all of several, such as ``"open_source"`` (`ATTRIBUTES`).

    Raises
    ------
    UnknownNameError
        For a coin that no sheet has, and a name that is no attribute.

    Examples
    --------
    >>> from stakingmodels import catalogue
    >>> list(catalogue.sheets(coin="ETH", having=("trustless", "liquidity_token")))
    ['rocket-pool-reth']
    """
    found = _shipped()
    wanted = [having] if isinstance(having, str) else list(having)
    for name in wanted:
        if name not in ATTRIBUTES:
            checks.refuse_name("catalogue.sheets: having", name, ATTRIBUTES)
    coins = sorted({sheet.coin for sheet in found.values()})
    if coin is not None and coin not in coins:
        checks.refuse_name("catalogue.sheets: coin", coin, coins)
    return FrozenMap(
        {
            key: sheet
            for key, sheet in found.items()
            if coin in (None, sheet.coin) and all(sheet.has(name) for name in wanted)
        }
    )


def get(name: str) -> Sheet:
    """Sheet by its name in the catalogue or another name of it.

    Parameters
    ----------
    name
        Such as ``"lido-steth"`` or ``"lido"``, in letters of any case.

    Raises
    ------
    UnknownNameError
        For a name that there is not, with the nearest.

    Examples
    --------
    >>> from stakingmodels import catalogue
    >>> catalogue.get("lido").key
    'lido-steth'
    """
    names = _names()
    wanted = checks.text("catalogue.get: name", name).lower()
    if wanted in names:
        return names[wanted]
    near = difflib.get_close_matches(wanted, names, n=_NEAR, cutoff=_LEAST_ALIKE)
    near += [each for each in names if wanted in each and each not in near][: _NEAR - len(near)]
    hint = f"near it: {', '.join(near)}" if near else "stakingmodels catalogue lists all"
    raise UnknownNameError(checks.sentence(f"catalogue: there is no sheet {checks.show(name)}", hint))


@cache
def _names() -> Mapping[str, Sheet]:
    """Sheets by all of their names."""
    found = dict(_shipped())
    for sheet in _shipped().values():
        for alias in sheet.aliases:
            found.setdefault(alias, sheet)
    return found


def native(coin: str) -> Sheet:
    """Sheet of a chain's own way to stake its coin.

    Parameters
    ----------
    coin
        The coin, such as ``"SOL"``.

    Raises
    ------
    UnknownNameError
        For a coin without such a sheet.

    Examples
    --------
    >>> from stakingmodels import catalogue
    >>> catalogue.native("SOL").key
    'sol-delegation'
    """
    known = {sheet.coin: sheet for sheet in _shipped().values() if sheet.native}
    if coin not in known:
        checks.refuse_name("catalogue.native: coin", coin, known)
    return known[coin]


def reference(*, coin: str | None = None, having: str | Iterable[str] = (), as_of: DateLike | None = None) -> Catalogue:
    """Table of the catalogue: fee, days to leave and published rate of each sheet, its attributes, what is missing.

    Parameters
    ----------
    coin, having
        As in `sheets`.
    as_of
        Day on which sheets and terms more than 365 days old are said to be old; None (default): none is.

    Examples
    --------
    >>> from stakingmodels import catalogue
    >>> len(catalogue.reference().sheets) >= 20
    True
    """
    return Catalogue.of(sheets(coin=coin, having=having), as_of)
