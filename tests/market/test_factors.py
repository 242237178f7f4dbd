"""Typed names of series: equality, kinds, and the union over products."""

import attrs
import pytest

from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    EntryWait,
    Event,
    ExitWait,
    Hashrate,
    MarketRatio,
    PowerPrice,
    Price,
    StakingReward,
)
from stakingmodels.market.factors import Factor, _below, as_factor, union

ALL = [
    Price, MarketRatio, EntryWait, ExitWait, Difficulty, Hashrate, BlockFees, PowerPrice, StakingReward, CashRate,
    Event,
]  # fmt: skip


@pytest.mark.parametrize("kind", ALL)
def test_equal_by_class_and_name(kind):
    assert kind("x") == kind("x")
    assert hash(kind("x")) == hash(kind("x"))
    assert kind("x") != kind("y")
    assert all(kind("x") != other("x") for other in ALL if other is not kind)


@pytest.mark.parametrize("kind", ALL)
def test_printed_as_it_is_written(kind):
    assert str(kind("x")) == f'{kind.__name__}("x")'


@pytest.mark.parametrize(
    ("factor", "kind", "is_rate"),
    [
        (Price, "level", False),
        (MarketRatio, "level", False),
        (EntryWait, "level", False),
        (ExitWait, "level", False),
        (Difficulty, "level", False),
        (Hashrate, "level", False),
        (BlockFees, "interval", False),
        (PowerPrice, "level", False),
        (StakingReward, "interval", True),
        (CashRate, "interval", True),
        (Event, "event", False),
    ],
)
def test_kinds(factor, kind, is_rate):
    assert (factor.kind, factor.is_rate) == (kind, is_rate)


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 81])
def test_names_can_be_printed(name):
    with pytest.raises(InputError, match=r"^Price\.name: "):
        Price(name)


@pytest.mark.parametrize("name", [None, 3, b"ETH"])
def test_names_are_text(name):
    with pytest.raises(InputTypeError, match=r"^Event\.name: must be a text"):
        Event(name)


def test_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Price("ETH").name = "BTC"  # type: ignore[misc]


# Events and their hazards


def test_a_hazard_makes_no_other_event():
    assert Event("x", hazard=0.1) == Event("x")
    assert hash(Event("x", hazard=0.1)) == hash(Event("x"))


@pytest.mark.parametrize("hazard", [-0.1, float("inf"), float("nan"), 1001.0])
def test_hazards_out_of_range(hazard):
    with pytest.raises(InputError, match=r"^Event\.hazard: "):
        Event("x", hazard=hazard)


@pytest.mark.parametrize("hazard", ["0.1", True, [0.1]])
def test_hazards_are_numbers(hazard):
    with pytest.raises(InputTypeError, match=r"^Event\.hazard: "):
        Event("x", hazard=hazard)


def hazards(factors):
    return {factor.name: factor.hazard for factor in factors if isinstance(factor, Event)}


def test_union_joins():
    joined = union([frozenset({Price("ETH"), Price("BTC")}), frozenset({Price("ETH"), Event("x")})])
    assert joined == {Price("ETH"), Price("BTC"), Event("x")}


@pytest.mark.parametrize("turned", [False, True])
def test_union_keeps_the_only_hazard_given(turned):
    groups = [frozenset({Event("x")}), frozenset({Event("x", hazard=0.1)})]
    assert hazards(union(groups[::-1] if turned else groups)) == {"x": 0.1}


def test_one_hazard_given_twice():
    assert hazards(union([frozenset({Event("x", hazard=0.1)}), frozenset({Event("x", hazard=0.1)})])) == {"x": 0.1}


def test_union_refuses_two_hazards_for_one_name():
    groups = [frozenset({Event("x", hazard=0.1)}), frozenset({Event("x", hazard=0.2)})]
    with pytest.raises(InputError, match=r'^Event\("x"\): hazard: one event name must have one hazard .*\(0.1, 0.2\)'):
        union(groups)


def test_union_of_nothing():
    assert union([]) == frozenset()


def test_a_text_stands_for_its_factor():
    assert as_factor("where", 'Price("ETH")') == Price("ETH")
    assert as_factor("where", " Difficulty(BTC) ") == Difficulty("BTC")
    with pytest.raises(UnknownNameError, match=r"^where: .*got 'Prize'.*Price"):
        as_factor("where", "Prize(ETH)")


def test_only_classes_that_a_module_names_are_kinds():
    class Price(Factor):  # as attrs leaves one behind when it makes a class anew
        pass

    kinds = list(_below(Factor))
    assert Price not in kinds
    assert {*ALL} <= {*kinds}
