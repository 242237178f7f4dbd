"""`Document` and `Stated`: a term of a sheet with the document that states it, and the figure as it stands there."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

import attrs

from stakingmodels import checks
from stakingmodels.catalogue.days import checked_day
from stakingmodels.errors import InputError
from stakingmodels.rates import APR, APY
from stakingmodels.words import Note

Basis = Literal["gross", "net"]
"""Whether a published rate is before or after the provider's fee."""
Value = bool | int | float | str | Mapping[str, float | str]
"""Value of a term as a file of products holds it."""
Taken = Literal["least", "middle", "most"]
"""End of a stated range that the value is, or its middle."""
BASES: tuple[Basis, ...] = get_args(Basis)
TAKEN: tuple[Taken, ...] = get_args(Taken)

_KEYS = ("value", "said", "document", "basis", "range", "taken")
_SAID_LIMIT = 200
_URL_LIMIT = 300
_SAME = 1e-9
_PERCENT = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) ?%")
"""Numbers of a figure that are in per cent."""
_COMPUTED = "(computed)"
"""Mark of a figure from which the value was computed."""
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?")


def line(where: str, value: object, limit: int = _SAID_LIMIT) -> str:
    """A printable, non-empty text in one line."""
    if not isinstance(value, str):
        checks.refuse_type(where, "must be a text", value)
    if not value or len(value) > limit or not value.isprintable() or value != value.strip():
        checks.refuse(where, f"must be 1 to {limit} printable characters without space at the ends", value)
    return value


@attrs.frozen(kw_only=True)
class Document:
    """A document that states terms.

    Attributes
    ----------
    title
        Its name, with its version or commit if it has one.
    url
        Where it is.
    read
        Day on which it was read, ``YYYY-MM-DD``.
    dated
        Day, month or year that it carries itself; empty if it carries none.
    """

    title: str
    url: str
    read: str
    dated: str = ""

    @property
    def date(self) -> str:
        """The day, month or year that it carries, or else the day on which it was read."""
        return self.dated or self.read


def _ends(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(checks.real("Stated.span", value) for value in values)


@attrs.frozen(kw_only=True)
class Stated:
    """One term as a document states it.

    Attributes
    ----------
    value
        The value as a file of products holds it: a number, a flag, a word, or a table such as ``{"APR": 0.031}``.
    said
        The figure as it stands in the document.
    document
        The document.
    basis
        Of a published rate, ``"gross"`` or ``"net"`` of the provider's fee; empty for other terms.
    span, taken
        Least and most of a range that the document states, and which of them the value is; empty for one figure.
    """

    value: Value
    said: str
    document: Document
    basis: Basis | Literal[""] = ""
    span: tuple[float, ...] = attrs.field(default=(), converter=_ends)
    taken: Taken | Literal[""] = ""

    @property
    def rate(self) -> APR | APY:
        """The value of a published rate as an `APR` or `APY`."""
        return rate_of("Stated.rate", self.value)

    @property
    def text(self) -> str:
        """The value as tables show it."""
        value = self.value
        if isinstance(value, bool):
            return Note("products.yes" if value else "products.no")
        if isinstance(value, Mapping):
            name, inner = next(iter(value.items()))
            if name in ("APR", "APY"):
                return f"{100.0 * float(inner):.4g}% {name}"
            return Note("catalogue.queue", coin=inner)
        return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def in_words(stated: Stated, text: str = "") -> str:
    """The value, or another text of it, with what it is of a rate or a range."""
    shown = text or stated.text
    if stated.basis:
        return Note(f"catalogue.{stated.basis}", rate=shown)
    return Note(f"catalogue.taken.{stated.taken}", value=shown) if stated.taken else shown


def rate_of(where: str, value: object) -> APR | APY:
    """A rate of a file: a table of one key, its kind.

    Raises
    ------
    InputError
        For a bare number, and a kind other than APR and APY.
    """
    if isinstance(value, Mapping) and len(value) == 1:
        kind, number = next(iter(value.items()))
        if kind in ("APR", "APY"):
            try:
                return (APR if kind == "APR" else APY)(checks.real(where, number))
            except InputError as error:
                raise InputError(f"{where}: {str(error).removeprefix(f'{where}: ')}") from error
    checks.refuse(where, "must be a rate with its kind", value, "write {APR = 0.031} or {APY = 0.031}")


def read_document(where: str, table: object, as_of: str) -> Document:
    """Document of a file.

    Parameters
    ----------
    where
        Beginning of messages.
    table
        Its keys: `title`, `url`, `read` and perhaps `dated`.
    as_of
        Day of the sheet, which no date may be after.
    """
    found = only_keys(where, table, ("title", "url", "read", "dated"))
    for key in ("title", "url", "read"):
        if key not in found:
            raise InputError(f"{where}: {key} must be given, as every number has a source and a date")
    url = line(f"{where}: url", found["url"], _URL_LIMIT)
    if not _ADDRESS.fullmatch(url):
        checks.refuse(f"{where}: url", "must be an address", url, 'write url = "https://..."')
    read = checked_day(f"{where}: read", found["read"], as_of)
    dated = found.get("dated", "")
    if dated != "":
        dated = checked_day(f"{where}: dated", dated, as_of, shorter=True)
    return Document(title=line(f"{where}: title", found["title"]), url=url, read=read, dated=dated)


def read_stated(where: str, table: object, documents: Mapping[str, Document]) -> Stated:
    """A term of a file, with the document that it names.

    Parameters
    ----------
    where
        Beginning of messages.
    table
        Its keys: `value`, `said`, `document`, and perhaps `basis`, `range` and `taken`.
    documents
        Documents of the sheet by key.
    """
    found = only_keys(where, table, _KEYS)
    if "value" not in found:
        raise InputError(f"{where}: value must be given; a term that is not known is left out")
    for key in ("said", "document"):
        if key not in found:
            how = 'said = "10 %"' if key == "said" else f'document = "{next(iter(documents), "terms")}"'
            raise InputError(f"{where}: {key} must be given, as every number has its source; write {how}")
    name = found["document"]
    if not isinstance(name, str) or name not in documents:
        hint = checks.nearest_hint(str(name), documents) or "its documents are " + ", ".join(documents)
        checks.refuse(f"{where}: document", "must be one of the documents of the sheet", name, hint)
    said = line(f"{where}: said", found["said"])
    _check_fraction(f"{where}: value", found["value"], said, is_end="taken" in found)
    span, taken = _span(where, found)
    return Stated(
        value=_value(f"{where}: value", found["value"]),
        said=said,
        document=documents[name],
        basis=checks.choice(f"{where}: basis", found["basis"], BASES) if "basis" in found else "",
        span=span,
        taken=taken,
    )


def _value(where: str, value: object) -> Value:
    """A number, flag or text, or a table of one of them by its kind."""
    inner = next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
    if not isinstance(inner, (bool, int, float, str)):
        rule = "must be a number, true or false, a text, or a table such as {APR = 0.031}"
        checks.refuse(where, rule, value)
    return value  # type: ignore[return-value]  # a table of one of them, too


def _check_fraction(where: str, value: object, said: str, *, is_end: bool) -> None:
    """Refuse a number that the document gives in per cent, written down as it stands there, or not the one figure."""
    number = next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return
    figures = [float(each) for each in _PERCENT.findall(said)]
    if number != 0 and number in figures:
        hint = f'the document says "{said}"; write {number / 100.0:.6g}'
        checks.refuse(where, "must be a fraction, not per cent", number, hint)
    is_share = isinstance(value, dict) or abs(number) <= 1.0  # others are days or coins
    is_told = len(figures) == 1 and is_share and not is_end and _COMPUTED not in said
    only = figures[0] / 100.0 if is_told else number
    if abs(number - only) > _SAME:
        hint = f'write {only:.6g}, or end what is said with "(computed)"'
        checks.refuse(where, f'must be the figure as it stands there, "{said}"', number, hint)


def _span(where: str, found: Mapping[str, Any]) -> tuple[tuple[float, ...], Taken | Literal[""]]:
    """Range of a term and which of it the value is; both or neither is given."""
    if "range" not in found and "taken" not in found:
        return (), ""
    for one, other in (("range", "taken"), ("taken", "range")):
        if one not in found:
            raise InputError(f'{where}: {one} must be given with {other}; write range = [1, 5] and taken = "most"')
    taken: Taken = checks.choice(f"{where}: taken", found["taken"], TAKEN)
    ends = found["range"]
    if not isinstance(ends, list) or len(ends) != 2:
        checks.refuse(f"{where}: range", "must be its least and its most", ends, "write range = [1, 5]")
    low, high = (checks.real(f"{where}: range", end) for end in ends)
    if not low < high:
        checks.refuse(f"{where}: range", "must have its least first", ends)
    value = found["value"]
    number = checks.real(f"{where}: value", rate_of(where, value).value if isinstance(value, dict) else value)
    meant = {"least": low, "middle": (low + high) / 2.0, "most": high}[taken]
    if abs(number - meant) > _SAME * max(1.0, abs(meant)):
        checks.refuse(f"{where}: value", f"must be {meant:g}, the {taken} of its range", number)
    return (low, high), taken


def only_keys(where: str, table: object, known: tuple[str, ...]) -> dict[str, Any]:
    """A table of a file that has none but known keys.

    Raises
    ------
    InputError
        For anything but a table, and an unknown key, with the nearest.
    """
    if not isinstance(table, dict):
        checks.refuse(where, "must be a table", table, f"write {known[0]} = ... under it")
    for key in table:
        if key not in known:
            hint = checks.nearest_hint(key, known) or "its keys are " + ", ".join(known)
            raise InputError(checks.sentence(f"{where}: {checks.show(key)} is no key of it", hint))
    return dict(table)
