"""`Assumption`: ranges in order, intervals from counts only, and words about what stands behind."""

from typing import Any

import attrs
import pytest

from stakingmodels.errors import InputError
from stakingmodels.measures import garwood
from stakingmodels.products import Assumption, assumptions
from stakingmodels.products.assumed import NO_RECORD, counted

PLAIN: dict[str, Any] = {"low": 0.1, "base": 0.2, "high": 0.3, "evidence": "two cases", "source": "X", "date": "2026"}


def test_a_range_is_in_order():
    with pytest.raises(InputError, match=r"^Assumption\.base: must be in \[0\.1, 0\.3\], got 0\.5"):
        Assumption(**{**PLAIN, "base": 0.5})


def test_a_count_comes_with_its_exposure():
    with pytest.raises(InputError, match=r"^Assumption\.events: must come with exposure_years"):
        Assumption(**PLAIN, events=3)


def test_the_range_of_a_count_is_its_exact_interval():
    found = counted(0.01, 3, 400.0, evidence="three in 400 years", source="X", date="2026")
    assert (found.low, found.high) == garwood(3, 400.0)
    with pytest.raises(InputError, match=r"^Assumption\.low: must be the interval of the count"):
        attrs.evolve(found, low=0.0)


def test_nothing_but_a_count_has_an_interval_and_nothing_counted_is_the_widest():
    for row in assumptions():
        assumption = row.assumption
        assert assumption.evidence
        assert assumption.source
        assert assumption.date
        if assumption.evidence == NO_RECORD:
            assert (assumption.low, assumption.high, assumption.events) == (0.0, 1.0, None)


def test_one_hazard_is_counted_and_lies_in_its_interval():
    rows = [row for row in assumptions() if row.assumption.events is not None]
    assert [(row.product, row.term) for row in rows] == [("solo validator", "slashing")]
    (low, high), base = garwood(35, 208_800.0), rows[0].assumption.base
    assert low < base < high
