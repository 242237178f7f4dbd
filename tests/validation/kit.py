"""Our own promises: how many named checks hold, and how many planted faults they find; both are run for it."""

import contextlib
import io

from stakingmodels import products, scenarios
from stakingmodels.testing import CHAIN_CHECKS, CHECKS, SCENARIO_CHECKS, check_chain, check_product, check_scenario
from tests.protocols.test_chain_face import CHAINS
from tests.testing.catalogue import BROKEN
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
            date="2026-12-02",
            commit="6847d75",
        ),
        Evidence(
            key="faults",
            claim=(
                "Faults planted in products, wrappers, scenarios, chains, functions, each caught by its checks alone",
                "植入產品、包裝、情境、鏈、獎勵函式的錯誤，各只由對應的檢查抓到",
            ),
            against="broken things",
            measure=_caught,
            counted=_faults,
            test="tests/testing/test_catalogue.py",
            date="2026-12-02",
            commit="9161fa4",
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
    return str(len(BROKEN))


def _caught() -> str:
    with contextlib.redirect_stdout(io.StringIO()):  # some of the faults print
        for planted in BROKEN:
            if planted.caught() != planted.meant:
                raise AssertionError(planted.name)
    return _faults()
