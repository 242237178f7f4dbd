"""A reward against stake is that of the chain's own rules at each stake."""

from typing import Any

import attrs
import numpy as np
import pytest

import stakingmodels
from stakingmodels.errors import InputTypeError
from stakingmodels.protocols.chains import ethereum, near, tezos
from stakingmodels.protocols.chains.ethereum import issuance

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds


def faults(ax, chain):
    """Points of the lines that are not the chain's rates at that stake."""
    found = []
    for line, rate in zip(ax.lines[:2], ("realized_apr", "real_apr"), strict=True):
        for stake, reward in zip(line.get_xdata()[::10], line.get_ydata()[::10], strict=True):
            there = attrs.evolve(chain, staked=1e6 * float(stake))
            if abs(getattr(there, rate)().value - reward) > 1e-9:
                found.append((rate, float(stake)))
    return found


@pytest.mark.parametrize("chain", [ethereum.Ethereum(), near.Near()])
def test_lines_are_the_rates_of_the_chain(chain):
    assert faults(plotting.reward_against_stake(chain), chain) == []


def test_a_planted_wrong_point_is_found():
    ax = plotting.reward_against_stake(ethereum.Ethereum())
    rewards = np.array(ax.lines[0].get_ydata())
    rewards[20] *= 1.01
    ax.lines[0].set_ydata(rewards)
    assert [rate for rate, _ in faults(ax, ethereum.Ethereum())] == ["realized_apr"]


def test_the_curve_of_ethereum_is_that_of_the_protocol():
    ax = plotting.reward_against_stake(ethereum.Ethereum(staked=35_600_000.0, as_of="2026-01-01"))
    stake, reward = ax.lines[0].get_xdata(), ax.lines[0].get_ydata()
    exact = issuance(round(stake[-1] * 1e6) * 10**9).apr().value
    assert reward[-1] == pytest.approx(exact, rel=1e-12)
    assert reward[-1] / reward[0] == pytest.approx((stake[0] / stake[-1]) ** 0.5, rel=4e-3)  # rounding to Gwei


def test_the_day_is_marked_with_its_date():
    chain = ethereum.Ethereum()
    ax = plotting.reward_against_stake(chain)
    (point,) = (line for line in ax.lines if line.get_marker() == "D")
    assert [*point.get_xdata()] == [chain.staked / 1e6] * 2
    assert [*point.get_ydata()] == [chain.nominal_apr().value, chain.real_apr().value]
    assert "2026-08-22: 42.2 million ETH staked, +2.55%" in plotting.alt(ax)
    assert "on 2026-08-22" in ax.get_title("left").replace("\n", " ")
    assert ax.get_xlabel() == "staked on the whole chain (million ETH)"


def test_stakes_that_the_rules_refuse_are_left_out():
    chain = tezos.Tezos(staked=500_000_000.0)
    assert plotting.reward_against_stake(chain).lines[0].get_xdata()[-1] * 1e6 + chain.delegated <= chain.supply


def test_small_chains_are_counted_in_coins():
    chain = ethereum.Ethereum(staked=100_000.0)
    ax = plotting.reward_against_stake(chain)
    assert ax.get_xlabel() == "staked on the whole chain (ETH)"
    assert ax.lines[0].get_xdata()[-1] == pytest.approx(200_000.0)


def test_what_is_no_chain_is_refused(results):
    with pytest.raises(InputTypeError, match=r"^reward_against_stake: chain: must be Chain.*ethereum\.Ethereum\(\)"):
        plotting.reward_against_stake(results)
