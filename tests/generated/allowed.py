"""Answers that stay raw, each with its reason."""

import re

from tests.generated.trial import Answer

_HOT = "called thousands of times in a run, by the code of a product or scenario, whose line the raw error names"
_AUTHOR = "what an author writes beside the value that is checked; a raw error names the line"
_KEY = "asked as a dictionary is, of which a key can be hashed"

ALLOWED: tuple[tuple[str, str, str], ...] = (
    (r"ledger\.(Account|Book|Queue)(\.\w+)?\(.*", "", _HOT),
    (r"market\.(Chunk|Now)(\.\w+)?\(.*", "", _HOT),
    (r"products\.((\w*Position|Watch|Exposure)\.\w+|Exposure)\(.*", "", _HOT),
    (r"products\.Tiers\.accrued\(.*", "", _HOT),
    (r"scenarios\.(Noise|Streams)\.\w+\(.*", "", _HOT),
    (r"scenarios\.RowFiller\.rows\(.*", "", "called by a market that is read, with the rows that it has read"),
    (
        r"(engine|plotting)\.\w+\.(merge|summarize|result)\(.*",
        "",
        "a run gives it what it has made itself",
    ),
    (r"checks\.\w+\(.*", "", _AUTHOR),
    (r"terms\.\w+\(.*", "", _AUTHOR),
    (r".*\.__contains__\(\w+\)", "TypeError: unhashable", _KEY),
    (
        r"analysis\.backtest\((model|products)\)",
        "Rational instance",
        "a function of the caller's that fails",
    ),
    (r".*\.__getitem__\(index\)", "(Index|Type)Error: ", "a sequence answers a wrong index as a tuple does"),
    (r"words\.say\(key\)", "KeyError: ", "asked as a dictionary is; its docstring says so"),
    (r"cli\.main\(argv\)", "", "the words of a shell, which are texts; it ends the process as a command does"),
)
"""Patterns of the callable with its argument and of the answer, and the reason."""


def reason(answer: Answer) -> str | None:
    """Why an answer may be as it is; None if nothing says so."""
    for place, text, why in ALLOWED:
        if re.fullmatch(place, answer.place.partition(".")[2]) and re.search(text, answer.text):
            return why
    return None


def unused(answers: list[Answer]) -> list[str]:
    """Patterns of the list that match no raw error any more."""
    raw = [each for each in answers if each.verdict in {"raw", "hang", "memory"}]
    return [
        place
        for place, text, _ in ALLOWED
        if not any(re.fullmatch(place, each.place.partition(".")[2]) and re.search(text, each.text) for each in raw)
    ]
