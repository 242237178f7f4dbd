"""Plain text and HTML tables."""

import pytest

from stakingmodels.tables import html_table, plain_table, width


def test_words_stand_left_and_numbers_right():
    table = plain_table(["name", "USD"], [["pool", "1.00"], ["x", "1,000.00"]])
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
    lines = plain_table(["name", "USD"], [[name, f"{10.0**k:,.2f}"] for k, name in enumerate(names)]).splitlines()
    assert {width(line) for line in lines} == {width(lines[0])}
    assert {width(line[: line.rindex("  ") + 2]) + len(line[line.rindex("  ") + 2 :]) for line in lines} == {19}


@pytest.mark.parametrize("text", ["$x^2$", "$$x$$", "cost in $, price in $"])
def test_dollars_are_no_formula_in_a_notebook(text):
    page = html_table(["a"], [[text]], caption=text)
    assert "$" not in page
    assert page.count("<span>&#36;</span>") == 2 * text.count("$")


def test_more_columns_may_stand_left():
    assert plain_table(["a", "b", "c"], [["xx", "yyy", "1"]], left=2).splitlines()[0] == "a   b    c"


def test_no_line_ends_in_blanks():
    assert all(line == line.rstrip() for line in plain_table(["a", "b"], [["1", ""], ["", ""]]).splitlines())


def test_a_table_without_rows_is_its_header():
    assert plain_table(["a", "bb"], []) == "a  bb\n-  --"


@pytest.mark.parametrize("row", [["1"], ["1", "2", "3"]])
def test_ragged_rows_are_refused(row):
    with pytest.raises(ValueError, match="zip"):
        plain_table(["a", "b"], [row])


def test_html():
    assert html_table(["a", "b"], [["x", "1"]], caption="t") == (
        '<table class="tex2jax_ignore mathjax_ignore"><caption>t</caption>'
        '<thead><tr><th>a</th><th style="text-align:right">b</th></tr></thead>'
        '<tbody><tr><td>x</td><td style="text-align:right">1</td></tr></tbody></table>'
    )


def test_html_has_no_caption_unless_given():
    assert "caption" not in html_table(["a"], [])


@pytest.mark.parametrize("where", ["header", "cell", "caption"])
def test_html_escapes(where):
    evil = '<script>alert("x")</script>'
    text = {name: evil if name == where else "fine" for name in ("header", "cell", "caption")}
    page = html_table([text["header"]], [[text["cell"]]], caption=text["caption"])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
