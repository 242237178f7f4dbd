"""What is read off outcomes: tables, slices, pickles and joined parts, each told apart from its neighbours."""

import pickle

import attrs
import numpy as np
import pytest

from stakingmodels import Units
from stakingmodels.engine.run import run_block
from stakingmodels.errors import BookError, InputError
from stakingmodels.ledger import Line
from stakingmodels.ledger.account import PAID_OUT
from stakingmodels.ledger.collector import OutcomeBuilder
from stakingmodels.ledger.guards import OWN_LINES, check_cost, check_paths, check_unpaid
from stakingmodels.ledger.lines import LineMap
from stakingmodels.ledger.risk import risk_of
from stakingmodels.ledger.tabulated import column, results_dataset
from stakingmodels.market import CashRate, Market, MarketRatio, Price, TimeGrid
from stakingmodels.measures import Distribution
from stakingmodels.products import Holding
from stakingmodels.rates import APR
from stakingmodels.replicates import tail_errors
from stakingmodels.series import FrozenMap

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=2)
MARKET = Market(GRID, {ETH: np.array([[10.0, 10.0], [20.0, 5.0], [30.0, 2.0]])})
HOLD = Holding("ETH", buy_fee=0.01, sell_fee=0.02)


# Tables


def test_each_table_names_its_rows():
    pytest.importorskip("pandas")
    outcome = HOLD.run(MARKET, capital=100.0, keep="ledger")
    assert outcome.cashflows().to_frame().index.name == "row"
    assert outcome.yields().to_frame().index.name == "path"


def test_risk_is_split_over_lines():
    pytest.importorskip("xarray")
    risk = HOLD.run(MARKET, capital=100.0).risk()
    dataset = risk.to_xarray()
    labels = dataset["line"].to_numpy().tolist()
    assert dataset["shortfall_by_line"].dims == ("line",)
    assert {"price", "trading"} <= {*labels}
    for label, part in zip(labels, dataset["shortfall_by_line"].to_numpy(), strict=True):
        assert part == risk.shortfall_by_line.get(label, 0.0)


def test_outcomes_side_by_side_have_0_under_a_line_that_they_did_not_book():
    pytest.importorskip("xarray")
    kept = {"fees": HOLD.run(MARKET, capital=100.0, keep="values"), "free": Holding("ETH").run(MARKET, capital=100.0)}
    dataset = results_dataset(kept, {})
    assert dataset["lines"].sel(product="free", line="trading").to_numpy().tolist() == [0.0, 0.0]
    assert dataset["path"].to_numpy().tolist() == [0, 1]
    assert "values" not in dataset  # one of them has none
    assert HOLD.run(MARKET, capital=100.0).to_xarray().attrs["asset"] == "ETH"


def test_a_name_like_no_other_is_answered_with_two_that_there_are():
    with pytest.raises(InputError, match=r"got 'qqqqqqqq' \('closing', '[a-z_ ]+', \.\.\.\)$"):
        column("to_frame: what", {"hold": HOLD.run(MARKET, capital=100.0)}, "qqqqqqqq")


# Cash flows


def test_coins_that_were_brought_in_gain_by_their_price():
    flows = Holding("ETH").run(MARKET, capital=Units(2.0, "ETH"), keep="ledger").cashflows(0)
    assert [(row.date, row.line, row.money) for row in flows if row.line] == [
        ("2026-01-02", "price", 20.0),
        ("2026-01-03", "price", 20.0),
    ]
    assert (flows.capital, flows.closing) == (20.0, 60.0)


def test_dates_are_those_of_the_path():
    offsets = np.array([0, 3], dtype="m8[D]")
    market = Market.from_sources(GRID, 2, [], series={ETH: np.array([10.0, 20.0, 30.0])}, time_offsets=offsets)
    outcome = run_block({"hold": Holding("ETH")}, market, 100.0, "ledger")["hold"]
    assert [outcome.cashflows(path)[0].date for path in (0, 1)] == ["2026-01-01", "2026-01-04"]


def test_a_move_to_a_place_of_another_mark_is_valued_on_its_day(script):
    ratio = MarketRatio("stETH")
    market = Market(GRID, {ETH: np.array([10.0, 20.0, 40.0]), ratio: np.array([1.0, 0.5, 0.8])})

    def act(book, now):
        del now
        book.trade(book.cash, book.account("ETH"))
        book.move(book.account("ETH"), book.account("ETH", "pool", mark=ratio))

    rows = script(market, {0: act}, capital=100.0).cashflows()
    [*moved] = [row for row in rows if row.step == 0 and row.asset == "ETH"]
    assert [(row.place, row.price, row.money) for row in moved] == [
        ("wallet", 20.0, 100.0),
        ("wallet", 20.0, -100.0),
        ("pool", 20.0, 100.0),
        ("pool", 10.0, -50.0),
    ]


# Slices, pickles and parts


def test_a_slice_has_the_entries_and_flows_of_its_paths():
    whole = HOLD.run(MARKET, capital=np.array([100.0, 300.0]), keep="ledger")
    part = whole.slice_paths(1, 2)
    assert whole.entries is not None
    assert part.entries is not None
    assert [entry.units.tolist() for entry in part.entries] == [[entry.units[1]] for entry in whole.entries]
    assert part.flows is not None
    assert part.yields().irr.tolist() == [whole.yields().irr[1]]
    assert [row.money for row in part.cashflows(0)] == [row.money for row in whole.cashflows(1)]


def test_a_pickle_has_frozen_arrays_by_line_and_by_account():
    again = pickle.loads(pickle.dumps(HOLD.run(MARKET, capital=100.0)))  # noqa: S301 (its own bytes)
    assert type(again.lines) is LineMap
    assert type(again.units) is FrozenMap
    assert again.lines["trading"] is again.lines[Line.TRADING]
    assert not again.closing.flags.writeable
    assert not again.lines[Line.TRADING].flags.writeable
    assert not any(units.flags.writeable for units in again.units.values())


def test_a_line_with_an_asset_is_found_by_its_label():
    table = LineMap({(Line.TRADING, "ETH"): 1.0, Line.PRICE: 2.0})
    assert (table["trading", "ETH"], table["price"]) == (1.0, 2.0)
    assert ("trading", "BTC") not in table
    assert ("trading", "ETH") in table


@pytest.mark.parametrize("keep", ["summary", "totals"])
def test_parts_are_joined_with_0_under_lines_that_one_did_not_book(keep):
    parts = [run_block({"": product}, MARKET, 100.0, keep)[""] for product in (Holding("ETH"), HOLD)]
    builder = OutcomeBuilder(6)
    for start, part in zip((0, 2), parts, strict=True):
        builder.put(start, part)
    whole = builder.outcome(4)
    assert whole.n_paths == 4
    assert whole.is_summary is (keep == "summary")
    assert whole.lines[Line.TRADING].tolist() == [0.0, 0.0, *parts[1].lines[Line.TRADING].tolist()]
    assert whole.closing.tolist() == [*parts[0].closing.tolist(), *parts[1].closing.tolist()]
    assert type(whole.lines) is LineMap
    assert whole.lines["trading"] is whole.lines[Line.TRADING]
    if keep == "totals":
        assert type(whole.units) is FrozenMap
        assert type(whole.unpaid_by_day) is FrozenMap
        assert whole.flows is not None


def test_columns_that_are_equal_are_kept_once_for_all_products():
    alike, made = {}, []  # type: ignore[var-annotated]
    for _ in range(2):
        builder = OutcomeBuilder(2, alike)
        builder.put(0, HOLD.run(MARKET, capital=100.0))
        made.append(builder)
    one, other = (builder.outcome() for builder in made)
    assert one.closing is other.closing
    apart = OutcomeBuilder(2)
    apart.put(0, HOLD.run(MARKET, capital=100.0))
    assert apart.outcome().closing is not one.closing


# Risk


def test_each_error_is_that_of_its_own_measure():
    prices = np.stack([np.full(40, 10.0), np.linspace(4.0, 20.0, 40) ** 1.5])
    outcome = Holding("ETH").run(Market(TimeGrid.daily("2026-01-01", days=1), {ETH: prices}), capital=100.0)
    risk = outcome.risk()
    errors = tail_errors(Distribution(outcome.returns), 0.95, outcome.n_replicates)
    assert errors[0] != errors[1]
    assert (risk.value_at_risk_error, risk.expected_shortfall_error) == errors
    assert risk_of(outcome).confidence_level == 0.95


def test_two_paths_have_a_volatility_and_a_quantile_is_the_value_that_so_many_do_not_exceed():
    assert HOLD.run(MARKET, capital=100.0).risk().annual_volatility > 0.0
    last = np.linspace(10.0, 0.5, 20)
    outcome = Holding("ETH").run(
        Market(TimeGrid.daily("2026-01-01", days=1), {ETH: np.stack([np.full(20, 10.0), last])}), capital=100.0
    )
    assert outcome.risk().max_drawdown == np.sort(outcome.max_drawdown)[18]  # 19 of 20 are 95 %


def test_what_money_itself_earns_is_split_under_interest():
    market = Market(GRID, {CashRate("USD"): APR(np.array([[0.1, 0.3]]))})
    split = Holding("USD").run(market, capital=100.0).risk().expected_shortfall_vs_holding_by_line
    assert {*split} == {Line.INTEREST}
    assert sum(split.values()) == pytest.approx(0.0, abs=1e-15)


# Guards


@pytest.mark.parametrize(
    ("cost", "told"),
    [(2.0, "2.0"), (-0.5, "-0.5"), (np.array([-0.5, 2.0]), "-0.5"), (np.array([0.5, 2.0]), "2.0")],
)
def test_a_cost_out_of_bounds_is_told(cost, told):
    with pytest.raises(BookError, match=rf"^Book\.trade: cost: must be a fraction in \[0, 1\], got {told}\b"):
        check_cost(Line.TRADING, cost)


def test_a_cost_is_under_a_line_that_takes():
    for line in Line:
        if line.sign < 0 and line not in OWN_LINES:
            check_cost(line, 0.5)
        else:
            with pytest.raises(BookError, match=r"^Book\.trade: line: "):
                check_cost(line, 0.5)


def test_eight_of_the_paths_that_stand_there_twice_are_told():
    with pytest.raises(BookError, match=r"paths must stand there once each, got \[0, 0, 1, 2, 3, 4, 5, 6\]"):
        check_paths("Book.post", np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]), 20)


def test_money_that_is_paid_out_is_taken_by_nobody(script):
    def act(book, now):
        del now
        check_unpaid("Book.post", book.cash)
        with pytest.raises(BookError, match=r"^Book\.post: money paid out is the holder's"):
            check_unpaid("Book.post", book.account("USD", PAID_OUT))

    script(MARKET, {0: act})


def test_parts_are_joined_in_the_order_of_lines_and_days_with_what_some_lack():
    part = HOLD.run(MARKET, capital=100.0)
    some, lines = part.closing, [Line.TRADING, Line.CONSENSUS, Line.PRICE]
    days = FrozenMap({10: some, 2: some})
    native = LineMap({(line, asset): some for line in lines for asset in ("ETH", "BTC")})
    mixed = attrs.evolve(
        part, lines=LineMap(dict.fromkeys(lines, some)), native=native, unpaid_by_day=days, control_variate=some
    )
    builder = OutcomeBuilder(2)
    builder.put(0, mixed)
    whole = builder.outcome()
    ordered = sorted(lines, key=[*Line].index)
    assert [*whole.lines] == ordered
    assert ordered != sorted(lines, key=str)
    assert [*whole.native] == [(line, asset) for line in ordered for asset in ("BTC", "ETH")]
    assert [*whole.unpaid_by_day] == [2, 10]
    assert whole.control_variate is not None
    assert whole.control_variate.tolist() == some.tolist()
