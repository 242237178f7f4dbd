"""`Assumption`: ranges in order, intervals from counts only, and words about what stands behind."""

from typing import Any

import attrs
import pytest

from stakingmodels.errors import InputError
from stakingmodels.measures import clopper_pearson, garwood
from stakingmodels.products import Assumption, assumptions
from stakingmodels.products.parts.assumed import NO_RECORD, counted

PLAIN: dict[str, Any] = {"low": 0.1, "base": 0.2, "high": 0.3, "evidence": "two cases", "source": "X", "date": "2026"}


def test_a_range_is_in_order():
    with pytest.raises(InputError, match=r"^Assumption\.base: must be in \[0\.1, 0\.3\], got 0\.5"):
        Assumption(**{**PLAIN, "base": 0.5})


def test_a_count_comes_with_its_exposure():
    with pytest.raises(InputError, match=r"^Assumption\.n_events: must come with exposure_years or trials"):
        Assumption(**PLAIN, n_events=3)


def test_the_range_of_a_count_is_its_exact_interval():
    found = counted(0.01, 3, exposure_years=400.0, evidence="three in 400 years", source="X", date="2026")
    assert (found.low, found.high) == garwood(3, 400.0)
    with pytest.raises(InputError, match=r"^Assumption\.low: must be the interval of the count"):
        attrs.evolve(found, low=0.0)
    share = counted(0.5, 6, trials=11, evidence="six of 11", source="X", date="2026")
    assert (share.low, share.high) == clopper_pearson(6, 11)


def test_nothing_but_a_count_has_an_interval_and_nothing_counted_is_the_widest():
    for row in assumptions():
        assumption = row.assumption
        assert assumption.evidence
        assert assumption.source
        assert assumption.date
        if assumption.evidence == NO_RECORD:
            assert (assumption.low, assumption.high, assumption.n_events) == (0.0, 1.0, None)


def test_one_term_is_counted_and_lies_in_its_interval():
    rows = {(row.product, row.term): row.assumption for row in assumptions() if row.assumption.n_events is not None}
    assert list(rows) == [("solo validator", "slashing")]
    (slashing,) = rows.values()
    assert (slashing.low, slashing.high) == pytest.approx((1.1676e-4, 2.3313e-4), rel=1e-4)
    assert all(low.low < low.base < low.high for low in rows.values())
