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
from stakingmodels import APR, Market, Price, StakingPool, StakingReward, products
from stakingmodels.analysis import Offer, check_offer
from stakingmodels.errors import InputError, InputTypeError, MissingExtraError
from stakingmodels.plotting import fonts
from stakingmodels.plotting.themes import contrast
from stakingmodels.protocols.chains import ethereum

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
    "reward_against_stake": lambda run, **how: plotting.reward_against_stake(run("chain"), **how),
    "reward_against_amount": lambda run, **how: plotting.reward_against_amount(*run("amounts"), **how),
    "hashprice": lambda run, **how: plotting.hashprice(run("contract"), run("valued"), **how),
    "offer_money_back": lambda run, **how: plotting.offer_money_back(run("offer"), **how),
    "token_ratio": lambda run, **how: plotting.token_ratio(run("valued"), **how),
}
UNIT = re.compile(r"[(（](.*%.*|USD.*|.*days.*|.*天.*|million ETH|百萬 ETH)[)）]$", re.DOTALL)
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{3,}")
every = pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
no_boxes = pytest.mark.filterwarnings("ignore:plotting. no font:UserWarning", "ignore:Glyph:UserWarning")


@pytest.fixture(scope="module")
def run(comparison, results, quote, valued):
    """What the pictures show, with few rows."""
    few = ("hold ETH", "staking pool", "cloud mining", "cash")
    things = {"comparison": comparison, "quote": quote, "valued": valued, "results": {n: results[n] for n in few}}
    flat = Market(results.grid, {Price("ETH"): 3_000.0, StakingReward("ETH"): APR(0.028)})
    things["views"] = comparison.price_views((-0.5, 0.0, 1.0), n_paths=16)
    things |= {"chain": ethereum.Ethereum(), "amounts": ({"pool": StakingPool()}, flat)}
    things["offer"] = check_offer(Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0, term_days=730.0))
    things["contract"] = products.CloudMiningContract(electricity_usd_per_th_day=0.036, stop_after_days=3)
    return things.__getitem__


@pytest.fixture(scope="module")
def drawn(run):
    """Each picture, drawn once in each language and theme; those for print are narrow."""

    @functools.cache
    def made(draw, language="en", theme="light"):
        narrow = {"ax": plotting.new_axes(width=3.6, height=5.0, theme=theme)} if theme == "print" else {}
        return draw(run, language=language, theme=theme, **narrow)

    return made


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


@pytest.mark.once
@every
@pytest.mark.parametrize("language", ["en", "zh-TW"])
@no_boxes
@pytest.mark.few(8)
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
    names = {*results, "stakingpool", "pool"}
    said = [text for text in [*words(ax), plotting.alt(ax)] if text not in names]
    for name in names:
        said = [text.replace(name, "") for text in said]
    assert [text for text in said if ENGLISH.search(text)] == []
    assert re.search("[\u4e00-\u9fff]", plotting.alt(ax))


@every
@pytest.mark.parametrize("theme", ["dark", "print"])
@pytest.mark.few(8)
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


@pytest.mark.parametrize("name", ["fan", "loss_by_cause"])
def test_words_can_be_read_on_the_figure_of_others(name, run):
    figure = Figure(layout="constrained")
    ax = PICTURES[name](run, ax=figure.add_subplot(1, 2, 1), theme="dark")
    legend = ax.get_legend() or figure.legends[0]
    for text in (ax._left_title, ax.xaxis.label, *ax.get_xticklabels(), *ax.texts, *legend.get_texts()):
        assert contrast(text.get_color(), figure.get_facecolor()) > 4.5


def test_a_part_of_a_figure_gets_the_face_of_the_theme_and_no_more(valued):
    figure: Any = Figure(figsize=(8.0, 4.0))
    left, right = figure.subfigures(1, 2)
    plotting.fan(valued["liquid token"], ax=left.subplots(), theme="dark")
    plotting.fan(valued["liquid token"], ax=right.subplots())
    assert mpl.colors.to_hex(left.get_facecolor()) == "#1c1e24"
    assert right.get_facecolor()[3] == 0.0
    assert mpl.colors.to_hex(figure.get_facecolor()) == "#ffffff"


def test_long_names_in_a_narrow_legend_are_wrapped(results):
    named = {f"{name} of a firm with quite a long name of its own": results[name] for name in ("cash", "hold ETH")}
    ax = plotting.money_back(named, ax=plotting.new_axes(width=3.4, height=4.0))
    assert "\n" in ax.get_figure().legends[0].get_texts()[0].get_text()


def test_hyphens_before_numbers_are_minus_signs(run):
    said = plotting.alt(PICTURES["price_views"](run))
    assert "\N{MINUS SIGN}50%" in said
    assert not re.search(r"(?<![\w-])-\d", said)
    assert "2026-08-22" in plotting.alt(PICTURES["reward_against_stake"](run))


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
def test_nothing_is_cut_off(draw, drawn):
    for ax in (drawn(draw), drawn(draw, theme="print")):
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
        ax = plotting.distribution({"$x^2$": results["cash"], "_a": results["hold ETH"]})
    legends = [*ax.get_figure().legends, *filter(None, [ax.get_legend()])]
    assert "_a" in {text.get_text() for each in legends for text in each.get_texts()}


def test_without_a_font_for_chinese_there_is_one_warning_and_none_for_each_letter(quote, monkeypatch):
    monkeypatch.setattr(fonts, "chinese_family", lambda: None)
    with pytest.warns(UserWarning, match="font for Chinese") as told:
        plotting.svg(plotting.waterfall(quote, language="zh-TW"))
    assert len(told) == 1
    assert str(told[0].message).startswith("plotting: no font for Chinese is known to matplotlib")
    assert "apt-get install fonts-noto-cjk" in str(told[0].message)


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")  # an older matplotlib knows it by another name
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
