"""``stakingmodels assumptions`` and ``--assumptions``: what they print, and what they refuse."""

import json

import pytest

from stakingmodels import cli
from stakingmodels.assumptions import assumption_set

OURS = assumption_set()
FAST = ("--days", "5", "--settlement-days", "40", "--paths", "50")


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OURS.changed("mine", {"exchange_commission": 0.25}).to_toml(), encoding="utf-8")
    return str(path)


def run(capsys, *words):
    code = cli.main([*words])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def refused(capsys, *words):
    assert cli.main([*words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removeprefix("stakingmodels: error: ").rstrip("\n")


def test_the_sets_are_listed(capsys):
    assert OURS.digest in run(capsys, "assumptions", "list")
    assert "假設集" in run(capsys, "assumptions", "list", "--lang", "zh-TW")
    assert json.loads(run(capsys, "assumptions", "list", "--format", "json"))[0]["digest"] == OURS.digest


def test_a_set_is_shown(capsys, mine):
    assert run(capsys, "assumptions", "show") == run(capsys, "assumptions", "show", "2026.11") == f"{OURS.to_text()}\n"
    assert "鏈上啟用佇" in run(capsys, "assumptions", "show", "--lang", "zh-TW")
    assert json.loads(run(capsys, "assumptions", "show", mine, "--format", "json")) == assumption_set(mine).to_dict()


def test_what_is_shown_as_toml_is_a_file_of_the_set(capsys, tmp_path):
    path = tmp_path / "again.toml"
    path.write_text(run(capsys, "assumptions", "show", "--format", "toml"), encoding="utf-8")
    assert assumption_set(path) == OURS


@pytest.mark.once
def test_two_sets_are_compared(capsys, mine):
    text = run(capsys, "assumptions", "diff", "2026.11", mine, "--paths", "20")
    assert text == run(capsys, "assumptions", "diff", mine, "--paths", "20")
    assert text.startswith(f"From {OURS.label} to mine (")
    assert "exchange_commission  0.35 (0.1 to 0.3995)  0.25 (0.1 to 0.3995)  assumption" in text
    assert "20 paths, seed 1" in text
    assert "變更與理由" in run(capsys, "assumptions", "diff", mine, "--paths", "20", "--lang", "zh-TW")
    found = json.loads(run(capsys, "assumptions", "diff", mine, "--paths", "20", "--format", "json"))
    assert found["changes"][0]["key"] == "exchange_commission"
    assert run(capsys, "assumptions", "diff", "2026.11", "2026.11").startswith("No number differs between")


@pytest.mark.once
def test_compare_quote_and_products_take_a_set(capsys, mine):
    ours = run(capsys, "compare", *FAST, "--format", "json")
    other = json.loads(run(capsys, "compare", *FAST, "--format", "json", "--assumptions", mine))
    assert json.loads(ours)["assumptions"] == OURS.label
    assert other["assumptions"] == assumption_set(mine).label
    assert other["products"]["exchange earn"]["commission"] == 0.25
    assert run(capsys, "compare", *FAST, "--format", "json", "--assumptions", "2026.11") == ours
    quotes = [run(capsys, "quote", "exchange earn", *more) for more in ((), ("--assumptions", mine))]
    assert quotes[0] != quotes[1]
    assert "0.25" in run(capsys, "products", "exchange earn", "--assumptions", mine)


def test_bad_use_is_told_in_a_sentence(capsys, tmp_path):
    unknown = "must be one of 2026.11, or a file, got '2026.1' (did you mean '2026.11'? a file's path ends in .toml)"
    for words in (("assumptions", "show", "2026.1"), ("compare", *FAST, "--assumptions", "2026.1")):
        assert refused(capsys, *words) == f"assumption set: {unknown}"
    bad = tmp_path / "bad.toml"
    bad.write_text(OURS.to_toml().replace("low = 0.02\n", "low = 0.6\n"), encoding="utf-8")
    upside_down = "'bad.toml': [provider.hazard]: low: must not be above high, which is 0.5, got 0.6"
    assert refused(capsys, "assumptions", "diff", str(bad)) == upside_down
    assert refused(capsys, "compare", *FAST, "--assumptions", str(bad)) == upside_down
    assert (
        refused(capsys, "assumptions", "show", str(tmp_path / "none.toml"))
        == "'none.toml': cannot be read: no such file or directory"
    )
    how = "(write assumptions diff 2026.11 my.toml)"
    assert refused(capsys, "assumptions", "diff") == f"assumptions diff: must be given 1 or 2 sets, got 0 {how}"
    assert "must be given 0 sets, got 1" in refused(capsys, "assumptions", "list", "2026.11")
    assert refused(capsys, "assumptions", "diff", "2026.11", "--format", "toml").startswith("--format toml: only goes")
    assert "--paths: must be an integer in [1, " in refused(capsys, "assumptions", "diff", "2026.11", "--paths", "0")
    assert "invalid choice: 'remove'" in refused(capsys, "assumptions", "remove")
