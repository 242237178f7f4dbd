"""Every check on products with any terms: parts of all kinds in one sheet, on any market."""

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from stakingmodels import (
    CloudMiningContract,
    ExchangeStaking,
    Holding,
    LiquidStakingToken,
    MiningMachines,
    SoloValidator,
    StakingPool,
)
from stakingmodels.errors import ConformanceError
from stakingmodels.ledger import Line
from stakingmodels.testing import check_product, strategies

KINDS = (CloudMiningContract, ExchangeStaking, Holding, LiquidStakingToken, MiningMachines, SoloValidator, StakingPool)
PER_SEED = 34
SEEDS = 10
"""7 classes, 10 seeds and 34 products: 2,380."""


def run(kind, number, examples):
    """Checks of so many drawn cases; shrinking is left out, for the failure tells its product and market."""

    checked = []

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.cases(kind))
    def conforms(case):
        product, market, capital = case
        check_product(product, market, capital=capital)
        checked.append(product)

    conforms()
    assert len(checked) == examples


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_a_few_products_with_drawn_terms_pass_every_check(kind):
    run(kind, 1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(SEEDS))
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_products_with_drawn_terms_pass_every_check(kind, number):
    run(kind, number, PER_SEED)


class ChargesTwice(StakingPool):
    """A pool that takes its opening fee twice."""

    def open(self, book, now):
        """Take a millionth of the money, and as much again."""
        fee = 1e-6 * book.cash.units
        for _ in range(2):
            book.charge(Line.OPERATING, fee)
        return super().open(book, now)


def test_a_product_at_fault_does_not_pass():
    with pytest.raises(ConformanceError, match="booked-once"):
        run(ChargesTwice, 1, 3)
