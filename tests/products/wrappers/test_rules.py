"""Rules: when they hold, day by day and path by path; how they combine, and how they are written."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given

from stakingmodels import (
    APR,
    APY,
    Above,
    After,
    Below,
    BlockFees,
    Drawdown,
    Event,
    ExitWait,
    Falls,
    InputError,
    InputTypeError,
    Market,
    Occurs,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market.factors import StakingQueue
from stakingmodels.products import AllOf, AnyOf, Rule
from stakingmodels.products.wrappers.bounds import _is_less
from stakingmodels.testing import strategies

ETH, BTC, REWARD, FIRE = Price("ETH"), Price("BTC"), StakingReward("ETH"), Event("fire")
NAMES = {name: value for name, value in globals().items() if name[0].isupper() or name == "np"}


def days(rule, series, start="2026-01-01"):
    """Indices of the days on which a rule holds, path by path; day 0 is the opening."""
    n = max(np.shape(getattr(s, "value", s))[0] for s in series.values()) - 1
    market = Market(TimeGrid.daily(start, days=n), series)
    return watched(rule, market)


def watched(rule, market):
    chunks = market.chunks()
    chunk = next(chunks)
    now = market.now().at(chunk, -1)
    watch = rule.watch(now)
    found = [np.full(market.n_paths, watch.holds(now))]
    while chunk.steps:
        steps = range(chunk.start, chunk.stop)
        found += [np.full(market.n_paths, watch.holds(now.at(chunk, step))) for step in steps]
        chunk = next(chunks, type(chunk)(0, 0, {}, {}, None))
    return [np.flatnonzero(path).tolist() for path in np.array(found).T]


def of(*paths):
    return {ETH: np.array(paths, dtype=float).T}


def test_a_fall_is_counted_from_the_opening():
    prices = of([100, 81, 80, 79, 120, 60], [50, 45, 41, 40, 39, 41], [10, 10, 10, 10, 10, 10])
    assert days(Falls(ETH, 0.20), prices) == [[2, 3, 5], [3, 4], []]


def test_a_drawdown_is_counted_from_the_highest_level_so_far():
    prices = of([100, 150, 121, 120, 160, 128.1], [100, 80, 70, 90, 112, 89], [10, 11, 12, 13, 14, 15])
    assert days(Drawdown(ETH, 0.20), prices) == [[3], [1, 2, 5], []]


def test_a_trigger_met_exactly_holds_whatever_the_rounding():
    for fraction in np.arange(1, 100) / 100:
        level = 3_000.0 * (100 - round(100 * fraction)) / 100
        assert days(Falls(ETH, float(fraction)), of([3_000.0, level])) == [[1]]


def test_one_price_for_all_paths_gives_one_answer():
    market = Market(TimeGrid.daily("2026-01-01", days=2), {ETH: np.array([100.0, 80.0, 90.0])})
    now = market.now().at(next(market.chunks()), -1)
    watch = (Falls(ETH, 0.2) | Drawdown(ETH, 0.5) & After(1)).watch(now)
    assert watch.holds(now) is False


def test_nothing_falls_from_nothing():
    prices = of([0, 0, 5, 0, 3], [5, 0, 0, 5, 3])
    assert days(Falls(ETH, 0.2), prices) == [[], [1, 2, 4]]
    assert days(Drawdown(ETH, 0.2), prices) == [[3, 4], [1, 2, 4]]


def test_bounds_are_met_at_the_level_itself_and_from_the_opening_on():
    prices = of([100, 90, 80, 110], [80, 81, 82, 79])
    assert days(Below(ETH, 80.0), prices) == [[2], [0, 3]]
    assert days(Above(ETH, 100), prices) == [[0, 3], []]


def test_a_rate_is_compared_over_each_interval_and_has_no_value_at_the_opening():
    rates = {REWARD: APR(np.array([[0.03, 0.02], [0.02, 0.019], [0.025, 0.03], [0, 0]]))}
    assert days(Below(REWARD, APR(0.02)), rates) == [[2], [1, 2]]
    assert days(Above(REWARD, APR(0.025)), rates) == [[1, 3], [3]]
    effective = {REWARD: APY(np.array([0.03, 0.02, 0.0199, 0.0]))}
    assert days(Below(REWARD, APY(0.02)), effective) == [[2, 3]]


def test_a_quantity_of_the_interval_is_a_number():
    fees = {BlockFees("BTC"): np.array([0.1, 0.4, 0.2, 0.0])}
    assert days(Above(BlockFees("BTC"), 0.2), fees) == [[2, 3]]


def test_days_are_counted_from_the_opening():
    assert days(After(2), of([1, 1, 1, 1])) == [[2, 3]]
    assert days(After(0.5), of([1, 1])) == [[1]]


def test_a_date_is_the_day_of_its_bar():
    assert days(After("2026-01-03"), of([1, 1, 1, 1])) == [[2, 3]]
    assert days(After(np.datetime64("2026-01-03")), of([1, 1, 1, 1])) == [[2, 3]]
    assert days(After("2026-01-01"), of([1, 1])) == [[0, 1]]
    assert days(After("2019-01-01"), of([1, 1])) == [[0, 1]]
    assert days(After("2026-06-01"), of([1, 1])) == [[]]


def test_paths_with_dates_of_their_own_meet_a_date_each_by_its_own():
    market = Market(TimeGrid.daily("2026-01-01", days=4), {ETH: np.ones((5, 3))})
    market._time_offsets = np.array([0, 2, -30], dtype="timedelta64[D]").astype("timedelta64[s]")
    assert watched(After("2026-01-04"), market) == [[3, 4], [1, 2, 3, 4], []]
    assert watched(After(3), market) == [[3, 4]] * 3


def test_an_event_holds_in_its_interval():
    strikes = {FIRE: np.array([[False, True], [True, False], [False, False], [False, False]])}
    assert days(Occurs(FIRE), strikes) == [[2], [1]]


def test_either_and_both():
    prices = of([100, 80, 100, 70], [100, 100, 79, 100])
    assert days(Falls(ETH, 0.2) | After(3), prices) == [[1, 3], [2, 3]]
    assert days(Falls(ETH, 0.2) & After(2), prices) == [[3], [2]]
    assert days(Falls(ETH, 0.2) & After(2) | Below(ETH, 80.0) & Above(ETH, 79.5), prices) == [[1, 3], [2]]


def test_a_part_that_remembers_is_watched_also_while_another_does_not_hold():
    prices = of([100, 200, 150, 150])
    assert days(After(3) & Drawdown(ETH, 0.2), prices) == [[3]]


def test_combinations_are_flat_and_hold_each_rule_once():
    a, b, c = Falls(ETH, 0.1), After(10), Below(ETH, 500.0)
    assert (a | b) | c == a | (b | c) == AnyOf((a, b, c))
    assert a & b & c == AllOf((a, b, c))
    assert (a | b) | a == a | b
    assert a | a is a
    assert (a & b) != (a | b)
    assert (a & b) | c == AnyOf((a & b, c))
    assert (a | b).factors == {ETH}
    assert (Occurs(FIRE) | Below(BTC, 1.0)).factors == {FIRE, BTC}


RULES = [
    Falls(ETH, 0.2),
    Drawdown(ETH, 0.35),
    Below(REWARD, APR(0.02)),
    Above(ExitWait("ETH"), 20),
    Below(StakingQueue("ETH"), -1e6),
    After("2026-06-01"),
    After(np.datetime64("2026-06-01T12:30")),
    After(90),
    Occurs(Event("custodian:x", hazard=0.02)),
    Falls(ETH, 0.2) | After(90) & Above(ETH, 5.0),
    (Falls(ETH, 0.2) | After("2026-06-01")) & Above(ETH, 5.0),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_is_a_value(rule):
    names = {**NAMES, "StakingQueue": StakingQueue, "ExitWait": ExitWait}
    assert eval(repr(rule), names) == rule  # noqa: S307
    for again in (copy.copy(rule), copy.deepcopy(rule), pickle.loads(pickle.dumps(rule)), rule.replace()):  # noqa: S301
        assert again == rule
        assert hash(again) == hash(rule)
    with pytest.raises(AttributeError):
        rule.factor = BTC


@given(strategies.rules([ETH, REWARD, FIRE]))
def test_any_rule_can_be_written_and_read(rule):
    assert isinstance(rule, Rule)
    assert rule.factors <= {ETH, REWARD, FIRE}
    assert eval(repr(rule), dict(NAMES)) == rule  # noqa: S307


def test_a_text_stands_for_its_factor():
    assert eval("Drawdown('Price(ETH)', 0.35)", dict(NAMES)) == Drawdown(ETH, 0.35)  # noqa: S307


def test_terms_are_replaced():
    assert Falls(ETH, 0.2).replace(fraction=0.3) == Falls(ETH, 0.3)
    with pytest.raises(InputError, match="did you mean 'fraction'"):
        Falls(ETH, 0.2).replace(fractoin=0.3)


REFUSED = {
    "Falls(ETH, 20)": r"^Falls\.fraction: must be a fraction in \(0, 1\), got 20 \(percent\? write 0\.20\)$",
    "Falls(ETH, 0.0)": r"^Falls\.fraction: must be a fraction in \(0, 1\), got 0\.0$",
    "Drawdown(ETH, 1.0)": r"^Drawdown\.fraction: must be a fraction in \(0, 1\), got 1\.0$",
    "Falls(REWARD, 0.2)": r"^Falls\.factor: must be a price or another level that is never below 0, got "
    r'StakingReward\("ETH"\) \(write Below\(StakingReward\("ETH"\), APR\(0\.028\)\)\)$',
    "Falls(FIRE, 0.2)": r'write Occurs\(Event\("fire"\)\)',
    'Falls("Prise(ETH)", 0.2)': r"did you mean 'Price'\?",
    'Drawdown(StakingQueue("ETH"), 0.2)': "never below 0",
    "Below(ETH, 0.0)": r"^Below\.level: must be above 0, below which Price\(\"ETH\"\) never is, got 0\.0$",
    "Above(ETH, -5)": "must be above 0",
    "Below(ETH, APR(0.1))": r"^Below\.level: must be a number, as Price\(\"ETH\"\) is no rate, got APR\(0\.1\)",
    "Above(FIRE, 1.0)": r'write Occurs\(Event\("fire"\)\)',
    "After(0)": r"^After\.when: must be in \(0, ",
    'After("first of June")': r"^After\.when: must be a date in ISO 8601",
    "Below(ETH, 5.0) & Above(ETH, 6.0)": r"^Below\(Price\(\"ETH\"\), 5\.0\): can never hold together with "
    r"another, got Above\(Price\(\"ETH\"\), 6\.0\) \(\| in place of &\)$",
    "After(5) & Above(REWARD, APR(0.05)) & Below(REWARD, APR(0.04))": "can never hold together",
    "AnyOf(())": r"^AnyOf\.rules: must hold at least 2 different rules, got \(\)",
    "AllOf((After(1), After(1)))": "must hold at least 2 different rules",
}
WRONG_TYPES = {
    "Below(REWARD, 0.02)": r"^Below\.level: must be a rate; write APR\(0\.02\)",
    "Below(REWARD, APR(np.array([0.1, 0.2])))": r"^Below\.level: must be one number",
    "After(True)": r'write After\("2026-06-01"\) or After\(90\)',
    "After(None)": r"^After\.when: must be a date or a number of days, got NoneType",
    "Falls(20, 0.2)": r"^Falls\.factor: must be Factor",
    'Falls(ETH, 0.2) | "After(3)"': r"^Falls\(Price\(\"ETH\"\), 0\.2\) \| \.\.\.: must be Rule; write Falls",
    "Falls(ETH, 0.2) & True": r"& \.\.\.: must be Rule",
    "AnyOf(After(3))": r"^AnyOf\.rules: must be a tuple of rules, got After",
    "Falls(ETH, 0.2) and After(3)": r"a rule is neither true nor false \(write a & b for a and b, a \| b for a or",
    "Falls(ETH, 0.2) or After(3)": "neither true nor false",
    "not After(3)": "neither true nor false",
    "Occurs(ETH)": r"^Occurs\.event: must be Event",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=REFUSED)
def test_bad_terms_are_refused_with_one_sentence(text, message):
    with pytest.raises(InputError, match=message) as caught:
        eval(text, dict(NAMES))  # noqa: S307
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "message"), WRONG_TYPES.items(), ids=WRONG_TYPES)
def test_wrong_types_are_refused_with_one_sentence(text, message):
    with pytest.raises(InputTypeError, match=message) as caught:
        eval(text, dict(NAMES))  # noqa: S307
    assert "\n" not in str(caught.value)


def test_bounds_that_touch_may_hold_together():
    assert days(Below(ETH, 5.0) & Above(ETH, 5.0), of([4, 5, 6])) == [[1]]


@pytest.mark.parametrize(
    "rule",
    [
        Falls(Price("USD"), 0.2),
        Drawdown(Price("USD"), 0.2),
        Below(Price("USD"), 0.5),
        After(3) | Above(Price("USD"), 2),
    ],
)
def test_the_price_of_money_never_moves(rule):
    with pytest.raises(InputError, match=r"watches the numeraire's own price, which is always 1, got 'USD'"):
        days(rule, of([1, 1, 1]))


def test_the_earliest_day_is_known_for_dates():
    market = Market(TimeGrid.daily("2026-01-01", days=4), {ETH: 1.0})
    now = market.now().at(next(market.chunks()), -1)
    falls, late = Falls(ETH, 0.2), After("2026-03-01")
    assert late.watch(now).earliest_day == 59.0
    assert (late & After(3)).watch(now).earliest_day == 59.0
    assert (late | After(3)).watch(now).earliest_day == 3.0
    assert (late | falls).watch(now).earliest_day == 0.0
    assert (late & falls).watch(now).earliest_day == 59.0
    assert After("2025-12-01").watch(now).earliest_day == 0.0


def test_a_level_below_another_is_never_reached_with_it():
    reward = StakingReward("ETH")
    for one, other, excluded in (
        (Below(ETH, 1.0), Above(ETH, 2.0), True),
        (Below(ETH, 2.0), Above(ETH, 2.0), False),
        (Below(ETH, 3.0), Above(ETH, 2.0), False),
        (Below(ETH, 1.0), Above(BTC, 2.0), False),
        (Below(ETH, 1.0), Below(ETH, 2.0), False),
        (Below(reward, APR(0.01)), Above(reward, APR(0.02)), True),
        (Below(reward, APR(0.02)), Above(reward, APR(0.01)), False),
        (Below(reward, APR(0.01)), Above(reward, APY(0.02)), False),
        (Occurs(FIRE), Above(ETH, 2.0), False),
    ):
        assert one.excludes(other) is excluded, (one, other)
    assert not _is_less(APR(0.01), 0.02)
    assert not _is_less(0.01, APR(0.02))


def test_a_rate_is_held_against_its_level_in_an_interval_of_one_year_too():
    market = Market(TimeGrid(np.array(["2026-01-01", "2027-01-01"], dtype="datetime64[s]"), 1), {REWARD: APR(0.05)})
    now = market.now().at(next(market.chunks()), 0)
    assert now.years == 1.0
    assert Below(REWARD, APR(0.05)).watch(now).holds(now)
    assert not Below(REWARD, APR(0.04)).watch(now).holds(now)
