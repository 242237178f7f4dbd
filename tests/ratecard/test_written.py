"""Rates of tiers between the amounts at which averages were run."""

import pytest

from stakingmodels.ratecard.averages import Average
from stakingmodels.ratecard.tiers import Tier, Tiers
from stakingmodels.ratecard.written import _Rates


def average(value: float) -> Average:
    return Average(low=value - 0.1, average=value, high=value + 0.1, days_out=1.0, worst=None, is_held=False)


def tier_at(start: float, fixed: float, share: float) -> Tier:
    return Tier(start=start, gain_fixed=fixed, gain_share=share, cost_fixed=0.0, cost_share=0.0, decimals=2)


@pytest.mark.parametrize(("measured", "lowest"), [(-0.3, -1.0), (-1.2, -1.2)])
def test_no_more_is_lost_on_average_than_was_paid_unless_a_run_lost_more(measured, lowest):
    starts = (
        (100.0, -10.0),
        (1_000.0, -900.0),
        (10_000.0, -1_000.0),
    )  # the rate of the tier between is -0.9, others -0.1
    tiers = tuple(tier_at(start, fixed, 0.0) for start, fixed in starts)
    found = Tiers(tiers=tiers, understated_money=0.0, understated_share=0.0, rate_days=365.0, days_out=1)
    told = _Rates(found, {0: average(measured), 2: average(measured)}, "APR").tier(1, 10_000.0)
    assert told["net_rate"] == pytest.approx(-0.9)
    assert told["average"] == pytest.approx(lowest)
