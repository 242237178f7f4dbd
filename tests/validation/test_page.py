"""The page on validation says what is measured, and each printed quantity points to things that exist."""

import re

import pytest

from tests.golden import runner
from tests.golden.test_golden import SLOW
from tests.testing.catalogue import Planted
from tests.validation import kit, page
from tests.validation.evidence import ROOT, Evidence, errors_apart, within
from tests.validation.page import PAGES, everything, figures, written


@pytest.fixture(scope="module")
def measured():
    return figures(anew=False)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_says_what_is_measured(language, measured):
    text = PAGES[language].read_text(encoding="utf-8")
    assert text == written(text, language, measured), "python -m tests.validation --write"


@pytest.mark.parametrize("language", PAGES)
def test_a_wrong_figure_is_noticed(language, measured):
    text = PAGES[language].read_text(encoding="utf-8").replace("27 / 29", "29 / 29")
    assert text != written(text, language, measured)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_says_which_vectors_the_fast_tests_leave_out(language, measured):
    """Four take thousands of epochs: what is only counted in a fast run is not said to be run in it."""
    known = {vector.get("id") for path in runner.files() for vector in runner.vectors(path)}
    assert set(SLOW) <= known
    text = PAGES[language].read_text(encoding="utf-8")
    assert [each for each in SLOW if f"`{each}`" not in text] == []
    assert "`pytest -m slow`" in text
    wrong = text.replace(f"`{min(SLOW)}`", "`all_of_them`")
    assert wrong != written(wrong, language, measured)


def test_what_is_only_counted_here_is_run_by_the_command(monkeypatch):
    """A check that fails makes the command fail: no figure that it prints is a mere count."""
    by_key = everything()
    assert {key.partition(":")[0] for key, each in by_key.items() if each.counted} == {"vectors", "checks", "faults"}

    def fails(*_args, **_given):
        raise AssertionError("run")

    monkeypatch.setattr(kit, "check_product", fails)
    monkeypatch.setattr(Planted, "caught", fails)
    monkeypatch.setattr(runner, "run", fails)
    for key in ("checks", "faults"):
        with pytest.raises(AssertionError, match="run"):
            by_key[key].measure()
    with pytest.raises(AssertionError, match="run"):
        everything()["vectors:near"].measure()


@pytest.mark.parametrize("each", everything().values(), ids=everything())
def test_evidence_names_a_file_of_tests(each: Evidence):
    assert (ROOT / each.test).is_file()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", each.date)
    assert re.fullmatch(r"[0-9a-f]{7}", each.commit)


@pytest.mark.parametrize("language", PAGES)
def test_printed_quantities_point_to_what_exists(language):
    text = PAGES[language].read_text(encoding="utf-8")
    known = everything()
    places = re.findall(r"\]\(#([^)]+)\)", text)
    assert len(places) >= 10
    assert {place for place in places if place not in known} <= _anchors(text)
    anchors = _anchors((PAGES[language].parent / "method.md").read_text(encoding="utf-8"))
    assert [each for each in re.findall(r"\(method\.md#([\w-]+)\)", text) if each not in anchors] == []
    assert [path for path in re.findall(r"`(tests/[\w/]+\.py)`", text) if not (ROOT / path).is_file()] == []


def _anchors(text: str) -> set[str]:
    return set(re.findall(r"\{ ?#([\w-]+) ?\}", text))


def test_a_gap_beyond_its_bound_is_no_evidence():
    assert within([1.0, 2.0], [1.0, 2.0], 1e-9) == "≤ 1e-09"
    with pytest.raises(AssertionError, match="more than"):
        within([1.0, 2.0], [1.0, 2.1], 1e-9)


def test_a_figure_many_errors_away_is_no_evidence():
    with pytest.raises(AssertionError, match="standard errors apart"):
        errors_apart(1.0, 2.0, 0.1)


def test_a_page_without_a_place_for_a_table_is_refused(measured):
    with pytest.raises(AssertionError, match="no place"):
        page.written("nothing", "en", measured)
