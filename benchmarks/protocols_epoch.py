"""``python -m benchmarks.protocols_epoch [--quick]``: a million validators through an epoch's rewards and penalties.

The library's one call beside a numba kernel of the same rule and the rule in plain Python, timed in turns. The plain
rule works on every hundredth validator and its time is multiplied.
"""

import argparse
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from benchmarks.timing import ratio, take_turns
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    EpochTotals,
    get_total_balance,
    process_rewards_and_penalties,
)
from stakingmodels.tables import Table

IntArray = npt.NDArray[np.int64]
VALIDATORS = 1_000_000
PLAIN_SHARE = 100
_WEIGHTS = (14, 26, 14)
_ROUNDS, _QUICK_ROUNDS = 31, 7


class Network(NamedTuple):
    """Validators before the transition."""

    balances: IntArray
    effective_balances: IntArray
    participation: npt.NDArray[np.uint8]
    scores: IntArray
    totals: EpochTotals


def network(validators: int = VALIDATORS, seed: int = 1) -> Network:
    """Nine of ten hold 32 ETH, the others any whole number up to 2,048; 98 % did everything, 1 % have scores."""
    rng = np.random.default_rng(seed)
    small = rng.random(validators) < 0.9
    effective = np.where(small, 32, rng.integers(33, 2049, validators)) * GWEI_PER_ETH
    participation = np.where(rng.random(validators) < 0.98, 7, rng.integers(0, 7, validators)).astype(np.uint8)
    scores = np.where(rng.random(validators) < 0.01, rng.integers(1, 1000, validators), 0)
    having = [get_total_balance(effective[participation >> flag & 1 == 1], FULU) for flag in range(3)]
    totals = EpochTotals(get_total_balance(effective, FULU), (having[0], having[1], having[2]))
    balances = effective + rng.integers(0, GWEI_PER_ETH, validators)
    return Network(balances, effective, participation, scores, totals)


def library(of: Network, out: IntArray) -> IntArray:
    return process_rewards_and_penalties(
        of.balances, of.effective_balances, of.participation, of.scores, of.totals, FULU, out=out
    )


@numba.njit(error_model="numpy")
def kernel(
    balances: IntArray,
    effective_balances: IntArray,
    participation: npt.NDArray[np.uint8],
    scores: IntArray,
    base_per_increment: int,
    active: int,
    having: IntArray,
    out: IntArray,
) -> None:
    """The rule, validator by validator, with the deltas of every number of increments reckoned once."""
    increment = 1_000_000_000
    kinds = effective_balances.max() // increment + 1
    rewards = np.empty((kinds, 3), dtype=np.int64)
    penalties = np.empty((kinds, 3), dtype=np.int64)
    for n in range(kinds):
        for flag in range(3):
            weighted = n * base_per_increment * (14, 26, 14)[flag]
            rewards[n, flag] = weighted * having[flag] // (active * 64)
            penalties[n, flag] = weighted // 64 if flag < 2 else 0
    for i in range(balances.size):
        n = effective_balances[i] // increment
        balance, flags = balances[i], participation[i]
        for flag in range(3):
            if flags >> flag & 1:
                balance += rewards[n, flag]
            else:
                balance = max(balance - penalties[n, flag], 0)
        if not flags >> 1 & 1:
            balance = max(balance - effective_balances[i] * scores[i] // 67_108_864, 0)
        out[i] = balance


def numba_side(of: Network, out: IntArray) -> IntArray:
    total = of.totals.total_active_balance
    having = np.array(of.totals.unslashed_participating_balances) // GWEI_PER_ETH
    base_per_increment = 64 * GWEI_PER_ETH // int(np.sqrt(total))
    kernel(*of[:4], base_per_increment, total // GWEI_PER_ETH, having, out)
    return out


def plain(of: Network, out: IntArray) -> IntArray:
    """The rule with plain integers, for every hundredth validator; `out` gets these only."""
    total = of.totals.total_active_balance
    active = total // GWEI_PER_ETH
    having = [each // GWEI_PER_ETH for each in of.totals.unslashed_participating_balances]
    base_per_increment = 64 * GWEI_PER_ETH // int(np.sqrt(total))
    picked = [column[::PLAIN_SHARE].tolist() for column in of[:4]]
    results = []
    for held, effective, flags, score in zip(*picked, strict=True):
        balance = held
        base = effective // GWEI_PER_ETH * base_per_increment
        for flag, weight in enumerate(_WEIGHTS):
            if flags >> flag & 1:
                balance += base * weight * having[flag] // (active * 64)
            elif flag < 2:
                balance = max(balance - base * weight // 64, 0)
        if not flags >> 1 & 1:
            balance = max(balance - effective * score // 67_108_864, 0)
        results.append(balance)
    out[::PLAIN_SHARE] = results
    return out


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.protocols_epoch", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds, with wider spreads")
    rounds = _QUICK_ROUNDS if parser.parse_args().quick else _ROUNDS
    of = network()
    outs = [np.zeros(VALIDATORS, dtype=np.int64) for _ in range(3)]
    sides = (library, numba_side, plain)
    for side, out in zip(sides, outs, strict=True):
        side(of, out)
    if (outs[0] != outs[1]).any() or (outs[0] != outs[2])[::PLAIN_SHARE].any():
        raise SystemExit("the three do different work, see tests/benchmarks")
    calls = [lambda side=side, out=out: side(of, out) for side, out in zip(sides, outs, strict=True)]
    seconds = take_turns(calls, rounds=rounds)
    seconds[2] *= PLAIN_SHARE
    rows = [
        (name, f"{np.median(took) * 1e3:.1f}", str(ratio(took, seconds[1])))
        for name, took in zip(("library", "numba kernel", "plain Python"), seconds, strict=True)
    ]
    print(f"{VALIDATORS:,} validators, one epoch, {rounds} rounds in turns: median (quartiles); all balances equal\n")
    print(Table("", ("", "milliseconds", "time over numba"), rows).to_text())


if __name__ == "__main__":
    main()
