"""``stakingmodels compare --plot``: a picture of the answer beside the table."""

import pytest

from stakingmodels.cli import main

FAST = ["compare", "--days", "5", "--settlement-days", "40", "--paths", "40"]


@pytest.fixture
def few(tmp_path):
    """A run of one product that takes little."""
    terms = tmp_path / "mine.toml"
    terms.write_text('[pool]\nkind = "StakingPool"\n', encoding="utf-8")
    return [*FAST, "--products", str(terms)]


def test_the_picture_has_the_rows_of_the_table(few, tmp_path, capsys):
    file = tmp_path / "answer.svg"
    assert main([*few, "--plot", str(file)]) == 0
    told = capsys.readouterr()
    assert "staking pool" in told.out
    picture = file.read_text(encoding="utf-8")
    assert ">staking pool</text>" in picture
    assert ">average change in coins (% a year)</text>" in picture


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("answer.gif", "--plot: must end with one of .svg, .png, .pdf"),
        ("none/answer.svg", "answer.svg: cannot be written: there is no folder"),
        ("there.svg", "there.svg: is there already, and is left as it is (--force replaces it)"),
    ],
)
def test_what_it_refuses_before_the_run(few, tmp_path, capsys, name, said):
    (tmp_path / "there.svg").write_text("kept")
    assert main([*few, "--plot", str(tmp_path / name)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert (tmp_path / "there.svg").read_text() == "kept"


def test_force_replaces_a_picture(few, tmp_path):
    file = tmp_path / "there.svg"
    file.write_text("old")
    assert main([*few, "--plot", str(file), "--force"]) == 0
    assert file.read_text(encoding="utf-8").startswith("<?xml")


def test_the_table_is_printed_where_the_picture_cannot_be_written(few, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    file = tmp_path / "answer.svg"
    monkeypatch.setattr("os.fsync", full)
    assert main([*few, "--plot", str(file)]) == 3
    told = capsys.readouterr()
    assert "staking pool" in told.out
    assert told.err == "stakingmodels: error: cannot write to answer.svg: no space left on device\n"
    assert not file.exists()
