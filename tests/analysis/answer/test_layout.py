"""The short table as printed: in full, numbers computed again from the paths, in no more lines than promised."""

import re
import warnings
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    GBM,
    Constants,
    Event,
    Holding,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.analysis.answer.contents import answer_of
from stakingmodels.analysis.answer.layout import FULL, LINES, Layout
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.products import Failure
from stakingmodels.products.reference import POOL_FAILURES
from stakingmodels.scenarios import GeometricBrownianMotion
from stakingmodels.wrapping import width
from tests.analysis.answer.test_views import Both
from tests.corpus import products as corpus
from tests.corpus import worlds
from tests.examples import examples

pytestmark = pytest.mark.once

LANGUAGES = ("en", "zh-TW")
PRINTED = Path(__file__).parent / "printed"
CAPITAL = 100_000.0
YEAR = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
SHORT = TimeGrid.daily(scenarios.REFERENCE_START, days=90, settlement_days=60)
FAILURES = {
    "solo validator": (0.0002, 0.00198),
    "staking pool": (0.01, 0.5),
    "liquid token": (0.01, 0.5),
    "exchange earn": (0.02, 0.5),
    "cloud mining": (0.1, 1.0),
}
"""Hazard and loss of the worst failure of each row."""


@pytest.fixture(scope="module")
def results():
    rows = products.reference()
    return simulate(
        rows, scenarios.reference(), YEAR, capital=CAPITAL, n_paths=10_000, rng=1, event_sampling="stratified"
    )


@pytest.fixture(scope="module")
def comparison(results):
    return compare(results)


# Numbers, from the arrays of the outcomes by numpy alone


def hundreds(money):
    return f"{round(money / 100.0) * 100:,}"


def held(outcome):
    """Money at the end of holding the coin: 1 path in 20 below, the middle, 1 in 20 above."""
    ordered = np.sort(CAPITAL * outcome.closing / outcome.capital)
    n = ordered.size
    return [hundreds(x) for x in (ordered[n // 20], (ordered[n // 2 - 1] + ordered[n // 2]) / 2, ordered[-1 - n // 20])]


def coins_a_year(outcome):
    """Coins a year over the coins bought."""
    return outcome.coins_net / (outcome.earning_years * outcome.capital / outcome.opening_price)


def averages(outcome):
    """Mean of the coins a year on the paths that no event struck, and on all."""
    rate = coins_a_year(outcome)
    struck = np.zeros(rate.size)
    for line in ("slashing", "credit", "exploit"):
        struck += np.abs(outcome.lines.get(line, 0.0))
    return [f"{100 * np.mean(rate[struck == 0.0]):+.2f}%", f"{100 * np.mean(rate):+.2f}%"]


def at_ends(results, side):
    """Average of each row with all of its assumed numbers at one end, by a run of its own on the same paths."""
    rows = products.reference()
    for each in products.assumptions():
        if each.term != "waiting_cost_per_year":  # a holder chooses by it; it is not better or worse
            is_low = (each.assumption.worse == "low") == (side == "worse")
            value = each.assumption.low if is_low else each.assumption.high
            rows[each.product] = products.with_term(rows[each.product], each.term, value)
    again = simulate(
        rows,
        results.scenario,
        results.grid,
        capital=CAPITAL,
        n_paths=results.n_paths,
        rng=1,
        event_sampling="stratified",
    )
    return {name: 100.0 * float(np.mean(coins_a_year(again[name]))) for name in FAILURES}


def ranged(low, high, to):
    decimals = 1 if max(abs(low), abs(high)) >= 10.0 else 2
    return f"{low:+.{decimals}f}{to}{high:+.{decimals}f}"


def below(outcome):
    ends = outcome.closing / outcome.capital
    return f"{100 * np.mean(ends < outcome.asset_growth * (1 - 1e-12)):.1f}%"


def days_out(outcome):
    late = np.isinf(outcome.days_to_cash)
    ordered = np.sort(outcome.days_to_cash)
    found = ordered[int(np.ceil(0.95 * ordered.size)) - 1]
    return f"{found:.4g}" + ("*" if late.any() else "")


@pytest.fixture(scope="module")
def ends(results):
    return {side: at_ends(results, side) for side in ("worse", "better")}


def row(name, results, ends, language):
    """The cells of a product."""
    outcome = results[name]
    to, gone, yearly = (
        ("\u2026", "no exit", ", -") if language == "en" else (" \u5230 ", "\u4e0d\u80fd\u9000\u51fa", "\uff0c-")
    )
    days = gone if name == "cloud mining" else days_out(outcome)
    hazard, loss = FAILURES[name]
    failure = f"{100 * hazard:g}%{yearly}{round(100 * loss, 1):g}%"
    coin = "BTC" if name == "cloud mining" else "ETH"
    spread = ranged(ends["worse"][name], ends["better"][name], to)
    return [name, coin, *averages(outcome), spread, below(outcome), days, failure]


@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.few(1)
def test_every_number_is_that_of_the_paths(results, comparison, ends, language, columns):
    lines = comparison.to_text(language=language, width=columns).splitlines()
    for coin in ("ETH", "BTC"):
        (line,) = [line for line in lines if line.startswith(f"{coin} ") and "%" not in line and "143" not in line]
        assert line.split()[2:5] == held(results[f"hold {coin}"])
    for name in FAILURES:
        (line,) = [line for line in lines if re.match(rf"{name} +(ETH|BTC)", line)]
        expected = row(name, results, ends, language)
        seen = re.sub(" {2,}", "|", line).split("|")
        head = [*seen[0].rsplit(" ", 1), *seen[1:]] if seen[0] != name else seen  # where one blank is between them
        assert head[:7] == expected[:7]
        if columns >= FULL:
            assert head[7].endswith(expected[7])
        else:
            assert expected[7] in "".join(lines).replace("  ", " ") or expected[7] in " ".join(x.strip() for x in lines)
    text = "\n".join(lines)
    assert hundreds(np.mean(results["cash"].closing)) in lines[0] + lines[1]
    assert f"* {100 * np.mean(np.isinf(results['exchange earn'].days_to_cash)):.1f}%" in text


def test_what_is_sure_is_so_at_the_ends(comparison, ends):
    text = comparison.to_text()
    assert (
        "Sure in all of that range: all above cloud mining; liquid token above staking pool. Others: unsure.\n" in text
    )
    assert max(ends["better"]["cloud mining"], ends["worse"]["cloud mining"]) < min(
        ends["worse"][name] for name in FAILURES if name != "cloud mining"
    )
    for side in ends.values():
        assert side["liquid token"] > side["staking pool"]
    assert ends["worse"]["liquid token"] < ends["worse"]["solo validator"] < ends["better"]["exchange earn"]


def test_the_money_is_back_at_the_price_told(results, comparison):
    (told,) = re.findall(r"cloud mining, sold day by day, breaks even if BTC ends above ([\d,]+)\.", str(comparison))
    change = float(told.replace(",", "")) / results["hold BTC"].opening_price[0] - 1.0
    world = scenarios.Pinned(results.scenario, {Price("BTC"): change})
    mine = {"cloud mining": products.reference()["cloud mining"]}
    again = simulate(mine, world, YEAR, capital=CAPITAL, n_paths=2_000, rng=1)["cloud mining"]
    assert np.mean(again.closing) == pytest.approx(CAPITAL, rel=0.01)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_worst_failure_is_the_one_with_the_largest_expected_loss(comparison, language):
    lines = comparison.to_text(language=language).splitlines()
    for name, (hazard, loss) in FAILURES.items():
        (line,) = [line for line in lines if re.match(rf"{name} +(ETH|BTC)", line)]
        assert re.search(rf"\b{100 * hazard:g}%.*-{round(100 * loss, 1):g}%$", line)


def test_opening_prices_are_those_of_the_scenario(comparison):
    text = comparison.to_text()
    assert re.search(r"^ETH +3,004 ", text, re.MULTILINE)
    assert re.search(r"^BTC +88,684 ", text, re.MULTILINE)


# The table in full


@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_run_reads_as_printed(comparison, language, columns):
    """Against the table in tests/analysis/answer/printed, which was looked at by eye."""
    text = comparison.to_text(language=language, width=columns)
    text = re.sub(r"(2026\.11 \()[0-9a-f]{8}\)", r"\1........)", text)  # the digest of the assumptions
    assert text == (PRINTED / f"reference-{language}-{columns}.txt").read_text(encoding="utf-8").rstrip("\n")
    if columns >= FULL:
        assert len(text.splitlines()) == LINES


def test_the_readme_shows_the_table():
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    readme = re.sub(r"(2026\.11 \()[0-9a-f]{8}\)", r"\1........)", readme)
    assert (PRINTED / "reference-en-100.txt").read_text(encoding="utf-8") in readme


SMALL = {
    "hold": Holding("ETH"),
    "pool": StakingPool("ETH", unbonding_days=2.0),
    "earn": StakingPool("ETH", failures=(Failure(Event("custodian:x", hazard=0.02), recovery=0.5),)),
}


def small(**terms):
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)})
    grid = TimeGrid.daily("2026-01-01", days=10, settlement_days=2)
    how: dict[str, Any] = {"capital": 1000.0, "n_paths": 4, "rng": 3} | terms
    return compare(simulate(SMALL, world, grid, **how))


def test_a_table_in_full():
    assert small().to_text() == str(small()) == repr(small())
    assert small().to_text() == (
        "1,000 USD on 2026-01-01 for 10 days and 2 to get out. As cash (no interest): 1,000 by then\n"
        "just held  opening price  1 in 20 below  half below  1 in 20 above   4 paths, seed 3\n"
        "ETH                3,000          1,000       1,000          1,000\n"
        "               coins gained a year  its range if      chance  95% out  worst assumed failure\n"
        "product  coin  no failure  average  all bad…good  below held  in days  chance a year, loss\n"
        "pool     ETH       +3.29%   +3.29%      no range        0.0%        2  none modelled\n"
        "earn     ETH       +3.29%   +3.29%      no range        0.0%        0  bankruptcy 2%, -50%\n"
        "More: .details(), --verbose"
    )


def test_a_table_in_full_in_chinese():
    assert small().to_text(language="zh-TW") == (
        "2026-01-01 投入 1,000 USD，持有 10 天，另計 2 天取回。若為現金（無利息），屆時為 1,000\n"
        "只持有幣  開始時價格  5% 低於此  一半低於此  5% 高於此   4 條路徑，亂數種子 3\n"
        "ETH            3,000      1,000       1,000      1,000\n"
        "           每年多得的幣    平均的範圍  低於持有  95% 可在  假設中最嚴重的失敗\n"
        "產品  幣   未出事    平均  全壞到全好    的機率  幾天取回  每年機率、損失\n"
        "pool  ETH  +3.29%  +3.29%      無範圍      0.0%         2  未設定\n"
        "earn  ETH  +3.29%  +3.29%      無範圍      0.0%         0  倒閉 2%，-50%\n"
        "更多：.details() 或 --verbose"
    )


# Marks


def lines_of(comparison, **how):
    return comparison.to_text(**how).splitlines()


def reference(**terms):
    how: dict[str, Any] = {"capital": CAPITAL, "n_paths": 40, "rng": 1, "on_missing": "skip"} | terms
    grid = how.pop("grid", SHORT)
    return compare(simulate(how.pop("rows", products.reference()), scenarios.reference(), grid, **how))


def test_a_product_that_the_capital_does_not_open_has_no_numbers():
    found = reference(capital=10_000.0)
    (line,) = [line for line in lines_of(found) if line.startswith("solo validator")]
    least = 32.0 * found.results["hold ETH"].opening_price[0]
    assert line == f"solo validator  ETH   not opened: needs {np.ceil(least):,.0f} USD or more"


def test_products_that_are_not_out_have_a_star():
    found = reference(n_paths=500)
    share = float(np.mean(np.isinf(found.results["exchange earn"].days_to_cash)))
    assert share > 0.0
    assert re.search(r"^exchange earn .* \d+\*  bankruptcy", found.to_text(), re.MULTILINE)
    assert f"* {share:.1%} not out 60 days after asking." in found.to_text()


def test_several_that_are_not_out_have_the_largest_share():
    found = reference(grid=TimeGrid.daily("2026-01-01", days=30, settlement_days=5))
    shares = [float(np.mean(np.isinf(found.results[name].days_to_cash))) for name in list(FAILURES)[:4]]
    assert f"* up to {max(shares):.1%} not out 5 days after asking." in found.to_text()
    assert re.search(r"^staking pool .* >5\*  exploit", found.to_text(), re.MULTILINE)


def test_products_that_are_opened_on_some_paths_have_a_mark():
    found = reference(capital=np.where(np.arange(40) < 10, 10_000.0, CAPITAL))
    for columns in (80, 100):
        text = found.to_text(width=columns)
        assert re.search(r"^solo validator +ETH +[+-][\d.]+%\^ +[+-][\d.]+% ", text, re.MULTILINE)
        assert "^ too little money for it on 25.0% of the paths; its coins are of the others." in text
        assert "cloud mining " in text


def test_what_was_left_out_stands_below_the_rows():
    found = reference(rows={"pool": StakingPool("ETH"), "hold ADA": Holding("ADA")})
    assert 'hold ADA  left out: needs Price("ADA"), which Joint does not give' in lines_of(found)


def test_an_interrupted_run_says_so(results):
    short = compare(attrs.evolve(results, n_paths_requested=20_000))
    for columns in (80, 100, 120):
        assert "10,000 of 20,000 paths, interrupted, seed 1" in short.to_text(width=columns)


def test_a_ranking_is_told_with_its_column_for_all_rows(comparison):
    text = " ".join(comparison.rank("days_to_cash").to_text().split())
    assert "Best first by days_to_cash: hold ETH 0, hold BTC 0, cloud mining 0, cash 0, liquid token 4, " in text
    rows = [line.split("  ")[0] for line in lines_of(comparison.rank("days_to_cash"))[6:11]]
    assert rows == ["cloud mining", "liquid token", "solo validator", "staking pool", "exchange earn"]
    mean = f"{np.mean(comparison.results['cash'].profit) / CAPITAL:+.2%}"
    assert f"cash {mean}" in " ".join(comparison.rank().to_text().split())


def test_a_benchmark_is_told_for_all_other_rows():
    results = reference().results
    text = " ".join(compare(results, benchmark="hold ETH").to_text().split())
    same = results["hold BTC"].closing - results["hold ETH"].closing
    assert text.count("In money against hold ETH, on average: hold BTC ") == 1
    assert abs(np.mean(same)) > 0.0


def test_a_long_seed_pushes_no_product_out():
    found = small(rng=np.random.default_rng(3))
    assert len(str(found.results.entropy)) > 30
    assert f"seed {str(found.results.entropy)[:9]}...\n" in found.to_text()
    assert str(found.results.entropy) in found.details().to_text()


def test_one_path_tells_nothing_of_chance():
    found = reference(n_paths=1)
    assert lines_of(found)[1].startswith("just held  opening price  at the end   1 path, which tells nothing of chance")
    closing = found.results["hold ETH"].closing[0]
    assert lines_of(found)[2].split()[:3] == ["ETH", "3,004", hundreds(closing)]
    assert re.search(r"^staking pool .* (yes|no) ", found.to_text(), re.MULTILINE)


def test_a_run_of_one_holding_or_of_cash_has_no_table_of_products():
    held = reference(rows={"hold": Holding("ETH")})
    assert len(lines_of(held)) == 5
    assert "95% out" not in held.to_text()
    assert len(lines_of(reference(rows={"cash": Holding("USD")}))) == 3


def test_a_holding_with_fees_is_a_product():
    held = reference(rows={"dear": Holding("ETH", buy_fee=0.01)}, grid=YEAR)
    (line,) = [line for line in lines_of(held) if line.startswith("dear")]
    assert line.split()[2:4] == ["-0.99%", "-0.99%"]


def test_the_summary_of_a_run_is_enough():
    kept = reference(n_paths=40, keep="summary")
    assert kept.to_text() == reference(n_paths=40).to_text()


def test_windows_of_a_record_are_told_with_how_many_lie_apart():
    days = np.datetime64("2025-01-01") + np.arange(400)
    series = scenarios.daily_series(days, np.linspace(3000.0, 2000.0, 400), name="made up")
    history = scenarios.History({Price("ETH"): series})
    results = simulate({"hold": Holding("ETH")}, history, history.grid(days=30), capital=1000.0, rng=3)
    text = compare(results).to_text(width=80)
    assert text.startswith("1,000 USD for 30 days. As cash (no interest): 1,000 by then\n")
    assert "\n370 overlapping windows of one record, 13.3 of them apart, seed 3\n" in text


def test_too_few_windows_make_nothing_sure():
    days = np.datetime64("2025-01-01") + np.arange(120)
    history = scenarios.History({Price("ETH"): scenarios.daily_series(days, np.linspace(3e3, 2e3, 120), name="x")})
    world = scenarios.Joint([history, Constants({StakingReward("ETH"): APR(0.03)})])
    rows = {name: StakingPool(unbonding_days=1.0, failures=POOL_FAILURES) for name in ("a", "b")}
    text = str(compare(simulate(rows, world, history.grid(days=30, settlement_days=9), capital=1000.0, rng=3)))
    assert "\nToo few windows lie apart to tell which product is above which." in text


def test_a_long_run_begins_with_price_views_and_its_median_is_no_forecast():
    found = reference(grid=TimeGrid.daily("2026-01-01", days=1095, settlement_days=30), rows=SMALL)
    lines = lines_of(found)
    assert lines[1].startswith("Average money at the end in USD, of 100,000 put in, if by the exit the coin's price")
    assert lines[2].split() == ["product", "coin", "opens", "at", "-50%", "stays", "+100%"]
    held = next(line for line in lines if line.startswith("hold ")).split()
    grown = 1.037 ** (30.0 / 365.0)
    assert [float(x.replace(",", "")) for x in held[3:]] == pytest.approx(
        [5e4 * grown, 1e5 * grown, 2e5 * grown], rel=1e-3
    )
    assert "  half below  " in found.to_text()
    assert "half below: no forecast, it falls with volatility alone." in found.to_text()
    assert lines_of(found, width=80)[1].startswith("As cash")
    assert "\u4e00\u534a\u4f4e\u65bc" in found.to_text(language="zh-TW")
    page = found.to_html()
    assert page.index("opens at") < page.index("half below")


@pytest.mark.once
def test_views_that_are_asked_for_stand_below():
    short = reference()
    asked = compare(short.results, price_views={"ETH": -0.5})
    assert asked.views is not None
    table = asked.views.table().to_text()
    assert asked.to_text() == f"{short.to_text()}\n\n{table}"
    assert table in asked.details().to_text()


def test_a_product_of_several_coins_is_held_against_its_mix():
    world = scenarios.Joint(
        [
            GeometricBrownianMotion({Price("ETH"): GBM(3e3, volatility=0.7), Price("BTC"): GBM(9e4, volatility=0.5)}),
            Constants({StakingReward("ETH"): APR(0.03)}),
        ]
    )
    grid = TimeGrid.daily("2026-01-01", days=40, settlement_days=10)
    found = compare(simulate({"both": Both(), "pool": StakingPool()}, world, grid, capital=1000.0, n_paths=50, rng=1))
    lines = lines_of(found)
    outcome = found.results["both"]
    middle = np.median(1000.0 * outcome.asset_growth_at_exit)
    assert next(line.split() for line in lines if line.startswith("coins of both"))[3:6:2] == ["-", f"{middle:,.0f}"]
    (line,) = [line for line in lines if line.startswith("both ")]
    gain = found.rows[0].excess_return * 365.0 / 50.0
    assert line.split()[:4] == ["both", "several", "-", f"{gain:+.2%}#" if abs(gain) >= 5e-5 else "0.00%#"]
    assert "# in money, against holding its mix, a year." in found.to_text()
    assert "\u591a\u7a2e" in found.to_text(language="zh-TW")


def test_more_rows_than_there_is_room_for_are_counted():
    rows = {f"pool {i}": StakingPool("ETH", commission=i / 100) for i in range(20)}
    found = reference(rows=rows)
    lines = lines_of(found)
    assert len(lines) == LINES
    shown = sum(line.startswith("pool ") for line in lines)
    assert f"... and {20 - shown} more" in lines
    assert "pool 19" in found.details().to_text()


def test_html_and_markdown_have_the_rows_of_the_text(comparison):
    for page in (comparison.to_html(), comparison._repr_html_(), comparison.to_markdown()):
        for name in FAILURES:
            assert name in page
        assert "104,300" in page
    assert comparison.to_markdown().count("\n| :-- ") == 2
    assert comparison.to_html(language="zh-TW").count("<table") == 2
    assert '<th colspan="2">coins gained a year</th>' in comparison.to_html()


# Bounds


def check(comparison, extra=0):
    for language in LANGUAGES:
        for columns in (80, 100):
            lines = lines_of(comparison, language=language, width=columns)
            assert max(map(width, lines)) <= columns
            title = not re.search("As cash|若為現金", lines[0])  # in two lines
            assert len(lines) <= (LINES if columns >= FULL else 22) + title + extra
            assert all(line == line.rstrip() for line in lines)
            assert sum("--verbose" in line for line in lines) == 1


@pytest.mark.slow
def test_the_corpus_of_products_fits():
    grid = TimeGrid.daily("2026-01-01", days=8, settlement_days=4)
    found = compare(simulate(corpus.VARIANTS, worlds.WORLD, grid, capital=250_000.0, n_paths=100, rng=11))
    check(found)
    for shown in (found.rank("cost"), compare(found.results, benchmark="pool/plain")):
        check(shown, extra=4)


NAMES = st.text(alphabet="ab -<>$|*質押池，。^", min_size=1, max_size=60).map(str.strip).filter(bool)
TERMS = st.one_of(
    st.builds(Holding, st.sampled_from(["ETH", "BTC", "USD", "X" * 30])),
    st.builds(
        StakingPool,
        st.just("ETH"),
        unbonding_days=st.sampled_from([0.0, 2.0, 40.0]),
        failures=st.one_of(
            st.just(()),
            st.builds(Failure, st.builds(Event, NAMES, hazard=st.sampled_from([1e-9, 0.013579, 0.5, 30.0]))),
        ),
    ),
)


@examples(12)
@given(
    rows=st.dictionaries(NAMES, TERMS, min_size=1, max_size=14),
    capital=st.sampled_from([1e-6, 0.37, 1_501.5, 1e9, 1e15]),
    n_paths=st.sampled_from([1, 2, 30]),
    volatility=st.sampled_from([0.01, 3.0]),
)
def test_whatever_is_compared_fits(rows, capital, n_paths, volatility):
    prices = {Price(coin): GBM(level, volatility=volatility) for coin, level in (("ETH", 3e3), ("BTC", 1e-7))}
    world = scenarios.Joint([GeometricBrownianMotion(prices), Constants({StakingReward("ETH"): APR(0.03)})])
    grid = TimeGrid.daily("2026-01-01", days=20, settlement_days=5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = {"hold": Holding("BTC")} | rows
        check(compare(simulate(rows, world, grid, capital=capital, n_paths=n_paths, rng=1, on_missing="skip")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [80, 100])
def test_columns_stand_below_each_other(comparison, language, columns):
    lines = lines_of(comparison, language=language, width=columns)
    rows = [line for line in lines if re.match(rf"({'|'.join(FAILURES)}) +(ETH|BTC)", line)]
    header = lines[lines.index(rows[0]) - 1]
    places = {width(row[: row.index("%")]) for row in rows}  # the first percent sign: that of the column without loss
    assert len(places) == 1
    no_loss = "no failure" if language == "en" else "未出事"
    assert width(header[: header.index(no_loss) + len(no_loss)]) == places.pop() + 1


@pytest.mark.parametrize("columns", [79, 0, 1_001, 100.5, "100"])
def test_other_widths_are_refused(comparison, columns):
    with pytest.raises((InputError, InputTypeError), match=r"^Comparison\.to_text: width: must be an integer"):
        comparison.to_text(width=columns)


def test_a_layout_of_one_answer_is_the_same_each_time(comparison):
    answer = answer_of(comparison._short_report())
    texts = {Layout(answer=answer, language="en", columns=100).text() for _ in range(3)}
    assert texts == {comparison.to_text()}
