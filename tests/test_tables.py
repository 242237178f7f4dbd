"""Tables and notes as plain text, HTML and Markdown."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import InputError, InputTypeError, catalogue
from stakingmodels.tables import Notes, Table
from stakingmodels.wrapping import WRAP, beside, width, wrapped


def test_words_stand_left_and_numbers_right():
    table = Table("", ["name", "USD"], [["pool", "1.00"], ["x", "1,000.00"]]).to_text()
    assert table.splitlines() == [
        "name       USD",
        "----  --------",
        "pool      1.00",
        "x     1,000.00",
    ]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("pool", 4),
        ("", 0),
        ("\u8cea\u62bc\u6c60", 6),
        ("caf\u00e9", 4),
        ("cafe\u0301", 4),
        ("\uff21\uff42", 4),
        ("\u1112\u1161\u11ab", 2),
    ],
)
def test_wide_letters_take_two_columns_and_accents_none(text, columns):
    assert width(text) == columns


def test_columns_stand_below_each_other_whatever_the_letters():
    names = ["pool", "\u8cea\u62bc\u6c60", "cafe\u0301", "\u6301\u6709 ETH", "\ud55c\uad6d"]
    lines = (
        Table("", ["name", "USD"], [[name, f"{10.0**k:,.2f}"] for k, name in enumerate(names)]).to_text().splitlines()
    )
    assert {width(line) for line in lines} == {width(lines[0])}
    assert {width(line[: line.rindex("  ") + 2]) + len(line[line.rindex("  ") + 2 :]) for line in lines} == {19}


@pytest.mark.parametrize("text", ["$x^2$", "$$x$$", "cost in $, price in $"])
def test_dollars_are_no_formula_in_a_notebook(text):
    page = Table(text, ["a"], [[text]]).to_html()
    assert "$" not in page
    assert page.count("<span>&#36;</span>") == 2 * text.count("$")


def test_more_columns_may_stand_left():
    assert Table("", ["a", "b", "c"], [["xx", "yyy", "1"]], left=2).to_text().splitlines()[0] == "a   b    c"


def test_no_line_ends_in_blanks():
    assert all(line == line.rstrip() for line in Table("", ["a", "b"], [["1", ""], ["", ""]]).to_text().splitlines())


def test_a_table_without_rows_is_its_header():
    assert Table("", ["a", "bb"], []).to_text() == "a  bb\n-  --"


@pytest.mark.parametrize("row", [[], ["1", "2", "3"]])
def test_ragged_rows_are_refused(row):
    with pytest.raises(ValueError, match="1 to 2 cells"):
        Table("", ["a", "b"], [row]).to_text()


def test_groups_stand_above_their_columns():
    table = Table(
        "",
        ["name", "low", "high", "why"],
        [["pool", "1", "22", "because"], ["x", "1", "2", "so"]],
        groups=(("", 1), ("range of it", 2), ("reason", 1)),
        left_last=1,
        ruled=False,
    )
    assert table.to_text().splitlines() == [
        "      range of it  reason",
        "name    low  high  why",
        "pool      1    22  because",
        "x         1     2  so",
    ]
    assert (
        '<tr><th colspan="1"></th><th colspan="2">range of it</th><th colspan="1">reason</th></tr>' in table.to_html()
    )
    assert table.to_html().endswith("<td>so</td></tr></tbody></table>")
    assert table.to_markdown().splitlines()[:2] == [
        "| name | range of it low | high | reason why |",
        "| :-- | --: | --: | :-- |",
    ]


def test_groups_that_do_not_span_all_columns_are_refused():
    with pytest.raises(ValueError, match="must span 2 columns"):
        Table("", ["a", "b"], [], groups=(("x", 1),))


def test_lines_beside_others():
    assert beside(["one", "three"], ["a", "b"], 20) == ["one     a", "three   b"]
    assert beside(["one", "three"], ["a"], 9) == ["one     a", "three"]
    assert beside(["\u8cea\u62bc", "b"], ["x"], 20) == ["\u8cea\u62bc   x", "b"]
    assert beside(["one"], ["a", "b"], 20) is None
    assert beside(["one", "three"], ["a long one"], 17) is None


def test_html():
    assert Table("t", ["a", "b"], [["x", "1"]]).to_html() == (
        '<table class="tex2jax_ignore mathjax_ignore"><caption>t</caption>'
        '<thead><tr><th>a</th><th style="text-align:right">b</th></tr></thead>'
        '<tbody><tr><td>x</td><td style="text-align:right">1</td></tr></tbody></table>'
    )


def test_html_has_no_caption_unless_given():
    assert "caption" not in Table("", ["a"], []).to_html()


@pytest.mark.parametrize("where", ["header", "cell", "caption"])
def test_html_escapes(where):
    evil = '<script>alert("x")</script>'
    text = {name: evil if name == where else "fine" for name in ("header", "cell", "caption")}
    page = Table(text["caption"], [text["header"]], [[text["cell"]]]).to_html()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_last_cell_of_a_short_row_spans_the_others():
    table = Table("", ["name", "USD", "EUR"], [["pool", "1.00", "2.00"], ["a long name", "left out: because"]])
    assert table.to_text().splitlines() == [
        "name          USD   EUR",
        "-----------  ----  ----",
        "pool         1.00  2.00",
        "a long name  left out: because",
    ]
    assert '<tr><td>a long name</td><td colspan="2">left out: because</td></tr>' in table.to_html()
    assert table.to_markdown().splitlines()[-1] == "| a long name | left out: because |  |"


def test_the_title_stands_above_and_the_notes_below():
    table = Table("Fees", ["a"], [["x"]], ["one", "two"])
    assert table.to_text() == "Fees\na\n-\nx\n\n- one\n- two"
    assert table.to_html().endswith("</table><ul><li>one</li><li>two</li></ul>")
    assert table.to_markdown() == "Fees\n\n| a |\n| :-- |\n| x |\n\n- one\n- two"


def test_notes():
    notes = Notes("How to read it", ["a < b"])
    assert notes.to_text() == "How to read it\n- a < b"
    assert notes.to_html() == "<p>How to read it</p><ul><li>a &lt; b</li></ul>"
    assert notes.to_markdown() == "How to read it\n\n- a \\< b"
    assert Notes("Alone").to_html() == "<p>Alone</p>"


@pytest.mark.parametrize("letter", "\\`*_{}[]<>|$~#")
def test_markdown_escapes(letter):
    page = Table(f"{letter}x", ["a"], [[f"y{letter}"]], [f"z{letter}"]).to_markdown()
    assert page.count(f"\\{letter}") == 3 if letter != "\\" else page.count("\\\\") == 3
    assert Table("", ["a & b"], []).to_markdown().startswith("| a &amp; b |")


@given(st.text(alphabet="ab -/,", max_size=400))
def test_english_is_wrapped_as_by_the_standard_library(text):
    text = "- " + text
    by_textwrap = textwrap.fill(text, WRAP, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    assert wrapped(text) == by_textwrap


def test_chinese_is_wrapped_beside_a_letter_but_never_before_a_mark():
    text = "\u8cea\u62bc\uff0c" * 40
    lines = wrapped(text).splitlines()
    assert len(lines) == 3
    assert all(width(line) <= WRAP for line in lines)
    assert not any(line.lstrip().startswith("\uff0c") for line in lines)
    assert "".join(line.strip() for line in lines) == text


def test_the_end_of_a_line_holds_no_opening_bracket():
    text = "a" * (WRAP - 2) + "\uff08\u8cea\u62bc\uff09"
    assert wrapped(text).splitlines() == ["a" * (WRAP - 2), "  \uff08\u8cea\u62bc\uff09"]


WIDE = Table(
    "", ["name", "what it is", "USD"], [["pool", "coins staked for a fee", "1.00"], ["x", "cash", "2.00"]], left=2
)


def test_cells_of_words_are_wrapped_where_the_table_is_too_wide():
    """30 columns are 2 too few for the words, which are narrowed and not the name or the number."""
    assert max(map(width, WIDE.to_text().splitlines())) == 34
    assert WIDE.to_text(width=30).splitlines() == [
        "name  what it is           USD",
        "----  ------------------  ----",
        "pool  coins staked for a  1.00",
        "      fee",
        "x     cash                2.00",
    ]
    assert WIDE.to_text(width=34) == WIDE.to_text()


def test_headers_are_wrapped_before_cells():
    table = Table("", ["name", "days until it is out"], [["a b", "1"], ["c d", "20"]])
    assert table.to_text(width=14).splitlines() == [
        "name      days",
        "      until it",
        "        is out",
        "----  --------",
        "a b          1",
        "c d         20",
    ]


def test_columns_that_cannot_be_narrowed_stand_in_blocks_with_the_first():
    table = Table(
        "Title", ["name", "first", "second", "third"], [["a", "1", "2", "3"], ["b", "left out of all"]], ["n"]
    )
    assert table.to_text(width=20).splitlines() == [
        "Title",
        "name  first  second",
        "----  -----  ------",
        "a         1       2",
        "b     left out of",
        "  all",
        "",
        "name  third",
        "----  -----",
        "a         3",
        "",
        "- n",
    ]


def test_a_long_path_goes_on_after_a_slash_and_a_short_unit_does_not():
    table = Table("", ["a", "where"], [["x", "0.1 USD/day of lidofinance/docs/guides/lido-tokens.md"]], left=2)
    assert table.to_text(width=30).splitlines()[2:] == [
        "x  0.1 USD/day of lidofinance/",
        "   docs/guides/lido-tokens.md",
    ]


@given(
    st.lists(st.lists(st.text("ab \u8cea\u62bc", max_size=30), min_size=3, max_size=3), min_size=1, max_size=4),
    st.integers(40, 80),
)
def test_no_line_is_wider_than_asked_for_and_no_letter_is_lost(rows, columns):
    rows = [[" ".join(word[:12] for word in cell.split()) for cell in row] for row in rows]
    table = Table("a title of some words " * 4, ["x", "yy", "zzz"], rows, ["a note of some words " * 4])
    text = table.to_text(width=columns)
    assert max(map(width, text.splitlines())) <= columns
    said = "".join(cell for row in rows for cell in row)
    for letter in "ab\u8cea\u62bc":
        assert text.count(letter) >= said.count(letter)
    assert Table("", ["x", "yy", "zzz"], rows).to_text(width=10_000).count("\u8cea") == said.count("\u8cea")


@pytest.mark.parametrize("columns", [39, 10_001, 80.5, True, "80"])
def test_a_width_out_of_range_is_refused(columns):
    with pytest.raises((InputError, InputTypeError), match=r"to_text: width: must be a"):
        catalogue.reference(coin="SOL").to_text(width=columns)
