"""What `read_daily` refuses, always in one line that leads to the place."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError, StakingModelsError
from stakingmodels.scenarios.history.files import DailySeries, read_daily

VALID = "date,close\n2024-01-01,1\n2024-01-02,2\n"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "a.csv"

    def read(content: str | bytes, **options) -> DailySeries:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_daily(path, **{"columns": ("close", "y"), **options})

    return read


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "inf",
        "-inf",
        "1e999",
        "1_000",
        '"1,234"',
        "1 234",
        '"1\n"',
        "$5",
        "5%",
        "0x10",
        "1.2.3",
        "e5",
        "\u0665",
        "#N/A",
    ],
)
def test_text_in_a_column_of_numbers(read, cell):
    with pytest.raises(InputError, match=r"^History: a.csv: line 3, column 'close': must be a finite number, got '"):
        read(f"date,close\n2024-01-01,1\n2024-01-02,{cell}\n2024-01-03,3\n")


def test_message_names_the_text(read):
    with pytest.raises(InputError, match=r"got 'abc' \(write 1234.56, without separators or units\)$"):
        read(VALID + "2024-01-03,abc")


@pytest.mark.parametrize(
    "cell",
    [
        "01/02/2024",
        "1.2.24",
        "01-02-2024",
        "2024-02-30",
        "2024-13-01",
        "2024-1-5",
        "2024-01/31",
        "2024-01-31T24:00:00",
        "2024-01-31T23:59:60Z",
        "2024-01-31T00:00:00+24:00",
        "0001-01-01T00:00:00+14:00",
        "20240131",
        "1.7e9",
        "-1706659200",
        "NaT",
        "",
    ],
)
def test_what_is_no_date(read, cell):
    with pytest.raises(InputError, match=r"line 3, column 'date': must be a date in ISO 8601, .*write 2024-01-31"):
        read(f'date,close\n2024-01-31,1\n"{cell}",2\n')


@pytest.mark.parametrize("cell", ["0", "-1", "0.0", "-0", "1e-999"])
def test_price_that_is_not_above_zero(read, cell):
    with pytest.raises(InputError, match=rf"line 3, column 'close': must be above 0, got '{cell}'"):
        read(f"date,close\n2024-01-01,1\n2024-01-02,{cell}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-01-01,5\n2024-01-02,6\n", "must begin with a header .*, got '2024-01-01,5'"),
        ("1682812800000,5\n1682899200000,6\n", "must begin with a header"),
        ("31/12/2024,5\n01/01/2025,6\n", "must begin with a header"),
        ("date,close\n", "got a header and no rows"),
        ("date\n2024-01-01\n", "must have a date column and a value column, got 'date'"),
        ("date,close\n2024-01-01,5\n", "must hold at least 2 days, got only 2024-01-01"),
        ("date,close\n2024-01-01,5\n2024-01-01,5\n", "must hold at least 2 days"),
        ("date,close\n2024-01-01,\n2024-01-02,-\n", "must hold numbers, got none"),
        ("date,close\n0204-01-01,5\n2024-01-02,6\n", "span at most 200000 days, got 0204-01-01 to 2024"),
    ],
)
def test_refused(read, text, message):
    with pytest.raises(InputError, match=f"^History: a.csv: .*{message}"):
        read(text, column=None)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"missing_days": "zero"}, InputError, "missing_days: must be one of 'refuse', 'previous', got 'zero'"),
        ({"shift": 367}, InputError, "shift: .*366"),
        ({"shift": 0.5}, InputTypeError, "shift: must be an integer"),
        ({"positive": 1}, InputTypeError, "positive: must be True or False"),
        ({"column": 3}, InputTypeError, "column: must be the name of a column"),
        ({"columns": "close"}, InputTypeError, "columns: must be a tuple of names"),
    ],
)
def test_arguments(read, options, error, message):
    with pytest.raises(error, match=f"^History: a.csv: {message}"):
        read(VALID, **options)


SCRAPS = b'date|close|x|y|,|;|\t|\n|\r|"| |\0|\xef\xbb\xbf|\xff|2024-01-01|2024-01-02'.split(b"|")
SCRAPS += b"1682812800000|31/12/2024|5|-|1,5|nan|1e999|99999999999999|\xc3\xa9|\x1b|\xe2\x80\xa8".split(b"|")


@given(
    st.binary()
    | st.lists(st.sampled_from(SCRAPS), max_size=30).map(b"".join)
    | st.tuples(st.integers(0, len(VALID)), st.binary(max_size=2)).map(
        lambda a: VALID.encode()[: a[0]] + a[1] + VALID.encode()[a[0] + 1 :]
    )
)
def test_any_bytes_are_read_or_refused_in_one_line(read, content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            series = read(content, missing_days="previous")
    except StakingModelsError as error:
        message = str(error)
        assert message.startswith("History: a.csv: ")
        assert len(message) <= 400
        assert message.isprintable()
    else:
        assert len(series.values) >= 2
        assert (np.diff(series.dates) == np.timedelta64(1, "D")).all()
        assert (np.isfinite(series.values) & (series.values > 0)).all()


def test_message_of_long_and_unprintable_names(tmp_path):
    path = tmp_path / ("\x1b\n" + "n" * 200)
    path.write_text("date," + '"\x1b' + "c" * 5000 + '"\n2024-01-01,bad\n')
    with pytest.raises(InputError) as caught:
        read_daily(path, column="\x07" + "d" * 5000)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 400
