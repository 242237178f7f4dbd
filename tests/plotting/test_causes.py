"""Bars of money are the lines of the ledger."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import Holding, Line, Price, TimeGrid, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import Constants

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def bars(ax):
    """Start and length of every bar, from the top."""
    return [(bar.get_x(), bar.get_width()) for each in ax.containers for bar in each]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def faults(ax, quote):
    """Bars of a waterfall that are not the rows of a quote, or begin elsewhere than the one above ends."""
    found, reached = [], 0.0
    for name, (start, length), (label, amount) in zip(names(ax), bars(ax), quote.rows, strict=True):
        is_sum = label in {"gross", "net"}
        begins = 0.0 if is_sum else reached
        if name != label or abs(length - amount) > 1e-9 or abs(start - begins) > 1e-9:
            found.append(name)
        reached = amount if is_sum else reached + amount
    return found


def test_bars_of_a_waterfall_are_the_rows_of_the_quote(quote):
    ax = plotting.waterfall(quote)
    assert faults(ax, quote) == []
    assert names(ax) == ["consensus", "gross", "protocol", "discount", "net"]


def test_a_planted_wrong_bar_is_found(quote):
    ax = plotting.waterfall(quote)
    ax.containers[2][0].set_width(ax.containers[2][0].get_width() * 1.01)
    assert faults(ax, quote) == ["protocol"]


def test_bars_of_an_outcome_are_the_means_of_its_lines(results):
    outcome = results["exchange earn"]
    ax = plotting.waterfall(outcome)
    found = dict(zip(names(ax), (length for _, length in bars(ax)), strict=True))
    lines = {line.label: float(np.mean(money)) for line, money in outcome.lines.items() if money.any()}
    assert {name: found[name] for name in lines} == pytest.approx(lines, rel=1e-12)
    assert found["net"] == pytest.approx(float(np.mean(outcome.profit)), rel=1e-12)
    assert found["gross"] == pytest.approx(lines["consensus"] + lines["interest"], rel=1e-12)


def test_a_waterfall_says_amounts_and_shares(quote):
    ax = plotting.waterfall(quote)
    assert ax.texts[-1].get_text() == f"+{quote.net:,.2f} (+{quote.net / 1e5:.3%})"
    assert "net: +" in plotting.alt(ax)


@pytest.mark.parametrize("against", ["holding", "money"])
def test_parts_of_a_loss_are_those_of_the_risk(results, against):
    ax = plotting.loss_by_cause(results, against=against, confidence_level=0.9)
    assert names(ax) == list(results)
    of_line = {each.get_label(): [bar.get_width() for bar in each] for each in ax.containers}
    for place, outcome in enumerate(results.values()):
        risk = outcome.risk(confidence_level=0.9)
        parts = risk.expected_shortfall_vs_holding_by_line if against == "holding" else risk.shortfall_by_line
        total = risk.expected_shortfall_vs_holding if against == "holding" else risk.expected_shortfall
        drawn = {line: widths[place] for line, widths in of_line.items() if widths[place]}
        assert drawn == pytest.approx({line.label: part for line, part in parts.items() if part}, abs=1e-12)
        assert ax.lines[0].get_xdata()[place] == total
        assert sum(drawn.values()) == pytest.approx(total, abs=1e-9)


def test_losses_are_stacked_to_the_right_and_gains_to_the_left(results):
    ax = plotting.loss_by_cause({"mining": results["cloud mining"]})
    right = sorted(bar for bar in bars(ax) if bar[1] > 0.0)
    left = sorted((bar for bar in bars(ax) if bar[1] < 0.0), reverse=True)
    for stack in (right, left):
        reached = 0.0
        for start, length in stack:
            assert start == pytest.approx(reached, abs=1e-12)
            reached = start + length
    assert len(right) > 1


def test_products_that_gained_and_lost_nothing_are_drawn():
    world = Constants({Price("ETH"): 3_000.0})
    run = simulate({"ether": Holding("ETH")}, world, TimeGrid.daily("2026-01-01", days=2), capital=1_000.0, n_paths=1)
    ax = plotting.loss_by_cause(run)
    assert plotting.alt(ax).endswith("by cause. ether: 0%.")
    assert not plotting.svg(ax).count("legend")


def test_what_is_no_outcome_is_refused(results):
    with pytest.raises(InputTypeError, match=r"^waterfall: must be a quote or an outcome, got Results"):
        plotting.waterfall(results)
    with pytest.raises(InputTypeError, match=r"^loss_by_cause: must be results, a comparison, an outcome, or outcomes"):
        plotting.loss_by_cause(3.0)
    with pytest.raises(InputError, match=r"^loss_by_cause: must not be empty, got \{\}"):
        plotting.loss_by_cause({})
    with pytest.raises(InputError, match=r"^loss_by_cause: against: must be one of 'holding', 'money'"):
        plotting.loss_by_cause(results, against="cash")


def test_a_run_that_kept_nothing_is_refused():
    world, grid = Constants({Price("ETH"): 3_000.0}), TimeGrid.daily("2026-01-01", days=3)
    reducers = {"returns": plotting.Histogram(2)}
    nothing = simulate({"h": Holding("ETH")}, world, grid, capital=1.0, n_paths=2, keep="none", reducers=reducers)
    with pytest.raises(
        InputError, match=r'^loss_by_cause: must have kept outcomes, .* \(run simulate\(\.\.\., keep="t'
    ):
        plotting.loss_by_cause(nothing)


def test_a_product_that_was_not_opened_is_refused():
    from stakingmodels import products, scenarios

    solo = {"solo": products.reference()["solo validator"]}
    few = simulate(solo, scenarios.reference(), TimeGrid.daily("2026-01-01", days=3), capital=10.0, n_paths=2, rng=1)
    with pytest.raises(InputError, match=r"^waterfall: has no product that the capital opens, got 10\.0"):
        plotting.waterfall(few["solo"])
    assert Line.CONSENSUS not in few["solo"].lines or not few["solo"].lines[Line.CONSENSUS].any()
