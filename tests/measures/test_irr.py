import datetime as dt
import math
import sys
from typing import Any

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from stakingmodels.errors import InputError, NumericalError, UnitWarning
from stakingmodels.measures import irr

MODULE: Any = sys.modules["stakingmodels.measures.irr"]  # in the package its name is that of the function
START = dt.date(2020, 1, 1)
pytestmark = pytest.mark.filterwarnings("ignore:irr:stakingmodels.errors.UnitWarning")  # rates far out are sought here
MONEY = st.floats(0.01, 1e6)


def value(flows, times, rate):
    """The present value of the flows."""
    return float(np.sum(flows * np.exp(-times * math.log1p(rate))))


def volume(flows, times, rate):
    return float(np.sum(np.abs(flows) * np.exp(-times * math.log1p(rate))))


def investments(rng, n_flows, n_paths):
    """Flows that change sign once, with times of whole days, and some of them zero."""
    flows = rng.exponential(50.0, (n_flows, n_paths)) * (rng.random((n_flows, n_paths)) < 0.8)
    turn = rng.integers(1, n_flows, n_paths)
    flows[np.arange(n_flows)[:, None] < turn] *= -1.0
    flows[0], flows[-1] = -100.0, rng.uniform(1.0, 300.0, n_paths)
    days = np.concatenate([[0], rng.choice(np.arange(10, 10 * n_flows + 1000, 10), n_flows - 1, replace=False)])
    return flows, np.sort(days)


@st.composite
def single_changes(draw):
    """Flows of one path that change sign once, and their times."""
    costs = draw(st.lists(MONEY, min_size=1, max_size=8))
    gains = draw(st.lists(MONEY, min_size=1, max_size=8))
    gaps = draw(st.lists(st.integers(10, 400), min_size=len(costs) + len(gains) - 1, max_size=20))
    times = np.cumsum([0, *gaps[: len(costs) + len(gains) - 1]]) / 365
    return np.array([-each for each in costs] + gains), times


# Oracles


@pytest.mark.parametrize("n_flows", [2, 3, 13, 60])
def test_irr_is_that_of_pyxirr(n_flows):
    flows, days = investments(np.random.default_rng(n_flows), n_flows, 300)
    dates = [START + dt.timedelta(days=int(day)) for day in days]
    expected = np.array([pyxirr.xirr(dates, column) for column in flows.T], dtype=float)
    found = ~np.isnan(expected)  # it gives up on a few
    assert found.mean() > 0.95
    assert irr(flows, days / 365)[found] == pytest.approx(expected[found], rel=1e-9, abs=1e-9)  # type: ignore[index]


@pytest.mark.parametrize("n_flows", [2, 3, 13, 60])
def test_irr_is_that_of_scipy(n_flows):
    flows, days = investments(np.random.default_rng(100 + n_flows), n_flows, 300)
    times = days / 365
    expected = [
        brentq(lambda growth, column=column: np.sum(column * np.exp(-times * growth)), -150.0, 150.0, xtol=1e-14)
        for column in flows.T
    ]
    assert irr(flows, times) == pytest.approx(np.expm1(expected), rel=1e-9, abs=1e-9)


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=7))
def test_a_rate_is_given_only_if_it_is_the_only_one(flows):
    """With whole years the rates are roots of a polynomial in 1 / (1 + r), which numpy finds all at once."""
    rate = irr(np.array(flows, dtype=float), np.arange(len(flows), dtype=float))
    if math.isnan(rate) or not (min(flows) < 0 < max(flows)):
        return
    roots = np.roots(flows[::-1])
    discounts = [root.real for root in roots if abs(root.imag) < 1e-7 and root.real > 1e-9]
    assert len(discounts) == 1
    assert 1.0 / (1.0 + rate) == pytest.approx(discounts[0], rel=1e-6)


# Published values and cases known in closed form


def test_xirr_over_a_leap_year():
    """-100 on 2024-01-01, 104 on 2025-01-01: 366 days, 0.039889 with 365 days a year."""
    assert irr(np.array([-100.0, 104.0]), np.array([0.0, 366 / 365])) == pytest.approx(0.039889, abs=5e-7)


def test_4_percent_over_365_days():
    assert irr(np.array([-10.0, 10.4]), np.array([0.0, 1.0])) == pytest.approx(0.04, rel=1e-14)


def test_a_loan_at_par_yields_its_coupon():
    flows = np.array([-100.0, 5.0, 5.0, 5.0, 105.0])
    assert irr(flows, np.arange(5.0)) == pytest.approx(0.05, rel=1e-13)


@given(st.floats(-0.999, 50.0), st.floats(1 / 365, 30.0))
def test_two_flows_are_solved_in_closed_form(rate, years):
    assert irr(np.array([-1.0, (1.0 + rate) ** years]), np.array([0.0, years])) == pytest.approx(
        rate, rel=1e-9, abs=1e-11
    )


@pytest.mark.parametrize(
    ("flows", "times", "log_growth"),
    [
        ([-100.0, 1e-40], [0.0, 1.0], math.log(1e-42)),
        ([-1e-40, 1.0], [0.0, 1.0], math.log(1e40)),
        ([-1.0, 2.0, 1.0], [0.0, 1 / 365, 10.0], 365 * math.log(2.0)),
        ([-1.0, -1.0, 1.0], [0.0, 10.0 - 1 / 365, 10.0], -0.4812118250596),
        ([-1e100, 1e100], [0.0, 1e-6], 0.0),
    ],
)
def test_rates_far_out_are_found(flows, times, log_growth):
    rate = irr(np.array(flows), np.array(times))
    if log_growth < -30.0:
        assert rate == -1.0
    elif log_growth == -0.4812118250596:
        assert abs(value(np.array(flows), np.array(times), rate)) < 1e-11
    else:
        assert math.log1p(rate) == pytest.approx(log_growth, rel=1e-12, abs=1e-9)


# Properties


@given(single_changes())
def test_the_value_at_the_rate_is_zero(case):
    flows, times = case
    rate = irr(flows, times)
    if rate > -1.0 + 1e-9:
        # log1p cannot tell rates apart that are closer together than the last digit of 1 + rate
        slack = 1e-12 + 4 * 2.0**-52 / (1.0 + rate) * times[-1]
        assert abs(value(flows, times, rate)) <= slack * volume(flows, times, rate)


@given(single_changes(), st.floats(-0.9, 10.0), st.floats(-0.9, 10.0))
def test_the_value_changes_sign_at_the_rate_only(case, one, other):
    flows, times = case
    rate = float(irr(flows, times))
    for each in (one, other):
        if abs(each - rate) > 1e-6 * (1.0 + abs(rate)):
            assert (value(flows, times, each) > 0.0) == (each < rate)


@given(single_changes())
def test_a_gain_has_a_positive_rate_and_a_loss_a_negative_one(case):
    flows, times = case
    gain = math.fsum(flows)
    if abs(gain) > 1e-9 * np.abs(flows).sum():
        assert np.sign(irr(flows, times)) == np.sign(gain)


@given(single_changes(), st.integers(-30, 30))
def test_the_unit_of_money_is_of_no_account(case, power):
    flows, times = case
    assert irr(flows * 2.0**power, times) == pytest.approx(irr(flows, times), rel=1e-12, abs=1e-13)


@given(single_changes())
def test_a_borrower_pays_the_rate_of_the_lender(case):
    flows, times = case
    assert irr(-flows, times) == irr(flows, times)


@given(single_changes(), st.integers(0, 3), st.integers(0, 3))
def test_zero_flows_change_nothing(case, before, after):
    flows, times = case
    padded = np.concatenate([np.zeros(before), flows, np.zeros(after)])
    ends = times[-1] + before + np.arange(1.0, after + 1.0)
    dates = np.concatenate([np.arange(float(before)), times + before, ends])
    assert irr(padded, dates) == pytest.approx(irr(flows, times), rel=1e-9, abs=1e-12)


# One, none, or several rates


@pytest.mark.parametrize("flows", [[-100.0, 0.0], [-100.0, 0.0, 0.0], [-100.0, -5.0, 0.0], [0.0, -5.0, -1.0]])
def test_money_that_never_comes_back_is_a_total_loss(flows):
    assert irr(np.array(flows), np.arange(float(len(flows)))) == -1.0


@pytest.mark.parametrize("flows", [[0.0, 0.0], [1.0, 2.0], [0.0, 5.0], [5.0, 0.0], [0.0]])
def test_nothing_paid_in_has_no_rate(flows):
    assert math.isnan(irr(np.array(flows), np.arange(float(len(flows)))))


@pytest.mark.parametrize(
    "flows",
    [
        [-1.0, 2.3, -1.32],  # 10 % and 20 %
        [-1.0, 3.0, -1.5],  # 137 % and -37 %
        [-1.0, 2.0, -1.0],  # 0 twice
        [-1.0, 1.0, -1.0],  # none
        [-1.0, 6.0, -11.0, 6.0],  # 0 %, 100 % and 200 %: three changes
    ],
)
def test_several_rates_or_none_are_nan(flows):
    assert math.isnan(irr(np.array(flows), np.arange(float(len(flows)))))


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100.0, 30.0, -10.0, 100.0], None),
        ([-100.0, 60.0, -20.0, 30.0], None),
        ([-100.0, 20.0, -20.0, 100.0], 0.0),
        ([-0.1, 0.05, -0.25, 0.3], 0.0),
    ],
)
def test_norstroms_criterion_settles_a_cost_on_the_way(flows, rate):
    found = irr(np.array(flows), np.arange(4.0))
    assert abs(value(np.array(flows), np.arange(4.0), found)) < 1e-12 * volume(np.array(flows), np.arange(4.0), found)
    if rate is not None:
        assert found == pytest.approx(rate, abs=1e-14)


def test_every_path_is_judged_by_itself():
    flows = np.array([[-1.0, -1.0, 1.0, -1.0, -1.0], [2.3, 0.0, 1.0, 0.5, 1.0], [-1.32, 0.0, 1.0, 1.0, 0.0]])
    rates = irr(flows, np.arange(3.0))
    assert isinstance(rates, np.ndarray)
    assert np.isnan(rates).tolist() == [True, False, True, False, False]
    assert rates[[1, 3, 4]] == pytest.approx([-1.0, (0.5 + math.sqrt(4.25)) / 2 - 1, 0.0], abs=1e-14)


# Shapes and blocks


def test_one_path_gives_a_float_and_many_an_array():
    flows, times = np.array([-1.0, 1.1]), np.array([0.0, 1.0])
    assert type(irr(flows, times)) is float
    assert np.shape(irr(flows[:, None], times)) == (1,)
    assert np.shape(irr(flows, np.stack([times, 2.0 * times], axis=1))) == (2,)


def test_times_may_differ_from_path_to_path():
    flows = np.array([[-100.0, -100.0], [10.0, 20.0], [100.0, 110.0]])
    times = np.array([[0.0, 0.0], [0.5, 0.1], [1.0, 3.0]])
    alone = [irr(flows[:, k], times[:, k]) for k in range(2)]
    assert irr(flows, times).tolist() == alone  # type: ignore[union-attr]


def test_a_path_alone_gives_the_same_bits():
    flows, days = investments(np.random.default_rng(3), 400, 2 * (MODULE._CELLS // 400) + 17)
    flows[:, ::5] *= np.random.default_rng(4).choice([1.0, 0.0, 1e-9], (400, len(flows[0, ::5])))
    flows[200, ::7] *= -1.0
    rates = irr(flows, days / 365)
    alone = [float(irr(column, days / 365)) for column in flows.T]
    assert np.array_equal(rates, alone, equal_nan=True)


def test_rates_move_with_their_paths():
    rng = np.random.default_rng(5)
    flows, days = investments(rng, 13, 8_000)
    order = rng.permutation(8_000)
    rates = irr(flows, days / 365)
    assert isinstance(rates, np.ndarray)
    assert np.array_equal(irr(flows[:, order], days / 365), rates[order])


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda x: x[:, ::-1][:, ::-1], lambda x: x.astype(">f8")])
def test_the_layout_of_memory_is_of_no_account(layout):
    flows, days = investments(np.random.default_rng(6), 13, 100)
    assert np.array_equal(irr(layout(flows), days / 365), irr(flows, days / 365))


def test_ten_years_of_daily_flows():
    times = np.arange(3_651) / 365
    flows = np.full(3_651, 0.02)
    flows[0], flows[-1] = -100.0, 100.0
    rate = irr(flows, times)
    assert abs(value(flows, times, rate)) < 1e-11 * volume(flows, times, rate)


# What is refused


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([0.0, 1.0], "must have one time per flow, 3"),
        ([0.5, 1.0, 2.0], r"must start at 0; 1 of 1 are not, the first at index \(0,\), got 0.5"),
        (
            [0.0, 1.0, 1.0],
            r"must increase: .* one day; 1 of 3 are not, the first at index \(2,\), got 1.0",
        ),
        ([0.0, 2.0, 1.0], "must increase: sort the flows"),
        ([0.0, np.nan, 1.0], "must be finite; 1 of 3 are not"),
        ([[0.0], [1.0], [2.0]], r"must have the shape of the flows, \(3, 2\)"),
    ],
)
def test_times_start_at_0_and_increase(times, message):
    with pytest.raises(InputError, match=f"^irr: times_years: {message}"):
        irr(np.ones((3, 2)), np.array(times))


def test_flows_are_finite():
    with pytest.raises(InputError, match=r"^irr: flows: must be finite; 2 of 4 are not, the first at index \(0, 1\)"):
        irr(np.array([[-1.0, np.nan], [1.0, np.inf]]), np.array([0.0, 1.0]))


def test_flows_have_at_most_two_dimensions():
    with pytest.raises(InputError, match="irr: flows: must have one or two dimensions, time first"):
        irr(np.ones((2, 2, 2)), np.array([0.0, 1.0]))


def test_a_rate_beyond_float64_is_an_error():
    flows = np.array([[-1.0, -1.0], [1.1, 10.0]])
    with pytest.raises(NumericalError, match="irr: overflow: the rate of path 1 does not fit a float64"):
        irr(flows, np.array([0.0, 1 / 365]))


@pytest.mark.parametrize(
    "flows",
    [
        [-6.0, 4.0, -2.0, -1.0, -3.0, -1.0, 1.0],
        [-5.6, 3.8, -1.6, -0.8, -3.0, -1.1, 1.1],
        [-5.5, 3.7, -1.8, -0.8, -3.1, -1.0, 1.0],
    ],
)
def test_newtons_method_is_kept_from_going_to_and_fro(flows):
    times = np.array([0.0, 0.67, 0.74, 2.35, 3.36, 5.26, 5.33])
    rate = irr(np.array(flows), times)
    assert abs(value(np.array(flows), times, rate)) < 1e-13 * volume(np.array(flows), times, rate)


def test_halving_alone_finds_the_rate_too(monkeypatch):
    flows, days = investments(np.random.default_rng(8), 13, 200)
    expected = irr(flows, days / 365)
    monkeypatch.setattr(MODULE, "_FREE_STEPS", 0)
    monkeypatch.setattr(MODULE, "_SMALL_STEP", -1.0)
    assert irr(flows, days / 365) == pytest.approx(expected, rel=1e-12, abs=1e-13)


@given(single_changes())
def test_the_search_starts_with_the_rate_in_its_bracket(case):
    flows, times = (each[:, None] for each in case)
    oriented = MODULE._Flows.between(flows, times)
    low, high = oriented.bracket()
    assert low < MODULE._log_growth(oriented) < high


def test_a_search_without_end_is_an_error(monkeypatch):
    monkeypatch.setattr(MODULE, "_MAX_STEPS", 1)
    with pytest.raises(NumericalError, match="irr: no rate found within 1 steps on 1 paths"):
        irr(np.array([-1.0, 1.0, 1.0]), np.array([0.0, 1.0, 2.0]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([0.0, 90.0, 365.0], r"^irr: times_years: the last is 365 years; if that is days, divide by 365$"),
        ([0.0, 1e-6, 0.01], r"^irr: times_years: the largest rate is .* a year; are the times in years of 365 days\?$"),
    ],
)
def test_times_that_look_like_another_unit_are_warned_of(times, said):
    with pytest.warns(UnitWarning, match=said):
        irr(np.array([-100.0, 60.0, 70.0]), np.array(times))


@pytest.mark.filterwarnings("error")
def test_years_are_not_warned_of():
    assert irr(np.array([-100.0, 60.0, 70.0]), np.array([0.0, 1.0, 30.0])) > 0.0


@pytest.mark.filterwarnings("ignore::stakingmodels.UnitWarning")
@pytest.mark.parametrize("unit", [0.5, 1e4, 1e6])
@pytest.mark.parametrize("flows", [[-100.0, -20.0, 90.0, 70.0], [-100.0, 5.0, 5.0, 105.0], [-100.0, 20.0, 20.0, 1e-3]])
def test_a_time_of_another_length_takes_the_same_growth(flows, unit):
    times = np.array([0.0, 1.0, 2.0, 3.0])
    growth = np.log1p(irr(np.array(flows), times))
    assert unit * np.log1p(irr(np.array(flows), unit * times)) == pytest.approx(growth, rel=1e-12)


@pytest.mark.filterwarnings("ignore::stakingmodels.UnitWarning")
def test_the_largest_rates_that_a_float_holds_are_found():
    """Where money is valued at another time than its first or last, sums of it overflow."""
    flows, days = np.array([-1e6, 1e6 * np.exp(705.0 / 365.0)]), np.array([0.0, 1.0])
    assert np.log1p(irr(flows, days / 365.0)) == pytest.approx(705.0, rel=1e-12)


@pytest.mark.filterwarnings("ignore::stakingmodels.UnitWarning")
@pytest.mark.parametrize("flows", [[-100.0, 2.0, 0.0, 0.01], [-0.01, 0.0, -2.0, 100.0]])
def test_a_first_cost_or_last_gain_of_pennies_counts_in_the_bracket(flows):
    growth = np.log1p(irr(np.array(flows), np.array([0.0, 1.0, 2.0, 3.0])))
    assert np.dot(flows, np.exp(-growth * np.arange(4.0))) == pytest.approx(0.0, abs=1e-9)
    assert abs(growth) > 2.9
