"""The table of the pages: every expected grade beside what the check says.

``python -m tests.analysis.offers.page`` writes it into both pages.
"""

import math
import tomllib
from pathlib import Path
from typing import Any

from stakingmodels.analysis import Offer, OfferCheck, OfferYardsticks, check_offer
from stakingmodels.analysis.offers.reasons import figure, grade_note
from stakingmodels.words import Language
from tests.analysis.offers.expected import CASES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PAGES: dict[Language, Path] = {
    "en": ROOT / "docs/how-to/check-offer.md",
    "zh-TW": ROOT / "docs/zh-TW/how-to/check-offer.md",
}
CHINESE: dict[str, str] = tomllib.loads((HERE / "kinds_zh.toml").read_text(encoding="utf-8"))
HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("what was sold", "expected", "says", "by", "of the bound"),
    "zh-TW": ("所賣的內容", "預期", "結論", "上限來自", "為上限的幾倍"),
}
BEGIN, END = "<!-- offers -->\n", "<!-- /offers -->\n"


def checked(case: dict[str, Any]) -> OfferCheck:
    """The check of a case."""
    return check_offer(Offer(**case["offer"]), yardsticks=OfferYardsticks(**case.get("market", {})))


def table(language: Language) -> str:
    """The table in Markdown."""
    lines = [f"| {' | '.join(HEADS[language])} |", "|---|---|---|---|--:|"]
    for case in CASES:
        found = checked(case)
        first = found.reasons[0] if found.reasons else None
        ratio = math.nan if first is None or first.bound == "price" else first.ratio
        cells = (
            case["kind"] if language == "en" else CHINESE[case["id"]],
            grade_note(case["expected"]).say(language),
            grade_note(found.grade).say(language),
            "-" if first is None else first.label().say(language),
            figure(ratio, 3),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def parts(text: str) -> tuple[str, str, str]:
    """A page before the table, the table, and after it."""
    before, _, rest = text.partition(BEGIN)
    inside, _, after = rest.partition(END)
    return before, inside, after


def main() -> None:
    """Write the table into both pages."""
    for language, path in PAGES.items():
        before, _, after = parts(path.read_text(encoding="utf-8"))
        path.write_text(f"{before}{BEGIN}{table(language)}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
