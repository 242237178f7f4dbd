"""`Schedule` by hand, its limits, its files, its sentences, and products that have one."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    APY,
    ExchangeStaking,
    InputError,
    InputTypeError,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    Schedule,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market import Factor
from stakingmodels.products.parts.schedules import Scheduled, _share
from stakingmodels.serialize import dumps, loads, to_toml
from stakingmodels.termsheets import read_products
from stakingmodels.tolerances import DAY_TOL
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=10)
ANY: Any = "x"
CAPITAL = 30_000.0
"""10 ETH, which earn 0.01 a day: 30 USD."""


def market(grid=GRID):
    series: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.365), MarketRatio("stETH"): 1.0}
    return Market(grid, series)


def run(product, grid=GRID):
    return product.run(market(grid), capital=CAPITAL)


def test_a_rate_changes_on_its_date_within_an_interval_too():
    rate = Schedule((APR(0.365), APR(0.0365)), on="2026-01-04T12:00")
    outcome = run(ExchangeStaking(posted_rate=rate, compounding=False))
    np.testing.assert_allclose(outcome.lines["interest"], 3.5 * 30.0 + 6.5 * 3.0, rtol=1e-14)


def test_a_promotion_lasts_its_days_from_the_opening():
    rate = Schedule((APR(0.365), APR(0.0365)), after_days=3.0)
    outcome = run(ExchangeStaking(posted_rate=rate, compounding=False))
    np.testing.assert_allclose(outcome.lines["interest"], 3 * 30.0 + 7 * 3.0, rtol=1e-14)


@pytest.mark.parametrize("kind", [StakingPool, ExchangeStaking])
def test_a_commission_changes_on_its_dates(kind):
    fee = Schedule((0.1, 0.2, 0.0), on=("2026-01-03", "2026-01-08T06:00"))
    outcome = run(kind(commission=fee, compounding=False))
    taken = 2 * 3.0 + 5.25 * 6.0
    np.testing.assert_allclose(outcome.lines["commission"], -taken, rtol=1e-13)
    np.testing.assert_allclose(outcome.closing, CAPITAL + 300.0 - taken, rtol=1e-14)


def test_the_fee_of_a_token_changes_with_its_share_rate():
    fee = Schedule((0.1, 0.5), after_days=4.5)
    outcome = run(LiquidStakingToken(protocol_fee=fee, exit_route="sale"))
    coins = 10.0 * (1.0 + 0.001 * 0.9) ** 4 * (1.0 + 0.001 * 0.7) * (1.0 + 0.001 * 0.5) ** 5
    np.testing.assert_allclose(outcome.closing, coins * 3000.0, rtol=1e-14)


def products(value, posted):
    yield ExchangeStaking(posted_rate=posted, commission=value)
    yield StakingPool(commission=value, compounding=False)
    yield LiquidStakingToken(protocol_fee=value)


ONE = (
    lambda value: Schedule((value,)),
    lambda value: Schedule((value, 0.9 if isinstance(value, float) else APR(0.9)), on="2030-01-01"),
    lambda value: Schedule((0.9 if isinstance(value, float) else APR(0.9), value), on="2026-01-01"),
    lambda value: Schedule((0.9 if isinstance(value, float) else APR(0.9), value), on="2020-01-01"),
)


@pytest.mark.parametrize("schedule", ONE)
def test_one_value_throughout_is_that_value_bit_by_bit(schedule):
    for given_one, plain in zip(products(schedule(0.15), schedule(APY(0.04))), products(0.15, APY(0.04)), strict=True):
        one, other = run(given_one), run(plain)
        assert one.closing.tobytes() == other.closing.tobytes()
        assert all(one.lines[line].tobytes() == other.lines[line].tobytes() for line in other.lines)


@given(day=st.floats(0.01, 12.0), more=st.floats(0.0, 5.0), base=st.floats(0.0, 0.2))
def test_a_longer_promotion_pays_no_less(day, more, base):
    short, long = (
        run(ExchangeStaking(posted_rate=Schedule((APR(0.2), APR(base)), after_days=days))).closing[0]
        for days in (day, day + more)
    )
    assert long >= short * (1.0 - 1e-14)


def test_an_interval_of_months_pays_each_value_by_its_days():
    grid = TimeGrid(np.array(["2026-01-01", "2026-03-02"], dtype="datetime64[s]"), 1)
    rate = Schedule((APR(0.365), APR(0.73), APR(0.0)), on=("2026-01-11", "2026-01-31"))
    outcome = run(ExchangeStaking(posted_rate=rate, compounding=False), grid)
    np.testing.assert_allclose(outcome.lines["interest"], 10 * 30.0 + 20 * 60.0, rtol=1e-14)


def test_schedules_in_files_are_read_as_they_were_written(tmp_path):
    rows = {
        "a": ExchangeStaking(posted_rate=Schedule((APR(0.1), APY(0.03)), after_days=30.0), commission=0.1),
        "b": StakingPool(commission=Schedule((0.1, 0.15, 0.2), on=("2026-05-01", "2026-07-01"))),
    }
    file = tmp_path / "p.toml"
    file.write_text(to_toml(rows), "utf-8")
    assert read_products(file) == rows
    assert all(loads(dumps(each)) == each for each in rows.values())
    text = '[x]\nkind = "ExchangeStaking"\nposted_rate = {values = [{APR = 0.1}, {APR = 0.03}], after_days = 30.0}'
    file.write_text(text, "utf-8")
    (read,) = read_products(file).values()
    assert read == ExchangeStaking(posted_rate=Schedule((APR(0.1), APR(0.03)), after_days=30.0))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Schedule((0.1, 0.2, 0.3), on=("2026-07-01", "2026-05-01")), "on.1.: must come after the one before"),
        (lambda: Schedule((0.1, 0.2, 0.3), after_days=(5.0, 5.0)), "after_days.1.: must come after the one before"),
        (lambda: Schedule((0.1, 0.2, 0.3, 0.4), after_days=(5.0, 4.0, 9.0)), r"before it, 5\.0, got 4\.0 \(from first"),
        (lambda: Schedule((0.1, 0.2, 0.3), after_days=3.0), "Schedule.after_days: must have a beginning for each"),
        (lambda: Schedule((ANY, 0.2), after_days=3.0), r"Schedule\.values\[0\]: must be a number, got str 'x'"),
        (lambda: Schedule((0.1, 0.2), after_days=0.0), "after_days.0.: must be in .0, "),
        (lambda: Schedule((0.1, 0.2), after_days=-3.0), "after_days.0.: must be in .0, "),
        (lambda: Schedule((0.1, 0.2)), "on: must have a beginning for each of the values but the first, 1"),
        (lambda: Schedule((0.1, 0.2), on="2026-05-01", after_days=3.0), "must not be given beside dates"),
        (lambda: Schedule(()), "values: must hold a value at least"),
        (lambda: Schedule((0.1, 0.2), on="soon"), "on.0.: must be a date in ISO 8601"),
        (lambda: ExchangeStaking(posted_rate=Schedule((APR(0.1), 0.03), after_days=3.0)), "must be a rate; write APR"),
        (lambda: ExchangeStaking(posted_rate=Schedule((APR(-0.1),))), "values.0.: must be 0 or more"),
        (lambda: StakingPool(commission=Schedule((0.1, 15.0), after_days=3.0)), "values.1.: must be a fraction"),
        (lambda: StakingPool(commission=Schedule((0.1, APR(0.1)), after_days=3.0)), "values.1.: must be a number"),
    ],
)
def test_bad_schedules_are_refused_in_one_sentence(make, sentence):
    with pytest.raises((InputError, InputTypeError), match=sentence) as error:
        make()
    assert "\n" not in str(error.value)


@conform
def test_products_with_schedules_conform(check):
    fee = Schedule((0.1, 0.4, 0.2), on=("2026-01-04T12:00", "2026-01-09"))
    check(StakingPool(commission=fee))
    check(LiquidStakingToken(protocol_fee=fee))
    check(ExchangeStaking(posted_rate=Schedule((APR(0.3), APR(0.1)), after_days=5.5), commission=fee))


def at(elapsed_days: float, days: float, *dates: str) -> Any:
    """An interval that ends so many days after the opening, with the dates of its paths, if they have their own."""
    time: Any = np.array(dates or ["2026-01-01"], "M8[s]") + np.timedelta64(round(86_400 * elapsed_days), "s")
    return SimpleNamespace(
        elapsed_days=elapsed_days, days=days, years=days / 365.0, time=time if dates else time[0], n_paths=len(dates)
    )


HALVES = 0.25, 0.5


def test_a_value_that_has_the_whole_interval_is_the_object_itself():
    """So that a book sees at once that it has not changed."""
    scheduled = Scheduled(Schedule(HALVES, after_days=2.0), at(0.0, 0.0))
    assert scheduled.fraction(at(1.0, 1.0)) is scheduled.fraction(at(2.0, 1.0)) is HALVES[0]
    assert scheduled.fraction(at(3.0, 1.0)) is HALVES[1]
    assert scheduled.fraction(at(2.5, 1.0)) == pytest.approx(0.375)


def test_where_paths_have_dates_of_their_own_each_has_its_share():
    opening = at(0.0, 0.0, "2026-01-01", "2026-01-02T12:00")
    scheduled = Scheduled(Schedule(HALVES, on="2026-01-03"), opening)
    assert scheduled.fraction(at(0.5, 0.5, "2026-01-01", "2026-01-02T12:00")) is HALVES[0]
    day = scheduled.fraction(at(1.5, 1.0, "2026-01-01", "2026-01-02T12:00"))
    np.testing.assert_allclose(day, [0.25, 0.5], rtol=1e-15)
    both = scheduled.fraction(at(2.5, 2.0, "2026-01-01", "2026-01-02T12:00"))
    np.testing.assert_allclose(both, [0.75 * 0.25 + 0.25 * 0.5, 0.5], rtol=1e-15)
    assert scheduled.fraction(at(3.0, 1.0, "2026-01-01", "2026-01-02T12:00")) is HALVES[1]


def test_a_change_on_the_edge_of_an_interval_is_none_within_it_though_paths_have_their_own_dates():
    dates = "2026-01-01", "2026-01-01"
    scheduled = Scheduled(Schedule((*HALVES, 0.75), on=("2026-01-02", "2026-01-03")), at(0.0, 0.0, *dates))
    for end, value in ((1.0, HALVES[0]), (2.0, HALVES[1])):
        assert scheduled.fraction(at(end, 1.0, *dates)) is value


def test_a_share_of_less_than_a_rounding_is_none_and_of_nearly_all_is_all():
    quarter = 0.25
    assert [_share(part, quarter) for part in (0.5 * DAY_TOL, quarter - 0.5 * DAY_TOL)] == [0.0, 1.0]
    assert [_share(part, quarter) for part in (-1.0, 9.0)] == [0.0, 1.0]
    assert _share(2.0 * DAY_TOL, quarter) == pytest.approx(8.0 * DAY_TOL)
    assert _share(quarter - 2.0 * DAY_TOL, quarter) == pytest.approx(1.0 - 8.0 * DAY_TOL, rel=1e-12)
    assert type(_share(0.1, quarter)) is float
    assert _share(np.array([0.05, 0.1]), quarter) == pytest.approx([0.2, 0.4])
