"""A file becomes a table of cells, or is refused with the byte or line that is wrong."""

import os
import socket
from pathlib import Path

import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios.history.files import csv_table
from stakingmodels.scenarios.history.files.csv_table import Table, check_rows, file_name, plain, read_cells, read_text

TEXT = "date,close\n2024-01-01,1\n2024-01-02,2\n"
ROWS = [["2024-01-01", "1"], ["2024-01-02", "2"]]


def read_table(path, where: str) -> Table:
    table = read_cells(read_text(path, where), where)
    check_rows(table)
    return table


@pytest.fixture
def read(tmp_path):
    def read(content: str | bytes) -> Table:
        path = tmp_path / "a.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, "History: a.csv")

    return read


def test_cells_with_their_lines(read):
    assert read(TEXT) == Table("History: a.csv", ["date", "close"], ROWS, [2, 3])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_delimiter_is_seen_in_the_header(read, mark):
    assert read(TEXT.replace(",", mark)).rows == ROWS


def test_delimiter_is_not_looked_for_in_quoted_names(read):
    assert read('date,"close; USD"\n2024-01-01,1\n').header == ["date", "close; USD"]


@pytest.mark.parametrize("header", ["date\tclose; USD, cents", "date;close, USD"])
def test_delimiter_is_the_rarest_in_names(read, header):
    assert len(read(header).header) == 2


def test_tab_before_an_unnamed_index_is_a_delimiter(read):
    assert read("\tdate\n0\t2024-01-01\n").header == ["", "date"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(read, end):
    table = read(TEXT.replace("\n", end))
    assert (table.rows, table.lines) == (ROWS, [2, 3])


def test_last_line_may_lack_its_end(read):
    assert read(TEXT.rstrip()).rows == ROWS


def test_byte_order_mark_is_dropped(read):
    assert read(b'\xef\xbb\xbf"date","close"\n2024-01-01,1\n').header == ["date", "close"]


def test_blanks_around_cells_are_dropped(read):
    table = read('date , "close"\n 2024-01-01,\t1 \xa0\n')
    assert (table.header, table.rows) == (["date", "close"], [["2024-01-01", "1"]])


def test_blank_lines_are_passed_over_but_counted(read):
    table = read("\n \ndate,close\n,\n\n2024-01-01,1\n")
    assert (table.rows, table.lines) == ([["2024-01-01", "1"]], [6])


def test_line_of_a_row_after_a_cell_of_two_lines(read):
    assert read('date,note\n2024-01-01,"a\nb"\n2024-01-02,c\n').lines == [2, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty file"),
        (b"PK\x03\x04" + bytes(40), "got a zip archive or a workbook"),
        (b"\x1f\x8b" + bytes(40), "got a gzip archive"),
        (b"<!DOCTYPE html>", "got a web page"),
        (b"\xef\xbb\xbf", "empty file"),
        (b"\n \n\n", "empty file"),
        (TEXT.encode("utf-16"), "UTF-16 byte-order mark at byte 0"),
        (TEXT.encode("utf-16-be"), "NUL byte at byte 0"),
        (TEXT.encode("utf-16-le"), "NUL byte at byte 1"),
        (b"date,close\n2024-01-01,\x00", "NUL byte at byte 22"),
        (b"date,close\n2024-01-01,\xff", "must be UTF-8, got 0xff at byte 22"),
        (b"date,close\n2024-01-01,5,6\n", "line 2 must have 2 cells like the header, got 3"),
        (b"date,close\n2024-01-01,5\n2024-01-02\n", "line 3 must have 2 cells like the header, got 1"),
        (b'date,close\n2024-01-01,5\n2024-01-02,"6\n', "line 3 must be CSV"),
        (b'date,close\n2024-01-01,"5"6\n', "line 2 must be CSV"),
        (b"date,close\n2024-01-01," + b"5" * 140_000, "line 2 must be CSV"),
    ],
)
def test_refused(read, content, message):
    with pytest.raises(InputError, match=f"^History: a.csv: .*{message}"):
        read(content)


@pytest.mark.parametrize("cell", ["1,5", "1.234,56", "-3,25", "1 234,5", "12,5 %"])
def test_decimal_comma_between_semicolons_is_refused_in_any_column(read, cell):
    with pytest.raises(InputError, match=r"line 3: must use a decimal point, not a decimal comma.*1234\.56"):
        read(f"date;open;close\n2024-01-01;1;2\n2024-01-02;1;{cell}\n")


def test_more_rows_than_the_limit(read, monkeypatch):
    monkeypatch.setattr(csv_table, "ROWS_LIMIT", 2)
    assert len(read(TEXT).rows) == 2
    with pytest.raises(InputError, match="at most 2 rows"):
        read(TEXT + "2024-01-03,3\n")


def test_more_bytes_than_the_limit(tmp_path):
    path = tmp_path / "a.csv"
    path.touch()
    os.truncate(path, csv_table.BYTES_LIMIT + 1)
    with pytest.raises(InputError, match="at most 67108864 bytes"):
        read_table(path, "History: a.csv")


def test_as_many_bytes_as_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_table, "BYTES_LIMIT", len(TEXT))
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    assert read_table(path, "History: a.csv").rows == ROWS


def test_directory(tmp_path):
    with pytest.raises(InputError, match="directory"):
        read_table(tmp_path, "History: a.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_refused_unopened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="regular file"):
        read_table(tmp_path / "pipe", "History: pipe")


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="no /dev/null here")
def test_device():
    with pytest.raises(InputError, match="regular file"):
        read_table("/dev/null", "History: null")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
def test_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket may have some 100 characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(InputError, match="regular file"):
            read_table("socket", "History: socket")


def test_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(InputError, match=r"absent\.csv: cannot be read: no such file or directory"):
        read_table(tmp_path / "absent.csv", "History: absent.csv")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read any file")
def test_unreadable_file_is_refused_with_its_name(tmp_path):
    path = tmp_path / "closed.csv"
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(InputError, match=r"closed\.csv: cannot be read: permission denied"):
        read_table(path, "History: closed.csv")


@pytest.mark.parametrize("path", ["a\0b.csv", "\ud800.csv"])
def test_impossible_file_name(path):
    with pytest.raises(InputError, match="possible file name"):
        read_table(path, "History: a.csv")


@pytest.mark.parametrize("path", [None, 3, b"a.csv", ["a.csv"]])
def test_what_is_no_path(path):
    with pytest.raises(InputTypeError, match=r"History: path: must be a path .*, got (NoneType|int|bytes|list)"):
        file_name(path)


@pytest.mark.parametrize(
    ("path", "name"),
    [("data/a.csv", "a.csv"), (Path("a.csv"), "a.csv"), ("", "."), ("a\x1b.csv", r"a\x1b.csv")],
)
def test_file_name(path, name):
    assert file_name(path) == name


def test_plain_cuts_after_80_characters():
    assert plain("é\n" + "a" * 100) == "é\\n" + "a" * 77


def test_find_prefers_the_exact_letter_case():
    table = Table("t", ["Close", "close", "Open"], [], [])
    assert (table.find("close"), table.find("Close"), table.find("open"), table.find("low")) == (
        1,
        0,
        2,
        None,
    )


@pytest.mark.parametrize(("header", "name"), [(["close", "close"], "close"), (["Close", "close"], "CLOSE")])
def test_find_refuses_a_name_that_stands_twice(header, name):
    with pytest.raises(InputError, match="column names must differ, got 2"):
        Table("t", header, [], []).find(name)


def test_names_are_cut_after_twelve():
    table = Table("t", [str(i) for i in range(13)], [], [])
    assert table.names().endswith("'11', ...")
    assert table.names([0, 12]) == "'0', '12'"
