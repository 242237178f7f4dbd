"""The command line: what it prints, what it refuses and how, and that only the result is on the standard output."""

import csv
import io
import json
import re
import shlex
import signal
import subprocess
import sys
import time
from subprocess import PIPE

import attrs
import numpy as np
import pytest

import stakingmodels
from stakingmodels import (
    Constants,
    Holding,
    Price,
    StakingPool,
    TimeGrid,
    cli,
    compare,
    products,
    scenarios,
    simulate,
    termsheets,
)
from stakingmodels.analysis import COLUMNS
from stakingmodels.cli.output import _cell, csv_text
from stakingmodels.wrapping import width

FAST = ("compare", "--days", "5", "--settlement-days", "40", "--paths", "50")
DAYS = np.datetime64("2025-01-01") + np.arange(90)
ETH = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, DAYS.size)))
BTC = 9e4 * np.exp(np.cumsum(np.random.default_rng(2).normal(0.0, 0.03, DAYS.size)))


def write(path, header, *columns):
    rows = "".join(",".join(map(str, cells)) + "\n" for cells in zip(DAYS, *columns, strict=True))
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    return {
        "Price:ETH": write(folder / "eth.csv", "date,open,close", ETH[::-1], ETH),
        "Price:BTC": write(folder / "btc.csv", "date,close", BTC),
        "Hashrate:BTC": write(folder / "hashrate.csv", "date,HashRate", np.full(DAYS.size, 1e9)),
        "Difficulty:BTC": write(folder / "difficulty.csv", "date,difficulty", np.full(DAYS.size, 1.5e14)),
        "BlockFees:BTC": write(folder / "fees.csv", "date,fees", np.full(DAYS.size, 0.03)),
        "StakingReward:ETH": write(folder / "reward.csv", "date,apr", np.full(DAYS.size, 0.031)),
        "CashRate:USD": write(folder / "cash.csv", "date,apr", np.full(DAYS.size, 0.04)),
        "MarketRatio:stETH": write(folder / "ratio.csv", "date,ratio", np.full(DAYS.size, 0.99)),
    }


def history(files, *names):
    """Arguments that give these files."""
    return [word for name in names for word in ("--history", f"{name}={files[name]}")]


@pytest.fixture
def run(capsys):
    """Runs the command line in this process: exit code, output, errors."""

    def call(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def result(run):
    """The rows by name, of a run that succeeds."""

    def call(*arguments):
        code, out, err = run(*arguments, "--format", "json")
        assert (code, err) == (0, "")
        return {row["product"]: row for row in json.loads(out)["rows"]}

    return call


# The built-in scenario


def test_without_files_it_compares_the_reference_products(run):
    code, out, err = run(*FAST)
    assert (code, err) == (0, "")
    assert out.startswith("100,000 USD on 2026-01-01 for 5 days and 40 to get out. As cash")
    for name in set(products.reference()) - {"hold ETH", "hold BTC", "cash"}:
        assert f"\n{name}" in out
    assert len(out.splitlines()) <= 14
    assert max(map(width, out.splitlines())) <= 100


@pytest.mark.once
def test_verbose_adds_everything_else(run):
    _, short, _ = run(*FAST)
    code, out, err = run(*FAST, "--verbose")
    assert (code, err) == (0, "")
    assert out.startswith(f"{short}\n100,000 USD put in on 2026-01-01 for 5 days, then up to 40 to get the money out\n")
    for name in products.reference():
        assert f"\n{name}" in out
    assert 'Event("provider:cloud mining"): hazard 0.1 a year' in out
    assert "First strikes of events are stratified" in out
    assert "SOL" not in out


@pytest.mark.once
def test_the_width_is_chosen(run):
    for columns in (80, 100, 150):
        _, out, _ = run(*FAST, "--width", str(columns))
        assert max(map(width, out.splitlines())) <= columns
        assert ("Worst assumed failure, its chance" in out) == (columns < 100)
    for words in (("--width", "79"), ("--width", "wide"), ("--width", "1001")):
        code, out, err = run(*FAST, *words)
        assert (code, out) == (2, "")
        assert err.startswith("stakingmodels: error: --width: must be a")


@pytest.mark.once
def test_a_terminal_has_its_own_width(run, monkeypatch):
    wide = run(*FAST)
    for columns, same in ((90, "80"), (40, "80"), (100, "100"), (5_000, "1000")):
        monkeypatch.setattr("stakingmodels.cli.width.terminal_columns", lambda columns=columns: columns)
        assert run(*FAST) == run(*FAST, "--width", str(max(80, min(columns, 1000)))), same
    monkeypatch.setattr("stakingmodels.cli.width.terminal_columns", lambda: None)
    assert run(*FAST) == wide


def test_json_has_ranges_and_what_is_sure(run):
    about = json.loads(run(*FAST, "--format", "json")[1])
    assert list(about)[-2:] == ["ranges", "verdicts"]
    assert set(about["ranges"]) == set(products.reference())
    assert {"first", "second", "low", "base", "high", "above", "times_differ"} == set(about["verdicts"][0])


@pytest.mark.once
def test_the_output_is_the_same_each_time(run):
    assert run(*FAST) == run(*FAST) == run(*FAST, "--seed", "1")


@pytest.mark.once
def test_another_seed_gives_other_numbers(run):
    assert run(*FAST, "--seed", "2")[1] != run(*FAST)[1]


def test_options_reach_the_run(run):
    _, out, _ = run(*FAST, "--capital", "1501.5", "--confidence-level", "0.9", "--seed", "12", "--format", "json")
    about = json.loads(out)
    found = {
        name: about[name]
        for name in ("capital", "days", "settlement_days", "n_paths", "seed", "confidence_level", "start")
    }
    assert found == {
        "capital": 1501.5,
        "days": 5.0,
        "settlement_days": 40.0,
        "n_paths": 50,
        "seed": 12,
        "confidence_level": 0.9,
        "start": "2026-01-01",
    }


@pytest.mark.parametrize(
    ("words", "growth"),
    [
        ((), 1.037036722500),
        (("--cash-rate", "5%"), 1.05),
        (("--cash-rate", "0.05"), 1.05),
        (("--cash-rate", "5% APY"), 1.05),
        (("--cash-rate", "5%APR"), (1.0 + 0.05 / 365.0) ** 365),
        (("--cash-rate=-1%",), 0.99),
        (("--cash-rate", "0"), 1.0),
        (("--cash-rate", "0%"), 1.0),
    ],
)
def test_cash_earns_the_rate_that_is_set(result, words, growth):
    arguments = ("compare", "--days", "73", "--settlement-days", "0", "--paths", "20", *words)  # a fifth of a year
    assert result(*arguments)["cash"]["return_mean"] == pytest.approx(growth**0.2 - 1.0, rel=1e-9, abs=1e-12)


@pytest.mark.once
def test_a_value_may_begin_with_a_minus(run):
    assert run(*FAST, "--cash-rate", "-0.5%") == run(*FAST, "--cash-rate=-0.5%")
    code, out, err = run(*FAST, "--if", "-50%")
    assert (code, err) == (0, "")
    assert "  -50%\n" in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "--cash-rate: must be in (-100%, 100%) a year, got '5' (percent? write 5%)"),
        ("0.5", "--cash-rate: must have a % sign where it is above 0.2, got '0.5' (write 0.5% or 50%)"),
        ("0.25APR", "--cash-rate: must have a % sign where it is above 0.2, got '0.25APR' (write 0.25% or 25%)"),
        ("500%", "--cash-rate: must be in (-100%, 100%) a year, got '500%'"),
        ("5 % p.a.", "--cash-rate: must be a rate, got '5 % p.a.' (write 3.7% or 0.037, an APY, or 3.65%APR)"),
        ("", "--cash-rate: must be a rate, got ''"),
    ],
)
@pytest.mark.parametrize("command", [("compare",), ("quote", "cash")])
def test_a_rate_that_is_none_is_refused(run, command, text, words):
    code, out, err = run(*command, "--cash-rate", text)
    assert (code, out) == (2, "")
    assert words in err


def test_on_recorded_paths_cash_earns_only_what_is_set(files, result):
    words = ("compare", *history(files, "Price:ETH"), "--days", "20", "--settlement-days", "0")
    assert result(*words)["cash"]["return_mean"] == 0.0
    earned = result(*words, "--cash-rate", "5%")["cash"]["return_mean"]
    assert earned == pytest.approx(1.05 ** (20 / 365) - 1.0, rel=1e-9)


def test_ten_thousand_paths_are_the_default(run):
    _, out, _ = run("compare", "--days", "1", "--settlement-days", "0", "--format", "json")
    assert json.loads(out)["n_paths"] == 10_000


# Recorded files


def test_holding_agrees_with_the_file(files, result):
    found = result("compare", *history(files, "Price:ETH"), "--days", "30", "--settlement-days", "0")["hold ETH"]
    returns = ETH[30:] / ETH[:-30] - 1.0
    assert found["n_paths"] == returns.size
    assert found["return_mean"] == pytest.approx(returns.mean(), rel=1e-12)
    assert found["return_q05"] == pytest.approx(-np.quantile(-returns, 0.95, method="inverted_cdf"), rel=1e-12)
    assert found["return_q05"] == -found["value_at_risk"]
    assert found["probability_of_loss"] == np.mean(returns < 0.0)


@pytest.mark.parametrize("coin", ["ETH", "BTC"])
def test_holding_agrees_with_real_prices(shared_data, result, coin):
    path = shared_data / f"data/yahoo_2025/{coin}-USD.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        closes = {row["date"]: float(row["close"]) for row in csv.DictReader(lines)}
    p = np.array([closes[day] for day in sorted(closes)])
    returns = p[365:] / p[:-365] - 1.0
    found = result("compare", "--history", f"Price:{coin}={path}", "--settlement-days", "0")[f"hold {coin}"]
    assert found["n_paths"] == returns.size == 1786
    assert found["return_mean"] == pytest.approx(returns.mean(), rel=1e-12)
    for share, name in ((0.05, "return_q05"), (0.95, "return_q95")):
        assert found[name] == pytest.approx(np.quantile(returns, share, method="inverted_cdf"), rel=1e-12)
    assert found["return_median"] == pytest.approx(np.median(returns), rel=1e-12)
    assert found["probability_of_loss"] == np.mean(returns < 0.0)


@pytest.mark.once
def test_real_prices_and_hash_rate_give_every_row_and_no_nan(shared_data, run):
    data = shared_data / "data"
    network = data / "btc_network/coinmetrics_btc_2020_2026.csv"
    given = [f"Price:{coin}={data}/yahoo_2025/{coin}-USD.csv" for coin in ("ETH", "BTC")]
    given += [f"Hashrate:BTC={network}", f"BlockFees:BTC={network}"]
    words = [word for text in given for word in ("--history", text)]
    code, out, err = run("compare", *words, "--format", "json")
    assert (code, err) == (0, "")
    about = json.loads(out, parse_constant=pytest.fail)
    assert about["n_paths"] == 1726
    skipped = {row["product"]: row["skipped"] for row in about["rows"] if row["skipped"] is not None}
    assert skipped == {"liquid token": "needs --history MarketRatio:stETH=FILE"}
    assert [row["product"] for row in about["rows"] if row["skipped"] is None] == [
        name for name in products.reference() if name != "liquid token"
    ]
    assert all(
        value is not None
        for row in about["rows"]
        if row["skipped"] is None
        for name, value in row.items()
        # Bitcoin and the dollar have no rule of a stake
        if name not in {"skipped", "real_coin_return"} and not name.endswith("_error")
    )
    # 1,726 windows of a record in which 5.7 could lie apart tell no error
    assert {row[name] for row in about["rows"] for name in row if name.endswith("_error")} == {None}


@pytest.mark.once
def test_windows_in_which_no_validator_can_be_opened_are_shown(shared_data, run):
    path = shared_data / "data/yahoo_2025/ETH-USD.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        closes = {row["date"]: float(row["close"]) for row in csv.DictReader(lines)}
    opening = np.array([closes[day] for day in sorted(closes)])[:-425]
    too_dear = np.mean(32.0 * opening > 100_000.0)
    words = ("compare", "--history", f"Price:ETH={path}", "--levels", "as_recorded")
    _, out, _ = run(*words, "--verbose")
    told = " ".join(out.split())
    assert f"^ too little money for it on {too_dear:.1%} of the paths" in told
    assert f"solo validator: could not be opened with this capital on {too_dear:.2%} of the paths" in told
    _, out, _ = run(*words, "--format", "json")
    found = {row["product"]: row for row in json.loads(out, parse_constant=pytest.fail)["rows"]}
    assert 0.1 < too_dear < 0.9
    assert found["solo validator"]["infeasible"] == pytest.approx(too_dear, rel=1e-12)
    assert found["staking pool"]["infeasible"] == 0.0


def test_a_recorded_ratio_brings_the_liquid_token_in(files, result):
    words = history(files, "Price:ETH", "MarketRatio:stETH")
    found = result("compare", *words, "--days", "20", "--settlement-days", "0")
    assert found["liquid token"]["skipped"] is None


def test_a_column_may_be_named(files, result):
    words = ("--history", f"Price:ETH={files['Price:ETH']}#open", "--days", "30", "--settlement-days", "0")
    returns = ETH[::-1][30:] / ETH[::-1][:-30] - 1.0
    assert result("compare", *words)["hold ETH"]["return_mean"] == pytest.approx(returns.mean(), rel=1e-12)


def notes(result_of_run):
    """Notes below the tables, each in one line."""
    return [line[2:] for line in result_of_run[1].replace("\n  ", " ").splitlines() if line.startswith("- ")]


LATER = [f"{day + np.timedelta64(1, 'D')} 00:00:00 UTC" for day in DAYS]


@pytest.mark.parametrize(
    ("header", "source", "options", "note"),
    [
        ("snapped_at,price,market_cap", "Price:ETH", (), "as CoinGecko, export"),
        ("day,ETH price,x2", "Price:ETH=#ETH price", ("--shift", "-1"), "shifted by -1 days"),
        ("day,ETH price,x2", "Price:ETH=#ETH price", ("--shift", "Price:ETH=-1"), "shifted by -1 days"),
        ("day,ETH price,x2", "Price:ETH=#ETH price", ("--shift=-1",), "shifted by -1 days"),
    ],
)
def test_a_close_lands_on_its_day(run, tmp_path, header, source, options, note):
    rows = "".join(f"{day},{value},1\n" for day, value in zip(LATER, ETH, strict=True))
    (tmp_path / "eth.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    factor, _, column = source.partition("=")
    found = run(
        "compare",
        "--history",
        f"{factor}={tmp_path / 'eth.csv'}{column}",
        *options,
        "--days",
        "5",
        "--settlement-days",
        "0",
        "--verbose",
    )
    assert (found[0], found[2]) == (0, "")
    (about,) = [line for line in notes(found) if line.startswith('Price("ETH") from eth.csv')]
    assert f"{DAYS[0]} to {DAYS[-1]}" in about
    assert note in about


def test_what_is_said_of_one_file_goes_before_what_is_said_of_all(run, files, tmp_path):
    write(tmp_path / "apy.csv", "date,level", np.full(DAYS.size, 3.1))
    write(tmp_path / "hash.csv", "date,level", np.full(DAYS.size, 1_000.0))
    words = (*history(files, "Price:ETH", "Price:BTC"), "--history", f"StakingReward:ETH={tmp_path / 'apy.csv'}")
    words += ("--history", f"Hashrate:BTC={tmp_path / 'hash.csv'}", "--unit", "StakingReward:ETH=percent")
    words += (
        "--unit",
        "Hashrate:BTC=EH/s",
        "--rate-type",
        "StakingReward:ETH=apy",
        "--shift",
        "0",
        "--shift",
        "Price:BTC=1",
    )
    code, out, err = run("compare", *words, "--days", "5", "--settlement-days", "40", "--verbose")
    assert (code, err) == (0, "")
    assert 'StakingReward("ETH") from apy.csv: level' in out
    told = " ".join(out.split())
    assert "in percent" in told
    assert "in EH/s" in told
    assert "shifted by +1 days" in told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--shift", "noon"), "--shift: must be a whole number of days, got 'noon' (such as -1 or Price:ETH=-1)"),
        (("--shift", "400"), "shift: must be an integer in [-366, 366]"),
        (("--shift", "1", "--shift", "2"), "--shift: must be given once for each series"),
        (("--shift", "Price:BTC=1"), "--shift: must name a series that --history gives, got 'Price:BTC'"),
        (("--unit", "EH/s"), 'unit: must be a unit of Price("ETH") (none: only its own)'),
        (("--rate-type", "apy"), 'rate_type: goes with a rate, which Price("ETH") is not'),
        (("--dates", "american"), "dates: must be one of '', 'month first', 'day first'"),
    ],
)
def test_options_of_reading_are_refused(run, files, options, message):
    code, out, err = run("compare", *history(files, "Price:ETH"), *options)
    assert (code, out) == (2, "")
    assert message in err


def test_hints_are_told_in_words_of_options(run, tmp_path):
    rows = "".join(f"{day}T12:00:00Z,{value}\n" for day, value in zip(DAYS, ETH, strict=True))
    (tmp_path / "noon.csv").write_text(f"time,close\n{rows}", encoding="utf-8")
    _, _, err = run("compare", "--history", f"Price:ETH={tmp_path / 'noon.csv'}")
    assert "(--shift 0 takes each as its day's close, --shift -1 as that of the day before)" in err
    rows = "".join(f"{day.item():%m/%d/%Y},{value}\n" for day, value in zip(DAYS[:9], ETH, strict=False))
    (tmp_path / "month.csv").write_text(f"date,close\n{rows}", encoding="utf-8")
    _, _, err = run("compare", "--history", f"Price:ETH={tmp_path / 'month.csv'}")
    assert "or --dates 'month first' or \"day first\"" in err
    write(tmp_path / "exa.csv", "date,HashRate", np.full(DAYS.size, 1_000.0))
    price = write(tmp_path / "btc.csv", "date,close", BTC)
    words = ("--history", f"Price:BTC={price}", "--history", f"Hashrate:BTC={tmp_path / 'exa.csv'}", "--days", "5")
    _, _, err = run("compare", *words, "--settlement-days", "0")
    assert "if it is in EH/s, write --unit EH/s" in err


@pytest.mark.parametrize("option", ["shift", "unit", "rate-type", "dates"])
def test_options_of_reading_go_with_files(run, option):
    code, _, err = run("compare", f"--{option}", "0")
    assert code == 2
    assert f"--{option}: only goes with --history" in err


def test_filled_days_stand_under_the_table(run, tmp_path):
    kept = [k for k in range(DAYS.size) if k != 40]
    rows = "".join(f"{DAYS[k]},{ETH[k]}\n" for k in kept)
    (tmp_path / "gap.csv").write_text(f"date,close\n{rows}", encoding="utf-8")
    words = (
        "compare",
        "--history",
        f"Price:ETH={tmp_path / 'gap.csv'}",
        "--fill",
        "previous",
        "--days",
        "5",
        "--settlement-days",
        "0",
    )
    assert "1 of 90 days (1.1%) filled with the day before" in " ".join(run(*words, "--verbose")[1].split())


def test_a_file_may_have_a_hash_in_its_name(files, result, tmp_path):
    path = tmp_path / "eth#open.csv"
    path.write_bytes(files["Price:ETH"].read_bytes())
    assert "hold ETH" in result("compare", "--history", f"Price:ETH={path}", "--days", "5", "--settlement-days", "0")


@pytest.mark.parametrize("source", ["Difficulty:BTC", "Hashrate:BTC"])
def test_mining_runs_on_difficulty_or_hash_rate(files, result, source):
    words = history(files, "Price:BTC", source)
    found = result("compare", *words, "--days", "20", "--settlement-days", "0")
    assert found["cloud mining"]["skipped"] is None
    assert found["hold ETH"]["skipped"] == "needs --history Price:ETH=FILE"


def test_mining_is_left_out_without_a_difficulty(files, run):
    code, out, err = run(
        "compare", *history(files, "Price:ETH", "Price:BTC"), "--days", "20", "--settlement-days", "20"
    )
    assert (code, err) == (0, "")
    assert "\ncloud mining    left out: needs --history Difficulty:BTC=FILE (or Hashrate:BTC=FILE)\n" in out


def test_a_recorded_reward_replaces_the_constant(files, run):
    words = (*history(files, "Price:ETH", "StakingReward:ETH"), "--days", "20", "--settlement-days", "40")
    _, out, _ = run("compare", *words, "--verbose")
    assert 'StakingReward("ETH") from reward.csv' in out
    assert 'StakingReward("ETH") constant' not in out


def test_recorded_cash_earns_its_rate(files, result):
    words = history(files, "Price:ETH", "CashRate:USD")
    cash = result("compare", *words, "--days", "20", "--settlement-days", "0")["cash"]
    assert cash["return_mean"] == pytest.approx((1.0 + 0.04 / 365) ** 20 - 1.0, rel=1e-9)


def test_levels_as_recorded_change_what_terms_in_money_cost(files, result):
    words = ("compare", *history(files, "Price:BTC", "Difficulty:BTC"), "--days", "20", "--settlement-days", "0")
    rescaled, recorded = (result(*words, "--levels", how)["cloud mining"] for how in ("rescaled", "as_recorded"))
    assert rescaled["return_mean"] != recorded["return_mean"]


def test_missing_days_are_refused_or_filled(files, run, tmp_path):
    path = tmp_path / "gap.csv"
    lines = files["Price:ETH"].read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:20] + lines[21:]), encoding="utf-8")
    words = ("compare", "--history", f"Price:ETH={path}", "--days", "5", "--settlement-days", "0")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "2025-01-20" in err
    assert run(*words, "--fill", "previous")[0] == 0


def test_a_file_that_no_product_reads_is_told(files, run):
    words = (*history(files, "Price:ETH"), "--history", f"MarketRatio:rETH={files['MarketRatio:stETH']}")
    code, out, err = run("compare", *words, "--days", "20", "--settlement-days", "40")
    assert code == 0
    assert err == "stakingmodels: warning: --history MarketRatio:rETH: no product of this comparison reads it\n"
    assert "warning" not in out


def test_percent_where_a_fraction_is_meant_is_told(files, run, tmp_path):
    path = write(tmp_path / "percent.csv", "date,apr", np.full(DAYS.size, 3.1))
    words = (
        *history(files, "Price:ETH"),
        "--history",
        f"StakingReward:ETH={path}",
        "--days",
        "20",
        "--settlement-days",
        "40",
    )
    code, _, err = run("compare", *words)
    assert code == 0
    assert err.startswith("stakingmodels: warning: ")
    assert "percent?" in err
    assert err.count("\n") == 1


# Products of one's own

MINE = """
[my-pool]
kind = "StakingPool"
commission = 0.15

["cloud mining"]
kind = "CloudMiningContract"
price_usd_per_th_s = 5.0

[sol]
kind = "Holding"
asset = "SOL"

[sol-pool]
kind = "StakingPool"
asset = "SOL"
"""


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


@pytest.mark.once
def test_own_products_follow_the_others_and_replace_rows_of_their_name(mine, run):
    about = [json.loads(run(*FAST, *words, "--format", "json")[1]) for words in ((), ("--products", mine))]
    before, after = ({row["product"]: row for row in each["rows"]} for each in about)
    assert list(after) == [*before, "my-pool", "sol", "sol-pool"]
    assert after["hold ETH"] == before["hold ETH"]
    assert after["my-pool"]["skipped"] is None
    assert after["cloud mining"]["return_mean"] != before["cloud mining"]["return_mean"]
    assert after["sol"]["coin"] == "SOL"
    assert after["sol-pool"]["skipped"] == 'needs StakingReward("SOL"), not in the built-in scenario'


def test_own_products_live_on_recorded_files_too(mine, files, result):
    words = (*history(files, "Price:ETH"), "--days", "20", "--settlement-days", "40", "--products", mine)
    found = result("compare", *words)
    assert found["my-pool"]["skipped"] is None
    assert found["sol"]["skipped"] == "needs --history Price:SOL=FILE"


def test_two_rows_of_one_event_with_two_hazards_are_refused(tmp_path, run):
    path = tmp_path / "mine.toml"
    path.write_text('[x]\nkind = "StakingPool"\nfailures = [{event = {name = "custodian:exchange", hazard = 0.5}}]')
    code, out, err = run(*FAST, "--products", path)
    assert (code, out) == (2, "")
    assert 'Event("custodian:exchange"): hazard: one event name must have one hazard' in err


@pytest.mark.parametrize("command", [FAST, ("quote", "my-pool")])
def test_a_file_of_products_that_is_wrong_is_told_in_one_sentence(tmp_path, run, command):
    path = tmp_path / "mine.toml"
    path.write_text(MINE.replace("commission", "comission"), encoding="utf-8")
    code, out, err = run(*command, "--products", path)
    assert (code, out) == (2, "")
    assert err == (
        "stakingmodels: error: 'mine.toml': [my-pool]: 'comission' is no field of StakingPool "
        "(did you mean commission?)\n"
    )


# The quote


@pytest.mark.parametrize("name", products.reference())
def test_every_row_has_a_quote(run, name):
    code, out, err = run("quote", name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{type(products.reference()[name]).__name__}: 100,000.00 USD, market standing still\n")


def test_the_quote_is_that_of_the_library(run):
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=100, settlement_days=10)
    pool = StakingPool(commission=0.2)
    market = scenarios.reference().market(grid, pool.factors, streams=scenarios.Streams(5), n_paths=1)
    words = (
        "quote",
        "StakingPool",
        "--set",
        "commission=0.2",
        "--capital",
        "5000",
        "--days",
        "100",
        "--settlement-days",
        "10",
    )
    assert run(*words)[1] == f"{pool.quote(market, capital=5000.0)}\n"


def test_a_quote_in_coins_that_the_product_does_not_read(run):
    assert run("quote", "cash", "--capital", "2ETH")[1] == run("quote", "cash", "--capital", "6008.38")[1]


def test_a_row_of_a_file_has_a_quote(mine, run):
    assert run("quote", "my-pool", "--products", mine) == run("quote", "StakingPool", "--set", "commission=0.15")


def test_terms_of_a_row_may_be_set(run):
    at_once = ("--set", "entry_days=0", "--set", "redemption_days=0")
    _, out, _ = run("quote", "exchange earn", "--set", "posted_rate={APR = 0.05}", "--set", "asset=SOL", *at_once)
    assert "interest" in out
    assert "commission" not in out


REFUSED_QUOTES = {
    "no product": ((), "the following arguments are required: KIND|ROW (stakingmodels quote --help"),
    "unknown row": (("solo validatr",), "got 'solo validatr' (did you mean solo validator?)"),
    "kind in lower case": (("stakingpool",), "(did you mean"),
    "no value": (("cash", "--set", "asset"), "--set: must be written FIELD=VALUE, got 'asset' (such as commission="),
    "unknown field": (("StakingPool", "--set", "fee=1"), "--set: 'fee' is no field of StakingPool ("),
    "bad value": (("StakingPool", "--set", "commission=lots"), "--set: StakingPool.commission: must be a number, got"),
    "field that must be given": (("Holding",), "Holding.asset must be given"),
    "a coin without reward": (("StakingPool", "--set", "asset=SOL"), 'needs StakingReward("SOL"), not in the built-in'),
    "too little capital": (("SoloValidator", "--capital", "90000"), "6,134.08 USD are missing, got 90000.0"),
    "option of compare": (("cash", "--rank", "x"), "'--rank': unknown option ("),
    "the way out": (("StakingPool", "--set", "asset=SOL"), "(write --market StakingReward:SOL=6%APR)"),
    "market without value": (("cash", "--market", "Price:ADA"), "--market: must be written FACTOR:ASSET=VALUE, got"),
    "set twice": (
        ("staking pool", "--set", "commission=0.1", "--set", "commission=0.2"),
        "--set: must give each term once; commission is there twice, got 'commission=0.2'",
    ),
    "market twice": (("cash", *("--market", "Price:ADA=1") * 2), "give each factor once; Price:ADA is there twice"),
    "market of no factor": (("cash", "--market", "Prise:ADA=1"), "got 'Prise' (did you mean Price?)"),
    "market rate": (("cash", "--market", "StakingReward:SOL=x"), "--market StakingReward:SOL: must be a rate, got 'x'"),
    "market number": (("cash", "--market", "Price:ADA=x"), "--market Price:ADA: must be a number, got 'x'"),
    "language": (("cash", "--lang", "fr"), "--lang: invalid choice: 'fr' (choose from"),
    "capital": (("cash", "--capital", "-1"), "--capital: must be in (0, 1e+15], got -1.0"),
    "multiples": (("cash", "--capital", "100k"), "got '100k' (write 100000, or coins such as 0.5ETH, without sep"),
    "coins misspelt": (("cash", "--capital", "1eth"), "--capital: must be in coins whose price the scenario gives"),
    "days": (("cash", "--days", "0"), "--days: must be an integer in [1, 100000]"),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED_QUOTES.values(), ids=REFUSED_QUOTES)
def test_a_bad_quote_is_refused_with_one_sentence(run, arguments, sentence):
    code, out, err = run("quote", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("stakingmodels: error: ")
    assert sentence in err
    assert err.count("\n") == 1


def test_what_the_market_lacks_can_be_given(run):
    sol = ("quote", "StakingPool", "--set", "asset=SOL", "--set", "compounding=false")
    code, out, err = run(*sol, "--market", "StakingReward:SOL=6%APR", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["rows"]["gross"] == pytest.approx(6000.0)
    _, ada, _ = run("quote", "Holding", "--set", "asset=ADA", "--market", "Price:ADA=0.35", "--format", "json")
    assert json.loads(ada)["rows"]["net"] == pytest.approx(0.0, abs=1e-9)


def test_a_given_market_stands_before_the_built_in_one(run):
    code, out, _ = run("quote", "StakingPool", "--market", "StakingReward:ETH=0%", "--format", "json")
    assert (code, json.loads(out)["rows"]) == (0, {"gross": 0, "net": pytest.approx(0.0, abs=1e-9)})


def test_a_given_market_that_is_not_read_is_warned_of(run):
    code, _, err = run("quote", "cash", "--market", "Price:ADA=0.35")
    assert code == 0
    assert err == "stakingmodels: warning: --market Price:ADA: this product does not read it\n"


def test_a_quote_in_csv_and_json(run):
    _, table, _ = run("quote", "StakingPool")
    _, text, _ = run("quote", "StakingPool", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["line"] for row in rows] == ["consensus", "gross", "commission", "net"]
    assert all(f"{float(row['money']):,.2f}" in table and f"{float(row['a_year']):+.3%}" in table for row in rows)
    assert all(float(row["of_capital"]) == pytest.approx(float(row["money"]) / 100_000) for row in rows)
    _, text, _ = run("quote", "StakingPool", "--format", "json", "--lang", "zh-TW")
    assert json.loads(text)["rows"].keys() == {row["line"] for row in rows}


# Languages


@pytest.mark.once
@pytest.mark.parametrize("line", [FAST, ("quote", "cash"), ("products",), ("products", "cash")], ids=" ".join)
def test_tables_are_in_the_language_that_is_asked_for(run, line):
    english, chinese = run(*line)[1], run(*line, "--lang", "zh-TW")[1]
    assert not re.search("[\u4e00-\u9fff]", english)
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert run("--lang", "zh-TW", *line)[1] == run(*line, "--lang=zh-TW")[1] == chinese
    assert run(*line, "--lang", "en")[1] == english


@pytest.mark.once
def test_data_and_errors_stay_english(run):
    for how in ("json", "csv"):
        assert run(*FAST, "--format", how, "--lang", "zh-TW") == run(*FAST, "--format", how)
    assert run("quote", "csh", "--lang", "zh-TW") == run("quote", "csh")


def help_of(capsys, *line):
    with pytest.raises(SystemExit) as stopped:
        cli.main([*line, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("command", [(), ("compare",), ("quote",), ("products",)], ids=str)
def test_help_teaches(capsys, command, language):
    text = help_of(capsys, *command, "--lang", language)
    assert text.count("\n  stakingmodels ") == 2
    assert max(width(line) for line in text.splitlines()) < 100
    assert "public face" not in text
    options = set(re.findall(r"--[a-z-]+", text.partition("\n\n")[0])) - {"--help", "--version"}
    for option in options:
        assert re.search(rf"(?m)^  {option}\b", text)
    if language == "zh-TW":
        words = re.sub(r"\S*[-=:|{\[(/.]\S*|[A-Z]\S*|stakingmodels [a-z]+", "", text)
        assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", words)


def test_help_tells_where_the_documentation_is(capsys):
    assert "docs/index.md" in help_of(capsys)
    assert "docs/zh-TW/index.md" in help_of(capsys, "--lang", "zh-TW")


# The list of products


def test_every_kind_and_row_is_listed(run):
    _, out, _ = run("products")
    for name in (*termsheets.KINDS, *products.reference()):
        assert name in out


@pytest.mark.parametrize("kind", termsheets.KINDS)
def test_every_term_is_listed_with_its_default(run, kind):
    code, out, err = run("products", kind)
    assert (code, err) == (0, "")
    for field in attrs.fields(termsheets.KINDS[kind]):
        assert (f"\n{field.name} " in out) is field.init


def test_terms_have_units_sources_and_choices(run):
    _, out, _ = run("products", "CloudMiningContract")
    assert re.search(r"term_days +term +360 +days", out)
    assert "sell | hold" in out
    assert re.search(r"- pool_fee: .+ \(20\d\d", out)
    assert re.search(r"asset +coin +must be given", run("products", "Holding")[1])
    assert "by other terms" in run("products", "LiquidStakingToken")[1]


def test_a_row_is_listed_with_its_own_terms(run, mine):
    _, out, _ = run("products", "my-pool", "--products", mine)
    assert re.search(r"commission +commission +0\.15", out)
    assert "- commission:" not in out
    assert "- commission:" in run("products", "StakingPool")[1]


def test_a_product_that_there_is_not_is_refused(run):
    code, out, err = run("products", "stakingpool")
    assert (code, out) == (2, "")
    assert "did you mean" in err


# Formats


# Ranking and benchmark


def names(text):
    return [row["product"] for row in json.loads(text)["rows"] if row["skipped"] is None]


def test_the_best_row_comes_first(run):
    code, out, _ = run(*FAST, "--rank", "expected_shortfall", "--format", "json")
    rows = [row for row in json.loads(out)["rows"] if row["skipped"] is None]
    assert code == 0
    assert rows[0]["product"] == "cash"
    assert [row["expected_shortfall"] for row in rows] == sorted(row["expected_shortfall"] for row in rows)
    assert json.loads(out)["ranked_by"] == "expected_shortfall"


@pytest.mark.parametrize(
    ("bounds", "stay", "why"),
    [
        (["--max-es", "0.01"], ["cash"], "is above 1.00%"),
        (["--max-days-to-cash", "0", "--rank", "days_to_cash_mean"], None, "more than 0"),
        (["--min-capital", "200000", "--max-infeasible", "1"], None, None),
    ],
)
def test_rows_beyond_a_bound_are_left_out_with_the_reason(run, bounds, stay, why):
    code, out, _ = run(*FAST, *bounds, "--format", "json")
    assert code == 0
    skipped = {row["product"]: row["skipped"] for row in json.loads(out)["rows"] if row["skipped"]}
    assert bool(skipped) == (why is not None)
    assert all(why in reason for reason in skipped.values())
    assert stay is None or names(out) == stay


def test_bounds_alone_rank_by_the_mean_return(run):
    assert json.loads(run(*FAST, "--max-es", "1", "--format", "json")[1])["ranked_by"] == "return_mean"


def test_money_that_cannot_open_a_product_bars_it(run):
    _, out, _ = run(*FAST, "--capital", "50000", "--min-capital", "60000", "--format", "json")
    assert "solo validator" not in names(out)


def test_a_benchmark_that_was_left_out_is_told_in_the_words_of_the_command_line(run, files):
    code, _, err = run(
        "compare", "--days", "5", "--settlement-days", "40", *history(files, "Price:ETH"), "--benchmark", "liquid token"
    )
    assert code == 2
    assert "--history MarketRatio:stETH=FILE" in err


@pytest.mark.once
def test_all_rows_may_have_one_benchmark(run):
    code, out, _ = run(*FAST, "--benchmark", "hold ETH", "--verbose")
    assert code == 0
    assert "\nIn money against hold ETH, on average: hold BTC " in out
    wide = ("--verbose", "--width", "200", "--benchmark", "hold ETH")
    assert "vs hold ETH (s.e.)" in run(*FAST, *wide)[1]
    assert "Benchmark of each row: hold ETH." in out
    assert "對 hold ETH（標準誤）" in run(*FAST, *wide, "--lang", "zh-TW")[1]


@pytest.mark.once
def test_the_benchmark_cash_is_shown_once(run):
    assert run(*FAST, "--benchmark", "cash", "--verbose")[1].count("vs cash (s.e.)") == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rank", "retrun_mean"], "--rank: must be a numeric column of the comparison, got 'retrun_mean'"),
        (["--rank", "product"], "--rank: must be a numeric column"),
        (["--max-es", "60"], "--max-es: must be a fraction in [0, 1], got 60.0 (percent? write 0.60)"),
        (["--max-es", "much"], "--max-es: must be a number, got 'much'"),
        (["--max-days-to-cash", "-1"], "--max-days-to-cash: must be in [0, "),
        (["--max-infeasible", "2"], "--max-infeasible: must be a fraction in [0, 1]"),
        (["--min-capital", "5"], "--min-capital: must be at least the 100000 of the run, got 5.0 (--capital 5)"),
        (["--benchmark", "cahs"], "--benchmark: must be one of 'hold ETH'"),
    ],
)
def test_bad_bounds_are_refused_in_the_words_of_the_options(run, options, sentence):
    code, out, err = run(*FAST, *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"stakingmodels: error: {sentence}")


def test_csv_has_the_columns_and_rows_of_the_comparison(run):
    code, out, err = run(*FAST, "--format", "csv")
    assert (code, err) == (0, "")
    header, *rows = csv.reader(io.StringIO(out))
    assert tuple(header) == COLUMNS
    assert [row[0] for row in rows] == list(products.reference())
    assert float(rows[0][header.index("return_q05")]) < 0.0


def test_csv_cells_that_a_spreadsheet_would_run_are_quoted():
    names = ["=1+1", "+x", "-x", "@x", "x=1"]
    rows = {name: Holding(asset="ETH") for name in names} | {"-out": StakingPool(asset="SOL")}
    world = Constants({Price("ETH"): 3000.0})
    grid = TimeGrid.daily("2026-01-01", days=2)
    text = csv_text(compare(simulate(rows, world, grid, capital=1.0, n_paths=1, rng=1, on_missing="skip")))
    header, *cells = csv.reader(io.StringIO(text))
    assert [row[0] for row in cells] == ["'=1+1", "'+x", "'-x", "'@x", "x=1", "'-out"]
    assert cells[-1][header.index("return_mean")] == ""


def test_numbers_below_zero_are_not_quoted():
    assert _cell(-0.5) == -0.5
    assert _cell("-0.5") == "'-0.5"


def test_json_has_no_nan(run):
    _, out, _ = run("compare", "--days", "5", "--settlement-days", "0", "--paths", "1", "--format", "json")
    json.loads(out, parse_constant=pytest.fail)


# Bad input: exit code 2, one sentence, nothing on the standard output

REFUSED = {
    "unknown option": (("--captial", "5"), "'--captial': unknown option (did you mean --cap"),
    "option of two words": (("--max-e=1",), "(did you mean --max-es?)"),
    "abbreviated option": (("--cap=5",), "'--cap=5': unknown option (did you mean --capital?)"),
    "stray word": (("eth.csv",), "'eth.csv': unknown argument"),
    "no value": (("--capital",), "--capital: expected one argument"),
    "capital: text": (("--capital", "lots"), "--capital: must be a number, got 'lots'"),
    "capital: separators": (("--capital", "100,000"), "--capital: must be a number, got '100,000' (write 100000"),
    "capital: underscores": (("--capital", "1_000"), "--capital: must be a number, got '1_000'"),
    "capital: NaN": (("--capital", "nan"), "--capital: must be a number, got 'nan'"),
    "capital: infinite": (("--capital", "1e400"), "--capital: must be finite, got inf"),
    "capital: zero": (("--capital", "0"), "--capital: must be in (0, 1e+15], got 0.0"),
    "capital: negative": (("--capital", "-5"), "--capital: must be in (0, 1e+15], got -5.0"),
    "capital: next to nothing": (("--capital", "1e-320"), "--capital: too small: must be at least 1e-09, got 1e-320"),
    "capital: too large": (("--capital", "1e16"), "--capital: too large"),
    "days: zero": (("--days", "0"), "--days: must be an integer in [1, 100000]"),
    "days: half": (("--days", "1.5"), "--days: must be a whole number, got '1.5'"),
    "days: too many": (("--days", "100001"), "--days: must be an integer in [1, 100000]"),
    "tail: negative": (("--settlement-days", "-1"), "--settlement-days: must be an integer in [0, 99635]"),
    "paths: zero": (("--paths", "0"), "--paths: must be an integer in [1, 10000000]"),
    "paths: too many": (("--paths", "10000001"), "--paths: must be an integer in [1, 10000000]"),
    "paths: too much memory": (("--paths", "9000000"), "GiB) of memory, above the limit of 2 GiB (fewer paths)"),
    "paths: float": (("--paths", "1e3"), "--paths: must be a whole number, got '1e3'"),
    "seed: negative": (("--seed", "-1"), "--seed: must be an integer in [0, "),
    "seed: 5,000 digits": (("--seed", "9" * 5000), "--seed: must be a whole number, got '999"),
    "level: percent": (("--confidence-level", "95"), "--confidence-level: must be a fraction in (0, 1), got 95.0 (percent? write 0.95)"),  # noqa: E501
    "level: one": (("--confidence-level", "1"), "--confidence-level: must be a fraction in (0, 1), got 1.0"),
    "format: unknown": (("--format", "xml"), "--format: invalid choice: 'xml'"),
    "levels: without files": (("--levels", "rescaled"), "--levels: only goes with --history"),
    "fill: without files": (("--fill", "previous"), "--fill: only goes with --history"),
    "history: no file": (("--history", "Price:ETH"), "--history: must be written FACTOR:ASSET=FILE, got 'Price:ETH'"),
    "history: empty file": (("--history", "Price:ETH="), "--history: must be written FACTOR:ASSET=FILE"),
    "history: no asset": (("--history", "Price=x.csv"), "--history: must be written FACTOR:ASSET=FILE"),
    "history: factor": (("--history", "Dificulty:BTC=x.csv"), "got 'Dificulty' (did you mean Difficulty?)"),
    "history: letter case": (("--history", "price:ETH=x.csv"), "got 'price' (did you mean Price?)"),
    "history: unlike any": (("--history", "Zzz:ETH=x.csv"), "--history: must begin with one of Price, Difficulty,"),
    "history: asset": (("--history", "Price:eth=x.csv"), "--history: no product reads this asset"),
    "history: missing file": (("--history", "Price:ETH=none.csv"), "none.csv: cannot be read: no such file"),
    "history: escape": (("--history", "Price:ETH=\x1b[31m"), r"\x1b[31m: cannot be read: no such file or directory"),
    "history: NUL": (("--history", "Price:ETH=a\0b"), "must be a possible file name"),
    "history: folder": (("--history", "Price:ETH=."), "must be a CSV file, got a directory"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_with_one_sentence(run, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("compare", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("stakingmodels: error: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [((), "a command is missing; write stakingmodels compare"), (("compar",), "invalid choice: 'compar'")],
)
def test_a_command_is_asked_for(run, arguments, sentence):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("stakingmodels: error: ")
    assert sentence in err


REFUSED_FILES = {
    "a file twice": (("Price:ETH=eth.csv", "Price:ETH=btc.csv"), (), "Price:ETH is there twice"),
    "a column that is not there": (("Price:ETH=eth.csv#last",), (), "has no value column 'last'"),
    "paths of windows": (("Price:ETH=eth.csv",), ("--paths", "5"), "--paths: with --history every window"),
    "windows longer than the file": (("Price:ETH=eth.csv",), (), "must be longer than the window of 425 days"),
    "no price": (("Difficulty:BTC=difficulty.csv",), (), "no product can be run with these files; give a price"),
    "a price nobody reads": (("Price:SOL=eth.csv",), (), "no product can be run with these files"),
    "unlike levels": (("Price:ETH=eth.csv",), ("--levels", "as recorded"), "--levels: invalid choice"),
    "fees below zero": (("BlockFees:BTC=below.csv",), (), "below.csv"),
}


@pytest.mark.parametrize(("given", "options", "sentence"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_bad_files_are_refused_with_one_sentence(files, run, monkeypatch, given, options, sentence):
    monkeypatch.chdir(files["Price:ETH"].parent)
    write(files["Price:ETH"].parent / "below.csv", "date,fees", np.full(DAYS.size, -1.0))
    code, out, err = run("compare", *(word for text in given for word in ("--history", text)), *options)
    assert (code, out) == (2, "")
    assert err.startswith("stakingmodels: error: ")
    assert sentence in err
    assert err.count("\n") == 1


# Edges of the process


POSIX = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full and redirections of a POSIX shell")
PATIENCE = 300.0  # seconds; only what hangs is ended, however busy the machine


def process(*arguments, **options):
    command = [sys.executable, "-m", "stakingmodels", *arguments]
    return subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, **options)


def test_the_module_runs_and_nothing_but_the_result_is_printed():
    with process(*FAST, "--format", "json") as running:
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (0, "")
    assert json.loads(out)["n_paths"] == 50


def test_the_exit_code_of_the_process_is_two_for_bad_input():
    with process("compare", "--confidence-level", "95") as running:
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out) == (2, "")
    assert "Traceback" not in err


def test_a_reader_that_leaves_is_no_error():
    with process(*FAST) as running:
        running.stdout.close()
        assert running.wait(timeout=PATIENCE) == 0
        assert running.stderr.read() == ""


def shell(redirection, *arguments, before=()):
    """Runs the command line in a shell with its streams redirected: exit code, output, errors."""
    command = shlex.join([sys.executable, *(before or ("-m", "stakingmodels")), *arguments])
    how: dict = {"capture_output": True, "text": True, "timeout": PATIENCE}
    done = subprocess.run(["/bin/sh", "-c", f"{command} {redirection}"], check=False, **how)
    return done.returncode, done.stdout, done.stderr


QUICK = ("compare", "--days", "3", "--settlement-days", "0", "--paths", "20", "--format", "json")


@POSIX
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
@pytest.mark.few(1)
def test_a_closed_or_full_standard_error_changes_no_result(redirection):
    code, out, err = shell(redirection, *QUICK)
    assert (code, err) == (0, "")
    assert json.loads(out)["n_paths"] == 20
    assert shell(redirection, "compare", "--confidence-level", "95") == (2, "", "")


@POSIX
@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">&-", "it is closed"), (">/dev/full", "no space left on device"), ("1</dev/null", "bad file descriptor")],
)
@pytest.mark.few(1)
def test_a_result_that_cannot_be_written_is_told_and_has_a_code_of_its_own(redirection, reason):
    sentence = f"stakingmodels: error: cannot write to the standard output: {reason}\n"
    assert shell(redirection, *QUICK) == (3, "", sentence)
    assert shell(f"{redirection} 2>&-", "--version")[0] == 3


@POSIX
@pytest.mark.parametrize("words", [("--help",), ("--version",), ("quote", "staking pool")], ids=lambda w: w[0])
@pytest.mark.few(1)
def test_whatever_is_asked_for_is_told_to_be_lost(words):
    sentence = "stakingmodels: error: cannot write to the standard output: no space left on device\n"
    assert shell(">/dev/full", *words) == (3, "", sentence)


@POSIX
@pytest.mark.parametrize("mode", [">", ">>"])
@pytest.mark.few(1)
def test_a_disk_that_fills_leaves_no_half_of_a_result(tmp_path, mode):
    path = tmp_path / "result.json"
    path.write_text("before\n" if mode == ">>" else "")
    limit = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (600, 600)); "
    script = limit + "import stakingmodels.cli as c, sys; sys.exit(c.main(sys.argv[1:]))"
    told = "stakingmodels: error: cannot write to the standard output: file too large\n"
    assert shell(f"{mode} {shlex.quote(str(path))}", *QUICK, before=("-c", script)) == (3, "", told)
    assert path.read_text() == ("before\n" if mode == ">>" else "")


def test_a_second_ctrl_c_does_not_lose_the_table_and_a_third_ends_it(run, monkeypatch):
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        monkeypatch.setattr("stakingmodels.cli.compare.compare", pressing(1))
        assert run(*QUICK)[:2] == (130, "")
        monkeypatch.setattr("stakingmodels.cli.compare.simulate", interrupted_simulate)
        code, out, err = run("compare", "--days", "2", "--settlement-days", "0", "--paths", "20000")
        assert (code, err) == (130, "")
        assert "16,384 of 20,000 paths," in out
        monkeypatch.setattr("stakingmodels.cli.compare.compare", pressing(2))
        assert run("compare", "--days", "2", "--settlement-days", "0", "--paths", "20000")[:2] == (130, "")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, handler)


def pressing(times):
    """A comparison during which Ctrl-C is pressed."""

    def pressed(*results, **options):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return compare(*results, **options)

    return pressed


def interrupted_simulate(*products, **options):
    def progress(*_):
        signal.raise_signal(signal.SIGINT)

    return simulate(*products, **options | {"progress": progress})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a child alone")
def test_ctrl_c_ends_with_130_and_no_traceback():
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # ignored in the background
        "import stakingmodels.cli as c; print('ready', flush=True); exit(c.main(['compare', '--paths', '900000']))"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=PIPE, stderr=PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        time.sleep(2.0)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (130, "")
    assert not out or "interrupted" in out


def test_ctrl_c_shows_the_blocks_that_are_done(run, monkeypatch):
    def interrupted(*products, **options):
        def progress(*_):
            raise KeyboardInterrupt

        return simulate(*products, **options | {"progress": progress})

    monkeypatch.setattr("stakingmodels.cli.compare.simulate", interrupted)
    code, out, _ = run("compare", "--days", "2", "--settlement-days", "0", "--paths", "20000")
    assert code == 130
    assert "16,384 of 20,000 paths," in out


def test_ctrl_c_is_130(run, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("stakingmodels.cli.compare.simulate", interrupted)
    assert run(*FAST) == (130, "", "")


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_are_no_errors(capsys, option):
    with pytest.raises(SystemExit) as stopped:
        cli.main([option])
    assert stopped.value.code == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "stakingmodels" in told.out


def test_the_version_is_that_of_the_library(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"stakingmodels {stakingmodels.__version__}\n"


def test_help_names_every_factor_and_default(capsys):
    with pytest.raises(SystemExit):
        cli.main(["compare", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for word in (*cli.FACTORS, "default: 100000", "default: 365", "default: 60", "default: 10000", "default: 1,"):
        assert word in text


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("with_rich", [True, False])
def test_progress_goes_to_a_terminal_and_nowhere_else(monkeypatch, capsys, with_rich):
    if with_rich:
        pytest.importorskip("rich")
    else:
        for module in [name for name in sys.modules if name.partition(".")[0] == "rich"]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, "rich", None)
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert cli.main(list(FAST)) == 0
    assert "simulate" in screen.getvalue()
    assert "simulate" not in capsys.readouterr().out


@pytest.mark.once
def test_names_that_the_terminal_cannot_show_are_escaped(files, tmp_path):
    path = tmp_path / "h\u00e4user.csv"
    path.write_bytes(files["Price:ETH"].read_bytes())
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    words = ("compare", "--history", f"Price:ETH={path}", "--days", "5", "--settlement-days", "0", "--verbose")
    with process(*words, env=environment) as running:
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (0, "")
    assert "user.csv" in out


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("--level", "--confidence-level"),
        ("--tail=3", "--settlement-days"),
        ("--n-paths", "--paths"),
        ("--sed", "--seed"),
    ],
)
def test_an_option_by_another_word_is_told_its_name(run, given, meant):
    assert run("compare", given, "1")[2].endswith(f"unknown option (did you mean {meant}?)\n")
