"""`RewardFunction`: what it knows of a function, and the sentence that answers a wrong description."""

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from stakingmodels import ConformanceError, InputError, InputTypeError
from stakingmodels.testing import RewardFunction, check_reward


def earn(principal, rate, n, fee=0.0):
    return principal * rate * n / 365 * (1 - fee)


NAMED: dict[str, Any] = {"amount": "principal", "apr": "rate", "days": "n"}


def test_arguments_are_known_by_their_meaning():
    spec = RewardFunction(earn, **NAMED, fee="fee")
    assert spec.arguments == {"amount": "principal", "apr": "rate", "days": "n", "fee": "fee"}
    assert spec.name == "earn"
    assert spec.bounds["days"].whole
    assert spec.bounds["amount"].high == 1e9


def test_bounds_of_two_ints_are_of_whole_numbers():
    spec = RewardFunction(earn, **NAMED, domain={"n": (1.0, 2.0), "principal": (1, 9)})
    assert not spec.bounds["days"].whole
    assert spec.bounds["amount"].whole


def test_a_function_is_replaced_and_promises_stay():
    spec = RewardFunction(earn, **NAMED, additive=True)
    other = spec.replace(function=lambda principal, rate, n: 0.0 * principal * rate * n)
    assert other.additive
    assert other.name == "reward"
    with pytest.raises(InputError, match=r"^RewardFunction.replace: name of a term: must be one of .*mean 'additive'"):
        spec.replace(additiv=True)


NAMES_A_FIX = re.compile(r" \(.+\)$|; write |; name one of them|must be one of |must be an integer in ")
"""How it is written right: in brackets at the end, or by the values that there are."""

WRONG = {
    "no function": (
        {"function": 3},
        r"RewardFunction: function: must be a function, got int 3",
    ),
    "no signature": (
        {"function": max},
        r"RewardFunction: function: must have a signature, got .* \(wrap it: lambda amount, apr: .*\)",
    ),
    "unknown argument": (
        {"apr": "rates"},
        r"RewardFunction: apr: must be an argument of earn, which has .* fee, got 'rates' \(did you mean rate\?\)",
    ),
    "no name": ({"apr": 0.05}, r"RewardFunction: apr: must be the name of an argument, got float 0.05 \(apr=\"prin.*"),
    "two meanings": (
        {"days": "rate"},
        r"RewardFunction: days: must be an argument without another meaning; it is apr, got 'rate'",
    ),
    "an argument without a meaning": (
        {"apr": None},
        r"RewardFunction: earn: 'rate' has neither a meaning nor a value, got None \(write constants=\{'rate': ...\}\)",
    ),
    "unknown constant": ({"constants": {"fees": 0.1}}, r"RewardFunction: constants\['fees'\]: must be an argument .*"),
    "constants of no kind": ({"constants": 3}, r"RewardFunction: constants: must be Mapping; write .*"),
    "domain of nothing": (
        {"domain": {"rat": (0.0, 1.0)}},
        r"RewardFunction: domain: must be by name of an argument with a meaning: .*\(did you mean rate\?\)",
    ),
    "domain of one": ({"domain": {"rate": 1.0}}, r"RewardFunction: domain\['rate'\]: must be the lowest and .*"),
    "domain upside down": (
        {"domain": {"rate": (1.0, 0.5)}},
        r"RewardFunction: domain\['rate'\]: must be two numbers of at least 0, the lower first, got \(1.0, 0.5\)",
    ),
    "unknown answer": (
        {"returns": "yield"},
        r"RewardFunction: returns: must be one of 'reward', 'balance', .*, got 'yield'",
    ),
    "answers twice": ({"returns": ("reward", "reward")}, r"RewardFunction: returns: must name each quantity once.*"),
    "nothing for holders": ({"returns": "fee"}, r"RewardFunction: returns: must have one of reward, balance, .*"),
    "parts without shares": (
        {"returns": "parts"},
        r"RewardFunction: shares: must name an argument, as earn returns holders' amounts, got None",
    ),
    "arrays of parts": (
        {"returns": "parts", "pot": "principal", "amount": None, "shares": "fee", "takes": "both"},
        r"RewardFunction: takes: must be 'numbers' where holders' amounts are returned: .*, got 'both'",
    ),
    "rows of parts": (
        {"returns": "parts", "pot": "principal", "amount": None, "shares": "fee", "apr": None}
        | {"rate_path": "rate", "by_step": True},
        r"RewardFunction: by_step: goes with balance, fee, gross, reward only, got 'parts'",
    ),
    "rows without a path": ({"by_step": True}, r"RewardFunction: rate_path: must name an argument, as earn returns .*"),
    "two rates": (
        {"apy": "fee"},
        r"RewardFunction: apy: contradicts apr; name one of them, got 'fee'",
    ),
    "takes": ({"takes": "lists"}, r"RewardFunction: takes: must be one of 'numbers', 'arrays', 'both', got 'lists'"),
    "step_axis": ({"step_axis": 1}, r"RewardFunction: step_axis: must be 0 or -1, got 1"),
    "number": ({"number": int}, r"RewardFunction: number: must be float, Decimal or Fraction, got .*"),
    "compounds": (
        {"compounds": 0},
        r"RewardFunction: compounds: must be 'never', 'always', or periods a year, .*, got 0 \(365 for daily\)",
    ),
    "rounds to nothing": (
        {"rounds": "down"},
        r"RewardFunction: rounds: needs integers=True, or the unit to which it rounds, got 'down' .*",
    ),
    "cents of integers": ({"integers": True, "unit": 0.01}, r"RewardFunction: unit: must be 0 for integers.*"),
    "dust": ({"dust": -1}, r"RewardFunction: dust: must be an integer in \[0, .*"),
    "price_scale": ({"price_scale": 0}, r"RewardFunction: price_scale: must be a number above 0, got 0"),
    "accepts": ({"accepts": 3}, r"RewardFunction: accepts: must be a function of the arguments, got int 3"),
}


@pytest.mark.parametrize(("changed", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_description_is_answered_with_a_sentence(changed, sentence):
    given = {"function": earn, **NAMED, **changed}
    with pytest.raises((InputError, InputTypeError), match=rf"^{sentence}( \(.*\))?$") as caught:
        RewardFunction(given.pop("function"), **given)
    assert NAMES_A_FIX.search(str(caught.value))


def raising(principal, **_):
    raise KeyError(principal)


ANSWERS = {
    "raises": (raising, {}, r"raising\(principal=.*\) raised KeyError: .*"),
    "nothing": (lambda **_: None, {}, r"\(lambda .*\)\(.*\) gave None as reward, not a number.*"),
    "text": (lambda **_: "5", {}, r"\(lambda .*\)\(.*\) gave str '5' as reward, not a number.*"),
    "a flag": (lambda **_: True, {}, r"\(lambda .*\)\(.*\) gave bool True as reward, not a number.*"),
    "many": (
        lambda **_: np.ones(3),
        {},
        r"\(lambda .*\)\(.*\) gave an array of shape \(3,\) and dtype float64 as reward, not one number \(1 in all\).*",
    ),
    "one of two": (
        lambda **_: 5.0,
        {"returns": ("reward", "fee")},
        r"\(lambda .*\)\(.*\) gave float 5.0, not a tuple of reward, fee.*",
    ),
}


@pytest.mark.parametrize(("function", "promises", "sentence"), ANSWERS.values(), ids=ANSWERS)
def test_a_function_that_never_answers_as_described_is_refused(function, promises, sentence):
    with pytest.raises(InputError, match=f"^check_reward: {sentence}"):
        check_reward(function, **NAMED, **promises)


@pytest.mark.parametrize("answer", [None, "5", [1.0, 2.0], 5.0 + 1.0j, True, {"reward": 5.0}, np.ones(3)], ids=repr)
def test_an_answer_of_the_wrong_kind_is_told_at_the_first_call(answer):
    calls = []

    def wrong(principal, rate, n):
        calls.append((principal, rate, n))
        return answer

    with pytest.raises(
        InputError, match=r"^check_reward: wrong\(.*\) gave .* as reward, not .*\(see the arguments and"
    ):
        check_reward(wrong, **NAMED)
    assert len(calls) == 1


@pytest.mark.parametrize("answer", [math.nan, math.inf, np.float64("nan")])
def test_no_number_is_told_at_the_first_call(answer):
    calls = []

    def wrong(principal, rate, n):
        calls.append((principal, rate, n))
        return answer

    with pytest.raises(ConformanceError, match=r"^finite: wrong\(.*\) gives reward (nan|inf), want a finite number$"):
        check_reward(wrong, **NAMED)
    assert len(calls) == 1
    with pytest.raises(ConformanceError, match=r"checks run fails; \d+ not run: "):
        check_reward(wrong, **NAMED, on_fail="collect")


def test_a_mistake_in_the_code_is_told_at_the_first_call():
    calls = []

    def wrong(principal, rate, n):
        calls.append((principal, rate, n))
        return principal + "0"

    with pytest.raises(InputError, match=r"^check_reward: wrong\(.*\) raised TypeError: "):
        check_reward(wrong, **NAMED)
    assert len(calls) == 1


def test_an_error_outside_of_what_it_is_meant_for_is_not_taken_for_one_of_the_code():
    def late(principal, rate, n):
        if n > 10:
            raise ValueError(n)
        return principal * rate * n / 365

    with pytest.raises(ConformanceError, match=r"^answers: late\(.*n=11\) raised ValueError: 11; set the domain"):
        check_reward(late, **NAMED)


def test_a_keyword_that_is_no_promise_is_refused():
    with pytest.raises(
        InputError, match=r"^check_reward: compound: must be a meaning or promise .*mean compounds\?\)$"
    ):
        check_reward(earn, **NAMED, compound="never")


def test_promises_are_said_once():
    with pytest.raises(InputError, match=r"^check_reward: additive: must be left out, as RewardFunction says it"):
        check_reward(RewardFunction(earn, **NAMED), additive=True)


def test_what_is_no_function_is_refused():
    with pytest.raises(InputTypeError, match=r"^check_reward: function: must be a function or a RewardFunction, got"):
        check_reward(3)  # type: ignore[arg-type]


def positional(principal, rate, /, *, n):
    return principal * rate * n / 365


def named(**arguments):
    return arguments["principal"] * arguments["rate"] * arguments["n"] / 365


class Contract:
    """A callable object."""

    def __call__(self, principal, rate, n):
        return [principal * rate * n / 365]


@pytest.mark.parametrize(
    "function", [positional, named, Contract(), Contract().__call__], ids=["positional", "named", "object", "method"]
)
def test_any_signature_is_called(function):
    report = check_reward(function, **NAMED, compounds="never", homogeneous=True, additive=True)
    assert "apr-apy" in report.passed


@pytest.mark.parametrize("number", [Decimal, Fraction])
def test_fractions_are_of_the_type_that_it_takes(number):
    def exact(principal, rate, n):
        assert {type(principal), type(rate)} == {number}
        return principal * rate * n / 365

    check_reward(exact, **NAMED, number=number, compounds="never", homogeneous=True, additive=True)


def test_percent_and_basis_points():
    def earned(coins, percent, year, fee_bps):
        gross = coins * percent / 100 * year
        return gross - gross * fee_bps / 10_000, gross * fee_bps / 10_000

    report = check_reward(
        earned,
        amount="coins",
        apr="percent",
        rate_scale=100,
        years="year",
        fee="fee_bps",
        fee_scale=10_000,
        returns=("reward", "fee"),
        compounds="never",
    )
    assert {"conservation", "apr-apy", "split"} <= {*report.passed}
