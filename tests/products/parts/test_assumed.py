"""The numbers of the compared products: evidence for each, judged ranges by the one rule, keys that are known."""

import pytest

from stakingmodels import terms
from stakingmodels.assumptions import judged_range
from stakingmodels.assumptions.known import KINDS
from stakingmodels.products import (
    CloudMiningContract,
    ExchangeStaking,
    LiquidStakingToken,
    SoloValidator,
    StakingPool,
)
from stakingmodels.products.parts import assumed_keys

CLASSES = (SoloValidator, StakingPool, LiquidStakingToken, ExchangeStaking, CloudMiningContract)
JUDGED = {k: number for k, number in assumed_keys.NUMBERS.items() if number.evidence.startswith("no record; judged")}


def test_every_number_has_a_kind_and_each_fields_assumption_tells_its_key():
    assert set(assumed_keys.NUMBERS) <= set(KINDS)
    fields = [term.assumption for kind in CLASSES for term in terms.of(kind).values() if term.assumption is not None]
    for assumption in fields:
        assert len([key for key, number in assumed_keys.NUMBERS.items() if number == assumption]) == 1


def test_numbers_without_record_are_judged_and_no_others():
    assert set(JUDGED) == {
        "pool_slashing.severity",
        "exploit.severity",
        "provider.hazard",
    }
    for key, number in JUDGED.items():
        kind = KINDS[key]
        assert kind in ("hazard", "fraction")
        assert (number.low, number.high) == judged_range(number.base, kind)
        assert number.basis == "assumed"


def test_no_range_is_the_widest_any_more():
    assert not [
        key
        for key, number in assumed_keys.NUMBERS.items()
        if (number.low, number.high) == (0.0, 1.0) and KINDS[key] in ("hazard", "fraction")
    ]


def test_counts_give_their_intervals():
    counted = {key: number for key, number in assumed_keys.NUMBERS.items() if number.n_events is not None}
    assert set(counted) == {"solo_slashing.hazard", "pool_slashing.hazard", "exploit.hazard"}
    slashing, exploit = counted["solo_slashing.hazard"], counted["exploit.hazard"]
    assert (slashing.low, slashing.high) == pytest.approx((1.1676e-4, 2.3313e-4), rel=1e-4)
    assert (exploit.low, exploit.high) == pytest.approx((0.0, 3.6889 / 36.1), rel=1e-4)  # none in 36.1 years
    assert all(number.low < number.base < number.high for number in counted.values())


def test_keys_of_events_and_stated_terms_are_numbers():
    keys = {key for place in (*assumed_keys.EVENTS.values(), *assumed_keys.TERMS.values()) for key in place.values()}
    assert keys <= set(assumed_keys.NUMBERS)
