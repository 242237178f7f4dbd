"""What every measure takes, refuses and leaves alone."""

import numpy as np
import pandas as pd
import pytest

from stakingmodels import measures
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import Distribution

CALLS = {
    "Distribution.values": Distribution,
    "total_return: closing": lambda x: measures.total_return(1.0, x),
    "annualized_return: period_return": lambda x: measures.annualized_return(x, 1.0),
    "simple_rate: years": lambda x: measures.simple_rate(1.0, x),
    "real_yield: nominal": lambda x: measures.real_yield(x, 0.1),
    "irr: flows": lambda x: measures.irr(x, np.arange(3.0)),
    "irr: times_years": lambda x: measures.irr(np.ones(3), x),
    "max_drawdown: values": measures.max_drawdown,
    "annual_volatility: values": measures.annual_volatility,
    "sharpe_ratio: values": measures.sharpe_ratio,
    "sortino_ratio: values": measures.sortino_ratio,
    "newey_west: x": lambda x: measures.newey_west(x, 1),
    "effective_sample_size: x": lambda x: measures.effective_sample_size(x, 1),
}
every_measure = pytest.mark.parametrize(("where", "call"), CALLS.items(), ids=CALLS)
GOOD = np.array([3.0, 1.0, 2.0])


def good(where):
    return np.sort(GOOD) - 1.0 if where == "irr: times_years" else GOOD


@every_measure
@pytest.mark.parametrize(
    "dtype",
    ["float32", "float16", "complex128", "bool", "object", "U3", "S3", "datetime64[s]", "timedelta64[s]"],
)
def test_only_numbers_of_64_bits_are_taken(where, call, dtype):
    with pytest.raises(InputTypeError, match=rf"^{where}: must be float64, not {np.dtype(dtype)}".replace("[", r"\[")):
        call(np.zeros(3, dtype=dtype))


@every_measure
@pytest.mark.parametrize(
    "value",
    [((1.0, 2.0),), [[1.0, 2.0]], ["1"], [True, 2.0], "1", None, {"a": 1.0}, np.ma.masked_array([1.0, 2.0]), range(3)],
)
def test_only_plain_arrays_are_taken(where, call, value):
    taken = "plain numpy ndarray|number|numpy ndarray, a number, or a plain list of numbers"
    with pytest.raises(InputTypeError, match=rf"^{where}: must be a ({taken}), got"):
        call(value)


@every_measure
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_counted_and_placed(where, call, value):
    bad = np.array([1.0, value, value])
    with pytest.raises(InputError, match=rf"^{where}: must be finite; 2 of 3 are not, the first at index \(1,\), got"):
        call(bad)


@every_measure
def test_what_could_not_be_squared_is_refused(where, call):
    with pytest.raises(InputError, match=rf"^{where}: must be within 1e\+150; 1 of 3 are not, .* got 1e\+200"):
        call(np.array([1.0, 1e200, 2.0]))


@every_measure
def test_an_empty_array_is_refused(where, call):
    with pytest.raises(InputError, match=f"^{where}: must not be empty"):
        call(np.array([]))


@every_measure
def test_too_many_cells_are_refused_before_they_are_copied(where, call):
    with pytest.raises(InputError, match=f"^{where}: must have at most the limit of 50000000 cells"):
        call(np.broadcast_to(1.0, 10**10))


@every_measure
def test_integers_that_float64_would_round_are_refused(where, call):
    with pytest.raises(InputError, match=rf"^{where}: integers must be within 2\*\*53"):
        call(np.array([1, 2**53 + 1, 2]))


@pytest.mark.parametrize("edge", [2**53, -(2**53)])
def test_the_largest_whole_numbers_of_float64_are_taken(edge):
    assert Distribution(np.array([1, edge])).values[1] == edge  # noqa: PD011  # no frame
    with pytest.raises(InputError, match=r"integers must be within 2\*\*53"):
        Distribution(np.array([1, edge + (1 if edge > 0 else -1)]))


@pytest.mark.parametrize("edge", [1e150, -1e150])
def test_values_reach_to_1e150_either_way(edge):
    assert Distribution(np.array([1.0, edge])).values[1] == edge  # noqa: PD011  # no frame
    with pytest.raises(
        InputError, match=r"must be within 1e\+150; 1 of 2 are not, the first at index \(1,\), got -?1\.1e"
    ):
        Distribution(np.array([edge, 1.1 * edge]))


def test_a_third_dimension_is_refused():
    with pytest.raises(InputError, match=r"^irr: times_years: must have one or two dimensions, time first"):
        measures.irr(np.ones(2), np.zeros((2, 1, 1)))
    with pytest.raises(InputError, match=r"^max_drawdown: values: must have one"):
        measures.max_drawdown(np.ones((2, 2, 2)))


def outcome(call, values):
    """The measure as bytes, or for a distribution those of its measures."""
    result = call(values)
    if isinstance(result, Distribution):
        result = [result.mean(), result.standard_deviation(), result.expected_shortfall(0.5)]
    return np.asarray(result).tobytes()


@every_measure
@pytest.mark.parametrize(
    "layout",
    [
        lambda x: np.repeat(x, 2)[::2],
        lambda x: x[::-1].copy()[::-1],
        lambda x: x.astype(">f8"),
        lambda x: x.astype(np.int64),
        lambda x: x.astype(np.longdouble),
        pd.Series,
    ],
    ids=["strided", "reversed", "big-endian", "int64", "longdouble", "pandas"],
)
def test_other_layouts_give_the_same_bytes(where, call, layout):
    assert outcome(call, layout(good(where))) == outcome(call, good(where))


@every_measure
def test_inputs_are_left_as_they_were(where, call):
    values = good(where)
    before = values.tobytes()
    call(values)
    assert values.tobytes() == before
    values = values.copy()
    values.setflags(write=False)
    call(values)


@every_measure
@pytest.mark.parametrize("scale", [1.0, 1e-170])
def test_the_host_may_turn_every_warning_into_an_error(where, call, scale):
    values = good(where) * (1.0 if where == "simple_rate: years" else scale)
    expected = outcome(call, values)
    with np.errstate(all="raise"):
        assert outcome(call, values) == expected


def test_a_tail_under_a_strict_host():
    tail = Distribution(np.array([-1e-170, 1e-170, -3e-170, 2e-170, 0.0]))
    with np.errstate(all="raise"):
        assert tail.standard_error_of_expected_shortfall(0.5) >= 0.0
        assert tail.tail_weights(0.5).sum() == pytest.approx(1.0)
        assert tail.expected_shortfall_split({"all": tail.values}, 0.5)["all"] > 0.0  # noqa: PD011  # no frame
