"""``stakingmodels fit``, and ``quote`` with the values of a recorded day."""

import csv
import io
import json

import numpy as np
import pytest

from stakingmodels import History, Price, scenarios
from stakingmodels.cli import main

DAYS = np.arange("2024-01-01", "2025-01-01", dtype="M8[D]")
ETH = 3_000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, DAYS.size)))
BTC = 90_000.0 * np.exp(np.cumsum(np.random.default_rng(2).normal(0.0, 0.03, DAYS.size)))


def write(path, values):
    rows = "".join(f"{day},{value}\n" for day, value in zip(DAYS, values, strict=True))
    path.write_text(f"date,close\n{rows}", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    rates = write(folder / "apr.csv", np.linspace(0.02, 0.04, DAYS.size))
    return {"ETH": write(folder / "eth.csv", ETH), "BTC": write(folder / "btc.csv", BTC), "rates": rates}


@pytest.fixture
def run(capsys):
    def call(*words):
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_fit_measures_what_the_library_measures(run, files):
    code, out, _ = run("fit", f"Price:ETH={files['ETH']}", f"Price:BTC={files['BTC']}", "--format", "json")
    assert code == 0
    history = History({Price("ETH"): files["ETH"], Price("BTC"): files["BTC"]}, window_levels="as_recorded")
    assert json.loads(out) == json.loads(json.dumps(scenarios.fit(history).to_dict()))


def test_fit_of_some_days_with_another_threshold(run, files):
    words = ("fit", f"Price:ETH={files['ETH']}", "--first", "2024-03-01", "--last", "2024-09-30")
    _, out, _ = run(*words, "--jump-threshold", "2.5", "--format", "csv")
    rows = {(row["of"], row["parameter"]): row for row in csv.DictReader(io.StringIO(out))}
    history = History({Price("ETH"): files["ETH"]}, window_levels="as_recorded", first="2024-03-01", last="2024-09-30")
    found = scenarios.fit(history, jump_threshold=2.5)
    assert float(rows['Price("ETH")', "volatility a year"]["value"]) == found.levels[Price("ETH")].volatility.value
    assert float(rows['Price("ETH")', "jumps a year"]["value"]) == found.jumps[Price("ETH")].jump_intensity.value


def test_fit_prints_a_table_in_both_languages(run, files):
    assert run("fit", f"Price:ETH={files['ETH']}")[1].startswith("Fitted to 2024-01-01 to 2024-12-31")
    assert run("fit", f"Price:ETH={files['ETH']}", "--lang", "zh-TW")[1].startswith("以 2024-01-01 至 2024-12-31")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("eth.csv",), "FILE: must be written FACTOR:ASSET=FILE, got 'eth.csv' (such as Price:ETH=eth.csv)"),
        (("Price:ETH=none.csv",), "none.csv"),
        (("Price:ETH={ETH}", "Price:ETH={BTC}"), "FILE: must give each factor once; Price:ETH is there twice"),
        (("Price:ETH={ETH}", "--first", "2030-01-01"), "must have at least 61 days"),
        (("Price:ETH={ETH}", "--last", "soon"), "--last: must be a date in ISO 8601, got 'soon' (write 2026-01-31)"),
        (("Price:ETH={ETH}", "--jump-threshold", "1"), "--jump-threshold: must be in [2, 20] robust deviations"),
        (("Price:ETH={ETH}", "--ratio-lags", "1"), "--ratio-lags: must be"),
        (("Price:ETH={ETH}", "--unit", "Price:BTC=USD"), "--unit: must name a series that FILE gives"),
        ((), "arguments are required: FACTOR:ASSET=FILE[#COLUMN]"),
        (("--history", "Price:ETH=eth.csv"), "unknown option (files need no option here: stakingmodels fit Price:ETH="),
    ],
)
def test_what_fit_refuses(run, files, words, said):
    code, out, err = run("fit", *(word.format(**files) for word in words))
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def quoted(out):
    return json.loads(out)["rows"]


def test_a_quote_with_the_last_recorded_day(run, files):
    words = ("quote", "staking pool", "--format", "json")
    told = run(*words, "--history", f"StakingReward:ETH={files['rates']}", "--history", f"Price:ETH={files['ETH']}")
    given = run(*words, "--market", "StakingReward:ETH=4%APR", "--market", f"Price:ETH={float(ETH[-1])!r}")
    assert quoted(told[1]) == pytest.approx(quoted(given[1]), rel=1e-9)
    assert 'note: as recorded on 2024-12-31: Price("ETH")' in told[2]
    assert 'StakingReward("ETH") 4.000% APR' in told[2]


def test_a_quote_with_another_recorded_day(run, files):
    words = ("quote", "staking pool", "--format", "json", "--history", f"StakingReward:ETH={files['rates']}")
    first = run(*words, "--as-of", "2024-01-01")
    given = run(*words[:4], "--market", "StakingReward:ETH=2%APR")
    assert quoted(first[1])["consensus"] == pytest.approx(quoted(given[1])["consensus"], rel=1e-9)


def test_a_recorded_hash_rate_gives_the_difficulty(run, files, tmp_path):
    hashrate = write(tmp_path / "hash.csv", np.full(DAYS.size, 1e9))
    words = ("quote", "cloud mining", "--format", "json", "--history", f"Price:BTC={files['BTC']}")
    known = run(*words, "--history", f"Hashrate:BTC={hashrate}")
    given = run(*words, "--market", f"Difficulty:BTC={1e9 * 1e12 * 600 / 2**32!r}")
    assert quoted(known[1])["mining"] == pytest.approx(quoted(given[1])["mining"], rel=1e-9)
    assert "Difficulty" in known[2]


def test_a_file_that_no_term_reads_is_warned_of(run, files):
    code, _, err = run("quote", "staking pool", "--history", f"Price:BTC={files['BTC']}")
    assert code == 0
    assert "warning: --history Price:BTC: no product of this quote reads it" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", "2024-02-01"), "--as-of: only goes with --history; without it nothing is read from files"),
        (("--shift", "1"), "--shift: only goes with --history"),
        (
            ("--history", "Price:ETH={ETH}", "--as-of", "2025-01-01"),
            "must be a day of the files, 2024-01-01 to 2024-12-31",
        ),
        (("--history", "Price:ETH={ETH}", "--as-of", "x"), "--as-of: must be a date in ISO 8601, got 'x'"),
        (
            ("--history", "Price:ETH={ETH}", "--market", "Price:ETH=3000"),
            "--market Price:ETH: is also a file of --history",
        ),
        (("--history", "Price:eth={ETH}"), "no product reads this asset"),
    ],
)
def test_what_a_quote_of_a_recorded_day_refuses(run, files, words, said):
    code, out, err = run("quote", "staking pool", *(word.format(**files) for word in words))
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
