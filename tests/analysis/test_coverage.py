"""`Backtest`: counts, ranks and intervals of rows made by hand."""

import json
from typing import Any

import pytest
from scipy import stats

from stakingmodels.analysis import Backtest, BacktestRow
from stakingmodels.errors import InputError


def row(product, rank, start="2024-01-01"):
    """A row whose band is -0.4 to 0.4 and whose realised return is ``rank - 0.5``."""
    realised = rank - 0.5
    return BacktestRow(
        product=product,
        start=start,
        end="2024-01-31",
        realized=realised,
        low=-0.4,
        median=0.0,
        high=0.4,
        pit=rank,
        inside=-0.4 <= realised <= 0.4,
    )


def made(*rows, **changes):
    terms: dict[str, Any] = {
        "band": (0.1, 0.9),
        "skipped": {},
        "days": 30,
        "settlement_days": 0,
        "lookback_days": None,
        "n_paths": 100,
        "entropy": 7,
    }
    return Backtest(rows=rows, **(terms | changes))


FOUND = made(
    row("a", 0.05), row("b", 0.5), row("a", 0.30), row("a", 0.95), row("a", 0.99), row("a", 1.0, start="2025-01-01")
)


def test_what_is_counted():
    a, b = FOUND.coverage()
    assert (a.product, a.n_windows, a.n_inside, a.n_below, a.n_above) == ("a", 5, 1, 1, 3)
    assert (b.product, b.n_windows, b.n_inside, b.n_below, b.n_above) == ("b", 1, 1, 0, 0)
    assert a.share == 0.2
    assert a.expected == pytest.approx(0.8)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_intervals_are_exact(level):
    exact = stats.binomtest(1, 5).proportion_ci(confidence_level=level, method="exact")
    a = FOUND.coverage(confidence_level=level)[0]
    assert (a.ci_low, a.ci_high) == pytest.approx((exact.low, exact.high), abs=1e-11)


def test_ranks_are_those_of_one_product():
    assert FOUND.pits("a").tolist() == [0.05, 0.30, 0.95, 0.99, 1.0]
    with pytest.raises(InputError, match=r"Backtest\.pits: product: must be one of 'a', 'b', got 'c'"):
        FOUND.pits("c")


def test_ranks_by_bins():
    assert FOUND.histogram(5) == {"a": (1, 1, 0, 0, 3), "b": (0, 0, 1, 0, 0)}
    assert FOUND.histogram()["a"] == (1, 0, 0, 1, 0, 0, 0, 0, 0, 3)
    with pytest.raises(InputError, match=r"Backtest\.histogram: bins"):
        FOUND.histogram(1)


def test_the_table():
    found = made(*FOUND.rows, skipped={"c": "left out"}, settlement_days=7, lookback_days=400)
    lines = found.table().to_text(width=120).splitlines()
    assert lines[0].startswith("Windows of 30 days and 7 for queues, started 2024-01-01 to 2025-01-01")
    assert lines[0].endswith("band 10% to 90%, so 80% expected")
    assert lines[1] == "Measured on 400 days before each start; 100 paths a window, seed 7"
    assert lines[4].split()[:6] == ["a", "5", "1", "1", "3", "20.0%"]
    assert lines[4].endswith(" 1  1  0  0  3")
    assert lines[-1] == "c        left out"
    assert "Measured on all days" in str(FOUND)


def test_a_data_frame():
    frame = FOUND.to_frame()
    assert frame.index.tolist() == ["a", "b", "a", "a", "a", "a"]
    assert frame.loc["a", "pit"].tolist() == FOUND.pits("a").tolist()
    assert frame.columns.tolist() == ["start", "end", "realized", "low", "median", "high", "pit", "inside"]


def test_plain_numbers():
    plain = json.loads(json.dumps(FOUND.to_dict()))
    assert plain["seed"] == 7
    assert plain["band"] == [0.1, 0.9]
    assert plain["coverage"][0]["n_inside"] == 1
    assert [each["product"] for each in plain["rows"]] == ["a", "b", "a", "a", "a", "a"]
