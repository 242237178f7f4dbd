"""Pools whose terms are those of a chain: one hand-computed year on each, and what is refused."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    Constants,
    Event,
    Factor,
    InputError,
    InputTypeError,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.errors import UnknownNameError
from stakingmodels.products import Failure
from stakingmodels.protocols.chains import (
    avalanche,
    cardano,
    cosmos,
    ethereum,
    near,
    polkadot,
    polygon,
    solana,
    tezos,
)

CHAINS = [
    avalanche.Avalanche(),
    cardano.Cardano(),
    cosmos.Cosmos(),
    ethereum.Ethereum(),
    near.Near(),
    polkadot.Kusama(),
    polkadot.Polkadot(),
    polygon.Polygon(),
    solana.Solana(),
    tezos.Tezos(),
]
YEAR = TimeGrid.daily("2026-01-01", days=365)


def world(chain):
    return Market(YEAR, {Price(chain.asset): 10.0, StakingReward(chain.asset): chain.realized_apr()})


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.asset)
def test_a_year_pays_what_the_chain_says_less_the_commission(chain):
    pool = StakingPool.on(chain, commission=0.08, earns_while_unbonding=False)
    earned = pool.run(world(chain), capital=1000.0).profit[0] / 1000.0
    net = 0.92 * chain.realized_apr().value
    expected = (1.0 + net / 365.0) ** 365 - 1.0 if chain.compounding() else net
    assert earned == pytest.approx(expected, rel=2e-4)  # the pool takes its commission of the rate of a day


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.asset)
def test_waits_are_those_of_the_chain(chain):
    pool = StakingPool.on(chain)
    rule = chain.unbonding()
    assert (pool.asset, pool.compounding) == (chain.asset, chain.compounding())
    assert (pool.unbonding_days, pool.earns_while_unbonding) == (rule.days, rule.earns)
    assert pool.failures == ()


def test_an_offense_takes_its_fraction_of_the_stake():
    chain = cosmos.Cosmos()
    pool = StakingPool.on(chain, commission=1.0, hazards={"double signing": 0.01})
    assert [(each.event, each.event.hazard) for each in pool.failures] == [(Event("ATOM:double signing"), 0.01)]
    grid = TimeGrid.daily("2026-01-01", days=2)
    factors: dict[Factor, Any] = {Price("ATOM"): 10.0, StakingReward("ATOM"): chain.realized_apr()}
    market = Market(grid, {**factors, pool.failures[0].event: np.array([True, False, False])})
    outcome = pool.run(market, capital=1000.0)
    assert outcome.lines["slashing"][0] == pytest.approx(-50.0)
    assert outcome.closing[0] == pytest.approx(950.0)


def test_a_higher_commission_and_a_larger_hazard_pay_less():
    chain = cosmos.Cosmos()
    scenario = Constants({Price("ATOM"): 10.0, StakingReward("ATOM"): chain.realized_apr()})
    pools = {
        "all": StakingPool.on(chain, commission=0.0),
        "less": StakingPool.on(chain, commission=0.1),
        "struck": StakingPool.on(chain, commission=0.1, hazards={"double signing": 2.0}),
    }
    results = simulate(pools, scenario, YEAR, capital=1000.0, n_paths=256, rng=1)
    means = [float(outcome.closing.mean()) for outcome in results.values()]
    assert means == sorted(means, reverse=True)
    assert len(set(means)) == 3


def test_terms_that_are_given_come_first():
    provider = Failure(Event("custodian:x"), severity=0.5)
    pool = StakingPool.on(
        tezos.Tezos(), unbonding_days=9.0, compounding=False, hazards={"double baking": 0.1}, failures=provider
    )
    assert (pool.unbonding_days, pool.compounding) == (9.0, False)
    assert [str(each.event) for each in pool.failures] == ['Event("XTZ:double baking")', 'Event("custodian:x")']


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: StakingPool.on("ATOM"),  # type: ignore[arg-type]
            InputTypeError,
            r"^StakingPool\.on: chain: must be Chain; write .*got str 'ATOM'",
        ),
        (lambda: StakingPool.on(cosmos.Cosmos), InputTypeError, r"^StakingPool\.on: chain"),  # type: ignore[arg-type]
        (
            lambda: StakingPool.on(cosmos.Cosmos(), asset="SOL"),
            InputError,
            r"^StakingPool\.on: asset: must be the coin of Cosmos, ATOM, got 'SOL' \(leave it out\)$",
        ),
        (
            lambda: StakingPool.on(cosmos.Cosmos(), hazards={"down time": 0.1}),
            UnknownNameError,
            r"^StakingPool\.on: hazards: must be one of double signing, downtime, got 'down time'",
        ),
        (lambda: StakingPool.on(solana.Solana(), hazards={"downtime": 0.1}), UnknownNameError, "there is nothing here"),
        (
            lambda: StakingPool.on(ethereum.Ethereum(), hazards={"double vote": 0.01}),
            InputError,
            r"^StakingPool\.on: hazards: double vote takes 0\.00184 to 1 of the stake, and not one fraction",
        ),
        (lambda: StakingPool.on(cosmos.Cosmos(), hazards={"downtime": -0.1}), InputError, "hazard"),
        (lambda: StakingPool.on(cosmos.Cosmos(), hazards=0.1), InputTypeError, "hazards"),  # type: ignore[arg-type]
        (lambda: StakingPool.on(cosmos.Cosmos(), comission=0.1), InputTypeError, "comission"),
    ],
)
def test_bad_terms_are_refused_in_a_sentence(call, error, words):
    with pytest.raises(error, match=words):
        call()
