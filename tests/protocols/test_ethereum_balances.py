"""Rewards and penalties of all validators in one call, against the rule in plain integers."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    EpochTotals,
    decrease_balance,
    get_total_balance,
    process_rewards_and_penalties,
)

T = 35_600_000 * GWEI_PER_ETH
TOTALS = EpochTotals(T, (T * 9 // 10, T * 8 // 10, T * 7 // 10))
LEAK = EpochTotals(T, (T // 2, T // 2, T // 2), leak=True)
ETH32 = 32 * GWEI_PER_ETH


rewarded: Any = process_rewards_and_penalties
"""Without types: here it is given wrong ones."""


def plain(row, totals, slashed=False, eligible=True):
    """The specification's rule for one validator: its balance, effective balance, flags and score."""
    balance, effective, flags, score = row
    if not eligible:
        return balance
    n, active = effective // GWEI_PER_ETH, totals.total_active_balance // GWEI_PER_ETH
    base = n * 339
    for flag, weight in enumerate((14, 26, 14)):
        if flags >> flag & 1 and not slashed:
            having = totals.unslashed_participating_balances[flag] // GWEI_PER_ETH
            balance += 0 if totals.leak else base * weight * having // (active * 64)
        elif flag < 2:
            balance = max(balance - base * weight // 64, 0)
    if slashed or not flags & 2:
        balance = max(balance - effective * score // 2**26, 0)
    return balance


def registry(n, seed, *, poor=False):
    rng = np.random.default_rng(seed)
    effective = rng.integers(0, 2_049, n) * GWEI_PER_ETH
    balances = rng.integers(0, 2_000_000, n) if poor else effective + rng.integers(0, GWEI_PER_ETH, n)
    scores = np.where(rng.random(n) < 0.5, rng.integers(0, 5_000, n), 0)
    return balances, effective, rng.integers(0, 8, n), scores, rng.random(n) < 0.2, rng.random(n) < 0.8


@pytest.mark.parametrize("totals", [TOTALS, LEAK], ids=["healthy", "leak"])
@pytest.mark.parametrize("poor", [False, True])
@pytest.mark.parametrize("n", [1, 40, 5_000, 20_000])
def test_every_balance_is_that_of_the_plain_rule(n, poor, totals):
    *columns, slashed, eligible = registry(n, n, poor=poor)
    masks = [slashed, eligible]
    found = rewarded(*columns, totals, FULU, slashed=slashed, eligible=eligible)
    rows = zip(*(column.tolist() for column in columns + masks), strict=True)
    expected = [plain(row[:4], totals, *row[4:]) for row in rows]
    assert found.tolist() == expected
    assert found.dtype == np.int64
    without = rewarded(*columns, totals, FULU)
    assert without.tolist() == [plain(row, totals) for row in zip(*(c.tolist() for c in columns), strict=True)]


def test_order_matters_where_a_balance_runs_dry():
    # Source missed (penalty first), then a target reward: the reward survives.
    found = rewarded(np.array([10]), np.array([ETH32]), np.array([2]), np.array([0]), TOTALS, FULU)
    assert found.tolist() == [plain((10, ETH32, 2, 0), TOTALS)]
    assert found[0] > 0


def test_the_poor_among_the_rich():
    rich, poor = (2_048 * GWEI_PER_ETH, ETH32, 7, 0), (1_000, ETH32, 2, 50)
    columns = [np.array(column) for column in zip(rich, poor, strict=True)]
    assert rewarded(*columns, TOTALS, FULU).tolist() == [plain(rich, TOTALS), plain(poor, TOTALS)]


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_the_edge_of_running_dry(extra):
    # Nothing done: penalties of source and target, then inactivity, together exactly the balance.
    penalties = 32 * 339 * 14 // 64 + 32 * 339 * 26 // 64 + ETH32 * 100 // 2**26
    found = rewarded(np.array([penalties + extra]), np.array([ETH32]), np.array([0]), np.array([100]), TOTALS, FULU)
    assert found.tolist() == [max(extra, 0)]


def test_one_that_waits_is_left_alone():
    balances = np.array([ETH32, ETH32])
    found = rewarded(
        balances, balances, np.array([7, 7]), np.array([0, 0]), TOTALS, FULU, eligible=np.array([True, False])
    )
    assert found[0] > ETH32
    assert found[1] == ETH32


def test_in_place_and_new_arrays():
    *columns, _, _ = registry(100, 3)
    before = [column.copy() for column in columns]
    fresh = rewarded(*columns, TOTALS, FULU)
    assert all((one == other).all() for one, other in zip(columns, before, strict=True))
    same = rewarded(*columns, TOTALS, FULU, out=columns[0])
    assert same is columns[0]
    assert (same == fresh).all()


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint64, np.int32])
def test_any_kind_of_integers(kind):
    balances = np.full(3, ETH32)
    flags, scores = np.array([7, 0, 3], dtype=kind), np.array([0, 5, 0], dtype=kind)
    found = rewarded(
        balances.astype(np.uint64), balances, flags, scores, TOTALS, FULU, slashed=np.array([False, False, True])
    )
    expected = rewarded(balances, balances, np.array([7, 0, 0]), np.array([0, 5, 0]), TOTALS, FULU)
    assert found.dtype == np.int64
    assert (found == expected).all()


def test_lists_and_no_validators():
    nobody = np.array([], dtype=np.int64)
    assert rewarded(nobody, nobody, nobody, nobody, TOTALS, FULU).tolist() == []
    found = rewarded([ETH32], [ETH32], [7], [0], TOTALS, FULU)
    assert found.tolist() == [plain((ETH32, ETH32, 7, 0), TOTALS)]


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        (0, -1, "balances: must be in"),
        (0, 2**62, "balances: must be in"),
        (1, -1, "effective_balances: must be in"),
        (1, T + 1, "effective_balances: must be in"),
        (2, 8, r"participation: must be in \[0, 7\]"),
        (2, -1, r"participation: must be in \[0, 7\]"),
        (3, -1, "inactivity_scores: must be in"),
        (3, 2**32 + 1, "inactivity_scores: must be in"),
    ],
)
def test_numbers_outside_their_range(place, value, rule):
    columns = [np.array([ETH32, ETH32]), np.array([ETH32, ETH32]), np.array([7, 7]), np.array([0, 0])]
    columns[place][1] = value
    with pytest.raises(InputError, match=rf"process_rewards_and_penalties: {rule}"):
        rewarded(*columns, TOTALS, FULU)
    with pytest.raises(InputError, match=rule):
        rewarded(*(column.astype(object) for column in columns), TOTALS, FULU)


def test_the_largest_numbers_that_are_taken():
    found = rewarded(np.array([2**62 - 1]), np.array([ETH32]), np.array([7]), np.array([2**32]), TOTALS, FULU)
    assert found.tolist() == [plain((2**62 - 1, ETH32, 7, 0), TOTALS)]


def test_narrow_integers_are_looked_at_too():
    columns = [np.array([ETH32]), np.array([ETH32]), np.array([-1], dtype=np.int8), np.array([0])]
    with pytest.raises(InputError, match="participation"):
        rewarded(*columns, TOTALS, FULU)


def test_wrong_shapes_and_types():
    good = np.array([ETH32, ETH32])
    zero = np.array([0, 0])
    with pytest.raises(InputError, match=r"participation: must be an array of shape \(2,\)"):
        rewarded(good, good, np.array([7]), zero, TOTALS, FULU)
    with pytest.raises(InputError, match=r"balances: must be an array of shape \(2,\)"):
        rewarded(good.reshape(1, 2), good, zero, zero, TOTALS, FULU)
    with pytest.raises(InputTypeError, match="balances: must hold integers"):
        rewarded(good.astype(float), good, zero, zero, TOTALS, FULU)
    for mask in (np.array([True]), zero, [True, False]):
        for name in ("slashed", "eligible"):
            with pytest.raises(InputError, match=rf"{name}: must be a bool array of shape \(2,\)"):
                rewarded(good, good, zero, zero, TOTALS, FULU, **{name: mask})
    fixed = good.copy()
    fixed.flags.writeable = False
    for out in (np.zeros(3, dtype=np.int64), np.zeros(2), fixed, [0, 0]):
        with pytest.raises(InputError, match=r"out: must be a writeable int64 array of shape \(2,\)"):
            rewarded(good, good, zero, zero, TOTALS, FULU, out=out)


def test_totals_are_checked():
    with pytest.raises(InputError, match=r"EpochTotals\.total_active_balance"):
        EpochTotals(0, (1, 1, 1))
    assert EpochTotals(1, (0, 0, 0)).leak is False
    with pytest.raises(InputError, match=r"EpochTotals\.unslashed_participating_balances: must be three"):
        EpochTotals(T, (1, 1))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"EpochTotals\.unslashed_participating_balances: must be an integer in \[0"):
        EpochTotals(T, (1, -1, 1))
    with pytest.raises(InputTypeError, match=r"EpochTotals\.leak"):
        EpochTotals(T, (1, 1, 1), 1)  # type: ignore[arg-type]


def test_total_balance():
    assert get_total_balance(np.array([ETH32, ETH32]), FULU) == 2 * ETH32
    assert get_total_balance(np.array([], dtype=np.int64), FULU) == GWEI_PER_ETH
    assert get_total_balance(np.array([GWEI_PER_ETH - 1]), FULU) == GWEI_PER_ETH
    assert type(get_total_balance(np.array([ETH32]), FULU)) is int
    many = np.array([2**62, 2**62 - 1])
    assert get_total_balance(many, FULU) == 2**63 - 1
    # Few large ones: the bound of size times largest is above int64, the sum is not.
    assert get_total_balance(np.array([2**62, 1, 1]), FULU) == 2**62 + 2
    with pytest.raises(InputError, match="their sum must not be above 9223372036854775807"):
        get_total_balance(np.array([2**62, 2**62]), FULU)
    with pytest.raises(InputError, match="get_total_balance: effective_balances"):
        get_total_balance(np.array([-1]), FULU)


def test_balances_stop_at_zero():
    assert decrease_balance(5, 3) == 2
    assert decrease_balance(3, 5) == 0
    assert type(decrease_balance(3, 5)) is int
    assert decrease_balance(np.array([5, 3]), np.array([3, 5])).tolist() == [2, 0]
    for balance, delta in ((-1, 0), (0, -1)):
        with pytest.raises(InputError, match="decrease_balance: "):
            decrease_balance(balance, delta)
