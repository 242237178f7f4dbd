"""`client_failure`: the leak and the slashing of a client's share, against the protocol's own epochs."""

import math

import attrs
import numpy as np
import pytest

from stakingmodels import APR, Event, InputError, Market, Price, StakingPool, StakingReward, TimeGrid
from stakingmodels.errors import StakingModelsError
from stakingmodels.market import MarketRatio
from stakingmodels.products import ExchangeStaking, Failure, LiquidStakingToken, SoloValidator, client_failure
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    get_correlation_penalty,
    get_inactivity_penalty,
    process_inactivity_updates,
    slashing_loss,
)

BUG = Event("client:geth", hazard=0.01)


def loss(share, **terms):
    return sum(each.severity for each in client_failure(BUG, share=share, **terms))


def by_epochs(share, epochs):
    """Fraction lost in epochs offline, by the protocol's score and penalty, with a leak while the others lack 2/3."""
    start = 10**15  # a balance that is large, so that whole Gwei do not matter
    balance, score = start, 0
    for epoch in range(epochs):
        others = (1.0 - share) / (1.0 - share + share * balance / start)
        score = process_inactivity_updates(score, False, leak=epoch >= 4 and 3.0 * others < 2.0, ruleset=FULU)
        score = score if epoch >= 4 else 0
        # in increments, as a balance times a score above 9,000 would pass int64
        balance -= int(get_inactivity_penalty(10**13, score, FULU)) * balance // 10**13
    return 1.0 - balance / start


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0 / 3.0])
@pytest.mark.parametrize("fault", ["offline", "wrong chain"])
def test_up_to_a_third_nothing_is_lost(share, fault):
    assert client_failure(BUG, share=share, fault=fault, offline_days=100.0) == ()


def test_a_leak_by_hand():
    found = client_failure(BUG, share=0.4, offline_days=2.0)  # 450 epochs, of which four are no leak
    assert found == (Failure(BUG, found[0].severity, line="slashing"),)
    assert found[0].severity == pytest.approx(1.0 - math.exp(-(446.0**2) / 2.0**25), rel=1e-12)
    assert loss(0.9, offline_days=2.0) == pytest.approx(found[0].severity, rel=1e-12)
    assert client_failure(BUG, share=0.4, offline_days=4.0 / 225.0) == ()


@pytest.mark.parametrize(("share", "days"), [(0.4, 10.0), (0.4, 25.0), (0.35, 12.0), (0.6, 14.0), (0.5, 30.0)])
def test_the_leak_is_that_of_the_protocol_epoch_by_epoch(share, days):
    assert loss(share, offline_days=days) == pytest.approx(by_epochs(share, int(days * 225)), rel=2e-3)


def test_the_leak_ends_when_the_others_are_two_thirds():
    left = (1.0 - 0.4) / (2.0 * 0.4)  # 0.75
    after = 1.0 - left ** (4.0 / 3.0)  # the score comes down in a third of the leak's epochs: a third as much again
    assert loss(0.4, offline_days=1_000.0) == pytest.approx(after, rel=1e-12)
    assert after == pytest.approx(0.3186, abs=1e-4)


def test_above_two_thirds_a_wrong_chain_costs_however_soon_the_bug_is_mended():
    soon = {"offline_days": 0.1, "fault": "wrong chain"}
    assert loss(0.66, **soon) == loss(0.66, offline_days=0.1) < 1e-4
    assert loss(0.67, **soon) == pytest.approx(1.0 - (0.33 / 1.34) ** (4.0 / 3.0), rel=1e-12)
    assert loss(1.0, **soon) == 1.0


def test_double_votes_cost_what_the_protocol_takes():
    total = 35_600_000 * 10**9
    assert loss(0.0, fault="double votes", staked=35.6e6) == slashing_loss(32 * 10**9, total).total / (32 * 10**9)
    a_tenth = loss(0.1, fault="double votes", staked=35.6e6) - loss(0.0, fault="double votes", staked=35.6e6)
    correlation = get_correlation_penalty(32 * 10**9, total // 10, total, FULU) / (32 * 10**9)
    assert a_tenth == pytest.approx(correlation, abs=2e-3)
    assert correlation == pytest.approx(0.3, abs=2e-3)
    assert loss(1.0 / 3.0, fault="double votes") > 0.99
    assert loss(1.0, fault="double votes") == 1.0


@pytest.mark.parametrize("fault", ["offline", "wrong chain", "double votes"])
def test_the_loss_grows_with_the_share_and_lasts_in_one_to_one(fault):
    losses = [loss(share, fault=fault, offline_days=20.0) for share in np.linspace(0.0, 1.0, 41)]
    assert losses == sorted(losses)
    assert losses[0] < losses[-1] <= 1.0


def test_a_longer_stop_costs_more():
    losses = [loss(0.55, offline_days=days) for days in (0.0, 1.0, 7.0, 30.0, 400.0)]
    assert losses == sorted(losses)
    assert losses[0] == 0.0 < losses[1]


def test_a_product_of_mixed_clients_loses_its_own_part():
    whole = loss(0.55, offline_days=14.0)
    assert loss(0.55, offline_days=14.0, own_share=0.25) == whole * 0.25
    assert client_failure(BUG, share=0.55, offline_days=14.0, own_share=0.0) == ()
    grid = TimeGrid.daily("2026-01-01", days=2)
    strikes = np.array([True, False, False])
    prices = {Price("ETH"): 3_000.0, MarketRatio("stETH"): 1.0}
    market = Market(grid, {**prices, StakingReward("ETH"): APR(0.0), BUG: strikes})
    for own in (1.0, 0.25):
        fails = client_failure(BUG, share=0.55, offline_days=14.0, own_share=own)
        for product in (StakingPool(failures=fails), LiquidStakingToken(failures=fails)):
            outcome = product.run(market, capital=1_000.0)
            assert float(outcome.lines["slashing"][0]) == pytest.approx(-1_000.0 * whole * own)


@pytest.mark.parametrize("kind", [StakingPool, LiquidStakingToken, ExchangeStaking, SoloValidator])
def test_every_product_that_stakes_takes_it(kind):
    assert kind(failures=client_failure(BUG, share=0.8)).failures[0].event == BUG


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"share": 1.2}, r"^client_failure: share: must be a fraction in \[0, 1\]"),
        ({"share": 0.5, "own_share": -0.1}, r"^client_failure: own_share: must be a fraction"),
        ({"share": 0.5, "fault": "late"}, r"^client_failure: fault: "),
        ({"share": 0.5, "offline_days": -1.0}, r"^client_failure: offline_days: "),
        ({"share": 0.5, "staked": 1.0}, r"^client_failure: staked: "),
    ],
)
def test_bad_terms_are_refused_in_a_sentence(terms, sentence):
    with pytest.raises(InputError, match=sentence):
        client_failure(BUG, **terms)


def test_a_client_is_mended_after_a_day_unless_another_number_is_given():
    assert client_failure(BUG, share=0.4) == client_failure(BUG, share=0.4, offline_days=1.0)
    assert client_failure(BUG, share=0.4) != client_failure(BUG, share=0.4, offline_days=2.0)


def test_two_thirds_are_not_above_two_thirds():
    wrong, stopped = (loss(2.0 / 3.0, fault=fault, offline_days=3.0) for fault in ("wrong chain", "offline"))
    assert wrong == stopped < loss(0.667, fault="wrong chain", offline_days=3.0)


def test_who_alone_finalises_a_wrong_chain_loses_all():
    assert loss(1.0, fault="wrong chain") == 1.0


def test_bounds_of_all_stake_and_the_fork_are_held():
    assert loss(0.5, fault="double votes", staked=64.0) == loss(0.5, fault="double votes", staked=64.4) > 0.0
    assert loss(0.5, fault="double votes", staked=1e9) > 0.0
    for staked in (63.9, 1e9 + 1.0):
        with pytest.raises(InputError, match=r"^client_failure: staked: too (small|large)"):
            loss(0.5, staked=staked)
    with pytest.raises(StakingModelsError, match=r"^client_failure: ruleset: must be Ruleset; write FULU, or"):
        loss(0.2, ruleset="fulu")
    faster = attrs.evolve(FULU, inactivity_penalty_quotient=2**20)
    assert loss(0.4, offline_days=1.0, ruleset=faster) == pytest.approx(
        1.0 - math.exp(-(221.0**2) / 2.0**21), rel=1e-12
    )
    milder = attrs.evolve(FULU, proportional_slashing_multiplier=1)
    assert loss(0.25, fault="double votes", ruleset=milder) < 0.3 < loss(0.25, fault="double votes")
    assert 0.0 < loss(1.0, fault="double votes") <= 1.0
