"""`parametrize_with_checks`: a test for each thing and check, what its ids are, and what pytest reports."""

import subprocess
import sys
from typing import Any

import pytest

from stakingmodels import Holding, InputError, InputTypeError, MissingExtraError, StakingPool
from stakingmodels.protocols.chains.solana import Solana
from stakingmodels.scenarios import reference
from stakingmodels.testing import (
    CHAIN_CHECKS,
    CHECKS,
    SCENARIO_CHECKS,
    NamedCheck,
    RewardFunction,
    parametrize_with_checks,
)

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.once


def earn(coins, rate, days):
    return coins * rate * days / 365


EARN = RewardFunction(earn, amount="coins", apr="rate", days="days", compounds="never")


def cases(things, **options) -> dict[str, NamedCheck]:
    """The checks that a test is run with, by id."""

    @parametrize_with_checks(things, **options)
    def test(check: NamedCheck) -> None:
        check()

    mark: Any = test.pytestmark[0]  # type: ignore[attr-defined]
    assert mark.args[0] == "check"
    return {case.id: case.values[0] for case in mark.args[1]}


def test_there_is_one_test_for_each_thing_and_check():
    found = cases({"ether": Holding("ETH"), "world": reference(), "chain": Solana()})
    by_label = {"ether": CHECKS, "world": SCENARIO_CHECKS, "chain": CHAIN_CHECKS}
    assert [*found] == [f"{label}-{name}" for label, table in by_label.items() for name in table]
    assert all(check.id == name for name, check in found.items())


def test_a_reward_function_is_held_to_what_it_promises():
    found = cases([EARN])
    assert {"earn-apr-apy", "earn-zero"} < {*found}
    assert "earn-additive" not in found
    for check in found.values():
        check()


def test_in_a_list_the_names_are_those_of_the_classes():
    labels = [check.label for check in cases([Holding("ETH"), Solana(), Holding("BTC")]).values()]
    assert [*dict.fromkeys(labels)] == ["Holding", "Solana", "Holding-2"]


def test_capital_is_that_of_the_products(monkeypatch):
    given = []
    spy = lambda *_, capital, **__: given.append(capital)  # noqa: E731
    monkeypatch.setattr("stakingmodels.testing.parametrized.check_product", spy)
    cases([Holding("ETH")], capital=5)["Holding-sign"]()
    cases([Holding("ETH")])["Holding-sign"]()
    assert given == [5.0, 100_000.0]


@pytest.mark.parametrize(
    ("things", "options", "words"),
    [
        ([], {}, r"things: must name at least one product, scenario, chain or reward function, got \[\]"),
        ({}, {}, "things: must name at least one"),
        (Holding("ETH"), {}, r"things: must be a list, or a mapping of names, got Holding.*Holding\(\"ETH\"\)"),
        ([3], {}, "things: must be products, scenarios, chains or instances of RewardFunction, got int 3"),
        ([earn], {}, "things: must be products, scenarios, chains or instances of RewardFunction"),
        ({"": Holding("ETH")}, {}, "things: name: must"),
        ([Holding("ETH")], {"capital": -1}, "capital: must"),
        ([Holding("ETH")], {"expected_failures": {"signs": "why"}}, r"expected_failures: .*\(did you mean sign\?\)"),
        ([Holding("ETH")], {"expected_failures": {"real-rate": "why"}}, "expected_failures: must be the name of a"),
        (
            [Holding("ETH")],
            {"expected_failures": {"Holding-sign": ""}},
            r"expected_failures\['Holding-sign'\]: must say",
        ),
    ],
)
def test_bad_calls_are_refused(things, options, words):
    with pytest.raises((InputError, InputTypeError), match=f"^parametrize_with_checks: {words}"):
        parametrize_with_checks(things, **options)


def test_without_pytest_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pytest", None)
    with pytest.raises(MissingExtraError, match=r"^pytest is not installed: pip install 'stakingmodels\[testing\]'$"):
        parametrize_with_checks([Holding("ETH")])


def test_the_checks_need_no_pytest():
    code = (
        "import sys; sys.modules['pytest'] = None;"
        "from stakingmodels import Holding; from stakingmodels.testing import check_product;"
        "import stakingmodels.extend; check_product(Holding('ETH'), only=['sign'])"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


MODULE = """
from stakingmodels.testing import RewardFunction, parametrize_with_checks
from tests.testing import test_sharp as products, test_sharp_chains as chains, test_sharp_scenarios as scenarios


def giving(coins, rate):
    return -coins * rate


THINGS = {things}


@parametrize_with_checks(THINGS, expected_failures={expected})
def test_it_conforms(check):
    check()
"""

PLANTED = {
    "products.Plain(fault=products.fee_booked_twice)": "booked-once",
    "products.Plain(fault=products.price_of_the_next_row)": "no-look-ahead",
    "products.Plain(fault=products.coin_outside_a_line)": "replay",
    "products.Plain(fault=products.fire_read_late)": "event-timing",
    "products.Plain(fault=products.cost_that_gives)": "sign",
    "products.Plain(leave=products.half_is_paid)": "exit-pays",
    "products.Plain(leave=products.a_small_bonus)": "exit-adds-nothing",
    "scenarios.OwnSeed()": "seed",
    "scenarios.Numbered()": "cut",
    "scenarios.Loud()": "quiet",
    "chains.Percent()": "nominal-rate",
    "chains.Slow()": "unbonding",
    "chains.Twice()": "slashing",
    "RewardFunction(giving, amount='coins', apr='rate')": "monotone-in-amount",
}


def run_tests(pytester, things: dict[str, str], wanted, expected: dict[str, str] | None = None):
    """Run the checks whose ids are wanted in a session of pytest of its own."""
    text = ", ".join(f"{label!r}: {code}" for label, code in things.items())
    pytester.makepyfile(test_own=MODULE.format(things=f"{{{text}}}", expected=expected or {}))
    chosen = [f"test_own.py::test_it_conforms[{name}]" for name in wanted]
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-rA", "--tb=line", *chosen)


def test_planted_faults_are_caught_by_the_checks_meant_for_them(pytester):
    things = {f"t{i}": code for i, code in enumerate(PLANTED)}
    ids = [f"{label}-{PLANTED[code]}" for label, code in things.items()]
    sound = {"plain": "products.Plain()", "world": "scenarios.Sound()", "chain": "chains.Sound()"}
    also = ["plain-booked-once", "plain-sign", "world-seed", "chain-slashing"]
    result = run_tests(pytester, {**things, **sound}, [*ids, *also])
    result.assert_outcomes(failed=len(PLANTED), passed=len(also))
    for name in ids:
        result.stdout.fnmatch_lines([f"FAILED test_own.py::test_it_conforms[[]{name}[]]*"])


def test_an_expected_failure_that_passes_is_reported(pytester):
    things = {
        "loud": "chains.Loud()",
        "sound": "chains.Sound()",
        "rough": "products.Plain(fault=products.cost_that_gives)",
    }
    expected = {"quiet": "they talk", "rough-sign": "it gives"}
    result = run_tests(pytester, things, ["loud-quiet", "sound-quiet", "sound-slashing", "rough-sign"], expected)
    result.assert_outcomes(failed=1, passed=1, xfailed=2)
    told = "[[]XPASS(strict)[]] they talk (where it passes again, remove it from expected_failures)"
    result.stdout.fnmatch_lines([told, "FAILED test_own.py::test_it_conforms[[]sound-quiet[]]*XPASS(strict)*"])


def test_an_error_that_is_no_failure_of_a_check_is_not_expected(pytester):
    pytester.makepyfile(
        test_own="""
from stakingmodels import Holding
from stakingmodels.testing import parametrize_with_checks


@parametrize_with_checks([Holding("ETH")], expected_failures={"sign": "why"})
def test_it_conforms(check):
    raise KeyError(check.name)
"""
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-k", "Holding-sign")
    result.assert_outcomes(failed=1, deselected=len(CHECKS) - 1)


def test_a_check_says_which_it_is():
    check = NamedCheck("pool", "sign", StakingPool("ETH"))
    assert check.id == "pool-sign"
    assert check == NamedCheck("pool", "sign", StakingPool("ETH"))
