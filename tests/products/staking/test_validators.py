"""`Validators`: effective balances, and the paths whose rewards are swept at once."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from stakingmodels.products.staking.validators import Validators


def of(units, count, **more):
    """Validators with so many coins and in such a number on each path; and their account."""
    account: Any = SimpleNamespace(units=np.array(units, dtype=float))
    options: Any = {"compounding": False, "sweeps": True, **more}
    return Validators(account, np.array(count, dtype=float), **options), account


def test_only_the_balances_of_the_given_paths_are_updated():
    validators, account = of([32.0, 32.0], [1.0, 1.0])
    account.units[:] = 20.0
    validators.update_effective(np.array([1]))
    assert validators.stake.tolist() == [32.0, 20.0]
    validators.update_effective()
    assert validators.stake.tolist() == [20.0, 20.0]


def test_the_last_balance_stays_where_no_validator_is_left():
    validators, account = of([64.0, 32.0], [2.0, 1.0])
    validators.remove(np.array([2.0]), np.array([0]))
    account.units[0] = 0.0
    validators.update_effective()
    assert validators._effective.tolist() == [32.0, 32.0]
    assert validators.stake.tolist() == [0.0, 32.0]
    assert (validators.some_work, validators.all_work) == (True, False)


def test_a_stake_below_32_coins_is_filled_up_before_anything_is_swept():
    validators, account = of([32.0, 32.0, 32.0], [1.0, 1.0, 1.0])
    account.units[:] = [32.0, 31.9, 32.0 - 5e-10]  # the last lacks less than the chain counts
    validators.update_effective()
    assert validators.stake.tolist() == [32.0, 32.0, 32.0]  # the hysteresis keeps a balance that is 0.1 lower
    assert validators.full.tolist() == [True, False, True]
    assert not validators.all_full
    assert not of([32.0], [1.0], sweeps=False)[0].full.any()


def test_the_effective_balance_of_a_deposit_is_that_of_each_validator():
    for compounding, stake in ((True, [80.0, 41.0, 0.0]), (False, [64.0, 32.0, 0.0])):
        staked: Any = SimpleNamespace(units=np.array([81.0, 41.5, 0.0]))
        found = Validators(staked, np.array([2.0, 1.0, 0.0]), compounding=compounding, sweeps=False)
        assert found.stake.tolist() == stake
