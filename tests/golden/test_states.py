"""What is compared of a network whose rest is given as sums: what the sums determine, whatever their split."""

import copy
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, Slashings, process_epoch
from tests.golden import CASES, runner
from tests.golden.ethereum_states import Member, frozen_finality, new_state

ETH = GWEI_PER_ETH
EPOCH = 20_000
STEM = "ethereum_09a_random_epochs"


def vector(part: int) -> dict[str, Any]:
    """10 million ETH, of which 1.2 million never attest, in validators of `part` ETH; and one validator looked at."""
    idle = [Member(part * ETH, part * ETH, part * ETH, 0)] * (1_200_000 // part)
    busy = [Member(100_000 * ETH, 100_000 * ETH, 100_000 * ETH, 7)] * 88
    focus = Member(32 * ETH, 32 * ETH, 2048 * ETH, 3)
    members = [focus, *idle, *busy]
    state = new_state(EPOCH, members, frozen_finality(EPOCH - 2), Slashings.empty(FULU))
    flags = np.array([each.flags_at(0) for each in members])
    steps = []
    for epoch in range(EPOCH, EPOCH + 3):
        state = attrs.evolve(state, finality=frozen_finality(EPOCH - 2), previous_participation=flags)
        totals = state.totals(FULU)
        state = process_epoch(state, FULU, justify=False)
        registry = state.registry
        columns = (registry.balances, registry.effective_balances, registry.inactivity_scores)
        steps.append(
            {
                "epoch": epoch,
                "total_active_balance": totals.total_active_balance,
                "unslashed_participating_source_target_head": list(totals.unslashed_participating_balances),
                "leak": totals.leak,
                "after": [[int(column[0]) for column in columns]],
            }
        )
    seen = {"bal": 32 * ETH, "eb": 32 * ETH, "prefix": 2, "flags": 3, "score": 0, "slashed": False}
    return {
        "inputs": {
            "first_epoch": EPOCH,
            "finality_lag": 2,
            "sum_slashings": 0,
            "flags_constant_over_steps": True,
            "focus": [seen | {"exit": None, "wd": None}],
            "rest_of_network_balance_by_flags": {"0": 1_200_000 * ETH, "1": 0, "3": 0, "7": 8_800_000 * ETH},
        },
        "outputs": {"after_fields": "[balance, effective_balance, inactivity_score]", "steps": steps},
    }


def totals(of: dict[str, Any]) -> list[int]:
    return [step["total_active_balance"] // ETH for step in of["outputs"]["steps"]]


@pytest.mark.parametrize(("part", "third"), [(100_000, 10_000_032), (400_000, 10_000_029)])
def test_a_total_is_right_by_any_split_of_the_rest(part, third):
    of = vector(part)
    assert totals(of) == [10_000_032, 10_000_032, third]
    runner.run(STEM, of, CASES)


@pytest.mark.parametrize(
    ("step", "key", "change", "words"),
    [
        (0, "total_active_balance", -ETH, "total_active_balance: 10000032000000000 instead of"),
        (1, "total_active_balance", -2 * ETH, "a fall of 2000000000, lost 479"),
        (2, "total_active_balance", -4 * ETH, "a fall of 4000000000, lost 958"),
        (2, "total_active_balance", ETH, "is more than 1200000000000000 before"),
        (2, "total_active_balance", -1, "a fall of 1 is no whole ETH"),
        (2, "unslashed_participating_source_target_head", -ETH, "rest with flags 7: a fall of 1000000000, lost 0"),
        (2, "after", 1, "after"),
        (2, "leak", None, "leak"),
    ],
)
def test_what_no_split_gives_is_wrong(step, key, change, words):
    of = copy.deepcopy(vector(100_000))
    found = of["outputs"]["steps"][step]
    if key == "after":
        found[key][0][0] += change
    elif key == "leak":
        found[key] = True
    elif key == "total_active_balance":
        found[key] += change
    else:
        found[key] = [each + change for each in found[key]]
        found["total_active_balance"] += change
    with pytest.raises(AssertionError, match=words):
        runner.run(STEM, of, CASES)


def test_sums_that_flags_do_not_tell_apart_are_no_case():
    of = vector(100_000)
    of["inputs"]["rest_of_network_balance_by_flags"] = {"0": 1_200_000 * ETH, "2": 8_800_000 * ETH}
    with pytest.raises(ValueError, match="cannot be told apart"):
        runner.run(STEM, of, CASES)
