"""The choice of a language stays on a page that has a twin, and leads to the home page from one that has none."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.twins import DOCS

HOOK = runpy.run_path(str(DOCS / "_extensions" / "languages.py"))
JOINED = runpy.run_path(str(DOCS / "_extensions" / "chinese.py"))["on_page_markdown"]


@pytest.mark.parametrize(
    ("site", "source", "url", "english", "chinese"),
    [
        ("", "index.md", "./", "./", "zh-TW/"),
        ("", "how-to/index.md", "how-to/", "./", "../zh-TW/how-to/"),
        ("", "how-to/notebook.md", "how-to/notebook/", "./", "../../zh-TW/how-to/notebook/"),
        ("", "reference/market.md", "reference/market/", "./", "../../zh-TW/"),
        ("zh-TW", "index.md", "./", "../", "./"),
        ("zh-TW", "tutorial.md", "tutorial/", "../../tutorial/", "./"),
        ("zh-TW", "how-to/notebook.md", "how-to/notebook/", "../../../how-to/notebook/", "./"),
        ("zh-TW", "only-here.md", "only-here/", "../../", "../"),
    ],
)
def test_links_lead_to_the_twin_or_home(site, source, url, english, chinese):
    page = SimpleNamespace(file=SimpleNamespace(src_uri=source), url=url)
    head = (
        '<link rel="alternate" href="{}" hreflang="en"><a href="{}" hreflang="zh-TW" class="c">x</a><a href="y">z</a>'
    )
    html = HOOK["on_post_page"](head.format("../..", "zh-TW/"), page=page, config={"docs_dir": str(DOCS / site)})
    assert html == head.format(english, chinese)


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.zh-TW.yml"])
def test_both_sites_have_the_hook(name):
    settings = (DOCS.parent / name).read_text(encoding="utf-8")
    assert "INHERIT: mkdocs.yml" in settings or "docs/_extensions/languages.py" in settings
    assert ("hooks" in settings) is (name == "mkdocs.yml")  # what is inherited is not overruled


def test_the_sites_have_the_same_styles():
    english, chinese = DOCS / "stylesheets" / "wide.css", DOCS / "zh-TW" / "stylesheets" / "wide.css"
    assert Path(english).read_bytes() == Path(chinese).read_bytes()


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("一句。\n二句。\n\n三句", "一句。二句。\n\n三句"),
        ("列出：\n- 甲。\n- 乙。\n", "列出：\n- 甲。\n- 乙。\n"),
        ("一句。\n```text\n甲。\n乙。\n```\n", "一句。\n```text\n甲。\n乙。\n```\n"),
        ("# 標題：\n\n| 甲。 |\n|---|\n", "# 標題：\n\n| 甲。 |\n|---|\n"),
        ("一句。\n`code` 二句", "一句。`code` 二句"),
        ("One.\nTwo.", "One.\nTwo."),
    ],
)
def test_lines_of_a_chinese_paragraph_are_joined(page, shown):
    assert JOINED(page) == shown
