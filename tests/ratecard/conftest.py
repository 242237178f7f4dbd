"""One card of all compared products and of others whose gain bends or jumps, and the quotes that it must not exceed."""

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    CloudMiningContract,
    ExchangeStaking,
    LeaveWhen,
    SoloValidator,
    StakingPool,
    TimeGrid,
    products,
    ratecard,
    scenarios,
)
from stakingmodels.extend import Line, Position, Price, Product, terms
from stakingmodels.products import After
from stakingmodels.scenarios import Streams

TERMS = (40, 120)
CAPITAL = (100.0, 1_000_000.0)


@terms.sheet
class Capped(Product):
    """Coins that earn 5 % a year up to an amount, and less and less beyond it."""

    asset: str = terms.coin(kw_only=False)
    full_coins: float = terms.positive(default=2.0)

    @property
    def factors(self):
        return frozenset({Price(self.asset)})

    def open(self, book, now):
        return CappedPosition(self, book)


class CappedPosition(Position):
    def __init__(self, terms, book):
        self._terms, self._book = terms, book
        self._coins = book.account(terms.asset, "deposit")
        book.trade(book.cash, self._coins)
        full = terms.full_coins
        over = np.maximum(self._coins.units - full, 0.0)
        self._earning = np.minimum(self._coins.units, full) + full * np.log1p(over / full)

    def step(self, now):
        self._book.post(Line.INTEREST, self._coins, self._earning * (0.05 * now.years))

    def exit(self, now, share=1.0, how=None, paths=None):
        share, paths = self.check_exit(now, share, how, paths=paths)
        self._book.pay_out(self._coins, self._coins.part(share, paths), 0.0, paths)


def rows():
    return {
        **products.reference(),
        "pool with fees": StakingPool("ETH", commission=0.05, buy_fee=0.01, sell_fee=0.01),
        "simple pool": StakingPool("ETH", compounding=False, unbonding_days=3.0),
        "own machine": SoloValidator(hardware_usd=900.0, compounding=True, buy_fee=0.002),
        "earn": ExchangeStaking("ETH", posted_rate=APR(0.031), redemption_days=1.0),
        "small mining": CloudMiningContract(hashrate_th_s=20.0, price_usd_per_th_s=2.5, term_days=100.0),
        "mining": CloudMiningContract(price_usd_per_th_s=2.6, term_days=100.0, electricity_usd_per_th_day=0.0),
        "costly mining": CloudMiningContract(term_days=100.0, price_usd_per_th_s=2.6, electricity_usd_per_th_day=0.2),
        "left early": LeaveWhen(StakingPool("ETH", entry_days=2.5), After(20.0)),
        "capped": Capped("ETH"),
    }


@attrs.frozen
class World:
    """A scenario, with the quotes of its products."""

    scenario: scenarios.Scenario

    def market(self, product, term):
        grid = TimeGrid.daily("2026-01-01", days=term, settlement_days=60)
        return self.scenario.market(grid, product.factors, streams=Streams(0), n_paths=1)

    def quotes(self, product, term, amounts):
        """Gain and cost of the quotes at some amounts, each of one holder, in one run."""
        outcome = product.quote(self.market(product, term), capital=np.asarray(amounts)).outcome
        return outcome.profit, outcome.cost


@pytest.fixture(scope="session")
def world():
    return World(scenarios.reference())


@pytest.fixture(scope="session")
def products_of_card():
    return rows()


@pytest.fixture(scope="session")
def card(world, products_of_card):
    return ratecard.make(
        products_of_card,
        world.scenario,
        issued="2026-12-01",
        valid_days=7,
        terms=TERMS,
        capital=CAPITAL,
        n_paths=40,
    )
