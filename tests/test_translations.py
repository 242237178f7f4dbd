"""English pages and their Chinese twins keep in step: the same headings, and the same code up to the texts in it."""

import re

import pytest

from tests.twins import BLOCK, DOCS, bare, code

CHINESE = DOCS / "zh-TW"

# Pages that have no twin, by the beginning of their path, each with its reason.
ENGLISH_ONLY = {
    "explanation/decisions/": "for those who change the library",
    "reference/": "made of docstrings, which are English; the command line's page has a twin all the same",
}
# Pages whose Chinese twin shows more, each with its reason.
MORE_IN_CHINESE = {"explanation/assumptions.md": "the numbers that English readers find in the reference"}
# Pages whose Chinese twin is a summary as yet, each with its reason.
LESS_IN_CHINESE: dict[str, str] = {}

PAGES = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md") if CHINESE not in path.parents)
TWINS = [page for page in PAGES if (CHINESE / page).exists()]


@pytest.mark.parametrize("page", [page for page in TWINS if page not in LESS_IN_CHINESE])
def test_twins_have_the_same_headings(page):
    english, chinese = both(page)
    assert headings(english) == headings(chinese)


@pytest.mark.parametrize("page", [page for page in TWINS if page not in MORE_IN_CHINESE | LESS_IN_CHINESE])
def test_twins_have_the_same_code(page):
    english, chinese = both(page)
    assert code(english) == code(chinese)


@pytest.mark.parametrize("page", MORE_IN_CHINESE)
def test_a_twin_that_shows_more_leaves_nothing_out(page):
    english, chinese = both(page)
    assert set(code(english)) < set(code(chinese))


def test_every_page_has_a_twin_or_a_reason():
    left = [page for page in PAGES if page not in TWINS and not page.startswith(tuple(ENGLISH_ONLY))]
    assert left == [], "no twin in docs/zh-TW/: translate it, or say in ENGLISH_ONLY why not"


def test_every_how_to_has_a_twin():
    assert [page for page in PAGES if page.startswith("how-to/") and page not in TWINS] == []


def test_reasons_are_few_and_needed():
    assert len(ENGLISH_ONLY | MORE_IN_CHINESE | LESS_IN_CHINESE) <= 4
    assert [page for page in MORE_IN_CHINESE | LESS_IN_CHINESE if code(both(page)[0]) == code(both(page)[1])] == []
    for beginning in ENGLISH_ONLY:
        assert any(page.startswith(beginning) and page not in TWINS for page in PAGES), beginning


def test_no_chinese_page_is_left_behind():
    assert {str(path.relative_to(CHINESE)) for path in CHINESE.rglob("*.md")} <= set(PAGES)


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        ("python", 'print(f"{x:.2%} lost")', "print(f'損失 {x:.1%}')  # 損失"),
        ("python", "print(table)", 'print(table.to_text(language="zh-TW"))'),
        ("bash", "stakingmodels compare --paths 9", "stakingmodels compare --paths 9 --lang zh-TW"),
    ],
)
def test_texts_and_languages_may_differ(kind, english, chinese):
    assert bare(kind, english) == bare(kind, chinese)


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        ("python", "x = 1", "x = 2"),
        ("python", "print(x)", "print(y)"),
        ("python", 'print(f"{x}")', 'print(f"{y}")'),
        ("python", "f(x, level=0.95)", "f(x)"),
        ("bash", "stakingmodels compare --paths 9", "stakingmodels compare --paths 8 --lang zh-TW"),
    ],
)
def test_other_differences_are_found(kind, english, chinese):
    assert bare(kind, english) != bare(kind, chinese)


def test_a_heading_left_out_is_found():
    assert headings("# A\n\n```bash\n# no heading\n```\n\n## B\n") == [1, 2] != headings("# A\n")


def both(page: str) -> tuple[str, str]:
    """The two pages."""
    return ((DOCS / page).read_text(encoding="utf-8"), (CHINESE / page).read_text(encoding="utf-8"))


def headings(page: str) -> list[int]:
    """The depth of each heading of a page."""
    return [len(marks) for marks in re.findall(r"^(#+) ", BLOCK.sub("", page), re.MULTILINE)]
