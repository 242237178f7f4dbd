"""Tables of the page on validation, in both languages, and the page that holds them."""

from collections.abc import Mapping
from pathlib import Path

from tests.golden.test_golden import SLOW
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
WHEN: Mapping[str, str] = {
    "en": (
        "The first command installs; the second runs everything below but the backtest, each vector and each check, "
        "and takes some minutes. Every run of the fast tests (`pytest`) measures every figure anew too, but for "
        "{counted} that it counts here and runs in the tests named beside them: of the vectors all but {n}, which take "
        "thousands of epochs each ({slow}) and are run by `pytest -m slow`; of the checks and the planted faults all."
    ),
    "zh-TW": (
        "第一個指令是安裝；第二個指令會實際執行下面除了回測以外的一切，每個向量、每項檢查，需要幾分鐘。"
        "快速測試（`pytest`）每次也會重新量測每個數字，只有 {counted} 個在這裡只計數，由旁邊所列的測試執行："
        "向量除了 {n} 個之外全部執行，這幾個各要跑數千個 epoch（{slow}），由 `pytest -m slow` 執行；"
        "檢查與植入的錯誤則全部執行。"
    ),
}
"""Which evidence is run when."""
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
    text = _put(text, "when", when(language))
    for name in PARTS:
        text = _put(text, name, table(name, language, measured))
    return text


def _put(text: str, name: str, made: str) -> str:
    begin, end = f"<!-- validation:{name} -->\n", "<!-- end -->"
    before, mark, after = text.partition(begin)
    assert mark, f"the page has no place for {name}"
    return before + begin + made + "\n" + end + after.partition(end)[2]


def when(language: str) -> str:
    """Sentences that say which evidence is run when."""
    slow = [f"`{each}`" for each in sorted(SLOW)]
    return WHEN[language].format(
        n=len(slow),
        slow=("、" if language == "zh-TW" else ", ").join(slow),
        counted=sum(each.counted is not None for each in everything().values()),
    )
