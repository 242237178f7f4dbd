"""Files of the command line: saved, shown again, never overwritten by accident; and the schema."""

import json
import os
from pathlib import Path

import pytest

from stakingmodels import InputError, cli, ratecard
from stakingmodels.serialize import load, repeat, schema
from stakingmodels.serialize.disk import check_target, shown

FAST = ("compare", "--days", "5", "--settlement-days", "40", "--paths", "50")


@pytest.fixture
def run(capsys):
    """Runs the command line in this process: exit code, output, errors."""

    def call(*arguments):
        code = cli.main([*map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.once
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
    "another file": (["--load", "README.md"], "README.md: must be a file that stakingmodels saved; it is another file"),
    "a picture": (["--load", "p.png"], "p.png: must be a file that stakingmodels saved; it is another file"),
    "40 columns": (
        ["--width", "40"],
        "--width: must be at least 80 columns, got 40 (--format csv and json fit any width)",
    ),
    "a column too many": (["--width", "1001"], "--width: must be at most 1,000 columns, got 1001"),
    "no file": (["--load", "none.npz"], "none.npz: cannot be read: no such file or directory"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_before_a_run(name, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("# A page\n")
    (tmp_path / "p.png").write_bytes(b"\x89PNG\r\n")
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
    for given, told in (((), 0.99), (("--confidence-level", "0.95"), 0.95)):
        assert json.loads(run("compare", "--load", file, "--format", "json", *given)[1])["confidence_level"] == told


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


@pytest.mark.parametrize("option", ["--save", "--plot"])
def test_the_command_line_says_of_a_file_what_the_library_says(option, run, tmp_path, monkeypatch):
    """All that write a file refuse it in the same words; only the way to replace it has another name."""
    monkeypatch.chdir(tmp_path)
    name = "run.npz" if option == "--save" else "run.svg"
    (tmp_path / name).write_text("mine")
    for path, told in ((name, f"{name}: is there already, and is left as it is"), (f"no/{name}", f"{name}: cannot be")):
        heard = {run("compare", option, path)[2].removeprefix("stakingmodels: error: ").rstrip()}
        with pytest.raises(InputError) as caught:
            check_target(shown(Path(path)), Path(path), force=False)
        assert heard == {str(caught.value).replace("force=True", "--force")}
        assert str(caught.value).startswith(told)


def test_a_missing_file_of_prices_is_named_without_an_option_that_was_not_given(run):
    assert run("fit", "Price:ETH=none.csv")[2] == (
        "stakingmodels: error: none.csv: cannot be read: no such file or directory\n"
    )


def ranking(out):
    found = json.loads(out)
    return found["ranked_by"], [row["product"] for row in found["rows"] if not row["skipped"]]


def test_a_saved_ranking_is_kept_where_the_file_is_read_in_another_way(run, tmp_path):
    """Its column and the rows that its bounds left out; unless the bounds are of another level, which is said."""
    file = tmp_path / "run.npz"
    run(*FAST, "--rank", "expected_shortfall", "--max-days-to-cash", "8", "--save", file)
    read = ("compare", "--load", file, "--format", "json")
    kept = ranking(run(*read)[1])
    assert kept[0] == "expected_shortfall"
    assert 2 <= len(kept[1]) < 7
    for other in (["--benchmark", "hold ETH"], ["--if", "ETH=x2"], ["--confidence-level", "0.95"]):
        code, out, err = run(*read, *other)
        assert (code, ranking(out), err) == (0, kept, "")
    code, out, err = run(*read, "--confidence-level", "0.9")
    by, rows = ranking(out)
    assert by == "expected_shortfall"
    assert len(rows) > len(kept[1])
    assert err.startswith("stakingmodels: warning: --load: ")
    assert err.endswith("shown at 0.9 (give the bounds again, such as --max-days-to-cash)\n")
    assert ranking(run(*read, "--max-days-to-cash", "4")[1])[0] == "expected_shortfall"
    assert ranking(run(*read, "--rank", "return_median", "--benchmark", "hold ETH")[1])[0] == "return_median"
