"""The pages in a browser: no error or request, nothing cut or beyond the edge, words that stand out, two pages."""

import re

import pytest

pytestmark = pytest.mark.once

WIDTHS = (360, 800, 1280)
A4 = 695
"""Width of what is printed on A4, in pixels of 1/96 inch."""
WIDER = f"[...document.querySelectorAll('table')].filter(t => t.getBoundingClientRect().right > {A4 + 1}).length"
BEYOND = """
[...document.querySelectorAll('body *')].filter(each =>
  each.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !each.closest('.table'))
  .map(each => each.tagName + ' ' + each.textContent.slice(0, 40))
"""
CUT = """
[...document.querySelectorAll('svg text')].filter(each => {
  const box = each.getBoundingClientRect(), edge = each.closest('svg').getBoundingClientRect();
  return box.width && (box.left < edge.left - 2 || box.right > edge.right + 2 || box.top < edge.top - 2
    || box.bottom > edge.bottom + 2);
}).map(each => each.textContent)
"""
CONTRAST = """
(() => {
  const light = color => {
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map(each => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const back = light(getComputedStyle(document.documentElement).backgroundColor);
  const ratio = color => {
    const front = light(color);
    return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  };
  const words = [...document.querySelectorAll('p, th, td, li, a, h1, h2, h3, caption, pre')];
  const drawn = [...document.querySelectorAll('svg text')].filter(each => each.getBoundingClientRect().width);
  return Math.min(...words.map(each => ratio(getComputedStyle(each).color)),
    ...drawn.map(each => ratio(getComputedStyle(each).fill)));
})()
"""
"""Least contrast of words to the page, by the formula of WCAG 2.2."""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("form", ["full", "committee"])
def test_a_page_in_a_browser(browser, pages, form, language, scheme):
    for width in WIDTHS:
        browser.open(pages[form, language], width=width, scheme=scheme)
        assert browser.complaints() == []
        assert browser.ask("document.documentElement.scrollWidth") <= width
        assert browser.ask(BEYOND) == []
        assert browser.ask(CUT) == []
        assert browser.ask(CONTRAST) >= 7.0
        assert len(browser.ask("[...document.querySelectorAll('svg:not([aria-label])')].map(String)")) == 0


def test_dark_is_dark(browser, pages):
    browser.open(pages["full", "en"], width=800, scheme="dark")
    assert browser.ask("getComputedStyle(document.documentElement).backgroundColor") == "rgb(28, 30, 36)"
    assert browser.ask("getComputedStyle(document.querySelector('svg path')).fill") == "rgb(28, 30, 36)"


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("form", ["full", "committee"])
def test_nothing_is_cut_in_print(browser, pages, form, language):
    browser.open(pages[form, language], width=A4, scheme="dark")
    browser.do("Emulation.setEmulatedMedia", media="print")
    assert browser.ask("document.documentElement.scrollWidth") <= A4
    assert browser.ask(WIDER) == 0
    assert browser.ask(CUT) == []
    assert browser.ask("getComputedStyle(document.body).color") == "rgb(34, 34, 34)"
    if form == "full":
        shown = "[...document.querySelectorAll('svg')].filter(each => each.getBoundingClientRect().width).length"
        assert browser.ask(shown) == 5


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_committee_form_is_two_pages(browser, pages, language):
    browser.open(pages["committee", language], width=800, scheme="dark")
    assert len(re.findall(rb"/Type\s*/Page\b", browser.pdf())) <= 2


def test_what_is_beyond_the_edge_would_be_found(browser, tmp_path):
    file = tmp_path / "bad.html"
    file.write_text("<!DOCTYPE html><p style='width: 2000px'>wide</p><img src='http://localhost:9/x.png'>", "utf-8")
    browser.open(file, width=800)
    assert browser.ask(BEYOND) == ["P wide"]
    assert browser.complaints() != []
