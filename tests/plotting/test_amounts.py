"""A reward against the amount is that of a quote of each amount."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import Price, StakingPool, products, scenarios
from stakingmodels.errors import InputError, InputTypeError
from tests.plotting.conftest import GRID

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds
ROWS = {name: products.reference()[name] for name in ("solo validator", "staking pool", "exchange earn")}


@pytest.fixture(scope="module")
def market():
    read = frozenset().union(*(product.factors for product in ROWS.values()))
    return scenarios.reference().market(GRID, read, streams=scenarios.Streams(0), n_paths=1)


@pytest.fixture(scope="module")
def ax(market):
    return plotting.reward_against_amount(ROWS, market, low=1_000.0, high=500_000.0)


def faults(ax, market):
    """Lines that are not the net rates of quotes."""
    found = []
    for line, (name, product) in zip(ax.lines, ROWS.items(), strict=False):
        for place in (0, line.get_xdata().size // 2, -1):
            quote = product.quote(market, capital=float(line.get_xdata()[place]))
            if abs(quote.coin_rate - line.get_ydata()[place]) > 1e-12:
                found.append(name)
    return found


def test_lines_are_the_rates_of_quotes(ax, market):
    assert [line.get_label() for line in ax.lines[:3]] == [*ROWS]
    assert faults(ax, market) == []


def test_a_planted_wrong_line_is_found(market):
    ax = plotting.reward_against_amount(ROWS, market, low=1_000.0, high=500_000.0)
    ax.lines[1].set_ydata(ax.lines[1].get_ydata() + 1e-4)
    assert faults(ax, market) == ["staking pool"] * 3


def test_a_line_begins_at_the_minimum(ax, market):
    least = 32.0 * market.frozen_at_open().now().at(next(market.chunks()), -1)[Price("ETH")]
    first = ax.lines[0].get_xdata()[0]
    assert least <= first <= least * (1.0 + 1e-5)
    rate = ROWS["solo validator"].quote(market, capital=float(first)).coin_rate
    assert f"solo validator: {rate:+.2%} from {least:,.0f} USD on" in plotting.alt(ax)
    assert [line.get_xdata()[0] for line in ax.lines[1:3]] == [1_000.0] * 2


def test_parts_of_a_coin_are_no_0(market):
    ax = plotting.reward_against_amount({"pool": ROWS["staking pool"]}, market, low=0.0312, high=40.25)
    words = plotting.alt(ax)
    assert "from 0.0312 USD on" in words
    assert "at 40.2 USD" in words


def test_a_second_validator_makes_it_jump(ax):
    amounts, rewards = ax.lines[0].get_xdata(), ax.lines[0].get_ydata()
    jump = np.argmax(np.diff(rewards))
    assert amounts[jump] == pytest.approx(2.0 * amounts[0], rel=0.02)
    assert rewards[jump + 1] > 1.5 * rewards[jump]


def test_what_does_not_open_is_told(market):
    ax = plotting.reward_against_amount(ROWS, market, low=10.0, high=1_000.0)
    assert "solo validator: not opened by any of these amounts" in plotting.alt(ax)
    with pytest.raises(InputError, match=r"^reward_against_amount: high: opens none of the products, got 20\.0"):
        plotting.reward_against_amount({"solo": ROWS["solo validator"]}, market, low=10.0, high=20.0)


def test_a_line_that_falls_far_leaves_room_for_the_others(market):
    solo = products.SoloValidator(running_cost_usd_per_day=500.0)
    both = {"dear": solo, "pool": StakingPool()}
    ax = plotting.reward_against_amount(both, market, low=1_000.0, high=1e7)
    assert ax.lines[0].get_ydata().min() < -0.5
    assert ax.get_ylim()[0] > -0.2


def test_other_things_are_refused(market, results):
    where = "reward_against_amount"
    with pytest.raises(InputTypeError, match=rf"^{where}\['x'\]: must be Product"):
        plotting.reward_against_amount({"x": results["cash"]}, market)
    with pytest.raises(InputTypeError, match=rf"^{where}: market: must be Market"):
        plotting.reward_against_amount(ROWS, results)
    with pytest.raises(InputError, match=rf"^{where}: low: must be below high, 100, got 100\.0"):
        plotting.reward_against_amount(ROWS, market, low=100.0, high=100.0)
    with pytest.raises(InputError, match=rf"^{where}: must not be empty"):
        plotting.reward_against_amount({}, market)
