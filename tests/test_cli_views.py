"""Views of prices on the command line: what ``--if`` takes, prints and refuses."""

import json
from typing import Any

import pytest

from stakingmodels import cli, compare, products, scenarios, simulate
from stakingmodels.market import TimeGrid

FAST = ("compare", "--days", "5", "--settlement-days", "40", "--paths", "50")


@pytest.fixture
def run(capsys):
    """Runs the command line in this process: exit code, output, errors."""

    def call(*arguments):
        code = cli.main([*FAST, *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def views(text):
    found = text.split("Average money at the end")[1].strip().split("\n\n")[0].split("\n")
    return [*map(str.strip, found[1].split("  "))], [line.split("  ")[0] for line in found[3:]]


def test_the_view_of_a_coin_is_printed_for_its_rows(run):
    code, out, err = run("--if", "ETH=-50%")
    assert (code, err) == (0, "")
    headers, rows = views(out)
    assert headers[-1] == "ETH -50%"
    assert rows == ["hold ETH", "solo validator", "staking pool", "liquid token", "exchange earn"]


def test_it_is_that_of_the_library(run):
    code, out, _ = run("--if", "ETH=-50%,BTC=x2", "--if", "x0.5", "--if", "BTC=+100%", "--format", "json")
    assert code == 0
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=5, settlement_days=40)
    how: dict[str, Any] = {"capital": 1e5, "n_paths": 50, "rng": 1, "event_sampling": "stratified"}
    results = simulate(products.reference(), scenarios.reference(), grid, **how)
    expected = compare(results).price_views([{"ETH": -0.5, "BTC": 1.0}, -0.5, {"BTC": 1.0}]).to_dict()
    assert json.loads(out)["price_views"] == json.loads(json.dumps(expected))


def test_in_chinese(run):
    code, out, _ = run("--if", "BTC=x2", "--lang", "zh-TW")
    assert code == 0
    assert "期末平均有多少 USD" in out
    assert "BTC +100%" in out


def test_without_it_there_is_none(run):
    _, out, _ = run("--format", "json")
    assert json.loads(out)["price_views"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ETH=2000", "must be a percent or a multiple, not a level or a fraction, got 'ETH=2000' (write ETH=-50%"),
        ("ETH=-0.5", "must be a percent or a multiple, not a level or a fraction, got 'ETH=-0.5' (write ETH=-50%"),
        ("ETH=-x2", "must be a percent or a multiple"),
        ("ETH=x50%", "must be a percent or a multiple"),
        ("ETH=50%", "must have a sign where it is a percent, got 'ETH=50%' (write +50% for a rise by it, or x0.5 for"),
        ("ETH=half", "must be a change of a coin's price, got 'ETH=half' (write ETH=-50%"),
        ("ETH", "must be a change of a coin's price, got 'ETH'"),
        ("", "must be a change of a coin's price, got ''"),
        ("ETH=-50%,", "must be a change of a coin's price, got 'ETH=-50%,'"),
        ("ETH=-100%", "must be above -100% (x0) and at most +900% (x10), got 'ETH=-100%'"),
        ("ETH=x0", "must be above -100% (x0)"),
        ("ETH=x11", "must be above -100% (x0) and at most +900% (x10), got 'ETH=x11'"),
        ("ETH=-50%,x2", "must name each coin once, where it names several, got 'ETH=-50%,x2'"),
        ("ETH=-50%,ETH=x2", "must name each coin once, where it names several, got 'ETH=-50%,ETH=x2'"),
        ("SOL=x2", "coin: must be the coin of a row, of which there are BTC, ETH, got 'SOL'"),
        ("eth=x2", "got 'eth' (did you mean ETH?)"),
    ],
)
def test_what_is_ambiguous_or_wrong_gets_one_sentence(run, text, message):
    code, out, err = run("--if", text)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("stakingmodels: error: --if: ")
    assert message in err


def test_no_change_needs_no_sign(run):
    code, out, _ = run("--if", "ETH=0%")
    assert code == 0
    assert views(out)[0][-1] == "ETH 0%"


def test_the_rows_as_csv_have_no_view(run):
    code, out, err = run("--if", "ETH=x2", "--format", "csv")
    assert (code, out) == (2, "")
    assert err == "stakingmodels: error: --if: its table is not in the CSV of the rows (write --format table or json)\n"
