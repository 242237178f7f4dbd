"""Our own promises: how many named checks hold, and how many planted faults they find."""

from stakingmodels.testing import CHAIN_CHECKS, CHECKS, SCENARIO_CHECKS
from tests.testing import test_sharp
from tests.validation.evidence import Evidence


def evidence() -> list[Evidence]:
    """The checks, and the faults planted for them."""
    return [
        Evidence(
            key="checks",
            claim=(
                "Named checks of products, scenarios and chains, which all of ours pass",
                "產品、情境與鏈的具名檢查，內建者全部通過",
            ),
            against="our own promises",
            measure=lambda: f"{len(CHECKS)} + {len(SCENARIO_CHECKS)} + {len(CHAIN_CHECKS)}",
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
            measure=lambda: str(_faults()),
            test="tests/testing/test_sharp.py",
            date="2026-11-22",
            commit="8374c46",
        ),
    ]


def _faults() -> int:
    return len(test_sharp.PLANTED) + len(test_sharp.OTHERS) + len(test_sharp.LEAVING) + len(test_sharp.BY_PATH)
