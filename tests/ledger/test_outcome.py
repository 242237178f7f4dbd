"""`Outcome`: what is read off the books, and how blocks are joined."""

import pickle

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.ledger import Group, Line
from stakingmodels.ledger.collector import OutcomeBuilder
from stakingmodels.market import Market, Price, TimeGrid
from stakingmodels.products import Holding

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=2, settlement_days=1)
PRICES = np.array([[10.0, 10.0, 10.0], [20.0, 5.0, 10.0], [15.0, 8.0, 11.0], [1.0, 1.0, 1.0]])
MARKET = Market(GRID, {ETH: PRICES})
HELD = Holding(asset="ETH", buy_fee=0.25, sell_fee=0.1)


@pytest.fixture
def outcome():
    return HELD.run(MARKET, capital=100.0, keep="values")  # 8 coins


def test_what_it_says_of_the_run(outcome):
    assert (outcome.product, outcome.asset, outcome.numeraire) == ("Holding", "ETH", "USD")
    assert outcome.grid is GRID
    assert outcome.n_paths == 3
    assert outcome.opening.tolist() == outcome.capital.tolist() == [100.0] * 3


def test_closing_is_capital_and_lines(outcome):
    assert outcome.closing.tolist() == pytest.approx([108.0, 57.6, 79.2])
    assert (outcome.capital + sum(outcome.lines.values())).tolist() == pytest.approx(outcome.closing.tolist())


def test_profit_is_after_everything(outcome):
    assert outcome.profit.tolist() == pytest.approx([8.0, -42.4, -20.8])
    assert outcome.invested.tolist() == [100.0] * 3
    assert outcome.contributions.tolist() == [0.0] * 3


def test_groups_and_cost(outcome):
    fees = [-20 - 12.0, -20 - 6.4, -20 - 8.8]
    assert outcome.group(Group.FEE).tolist() == pytest.approx(fees)
    assert outcome.cost.tolist() == pytest.approx([-fee for fee in fees])
    assert outcome.group(Group.REWARD).tolist() == [0.0] * 3
    assert outcome.group(Group.MARKET).tolist() == pytest.approx([40.0, -16.0, 8.0])


def test_the_value_path_is_kept_when_asked_for(outcome):
    assert outcome.values.shape == (4, 3)
    assert outcome.values[:2].tolist() == [[80.0] * 3, [160.0, 40.0, 80.0]]
    assert outcome.values[2:].tolist() == [pytest.approx([108.0, 57.6, 79.2])] * 2


def test_the_drawdown_is_that_of_the_value_from_the_capital_on(outcome):
    peaks = np.maximum.accumulate(np.vstack([[100.0] * 3, outcome.values]), axis=0)[1:]
    assert outcome.max_drawdown == pytest.approx((1 - outcome.values / peaks).max(axis=0))


def test_money_is_in_hand_at_the_exit(outcome):
    assert outcome.settled.all()
    assert outcome.days_to_cash.tolist() == [0.0] * 3
    assert outcome.proceeds.tolist() == outcome.closing.tolist()


def test_the_benchmarks_are_those_of_the_exit(outcome):
    assert outcome.asset_growth.tolist() == [1.5, 0.8, 1.1]
    assert outcome.cash_growth.tolist() == [1.0] * 3
    assert outcome.opening_price.tolist() == [10.0] * 3


def test_contributions_count_as_money_put_in(script):
    def pay(book, _now):
        book.charge(Line.OPERATING, 130.0)

    outcome = script(MARKET, {0: pay})
    assert outcome.contributions.tolist() == [30.0] * 3
    assert outcome.invested.tolist() == [130.0] * 3
    assert outcome.profit.tolist() == [-130.0] * 3
    assert outcome.closing.tolist() == [0.0] * 3


# Read-only


@pytest.mark.parametrize(
    "name",
    [
        "closing",
        "opening",
        "contributions",
        "proceeds",
        "days_to_cash",
        "settled",
        "max_drawdown",
        "asset_growth",
        "values",
    ],
)
def test_arrays_cannot_be_written(outcome, name):
    array = getattr(outcome, name)
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        array.setflags(write=True)


@pytest.mark.parametrize("name", ["lines", "native", "coins", "units"])
def test_tables_cannot_be_changed(outcome, name):
    table = getattr(outcome, name)
    with pytest.raises(TypeError):
        table["x"] = np.zeros(3)
    for array in table.values():
        assert not array.flags.writeable


def test_fields_cannot_be_set(outcome):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        outcome.closing = np.zeros(3)


def test_equality_is_of_all_numbers(outcome):
    assert outcome == HELD.run(MARKET, capital=100.0, keep="values")
    assert outcome != HELD.run(MARKET, capital=100.0, keep="totals")
    assert outcome != HELD.run(MARKET, capital=101.0, keep="values")


def test_pickle_keeps_numbers_and_stays_read_only():
    outcome = HELD.run(MARKET, capital=100.0, keep="ledger")
    copy = pickle.loads(pickle.dumps(outcome))  # noqa: S301
    assert copy.closing.tobytes() == outcome.closing.tobytes()
    assert {k: v.tolist() for k, v in copy.lines.items()} == {k: v.tolist() for k, v in outcome.lines.items()}
    assert [e.units.tolist() for e in copy.entries] == [e.units.tolist() for e in outcome.entries or ()]
    with pytest.raises(ValueError, match="WRITEABLE"):
        copy.closing.setflags(write=True)
    with pytest.raises(ValueError, match="WRITEABLE"):
        copy.lines[Line.PRICE].setflags(write=True)


# Joining blocks


def split(keep):
    whole = HELD.run(MARKET, capital=100.0, keep=keep)
    parts = [(i, HELD.run(Market(GRID, {ETH: PRICES[:, i : i + 1]}), capital=100.0, keep=keep)) for i in range(3)]
    return whole, parts


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
@pytest.mark.parametrize("keep", ["totals", "values"])
def test_blocks_in_any_order_make_the_whole(keep, order):
    whole, parts = split(keep)
    collector = OutcomeBuilder(3)
    for i in order:
        collector.put(*parts[i])
    joined = collector.outcome()
    for field in attrs.fields(type(whole)):
        one, other = getattr(joined, field.name), getattr(whole, field.name)
        if isinstance(other, np.ndarray):
            assert one.tobytes() == other.tobytes(), field.name
        elif field.name in ("lines", "native", "coins", "units"):
            assert list(one) == list(other)
            assert all(one[key].tobytes() == other[key].tobytes() for key in other), field.name


def test_a_step_ledger_is_not_joined_of_parts():
    _, parts = split("ledger")
    collector = OutcomeBuilder(3)
    with pytest.raises(InputError, match=r"^OutcomeBuilder\.put: part: must be of all 3 paths .*, got 1 "):
        collector.put(*parts[0])
    whole, _ = split("ledger")
    alone = OutcomeBuilder(3)
    alone.put(0, whole)
    assert alone.outcome().entries == whole.entries


def test_what_a_block_did_not_book_is_zero_there(script):
    calm = script(Market(GRID, {ETH: 10.0}), {}, keep="totals")
    pays = script(
        Market(GRID, {ETH: 10.0}), {0: lambda book, _now: book.post(Line.OPERATING, book.cash, -1.0)}, keep="totals"
    )
    collector = OutcomeBuilder(2)
    collector.put(0, calm)
    collector.put(1, pays)
    joined = collector.outcome()
    assert joined.lines[Line.OPERATING].tolist() == [0.0, -1.0]
    assert joined.closing.tolist() == [100.0, 99.0]


def test_repr_is_one_line(outcome):
    text = repr(outcome)
    assert "\n" not in text
    assert text.startswith("Outcome(Holding, 3 paths, ")
    assert "mean return -18.40%" in text


def test_a_builder_without_parts_has_no_outcome():
    with pytest.raises(ValueError, match="nothing was put in"):
        OutcomeBuilder(3).outcome()


def test_coin_years_are_those_of_the_coins_that_the_capital_buys(outcome):
    assert outcome.coin_years == pytest.approx(outcome.earning_years * 10.0)
    assert outcome.day_out == pytest.approx(outcome.day_asked + outcome.days_to_cash)


def test_costs_are_fees_and_costs_and_the_day_out_is_after_the_day_asked(script):
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=3)

    def pay(book, _now):
        book.charge(Line.OPERATING, 5.0)
        book.post(Line.COMMISSION, book.cash, -2.0)
        book.post(Line.SLASHING, book.cash, -1.0)
        book.move(book.cash, book.account("USD", "lent"))

    def back(book, _now):
        book.pay_out(book.account("USD", "lent"))

    outcome = script(Market(grid, {Price("ETH"): 10.0}), {0: pay, 4: back})
    assert outcome.cost.tolist() == [7.0]
    assert outcome.group("loss").tolist() == [-1.0]
    assert (outcome.day_asked.tolist(), outcome.days_to_cash.tolist()) == ([3.0], [2.0])
    assert outcome.day_out.tolist() == [5.0]


def test_a_slice_of_paths_has_lines_by_line_and_units_by_place():
    market = Market(
        TimeGrid.daily("2026-01-01", days=3), {Price("ETH"): np.linspace([1.0] * 4, [2.0, 3.0, 4.0, 5.0], 4)}
    )
    outcome = Holding(asset="ETH").run(market, capital=100.0)
    part = outcome.slice_paths(0, 2)
    assert part.n_paths == 2
    assert part.closing.tolist() == outcome.closing[:2].tolist()
    assert outcome.slice_paths(1, 4).closing.tolist() == outcome.closing[1:].tolist()
    assert outcome.slice_paths(0, 4) is outcome
    for each in (part, pickle.loads(pickle.dumps(part))):  # noqa: S301
        assert each.lines["price"].tolist() == outcome.lines[Line.PRICE][:2].tolist()
        assert [type(each.lines), type(each.units)] == [type(outcome.lines), type(outcome.units)]
        for array in (*each.lines.values(), each.closing):
            with pytest.raises(ValueError, match=r"WRITEABLE|read-only"):
                array.setflags(write=True) if array.base is not None else array.fill(0.0)


def test_a_dataset_of_an_outcome_by_hand():
    pytest.importorskip("xarray")
    market = Market(
        TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): np.array([[1.0, 1.0], [2.0, 3.0], [4.0, 5.0]])}
    )
    outcome = Holding(asset="ETH").run(market, capital=100.0, keep="values")
    data = outcome.to_xarray()
    assert data.attrs["product"] == "Holding"
    assert (data.attrs["asset"], data.attrs["capital"], data.attrs["numeraire"]) == ("ETH", 100.0, "USD")
    assert data["lines"].dims == ("line", "path")
    assert data["line"].values.tolist() == ["price"]
    assert data["lines"].values.tolist() == [[300.0, 400.0]]
    assert data["values"].dims == ("time", "path")
    assert data["time"].values.astype("datetime64[D]").astype(str).tolist() == [
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
    ]
    cash = Holding(asset="USD").run(market, capital=100.0)
    assert cash.to_xarray()["line"].values.tolist() == []


def test_flows_are_kept_where_every_part_has_them():
    market = Market(TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): np.full((3, 4), 10.0)})
    whole = Holding(asset="ETH").run(market, capital=100.0)
    assert whole.flows is not None
    for without, kept in ((0, False), (1, False), (2, True)):
        builder = OutcomeBuilder(4)
        for place in range(2):
            part = whole.slice_paths(2 * place, 2 * place + 2)
            builder.put(2 * place, attrs.evolve(part, flows=None) if place == without else part)
        assert (builder.outcome().flows is not None) is kept


@pytest.mark.parametrize("name", ["native", "coins", "units", "unpaid_by_day"])
def test_a_summary_lacks_tables(name):
    summary = HELD.run(MARKET, capital=100.0, keep="summary")
    with pytest.raises(InputError, match=rf"^Outcome\.{name}: is not in a run that kept lines only"):
        getattr(summary, name)


def test_coin_years_at_any_opening_price(outcome):
    years = outcome.earning_years[0]
    changed = attrs.evolve(outcome, opening_price=np.array([0.0, 0.5, 1.0]))
    assert changed.coin_years.tolist() == [np.inf, 200.0 * years, 100.0 * years]


def test_cash_flows_need_prices_too():
    outcome = HELD.run(MARKET, capital=100.0, keep="ledger")
    for lacks in (attrs.evolve(outcome, entries=None), attrs.evolve(outcome, prices=None)):
        with pytest.raises(InputError, match=r"^Outcome\.cashflows: needs the step ledger"):
            lacks.cashflows()


def test_cash_flows_have_the_dates_of_their_path():
    grid = TimeGrid((np.datetime64("2026-01-01T23:59:59") + np.arange(3) * np.timedelta64(1, "D")).astype("M8[s]"))
    outcome = HELD.run(Market(grid, {ETH: np.full((3, 2), 10.0)}), capital=100.0, keep="ledger")
    assert outcome.cashflows(1)[0].date.startswith("2026-01-01")
    own = attrs.evolve(outcome, time_offsets=np.array([0, 86_400], dtype="m8[s]"))
    assert [own.cashflows(path)[0].date[:10] for path in range(2)] == ["2026-01-01", "2026-01-02"]


def test_a_dataset_names_its_paths_and_no_coin_where_there_is_none(outcome):
    pytest.importorskip("xarray")
    data = attrs.evolve(outcome, asset=None).to_xarray()
    assert data.attrs["asset"] == ""
    assert data["path"].values.tolist() == [0, 1, 2]
    assert "path" in data.coords
