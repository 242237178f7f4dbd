"""`Failure`: terms, and strikes on every product, by hand and against simulators of one path."""

import warnings
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    CloudMiningContract,
    ExchangeStaking,
    Halt,
    Holding,
    Line,
    LiquidStakingToken,
    Market,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.ledger import Book
from stakingmodels.market import BlockFees, Difficulty, EntryWait, Event, ExitWait
from stakingmodels.products import Exposure, Failure, MiningMachines
from tests.oracles import worlds
from tests.oracles.compare import disagreements
from tests.oracles.test_by_hand import BY_HAND
from tests.products.conform import conform
from tests.products.plans import Planned

ONE, OTHER = Event("failure:one"), Event("failure:other")
ETH, REWARD = Price("ETH"), StakingReward("ETH")
DEFAULT = Failure(ONE, 0.5)

# Terms


def test_one_failure_or_a_list_becomes_a_tuple():
    pool = StakingPool(failures=(DEFAULT,))
    one: Any = DEFAULT
    listed: Any = [DEFAULT]
    assert StakingPool(failures=one) == StakingPool(failures=listed) == pool
    assert StakingPool().failures == ()
    assert pool.replace(failures=()) == StakingPool()


@pytest.mark.parametrize(
    ("terms", "error", "sentence"),
    [
        ({"severity": 0.0}, InputError, r"^Failure\.severity: must be in \(0, 1\], as a failure takes something"),
        ({"severity": 5}, InputError, r"^Failure\.severity: must be a fraction .*percent\? write 0\.05"),
        ({"severity": None}, InputTypeError, r"^Failure\.severity: must be a number"),
        ({"recovery": -0.1}, InputError, r"^Failure\.recovery: must be a fraction"),
        ({"delay_days": -1.0}, InputError, r"^Failure\.delay_days: must be in \[0, "),
        ({"delay_days": float("nan")}, InputError, r"^Failure\.delay_days: must be finite"),
        ({"recovery_in": "coins"}, InputError, r"^Failure\.recovery_in: must be one of 'coin', 'money'"),
        ({"line": "fraud"}, InputError, r"^Failure\.line: must be one of 'credit', 'slashing', 'exploit'"),
        ({"event": "failure:one"}, InputTypeError, r"^Failure\.event: must be Event"),
    ],
)
def test_terms_are_refused(terms, error, sentence):
    with pytest.raises(error, match=sentence):
        Failure(**{"event": ONE, **terms})


@pytest.mark.parametrize("failures", [ONE, "default", (ONE,), {"one": DEFAULT}, None, 0.5])
def test_no_failures_are_refused(failures):
    with pytest.raises(InputTypeError, match=r"^ExchangeStaking\.failures: must be .*write failures=\(Failure"):
        ExchangeStaking(failures=failures)


@pytest.mark.parametrize("product", [Holding(asset="ETH"), CloudMiningContract()], ids=str)
def test_nothing_staked_is_not_slashed(product):
    with pytest.raises(InputError, match=r"failures: must not be of the line 'slashing', since nothing is staked"):
        product.replace(failures=(DEFAULT.replace(line="slashing"),))


def test_one_name_has_one_hazard():
    rare, often = (Failure(Event("x", hazard=hazard)) for hazard in (0.1, 2.0))
    with pytest.raises(InputError, match=r"^StakingPool\.failures: events of one name must have one hazard"):
        StakingPool(failures=(rare, often))
    with pytest.raises(InputError, match=r"^SoloValidator\.failures: events of one name must have one hazard"):
        SoloValidator(slashing=Event("x", hazard=0.3), failures=(rare,))


@pytest.mark.parametrize(
    "product",
    [
        Holding(asset="ETH"),
        SoloValidator(),
        StakingPool(),
        LiquidStakingToken(),
        ExchangeStaking(),
        CloudMiningContract(),
    ],
    ids=lambda product: type(product).__name__,
)
@conform
@pytest.mark.few(3)
def test_events_are_among_the_factors_and_every_product_conforms(product, check):
    struck = product.replace(
        failures=(
            Failure(ONE, 0.3, recovery=0.5, delay_days=2.0, line="exploit"),
            Failure(OTHER, recovery=0.25, recovery_in="coin"),
            Failure(ONE, 0.1),
        )
    )
    assert struck.factors == {*product.factors, ONE, OTHER}
    check(struck)


# Strikes, by hand


def world(days, tail, strikes, *, price: Any = 10.0):
    """A market of paths that are struck in the given steps; `strikes` has a list of steps for each."""
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    rows = {}
    for event, paths in strikes.items():
        rows[event] = np.zeros((days + tail + 1, len(paths)), dtype=bool)
        for path, steps in enumerate(paths):
            rows[event][steps, path] = True
    return Market(grid, {ETH: price, REWARD: APR(0.0), **rows})


def test_events_of_halts_are_among_the_factors_too():
    halts = (Halt("pause", event=Event("regulator:x"), days=3.0), Halt("pause", on="2026-01-05", days=1.0))
    for kind in (StakingPool, ExchangeStaking):
        assert {each for each in kind(halts=halts).factors if isinstance(each, Event)} == {Event("regulator:x")}


def test_a_failure_takes_of_what_waits_in_every_queue():
    pool = StakingPool(entry_days=2.0, unbonding_days=3.0, commission=0.0, failures=(Failure(ONE, 0.5),))
    steps: list[list[int]] = [[], [0], [3], [6], [7], [0, 3, 6]]
    outcome = pool.run(world(5, 4, {ONE: steps}), capital=100.0)
    # waiting to come in, staked, on the way out in steps 5 to 7, and safe from its end on
    assert outcome.closing.tolist() == [100.0, 50.0, 50.0, 50.0, 50.0, 12.5]
    assert outcome.lines[Line.CREDIT].tolist() == [0.0, -50.0, -50.0, -50.0, -50.0, -87.5]
    assert outcome.days_to_cash.tolist() == [3.0] * 6


def test_a_slashing_takes_only_of_what_is_at_stake():
    pool = StakingPool(entry_days=2.0, unbonding_days=3.0, failures=(Failure(ONE, 0.5, line="slashing"),))
    outcome = pool.run(world(5, 4, {ONE: [[0], [2], [6], [8]]}), capital=100.0)
    assert outcome.closing.tolist() == [100.0, 50.0, 50.0, 100.0]
    assert outcome.lines[Line.SLASHING].tolist() == [0.0, -50.0, -50.0, 0.0]


def test_two_failures_of_one_event_strike_together_and_one_after_the_other():
    both = (Failure(ONE, 0.5, line="slashing"), Failure(ONE, 0.5, recovery=0.5, line="exploit"))
    outcome = StakingPool(failures=both).run(world(3, 2, {ONE: [[], [1]]}), capital=100.0)
    assert outcome.lines[Line.SLASHING].tolist() == [0.0, -50.0]
    assert outcome.lines[Line.EXPLOIT].tolist() == [0.0, -12.5]
    assert outcome.closing.tolist() == [100.0, 37.5]


def test_two_claims_of_one_path_are_paid_on_two_days():
    failures = (Failure(ONE, 0.5, recovery=0.5, delay_days=4.0, recovery_in="coin"),)
    price = np.array([10.0, 10.0, 10.0, 10.0, 10.0, 20.0, 40.0, 80.0, 80.0])
    exchange = ExchangeStaking(posted_rate=APR(0.0), failures=failures)
    outcome = exchange.run(world(4, 4, {ONE: [[0, 2]]}, price=price), capital=100.0, keep="values")
    # 10 coins: 2.5 to come on day 5, 1.25 on day 7; 2.5 left, sold on day 4 at 10
    assert outcome.values is not None
    assert outcome.values[4:, 0].tolist() == [25 + 25 + 12.5, 25 + 50 + 25, 75 + 50, 75 + 100, 175]
    assert outcome.days_to_cash.tolist() == [3.0]
    assert outcome.native[Line.CREDIT, "ETH"].tolist() == [-3.75]


def test_a_claim_in_money_is_of_the_day_of_the_failure():
    failures = (
        Failure(ONE, recovery=0.5, delay_days=1.0),
        Failure(OTHER, recovery=0.5, delay_days=1.0, recovery_in="coin"),
    )
    price = np.array([10.0, 20.0, 40.0, 40.0])
    outcome = Holding(asset="ETH", sell_fee=0.1, failures=failures).run(
        world(2, 1, {ONE: [[0], []], OTHER: [[], [0]]}, price=price), capital=100.0
    )
    assert outcome.closing.tolist() == [100.0, 180.0]  # 5 coins at 20; or sold at 40, with a fee
    assert outcome.lines[Line.TRADING].tolist() == [0.0, -20.0]


def test_a_contract_loses_hash_rate_price_and_balance_alike():
    contract = CloudMiningContract(
        term_days=4.0, price_usd_per_th_s=1.0, pool_fee=0.0, electricity_usd_per_th_day=0.0, minimum_payout_btc=1e3,
        stop_after_days=None, failures=(Failure(ONE, 0.25, recovery=0.4),),
    )  # fmt: skip
    rows = {Price("BTC"): 1e5, Difficulty("BTC"): 1e14, BlockFees("BTC"): 0.02}
    events = np.array([[False, False], [False, True], [False, False], [False, False], [False, False]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitWarning)
        market = Market(TimeGrid.daily("2026-01-01", days=4), {**rows, ONE: events})
        outcome = contract.run(market, capital=100.0, keep="ledger")
    mined = [entry.units for entry in outcome.entries or () if entry.line is Line.MINING]
    assert [day[1] / day[0] for day in mined] == pytest.approx([1.0, 0.75, 0.75, 0.75])
    lost = 0.25 * 0.6
    assert outcome.lines[Line.CREDIT][1] == pytest.approx(-lost * (75.0 + mined[0][0] * 1e5))
    assert outcome.lines[Line.CONTRACT][1] == pytest.approx(-25.0 - 0.75 * 75.0)


def test_validators_go_on_with_the_rest_or_are_gone():
    solo = SoloValidator(
        entry_days=1.0, exit_days=0.0, withdrawal_days=2.0, running_cost_usd_per_day=1.0, uptime=1.0,
        failures=(Failure(ONE, 0.25, line="slashing"), Failure(OTHER)),
    )  # fmt: skip
    strikes = {ONE: [[], [0], [2], []], OTHER: [[], [], [], [1]]}
    capital = 64.0 * 10.0 + 100.0
    outcome = solo.run(world(4, 3, strikes), capital=capital)
    # a deposit cannot be slashed before its activation at the end of step 0; the costs are paid from idle coins
    assert outcome.lines[Line.SLASHING].tolist() == pytest.approx([0.0, 0.0, -160.0, 0.0])
    assert outcome.lines[Line.CREDIT].tolist() == pytest.approx([0.0, 0.0, 0.0, -640.0])
    assert outcome.lines[Line.OPERATING].tolist() == pytest.approx([-4.0, -4.0, -4.0, -2.0])


def test_money_paid_in_after_a_ruin_stays_in_the_wallet():
    pool = StakingPool(failures=(Failure(ONE),))
    plan = Planned(pool, {}, {2: (40.0, None)}, kept=40.0)
    price = np.array([10.0, 10.0, 10.0, 10.0, 20.0, 20.0])
    outcome = plan.run(world(5, 0, {ONE: [[], [1]]}, price=price), capital=140.0)
    assert outcome.closing.tolist() == [280.0, 40.0]


# Against the simulators of one path

TERMS: dict[str, dict[str, Any]] = {
    "holding": {"asset": "ETH"},
    "staking_pool": {
        "buffer": 0.1, "entry_days": EntryWait("ETH"), "unbonding_days": ExitWait("ETH"), "compounding": False,
    },
    "liquid_staking_token": {"queue_days": ExitWait("ETH"), "withdrawal_days": 3.0, "exit_route": "queue"},
    "exchange_staking": {
        "term_days": 30.0, "early_redemption": "forfeit_all", "redemption_days": ExitWait("ETH"),
        "withdrawal_days": 5.0,
    },
    "cloud_mining_contract": {"term_days": 500.0, "stop_after_days": None},
    "mining_machines": {"delivery_days": 20.0, "resale_days": 10.0},
    "solo_validator": {
        "entry_days": EntryWait("ETH"), "exit_days": ExitWait("ETH"), "slashing": ONE, "slashing_severity": 0.2,
    },
}  # fmt: skip
KINDS: dict[str, Any] = {
    "holding": Holding,
    "staking_pool": StakingPool,
    "liquid_staking_token": LiquidStakingToken,
    "exchange_staking": ExchangeStaking,
    "cloud_mining_contract": CloudMiningContract,
    "mining_machines": MiningMachines,
    "solo_validator": SoloValidator,
}
PATHS, DAYS, TAIL = 12, 365, 120


def often(random: np.random.Generator, factor: Any, shape: tuple[int, int]) -> Any:
    """An event of a hazard of 200 % a year; other series as in the random markets of the oracles."""
    if isinstance(factor, Event):
        return random.random(shape) < -np.expm1(-2.0 / 365.0)
    if isinstance(factor, EntryWait | ExitWait):
        return random.uniform(0.0, 60.0, shape)
    return worlds._series(random, factor, shape)


@pytest.mark.parametrize("recovery_in", ["coin", "money"])
@pytest.mark.parametrize("name", BY_HAND)
def test_losses_at_a_hazard_of_200_percent_are_those_of_a_simulator_of_one_path(name, recovery_in):
    line: Any = "credit" if name in {"holding", "cloud_mining_contract", "mining_machines"} else "slashing"
    failures = (
        Failure(ONE, 0.3, recovery=0.6, delay_days=45.0, recovery_in=recovery_in, line=line),
        Failure(OTHER, 0.5, recovery=0.2, delay_days=100.0, recovery_in=recovery_in, line="exploit"),
        Failure(ONE, 0.1, recovery=0.9, recovery_in=recovery_in),
    )
    product = KINDS[name](failures=failures, **TERMS[name])
    random = np.random.default_rng(11)
    grid = TimeGrid.daily("2026-01-01", days=DAYS, settlement_days=TAIL)
    factors = sorted((f for f in product.factors if f != Price("USD") and not f.optional), key=repr)
    series = {factor: often(random, factor, (grid.n_times, PATHS)) for factor in factors}
    capital = 1e6 * max(1.0, float(series[ETH][0].max()) / 1e3) if ETH in series else 1e6
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitWarning)
        market = Market(grid, series)
        outcome = product.run(market, capital=capital, keep="values")
    hands = [worlds._world(grid, series, path, capital, "USD") for path in range(PATHS)]
    assert disagreements(outcome, [BY_HAND[name](product, hand) for hand in hands]) == []
    assert outcome.values is not None
    assert outcome.values.min() >= -1e-9 * capital
    assert all(units.min() >= -1e-9 * capital for units in outcome.units.values())
    struck = {line for line in (Line.CREDIT, Line.SLASHING, Line.EXPLOIT) if line in outcome.lines}
    assert all((outcome.lines[line] < 0.0).any() for line in struck)
    assert sum(series[ONE].sum(axis=0) > 1) > PATHS / 4  # more than once on many paths


def test_an_exposure_of_no_accounts_is_refused():
    class Loose(StakingPool):
        def open(self, book: Any, now: Any) -> Any:
            return Exposure(book, (), now.n_paths, **WRONG[self.buffer])

    market = Market(TimeGrid.daily("2026-01-01", days=2), {ETH: 3000.0, REWARD: APR(0.03)})
    for buffer, sentence in ((0.1, "Exposure: staked: must map"), (0.2, "Exposure: an account: must be")):
        with pytest.raises(InputTypeError, match=sentence):
            Loose(buffer=buffer).run(market, capital=1.0)


def test_no_more_than_all_of_an_account_is_at_stake():
    market = Market(TimeGrid.daily("2026-01-01", days=2), {ETH: 3000.0, REWARD: APR(0.03)})
    now = market.now().at(next(market.chunks()), -1)
    book = Book(now, "ETH")
    with pytest.raises(InputError, match=r"^Exposure: staked: part of Account.*: must be .* in \[0, 1\], got 1.5"):
        Exposure(book, (), 1, staked={book.account("ETH"): 1.5})


WRONG: dict[float, Any] = {0.1: {"staked": ("ETH",)}, 0.2: {"staked": {}, "others": ["deposit"]}}


@pytest.mark.parametrize(
    ("numeraire", "recovery", "recovery_in", "kept"),
    [
        ("EUR", 0.5, "money", True),
        ("EUR", 0.5, "coin", False),
        ("EUR", 0.0, "money", False),
        ("USD", 0.5, "money", False),
    ],
)
def test_claims_in_dollars_have_a_place_from_the_start(numeraire, recovery, recovery_in, kept):
    series: dict[Any, Any] = {
        Price("ETH"): 10.0,
        StakingReward("ETH"): APR(0.0),
        Event("x"): np.zeros(4, dtype=np.bool_),
    }
    if numeraire != "USD":
        series[Price("USD")] = 0.5
    others = Failure(event=Event("x"), recovery=0.5, recovery_in="coin")
    failure = Failure(event=Event("x"), recovery=recovery, recovery_in=recovery_in)
    product = StakingPool(commission=0.0, failures=(others, failure))
    market = Market(TimeGrid.daily("2026-01-01", days=3), series, numeraire)
    outcome = product.run(market, capital=100.0, keep="totals")
    assert (("USD", "claim") in outcome.units) is kept
    assert outcome.closing.tolist() == [100.0]
