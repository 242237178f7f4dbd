"""Rules of chains that give floats or draws: faces, Ethereum's luck and lives, Bitcoin's mining; laws by inversion."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from stakingmodels.laws.binomial import binomial_quantile
from stakingmodels.laws.normal import normal_quantile
from stakingmodels.protocols.chains import (
    Chain,
    avalanche,
    bitcoin,
    cardano,
    cosmos,
    ethereum,
    near,
    polkadot,
    polygon,
    solana,
    tezos,
)
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, life

STAKE = 35_600_000 * GWEI_PER_ETH
ONE = 32 * GWEI_PER_ETH
CHAINS: dict[str, type[Chain]] = {
    "avalanche": avalanche.Avalanche,
    "cardano": cardano.Cardano,
    "cosmos": cosmos.Cosmos,
    "ethereum": ethereum.Ethereum,
    "kusama": polkadot.Kusama,
    "near": near.Near,
    "polkadot": polkadot.Polkadot,
    "polygon": polygon.Polygon,
    "solana": solana.Solana,
    "tezos": tezos.Tezos,
}


def face(kind: Callable[[], Chain]) -> object:
    """What every chain answers, today's state."""
    chain = kind()
    back = chain.unbonding()
    return [
        [chain.supply, chain.staked, chain.as_of],
        chain.nominal_apr().value,
        chain.realized_apr().value,
        chain.real_apr().value,
        chain.supply_growth().value,
        chain.minimum_stake(),
        [back.days, back.earns, back.slashable],
        [[offense.min, offense.max] for offense in chain.slashing()],
        chain.compounding(),
        [chain.attack_cost(share) for share in (1 / 3, 0.5, 2 / 3)],
    ]


def lives(**how: Any) -> object:
    """Some validators, epoch by epoch."""
    found = life.simulate_validators(
        how.pop("balance", ONE), STAKE, np.random.default_rng(23), lives=40, epochs=4_500, **how
    )
    return [
        found.attester,
        found.proposer,
        found.sync,
        found.penalties,
        found.proposals,
        found.seats,
        found.withdrawn,
        found.balance,
        found.effective_balance,
        found.reward,
    ]


def luck() -> object:
    """The laws of proposals and seats."""
    laws = [
        ethereum.proposals(ONE, STAKE, 7_200 * 365),
        ethereum.proposals(1000 * ONE, STAKE, 7_200 * 30),
        ethereum.sync_seats(ONE, STAKE, 320, FULU),
        ethereum.sync_seats(ONE, STAKE, 320, FULU, validators=2_000),
    ]
    group = ethereum.proposals_of_members([ONE, 2 * ONE, 64 * ONE], STAKE, 100_000)
    return [
        [
            [law.mean, law.variance, *law.masses(), law.cdf(3.0), *(law.quantile(q) for q in (0.01, 0.5, 0.99))]
            for law in laws
        ],
        [group.mean, group.covariance, group.total().mean, group.member(1).variance],
    ]


def pooling() -> object:
    law = ethereum.reward_law(3, ONE, STAKE, FULU, days=90.0, execution_per_block=50_000_000)
    both = ethereum.pooling_benefit(20, STAKE, FULU, days=120.0)
    return [
        [law.mean, law.standard_deviation, law.spread, law.cdf(law.mean), law.quantile(0.05), law.quantile(0.9)],
        [both.spread_ratio, list(both.quantiles(0.1)), both.alone.mean, both.together.mean],
    ]


def closed_forms() -> object:
    """Rewards of a day, issuance, leaks, waits and a slashing."""
    day, rates = ethereum.daily_reward(ONE, STAKE), ethereum.issuance(STAKE)
    leaving = ethereum.exit_wait(STAKE, 10**6 * GWEI_PER_ETH, ONE, FULU)
    entering = ethereum.activation_wait(STAKE, 10**6 * GWEI_PER_ETH, ONE, FULU)
    slashed = ethereum.slashing_loss(ONE, STAKE, other_slashed=10**5 * GWEI_PER_ETH)
    return [
        [day.attester, day.proposer, day.sync, day.total],
        [rates.per_year.attester, rates.per_year.proposer, rates.per_year.sync, rates.per_year.total],
        [rates.apr().value, rates.issued_per_julian_year()],
        [leaving.exit_epochs, leaving.withdrawable_epochs, leaving.sweep_epochs, leaving.days],
        [entering.activation_eligibility_epoch, entering.activation_epoch, entering.days],
        [slashed.initial_penalty, slashed.attestation_penalties, slashed.correlation_penalty, slashed.forgone_reward],
        [ethereum.leak_balance(32.0, np.arange(0.0, 5_000.0, 500.0)), ethereum.downtime_penalty_share(FULU)],
        ethereum.compounding_effective_balance(np.linspace(32.0, 40.0, 30), 32.0),
    ]


def mining() -> object:
    """What hashing earns, and how pools pay it out."""
    difficulty = np.geomspace(1e13, 3e14, 7)
    miner = bitcoin.Miner(hashrate_th_s=1e4, pool_hashrate_th_s=1e8, difficulty=1.5e14, subsidy=3.125, fees=0.02)
    payouts = [bitcoin.Solo(), bitcoin.PPS(), bitcoin.FPPS(), bitcoin.PPSPlus(), bitcoin.PPLNS()]
    paid = [payout.coins(miner, 30.0) for payout in payouts]
    return [
        bitcoin.coins_per_th_s_day(difficulty, 3.145),
        bitcoin.hashprice_per_ph_s_day(difficulty, 3.145, 90_000.0),
        bitcoin.hashcost_per_ph_s_day(17.5, 0.06),
        bitcoin.blocks_per_day(1e9, difficulty),
        bitcoin.electricity_cost_per_coin(20.0, 0.05, difficulty, 3.145),
        bitcoin.next_difficulty(difficulty, np.linspace(9e5, 1.6e6, 7)),
        bitcoin.subsidy_at(np.array(["2015-01-01", "2024-04-19", "2024-04-21", "2029-01-01"], dtype="datetime64[s]")),
        [[coins.mean, coins.variance, coins.standard_deviation] for coins in paid],
    ]


def quantiles(n: float, p: float) -> object:
    uniform = np.concatenate([[0.0], np.random.default_rng(31).random(2_000), [np.nextafter(1.0, 0.0)]])
    trials = np.floor(n * np.linspace(0.5, 1.0, uniform.size))
    return [
        binomial_quantile(uniform, n, p),
        binomial_quantile(uniform, trials, p * np.linspace(0.2, 1.0, uniform.size)),
    ]


def normals() -> object:
    return normal_quantile(np.concatenate([np.geomspace(1e-300, 0.5, 500), np.linspace(0.5, 1.0 - 1e-12, 500)]))


def cases() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {f"chain/{name}": partial(face, kind) for name, kind in CHAINS.items()}
    for n, p in ((1.0, 0.3), (225.0, 1e-4), (60.0, 0.7), (5_000.0, 0.02), (1e6, 0.5), (1e9, 1e-5)):
        found[f"binomial/{n:g}, {p:g}"] = partial(quantiles, n, p)
    return found | {
        "ethereum/lives": lives,
        "ethereum/lives, compounding": partial(lives, compounding=True, balance=1_900 * GWEI_PER_ETH, uptime=0.95),
        "ethereum/lives, offline": partial(lives, uptime=0.6, participation=0.98, sweep_epochs=500),
        "ethereum/luck": luck,
        "ethereum/pooling": pooling,
        "ethereum/closed forms": closed_forms,
        "bitcoin/mining": mining,
        "laws/normal": normals,
    }
