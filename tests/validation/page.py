"""Tables of the page on validation, in both languages, and the page that holds them."""

from collections.abc import Mapping
from pathlib import Path

from tests.validation import kit, protocols, published, records, simulators
from tests.validation.evidence import ROOT, Evidence

PAGES: Mapping[str, Path] = {
    "en": ROOT / "docs" / "explanation" / "validation.md",
    "zh-TW": ROOT / "docs" / "zh-TW" / "explanation" / "validation.md",
}
HEADS: Mapping[str, tuple[str, ...]] = {
    "en": ("Claim", "Held against", "Figure", "Since", "Tests"),
    "zh-TW": ("主張", "對照", "數字", "起始", "測試"),
}
PARTS = {
    "protocols": protocols.evidence,
    "simulators": simulators.evidence,
    "published": published.evidence,
    "records": records.evidence,
    "kit": kit.evidence,
}
"""What is measured, by the name of its table on the page."""


def everything() -> dict[str, Evidence]:
    """All evidence by its key."""
    found = [each for part in PARTS.values() for each in part()]
    by_key = {each.key: each for each in found}
    assert len(by_key) == len(found), "two pieces of evidence have one key"
    return by_key


def figures(*, anew: bool = True) -> dict[str, str]:
    """Every figure, measured anew; or only counted, where other tests of the same run check it."""
    return {
        key: each.measure() if anew or each.counted is None else each.counted() for key, each in everything().items()
    }


def table(name: str, language: str, measured: Mapping[str, str]) -> str:
    """One table in Markdown."""
    rows = [HEADS[language], ("---",) * len(HEADS[language])]
    for each in PARTS[name]():
        claim = each.claim[language != "en"]
        since = f"{each.date} ({each.commit})"
        rows.append(
            (f'<span id="{each.key}"></span>{claim}', each.against, measured[each.key], since, f"`{each.test}`")
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def written(text: str, language: str, measured: Mapping[str, str]) -> str:
    """A page with its tables as measured."""
    for name in PARTS:
        begin, end = f"<!-- validation:{name} -->\n", "<!-- end -->"
        before, mark, after = text.partition(begin)
        assert mark, f"the page has no place for {name}"
        text = before + begin + table(name, language, measured) + "\n" + end + after.partition(end)[2]
    return text
