"""Our own promises: how many named checks hold, and how many planted faults they find; both are run for it."""

import contextlib
import io

from stakingmodels import products, scenarios
from stakingmodels.testing import CHAIN_CHECKS, CHECKS, SCENARIO_CHECKS, check_chain, check_product, check_scenario
from tests.protocols.test_chain_face import CHAINS
from tests.testing import test_sharp
from tests.validation.evidence import Evidence


def evidence() -> list[Evidence]:
    """The checks, and the faults planted for them."""
    return [
        Evidence(
            key="checks",
            claim=(
                "Named checks that the compared products, the built-in scenario, and all chains pass",
                "具名檢查：參與比較的產品、內建情境、所有的鏈，全部通過",
            ),
            against="our own promises",
            measure=_checked,
            counted=_checks,
            test="tests/products/test_invariants.py",
            date="2026-11-22",
            commit="8374c46",
        ),
        Evidence(
            key="faults",
            claim=(
                "Faults planted in a product, each caught by the checks meant for it and by no other",
                "植入產品的錯誤，各由對應的檢查抓到，其他檢查不誤報",
            ),
            against="broken products",
            measure=_caught,
            counted=_faults,
            test="tests/testing/test_sharp.py",
            date="2026-11-22",
            commit="8374c46",
        ),
    ]


def _checks() -> str:
    return f"{len(CHECKS)} + {len(SCENARIO_CHECKS)} + {len(CHAIN_CHECKS)}"


def _checked() -> str:
    for product in products.reference().values():
        check_product(product)
    check_scenario(scenarios.reference())
    for kind in CHAINS:
        check_chain(kind())
    return _checks()


def _faults() -> str:
    return str(len(test_sharp.PLANTED) + len(test_sharp.OTHERS) + len(test_sharp.LEAVING) + len(test_sharp.BY_PATH))


def _caught() -> str:
    with contextlib.redirect_stdout(io.StringIO()):  # one of the faults prints
        for fault, names in test_sharp.PLANTED.items():
            test_sharp.test_the_promised_faults_are_caught_by_these_checks_and_no_others(fault, names)
        for other, names in test_sharp.OTHERS.items():
            test_sharp.test_other_faults_are_caught_by_these_checks_and_no_others(other, names)
        for leave, names in test_sharp.LEAVING.items():
            test_sharp.test_faults_on_the_way_out_are_caught_by_these_checks_and_no_others(leave, names)
        for leave in test_sharp.BY_PATH:
            test_sharp.test_faults_of_exits_on_some_paths_are_caught(leave)
    return _faults()
