"""`Assumption`: ranges in order, intervals from counts only, judged ranges by one rule."""

from typing import Any

import attrs
import pytest

from stakingmodels.assumptions import Assumption, counted, judged, judged_range
from stakingmodels.assumptions.assumption import JUDGED_FACTOR
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import clopper_pearson, garwood

PLAIN: dict[str, Any] = {
    "low": 0.1,
    "base": 0.2,
    "high": 0.3,
    "worse": "high",
    "basis": "assumed",
    "evidence": "two cases",
    "source": "X",
    "date": "2026",
}


def test_a_range_is_in_order():
    with pytest.raises(InputError, match=r"^Assumption\.base: must be in \[0\.1, 0\.3\], got 0\.5$"):
        Assumption(**{**PLAIN, "base": 0.5})
    with pytest.raises(InputError, match=r"^Assumption\.low: must not be above high, which is 0\.3, got 0\.4$"):
        Assumption(**{**PLAIN, "low": 0.4})


BAD = {
    "no number": ({"base": "0.2"}, InputTypeError, r"^Assumption\.base: must be a number, got str '0\.2'$"),
    "NaN": ({"high": float("nan")}, InputError, r"^Assumption\.high: must be finite, got nan$"),
    "worse": ({"worse": "up"}, InputError, r"^Assumption\.worse: must be one of 'low', 'high', got 'up'$"),
    "basis": ({"basis": "guess"}, InputError, r"^Assumption\.basis: must be one of 'protocol', 'measured', "),
    "two lines": ({"evidence": "a\nb"}, InputError, r"^Assumption\.evidence: must be 1 to 500 printable"),
    "no source": ({"source": ""}, InputError, r"^Assumption\.source: must be 1 to 500 printable"),
    "a date as a number": ({"date": 2026}, InputTypeError, r"^Assumption\.date: must be a text \(str\), got int 2026"),
    "a count without exposure": ({"n_events": 3}, InputError, r"^Assumption\.n_events: must come with exposure_years"),
}


@pytest.mark.parametrize(("changes", "error", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_a_sentence(changes, error, message):
    with pytest.raises(error, match=message):
        Assumption(**{**PLAIN, **changes})


def test_equal_numbers_are_equal_assumptions_whatever_their_type():
    one, other = Assumption(**{**PLAIN, "low": 0, "high": 1}), Assumption(**{**PLAIN, "low": 0.0, "high": 1.0})
    assert one == other
    assert repr(one) == repr(other)


def test_the_worse_end_and_the_other():
    assert (Assumption(**PLAIN).worst, Assumption(**PLAIN).best) == (0.3, 0.1)
    low = Assumption(**{**PLAIN, "worse": "low"})
    assert (low.worst, low.best) == (0.1, 0.3)


def test_the_range_of_a_count_is_its_exact_interval():
    found = counted(0.01, 3, exposure_years=400.0, worse="high", evidence="three", source="X", date="2026")
    assert (found.low, found.high, found.basis) == (*garwood(3, 400.0), "measured")
    with pytest.raises(InputError, match=r"^Assumption\.low: must be the interval of the count"):
        attrs.evolve(found, low=0.0)
    share = counted(0.5, 6, trials=11, worse="low", evidence="six of 11", source="X", date="2026")
    assert (share.low, share.high) == clopper_pearson(6, 11)
    with pytest.raises(InputError, match=r"^Assumption\.trials: must be left out beside exposure_years, got 11"):
        attrs.evolve(found, trials=11)


def test_a_judged_hazard_is_a_fifth_to_five_times():
    assert judged_range(0.02) == (0.02 / 5.0, 0.02 * 5.0)
    assert judged_range(0.0) == (0.0, 0.0)


@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
def test_the_odds_of_a_judged_fraction_are_a_fifth_to_five_times(part):
    odds = [x / (1.0 - x) for x in (*judged_range(part, "fraction"), part)]
    assert odds[0] == pytest.approx(odds[2] / JUDGED_FACTOR)
    assert odds[1] == pytest.approx(odds[2] * JUDGED_FACTOR)


def test_judged_fractions_by_hand_and_their_ends():
    assert judged_range(0.5, "fraction") == pytest.approx((1.0 / 6.0, 5.0 / 6.0))
    assert judged_range(0.05, "fraction") == pytest.approx((1.0 / 96.0, 5.0 / 24.0))
    assert judged_range(0.0, "fraction") == (0.0, 0.0)
    assert judged_range(1.0, "fraction") == (1.0, 1.0)


def test_a_judgement_says_so():
    found = judged(0.02, worse="high", evidence="of 80 exchanges 38 closed", source="Moore", date="2018")
    assert found.evidence == "no record; judged: a fifth to five times; of 80 exchanges 38 closed"
    assert (found.basis, found.source) == ("assumed", "Moore")
    with pytest.raises(InputError, match=r"^judged: base: must be a fraction in \[0, 1\], got 1\.5"):
        judged(1.5, worse="high", kind="fraction", date="2026")
