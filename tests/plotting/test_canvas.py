"""Every picture: units, both languages, all themes, axes of others, a sentence in its place, and no global style."""

import functools
import pickle
import re
import sys
import warnings
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import stakingmodels
from stakingmodels.errors import InputError, InputTypeError, MissingExtraError
from stakingmodels.plotting import fonts

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds
PICTURES = {
    "answer_ranges": lambda run, **how: plotting.answer_ranges(run("comparison"), n_paths=16, **how),
    "waterfall": lambda run, **how: plotting.waterfall(run("quote"), **how),
    "waterfall of an outcome": lambda run, **how: plotting.waterfall(run("results")["cloud mining"], **how),
    "distribution": lambda run, **how: plotting.distribution(run("results"), **how),
    "fan": lambda run, **how: plotting.fan(run("valued")["staking pool"], **how),
    "loss_by_cause": lambda run, **how: plotting.loss_by_cause(run("comparison"), **how),
    "loss_by_cause in money": lambda run, **how: plotting.loss_by_cause(run("results"), against="money", **how),
    "risk_return": lambda run, **how: plotting.risk_return(run("comparison"), **how),
    "price_views": lambda run, **how: plotting.price_views(run("views"), **how),
    "drawdown": lambda run, **how: plotting.drawdown(run("valued")["liquid token"], **how),
    "money_back": lambda run, **how: plotting.money_back(run("results"), **how),
}
UNIT = re.compile(r"[(（](.*%.*|USD|.*days.*|.*天.*)[)）]$", re.DOTALL)
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{3,}")
every = pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
no_boxes = pytest.mark.filterwarnings("ignore:plotting. no font:UserWarning", "ignore:Glyph:UserWarning")


@pytest.fixture(scope="module")
def run(comparison, results, quote, valued):
    """What the pictures show, with few rows."""
    few = ("hold ETH", "staking pool", "cloud mining", "cash")
    things = {"comparison": comparison, "quote": quote, "valued": valued, "results": {n: results[n] for n in few}}
    things["views"] = comparison.price_views((-0.5, 0.0, 1.0), n_paths=16)
    return things.__getitem__


@pytest.fixture(scope="module")
def drawn(run):
    """Each picture, drawn once in each language and theme."""
    return functools.cache(lambda draw, language="en", theme="light": draw(run, language=language, theme=theme))


def words(ax):
    """All that is written in a picture, except numbers and names of products."""
    from matplotlib.text import Text

    return [text.get_text() for text in ax.get_figure().findobj(Text) if text.get_text()]


def axes_without_unit(ax):
    """Axes of numbers that do not end with a unit in brackets."""
    labels = {"x": ax.get_xlabel()}
    if not ax.get_yticklabels() or not re.search(r"[a-z\u4e00-\u9fff]", ax.get_yticklabels()[0].get_text()):
        labels["y"] = ax.get_ylabel()
    return [which for which, label in labels.items() if not UNIT.search(label)]


@every
@pytest.mark.parametrize("language", ["en", "zh-TW"])
@no_boxes
def test_axes_have_units(draw, drawn, language):
    ax = drawn(draw, language)
    assert isinstance(ax, Axes)
    assert axes_without_unit(ax) == []
    assert ax.get_title(loc="left")


def test_a_missing_unit_is_found(run):
    ax = PICTURES["fan"](run)
    ax.set_ylabel("value")
    assert axes_without_unit(ax) == ["y"]


@every
@no_boxes
def test_chinese_pictures_hold_no_english(draw, drawn, results):
    ax = drawn(draw, "zh-TW")
    names = {*results, "stakingpool"}
    said = [text for text in [*words(ax), plotting.alt(ax)] if text not in names]
    for name in names:
        said = [text.replace(name, "") for text in said]
    assert [text for text in said if ENGLISH.search(text)] == []
    assert re.search("[\u4e00-\u9fff]", plotting.alt(ax))


@every
@pytest.mark.parametrize("theme", ["dark", "print"])
def test_themes_change_colors_and_no_numbers(draw, drawn, theme):
    usual, other = drawn(draw), drawn(draw, theme=theme)
    assert other.get_facecolor() == other.get_figure().get_facecolor()
    assert plotting.alt(other) == plotting.alt(usual)
    for a, b in zip(usual.lines, other.lines, strict=theme == "dark"):
        assert [*a.get_xdata()] == [*b.get_xdata()] or theme == "print"
    assert theme == "print" or usual.get_facecolor() != other.get_facecolor()


@every
def test_axes_of_others_are_taken_and_their_figure_left(draw, run):
    figure = Figure(figsize=(10.0, 4.0), facecolor="#abcdef")
    left, right = figure.subplots(1, 2)
    assert draw(run, ax=right) is right
    assert mpl.colors.to_hex(figure.get_facecolor()) == "#abcdef"
    assert not left.lines
    assert figure.legends == []


@every
def test_no_global_style_is_touched(draw, drawn):
    before = dict(mpl.rcParams)
    plotting.svg(drawn(draw, theme="print"))
    assert dict(mpl.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_a_style_of_the_caller_changes_no_figures(run):
    draw = PICTURES["waterfall"]
    usual = plotting.alt(draw(run))
    with mpl.rc_context(
        {"text.usetex": False, "axes.grid": True, "font.size": 20, "axes.prop_cycle": "cycler('color', 'r')"}
    ):
        assert plotting.alt(draw(run)) == usual


@every
def test_a_picture_is_a_sentence_too(draw, drawn):
    said = plotting.alt(drawn(draw))
    assert said.endswith(".")
    assert re.search(r"\d", said)


@every
def test_nothing_is_cut_off(draw, drawn, run):
    for ax in (drawn(draw), draw(run, ax=plotting.new_axes(width=3.6, height=5.0))):
        figure = ax.get_figure()
        whole, box = figure.bbox, figure.get_tightbbox().transformed(figure.dpi_scale_trans)
        assert box.x0 >= whole.x0 - 3.0
        assert box.x1 <= whole.x1 + 3.0
        assert box.y0 >= whole.y0 - 3.0
        assert box.y1 <= whole.y1 + 3.0


def test_a_notebook_shows_the_picture(run):
    assert PICTURES["fan"](run)._repr_svg_().startswith("<?xml")


def test_a_picture_can_be_pickled(run):
    ax = PICTURES["waterfall"](run)
    again = pickle.loads(pickle.dumps(ax))  # noqa: S301
    assert plotting.alt(again) == plotting.alt(ax)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"language": "de"}, r"^waterfall: language: must be one of 'en', 'zh-TW', got 'de'"),
        ({"theme": "blue"}, r"^waterfall: theme: must be one of 'light', 'dark', 'print', got 'blue'"),
    ],
)
def test_other_languages_and_themes_are_refused(quote, how, message):
    with pytest.raises(InputError, match=message):
        plotting.waterfall(quote, **how)


def test_what_is_no_axes_is_refused(quote):
    with pytest.raises(InputTypeError, match=r"^waterfall: ax: must be Axes"):
        plotting.waterfall(quote, ax=Figure())
    with pytest.raises(InputError, match=r"^alt: ax: must be the axes of a picture of stakingmodels\.plotting"):
        plotting.alt(Figure().add_subplot())
    with pytest.raises(InputError, match=r"^new_axes: width: must be"):
        plotting.new_axes(width=-1.0)


def test_without_matplotlib_it_says_what_to_install(quote, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"^waterfall: needs matplotlib; pip install 'stakingmodels\[plot\]'$"):
        plotting.waterfall(quote)


def test_names_of_users_are_no_formulas(results):
    ax = plotting.loss_by_cause({"$x^2$": results["cash"], "_a": results["hold ETH"], "b": results["cloud mining"]})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["$x^2$", "_a", "b"]
    assert ">$x^2$</text>" in plotting.svg(ax)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plotting.distribution({"$x^2$": results["cash"], "_a": results["hold ETH"]})


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
def test_without_a_font_for_chinese_there_is_a_warning(quote, monkeypatch):
    monkeypatch.setattr(fonts, "chinese_family", lambda: None)
    with pytest.warns(UserWarning, match=r"^plotting: no font for Chinese is known .*apt-get install fonts-noto-cjk"):
        plotting.waterfall(quote, language="zh-TW")


def test_with_a_font_for_chinese_it_is_named_in_every_text(quote, monkeypatch):
    monkeypatch.setattr(fonts, "chinese_family", lambda: "Noto Sans CJK TC")
    ax = plotting.waterfall(quote, language="zh-TW")
    assert {tuple(text.get_fontfamily()) for text in ax.texts} == {("DejaVu Sans", "Noto Sans CJK TC")}
    assert tuple(plotting.waterfall(quote).texts[0].get_fontfamily()) == ("DejaVu Sans",)


def test_a_picture_on_a_part_of_a_figure_is_wrapped_to_it(valued):
    parts: Any = Figure(figsize=(8.0, 4.0)).subfigures(1, 2)
    ax = plotting.fan(valued["liquid token"], ax=parts[0].subplots())
    alone = plotting.fan(valued["liquid token"], ax=Figure(figsize=(4.0, 4.0)).subplots())
    assert ax.get_title("left") == alone.get_title("left")
    assert "\n" in ax.get_title("left")
    assert plotting.svg(ax).startswith("<?xml")
