"""What `--sampling quasi` refuses is said in words of the command line."""

import numpy as np
import pytest

from stakingmodels.cli import main


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--paths", "1000"], "--paths: must be a power of two and at least the 64 replicates"),
        (["--paths", "1000"], "got 1000 (write 1024, or leave --sampling out)"),
        (["--paths", "1300"], "got 1300 (write 1024, or leave --sampling out)"),
        (["--paths", "20"], "got 20 (write 64, or leave --sampling out)"),
    ],
)
def test_a_number_of_paths_that_is_no_power_of_two(capsys, line, said):
    assert main(["compare", "--sampling", "quasi", *line]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "simulate" not in told.err


def test_a_record_draws_nothing(capsys, tmp_path):
    prices = tmp_path / "eth.csv"
    days = np.arange("2026-01-01", "2026-05-01", dtype="M8[D]")
    prices.write_text("date,close\n" + "".join(f"{day},3000.0\n" for day in days))
    line = ["compare", "--sampling", "quasi", "--history", f"Price:ETH={prices}", "--days", "5"]
    assert main(line) == 2
    told = capsys.readouterr().err
    assert "--sampling: must be 'independent' in a scenario of recorded paths, where nothing is drawn" in told
    assert "QuasiRandom" not in told
