"""Steps of a distribution are shares of the paths, and its marks are the value at risk and the expected shortfall."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import Holding, TimeGrid, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import Distribution
from stakingmodels.scenarios import reference

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds
ROWS = ("liquid token", "cloud mining")


def patches(ax):
    return [patch for patch in ax.patches if hasattr(patch, "get_data")]


def faults(ax, outcomes):
    """Products whose steps are not the shares of their paths."""
    found = []
    for patch, (name, outcome) in zip(patches(ax), outcomes.items(), strict=True):
        heights, edges, _ = patch.get_data()
        counted, _ = np.histogram(outcome.returns, edges)
        if patch.get_label() != name or not np.allclose(heights, counted / outcome.n_paths, atol=1e-12):
            found.append(name)
    return found


def test_steps_are_shares_of_the_paths(results):
    chosen = {name: results[name] for name in ROWS}
    ax = plotting.distribution(chosen)
    assert faults(ax, chosen) == []
    assert all(0.97 < patch.get_data()[0].sum() <= 1.0 + 1e-12 for patch in patches(ax))


def test_a_planted_wrong_step_is_found(results):
    chosen = {name: results[name] for name in ROWS}
    ax = plotting.distribution(chosen)
    heights, edges, base = patches(ax)[1].get_data()
    patches(ax)[1].set_data(np.roll(heights, 1), edges, base)
    assert faults(ax, chosen) == ["cloud mining"]


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_marks_are_the_risks(results, level):
    ax = plotting.distribution({name: results[name] for name in ROWS}, confidence_level=level)
    marks = [line for line in ax.lines if line.get_marker() in {"v", "X"} and len(line.get_xdata())]
    for place, name in enumerate(ROWS):
        risk = results[name].risk(confidence_level=level)
        at = [mark.get_xdata()[0] for mark in marks[2 * place : 2 * place + 2]]
        assert at == [-risk.value_at_risk, -risk.expected_shortfall]


def test_what_is_certain_is_a_line(results):
    ax = plotting.distribution(results)
    (line,) = (line for line in ax.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2)
    assert line.get_xdata()[0] == pytest.approx(results["cash"].returns[0], rel=1e-12)
    assert "cash: +" in plotting.alt(ax)
    assert "on every path" in plotting.alt(ax)


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (0.0202, 0.0208, "x: +2.02% to +2.08% on every path"),
        (0.0205, 0.0205, "x: +2.05% on every path"),
        (0.02051, 0.02052, "x: +2.05% on every path"),
    ],
)
def test_returns_of_one_bin_are_said_to_be_one_number_only_where_they_are(least, most, said):
    counts = plotting.ReturnCounts(
        numeraire="USD",
        n_paths=9,
        confidence_level=0.95,
        mean=0.0205,
        least=least,
        most=most,
        value_at_risk=-least,
        expected_shortfall=-least,
        first=20,
        counts=np.array([9]),
    )
    ax = plotting.distribution({"x": counts})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [said]
    assert said in plotting.alt(ax)


def test_the_share_above_names_its_product():
    rows, grid = {"hold": Holding("ETH"), "bitcoin": Holding("BTC")}, TimeGrid.daily("2026-01-01", days=300)
    held = simulate(rows, reference(), grid, capital=1e3, n_paths=400, rng=1, keep="summary")
    ax = plotting.distribution(held)
    (above,) = (text for text in (each.get_text() for each in ax.get_legend().get_texts()) if text.startswith("above"))
    end = patches(ax)[0].get_data()[1][-1]
    shares = {name: float(np.mean(outcome.returns >= end - 1e-9)) for name, outcome in held.items()}
    most = max(shares, key=lambda name: shares[name])
    assert shares[most] > 0.0
    assert f"above {100.0 * end:g}%: {100.0 * round(shares[most], 4):.6g}% of the paths of {most}," in above


def test_the_sentence_says_the_risks(results):
    value_at_risk = Distribution(results["liquid token"].returns).value_at_risk(0.95)
    assert f"VaR 95% {100.0 * round(value_at_risk, 4):.6g}%" in plotting.alt(plotting.distribution(results))


def test_other_things_are_refused(results):
    with pytest.raises(InputTypeError, match=r"^distribution: must be results, a comparison"):
        plotting.distribution([1.0, 2.0])
    with pytest.raises(InputError, match=r"^distribution: must not be empty"):
        plotting.distribution({})
    with pytest.raises(InputTypeError, match=r"^distribution\['x'\]: must be ReturnCounts"):
        plotting.distribution({"x": np.zeros(3)})
    with pytest.raises(InputError, match=r"^distribution: confidence_level: must be a fraction in \(0, 1\)"):
        plotting.distribution(results, confidence_level=95.0)
