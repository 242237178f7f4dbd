"""`dumps` and `loads`: things as JSON text with a schema number; `save` and `load`: the same in files."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._version import VERSION
from stakingmodels.errors import InputError
from stakingmodels.products import Product
from stakingmodels.serialize.archive import BYTES_LIMIT, Archive, MemberWriter, write_archive
from stakingmodels.serialize.arrays import InlineArrays
from stakingmodels.serialize.disk import check_target, opened, path_of, read_text, shown, write_whole
from stakingmodels.serialize.jsontext import TEXT_LIMIT, parsed, written
from stakingmodels.serialize.kinds import RESERVED, Kinds, kinds_of
from stakingmodels.serialize.reading import Reader
from stakingmodels.serialize.runs import READERS, WRITERS
from stakingmodels.serialize.toml import to_toml
from stakingmodels.serialize.writing import ITEMS_LIMIT, Writer
from stakingmodels.termsheets import read_products

SCHEMA = 1
"""Number of the form of files; it grows when an older version could not read a new file."""
NAMED = "Named"
_BYTES_LIMIT = 4 * TEXT_LIMIT
_BEGINNING = 1_000  # bytes in which the first word of a file must be
_ARCHIVE = ".npz"
_TOML = ".toml"
_ENDINGS = (".json", _ARCHIVE, _TOML)
_HOW = "dumps and save write such files"


def dumps(thing: Any, *, classes: Iterable[type[Any]] = ()) -> str:
    """JSON text of a product, scenario, grid, rate, factor or assumption set, or of several by name.

    All terms are written, those with default values too, so that the text says the same after a default has changed.
    The same thing gives the same text. A quote, and results and comparisons of few paths, can be written too.

    Parameters
    ----------
    thing
        Anything that is made of terms; or a dictionary of such things by name.
    classes
        Classes of your own that may occur in it, made by `terms.sheet`.

    Raises
    ------
    InputError, InputTypeError
        For anything of an unknown class, numbers that are not finite, and a text of more than 10,000,000 characters.

    Examples
    --------
    >>> from stakingmodels import APR, ExchangeStaking, serialize
    >>> text = serialize.dumps(ExchangeStaking("ETH", posted_rate=APR(0.03)))
    >>> serialize.loads(text).posted_rate
    APR(0.03)
    """
    return _text("dumps", thing, kinds_of("dumps", classes))


def loads(text: str, *, classes: Iterable[type[Any]] = ()) -> Any:
    """Thing of a text that `dumps` wrote, equal to the one written. Nothing in the text is evaluated.

    Parameters
    ----------
    text
        At most 10,000,000 characters of JSON.
    classes
        Classes of your own that may occur in it; others than these and the library's are not made.

    Raises
    ------
    InputError
        For a text that is no JSON of this library, is of a newer schema, is too long or nested too deeply, has a key
        twice, an unknown kind or field (with the nearest), or a value that the class refuses; in one sentence with its
        place.
    InputTypeError
        For a value of a type that a term does not take.
    """
    plain = parsed("loads", text)
    return unwrapped("loads", plain, Reader(kinds_of("loads", classes), InlineArrays(len(text)), READERS))


def save(thing: Any, path: str | os.PathLike[str], *, force: bool = False, classes: Iterable[type[Any]] = ()) -> None:
    """Write a thing to a file, whole or not at all.

    Parameters
    ----------
    thing, classes
        As in `dumps`; results and comparisons of any number of paths too.
    path
        A name that ends in ``.json``, for text; in ``.toml``, for products by name, as `to_toml` writes them; or in
        ``.npz``, for results with their arrays, exact to the bit and sealed by a SHA-256 over the file. numpy reads the
        arrays of such a file without this library.
    force
        Whether a file of that name is replaced; default False.

    Raises
    ------
    InputError, InputTypeError
        As in `dumps`; for another ending, a file that is there, without `force`, and one that cannot be written.
    """
    file, replaces = target_of(path, force=force), bool(force)
    ending, where, kinds = file.suffix.lower(), shown(file), kinds_of("save", classes)
    if ending == _ARCHIVE:
        members = MemberWriter()
        plain = enveloped(Writer(where, kinds, members, WRITERS), thing)
        header = written(where, {**plain, "numpy": np.__version__})
        write_whole(where, file, lambda stream: write_archive(stream, header, members.members), force=replaces)
    else:
        text = _toml(where, thing) if ending == _TOML else _text(where, thing, kinds)
        write_whole(where, file, lambda stream: stream.write(text.encode("utf-8")), force=replaces)


def target_of(path: object, *, force: bool, endings: tuple[str, ...] = _ENDINGS) -> Path:
    """File to be written, or a refusal before anything is computed for it.

    Parameters
    ----------
    path, force
        As in `save`.
    endings
        Endings that it may have.

    Raises
    ------
    InputError, InputTypeError
        For another ending, a folder that is not there or not to be written in, and a file that is, without `force`.
    """
    file, replaces = path_of("save", path), checks.flag("save: force", force)
    if file.suffix.lower() not in endings:
        rule = f"must end in {' or '.join(filter(None, (', '.join(endings[:-1]), endings[-1])))}"
        checks.refuse("save: path", rule, file.name or str(file), f"write {file.stem or 'pool'}{endings[0]}")
    check_target(shown(file), file, force=replaces)
    return file


def load(path: str | os.PathLike[str], *, classes: Iterable[type[Any]] = ()) -> Any:
    """Thing of a file that `save` wrote, equal to the one written. Nothing in the file is evaluated.

    Parameters
    ----------
    path
        The file: JSON, an archive, or products in TOML by the ending ``.toml``.
    classes
        As in `loads`.

    Raises
    ------
    InputError, InputTypeError
        As in `loads`; for a file that cannot be read, and an archive that was changed, damaged or cut off.
    """
    return read_file("load", path, classes)[0]


def read_file(verb: str, path: object, classes: Iterable[type[Any]] = ()) -> tuple[Any, Mapping[str, Any]]:
    """Thing of a file, and the plain table that it was made of.

    Parameters
    ----------
    verb
        Beginning of messages about arguments.
    path, classes
        As in `load`.
    """
    file = path_of(verb, path)
    where, kinds = shown(file), kinds_of(verb, classes)
    if file.suffix.lower() == _TOML:
        return read_products(file), {}
    with opened(where, file, BYTES_LIMIT) as stream:
        if stream.read(2) == b"PK":
            archive = Archive(where, stream)
            plain = parsed(where, archive.header)
            thing = unwrapped(where, plain, Reader(kinds, archive, READERS))
            archive.refuse_unread()
            return thing, plain
    if file.suffix.lower() == _ARCHIVE:
        raise InputError(f"{where}: must be a whole archive of stakingmodels; it is another file, or cut off")
    with opened(where, file, _BYTES_LIMIT) as stream:
        if not stream.read(_BEGINNING).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            raise InputError(f"{where}: must be a file that stakingmodels saved; it is another file")
    text = read_text(where, file, _BYTES_LIMIT)
    plain = parsed(where, text)
    return unwrapped(where, plain, Reader(kinds, InlineArrays(len(text)), READERS)), plain


def _toml(where: str, thing: Any) -> str:
    if not isinstance(thing, Mapping) or not all(isinstance(each, Product) for each in thing.values()):
        checks.refuse_type(where, "must be products by name to be TOML", thing, 'save(..., "x.json") holds any thing')
    return to_toml(thing)


def _text(where: str, thing: Any, kinds: Kinds) -> str:
    return written(where, enveloped(Writer(where, kinds, InlineArrays(), WRITERS), thing))


def enveloped(writer: Writer, thing: Any) -> dict[str, Any]:
    """Plain table of a thing, with the version and the schema number in front."""
    head = {"stakingmodels": VERSION, "schema": SCHEMA}
    if not isinstance(thing, Mapping) or type(thing) in WRITERS:  # results are a mapping too
        return {**head, **writer.thing(type(thing).__name__, thing)}
    if len(thing) > ITEMS_LIMIT:
        checks.refuse("dumps: thing", f"must hold at most {ITEMS_LIMIT:,} things", f"{len(thing):,}")
    items = {checks.text("dumps: name", name): writer.thing(name, each, 1) for name, each in thing.items()}
    return {**head, "kind": NAMED, "items": items}


def unwrapped(where: str, plain: Any, reader: Reader) -> Any:
    """Thing of a plain table with version and schema number."""
    if not isinstance(plain, dict) or "schema" not in plain or "kind" not in plain:
        rule = 'must be an object with "stakingmodels", "schema" and "kind"'
        checks.refuse(where, rule, type(plain).__name__ if not isinstance(plain, dict) else sorted(plain)[:5], _HOW)
    schema, version = plain["schema"], plain.get("stakingmodels")
    checks.text(f"{where}: stakingmodels", version)
    if checks.integer(f"{where}: schema", schema, 1, 10**9) > SCHEMA:
        rule = f"must be at most {SCHEMA}, which is all that stakingmodels {VERSION} can read"
        checks.refuse(f"{where}: schema", rule, schema, f"install stakingmodels {version} or newer")
    table = {key: each for key, each in plain.items() if key not in RESERVED or key == "kind"}
    if table["kind"] != NAMED:
        return reader.thing(where, table)
    items = table.get("items")
    if not isinstance(items, dict) or len(table) != 2 or len(items) > ITEMS_LIMIT:
        raise InputError(f'{where}: Named must have "items" alone, an object of at most {ITEMS_LIMIT:,} things')
    return {checks.text(f"{where}: name", name): _one(where, name, each, reader) for name, each in items.items()}


def _one(where: str, name: str, plain: Any, reader: Reader) -> Any:
    here = f"{where}: {checks.show(name)[1:-1]}"
    if not isinstance(plain, dict):
        checks.refuse_type(here, "must be an object with its kind", plain)
    return reader.thing(here, plain)
