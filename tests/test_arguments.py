"""Arguments that are not of their annotated type are refused in a sentence; good calls are as they were."""

import _thread
import datetime as dt
import enum
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from stakingmodels import (
    APR,
    Constants,
    Drawdown,
    Holding,
    InputError,
    InputTypeError,
    Market,
    Price,
    Results,
    TimeGrid,
    measures,
    scenarios,
    serialize,
    simulate,
)
from stakingmodels._arguments import misfit_of
from stakingmodels._kinds import kind_of
from stakingmodels.ledger import Book
from stakingmodels.protocols.chains import bitcoin, ethereum
from stakingmodels.protocols.contracts import rocketpool

GRID = TimeGrid.daily("2026-01-01", days=3)
any_call: Any = None
any_from_sources: Any = Market.from_sources


class Side(enum.Enum):
    LEFT = 1


FITS = [
    (float, [1, 1.5, np.float64(2), np.int64(2), Fraction(1, 3)], [True, "1", None, 1j, [1.0], np.timedelta64(1, "D")]),
    (int, [1, np.int64(1)], [True, 1.0, "1", None]),
    (bool, [True, np.bool_(False)], [1, 0.0, None, "yes"]),
    (str | None, ["x", None], [b"x", 1]),
    (str | os.PathLike[str], ["x"], [1, b"x"]),
    (Literal["a", "b"], ["a"], ["c", 1, None, ["a"]]),
    (Side, [Side.LEFT], [1, "LEFT"]),
    (Fraction, [Fraction(1, 2), 1, 0.5], ["1/2", None]),
    (dt.date, [dt.date(2026, 1, 1)], ["2026-01-01"]),
    (Mapping[str, float], [{}, {"x": 1}], [{1: 1}, {"x": "y"}, [("x", 1)], "x"]),
    (Sequence[int], [[1], (1, 2), np.array([1, 2])], ["1", 1, ["1"], np.ones((2, 2)), np.array(1)]),
    (Iterable[str], [["x"], (x for x in "ab"), {"x"}], ["ab", [1], 3]),
    (frozenset[int], [frozenset({1}), {1}], [[1], np.array([1])]),
    (tuple[int, str], [(1, "x")], [(1,), 1]),
    (Callable[[int], int], [len], [1, "len"]),
    (type[Any], [int], [1]),
    (
        npt.NDArray[np.float64],
        [np.ones(2), [1, 2], [[1], [2]]],
        [[[1], [2, 3]], [["x"]], np.array(["x"]), np.ma.masked_array([1.0]), None, "x", [None]],
    ),
]


@pytest.mark.parametrize(("hint", "good", "bad"), FITS, ids=[str(hint) for hint, _, _ in FITS])
def test_what_fits_an_annotation(hint, good, bad):
    kind = kind_of(hint)
    assert kind is not None
    assert [value for value in good if not kind[0](value)] == []
    assert [value for value in bad if kind[0](value)] == []


def test_an_annotation_that_says_nothing_is_no_kind():
    assert kind_of(Any) is None
    assert kind_of(object) is None
    assert kind_of(int | Any) is None


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: ethereum.get_base_reward(32 * 10**9, 10**16, any_call),
            'get_base_reward: ruleset: must be Ruleset, got NoneType (write ruleset("fulu"))',
        ),
        (
            lambda: bitcoin.blocks_per_day({"x": 1}, 1.0),
            "blocks_per_day: hashrate_th_s: must be a number or an array of numbers",
        ),
        (
            lambda: measures.ControlVariateMean(
                n_paths=any_call, plain_mean=1.0, control_mean=1.0, m2=1.0, control_m2=1.0, comoment=1.0
            ),
            "ControlVariateMean.n_paths: must be an integer, got NoneType",
        ),
    ],
)
def test_a_misfit_is_refused_in_a_sentence(call, sentence):
    with pytest.raises(InputTypeError) as caught:
        call()
    assert str(caught.value).startswith(sentence)
    assert caught.value.__cause__ is None


def test_the_functions_own_sentence_comes_first():
    wrong: Any = 3
    with pytest.raises(InputTypeError, match=r"^simulate: scenario: must be Scenario; write History"):
        simulate({"x": Holding("ETH")}, wrong, GRID, capital=1.0)


def test_an_unknown_argument_is_told_before_a_misfit():
    function: Any = ethereum.get_base_reward
    with pytest.raises(InputTypeError, match="unexpected keyword argument 'rulest'"):
        function("x", 10**16, rulest=ethereum.FULU)


def test_a_default_fits_whatever_its_annotation():
    def lists(values: tuple[int, ...] = None) -> None:  # type: ignore[assignment]  # noqa: RUF013  # on purpose
        """A default that is of another type."""

    misfit = misfit_of(lists, bound=False)
    assert misfit((None,), {}) is None
    assert misfit((), {"values": None}) is None
    assert str(misfit((3,), {})).startswith("lists: values: must be a list, of which each is an integer")


def test_what_only_checkers_of_types_load_is_not_checked():
    def later(frame: "elsewhere.Frame") -> None:  # type: ignore[name-defined]  # noqa: F821  # on purpose
        """Annotated with what is not here."""

    assert misfit_of(later, bound=False)((3,), {}) is None


def test_calls_from_inside_are_not_checked():
    """The product is asked within a run, where what it gets is its own affair."""
    seen: list[Any] = []

    class Odd(Holding):
        def open(self, book: Any, now: Any) -> Any:
            wrong: Any = "x"
            try:
                ethereum.get_base_reward(32 * 10**9, 10**16, wrong)
            except AttributeError as error:
                seen.append(error)
            return super().open(book, now)

    found = simulate({"odd": Odd("ETH")}, Constants({Price("ETH"): 3000.0}), GRID, capital=1.0, n_paths=1, rng=1)
    assert isinstance(found, Results)
    assert seen


def test_rates_are_their_own_types():
    wrong: Any = APR(0.04)
    with pytest.raises(InputTypeError):
        bitcoin.blocks_per_day(wrong, 1.0)


def test_arrays_that_do_not_go_together_are_told_by_name_and_shape():
    with pytest.raises(InputError, match=r"^next_difficulty: arrays .* got difficulty \(2,\) and seconds \(3,\)"):
        bitcoin.next_difficulty(np.ones(2), np.full(3, 1_209_600.0))


def test_an_authors_own_mistake_with_shapes_stays_as_it_is():
    class Odd(Holding):
        def open(self, book: Any, now: Any) -> Any:
            return np.ones(2) + np.ones(3)

    with pytest.raises(ValueError, match="broadcast") as caught:
        simulate({"odd": Odd("ETH")}, Constants({Price("ETH"): 3000.0}), GRID, capital=1.0, n_paths=1, rng=1)
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("slashed", [-1, 1.5, np.nan, np.zeros((2, 2)), []])
def test_a_flag_of_a_validator_is_true_or_false(slashed):
    balances = [32 * 10**9] * 2
    with pytest.raises(InputError, match=r"^Registry\.of: slashed: must be"):
        ethereum.Registry.of(balances, balances, balances, slashed=slashed)


def test_rates_take_a_list_of_years():
    assert APR(0.04).accrued([1.0, 2.0]).tolist() == [0.04, 0.08]  # type: ignore[arg-type, union-attr]


def test_what_was_taken_is_still_taken():
    balances: Any = [[32 * 10**9] * 3]
    assert ethereum.get_base_reward(balances, 10**16, ethereum.FULU).shape == (1, 3)
    several: Any = [np.array([1.0, 2.0])]
    assert np.shape(bitcoin.blocks_per_day(several, 1.0)) == (1, 2)
    number: Any = 1_209_600.0
    assert bitcoin.next_difficulty(number, number) == pytest.approx(number)
    column: Any = pd.Series([100.0])
    assert rocketpool.rpl_rewards(0.05, 2e7, 0.7, column, 1e7).shape == (1,)
    text: Any = "Price(ETH)"
    assert Drawdown(text, 0.35) == Drawdown(Price("ETH"), 0.35)


def test_arrays_are_looked_at_by_whatever_name_numpy_gives_their_type():
    for hint in (npt.NDArray[np.float64], float | npt.NDArray[np.float64] | None):
        kind = kind_of(hint)
        assert kind is not None
        assert kind[0](np.ones(2))
        assert not kind[0]("x")


def test_a_thread_of_its_own_may_call_first():
    found: list[TimeGrid] = []
    done = threading.Event()

    def call() -> None:
        found.append(TimeGrid.daily("2026-01-01", days=3))
        done.set()

    _thread.start_new_thread(TimeGrid, (GRID.times, 2))  # with no frame of Python above it
    _thread.start_new_thread(call, ())
    assert done.wait(10)
    assert found == [GRID]


def test_what_writes_is_not_tried(tmp_path):
    file = tmp_path / "kept.json"
    file.write_text("as it was")
    classes: Any = b""
    with pytest.raises(InputTypeError, match=r"^save: classes: must be"):
        serialize.save(Holding("ETH"), file, force=True, classes=classes)
    assert file.read_text() == "as it was"


LONG = 10**5000


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: APR(0.04).accrued(LONG), "APR.accrued: years"),
        (lambda: scenarios.Shock(Price("ETH"), change=-0.5, day=3.0).later(LONG), "Shock.later: days"),
    ],
)
def test_integers_that_no_float_holds_are_named(call, named):
    with pytest.raises(InputError, match=rf"^{named}: must fit in 64 bits, got an integer of 16610 bits"):
        call()


def test_objects_are_no_numbers_unless_they_are_exact_ones():
    exact = np.array([Fraction(1, 3), 2], dtype=object)
    assert misfit_of(of_floats, bound=False)([exact], {}) is None
    assert misfit_of(of_floats, bound=False)([np.array([None, 1.0], dtype=object)], {}) is not None


def of_floats(values: npt.NDArray[np.float64]) -> None:
    """Takes an array."""


def test_what_has_not_the_methods_of_a_protocol_is_refused():
    rule = "Market.from_sources: sources: must be a list, of which each is RowSource, which has rows, got list "
    with pytest.raises(InputTypeError, match=f"^{rule}"):
        any_from_sources(TimeGrid.daily("2026-01-01", days=2), 2, [1.0])


def test_a_hint_for_a_list_or_set_is_one():
    def reads(factors: frozenset[Price], ways: tuple[Price, ...], books: list[Book]) -> None:
        """Takes a set, and lists, one of which holds what only words can describe."""

    misfit = misfit_of(reads, bound=False)
    wrong = str(misfit(([Price("ETH")], (), []), {}))
    assert wrong.endswith("(write frozenset({Price(...)}))")
    assert str(misfit((frozenset(), 5, []), {})).endswith("(write [Price(...)])")
    assert str(misfit((frozenset(), (), 5), {})).endswith("(write the book that open is given)")
