"""The report as a file: whole, without network, in both languages, with every figure, and with words escaped."""

import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from stakingmodels import report
from stakingmodels.errors import InputError, InputTypeError, MissingExtraError
from stakingmodels.words import Note

VOID = {"meta", "link", "br", "rect", "use", "path", "input"}
NAME = '<script>alert("1")</script> & pool'


class Page(HTMLParser):
    """Elements of a page, with the checks that every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.text = text
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.said = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.said += data
        if "table" in self.open and self.open[-1] in {"td", "th"}:
            self.tables[-1][-1][-1] += data

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module", params=["en", "zh-TW"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(pages, language):
    return Page(pages["full", language].read_text(encoding="utf-8"))


@pytest.mark.once
def test_every_tag_is_closed_and_the_language_is_said(page, language):
    (html,) = page.of("html")
    assert html["lang"] == {"en": "en", "zh-TW": "zh-Hant-TW"}[language]
    assert {"h1", "main", "figure", "table", "caption", "style"} <= {tag for tag, _ in page.tags}


def test_nothing_comes_from_elsewhere(pages, language):
    for form in ("full", "committee"):
        text = pages[form, language].read_text(encoding="utf-8")
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text
        for tag, attrs in Page(text).tags:
            assert tag not in {"script", "img", "iframe", "object", "embed", "base", "form"}
            assert "src" not in attrs
            assert attrs.get("href", "#").startswith(("#", "data:"))
            assert not [name for name in attrs if name.startswith("on")]


def test_every_anchor_leads_somewhere_and_no_name_is_given_twice(page):
    names = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(names) == len(set(names))
    used = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', page.text)
    assert {one or other for one, other in used} <= set(names)


def test_the_short_table_has_every_figure(page, small, language):
    said = "\n".join(" ".join(row) for rows in page.tables for row in rows)
    shown = small.to_text(language=language)
    for figure in re.findall(r"[-+]\d+\.\d+%", shown):
        assert figure in said, figure
    for row in small.rows:
        assert row.product in said


def test_details_ranges_flips_and_terms_are_there(page, small, language):
    said = " ".join(" ".join(row) for rows in page.tables for row in rows)
    tables = [small.ranges.table(), small.verdicts.table(), small.flip_points().table()]
    for table in tables:
        for row in table.in_language(language).rows:
            assert " ".join(row) in said
    for terms in small.reruns.terms.values():
        for each in terms:
            assert each.assumption.source in said
            assert each.assumption.evidence in said
    for name in ("unbonding_days", "failures[0].severity", "protocol_fee"):
        assert name in said


def test_every_picture_has_words_and_colors_of_its_theme(page):
    svgs = page.of("svg")
    assert len(svgs) == 15  # five, for a screen, a telephone and a printer
    assert all(svg["role"] == "img" and len(svg["aria-label"]) > 60 for svg in svgs)
    for name in ("answer_ranges", "distribution", "loss_by_cause", "money_back", "waterfall"):
        assert {"id": name} in page.of("figure")
    screens = re.findall(r'<div class="(?:wide|narrow)">(.*?)</div>', page.text, re.DOTALL)
    assert len(screens) == 10
    for svg in screens:
        assert not re.findall(r"#[0-9a-f]{6}", re.sub(r">[^<]*<", "><", svg))
    assert "prefers-color-scheme: dark" in page.text
    assert "@media print" in page.text


def test_the_hash_is_that_of_the_numbers(page, small):
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return str(value) if value in (float("inf"), float("-inf")) else value

    text = json.dumps(plain(small.to_dict()), sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert report.fingerprint(small) == digest
    assert page.said.count(digest) == 1
    assert "rng=7" in page.said


def test_the_hash_is_of_anything_that_differs(small):
    assert report.fingerprint(small.rank("return_mean")) != report.fingerprint(small)


@pytest.mark.once
@pytest.mark.parametrize("form", ["full", "committee"])
@pytest.mark.few(1)
def test_names_of_users_are_escaped(tmp_path, renamed, form):
    file = tmp_path / "r.html"
    report.write(renamed, file, form=form, command='stakingmodels "<b>"')
    page = Page(file.read_text(encoding="utf-8"))
    assert "script" not in {tag for tag, _ in page.tags}
    assert NAME in page.said
    assert "<b>" in page.said
    assert not page.of("b")


def test_a_file_that_is_there_stays(tmp_path, small):
    file = tmp_path / "r.html"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"^r\.html: is there already, .*force=True"):
        report.write(small, file)
    assert file.read_text(encoding="utf-8") == "mine"
    report.write(small, file, form="committee", force=True)
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [each.name for each in tmp_path.iterdir()] == ["r.html"]


def test_nothing_is_left_of_a_file_that_could_not_be_made(tmp_path, small, monkeypatch):
    def broken(*_args, **_given):
        raise RuntimeError

    monkeypatch.setattr("stakingmodels.report.writing.committee_sections", broken)
    with pytest.raises(RuntimeError):
        report.write(small, tmp_path / "r.html", form="committee")
    assert list(tmp_path.iterdir()) == []


REFUSED = {
    "no comparison": ({"comparison": 3}, r"report\.write: comparison"),
    "another ending": ({"path": "r.txt"}, r"report\.write: path: must end with \.html, got 'r\.txt'"),
    "a folder that is not there": (
        {"path": "nowhere/r.html"},
        r"r\.html: cannot be written: there is no folder 'nowhere'",
    ),
    "no path": ({"path": 3}, r"report\.write: path"),
    "another language": ({"language": "de"}, r"report\.write: language"),
    "another form": ({"form": "short"}, r"report\.write: form"),
    "no command": ({"command": 3}, r"report\.write: command"),
    "no flag": ({"force": "yes"}, r"report\.write: force"),
}


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(tmp_path, monkeypatch, small, given, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InputError, InputTypeError), match=f"^{message}"):
        report.write(**{"comparison": small, "path": "r.html", **given})
    assert list(tmp_path.iterdir()) == []


def test_no_rows_are_refused_with_their_reasons(tmp_path, small):
    with pytest.raises(InputError, match="must have a row, got 'pool: "):
        report.write(small.rank(max_es=0.0), tmp_path / "r.html")


def test_a_missing_extra_is_told(tmp_path, small, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"needs jinja2; pip install 'stakingmodels\[report\]'"):
        report.write(small, tmp_path / "r.html")


@pytest.mark.once
def test_a_run_that_was_stopped_is_reported_without_ranges(tmp_path, stopped):
    file = tmp_path / "r.html"
    report.write(stopped, file)
    page = Page(file.read_text(encoding="utf-8"))
    assert str(Note("report.not_drawn", why=""))[:20] in page.said
    report.write(stopped, file, form="committee", force=True)
