"""Arrays that callers give: copied, frozen, or refused with count and first index."""

import array
import time
import warnings

import numpy as np
import pandas as pd
import pytest

from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.series import as_events, as_series, frozen, refuse_below, warn_if_percent

WHERE = 'Price("ETH")'
PLAIN = np.arange(1.0, 7.0).reshape(3, 2)


# Frozen copies


def test_frozen_copies_cannot_be_written_again():
    copy = frozen(PLAIN)
    assert copy.tolist() == PLAIN.tolist()
    assert not np.shares_memory(copy, PLAIN)
    with pytest.raises(ValueError, match="read-only"):
        copy[0, 0] = 9.0
    with pytest.raises(ValueError, match="WRITEABLE"):
        copy.setflags(write=True)


@pytest.mark.parametrize("values", [np.array(3.0), np.zeros((0, 2)), np.array([True, False]), np.arange(3)])
def test_frozen_keeps_shape_and_dtype(values):
    assert frozen(values).shape == values.shape
    assert frozen(values).dtype == values.dtype


def unaligned(values):
    raw = np.zeros(values.nbytes + 1, dtype=np.uint8)
    rows = raw[1:].view(np.float64).reshape(values.shape)
    rows[...] = values
    return rows


class Loud(np.ndarray):
    def __array_ufunc__(self, *_args, **_options):
        raise AssertionError("a subclass is not asked to calculate")


@pytest.mark.parametrize(
    "rows",
    [
        np.asfortranarray(PLAIN),
        np.repeat(np.repeat(PLAIN, 2, axis=0), 3, axis=1)[::2, ::3],
        PLAIN[::-1, ::-1].copy()[::-1, ::-1],
        PLAIN.astype(">f8"),
        unaligned(PLAIN),
        PLAIN.astype(np.int64),
        PLAIN.astype(np.uint8),
        frozen(PLAIN),
        PLAIN.view(Loud),
        PLAIN.astype(np.longdouble),
    ],
    ids=[
        "fortran",
        "strided",
        "negative strides",
        "big-endian",
        "unaligned",
        "int64",
        "uint8",
        "read-only",
        "sub",
        "long",
    ],
)
def test_layout_does_not_matter(rows):
    series = as_series(WHERE, rows)
    assert series.tobytes() == PLAIN.tobytes()
    assert type(series) is np.ndarray
    assert series.dtype == np.float64
    assert series.flags.c_contiguous


def test_a_memory_map_is_read(tmp_path):
    np.save(tmp_path / "a.npy", PLAIN)
    assert as_series(WHERE, np.load(tmp_path / "a.npy", mmap_mode="r")).tobytes() == PLAIN.tobytes()


def test_zero_strides_are_read():
    assert as_series(WHERE, np.broadcast_to(2.0, (3, 2))).tolist() == [[2.0, 2.0]] * 3


def test_subnormals_stay():
    assert as_series(WHERE, np.array([5e-324]))[0] == 5e-324


def test_pandas_is_read():
    assert as_series(WHERE, pd.Series([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert as_series(WHERE, pd.DataFrame(PLAIN)).tolist() == PLAIN.tolist()


# Refused values


@pytest.mark.parametrize(
    ("cells", "count", "index"),
    [
        ({(1, 1): np.nan}, 1, (1, 1)),
        ({(2, 0): np.inf}, 1, (2, 0)),
        ({(0, 1): -np.inf, (2, 1): np.nan}, 2, (0, 1)),
    ],
)
def test_what_is_not_finite_is_counted_and_placed(cells, count, index):
    rows = PLAIN.copy()
    for cell, value in cells.items():
        rows[cell] = value
    with pytest.raises(InputError) as caught:
        as_series(WHERE, rows)
    assert f"has {count} non-finite values, the first at index {index}, got {rows[index]}" in str(caught.value)


def test_a_long_double_beyond_float64_is_not_finite():
    with pytest.raises(InputError, match="non-finite"):
        as_series(WHERE, np.array([1.0, np.finfo(np.longdouble).max]))


@pytest.mark.parametrize(
    "value",
    [np.array([2**53 + 1]), np.array([2**64 - 1], dtype=np.uint64), np.array([-(2**63)]), np.array([-(2**53) - 1])],
)
def test_integers_that_float64_would_round(value):
    with pytest.raises(InputError, match=r"2\*\*53"):
        as_series(WHERE, value)


@pytest.mark.parametrize("value", [np.array([2**53]), np.array([-(2**53)]), np.array([2**53], dtype=np.uint64)])
def test_integers_that_float64_holds(value):
    assert int(as_series(WHERE, value)[0]) == int(value[0])


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (np.float32, "float32"),
        (np.float16, "float16"),
        (complex, "complex"),
        (bool, "bool"),
        (object, "object"),
        (str, "str"),
        (bytes, "bytes"),
        ("M8[s]", "datetime64"),
        ("m8[s]", "timedelta64"),
        ([("a", float)], "a"),
        ("V8", "void|V8"),
    ],
)
def test_dtypes_are_refused_by_name(dtype, name):
    with pytest.raises(InputTypeError, match=rf'^Price\("ETH"\): must be float64, not .*({name})'):
        as_series(WHERE, np.zeros(3, dtype=dtype))


@pytest.mark.parametrize("value", [[1.0, 2], (1.0, 2.0), [np.float64(1.0), np.int64(2)], [1, 2]])
def test_plain_lists_of_numbers_are_arrays(value):
    assert as_series(WHERE, value).tolist() == [1.0, 2.0]


def test_plain_lists_of_truth_values_are_events():
    assert as_events(WHERE, [True, np.bool_(False)]).tolist() == [True, False]


def test_lists_are_held_to_what_arrays_are_held_to():
    for value, words in ([], "empty"), ([1.0, np.nan], "non-finite"), ([2**53 + 1], r"2\*\*53"):
        with pytest.raises(InputError, match=words):
            as_series(WHERE, value)
    with pytest.raises(InputTypeError, match="float64, not object"):
        as_series(WHERE, [10**5000])
    with pytest.raises(InputTypeError, match="float32"):
        as_series(WHERE, [np.float32(1.0)])


def test_a_long_list_is_refused_as_fast_as_a_short_one():
    begun = time.process_time()
    with pytest.raises(InputTypeError, match=r"plain list of numbers, got list \['a', 'a'"):
        as_series(WHERE, ["a"] * 10**6)
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    "value",
    [
        [[1.0]],
        ["1.0"],
        (None,),
        [True, 1.0],
        [1j],
        None,
        (x for x in [1.0]),
        memoryview(b"a"),
        array.array("d", [1.0]),
        "1.0",
        {0: 1.0},
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_array_is_refused_with_the_way_to_make_one(value):
    with pytest.raises(InputTypeError, match=r"np\.asarray\(") as caught:
        as_series(WHERE, value)
    assert type(value).__name__ in str(caught.value)


def test_an_object_that_only_looks_like_an_array_is_refused():
    class Pretender:
        def __array__(self, *_args, **_options):
            return PLAIN

    with pytest.raises(InputTypeError, match="Pretender"):
        as_series(WHERE, Pretender())


@pytest.mark.parametrize("mask", [False, True])
def test_masked_arrays_are_refused(mask):
    with pytest.raises(InputTypeError, match="masked"):
        as_series(WHERE, np.ma.array([1.0, 2.0], mask=[mask, False]))


def test_matrices_are_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        value = np.matrix([[1.0]])
    with pytest.raises(InputTypeError, match="matrix"):
        as_series(WHERE, value)


@pytest.mark.parametrize(("shape", "word"), [((3, 0), "empty"), ((0, 2), "empty"), ((2, 2, 2), "dimensions")])
def test_shapes_are_refused(shape, word):
    with pytest.raises(InputError, match=word) as caught:
        as_series(WHERE, np.zeros(shape))
    assert str(shape) in str(caught.value)


def test_a_claim_of_any_size_is_refused_before_a_copy_is_made():
    claim = np.broadcast_to(1.0, (3, 10**9))
    begun = time.process_time()
    with pytest.raises(InputError, match=r"limit of 50000000 cells.*\(3000000000 cells\)"):
        as_series(WHERE, claim)
    assert time.process_time() - begun < 1.0  # a copy would take 24 GB


# Events


@pytest.mark.parametrize("value", [True, False, np.bool_(True), 0, 0.0, np.int64(0), np.float64(0.0)])
def test_a_constant_event(value):
    events = as_events("e", value)
    assert events.shape == ()
    assert bool(events) is bool(value)


def test_events_are_copied():
    given_array = np.array([True, False])
    events = as_events("e", given_array)
    given_array[1] = True
    assert events.tolist() == [True, False]


@pytest.mark.parametrize("value", [np.array([0, 1]), np.array([0.0, 1.0]), np.array(["x"]), np.array([None])])
def test_events_are_booleans(value):
    with pytest.raises(InputTypeError, match=r"must be an array of booleans.*values\.astype\(bool\)"):
        as_events("e", value)


@pytest.mark.parametrize("value", [1, 0.1, np.float64(2.0)])
def test_a_number_of_an_event_is_a_hazard(value):
    with pytest.raises(InputTypeError, match=r"must be True, False, 0 or an array of booleans.*a hazard a year"):
        as_events("e", value)


def test_polars_and_xarray_are_read():
    polars, xarray = pytest.importorskip("polars"), pytest.importorskip("xarray")
    assert as_series(WHERE, polars.Series([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert as_series(WHERE, polars.DataFrame(PLAIN)).tolist() == PLAIN.tolist()
    assert as_series(WHERE, xarray.DataArray(PLAIN)).tolist() == PLAIN.tolist()


# Bounds and units


@pytest.mark.parametrize(("strict", "word"), [(False, "at least 0"), (True, "above 0")])
def test_values_below_a_bound_are_counted_and_placed(strict, word):
    rows = np.array([[1.0, -1.0], [-2.0, 3.0]])
    with pytest.raises(InputError, match=rf"must be {word}; 2 values are not, the first at index \(0, 1\), got -1.0"):
        refuse_below("x", rows, 0.0, strict=strict)


def test_the_bound_itself():
    refuse_below("x", np.array([0.0]), 0.0)
    with pytest.raises(InputError, match="must be above 0; 1 values are not"):
        refuse_below("x", np.array([0.0]), 0.0, strict=True)


def test_rates_that_look_like_percent():
    with pytest.warns(UnitWarning, match=r"4\.2, as a fraction 420% a year; percent\? divide by 100"):
        warn_if_percent("x", np.array([0.01, 4.2, 5.0]))


def test_one_high_rate_is_no_percent():
    warn_if_percent("x", np.array([0.01, 0.02, 900.0]))
