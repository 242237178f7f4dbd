"""The promise of a card: at no amount of its range is a gain above the quote's, or a cost below."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stakingmodels import CloudMiningContract, Constants, Price, StakingPool, StakingReward, ratecard
from stakingmodels.ratecard.curves import Curve
from stakingmodels.ratecard.tiers import tier_at, tiers_of
from stakingmodels.rates import APR

TODAY = "2026-12-03"
ROUNDING = 0.02
"""Money by which rounding alone understates a gain, at 1e6: a share of 1e-8 of it, and two floors to the cent."""


def offers(card):
    return [(each["product"], each["term_days"]) for each in card.to_dict()["offers"]]


def amounts_of(entry, n, seed):
    """Amounts in cents, spread by ratio, and at and around every tier's beginning."""
    low, high = entry["minimum"], 1_000_000.0
    random = np.random.default_rng(seed)
    spread = np.round(low * (high / low) ** random.random(n), 2)
    starts = np.array([tier["from"] for tier in entry["tiers"]])
    sides = np.concatenate([starts, np.round(starts, 2) - 0.01, np.round(starts, 2), np.round(starts, 2) + 0.01])
    return np.unique(np.clip(np.concatenate([spread, sides, [low, high]]), low, high))


@pytest.mark.once
def test_no_gain_is_above_the_quote_and_no_cost_below(card, world, products_of_card):
    worst = {}
    for number, entry in enumerate(card.to_dict()["offers"]):
        name, term = entry["product"], entry["term_days"]
        amounts = amounts_of(entry, 2_000, number)
        gains, costs = world.quotes(products_of_card[name], term, amounts)
        told = [card.offer(name, term, float(amount), today=TODAY) for amount in amounts]
        under = gains - np.array([each.gain for each in told])
        assert under.min() >= 0.0, (name, term, amounts[under.argmin()])
        assert (np.array([each.cost for each in told]) - costs).min() >= -1e-9, (name, term)
        in_cents = np.round(amounts, 2) == amounts
        worst[name, term] = float(under[in_cents].max()), entry["understated"]["money"]
    assert max(found for found, _ in worst.values()) > 0.0
    for name in ("staking pool", "liquid token", "exchange earn", "earn", "simple pool", "pool with fees"):
        assert worst[name, 120][0] <= ROUNDING
    for found, stated in worst.values():  # at other amounts than those at which it was measured
        assert found <= 1.05 * stated + ROUNDING


@pytest.mark.once
def test_single_quotes_say_the_same(card, world, products_of_card):
    for name, term in offers(card):
        least = next(each["minimum"] for each in card.to_dict()["offers"] if each["product"] == name)
        for amount in (least, 1.7 * least, 654_321.98):
            quote = products_of_card[name].quote(world.market(products_of_card[name], term), capital=amount)
            told = card.offer(name, term, amount, today=TODAY)
            assert told.gain <= quote.net
            assert told.net_rate <= quote.net / amount / (quote.earning_years) + 1e-9


@pytest.mark.once
@settings(max_examples=15)
@given(
    minimum=st.floats(0.0, 0.02),
    fee=st.floats(0.0, 0.05),
    low=st.floats(1.0, 1e4),
    ratio=st.floats(1.5, 1e4),
    tiers=st.integers(1, 12),
)
def test_few_tiers_keep_the_promise(world, minimum, fee, low, ratio, tiers):
    product = CloudMiningContract(term_days=20.0, price_usd_per_th_s=0.6, minimum_payout_btc=minimum, sell_fee=fee)
    found = ratecard.make(
        {"mine": product},
        world.scenario,
        issued="2026-12-01",
        terms=[20],
        capital=(low, low * ratio),
        n_paths=1,
        most_tiers=tiers,
        settlement_days=5,
    )
    (entry,) = found.to_dict()["offers"]
    assert len(entry["tiers"]) <= tiers
    amounts = np.geomspace(low, low * ratio, 400)[1:-1]
    gains, _ = world.quotes(product, 20, amounts)
    told = np.array([found.offer("mine", 20, float(amount), today=TODAY).gain for amount in amounts])
    assert (gains - told).min() >= 0.0


def test_a_promise_that_is_broken_would_be_found(card, world, products_of_card):
    document = card.to_dict()
    (entry,) = [each for each in document["offers"] if (each["product"], each["term_days"]) == ("staking pool", 120)]
    entry["tiers"][0]["gain"]["share"] += 1e-6
    wrong = ratecard.RateCard.of(document)
    gains, _ = world.quotes(products_of_card["staking pool"], 120, [500_000.0])
    assert wrong.offer("staking pool", 120, 500_000.0, today=TODAY).gain > gains[0]


def test_lots_and_minimum_payouts_have_tiers(card):
    tiers = {(each["product"], each["term_days"]): len(each["tiers"]) for each in card.to_dict()["offers"]}
    assert tiers["solo validator", 120] == 10  # one to ten validators of 32 ETH
    assert 50 < tiers["mining", 120] <= 64
    assert tiers["staking pool", 120] == tiers["pool with fees", 120] == 1


def test_a_hand_computed_card():
    world = Constants({Price("ETH"): 2_000.0, StakingReward("ETH"): APR(0.0365)})
    pool = StakingPool("ETH", commission=0.1, compounding=False)
    card = ratecard.make({"pool": pool}, world, issued="2026-12-01", terms=[100], n_paths=1, settlement_days=0)
    told = card.offer("pool", 100, 10_000.0, today="2026-12-01")
    # 100 days of 0.01 % a day, of which the pool keeps a tenth: 90.00, of which floors may take a cent
    assert told.gain in (89.99, 90.0)
    assert told.cost in (10.0, 10.01)
    assert told.net_rate == pytest.approx(0.0328, abs=1.01e-4)  # 3.285 %
    entry = card.to_dict()["offers"][0]
    assert (entry["tiers"][0]["low"], entry["tiers"][0]["high"]) == (0.0328, 0.0328)
    assert entry["worst"] is None
    assert "ratecard.no_failure" in entry["wording"]


class Stepped(Curve):
    """A curve whose gain is a straight line, while its cost jumps at an amount and rises more slowly from there."""

    def __init__(self, at):
        self.edge = at

    def cost(self, amounts):
        return np.where(amounts < self.edge, 0.01 * amounts, 0.002 * amounts + 60.0)

    def at(self, amounts) -> Any:
        n = amounts.size
        return SimpleNamespace(
            profit=0.03 * amounts,
            cost=self.cost(amounts),
            settled=np.ones(n, dtype=bool),
            earning_years=np.full(n, 0.5),
            days_to_cash=np.zeros(n),
        )


@pytest.mark.parametrize("edge", [127.0, 5_012.345, 5_000.0, 777_777.77])
def test_a_cost_that_jumps_while_the_gain_does_not_is_never_understated(edge):
    curve = Stepped(edge)
    found = tiers_of(curve, 100.0, 1_000_000.0, 64, 2)
    assert found is not None
    tiers = found.tiers
    near = edge * np.geomspace(0.98, 1.02, 20_001)
    amounts = np.round(np.concatenate([near, edge + np.arange(-200, 201) / 100.0]), 2)
    told = np.array([tier_at(tiers, float(x)).cost(float(x)) for x in amounts])
    assert (told - curve.cost(amounts)).min() >= -1e-9
