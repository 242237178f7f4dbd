"""A wrapper that borrows, written as a third party would: to prove that child books carry it."""

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    Book,
    Event,
    Factor,
    Holding,
    Line,
    Market,
    Now,
    Outcome,
    Position,
    Price,
    Product,
    StakingPool,
    StakingReward,
    TimeGrid,
    checks,
)
from stakingmodels._types import IntArray, PathValue
from stakingmodels.products import Failure
from stakingmodels.rates import as_rate
from stakingmodels.testing import CHECKS
from tests.products.conform import conform


@attrs.frozen(kw_only=True)
class Leveraged(Product):
    """Another product, held with borrowed money: `loan` for each unit of own money, at a simple rate."""

    inner: Product
    loan: float = attrs.field(default=1.0, validator=checks.NON_NEGATIVE)
    borrowing: APR = attrs.field(default=APR(0.06), validator=checks.field(as_rate))

    @property
    def asset(self) -> str | None:
        return self.inner.asset

    @property
    def factors(self) -> frozenset[Factor]:
        return self.inner.factors

    def open(self, book: Book, now: Now) -> "LeveragedPosition":
        return LeveragedPosition(self, book, now)


class LeveragedPosition(Position):
    def __init__(self, terms: Leveraged, book: Book, now: Now) -> None:
        self._terms, self._book = terms, book
        self._debt = book.account(now.numeraire, "debt")
        book.move(self._debt, book.cash, terms.loan * book.cash.units)
        self._child = book.child("inner")
        book.pay_to(self._child, book.cash)
        self._inner = terms.inner.open(self._child, now)
        self._leaving = np.zeros(now.n_paths, dtype=np.bool_)

    def step(self, now: Now) -> None:
        self._book.post(Line.OPERATING, self._debt, self._debt.units * self._terms.borrowing.accrued(now.years))
        self._inner.step(now)
        self._repay()

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        self._inner.exit(now, share, how, paths)
        self._leaving[slice(None) if paths is None else paths] |= np.greater(share, 0.0)
        self._repay()

    def _repay(self) -> None:
        """Where it is leaving, take what the inner product has paid out, and pay back what of the debt it covers."""
        paths = np.flatnonzero(self._leaving)
        if paths.size:
            self._child.pay_to(self._book, self._child.paid_out, paths=paths)
            covered = np.minimum(self._book.cash.units[paths], -self._debt.units[paths])
            self._book.move(self._book.cash, self._debt, covered, paths)


ETH, REWARD, FIRE = Price("ETH"), StakingReward("ETH"), Event("fire")
POOL = StakingPool(unbonding_days=4.0, failures=(Failure(FIRE, 0.2, line="slashing"),), sell_fee=0.001)
WRAPPERS = [
    Leveraged(inner=Holding(asset="ETH", buy_fee=0.001)),
    Leveraged(inner=POOL, loan=2.5, borrowing=APR(0.2)),
    Leveraged(inner=Leveraged(inner=POOL, loan=0.5)),
]


def run(product: Product, prices: list[float], tail: int = 0) -> Outcome:
    grid = TimeGrid.daily("2026-01-01", days=len(prices) - 1 - tail, settlement_days=tail)
    market = Market(grid, {ETH: np.array(prices), REWARD: APR(0.0), FIRE: False})
    return product.run(market, capital=1_000.0, keep="ledger")


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("product", WRAPPERS, ids=["holding", "pool", "leveraged pool"])
@conform
@pytest.mark.few(20)
def test_it_conforms_without_an_exception(product, name, check):
    check(product, only=[name])


def test_without_a_loan_it_is_the_inner_product():
    prices = [100.0, 110.0, 90.0, 120.0, 130.0, 125.0]
    bare, wrapped = run(POOL, prices), run(Leveraged(inner=POOL, loan=0.0), prices)
    assert np.array_equal(bare.closing, wrapped.closing)


def test_gains_and_losses_are_those_of_all_the_money_and_interest_comes_off():
    """1,000 of one's own and 1,000 borrowed at 0.1 % a day for two days: a rise of 10 % makes 200, less 2.001."""
    product = Leveraged(inner=Holding(asset="ETH"), borrowing=APR(0.365))
    outcome = run(product, [100.0, 105.0, 110.0])
    assert outcome.lines[Line.PRICE] == pytest.approx([200.0])
    assert outcome.lines[Line.OPERATING] == pytest.approx([-(1.0 + 1.001)])
    assert outcome.closing == pytest.approx([1_200.0 - 2.001])
    assert outcome.settled.all()


def test_what_a_fall_leaves_unpaid_stays_as_debt():
    outcome = run(Leveraged(inner=Holding(asset="ETH"), loan=3.0, borrowing=APR(0.0)), [100.0, 50.0])
    assert outcome.units["USD", "debt"] == pytest.approx([-1_000.0])
    assert outcome.closing == pytest.approx([-1_000.0])
    assert not outcome.settled.any()


def test_money_that_comes_late_pays_the_debt_late():
    """The queue of the pool takes four days; until then the debt grows."""
    outcome = run(Leveraged(inner=POOL, borrowing=APR(0.365)), [100.0] * 10, tail=6)
    assert outcome.days_to_cash.tolist() == [4.0]
    assert -outcome.lines[Line.OPERATING] == pytest.approx([1_000.0 * (1.001**7 - 1.0)])
    assert outcome.units["USD", "debt"].tolist() == [0.0]


def test_entries_name_the_book_they_are_in():
    record = run(WRAPPERS[2], [100.0, 110.0]).entries
    assert {entry.book for entry in record or ()} == {"", "/inner", "/inner/inner"}
