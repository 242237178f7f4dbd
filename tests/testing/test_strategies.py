"""The strategies draw what they promise, and say what to install where hypothesis is missing."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Constants,
    EntryWait,
    Event,
    ExchangeStaking,
    ExitWait,
    GeometricBrownianMotion,
    Holding,
    InputError,
    Joint,
    LiquidStakingToken,
    Market,
    MissingExtraError,
    Price,
    Product,
    Quote,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    checks,
    terms,
)
from stakingmodels.errors import InputTypeError, UnknownNameError
from stakingmodels.scenarios import MertonJumpDiffusion
from stakingmodels.termsheets import KINDS
from stakingmodels.testing import check_scenario, strategies
from stakingmodels.testing.snapshot import Snapshot
from tests.examples import examples

pytestmark = pytest.mark.once

ETH, REWARD, FIRE = Price("ETH"), StakingReward("ETH"), Event("fire")
ANY: Any = strategies  # for arguments that a type checker refuses too
QUICK = settings(
    max_examples=2_000,
    database=None,
    phases=[Phase.generate],  # any example will do
    suppress_health_check=list(HealthCheck),
)


def drawn(strategy, wanted) -> object:
    """An example for which something holds; hypothesis raises where there is none."""
    return find(strategy, wanted, settings=QUICK)


def rows(market: Market, factor) -> np.ndarray:
    return Snapshot.of(market, {factor}).rows[factor]


@pytest.mark.parametrize(
    "wanted",
    [
        lambda grid: grid.exit < grid.n_steps,
        lambda grid: grid.exit == grid.n_steps,
        lambda grid: grid.n_steps == 1,
        lambda grid: np.ptp(grid.step_days) > 0.0,
        lambda grid: grid.n_steps > 1 and np.ptp(grid.step_days) == 0.0,
    ],
    ids=["tail", "no tail", "one step", "uneven", "daily"],
)
def test_grids_are_of_every_kind(wanted):
    drawn(strategies.time_grids(), wanted)


@given(strategies.time_grids(max_steps=5))
def test_grids_are_no_longer_than_asked_for(grid):
    assert 1 <= grid.exit <= grid.n_steps <= 5


@pytest.mark.parametrize(
    "wanted",
    [
        lambda market: market.n_paths > 1 and rows(market, ETH).shape[1] == 1,
        lambda market: rows(market, ETH).shape[1] > 1,
        lambda market: (rows(market, ETH) == 0.0).any() and (rows(market, ETH) > 0.0).any(),
        lambda market: rows(market, ETH)[0, 0] == 0.0,
        lambda market: (rows(market, ETH)[1:] > 1e5 * rows(market, ETH)[:-1]).any(),
        lambda market: (rows(market, REWARD) == 0.0).all(),
        lambda market: (rows(market, REWARD) > 0.0).any(),
        lambda market: Snapshot.of(market, {FIRE}).strikes[FIRE].any(),
        lambda market: "CashRate" in repr(market),
        lambda market: "CashRate" not in repr(market),
    ],
    ids=["shared", "wide", "falls to 0", "begins at 0", "jumps", "no reward", "reward", "strikes", "cash", "no cash"],
)
@pytest.mark.few(4)
def test_markets_are_of_every_kind(wanted):
    drawn(strategies.markets({ETH, REWARD, FIRE, Price("USD")}), wanted)


@examples(30)
@given(strategies.markets({ETH}, max_paths=2, cash=False))
def test_markets_keep_to_what_is_asked_for(market):
    assert market.n_paths <= 2
    assert "CashRate" not in repr(market)


@pytest.mark.parametrize("kind", [Holding, StakingPool, LiquidStakingToken, ExchangeStaking])
def test_products_are_of_several_coins(kind):
    for asset in ("BTC", "ETH"):
        drawn(strategies.products(kind), lambda product: product.asset == asset)  # noqa: B023 (called at once)


@pytest.mark.parametrize("kind", [APR, APY])
def test_rates_are_of_both_kinds(kind):
    drawn(strategies.rates(), lambda rate: isinstance(rate, kind) and 0.0 < rate.value < 1.0)


@given(strategies.rates(low=0.1, high=0.2))
def test_rates_keep_to_their_bounds(rate):
    assert 0.1 <= rate.value <= 0.2


@pytest.mark.parametrize(
    "wanted",
    [
        lambda paths: (paths == 0.0).any(),
        lambda paths: paths.shape[1] == 3,
        lambda paths: np.ptp(paths) == 0.0 and paths.all(),
        lambda paths: (paths[1:] > 100.0 * paths[:-1]).any(),
    ],
    ids=["falls to 0", "wide", "still", "jumps"],
)
def test_paths_of_a_price_are_of_every_kind(wanted):
    drawn(strategies.price_paths(6, max_paths=3), wanted)


@given(strategies.price_paths(6, max_paths=3))
def test_paths_of_a_price_fit_a_market(paths):
    assert paths.shape[0] == 6
    assert 1 <= paths.shape[1] <= 3
    Market(TimeGrid.daily("2026-01-01", days=5), {ETH: paths})


@pytest.mark.parametrize(
    "wanted",
    [
        lambda world: isinstance(world, Constants),
        lambda world: isinstance(world, Joint) and any(isinstance(p, GeometricBrownianMotion) for p in world.parts),
        lambda world: isinstance(world, Joint) and any(isinstance(p, MertonJumpDiffusion) for p in world.parts),
        lambda world: isinstance(world, Joint) and any(getattr(p, "correlation", None) for p in world.parts),
    ],
    ids=["still", "diffuses", "jumps", "correlated"],
)
def test_scenarios_are_of_every_kind(wanted):
    drawn(strategies.scenarios({ETH, Price("BTC"), REWARD, FIRE, Price("USD")}), wanted)


@examples(20)
@given(strategies.scenarios({ETH, REWARD, FIRE, EntryWait("ETH")}))
def test_scenarios_give_what_is_asked_for_and_conform(world):
    assert world.factors == {ETH, REWARD, FIRE, EntryWait("ETH")}
    check_scenario(world, TimeGrid.daily("2026-01-01", days=3), only=["declared", "rows", "events", "prefix"])


@examples(20)
@given(strategies.histories({ETH, REWARD}, max_days=12))
def test_histories_are_records_of_what_is_asked_for(history):
    assert history.factors == {ETH, REWARD}
    assert 1 <= history.n_paths(history.grid(days=3)) <= 9
    check_scenario(history, history.grid(days=3), only=["declared", "rows", "prefix"])


def test_cases_shrink_to_what_can_be_read():
    def simplest(strategy):
        return find(strategy, lambda _: True, settings=settings(database=None, max_examples=50))

    assert repr(simplest(strategies.rates())) == "APR(0.0)"
    assert repr(simplest(strategies.scenarios())) == 'Constants(values={Price("ETH"): 1.0})'
    assert simplest(strategies.price_paths(2)).tolist() == [[1.0], [1.0]]
    assert simplest(strategies.time_grids()).n_steps == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: strategies.rates(low=0.5, high=0.1), "rates: low: must be above -1 and at most high, 0.1"),
        (lambda: strategies.rates(low=-1.0), "rates: low"),
        (lambda: strategies.price_paths(0), "price_paths: n_times"),
        (lambda: strategies.price_paths(2, max_paths=0), "price_paths: max_paths"),
        (lambda: strategies.scenarios([Price("USD")]), "scenarios: factors: must have one beside"),
        (lambda: strategies.histories([FIRE]), "histories: factors: must have daily values"),
        (lambda: strategies.histories(max_days=4), "histories: max_days"),
        (lambda: strategies.time_grids(max_steps=0), "time_grids: max_steps"),
        (lambda: strategies.markets([ETH], max_paths=0), "markets: max_paths"),
        (lambda: ANY.markets("ETH"), "markets: factors: must be a list of factors"),
        (lambda: ANY.markets(ETH), "markets: factors: must be a list of factors"),
        (lambda: ANY.scenarios([3]), "scenarios: factors: must be Factor"),
        (lambda: ANY.histories(None), "histories: factors: must be a list of factors"),
        (lambda: ANY.rules(["ETH"]), "rules: factors: must be Factor"),
    ],
)
def test_bad_calls_are_refused(make, words):
    with pytest.raises((InputError, InputTypeError), match=f"^{words}"):
        make()


@pytest.mark.parametrize("kind", [*KINDS.values()])
@examples(30)
@given(data=st.data())
@pytest.mark.few(3)
def test_terms_can_be_run_with_any_capital(kind, data):
    product, market, capital = data.draw(strategies.cases(kind))
    assert type(product) is kind
    assert isinstance(product.quote(market, capital=capital), Quote)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (Holding, lambda terms: terms.asset == "USD"),
        (StakingPool, lambda terms: any(each.severity == 1.0 and each.line == "slashing" for each in terms.failures)),
        (StakingPool, lambda terms: len({each.event for each in terms.failures}) < len(terms.failures)),
        (StakingPool, lambda terms: terms.unbonding_days > 16.0),
        (StakingPool, lambda terms: terms.unbonding_days == 0.0),
        (StakingPool, lambda terms: isinstance(terms.entry_days, EntryWait)),
        (SoloValidator, lambda terms: terms.validators is not None and terms.slashing is not None),
        (SoloValidator, lambda terms: isinstance(terms.exit_days, ExitWait)),
        (LiquidStakingToken, lambda terms: terms.asset != "ETH" and terms.failures),
        (LiquidStakingToken, lambda terms: terms.redeemable_from is None and terms.accounting == "accruing"),
        (ExchangeStaking, lambda terms: terms.penalty > 0.0 and terms.posted_rate is None),
        (
            ExchangeStaking,
            lambda terms: any(each.recovery_in == "coin" and 0.0 < each.recovery < 1.0 for each in terms.failures),
        ),
        (ExchangeStaking, lambda terms: terms.asset == "USD" and terms.early_redemption == "refused"),
        (CloudMiningContract, lambda terms: len(terms.failures) == 2),
        (CloudMiningContract, lambda terms: terms.hashrate_th_s is None),
        (CloudMiningContract, lambda terms: terms.hashrate_th_s is not None and terms.pool_fee == 1.0),
    ],
)
@pytest.mark.few(4)
def test_terms_are_of_every_kind(kind, wanted):
    drawn(strategies.products(kind), wanted)


@terms.sheet
class Lent(Product):
    asset: str = terms.coin(kw_only=False)
    rate: APR = terms.field("other", checks.instance, APR, "APR(0.05)")


def test_what_cannot_be_drawn_must_be_given():
    with pytest.raises(InputError, match=r"^products: Lent\.rate: must be given, as it cannot be drawn"):
        strategies.products(Lent)
    with pytest.raises(UnknownNameError, match=r"^products: name of a term: .* \(did you mean 'rate'"):
        strategies.products(Lent, rat=APR(0.05))


@terms.sheet
class Capped(Product):
    asset: str = terms.coin(kw_only=False)
    limit: float = terms.positive(default=10.0)

    @property
    def factors(self):
        return frozenset({Price(self.asset)})

    def open(self, book, now):
        raise NotImplementedError


@examples(50)
@given(strategies.products(Capped))
def test_a_number_above_0_is_drawn_above_0(capped):
    assert capped.limit > 0.0


@pytest.mark.slow
def test_terms_that_are_given_are_not_drawn():
    never = strategies.products(StakingPool, failures=(), commission=0.25)
    with pytest.raises(NoSuchExample):
        find(never, lambda pool: pool.failures or pool.commission != 0.25, settings=settings(QUICK, max_examples=100))


def test_without_hypothesis_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    for make in (strategies.time_grids, strategies.capitals, lambda: strategies.products(Holding)):
        with pytest.raises(MissingExtraError, match=r"pip install 'stakingmodels\[testing\]'"):
            make()


def test_the_checks_need_no_hypothesis():
    code = (
        "import sys; sys.modules['hypothesis'] = None;"
        "from stakingmodels import Holding; from stakingmodels.testing import check_product;"
        "import stakingmodels.testing.strategies; check_product(Holding(asset='ETH'))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
