"""Files of the command line: saved, shown again, never overwritten by accident; and the schema."""

import json
import os

import pytest

from stakingmodels import cli, ratecard
from stakingmodels.serialize import load, repeat, schema

FAST = ("compare", "--days", "5", "--settlement-days", "40", "--paths", "50")


@pytest.fixture
def run(capsys):
    """Runs the command line in this process: exit code, output, errors."""

    def call(*arguments):
        code = cli.main([*map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_a_saved_comparison_is_shown_again(run, tmp_path):
    file = tmp_path / "run.npz"
    code, out, err = run(*FAST, "--save", file, "--if", "ETH=x2")
    assert (code, err) == (0, "")
    assert run("compare", "--load", file) == (0, out, "")
    assert load(file).results.n_paths == 50
    assert repeat(file).equal
    code, ranked, _ = run("compare", "--load", file, "--rank", "return_median", "--format", "csv")
    assert code == 0
    assert ranked == run(*FAST, "--rank", "return_median", "--format", "csv")[1]
    _, other, _ = run(
        "compare", "--load", file, "--confidence-level", "0.9", "--benchmark", "hold ETH", "--format", "json"
    )
    assert (json.loads(other)["confidence_level"], json.loads(other)["benchmark"]) == (0.9, "hold ETH")
    assert json.loads(other)["price_views"] is not None


def test_a_file_is_not_overwritten(run, tmp_path):
    file = tmp_path / "run.npz"
    file.write_text("mine")
    code, out, err = run(*FAST, "--save", file)
    assert (code, out) == (2, "")
    assert err == "stakingmodels: error: run.npz: is there already, and is left as it is (--force replaces it)\n"
    assert file.read_text() == "mine"
    assert run(*FAST, "--save", file, "--force")[0] == 0
    assert load(file).results.n_paths == 50


REFUSED = {
    "another ending": (["--save", "run.json"], "--save: must end in .npz, got 'run.json' (write run.npz)"),
    "no folder": (["--save", "none/run.npz"], "run.npz: cannot be written: there is no folder 'none'"),
    "force alone": (["--force"], "--force: only goes with an option that writes a file"),
    "no file": (["--load", "none.npz"], "none.npz: cannot be read: no such file or directory"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_before_a_run(name, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, told = REFUSED[name]
    assert run("compare", *arguments) == (2, "", f"stakingmodels: error: {told}\n")


@pytest.mark.parametrize(
    "option", [["--days", "9"], ["--seed", "2"], ["--capital", "5"], ["--history", "Price:ETH=x.csv"]]
)
def test_options_of_a_run_do_not_go_with_a_file(option, run):
    told = f"{option[0]}: does not go with --load, since the run is in the file"
    assert run("compare", "--load", "x.npz", *option) == (2, "", f"stakingmodels: error: {told}\n")


def test_what_was_computed_is_printed_though_it_cannot_be_saved(run, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    code, out, err = run(*FAST, "--save", tmp_path / "run.npz")
    assert code == 3
    assert "staking pool" in out
    assert err == "stakingmodels: error: cannot write to run.npz: no space left on device\n"
    assert list(tmp_path.iterdir()) == []


def test_the_schema(run):
    assert json.loads(run("schema")[1]) == schema()
    assert json.loads(run("schema", "StakingPool")[1]) == schema("StakingPool")
    code, _, err = run("schema", "StakingPol")
    assert (code, err.count("\n")) == (2, 1)
    assert "did you mean StakingPool?" in err


def test_a_level_that_is_asked_for_is_shown_though_it_is_the_usual_one(run, tmp_path):
    file = tmp_path / "run.npz"
    assert run(*FAST, "--confidence-level", "0.99", "--save", file)[0] == 0
    for given, shown in (((), 0.99), (("--confidence-level", "0.95"), 0.95)):
        assert json.loads(run("compare", "--load", file, "--format", "json", *given)[1])["confidence_level"] == shown


def test_an_option_that_is_given_counts_even_where_it_is_the_usual_one(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*FAST, "--save", file)
    code, _, err = run("compare", "--load", file, "--days", "365")
    assert (code, err) == (
        2,
        "stakingmodels: error: --days: does not go with --load, since the run is in the file\n",
    )


def test_a_folder_is_named_where_a_file_is_meant(run):
    assert run("compare", "--load", ".")[2].startswith("stakingmodels: error: .: must be a regular file")
    assert "got '.'" in run(*FAST, "--save", ".")[2]


def test_a_folder_that_cannot_be_written_in_is_refused_before_the_run(run, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, _: path.name != tmp_path.name)
    code, out, err = run(*FAST, "--save", tmp_path / "run.npz")
    assert (code, out, err) == (2, "", "stakingmodels: error: run.npz: cannot be written: permission denied\n")


def test_the_schema_of_rate_cards_is_printed(run):
    for name in ("ratecard", "RateCard"):
        code, out, _ = run("schema", name)
        assert (code, json.loads(out)) == (0, ratecard.schema())
