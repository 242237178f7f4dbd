"""`LeaveWhen`: the right share leaves on the right path on the right day, and every number is that of the path."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Above,
    After,
    Below,
    Book,
    CashRate,
    Drawdown,
    Event,
    Falls,
    InputError,
    InputTypeError,
    LeaveWhen,
    Line,
    Market,
    Occurs,
    Position,
    Price,
    Product,
    Quote,
    StakingReward,
    TimeGrid,
    terms,
)
from stakingmodels.errors import ScenarioWarning
from stakingmodels.testing import CHECKS
from tests.oracles.pot import Pot
from tests.products.conform import conform

ETH, BTC, REWARD, CASH, FIRE = Price("ETH"), Price("BTC"), StakingReward("ETH"), CashRate("USD"), Event("fire")
POT = Pot("ETH")
SLOW = Pot("ETH", wait_days=3.0)
BOTH = Pot("ETH", wait_days=5.0, sale_fee=0.01)
TEN = np.array(
    [
        [100, 100, 100, 100, 100, 100, 100, 100, 100, 100],
        [99, 80, 120, 100, 81, 79, 100, 50, 100, 100],
        [98, 90, 150, 100, 80, 100, 100, 40, 100, 100],
        [97, 95, 119, 100, 79, 100, 79.9, 30, 100, 80.1],
        [96, 99, 81, 100, 78, 100, 100, 20, 81, 100],
        [95, 70, 80, 100, 77, 100, 100, 10, 75, 100],
        [94, 60, 79, 100, 76, 70, 100, 0, 100, 100],
    ],
    dtype=float,
)
FALL_DAYS = [6, 1, 5, 6, 2, 1, 3, 1, 5, 6]
"""Days on which each of the ten paths has fallen by a fifth, or else the exit, day 6; by hand."""


def market_of(prices, *, exit_day=None, tail=0, rate=0.365, cash=0.0):
    prices = np.asarray(prices, dtype=float)
    days = len(prices) - 1
    first = np.datetime64("2026-01-01", "s") + np.arange(days + tail + 1) * np.timedelta64(86_400, "s")
    grid = TimeGrid(first, exit_day or days)
    longer = np.concatenate([prices, np.repeat(prices[-1:], tail, axis=0)])
    return Market(grid, {ETH: longer, REWARD: APR(rate), CASH: APR(cash)})


def test_the_right_paths_leave_on_the_right_days():
    outcome = LeaveWhen(POT, Falls(ETH, 0.20)).run(market_of(TEN), capital=1_000.0)
    assert outcome.day_asked.tolist() == FALL_DAYS
    coins = 10.0 * 1.001 ** np.array(FALL_DAYS)
    assert outcome.closing == pytest.approx(coins * TEN[FALL_DAYS, np.arange(10)])
    assert outcome.days_to_cash.tolist() == [0.0] * 10
    assert outcome.settled.all()


def test_money_arrives_after_the_queue_of_each_path():
    outcome = LeaveWhen(SLOW, Falls(ETH, 0.20)).run(market_of(TEN, tail=3), capital=1_000.0)
    assert outcome.day_asked.tolist() == FALL_DAYS
    assert outcome.days_to_cash.tolist() == [3.0] * 10
    paid = np.minimum(np.array(FALL_DAYS) + 3, 6)
    assert outcome.proceeds == pytest.approx(10.0 * 1.001 ** np.array(FALL_DAYS) * TEN[paid, np.arange(10)])


RULES = [Falls(ETH, 0.20), Drawdown(ETH, 0.25) | After(4), Below(ETH, 80.0) & After("2026-01-04"), After(2)]
PRODUCTS = [POT, SLOW, BOTH, BOTH.replace(sale_fee=0.0001), LeaveWhen(SLOW, Above(ETH, 1e9))]


@pytest.mark.parametrize("product", PRODUCTS, ids=["pot", "slow", "queue", "sale", "wrapped"])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_path_that_leaves_on_a_day_is_a_plain_run_whose_exit_is_that_day(product, rule):
    """Money, days to cash, coin yields, years of earning, benchmarks: all are those of the plain run of that path."""
    world = market_of(TEN, tail=6, cash=0.0365)
    whole = LeaveWhen(product, rule).run(world, capital=1_000.0, keep="flows")
    days = sorted(set(whole.day_asked.astype(int).tolist()))
    assert len(days) > 1 or rule == After(2)
    for day in days:
        plain = product.run(market_of(TEN, exit_day=day, tail=6, cash=0.0365), capital=1_000.0, keep="flows")
        paths = np.flatnonzero(whole.day_asked == day)
        assert_equal(whole, plain, paths)


def assert_equal(one, other, paths):
    names = ("closing", "proceeds", "days_to_cash", "settled", "day_asked", "asset_growth", "asset_growth_at_exit")
    for name in (*names, "earning_years", "coins_gross", "coins_net", "max_drawdown", "cash_growth", "deployed"):
        got, want = getattr(one, name)[paths], getattr(other, name)[paths]
        assert got == pytest.approx(want, rel=1e-12, nan_ok=True), name
    for line in {*one.lines, *other.lines}:
        got, want = (each.lines.get(line, np.zeros(each.n_paths))[paths] for each in (one, other))
        assert got == pytest.approx(want, rel=1e-9, abs=1e-9), line
    for days in {*one.unpaid_by_day, *other.unpaid_by_day}:
        late = [each.unpaid_by_day.get(days, np.zeros(each.n_paths))[paths] for each in (one, other)]
        assert late[0] == pytest.approx(late[1], rel=1e-9, abs=1e-9), days
    mine, theirs = one.yields(), other.yields()
    for name in ("gross_apr", "net_apr", "total_return", "excess_over_holding", "excess_over_cash", "exit_delay"):
        got, want = getattr(mine, name)[paths], getattr(theirs, name)[paths]
        assert got == pytest.approx(want, rel=1e-9, abs=1e-12, nan_ok=True), name
    assert mine.irr[paths] == pytest.approx(theirs.irr[paths], rel=1e-6, nan_ok=True)


def test_a_rule_that_holds_at_the_opening_acts_at_the_end_of_the_first_interval():
    prices = np.array([[100.0, 200.0], [300.0, 300.0], [300.0, 100.0]])
    outcome = LeaveWhen(POT, Below(ETH, 150.0)).run(market_of(prices), capital=1_000.0)
    assert outcome.day_asked.tolist() == [1.0, 2.0]
    assert outcome.closing[0] == pytest.approx(3_000.0 * 1.001)


def test_a_rule_that_never_holds_changes_nothing_at_all():
    world = market_of(TEN, tail=4)
    plain, wrapped = (p.run(world, capital=1_000.0) for p in (SLOW, LeaveWhen(SLOW, Above(ETH, 1e9))))
    assert np.array_equal(plain.closing, wrapped.closing)
    assert np.array_equal(plain.day_asked, wrapped.day_asked)
    assert np.array_equal(plain.earning_years, wrapped.earning_years)
    assert plain.lines[Line.CONSENSUS].tolist() == wrapped.lines[Line.CONSENSUS].tolist()


def test_a_rule_that_always_holds_takes_all_paths_at_once():
    outcome = LeaveWhen(POT, After(2)).run(market_of(TEN), capital=1_000.0)
    assert outcome.day_asked.tolist() == [2.0] * 10
    assert outcome.closing == pytest.approx(10.0 * 1.001**2 * TEN[2])


def test_tranches_leave_their_share_of_the_rest_each_once():
    """Path 1 falls by 20 % at once: half leaves, then the rest; path 4 falls below 90 first, and by 20 % on day 2."""
    rules = {Falls(ETH, 0.10): 0.5, Falls(ETH, 0.20): 1.0}
    prices = np.array([[100.0, 100.0, 100.0], [90.0, 80.0, 95.0], [100.0, 100.0, 89.0], [80.0, 100.0, 100.0]])
    product = LeaveWhen(POT, rules)
    outcome = product.run(market_of(prices, rate=0.0), capital=1_000.0)
    assert outcome.closing == pytest.approx([5 * 90 + 5 * 80, 800.0, 5 * 89 + 5 * 100])
    assert outcome.day_asked.tolist() == [3.0, 1.0, 3.0]
    assert outcome.earning_years * 365 == pytest.approx([1 + 0.5 * 2, 1.0, 2 + 0.5 * 1])


def test_tranches_act_in_their_order_on_the_same_day():
    rules = ((After(1), 0.5), (After(1) & Falls(ETH, 0.1), 0.5), (After(2), 0.2))
    outcome = LeaveWhen(POT, rules).run(
        market_of(np.array([[100.0, 100.0], [90.0, 100.0], [50.0, 100.0], [10.0, 200.0]]), rate=0.0), capital=1_000.0
    )
    assert outcome.closing == pytest.approx([7.5 * 90 + 0.5 * 50 + 2 * 10, 5 * 100 + 1 * 100 + 4 * 200])


def test_a_share_leaves_once_and_the_rest_at_the_exit():
    prices = [[100.0], [70.0], [60.0], [50.0]]
    outcome = LeaveWhen(POT, Falls(ETH, 0.2), 0.25).run(market_of(prices, rate=0.0), capital=1_000.0)
    assert outcome.closing == pytest.approx([2.5 * 70 + 7.5 * 50])
    assert outcome.day_asked.tolist() == [3.0]
    assert outcome.earning_years * 365 == pytest.approx([1 + 0.75 * 2])


def test_nested_rules_work_each_on_what_the_other_leaves():
    prices = [[100.0], [90.0], [80.0], [70.0], [60.0]]
    inner = LeaveWhen(POT, Falls(ETH, 0.1), 0.5)
    outcome = LeaveWhen(inner, Falls(ETH, 0.3), 0.5).run(market_of(prices, rate=0.0), capital=1_000.0)
    assert outcome.closing == pytest.approx([5 * 90 + 2.5 * 70 + 2.5 * 60])
    whole = LeaveWhen(inner, Falls(ETH, 0.2)).run(market_of(prices, rate=0.0), capital=1_000.0)
    assert whole.closing == pytest.approx([5 * 90 + 5 * 80])
    assert whole.day_asked.tolist() == [2.0]


def test_a_path_has_asked_when_either_of_two_rules_has_made_all_leave():
    prices = [[100.0, 100.0], [90.0, 100.0], [90.0, 100.0], [90.0, 60.0], [90.0, 60.0]]
    inner, outer = Falls(ETH, 0.1), Falls(ETH, 0.4) | After(3)
    for product in (LeaveWhen(LeaveWhen(POT, inner), outer), LeaveWhen(LeaveWhen(POT, outer), inner)):
        outcome = product.run(market_of(prices, rate=0.0), capital=1_000.0)
        assert outcome.day_asked.tolist() == [1.0, 3.0]
        assert outcome.closing == pytest.approx([900.0, 600.0])


def test_the_way_out_is_the_one_asked_for():
    prices = [[100.0], [70.0], *[[60.0]] * 8]
    runs = {}
    for how in (None, "sale", "queue", "cheapest"):
        outcome = LeaveWhen(BOTH, Falls(ETH, 0.2), how=how).run(market_of(prices, rate=0.0), capital=1_000.0)
        runs[how] = (float(outcome.closing[0]), float(outcome.days_to_cash[0]))
    assert runs["sale"] == pytest.approx((700.0 * 0.99, 0.0))
    assert runs["queue"] == pytest.approx((600.0, 5.0))
    assert runs["cheapest"] == runs[None] == runs["queue"]  # 0.25 a year for five days is less than 1 %
    dear = LeaveWhen(BOTH.replace(sale_fee=0.001), Falls(ETH, 0.2), how="cheapest")
    assert dear.run(market_of(prices, rate=0.0), capital=1_000.0).closing == pytest.approx([700.0 * 0.999])
    assert LeaveWhen(POT, After(1), how="cheapest").run(market_of(prices), capital=1.0).settled.all()


def test_the_exit_of_the_grid_takes_the_products_own_way():
    prices = [[100.0, 100.0]] * 3
    outcome = LeaveWhen(BOTH, Above(ETH, 200.0), how="sale").run(market_of(prices, rate=0.0, tail=5), capital=1_000.0)
    assert outcome.days_to_cash.tolist() == [5.0, 5.0]


def test_an_outer_way_reaches_the_product_inside():
    product = LeaveWhen(LeaveWhen(BOTH, Above(ETH, 1e9)), Falls(ETH, 0.2), how="sale")
    assert product.ways_out == ("sale", "queue", "cheaper")
    outcome = product.run(market_of([[100.0], [70.0], [60.0]], rate=0.0), capital=1_000.0)
    assert outcome.closing == pytest.approx([700.0 * 0.99])


def test_another_coin_can_be_watched():
    grid = TimeGrid.daily("2026-01-01", days=3)
    series: dict[Any, Any] = {
        ETH: np.array([100.0, 110.0, 120.0, 130.0]),
        BTC: np.array([10.0, 10.0, 5.0, 5.0]),
        REWARD: APR(0.0),
    }
    outcome = LeaveWhen(POT, Falls(BTC, 0.5)).run(Market(grid, series), capital=1_000.0)
    assert outcome.closing == pytest.approx([1_200.0])
    del series[BTC]
    with pytest.raises(
        InputError, match=r'^LeaveWhen: reads Price\("BTC"\), which the market must give, got .*Price\("E'
    ):
        LeaveWhen(POT, Falls(BTC, 0.5)).run(Market(grid, series), capital=1_000.0)


def test_an_event_can_be_watched():
    strikes = np.zeros((7, 10), dtype=bool)
    strikes[1, 3] = strikes[4, 3] = strikes[0, 5] = True
    market = market_of(TEN)
    series: dict[Any, Any] = {ETH: TEN, REWARD: APR(0.0), FIRE: strikes}
    outcome = LeaveWhen(POT, Occurs(FIRE)).run(Market(market.grid, series), capital=1_000.0)
    assert outcome.day_asked.tolist() == [6, 6, 6, 2, 6, 1, 6, 6, 6, 6]


def test_capital_a_path_and_coins_enter_as_without_the_wrapper():
    amounts = np.linspace(100.0, 1_000.0, 10)
    plain, wrapped = (
        product.run(market_of(TEN), capital=amounts) for product in (POT, LeaveWhen(POT, Above(ETH, 1e9)))
    )
    assert wrapped.closing.tolist() == plain.closing.tolist()


def test_paths_that_open_nothing_are_told_as_without_the_wrapper():
    small = Pot("ETH", minimum=500.0)
    with pytest.raises(InputError, match=r"is too little for LeaveWhen: 400\.00 USD are missing"):
        LeaveWhen(small, Falls(ETH, 0.2)).run(market_of(TEN), capital=100.0)


def test_a_rule_that_cannot_hold_before_the_exit_is_told():
    late = After("2026-03-01")
    text = r'^After\("2026-03-01"\): never acts, since the holder leaves on day 6, before it can hold on day 59$'
    with pytest.warns(ScenarioWarning, match=text):
        LeaveWhen(POT, late).run(market_of(TEN), capital=1_000.0)
    with pytest.warns(ScenarioWarning, match="never acts"):
        LeaveWhen(POT, {Falls(ETH, 0.2): 0.5, late & Falls(ETH, 0.3): 1.0}).run(market_of(TEN), capital=1_000.0)
    LeaveWhen(POT, late | Falls(ETH, 0.2)).run(market_of(TEN), capital=1_000.0)


def test_it_is_a_product_like_any_other():
    product = LeaveWhen(SLOW, Falls(ETH, 0.2) | After(4), how=None)
    for again in (copy.copy(product), copy.deepcopy(product), pickle.loads(pickle.dumps(product)), product.replace()):  # noqa: S301
        assert again == product
        assert hash(again) == hash(product)
    tranches = LeaveWhen(SLOW, {Falls(ETH, 0.1): 0.5, After(4): 1.0})
    assert tranches == LeaveWhen(SLOW, ((Falls(ETH, 0.1), 0.5), (After(4), 1.0)))
    assert hash(tranches) != hash(product)
    assert pickle.loads(pickle.dumps(tranches)) == tranches  # noqa: S301
    assert repr(product) == ('LeaveWhen(product=Pot(wait_days=3.0), rule=Falls(Price("ETH"), 0.2) | After(4.0))')
    assert product.asset == "ETH"
    assert product.factors == {ETH, REWARD}
    assert product.benchmark == {"ETH": 1.0}
    assert product.can_leave_early
    assert isinstance(product.quote(market_of(TEN[:, :1]), capital=1_000.0), Quote)


REFUSED = {
    "LeaveWhen(POT.replace(locked=True), After(3))": r"^LeaveWhen\.product: cannot be left before its term ends, by no "
    r"rule, got Pot\(locked=True\)$",
    "LeaveWhen(POT, After(3), 0.0)": r"^LeaveWhen\.share: must be above 0, or nothing ever leaves, got 0\.0$",
    "LeaveWhen(POT, After(3), 50)": r"^LeaveWhen\.share: must be a fraction in \[0, 1\], got 50 \(percent\?",
    "LeaveWhen(POT, {After(3): 50})": r"^LeaveWhen\.rule: share of After\(3\.0\): must be a fraction in .*0\.50\)$",
    "LeaveWhen(POT, {After(3): 0.5}, 0.5)": r"^LeaveWhen\.share: is given beside each of several rules, got 0\.5",
    "LeaveWhen(POT, {})": r"^LeaveWhen\.rule: must hold at least one rule, got \{\} \(\{Falls",
    "LeaveWhen(POT, After(3), how='sale')": r"^LeaveWhen\.how: must be left out: Pot has only one way out, got 'sale'$",
    "LeaveWhen(BOTH, After(3), how='sail')": r"^LeaveWhen\.how: must be one of 'sale', 'queue', 'cheaper', 'cheapest'",
}
WRONG_TYPES = {
    "LeaveWhen('ETH', After(3))": r"^LeaveWhen\.product: must be Product; write Holding\(\"ETH\"\), got str 'ETH'$",
    "LeaveWhen(Pot, After(3))": r"^LeaveWhen\.product: must be Product; ",
    "LeaveWhen(None, After(3))": r"^LeaveWhen\.product: must be Product; .* got NoneType$",
    "LeaveWhen(POT, 0.2)": r"^LeaveWhen\.rule: must be Rule; write Falls\(Price\(\"ETH\"\), 0\.20\), got float 0\.2$",
    "LeaveWhen(POT, Falls)": r"^LeaveWhen\.rule: must be Rule",
    "LeaveWhen(POT, (After(3), 0.5))": r"^LeaveWhen\.rule: must hold a share for each rule, got After",
    "LeaveWhen(POT, {0.5: After(3)})": r"^LeaveWhen\.rule: must be Rule",
    "LeaveWhen(POT, After(3), how=3)": r"^LeaveWhen\.how: must be a text",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=REFUSED)
def test_bad_terms_are_refused_with_one_sentence(text, message):
    with pytest.raises(InputError, match=message):
        eval(text, dict(globals()))  # noqa: S307


@pytest.mark.parametrize(("text", "message"), WRONG_TYPES.items(), ids=WRONG_TYPES)
def test_wrong_types_are_refused_with_one_sentence(text, message):
    with pytest.raises(InputTypeError, match=message):
        eval(text, dict(globals()))  # noqa: S307


def test_the_cheapest_way_is_asked_only_of_products_that_choose():
    class Two(Pot):
        @property
        def ways_out(self):
            return ("sale", "queue")

    with pytest.raises(
        InputError, match=r"^LeaveWhen\.how: must be named, since Two does not choose by cost, got 'cheap"
    ):
        LeaveWhen(Two("ETH"), After(3), how="cheapest")
    assert LeaveWhen(Two("ETH"), After(3), how="sale").how == "sale"


CONFORM = {
    "pot": LeaveWhen(POT, Falls(ETH, 0.2)),
    "slow": LeaveWhen(SLOW, Drawdown(ETH, 0.05) | After(12), how="cheapest"),
    "late": LeaveWhen(SLOW, After("2026-06-01")),
    "tranches": LeaveWhen(BOTH, {Falls(ETH, 0.05): 0.5, Falls(ETH, 0.1): 0.5, Below(REWARD, APR(0.1)): 0.3}),
    "nested": LeaveWhen(LeaveWhen(BOTH, Falls(ETH, 0.05), 0.5, how="queue"), Above(ETH, 3_300.0), how="sale"),
    "event": LeaveWhen(POT, Occurs(FIRE)),
}


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("product", CONFORM.values(), ids=CONFORM)
@conform
@pytest.mark.few(40)
def test_it_conforms(product, name, check):
    check(product, only=[name])


# Which calls reach the product held, one by one


@terms.sheet
class Told(Product):
    """A product that does nothing but to keep the calls of its position."""

    asset: str = terms.coin(default="ETH", kw_only=False)
    ways: tuple[str, ...] = ()

    @property
    def factors(self) -> Any:
        return frozenset({ETH})

    @property
    def ways_out(self) -> tuple[str, ...]:
        return self.ways

    def open(self, book: Any, now: Any) -> Any:
        del book, now
        return ToldPosition()


class ToldPosition(Position):
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def step(self, now: Any) -> None:
        pass

    def add(self, now: Any, money: Any, paths: Any = None) -> None:
        pass

    def exit(self, now: Any, share: Any = 1.0, how: Any = None, paths: Any = None) -> None:
        self.calls.append((now.step, share if np.ndim(share) == 0 else share.tolist(), how, _listed(paths)))


def _listed(paths):
    return None if paths is None else paths.tolist()


def opened(product, prices):
    """A position, its book, and the moments of a run, of which the opening has passed."""
    world = market_of(prices)
    chunk = next(world.chunks())
    now = world.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 100.0)
    position = product.open(book, now)
    return position, book, (now.at(chunk, step) for step in range(len(prices) - 1))


FALLING = np.array([[100.0, 100.0], [100.0, 70.0], [100.0, 70.0], [70.0, 70.0], [70.0, 70.0]])


def test_the_product_is_left_once_on_each_path_and_not_asked_where_nothing_leaves():
    position, _, moments = opened(LeaveWhen(Told(), Falls(ETH, 0.2)), FALLING)
    for now in moments:
        position.step(now)
    assert position.held.calls == [(0, 1.0, None, [1]), (2, 1.0, None, [0])]
    position.exit(now)
    assert len(position.held.calls) == 2


def test_the_cheapest_way_is_that_of_the_product_which_has_one():
    named = LeaveWhen(Told(ways=("sale", "cheaper")), After(1), how="cheapest")
    position, _, moments = opened(named, FALLING)
    position.step(next(moments))
    assert position.held.calls == [(0, 1.0, "cheaper", None)]
    assert opened(LeaveWhen(Told(), After(1), how="cheapest"), FALLING)[0]._how is None


def test_the_holder_leaves_all_paths_at_once_unless_a_rule_has_left_one():
    position, _, moments = opened(LeaveWhen(Told(), Falls(ETH, 0.2)), FALLING)
    now = next(moments)
    position.exit(now, 0.5)
    position.step(now)
    position.exit(now, 0.25)
    position.exit(now, np.array([0.25, 0.5]))
    position.exit(now, 1.0, paths=np.array([1]))
    assert position.held.calls == [
        (0, 0.5, None, None),
        (0, 1.0, None, [1]),
        (0, 0.25, None, [0]),
        (0, [0.25], None, [0]),
    ]


def test_no_rule_acts_where_the_holder_has_left_wholly_and_every_rule_elsewhere():
    position, _, moments = opened(LeaveWhen(Told(), {After(2): 0.5, After(3): 1.0}), FALLING)
    position.exit(next(moments), 1.0, paths=np.array([1]))
    for now in moments:
        position.step(now)
    assert position.held.calls == [(0, 1.0, None, [1]), (1, 0.5, None, [0]), (2, 1.0, None, [0])]


def test_a_share_that_the_holder_leaves_with_stops_no_rule():
    position, _, moments = opened(LeaveWhen(Told(), After(2)), FALLING)
    position.exit(next(moments), 0.5)
    position.step(next(moments))
    assert position.held.calls == [(0, 0.5, None, None), (1, 1.0, None, None)]


@pytest.mark.parametrize("others", [{}, {After(4): 0.5}])
def test_after_all_has_left_by_one_rule_no_other_acts_there(others):
    rules = {Falls(ETH, 0.2): 1.0, After(3): 0.5, **others}
    position, _, moments = opened(LeaveWhen(Told(), rules), FALLING[[0, 1, 2, 2, 2]])
    for now in moments:
        position.step(now)
    assert position.held.calls == [(0, 1.0, None, [1]), (2, 0.5, None, [0]), *[(3, 0.5, None, [0]) for _ in others]]


def test_what_was_added_after_a_rule_has_left_all_is_left_by_the_holder():
    position, book, moments = opened(LeaveWhen(Told(), Falls(ETH, 0.2)), FALLING[:, [1, 1]])
    now = next(moments)
    position.step(now)
    position.exit(now)
    assert position.held.calls == [(0, 1.0, None, None)]
    book.receive(book.cash, 1.0)
    position.add(now, 0.5, np.array([1]))
    position.exit(now)
    assert position.held.calls[1:] == [(0, 1.0, None, [1])]


def test_what_stays_committed_is_what_the_rules_of_both_wrappers_leave():
    inner = LeaveWhen(Told(), Falls(ETH, 0.2), 0.5)
    position, _, moments = opened(LeaveWhen(inner, After(2), 0.25), FALLING)
    position.step(next(moments))
    assert np.asarray(position.committed).tolist() == [1.0, 0.5]
    position.step(next(moments))
    assert np.asarray(position.committed).tolist() == [0.75, 0.375]


def test_a_rule_that_can_hold_on_the_day_of_the_exit_is_no_mistake():
    assert len(opened(LeaveWhen(Told(), After(4)), FALLING)[0]._tranches) == 1  # no warning
    with pytest.warns(ScenarioWarning, match="never acts"):
        opened(LeaveWhen(Told(), After(5)), FALLING)


def test_rules_that_have_acted_on_all_paths_are_asked_no_more():
    position, _, moments = opened(LeaveWhen(Told(), {After(1): 0.5, Falls(ETH, 0.2): 1.0}), FALLING)
    left = []
    for now in moments:
        position.step(now)
        left.append([tranche.n_waiting for tranche in position._tranches])
    assert left == [[1], [1], [], []]


def test_a_rule_waits_on_no_path_that_is_stopped():
    position, _, moments = opened(LeaveWhen(Told(), After(4)), FALLING)
    position.exit(next(moments), paths=np.array([1]))
    assert [tranche.n_waiting for tranche in position._tranches] == [1]
    assert position._tranches[0]._waits.dtype == np.bool_
