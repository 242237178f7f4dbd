"""`AssumptionSet`: by value, with a digest of all its content; changed, drawn and written."""

import copy
import hashlib
import pickle
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.assumptions import Assumption, AssumptionSet, assumption_set, judged, judged_range
from stakingmodels.assumptions.shipped import _read
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from tests.examples import examples

NEWEST = assumption_set()
HAZARD = judged(0.01, worse="high", date="2026-11")
PART = judged(0.5, worse="low", kind="fraction", date="2026-11")
SMALL = AssumptionSet(name="a", date="2026-11-30", numbers={"exploit.hazard": HAZARD, "exploit.severity": PART})


def test_a_set_is_by_value_and_its_name_is_no_part_of_the_digest():
    again = AssumptionSet(name="a", date="2026-11-30", numbers=dict(reversed(list(SMALL.numbers.items()))))
    assert again == SMALL
    assert hash(again) == hash(SMALL)
    assert again.digest == SMALL.digest
    named = AssumptionSet(name="b", date="2026-11-30", numbers=SMALL.numbers)
    assert named != SMALL
    assert named.digest == SMALL.digest
    assert SMALL.label == f"a ({SMALL.digest[:8]})"


def test_the_digest_is_that_of_the_documented_text():
    one = AssumptionSet(name="a", date="2026-11-30", numbers={"x": attrs.evolve(HAZARD, source="é")})
    text = (
        '{"date":"2026-11-30","numbers":{"x":{"base":0.01,"basis":"assumed","date":"2026-11",'
        '"evidence":"no record; judged: a fifth to five times","exposure_years":null,"high":0.05,"low":0.002,'
        '"n_events":null,"source":"\\u00e9","trials":null,"worse":"high"}}}'
    )
    assert one.digest == hashlib.sha256(text.encode()).hexdigest()


CHANGES: dict[str, dict[str, Any]] = {
    "low": {"low": 0.001},
    "base": {"base": 0.011},
    "high": {"high": 0.06},
    "worse": {"worse": "low"},
    "basis": {"basis": "measured"},
    "evidence": {"evidence": "another"},
    "source": {"source": "another"},
    "date": {"date": "2026-12"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_digest_changes_with_every_field(change):
    assert SMALL.changed("a", {"exploit.hazard": attrs.evolve(HAZARD, **change)}).digest != SMALL.digest


def test_the_digest_changes_with_the_day_and_with_a_key():
    assert AssumptionSet(name="a", date="2026-12-01", numbers=SMALL.numbers).digest != SMALL.digest
    assert AssumptionSet(name="a", date="2026-11-30", numbers={"exploit.hazard": HAZARD}).digest != SMALL.digest


def test_copies_and_pickles_are_equal_and_nothing_can_be_changed():
    for again in (copy.copy(SMALL), copy.deepcopy(SMALL), pickle.loads(pickle.dumps(SMALL))):  # noqa: S301
        assert again == SMALL
    given_numbers = {"exploit.hazard": HAZARD}
    kept = AssumptionSet(name="a", date="2026-11-30", numbers=given_numbers)
    given_numbers["exploit.hazard"] = PART
    assert kept["exploit.hazard"] == HAZARD
    with pytest.raises(TypeError):
        kept.numbers["exploit.hazard"] = PART  # type: ignore[index]


BAD: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no numbers": ({"numbers": {}}, InputTypeError, r"^AssumptionSet\.numbers: must be a mapping such as"),
    "a plain number": (
        {"numbers": {"x": 0.1}},
        InputTypeError,
        r"^AssumptionSet\.numbers: x: must be Assumption; write .*, got float 0\.1",
    ),
    "a key": ({"numbers": {"X y": HAZARD}}, InputError, r"^AssumptionSet\.numbers: keys must be dotted names in lower"),
    "a reserved key": ({"numbers": {"date": HAZARD}}, InputError, r"^AssumptionSet\.numbers: keys must be dotted"),
    "a group that is a number": (
        {"numbers": {"a": HAZARD, "a.b": HAZARD}},
        InputError,
        r"^AssumptionSet\.numbers: must not have a number a beside a\.b",
    ),
    "a fraction above 1": (
        {"numbers": {"exploit.severity": attrs.evolve(HAZARD, high=2.0)}},
        InputError,
        r"^AssumptionSet\.numbers: exploit\.severity: high: must be a fraction in \[0, 1\], got 2\.0",
    ),
    "a hazard below 0": (
        {"numbers": {"exploit.hazard": attrs.evolve(HAZARD, low=-0.1)}},
        InputError,
        r"^AssumptionSet\.numbers: exploit\.hazard: low: must be in \[0, 1000\], got -0\.1",
    ),
    "no day": (
        {"date": "2026-11"},
        InputError,
        r"^AssumptionSet\.date: must be a day such as 2026-11-30, got '2026-11'",
    ),
    "no name": ({"name": ""}, InputError, r"^AssumptionSet\.name: must be 1 to 80 printable"),
}


@pytest.mark.parametrize(("fields", "error", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_a_sentence(fields, error, message):
    with pytest.raises(error, match=message):
        AssumptionSet(**{"name": "a", "date": "2026-11-30", "numbers": {"exploit.hazard": HAZARD}, **fields})


def test_an_unknown_number_is_told_the_nearest():
    with pytest.raises(
        UnknownNameError,
        match=r"^assumption set a: must be one of its numbers, got 'exploit\.hasard' "
        r"\(did you mean 'exploit\.hazard'\?\)$",
    ):
        SMALL["exploit.hasard"]
    with pytest.raises(UnknownNameError, match=r"did you mean 'exploit\.severity'"):
        SMALL.changed("b", {"exploit.severty": 0.1})


def test_a_judged_range_is_judged_again_and_any_other_is_stretched():
    mine = NEWEST.changed("mine", {"provider.hazard": 0.2, "exchange_commission": 0.45, "uptime": 0.97})
    assert (mine["provider.hazard"].low, mine["provider.hazard"].high) == judged_range(0.2)
    commission = mine["exchange_commission"]
    assert (commission.low, commission.base, commission.high) == (0.1, 0.45, 0.45)
    assert (mine["uptime"].low, mine["uptime"].high) == (0.841, 1.0)
    assert (commission.worse, commission.basis, commission.evidence) == ("high", "assumed", "changed by hand")
    assert (commission.source, commission.date) == ("the user", NEWEST.date)
    assert (mine.name, mine.date) == ("mine", NEWEST.date)
    assert NEWEST.changed("mine", {}) == AssumptionSet(name="mine", date=NEWEST.date, numbers=NEWEST.numbers)


def test_changes_may_be_dated_and_explained():
    mine = NEWEST.changed("mine", {"uptime": 0.97}, date="2026-12-01", evidence="a year's log", source="our machine")
    number = mine["uptime"]
    assert (mine.date, number.date, number.evidence, number.source) == (
        "2026-12-01",
        "2026-12-01",
        "a year's log",
        "our machine",
    )


def test_a_changed_count_is_a_count_no_more():
    number = NEWEST.changed("mine", {"solo_slashing.hazard": 0.001})["solo_slashing.hazard"]
    assert (number.n_events, number.exposure_years, number.base) == (None, None, 0.001)


def test_changed_numbers_keep_their_bounds():
    with pytest.raises(
        InputError, match=r"^uptime: must be a fraction in \[0, 1\], got 97\.0 \(percent\? write 0\.97\)"
    ):
        NEWEST.changed("mine", {"uptime": 97.0})


# drawn


@pytest.fixture(scope="module")
def draws():
    return [NEWEST.draw(seed) for seed in range(256)]


@pytest.mark.parametrize("key", [key for key, x in NEWEST.numbers.items() if x.basis != "measured"])
def test_draws_lie_in_the_range_and_have_the_usual_value_as_median(draws, key):
    number = NEWEST[key]
    values = np.array([each[key].base for each in draws])
    assert ((values >= number.low) & (values <= number.high)).all()
    if number.low < number.base < number.high:
        assert np.mean(values < number.base) == pytest.approx(0.5, abs=0.125)  # 4 standard errors
        assert values.min() < number.low + 0.1 * (number.base - number.low)
        assert values.max() > number.high - 0.1 * (number.high - number.base)


def test_a_judged_hazard_is_uniform_in_its_logarithm(draws):
    logs = np.log([each["provider.hazard"].base / 0.1 for each in draws]) / np.log(5.0)
    assert np.mean(np.abs(logs)) == pytest.approx(0.5, abs=0.06)
    assert np.std(logs) == pytest.approx(1.0 / np.sqrt(3.0), abs=0.06)


def test_a_measured_number_has_the_ends_as_quantiles():
    number = Assumption(
        low=9.0, base=10.0, high=14.0, worse="high", basis="measured", evidence="e", source="s", date="d"
    )
    one = AssumptionSet(name="a", date="2026-11-30", numbers={"x": number})
    values = np.array([one.draw(seed)["x"].base for seed in range(2_000)])
    assert np.mean(values < 9.0) == pytest.approx(0.025, abs=0.014)
    assert np.mean(values > 14.0) == pytest.approx(0.025, abs=0.014)
    assert np.mean(values < 10.0) == pytest.approx(0.5, abs=0.045)


def test_a_draw_is_its_seeds_own_and_a_number_taken_as_known():
    assert NEWEST.draw(1) == NEWEST.draw(1) != NEWEST.draw(2)
    drawn = NEWEST.draw(np.random.default_rng(1))
    assert drawn == NEWEST.draw(1)
    for number in drawn.numbers.values():
        assert number.low == number.base == number.high
    assert drawn["solo_slashing.hazard"].n_events is None


def test_correlations_that_contradict_each_other_are_moved_back():
    def rho(base: float) -> Assumption:
        return Assumption(
            low=-0.99, base=base, high=0.99, worse="high", basis="assumed", evidence="e", source="s", date="d"
        )

    pairs = {f"world.correlation.{pair}": rho(0.3) for pair in ("eth_btc", "eth_sol", "btc_sol")}
    wide = AssumptionSet(name="a", date="2026-11-30", numbers=pairs)
    for seed in range(50):
        one, two, three = (wide.draw(seed)[key].base for key in pairs)
        matrix = np.array([[1.0, one, two], [one, 1.0, three], [two, three, 1.0]])
        assert np.linalg.eigvalsh(matrix)[0] > 0.0


# written

TEXTS = st.text(min_size=1, max_size=60).filter(lambda x: x.isprintable() and x == x.strip() and x)
FLOATS = st.floats(-1e300, 1e300, allow_nan=False)


@pytest.mark.once
@examples(25)
@given(numbers=st.lists(FLOATS, min_size=3, max_size=3).map(sorted), text=TEXTS)
def test_a_written_set_is_read_back_exactly(numbers, text):
    low, base, high = numbers
    number = Assumption(
        low=low, base=base, high=high, worse="low", basis="provider", evidence=text, source=text, date=text
    )
    one = AssumptionSet(name="mine", date="2026-11-30", numbers={**NEWEST.numbers, "own.x": number})
    again = _read("mine.toml", one.to_toml())
    assert again == one
    assert list(again.numbers) == list(one.numbers)
    assert again.digest == one.digest


def test_a_set_as_plain_values_and_as_a_table():
    plain = SMALL.to_dict()
    assert list(plain) == ["name", "date", "digest", "numbers"]
    assert plain["numbers"]["exploit.hazard"]["base"] == 0.01
    text = SMALL.to_text()
    assert "0.05 *" in text
    assert text.startswith(f"Assumption set a ({SMALL.digest[:8]}), made on 2026-11-30\n")
    assert SMALL.to_text(language="zh-TW").startswith(f"假設集 a ({SMALL.digest[:8]})，製作日 2026-11-30\n")


def test_a_set_lists_its_keys_and_knows_which_it_has():
    ours = assumption_set()
    assert "exploit.hazard" in ours
    assert "exploit.hasard" not in ours
    assert list(ours) == list(ours.numbers)
