"""``stakingmodels ratecard``: the card of Python, written whole or not at all; and what is refused."""

import json
import os

import pytest

from stakingmodels import cli, products, ratecard, scenarios

FAST = ("ratecard", "--date", "2026-12-01", "--terms", "10", "--capital", "100:5000", "--paths", "4")


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def by_python(**more):
    how = {"issued": "2026-12-01", "terms": [10], "capital": (100.0, 5_000.0), "n_paths": 4, **more}
    return ratecard.make(products.reference(), scenarios.reference(), **how)


@pytest.mark.once
def test_it_is_what_python_gives(run):
    assert run(*FAST) == (0, by_python().text, "")
    assert run(*FAST, "--valid-days", "1", "--rate-kind", "APY")[1] == by_python(valid_days=1, rate_kind="APY").text


def test_a_file_is_written_and_not_replaced(run, tmp_path):
    file = tmp_path / "card.json"
    code, out, err = run(*FAST, "--out", file)
    assert (code, out, err) == (0, f"{file}: 3 offers, valid until 2026-12-08\n", "")
    assert ratecard.read(file.read_text(encoding="utf-8")) == by_python()
    file.write_text("mine", encoding="utf-8")
    code, out, err = run(*FAST, "--out", file)
    assert (code, out) == (2, "")
    assert err == "stakingmodels: error: card.json: is there already, and is left as it is (--force replaces it)\n"
    assert file.read_text(encoding="utf-8") == "mine"
    assert run(*FAST, "--out", file, "--force", "--lang", "zh-TW")[1].endswith(
        "3 \u9805\uff0c\u6709\u6548\u81f3 2026-12-08\n"
    )
    assert json.loads(file.read_text(encoding="utf-8"))["schema"] == 1
    assert os.listdir(tmp_path) == ["card.json"]  # noqa: PTH208  # and no draft


def test_a_folder_that_is_not_there(run, tmp_path):
    code, out, err = run(*FAST, "--out", tmp_path / "no" / "card.json")
    assert (code, out) == (2, "")
    assert "card.json: cannot be written: there is no folder" in err


def test_products_of_a_file(run, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[mine]\nkind = "StakingPool"\ncommission = 0.01\n', encoding="utf-8")
    names = [each["product"] for each in json.loads(run(*FAST, "--products", file)[1])["offers"]]
    assert names == ["staking pool", "liquid token", "exchange earn", "mine"]


def test_money_in_a_currency(run):
    found = json.loads(run(*FAST[:-4], "--paths", "4", "--currency", "TWD", "--capital", "3000:90000")[1])
    assert (found["money"], found["capital"]) == ("TWD", {"low": 3_000.0, "high": 90_000.0})


REFUSED = {
    "no day": (("ratecard",), "--date: must be given, the day of issue (write --date 2026-12-01)"),
    "bad day": ((*FAST, "--date", "soon"), "--date: must be a day such as 2026-12-01, got 'soon'"),
    "terms": ((*FAST, "--terms", "10,x"), "--terms: must be a whole number, got 'x'"),
    "a term twice": ((*FAST, "--terms", "10,10"), "--terms: must name each term once, got (10, 10)"),
    "one amount": ((*FAST, "--capital", "100"), "--capital: must be the smallest and the largest amount, got '100'"),
    "order": ((*FAST, "--capital", "9:8"), "--capital: must have the smaller amount first, got '9:8'"),
    "no number": ((*FAST, "--capital", "1k:2k"), "--capital: must be a number, got '1k'"),
    "days": ((*FAST, "--valid-days", "-1"), "--valid-days: must be"),
    "currency": (
        ("ratecard", "--date", "2026-12-01", "--currency", "TWD"),
        "--capital: must be given with --currency",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(run, name):
    arguments, words = REFUSED[name]
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"stakingmodels: error: {words}")
    assert err.count("\n") == 1


def test_it_is_refused_before_the_work_where_it_cannot_be_written(run, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, _: path.name != tmp_path.name)
    code, out, err = run(*FAST, "--out", tmp_path / "card.json")
    assert (code, out, err) == (2, "", "stakingmodels: error: card.json: cannot be written: permission denied\n")


def test_a_last_day_beyond_the_calendar_is_refused(run):
    code, out, err = run("ratecard", "--date", "9999-12-28", "--terms", "10", "--paths", "4")
    assert (code, out) == (2, "")
    assert err == "stakingmodels: error: --date: must be 7 days before 9999-12-31 at least, got '9999-12-28'\n"
