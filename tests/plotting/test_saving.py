"""A picture as a file: the same bytes each time, its words as text, and nothing overwritten unasked."""

import os
from typing import Any

import matplotlib as mpl
import pytest

import stakingmodels
from stakingmodels.errors import InputError, InputTypeError

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def test_the_same_picture_is_the_same_text(quote):
    first, second = (plotting.svg(plotting.waterfall(quote)) for _ in range(2))
    assert first == second
    assert "dc:date" not in first


def test_words_stay_text_and_the_sentence_is_in_the_file(quote):
    ax = plotting.waterfall(quote)
    text = plotting.svg(ax)
    assert ">consensus</text>" in text
    assert plotting.alt(ax).replace("&", "&amp;") in text


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "PNG"])
def test_a_file_is_written_by_its_suffix(quote, tmp_path, suffix):
    ax, path = plotting.waterfall(quote), tmp_path / f"a.{suffix}"
    plotting.save(ax, path)
    written = path.read_bytes()
    assert written[:5] in {b"<?xml", b"\x89PNG\r", b"%PDF-"}
    plotting.save(ax, str(path), force=True)
    assert path.read_bytes() == written


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
def test_a_file_that_is_replaced_keeps_its_permissions(quote, tmp_path):
    ax, path = plotting.waterfall(quote), tmp_path / "a.svg"
    path.write_text("old", encoding="utf-8")
    for mode in (0o600, 0o644, 0o440):
        path.chmod(mode)
        plotting.save(ax, path, force=True)
        assert path.stat().st_mode & 0o777 == mode
    assert path.read_bytes()[:5] == b"<?xml"


def test_a_style_of_the_caller_changes_no_file(quote):
    ax = plotting.waterfall(quote)
    usual = plotting.svg(ax)
    style: Any = {
        "savefig.bbox": "tight",
        "savefig.transparent": True,
        "svg.fonttype": "path",
        "path.sketch": (1, 100, 2),
    }
    with mpl.rc_context(style):
        assert plotting.svg(ax) == usual


def test_a_file_that_exists_stays(quote, tmp_path):
    path = tmp_path / "a.svg"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"^a\.svg: is there already, and is left as it is \(force=True replaces it\)$"
    ):
        plotting.save(plotting.waterfall(quote), path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_name_that_no_file_can_have_is_refused(quote):
    with pytest.raises(InputTypeError, match=r'^save: path: must be a path; write "picture.svg"'):
        plotting.save(plotting.waterfall(quote), "a\0.svg")


def test_other_files_are_refused(quote, tmp_path):
    ax = plotting.waterfall(quote)
    with pytest.raises(InputError, match=r"^save: path: must end with one of \.svg, \.png, \.pdf, got '.*\.gif'"):
        plotting.save(ax, tmp_path / "a.gif")
    (tmp_path / "link.svg").symlink_to(tmp_path / "elsewhere.svg")
    with pytest.raises(InputError, match=r"^.*: is there already"):
        plotting.save(ax, tmp_path / "link.svg")
    assert not (tmp_path / "elsewhere.svg").exists()
    with pytest.raises(InputTypeError, match=r"^save: path: must be a path"):
        plotting.save(ax, 3)
    with pytest.raises(InputError, match=r"^a\.svg: cannot be written: there is no folder"):
        plotting.save(ax, tmp_path / "no" / "a.svg")
