"""The numbers of docs/explanation/backtest.md are those that benchmarks/backtest.py counts on the real data."""

import importlib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

numbers = importlib.import_module("benchmarks.backtest")
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {
    "explanation/backtest.md": ("hold ETH", "hold BTC", "staking pool", "solo validator", "cloud mining", " to ", ", "),
    "zh-TW/explanation/backtest.md": ("持有 ETH", "持有 BTC", "質押池", "自營驗證者", "雲端挖礦", " 至 ", "、"),
}


@pytest.fixture(scope="module")
def counted(shared_data):
    coins, network = numbers.histories(shared_data / "data")
    held = numbers.run(numbers.STAKERS, coins, days=30, first=numbers.SINCE)
    mined = numbers.run(numbers.miners(30), network, days=30, first=numbers.MINING_SINCE)
    contract = mined.coverage()[1], mined.histogram(5)["cloud mining"]
    return [*zip(held.coverage(), held.histogram(5).values(), strict=True), contract]


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_thirty_days(page, counted):
    *names, to, comma = PAGES[page]
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    for name, (c, fifths) in zip(names, counted, strict=True):
        row = next(line for line in lines if line.startswith(f"| {name} | 20"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[2:6] == [str(n) for n in (c.n_windows, c.n_inside, c.n_below, c.n_above)]
        assert cells[6:] == [f"{c.share:.1%}".replace("%", " %"), _interval(c, to), comma.join(map(str, fifths))]


def _interval(c, to):
    return f"{c.ci_low:.0%}{to}{c.ci_high:.0%}".replace("%", " %")
