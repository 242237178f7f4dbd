"""Series of a theme are told apart by people with the common color blindnesses, and in a copy without color."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from stakingmodels.plotting.themes import DASHES, HATCHES, MARKERS, THEMES, contrast, palette

# Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as seen without one kind of cones.
SEEN = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def lab(color, seen="all cones"):
    """CIE 1976 L*a*b* of a color as it is seen, for the white of sRGB."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x = TO_XYZ @ np.clip(np.array(SEEN[seen]) @ linear, 0.0, 1.0) / TO_XYZ.sum(axis=1)
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


def least_apart(colors, seen):
    return min(np.linalg.norm(lab(a, seen) - lab(b, seen)) for a, b in itertools.combinations(colors, 2))


@pytest.mark.parametrize("theme", THEMES)
def test_eight_series_differ_in_color_and_lightness(theme):
    colors = palette(theme).series
    assert len(colors) == len(DASHES) == len(MARKERS) == len(HATCHES) == len({*colors}) == 8
    lightness = sorted(lab(color)[0] for color in colors)
    assert np.diff(lightness).min() > 3.5
    if theme != "print":
        assert {seen: least_apart(colors, seen) > 10.0 for seen in SEEN} == dict.fromkeys(SEEN, True)


@pytest.mark.parametrize("theme", THEMES)
def test_words_and_lines_stand_out(theme):
    colors = palette(theme)
    assert contrast(colors.text, colors.face) > 12.0
    assert all(contrast(color, colors.face) > 2.5 for color in colors.series)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", (0.0, 0.0, 0.0, 1.0)) == contrast("#000000", "#ffffff")
