"""`say`: a text by its key, in a language; `Note`: a sentence that can be translated later."""

import re
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

from stakingmodels.words import (
    answer,
    assumptions,
    catalogue,
    command,
    comparisons,
    currency,
    files,
    lines,
    notes,
    offer_command,
    offers,
    pictures,
    products,
    ratecard,
    report,
    scenarios,
    short_table,
    solving,
    tables,
    views,
)

Language = Literal["en", "zh-TW"]
"""English, or Traditional Chinese as it is used in Taiwan."""

LANGUAGES: tuple[Language, ...] = get_args(Language)

_WORDS: Mapping[str, tuple[str, str]] = {
    **lines.WORDS,
    **tables.WORDS,
    **answer.WORDS,
    **comparisons.WORDS,
    **short_table.WORDS,
    **notes.WORDS,
    **products.WORDS,
    **scenarios.WORDS,
    **views.WORDS,
    **command.WORDS,
    **assumptions.WORDS,
    **catalogue.WORDS,
    **currency.WORDS,
    **files.WORDS,
    **offers.WORDS,
    **offer_command.WORDS,
    **pictures.WORDS,
    **ratecard.WORDS,
    **report.WORDS,
    **solving.WORDS,
}
_COUNTED = re.compile(r"\{(\w+)(?::[^{}+]*)?\} (?:path|day)s\b")
"""A number and what it counts: of one, without its last letter."""
_MARKS = {"": (", ", "、"), ",": (", ", "，"), ";": ("; ", "；"), "&": (" and ", "、")}
"""Separators of the parts of a tuple, by its format."""


def say(key: str, language: Language = "en", /, **values: Any) -> str:
    """A text in a language.

    Parameters
    ----------
    key
        Key of the text, such as ``"line.commission"``.
    language
        ``"en"`` (default) or ``"zh-TW"``.
    values
        Values put into it. A `Note` is given in the same language; a tuple is listed with that language's commas.

    Raises
    ------
    KeyError
        Where there is no such text.

    Examples
    --------
    >>> say("line.commission"), say("line.commission", "zh-TW")
    ('commission', '佣金')
    """
    template = _WORDS[key][LANGUAGES.index(language)]
    if language == "en":
        template = _COUNTED.sub(lambda found: found[0][:-1] if values.get(found[1]) == 1 else found[0], template)
    return template.format(**{name: _said(value, language) for name, value in values.items()}) if values else template


def _said(value: Any, language: Language) -> Any:
    if isinstance(value, tuple):
        return _Several(value, language)
    return value.say(language) if isinstance(value, Note) else value


class _Several:
    """Several texts, separated by the format: by commas; as clauses for ``,``, by semicolons or by "and"."""

    def __init__(self, parts: tuple[Any, ...], language: Language) -> None:
        self._parts = [str(_said(part, language)) for part in parts]
        self._language = LANGUAGES.index(language)

    def __format__(self, spec: str) -> str:
        return _MARKS[spec][self._language].join(self._parts)


class Note(str):
    """A sentence in English with its translations.

    It is an ordinary `str`; so a user's own sentences are shown beside it unchanged.

    Parameters
    ----------
    key, values
        As `say` takes them.

    Examples
    --------
    >>> note = Note("note.correlation", one="a", other="b", rho=0.5)
    >>> note, note.say("zh-TW")
    ('correlation a, b: 0.5000', 'a 與 b 的相關係數：0.5000')
    """

    __slots__ = ("_key", "_values")

    _key: str
    _values: Mapping[str, Any]

    def __new__(cls, key: str, /, **values: Any) -> Self:
        """Say it in English."""
        note = super().__new__(cls, say(key, **values))
        note._key = key  # the note's own
        note._values = values
        return note

    def __reduce__(self) -> tuple[Any, ...]:
        return _note, (self._key, self._values)

    @property
    def key(self) -> str:
        """Key of the text."""
        return self._key

    @property
    def values(self) -> Mapping[str, Any]:
        """Values put into the text, by name."""
        return self._values

    def say(self, language: Language) -> str:
        """The sentence in a language."""
        return say(self._key, language, **self._values)


def _note(key: str, values: Mapping[str, Any]) -> Note:
    return Note(key, **values)


def in_language(text: str, language: Language) -> str:
    """A text in a language, if it is a `Note`; any other as it is."""
    return text.say(language) if isinstance(text, Note) else text


def label(name: str, language: Language = "en") -> str:
    """Label of a class of products or scenarios, or of one of their terms; its own name if it has no words.

    Examples
    --------
    >>> label("StakingPool.commission"), label("StakingPool.commission", "zh-TW")
    ('commission', '佣金率')
    """
    return say(name, language) if name in _WORDS else name.rpartition(".")[2]


def label_note(name: str) -> str:
    """Note with the text of `label`, in the language in which it is shown."""
    return Note(name) if name in _WORDS else label(name)


def class_name(name: str) -> str:
    """Name of a class, followed in other languages by its label, if there are words for it."""
    return Note("class", name=name, label=Note(name)) if name in _WORDS else name


def all_words() -> Mapping[str, tuple[str, str]]:
    """Every key with its text in English and in Traditional Chinese."""
    return dict(_WORDS)
