"""The call that a message tells can be pasted, whatever kind of function was checked."""

import dataclasses
import functools
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from stakingmodels import ConformanceError
from stakingmodels.testing import RewardFunction, check_reward
from stakingmodels.testing.rewards.callee import callee_text, short_name

GIVEN: dict[str, Any] = {"amount": "coins", "apr": "apr", "days": "days", "compounds": "never"}


@dataclasses.dataclass(frozen=True)
class Wallet:
    bonus: float

    def __call__(self, coins, apr, days):
        return coins * apr * days / 365 + self.bonus * days

    def earned(self, coins, *, apr, days):
        return self(coins, apr, days)

    @staticmethod
    def by_hand(coins, apr, days):
        return coins * apr * days / 360

    @classmethod
    def of_all(cls, coins, apr, days):
        return cls(0.25)(coins, apr, days)


class Plain(Wallet):
    __repr__ = object.__repr__


def by_position(coins, apr, /, days):
    return coins * apr * days / 360


def of_year(year, coins, apr, days):
    return coins * apr * days / year


FUNCTIONS: dict[str, Any] = {
    "position": by_position,
    "object": Wallet(0.5),
    "method": Wallet(0.5).earned,
    "static": Wallet.by_hand,
    "class": Wallet.of_all,
    "partial": functools.partial(of_year, 360),
    "partial-named": functools.partial(Wallet(0.5).earned, apr=0.5),
    "lambda": lambda coins, apr, days: coins * apr * days / 364,
    "partial-lambda": functools.partial(lambda year, coins, apr, days: coins * apr * days / year, 366.0),
    "array": functools.partial(of_year, np.array(360.0)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_call_of_a_message_can_be_pasted(name):
    with pytest.raises(ConformanceError) as told:
        check_reward(FUNCTIONS[name], **GIVEN, only=["apr-apy"])
    call, got = re.match(r"apr-apy: (.*) gives reward ([\d.e+-]+), want ", str(told.value)).groups()  # type: ignore[union-attr]
    assert eval(call, globals()) == pytest.approx(float(got))  # noqa: S307


@pytest.mark.parametrize(
    ("number", "one"), [(float, "2.0"), (Decimal, "Decimal('2')"), (Fraction, "Fraction(2, 1)")], ids=str
)
def test_numbers_of_each_type_can_be_pasted(number, one):
    spec = RewardFunction(lambda coins: coins * coins / 2, amount="coins", number=number, homogeneous=True)
    with pytest.raises(ConformanceError, match=r"^homogeneous: \(lambda coins: coins \* coins / 2\)\(coins=") as told:
        check_reward(spec)
    assert one in str(told.value)


def test_what_has_no_text_has_the_name_of_its_class():
    assert callee_text(Plain(0.5)) == "plain"
    assert callee_text(Plain(0.5).earned) == "plain.earned"
    assert callee_text(functools.partial(of_year, Plain(0.5))) == "functools.partial(of_year, plain)"


def test_lambdas_of_one_line_that_cannot_be_told_apart_have_the_name_of_a_reward():
    first, second = (lambda coins: coins * 0.1), (lambda coins: coins * 0.2)
    assert callee_text(first) == callee_text(second) == "reward"
    assert callee_text(eval("lambda coins: coins")) == "reward"  # noqa: S307


def test_ids_are_short():
    partial = functools.partial(functools.partial(of_year, 360), days=3)
    names = [short_name(each) for each in (partial, Wallet(0.5), Wallet(0.5).earned, FUNCTIONS["lambda"])]
    assert names == ["of_year", "Wallet", "earned", "reward"]
