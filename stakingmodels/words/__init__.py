"""Words for people, in English and Traditional Chinese: lines, columns, notes, axes, products and their terms.

Errors and warnings are in English only, where they are raised.
"""

from stakingmodels.numerics import entrances
from stakingmodels.words.language import (
    LANGUAGES,
    Language,
    Note,
    all_words,
    class_name,
    in_language,
    label,
    label_note,
    say,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "Note",
    "all_words",
    "class_name",
    "in_language",
    "label",
    "label_note",
    "say",
]

entrances(__name__)
