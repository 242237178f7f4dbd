"""How a comparison reads: as plain text without any extra, and as HTML."""

import sys

import numpy as np
import pytest

from stakingmodels import (
    APR,
    GBM,
    BlockFees,
    CloudMiningContract,
    Constants,
    Difficulty,
    GeometricBrownianMotion,
    History,
    Holding,
    Joint,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.scenarios import daily_series


@pytest.fixture(scope="module")
def reference():
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
    return compare(simulate(products.reference(), scenarios.reference(), grid, capital=1501.5, n_paths=200, rng=3))


@pytest.fixture(scope="module")
def windows():
    days = np.datetime64("2025-01-01") + np.arange(400)
    history = History({Price("ETH"): daily_series(days, np.linspace(3000.0, 2000.0, 400), name="made up")})
    world = Joint([history, Constants({StakingReward("ETH"): APR(0.03)})])
    rows = {"pool": StakingPool(asset="ETH"), "hold BTC": Holding(asset="BTC")}
    return compare(simulate(rows, world, history.grid(days=30), capital=1000.0, rng=3, on_missing="skip"))


def test_a_table_in_full():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)})
    rows = {"hold": Holding(asset="ETH"), "pool": StakingPool(asset="ETH", unbonding_days=2.0)}
    grid = TimeGrid.daily("2026-01-01", days=10, settlement_days=2)
    text = compare(simulate(rows, world, grid, capital=1000.0, n_paths=4, rng=3)).details().to_text(width=120)
    assert text.startswith(
        "1,000 USD put in on 2026-01-01 for 10 days, then up to 2 to get the money out\n"
        "\n"
        "Return in USD\n"
        "product  coin    mean  median  5% end below  5% end above  vs own coin (s.e.)  vs cash (s.e.)  eff. N\n"
        "-------  ----  ------  ------  ------------  ------------  ------------------  --------------  ------\n"
        "hold     ETH    0.00%   0.00%         0.00%         0.00%       0.00% (0.00%)   0.00% (0.00%)     4.0\n"
        "pool     ETH   +0.09%  +0.09%        +0.09%        +0.09%      +0.09% (0.00%)  +0.09% (0.00%)     4.0\n"
        "\n"
        "Rewards, costs and risk\n"
        "product   gross  no event     net   cost  P(loss)  VaR 95%  ES 95%  worst 5% lost by  days to cash\n"
        "-------  ------  --------  ------  -----  -------  -------  ------  ----------------  ------------\n"
        "hold      0.00%     0.00%   0.00%  0.00%    0.00%    0.00%   0.00%           no loss             0\n"
        "pool     +3.65%    +3.29%  +3.29%  0.01%    0.00%   -0.09%  -0.09%           no loss             2\n"
        "\n"
        "Share of the money put in that is back after the exit, on 95% of the paths at least\n"
        "product    1 day   7 days  30 days  90 days  365 days\n"
        "-------  -------  -------  -------  -------  --------\n"
        "hold     100.00%  100.00%  100.00%  100.00%   100.00%\n"
        "pool       0.00%  100.09%  100.09%  100.09%   100.09%\n"
        "\n"
        "How to read it\n"
    )


@pytest.mark.once
def test_a_table_with_names_of_usual_length_is_120_wide(reference, windows):
    for comparison in (reference, windows):
        assert max(len(line) for line in comparison.details().to_text().splitlines()) <= 100


def test_no_line_ends_in_blanks(reference):
    assert all(line == line.rstrip() for line in reference.details().to_text().splitlines())


@pytest.mark.parametrize(
    "told",
    [
        "1,501.50 USD put in on 2026-01-01 for 365 days, then up to 60",
        "N = 200 independent paths",
        "Seed 3 repeats the run",
        "Benchmark of each row: its own coin",
        "Risk-free rate 3.70% a year",
        "(s.e.): its standard error",
        "mean growth +3.70% APY, median",
    ],
)
def test_what_it_rests_on_is_told(reference, told):
    assert told in reference.details().to_text()
    assert told in reference.details().to_html()


def test_tails_are_told_with_their_standard_errors(reference):
    text = " ".join(reference.details().to_text().split())
    pool = next(row for row in reference.rows if row.product == "staking pool")
    assert "Standard errors of VaR and ES 95%: hold ETH " in text
    assert f"; staking pool {pool.value_at_risk_error:.2%}, {pool.expected_shortfall_error:.2%};" in text


def test_tails_of_too_few_paths_have_none(reference):
    results = reference.results
    few = simulate({"hold": Holding(asset="ETH")}, results.scenario, results.grid, capital=1.0, n_paths=3, rng=1)
    assert "Standard errors of VaR" not in compare(few).details().to_text()


def test_notes_are_those_of_factors_that_a_row_reads(reference):
    whole = reference.details().to_text()
    assert "SOL" not in whole
    assert 'MarketRatio("stETH")' in whole
    few = reference.rank(max_days_to_cash=1.0)
    assert [row.product for row in few.rows if row.coin == "ETH"] == ["hold ETH"]
    text = few.details().to_text()
    for gone in ("stETH", "StakingReward", "waits of ETH", "slashing:", "exploit:"):
        assert gone in whole
        assert gone not in text
    for kept in ('Price("ETH") lognormal', 'Difficulty("BTC")', 'CashRate("USD")', "provider:cloud mining"):
        assert kept in text


def test_notes_of_what_a_factor_depends_on_stay():
    grid = TimeGrid.daily("2026-01-01", days=5)
    rows = {"mine": CloudMiningContract()}
    text = (
        compare(simulate(rows, scenarios.reference(miners=True), grid, capital=1e4, n_paths=5, rng=1))
        .details()
        .to_text()
    )
    assert 'Hashrate("BTC") follows hashprice' in text
    assert "ETH" not in text.split("What it rests on")[1].split("\n\n")[0]


def test_nothing_is_said_of_windows_where_paths_are_drawn(reference):
    assert "Newey-West" not in reference.details().to_text()


def test_windows_are_told_with_their_lag_and_how_many_lie_apart(windows):
    text = " ".join(windows.details().to_text().split())
    assert "N = 370 overlapping windows of one record" in text
    assert "Newey-West with lag 29" in text
    assert "no less than those of the 13.3 windows that could lie apart" in text
    assert "made up, 2025-01-01 to 2026-02-04" in text


def test_windows_of_one_day_do_not_overlap(windows):
    history = windows.results.scenario.parts[0]
    grid = history.grid(days=1)
    text = compare(simulate({"hold": Holding(asset="ETH")}, history, grid, capital=1.0, rng=1)).details().to_text()
    assert "N = 399 windows of one record that do not overlap" in text
    assert text.startswith("1 USD for 1 day\n")


def test_windows_have_no_day_of_their_own(windows):
    assert windows.details().to_text().startswith("1,000 USD for 30 days\n")


def test_the_effective_number_of_windows_stands_in_the_table(windows):
    line = next(line for line in windows.details().to_text().splitlines() if line.startswith("pool"))
    assert line.endswith(f"  {windows.rows[0].effective_paths:.1f}")


def test_what_was_left_out_stands_below_the_rows(windows):
    lines = windows.details().to_text().splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("pool"))
    assert lines[place + 1].startswith('hold BTC  left out: needs Price("BTC")')


def test_every_column_is_explained(reference):
    tables, legend = reference.details().to_text(width=120).split("How to read it")
    headers = [line for line in tables.splitlines() if line.startswith("product")]
    for word in ("mean", "median", "5% end below", "5% end above", "vs", "(s.e.)", "eff. N", "cost", "P(loss)"):
        assert any(word in header for header in headers)
        assert word in legend
    for word in ("gross, no event, net", "VaR, ES", "by causes", "days to cash"):
        assert word in legend


def test_the_ladder_is_shown_where_money_takes_time(reference, windows):
    for shown, comparison in ((True, reference), (False, windows)):
        assert any(row.days_to_cash > 0.0 for row in comparison.rows) == shown
        for text in (comparison.details().to_text(), comparison.details().to_html()):
            assert ("Share of the money put in that is back" in text) == shown
            assert ("Share back:" in text) == shown


def test_rungs_that_are_not_known_are_a_dash():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)})
    grid = TimeGrid.daily("2026-01-01", days=10, settlement_days=10)
    rows = {"pool": StakingPool(asset="ETH", unbonding_days=20.0)}
    text = compare(simulate(rows, world, grid, capital=1000.0, n_paths=1, rng=3)).details().to_text()
    assert "pool     0.00%   0.00%        -        -         -\n" in text


def test_what_a_contract_paid_out_stands_beside_what_is_left_of_it():
    world = Constants({Price("BTC"): 6e4, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.02})
    grid = TimeGrid.daily("2026-01-01", days=360)
    contract = CloudMiningContract(electricity_usd_per_th_day=0.01, minimum_payout_btc=0.0)
    results = simulate({"mine": contract}, world, grid, capital=1000.0, n_paths=1, rng=1)
    payout = float(results["mine"].yields().payout_ratio[0])
    told = f"mine: paid out {payout:.2%} of the contract's price after running costs, on average: {payout - 1:+.2%} net"
    assert told in " ".join(compare(results).details().to_text().split())


def test_the_order_is_told(reference):
    assert "Rows are ranked" not in reference.details().to_text()
    assert "Rows are ranked by cost, best first." in reference.rank("cost").details().to_text()


def test_a_comparison_without_rows_still_shows(windows):
    nothing = windows.rank(max_es=0.0)
    assert nothing.rows == ()
    for text in (nothing.details().to_text(), nothing.details().to_html()):
        assert "is above 0.00%" in text


def test_one_path_is_called_one_path():
    world = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)})
    grid = TimeGrid.daily("2026-01-01", days=3)
    text = (
        compare(simulate({"hold": Holding(asset="ETH")}, world, grid, capital=1.0, n_paths=1, rng=1))
        .details()
        .to_text()
    )
    assert "N = 1 path, which tells nothing about chance" in text
    assert "(-)" in text


@pytest.mark.parametrize("module", ["rich", "pandas"])
def test_text_and_html_need_no_extra(windows, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    assert windows.details().to_text()
    assert windows.details().to_html()


def test_html_escapes_names():
    world = Constants({Price("ETH"): 3000.0})
    grid = TimeGrid.daily("2026-01-01", days=3)
    rows = {"<b>": Holding(asset="ETH"), "<i>": Holding(asset="BTC")}
    page = compare(simulate(rows, world, grid, capital=1.0, n_paths=1, rng=1, on_missing="skip")).details().to_html()
    assert "&lt;b&gt;" in page
    assert '<td>&lt;i&gt;</td><td colspan="8">left out: ' in page
    assert "<b>" not in page
    assert "<i>" not in page
