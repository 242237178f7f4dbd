"""SVG within a page: one drawing for light and dark, and nothing of the file around it."""

import re

import pytest

from stakingmodels import plotting
from stakingmodels.plotting.themes import palette
from stakingmodels.report.pictures import pictures, style_of, variables, within_page

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", ["answer_ranges", "distribution", "loss_by_cause", "money_back"])
def test_the_dark_picture_is_the_light_one_in_other_colors(small, name):
    draw = getattr(plotting, name)
    light, dark = (
        within_page(plotting.svg(draw(small, theme=theme)), "x", "alt", in_variables=False)
        for theme in ("light", "dark")
    )
    here, there = variables("light"), variables("dark")
    assert set(here.values()) == set(there.values())
    back = {name: color for color, name in here.items()}
    seen = re.sub(r"#[0-9a-f]{6}\b", lambda found: back[there[found[0]]], dark)
    assert seen == light


def test_every_color_is_declared(small):
    made = pictures(small, small.compared[0], "en")
    used = {name for each in made for name in re.findall(r"var\(--([^)]+)\)", each.screen + each.narrow)}
    for theme in ("light", "dark"):
        declared = set(re.findall(r"--([^:]+):", style_of(theme)))
        assert used <= declared
        assert palette(theme).face in style_of(theme)


def test_texts_are_left_alone():
    svg = '<?xml?><svg width="1pt" viewBox="0 0 1 1"><text x="1.23456">#0072b2 1.23456 url(#a)</text></svg>'
    assert within_page(svg, "n", 'a "b"', in_variables=True) == (
        '<svg viewBox="0 0 1 1" role="img" aria-label="a &quot;b&quot;">'
        '<text x="1.23">#0072b2 1.23456 url(#a)</text></svg>'
    )


@pytest.mark.slow
def test_hatches_of_circles_stay_small(small):
    made = {each.name: each for each in pictures(small, small.compared[0], "en")}
    assert "<pattern" in made["loss_by_cause"].printed
    assert len(made["loss_by_cause"].printed) < 100_000
