"""Correlations between jumps that make up the correlation of all days."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.market import Difficulty, Price
from stakingmodels.scenarios import Estimate, reference_fit
from stakingmodels.scenarios.calibration.correlations import Pairs, between_jumps, moved_back

ETH, BTC, SOL, DIFFICULTY = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
FOUND = reference_fit()


def of(**changes):
    given: dict[str, Any] = {
        "whole": FOUND.correlation,
        "measured": FOUND.no_jump_correlation,
        "levels": FOUND.levels,
        "jumps": FOUND.jumps,
        "size_correlation": 0.972,
    }
    return {pair: rho.value for pair, rho in between_jumps(**(given | changes)).items()}


def test_a_pair_by_hand():
    eth, btc = 0.5840**2 + 8.24 * (0.0044**2 + 0.1350**2), 0.4193**2 + 9.74 * (0.0072**2 + 0.0966**2)
    together = 8.24 * (-0.0044 * 0.0072 + 0.972 * 0.1350 * 0.0966)  # of the rarer jumps, ETH's
    assert of()[ETH, BTC] == pytest.approx((0.8331 * (eth * btc) ** 0.5 - together) / (0.5840 * 0.4193), rel=1e-12)
    # the difficulty does not jump: the same covariance over a smaller deviation
    assert of()[BTC, DIFFICULTY] == pytest.approx(0.322 * btc**0.5 / 0.4193, rel=1e-12)


def test_without_jumps_they_are_those_of_all_days():
    assert of(jumps={}) == pytest.approx({pair: rho.value for pair, rho in FOUND.correlation.items()}, rel=1e-12)


def test_the_more_jumps_have_in_common_the_less_is_left():
    low, high = of(size_correlation=0.95), of(size_correlation=1.0)
    assert all(high[pair] < low[pair] for pair in ((ETH, BTC), (ETH, SOL), (BTC, SOL)))
    assert high[BTC, DIFFICULTY] == low[BTC, DIFFICULTY]


def test_what_contradicts_itself_is_moved_back_to_what_was_measured():
    factors = (ETH, BTC, SOL)
    measured: Pairs = {(ETH, BTC): Estimate(0.8, 0.1), (ETH, SOL): Estimate(0.7, 0.1), (BTC, SOL): Estimate(0.7, 0.1)}
    wanted: Pairs = {
        pair: attrs.evolve(rho, value=value)
        for (pair, rho), value in zip(measured.items(), (0.99, -0.9, 1.2), strict=True)
    }
    assert moved_back(measured, measured, factors) == measured
    found = {pair: rho.value for pair, rho in moved_back(wanted, measured, factors).items()}
    shares = {(found[pair] - measured[pair].value) / (wanted[pair].value - measured[pair].value) for pair in wanted}
    assert np.ptp(list(shares)) < 1e-12
    assert 0.0 < min(shares) < 1.0
    matrix = [
        [1.0, found[ETH, BTC], found[ETH, SOL]],
        [found[ETH, BTC], 1.0, found[BTC, SOL]],
        [found[ETH, SOL], found[BTC, SOL], 1.0],
    ]
    assert np.linalg.eigvalsh(matrix).min() > 0.0
    # jumps that explain more than all of a correlation leave what was measured, or nearly
    far = {pair: attrs.evolve(rho, value=-0.99) for pair, rho in FOUND.correlation.items()}
    assert all(-1.0 < rho < 1.0 for rho in of(whole=far).values())


def test_a_fit_jumps_together():
    found = FOUND.jumping_together()
    assert found.common_share.value == 1.0
    assert {pair: rho.value for pair, rho in found.no_jump_correlation.items()} == of()
    assert (found.levels, found.jumps, found.correlation) == (FOUND.levels, FOUND.jumps, FOUND.correlation)
