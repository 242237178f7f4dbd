"""``stakingmodels report``: a file with the command that makes it again."""

import re
import shlex

import pytest

from stakingmodels.cli import main

FEW = ["--paths", "32", "--days", "30", "--settlement-days", "20"]


@pytest.fixture
def products(tmp_path):
    file = tmp_path / "rows.toml"
    file.write_text('[mine]\nkind = "StakingPool"\nasset = "ETH"\ncommission = 0.1\n', encoding="utf-8")
    return str(file)


@pytest.mark.once
def test_a_report_is_written_and_its_command_writes_the_same(tmp_path, monkeypatch, capsys, products):
    monkeypatch.chdir(tmp_path)
    assert main(["report", "--out", "r.html", "--form", "committee", "--products", products, *FEW]) == 0
    first = capsys.readouterr().out
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    digest = re.search(r"SHA-256 of the results: ([0-9a-f]{64})", first)
    assert digest is not None
    assert digest[1] in page
    (line,) = re.findall(r"<pre>(stakingmodels report .*?)</pre>", page)
    words = shlex.split(line)[1:]
    assert "--seed=1" in words
    assert main([*words, "--force"]) == 0
    again = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert again.replace(" --force", "") == page
    assert "mine" in again


def test_the_report_is_told_in_chinese(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["report", "--out", "r.html", "--form", "committee", "--lang", "zh-TW", *FEW]) == 0
    assert capsys.readouterr().out.startswith("已寫入：r.html（")
    assert '<html lang="zh-Hant-TW">' in (tmp_path / "r.html").read_text(encoding="utf-8")


REFUSED = {
    "a file that is there": (
        ["--out", "there.html"],
        "there.html: is there already, and is left as it is (--force replaces it)",
    ),
    "another ending": (["--out", "r.pdf"], "--out: must end with .html, got 'r.pdf'"),
    "no file": ([], "--out"),
    "an unknown limit": (["--out", "r.html", "--policy", "p.toml"], "--policy: 'p.toml': must be one of"),
    "no policy": (["--out", "r.html", "--policy", "none.toml"], "--policy: 'none.toml': cannot be read: no such file"),
}


@pytest.mark.parametrize(("words", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_refused_before_the_run(tmp_path, monkeypatch, capsys, words, message):
    def never(*_args, **_given):
        raise AssertionError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("stakingmodels.cli.report.comparison_of", never)
    (tmp_path / "there.html").write_text("mine", encoding="utf-8")
    (tmp_path / "p.toml").write_text("max_days = 3", encoding="utf-8")
    assert main(["report", *words]) == 2
    assert message in capsys.readouterr().err
    assert (tmp_path / "there.html").read_text(encoding="utf-8") == "mine"
