"""The checks of scalars, and the messages they write."""

import array
import time
from collections import deque
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import checks
from stakingmodels.errors import InputError, InputTypeError, StakingModelsError

WHERE = "Thing.field"


def refusal(check, value, *args):
    with pytest.raises(StakingModelsError) as caught:
        check(WHERE, value, *args)
    return str(caught.value)


# Messages


@given(st.one_of(st.text(), st.binary(), st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_every_message_is_one_short_line_without_control_characters(value):
    message = refusal(checks.real, value)
    assert message.startswith(f"{WHERE}: ")
    assert message.isprintable()
    assert len(message) <= 400


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1, "0.1"),
        (1.0000000000000002, "1.0000000000000002"),
        ("a\x1b[31mb", r"'a\x1b[31mb'"),
        ("line\nbreak", r"'line\nbreak'"),
        ("\u202egnp", r"'\u202egnp'"),
        (np.zeros((3, 2)), "an array of shape (3, 2) and dtype float64"),
        (2**300, "an integer of 301 bits"),
        (True, "True"),
    ],
)
def test_show(value, shown):
    assert checks.show(value) == shown


def test_show_cuts_at_80_characters():
    shown = checks.show("x" * 1_000_000)
    assert len(shown) == 80
    assert shown.endswith("...")


def test_an_integer_too_long_for_str_is_shown_by_its_size():
    assert "bits" in checks.message(WHERE, "must be small", 10**10_000)


class Failing:
    def __repr__(self):
        raise RuntimeError("no repr today")


class Many(list):
    """A list that is none."""


LOOP: list = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([10**5000], "[an integer of 16610 bits]"),
        ({"a": (10**5000,)}, "{'a': (an integer of 16610 bits,)}"),
        (Failing(), "an object of Failing, whose repr fails"),
        ([Failing()], "[an object of Failing, whose repr fails]"),
        ([np.zeros(3)], "[an array of shape (3,) and dtype float64]"),
        (Many(range(10**6)), "Many of 1000000 items"),
        (LOOP, "[[[[[...]]]]]"),
    ],
)
def test_what_a_repr_cannot_say_is_said_otherwise(value, shown):
    assert checks.show(value) == shown
    with pytest.raises(InputTypeError) as caught:
        checks.real(WHERE, value)
    assert str(caught.value).startswith(f"{WHERE}: must be a number")


@pytest.mark.parametrize(
    "value",
    [
        list(range(10**6)),
        tuple([0.5] * 10**6),
        dict.fromkeys(range(10**6)),
        set(range(10**6)),
        ["x" * 10**6] * 10**6,
        "x" * 10**8,
        b"x" * 10**8,
        bytearray(10**8),
        array.array("d", bytes(8 * 10**6)),
        deque(range(10**6)),
        [np.zeros(10**6)] * 10**6,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_long_costs_no_more_than_what_is_short(value):
    begun = time.process_time()
    assert len(checks.show(value)) <= 80
    assert time.process_time() - begun < 0.1


@given(st.recursive(st.integers() | st.text(), lambda x: st.lists(x) | st.tuples(x) | st.dictionaries(st.text(), x)))
def test_what_is_short_is_shown_by_its_repr(value):
    shown = repr(value)
    if len(shown) <= 80 and shown.isprintable() and sum(map(shown.count, "[({")) < 4:
        assert checks.show(value) == shown


def test_a_message_is_one_line_whatever_a_class_is_called():
    with pytest.raises(InputTypeError) as caught:
        checks.real("a\nb", type("c\n" * 300, (), {})())
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 400


def test_message_holds_place_rule_value_and_hint_in_this_order():
    assert checks.message("A.b", "must be x", 3, "write y") == "A.b: must be x, got 3 (write y)"


def test_message_is_cut_at_400_characters():
    message = checks.message("A.b", "r" * 500, 3)
    assert len(message) == 400
    assert message.endswith("...")


@pytest.mark.parametrize(("value", "end"), [(None, "got NoneType"), (int, "got type"), ("x", "got str 'x'")])
def test_a_type_is_named_and_shown_where_that_says_more(value, end):
    with pytest.raises(InputTypeError) as caught:
        checks.refuse_type("A.b", "must be a number", value)
    assert str(caught.value).endswith(end)


def test_errors_are_also_built_in_ones():
    with pytest.raises(ValueError, match=r"^A\.b: must be x"):
        checks.refuse("A.b", "must be x", 1)
    with pytest.raises(TypeError, match=r"^A\.b: must be x"):
        checks.refuse_type("A.b", "must be x", 1)


# Numbers


@pytest.mark.parametrize("value", [32, np.float64(32), np.int64(32), np.uint8(32), Fraction(64, 2), 32.0])
def test_real_takes_numbers_and_gives_plain_floats(value):
    number = checks.real(WHERE, value)
    assert type(number) is float
    assert number == 32.0


def test_negative_zero_becomes_zero():
    assert str(checks.real(WHERE, -0.0)) == "0.0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), np.float64("nan")])
def test_real_refuses_what_is_not_finite(value):
    with pytest.raises(InputError, match=r"^Thing\.field: must be finite, got "):
        checks.real(WHERE, value)


@pytest.mark.parametrize("value", [10**400, Fraction(10**400), -(10**400)], ids=["int", "Fraction", "negative"])
def test_real_refuses_what_no_float64_holds(value):
    with pytest.raises(InputError, match="too large"):
        checks.real(WHERE, value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (True, "bool"),
        (np.bool_(True), "bool"),
        ("32", "str"),
        (b"32", "bytes"),
        (None, "NoneType"),
        (1j, "complex"),
        (np.complex128(1), "complex128"),
        (Decimal(32), "Decimal"),
        (Decimal("sNaN"), "Decimal"),
        (np.float32(1), "float32"),
        (np.float16(1), "float16"),
        (np.longdouble(1), "longdouble"),
        (np.array(1.0), "ndarray"),
        ([1.0], "list"),
        (np.datetime64("NaT", "s"), "datetime64"),
        (Ellipsis, "ellipsis"),
        (len, "builtin_function_or_method"),
        (int, "type"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_real_refuses_other_types_and_names_them(value, name):
    with pytest.raises(InputTypeError, match=rf"^Thing\.field: must be .*{name}"):
        checks.real(WHERE, value)


def test_real_names_the_shape_of_an_array():
    assert "(3, 2)" in refusal(checks.real, np.zeros((3, 2)))


def test_narrow_floats_are_refused_because_they_are_rounded():
    assert "float64" in refusal(checks.real, np.float32(0.1))


@pytest.mark.parametrize("value", [0.0, -0.0, -1.0, -1e-300])
def test_positive_excludes_zero(value):
    message = refusal(checks.positive, value)
    assert "must be in (0, 1e+15]" in message
    assert message.endswith(f"got {value}")


@pytest.mark.parametrize("check", [checks.positive, checks.non_negative])
def test_limits_are_included(check):
    assert check(WHERE, 1e15) == 1e15
    assert "too large" in refusal(check, 1.0000001e15)
    assert check(WHERE, 5.0, 5.0) == 5.0
    assert "the limit is 5" in refusal(check, 5.1, 5.0)


def test_non_negative_takes_zero_only_from_above():
    assert checks.non_negative(WHERE, 0.0) == 0.0
    assert "must be in [0, 1e+15]" in refusal(checks.non_negative, -5e-324)


@pytest.mark.parametrize("value", [0.0, 5e-324, 0.5, 1.0, 1])
def test_fraction_takes_both_ends(value):
    assert checks.fraction(WHERE, value) == value


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (5.0, "percent? write 0.05"),
        (10, "percent? write 0.10"),
        (2.5, "percent? write 0.025"),
        (100, "percent? write 1.00"),
        (500, "basis points? write 0.05"),
        (25.5, "percent? write 0.255"),
        (10_000, "basis points? write 1.00"),
    ],
)
def test_fraction_guesses_what_was_meant(value, hint):
    assert refusal(checks.fraction, value).endswith(f"({hint})")


@pytest.mark.parametrize("value", [1.0000000000000002, 1.5, 10_001.0, -1e-18, -5.0])
def test_fraction_shows_the_exact_value_without_a_hint_where_none_fits(value):
    assert refusal(checks.fraction, value).endswith(f"must be a fraction in [0, 1], got {value!r}")


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 1.1])
def test_open_fraction_excludes_both_ends(value):
    assert "(0, 1)" in refusal(checks.open_fraction, value)


def test_open_fraction():
    assert checks.open_fraction(WHERE, 0.95) == 0.95


# Whole numbers, text, flags and choices


@pytest.mark.parametrize("value", [3, np.int32(3), np.uint64(3)])
def test_integer_gives_plain_ints(value):
    number = checks.integer(WHERE, value, 1, 5)
    assert type(number) is int
    assert number == 3


@pytest.mark.parametrize("value", [1, 5])
def test_integer_takes_both_ends(value):
    assert checks.integer(WHERE, value, 1, 5) == value


@pytest.mark.parametrize("value", [0, 6, -1, 2**64, np.uint64(2**64 - 1), pytest.param(10**10_000, id="huge")])
def test_integer_refuses_what_is_outside(value):
    with pytest.raises(InputError, match=r"must be an integer in \[1, 5\]; the limit is [15], got "):
        checks.integer(WHERE, value, 1, 5)


@pytest.mark.parametrize("value", [1.0, 2.5, float("nan"), True, "3", Decimal(3), None, np.array(3), Fraction(3)])
def test_integer_refuses_other_types_even_if_whole(value):
    with pytest.raises(InputTypeError, match=rf"must be an integer.*{type(value).__name__}"):
        checks.integer(WHERE, value, 1, 5)


@pytest.mark.parametrize("value", ["x", "custodian:x", "Ξ", "x" * 80, "a b"])
def test_text(value):
    assert checks.text(WHERE, value) == value


@pytest.mark.parametrize("value", ["", " x", "x ", "a\nb", "\x00", "x" * 81, "\u200b"])
def test_text_refuses_what_cannot_be_printed(value):
    with pytest.raises(InputError, match="1 to 80 printable characters"):
        checks.text(WHERE, value)


@pytest.mark.parametrize(
    "value", ["\u3164", "\u3164\u3164", "\u2800", "\u1160", "\u115f\u1160", "\uffa0", "\u0301", "\ufe0f", "pool\u3164"]
)
def test_text_refuses_what_cannot_be_seen(value):
    assert value.isprintable()
    assert "must begin and end with characters that can be seen, got" in refusal(checks.text, value)
    assert refusal(checks.text, value).isascii()


@pytest.mark.parametrize("value", ["\u6c60", "cafe\u0301", "\u2764\ufe0f", "\ud55c", "a b", "$x$"])
def test_text_takes_what_can(value):
    assert checks.text(WHERE, value) == value


@pytest.mark.parametrize("value", [None, b"x", 3, ["x"]])
def test_text_refuses_other_types(value):
    with pytest.raises(InputTypeError, match=r"must be a text \(str\)"):
        checks.text(WHERE, value)


@pytest.mark.parametrize("value", [True, False, np.bool_(True)])
def test_flag(value):
    assert checks.flag(WHERE, value) is bool(value)


@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_flag_takes_nothing_that_is_only_truthy(value):
    with pytest.raises(InputTypeError, match="must be True or False"):
        checks.flag(WHERE, value)


def test_choice():
    assert checks.choice(WHERE, "b", ("a", "b")) == "b"


@pytest.mark.parametrize("value", ["c", "", "A", None, 1, ["a"]])
def test_choice_names_the_options(value):
    with pytest.raises(InputError, match=r"must be one of 'a', 'b', got "):
        checks.choice(WHERE, value, ("a", "b"))


def test_instance_says_how_to_write_one():
    assert checks.instance(WHERE, 3, int, "3") == 3
    with pytest.raises(InputTypeError, match="must be int; write 3, got str 'x'"):
        checks.instance(WHERE, "x", int, "3")


# Fields of classes


@attrs.frozen
class Thing:
    share: float = attrs.field(validator=checks.FRACTION)
    days: int | None = attrs.field(default=None, validator=checks.field(checks.integer, 1, 9, optional=True))


def test_a_field_speaks_as_its_class():
    with pytest.raises(InputError, match=r"^Thing\.share: must be a fraction"):
        Thing(2.0)


def test_an_optional_field_may_be_none_but_nothing_else():
    assert Thing(0.5).days is None
    with pytest.raises(InputError, match=r"^Thing\.days: must be an integer in \[1, 9\]"):
        Thing(0.5, 0)


@pytest.mark.parametrize("value", [1, 1.0, np.float64(1), Fraction(1)])
def test_equal_values_make_equal_things(value):
    assert Thing(value) == Thing(1.0)
    assert hash(Thing(value)) == hash(Thing(1.0))
    assert type(Thing(value).share) is float


def test_a_field_stores_zero_without_its_sign():
    assert str(Thing(-0.0).share) == "0.0"


@pytest.mark.parametrize("value", [5e-324, 1e-320, 1e-310, 1e-200, 9e-31])
def test_next_to_nothing_is_too_small(value):
    with pytest.raises(InputError, match=r"^here: too small: must be at least 1e-30, got "):
        checks.positive("here", value)
    assert checks.positive("here", 1e-30) == 1e-30


@pytest.mark.parametrize("value", [5e-324, 1e-320, 1e-30, 1e-10, 9.9e-10])
def test_capital_has_a_least(value):
    with pytest.raises(InputError, match=r"^here: too small: must be at least 1e-09, got "):
        checks.capital("here", value)


@pytest.mark.parametrize("value", [1e-9, 1e-8, 1.0, 1e15])
def test_capital_within_its_limits_is_taken(value):
    assert checks.capital("here", value) == value


# Names


def test_the_nearest_name_is_found_by_its_beginning_and_as_fast_for_a_long_one():
    assert checks.nearest("staking pol", ["cash", "staking pool"]) == "staking pool"
    assert checks.nearest("zzz", ["cash"]) == ""
    assert checks.nearest_hint("STAKING POL", ["staking pool"]) == "did you mean staking pool?"
    begun = time.process_time()
    checks.nearest("x" * 10**7, ["cash", "staking pool"])
    checks.nearest_hint("x" * 10**7, ["cash", "staking pool"])
    with pytest.raises(KeyError):
        checks.refuse_name("key", "x" * 10**7, ["cash"])
    assert time.process_time() - begun < 0.5


def test_a_generator_is_had_from_all_that_spec_7_names():
    made = np.random.default_rng(5)
    assert checks.generator("f: rng", made) is made
    first, again = (checks.generator("f: rng", 5).random() for _ in range(2))
    assert first == again == np.random.default_rng(5).random()
    assert checks.generator("f: rng", np.random.SeedSequence(5)).random() == first
    assert checks.generator("f: rng", np.int64(5)).random() == first
    assert checks.generator("f: rng", None).random() != checks.generator("f: rng", None).random()


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        (-1, r"^f: rng: must be an integer in \[0, "),
        (2**128, r"^f: rng: must be an integer in \[0, "),
        (1.0, "^f: rng: must be an integer, got float 1.0$"),
        (True, "^f: rng: must be an integer, not a bool"),
        ("1", "^f: rng: must be an integer, got str '1'$"),
        (np.random.RandomState(1), "^f: rng: must be an integer, got RandomState"),  # the old one
    ],
)
def test_what_is_no_seed_is_refused(seed, words):
    with pytest.raises((InputError, InputTypeError), match=words):
        checks.generator("f: rng", seed)
